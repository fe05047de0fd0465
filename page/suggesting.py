"""Questions worth asking next, made from the documents: a statement with one figure becomes its question.

Only questions with which the library finds the statement's document again are used, and those offered first
also only when the library answers them. How a statement becomes a question is in ``page.figures``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from page.figures import questions
from rag.languages import detect
from rag.records import Article, Document, Reply
from rag.splitting import sentences

if TYPE_CHECKING:
    from rag.library import Library

_SPREAD = 12  # parts of the library from which the first questions are taken in turn
_DOCUMENTS = 60  # looked at for them


@dataclass(frozen=True, slots=True)
class _Candidate:
    question: str
    document: str
    sentence: str


def first_questions(library: Library, wanted: int = 3, *, answered: bool = False) -> tuple[str, ...]:
    """Return questions on different documents of ``library``.

    Args:
        library: whose documents.
        wanted: how many at the most.
        answered: offer only what the library answers; takes an answer's time for each.
    """
    found: list[str] = []
    for document in _spread(library.documents())[:_DOCUMENTS]:
        for article in library.articles(document.id):
            question = _first_good(library, _candidates(document.id, article))
            if question and question not in found and not (answered and library.answer(question).abstained):
                found.append(question)
                break
        if len(found) == wanted:
            break
    return tuple(found)


def _spread(documents: Sequence[Document]) -> list[Document]:
    """Return the documents from all over the list by turns: those next to each other are often of one kind."""
    step = max(1, len(documents) // _SPREAD)
    return [document for first in range(step) for document in documents[first::step]]


def follow_ups(library: Library, reply: Reply, wanted: int = 2) -> tuple[str, ...]:
    """Return further questions on the articles that ``reply`` cites; none after an abstention."""
    found: list[str] = []
    for citation in reply.citations[:2]:
        for article in library.articles(citation.document):
            if not any(p.start <= citation.start < p.end for p in article.paragraphs):
                continue
            candidates = [
                candidate
                for candidate in _candidates(citation.document, article)
                if candidate.sentence != citation.quote and candidate.question not in found
            ]
            while candidates and len(found) < wanted:
                question = _first_good(library, candidates)
                if question is None:
                    break
                found.append(question)
                candidates = [candidate for candidate in candidates if candidate.question not in found]
    return tuple(found)


def _candidates(document: str, article: Article) -> list[_Candidate]:
    found = []
    for paragraph in article.paragraphs:
        if paragraph.kind != "body":
            continue
        for start, end in sentences(paragraph.text):
            sentence = paragraph.text[start:end]
            if any(char.isdigit() for char in sentence):
                found += [_Candidate(made, document, sentence) for made in questions(sentence, detect(sentence))]
    return found


def _first_good(library: Library, candidates: Iterable[_Candidate], tries: int = 4) -> str | None:
    """Return the first question with which the library finds its own document first."""
    for candidate, _ in zip(candidates, range(tries), strict=False):
        hits = library.search(candidate.question, 1)
        if hits and hits[0].passage.document == candidate.document:
            return candidate.question
    return None
