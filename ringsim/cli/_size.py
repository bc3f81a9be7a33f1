"""`ringsim size`: how many members a group needs, all day or by interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ringsim.cli import _output
from ringsim.cli._compare import Asked
from ringsim.cli._progress import Progress
from ringsim.errors import ConfigurationError
from ringsim.planning import Sizing, Staffing, Target, size, staffing
from ringsim.scenario import Scenario

__all__ = ["Wanted", "run"]

SERVICE_LEVEL = 0.8  # unless something else is asked for


@dataclass(frozen=True)
class Wanted:
    """What the group is to reach, and how it may be staffed."""

    goals: dict[str, float | None]
    candidates: str | None
    most: int | None
    shrinkage: float | None
    width: float | None

    def target(self, within: float, variant: str) -> Target:
        """The same as a target; a service level of 80 % unless something else is asked for."""
        given = {name: value for name, value in self.goals.items() if value is not None}
        if not given.keys() - {"p_target_met"}:
            given["service_level"] = SERVICE_LEVEL
        return Target(**given, within=within, variant=variant)


def run(scenario: Scenario, notes: list[str], asked: Asked, wanted: Wanted) -> None:
    """Size the group and say how many members it needs."""
    _output.check_csv(asked.csv)
    group = _group(scenario, asked.group)
    arguments: dict[str, Any] = {
        "candidates": _listed(wanted.candidates),
        "most": wanted.most,
        "shrinkage": wanted.shrinkage,
        "most_replications": asked.replications,
        "seed": asked.seed,
        "engine": asked.engine,
    }
    target = wanted.target(asked.within, asked.variant)
    with Progress("Sizing") as progress, asked.running.open() as where:
        arguments |= {"on_progress": progress.show, **where}
        found: Sizing | Staffing = (
            size(scenario, group, target, **arguments)
            if wanted.width is None
            else staffing(scenario, group, target, width=wanted.width, **arguments)
        )
    _output.write_csv(asked.csv, found.table)
    if not asked.as_json:
        table = found.table.reset_index().to_string(index=False, float_format="{:.4g}".format)
        _output.show(notes, str(found), "", table)
        return
    about = {
        "group": group,
        "seed": asked.seed,
        "within": asked.within,
        "variant": asked.variant,
        "target": {name: value for name, value in wanted.goals.items() if value is not None},
        "text": str(found),
    }
    if isinstance(found, Sizing):
        about |= {
            "members": found.members,
            "decided": found.decided,
            "possible": list(found.possible),
            "erlang_members": found.erlang_members,
            "head_count": found.head_count,
        }
    report = _output.heading("size", scenario, notes, **about)
    _output.print_json({**report, "table": _output.rows(found.table)})


def _group(scenario: Scenario, group: str | None) -> str:
    """The one that is asked for, or the only one."""
    if group is not None:
        return scenario.group(group).extension_number
    if len(scenario.groups) != 1:
        raise ConfigurationError(
            "--group",
            f"must say which of the {len(scenario.groups)} groups it is",
            hint=f"Its groups are {', '.join(scenario.group_numbers)}.",
        )
    return scenario.group_numbers[0]


def _listed(text: str | None) -> Sequence[str] | None:
    return None if text is None else [part.strip() for part in text.split(",")]
