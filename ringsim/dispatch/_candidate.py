"""The view that a dispatcher has of its group: the candidates, and the moment.

`Candidate`, `Moment`
    The arguments of `wave`.
`SORT_FIELDS`
    Fields of a candidate that `order_by` may name: all that are numbers.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

__all__ = ["SORT_FIELDS", "Candidate", "Moment"]


def no_such_field(record: NamedTuple, name: str) -> AttributeError:
    """Return the error of reading a field that a candidate or a moment does not have."""
    kind, fields = type(record).__name__, ", ".join(record._fields)
    return AttributeError(f"{kind!r} object has no attribute {name!r}; its fields are {fields}")


class _CandidateFields(NamedTuple):
    """Fields of `Candidate`."""

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
    """Distance from the rotation's pointer in the configured order. The pointer moves as the
    group's option `rotation` says, and follows the rings (`rung`) if the group has none."""
    redrawn: float = 0.0
    """A draw in [0, 1) like `random`, but a new one each time that members are picked."""
    weighted: float = 0.0
    """`redrawn` times `skill_level`."""
    extension_number: str = ""
    """Extension number of the member. `order_by` cannot name it: it is text."""


SORT_FIELDS = tuple(name for name in _CandidateFields._fields if name != "extension_number")


class Candidate(_CandidateFields):
    """A member who could be rung now, as their group knows them (rules S3 and S7).

    Instants are seconds from the start of the scenario, or `-inf` for never. All fields except
    `position`, `skill_level`, `random` and `extension_number` are the memory of one group: if
    another group lists the same member, its memory of that member is separate. A candidate that
    is made by hand has the number 201 + position, unless it is given one.

    Examples
    --------
    >>> Candidate(2, n_rung=3).extension_number
    '203'
    """

    __slots__ = ()

    def __new__(cls, position: int, *others: Any, **fields: Any) -> Self:
        """Return a candidate; see the class for the fields and their defaults."""
        made = super().__new__(cls, position, *others, **fields)
        number = made.extension_number or str(201 + position)
        return made._replace(extension_number=number)

    def __getattr__(self, name: str) -> Any:
        """Raise an error that lists the fields: there is none of this name."""
        raise no_such_field(self, name)

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
    last_rung : int or None
        Position of the member whose phone was the last to start ringing for this group, for any
        call; they need not be a candidate now. Of several that began together, the last in the
        configured order. None before the first ring.
    last_answered : int or None
        Position of the member who was the last to answer for this group, pages included.

    Examples
    --------
    A hunt that never rings the same person twice in a row, unless nobody else can be rung:

    >>> import ringsim as rs
    >>> from ringsim.dispatch import Hunt
    >>> class TakesTurns(Hunt):
    ...     def wave(self, candidates, moment):
    ...         others = [one for one in candidates if one.position != moment.last_rung]
    ...         return super().wave(others or candidates, moment)
    >>> hunt = {"extension_number": "600", "members": ["201", "202"]}
    >>> delays = {"201": 5, "202": 5}
    >>> script = rs.Workload(arrives_at=[0, 100, 200], talk_time=30, answer_delay=delays)
    >>> log = rs.play(rs.Scenario(groups=[hunt]), script, dispatcher=TakesTurns)
    >>> list(log.calls["answered_by"])
    ['201', '202', '201']
    """

    now: float
    call: int
    wave: int
    waited: float
    last_rung: int | None = None
    last_answered: int | None = None

    def __getattr__(self, name: str) -> Any:
        """Raise an error that lists the fields: there is none of this name."""
        raise no_such_field(self, name)

    def __repr__(self) -> str:
        """Return the shortest source of the moment, such as `Moment(8.0, 0, 0, 0.0)`."""
        given = [repr(value) for value in self[:4]]
        last = {"last_rung": self.last_rung, "last_answered": self.last_answered}
        given += [f"{name}={value!r}" for name, value in last.items() if value is not None]
        return f"Moment({', '.join(given)})"
