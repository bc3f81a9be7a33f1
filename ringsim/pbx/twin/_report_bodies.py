"""Bodies of requests about reports, as records that are validated strictly."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    ConfigDict,
    Field,
    field_validator,
)

from ringsim.pbx._times import parsed_time
from ringsim.pbx.twin._bodies import Body, Digits, Int32

__all__ = ["ReportCreate", "ReportUpdate"]


NumberFilter = Literal[
    "ANY",
    "EXTENSION_OR_EXTENSION_RANGE",
    "NUMBER",
    "NUMBERS_START_WITH",
    "NUMBERS_CONTAIN",
    "INTERNAL_EXTENSIONS",
    "EXTERNAL_NUMBERS",
]


ReportType = Literal[
    "NORMAL",
    "EXTENSION_GROUP_CALL_COST",
    "QUEUE_PERFORMANCE",
    "QUEUE_DETAILED_STATISTICS",
    "QUEUE_ABANDONED_CALLS",
    "QUEUE_SLA_STATISTICS",
    "QUEUE_BREACHES_SLA_STATISTICS",
    "QUEUE_CALLBACKS",
    "QUEUE_FAILED_CALLBACKS",
    "TEAM_QUEUE_GENERAL_STATISTICS",
    "RING_GROUP_STATISTICS",
]
ReportRange = Literal[
    "TODAY",
    "YESTERDAY",
    "LAST_WEEK",
    "LAST_SEVEN_DAYS",
    "LAST_MONTH",
    "LAST_THIRTY_DAYS",
    "CUSTOM",
]


def _timestamp(value: str) -> str:
    try:
        parsed_time(value)
    except (OverflowError, ValueError):
        raise ValueError("must be an RFC 3339 time") from None
    return value


class _ClosedBody(Body):
    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


class RingGroupReportFilter(_ClosedBody):
    """The ring groups of a report, by number."""

    ring_groups: list[Digits]


class NormalReportFilter(_ClosedBody):
    """The filter of the calls that a report lists."""

    from_: Annotated[NumberFilter, Field(alias="from")] = "ANY"
    from_value: str = ""
    to: NumberFilter = "ANY"
    to_value: str = ""
    answer_state: Literal["ANY", "ANSWERED", "NOT_ANSWERED"] = "ANY"
    duration: Literal["ANY", "RING_DURATION", "TALK_DURATION"] = "ANY"
    duration_from: Int32 = 0
    duration_to: Int32 = 2**31 - 1


class ReportUpdate(Body):
    """Changes of an ordered report."""

    name: str = ""
    email: Annotated[str, Field(max_length=128)] = ""
    format: Literal["CSV", "HTML"] = "CSV"
    range: ReportRange = "TODAY"
    started_at: str | None = None
    ended_at: str | None = None
    cron_expr: str | None = None
    filter: RingGroupReportFilter | NormalReportFilter = NormalReportFilter()

    @field_validator("started_at", "ended_at")
    @classmethod
    def _is_a_time(cls, value: str | None) -> str | None:
        if value is None:
            raise ValueError("must be an RFC 3339 time")
        return _timestamp(value)

    @field_validator("cron_expr")
    @classmethod
    def _is_text(cls, value: str | None) -> str:
        if value is None:
            raise ValueError("must be text")
        return value


class ReportCreate(ReportUpdate):
    """An order of a report."""

    name: str
    type: ReportType
    email: Annotated[str, Field(max_length=128)]
    format: Literal["CSV", "HTML"]
    range: ReportRange
    filter: RingGroupReportFilter | NormalReportFilter
