"""Extension numbers of the people and groups that records name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ringsim._sentences import listed
from ringsim.records._extract import phone_of

__all__ = ["Names"]

FIRST_MADE_UP = 9001
MADE_UP_GROUP = "9000"
SHORTEST_NUMBER, LONGEST_NUMBER = 3, 64


class Names:
    """Numbers of people and groups by the names that records use."""

    def __init__(self, members: Mapping[str, str]) -> None:
        self._given = members
        self._number: dict[str, str] = {}
        self._made_up: dict[str, str] = {}
        self._taken = set(members.values())

    def group(self, name: str) -> str:
        """Return the number of the group."""
        name = self._given.get(name, name)
        return name if _is_number(name) else MADE_UP_GROUP

    def reserve(self, *columns: pd.Series[Any]) -> None:
        """Keep the numbers that names have of their own from being given to others."""
        for names in columns:
            self._taken |= {
                number for name in pd.unique(names) if (number := self._plain_number(name))
            }

    def numbers(self, names: pd.Series[Any]) -> pd.Series[Any]:
        """Return the number of each person; missing for an empty name."""
        for name in pd.unique(names):
            if name and name not in self._number:
                self._number[name] = self._number_of(name)
        return names.map({name: self._number.get(name) or np.nan for name in pd.unique(names)})

    def known_numbers(self, names: pd.Series[Any], people: set[Any]) -> pd.Series[Any]:
        """Return the numbers of those who are known people; missing for all others."""
        found = {}
        for name in pd.unique(names):
            number = self._number.get(name) or self._plain_number(name)
            found[name] = number if number in people else np.nan
        return names.map(found)

    def _plain_number(self, name: str) -> str | None:
        phone = phone_of(name)
        number = self._given.get(name) or self._given.get(phone) or phone
        if number.isdecimal() and number.isascii() and len(number) < SHORTEST_NUMBER:
            number = number.zfill(SHORTEST_NUMBER)
        return number if _is_number(number) else None

    def _number_of(self, name: str) -> str:
        number = self._plain_number(name)
        if number is None:
            phone = phone_of(name)
            if phone not in self._made_up:
                self._made_up[phone] = self._next()
            number = self._made_up[phone]
        self._taken.add(number)
        return number

    def _next(self) -> str:
        number = FIRST_MADE_UP
        while str(number) in self._taken or str(number) in self._made_up.values():
            number += 1
        return str(number)

    def notes(self) -> list[str]:
        said = []
        if self._made_up:
            made = ", ".join(f"{name} = {number}" for name, number in self._made_up.items())
            said.append(
                f"Names without an extension number are given one: {made}. Say which they have "
                "with members={'NAME': '201'}."
            )
        forms: dict[str, list[str]] = {}
        for name, number in self._number.items():
            forms.setdefault(number, []).append(name)
        for number, names in forms.items():
            if len(names) > 1:
                said.append(f"{listed(names)} are taken for one person, {number}.")
        return said


def _is_number(text: str) -> bool:
    plain = text.isdecimal() and text.isascii()
    return plain and SHORTEST_NUMBER <= len(text) <= LONGEST_NUMBER
