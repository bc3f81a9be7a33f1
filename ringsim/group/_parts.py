"""Parts of the record of a ring group: members, the no-answer rule, caller ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, PlainValidator, model_validator

from ringsim._model import ExtensionNumber, FiniteSeconds, PbxRecord, number_between
from ringsim._rule_options import Time
from ringsim.errors import ConfigurationError, did_you_mean
from ringsim.group._strategy import RingStrategy

__all__ = [
    "OPTIONS_OF_MEMBERS",
    "OWN_OF_MEMBERS",
    "Action",
    "Member",
    "Members",
    "NoAnswerForwardRule",
    "OutboundCallerId",
    "Strategy",
]


def _one_of(kind: type[StrEnum], described: str) -> PlainValidator:
    def check(value: Any) -> Any:
        if isinstance(value, kind):
            return value
        if isinstance(value, str) and value in {choice.value for choice in kind}:
            return kind(value)
        hint = did_you_mean(value, list(kind)) or f"They are {', '.join(kind)}."
        raise ConfigurationError("", f"must be one of the {described}", value, hint)

    return PlainValidator(check)


OPTIONS_OF_MEMBERS = ("ring_delay", "ring_time", "skip_busy", "enforced_wrap_up")
OWN_OF_MEMBERS = ("ring_time", "skip_busy")  # of which 0 and false differ from the group's

Strategy = Annotated[RingStrategy, _one_of(RingStrategy, "eight RingStrategy values")]


class Member(PbxRecord):
    """One member of a ring group; the PBX's API says agent.

    Parameters
    ----------
    extension_number : str
        3 to 64 digits; may be a positional argument.
    skill_level : int, default 1
        1 to 100. The skill-based strategies ring level 1 first; other strategies ignore it.
    display_name : str, optional
        Kept, and otherwise unused.
    ring_delay : float, default 0
        Time from the start of a wave until this phone starts to ring [s]. ringsim's own field,
        as are all below; none is written to the PBX's record.
    ring_time : float, optional
        Time that this phone rings [s]; by default the group's.
    skip_busy : bool, optional
        Whether this member is not rung while on a call; by default as `skip_busy_member` says.
    enforced_wrap_up : float, optional
        As the option of `Rules`, for this member alone [s].

    Examples
    --------
    >>> Member("203", skill_level=2).to_api()
    {'extension_number': '203', 'skill_level': 2}
    """

    _own: ClassVar[frozenset[str]] = frozenset(OPTIONS_OF_MEMBERS)
    _by_position: ClassVar[tuple[str, ...]] = ("extension_number",)
    _kind: ClassVar[str] = "a member"
    _example: ClassVar[str] = '{"extension_number": "201", "skill_level": 1}.'

    extension_number: ExtensionNumber
    display_name: str = ""
    skill_level: Annotated[int, number_between("between 1 and 100", 1, 100, whole=True)] = 1
    ring_delay: FiniteSeconds = 0
    ring_time: Time | None = None
    skip_busy: bool | None = None
    enforced_wrap_up: Time | None = None


class Action(StrEnum):
    """The action of a ring group on a call that nobody answered."""

    FORWARD_TO_NUMBER = "FORWARD_TO_NUMBER"
    FORWARD_TO_VOICEMAIL = "FORWARD_TO_VOICEMAIL"
    REPEAT = "REPEAT"
    HANGUP = "HANGUP"


class NoAnswerForwardRule(PbxRecord):
    """The rule for a call after a pass through the group ends unanswered (rule S9).

    Parameters
    ----------
    action : str, default "HANGUP"
        `FORWARD_TO_NUMBER`, `FORWARD_TO_VOICEMAIL`, `REPEAT` or `HANGUP`.
    number : str, optional
        Number that `FORWARD_TO_NUMBER` forwards to; the other actions keep and ignore it.
    """

    _kind: ClassVar[str] = "a no-answer rule"
    _example: ClassVar[str] = '{"action": "FORWARD_TO_NUMBER", "number": "601"}.'

    action: Annotated[Action, _one_of(Action, "four actions")] = Action.HANGUP
    number: str = ""

    @model_validator(mode="after")
    def _number_is_there(self) -> Self:
        if self.action is Action.FORWARD_TO_NUMBER and not self.number:
            raise ConfigurationError("number", "must be given with FORWARD_TO_NUMBER")
        return self


class OutboundCallerId(PbxRecord):
    """A caller id for calls forwarded to outside numbers; ringsim keeps and ignores it."""

    _kind: ClassVar[str] = "an outbound caller id"
    _example: ClassVar[str] = '{"provider_id": "NzAw", "caller_id": "+41445550100"}.'

    provider_id: str = ""
    caller_id: str = ""
    description: str = ""
    display_name: str = ""
    provider_name: str = ""
    provider_brand: str = ""
    provider_did_numbers: Any = None


def _as_members(value: Any) -> Any:
    """Convert extension numbers to members, so that `["201", "202"]` is a list of members."""
    if hasattr(value, "tolist"):  # a column of pandas, or an array of numpy
        value = value.tolist()
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
        return value
    return tuple(
        {"extension_number": item} if isinstance(item, (str, int)) else item for item in value
    )


Members = Annotated[tuple[Member, ...], BeforeValidator(_as_members)]
