"""Commands whose help names values by their meaning, and not by types of Python."""

from __future__ import annotations

from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

__all__ = ["PlainCommand", "PlainGroup"]


FORMS = {"path": "FILE", "int": "NUMBER", "float": "NUMBER"}  # of values, by their types


def _plain(parameters: list[Any], ctx: Any) -> list[Any]:
    """Return the parameters of a command without types: `FILE`, not `FILE <str>`."""
    for each in parameters:
        if isinstance(each, TyperArgument):
            each.display_type_rich = lambda ctx: ""  # type: ignore[method-assign]
        elif isinstance(each, TyperOption) and each.metavar is None:
            kind = each.display_type(ctx).strip("<>").removeprefix("list[").rstrip("]")
            each.metavar = "" if each.is_flag else FORMS.get(kind, "TEXT")
    return parameters


class PlainCommand(TyperCommand):
    """A command."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters without types."""
        return _plain(super().get_params(ctx), ctx)


class PlainGroup(TyperGroup):
    """A command with commands of its own."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters without types."""
        return _plain(super().get_params(ctx), ctx)
