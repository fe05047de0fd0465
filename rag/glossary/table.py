"""The glossary's files: compressed lines sorted by key, read once, searched by halving.

A line is a key, a tab, and values parted by spaces. Knows the form of the files, not what stands in them.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


class Table:
    """Sorted lines, looked up by key or by the beginning of one."""

    def __init__(self, lines: list[str]) -> None:
        """Take lines sorted by code point."""
        self._lines = lines

    def get(self, key: str) -> list[str]:
        r"""Return the values of ``key``; none when it is not there.

        >>> Table(["a\t1 2", "b\t3"]).get("a")
        ['1', '2']
        """
        at = bisect_left(self._lines, key + "\t")
        if at < len(self._lines) and self._lines[at].startswith(key + "\t"):
            return self._lines[at].split("\t")[1].split(" ")
        return []

    def nearest(self, word: str, least: int) -> str:
        r"""Return the key that shares the longest beginning with ``word``, of ``least`` letters or more; or nothing.

        A key may go on after the shared beginning by one letter at the most.

        >>> Table(["көпір\t桥", "көрме\t展览"]).nearest("көпірмен", 5)
        'көпір'
        """
        best, longest = "", least - 1
        for size in range(len(word), least - 1, -1):
            at = bisect_left(self._lines, word[:size])
            for line in self._lines[at : at + 2]:
                key = line.split("\t", 1)[0]
                if key.startswith(word[:size]) and len(key) <= size + 1 and size > longest:
                    best, longest = key, size
            if best:
                return best
        return best

    @property
    def keys(self) -> list[str]:
        """All keys, sorted."""
        return [line.split("\t", 1)[0] for line in self._lines]

    def __len__(self) -> int:
        return len(self._lines)


@lru_cache(maxsize=8)
def table(name: str) -> Table:
    """Return the table ``name`` of the package, loaded on first use."""
    text = gzip.decompress((DATA / f"{name}.tsv.gz").read_bytes()).decode("utf-8")
    return Table(text.rstrip("\n").split("\n"))
