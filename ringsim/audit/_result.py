"""Result of an audit, and the error that it raises.

`Audit`, `Unchecked`
    Violations, and rules that could not be checked.
`AuditError`
    The error that `Audit.check` raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ringsim.audit._rows import Violation
from ringsim.errors import RingsimError

__all__ = ["Audit", "AuditError", "Unchecked"]

MAX_SHOWN = 10


class Unchecked(NamedTuple):
    """A rule, or part of a rule, that could not be checked, and the reason."""

    rule: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.rule} {self.what}: {self.why}"


@dataclass(frozen=True)
class Audit:
    """The result of an audit.

    Attributes
    ----------
    violations : tuple of Violation
        Rows that break a rule, in the order of events. Look at the first one: later ones may be
        its consequences. Each has `frame`, `row` (index in the frame, from 0), `rule` and `said`;
        its `str` is a sentence.
    unchecked : tuple of Unchecked
        Rules that could not be checked: `rule`, `what` and `why`.
    """

    violations: tuple[Violation, ...]
    unchecked: tuple[Unchecked, ...]

    @property
    def ok(self) -> bool:
        """True if no row breaks a rule that was checked."""
        return not self.violations

    def check(self) -> None:
        """Raise an error if a row breaks a rule.

        Raises
        ------
        AuditError
            If there is a violation; the message states the first one.
        """
        if not self.ok:
            raise AuditError(self)

    def __str__(self) -> str:
        """Return up to ten violations, one per line, then the unchecked rules."""
        lines = [str(violation) for violation in self.violations[:MAX_SHOWN]] or ["no violation"]
        if len(self.violations) > MAX_SHOWN:
            lines.append(f"and {len(self.violations) - MAX_SHOWN} more")
        return "\n".join([*lines, *(f"unchecked: {rule}" for rule in self.unchecked)])

    def __repr__(self) -> str:
        first = f"first {self.violations[0]}" if self.violations else "ok"
        rules = ", ".join(dict.fromkeys(unchecked.rule for unchecked in self.unchecked))
        return (
            f"<Audit: {len(self.violations)} violations, {first}; unchecked: {rules or 'nothing'}>"
        )


class AuditError(RingsimError, AssertionError):
    """Error for a log that breaks a rule; the message states the first violation.

    It is an `AssertionError` too, so that test runners report it as a failed test.

    Attributes
    ----------
    audit : Audit
        The complete result.
    """

    def __init__(self, audit: Audit) -> None:
        super().__init__(audit)
        self.audit = audit

    def __str__(self) -> str:
        first, *more = self.audit.violations
        return f"{first} (and {len(more)} more)" if more else str(first)
