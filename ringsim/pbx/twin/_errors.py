"""Errors as the PBX answers them, and the JSON of all its answers.

`PbxError`
    Raised by a handler to answer with an error.
`Json`
    A response in the PBX's form of JSON: UTF-8 without escapes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

__all__ = ["Json", "PbxError", "invalid", "not_found", "unauthorized"]

MESSAGES = {
    "UNKNOWN": "unknown error",
    "VALIDATE_FAILED": "field validation failed",
    "UNAUTHORIZED": "authentication required",
    "DENIED": "requested access to the resource is denied",
    "TOOMANYREQUESTS": "too many requests",
    "UNSUPPORTED": "The operation is unsupported.",
    "UNAVAILABLE": "service unavailable",
}


class Json(Response):
    """A response in the PBX's form of JSON."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the encoded content."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


class PbxError(Exception):
    """An answer with an error in the PBX's form."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        message: str | None = None,
        detail: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        error = {"code": code, "message": message or MESSAGES[code]}
        self.error = error if detail is None else {**error, "detail": detail}
        self.headers = dict(headers or {})

    def response(self) -> Json:
        """Return the answer."""
        return Json({"errors": [self.error]}, status_code=self.status, headers=self.headers)


def invalid(*faults: tuple[str | None, str]) -> PbxError:
    """Return the error for invalid fields, given as pairs of path and reason."""
    return invalid_detail([{"field": field, "reason": reason} for field, reason in faults])


def invalid_detail(detail: Mapping[str, Any] | Sequence[Any]) -> PbxError:
    """Return the error for invalid input with a given detail."""
    return PbxError(400, "VALIDATE_FAILED", detail=detail)


def not_found() -> PbxError:
    """Return the error for an unknown id in a GET or an update."""
    return PbxError(404, "UNKNOWN")


def unauthorized() -> PbxError:
    """Return the error for a missing, unknown, expired or revoked token."""
    return PbxError(401, "UNAUTHORIZED", headers={"WWW-Authenticate": "Bearer"})
