"""The validated record of a ring group."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, ModelWrapValidatorHandler, model_validator

from ringsim._model import (
    AsTuple,
    ExtensionNumber,
    FiniteSeconds,
    PbxRecord,
    check_listed_once,
    number_between,
)
from ringsim.errors import ConfigurationError
from ringsim.group._parts import (
    OPTIONS_OF_MEMBERS,
    OWN_OF_MEMBERS,
    Action,
    Members,
    NoAnswerForwardRule,
    OutboundCallerId,
    Strategy,
)
from ringsim.group._preset import merged_rules, own_rules
from ringsim.group._strategy import RingStrategy
from ringsim.presets import preset as preset_named
from ringsim.rules import DEFAULTS, PLAIN_OPTIONS, STRATEGY_OPTIONS, WAVE_OPTIONS, Rules

__all__ = ["RingGroup"]

LONGEST_RING_TIME = 2**31 - 1  # s, the API's 32 bits


class RingGroup(PbxRecord):
    """A ring group: the validated record of the PBX's API.

    Parameters
    ----------
    name : str
        Name of the group, such as "Sales".
    extension_number : str
        3 to 64 digits.
    ring_time : float, default 20
        Time that each phone rings [s]. A ring of 0 s ends at once, but a member whose answer
        delay is 0 still answers it.
    ring_strategy : RingStrategy, default RING_SIMULTANEOUSLY
        One of the eight values, as a member of the enumeration or a string.
    preset : str, optional
        Name of a preset, such as `"asterisk-queue/rrmemory"`, in place of `ring_strategy`: the
        rules of another PBX (see `ringsim.presets`). It sets `rules`, `ring_time` and
        `skip_busy_member`, each only where the group does not. ringsim's own field.
    members : list of Member, dict or str, or a column of pandas
        Members in the configured order; a string is an extension number. In the PBX's JSON
        the field is called `agents`.
    skip_busy_member : bool, default True
        If True, members on a call are not rung.
    no_answer_forward_rule : NoAnswerForwardRule or dict
        Action after a pass that ends unanswered; by default the call is hung up.
    max_repeats : int, default 3
        Maximum number of further passes of one call with the action `REPEAT`. ringsim's own
        field, never written to the PBX's record.
    repeat_delay : float, default 1
        Time before a repeat if no phone rang in the previous pass [s]. ringsim's own field.
    rules : Rules or dict
        Options of the rules of ringing. ringsim's own field.
    enable_paid, enable_prid, extension_number_as_to_header, outbound_caller_ids, id, \
enable_audio_recording
        Kept unchanged; they do not affect ringing.
    night_mode_forward_rule, enable_night_mode
        Kept unchanged; calls are simulated outside night mode.

    Any other field is kept and written back, because the PBX may know more than ringsim;
    `notes` lists it. A misspelt field is refused, except by `from_pbx`.

    Raises
    ------
    ConfigurationError
        If a field is invalid or misspelt, or no field is one of a ring group.

    Examples
    --------
    >>> from ringsim.group import Member
    >>> sales = RingGroup(extension_number="600", members=["201", Member("202", skill_level=2)])
    >>> [member.extension_number for member in sales.members]
    ['201', '202']
    >>> RingGroup(extension_number="600", nmae="Sales")
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: nmae must be a field of a ring group. Did you mean 'name'?
    >>> queue = RingGroup(preset="asterisk-queue/rrmemory", rules={"retry_pause": 2})
    >>> queue.ring_time, queue.rules.rotation, queue.rules.retry_pause
    (15, 'rung', 2)
    """

    _own: ClassVar[frozenset[str]] = frozenset({"max_repeats", "repeat_delay", "rules", "preset"})
    _also_read: ClassVar[tuple[str, ...]] = ("agents",)
    _kind: ClassVar[str] = "a ring group"
    _example: ClassVar[str] = (
        '{"extension_number": "600", "ring_strategy": "CYCLIC_HUNT", "ring_time": 20, '
        '"members": ["201", "202"]}.'
    )

    id: str = ""
    name: str = ""
    extension_number: ExtensionNumber = ""
    ring_time: Annotated[
        float,
        number_between(
            f"from 0 to {LONGEST_RING_TIME} seconds", 0, LONGEST_RING_TIME, seconds=True
        ),
    ] = 20
    ring_strategy: Strategy = RingStrategy.RING_SIMULTANEOUSLY
    preset: str | None = None
    skip_busy_member: bool = True
    enable_paid: bool = True
    enable_prid: bool = True
    extension_number_as_to_header: bool = False
    no_answer_forward_rule: NoAnswerForwardRule = NoAnswerForwardRule()
    night_mode_forward_rule: Any = None
    enable_night_mode: Any = None
    enable_audio_recording: Any = None
    outbound_caller_ids: Annotated[tuple[OutboundCallerId, ...], AsTuple] = ()
    members: Members = Field(default=())
    max_repeats: Annotated[
        int, number_between("a whole number from 0 to 10000", 0, 10_000, whole=True)
    ] = 3
    repeat_delay: FiniteSeconds = DEFAULTS["repeat_delay"]
    rules: Rules = Rules()

    @model_validator(mode="wrap")
    @classmethod
    def _preset_fills_in(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Set what a preset sets, without marking it as given: files keep the preset's name."""
        name = data.get("preset") if isinstance(data, Mapping) else None
        if name is None:
            return handler(data)
        chosen = preset_named(name)
        if data.get("ring_strategy"):
            raise ConfigurationError(
                "ring_strategy", f"must not be given beside preset {name!r}", data["ring_strategy"]
            )
        rules = merged_rules(chosen, data.get("rules"))
        group = handler({**data, "rules": rules})
        kept = group.model_fields_set - ({"rules"} if not own_rules(rules).given() else set())
        for field, value in chosen.fields.items():
            if field not in kept:
                group.__dict__[field] = value
        object.__setattr__(group, "__pydantic_fields_set__", kept)
        return group

    @model_validator(mode="before")
    @classmethod
    def _agents_are_members(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or "agents" not in data:
            return data
        if "members" in data:
            raise ConfigurationError("agents", "must not be given beside members")
        renamed = {key: value for key, value in data.items() if key != "agents"}
        return {**renamed, "members": data["agents"]}

    @model_validator(mode="after")
    def _members_differ(self) -> Self:
        check_listed_once("members", (member.extension_number for member in self.members))
        return self

    @model_validator(mode="after")
    def _rules_stand_once(self) -> Self:
        for option, field in (("passes", "max_repeats"), ("repeat_delay", "repeat_delay")):
            given = getattr(self.own_rules, option)
            if given is not None and field in self.model_fields_set:
                raise ConfigurationError(
                    f"rules.{option}", f"must not be given beside {field}", given
                )
        return self

    @property
    def own_rules(self) -> Rules:
        """The options that the group sets itself, without those of its preset."""
        return own_rules(self.rules)

    def given(self) -> dict[str, Any]:
        """Return the fields that were set; of the rules, those that the group sets itself."""
        fields = super().given()
        return fields if fields.get("rules") is None else {**fields, "rules": self.own_rules}

    def replace(self, /, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated like a new record.

        A new `preset` takes the place of the strategy, and a new `ring_strategy` that of the
        preset, whose other options stay, written out.

        Raises
        ------
        ConfigurationError
            If a changed field is invalid or misspelt.
        """
        fields = {**self._constructible(), **changes}
        if fields.get("preset") is None:
            fields.pop("preset", None)
        if changes.get("preset") and not changes.get("ring_strategy"):
            fields.pop("ring_strategy", None)
            unordered = self.own_rules.without(*STRATEGY_OPTIONS)
            fields = {**fields, "rules": unordered, **changes}
        if changes.get("ring_strategy") and self.preset and not changes.get("preset"):
            del fields["preset"]
            set_by_it = {name: getattr(self, name) for name in preset_named(self.preset).fields}
            fields = {**fields, **set_by_it, "rules": self.unordered_rules, **changes}
        return type(self)(**fields)

    @property
    def unordered_rules(self) -> Rules:
        """The rules for another strategy or dispatcher than the group's own.

        They lack the options whose place a strategy takes, and the preset's options that say
        which phones ring together.
        """
        own = self.own_rules.given()
        return self.rules.without(
            *(name for name in WAVE_OPTIONS if name in STRATEGY_OPTIONS or name not in own)
        )

    def played_rules(self, *, ringing_is_busy: bool, another_order: bool = False) -> Rules:
        """Return the group's rules of ringing with every option set.

        Parameters
        ----------
        ringing_is_busy : bool
            The scenario's setting, used if the group's rules do not set it.
        another_order : bool, default False
            Whether a dispatcher is played that is not the group's own.
        """
        repeats = self.no_answer_forward_rule.action is Action.REPEAT
        rules = self.unordered_rules if another_order else self.rules
        if repeats and self.own_rules.passes is None:
            rules = rules.without("passes")
        return rules.resolved(
            passes=1 + self.max_repeats if repeats else DEFAULTS["passes"],
            repeat_delay=self.repeat_delay,
            ringing_is_busy=ringing_is_busy,
        )

    @property
    def departures(self) -> tuple[str, ...]:
        """Paths of the options with which the group's rules are not S1 to S15."""
        given = self.rules.given().items()
        own = [
            name
            for name, value in given
            if name in DEFAULTS and name not in PLAIN_OPTIONS and value != DEFAULTS[name]
        ]
        if self.rules.passes == math.inf:
            own.append("passes")
        of_members = [
            f"members[{index}].{name}"
            for index, member in enumerate(self.members)
            for name in OPTIONS_OF_MEMBERS
            if (value := getattr(member, name)) is not None and (value or name in OWN_OF_MEMBERS)
        ]
        return (*(f"rules.{name}" for name in own), *of_members)

    def to_api(self) -> dict[str, Any]:
        """Return the record as the PBX's JSON, with members as `agents`.

        Returns
        -------
        dict
            Equal to the dict that was read: absent fields stay absent, nulls stay null, and
            unknown keys are kept.
        """
        record = super().to_api()
        if "members" in record:
            record["agents"] = record.pop("members")
        return record
