"""Files of compiled code that are safe beside other processes and when one is interrupted.

`keep_apart`
    Let a compiled function save its code in files that are named for source and types.

numba numbers the files of a function's code, and writes the index that names them before the
code itself. If a process ends between the two, or another one reads then, the index of a new
version of the source names the code of the old one, and the old rules are played without a word.
Two processes that compile for different types at a time may also take the same number.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Any

from numba.core.caching import IndexDataCacheFile

__all__ = ["keep_apart"]


def keep_apart(function: Any) -> None:
    """Let a compiled function save its code in files that are named for source and types."""
    cache = function._cache
    plain = cache._cache_file
    name, source = Path(plain._index_name).stem, plain._source_stamp
    made: Any = CodeFiles
    cache._cache_file = made(cache.cache_path, name, source)


class CodeFiles(IndexDataCacheFile):
    """The index and the files of code of one function, for one version of its source."""

    def save(self: Any, key: Any, data: Any) -> None:
        """Save code, then the index that names it, then remove code that no index names."""
        digest = hashlib.blake2b(repr((self._source_stamp, key)).encode(), digest_size=8)
        name = self._data_name_pattern.format(number=int(digest.hexdigest(), 16))
        self._save_data(name, data)
        named = self._load_index()
        named[key] = name
        self._save_index(named)
        for path in Path(self._cache_path).glob(self._index_name.replace(".nbi", ".*.nbc")):
            if path.name not in named.values():
                with contextlib.suppress(OSError):  # another process reads or removes it
                    path.unlink()
