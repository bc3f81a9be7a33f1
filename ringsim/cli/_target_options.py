"""Options of the commands that plan for a target, and of `size`, which staffs a group for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import typer

from ringsim.cli._durations import duration_option
from ringsim.cli._options import PlanOptions, StudyOptions
from ringsim.cli._shares import share_option

__all__ = [
    "SizePlanOptions",
    "SizeStudyOptions",
    "StaffOptions",
    "TargetOptions",
]


@dataclass(frozen=True)
class TargetOptions:
    """The target that a group must meet."""

    panel: ClassVar[str] = "Target"

    service_level: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="At least this share of the calls answered within the threshold: 0.8, or 80/20 "
            "for 80 % within 20 s.",
        ),
    ] = None
    answer_rate: Annotated[
        float | None,
        share_option("--answer-rate", "At least this share of the calls answered."),
    ] = None
    mean_speed_of_answer: Annotated[
        float | None,
        duration_option("--mean-speed-of-answer", "At most this long to the answer, on average."),
    ] = None
    occupancy: Annotated[
        float | None,
        share_option(
            "--occupancy", "At most this share of the members' time in calls and wrap-up."
        ),
    ] = None
    abandonment_rate: Annotated[
        float | None,
        share_option("--abandonment-rate", "At most this share of the callers who give up."),
    ] = None
    interruptions_per_hour: Annotated[
        float | None,
        typer.Option(metavar="COUNT", help="At most this many rings an hour on a member's phone."),
    ] = None
    p_target_met: Annotated[
        float | None,
        share_option("--p-target-met", "At least this share of the days with the service level."),
    ] = None


@dataclass(frozen=True)
class StaffOptions:
    """Limits of the staffing of a group."""

    panel: ClassVar[str] = "Staffing"

    candidates: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBERS", help="People to choose members from, in this order: 201,202,203."
        ),
    ] = None
    max_members: Annotated[
        int | None, typer.Option(metavar="COUNT", help="Largest number of members to try.")
    ] = None
    width: Annotated[
        float | None,
        duration_option("--width", "Size the group for each interval of the day, of this length."),
    ] = None
    shrinkage: Annotated[
        float | None,
        share_option(
            "--shrinkage", "Share of paid time away from the phone, to compute the head count."
        ),
    ] = None


@dataclass(frozen=True)
class SizeStudyOptions(StudyOptions):
    """Largest number of simulated days, random numbers, and definition of the service level."""

    replications: Annotated[
        int | None,
        typer.Option(
            metavar="COUNT",
            help="Largest number of days to simulate for each number of members. By default 2000, "
            "and fewer for the whole day of a group with more than 2,000 calls.",
        ),
    ] = None  # type: ignore[assignment]  # the library has a default


@dataclass(frozen=True)
class SizePlanOptions(PlanOptions):
    """Options of `size`, which simulates as many days as the decision takes."""

    asked: SizeStudyOptions
