"""Everything in the README is executed, and its tables say what the code says."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest

from support.readme import (
    README,
    TABLES,
    between_markers,
    blocks,
    commands,
    elided,
    prepare,
    renewed,
    renewed_command,
    renewed_session,
    table_rows,
)

TEXT = README.read_text("utf-8")
COMMANDS = [one for block in blocks("console") for one in commands(block)]
SECTIONS = [
    "Install",
    "First results",
    "Glossary",
    "The rules",
    "The verbs",
    "Strategies",
    "A dispatcher of your own",
    "Map of the house",
    "How far to trust it",
    "Commands",
    "Changelog",
]
LONGEST_VERB = 12  # lines that are not blank
WORDS = 10
SALES = {
    "name": "Sales",
    "extension_number": "600",
    "ring_time": 20,
    "ring_strategy": "LEAST_WORKED_HUNT",
    "skip_busy_member": True,
    "no_answer_forward_rule": {"action": "FORWARD_TO_VOICEMAIL"},
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README names, and a `ringsim` to run."""
    folder = tmp_path_factory.mktemp("office")
    prepare(folder, TEXT)
    assert json.loads((folder / "sales.json").read_text("utf-8")) == SALES
    return folder


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[one[:40] for one, _ in COMMANDS])
def test_command_prints_what_the_readme_shows(office: Path, command: str, shown: str) -> None:
    assert renewed_command(command, shown, office) == shown


def test_python_prints_what_the_readme_shows(office: Path) -> None:
    sessions = blocks("pycon")
    examples = [
        one for session in sessions for one in doctest.DocTestParser().get_examples(session)
    ]
    assert len(examples) > 10
    assert renewed_session(sessions, office) == sessions


def test_the_two_commands_of_the_install_section_come_first_and_are_the_only_ones() -> None:
    simulates, tests = blocks("sh")
    assert simulates.endswith("ringsim simulate\n")
    assert tests.endswith("pytest --quiet -n auto\n")


def test_sections_stand_in_the_agreed_order() -> None:
    assert re.findall(r"^## (.+)$", TEXT, re.M) == SECTIONS


def test_a_verb_takes_a_dozen_lines() -> None:
    verbs = TEXT.partition("\n## The verbs\n")[2].partition("\n## ")[0].split("\n### ")[1:]
    assert len(verbs) >= 5
    for verb in verbs:
        heading, *lines = verb.splitlines()
        assert sum(bool(line.strip()) for line in lines) <= LONGEST_VERB, heading


def test_the_glossary_has_ten_words() -> None:
    assert len(table_rows("## Glossary")) == WORDS


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_those_of_the_code(name: str) -> None:
    assert between_markers(TEXT, name, TABLES[name]()) == TEXT


def test_the_map_names_every_package_and_public_module() -> None:
    package = README.parent / "ringsim"
    parts = [*package.glob("*/__init__.py"), *package.glob("*.py")]
    names = {path.parent.name if path.name == "__init__.py" else path.stem for path in parts}
    cells = [row[0] for row in table_rows("## Map of the house")]
    listed = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert {name for name in listed if name[0] != "_"} == {
        name for name in names - {"ringsim"} if name[0] != "_"
    }


def test_links_lead_to_files_and_headings() -> None:
    links = re.findall(r"\]\(([^)#]+)#?([^)]*)\)", TEXT)
    assert links
    for path, anchor in links:
        target = README.parent / path
        assert target.is_file(), path
        headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.M) if anchor else []
        slugs = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs, f"{path}#{anchor}"


# The script that renews the README.

PAGE = """\
```console
$ printf 'head\\none 1\\ntwo 22\\nthree 3\\nfoot\\n'
head
...
two 21
...
```

```pycon
>>> number = 6
>>> print(f"A {number}\\n\\nb")
A 5
<BLANKLINE>
b
>>> for letter in "ab":
...     print(letter)
a
b
```

"""


def test_renewing_corrects_what_is_wrong_and_keeps_the_dots(tmp_path: Path) -> None:
    markers = "".join(f"\n<!-- {name} -->\nold\n<!-- end of {name} -->\n" for name in TABLES)
    right = PAGE.replace("two 21", "two 22").replace("A 5", "A 6") + markers
    for name, written_by_code in TABLES.items():
        right = between_markers(right, name, written_by_code())
    assert renewed(PAGE + markers, tmp_path) == right


def test_renewing_fails_with_a_command_or_an_example_that_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="exit 3"):
        renewed_command("exit 3", "", tmp_path)
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        renewed_session([">>> 1 / 0\n"], tmp_path)


PRINTED = ["title", "", "a  1", "b  2", "c  3", "", "note"]


@pytest.mark.parametrize(
    ("shown", "renewed_lines"),
    [
        (["title", "", "a  9", "b  9", "c  9", "", "note"], PRINTED),
        (["title", "...", "b     7", "..."], ["title", "...", "b  2", "..."]),
        (["...", "c  7", "", "note"], ["...", "c  3", "", "note"]),
        (["...", "gone forever", "c  3", "..."], ["...", "c  3", "..."]),
        (["title", "", "a  1", "c  3", "..."], ["title", "", "a  1", "b  2", "c  3", "..."]),
        ([], PRINTED),
        (["..."], ["..."]),
    ],
    ids=["all", "middle", "end", "a line less", "a line more", "nothing shown", "dots alone"],
)
def test_lines_that_were_elided_stay_elided(shown: list[str], renewed_lines: list[str]) -> None:
    assert elided(shown, PRINTED) == renewed_lines
