"""The eight strategies of the PBX, each defined by the fields that it sorts by."""

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

    Elsewhere: ringall (Asterisk, FreePBX), Ring All (3CX), simultaneous (most others),
    broadcast (Cisco CUCM), collective (Avaya IP Office).

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

    Elsewhere: linear (Asterisk), hunt (FreePBX), top-down (FreeSWITCH, Cisco CUCM),
    sequential (Yeastar, Zoom, Avaya IP Office), fixed order (RingCentral), REGULAR (Webex).

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

    Elsewhere: similar, not equal. Asterisk's rrmemory, FreeSWITCH's round-robin, Cisco CUCM's
    circular and Avaya IP Office's rotary keep a pointer and go on after the member rung last:
    after A, B, (C busy), A the next is B there and C here.

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

    Elsewhere: rotating (Zoom). 3CX's NextAgent and Webex's CIRCULAR instead keep a pointer to
    the member who answered last, and differ after a member was skipped. Asterisk's leastrecent
    and FreeSWITCH's longest-idle count from the end of the last call instead.

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

    Elsewhere: Paging (3CX), Page() (Asterisk), paging group (Grandstream, Kazoo).

    Examples
    --------
    >>> PagingIntercom.auto_answer
    True
    """

    auto_answer = True


@register(RingStrategy.SKILL_BASED_ROUTING_PRIORITIZED_HUNT)
class SkillBasedPrioritizedHunt(PrioritizedHunt):
    """`PrioritizedHunt` through skill level 1 first, then level 2, and so on.

    Elsewhere: linear with penalties (Asterisk), top-down with tiers (FreeSWITCH), skill
    based routing (3CX).

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

    Elsewhere: similar, not equal: rrmemory with penalties (Asterisk) and round-robin with
    tiers (FreeSWITCH) keep a pointer, and differ after a member was skipped.

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

    Elsewhere: leastrecent with penalties (Asterisk), longest-idle with tiers (FreeSWITCH),
    both counting from the end of the last call instead.

    Examples
    --------
    >>> from ringsim.dispatch import Candidate, Moment
    >>> trio = [Candidate(0, 2), Candidate(1, 1, last_answered_at=5), Candidate(2, 1)]
    >>> SkillBasedLeastWorkedHunt().wave(trio, Moment(9, 0, 0, 0))[0].position
    2
    """

    order_by: tuple[str, ...] = ("skill_level", *LeastWorkedHunt.order_by)
