"""The public function `write`: simulated days as a phone system would record them.

One function per format returns the text of a file. Times are those of UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from ringsim import _files
from ringsim.calllog import CallLog
from ringsim.errors import check_choice
from ringsim.records._records import Records
from ringsim.records._write_asterisk_cdr import asterisk_cdr, freepbx_cdr
from ringsim.records._write_asterisk_events import asterisk_cel, queue_log
from ringsim.records._write_others import freeswitch_cdr, plain_csv, portsip
from ringsim.records._write_webex import webex
from ringsim.records._written import Written, written

__all__ = ["WRITERS", "write"]


def write(
    log: CallLog | Records,
    path: str | Path,
    *,
    format: str,  # noqa: A002 - the name users know from other writers
    starts_at: str | datetime | None = None,
) -> None:
    """Write calls, rings and own calls as a phone system would record them.

    Parameters
    ----------
    log : CallLog or Records
        What happened.
    path : str or Path
        File to write, atomically.
    format : str
        `asterisk_cdr`, `freepbx_cdr`, `queue_log`, `asterisk_cel`, `freeswitch_cdr`, `portsip`,
        `webex` or `csv`.
    starts_at : str or datetime, optional
        Date and time of second 0 of a log, in UTC unless it has an offset. Records know theirs.

    Raises
    ------
    ConfigurationError
        If there is no such format, the log has pages, or the file cannot be written.

    Notes
    -----
    `read_records` returns the same calls and rings, to the clock of the format: whole seconds for
    `asterisk_cdr`, `freepbx_cdr` and `queue_log`. `queue_log` has no rings that ended because
    another phone was answered; it alone has hours of duty and pauses. Wrap-up and patience are in
    no format.
    """
    check_choice("format", format, WRITERS)
    text = WRITERS[format](written(log, starts_at))
    with _files.replacing(path) as file:
        file.write(text)


WRITERS: Final[dict[str, Callable[[Written], str]]] = {
    "asterisk_cdr": asterisk_cdr,
    "freepbx_cdr": freepbx_cdr,
    "queue_log": queue_log,
    "asterisk_cel": asterisk_cel,
    "freeswitch_cdr": freeswitch_cdr,
    "portsip": portsip,
    "webex": webex,
    "csv": plain_csv,
}
