"""The sentence that says what to install if an optional package is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ringsim.errors import RingsimError

__all__ = ["extra"]


@contextmanager
def extra(name: str, subject: str) -> Iterator[None]:
    """Turn a failed import of an optional package into one sentence.

    Parameters
    ----------
    name : str
        Name of the extra that installs the package, such as `twin`.
    subject : str
        The part of ringsim that needs it, such as `ringsim.pbx.twin`.

    Raises
    ------
    RingsimError
        If a package outside ringsim cannot be imported.
    """
    try:
        yield
    except ModuleNotFoundError as wrong:
        missing = (wrong.name or "").partition(".")[0]
        if missing == "ringsim":
            raise
        raise RingsimError(
            f"{subject} must have {missing}. Install it with: pip install 'ringsim[{name}]'"
        ) from None
