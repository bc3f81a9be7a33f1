"""What tests share: an error is one sentence, nothing else is raised, and code compiles once.

`named`
    A value as the name of a test.
`refusal`
    The sentence with which something is refused.
`makes_or_refuses`
    Check that it is made, or refused in one sentence.
`n_compilations`
    How often a function was compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from ringsim.errors import ConfigurationError


def named(value: object) -> str:
    """A value as the name of a test: its repr, without the place of objects in memory."""
    return re.sub(r" object at 0x[0-9a-f]+", "", repr(value))[:80]


def refusal(make: Callable[..., Any], *given: Any) -> str:
    """The sentence of the `ConfigurationError` that it raises."""
    with pytest.raises(ConfigurationError) as refused:
        make(*given)
    return str(refused.value)


def makes_or_refuses(make: Callable[..., Any], *given: Any) -> None:
    """Check that it makes something, or says in one sentence why it cannot."""
    try:
        made = make(*given)
    except ConfigurationError as refused:
        made = refused
    assert made is not None
    if isinstance(made, ConfigurationError):
        assert made.subject
        assert str(made).isprintable()
        assert made.constraint.startswith("must ")
        assert made.constraint in str(made)


def n_compilations(function: Any) -> int:
    """How many versions there are of a compiled function; 0 where nothing is compiled."""
    return len(getattr(function, "signatures", ()))
