"""Bodies of requests about groups, users and sign-in, as records that are validated strictly."""

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

__all__ = [
    "AgentList",
    "Credentials",
    "ForwardRule",
    "PresenceChange",
    "Refresh",
    "RingGroupCreate",
    "RingGroupUpdate",
    "SecondFactor",
    "UserIds",
]


class Body(BaseModel):
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


class ForwardRule(Body):
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


class OutboundCallerId(Body):
    """A caller id for calls over one trunk."""

    provider_id: str
    caller_id: Name
    description: Annotated[str, Field(max_length=1024)] | None = None
    display_name: str | None = None


class RingGroupUpdate(Body):
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


class Agent(Body):
    """A member of a group."""

    extension_number: Digits
    skill_level: Annotated[int, Field(ge=1, le=100)] = 1


class AgentList(Body):
    """The whole member list of a group."""

    items: list[Agent]


class Credentials(Body):
    """A sign-in."""

    username: Name
    password: str
    domain: Annotated[str, Field(min_length=1, max_length=280)] = ""


class Refresh(Body):
    """A request for a new pair of tokens."""

    refresh_token: str


class SecondFactor(Body):
    """The token of a sign-in with two factors, and its one-time code."""

    token: str
    code: str = ""


class PresenceChange(Body):
    """A user's own presence."""

    presence: Literal["DO_NOT_DISTURB", "AVAILABLE", "AWAY", "BUSINESS_TRIP", "LUNCH"] = "AVAILABLE"
    presence_note: Annotated[str, Field(max_length=128)] | None = None


class UserIds(Body):
    """Users whose status is wanted."""

    ids: Annotated[list[str], Field(max_length=1000)]
