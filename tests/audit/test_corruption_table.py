"""The share of changed logs that the audit finds is at least that of the table in the README."""

from __future__ import annotations

import re

import pytest
from scipy import stats

from corruption_table import CHANGES, DAYS, WORDS_OF_CHANGES, Change, Tally, cells_of, tallies
from support.profiles import PROFILE
from support.readme import TESTS_README

N_DAYS = max(PROFILE.equal_days // 200, 10)
RARE = 1e-6  # probability that a right share looks too small


def shares_of_the_table() -> dict[str, dict[Change, tuple[float, float]]]:
    """Return the shares that the table shows, with and without the workload, by kind of days."""
    text = TESTS_README.read_text("utf-8")
    rows = re.search(r"<!-- corruptions -->\n(.*)\n<!-- end of corruptions -->", text, re.DOTALL)
    assert rows is not None
    named = {words: what for what, words in WORDS_OF_CHANGES.items()}
    found: dict[str, dict[Change, tuple[float, float]]] = {kind: {} for kind in DAYS}
    for line in rows[1].splitlines()[2:]:
        frame, what, *cells = (cell.strip().strip("`") for cell in line.strip("|").split("|"))
        change = Change(frame, named.get(what, what))
        for place, kind in enumerate(DAYS):
            given = cells[2 * place : 2 * place + 2]
            if given[0] != "-":
                shares = tuple(float(cell.split(" ")[0]) / 100 for cell in given)
                found[kind][change] = (shares[0], shares[1])
    return found


@pytest.mark.parametrize("kind", DAYS)
def test_no_share_is_smaller_than_the_table_says(kind: str) -> None:
    known = shares_of_the_table()[kind]
    played = tallies(kind, range(1000, 1000 + N_DAYS))
    for change, tally in played.items():
        for found, share in zip(tally[1:], known[change], strict=True):
            least = stats.binom.ppf(RARE, tally.changed, max(0.0, share - 0.02))
            assert found >= least, (change, tally, share)


def test_every_change_is_in_the_table() -> None:
    known = shares_of_the_table()
    assert known["options"].keys() == {*CHANGES}
    assert {change.frame for change in known["plain"]} == {"calls", "rings", "visits", "own_calls"}
    assert all(share == 1 for share, _ in known["plain"].values())
    missed = {change for change, (share, _) in known["options"].items() if share < 0.9}
    assert missed == set()


def test_cells_have_shares_and_counts() -> None:
    assert cells_of(Tally(8, 6, 2)) == ("75 % of 8", "25 %")
    assert cells_of(Tally()) == ("-", "-")
