"""The command `fit`: a scenario and a page from call records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringsim.cli._options import with_option_groups
from ringsim.cli._record_files import RecordOptions, group_record, records_from

if TYPE_CHECKING:
    from ringsim.fitting import Fit

__all__ = ["fit"]

INTERVAL = "calls_per_interval"


@with_option_groups
def fit(
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files of call records, folders or patterns; .gz is decompressed.",
            show_default=False,
        ),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(
            help="The ring group as exported from the phone system (JSON), or a scenario file with "
            "it. By default, strategy and ring time are inferred from the rings."
        ),
    ] = None,
    hold_out: Annotated[
        int, typer.Option(help="Number of last days kept for the check; at most a third.")
    ] = 5,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write the scenario to (TOML or JSON).")
    ] = Path("fit.toml"),
    page: Annotated[
        Path | None, typer.Option(help="File to write the page to, for example fit.html.")
    ] = None,
    within: Annotated[
        float, typer.Option(help="Seconds within which a call should be answered.")
    ] = 20.0,
    seed: Annotated[int, typer.Option(help="Number that selects the random numbers.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv: Annotated[
        Path | None, typer.Option(help="Write the table of parameters to this file (.csv).")
    ] = None,
    reading: RecordOptions,
) -> None:
    """Fit a scenario to call records and check it on days held out."""
    from ringsim import _files
    from ringsim.cli import _output, _tables
    from ringsim.fitting import fit as fit_to

    _output.check_csv(csv)
    for path in (output, *([page] if page else [])):
        _files.check_writable(path)
    records = records_from(files or (), reading)
    template = None if record is None else group_record(record, records.group)
    found = fit_to(records, template=template, hold_out=hold_out, seed=seed)
    found.scenario.dump(output)
    if page is not None:
        found.report(page)
    _output.write_csv(csv, found.table)
    if as_json:
        sys.stdout.write(_output.json_text(_json(found, within)))
        return
    check = found.check(within=within)
    written = [f"The scenario is in {output}."]
    written += [f"The page is in {page}."] if page else []
    _tables.show([f"{check.verdict}\n", _table(found), *_sentences(found), "\n".join(written)])


def _table(found: Fit) -> Any:
    from ringsim.cli import _tables

    table = _tables.new_table(
        "Parameters",
        ["", "estimate", "95 % interval", "usual shortcut", "events"],
    )
    for row in found.table.to_dict("records"):
        if INTERVAL not in row["parameter"]:
            interval = "-" if row["low"] != row["low"] else f"{row['low']:.3g} to {row['high']:.3g}"
            table.add_row(
                row["parameter"],
                f"{row['estimate']:.3g}",
                interval,
                "-" if row["naive"] != row["naive"] else f"{row['naive']:.3g}",
                str(row["n_events"]),
            )
    table.caption = f"From {len(found.fitted_days)} days; intervals are by days."
    table.caption_justify = "left"
    return table


def _sentences(found: Fit) -> list[str]:
    parts = []
    for heading, sentences in (
        ("What the records cannot show:", found.limits),
        ("Notes of the reader:", found.records.notes),
    ):
        if sentences:
            parts.append("\n".join(["", heading, *(f"- {each}" for each in sentences)]))
    return [*parts, ""]


def _json(found: Fit, within: float) -> dict[str, Any]:
    from ringsim.cli import _output

    check = found.check(within=within)
    notes = [*found.limits, *found.records.notes]
    return _output.heading(
        "fit",
        found.scenario,
        notes,
        verdict=check.verdict,
        reproduces=check.reproduces,
        p_value=check.p_value,
        parameters=_output.rows(found.table),
        tests=_output.rows(check.tests),
        days=_output.rows(check.table),
    )
