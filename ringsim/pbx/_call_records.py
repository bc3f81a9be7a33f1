"""Call records of the PBX as `Records`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringsim.records import Records

__all__ = ["records_of"]


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
    """
    from ringsim.records import read_records

    zone = getattr(start.tzinfo, "key", None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "calllogs.json"
        file.write_text(json.dumps({"items": list(legs)}), encoding="utf-8")
        return read_records(file, group=group, format="portsip", members=members, timezone=zone)
