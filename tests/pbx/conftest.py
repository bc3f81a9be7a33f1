"""Cheap hashes of passwords: hundreds of twins are made here, and each hashes a password."""

from __future__ import annotations

from ringsim.pbx.twin import _tokens

_tokens.COST = 2**4
