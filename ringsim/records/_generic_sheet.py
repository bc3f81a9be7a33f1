"""Rows of a table of the user's own: CSV with any delimiter, or Parquet."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from ringsim._sources import Source
from ringsim.errors import ConfigurationError, RingsimError
from ringsim.records._csv import sheet_of_csv
from ringsim.records._sheet import Sheet, Text

__all__ = ["generic_sheet"]


def generic_sheet(source: Source, mapping: Mapping[str, Any]) -> Sheet:
    if source.suffix == ".parquet" or source.head[:4] == b"PAR1":
        return _sheet_of_parquet(source)
    return sheet_of_csv(source, delimiter=mapping.get("delimiter"))


def _sheet_of_parquet(source: Source) -> Sheet:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise RingsimError(
            "Reading Parquet must have pyarrow. Install it with: pip install 'ringsim[parquet]'"
        ) from None
    try:
        table = parquet.read_table(io.BytesIO(source.data))
        columns = {
            name: Text.of(_texts(table.column(at))) for at, name in enumerate(table.column_names)
        }
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError) as wrong:
        why = " ".join(str(wrong).split())[:200]
        raise ConfigurationError(source.name, f"must be a Parquet file: {why}") from None
    n = table.num_rows
    return Sheet(columns, [source.name], np.zeros(n, np.int32), np.arange(1, n + 1))


def _texts(column: Any) -> list[str]:
    """Return a column of Parquet as text; instants in ISO 8601, missing values as ""."""
    return ["" if value is None else _text(value) for value in column.to_pylist()]


def _text(value: Any) -> str:
    if hasattr(value, "total_seconds"):
        return repr(value.total_seconds())
    if hasattr(value, "isoformat"):
        stamp = value.isoformat()
        return str(stamp)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
