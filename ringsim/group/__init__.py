"""Ring groups as the PBX describes them, and the JSON of its API.

`RingStrategy`
    The eight strategies, each with the PBX's rule as its docstring.
`RingGroup`, `Member`, `NoAnswerForwardRule`, `OutboundCallerId`
    The PBX's record of a ring group and the parts of that record.
`RingGroupList`, `MemberList`
    Answers of the PBX's end points that list groups and members.
`read_groups`
    Reads ring groups from any form of the PBX's JSON.

Two decisions:

- The API's `agents` are called `members` here. In JSON they are read and written as `agents`.
  The PBX itself returns them from a separate end point.
- Every field of a group may be absent: the record of an update has no number, and the record
  of a group just created has only an id. `Scenario` requires the fields that ringing needs.
"""

from ringsim.group._pages import MemberList, RingGroupList, read_groups, read_page
from ringsim.group._parts import Action, Member, NoAnswerForwardRule, OutboundCallerId
from ringsim.group._record import RingGroup
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
    "read_page",
]
