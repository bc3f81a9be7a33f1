"""The PBX itself: a client of its REST API, a twin of it, and a page to try things on.

`PortSIP`
    The client: ring groups, members, numbers, trunks and call records. Extra `ringsim[pbx]`.
`field`, `Filter`
    Filters of its collections, built from fields and values.
`PbxError`, `SignInError`, `NotFoundError`, `NotWrittenError`
    Errors of the client.
`twin`
    A server that behaves as the PBX does, for tests and trials. Extra `ringsim[twin]`.

Each name is imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringsim.pbx import twin
    from ringsim.pbx._client import PortSIP
    from ringsim.pbx._errors import NotFoundError, NotWrittenError, PbxError, SignInError
    from ringsim.pbx._filter_terms import Filter, field

_HOME = {
    "Filter": "_filter_terms",
    "NotFoundError": "_errors",
    "NotWrittenError": "_errors",
    "PbxError": "_errors",
    "PortSIP": "_client",
    "SignInError": "_errors",
    "field": "_filter_terms",
}

__all__ = [
    "Filter",
    "NotFoundError",
    "NotWrittenError",
    "PbxError",
    "PortSIP",
    "SignInError",
    "field",
    "twin",
]


def __getattr__(name: str) -> Any:
    if name == "twin":
        return import_module("ringsim.pbx.twin")
    if name not in _HOME:
        raise AttributeError(f"module 'ringsim.pbx' has no attribute {name!r}")
    value = getattr(import_module(f"ringsim.pbx.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
