"""Eight strategies of the PBX, each defined by the fields that it sorts by (S7, S11)."""

from __future__ import annotations

from ringsim.dispatch._dispatcher import FanOut, Hunt
from ringsim.dispatch._registry import register
from ringsim.group import RingStrategy

__all__ = [
    "CyclicHunt",
    "LeastWorkedHunt",
    "PagingIntercom",
    "PrioritizedHunt",
    "RingSimultaneously",
    "SkillBasedCyclicHunt",
    "SkillBasedLeastWorkedHunt",
    "SkillBasedPrioritizedHunt",
]


@register(RingStrategy.RING_SIMULTANEOUSLY)
class RingSimultaneously(FanOut):
    """Ring all candidates at once; the first to lift the handset has the call.

    Earlier rings and answers have no effect. If two members answer at the same instant, the
    first in the configured order has the call.

    Elsewhere: similar, not equal: the presets asterisk-queue/ringall,
    freepbx-ringgroup/ringall, 3cx-ringgroup/ring-all, cucm/broadcast, teams/attendant and
    avaya-ipo/collective. They differ in busy members, declined calls and waiting in line.

    Examples
    --------
    >>> from ringsim.dispatch import Candidate, Moment
    >>> wave = RingSimultaneously().wave([Candidate(1), Candidate(0)], Moment(0, 0, 0, 0))
    >>> [candidate.position for candidate in wave]
    [0, 1]
    """


@register(RingStrategy.PRIORITIZED_HUNT)
class PrioritizedHunt(Hunt):
    """Ring one member at a time, in the configured order.

    Earlier rings and answers have no effect: every call rings the first candidate in the list
    first. There are no ties.

    Elsewhere: similar, not equal: the presets freepbx-ringgroup/hunt, cucm/top-down,
    webex/top-down, yeastar/sequentially and 3cx-ringgroup/prioritized-hunt. They differ in
    members who become busy or free meanwhile; asterisk-queue/linear pauses after each ring.

    Examples
    --------
    >>> from ringsim.dispatch import Candidate, Moment
    >>> PrioritizedHunt().wave([Candidate(1), Candidate(0)], Moment(0, 0, 0, 0))[0].position
    0
    """


@register(RingStrategy.CYCLIC_HUNT)
class CyclicHunt(Hunt):
    """Ring one member at a time, the least recently rung first.

    A ring counts from its start, answered or not, so a member who misses a call still loses
    their turn. Members who were never rung come first; ties keep the configured order.

    Elsewhere: similar, not equal: the presets asterisk-queue/rrmemory,
    freeswitch-callcenter/round-robin, cucm/circular and avaya-ipo/rotary keep a pointer and go
    on after the member rung last: after A, B, (C busy), A the next is B there and C here.

    Examples
    --------
    >>> from ringsim.dispatch import Candidate, Moment
    >>> pair = [Candidate(0, last_rung_at=7), Candidate(1, last_rung_at=3)]
    >>> CyclicHunt().wave(pair, Moment(9, 0, 0, 0))[0].position
    1
    """

    order_by: tuple[str, ...] = ("last_rung_at",)


@register(RingStrategy.LEAST_WORKED_HUNT)
class LeastWorkedHunt(Hunt):
    """Ring one member at a time, the one who answered least recently first.

    The name is the PBX's misnomer: what counts is not how much a member has worked but
    when they last *answered* a call of this group. A missed ring changes nothing, so a member
    who does not answer stays first for the next call. Members who never answered come first;
    ties keep the configured order.

    Elsewhere: similar, not equal: the presets zoom/rotating, 3cx-queue/next-agent and
    webex/circular keep a pointer to the member who answered last, and differ after a member was
    skipped. asterisk-queue/leastrecent and freeswitch-callcenter/longest-idle-agent count from
    the end of the last call.

    Examples
    --------
    >>> from ringsim.dispatch import Candidate, Moment
    >>> pair = [Candidate(0, last_answered_at=5), Candidate(1, last_rung_at=8)]
    >>> LeastWorkedHunt().wave(pair, Moment(9, 0, 0, 0))[0].position
    1
    """

    order_by: tuple[str, ...] = ("last_answered_at",)


@register(RingStrategy.PAGING_INTERCOM)
class PagingIntercom(FanOut):
    """Page all candidates who are not on a call: their phones answer by themselves, at once.

    Every member reached hears the caller until the call ends. The order has no effect.

    Elsewhere: similar: the preset 3cx-ringgroup/paging, which skips ringing phones; Page() of
    Asterisk and the paging groups of Grandstream and Kazoo.

    Examples
    --------
    >>> PagingIntercom.auto_answer
    True
    """

    auto_answer = True


@register(RingStrategy.SKILL_BASED_ROUTING_PRIORITIZED_HUNT)
class SkillBasedPrioritizedHunt(PrioritizedHunt):
    """`PrioritizedHunt` through skill level 1 first, then level 2, and so on.

    Elsewhere: similar, not equal: the presets asterisk-queue/linear with penalties and
    freeswitch-callcenter/top-down with tiers, which keep a pointer for each caller.

    Examples
    --------
    >>> from ringsim.dispatch import Candidate, Moment
    >>> pair = [Candidate(0, skill_level=2), Candidate(1, skill_level=1)]
    >>> SkillBasedPrioritizedHunt().wave(pair, Moment(0, 0, 0, 0))[0].position
    1
    """

    order_by: tuple[str, ...] = ("skill_level", *PrioritizedHunt.order_by)


@register(RingStrategy.SKILL_BASED_ROUTING_CYCLIC_HUNT)
class SkillBasedCyclicHunt(CyclicHunt):
    """`CyclicHunt` through skill level 1 first, then level 2, and so on.

    Elsewhere: similar, not equal: the presets asterisk-queue/rrmemory with penalties and
    3cx-queue/skill-based-round-robin keep a pointer, and differ after a member was skipped.

    Examples
    --------
    >>> from ringsim.dispatch import Candidate, Moment
    >>> trio = [Candidate(0, 2), Candidate(1, 1, last_rung_at=7), Candidate(2, 1)]
    >>> SkillBasedCyclicHunt().wave(trio, Moment(9, 0, 0, 0))[0].position
    2
    """

    order_by: tuple[str, ...] = ("skill_level", *CyclicHunt.order_by)


@register(RingStrategy.SKILL_BASED_ROUTING_LEAST_WORKED_HUNT)
class SkillBasedLeastWorkedHunt(LeastWorkedHunt):
    """`LeastWorkedHunt` through skill level 1 first, then level 2, and so on.

    The name is the same misnomer: see `LeastWorkedHunt`.

    Elsewhere: similar, not equal: the presets asterisk-queue/leastrecent with penalties and
    freeswitch-callcenter/longest-idle-agent with tiers count from the end of the last call.

    Examples
    --------
    >>> from ringsim.dispatch import Candidate, Moment
    >>> trio = [Candidate(0, 2), Candidate(1, 1, last_answered_at=5), Candidate(2, 1)]
    >>> SkillBasedLeastWorkedHunt().wave(trio, Moment(9, 0, 0, 0))[0].position
    2
    """

    order_by: tuple[str, ...] = ("skill_level", *LeastWorkedHunt.order_by)
