"""Base classes of ringsim's records: strict, frozen, and lossless with the PBX's JSON.

`Record`
    A pydantic model whose errors are ringsim's sentences, with `replace`.
`PbxRecord`
    A `Record` that is read from the PBX and written back to it. Keys that ringsim does not
    know survive, an absent field stays absent, and a null stays null.
`AsTuple`, `ExtensionNumber`, `FiniteSeconds`, `number_between`, `plain_number`
    Types and validators of fields.
`check_listed_once`, `check_names`, `notes_on_unknown`
    Checks and notes that other records share.
"""

from ringsim._model._fields import (
    AsTuple,
    ExtensionNumber,
    FiniteSeconds,
    number_between,
    plain_number,
)
from ringsim._model._pbx_record import PbxRecord
from ringsim._model._record import Record, check_listed_once, check_names
from ringsim._model._unknown_fields import notes_on_unknown

__all__ = [
    "AsTuple",
    "ExtensionNumber",
    "FiniteSeconds",
    "PbxRecord",
    "Record",
    "check_listed_once",
    "check_names",
    "notes_on_unknown",
    "number_between",
    "plain_number",
]
