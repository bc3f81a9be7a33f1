"""The files of a path: single files, folders and patterns, compressed or not.

`Source`
    One file.
`sources_of`
    The files that a path names, in the order of their names.
"""

from __future__ import annotations

import codecs
import glob
import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ringsim.errors import ConfigurationError

__all__ = ["Source", "decoded", "sources_of"]

MOST_BYTES = 4 * 2**30  # of one file after decompression
BLOCK = 2**24
HEAD = 2**16  # bytes from which a format is recognised
BYTE_ORDER_MARKS = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"\xef\xbb\xbf": "utf-8-sig",
}


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes
    ----------
    path : Path
        The file.
    name : str
        Its name for messages: the path as given or found.
    """

    path: Path

    @property
    def name(self) -> str:
        return str(self.path)

    @cached_property
    def head(self) -> bytes:
        """The first bytes, decompressed.

        Raises
        ------
        ConfigurationError
            If the file cannot be read.
        """
        return self.first(HEAD)

    def first(self, n: int) -> bytes:
        """Return the first bytes, decompressed.

        Raises
        ------
        ConfigurationError
            If the file cannot be read.
        """
        return _contents(self.path, n)

    @property
    def data(self) -> bytes:
        """All bytes, decompressed and not kept: a file of a million rows is large.

        Raises
        ------
        ConfigurationError
            If the file cannot be read, or is too large.
        """
        data = self.first(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ConfigurationError(self.name, f"must hold at most {MOST_BYTES:,} bytes")
        return data

    @property
    def suffix(self) -> str:
        """Suffix of the name in lower case, without `.gz`."""
        path = Path(self.name)
        return Path(path.stem).suffix.lower() if path.suffix == ".gz" else path.suffix.lower()


def sources_of(path: object) -> list[Source]:
    """Return the files of a path, a pattern such as `logs/*.gz`, a folder, or a list of these.

    Raises
    ------
    ConfigurationError
        If there is no such file, or one cannot be read.
    """
    paths = list(dict.fromkeys(_paths(path)))
    sources = [Source(each) for each in paths]
    for each in sources:
        _ = each.head  # whether it can be read
    return sources


def _paths(path: object) -> Iterator[Path]:
    if isinstance(path, (list, tuple)):
        if not path:
            raise ConfigurationError("path", "must name at least one file", path)
        for each in path:
            yield from _paths(each)
        return
    if not isinstance(path, (str, Path)) or not str(path):
        raise ConfigurationError("path", "must be a file, a folder, a pattern or a list", path)
    try:
        found = list(_found(Path(path)))
    except (OSError, ValueError) as wrong:  # ValueError: a NUL in the name
        raise ConfigurationError(str(path), f"must be a readable file: {_why(wrong)}") from None
    if not found and Path(path).is_dir():
        what = "has only folders and hidden files" if any(Path(path).iterdir()) else "is empty"
        raise ConfigurationError(str(path), f"must hold a file, but the folder {what}")
    if not found:
        raise ConfigurationError(str(path), "must name a file, and there is none")
    yield from found


def _found(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return sorted(each for each in path.iterdir() if _is_plain(each))
    if path.exists():
        return [path]
    if glob.has_magic(str(path)):
        found = (Path(each) for each in glob.glob(str(path), recursive=True))  # noqa: PTH207
        return sorted(each for each in found if each.is_file())
    return []


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def _contents(path: Path, most: int) -> bytes:
    """Return the first bytes of a file, decompressed."""
    try:
        with path.open("rb") as file:
            zipped = path.suffix == ".gz" or file.peek(2)[:2] == b"\x1f\x8b"
            return _decompressed(path, most) if zipped else file.read(most)
    except (OSError, EOFError, zlib.error) as wrong:
        raise ConfigurationError(str(path), f"must be a readable file: {_why(wrong)}") from None


def _decompressed(path: Path, most: int) -> bytes:
    blocks, size = [], 0
    with gzip.open(path) as file:
        while size < most and (block := file.read(min(BLOCK, most - size))):
            blocks.append(block)
            size += len(block)
    return b"".join(blocks)


def _why(wrong: Exception) -> str:
    text = getattr(wrong, "strerror", None) or str(wrong) or type(wrong).__name__
    return " ".join(str(text).split()).lower()


def decoded(data: bytes) -> tuple[bytes, str]:
    """Return bytes as UTF-8 or another encoding that pandas reads, with its name.

    UTF-16 is converted to UTF-8. Bytes that are not UTF-8 are taken for Windows-1252, in which
    almost every byte is a character.
    """
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            text = data[len(mark) :]
            if encoding == "utf-8-sig":
                data = text
                break
            return text.decode(encoding, errors="replace").encode(), "utf-8"
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    if data.isascii():
        return data, "utf-8"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:  # block by block, as the text of a large file takes up to four times its memory
        for at in range(0, len(data), BLOCK):
            decoder.decode(data[at : at + BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return data, "cp1252"
    return data, "utf-8"
