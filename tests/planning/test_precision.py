"""Studies that stop at a precision: the number of replications, and unchanged results."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

import ringsim as rs
from ringsim.confidence import Estimate
from ringsim.metrics import METRICS, Layout, Observations
from ringsim.planning._certain import is_certain
from ringsim.planning._playing import Job, Played
from ringsim.planning._replications import GrowingStudy
from ringsim.planning._runner import Runner
from ringsim.planning._study import study_of
from ringsim.planning._until import FIRST_LOOK, _counts_ahead, play_until
from ringsim.scenario import changed
from support.helpers import refusal

SCENARIO = rs.Scenario(
    groups=[
        {
            "extension_number": "600",
            "ring_strategy": "CYCLIC_HUNT",
            "members": ["201", "202"],
            "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": "601"},
        },
        {"extension_number": "601", "members": ["203"]},
    ],
    demand={
        "600": rs.Demand(
            calls_per_hour=40, talk_time=rs.lognormal(mean=90, cv=1), patience=stats.expon(scale=40)
        )
    },
    hours=1,
)
REDIALLED = changed(SCENARIO, {"demand.600.redial": rs.Redial(probability=0.5, delay=60)})
PRECISIONS = [
    rs.Precision("answer_rate", 0.03),
    rs.Precision("answer_rate", 0.015, "600"),
    rs.Precision("mean_speed_of_answer", 0.04, relative=True),
    rs.Precision("service_level", 0.02, within=8, variant="answered_only"),
    rs.Precision("offered", 1.5),
    rs.Precision("wait_p90", 0.06, relative=True),
    rs.Precision("p_target_met", 0.08, target=0.7),
    rs.Precision("fairness", 0.02, "600", level=0.8),
]


def named(until: rs.Precision) -> str:
    return f"{until.metric}-{until.half_width}"


def estimate(result: rs.Result, until: rs.Precision) -> Estimate:
    return result.figure(until.metric, until.group, until.question).estimate(until.level)


def is_precise(until: rs.Precision, replications: int) -> bool:
    """Return whether a plain study of some replications reaches the precision."""
    found = estimate(rs.simulate(SCENARIO, replications=replications, seed=4), until)
    unit = found.estimate if until.relative else 1
    return (found.high - found.low) / 2 <= until.half_width * unit


# Where it stops


@pytest.mark.parametrize("until", PRECISIONS, ids=named)
def test_it_stops_at_a_study_like_any_other(until: rs.Precision) -> None:
    result = rs.simulate(SCENARIO, until=until, seed=4)
    plain = rs.simulate(SCENARIO, replications=result.replications, seed=4)
    for within in (20, until.within):
        for group in (None, "601"):
            pd.testing.assert_frame_equal(
                result.summary(within, group), plain.summary(within, group), check_exact=True
            )
    pd.testing.assert_frame_equal(result.members(), plain.members(), check_exact=True)
    assert (plain.until, plain.reached, plain.note) == (None, None, "")


@pytest.mark.parametrize("until", PRECISIONS, ids=named)
def test_it_stops_where_the_interval_was_short_enough_at_six_looks(until: rs.Precision) -> None:
    result = rs.simulate(SCENARIO, until=until, seed=4)
    count = result.replications
    step = max(1, (count - 5) // 100)
    assert result.reached is True
    assert 25 <= count < 400
    assert all(is_precise(until, count - look * step) for look in range(6))


def test_a_precision_that_is_there_at_the_first_look_takes_25() -> None:
    assert rs.simulate(SCENARIO, until=rs.Precision("answer_rate", 0.4)).replications == 25


def test_more_precise_takes_longer() -> None:
    """The count grows with the square of the precision, up to errors of the estimated spread."""
    widths = (0.04, 0.02, 0.01)
    counts = [
        rs.simulate(SCENARIO, until=rs.Precision("answer_rate", width)).replications
        for width in widths
    ]
    assert counts == sorted(set(counts))
    assert counts[-1] > 2 * counts[-2]


@pytest.mark.parametrize("max_replications", [20, 21, 30, 63])
def test_it_gives_up_at_its_limit_and_says_so(max_replications: int) -> None:
    until = rs.Precision("answer_rate", 0.0001, max_replications=max_replications)
    result = rs.simulate(SCENARIO, until=until)
    found = estimate(result, until)
    assert (result.replications, result.reached, result.until) == (max_replications, False, until)
    assert result.note == (
        f"answer_rate did not reach a half width of 0.0001 in {max_replications} replications: "
        f"{found.estimate:.4g}, half width {(found.high - found.low) / 2:.3g}"
    )


def test_what_was_reached_is_said() -> None:
    result = rs.simulate(SCENARIO, until=rs.Precision("mean_wait", 0.2, relative=True))
    assert result.note.startswith("mean_wait reached a half width of 0.2 of it in 59 replications:")


def test_a_precision_of_nothing_is_never_there() -> None:
    """Without calls the rate is NaN after any number of days."""
    quiet = SCENARIO.replace(demand={})
    result = rs.simulate(quiet, until=rs.Precision("answer_rate", 0.5, max_replications=50))
    assert (result.replications, result.reached) == (50, False)
    said = "answer_rate did not reach a half width of 0.5 in 50 replications: it has no value"
    assert result.note == said
    assert repr(result) == f"<Result of 50 replications, 0 calls, seed 0; {said}>"


def test_the_printed_result_says_that_a_precision_was_not_reached() -> None:
    until = rs.Precision("answer_rate", 0.0001, max_replications=20)
    result = rs.simulate(SCENARIO, until=until)
    assert repr(result).endswith(f"; {result.note}>")
    assert f"; {result.note}" in result._repr_html_()
    for enough in (
        rs.simulate(SCENARIO, until=rs.Precision("answer_rate", 0.4)),
        rs.simulate(SCENARIO, replications=5),
    ):
        assert "reach" not in repr(enough) + enough._repr_html_()


@pytest.mark.parametrize("relative", [False, True])
def test_a_constant_is_known_at_once(relative: bool) -> None:
    """0 of 0 calls, relative to 0 too."""
    quiet = SCENARIO.replace(demand={})
    until = rs.Precision("offered", 0.5, relative=relative)
    assert rs.simulate(quiet, until=until).replications == 25


# The stopping rule, for any sequence of intervals


class Told(rs.Precision):
    """A precision whose intervals are as wide as it was told, by count."""

    def __init__(self, widths: list[float], max_replications: int) -> None:
        super().__init__("offered", 1.0, max_replications=max_replications)
        object.__setattr__(self, "widths", widths)

    def estimate(self, observations: Observations, place: int | None) -> Estimate:  # noqa: ARG002
        width: float = vars(self)["widths"][observations.replications - FIRST_LOOK]
        return Estimate(5.0, 5 - width, 5 + width)


class Recording(Runner):
    """A runner whose like remember which replications they were asked for."""

    asked: ClassVar[list[int]] = []

    def play(self, jobs: Sequence[Job]) -> list[Played]:
        self.asked.extend(replication for job in jobs for replication in job.replications)
        return super().play(jobs)


HARDLY_ANY = {"600": rs.Demand(calls_per_hour=0.01, talk_time=90)}
QUIET = study_of(SCENARIO.replace(demand=HARDLY_ANY), seed=0, engine="auto", dispatcher=None)
WIDTHS = st.lists(st.sampled_from([0.5, 1.0, 1.01, 3.0, math.nan]), min_size=41, max_size=41)


@given(WIDTHS, st.integers(20, 60))
@example([1.0] * 41, 22)
@example([1.0] * 5 + [3.0] + [1.0] * 35, 60)
def test_it_stops_after_six_short_intervals_or_at_its_limit(
    widths: list[float], max_replications: int
) -> None:
    Recording.asked.clear()
    growing = GrowingStudy(QUIET, Layout(2), Recording(workers=1))
    seen, reached = play_until(growing, Told(widths, max_replications), None)
    count = seen.replications
    short = [width <= 1 for width in widths]
    if count < max_replications:
        assert reached
        assert count >= 25
        assert all(short[count - 5 - FIRST_LOOK : count - FIRST_LOOK + 1])
    else:
        assert (count, reached) == (max_replications, short[max_replications - FIRST_LOOK])
    assert Recording.asked == list(range(count))


@pytest.mark.parametrize(
    ("count", "max_replications", "ahead"),
    [
        (20, 1000, [21, 22, 23, 24, 25]),
        (199, 1000, [200, 201, 202, 203, 204]),
        (200, 1000, [202, 204, 206, 208, 210]),
        (950, 10_000, [959, 968, 977, 986, 995]),
        (950, 970, [959, 968, 970]),
        (20, 20, []),
    ],
)
def test_it_looks_ahead_by_five_replications_or_five_in_a_hundred(
    count: int, max_replications: int, ahead: list[int]
) -> None:
    assert _counts_ahead(count, max_replications) == ahead


def test_one_lucky_look_is_not_enough() -> None:
    """Short at 20 to 24, long at 25: hence not at 25, but at 31."""
    widths = [1.0] * 5 + [1.001] + [1.0] * 35
    seen, reached = play_until(GrowingStudy(QUIET, Layout(2), Runner(1)), Told(widths, 60), None)
    assert (seen.replications, reached) == (31, True)


# Independence of workers, executors and logs


def test_it_does_not_depend_on_who_plays() -> None:
    until = rs.Precision("answer_rate", 0.02)
    alone = rs.simulate(SCENARIO, until=until, workers=1)
    with ThreadPoolExecutor(2) as executor:
        others = [
            rs.simulate(SCENARIO, until=until, workers=3),
            rs.simulate(SCENARIO, until=until, executor=executor),
        ]
    for other in others:
        assert other.replications == alone.replications
        pd.testing.assert_frame_equal(other.summary(), alone.summary(), check_exact=True)


def test_logs_are_kept_of_every_replication() -> None:
    result = rs.simulate(
        SCENARIO, until=rs.Precision("answer_rate", 0.04), keep_logs=True, workers=2
    )
    assert len(result.logs) == result.replications
    for replication in (0, 20, result.replications - 1):
        pd.testing.assert_frame_equal(
            result.logs[replication].calls, result.replay(replication).calls, check_exact=True
        )


def test_progress_counts_on() -> None:
    told: list[tuple[int, int]] = []
    result = rs.simulate(
        SCENARIO,
        until=rs.Precision("answer_rate", 0.03),
        workers=1,
        on_progress=lambda done, of: told.append((done, of)),
    )
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1][0] == result.replications
    assert all(done <= of <= result.replications for done, of in told)
    assert told[0][1] == 20


# Invalid arguments


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("answer_rat", 0.1), "got 'answer_rat'. Did you mean 'answer_rate'?"),
        (("answer_rate", 0), "half_width must be a positive finite number, got 0."),
        (("answer_rate", -0.1), "half_width must be a positive finite number, got -0.1."),
        (("answer_rate", math.nan), "half_width must be a positive finite number, got nan."),
        (("answer_rate", math.inf), "half_width must be a positive finite number, got inf."),
        (("answer_rate", True), "half_width must be a positive finite number, got True."),
        (("answer_rate", "1 %"), "half_width must be a positive finite number, got '1 %'."),
    ],
)
def test_what_cannot_be_precise_is_an_error(asked: tuple[Any, ...], sentence: str) -> None:
    assert refusal(rs.Precision, *asked).endswith(sentence)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("relative", 1, "relative must be true or false, got 1."),
        (
            "max_replications",
            19,
            "max_replications must be a whole number from 20 to 10000000, got 19.",
        ),
        (
            "max_replications",
            1e3,
            "max_replications must be a whole number from 20 to 10000000, got 1000.0.",
        ),
        ("within", -1, "within must be a number of seconds, at least 0, got -1."),
        ("variant", "offred", "got 'offred'. Did you mean 'offered'?"),
        ("level", 1, "level must be between 0 and 1, got 1."),
    ],
)
def test_what_it_cannot_be_told_is_an_error(field: str, value: Any, sentence: str) -> None:
    def make(given: Any) -> rs.Precision:
        return rs.Precision("answer_rate", 0.1, **{field: given})

    assert refusal(make, value).endswith(sentence)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"replications": 100}, "replications must not be given beside until, got 100."),
        (
            {"until": rs.Precision("answer_rate", 0.1, "700")},
            "group must be the number of a group of the scenario, got '700'. "
            "Its groups are 600, 601.",
        ),
    ],
)
def test_what_cannot_be_is_an_error_before_anything_is_played(
    asked: dict[str, Any], sentence: str
) -> None:
    told: list[int] = []

    def play(asked: dict[str, Any]) -> rs.Result:
        arguments = {"until": rs.Precision("answer_rate", 0.1)} | asked
        return rs.simulate(SCENARIO, **arguments, on_progress=lambda done, of: told.append(done))

    assert refusal(play, asked) == sentence
    assert told == []


@pytest.mark.parametrize(
    "name", [name for name, each in METRICS.items() if each.needs in ("", "callers")]
)
def test_every_metric_can_be_asked_for(name: str) -> None:
    """The precision is reached at the first check, unless the interval is marked."""
    scenario = REDIALLED if METRICS[name].of_callers else SCENARIO
    result = rs.simulate(scenario, until=rs.Precision(name, 1e9, max_replications=400))
    found = result.summary().loc[name]
    assert result.reached is ("few events" not in found["note"])
    if result.reached:
        first = rs.simulate(scenario, replications=20).summary().loc[name]
        assert (result.replications == 25) is ("few events" not in first["note"])


# Narrow intervals that are not precise


def quiet(**fields: Any) -> rs.Scenario:
    """In most studies of 25 days no call is blocked, as calls are rare."""
    return rs.Scenario(
        groups=[{"extension_number": "600", "members": ["201"]}],
        demand={"600": rs.Demand(**{"calls_per_hour": 1, "talk_time": 10} | fields)},
        extensions=[rs.Extension("201", answer_delay=fields.pop("answer_delay", 0))],
        hours=2,
    )


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("metric", ["blocked", "no_candidate_rate", "abandonment_rate"])
def test_nothing_in_25_replications_is_not_nothing(metric: str, relative: bool) -> None:
    until = rs.Precision(metric, 0.5, relative=relative, max_replications=60)
    result = rs.simulate(quiet(), until=until, seed=3)
    assert result.summary().loc[metric, "estimate"] == 0
    assert (result.replications, result.reached) == (60, False)
    assert result.note.endswith(", few events")


def test_a_mean_that_did_not_vary_is_not_known() -> None:
    """Every replication has the same wait, over more than thirty calls."""
    until = rs.Precision("mean_speed_of_answer", 0.1)
    assert until.width_ratio(Estimate(5.0, 5.0, 5.0)) == math.inf
    assert until.width_ratio(Estimate(5.0, 4.99, 5.01, "few events")) == math.inf
    assert until.width_ratio(Estimate(5.0, 4.95, 5.05)) == pytest.approx(0.5)
    assert until.width_ratio(Estimate(5.0, 5.0, 5.0), certain=True) == 0


GIVEN: dict[str, Any] = {"calls_per_hour": None, "arrives_at": [100, 900, 2000, 3000]}


@pytest.mark.parametrize(
    ("fields", "metric", "certain"),
    [
        ({}, "offered", False),
        (GIVEN, "offered", True),
        (GIVEN, "answer_rate", True),
        (GIVEN | {"talk_time": stats.expon(scale=10)}, "offered", True),
        (GIVEN | {"talk_time": stats.expon(scale=10)}, "answer_rate", False),
        (GIVEN | {"patience": stats.expon(scale=10)}, "mean_speed_of_answer", False),
        ({"calls_per_hour": 0}, "blocked", True),
    ],
)
def test_what_is_the_same_in_every_replication_is_certain(
    fields: dict[str, Any], metric: str, certain: bool
) -> None:
    study = study_of(quiet(**fields), seed=0, engine="auto", dispatcher=None)
    assert is_certain(study, metric) is certain
    if certain:
        assert rs.simulate(quiet(**fields), until=rs.Precision(metric, 0.1)).replications == 25


@pytest.mark.parametrize(
    "changed",
    [
        {"answer_probability": 0.5},
        {"answer_delay": stats.expon(scale=3)},
        {"own_calls": rs.Demand(calls_per_hour=1, talk_time=5)},
        {"own_calls": rs.Demand(arrives_at=[5], talk_time=stats.expon(scale=5))},
    ],
)
def test_people_who_vary_leave_nothing_certain_but_the_calls(changed: dict[str, Any]) -> None:
    scenario = quiet(**GIVEN).replace(
        extensions=[rs.Extension("201", **{"answer_delay": 0} | changed)]
    )
    study = study_of(scenario, seed=0, engine="auto", dispatcher=None)
    assert not is_certain(study, "answer_rate")
    assert is_certain(study, "offered")


def test_a_random_order_leaves_nothing_certain() -> None:
    class Dice(rs.dispatch.Hunt):
        """Ring a random member."""

        order_by = ("random",)

    study = study_of(quiet(**GIVEN), seed=0, engine="auto", dispatcher=Dice())
    assert not is_certain(study, "answer_rate")
