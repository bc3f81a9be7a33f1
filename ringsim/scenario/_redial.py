"""Callers who try again after a call that nobody answered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import PlainValidator

from ringsim._checks import is_integer, is_number
from ringsim._model import Record, number_between, plain_number
from ringsim.errors import ConfigurationError, check_choice
from ringsim.scenario._away import Duration

__all__ = ["TRIED_AGAIN", "Redial"]

TRIED_AGAIN = ("abandoned", "overflowed")  # outcomes that another attempt may follow
MOST_ATTEMPTS = 1_000_000  # of one caller


def _attempts(value: Any) -> Any:
    """Validate `max_attempts`: a whole number, or infinity, which files write as `"inf"`."""
    if value == "inf" if isinstance(value, str) else is_number(value) and value == math.inf:
        return math.inf
    if not is_integer(value) or not 1 <= value <= MOST_ATTEMPTS:
        raise ConfigurationError(
            "", f'must be a whole number from 1 to {MOST_ATTEMPTS:,}, or "inf"', value
        )
    return plain_number(value)


def _outcomes(value: Any) -> Any:
    """Validate `after`: one outcome or several, in the order of `TRIED_AGAIN`."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, Sequence) or not given:
        raise ConfigurationError("", "must be abandoned, overflowed, or a list of both", value)
    for outcome in given:
        check_choice("", outcome, TRIED_AGAIN)
    return tuple(outcome for outcome in TRIED_AGAIN if outcome in given)


class Redial(Record):
    """Callers who call again after an attempt that nobody answered.

    Each attempt is a call of its own, which arrives at the group of the first one. The caller
    keeps their talk time and wrap-up time through all attempts. How the members react to an
    attempt is drawn anew. Whether and when a caller tries again depends on the caller and on
    the number of the attempt alone, so that compared variants meet callers who redial alike.

    Parameters
    ----------
    probability : float
        Probability that an unanswered attempt is followed by another; drawn independently
        after each attempt.
    delay : distribution
        Time from the end of an attempt to the start of the next [s].
    max_attempts : int or inf, default inf
        Largest number of attempts of one caller, the first included.
    after : str or list of str, default both
        Outcomes that another attempt may follow: `abandoned`, `overflowed`.
    patience_anew : bool, default False
        Draw a patience for each attempt. By default the patience of the first attempt is that
        of all.

    Raises
    ------
    ConfigurationError
        If a field is invalid.

    Examples
    --------
    >>> Redial(probability=0.5, delay=300, after="overflowed").after
    ('overflowed',)
    """

    probability: Annotated[float, number_between("between 0 and 1", 0, 1)]
    delay: Duration
    max_attempts: Annotated[float, PlainValidator(_attempts)] = math.inf
    after: Annotated[tuple[str, ...], PlainValidator(_outcomes)] = TRIED_AGAIN
    patience_anew: bool = False

    @property
    def happens(self) -> bool:
        """True if there can be a second attempt."""
        return self.probability > 0 and self.max_attempts > 1
