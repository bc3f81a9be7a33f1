"""Public check that a dispatcher keeps its contract, run on examples that Hypothesis makes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from functools import cache, partial
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, currently_in_test_context, find, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample

from ringsim._checks import is_integer
from ringsim.dispatch import Dispatcher, DispatcherLike, dispatcher_for, dispatcher_from
from ringsim.errors import ConfigurationError, DispatcherError
from ringsim.testing._borders import LARGE_GROUPS, border_questions
from ringsim.testing._calls_apart import check_calls_apart
from ringsim.testing._log_checks import BUSY_DAY, check_day, small_days
from ringsim.testing._questions import question_about, questions
from ringsim.testing._times import several
from ringsim.testing._wave_checks import Make, TooSlowError, answer, check_questions

__all__ = ["check_dispatcher"]

T = TypeVar("T")

SIZES = (*range(1, 17), 24, 32, 48, 64, 96, 128)  # in small steps: time may grow exponentially
LONG = 1.0  # seconds for an answer about a larger group
LISTS = several(questions(), min_size=1, max_size=3)
DAYS = small_days()


def check_dispatcher(dispatcher: DispatcherLike, *, examples: int = 200) -> None:
    """Check that a dispatcher keeps its contract.

    Parameters
    ----------
    dispatcher : Dispatcher, class or name
        As for the argument `dispatcher` of `ringsim.play`. The check uses copies of an instance,
        never the instance itself.
    examples : int, default 200
        Number of lists of questions to try; half as many days of calls are played.

    Raises
    ------
    DispatcherError
        If the dispatcher breaks the contract. The error states the fault, then the smallest
        example found, as lines of Python.
    ConfigurationError
        If the first argument is not a dispatcher, or `examples` is not a positive number.

    Notes
    -----
    The contract:

    - `order_by` names fields of `Candidate`; `at_once` is a number, `ALL` or `TIED`.
    - `wave` raises nothing, picks at least one candidate and none twice, and does not change the
      list that it receives.
    - `wave` answers within 0.1 s about up to 128 candidates, and within 1 s about 1,000.
    - The answer depends on the candidates and the moment alone: not on the order of the list, the
      instance, earlier questions (about this call or another) or chance.
    - The same calls give the same log every time; for an ordering, on both engines.

    All of this holds for every value that the PBX's interface and a long day allow: skill levels
    1 to 100, waits of hours, hundreds of waves, thousands of rings and answers, instants from the
    first second to years later.

    Hypothesis makes the examples, the same ones on every run of a program, and shrinks the ones
    that fail. You may call the check inside a Hypothesis test, which then needs
    `settings(deadline=None)`.

    Examples
    --------
    >>> from ringsim.dispatch import Hunt
    >>> class FewestAnsweredHunt(Hunt):
    ...     order_by = ("n_answered",)
    >>> check_dispatcher(FewestAnsweredHunt)

    So does one that never rings the same person twice in a row, because the moment tells who
    was rung last:

    >>> class TakesTurns(Hunt):
    ...     def wave(self, candidates, moment):
    ...         others = [one for one in candidates if one.position != moment.last_rung]
    ...         return super().wave(others or candidates, moment)
    >>> check_dispatcher(TakesTurns)

    A dispatcher that remembers the member rung last breaks the contract:

    >>> class RoundRobin(Hunt):
    ...     last = -1
    ...
    ...     def wave(self, candidates, moment):
    ...         further = [one for one in candidates if one.position > self.last]
    ...         first = min(further or candidates)
    ...         self.last = first.position
    ...         return [first]
    >>> check_dispatcher(RoundRobin)  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
    ringsim.errors.DispatcherError: RoundRobin.wave() must answer the same question the same,
    got position 0, then position 1. A dispatcher keeps no state and draws no random numbers.
    Smallest example found:
        dispatcher.wave([Candidate(0), Candidate(1)], Moment(8.0, 0, 0, 0.0))
        dispatcher.wave([Candidate(0), Candidate(1)], Moment(8.0, 0, 0, 0.0))
    """
    make = _maker(dispatcher)
    if not is_integer(examples) or examples < 1:
        raise ConfigurationError("examples", "must be a whole number, at least 1", examples)
    try:
        for size in SIZES:
            answer(make(), question_about(size))
        _try(LISTS, partial(check_questions, make), examples)
        _try(DAYS, partial(check_day, make), max(examples // 2, 1))
        check_day(make, BUSY_DAY)
        for size in LARGE_GROUPS:
            answer(make(), question_about(size), within=LONG)
        for question in border_questions():
            check_questions(make, [question])
        check_calls_apart(make)
    except TooSlowError as slow:
        raise DispatcherError(str(slow)) from None


def _maker(given: DispatcherLike) -> Make:
    """Return a function that makes one more dispatcher like the given one.

    Raises
    ------
    DispatcherError
        If a dispatcher cannot be made, or its attributes are invalid.
    ConfigurationError
        If the argument is not a dispatcher.
    """
    if isinstance(given, str):
        given = type(dispatcher_for(given))
    make: Make
    if isinstance(given, type) and issubclass(given, Dispatcher):
        make, must = given, f"{given.__name__} must be made without arguments"
        instead = "Give an instance."
    else:
        make, must = partial(deepcopy, given), f"{given!r} must be copied by copy.deepcopy"
        instead = "Give its class."
    try:
        made = make()
    except Exception as raised:
        raise DispatcherError(f"{must}, got {raised!r}. {instead}") from raised
    try:
        dispatcher_from(made)
    except ConfigurationError as wrong:
        if isinstance(made, Dispatcher):
            raise DispatcherError(str(wrong)) from None
        raise
    return make


def _try(examples: st.SearchStrategy[T], check: Callable[[T], None], n: int) -> None:
    """Check `n` examples; if one fails, raise the error of the smallest failing example."""
    for example in _drawn_examples(examples, n):
        if broken := _error(check, example):
            raise _smallest_error(examples, check, n) or broken


@cache
def _drawn_examples(examples: st.SearchStrategy[T], n: int) -> list[T]:
    """Return the examples that Hypothesis tries while none fails: the same for all dispatchers."""
    made: list[T] = []

    def keep(example: T) -> bool:
        made.append(example)
        return False

    _find(examples, keep, n)
    return made


def _smallest_error(
    examples: st.SearchStrategy[T], check: Callable[[T], None], n: int
) -> DispatcherError | None:
    """Return the error of the smallest failing example; None if by chance none fails again."""
    found: list[DispatcherError] = []

    def fails(example: T) -> bool:
        with suppress(TooSlowError):
            if broken := _error(check, example):
                found.append(broken)
                return True
        return False

    _find(examples, fails, n)
    return found[-1] if found else None


def _error(check: Callable[[T], None], example: T) -> DispatcherError | None:
    """Return the error that a check raises for an example; None if the example passes."""
    try:
        check(example)
    except DispatcherError as broken:
        return broken
    return None


def _find(examples: st.SearchStrategy[T], fails: Callable[[T], bool], n: int) -> None:
    """Let Hypothesis try `n` examples, and shrink the first that fails."""

    def search() -> None:
        with suppress(NoSuchExample, Flaky):  # flaky: the dispatcher depends on chance
            find(examples, fails, settings=_quiet(n))

    if currently_in_test_context():
        # Hypothesis refuses a search inside a test, except on another thread.
        with ThreadPoolExecutor(1) as executor:
            executor.submit(search).result()
    else:
        search()


def _quiet(n: int) -> settings:
    """Return settings that give the same examples every time, and store and print nothing."""
    return settings(
        max_examples=n,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        verbosity=Verbosity.quiet,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
