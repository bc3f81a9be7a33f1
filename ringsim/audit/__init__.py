"""Audit of call logs: a third statement of the rules S1 to S15, beside the two engines.

`audit`
    Judge a log by the rules, row by row.
`Audit`, `Violation`, `Unchecked`
    The result: rows that break a rule, and rules that could not be checked.
`AuditError`
    The error that `Audit.check` raises.
"""

from ringsim.audit._audit import Audit, AuditError, Unchecked, audit
from ringsim.audit._rows import Violation

__all__ = ["Audit", "AuditError", "Unchecked", "Violation", "audit"]
