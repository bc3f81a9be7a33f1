"""Ring groups and queues from the configuration files of other PBXs.

`read_pbx`, `Imported`, `Finding`
    Read files of any known format; the result is a scenario, and what of the files it leaves out.
`Importer`, `ConfigFile`, `GroupDraft`, `MemberDraft`, `Findings`, `Place`
    Base class and parts of a reader of one's own, registered by an entry point of the group
    `ringsim.importers`.
`format_names`, `is_configuration`
    Names of all formats, and whether a file looks like one of them.

A group has the preset of its PBX and strategy (see `ringsim.presets`), and in `rules` what its
file says otherwise. A setting that changes which phones ring, when or for how long becomes an
option of `Rules`, or is reported by name, file and line. A setting without effect on ringing is
dropped. A timer that a file leaves out has the default of its PBX, not that of ringsim. Values of
settings that are not read, such as passwords, are never shown or written.
"""

from ringsim.importers._drafts import GroupDraft, MemberDraft
from ringsim.importers._files import ConfigFile
from ringsim.importers._findings import Finding, Findings, Place
from ringsim.importers._imported import Imported
from ringsim.importers._importer import Importer, format_names
from ringsim.importers._read import is_configuration, read_pbx

__all__ = [
    "ConfigFile",
    "Finding",
    "Findings",
    "GroupDraft",
    "Imported",
    "Importer",
    "MemberDraft",
    "Place",
    "format_names",
    "is_configuration",
    "read_pbx",
]
