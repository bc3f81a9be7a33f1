"""Errors for arguments that have been renamed; each error gives the new name."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from ringsim.errors import ConfigurationError

__all__ = ["renamed"]

F = TypeVar("F", bound=Callable[..., Any])


def renamed(**new_names: str) -> Callable[[F], F]:
    """Return a decorator that raises `ConfigurationError` for old names of arguments.

    Parameters
    ----------
    **new_names : str
        The new name of each argument, by its old name.

    Examples
    --------
    >>> @renamed(most="max_members")
    ... def size(*, max_members: int = 100) -> int:
    ...     return max_members
    >>> size(most=5)
    Traceback (most recent call last):
    ringsim.errors.ConfigurationError: most must be given as max_members, got 5.
    """

    def decorate(target: F) -> F:
        owner: Any = target
        function = owner.__init__ if isinstance(target, type) else owner

        @wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            for old, new in new_names.items():
                if old in kwargs:
                    raise ConfigurationError(old, f"must be given as {new}", kwargs[old])
            return function(*args, **kwargs)

        if isinstance(target, type):
            owner.__init__ = checked
            return target
        return checked  # type: ignore[return-value]

    return decorate
