"""Why a passage was found: the terms it shares with the question, as a reader would mark them.

Knows terms, not scores: those stand in ``Hit.parts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.records import Hit
from rag.terms import PREFIX, RUN, fold, terms


def explained(hits: Sequence[Hit], question: str) -> list[Hit]:
    """Return the hits with the terms each shares with the question, in its title or its text."""
    return [
        replace(hit, shared=shared_terms(question, f"{hit.passage.title or ''}\n{hit.passage.text}")) for hit in hits
    ]


def shared_terms(question: str, text: str) -> tuple[str, ...]:
    """Return what of ``question`` stands in ``text``: the longest runs of Chinese or Japanese, and words.

    A word that only begins alike is given by its beginning.

    >>> shared_terms("雙邊貿易額 in Astana, 2025?", "2025年双边贸易，Astanada")
    ('双边贸易', 'asta*', '2025')
    """
    there = set(terms(text))
    found: dict[str, None] = {}
    for match in RUN.finditer(fold(question)):
        piece = match.group()
        if match["dense"]:
            found.update(dict.fromkeys(_runs(piece, there)))
        elif piece in there:
            found[piece] = None
        elif f"{piece[:PREFIX]}*" in there and len(piece) > PREFIX:
            found[f"{piece[:PREFIX]}*"] = None
    return tuple(found)


def _runs(piece: str, there: set[str]) -> list[str]:
    """The longest runs of ``piece`` of which every pair of characters stands in ``there``.

    _runs("甲乙丙丁", {"甲", "乙", "甲乙", "丁"}) -> ["甲乙", "丁"]
    """
    runs: list[str] = []
    start = 0
    for end in range(1, len(piece) + 1):
        if end == len(piece) or piece[end - 1 : end + 1] not in there:
            run = piece[start:end]
            if len(run) > 1 or run in there:
                runs.append(run)
            start = end
    return runs
