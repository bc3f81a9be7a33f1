"""Text in pictures: shown as it is written, on one line or two."""

from __future__ import annotations

import unicodedata

__all__ = ["literal", "on_two_lines", "text_points"]
LETTER = 0.62  # width of a letter, as a part of the size of its font
LONGEST_LINE = 24  # letters of a text beside an axis

# Text


def literal(text: object, longest: int = LONGEST_LINE) -> str:
    r"""Text for matplotlib to show letter for letter: one line, no formulas, not endless.

    Examples
    --------
    >>> print(literal("$5 and $6 a_b"))
    \$5 and \$6 a_b
    """
    return _escaped(_shortened(_one_line(text), longest))


def on_two_lines(text: object) -> str:
    """The same on two lines where it is long, broken at a space or underscore."""
    line = _shortened(_one_line(text), 2 * LONGEST_LINE)
    breaks = [place + 1 for place, letter in enumerate(line[:-1]) if letter in " _-"]
    if len(line) <= LONGEST_LINE or not breaks:
        return literal(line)
    at = min(breaks, key=lambda place: abs(place - len(line) / 2))
    return f"{literal(line[:at].rstrip())}\n{literal(line[at:])}"


def _one_line(text: object) -> str:
    """A space or nothing in place of letters that only control how others are shown."""
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
    """About how wide a text is [points]."""
    return LETTER * size * len(text)
