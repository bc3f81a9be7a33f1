"""Options of an Asterisk queue as options of `Rules`.

`rules_of`
    The rules of a queue: its strategy and its settings.
`level_rows`
    Penalty rules as rows of `level_rules`.
`tie_order`
    Place of an interface among equal members.
`is_yes`
    Asterisk's reading of yes and no.

Asterisk counts whole seconds, which shortens a wrap-up by half a second on average.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ringsim.errors import shown
from ringsim.importers._drafts import LARGEST, whole
from ringsim.importers._strategies import rules_of_strategy, strategies_of
from ringsim.importers._values import FLAGS, YES, number

__all__ = [
    "DEFAULT_RETRY",
    "DEFAULT_TIMEOUT",
    "EMPTY_WORDS",
    "PBX",
    "STRATEGIES",
    "WHOLE_SECONDS",
    "empty_states",
    "is_penalty",
    "is_yes",
    "level_of",
    "level_rows",
    "not_a_change",
    "rules_of",
    "tie_order",
    "wrap_up",
]

WHOLE_SECONDS: Final = 0.5  # s by which a wrap-up is shorter, on average
DEFAULT_TIMEOUT, DEFAULT_RETRY = 15, 5  # s
MOST_LEVEL = 100
BUCKETS = 37

PBX: Final = "asterisk-queue"
STRATEGIES: Final = strategies_of(PBX)
TIED_BY_HASH: Final = ("leastrecent", "fewestcalls")

EMPTY_STATES: Final = {
    "paused": "paused",
    "inuse": "busy",
    "ringing": "ringing",
    "unavailable": "off_duty",
    "wrapup": "wrap_up",
    "penalty": "level",
}
CARRIED_STATES: Final = ("invalid", "unknown")
EMPTY_WORDS: Final = (*EMPTY_STATES, *CARRIED_STATES, "strict", "loose", *FLAGS)
LOOSE, NORMAL, STRICT = ("penalty", "invalid"), ("penalty", "paused", "invalid"), ("unavailable",)


def is_yes(text: str) -> bool:
    """Return whether Asterisk reads a text as yes."""
    return text.strip().lower() in YES


def wrap_up(seconds: int) -> float:
    """Return the wrap-up time that whole seconds make, on average [s]."""
    return max(seconds - WHOLE_SECONDS, 0.0)


def level_of(penalty: int) -> int:
    """Return the skill level of a penalty."""
    return min(max(penalty, 0) + 1, MOST_LEVEL)


def rules_of(
    strategy: str, settings: Mapping[str, str], *, n_members: int = 1, once: bool = False
) -> dict[str, Any]:
    """Return the options of `Rules` of a queue.

    Parameters
    ----------
    strategy : str
        One of `STRATEGIES`.
    settings : mapping of str to str
        The settings of the queue in `queues.conf`; `autofill` holds the default of `[general]`,
        and `max_wait_time` the time-out of `Queue()` in the dialplan [s].
    n_members : int, default 1
        Number of members.
    once : bool, default False
        Whether `Queue()` has the option `n`: leave the queue after one round.
    """

    def yes(key: str) -> bool:
        return is_yes(settings.get(key, ""))

    def count(key: str, default: int = 0) -> int:
        return whole(settings[key], default) if key in settings else default

    all_at_once, in_turn = strategy == "ringall", strategy in ("linear", "rrmemory", "rrordered")
    retry = count("retry", DEFAULT_RETRY)
    rules: dict[str, Any] = {
        **rules_of_strategy(PBX, strategy),
        "passes": (max(n_members, 1) if in_turn else 1) if once else math.inf,
        "retry_pause": retry if retry > 0 else DEFAULT_RETRY,
        "after_decline": "next" if yes("timeoutrestart") and not all_at_once else "rest",
        "line_serves": ("one_ringing" if all_at_once else "all") if yes("autofill") else "head",
    }
    if count("max_wait_time") > 0:
        rules["max_wait_time"] = count("max_wait_time")
    if settings.get("timeoutpriority", "").lower() == "conf":
        rules["last_ring"] = "finish"
    for key, option in (
        ("maxlen", "max_queue_length"),
        ("weight", "queue_weight"),
        ("memberdelay", "connect_delay"),
        ("penaltymemberslimit", "levels_ignored_up_to"),
    ):
        if count(key) > 0:
            rules[option] = min(count(key), 10**6)
    if count("wrapuptime") > 0:
        rules["enforced_wrap_up"] = wrap_up(count("wrapuptime"))
    if yes("shared_lastcall"):
        rules["memory_scope"] = "extension"
    for key, option in (("joinempty", "join_empty"), ("leavewhenempty", "leave_when_empty")):
        if states := empty_states(key, settings.get(key, "")):
            rules[option] = states
    return {**rules, **_auto_pause(settings)}


def _auto_pause(settings: Mapping[str, str]) -> dict[str, Any]:
    """Return the options of automatic pauses."""
    kind = settings.get("autopause", "").lower()
    if kind != "all" and not is_yes(kind):
        return {}
    paused: dict[str, Any] = {
        "auto_pause_after": 1,
        "auto_pause_scope": "extension" if kind == "all" else "group",
    }
    if any(is_yes(settings.get(key, "")) for key in ("autopausebusy", "autopauseunavail")):
        paused["auto_pause_on_decline"] = True
    if (grace := whole(settings.get("autopausedelay", ""), 0)) > 0:
        paused["auto_pause_grace"] = grace
    return paused


def empty_states(key: str, value: str) -> list[str]:
    """Return the states of members with which a queue counts as empty.

    Parameters
    ----------
    key : str
        `joinempty` or `leavewhenempty`, which read yes and no the other way round.
    value : str
        Its value: a list of states, yes, no, strict or loose.
    """
    words = [word.strip().lower() for word in value.split(",") if word.strip()]
    found: list[str] = []
    for word in words:
        if word == "strict":
            found += [*NORMAL, *STRICT]
        elif word == "loose":
            found += LOOSE
        elif word in EMPTY_STATES:
            found.append(word)
        elif word in FLAGS and is_yes(word) == (key == "leavewhenempty"):
            found += NORMAL
    return [state for name, state in EMPTY_STATES.items() if name in found]


def level_rows(
    start: Sequence[str | None], lines: Sequence[str]
) -> list[tuple[float, int | None, int | None, int | None]]:
    """Return penalty rules as rows of `level_rules`.

    Parameters
    ----------
    start : sequence of str or None
        The least, the most and the raised penalty that the dialplan sets; None where it sets
        none. A rule has no effect on a limit that is not set.
    lines : sequence of str
        Values of `penaltychange`: seconds, most, least, raise.
    """
    limits = [None if text is None else _penalty(text) for text in start]
    respects = [str(start[2] or "").strip().startswith("r")]
    if limits == [None] * 3:
        return []
    rows = [_row(0.0, limits, respects[0])]
    changes = [[*(part.strip() for part in line.split(",")), "", "", ""][:4] for line in lines]
    for after, most, least, raised in sorted(changes, key=lambda one: whole(one[0], 0)):
        for place, text in enumerate((least, most, raised)):
            now = limits[place]
            if text and now is not None:
                limits[place] = now + _penalty(text) if text[0] in "+-" else _penalty(text)
        if raised:
            respects[0] = raised.startswith("r")
        rows.append(_row(float(max(whole(after, 0), 0)), limits, respects[0]))
    return rows


def is_penalty(text: str) -> bool:
    """Return whether a text is a penalty, as variables and penalty rules have it: `3`, `r3`."""
    return _penalty(text, -LARGEST - 1) >= -LARGEST


def not_a_change(line: str) -> str:
    """Return a remark on a value of `penaltychange` that Asterisk leaves out, "" on another."""
    after, *limits = [part.strip() for part in line.split(",")]
    if number(after, 0)[1] or not after:
        return f"must begin with whole seconds, got {shown(line)}; it is left out"
    if not any(limits) or not all(is_penalty(part) for part in limits[:3] if part):
        return f"must be seconds and whole penalties, got {shown(line)}; it is left out"
    return ""


def _penalty(text: str, default: int = 0) -> int:
    return whole(text.strip().removeprefix("r"), default)


def _row(
    after: float, limits: Sequence[int | None], respects_least: bool
) -> tuple[float, int | None, int | None, int | None]:
    least, most, raised = (None if one is None else level_of(one) for one in limits)
    if least is not None and raised is not None and not respects_least and raised >= least:
        least = 1  # members below the least are raised to a level that may be rung
    return after, least, most, raised


def tie_order(interface: str) -> int:
    """Return the bucket of a hash of an interface; equal members ring from the highest down."""
    _, slash, rest = interface.partition("/")
    name = slash + rest if slash else interface
    total = sum(_small(ord(char)) << 6 * place for place, char in enumerate(name[:5]))
    return abs(total) % BUCKETS


def _small(code: int) -> int:
    if code < ord(" "):
        return 0
    return code - 64 if code > ord("`") else code - 32
