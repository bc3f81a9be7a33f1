"""The arguments of a workload written by hand, validated and converted to arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringsim._checks import is_number
from ringsim._sentences import counted
from ringsim.distributions import as_list
from ringsim.errors import ConfigurationError
from ringsim.workload._batch import (
    AnswerDelay,
    Called,
    Floats,
    Ints,
    OwnCalls,
    RandomDraw,
    Reached,
    sealed,
)
from ringsim.workload._inverse_tables import NO_TABLES
from ringsim.workload._jit_draws import GIVEN, NO_LIMIT, PhoneArrays

__all__ = [
    "ScriptedPhones",
    "called_of",
    "own_calls_of",
    "per_call",
    "per_call_and_ring",
    "times",
]


class ScriptedPhones:
    """Delays and draws given by the user, by extension; `quantity` names the delays."""

    def __init__(
        self,
        n: int,
        delays: Mapping[str, ArrayLike],
        random: Mapping[str, ArrayLike],
        quantity: str = "answer_delay",
    ) -> None:
        _check_mapping(delays, quantity)
        _check_mapping(random, "random")
        self._n = n
        self._quantity = quantity
        self._delays = {
            number: per_call_and_ring(given, f"{quantity}[{number!r}]", n)
            for number, given in delays.items()
        }
        self._random = {
            number: _draws(given, f"random[{number!r}]", n) for number, given in random.items()
        }

    def answer_delay_of(self, extension: str) -> AnswerDelay:
        if extension not in self._delays:
            return lambda call, ring, attempt=0: math.inf
        return _looked_up(self._delays[extension])

    @property
    def named(self) -> Mapping[str, str]:
        """See `Phones.named`."""
        draws = {number: f"random[{number!r}]" for number in self._random}
        return draws | {number: f"{self._quantity}[{number!r}]" for number in self._delays}

    @property
    def places(self) -> tuple[Ints, Ints]:
        """Zeros: nothing is drawn, so that rows of keys have no meaning."""
        return np.zeros(self._n, dtype=np.int64), np.zeros(self._n, dtype=np.int64)

    def of_attempts(self, caller: Ints, attempt: Ints) -> ScriptedPhones:
        """Return the phones for attempts as calls: a caller's numbers are those of all attempts."""
        phones = ScriptedPhones(len(caller), {}, {}, self._quantity)
        for mine, given in ((phones._delays, self._delays), (phones._random, self._random)):
            mine.update(
                (number, values[caller] if len(values) > 1 else values)
                for number, values in given.items()
            )
        return phones

    def arrays(
        self,
        extensions: Sequence[str],
        rings: int,
        reached: Reached | None = None,
    ) -> PhoneArrays:
        """See `Phones.arrays`; all delays are given, so that only `extensions` matter."""
        never = np.full((1, 1), math.inf)
        delays = [self._delays.get(number, never) for number in extensions]
        draws = [self._random.get(number, np.zeros((1, 1))) for number in extensions]
        parts = [part.ravel() for part in (*delays, *draws)]
        starts = np.cumsum([0, *map(len, parts)])[:-1]
        n = len(extensions)
        return PhoneArrays(
            kind=np.full(n, GIVEN),
            at=starts[:n],
            by_call=np.array([len(delay) > 1 for delay in delays], dtype=np.bool_),
            rings=np.array([delay.shape[1] for delay in delays], dtype=np.int64),
            limit=np.full(n, NO_LIMIT),
            probability=np.ones(n),
            random_at=starts[n:],
            random_by_call=np.array([len(draw) > 1 for draw in draws], dtype=np.bool_),
            random_picks=np.array([draw.shape[1] for draw in draws], dtype=np.int64),
            given=np.concatenate(parts) if parts else np.empty(0),
            tables=NO_TABLES,
            keys=np.zeros((1, n, 2), dtype=np.uint64),
        )

    def random_of(self, extension: str) -> RandomDraw:
        draw = self.redrawn_of(extension)
        return lambda call: draw(call, 0)

    def redrawn_of(self, extension: str) -> AnswerDelay:
        if extension not in self._random:
            return lambda call, pick, attempt=0: 0.0
        return _looked_up(self._random[extension])


def _looked_up(given: Floats) -> AnswerDelay:
    """Return a function of call and column; the last row and column hold for all further ones."""
    values = memoryview(given)
    last_call, last_column = given.shape[0] - 1, given.shape[1] - 1

    def look_up(call: int, column: int, attempt: int = 0) -> float:  # noqa: ARG001
        value: float = values[
            call if call < last_call else last_call,
            column if column < last_column else last_column,
        ]
        return value

    return look_up


def times(given: ArrayLike, subject: str, *, finite: bool = False) -> Floats:
    """Return times [s] as a read-only one-dimensional array; none may be NaN or negative."""
    values = _floats(given, subject)
    if values.ndim != 1:
        raise ConfigurationError(subject, "must be a list of times in seconds", given)
    _check_times(values, subject, finite=finite)
    return sealed(values + 0.0)  # no negative zero, which scores tell from 0


def per_call(given: ArrayLike, subject: str, n: int) -> Floats:
    values = _floats(given, subject)
    _check_times(values, subject)
    if values.ndim == 0:
        return sealed(np.full(n, values))
    if values.shape != (n,):
        raise ConfigurationError(
            subject, f"must have one value, or one for each of {counted(n, 'call')}", values.shape
        )
    return sealed(values)


def _draws(given: ArrayLike, subject: str, n: int) -> Floats:
    """Return the draws for dispatchers by call and pick; each is in [0, 1]."""
    values = _floats(given, subject)
    _check_none(~((values >= 0) & (values <= 1)), values, subject, "must be between 0 and 1")
    return per_call_and_ring(values, subject, n)


def per_call_and_ring(given: ArrayLike, subject: str, n: int) -> Floats:
    """Return delays by call and ring; a dimension in which they do not vary has length 1."""
    values = _floats(given, subject)
    _check_times(values, subject)
    if values.ndim == 0:
        return sealed(values.reshape(1, 1))
    shaped = values[:, np.newaxis] if values.shape == (n,) else values
    if shaped.ndim != 2 or shaped.shape[0] != n or (n and not shaped.shape[1]):
        raise ConfigurationError(
            subject,
            f"must have one value, one for each of {counted(n, 'call')}, or "
            f"{counted(n, 'row')} of one for each ring",
            values.shape,
        )
    return sealed(np.ascontiguousarray(shaped if n else np.full((1, 1), math.inf)))


def _floats(given: ArrayLike, subject: str) -> Floats:
    if np.ma.is_masked(given):
        raise ConfigurationError(subject, "must have no masked elements", given)
    try:
        values = np.array(given)
        if values.dtype.kind not in "fiu" and values.size:
            raise TypeError
        with np.errstate(over="ignore"):  # an overflow gives inf
            return values.astype(np.float64) if values.size else np.empty(values.shape)
    except (TypeError, ValueError, OverflowError):
        raise ConfigurationError(subject, "must be numbers of seconds", given) from None


def _check_times(values: Floats, subject: str, *, finite: bool = False) -> None:
    wrong = ~(values >= 0)
    if finite:
        wrong |= np.isinf(values)
    what = "a finite number of seconds" if finite else "a number of seconds"
    _check_none(wrong, values, subject, f"must be {what}, at least 0")


def _check_none(wrong: NDArray[np.bool_], values: Floats, subject: str, constraint: str) -> None:
    """Raise `ConfigurationError` for the first value that is marked as wrong."""
    if wrong.any():
        first = tuple(int(indices[0]) for indices in np.nonzero(np.atleast_1d(wrong)))
        at = subject if values.ndim == 0 else subject + "".join(f"[{index}]" for index in first)
        raise ConfigurationError(at, constraint, float(np.atleast_1d(values)[first]))


def _check_mapping(given: Any, subject: str) -> None:
    if not isinstance(given, Mapping):
        raise ConfigurationError(subject, "must be a table keyed by extension number", given)
    for number in given:
        if not isinstance(number, str):
            raise ConfigurationError(subject, "must be keyed by strings", number)


def called_of(given: str | Sequence[str] | None, n: int) -> Called:
    if given is None or isinstance(given, str):
        return Called(() if given is None else (given,), None)
    groups = as_list(given, "group", "must have one number, or one for each call")
    if len(groups) != n:
        raise ConfigurationError(
            "group", f"must have one number, or one for each of {counted(n, 'call')}", len(groups)
        )
    for call, number in enumerate(groups):
        if not isinstance(number, str):
            raise ConfigurationError(
                f"group[{call}]", "must be the number of a group, a string", number
            )
    at = {number: index for index, number in enumerate(dict.fromkeys(groups))}
    return Called(tuple(at), np.array([at[number] for number in groups], dtype=np.int32))


def own_calls_of(
    given: Sequence[tuple[float, str, float]], argument: str = "own_calls", third: str = "talk_time"
) -> OwnCalls:
    """Return own calls, or spells away, from rows of an instant, a number and a length."""
    at, whose, talk_time = [], [], []
    for index, call in enumerate(as_list(given, argument, "must be a list")):
        subject = f"{argument}[{index}]"
        if isinstance(call, str) or not isinstance(call, Sequence) or len(call) != 3:
            raise ConfigurationError(subject, f"must be (at, extension, {third})", call)
        begins, number, talk = call
        if not isinstance(number, str):
            raise ConfigurationError(f"{subject}.extension", "must be a string", number)
        for name, value in (("at", begins), (third, talk)):
            if not is_number(value):
                raise ConfigurationError(f"{subject}.{name}", "must be a number of seconds", value)
            _check_times(
                _floats(value, f"{subject}.{name}"), f"{subject}.{name}", finite=name == "at"
            )
        at.append(float(begins))
        whose.append(number)
        talk_time.append(float(talk))
    people = {number: index for index, number in enumerate(dict.fromkeys(whose))}
    return OwnCalls(
        at=sealed(np.array(at, dtype=np.float64)),
        people=tuple(people),
        whose=np.array([people[number] for number in whose], dtype=np.int32),
        talk_time=sealed(np.array(talk_time, dtype=np.float64)),
    )
