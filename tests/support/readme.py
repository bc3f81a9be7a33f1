"""Helpers that read the README, and a script that updates the outputs shown in it.

    python tests/support/readme.py             # run every example; fail if an output has changed
    python tests/support/readme.py --write     # the same, and write the new outputs into the README

A line of three dots in a shown output stands for any number of lines. An update keeps these
lines: it matches each shown line with one of the lines printed now.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Sequence
from contextlib import chdir
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[2]
README = TOP / "README.md"
TESTS_README = TOP / "tests" / "README.md"

EXAMPLE = TOP / "ringsim" / "data" / "my-office.toml"

DOTS = "..."
WIDEST = 100  # columns of a wrapped line
ALIKE = 0.5  # least similarity at which a shown and a printed line count as the same row
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(language: str, text: str | None = None) -> list[str]:
    """Return the contents of the fenced blocks of one language, in order."""
    if text is None:
        text = README.read_text("utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.S | re.M)
    assert found, f"there is no {language} block"
    return found


def table_rows(heading: str, path: Path = README) -> list[list[str]]:
    """Return the cells of the tables under a heading, without header rows."""
    text = path.read_text("utf-8")
    _, found, rest = text.partition(f"\n{heading}\n")
    assert found, f"{path.name} has no heading {heading!r}"
    section = re.split(r"^#+ ", rest, maxsplit=1, flags=re.M)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    heads = {place for place, row in enumerate(rows) if set(row) <= set("|- :")}
    kept = [row for place, row in enumerate(rows) if not {place, place + 1} & heads]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in kept]


def table(*rows: Sequence[str]) -> str:
    """Return a Markdown table; the first row is the header."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def between_markers(text: str, name: str, content: str) -> str:
    """Return the text with new content between `<!-- name -->` and `<!-- end of name -->`."""
    begins, ends = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, found, rest = text.partition(begins)
    _, closed, after = rest.partition(ends)
    assert found, f"there is no {begins}"
    assert closed, f"there is no {ends}"
    return f"{before}{begins}\n{content}\n{ends}{after}"


def renew_table(name: str, content: str) -> None:
    """Write a table into the README of the tests, between the markers of its name."""
    page = TESTS_README.read_text("utf-8")
    TESTS_README.write_text(between_markers(page, name, content), "utf-8")


def strategies() -> str:
    """Return the table of the PBX's strategies, as their docstrings describe them."""
    from ringsim.cli._strategies import rule_and_aliases
    from ringsim.dispatch import registered
    from ringsim.group import RingStrategy

    pbx = [(name, kind) for name, kind in registered().items() if name in set(RingStrategy)]
    rows = ((f"`{name}`", *rule_and_aliases(kind)) for name, kind in pbx)
    return table(("strategy", "rule", "elsewhere"), *rows)


def rules() -> str:
    """Return the table of rules S1 to S15."""
    from ringsim.rules import rules_table

    return rules_table()


TABLES = {"strategies": strategies, "rules": rules}  # written between markers of these names


def commands(block: str) -> list[tuple[str, str]]:
    """Return every command of a console block with the output that it shows."""
    parts = [part for part in re.split(r"^\$ ", block, flags=re.M) if part]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def prepare(folder: Path, text: str) -> None:
    """Write the files that the commands need: `ringsim`, the example, and files shown by `cat`.

    Each command can then run alone, without the commands before it.
    """
    for command, shown in (one for block in blocks("console", text) for one in commands(block)):
        if command.startswith("cat "):
            (folder / command.removeprefix("cat ")).write_text(shown, "utf-8")
    (folder / "my-office.toml").write_bytes(EXAMPLE.read_bytes())
    (folder / "bin").mkdir()
    script = folder / "bin" / "ringsim"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ringsim "$@"\n', "utf-8")
    script.chmod(0o755)


def renewed_command(command: str, shown: str, folder: Path) -> str:
    """Run a command and return its output, shortened by dots where the shown output is."""
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={"PATH": f"{folder / 'bin'}:/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), (command, done.returncode, done.stderr)
    pieces = [re.escape(piece) for piece in re.split(r"^\.\.\.\n", shown, flags=re.M)]
    if re.fullmatch("(?s:.*)".join(pieces), done.stdout):
        return shown
    return "".join(f"{line}\n" for line in elided(shown.splitlines(), done.stdout.splitlines()))


def renewed_console(block: str, folder: Path) -> str:
    """Run the commands of a console block and return the block with their current outputs."""
    return "".join(
        f"$ {command}\n{renewed_command(command, shown, folder)}"
        for command, shown in commands(block)
    )


class Recorder(doctest.DocTestRunner):
    """Doctest runner that keeps every output that differs from the one shown."""

    def __init__(self) -> None:
        super().__init__(optionflags=OPTIONS)
        self.printed: dict[int, str] = {}

    def report_failure(self, *found: Any) -> None:
        """Keep the output of an example that differs from the one shown."""
        _, _, example, printed = found
        self.printed[id(example)] = printed

    def report_unexpected_exception(self, *found: Any) -> None:
        """Stop at an example that fails."""
        _, _, example, (_, error, _) = found
        raise AssertionError(f"{example.source.strip()} fails: {error!r}") from error


def renewed_session(parts: Sequence[str], folder: Path) -> list[str]:
    """Run the pycon blocks as one session and return them with their current outputs."""
    parsed = [doctest.DocTestParser().parse(part) for part in parts]
    examples = [item for part in parsed for item in part if isinstance(item, doctest.Example)]
    recorder = Recorder()
    with chdir(folder):
        session = doctest.DocTest(examples, {}, "README", str(README), 0, None)
        recorder.run(session, out=lambda text: None)
    return ["".join(written(item, recorder.printed) for item in part) for part in parsed]


def written(item: str | doctest.Example, printed: dict[int, str]) -> str:
    """Return an example or a text of a session as README source, with its current output."""
    if isinstance(item, str):
        return item
    first, *rest = item.source.splitlines()
    source = [f">>> {first}", *(f"... {line}".rstrip() for line in rest)]
    want = item.want
    if id(item) in printed:
        lines = [folded for line in printed[id(item)].splitlines() for folded in wrapped(line)]
        want = "".join(f"{line}\n" for line in elided(want.splitlines(), lines))
    return "".join(f"{line}\n" for line in source) + want


def wrapped(line: str) -> list[str]:
    """Return a printed line as doctest lines: a long sentence is wrapped."""
    line = line.rstrip()
    if not line:
        return ["<BLANKLINE>"]
    if len(line) <= WIDEST or "   " in line.strip():  # columns are not folded
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line.strip(),
        WIDEST,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def elided(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """Return the printed lines that match a shown line; dots replace the others, as shown."""
    rows = [line for line in shown if line != DOTS]
    gaps, place = set(), 0  # indices of rows that have dots before them
    for line in shown:
        if line == DOTS:
            gaps.add(place)
        else:
            place += 1
    lines: list[str] = []
    before, gap = 0, False
    for row, at in [*enumerate(matches(rows, printed)), (len(rows), len(printed))]:
        gap = gap or row in gaps
        if at is None:
            continue
        between = printed[before:at]
        lines += [DOTS] if gap and between else between
        lines += printed[at : at + 1]
        before, gap = at + 1, False
    return lines


def matches(rows: Sequence[str], printed: Sequence[str]) -> list[int | None]:
    """Return for each row the index of the most similar printed line, in order; None if none."""

    @cache
    def best(row: int, at: int) -> tuple[float, tuple[int | None, ...]]:
        if row == len(rows) or at == len(printed):
            return 0.0, (None,) * (len(rows) - row)
        skipped = best(row, at + 1)
        total, those = best(row + 1, at)
        options = [skipped, (total, (None, *those))]
        if (score := likeness(rows[row], printed[at])) >= ALIKE:
            total, those = best(row + 1, at + 1)
            options.append((total + score, (at, *those)))
        return max(options, key=lambda option: option[0])

    return list(best(0, 0)[1])


@cache
def likeness(row: str, line: str) -> float:
    """Return the similarity of two lines, 0 to 1, ignoring digits and runs of spaces."""
    one, other = (re.sub(r"\d+", "0", re.sub(r"([\s─])+", r"\1", text)) for text in (row, line))
    if not one.strip() and not other.strip():
        return ALIKE
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def renewed(text: str, folder: Path) -> str:
    """Return the README with current outputs and tables."""
    prepare(folder, text)
    for name, written_by_code in TABLES.items():
        text = between_markers(text, name, written_by_code())
    sessions = iter(renewed_session(blocks("pycon", text), folder))

    def block(found: re.Match[str]) -> str:
        language, content = found.groups()
        if language == "console":
            content = renewed_console(content, folder)
        elif language == "pycon":
            content = next(sessions)
        return f"```{language}\n{content}```"

    return re.sub(r"^```(\w+)\n(.*?)^```", block, text, flags=re.S | re.M)


def main(arguments: Iterable[str]) -> None:
    text = README.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        now = renewed(text, Path(folder))
    if "--write" in arguments:
        README.write_text(now, "utf-8")
    elif now != text:
        sys.exit("An output has changed: python tests/support/readme.py --write")


if __name__ == "__main__":
    os.environ["MPLBACKEND"] = "agg"
    main(sys.argv[1:])
