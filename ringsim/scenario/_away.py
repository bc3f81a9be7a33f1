"""Spells in which a person is away from their phone."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import PlainValidator, model_validator

from ringsim._model import Record
from ringsim.distributions import Distribution, as_distribution
from ringsim.errors import ConfigurationError

__all__ = ["Away", "Duration"]

Duration = Annotated[Distribution, PlainValidator(as_distribution)]


class Away(Record):
    """Spells in which nobody sits by a phone, which rings all the same.

    Times by the phone and spells away alternate, and each day begins by the phone. The PBX does
    not know about a spell: the phone counts as neither on a call nor off duty. A ring that goes
    on until the person is back can still be answered. A call that is going on ends undisturbed.

    Parameters
    ----------
    every : distribution
        Time from the start of the day, or from the end of a spell, to the next spell [s].
    lasting : distribution
        Length of a spell [s].

    Raises
    ------
    ConfigurationError
        If both are always 0, or one is not a distribution.

    Examples
    --------
    >>> Away(every=3600, lasting=300).share
    0.07692307692307693
    """

    every: Duration
    lasting: Duration

    @model_validator(mode="after")
    def _time_passes(self) -> Self:
        if self.every.mean() + self.lasting.mean() == 0:
            raise ConfigurationError("lasting", "must be more than 0 s, as every is 0", 0)
        return self

    @property
    def share(self) -> float:
        """Share of a long time that is spent away."""
        every, lasting = self.every.mean(), self.lasting.mean()
        return lasting / (every + lasting)

    def expected_spells(self, hours: float) -> float:
        """Return about how many spells begin in the first `hours`."""
        return hours * 3600 / (self.every.mean() + self.lasting.mean())
