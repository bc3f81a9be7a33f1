"""Records of a call as the PBX keeps them: a session and its legs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

__all__ = ["Call", "Leg"]


@dataclass(frozen=True)
class Leg:
    """One target of a call; times are Unix seconds, None for never."""

    kind: str
    result: str  # how the ring ended, in the words of a call log
    callee: str
    callee_display_name: str
    started_at: float
    rang_at: float | None
    answered_at: float | None
    ended_at: float
    end_reason: str = ""
    reroute_reason: str = ""
    service_number: str | None = None

    @property
    def duration(self) -> int:
        """Talk time as the PBX counts it: the difference of truncated seconds."""
        return _duration(self.answered_at, self.ended_at)


@dataclass(frozen=True)
class Call:
    """One session."""

    caller: str
    caller_display_name: str | None
    callee: str
    callee_display_name: str
    direction: str
    started_at: float
    rang_at: float | None
    answered_at: float | None
    ended_at: float
    end_reason: str
    status_code: int
    service_number: str | None
    did: str | None
    outbound_caller_id: str | None
    legs: tuple[Leg, ...]

    @property
    def duration(self) -> int:
        """Talk time as the PBX counts it: the difference of truncated seconds."""
        return _duration(self.answered_at, self.ended_at)


def _duration(answered_at: float | None, ended_at: float) -> int:
    return 0 if answered_at is None else int(ended_at) - int(answered_at)
