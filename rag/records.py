"""The values that pass between stages: frozen records, no behaviour beyond reading them.

A *span* is half-open, ``[start, end)``, in characters of the document's raw text unless a field says
otherwise. The invariant that holds the product together, for every paragraph, passage and citation:

    with all white space removed, ``raw[start:end] == text``

This module knows nothing of files, models or storage and imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ParagraphKind = Literal["body", "subhead", "byline", "note"]


@dataclass(frozen=True, slots=True)
class Page:
    """Where one page of a document stands in its raw text, and what is printed on it.

    ``number`` is the page as printed (版次) when known, else counted from 1 where the file has pages; None where
    neither tells. Pages need not follow each other: of some only a part may be known.
    """

    number: int | None
    start: int
    end: int
    paper: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A source file as extracted, before any repair. ``date`` is ISO (YYYY-MM-DD) when known.

    ``wrapped`` is False when the file's format parts paragraphs by itself, so that no line is a cut one.
    ``boxes``, when the file has a page image, holds for each character of ``text`` four little-endian
    uint16: left, top, right, bottom in tenths of a point from the page's upper left corner; zeros where
    nothing is printed.
    """

    path: str
    text: str
    title: str
    date: str | None = None
    pages: tuple[Page, ...] = ()
    boxes: bytes | None = None
    wrapped: bool = True


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as the writer wrote it, layout damage repaired.

    ``text`` differs from ``raw[start:end]`` in white space only. Kinds: ``body``; ``subhead`` (a
    heading inside the article); ``byline`` (reporters, agency); ``note`` (（参与记者：…）, jump lines).
    """

    text: str
    start: int
    end: int
    kind: ParagraphKind = "body"


@dataclass(frozen=True, slots=True)
class Article:
    """One newspaper article inside a document, its paragraphs in reading order.

    ``jump_from`` and ``jump_to`` are the page numbers in （上接第N版） and （下转第N版） when the article
    begins or goes on elsewhere. ``title_span``/``byline_span`` are raw spans, as a paragraph's.
    """

    title: str | None
    paragraphs: tuple[Paragraph, ...]
    byline: str | None = None
    page: int | None = None
    date: str | None = None
    jump_from: int | None = None
    jump_to: int | None = None
    title_span: tuple[int, int] | None = None
    byline_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One source file in the library. ``id`` is the SHA-256 of the file's bytes (first 16 hex digits)."""

    id: str
    path: str
    title: str
    date: str | None
    text: str
    added: str
    passages: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous span of one article: the unit embedded and retrieved.

    ``start``/``end`` are the span in the document's raw text; ``text`` is the restored text, its
    paragraphs parted by a line feed.
    """

    id: str
    document: str
    article: int
    text: str
    start: int
    end: int
    title: str | None = None
    page: int | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for one query. ``rank`` counts from 1; ``score`` is the fused score.

    ``parts`` names what the score was made of (``dense``, ``lexical``: the score in that list;
    ``dense_rank``, ``lexical_rank``: the rank there) for the lists in which the passage stood. ``shared``
    are the terms of the question that it holds, when the search was asked to explain itself.
    """

    rank: int
    score: float
    passage: Passage
    path: str
    parts: Mapping[str, float] = field(default_factory=dict)
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence offered to the reader: ``passage.text[start:end] == text``.

    ``score`` is the retrieval score of the hit it came from; ``rank`` that hit's rank (from 1), 0 for
    a neighbour of a hit.
    """

    text: str
    passage: Passage
    start: int
    end: int
    score: float = 0.0
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A short answer found by the reader: characters ``[start, end)`` of ``evidence[index].text``.

    ``score`` is how much the reader believes in this span, and in spans that overlap it, among all of the evidence.
    """

    index: int
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a question and its evidence.

    ``claims`` come best first and may be empty. ``confidence`` in [0, 1] is the calibrated
    probability that the best claim answers the question. ``further`` are whole sentences of the same article
    that belong to an answer which takes more than one (why, how), likeliest first. ``rivals`` are what other
    articles say to the question when they are asked without that of the best claim, as surely as it does.
    """

    claims: tuple[Claim, ...]
    confidence: float
    further: tuple[Claim, ...] = ()
    rivals: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A statement's source. ``raw[start:end] == quote`` with white space removed."""

    number: int
    quote: str
    document: str
    path: str
    title: str | None
    page: int | None
    start: int
    end: int
    score: float
    date: str | None = None
    answer_start: int | None = None
    answer_end: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One finished exchange of a conversation. ``standalone`` is the question as it was searched."""

    question: str
    answer: str
    standalone: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one question, with everything needed to check it.

    ``short`` is the short answer alone (empty when abstaining); ``text`` is what the chat shows, with
    ``[n]`` marks that name ``citations``. ``question`` is the standalone question that was searched.
    """

    question: str
    language: str
    text: str
    short: str
    abstained: bool
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    timings_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be added, and why in one line."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddReport:
    """What ``add`` did: paths per outcome, and the passages now searchable from them."""

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    passages: int = 0
