"""Values that arguments of the library and options of the command line accept.

This module imports nothing, so that the help of the command line is fast.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ENGINES", "LANGUAGES", "SECTIONS"]

ENGINES: Final = ("auto", "simpy", "compiled")
LANGUAGES: Final = ("en", "de")
# Sections of a report
SECTIONS: Final = (
    "recommendation",
    "variants",
    "callers",
    "members",
    "settings",
    "stress",
    "charts",
    "assumptions",
    "appendix",
)
