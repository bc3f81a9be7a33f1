"""Remarks on the settings of an Asterisk queue: those unknown, invalid or without effect."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ringsim.importers._asterisk_rules import (
    DEFAULT_RETRY,
    DEFAULT_TIMEOUT,
    EMPTY_WORDS,
    STRATEGIES,
)
from ringsim.importers._conf import Setting
from ringsim.importers._findings import Findings
from ringsim.importers._values import not_a_flag, not_one_of, number

__all__ = ["Remark", "general_remarks", "remarks"]

Remark = tuple[str, str, str]  # kind, setting, text

NUMBERS: Final = {  # the least, and what counts below it
    "timeout": (0, DEFAULT_TIMEOUT),
    "retry": (1, DEFAULT_RETRY),
    "wrapuptime": (0, 0),
    "penaltymemberslimit": (0, 0),
    "weight": (0, 0),
    "maxlen": (0, 0),
    "autopausedelay": (0, 0),
    "memberdelay": (0, 0),
}
SWITCHES: Final = (
    *("timeoutrestart", "ringinuse", "autofill", "autopausebusy", "autopauseunavail"),
    "announce-to-first-user",
)
WORDS: Final = {"autopause": ("all",), "timeoutpriority": ("app", "conf")}
LISTS: Final = ("joinempty", "leavewhenempty")
READ: Final = ("strategy", *NUMBERS, *SWITCHES, *WORDS, *LISTS, "defaultrule", "member")
CARRIED: Final = (
    *("musicclass", "music", "musiconhold", "announce*", "queue-*", "periodic-*", "min-announce-*"),
    *("random-*", "relative-*", "report*", "monitor-*", "membergosub", "membermacro", "set*var"),
    *("servicelevel", "context", "eventwhencalled", "eventmemberstatus", "log*", "keepstats"),
    *("persistentmembers", "updatecdr", "uniqueid"),
)
GENERAL_SWITCHES: Final = (
    *("autofill", "shared_lastcall", "negative_penalty_invalid", "force_longest_waiting_caller"),
)
GENERAL_CARRIED: Final = (*CARRIED, "check_state_unknown", "realtime*", "db*")


def remarks(settings: Mapping[str, Setting], findings: Findings) -> Iterator[Remark]:
    """Yield a remark on each setting of a queue that is not read as it stands."""
    for key, setting in settings.items():
        if text := _wrong(key, setting.value, findings):
            yield "not_understood", key, text
        elif key not in READ:
            if _is_carried(key, CARRIED):
                yield "dropped", key, "it changes no ringing"
            else:
                hint = findings.hint(key, READ)
                yield "not_understood", key, f"there is no such setting. {hint}".strip()


def general_remarks(settings: Mapping[str, Setting], findings: Findings) -> Iterator[Remark]:
    """Yield a remark on each setting of `[general]` that is not read as it stands."""
    for key, setting in settings.items():
        if key in GENERAL_SWITCHES:
            if text := not_a_flag(setting.value):
                yield "not_understood", key, text
        elif not _is_carried(key, GENERAL_CARRIED) and (
            hint := findings.hint(key, GENERAL_SWITCHES)
        ):
            yield "not_understood", key, f"there is no such setting. {hint}"


def _is_carried(key: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns)


def _wrong(key: str, value: str, findings: Findings) -> str:
    """Return a remark on the value of a setting that is read, "" if it is in order."""
    if key in NUMBERS:
        least, instead = NUMBERS[key]
        return number(value, instead, least=least)[1]
    if key in SWITCHES:
        return not_a_flag(value)
    if key in WORDS:
        return _not_a_word(key, value)
    if key in LISTS:
        return _unknown_states(value, findings.hint)
    if key == "strategy" and value and value.lower() not in ("roundrobin", *STRATEGIES):
        hint = findings.hint(value.lower(), STRATEGIES)
        return not_one_of(value, "a strategy of Asterisk", "ringall", hint)
    return ""


def _not_a_word(key: str, value: str) -> str:
    if value.strip().lower() in WORDS[key]:
        return ""
    if key == "timeoutpriority":
        return not_one_of(value, "app or conf", "app") if value else ""
    return not_a_flag(value).replace("yes or no", "yes, no or all")


def _unknown_states(value: str, hint: Callable[[str, tuple[str, ...]], str]) -> str:
    """Return a remark on the first word that is no state of members."""
    for word in filter(None, (part.strip().lower() for part in value.split(","))):
        if word not in EMPTY_WORDS:
            return not_one_of(word, "a state of members", "nothing", hint(word, EMPTY_WORDS))
    return ""
