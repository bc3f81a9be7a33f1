"""Comparisons of many figures, against other computations, printed tables and error counts.

Figures are means of drawn numbers. A common part of each day makes them correlated, as common
random numbers do. The studies at the end count wrong claims, with tolerances of 4 standard
deviations of the counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from ringsim.confidence import (
    BestComparison,
    Count,
    Days,
    Estimate,
    Influence,
    Paired,
    Rate,
    compare_with_baseline,
    compare_with_best,
    difference,
    equivalent_to_baseline,
    holm,
    paired,
)

Floats: TypeAlias = NDArray[np.float64]

# Throughput of three buffer allocations in ten replications: Harrell, Ghosh and Bowden,
# Simulation Using ProModel, 2nd ed. 2004, chapter 10
BUFFERS = np.array(
    [
        [54.48, 57.36, 54.81, 56.20, 54.83, 57.69, 58.33, 57.19, 56.84, 55.29],
        [56.01, 54.08, 52.14, 53.49, 55.49, 55.00, 54.88, 54.47, 54.93, 55.84],
        [57.22, 56.95, 58.30, 56.11, 57.00, 57.83, 56.99, 57.64, 58.07, 57.81],
    ]
)


def means(*columns: Sequence[float] | Floats) -> list[Influence]:
    """Return the influence of each column's mean."""
    return [Count(np.array(column, dtype=np.float64)).influence() for column in columns]


def near(*values: float) -> Any:
    return pytest.approx(values, rel=1e-9, abs=1e-12, nan_ok=True)


def numbers(k: int) -> st.SearchStrategy[Floats]:
    """Six replications of k studies; few values, so that some are the same."""
    row = st.lists(st.integers(-3, 3), min_size=6, max_size=6)
    return st.lists(row, min_size=k, max_size=k).map(lambda rows: np.array(rows, dtype=np.float64))


# Two figures


def test_a_difference_is_the_published_one() -> None:
    """The book has 1.67, from 0.60 to 2.74 with 90 %, for the first two strategies."""
    one, other, _ = means(*BUFFERS)
    estimate = paired(one, other).estimate(0.9)
    assert [round(value, 2) for value in estimate[:3]] == [1.67, 0.60, 2.74]


def test_a_difference_is_that_of_the_paired_t_test() -> None:
    one, other, _ = means(*BUFFERS)
    test = stats.ttest_rel(BUFFERS[0], BUFFERS[1])
    interval = test.confidence_interval(0.95)
    pair = paired(one, other)
    assert pair.estimate()[:3] == near(BUFFERS[0].mean() - BUFFERS[1].mean(), *interval)
    assert pair.p_value == pytest.approx(test.pvalue, rel=1e-9)


def test_a_difference_of_rates_pairs_what_each_day_contributes() -> None:
    """Compare with the delta method for A/N - B/M with all four covariances."""
    rng = np.random.default_rng(1)
    a, n, b, m = rng.poisson([[30], [40], [20], [50]], (4, 25)).astype(float)
    gradient = np.array(
        [1 / n.mean(), -a.mean() / n.mean() ** 2, -1 / m.mean(), b.mean() / m.mean() ** 2]
    )
    error = math.sqrt(gradient @ np.cov([a, n, b, m]) @ gradient / 25)
    value = a.sum() / n.sum() - b.sum() / m.sum()
    low, high = stats.t.interval(0.9, 24, loc=value, scale=error)
    assert difference(Rate(a, n), Rate(b, m), level=0.9)[:3] == near(value, low, high)


@given(numbers(1), st.sampled_from([0.1, 3.0, 1e6]))
def test_the_same_differs_by_nothing_whatever_the_order_of_additions(
    values: Floats, scale: float
) -> None:
    [one] = means(values[0] * scale)
    rounded = Influence(one.value * (1 + 2e-16), one.residuals * (1 - 2e-16))
    pair = paired(one, rounded)
    assert pair[:4] == (0, 0, 6, (0, 0))
    note = "few events; the same in every replication"
    assert pair.estimate(0.999) == Estimate(0, 0, 0, note)
    assert pair.p_value == 1


def test_what_is_one_and_the_same_differs_by_nothing_for_certain() -> None:
    [one] = means([1, 2, 3])
    assert paired(one, one).estimate(0.999) == Estimate(0, 0, 0, "the same in every replication")
    assert paired(one, one).estimate().is_certain


def test_rates_that_never_differed_may_do_so_on_days_that_did_not_come() -> None:
    """And shares of days; a mean may by any amount, and is marked."""
    cases, met = np.full(20, 50.0), np.arange(20) > 3
    reach = float(-np.expm1(np.log(0.025) / 20))
    rates = [Rate(40 + np.arange(20) % 3.0, cases).influence() for _ in range(2)]
    days = [Days(met, met | True).influence() for _ in range(2)]
    for pair in (paired(*rates), paired(*days)):
        assert pair.estimate()[:3] == near(0, -reach, reach)
        assert "the same in every replication" in pair.estimate().note
    assert not paired(*rates).is_trusted
    assert paired(*days).is_trusted


def by_day(one: int, other: int, both: int, neither: int) -> Paired:
    """Days on which only one of two things was so, only the other, both, and neither."""
    counts = [one, other, both, neither]
    first, second = (np.repeat(sides, counts) for sides in ([1, 0, 1, 0], [0, 1, 1, 0]))
    all_days = np.ones(sum(counts), dtype=bool)
    figures = [Days(met.astype(bool), all_days).influence() for met in (first, second)]
    return paired(*figures)


@pytest.mark.parametrize("counts", [(0, 0, 10, 10), (1, 0, 19, 0), (6, 0, 50, 44), (5, 14, 1, 0)])
def test_shares_of_days_are_told_apart_by_mcnemars_exact_test(counts: Any) -> None:
    one, other, *_ = counts
    exact = stats.binomtest(one, one + other).pvalue if one + other else 1.0
    pair = by_day(*counts)
    assert pair.p_value == pytest.approx(exact)
    low, high = pair.bounds(0.95)
    assert low <= pair.value <= high
    assert low < high
    assert (low <= 0 <= high) == (exact > 0.05)
    turned = by_day(other, one, *counts[2:])
    assert turned.bounds(0.95) == near(-high, -low)


@pytest.mark.parametrize("days", [20, 100])
@given(one=st.floats(0, 0.2), other=st.floats(0, 0.2))
@example(0.027, 0)
@example(0.005, 0)
@example(0.182, 0.2)  # 93.75 % of 100 days, the least of all multiples of 0.0005
@settings(max_examples=20)
def test_limits_of_a_difference_of_days_cover_every_difference(
    days: int, one: float, other: float
) -> None:
    """Summed over all outcomes that have a chance, and so without chance."""
    covered = 0.0
    law = stats.multinomial(days, [one, other, 1 - one - other])
    most = [int(stats.binom.ppf(1 - 1e-4, days, share)) for share in (one, other)]
    for a in range(most[0] + 1):
        for b in range(min(most[1], days - a) + 1):
            low, high = by_day(a, b, days - a - b, 0).bounds(0.95)
            if low - 1e-12 <= one - other <= high + 1e-12:
                covered += float(law.pmf([a, b, days - a - b]))
    assert covered >= 0.937


def test_a_difference_that_few_replications_carry_must_be_told_by_signs() -> None:
    """Three days of 20 are not enough, though t alone would claim that one is the best."""
    rng = np.random.default_rng(3)
    few = np.zeros((2, 20))
    few[1, :3] = 1
    baseline, other = means(*few)
    pair = paired(other, baseline)
    assert not pair.is_trusted
    assert stats.ttest_1samp(few[1], 0).pvalue < 0.1 < stats.binomtest(3, 3).pvalue
    [versus] = compare_with_baseline(baseline, [other], level=0.9)
    assert not versus.differs
    assert versus.difference.note == "few events"
    assert all(bounds.may_be_best for bounds in compare_with_best([baseline, other]))
    many = rng.normal(size=20) + 3
    many[0] = 60  # a single replication carries the error, but all signs agree
    clear = paired(*means(many, np.zeros(20)))
    assert not clear.is_trusted
    assert clear.p_value == stats.ttest_1samp(many, 0).pvalue


@given(numbers(2))
def test_turned_around_a_difference_has_the_other_sign(values: Floats) -> None:
    one, other = means(*values)
    there, back = paired(one, other), paired(other, one)
    assert (there.value, there.error, there.p_value) == (-back.value, back.error, back.p_value)


@pytest.mark.parametrize("days", [2, 3, 20])
def test_a_difference_without_error_is_as_sure_as_signs_can_be(days: int) -> None:
    """Equal signs on all days have a probability of 1 / 2^(days - 1)."""
    pair = paired(*means(np.arange(days) + 2.0, np.arange(days)))
    unseen = 0.0 if days < 6 else 2 * -np.expm1(np.log(0.025) / days)
    low, high = pytest.approx(2 - unseen), pytest.approx(2 + unseen)
    assert pair.estimate() == (2, low, high, "few events" if days < 6 else "")
    assert pair.p_value == stats.binomtest(days, days).pvalue


@pytest.mark.parametrize("odd", [0, 1.5, 2])
@pytest.mark.parametrize("days", [20, 100])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.1])
def test_a_difference_that_almost_every_day_carries_is_trusted_and_covered(
    days: int, share: float, odd: float
) -> None:
    """It is 1 on most days and `odd` on others, of which few occur; summed over all counts."""
    truth, covered = 1 - share + share * odd, 0.0
    for n in range(days + 1):
        apart = np.repeat([odd, 1.0], [n, days - n])
        pair = paired(*means(apart, np.zeros(days)))
        chance = float(stats.binom.pmf(n, days, share))
        if chance > 1e-6:
            assert pair.is_trusted
            low, high = pair.bounds(0.95)
            covered += chance * (low - 1e-12 <= truth <= high + 1e-12)
    assert covered > 0.93


@pytest.mark.parametrize(
    "apart",
    [
        np.repeat([1.0, 0.0], [3, 97]),  # few days differ
        np.repeat([60.0, 3.0], [1, 19]),  # all differ, and one of them carries the difference
        np.repeat([2.0], 5),  # there are few days
    ],
)
def test_a_difference_that_few_days_carry_is_marked(apart: Floats) -> None:
    pair = paired(*means(apart, np.zeros(len(apart))))
    assert pair.estimate().note == "few events"


def test_a_rate_that_differs_alike_on_all_days_allows_for_unseen_ones() -> None:
    """A rate can change by 1 on an unseen day, whatever it was on the others."""
    cases = np.full(20, 50.0)
    pair = paired(*(Rate(np.full(20, met), cases).influence() for met in (40.0, 20.0)))
    reach = float(-np.expm1(np.log(0.025) / 20))
    assert pair.estimate()[:3] == near(0.4, 0.4 - reach, 0.4 + reach)
    assert pair.is_trusted


@pytest.mark.parametrize(
    ("one", "other"), [([3], [4]), ([3], [3]), ([math.nan, 1], [1, 2]), ([1, 2, 3], [1, 2])]
)
def test_without_pairs_nothing_can_be_told(one: list[float], other: list[float]) -> None:
    pair = paired(*means(one, other))
    assert pair.estimate()[1:3] == near(math.nan, math.nan)
    assert pair.p_value == 1


# Against a baseline


@pytest.mark.parametrize(
    ("comparisons", "quantile"), [(1, 2.262), (5, 3.250), (10, 3.690), (50, 4.781)]
)
def test_intervals_have_the_quantile_of_the_table(comparisons: int, quantile: float) -> None:
    """Student's t with 9 degrees of freedom at 0.025 / m, as printed tables have it."""
    baseline, other, _ = means(*BUFFERS)
    found = compare_with_baseline(baseline, [other] * comparisons)
    for versus in found:
        half = versus.difference.high - versus.difference.estimate
        assert half / paired(other, baseline).error == pytest.approx(quantile, abs=5e-4)


def test_an_adjusted_interval_that_leaves_out_0_is_a_difference() -> None:
    """And Holm finds one more."""
    rng = np.random.default_rng(5)
    noise = rng.normal(size=(5, 40))
    noise = (noise - noise.mean(axis=1, keepdims=True)) / noise.std(axis=1, ddof=1, keepdims=True)
    shifts = np.array([[0.0], [1.0], [1.0], [0.0], [0.35]])  # z of 6.3, 6.3, 0, 2.2
    baseline, *others = means(*(noise * [[0], [1], [1], [1], [1]] + shifts))
    found = compare_with_baseline(baseline, others)
    outside = [not versus.difference.low <= 0 <= versus.difference.high for versus in found]
    assert outside == [True, True, False, False]
    assert [versus.differs for versus in found] == [True, True, False, False]
    assert [versus.differs for versus in compare_with_baseline(baseline, others, level=0.93)] == [
        True,
        True,
        False,
        True,
    ]
    wider = compare_with_baseline(baseline, others, level=0.93)[3].difference
    assert wider.low < 0 < wider.high


def test_against_nobody_there_is_nothing_to_say() -> None:
    assert compare_with_baseline(means([1, 2])[0], []) == []


# Holm


def closed(p_values: Sequence[float], level: float) -> list[bool]:
    """Holm rejects a hypothesis if Bonferroni rejects every set that contains it."""
    m = range(len(p_values))
    sets = [part for size in range(1, len(p_values) + 1) for part in combinations(m, size)]
    rejects = {part: min(p_values[i] for i in part) <= (1 - level) / len(part) for part in sets}
    return [all(rejects[part] for part in sets if i in part) for i in m]


@given(
    st.lists(st.floats(0, 0.2) | st.sampled_from([0.0, 0.0125, 0.025, 0.05, 1.0]), max_size=5),
    st.sampled_from([0.9, 0.95, 0.99]),
)
def test_holm_is_the_closed_test_of_bonferroni(p_values: list[float], level: float) -> None:
    assert holm(p_values, level=level) == closed(p_values, level)


# The best


def best_by_hand(values: Floats, level: float = 0.95) -> list[tuple[float, float, bool]]:
    """Hsu's constrained intervals, written out."""
    k, n = values.shape
    t = stats.t.ppf(1 - (1 - level) / (k - 1), n - 1)
    upper, lower = np.zeros((k, k)), np.zeros((k, k))
    for i in range(k):
        for j in range(k):
            apart = values[i] - values[j]
            half = t * apart.std(ddof=1) / math.sqrt(n)
            upper[i, j], lower[i, j] = apart.mean() + half, apart.mean() - half
    can = [all(upper[i, j] >= -1e-12 for j in range(k)) for i in range(k)]
    found = []
    for i in range(k):
        rivals = [j for j in range(k) if j != i]
        high = max(0.0, min(upper[i, j] for j in rivals))
        low = min([0.0, *(lower[i, j] for j in rivals if can[j])])
        found.append((low, high, can[i]))
    return found


@given(st.integers(2, 4).flatmap(numbers))
def test_bounds_to_the_best_are_those_written_out(values: Floats) -> None:
    for bounds, expected in zip(
        compare_with_best(means(*values)), best_by_hand(values), strict=True
    ):
        assert (bounds.low, bounds.high) == near(*expected[:2])
        assert bounds.may_be_best == expected[2]


def test_the_best_buffers_are_found() -> None:
    """The third strategy has most, the first may be as good, the second is not."""
    found = compare_with_best(means(*BUFFERS))
    assert [bounds.may_be_best for bounds in found] == [True, False, True]
    assert found[1].low < found[1].high == 0 < found[0].high < found[2].high


@pytest.mark.parametrize(("studies", "quantile"), [(2, 1.833), (6, 2.821), (11, 3.250)])
def test_the_best_is_told_by_one_sided_comparisons(studies: int, quantile: float) -> None:
    """Student's t with 9 degrees of freedom at 0.05 / (k - 1)."""
    one, other, _ = means(*BUFFERS)
    found = compare_with_best([one] + [other] * (studies - 1))
    pair = paired(one, other)
    assert (found[0].high - pair.value) / pair.error == pytest.approx(quantile, abs=5e-4)


@given(st.integers(1, 4).flatmap(numbers))
def test_of_the_least_it_is_the_mirror_image(values: Floats) -> None:
    mirrored = compare_with_best(means(*-values), greatest=False)
    assert mirrored == [
        BestComparison(0 - high, 0 - low, may)
        for low, high, may in compare_with_best(means(*values))
    ]
    assert not any(bound == 0 and math.copysign(1, bound) < 0 for one in mirrored for bound in one)


@given(st.integers(1, 4).flatmap(numbers), st.randoms())
def test_who_may_be_best_does_not_depend_on_the_order(values: Floats, random: Any) -> None:
    order = list(range(len(values)))
    random.shuffle(order)
    found, shuffled = compare_with_best(means(*values)), compare_with_best(means(*values[order]))
    assert shuffled == [found[place] for place in order]


@given(st.integers(1, 4).flatmap(numbers))
def test_the_greatest_may_be_best_and_all_intervals_reach_0(values: Floats) -> None:
    found = compare_with_best(means(*values))
    assert found[int(values.mean(axis=1).argmax())].may_be_best
    for bounds in found:
        assert bounds.low <= 0 <= bounds.high
        assert bounds.may_be_best or bounds.high == 0
    if sum(bounds.may_be_best for bounds in found) == 1:
        assert max(found, key=lambda bounds: bounds.may_be_best).low == 0


def test_one_replication_leaves_everybody_in() -> None:
    found = compare_with_best(means([1], [2]))
    assert [bounds.may_be_best for bounds in found] == [True, True]
    assert all(math.isnan(bounds.low) and math.isnan(bounds.high) for bounds in found)


# Frequencies of wrong claims

STUDIES, REPLICATIONS = 3000, 12


def drawn(means_of: Sequence[float], seed: int) -> Floats:
    """Studies by replications by systems: half of the variance is the day's, spreads differ."""
    rng = np.random.default_rng(seed)
    k = len(means_of)
    days = rng.normal(size=(STUDIES, REPLICATIONS, 1))
    own = rng.normal(size=(STUDIES, REPLICATIONS, k)) * np.linspace(0.5, 2, k)
    return np.array(means_of) + days + own


def tolerance(share: float) -> float:
    return 4 * math.sqrt(share * (1 - share) / STUDIES)


def test_adjusted_intervals_cover_what_they_should() -> None:
    """Each interval has exactly its own level, and all together at least the given level."""
    truth = np.array([0.3, -0.2, 0.0, 1.0])
    covered = np.empty((STUDIES, 4), dtype=bool)
    for study, values in enumerate(drawn([0, *truth], seed=1)):
        baseline, *others = means(*values.T)
        found = [versus.difference for versus in compare_with_baseline(baseline, others)]
        covered[study] = [
            one.low <= true <= one.high for one, true in zip(found, truth, strict=True)
        ]
    each = 1 - 0.05 / 4
    assert np.abs(covered.mean(axis=0) - each).max() < tolerance(each)
    assert 0.95 - tolerance(0.95) < covered.all(axis=1).mean() < each


def test_holm_claims_no_false_difference_more_often_than_said() -> None:
    """And with most hypotheses rejected, more often than Bonferroni's test would."""
    false = np.empty((STUDIES, 2), dtype=bool)
    for study, values in enumerate(drawn([0, 0, 0, 9, 9], seed=2)):
        baseline, *others = means(*values.T)
        differ = [versus.differs for versus in compare_with_baseline(baseline, others)]
        assert all(differ[2:])
        false[study] = differ[:2]
    assert false.any(axis=1).mean() < 0.05 + tolerance(0.05)
    assert (false.mean(axis=0) > 0.05 / 4 + tolerance(0.05 / 4)).all()


@pytest.mark.parametrize("gap", [0.0, 0.8])
def test_the_best_is_among_those_that_may_be_it(gap: float) -> None:
    """The other systems are equal, which is the hardest case; all intervals hold together."""
    truth = np.array([gap, 0, 0, 0])
    kept = np.empty(STUDIES, dtype=bool)
    held = np.empty(STUDIES, dtype=bool)
    for study, values in enumerate(drawn(list(truth), seed=3)):
        found = compare_with_best(means(*values.T))
        kept[study] = found[0].may_be_best
        to_best = [truth[i] - np.delete(truth, i).max() for i in range(4)]
        held[study] = all(
            one.low <= true <= one.high for one, true in zip(found, to_best, strict=True)
        )
    assert kept.mean() > 0.95 - tolerance(0.95)
    assert held.mean() > 0.95 - tolerance(0.95)


def test_of_two_alike_each_is_kept_as_often_as_said() -> None:
    """With a single comparison, the level is exact."""
    kept = np.array(
        [
            [bounds.may_be_best for bounds in compare_with_best(means(*values.T))]
            for values in drawn([0, 0], seed=4)
        ]
    )
    assert np.abs(kept.mean(axis=0) - 0.95).max() < tolerance(0.95)


def test_a_clear_best_is_found_alone() -> None:
    """Only the first of four systems may be best if it leads by 5 standard deviations."""
    alone = np.empty(STUDIES, dtype=bool)
    for study, values in enumerate(drawn([5, 0, 0, 0], seed=5)):
        alone[study] = [one.may_be_best for one in compare_with_best(means(*values.T))] == [
            True,
            False,
            False,
            False,
        ]
    assert alone.mean() > 0.99


# Equivalence


def influence(values: Floats, reach: float = math.nan) -> Influence:
    return Influence(float(values.mean()), values - values.mean(), reach)


def test_figures_are_seldom_called_equivalent_that_differ_by_the_margin() -> None:
    """In less than 5 % of studies is any of four variants; within the binomial limit of 99.9 %."""
    studies, margin, wrong = 2000, 1.0, 0
    random = np.random.default_rng(5)
    for _ in range(studies):
        baseline = random.normal(size=30)
        others = [baseline + margin + 0.3 * random.normal(size=30) for _ in range(4)]
        found = equivalent_to_baseline(influence(baseline), list(map(influence, others)), margin)
        wrong += any(found)
    assert wrong <= stats.binom.ppf(0.999, studies, 0.05)
    assert wrong >= studies * 0.02  # the tests spend their error


def test_figures_that_differ_little_are_equivalent() -> None:
    random = np.random.default_rng(6)
    baseline = random.normal(size=100)
    near, far = (influence(baseline + 0.1 * random.normal(size=100) + d) for d in (0.0, 2.0))
    assert equivalent_to_baseline(influence(baseline), [near, far], 0.5) == [True, False]
    assert equivalent_to_baseline(influence(baseline), [], 0.5) == []


def test_a_figure_is_equivalent_to_itself_and_few_different_days_are_no_proof() -> None:
    baseline = influence(np.arange(30.0))
    assert equivalent_to_baseline(baseline, [baseline], 1e-9) == [True]
    same = influence(np.arange(30.0))
    assert equivalent_to_baseline(baseline, [same], 0.5) == [False]
    bounded = influence(np.arange(30.0) / 30, reach=1.0)
    other = influence(np.arange(30.0) / 30, reach=1.0)
    assert equivalent_to_baseline(bounded, [other], 0.5) == [True]
    assert equivalent_to_baseline(bounded, [other], 0.01) == [False]
