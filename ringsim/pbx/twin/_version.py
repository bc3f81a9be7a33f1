"""Versions of the PBX, and what each of them added."""

from __future__ import annotations

import re

from ringsim.errors import ConfigurationError

__all__ = ["GROUP_FIELDS", "Version"]

# Fields of a ring group in the order of the reference, and the version that added them
GROUP_FIELDS = {
    "id": "",
    "name": "",
    "extension_number": "",
    "ring_time": "",
    "ring_strategy": "",
    "skip_busy_member": "",
    "enable_paid": "",
    "enable_prid": "",
    "extension_number_as_to_header": "",
    "no_answer_forward_rule": "",
    "night_mode_forward_rule": "22.2",
    "enable_night_mode": "22.3",
    "enable_audio_recording": "22.6",
    "outbound_caller_ids": "",
}
SHORT_LIST = ("id", "name", "extension_number", "ring_time", "ring_strategy")  # before 22.2


class Version:
    """A version of the PBX, from 22.0 to 22.8, and what it knows.

    Parameters
    ----------
    text : str
        Such as `22.6` or `22.0.42`.

    Raises
    ------
    ConfigurationError
        If the twin does not know the version.
    """

    def __init__(self, text: str) -> None:
        if not isinstance(text, str) or not re.fullmatch(r"22\.[0-8](\.\d{1,4})?", text, re.ASCII):
            raise ConfigurationError("version", "must be a version from 22.0 to 22.8", text)
        self.text = text
        self._parts = _parts(text)

    def since(self, first: str) -> bool:
        """Return whether this version has what version `first` added; `""` is all versions."""
        return not first or self._parts >= _parts(first)

    @property
    def group_fields(self) -> tuple[str, ...]:
        """Fields of a ring group in detail."""
        return tuple(name for name, first in GROUP_FIELDS.items() if self.since(first))

    @property
    def listed_group_fields(self) -> tuple[str, ...]:
        """Fields of a ring group in the list."""
        if not self.since("22.2"):
            return SHORT_LIST
        return tuple(name for name in self.group_fields if name != "outbound_caller_ids")

    @property
    def identity_headers(self) -> bool:
        """Default of `enable_paid` and `enable_prid`."""
        return not self.since("22.2")

    @property
    def requests_a_minute(self) -> int:
        """Default limit of requests per address."""
        return 10_000 if self.since("22.1") else 5_000

    def __repr__(self) -> str:
        return f"Version({self.text!r})"


def _parts(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
