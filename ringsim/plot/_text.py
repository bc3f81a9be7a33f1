"""Text in pictures: escaped, shortened, and broken into lines."""

from __future__ import annotations

import unicodedata

__all__ = ["literal", "on_two_lines", "text_points"]

LETTER = 0.62  # width of a letter as a share of its font size
LONGEST_LINE = 24  # letters of a text beside an axis


def literal(text: object, longest: int = LONGEST_LINE) -> str:
    r"""Return text that matplotlib shows literally: on one line, without formulas, shortened.

    Examples
    --------
    >>> print(literal("$5 and $6 a_b"))
    \$5 and \$6 a_b
    """
    return _escaped(_shortened(_one_line(text), longest))


def on_two_lines(text: object) -> str:
    """Return literal text, broken at a space, underscore or hyphen if it is long."""
    line = _shortened(_one_line(text), 2 * LONGEST_LINE)
    breaks = [i + 1 for i, letter in enumerate(line[:-1]) if letter in " _-"]
    if len(line) <= LONGEST_LINE or not breaks:
        return literal(line)
    at = min(breaks, key=lambda i: abs(i - len(line) / 2))
    return f"{literal(line[:at].rstrip())}\n{literal(line[at:])}"


def _one_line(text: object) -> str:
    """Return text on one line, with control characters replaced by spaces or removed."""
    instead = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": "\N{REPLACEMENT CHARACTER}"}
    return "".join(instead.get(unicodedata.category(letter), letter) for letter in str(text))


def _shortened(line: str, longest: int) -> str:
    if len(line) <= longest:
        return line
    head = longest // 2
    return f"{line[:head]}\N{HORIZONTAL ELLIPSIS}{line[head + 1 - longest :]}"


def _escaped(line: str) -> str:
    return line.replace("$", r"\$")


def text_points(text: str, size: float) -> float:
    """Return the approximate width of a text [points]."""
    return LETTER * size * len(text)
