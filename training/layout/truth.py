"""What the layout generator takes and gives: clean articles in, damaged text with its truth out.

Spans are half-open and in characters of the page's ``text``. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["body", "subhead", "byline", "note"]


@dataclass(frozen=True, slots=True)
class CleanParagraph:
    """A paragraph as its writer wrote it."""

    text: str
    kind: Kind = "body"


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """An article as its writer wrote it. ``headline`` holds its display lines, main line first."""

    headline: tuple[str, ...]
    paragraphs: tuple[CleanParagraph, ...]
    byline: str | None = None


@dataclass(frozen=True, slots=True)
class TrueParagraph:
    """A paragraph and where it stands on the page."""

    text: str
    start: int
    end: int
    kind: Kind = "body"


@dataclass(frozen=True, slots=True)
class TrueArticle:
    """One article, or the piece of it that stands on this page.

    ``source`` is its place in the list of clean articles. ``jump_from``/``jump_to`` are the page
    numbers printed in （上接第N版） / （下转第N版）. ``headline`` is empty when none was printed here.
    """

    source: int
    headline: str
    headline_spans: tuple[tuple[int, int], ...]
    byline: str | None
    byline_span: tuple[int, int] | None
    paragraphs: tuple[TrueParagraph, ...]
    jump_from: int | None = None
    jump_to: int | None = None


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A page as extracted, with its truth."""

    text: str
    articles: tuple[TrueArticle, ...]
    number: int
    paper: str | None = None
    date: str | None = None
    furniture: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """The pages of one issue. A jump is ((page, article), (page, article)), places from 0."""

    pages: tuple[LaidOutPage, ...]
    jumps: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = field(default=())
