"""Commands whose options are put together only when they run.

`add_command`
    Decorator that adds a function as a command.
`add_commands`
    Adds commands that live in modules of their own, which are imported only when they run.

To add a command `ringsim fit`, write a module with a function, and one line in `ADDED`:

    "fit": Added("ringsim.cli._fit:fit", "Fit a scenario to call records."),

The name comes first, then `module:function`, then the sentence that `ringsim --help` shows; the
help lists the command without importing its module. The function has keyword parameters that are
options, or groups of options with `@with_option_groups` from `ringsim.cli._option_groups`. In place
of a function, the target may be a `typer.Typer` with commands of its own. Errors are
`RingsimError`s: `main` prints each as one line, with exit status 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

import typer
from typer.core import TyperCommand

from ringsim.cli._option_groups import with_option_groups
from ringsim.cli._plain_help import PlainCommand

__all__ = ["ADDED", "Added", "add_command", "add_commands"]

F = TypeVar("F", bound=Callable[..., None])


class Added(NamedTuple):
    """A command in a module of its own.

    Attributes
    ----------
    target : str
        The module and, after a colon, its function or `typer.Typer`.
    help : str
        The sentence that `ringsim --help` shows.
    """

    target: str
    help: str


ADDED: dict[str, Added] = {
    "records": Added(
        "ringsim.cli._records:records",
        "Read call records of a phone system; show what really happened.",
    ),
    "fit": Added("ringsim.cli._fit:fit", "Fit a scenario to call records; check it."),
    "backtest": Added(
        "ringsim.cli._backtest:backtest", "Test whether a scenario reproduces days that happened."
    ),
    "calibrate": Added("ringsim.cli._calibrate:calibrate", "Find settings that give known totals."),
    "import": Added(
        "ringsim.cli._import:import_groups", "Write the queues of a PBX's files to a scenario file."
    ),
    "optimize": Added(
        "ringsim.cli._optimize:optimize", "Find the best settings that meet a target."
    ),
    "presets": Added(
        "ringsim.cli._presets:presets", "List the rules of other phone systems; show one of them."
    ),
    "pull": Added("ringsim.cli._pull:pull", "Write the ring groups of a PBX to a scenario file."),
    "push": Added("ringsim.cli._push:push", "Write the settings of a ring group to a PBX."),
    "roster": Added("ringsim.cli._roster:roster", "Find shifts of real people; meet a target."),
    "serve": Added("ringsim.cli._serve:serve", "Open a page in the browser to try settings on."),
    "stress": Added("ringsim.cli._stress:stress", "Play days that go wrong; say what breaks."),
    "twin": Added("ringsim.cli._twin:twin", "Run a twin of the PBX, for tests and trials."),
    "warm-up": Added(
        "ringsim.cli._warm_up:warm_up", "Compile everything ahead, for container images."
    ),
}


class _Placeholder(TyperCommand):
    """A command of the list of commands, replaced by the one that `load` returns when it runs."""

    load: Callable[[], Any]

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **more: Any) -> Any:
        """Return the context of the command itself."""
        return self.load().make_context(info_name, args, *rest, **more)


def _add(app: typer.Typer, name: str, text: str | None, load: Callable[[], Any]) -> None:
    """Add the placeholder of a command to an app."""
    placeholder = type("_Placeholder", (_Placeholder,), {"load": staticmethod(load)})
    app.command(name, cls=placeholder, help=text)(lambda: None)


def _command_of(found: Callable[..., None] | typer.Typer) -> Any:
    """Return a function, or an app of its own, as a command."""
    if not isinstance(found, typer.Typer):
        app = typer.Typer(add_completion=False)
        app.command(cls=PlainCommand)(found)
        found = app
    return typer.main.get_command(found)


def add_command(app: typer.Typer) -> Callable[[F], F]:
    """Return a decorator that adds a function as a command, with its option groups."""

    def add(function: F) -> F:
        def load() -> Any:
            return _command_of(with_option_groups(function))

        _add(app, function.__name__, function.__doc__, load)
        return function

    return add


def add_commands(app: typer.Typer, added: Mapping[str, Added]) -> None:
    """Add commands to an app without importing their modules."""

    def load(target: str) -> Any:
        module, _, name = target.partition(":")
        return _command_of(getattr(import_module(module), name))

    for name, each in added.items():
        _add(app, name, each.help, partial(load, each.target))
