"""What may be picked, whoever picks it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ringsim.dispatch._base import Candidate
from ringsim.errors import DispatcherError

__all__ = ["checked_wave"]


def checked_wave(
    dispatcher: object, picked: Iterable[Candidate], candidates: Sequence[Candidate]
) -> list[Candidate]:
    """What a `wave` that is not ringsim's own picked, if it keeps the contract.

    Raises
    ------
    DispatcherError
        When nobody is picked, somebody twice, or somebody who is no candidate.

    Examples
    --------
    >>> from ringsim.dispatch import Hunt
    >>> checked_wave(Hunt(), [Candidate(2)], [Candidate(0), Candidate(1)])
    Traceback (most recent call last):
    ringsim.errors.DispatcherError: Hunt.wave() must pick from the candidates, got Candidate(2).
    """
    name = f"{type(dispatcher).__name__}.wave()"
    try:
        chosen = list(picked)
    except TypeError:
        raise DispatcherError(f"{name} must return candidates, got {picked!r}.") from None
    if not chosen:
        raise DispatcherError(
            f"{name} must pick at least one candidate, got none of {len(candidates)}."
        )
    for place, candidate in enumerate(chosen):
        if not isinstance(candidate, Candidate) or candidate not in candidates:
            raise DispatcherError(f"{name} must pick from the candidates, got {candidate!r}.")
        if candidate in chosen[:place]:
            raise DispatcherError(f"{name} must pick nobody twice, got {candidate!r} again.")
    return chosen
