"""Reader of Asterisk's call detail records: `Master.csv` and exports of the table `cdr`.

Since Asterisk 12 a dialled phone has a row of its own, so that `start` and `end` of the row are
those of the ring. The rows of one call share `linkedid`. What has to be undone:

- An `Answer()` before the Dial fills `answer` in every row; only the disposition tells who
  answered, and the others' `end` tells when. The first phone's row then begins with the channel.
- A pair of Local channels (delays, follow-me, queues) adds rows; the phone is in the row of the
  half `;2`, and the row of the half `;1` is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.records._asterisk_calls import CdrCalls
from ringsim.records._asterisk_rows import CdrRows
from ringsim.records._csv import check_columns, first_fields, mostly, sheet_of_csv
from ringsim.records._extract import (
    Extract,
    Request,
)
from ringsim.records._reader import Reader, Sample
from ringsim.records._sheet import Sheet, joined

__all__ = ["MASTER", "AsteriskCdr"]

MASTER: Final = [
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
    "peeraccount",
    "linkedid",
    "sequence",
]
LEAST_MASTER = 16
WANTED: Final = [
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "uniqueid",
    "linkedid",
    "sequence",
    "did",
]
DISPOSITIONS = {"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"}
OTHER_NAMES: Final = {"calldate": "start"}
ZERO_DATES = r"^(0000-|1000-01-01|0001-01-01)"


class AsteriskCdr(Reader):
    """Reader of Asterisk CDR as a file or as an export of the table, FreePBX's included."""

    name = "asterisk_cdr"
    title = "Asterisk CDR"

    def recognises(self, sample: Sample) -> bool:
        """Return True for the columns of the table, or for rows like those of `Master.csv`."""
        header = sample.header()
        if {"dstchannel", "lastapp", "disposition"} <= header:
            return True
        rows = sample.rows()
        return mostly(rows, _is_master)

    def read(self, sources: Sequence[Source], request: Request) -> Extract:
        """Return what the rows say about one group."""
        dated = _with_dates(joined([_sheet(source) for source in sources]))
        rows = CdrRows(dated.without_duplicates(), request)
        del dated  # with texts that take much memory, and that are instants in `rows`
        return CdrCalls(rows).extract()


def _is_master(row: Sequence[str]) -> bool:
    return LEAST_MASTER <= len(row) <= len(MASTER) and row[14].upper() in DISPOSITIONS


def _sheet(source: Source) -> Sheet:
    head = (first_fields(source.head, n=1) or [[]])[0]
    if _is_master(head):
        return sheet_of_csv(source, MASTER[: max(LEAST_MASTER, len(head))], wanted=WANTED)
    names = [OTHER_NAMES.get(name.lower(), name.lower()) for name in head]
    sheet = sheet_of_csv(source, wanted=head)
    columns = dict(zip(names, (sheet[name] for name in head), strict=True))
    missing = {"start", "dstchannel", "lastapp", "disposition", "dst", "channel"} - set(columns)
    if missing:
        raise ConfigurationError(
            source.name,
            "must be Asterisk CDR: Master.csv, or a table with the columns start or calldate, "
            "dst, channel, dstchannel, lastapp and disposition",
            head,
        )
    check_columns(source.name, columns, ("end", "duration"), ("answer", "billsec"))
    return Sheet(columns, sheet.names, sheet.file, sheet.row, sheet.notes)


def _with_dates(sheet: Sheet) -> Sheet:
    """Return the rows with a real date."""
    zero = sheet["start"].matches(ZERO_DATES) | ~sheet["start"].given
    sheet.leave_out(zero, "they have a zero date, or none")
    return sheet.at(~zero)
