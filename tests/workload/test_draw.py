"""Tests of drawn workloads: keyed uniforms, stable prefixes of arrivals, and independence.

Uniform numbers are pinned. Draws are compared exactly with other draws, and
with theory within four standard deviations; seeds are fixed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from ringsim.distributions import Empirical, lognormal
from ringsim.scenario import Demand, Extension, Scenario
from ringsim.workload import Sampler, Workload, _keys, _phones
from ringsim.workload._arrivals import Arrivals
from ringsim.workload._keys import Stream, keys, subject
from support.generated import demands
from support.helpers import refusal

TALK = lognormal(mean=180, cv=1.2)
BUSY = Demand(
    calls_per_hour=60, talk_time=TALK, wrap_up_time=stats.expon(scale=20), patience=stats.gamma(2)
)
QUIET = Demand(calls_per_hour=10, talk_time=stats.expon(scale=90))
SALES = {"extension_number": "600", "members": ["201", "202"]}
BACKUP = {"extension_number": "601", "members": ["202", "203"]}
Floats = NDArray[np.float64]


def office(**changes: Any) -> Scenario:
    """Two groups that share a member, both called."""
    given: dict[str, Any] = {
        "groups": [SALES, BACKUP],
        "demand": {"600": BUSY, "601": QUIET},
        "hours": 8,
    }
    return Scenario(**{**given, **changes})


def one(demand: Demand, hours: float = 8, **person: Any) -> Scenario:
    """One group with one member."""
    people = [Extension("201", **person)]
    groups = [{"extension_number": "600", "members": ["201"]}]
    return Scenario(groups=groups, demand={"600": demand}, extensions=people, hours=hours)


def drawn(workload: Workload, group: str = "600", rings: int = 2) -> dict[str, list[Any]]:
    """Return all random numbers of the calls of one group, by name."""
    calls = [call for call, called in enumerate(workload.group or ()) if called == group]
    numbers: dict[str, list[Any]] = {
        name: getattr(workload, name)[calls].tolist()
        for name in ("arrives_at", "talk_time", "wrap_up_time", "patience")
    }
    for extension in ("201", "202", "203"):
        answer_delay = workload.phones.answer_delay_of(extension)
        for ring in range(rings):
            numbers[f"delay {extension} {ring}"] = [answer_delay(call, ring) for call in calls]
        random = workload.phones.random_of(extension)
        numbers[f"random {extension}"] = [random(call) for call in calls]
    return numbers


def own(workload: Workload, extension: str) -> list[tuple[float, float]]:
    """Return the instants and lengths of one person's own calls."""
    calls = workload.own_calls
    return [
        (at, talk)
        for at, whose, talk in zip(
            calls.at.tolist(), calls.extension, calls.talk_time.tolist(), strict=True
        )
        if whose == extension
    ]


def within_4_sd(count: float, mean: float, variance: float) -> bool:
    return abs(count - mean) <= 4 * math.sqrt(variance)


class TestUniforms:
    """A key determines its uniform numbers for ever; some are pinned here."""

    @pytest.mark.parametrize(
        ("key", "numbers"),
        [
            pytest.param(
                (0, 0, "arrival", ("600",)),
                [
                    0.7456301356066001,
                    0.8121477066753681,
                    0.7096052427548427,
                    0.5267965191500537,
                    0.11216176493509056,
                ],
                id="the first replication of the default seed",
            ),
            pytest.param(
                (7, 3, "answer_delay", ("600", "201")),
                [
                    0.2027934093020033,
                    0.6571049134405259,
                    0.9669078760870365,
                    0.5450969719033324,
                    0.68407601055276,
                ],
                id="of two people",
            ),
        ],
    )
    def test_pinned(self, key: tuple[Any, ...], numbers: list[float]) -> None:
        assert Stream(*key).take(0, 5).tolist() == numbers

    def test_pinned_in_another_row(self) -> None:
        stream = Stream(7, 3, "answer_delay", ("600", "201"))
        assert stream.take(0, 3, row=1).tolist() == [
            0.2190216142739495,
            0.5285130429726176,
            0.10073671996718603,
        ]

    def test_pinned_far_out(self) -> None:
        assert Stream(7, 0, "talk_time", ("600",)).take(10**9, 2).tolist() == [
            0.67876378259366,
            0.3331111909853107,
        ]

    @given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 9))
    def test_a_stretch_is_part_of_the_whole(self, start: int, count: int, row: int) -> None:
        stream = Stream(1, 2, "talk_time", ("600",))
        whole = stream.take(0, 100, row)
        assert stream.take(start, count, row).tolist() == whole[start : start + count].tolist()

    def test_other_keys_are_other_numbers(self) -> None:
        streams = [
            Stream(0, 0, "talk_time", ("600",)),
            Stream(1, 0, "talk_time", ("600",)),
            Stream(0, 1, "talk_time", ("600",)),
            Stream(0, 0, "patience", ("600",)),
            Stream(0, 0, "talk_time", ("601",)),
            Stream(0, 0, "talk_time", ("600", "201")),
            Stream(0, 0, "talk_time", ("6", "00")),
            Stream(10, 0, "talk_time", ("600",)),
            Stream(1, 10, "talk_time", ("600",)),
            Stream(11, 0, "talk_time", ("600",)),
        ]
        rows = [stream.take(0, 4, row).tolist() for stream in streams for row in (0, 1)]
        assert len({number for row in rows for number in row}) == 4 * len(rows)

    def test_a_seed_is_its_value_whatever_its_type(self) -> None:
        assert drawn(Workload.draw(office(), seed=np.int64(7))) == drawn(
            Workload.draw(office(), seed=7)
        )

    def test_they_are_uniform(self) -> None:
        numbers = Stream(0, 0, "talk_time", ("600",)).take(0, 40_000)
        assert ((numbers >= 0) & (numbers < 1)).all()
        for count in np.bincount((numbers * 20).astype(int), minlength=20):
            assert within_4_sd(count, 2000, 40_000 * 0.05 * 0.95)


class TestWhatIsDrawn:
    def test_engines_and_people_are_told_the_same(self) -> None:
        workload = Workload.draw(office(), seed=7)
        numbers = drawn(workload)
        for nth, call in enumerate(np.flatnonzero(np.array(workload.group) == "600")[:9]):
            assert workload.answer_delay(call, "201") == numbers["delay 201 0"][nth]
            assert workload.answer_delay(call, "201", 1) == numbers["delay 201 1"][nth]
            assert workload.random(call, "201") == numbers["random 201"][nth]

    @pytest.mark.parametrize("quantity", ["talk_time", "wrap_up_time", "patience"])
    def test_a_duration_is_the_inverse_at_its_uniform(self, quantity: str) -> None:
        """Delays are compared as uniforms, which do not depend on how the inverse is evaluated."""
        scenario = one(BUSY.replace(**{quantity: stats.expon(scale=60)}))
        workload = Workload.draw(scenario, seed=7, replication=3)
        uniforms = Stream(7, 3, quantity, ("600",)).take(0, len(workload))
        back = stats.expon(scale=60).cdf(getattr(workload, quantity))
        assert back == pytest.approx(uniforms, abs=1e-9)

    def test_samples_are_drawn_exactly(self) -> None:
        samples = Empirical([10, 20, 30, math.inf])
        workload = Workload.draw(one(BUSY.replace(patience=samples)), seed=7)
        uniforms = Stream(7, 0, "patience", ("600",)).take(0, len(workload))
        assert workload.patience.tolist() == samples.ppf(uniforms).tolist()

    def test_gaps_between_arrivals_are_exponential_at_their_uniforms(self) -> None:
        workload = Workload.draw(one(BUSY), seed=7)
        uniforms = Stream(7, 0, "arrival", ("600",)).take(0, len(workload))
        gaps = np.diff(workload.arrives_at, prepend=0)  # a minute on average
        assert gaps == pytest.approx(-60 * np.log1p(-uniforms), rel=1e-6)

    def test_calls_are_in_the_order_of_arrival(self) -> None:
        workload = Workload.draw(office(), seed=7)
        assert (np.diff(workload.arrives_at) >= 0).all()
        assert set(workload.group or ()) == {"600", "601"}

    def test_calls_at_one_instant_are_in_the_order_of_the_groups_numbers(self) -> None:
        at_noon = Demand(arrives_at=[0, 0], talk_time=1)
        workload = Workload.draw(office(demand={"601": at_noon, "600": at_noon}))
        assert workload.group == ("600", "600", "601", "601")

    def test_given_instants_are_all_played(self) -> None:
        demand = Demand(arrives_at=[90_000, 30, 7.5], talk_time=1)
        assert Workload.draw(one(demand, hours=1)).arrives_at.tolist() == [7.5, 30, 90_000]

    def test_given_instants_in_any_order_are_the_same_calls(self) -> None:
        instants = [90, 30, 7.5, 60]
        in_any = one(BUSY.replace(calls_per_hour=None, arrives_at=instants))
        in_order = one(BUSY.replace(calls_per_hour=None, arrives_at=sorted(instants)))
        assert drawn(Workload.draw(in_any, 7)) == drawn(Workload.draw(in_order, 7))

    def test_nobody_calls(self) -> None:
        for workload in (
            Workload.draw(office(demand={})),
            Workload.draw(one(Demand(calls_per_hour=0, talk_time=1))),
            Workload.draw(one(Demand(calls_per_hour=[], talk_time=1))),
            Workload.draw(one(Demand(arrives_at=[], talk_time=1))),
            Workload.draw(one(Demand(calls_per_hour=1e-310, talk_time=1))),
        ):
            assert len(workload) == 0
            assert len(workload.own_calls) == 0

    def test_the_draw_for_dispatchers_is_uniform(self) -> None:
        workload = Workload.draw(one(BUSY, hours=40), seed=7)
        draws = np.array([workload.random(call, "201") for call in range(len(workload))])
        assert ((draws >= 0) & (draws < 1)).all()
        n = len(draws)
        assert within_4_sd(draws.mean(), 1 / 2, 1 / (12 * n))
        other = [workload.random(call, "202") for call in range(n)]
        assert uncorrelated(draws, other)

    @given(demands, st.integers(0, 2**70), st.integers(0, 9))
    def test_any_demand(self, demand: Demand, seed: int, replication: int) -> None:
        scenario = one(demand, hours=17)
        workload = Workload.draw(scenario, seed, replication)
        assert drawn(workload) == drawn(Workload.draw(scenario, seed, replication))
        for name in ("arrives_at", "talk_time", "wrap_up_time", "patience"):
            values = getattr(workload, name)
            assert len(values) == len(workload)
            assert (values >= 0).all()
        if demand.arrives_at is None:
            assert (workload.arrives_at < 17 * 3600).all()


def uncorrelated(x: Any, y: Any) -> bool:
    """Return True if a correlation is within 4 standard deviations, 1 / sqrt(n), of 0."""
    return bool(abs(np.corrcoef(x, y)[0, 1]) <= 4 / math.sqrt(len(x)))


class TestNothingElseMatters:
    """Common random numbers: unrelated changes leave the numbers of a call or person unchanged."""

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"groups": [BACKUP, SALES]}, id="the order of the groups"),
            pytest.param({"demand": {"601": QUIET, "600": BUSY}}, id="the order of the demand"),
            pytest.param({"demand": {"600": BUSY}}, id="demand of another group taken away"),
            pytest.param(
                {"demand": {"600": BUSY, "601": QUIET.scaled(9)}}, id="more demand elsewhere"
            ),
            pytest.param(
                {"groups": [SALES, BACKUP, {"extension_number": "599"}]}, id="another group"
            ),
            pytest.param(
                {
                    "groups": [SALES, BACKUP, {"extension_number": "599"}],
                    "demand": {"599": QUIET, "600": BUSY, "601": QUIET},
                },
                id="another group that is called",
            ),
            pytest.param(
                {"groups": [{**SALES, "members": ["299", "202", "201"]}, BACKUP]},
                id="another member, and the members in another order",
            ),
            pytest.param({"groups": [{**SALES, "members": []}, BACKUP]}, id="no members"),
            pytest.param(
                {"groups": [{**SALES, "ring_strategy": "CYCLIC_HUNT", "ring_time": 7}, BACKUP]},
                id="how the group rings",
            ),
            pytest.param(
                {"extensions": [Extension("299", own_calls=QUIET), Extension("202")]},
                id="other people listed",
            ),
            pytest.param({"name": "Office", "ringing_is_busy": True}, id="settings"),
        ],
    )
    def test_to_the_calls_of_a_group(self, change: dict[str, Any]) -> None:
        assert drawn(Workload.draw(office(**change), seed=7)) == drawn(
            Workload.draw(office(), seed=7)
        )

    @pytest.mark.parametrize(
        ("person", "the_same"),
        [
            pytest.param({"on_duty": []}, True, id="duty"),
            pytest.param({"own_calls": QUIET}, True, id="own calls"),
            pytest.param({"answer_delay": 3}, False, id="how soon they answer"),
            pytest.param({"answer_probability": 0.5}, False, id="how surely they answer"),
        ],
    )
    def test_one_persons_habits_are_theirs(self, person: dict[str, Any], the_same: bool) -> None:
        before = drawn(Workload.draw(office(), seed=7))
        after = drawn(Workload.draw(office(extensions=[Extension("201", **person)]), seed=7))
        theirs = {name for name in before if name.startswith("delay 201")}
        assert {name for name in before if before[name] != after[name]} == (
            set() if the_same else theirs
        )

    def test_to_own_calls(self) -> None:
        listed = [Extension("201", own_calls=QUIET), Extension("202", own_calls=BUSY)]
        both = Workload.draw(office(extensions=listed), seed=7)
        reverse = Workload.draw(office(extensions=listed[::-1]), seed=7)
        alone = Workload.draw(office(extensions=listed[:1], demand={}), seed=7)
        assert own(both, "201")
        assert own(both, "201") == own(reverse, "201") == own(alone, "201")
        assert both.own_calls.extension == reverse.own_calls.extension

    def test_one_group_forwarding_to_another_has_numbers_of_its_own(self) -> None:
        """A person's delays for calls to one group differ from those for calls to another."""
        workload = Workload.draw(office(demand={"600": BUSY, "601": BUSY}), seed=7)
        sales, backup = drawn(workload, "600"), drawn(workload, "601")
        for name in ("talk_time", "delay 202 0", "random 202"):
            assert not set(sales[name]) & set(backup[name])


class TestLongerDays:
    """A longer day keeps the earlier calls, exactly."""

    RATES = (0, 40.0, 7, 0, 90, 33.3, 12, 5)

    @pytest.mark.parametrize(
        "demand",
        [
            pytest.param(BUSY, id="a constant rate"),
            pytest.param(BUSY.replace(calls_per_hour=RATES, interval=3600), id="a rate an hour"),
            pytest.param(
                BUSY.replace(calls_per_hour=RATES * 20, interval=97.3), id="odd intervals"
            ),
        ],
    )
    def test_calls_of_a_shorter_day_come_first(self, demand: Demand) -> None:
        long = drawn(Workload.draw(one(demand, hours=50), seed=7))
        for hours in (0.01, 1, 2.5, 7.99, 8, 24):
            short = drawn(Workload.draw(one(demand, hours=hours), seed=7))
            n = sum(at < hours * 3600 for at in long["arrives_at"])
            assert short == {name: values[:n] for name, values in long.items()}

    def test_of_several_groups(self) -> None:
        for group in ("600", "601"):
            long = drawn(Workload.draw(office(hours=24), seed=7), group)
            short = drawn(Workload.draw(office(hours=8), seed=7), group)
            n = len(short["arrives_at"])
            assert 0 < n < len(long["arrives_at"])
            assert short == {name: values[:n] for name, values in long.items()}

    def test_own_calls_too(self) -> None:
        people = [Extension("201", own_calls=BUSY)]
        long = own(Workload.draw(office(extensions=people, hours=24), seed=7), "201")
        short = own(Workload.draw(office(extensions=people, hours=8), seed=7), "201")
        assert short
        assert short == [call for call in long if call[0] < 8 * 3600]

    def test_later_intervals_change_no_earlier_call(self) -> None:
        first = drawn(Workload.draw(one(BUSY.replace(calls_per_hour=[30, 60])), seed=7))
        more = drawn(Workload.draw(one(BUSY.replace(calls_per_hour=[30, 60, 500])), seed=7))
        n = len(first["arrives_at"])
        assert first == {name: values[:n] for name, values in more.items()}

    @given(
        st.lists(st.sampled_from([0, 1, 30, 400.5]), min_size=1, max_size=5),
        st.floats(1, 7200),
        st.floats(0.01, 6),
        st.floats(0.01, 6),
    )
    def test_whatever_the_rates(
        self, rates: list[float], interval: float, shorter: float, longer: float
    ) -> None:
        shorter, longer = sorted((shorter, longer))
        demand = Demand(calls_per_hour=rates, interval=interval, talk_time=1)
        long = Workload.draw(one(demand, hours=longer), seed=7).arrives_at
        short = Workload.draw(one(demand, hours=shorter), seed=7).arrives_at
        assert short.tolist() == long[long < shorter * 3600].tolist()


@pytest.mark.parametrize("rates", [30, [12, 0, 80, 3]])
def test_a_crowd_beyond_expectation_is_drawn_whole(
    rates: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The initial size of the arrays does not change the calls."""
    demand = Demand(calls_per_hour=rates, talk_time=1)
    of_runs = keys(7, range(3), (subject("arrival", "600"),))[:, 0]
    whole, first = Arrivals(demand, 8).draw(of_runs, np.ones(len(of_runs)))
    monkeypatch.setattr(Arrivals, "_room", lambda self, replications: 1)
    again, first_again = Arrivals(demand, 8).draw(of_runs, np.ones(len(of_runs)))
    assert again.tolist() == whole.tolist()
    assert first_again.tolist() == first.tolist()
    assert min(np.diff(first)) > 20


class TestArrivals:
    """A Poisson process: counts, instants and rates by interval."""

    def counts(self, demand: Demand, hours: float, replications: int) -> Floats:
        scenario = one(demand, hours=hours)
        return np.array(
            [len(Workload.draw(scenario, 7, replication)) for replication in range(replications)],
            dtype=np.float64,
        )

    @pytest.mark.parametrize(
        ("rate", "interval", "hours", "expected"),
        [
            pytest.param(40, 1800, 8, 320, id="constant"),
            pytest.param([40, 0, 20], 1800, 8, 30, id="by half-hour, then nobody"),
            pytest.param([60, 120], 3600, 1.5, 120, id="cut off in an interval"),
            pytest.param([5, 10, 400] * 20, 10, 8, 20 * 415 / 360, id="short intervals"),
            pytest.param(0.25, 1800, 8, 2, id="seldom"),
        ],
    )
    def test_counts_are_poisson(
        self, rate: Any, interval: float, hours: float, expected: float
    ) -> None:
        demand = Demand(calls_per_hour=rate, interval=interval, talk_time=1)
        assert demand.expected_calls(hours) == pytest.approx(expected, rel=1e-12)
        r = 400
        counts = self.counts(demand, hours, r)
        assert within_4_sd(counts.sum(), r * expected, r * expected)
        # the variance of a Poisson count is its mean, that of its square deviation m + 2 m^2
        squares = ((counts - expected) ** 2).sum()
        assert within_4_sd(squares, r * expected, r * (expected + 2 * expected**2))

    def test_each_interval_has_its_rate(self) -> None:
        rates = [120, 0, 30, 600, 1, 0.0, 240]
        demand = Demand(calls_per_hour=rates, interval=60, talk_time=1)
        r = 300
        arrivals = np.concatenate(
            [Workload.draw(one(demand), 7, replication).arrives_at for replication in range(r)]
        )
        counts = np.bincount((arrivals // 60).astype(int), minlength=len(rates))
        assert len(counts) == len(rates)
        for count, rate in zip(counts, rates, strict=True):
            assert within_4_sd(count, r * rate / 60, r * rate / 60)

    def test_within_an_interval_instants_are_uniform(self) -> None:
        demand = Demand(calls_per_hour=[0, 60_000], interval=60, talk_time=1)
        arrivals = Workload.draw(one(demand), 7).arrives_at
        n = len(arrivals)
        where = (arrivals - 60) / 60
        assert within_4_sd(where.sum(), n / 2, n / 12)
        assert within_4_sd((where**2).sum(), n / 3, n * (1 / 5 - 1 / 9))

    @pytest.mark.parametrize("at", [0, 1, 1799, 7200])
    @pytest.mark.parametrize("calls", [1000, 20_000])
    def test_no_peak_is_skipped(self, at: int, calls: int) -> None:
        """A very high rate for one second between hours without calls."""
        rates = [0] * at + [3600 * calls] + [0] * 3600
        demand = Demand(calls_per_hour=rates, interval=1, talk_time=1)
        arrivals = Workload.draw(one(demand), 7).arrives_at
        assert within_4_sd(len(arrivals), calls, calls)
        assert ((arrivals >= at) & (arrivals < at + 1)).all()

    def test_a_second_without_calls_stays_empty(self) -> None:
        rates = [36_000] * 100 + [0] + [36_000] * 100
        demand = Demand(calls_per_hour=rates, interval=1, talk_time=1)
        arrivals = Workload.draw(one(demand), 7).arrives_at
        assert not ((arrivals >= 100) & (arrivals < 101)).any()
        assert within_4_sd((arrivals < 100).sum(), 1000, 1000)
        assert within_4_sd((arrivals >= 101).sum(), 1000, 1000)

    def test_a_tenth_more_demand_is_the_same_calls_sooner(self) -> None:
        before = Workload.draw(one(QUIET), seed=7)
        after = Workload.draw(one(QUIET.scaled(1.25)), seed=7)
        n = len(before)
        assert after.arrives_at[:n] == pytest.approx(before.arrives_at / 1.25, rel=1e-12)
        assert after.talk_time[:n].tolist() == before.talk_time.tolist()


LONG = 40  # hours, about 2400 calls


def delays(ring: int = 0, extension: str = "201", **person: Any) -> Floats:
    """Return one person's answer delays on a long day, by default uniform in [0, 1)."""
    scenario = one(BUSY, hours=LONG, **{"answer_delay": stats.uniform(0, 1), **person})
    workload = Workload.draw(scenario, seed=7)
    answer_delay = workload.phones.answer_delay_of(extension)
    return np.array([answer_delay(call, ring) for call in range(len(workload))])


@pytest.fixture(scope="module")
def first() -> Floats:
    """Return the delays of the first rings."""
    return delays()


class TestAnswerDelays:
    """Delays are drawn for every ring, and `answer_probability` uses a separate draw."""

    def test_they_have_their_distribution(self, first: Floats) -> None:
        n = len(first)
        assert within_4_sd(first.sum(), n / 2, n / 12)
        assert within_4_sd((first**2).sum(), n / 3, n * (1 / 5 - 1 / 9))

    @pytest.mark.parametrize("ring", [1, 2, 70])
    def test_a_further_ring_is_a_fresh_draw(self, first: Floats, ring: int) -> None:
        further = delays(ring)
        assert not set(first) & set(further)
        assert uncorrelated(first, further)

    def test_so_is_every_member(self, first: Floats) -> None:
        other = delays(extension="202")  # gamma, as not listed
        assert uncorrelated(first, np.log(other))

    def test_delays_do_not_follow_the_caller(self, first: Floats) -> None:
        workload = Workload.draw(one(BUSY, hours=LONG), seed=7)
        for times in (
            workload.talk_time,
            workload.patience,
            np.diff(workload.arrives_at, prepend=0),
        ):
            assert uncorrelated(first, np.log(times))

    @pytest.mark.parametrize("probability", [0.0, 0.25, 0.9, 1, 1.0])
    def test_the_coin_takes_rings_away_and_changes_no_other(
        self, first: Floats, probability: float
    ) -> None:
        answered = delays(answer_probability=probability)
        heads = np.isfinite(answered)
        n = len(first)
        assert answered[heads].tolist() == first[heads].tolist()
        assert within_4_sd(heads.sum(), n * probability, n * probability * (1 - probability))

    def test_coins_and_delays_are_independent(self, first: Floats) -> None:
        assert uncorrelated(np.isfinite(delays(answer_probability=0.5)), first)

    def test_coins_of_further_rings_are_fresh(self) -> None:
        coins = [np.isfinite(delays(ring, answer_probability=0.5)) for ring in range(2)]
        assert uncorrelated(*coins)

    def test_surer_people_answer_what_less_sure_ones_do(self) -> None:
        seldom = np.isfinite(delays(answer_probability=0.3))
        often = np.isfinite(delays(answer_probability=0.6))
        assert (often | ~seldom).all()

    def test_a_constant_delay_has_its_coin_too(self) -> None:
        constant = delays(answer_delay=4, answer_probability=0.5)
        heads = np.isfinite(delays(answer_probability=0.5))
        assert constant.tolist() == np.where(heads, 4.0, math.inf).tolist()

    @pytest.mark.parametrize(
        "answer_delay",
        [5, stats.gamma(2, scale=3), Empirical([1, 2, math.inf]), stats.poisson(4)],
        ids=["constant", "gamma", "samples", "counts"],
    )
    def test_they_are_the_same_in_whatever_order_they_are_asked_for(
        self, answer_delay: Any
    ) -> None:
        scenario = one(BUSY, hours=LONG, answer_delay=answer_delay)
        asked = Workload.draw(scenario, seed=7).phones.answer_delay_of("201")
        afresh = Workload.draw(scenario, seed=7).phones
        places = [(call, ring) for ring in range(0, 120, 7) for call in range(0, 2000, 97)]
        shuffled = np.random.default_rng(1).permutation(len(places))
        values = {places[place]: asked(*places[place]) for place in shuffled}
        for call, ring in places[::13]:
            assert afresh.answer_delay_of("201")(call, ring) == values[call, ring]


class TestOwnCalls:
    def test_they_are_poisson(self) -> None:
        demand = Demand(calls_per_hour=6, talk_time=stats.expon(scale=60))
        r = 200
        workloads = [
            Workload.draw(office(extensions=[Extension("201", own_calls=demand)]), 7, replication)
            for replication in range(r)
        ]
        n = sum(len(workload.own_calls) for workload in workloads)
        assert within_4_sd(n, r * 48, r * 48)
        talks = sum(workload.own_calls.talk_time.sum() for workload in workloads)
        assert within_4_sd(talks, n * 60, n * 60**2)
        assert all((workload.own_calls.at < 8 * 3600).all() for workload in workloads)

    def test_each_has_a_stream_of_its_own(self) -> None:
        talk = stats.expon(scale=60)
        demand = Demand(calls_per_hour=60, talk_time=talk)
        calls = Workload.draw(office(extensions=[Extension("201", own_calls=demand)]), 7).own_calls
        gaps = Stream(7, 0, "own_arrival", ("201",)).take(0, len(calls))
        talks = Stream(7, 0, "own_talk_time", ("201",)).take(0, len(calls))
        assert calls.at == pytest.approx(np.cumsum(-60 * np.log1p(-gaps)), rel=1e-9)
        assert talk.cdf(calls.talk_time) == pytest.approx(talks, abs=1e-9)

    def test_by_instant_then_by_number(self) -> None:
        at_once = Demand(arrives_at=[50, 0], talk_time=9)
        people = [Extension("203", own_calls=at_once), Extension("201", own_calls=at_once)]
        calls = Workload.draw(office(extensions=people)).own_calls
        assert calls.at.tolist() == [0, 0, 50, 50]
        assert calls.extension == ("201", "203", "201", "203")

    def test_whom_no_group_lists_has_them_too(self) -> None:
        workload = Workload.draw(office(extensions=[Extension("299", own_calls=QUIET)]), seed=7)
        assert set(workload.own_calls.extension) == {"299"}

    def test_they_are_not_the_calls_of_a_group(self) -> None:
        people = [Extension("201", own_calls=BUSY)]
        workload = Workload.draw(office(extensions=people), seed=7)
        assert not {at for at, _ in own(workload, "201")} & set(workload.arrives_at)


class TestRefusals:
    @pytest.mark.parametrize("name", ["seed", "replication"])
    @pytest.mark.parametrize("value", [-1, 1.5, "7", True, None])
    def test_seeds(self, name: str, value: Any) -> None:
        assert refusal(lambda: Workload.draw(office(), **{name: value})) == (
            f"{name} must be a whole number, at least 0, got {value!r}."
        )

    def test_more_calls_than_anybody_wants(self) -> None:
        demand = Demand(calls_per_hour=2e6, talk_time=1)
        assert refusal(Workload.draw, one(demand)) == (
            "expected number of calls must be at most 10,000,000, got '16,000,000'. "
            "Raise the limit with max_calls=."
        )

    @pytest.mark.parametrize(
        "scenario",
        [
            pytest.param(one(Demand(calls_per_hour=20, talk_time=1)), id="of a group"),
            pytest.param(
                office(
                    demand={},
                    extensions=[Extension("201", own_calls=Demand(calls_per_hour=20, talk_time=1))],
                ),
                id="own calls",
            ),
            pytest.param(
                one(
                    Demand(calls_per_hour=10, talk_time=1),
                    own_calls=Demand(calls_per_hour=10, talk_time=1),
                ),
                id="both together",
            ),
            pytest.param(one(Demand(arrives_at=[0] * 160, talk_time=1)), id="given instants"),
        ],
    )
    def test_the_limit_counts_all(self, scenario: Scenario) -> None:
        assert "must be at most 159" in refusal(lambda: Workload.draw(scenario, max_calls=159))
        assert Workload.draw(scenario, max_calls=160) is not None

    def test_a_distribution_whose_inverse_is_no_time(self) -> None:
        class Broken(stats.rv_continuous):
            def _ppf(self, q: Floats) -> Floats:
                return np.full_like(q, np.nan)

            def _stats(self) -> tuple[float, ...]:
                return 0.5, 0.1, 0, 0

        demand = BUSY.replace(patience=Broken(a=0, b=1, name="broken")())
        assert refusal(Workload.draw, one(demand)).startswith(
            "demand.600.patience must have an inverse (ppf) of at least 0 s everywhere, got "
        )


def test_delays_without_a_fast_inverse_are_not_laid_out_without_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The compiled engine evaluates all rings of all calls; the SimPy engine only actual rings."""
    scenario = one(Demand(calls_per_hour=30, talk_time=1), answer_delay=stats.poisson(6))
    phones = Workload.draw(scenario).phones
    monkeypatch.setattr(_phones, "MOST_LAID_OUT", 200)
    assert phones.arrays(["201"], 4).limit.tolist() == [4]
    assert refusal(phones.arrays, ["201"], 5) == (
        "201.answer_delay must have an inverse that is fast where phones ring so often,"
        " got 'poisson(mu=6)'. Give samples of it, or use engine='simpy'."
    )


@pytest.mark.parametrize(
    ("people", "calls_per_hour", "delay", "together"),
    [
        (2, 100, 5, 99),  # of 10,000 calls asked for
        (2, 20_000, 5, 1),  # at least one
        (2, 1, 5, 256),  # at most that, even if replications are short
        (640, 100, 5, 8),  # fewer with many people
        (2, 100, stats.poisson(6), 1),  # all rings are evaluated beforehand
    ],
)
def test_how_many_replications_are_drawn_together(
    people: int, calls_per_hour: float, delay: Any, together: int
) -> None:
    numbers = [str(1000 + place) for place in range(people)]
    scenario = Scenario(
        groups=[{"extension_number": "600", "members": numbers}],
        demand={"600": Demand(calls_per_hour=calls_per_hour, talk_time=1)},
        extensions=[Extension(number, answer_delay=delay) for number in numbers],
        hours=1,
    )
    assert Sampler(scenario).together(10_000) == together


def test_keys_are_the_same_however_often_they_were_asked_for() -> None:
    """Keys are cached, but a stream returns copies."""
    stream = Stream(3, 1, "talk_time", ("600",))
    before = stream.take(0, 4).tolist()
    stream.key[:] = 0
    assert stream.take(0, 4).tolist() == before
    _keys._few_keys.cache_clear()
    assert stream.take(0, 4).tolist() == before


@pytest.mark.parametrize(("n", "kept"), [(4096, 20), (4097, 4)])
def test_only_few_arrays_of_many_keys_are_cached(n: int, kept: int) -> None:
    """So a study of a whole telephone system does not keep megabytes for each of its days."""
    for cache in (_keys._few_keys, _keys._many_keys):
        cache.cache_clear()
    subjects = tuple(subject("talk_time", str(number)) for number in range(n))
    alone = [keys(5, (run,), subjects) for run in range(20)]
    again = [keys(5, (run,), subjects) for run in reversed(range(20))]
    assert sum(one is other for one, other in zip(alone, reversed(again), strict=True)) == kept
    assert np.array_equal(alone, again[::-1])


def test_keys_are_made_only_for_people_who_may_ring_for_a_group() -> None:
    """Those of the others are 0, and all others as if everybody might ring for every call."""
    scenario = office(extensions=[Extension(number) for number in ("204", "203", "202", "201")])
    people = scenario.extension_numbers
    for reached in ({"600": (0, 2)}, {"601": (1,), "600": ()}, {"600": (3,), "601": (0, 1, 2, 3)}):
        phones = Workload.draw(scenario, 3).phones
        every, some = phones.arrays(people, 1).keys, phones.arrays(people, 1, reached).keys
        for row, group in enumerate(("600", "601")):
            mine = np.isin(np.arange(len(people)), reached.get(group, ()))
            assert np.array_equal(some[row, mine], every[row, mine])
            assert not some[row, ~mine].any()
