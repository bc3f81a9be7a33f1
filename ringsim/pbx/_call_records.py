"""Call records of the PBX as `Records`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.records import Records

__all__ = ["records_of"]

SOURCE = "records of the PBX"
ASK_FOR_MORE = "Ask for more days."


def records_of(
    legs: Sequence[dict[str, Any]], group: str, members: Sequence[str], start: datetime
) -> Records:
    """Return the records of a group from the legs of all calls.

    Parameters
    ----------
    legs : list of dict
        Legs as the PBX gives them, each with its `session_id`.
    group : str
        Number of the group.
    members : list of str
        Its members in their configured order.
    start : datetime
        Its time zone says which calls belong to one day.

    Raises
    ------
    ConfigurationError
        If there are no calls of the group, or their records are unusable.
    """
    from ringsim.records import read_records

    if not legs:
        raise ConfigurationError(
            SOURCE, f"must have calls from {start.date()} on, and have none", hint=ASK_FOR_MORE
        )
    zone = getattr(start.tzinfo, "key", None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "calllogs.json"
        file.write_text(json.dumps({"items": list(legs)}), encoding="utf-8")
        try:
            return read_records(file, group=group, format="portsip", members=members, timezone=zone)
        except ConfigurationError as wrong:  # nobody knows the file
            subject, constraint, hint = (
                text.replace(str(file), SOURCE)
                for text in (wrong.subject, wrong.constraint, wrong.hint)
            )
            raise ConfigurationError(subject, constraint, wrong.got, hint) from None
