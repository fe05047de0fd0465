"""Which hits and citations stand on gold evidence: by raw span, not by likeness of text.

A span is on a gold paragraph when it covers the characters of its quote, or shares more than half of the
shorter of the two with the paragraph. A set without offsets (a user's own) falls back on the quote's
content characters standing in the text.

For trec_eval a ranking is a list of names. A hit on gold stands in it under the gold paragraph's name, or one
after the other under the names of all it covers; each gold paragraph is credited once. Any other hit, and a
second hit on the same gold, has its own name, which no qrels know. Knows nothing of scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.sets import EvalQuestion, Gold
from eval.support import content
from rag.records import Citation, Hit


def on_gold(gold: Gold, source: str | None, start: int, end: int, text: str) -> bool:
    """Tell whether the span ``[start, end)`` of ``source`` stands on the gold paragraph.

    Args:
        gold: the evidence.
        source: the name of the span's source in the set, None when it is in no source of the set.
        start: first character of the span in the raw text.
        end: one past the last.
        text: what stands there, for a set without offsets.
    """
    if gold.start < 0:
        quote = content(gold.quote)
        named = not gold.source or source is None or Path(gold.source).name == Path(source).name
        return bool(quote) and named and quote in content(text)
    if source != gold.source:
        return False
    if start <= gold.quote_start and gold.quote_end <= end:
        return True
    shared = min(end, gold.end) - max(start, gold.start)
    return 2 * shared > min(end - start, gold.end - gold.start)


def source_of(path: str, names: Mapping[str, str]) -> str | None:
    """Return the set's name for a file as the system gives it; its bare name when the set has no sources.

    Args:
        path: as added, absolute or not.
        names: source name by resolved path.
    """
    if not names:
        return Path(path).name
    return names.get(str(Path(path).resolve()))


def ranking(question: EvalQuestion, hits: Sequence[Hit], names: Mapping[str, str]) -> list[tuple[Hit, str]]:
    """Return the ranked names that trec_eval is given, each once, with the hit it stands for, best first."""
    ranked: list[tuple[Hit, str]] = []
    taken: set[str] = set()
    for hit in hits:
        span = hit.passage
        source = source_of(hit.path, names)
        fitting = [g for g in question.gold if on_gold(g, source, span.start, span.end, span.text)]
        free = sorted((gold for gold in fitting if gold.id not in taken), key=lambda gold: -gold.grade)
        for name in dict.fromkeys(gold.id for gold in free) or [_own_name(hit, taken)]:
            taken.add(name)
            ranked.append((hit, name))
    return ranked


def cited_gold(
    question: EvalQuestion, citations: Sequence[Citation], names: Mapping[str, str]
) -> tuple[frozenset[str], int]:
    """Return the gold paragraphs that are cited, and how many citations stand on gold."""
    found: set[str] = set()
    good = 0
    for citation in citations:
        source = source_of(citation.path, names)
        on = {
            gold.id
            for gold in question.gold
            if on_gold(gold, source, citation.start, citation.end, citation.quote) or _inside(gold, source, citation)
        }
        found |= on
        good += bool(on)
    return frozenset(found), good


def qrels(question: EvalQuestion) -> dict[str, int]:
    """Return the grade of every gold paragraph of the question by its name."""
    return {gold.id: gold.grade for gold in question.gold}


def _inside(gold: Gold, source: str | None, citation: Citation) -> bool:
    """Tell whether a citation is part of the gold quote (a short span may be all that is quoted)."""
    return source == gold.source and gold.quote_start <= citation.start < citation.end <= gold.quote_end


def _own_name(hit: Hit, taken: set[str]) -> str:
    """Return a name without white space (TREC's rule) that no gold paragraph and no hit before has."""
    name = "passage:" + "_".join(hit.passage.id.split())
    while name in taken:
        name += "'"
    return name
