"""Pages of a collection, by `filter`, `search`, `orderby`, `skip` and `top`, and single rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, Table, func, or_, select
from starlette.requests import Request

from ringsim.pbx.twin._errors import invalid, invalid_detail, not_found
from ringsim.pbx.twin._filters import FilterError, Kinds, condition
from ringsim.pbx.twin._text_search import mentions

__all__ = ["Collection", "Query", "query_of", "row_of"]

NAMES = ("filter", "search", "orderby", "skip", "top")
MAX_TOP, MAX_SKIP = 100, 2**31 - 1


@dataclass(frozen=True)
class Query:
    """The parameters of one request for a page."""

    filter: str | None = None
    search: str | None = None
    orderby: str | None = None
    skip: int = 0
    top: int = MAX_TOP


def query_of(request: Request) -> Query:
    """Return the checked parameters of a request; a name may be written with `$`."""
    given: dict[str, str] = {}
    for name in NAMES:
        values = [
            value for key, value in request.query_params.multi_items() if key in (name, f"${name}")
        ]
        if len(values) > 1:
            raise invalid((name, "given twice"))
        if values:
            given[name] = values[0]
    return Query(
        filter=given.get("filter"),
        search=given.get("search"),
        orderby=given.get("orderby"),
        skip=_integer(given, "skip", 0, 0, MAX_SKIP),
        top=_integer(given, "top", MAX_TOP, 1, MAX_TOP),
    )


def _integer(given: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"-?[0-9]{1,18}", text) or not low <= int(text) <= high:
        raise invalid((name, f"must be a whole number from {low} to {high}"))
    return int(text)


@dataclass(frozen=True)
class Collection:
    """A table that is read in pages.

    Attributes
    ----------
    table : Table
        The table; its column `tenant_id` names the tenant of a row, and `search` looks in `folded`.
    fields : tuple of str
        Columns of an item, in order.
    kinds : dict of str to str
        Kind of each field that can be filtered and ordered by.
    order : tuple of ColumnElement
        Order without `orderby`.
    """

    table: Table
    fields: tuple[str, ...]
    kinds: Kinds
    order: tuple[ColumnElement[Any], ...]

    def page(
        self, connection: Connection, query: Query, *conditions: ColumnElement[bool]
    ) -> tuple[int, list[dict[str, Any]]]:
        """Return the total after filter and search, and the items of one page."""
        wanted = [*conditions, *self._conditions(query)]
        order = self._order(query.orderby)
        count = connection.execute(
            select(func.count()).select_from(self.table).where(*wanted)
        ).scalar_one()
        # Sort ids only, and then read the few rows of the page
        paged = select(self.table.c.id).where(*wanted).order_by(*order)
        paged = paged.limit(query.top).offset(query.skip)
        rows = connection.execute(
            select(*(self.table.c[name] for name in self.fields))
            .where(self.table.c.id.in_(paged.scalar_subquery()))
            .order_by(*order)
        )
        return count, [dict(zip(self.fields, row, strict=True)) for row in rows]

    def _conditions(self, query: Query) -> list[ColumnElement[bool]]:
        found = []
        if query.filter is not None:
            try:
                found.append(condition(query.filter, self._columns, self.kinds))
            except FilterError as wrong:
                raise invalid_detail({"filter": str(wrong)}) from None
        words = [word.strip() for word in (query.search or "").split(" or ")]
        if any(words):
            found.append(or_(*(mentions(self.table, word) for word in words if word)))
        return found

    def _order(self, text: str | None) -> list[ColumnElement[Any]]:
        if text is None:
            return [*self.order, self.table.c.id]
        try:
            return [*(self._ordered(part.split()) for part in text.split(",")), self.table.c.id]
        except FilterError as wrong:
            raise invalid_detail({"orderby": str(wrong)}) from None

    def _ordered(self, words: Sequence[str]) -> ColumnElement[Any]:
        name, direction = (*words, "asc")[:2] if words else ("", "asc")
        if len(words) > 2 or direction not in ("asc", "desc"):
            raise FilterError("must be fields, each with asc or desc")
        if name not in self.kinds:
            raise FilterError(f"no field {name!r} to order by")
        column = self.table.c[name]
        return column.desc() if direction == "desc" else column.asc()

    @property
    def _columns(self) -> dict[str, Column[Any]]:
        return {name: self.table.c[name] for name in self.kinds}


def row_of(connection: Connection, wanted: Select[Any]) -> Row[Any]:
    """Return the only row of a query, or raise the error for an unknown path."""
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise not_found()
    return row
