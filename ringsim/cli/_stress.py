"""Command `stress`: days on which something goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from ringsim.cli import _options as on
from ringsim.cli._completion import metric_names
from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._options import PlanOptions
from ringsim.cli._spoken import items_spoken
from ringsim.errors import ConfigurationError

if TYPE_CHECKING:
    from ringsim.planning import Stress

__all__ = ["stress"]

CLOCK = "Write 20/10@09:30."
BURST = re.compile(r"([0-9]+)/([0-9.]+)(?:@([0-9:]+))?")


@dataclass(frozen=True)
class EventOptions:
    """Events, each played on its own; without any of these options, the usual ones."""

    panel: ClassVar[str] = "Events"

    absent: Annotated[
        list[str] | None,
        typer.Option(metavar="NUMBER", help="Absence of this person. Repeat the option for more."),
    ] = None
    volume: Annotated[
        list[float] | None,
        typer.Option(metavar="FACTOR", help="Multiply the calls of the group, such as by 1.3."),
    ] = None
    burst: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CALLS/MINUTES[@TIME]",
            help="More calls within some minutes, such as 20/10@09:30; by default at the busiest "
            "half-hour.",
        ),
    ] = None
    longer: Annotated[
        list[float] | None,
        typer.Option(metavar="FACTOR", help="Multiply the length of all calls, such as by 1.2."),
    ] = None
    closed: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TARGET",
            help="Close a target of unanswered calls: a number, or voicemail.",
        ),
    ] = None


@with_option_groups
def stress(
    *,
    group: on.Group = None,
    events: EventOptions,
    metric: on.Metrics = None,
    show_all: on.All = False,
    plan: PlanOptions,
) -> None:
    """Play days on which something goes wrong; say what breaks a group first."""
    from ringsim.cli import _plan_tables
    from ringsim.cli._plans import PlanCommand
    from ringsim.planning import stress as play
    from ringsim.scenario import named_group

    planned = PlanCommand.read(plan)
    number = named_group(planned.scenario, group)
    what = list(_events(events, planned.scenario.opens_at))
    givers = [option for option, _ in what]
    with planned.playing("Playing") as where, items_spoken("what", givers):
        found = play(
            planned.scenario,
            number,
            [event for _, event in what] or None,
            metrics=metric_names() if show_all else metric,
            **planned.asked,
            **where,
        )
    planned.print_result(
        "stress",
        found.table,
        [planned.heading(number), str(found), _plan_tables.events(found)],
        group=number,
        **planned.asked,
        order=list(found.order),
        text=str(found),
    )


def _events(events: EventOptions, opens_at: str | None) -> Iterator[tuple[str, Stress]]:
    """Yield each event with the option that gives it."""
    from ringsim.planning import Stress

    kinds: Mapping[str, tuple[Callable[[Any], Stress], Sequence[Any] | None]] = {
        "--absent": (Stress.absence, events.absent),
        "--volume": (Stress.volume, events.volume),
        "--burst": (partial(_burst, opens_at=opens_at), events.burst),
        "--longer": (Stress.longer_calls, events.longer),
        "--closed": (Stress.closed, events.closed),
    }
    for option, (event_of, values) in kinds.items():
        for value in values or ():
            try:
                event = event_of(value)
            except ConfigurationError as wrong:
                raise ConfigurationError(option, wrong.constraint, value, wrong.hint) from None
            yield option, event


def _burst(text: str, opens_at: str | None) -> Stress:
    """Return a burst that is written as `20/10` or `20/10@09:30`; `20/10@600` without opens_at."""
    from ringsim.planning import Stress

    match = BURST.fullmatch(text)
    if match is None:
        raise ConfigurationError("--burst", "must be such as 20/10@09:30", text)
    calls, minutes, at = match.groups()
    if at and ":" not in at and opens_at is not None:
        raise ConfigurationError(
            "--burst", "must have a time of day, as the scenario has opens_at", text, CLOCK
        )
    try:
        start, length = float(at) if at and ":" not in at else at, float(minutes)
    except ValueError:
        raise ConfigurationError("--burst", "must be such as 20/10@09:30", text) from None
    return Stress.burst(int(calls), length, start)
