"""The comparison: BM25 as a search library gives it (bm25s), over characters and their bigrams."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def terms(text: str) -> list[str]:
    """Characters and their bigrams for Han and kana, whole words elsewhere; width, case and variants folded.

    terms("中国 GDP") -> ["中", "国", "中国", "gdp"]
    """
    folded = _simplifier().convert(unicodedata.normalize("NFKC", text).casefold())
    found: list[str] = []
    word = ""
    previous = ""
    for character in [*folded, " "]:
        wide = "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"
        if not wide and unicodedata.category(character)[0] in "LMN":
            word += character
            previous = ""
            continue
        if word:
            found.append(word)
            word = ""
        if wide:
            found.append(character)
            if previous:
                found.append(previous + character)
        previous = character if wide else ""
    return found


class BM25:
    """bm25s with its default Lucene variant, k1 1.5, b 0.75."""

    def __init__(self, passages: Sequence[str]) -> None:
        import bm25s

        self._size = len(passages)
        self._retriever = bm25s.BM25(k1=1.5, b=0.75)
        self._retriever.index([terms(p) or [""] for p in passages], show_progress=False)

    def scores(self, query: str) -> np.ndarray:
        """Scores float32 ``[passages]``."""
        known = [t for t in terms(query) if t in self._retriever.vocab_dict]
        return self._retriever.get_scores(known) if known else np.zeros(self._size, dtype=np.float32)
