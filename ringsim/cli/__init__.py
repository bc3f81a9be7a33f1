"""The command line: `ringsim simulate`, `compare`, `size`, `sweep`, `report` and others.

With `--json` a command prints one object: `format` and `version` of its shape, the settings,
`notes`, and the figures. `simulate` gives `all` and, by number, `groups`, each with `metrics` that
have `estimate`, `low`, `high` and `note`; `members`; and with `--intervals` also `intervals`, both
lists of rows. The other commands give a `table` of rows and what they found in words: `text`, or
`findings` of a report; `sweep` gives the table alone. NaN is null.

With several groups in a file, an option names its group: `--members 600=201,202`.
"""

from ringsim.cli._app import main

__all__ = ["main"]
