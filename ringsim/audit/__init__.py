"""Audit of call logs: a third implementation of rules S1 to S15, independent of both engines.

`audit`
    Check every row of a log against the rules.
`Audit`, `Violation`, `Unchecked`
    The result: rows that break a rule, and rules that could not be checked.
`AuditError`
    The error that `Audit.check` raises.
"""

from ringsim.audit._audit import audit
from ringsim.audit._result import Audit, AuditError, Unchecked
from ringsim.audit._rows import Violation

__all__ = ["Audit", "AuditError", "Unchecked", "Violation", "audit"]
