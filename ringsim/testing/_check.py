"""The contract of a dispatcher, as code."""

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

from ringsim.dispatch import Dispatcher, DispatcherLike, dispatcher_for, dispatcher_from
from ringsim.errors import ConfigurationError, DispatcherError
from ringsim.testing._borders import LARGE_GROUPS, border_questions
from ringsim.testing._calls_apart import check_calls_apart
from ringsim.testing._log_checks import BUSY_DAY, check_day, days
from ringsim.testing._times import several
from ringsim.testing._wave_checks import (
    Make,
    TooSlowError,
    answer,
    check_questions,
    question_about,
    questions,
)

__all__ = ["check_dispatcher"]

T = TypeVar("T")

SIZES = (*range(1, 17), 24, 32, 48, 64, 96, 128)  # what explodes is caught on its way up
LONG = 1.0  # seconds, for groups larger than those
LISTS = several(questions(), min_size=1, max_size=3)
DAYS = days()


def check_dispatcher(dispatcher: DispatcherLike, *, examples: int = 200) -> None:
    """Find out whether a dispatcher keeps its contract.

    Parameters
    ----------
    dispatcher : Dispatcher, class or name
        What `dispatcher=` takes. An instance is copied and itself never asked.
    examples : int, default 200
        Number of lists of questions that are tried; of whole runs, half as many.

    Raises
    ------
    DispatcherError
        When it does not keep it: one sentence, then the smallest example that was found, as
        Python.
    ConfigurationError
        When it is no dispatcher.

    Notes
    -----
    The contract: `order_by` names fields of `Candidate`, and `at_once` is a number, `ALL` or
    `TIED`. `wave` raises nothing, picks at least one of the candidates and nobody twice,
    leaves the list that it is given as it is, and answers within a tenth of a second, be it
    asked about 128 candidates, or within a second about 1,000. All this holds within the ranges
    of the PBX's interface and of a long day: skill levels 1 to 100, waits of hours, hundreds of
    waves, thousands of rings and answers, instants from the first second to years later. Its
    answer depends on the candidates and the moment alone: not on the order in which they are
    listed, nor on the instance, on earlier questions, about the same call or another one, or on
    chance. The same calls give the same log every time; those of an ordering on both engines.

    Hypothesis makes the examples, the same ones whenever the same program runs, and makes
    smaller what fails. It may be called inside a Hypothesis test, too, which then needs
    `settings(deadline=None)`.

    Examples
    --------
    >>> from ringsim.dispatch import Hunt
    >>> class FewestAnsweredHunt(Hunt):
    ...     order_by = ("n_answered",)
    >>> check_dispatcher(FewestAnsweredHunt)

    One that remembers whom it rang last:

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
    try:
        for size in SIZES:
            answer(make(), question_about(size))
        _try(LISTS, partial(check_questions, make), examples)
        _try(DAYS, partial(check_day, make), examples // 2)
        check_day(make, BUSY_DAY)
        for size in LARGE_GROUPS:
            answer(make(), question_about(size), within=LONG)
        for question in border_questions():
            check_questions(make, [question])
        check_calls_apart(make)
    except TooSlowError as slow:
        raise DispatcherError(str(slow)) from None


def _maker(given: DispatcherLike) -> Make:
    """What makes another dispatcher like the one given.

    Raises
    ------
    DispatcherError
        When it cannot be made, or its attributes make no sense.
    ConfigurationError
        When it is no dispatcher.
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
    """Check examples; of the first that fails, raise the error of the smallest one like it."""
    for example in _made(examples, n):
        if broken := _error(check, example):
            raise _of_the_smallest(examples, check, n) or broken


@cache
def _made(examples: st.SearchStrategy[T], n: int) -> list[T]:
    """The examples that Hypothesis tries as long as none fails: the same for all dispatchers."""
    made: list[T] = []

    def keep(example: T) -> bool:
        made.append(example)
        return False

    _find(examples, keep, n)
    return made


def _of_the_smallest(
    examples: st.SearchStrategy[T], check: Callable[[T], None], n: int
) -> DispatcherError | None:
    """The error of the smallest example that fails; none if chance lets none fail again."""
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
    try:
        check(example)
    except DispatcherError as broken:
        return broken
    return None


def _find(examples: st.SearchStrategy[T], fails: Callable[[T], bool], n: int) -> None:
    """Let Hypothesis try examples, and smaller ones once one fails."""

    def search() -> None:
        with suppress(NoSuchExample, Flaky):  # flaky: what is left to chance
            find(examples, fails, settings=_quiet(n))

    if currently_in_test_context():
        # Hypothesis lets no search run inside a test, but on a thread of its own.
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(search).result()
    else:
        search()


def _quiet(n: int) -> settings:
    """The same examples in every run, with nothing kept and nothing printed."""
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
