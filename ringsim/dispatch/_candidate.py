"""The view that a dispatcher has of its group: the candidates, and the moment."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Candidate", "Moment"]


class Candidate(NamedTuple):
    """A member who could be rung now, as their group knows them (rules S3 and S7).

    Instants are seconds from the start of the scenario, or `-inf` for never. All fields except
    `position`, `skill_level` and `random` are the memory of one group: if another group lists the
    same member, its memory of that member is separate.
    """

    position: int
    """Place in the configured order, from 0."""
    skill_level: int = 1
    """1 to 100."""
    last_rung_at: float = float("-inf")
    """Start of the last ring, answered or not."""
    last_answered_at: float = float("-inf")
    """Instant of the last answer."""
    last_hung_up_at: float = float("-inf")
    """End of the last talk; the present instant while that talk goes on."""
    n_rung: int = 0
    """Number of rings so far, counted at their start."""
    n_answered: int = 0
    """Number of answers so far; a page counts as one."""
    talked_time: float = 0.0
    """Planned talk of all answers so far [s], counted at the answer."""
    random: float = 0.0
    """A draw in [0, 1) from the workload, for this call and this member."""
    last_completed_at: float = float("-inf")
    """End of the last talk; a talk that goes on does not count yet."""
    n_completed: int = 0
    """Number of talks that have ended."""
    idle_since: float = float("-inf")
    """End of the person's last call of any kind; the present instant while one goes on."""
    rotation: int = 0
    """Distance from the rotation's pointer in the configured order (option `rotation`)."""
    redrawn: float = 0.0
    """A draw in [0, 1) like `random`, but a new one each time that members are picked."""
    weighted: float = 0.0
    """`redrawn` times `skill_level`."""

    def __repr__(self) -> str:
        """Return the shortest source of the candidate, such as `Candidate(0, n_rung=2)`."""
        new_member = Candidate(self.position)
        arguments = [
            f"{name}={value!r}"
            for name, value, default in zip(self._fields, self, new_member, strict=True)
            if value != default
        ]
        return f"Candidate({', '.join([repr(self.position), *arguments])})"


class Moment(NamedTuple):
    """The instant and the call for which a dispatcher picks a wave.

    Attributes
    ----------
    now : float
        Seconds from the start of the scenario.
    call : int
        Number of the call, from 0.
    wave : int
        Number of the wave within the pass, from 0.
    waited : float
        Seconds since the call arrived.
    """

    now: float
    call: int
    wave: int
    waited: float
