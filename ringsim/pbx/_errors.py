"""Errors of the client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ringsim.errors import RingsimError, one_line

__all__ = ["NotFoundError", "NotWrittenError", "PbxError", "SignInError", "refusal"]


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
