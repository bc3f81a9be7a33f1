"""Numbers of replications after which a group size is tested, with the error of each test.

A size is tested after 20, 40, 80, ... replications, until the evidence decides. Many tests and
many sizes are many chances of a wrong decision. So the error probability of the answer, 5 %, is
divided before anything is played (Bonferroni):

- Half is for accepting a size that misses the target. Its parts are 1/2, 1/6, 1/12, ..., which
  sum to 1. A size gets the first part if all smaller sizes were rejected, the second if one of
  them is undecided, and so on. Rejected sizes use up no part, because evidence strong enough to
  reject a size is hardly ever evidence that it meets the target.
- Half is for rejecting a size that meets the target. That makes the answer wrong only at the
  smallest such size, so every size gets the full half. Several goals share it equally.
- The checkpoints of one size share equally nine tenths of what the size gets. Two early looks,
  after two and three fifths of the first checkpoint's replications, share the last tenth. They
  reject sizes that are far too small; they accept none.
"""

from __future__ import annotations

from typing import NamedTuple

from ringsim._checks import is_integer
from ringsim.errors import ConfigurationError
from ringsim.planning._goals import Errors
from ringsim.planning._study import check_replications

__all__ = ["ERROR", "Checkpoints", "checkpoints_for"]

ERROR = 0.05  # probability of a wrong answer
EARLY_SHARE = 0.1  # of the error probability of a size, for its early looks
MOST_REPLICATIONS_OF_A_SIZE = 10_000_000
FEWEST_FOR_AN_EARLY_LOOK = 6  # replications; from fewer, next to nothing is rejected


class Checkpoints(NamedTuple):
    """Numbers of replications after which a size is tested: `first`, doubled until `most`."""

    first: int
    most: int

    @property
    def counts(self) -> list[int]:
        """All numbers of replications, rising."""
        counts = [self.first]
        while 2 * counts[-1] < self.most:
            counts.append(2 * counts[-1])
        return counts if counts[-1] == self.most else [*counts, self.most]

    @property
    def early_counts(self) -> list[int]:
        """Numbers of replications of the early looks, rising; none if `first` is small."""
        counts = [2 * self.first // 5, 3 * self.first // 5]
        return counts if counts[0] >= FEWEST_FOR_AN_EARLY_LOOK else []

    @property
    def looks(self) -> list[tuple[int, bool]]:
        """All numbers of replications at which a size is tested, and whether the look is early."""
        early = [(count, True) for count in self.early_counts]
        return [*early, *((count, False) for count in self.counts)]

    def errors(self, undecided: int, goals: int, *, early: bool = False) -> Errors:
        """Return the error probabilities of one goal at one checkpoint, or early look, of a size.

        `undecided` is the number of smaller sizes that are undecided.
        """
        early_share = EARLY_SHARE if self.early_counts else 0.0
        counts, share = self.counts, 1 - early_share
        if early:
            counts, share = self.early_counts, early_share
        each = ERROR / 2 * share / len(counts)
        return Errors(yes=each / ((undecided + 1) * (undecided + 2)), no=each / goals)


def checkpoints_for(first: int, most: int) -> Checkpoints:
    """Return checked checkpoints.

    Raises
    ------
    ConfigurationError
        If one of the numbers of replications is invalid.
    """
    if not is_integer(first) or first < 2:
        raise ConfigurationError("replications", "must be a whole number, at least 2", first)
    check_replications(first)
    if not is_integer(most) or most < first:
        raise ConfigurationError(
            "max_replications", f"must be a whole number, at least {first}", most
        )
    if most > MOST_REPLICATIONS_OF_A_SIZE:
        raise ConfigurationError(
            "max_replications", f"must be at most {MOST_REPLICATIONS_OF_A_SIZE:,}", most
        )
    return Checkpoints(int(first), int(most))
