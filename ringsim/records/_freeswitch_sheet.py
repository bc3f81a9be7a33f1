"""Rows of call records of FreeSWITCH: CSV with and without a header, and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ringsim._sources import Source
from ringsim.errors import ConfigurationError
from ringsim.records._csv import check_columns, first_fields, sheet_of_csv
from ringsim.records._json import objects_in
from ringsim.records._sheet import Sheet, sheet_of_rows

__all__ = ["NEEDED", "OTHER_NAMES", "TEMPLATE", "freeswitch_sheet", "is_template"]

NO_XML: Final = (
    "FreeSWITCH writes JSON with mod_json_cdr and CSV with mod_cdr_csv; with the legs of phones "
    "(log-b-leg=true, legs=ab) every ring is known. FusionPBX exports CSV."
)

TEMPLATE: Final = [
    "caller_id_name",
    "caller_id_number",
    "destination_number",
    "context",
    "start_stamp",
    "answer_stamp",
    "end_stamp",
    "duration",
    "billsec",
    "hangup_cause",
    "uuid",
    "bleg_uuid",
    "accountcode",
    "read_codec",
    "write_codec",
]


NEEDED: Final = ("destination_number", "hangup_cause")


TIMES: Final = (  # one of each
    ("answer_stamp", "answer_epoch", "answer_uepoch"),
    ("end_stamp", "end_epoch", "end_uepoch", "duration"),
)
LINKS: Final = ("originating_leg_uuid", "originator", "bridge_uuid", "bleg_uuid")


OTHER_NAMES: Final = {
    "xml_cdr_uuid": "uuid",
    "bridge_uuid": "bleg_uuid",
    "originator": "originator",
}


def is_template(row: Sequence[str]) -> bool:
    cause = row[9] if len(row) == len(TEMPLATE) else ""
    return bool(cause) and cause.isupper() and cause.replace("_", "").isalpha()


def freeswitch_sheet(source: Source) -> Sheet:
    if source.head.lstrip()[:1] in (b"{", b"["):
        sheet = sheet_of_rows(source.name, [_flat(each) for each in objects_in(source)])
    elif source.head.lstrip()[:1] == b"<":
        raise ConfigurationError(source.name, "must be CSV or JSON, not XML", hint=NO_XML)
    else:
        head = (first_fields(source.head, n=1) or [[]])[0]
        sheet = sheet_of_csv(source, TEMPLATE if is_template(head) else None)
    columns = {OTHER_NAMES.get(name, name): column for name, column in sheet.columns.items()}
    missing = [name for name in NEEDED if name not in columns]
    if (missing or not {"start_stamp", "start_epoch", "start_uepoch"} & set(columns)) and len(
        sheet
    ):
        raise ConfigurationError(
            source.name,
            f"must have the columns {', '.join(NEEDED)} and start_stamp or start_epoch",
            list(sheet.columns)[:20],
        )
    if len(sheet):
        check_columns(source.name, columns, *TIMES)
        if any(sheet[name].given.any() for name in LINKS):
            check_columns(source.name, columns, ("uuid", "xml_cdr_uuid"))
    return Sheet(columns, sheet.names, sheet.file, sheet.row, sheet.notes)


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of a record of mod_json_cdr, or the record itself if it is flat."""
    variables = record.get("variables")
    flat = dict(variables) if isinstance(variables, Mapping) else dict(record)
    flow = record.get("callflow", record.get("call_flow"))
    steps = flow if isinstance(flow, list) else [flow]
    profile = steps[0].get("caller_profile") if steps and isinstance(steps[0], Mapping) else None
    if isinstance(profile, Mapping):
        for name in ("destination_number", "caller_id_number", "uuid"):
            if not flat.get(name):
                flat[name] = profile.get(name)
    return flat
