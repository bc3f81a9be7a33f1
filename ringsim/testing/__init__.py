"""What tests of ring groups need.

`audit`
    A log judged by the rules, row by row.
`Audit`, `AuditError`
    What it found, and how `Audit.check` says so.
"""

from ringsim.testing._audit import Audit, AuditError, audit

__all__ = ["Audit", "AuditError", "audit"]
