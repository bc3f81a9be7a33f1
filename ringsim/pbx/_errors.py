"""Errors of the client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ringsim._sentences import listed
from ringsim.errors import ConfigurationError, RingsimError, one_line

__all__ = [
    "NotFoundError",
    "NotWrittenError",
    "PbxError",
    "SignInError",
    "items_in",
    "object_in",
    "read_from",
    "refusal",
    "several_of",
]


class PbxError(RingsimError):
    """An answer of the PBX that is an error, or no answer at all.

    Attributes
    ----------
    status : int
        Status of the answer; 0 if there was none.
    code : str
        The PBX's code, such as `VALIDATE_FAILED`; an unknown one counts as `UNKNOWN`.
    faults : tuple of (str, str)
        Path and reason of each invalid field that the PBX named.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str = "UNKNOWN",
        faults: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.faults = tuple(faults)


class SignInError(PbxError):
    """The PBX does not accept the credentials, or the account may not do this."""


class NotFoundError(PbxError):
    """Answer of the PBX that it has nothing with this id or number."""


class NotWrittenError(PbxError):
    """The PBX accepted a change, and reads back something else."""


def refusal(method: str, path: str, status: int, body: Any) -> PbxError:
    """Return the error for an answer of the PBX."""
    code, message, faults = _first_error(body)
    told = "; ".join(f"{field} {reason}".strip() for field, reason in faults) or message
    sentence = f"the PBX refused {method} {path} with status {status}"
    text = f"{sentence}: {one_line(told)}" if told else sentence
    kind = SignInError if status in (401, 403) else NotFoundError if status == 404 else PbxError
    return kind(text, status=status, code=code, faults=faults)


def malformed(method: str, path: str, promised: str) -> PbxError:
    """Return the error for an answer that lacks what the API promises."""
    return PbxError(f"the PBX must answer {method} {path} with {promised}")


def several_of(number: str) -> PbxError:
    """Return the error for several groups of one number, as in several tenants."""
    return PbxError(
        f"the PBX must list one ring group {number}, and lists several. "
        "Give the domain of one tenant"
    )


def object_in(answer: Any, method: str, path: str, *strings: str) -> dict[str, Any]:
    """Return an answer that must be an object with texts under some names.

    Raises
    ------
    PbxError
        If it is something else.
    """
    if not isinstance(answer, dict) or not all(isinstance(answer.get(s), str) for s in strings):
        raise malformed(
            method, path, f"an object with {listed(strings)}" if strings else "an object"
        )
    return answer


def items_in(answer: Any, path: str) -> list[dict[str, Any]]:
    """Return the objects under `items` of an answer.

    Raises
    ------
    PbxError
        If there are none.
    """
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise malformed("GET", path, "a list of items")
    return items


@contextmanager
def read_from(path: str) -> Iterator[None]:
    """Reword errors about a record that the PBX gave: nobody at the keyboard wrote it.

    Raises
    ------
    PbxError
        If the block raises `ConfigurationError`.
    """
    try:
        yield
    except ConfigurationError as wrong:
        told = str(ConfigurationError(wrong.subject, wrong.constraint, wrong.got)).rstrip(".")
        raise malformed("GET", path, f"a valid record: {told}") from None


def _first_error(body: Any) -> tuple[str, str, list[tuple[str, str]]]:
    errors = body.get("errors") if isinstance(body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    if not isinstance(first, dict):
        return "UNKNOWN", "", []
    detail = first.get("detail")
    faults: list[tuple[str, str]] = []
    if isinstance(detail, list):
        faults = [
            (str(each.get("field") or ""), str(each.get("reason") or ""))
            for each in detail
            if isinstance(each, dict)
        ]
    elif isinstance(detail, dict):
        faults = [(str(key), str(value)) for key, value in detail.items()]
    return str(first.get("code") or "UNKNOWN"), str(first.get("message") or ""), faults
