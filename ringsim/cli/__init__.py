"""The command line: `ringsim simulate`, `compare`, `size`, `sweep`, `optimize` and others.

With `--json`, a command prints one JSON object: `format` and its `version`, the settings,
`notes`, and the results. `simulate` prints `all` and, by number, `groups`; each group has
`metrics` with `estimate`, `low`, `high` and `note`. It also prints `members` and, with
`--intervals`, `intervals`, both as lists of rows. `compare`, `size`, `sweep` and `optimize`
print a `table` of rows and a `text`, `report` a `table` and its `findings`. `presets` prints a
`table`, and the `notes` and `limits` of a preset that is named. NaN becomes null.

If a file has several groups, options name the group they are for: `--members 600=201,202`.

A command in a module of its own is one line in `ringsim.cli._added`, whose docstring says how.
"""

from ringsim.cli._app import main

__all__ = ["main"]
