"""The ring group as the PBX describes it, and the JSON of its API.

`RingStrategy`
    The eight strategies, each with the PBX's rule in words.
`RingGroup`, `Member`, `NoAnswerForwardRule`, `OutboundCallerId`
    The PBX's record and its parts.
`RingGroupList`, `MemberList`
    What the PBX's list and agents end points return.
`read_groups`
    Ring groups from any form of the PBX's JSON.

Two decisions. The API's `agents` are called `members` here, and `agents` is how they are
read and written in the record; the PBX itself returns them from an end point of their own.
A record of an update has no number, and one that was just created is only an id: every
field may therefore be absent, and `Scenario` asks for those that ringing needs.
"""

from ringsim.group._pages import MemberList, RingGroupList, read_groups
from ringsim.group._record import Action, Member, NoAnswerForwardRule, OutboundCallerId, RingGroup
from ringsim.group._strategy import RingStrategy

__all__ = [
    "Action",
    "Member",
    "MemberList",
    "NoAnswerForwardRule",
    "OutboundCallerId",
    "RingGroup",
    "RingGroupList",
    "RingStrategy",
    "read_groups",
]
