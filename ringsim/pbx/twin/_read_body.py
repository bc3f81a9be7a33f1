"""Reading of the body of a request, and every fault of it with its path."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from ringsim.pbx.twin._errors import PbxError, invalid

__all__ = ["faults_of", "json_object", "raw_body", "too_large", "validated"]

MAX_BODY = 1_000_000  # bytes
BODY_SECONDS = 30  # in which a body must have come
Model = TypeVar("Model", bound=BaseModel)


async def raw_body(request: Request) -> bytes:
    """Return the body of a request; refuse a body that is too large before it has all come."""
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced) > MAX_BODY:
        raise too_large()
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_BODY:
                    raise too_large()
                parts.append(part)
    except TimeoutError:
        raise PbxError(408, "UNKNOWN", headers={"Connection": "close"}) from None
    return b"".join(parts)


def too_large() -> PbxError:
    """Return the error for a body that is too large."""
    detail = [{"field": None, "reason": f"the body must have at most {MAX_BODY} bytes"}]
    return PbxError(413, "VALIDATE_FAILED", detail=detail, headers={"Connection": "close"})


async def json_object(request: Request, *, required: bool = True) -> dict[str, Any]:
    """Return the JSON object in the body of a request; an absent one is empty unless required."""
    raw = await raw_body(request)
    if not raw and not required:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise invalid((None, "the content type must be application/json"))
    try:
        data = json.loads(raw, parse_constant=_refused)
    except (RecursionError, UnicodeDecodeError, ValueError):
        raise invalid((None, "the body must be JSON")) from None
    if not isinstance(data, dict):
        raise invalid((None, "the body must be a JSON object"))
    return data


def _refused(constant: str) -> None:
    raise ValueError(constant)  # NaN and infinities are no JSON


def faults_of(wrong: ValidationError) -> list[tuple[str | None, str]]:
    """Return the path and the reason of every fault that pydantic found."""
    faults: dict[tuple[str | None, str], None] = {}
    for error in wrong.errors(include_url=False, include_input=False, include_context=False):
        reason = error["msg"].removeprefix("Value error, ")
        faults[_path(error["loc"]), reason[:1].lower() + reason[1:]] = None
    return list(faults)


def _path(location: Sequence[int | str]) -> str | None:
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not part[:1].isupper():  # the name of a class in a union
            path += f".{part}" if path else part
    return path or None


def validated(kind: type[Model], data: dict[str, Any]) -> Model:
    """Return the validated body, or raise the error that lists every fault."""
    try:
        return kind.model_validate(data)
    except ValidationError as wrong:
        raise invalid(*faults_of(wrong)) from None
