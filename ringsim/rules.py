"""The rules of ringing, stated once and in full, and the options that they have.

`Rules`
    The rules S1 to S15 with their worked cases, as the docstring of a record that holds a field
    for each option that a rule has.
`DEFAULTS`
    The value of each option that is not set.
`rules_table`
    The first sentence of each rule, as a table in Markdown: the README's.

Code and tests cite the rules by their numbers: `git grep -nw S9 -- '*.py'` finds rule S9 here,
in both engines and in the tests.

To add an option, add a field to `Rules` with its validator, its paragraph under Parameters and its
default in `DEFAULTS`; `tests/README.md` has all further steps.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Self

from pydantic import model_validator

from ringsim._model import FiniteSeconds, Record, number_between
from ringsim._rule_conflicts import check_conflicts
from ringsim._rule_options import (
    AtOnceOption,
    EmptyStates,
    LevelRow,
    LevelRows,
    Limit,
    OrderBy,
    Passes,
    Time,
    WrapUp,
    one_of,
)

__all__ = [
    "DEFAULTS",
    "ORDER_OPTIONS",
    "PLAIN_OPTIONS",
    "STRATEGY_OPTIONS",
    "WAVE_OPTIONS",
    "LevelRow",
    "Rules",
    "rules_table",
]

DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "order_fixed": "ring",
        "memory_scope": "group",
        "rotation": "none",
        "memory_hunt": "none",
        "wave_step": math.inf,
        "passes": 1,
        "retry_pause": 0.0,
        "repeat_delay": 1,
        "max_wait_time": math.inf,
        "last_ring": "cut",
        "join_ringing": False,
        "ringing_is_busy": False,
        "enforced_wrap_up": 0.0,
        "after_decline": "next",
        "declined_again": True,
        "missed_rest": 0.0,
        "declined_rest": 0.0,
        "auto_pause_after": math.inf,
        "auto_pause_time": math.inf,
        "auto_pause_scope": "group",
        "auto_pause_on_decline": False,
        "auto_pause_grace": 0.0,
        "max_active_calls": math.inf,
        "primary": False,
        "wait_in_line": False,
        "line_serves": "all",
        "line_poll": 0.0,
        "max_queue_length": math.inf,
        "join_empty": (),
        "leave_when_empty": (),
        "queue_weight": 0.0,
        "skill_order": "lowest_first",
        "level_rules": (),
        "empty_level_opens_next": False,
        "levels_ignored_up_to": 0,
        "connect_delay": 0.0,
    }
)

# Options that rules S1 to S15 have themselves
PLAIN_OPTIONS: Final = ("ringing_is_busy", "passes", "repeat_delay")

# Options that the dispatcher provides if they are unset
ORDER_OPTIONS: Final = ("order_by", "at_once", "one_wave", "auto_answer")

# Options that another strategy or dispatcher takes the place of
STRATEGY_OPTIONS: Final = (*ORDER_OPTIONS, "rotation")

# Options that say which phones ring together, and in which order
WAVE_OPTIONS: Final = (*STRATEGY_OPTIONS, "memory_hunt", "wave_step", "join_ringing")


class Rules(Record):
    """The options of one group's rules of ringing; the rules themselves stand below.

    Every option is unset (None) unless it is given. Where it is unset, the group's own fields
    and the scenario's count, and then the default, with which the rules are S1 to S15 as they
    stand. The other options are those of other PBXs. A *wave* is phones that start together;
    the *line* is the callers who wait for a member.

    Parameters
    ----------
    order_by : list of str, optional
        Fields of a `Candidate` to sort by (S7), in place of those of the strategy. Equal
        candidates keep the configured order.
    at_once : int, "ALL" or "TIED", optional
        Number of phones of a wave (S4), in place of that of the strategy; `"TIED"` rings all
        that share the best key, such as a skill level.
    one_wave : bool, optional
        Whether a pass is over after one wave (S5), in place of what the strategy says.
    auto_answer : bool, optional
        Whether phones answer by themselves (S10), in place of what the strategy says.
    rotation : {"none", "rung", "answered", "within_call"}, optional
        Round robin with a pointer, at first to the first member. The key `rotation` is the
        distance from it, round the end. With `"rung"` it moves, when a wave ends, behind the
        member rung last; with `order_fixed` it moves to the next in that order, or to the top
        if everybody had their turn. A caller who gives up while no phone rings does not move it.
        With `"answered"` it moves behind who answered. With `"within_call"` each call has a
        pointer of its own, which moves like `"rung"`.
    order_fixed : {"ring", "pass", "call"}, default "ring"
        When the order is decided: afresh for each wave (S3); when a pass starts, so that a member
        who cannot be rung in their turn is passed over; or when the call enters the group,
        so that members who cannot be rung then are left out, and the others ring even if busy.
    memory_scope : {"group", "extension"}, default "group"
        Whether the memory of S7, rests and enforced wrap-up belong to a member in one group,
        or to the person in all groups.
    memory_hunt : {"none", "again", "ring_on"}, default "none"
        Whether the phones of earlier waves of the pass ring with the new ones: `"again"` starts
        them afresh, with `"ring_on"` they ring on, each for its own time.
    wave_step : float
        With `"ring_on"`, time from the start of a wave to the start of the next [s]. When
        `max_wait_time` is over, no other wave starts.
    passes : int or inf, optional
        How many passes one call may have in the group (S9), 1 to 10001. Otherwise it is
        `1 + max_repeats` if the no-answer rule is `REPEAT`, and 1 if not. It must not be
        given beside the group's `max_repeats`.
    retry_pause : float, default 0
        Pause after a pass before the next [s] (S9).
    repeat_delay : float, optional
        Least pause [s] after a pass in which no phone rang (S9). Otherwise it is the group's
        `repeat_delay`, 1 by default; it must not be given beside it.
    max_wait_time : float, default inf
        Time in the group after which the no-answer rule acts [s] (S9). It never cuts a pause
        between passes: a time that runs out in one counts at its end.
    last_ring : {"cut", "finish"}, default "cut"
        Whether a wave that rings when `max_wait_time` is over ends then, or is finished. With
        `line_poll` the time is counted in whole polls.
    join_ringing : bool, default False
        Whether a member who becomes a candidate while a fan-out rings is rung for the rest of
        the wave (S5).
    ringing_is_busy : bool, optional
        Whether a phone that is only ringing counts as on a call (S3, S10). Otherwise it is as
        `Scenario.ringing_is_busy` says.
    enforced_wrap_up : float or "drawn", default 0
        Time after a talk for this group in which the member is not a candidate [s] (S3), or the
        call's own wrap-up time. The wrap-up of S6 runs beside it.
    after_decline : {"next", "rest", "end"}, default "next"
        What follows when a phone is declined and no other of its wave rings (S5): the next wave
        for a full ring time; a wave for the rest of the declined one, if that is 0.5 s or
        more; or the end of the pass.
    declined_again : bool, default True
        Whether a member who declined a call may be rung again for it.
    missed_rest, declined_rest : float, default 0
        Time after a ring that was missed, or declined, in which the member is not a candidate [s].
    auto_pause_after : int or inf, default inf
        Number of missed rings in a row after which a member is paused: no candidate for
        `auto_pause_time`. An answer sets the count to 0; a ring that the caller or another
        answer ends is not missed.
    auto_pause_time : float, default inf
        Length of such a pause [s]; a longer pause that goes on already is not cut short.
    auto_pause_scope : {"group", "extension"}, default "group"
        Whether the count and the pause belong to a member in one group, or to the person.
    auto_pause_on_decline : bool, default False
        Whether a declined ring counts as missed.
    auto_pause_grace : float, default 0
        Time after the member's last hang-up in which a missed ring does not count [s].
    max_active_calls : int or inf, default inf
        Number of talks of the group during which nobody is a candidate.
    primary : bool, default False
        With `order_fixed="call"`: if the first member may not be rung, nobody is; if they are
        on a call and may be rung, they alone are.
    wait_in_line : bool, default False
        Whether a call that finds no available member stands in the group's line, in order of
        arrival, until it is its turn, `max_wait_time` is over or the caller gives up, instead
        of acting by S9. It keeps its place through its passes.
    line_serves : {"all", "head", "one_ringing"}, default "all"
        Which callers in line may ring phones: as many from the head as members are available;
        the first; or as many, but only if all callers before them ring already.
    line_poll : float, default 0
        If not 0, a caller in line looks at whole multiples of it after entering [s], and not at
        the instant at which a member becomes available.
    max_queue_length : int or inf, default inf
        Number of callers in line at which another call acts by S9 at once.
    join_empty, leave_when_empty : list of str, default []
        States `off_duty`, `paused`, `busy`, `ringing`, `wrap_up`: if every member is in one of
        them, a call that enters, or one that stands in line, acts by S9. With `level` alone,
        that happens only in a group without members.
    queue_weight : float, default 0
        A member whom callers of several groups wait for is not rung for one of less weight.
        As soon as phones ring for a caller of more weight, that caller no longer waits, and the
        lines of less weight are looked at in the same instant.
    skill_order : {"lowest_first", "highest_first"}, default "lowest_first"
        Direction of the key `skill_level` (S11).
    level_rules : list of (after, least, most, raise_to), optional
        The skill levels that a call is offered to, once it has waited longer than `after`
        seconds: `least` to `most`; members below `raise_to` count as of that level. A row with
        `after` 0 that stands first counts from the start. None leaves a level as it is, `"+1"`
        moves it. `least` is compared with a member's own level.
    empty_level_opens_next : bool, default False
        Whether a level of which nobody is on duty counts as opened.
    levels_ignored_up_to : int, default 0
        With at most so many members, all levels count as one.
    connect_delay : float, default 0
        Time from the answer to the start of the talk [s]. The wait ends at the answer.

    Raises
    ------
    ConfigurationError
        If a field is invalid.

    Notes
    -----
    Times are float seconds from the start of the scenario.

    S1 Arrival
        A call arrives at its group at `arrives_at` and is played to its end.

        Nothing is cut off at closing time: `hours` only limits what is drawn, namely arrivals
        in [0, 3600 hours).

    S2 Pass
        A pass is one go through a group; a call rings each member at most once in a pass.

        Entering a group starts a pass.

    S3 Candidates
        Candidates are the members on duty who have not been rung in this pass and, with
        `skip_busy_member`, are not on a call.

        Any call counts, whether of this group, of another or of their own. A member is on a
        call in [answer, answer + talk). A phone that is only ringing is not on a call, but
        counts as on a call with `ringing_is_busy`, here and in S10. The PBX cannot see
        wrap-up: the phone of a member in wrap-up rings. The PBX looks for candidates afresh
        each time it picks whom to ring.

    S4 Wave
        From the candidates, the dispatcher picks the wave: the members whose phones start to
        ring now.

        A hunt picks the first in its order, a fan-out all of them.

    S5 Ring
        A wave rings for `ring_time`, and ends early when one of its members answers or the
        caller gives up.

        When a wave times out, a hunt looks for candidates again (S3), and its pass ends if
        there are none. The pass of a fan-out ends after its one wave, even if a member has
        become a candidate meanwhile.

    S6 Answer
        A member answers at the first instant, not before `started_at + answer_delay`, at which
        they are free, if the phone still rings then.

        The very instant at which the ring would end or the caller would give up still counts.
        `answer_delay = inf` means never. A member who is rung while busy, because
        `skip_busy_member` is off or the phone rings for two calls, can therefore answer if
        their call and wrap-up end during the ring. Answering one call stops no ring for
        another call. The member then talks for `talk_time` and is in wrap-up for
        `wrap_up_time`: they are not free in [answer, (answer + talk) + wrap-up).

    S7 Memory
        For each member, a group remembers the last ring, the last answer, and the counters that a
        dispatcher may order by.

        `last_rung_at` is the start of the last ring, answered or not, and `last_answered_at`
        the instant of the last answer; both are `-inf` if there was none. Members with equal
        keys keep the configured order. PRIORITIZED has no key, CYCLIC has `last_rung_at`, and
        LEAST_WORKED has `last_answered_at`; the skill-based three put `skill_level` first.

    S8 Patience
        The caller gives up `patience` seconds after arrival, unless the call was answered.

        The clock runs on through waves, repeats and forwards. An arrival is played first, even
        with patience 0.

    S9 No answer
        A pass that ends unanswered is followed by another, up to `passes` in all; then the
        group's `no_answer_forward_rule` says what happens.

        The next pass starts at once. If no phone rang in the pass just ended, it starts
        `repeat_delay` seconds later, as an event of its own even if that is 0. `REPEAT` makes
        `1 + max_repeats` passes (3 repeats by default) and then hangs up at once. `HANGUP`
        (also where there is no rule), `FORWARD_TO_VOICEMAIL`, and `FORWARD_TO_NUMBER` to a
        number that is not a group of the scenario end the call as *overflowed*.
        `FORWARD_TO_NUMBER` to a group of the scenario enters that group at the same instant.
        A call enters a group at most once, by arrival or by forward: a second entry, also of
        the group that it is in, is refused and ends the call as overflowed with the action
        `LOOP`, in the group whose rule was refused.

    S10 Paging
        A page is answered at once by every candidate who is not on a call (S3), in wrap-up or
        not.

        The outcome is *answered* at that instant, and `answered_by` is missing. Each member
        reached has a row of the rings with `started_at = ended_at` and the result `paged`, and
        is on a call for `talk_time`, without a new wrap-up; a running wrap-up goes on beside
        it. A candidate on a call is not reached and has no row. A pass that reaches nobody is
        one in which no phone rang (S9).

    S11 Skill
        Skill level 1 comes first, then level 2, and so on; other keys are compared inside a
        level.

        As the PBX looks afresh (S3), a member of level 1 who becomes a candidate while a phone
        of level 2 rings is next.

    S12 Duty
        Duty is checked when a ring starts: a member is on duty in [start, end) of each span.

        An empty list of spans is never, no list is always. A ring or a call that began on duty
        goes on.

    S13 Simultaneous events
        Events of one instant happen in this order: a member becomes free, answer, caller gives
        up, ring times out, delayed repeat, own call, arrival; of one kind by the number of the
        call, then by configured order.

        With options, a decline comes after an answer; after a ring that times out come a look
        at a line, then a caller who looks by themselves (`line_poll`), then the delayed start of
        a phone. Lines are looked at by `queue_weight`, then by the order of the groups.

        Becoming free only changes state; an answer that it makes possible is an *answer* event
        of that instant, ordered like any other. The next wave, a forward and an immediate
        repeat are part of the event that causes them. Every other event made at the present
        instant takes its place in the order: an answer without delay to arrival 1 comes before
        arrival 2. State is what the earlier events of the instant left. Nothing depends on the
        order of insertion or of hashes.

    S14 Arithmetic
        Every instant is computed once, by one float expression, and kept.

        The expressions are `started_at + ring_time`, `arrives_at + patience`,
        `max(started_at + answer_delay, free_at)`, `free_at = (answer + talk) + wrap_up`,
        `now + repeat_delay` and `wait = instant - arrives_at`. Waiting by differences,
        `now + (at - now)`, would be off by a bit. An option adds its time to the instant from
        which it counts: `now + ring_delay`, `now + wave_step`, `now + decline_delay`,
        `now + retry_pause`, `now + missed_rest`, `hang-up + enforced_wrap_up`,
        `entered_at + max_wait_time` and `entered_at + k * line_poll`, for example. With
        `connect_delay` a talk ends at `(answer + connect_delay) + talk`. A wave that is cut in
        whole polls ends at `now + (leaves_at - entered_at - k * line_poll)`.

    S15 Own calls
        An own call takes place if its person is free and on duty at its instant.

        They are then on a call for its `talk_time`, without wrap-up, whatever rings. Otherwise
        the call does not take place. It belongs to no group and changes no memory (S7).
        A spell away begins like an own call, after the own calls of its instant, whatever its
        person does: they are not free until it ends (S6), and it makes them neither on a call
        nor off duty.

    **Worked cases.** One group has the members A, B, C and `ring_time` 20. `A 0-20` is a ring
    of A from 0 to 20, and `>60` an overflow at 60.

    - W1: PRIORITIZED, nobody answers: A 0-20, B 20-40, C 40-60 >60.
    - W2: as W1, but A is on a call until 30 and busy members are skipped: B 0-20, C 20-40,
      A 40-60 >60.
    - W3: CYCLIC. Call 1 at 0: A answers after 5. Call 2 at 100: B never answers, C at once.
      Call 3 at 200: A is first, as A was rung at 0, B at 100 and C at 120.
    - W4: LEAST_WORKED, the calls of W3: call 3 rings B first, who never answered, then A.
    - W4b: LEAST_WORKED. A answered twice, both long ago, B once, just now, and C once, before
      B: A, C, B.
    - W5: CYCLIC, nobody ever answers, calls far apart: every call rings A, B, C.
    - W6: CYCLIC, two calls at 0, all free, nobody answers: call 1 rings A, C, B and call 2
      rings B, A, C. At 20 call 1 moves first and takes C; call 2 then prefers A, rung at 0, to
      C, rung at 20.
    - W7: SKILL_BASED_PRIORITIZED, A and B of level 1, C of level 2. If A and B are on a call, C
      rings at 0; if nobody is busy, A, B, C.
    - W8: SIMULTANEOUSLY: >20 if nobody answers, >0 if everyone is on a call and busy members
      are skipped.
    - W9: REPEAT, members A and B, `max_repeats` 2, nobody answers: passes 0-40, 40-80 and
      80-120, then the PBX hangs up at 120.
    - W10: A is busy until 10, busy members are rung, answer delay 4, a call at 0: A rings 0-10
      and answers at 10.

    Examples
    --------
    >>> Rules(ringing_is_busy=True)
    Rules(ringing_is_busy=True)
    >>> Rules(one_wave="yes")
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: one_wave must be true or false, got 'yes'.
    """

    order_by: OrderBy | None = None
    at_once: AtOnceOption | None = None
    one_wave: bool | None = None
    auto_answer: bool | None = None
    rotation: Annotated[str | None, one_of("none", "rung", "answered", "within_call")] = None
    order_fixed: Annotated[str | None, one_of("ring", "pass", "call")] = None
    memory_scope: Annotated[str | None, one_of("group", "extension")] = None
    memory_hunt: Annotated[str | None, one_of("none", "again", "ring_on")] = None
    wave_step: Time | None = None
    passes: Passes | None = None
    retry_pause: FiniteSeconds | None = None
    repeat_delay: FiniteSeconds | None = None
    max_wait_time: Time | None = None
    last_ring: Annotated[str | None, one_of("cut", "finish")] = None
    join_ringing: bool | None = None
    ringing_is_busy: bool | None = None
    enforced_wrap_up: WrapUp | None = None
    after_decline: Annotated[str | None, one_of("next", "rest", "end")] = None
    declined_again: bool | None = None
    missed_rest: FiniteSeconds | None = None
    declined_rest: FiniteSeconds | None = None
    auto_pause_after: Limit | None = None
    auto_pause_time: Time | None = None
    auto_pause_scope: Annotated[str | None, one_of("group", "extension")] = None
    auto_pause_on_decline: bool | None = None
    auto_pause_grace: FiniteSeconds | None = None
    max_active_calls: Limit | None = None
    primary: bool | None = None
    wait_in_line: bool | None = None
    line_serves: Annotated[str | None, one_of("all", "head", "one_ringing")] = None
    line_poll: FiniteSeconds | None = None
    max_queue_length: Limit | None = None
    join_empty: EmptyStates | None = None
    leave_when_empty: EmptyStates | None = None
    queue_weight: FiniteSeconds | None = None
    skill_order: Annotated[str | None, one_of("lowest_first", "highest_first")] = None
    level_rules: LevelRows | None = None
    empty_level_opens_next: bool | None = None
    levels_ignored_up_to: (
        Annotated[int, number_between("a whole number, at least 0", 0, 10**6, whole=True)] | None
    ) = None
    connect_delay: FiniteSeconds | None = None

    @model_validator(mode="after")
    def _options_agree(self) -> Self:
        check_conflicts(self.given())
        return self

    def resolved(self, **inherited: Any) -> Self:
        """Return the rules with every option set: as given, else inherited, else the default."""
        # Without validation, which would refuse some defaults beside each other
        return self.model_construct(**{**DEFAULTS, **inherited, **self.given()})

    def without(self, *names: str) -> Rules:
        """Return the rules with some options unset."""
        given = self.given()
        if type(self) is Rules and given.keys().isdisjoint(names):
            return self
        # Without validation: a remaining option may need one that the dispatcher now provides
        return Rules.model_construct(
            **{name: value for name, value in given.items() if name not in names}
        )

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Show the options that are set, as there are many."""
        return list(self.given().items())


def rules_table() -> str:
    """Return a table in Markdown with the number, the name and the first sentence of each rule."""
    stated = inspect.cleandoc(Rules.__doc__ or "")
    rules = re.findall(r"^(S\d+) (.+)\n((?: {4}\S.*\n)+)", stated, re.M)
    rows = [f"| {number} | {name} | {' '.join(lines.split())} |" for number, name, lines in rules]
    return "\n".join(["| rule | name | in one sentence |", "| --- | --- | --- |", *rows])
