"""The filter language of the PBX's collections, turned into SQL with bound values.

The language is what the PBX documents, with the parts of OData that it refers to: comparisons,
`and`, `or`, `not`, parentheses, `startswith`, `endswith`, `contains`, text and times in single
quotes with `''` for a quote, whole numbers, `true`, `false` and `null`. Logic has three values:
a comparison with a null field is unknown, and a row is kept only if its predicate is true.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from lark import Lark, Transformer, UnexpectedInput
from lark.exceptions import VisitError
from sqlalchemy import Column, ColumnElement, and_, func, literal, not_, or_

from ringsim.pbx._times import parsed_time, written_time
from ringsim.pbx.twin._text_search import contains, ends_with

__all__ = ["BOOLEAN", "NUMBER", "TEXT", "TIME", "FilterError", "Kinds", "condition", "syntax_tree"]

TEXT, TIME, NUMBER, BOOLEAN = "text", "time", "number", "boolean"
Kinds: TypeAlias = Mapping[str, str]  # kind of each field that can be filtered on

MAX_TERMS, MAX_DEPTH = 200, 30  # SQLite and Python both limit the depth of an expression
MAX_DIGITS = 18  # of a whole number: SQLite has 64 bits

GRAMMAR = r"""
start: WS? _any WS?
_any: or_ | _all
_all: and_ | _one
or_: _all (OR _all)+
and_: _one (AND _one)+
_one: _closed | comparison
not_: NOT _closed | NOT WS _closed
_closed: "(" WS? _any WS? ")" | function | not_
comparison: NAME OPERATOR (QUOTED | INTEGER | CONSTANT)
function: FUNCTION WS? NAME WS? "," WS? QUOTED WS? ")"
OPERATOR: /[ \t]+(eq|ne|gt|ge|lt|le)[ \t]+/
AND: /[ \t]+and[ \t]+/
OR: /[ \t]+or[ \t]+/
NOT.2: /not(?=[ \t(])/
FUNCTION.2: /(startswith|endswith|contains)\(/
CONSTANT.2: /(true|false|null)(?![A-Za-z0-9_])/
INTEGER: /-?[0-9]+(?![A-Za-z0-9_.])/
QUOTED: /'([^']|'')*'/
NAME: /[A-Za-z_][A-Za-z0-9_]*/
WS: /[ \t]+/
"""


COMPARISONS: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


class FilterError(ValueError):
    """A filter or an order that the PBX refuses, with the reason."""


Tree: TypeAlias = "tuple[Any, ...]"  # (operation, operands ...)


class _ToTree(Transformer[Any, Tree]):
    """Turns a parsed filter into nested tuples while it is parsed, without recursion."""

    def start(self, children: list[Any]) -> Tree:
        return _parts(children)[0]

    def or_(self, children: list[Any]) -> Tree:
        return ("or", *_parts(children))

    def and_(self, children: list[Any]) -> Tree:
        return ("and", *_parts(children))

    def not_(self, children: list[Any]) -> Tree:
        [inner] = _parts(children)
        return inner[1] if inner[0] == "not" else ("not", inner)

    def comparison(self, children: list[Any]) -> Tree:
        name, comparing, literal = children
        return (comparing.strip(), str(name), _literal(literal.type, str(literal)))

    def function(self, children: list[Any]) -> Tree:
        function, name, text = (part for part in children if part.type != "WS")
        return (function[:-1], str(name), _literal(text.type, str(text)))


def _parts(children: list[Any]) -> list[Tree]:
    return [child for child in children if isinstance(child, tuple)]


def _literal(kind: str, text: str) -> Any:
    if kind == "QUOTED":
        return text[1:-1].replace("''", "'")
    if kind == "CONSTANT":
        return {"true": True, "false": False, "null": None}[text]
    if len(text.lstrip("-0")) > MAX_DIGITS:
        raise FilterError(f"{text} has more than {MAX_DIGITS} digits")
    return int(text)


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=_ToTree())


def syntax_tree(text: str) -> Tree:
    """Return the nested tuples of a filter.

    Raises
    ------
    FilterError
        If the text is not a filter; the reason names the column.
    """
    try:
        tree = _parser().parse(text)
    except VisitError as wrong:
        raise FilterError(str(wrong.orig_exc)) from None
    except UnexpectedInput as wrong:
        column = wrong.column if isinstance(wrong.column, int) and wrong.column > 0 else len(text)
        raise FilterError(f"syntax error at column {column}") from None
    _check_size(tree)  # type: ignore[arg-type]  # the transformer makes a tuple
    return tree  # type: ignore[return-value]


def _check_size(tree: Tree) -> None:
    waiting, terms = [(tree, 1)], 0
    while waiting:
        (operation, *operands), depth = waiting.pop()
        inner = operation in ("and", "or", "not")
        terms += not inner
        if terms > MAX_TERMS or depth > MAX_DEPTH:
            raise FilterError(f"more than {MAX_TERMS} terms, or nested deeper than {MAX_DEPTH}")
        if inner:
            waiting += [(operand, depth + 1) for operand in operands]


def condition(text: str, columns: Mapping[str, Column[Any]], kinds: Kinds) -> ColumnElement[bool]:
    """Return the SQL condition of a filter.

    Parameters
    ----------
    text : str
        The filter, such as `ring_time gt 10 and contains(name,'Sales')`.
    columns : dict of str to Column
        Columns of the table by name.
    kinds : dict of str to str
        Kind of each field that can be filtered on.

    Raises
    ------
    FilterError
        If the text is not a filter, or a field or the kind of a literal is wrong.
    """

    def built(tree: Tree) -> ColumnElement[bool]:
        operation, *operands = tree
        if operation in ("and", "or"):
            join = and_ if operation == "and" else or_
            return join(*(built(operand) for operand in operands))
        if operation == "not":
            return not_(built(operands[0]).self_group())
        name, value = operands
        if name not in kinds:
            raise FilterError(f"no field {name!r} to filter on")
        return _comparison(operation, columns[name], name, kinds[name], value)

    return built(syntax_tree(text))


def _comparison(
    operation: str, column: Column[Any], name: str, kind: str, value: Any
) -> ColumnElement[bool]:
    if operation in ("startswith", "endswith", "contains"):
        if kind != TEXT:
            raise FilterError(f"{operation}() must be used on text, and {name} is a {kind}")
        return _text_condition(operation, column, value)
    if value is None:
        if operation not in ("eq", "ne"):
            raise FilterError("null must be compared with eq or ne")
        return column.is_(None) if operation == "eq" else column.is_not(None)
    bound = literal(_checked(value, name, kind), column.type)
    return COMPARISONS[operation](column, bound)


def _text_condition(operation: str, column: Column[Any], value: str) -> ColumnElement[bool]:
    if operation == "startswith":
        return func.instr(column, value) == 1
    if operation == "contains":
        return contains(column, value)
    return ends_with(column, value)


def _checked(value: Any, name: str, kind: str) -> Any:
    """Return the value of a literal as the column stores it, or raise if its kind is wrong."""
    expected = {TEXT: str, TIME: str, NUMBER: int, BOOLEAN: bool}[kind]
    right = type(value) is expected
    if not right:
        raise FilterError(f"{name} is a {kind} and cannot be compared with {value!r}")
    if kind != TIME:
        return value
    try:
        return written_time(parsed_time(value))
    except (OverflowError, ValueError):
        raise FilterError(f"{name} must be compared with an RFC 3339 time") from None
