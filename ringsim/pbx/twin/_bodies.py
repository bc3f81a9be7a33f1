"""Bodies of requests, as records that are validated strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from ringsim.group import Action, RingStrategy
from ringsim.pbx._times import parsed_time

__all__ = [
    "AgentList",
    "Credentials",
    "ForwardRule",
    "PresenceChange",
    "Refresh",
    "ReportCreate",
    "ReportUpdate",
    "RingGroupCreate",
    "RingGroupUpdate",
    "SecondFactor",
    "UserIds",
]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


def _one_of(choices: Iterable[str]) -> Callable[[str], str]:
    known = tuple(str(choice) for choice in choices)

    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}")
        return value

    return check


Int32 = Annotated[int, Field(ge=0, le=2**31 - 1)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Digits = Annotated[str, Field(min_length=3, max_length=64, pattern=r"^[0-9]{3,64}$")]
Strategy = Annotated[str, AfterValidator(_one_of(RingStrategy))]
ForwardAction = Annotated[str, AfterValidator(_one_of(Action))]


def _timestamp(value: str) -> str:
    try:
        parsed_time(value)
    except (OverflowError, ValueError):
        raise ValueError("must be an RFC 3339 time") from None
    return value


class ForwardRule(_Body):
    """The rule for a call that nobody answered."""

    action: ForwardAction
    number: Annotated[str | None, Field(validate_default=True)] = None

    @field_validator("number")
    @classmethod
    def _fits_the_action(cls, number: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("action") != Action.FORWARD_TO_NUMBER:
            return number
        digits = (number or "").removeprefix("+")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 64):
            raise ValueError("must be a number of 1 to 64 digits, with or without +")
        return number


class OutboundCallerId(_Body):
    """A caller id for calls over one trunk."""

    provider_id: str
    caller_id: Name
    description: Annotated[str, Field(max_length=1024)] | None = None
    display_name: str | None = None


class RingGroupUpdate(_Body):
    """Changes of a ring group; absent fields keep their value."""

    name: Name = ""
    ring_time: Int32 = 20
    ring_strategy: Strategy = ""
    skip_busy_member: bool = False
    enable_paid: bool = False
    enable_prid: bool = False
    extension_number_as_to_header: bool = False
    no_answer_forward_rule: ForwardRule | None = None
    night_mode_forward_rule: ForwardRule | None = None
    enable_night_mode: bool = False
    enable_audio_recording: bool = False
    outbound_caller_ids: list[OutboundCallerId] = []


class RingGroupCreate(RingGroupUpdate):
    """A new ring group."""

    name: Name
    extension_number: Digits
    ring_strategy: Strategy


class Agent(_Body):
    """A member of a group."""

    extension_number: Digits
    skill_level: Annotated[int, Field(ge=1, le=100)] = 1


class AgentList(_Body):
    """The whole member list of a group."""

    items: list[Agent]


class Credentials(_Body):
    """A sign-in."""

    username: Name
    password: str
    domain: Annotated[str, Field(min_length=1, max_length=280)] = ""


class Refresh(_Body):
    """A request for a new pair of tokens."""

    refresh_token: str


class SecondFactor(_Body):
    """The token of a sign-in with two factors, and its one-time code."""

    token: str
    code: str = ""


class PresenceChange(_Body):
    """A user's own presence."""

    presence: Literal["DO_NOT_DISTURB", "AVAILABLE", "AWAY", "BUSINESS_TRIP", "LUNCH"] = "AVAILABLE"
    presence_note: Annotated[str, Field(max_length=128)] | None = None


class UserIds(_Body):
    """Users whose status is wanted."""

    ids: Annotated[list[str], Field(max_length=1000)]


NumberFilter = Literal[
    "ANY",
    "EXTENSION_OR_EXTENSION_RANGE",
    "NUMBER",
    "NUMBERS_START_WITH",
    "NUMBERS_CONTAIN",
    "INTERNAL_EXTENSIONS",
    "EXTERNAL_NUMBERS",
]


class _ClosedBody(_Body):
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


class ReportUpdate(_Body):
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
