"""The rules of ringing, stated once and in full, and the options that they have.

`Rules`
    The rules S1 to S15 with their worked cases, as the docstring of a record that holds a field
    for each option that a rule has.
`DEFAULTS`
    The value of each option that is not set.
`rules_table`
    The first sentence of each rule, as a table in Markdown: the README's.

Code and tests cite the rules by their numbers: `git grep -nw S9` finds rule S9 here, in both
engines and in the tests. To add an option, add a field to `Rules` with its validator, its
default to `DEFAULTS`, a sentence to the rule that it changes, and a field to `GroupPlan`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, Self

from ringsim._model import FiniteSeconds, Record, number_between

__all__ = ["DEFAULTS", "Rules", "rules_table"]

MOST_PASSES = 10_001

DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType(
    {"ringing_is_busy": False, "passes": 1, "repeat_delay": 1}
)

Passes = Annotated[
    int, number_between(f"a whole number from 1 to {MOST_PASSES}", 1, MOST_PASSES, whole=True)
]


class Rules(Record):
    """The options of one group's rules of ringing; the rules themselves stand below.

    Every option is unset (None) unless it is given. Where it is unset, the group's own fields
    and the scenario's count, and then the default.

    Parameters
    ----------
    ringing_is_busy : bool, optional
        Whether a phone that is only ringing counts as on a call (S3, S10). Otherwise it is as
        `Scenario.ringing_is_busy` says.
    passes : int, optional
        How many passes one call may have in the group (S9), 1 to 10001. Otherwise it is
        `1 + max_repeats` if the no-answer rule is `REPEAT`, and 1 if not. It must not be
        given beside the group's `max_repeats`.
    repeat_delay : float, optional
        Least pause [s] after a pass in which no phone rang (S9). Otherwise it is the group's
        `repeat_delay`, 1 by default; it must not be given beside it.

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
        The dispatcher picks from the candidates the wave: the members whose phones start to
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
        A group remembers of each member the last ring, the last answer, and the counters that a
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
        number that is no group of the scenario end the call as *overflowed*.
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
        `now + (at - now)`, would be off by a bit.

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
    >>> Rules(passes=0)
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: passes must be a whole number from 1 to 10001, got 0.
    """

    ringing_is_busy: bool | None = None
    passes: Passes | None = None
    repeat_delay: FiniteSeconds | None = None

    def resolved(self, **inherited: Any) -> Self:
        """Return the rules with every option set: as given, else inherited, else the default."""
        return type(self)(**{**DEFAULTS, **inherited, **self.given()})

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Show the options that are set, as there are many."""
        return list(self.given().items())


def rules_table() -> str:
    """Return a table in Markdown with the number, the name and the first sentence of each rule."""
    stated = inspect.cleandoc(Rules.__doc__ or "")
    rules = re.findall(r"^(S\d+) (.+)\n((?: {4}\S.*\n)+)", stated, re.M)
    rows = [f"| {number} | {name} | {' '.join(lines.split())} |" for number, name, lines in rules]
    return "\n".join(["| rule | name | in one sentence |", "| --- | --- | --- |", *rows])
