"""Tables as files: CSV and Excel workbooks.

`FrameFiles`
    The files that a command writes, from its options.
`by_the_clock`
    Add times of day to a table whose times are in seconds.
`long_form`
    Turn a table with three columns per metric into one with a row per metric.

All files of a command are complete, or none is written. Spreadsheets read no text in them as a
formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ringsim import _files
from ringsim._lazy import pd
from ringsim.cli._options import OutputOptions
from ringsim.cli._output import with_index
from ringsim.cli._screen import printable
from ringsim.confidence import FEW_EVENTS
from ringsim.errors import ConfigurationError, RingsimError
from ringsim.metrics import few_events
from ringsim.scenario import time_text

__all__ = ["FrameFiles", "by_the_clock", "check_suffix", "long_form"]

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # first characters of a formula in a spreadsheet
DECIMALS = {",": ".", ";": ",", "\t": "."}  # the decimal mark beside each separator


@dataclass(frozen=True)
class FrameFiles:
    """The files with the tables of a command.

    Attributes
    ----------
    output : OutputOptions
        The options that name the files.
    others : sequence of str
        Names of the tables beside the first. In CSV each has a file of its own, with its name
        after a hyphen: `day-members.csv` beside `day.csv`. In Excel each has a sheet.
    """

    output: OutputOptions
    others: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.output.separator not in DECIMALS:
            raise ConfigurationError(
                "--separator", "must be a comma, a semicolon or a tab", self.output.separator
            )
        check_suffix("--csv", self.output.csv, ".csv")
        check_suffix("--xlsx", self.output.xlsx, ".xlsx")
        if self.output.xlsx is not None:
            _check_has_excel()
        for path in self.paths:
            _files.check_writable(path)

    @property
    def paths(self) -> list[Path]:
        """All files to write."""
        csv, xlsx = self.output.csv, self.output.xlsx
        others = [_beside(csv, name) for name in self.others] if csv else []
        return [*([csv] if csv else []), *others, *([xlsx] if xlsx else [])]

    def write(self, frames: Mapping[str, pd.DataFrame], stack: ExitStack | None = None) -> None:
        """Write tables, by name: the first, and those in `others`.

        With a stack, the files appear when it closes.
        """
        if not self.paths:
            return
        safe = {name: with_index(frame).map(_safe_cell) for name, frame in frames.items()}
        with ExitStack() as own:
            opened = stack or own
            for at, (name, frame) in enumerate(safe.items()):
                if self.output.csv is not None:
                    path = _beside(self.output.csv, name) if at else self.output.csv
                    self._write_csv(opened.enter_context(_files.replacing(path)), frame)
            if self.output.xlsx is not None:
                file = opened.enter_context(_files.replacing(self.output.xlsx, binary=True))
                _write_workbook(file, safe)

    def _write_csv(self, file: IO[str], frame: pd.DataFrame) -> None:
        separator = self.output.separator
        frame.to_csv(file, index=False, sep=separator, decimal=DECIMALS[separator])


def check_suffix(option: str, path: Path | None, *suffixes: str) -> None:
    """Raise `ConfigurationError` if a path does not end in one of the suffixes."""
    if path is not None and path.suffix not in suffixes:
        raise ConfigurationError(option, f"must end in {' or '.join(suffixes)}", str(path))


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.stem}-{name}{path.suffix}")


def _check_has_excel() -> None:
    try:
        import openpyxl  # type: ignore[import-untyped]  # noqa: F401
    except ImportError:
        raise RingsimError(
            "--xlsx must have openpyxl. Install it with: pip install 'ringsim[excel]'"
        ) from None


def _write_workbook(file: IO[bytes], frames: Mapping[str, pd.DataFrame]) -> None:
    whole = io.BytesIO()
    with pd.ExcelWriter(whole, engine="openpyxl") as book:
        for name, frame in frames.items():
            cells = frame.map(lambda cell: printable(cell, "\n") if isinstance(cell, str) else cell)
            cells.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
    file.write(whole.getvalue())


def _safe_cell(value: Any) -> Any:
    """Return text that a spreadsheet does not read as a formula, without carriage returns.

    `to_csv` does not quote a carriage return, which would end the row.
    """
    if isinstance(value, (list, tuple, dict)):
        value = str(value)
    if not isinstance(value, str):
        return value
    text = f"'{value}" if value.startswith(FORMULA) else value
    return text.replace("\r\n", "\n").replace("\r", "\n")


def by_the_clock(frame: pd.DataFrame, opens_at: str | None) -> pd.DataFrame:
    """Return a table with the columns `from` and `to`, times of day, before its times in seconds.

    Without `opens_at` the table stays as it is.
    """
    if opens_at is None or "starts_at" not in with_index(frame):
        return frame
    timed = with_index(frame)
    place = list(timed.columns).index("starts_at")
    for at, (name, source) in enumerate({"from": "starts_at", "to": "ends_at"}.items()):
        clock = [time_text(float(instant), opens_at) for instant in timed[source]]
        timed.insert(place + at, name, clock)
    return timed


def long_form(frame: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """Return a table with a row for each row and metric of a table with columns `x`, `x_low`..."""
    wide = with_index(frame)
    figures = [name for name in wide.columns if f"{name}_low" in wide]
    others = {f"{name}{bound}" for name in figures for bound in ("", "_low", "_high")} | {"note"}
    kept = [name for name in wide.columns if name not in others]
    rows = [
        {name: row[name] for name in kept}
        | {
            "metric": metric,
            "estimate": row[metric],
            "low": row[f"{metric}_low"],
            "high": row[f"{metric}_high"],
            "note": FEW_EVENTS if few_events(row["note"], metric) else "",
        }
        for row in wide.to_dict("records")
        for metric in metrics
    ]
    return pd.DataFrame(rows, columns=[*kept, "metric", "estimate", "low", "high", "note"])
