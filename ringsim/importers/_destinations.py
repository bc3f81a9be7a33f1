"""Places that a dialplan sends calls to, as no-answer rules."""

from __future__ import annotations

import re
from typing import Any

from ringsim.importers._drafts import as_number

__all__ = ["HANGUP", "of_context", "to_number", "to_voicemail"]

HANGUP = {"action": "HANGUP"}
VOICEMAIL = re.compile(r"vm[a-z]?(\d+)")
HANG_UPS = ("hangup", "congestion", "busy")


def to_number(number: str) -> dict[str, Any]:
    """Return the rule that forwards to a number."""
    return {"action": "FORWARD_TO_NUMBER", "number": number}


def to_voicemail(number: str = "") -> dict[str, Any]:
    """Return the rule that forwards to voicemail; the number of the box is kept."""
    return {"action": "FORWARD_TO_VOICEMAIL", **({"number": number} if number else {})}


def of_context(destination: str) -> dict[str, Any] | None:
    """Return the rule of a destination `context,extension,priority`, or None if unknown."""
    parts = [part.strip() for part in destination.split(",")]
    context, extension = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
    if not extension and not context:
        return dict(HANGUP)
    if context == "app-blackhole" and extension.lower() in HANG_UPS:
        return dict(HANGUP)
    if match := VOICEMAIL.fullmatch(extension):
        return to_voicemail(match[1])
    number = as_number(extension)
    return None if number is None else to_number(number)
