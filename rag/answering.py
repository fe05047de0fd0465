"""One question's line after retrieval: hits → evidence → reading → citations → reply.

Walks the stages for ``Library.stream``; it is given functions for what the library keeps, so it knows
nothing of storage.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from rag import languages, rendering
from rag.citing import Cited, cite
from rag.records import Document, Evidence, Hit, Passage, Reading, Reply
from rag.settings import Settings
from rag.splitting import sentences

if TYPE_CHECKING:
    from rag.reading import Reader

UNSURE_SHARE = 0.1  # from this share of the threshold on, an answer withheld may yet be right, and that is said
_NEIGHBOURS_OF = 2  # the passages around this many best hits are read as well


def answer_steps(
    question: str,
    search: Callable[[str], list[Hit]],
    neighbours: Callable[[Passage], list[Passage]],
    document: Callable[[str], Document],
    reader: Callable[[], Reader],
    settings: Settings,
) -> Iterator[Reply]:
    """Yield the reply to a standalone question as it grows: found passages first, the answer last."""
    from rag.reading import select_evidence

    clock = _Clock()
    language = languages.detect(question)
    with clock("retrieving"):
        hits = search(question)
    reply = Reply(question, language, "", "", True, 0.0, (), tuple(hits), dict(clock.times))
    yield reply
    with clock("selecting"):
        evidence = select_evidence(question, gather(hits, neighbours), settings.sentences)
    with clock("loading"):
        model = reader()
    with clock("reading"):
        reading = model.read(question, evidence) if evidence else Reading((), 0.0)
    with clock("citing"):
        threshold = model.threshold if settings.threshold is None else settings.threshold
        refused = not reading.claims or reading.confidence < threshold
        cited = Cited((), ()) if refused else cite(reading, evidence, document)
    unsure = bool(reading.claims) and reading.confidence >= UNSURE_SHARE * threshold
    reply = replace(reply, confidence=reading.confidence, timings_ms=clock.times)
    yield _worded(reply, cited, language, unsure)


def gather(hits: Sequence[Hit], neighbours: Callable[[Passage], list[Passage]]) -> list[Evidence]:
    """Return every sentence of the hits and of the passages around the best ones, once each, hits in order."""
    found: list[Evidence] = []
    seen = {hit.passage.id for hit in hits}
    for hit in hits:
        around = neighbours(hit.passage) if hit.rank <= _NEIGHBOURS_OF else []
        for passage in sorted([hit.passage, *(p for p in around if p.id not in seen)], key=lambda p: p.start):
            seen.add(passage.id)
            rank = hit.rank if passage is hit.passage else 0
            found.extend(
                Evidence(passage.text[a:b], passage, a, b, hit.score, rank) for a, b in sentences(passage.text)
            )
    return found


def _worded(reply: Reply, cited: Cited, language: str, unsure: bool) -> Reply:
    """Put the statements into words; without any, abstain, and say so more carefully when ``unsure``."""
    if not cited.statements:
        return replace(reply, text=rendering.refusal_text(language, unsure))
    best = cited.statements[0]
    source = languages.detect(cited.citations[best.numbers[0] - 1].quote)
    quotes = [(citation.number, citation.quote) for citation in cited.citations]
    if len(cited.statements) > 1:
        answers = [
            (statement.short, statement.numbers, cited.citations[statement.numbers[0] - 1])
            for statement in cited.statements
        ]
        text = rendering.conflict_text(answers, quotes, language, source)
    else:
        text = rendering.answer_text(best.short, quotes, language, source, best.numbers)
    return replace(reply, text=text, short=best.short, abstained=False, citations=cited.citations)


class _Clock:
    """Adds up milliseconds per stage."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.times[stage] = round((time.perf_counter() - start) * 1000, 3)
