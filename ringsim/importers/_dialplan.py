"""The calls of `Queue()` in a dialplan, `extensions.conf`: the rest of the rules of a queue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ringsim.importers._conf import Section
from ringsim.importers._destinations import HANGUP, of_context, to_voicemail
from ringsim.importers._drafts import as_number
from ringsim.importers._findings import Place

__all__ = ["QueueCall", "queue_calls", "split_arguments"]

APPLICATION = re.compile(r"\s*(\w+)\s*(?:\((.*)\))?\s*$", re.S)
ARGUMENTS = ("name", "options", "url", "announce", "timeout", "agi", "gosub", "rule", "position")


@dataclass
class QueueCall:
    """A call of `Queue()`.

    Attributes
    ----------
    name : str
        The queue.
    place : Place
    number : str or None
        The extension that leads to it.
    timeout, options, rule, position : str
        Arguments, "" if absent.
    variables : dict of str to str
        Variables set before it.
    after : dict or None
        No-answer rule of what follows it; None if that is not a rule ringsim knows.
    """

    name: str
    place: Place
    number: str | None
    timeout: str = ""
    options: str = ""
    rule: str = ""
    position: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    after: dict[str, Any] | None = None


def queue_calls(sections: Iterable[Section]) -> list[QueueCall]:
    """Return the calls of `Queue()` in their order."""
    found: list[QueueCall] = []
    for section in sections:
        extension, variables = "", dict[str, str]()
        last: QueueCall | None = None
        for setting in section.settings:
            if setting.key not in ("exten", "same"):
                continue
            parts = split_arguments(setting.value, 3 if setting.key == "exten" else 2)
            if setting.key == "exten" and parts[0].strip() != extension:
                extension, variables, last = parts[0].strip(), {}, None
            match = APPLICATION.match(parts[-1])
            if match is None:
                continue
            name, arguments = match[1].lower(), match[2] or ""
            if as_number(extension):
                arguments = arguments.replace("${EXTEN}", extension)
            if last is not None:
                last.after, last = _after(name, arguments), None
            if name in ("set", "mset"):
                variables |= _variables(name, arguments)
            elif name == "queue":
                last = _call(arguments, extension, variables, setting.place)
                found.append(last)
    return found


def _call(arguments: str, extension: str, variables: dict[str, str], place: Place) -> QueueCall:
    parts = dict(
        zip(ARGUMENTS, (part.strip() for part in split_arguments(arguments)), strict=False)
    )
    return QueueCall(
        name=parts.get("name", ""),
        place=place,
        number=as_number(extension),
        timeout=parts.get("timeout", ""),
        options=parts.get("options", ""),
        rule=parts.get("rule", ""),
        position=parts.get("position", ""),
        variables=dict(variables),
        after=dict(HANGUP),
    )


def _variables(application: str, arguments: str) -> dict[str, str]:
    texts = split_arguments(arguments) if application == "mset" else [arguments]
    pairs = (text.partition("=") for text in texts)
    return {
        name.strip().lstrip("_").upper(): value.strip().strip('"')
        for name, equals, value in pairs
        if equals
    }


def _after(application: str, arguments: str) -> dict[str, Any] | None:
    """Return the no-answer rule of the step that follows `Queue()`, or None if unknown."""
    if application in ("hangup", "busy", "congestion"):
        return dict(HANGUP)
    if application == "voicemail":
        box = split_arguments(arguments)[0].partition("@")[0].partition("&")[0]
        return to_voicemail(as_number(box.strip()) or "")
    if application == "goto":
        parts = [part.strip() for part in split_arguments(arguments)]
        # Goto(priority), Goto(extension,priority) or Goto(context,extension,priority)
        return of_context(",".join(parts[-3:-1])) if len(parts) > 1 else None
    return None


def split_arguments(text: str, most: int = 0) -> list[str]:
    """Return the parts of a text between commas that are in no quotes and no brackets.

    Parameters
    ----------
    text : str
    most : int, default 0
        Number of parts; the last has the rest. 0 is no limit.
    """
    parts, depth, quoted, start = list[str](), 0, False, 0
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char in "({[" and not quoted:
            depth += 1
        elif char in ")}]" and not quoted:
            depth = max(depth - 1, 0)
        elif char == "," and not quoted and not depth:
            if most and len(parts) == most - 1:
                break
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]
