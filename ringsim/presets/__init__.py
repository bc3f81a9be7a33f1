"""Presets: the rules of ringing of other PBXs, by name.

`preset`
    Return a preset by its name: its `Rules`, each option with source and certainty, and limits.
`names`, `table`
    The names of all presets, and a table with a row for each.
`Preset`, `Cell`, `CERTAINTIES`
    The record of a preset, one option of it, and the meaning of the words for certainty.

Write `preset="asterisk-queue/rrmemory"` in a `RingGroup`, or in a file under `[[groups]]`, in place
of `ring_strategy`. The preset sets the options of `rules`, `ring_time` and `skip_busy_member`, each
only where the group does not; a file has the name and what the group sets itself. A strategy or
dispatcher that is compared with a preset takes the place of the options that order members and
waves; the others stay.

====================== ============================================================================
phone system           what to write
====================== ============================================================================
Asterisk, a queue      `asterisk-queue/` and the `strategy` of queues.conf: `rrmemory`. Members in
                       the order of the file; `skill_level` is the penalty + 1.
FreePBX, a ring group  `freepbx-ringgroup/` and the strategy: `hunt`, `memoryhunt-prim`.
FreePBX, a queue       As Asterisk's queue.
FreeSWITCH callcenter  `freeswitch-callcenter/` and the queue's `strategy`: `longest-idle-agent`.
                       `skill_level` is the level of the tier.
FusionPBX              `fusionpbx/` and the strategy: `simultaneous`. Delays and time-outs of
                       destinations are `ring_delay` and `ring_time` of members.
3CX                    `3cx-ringgroup/ring-all`, or `3cx-queue/` and the polling strategy in small
                       letters with hyphens: `next-agent`.
Cisco CUCM             `cucm/` and the distribution algorithm: `top-down`, `circular`, `broadcast`.
Webex Calling          `webex/circular`, `top-down`, `simultaneous`, `longest-idle` (UNIFORM) or
                       `weighted`.
RingCentral            `ringcentral/simultaneous`, `fixed-order` or `longest-idle`.
Zoom Phone             `zoom/simultaneous`, `sequential`, `rotating`, `longest-idle`.
Microsoft Teams        `teams/attendant`, `serial`, `round-robin` or `longest-idle`.
Yeastar                `yeastar/ring-all`, `sequentially`, `memory-hunt` or `custom`.
Avaya IP Office        `avaya-ipo/collective`, `sequential`, `rotary`, `longest-waiting`.
Grandstream            `grandstream/ring-simultaneously` or `ring-in-order`.
PortSIP                `ring_strategy`, as the API has it; `portsip` or `portsip-guide` for what its
                       texts say beyond it.
====================== ============================================================================

Timers that your PBX configures are options, too: `ringsim presets NAME` names the setting behind
each. Where the calls go that nobody answers is the group's `no_answer_forward_rule`.

A value is as certain as its source. Only the presets of Asterisk and FreePBX were traced on a
running system. The texts of some vendors contradict each other: PortSIP's API and guide on skill
levels and on `LEAST_WORKED_HUNT`, Avaya's manual and Tech Tip on the last ring, Cisco's guides on
`circular`. The notes of a preset name such contradictions, and its limits what no option expresses.
"""

from ringsim.presets._preset import CERTAINTIES, Cell, Preset
from ringsim.presets._read import names, preset
from ringsim.presets._table import table

__all__ = ["CERTAINTIES", "Cell", "Preset", "names", "preset", "table"]
