"""Questions at the limits of the values that a group can show its dispatcher.

`border_questions`
    Questions for every skill level, and for waits, waves, counts and instants up to the largest
    of a long day.
`LARGE_GROUPS`
    Sizes of large groups; the check asks one question about each.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, product

from ringsim.dispatch import Candidate, Moment
from ringsim.testing._questions import WaveQuestion
from ringsim.testing._times import LONGEST

__all__ = ["LARGE_GROUPS", "border_questions"]

LARGE_GROUPS = (200, 500, 1000)
SKILL_LEVELS = range(1, 101)
WAVES = (*range(101), 127, 128, 199, 200, 255, 256, 300, 500, 999, 1000)
CALLS = (*range(8), 9, 10, 99, 100, 255, 256, 999, 1000, 32_768, 65_536, 100_000, 1_000_000)
COUNTS = (
    *range(301),
    *(499, 500, 511, 512, 998, 999, 1000, 1001, 1002, 1023, 1024, 1025, 2000, 5000),
    *(9999, 10_000, 10_001, 32_767, 32_768, 65_535, 65_536, 100_000, 1_000_000),
)
SECONDS = (
    *(0.0, 0.001, 0.5, *map(float, range(1, 121)), 29.9, 30.1, 59.9, 60.1),
    *(150.0, 179.0, 180.0, 181.0, 240.0, 299.0, 300.0, 301.0, 599.0, 600.0, 601.0),
    *(900.0, 1200.0, 1799.0, 1800.0, 1801.0, 3599.0, 3600.0, 3601.0, 7200.0, 14_400.0, 28_800.0),
    *(43_200.0, 86_399.0, 86_400.0, 86_401.0, 259_200.0, 604_800.0),
)
LATE = 1e9  # seconds: 31 years, at which a float still resolves microseconds
INSTANTS = (*SECONDS, 1e6, 31_536_000.0, LATE)
NOW = 604_800.0  # seconds: a week, later than everything a group remembers
RANDOM = (0.0, 2.0**-53, 0.25, 0.5, 0.75, 1 - 2.0**-53)


def border_questions() -> Iterator[WaveQuestion]:
    """Yield questions with one value at its limit, smallest first; then with several."""
    return chain(
        _skill_levels(),
        _moments(),
        _counts(),
        _times_ago(),
        _instants(),
        _random(),
        _positions(),
        _several_values(),
    )


def _skill_levels() -> Iterator[WaveQuestion]:
    """Yield every level alone, in an equal pair, and beside levels 1 and 100."""
    for level in SKILL_LEVELS:
        yield _question(Candidate(0, level))
        yield _question(Candidate(0, level), Candidate(1, level))
        yield _question(Candidate(0, 100), Candidate(1, level), Candidate(2, 1))
    yield _question(*(Candidate(101 - level, level) for level in reversed(SKILL_LEVELS)))


def _moments() -> Iterator[WaveQuestion]:
    """Yield small to large waves, waits and calls, for equal and for unequal candidates."""
    for people in (
        (Candidate(0), Candidate(1), Candidate(2)),
        (Candidate(0, 2), Candidate(1), _rung(2, 3, at=2.0)),
    ):
        for wave in WAVES:
            yield WaveQuestion([*people], Moment(NOW, 0, wave, 0.0))
        for waited in SECONDS:
            yield WaveQuestion([*people], Moment(NOW, 0, 0, waited))
        for call in CALLS:
            yield WaveQuestion([*people], Moment(NOW, call, 0, 0.0))
        for wave, waited in zip(WAVES, SECONDS, strict=False):
            yield WaveQuestion([*people], Moment(NOW, wave, wave, waited))


def _counts() -> Iterator[WaveQuestion]:
    """Yield counts of rings and answers up to a million: missed, answered, equal and unequal."""
    for n in COUNTS:
        missed, answered = _rung(0, n, at=2.0), _answered(1, n, at=2.0)
        yield _question(missed, answered, Candidate(2))
        yield _question(_answered(0, n, at=2.0), answered)
        yield _question(missed, _rung(1, n + 1, at=2.0))


def _times_ago() -> Iterator[WaveQuestion]:
    """Yield questions with rings and answers up to a week ago, and talk times up to a week."""
    for ago in SECONDS:
        at = NOW - ago
        yield _question(_answered(0, 1, at=at), _rung(1, 1, at=at), Candidate(2))
        yield _question(_answered(0, 2, at=at), _answered(1, 2, at=at))
        yield _question(_answered(0, 3, at=0.0, talked=ago), _answered(1, 3, at=0.0, talked=0.0))


def _instants() -> Iterator[WaveQuestion]:
    """Yield present instants from 0 s to 31 years, with and without earlier rings."""
    for now in INSTANTS:
        moment = Moment(now, 0, 0, 0.0)
        yield WaveQuestion([Candidate(0), Candidate(1)], moment)
        yield WaveQuestion([_answered(0, 1, at=now), _rung(1, 1, at=0.0)], moment)


def _random() -> Iterator[WaveQuestion]:
    for draw in RANDOM:
        yield _question(Candidate(0, random=draw), Candidate(1, random=RANDOM[-1]))


def _positions() -> Iterator[WaveQuestion]:
    """Yield one and two candidates of a large group."""
    for position in (*range(101), 127, 128, 255, 256, 999, 1000):
        yield _question(Candidate(position))
        yield _question(Candidate(position), Candidate(position + 1))


def _several_values() -> Iterator[WaveQuestion]:
    """Yield questions in which level, wave, wait and count are large at once."""
    for level, wave, waited, n in product((1, 11, 100), (0, 4, 20), (0.0, 31.0, 301.0), (0, 1000)):
        people = [Candidate(0, level), _answered(1, n, at=2.0)._replace(skill_level=level)]
        yield WaveQuestion(people, Moment(NOW, n, wave, waited))


def _question(*people: Candidate) -> WaveQuestion:
    """Return a question about these candidates for the first wave of call 0."""
    return WaveQuestion([*people], Moment(NOW, 0, 0, 0.0))


def _rung(position: int, n: int, *, at: float) -> Candidate:
    """Return a member who was rung `n` times, the last time at `at`, and never answered."""
    return Candidate(position, n_rung=n, last_rung_at=at) if n else Candidate(position)


def _answered(position: int, n: int, *, at: float, talked: float = LONGEST) -> Candidate:
    """Return a member who answered `n` rings out of `n`, the last one at `at`."""
    if not n:
        return Candidate(position)
    return _rung(position, n, at=at)._replace(
        last_answered_at=at, last_hung_up_at=at, n_answered=n, talked_time=talked * n
    )
