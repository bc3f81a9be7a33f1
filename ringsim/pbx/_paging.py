"""Reading of a whole collection, page by page, with each item once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ringsim.pbx._errors import PbxError

__all__ = ["all_items"]

PAGE = 100  # the most items that the PBX returns
MAX_PASSES = 3  # through a collection, while its pages repeat items


def all_items(
    get: Callable[..., Any], path: str, *, orderby: str | None = None, **params: Any
) -> Iterator[dict[str, Any]]:
    """Yield each item of a collection once.

    Nothing promises that pages fit together. Items are therefore asked for in an order that
    leaves no ties, those already seen are dropped, and if the pages brought fewer items than the
    PBX counts, they are read again.

    Raises
    ------
    PbxError
        If items are still missing after three passes, or an answer is not a page.
    """
    ordered = f"{orderby},id" if orderby else "id"
    seen: set[str] = set()
    for _ in range(MAX_PASSES):
        skip, count = 0, 0
        while True:
            page = get(path, skip=skip, top=PAGE, orderby=ordered, **params)
            items, count = _read(page, path)
            for item in items:
                if item["id"] not in seen:
                    seen.add(item["id"])
                    yield item
            skip += len(items)
            if not items or skip >= count:
                break
        if len(seen) >= count:
            return
    raise PbxError(
        f"the PBX must list all {count} items of {path}, and listed {len(seen)} different ones"
    )


def _read(page: Any, path: str) -> tuple[list[dict[str, Any]], int]:
    items = page.get("items") if isinstance(page, dict) else None
    count = page.get("count") if isinstance(page, dict) else None
    if not isinstance(items, list) or not all(
        isinstance(item, dict) and isinstance(item.get("id"), str) for item in items
    ):
        raise PbxError(f"the PBX must answer GET {path} with items that have ids, and did not")
    return items, count if isinstance(count, int) else len(items)
