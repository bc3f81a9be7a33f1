"""Commands in modules of their own: listed without being imported, imported when they run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from ringsim.cli import _app
from ringsim.cli._added import ADDED, Added, add_commands
from support.commands import ringsim

MODULE = '''"""A command."""
from typing import Annotated
import typer
from ringsim.errors import ConfigurationError

def greet(*, name: Annotated[str, typer.Option(help="Whom to greet.")] = "you") -> None:
    """Greet somebody, at length."""
    if not name:
        raise ConfigurationError("--name", "must not be empty")
    print(f"Good day, {name}")

several = typer.Typer()

@several.command()
def one() -> None:
    """Print one."""
    print(1)

@several.command()
def two() -> None:
    """Print two."""
    print(2)
'''


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Add the commands `greet` and `several`; return the name of their module."""
    name = f"commands_of_{tmp_path.name}".replace("-", "_")
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    app = typer.Typer(name="ringsim", add_completion=False)
    app.registered_commands[:] = _app.app.registered_commands
    app.registered_callback = _app.app.registered_callback
    greet, several = Added(f"{name}:greet", "Greet."), Added(f"{name}:several", "Count.")
    add_commands(app, {"greet": greet, "several": several})
    monkeypatch.setattr(_app, "app", app)
    return name


def test_help_lists_it_without_importing_it(added: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = ringsim(capsys, "--help")
    assert (status, err) == (0, "")
    assert "greet" in out
    assert "Greet." in out
    assert added not in sys.modules


def test_no_command_pays_for_the_options_of_another() -> None:
    """Options are put together when their command runs."""
    group: Any = typer.main.get_command(_app.app)
    assert all(each.params == [] for each in group.commands.values())
    assert group.commands["compare"].load().params


def test_it_runs_with_its_options_and_has_help(
    added: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ringsim(capsys, "greet", "--name", "Ada") == (0, "Good day, Ada\n", "")
    assert added in sys.modules
    _, out, _ = ringsim(capsys, "greet", "--help")
    assert "Usage: ringsim greet" in out
    assert "Greet somebody, at length." in out
    assert "Whom to greet." in out


def test_its_errors_are_one_line(added: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ringsim(capsys, "greet", "--name", "") == (2, "", "ringsim: --name must not be empty.\n")
    status, out, err = ringsim(capsys, "greet", "--nome", "x")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "No such option: --nome" in err


def test_it_may_have_commands_of_its_own(added: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ringsim(capsys, "several", "two") == (0, "2\n", "")


def test_help_imports_no_library_of_figures() -> None:
    """`ringsim --help` is quick, as it imports only what it prints with."""
    heavy = ["numpy", "pandas", "scipy", "numba", "pydantic", "simpy", "ringsim.planning"]
    heavy += [each.target.partition(":")[0] for each in ADDED.values()]
    code = (
        "import sys; from ringsim.cli import main; main(['--help']);"
        f"sys.exit([each for each in {heavy!r} if each in sys.modules] or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
