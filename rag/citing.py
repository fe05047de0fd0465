"""From what the reader claims to numbered citations of exact raw spans.

Every citation is a whole evidence sentence, carried back to the raw text by its span. Only what is used
is cited. Knows nothing of models or wording.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.errors import InternalError
from rag.records import Citation, Claim, Document, Evidence, Reading
from rag.spans import holds, raw_span
from rag.terms import fold

MAX_SUPPORT = 2  # further citations that say the same


@dataclass(frozen=True, slots=True)
class Statement:
    """One answer and the numbers of the citations that support it."""

    short: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """The statements of a reply (the best first; more than one only when sources differ) and their citations.

    A citation that no statement names is a further sentence of the answer.
    """

    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]


def cite(reading: Reading, evidence: Sequence[Evidence], document: Callable[[str], Document]) -> Cited:
    """Number the claims worth showing and cite their sentences.

    Args:
        reading: the reader's claims on ``evidence``, best first.
        evidence: the sentences it read.
        document: document id to the document with its raw text.

    Raises:
        InternalError: a claim lies outside its sentence or a quote is not in its source.
    """
    groups: list[list[Claim]] = []
    for claim in (*reading.claims[:1], *reading.rivals, *reading.claims[1:]):
        _check(claim, evidence)
        short = _key(claim, evidence)
        same = next((group for group in groups if _key(group[0], evidence) == short), None)
        if same is not None:
            if len(same) <= MAX_SUPPORT and all(other.index != claim.index for other in same):
                same.append(claim)
        elif not groups or (claim in reading.rivals and _differs(claim, groups[0][0], evidence)):
            groups.append([claim])
    shown = [claim for group in groups[:2] for claim in group]
    if len(groups) == 1 and reading.further:
        for claim in reading.further:
            _check(claim, evidence)
        cited = {claim.index for claim in shown}
        shown += [claim for claim in reading.further if claim.index not in cited]
        home = evidence[groups[0][0].index].passage.document
        shown.sort(key=lambda claim: _place(evidence[claim.index], home))
    citations: list[Citation] = []
    numbers: dict[int, int] = {}
    for claim in shown:
        if claim.index not in numbers:
            numbers[claim.index] = len(citations) + 1
            citations.append(_citation(len(citations) + 1, claim, evidence[claim.index], document))
    statements = []
    for group in groups[:2]:
        best = evidence[group[0].index]
        marks = tuple(dict.fromkeys(numbers[claim.index] for claim in group))
        statements.append(Statement(best.text[group[0].start : group[0].end], marks))
    return Cited(tuple(statements), tuple(citations))


def _place(piece: Evidence, home: str) -> tuple[bool, str, int, int]:
    """Reading order: the document ``home`` first, within a document from its beginning."""
    passage = piece.passage
    return passage.document != home, passage.document, passage.start, piece.start


def _differs(claim: Claim, best: Claim, evidence: Sequence[Evidence]) -> bool:
    """Tell whether ``claim`` is from another article than ``best`` and neither holds the other."""
    ours, theirs = evidence[claim.index].passage, evidence[best.index].passage
    short, other = _key(claim, evidence), _key(best, evidence)
    return (ours.document, ours.article) != (theirs.document, theirs.article) and not (short in other or other in short)


def _citation(number: int, claim: Claim, evidence: Evidence, document: Callable[[str], Document]) -> Citation:
    passage = evidence.passage
    source = document(passage.document)
    text = source.text
    start, end = raw_span(text, passage.start, passage.text, evidence.start, evidence.end)
    if not holds(text, start, end, evidence.text):
        raise InternalError(f"the quote of citation {number} is not in {passage.document} at {start}:{end}")
    low, high = raw_span(text, passage.start, passage.text, evidence.start + claim.start, evidence.start + claim.end)
    return Citation(
        number=number,
        quote=evidence.text,
        document=passage.document,
        path=source.path,
        title=passage.title,
        page=passage.page,
        start=start,
        end=end,
        score=claim.score,
        date=passage.date or source.date,
        answer_start=low,
        answer_end=high,
    )


def _check(claim: Claim, evidence: Sequence[Evidence]) -> None:
    if not (0 <= claim.index < len(evidence) and 0 <= claim.start < claim.end <= len(evidence[claim.index].text)):
        raise InternalError(f"the reader claimed characters that it was not given: {claim}")


def _key(claim: Claim, evidence: Sequence[Evidence]) -> str:
    return fold("".join(evidence[claim.index].text[claim.start : claim.end].split()))
