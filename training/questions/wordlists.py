"""The word lists of ``wordlists.tsv`` by name: titles, places, bodies, connectives and the like."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    text = Path(__file__).with_name("wordlists.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: members.split() for name, members in rows}


def word_list(name: str) -> list[str]:
    """The words of one list, in the file's order. Raises KeyError when there is no such list."""
    return _lists()[name]
