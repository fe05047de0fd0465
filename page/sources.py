"""Where a citation or a hit stands: the article around it, the paper, and the span in both texts.

Asks the library and keeps the few documents last looked at. Knows nothing of HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from page.markup import file_name, restored_position
from rag.errors import InputError, LibraryError
from rag.records import Article, Citation, Document, Hit, Page

if TYPE_CHECKING:
    from rag.library import Library

_KEPT = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A span of a document's raw text worth showing, with the span of the answer inside it when known."""

    document: str
    start: int
    end: int
    answer: tuple[int, int] | None = None
    number: int | None = None

    def to_text(self) -> str:
        """Return the place as one word, for a button.

        >>> Place("a1", 3, 9, (4, 6), 2).to_text()
        'a1:3:9:4:6:2'
        """
        low, high = self.answer or (0, 0)
        return f"{self.document}:{self.start}:{self.end}:{low}:{high}:{self.number or 0}"


def place_from_text(text: str) -> Place:
    """Return the place that ``to_text`` wrote; numbers that are missing count as 0.

    Raises:
        InputError: it was not written by it.
    """
    document, *rest = text.split(":")
    if len(rest) > 5 or not all(part.isdecimal() for part in rest):
        raise InputError(f"{text!r} is no place in a document.")
    start, end, low, high, number = [int(part) for part in rest] + [0] * (5 - len(rest))
    return Place(document, start, end, (low, high) if high > low else None, number or None)


@dataclass(frozen=True, slots=True)
class Source:
    """A document with what was restored from it."""

    document: Document
    articles: tuple[Article, ...]
    pages: tuple[Page, ...]

    def article_at(self, position: int) -> Article | None:
        """Return the article whose paragraph holds raw character ``position``, else None."""
        for article in self.articles:
            if any(paragraph.start <= position < paragraph.end for paragraph in article.paragraphs):
                return article
        return None

    def page_at(self, position: int) -> int | None:
        """Return the number of the page at ``position``; where pages are not known, the article's."""
        page = next((page for page in self.pages if page.start <= position < page.end), None)
        article = self.article_at(position)
        return page.number if page else article.page if article else None

    def paper_at(self, position: int) -> str:
        """Return the paper printed on the page at ``position``; without one, the document's title.

        Empty when the document's title is the article's own: a headline names no paper.
        """
        page = next((page for page in self.pages if page.start <= position < page.end and page.paper), None)
        anywhere = page or next((page for page in self.pages if page.paper), None)
        if anywhere and anywhere.paper:
            return anywhere.paper
        article = self.article_at(position)
        if article and article.title == self.document.title:
            return ""
        return self.document.title or file_name(self.document.path)


class Sources:
    """The documents of one library, as the page needs them."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: dict[str, Source] = {}

    def get(self, document: str) -> Source | None:
        """Return a document with its articles; None when it is no longer in the library."""
        try:
            found = self._library.document(document)
            kept = self._kept.pop(document, None) or Source(
                found, tuple(self._titled(document)), self._library.pages(document)
            )
        except LibraryError:
            return None
        self._kept[document] = kept
        while len(self._kept) > _KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        return kept

    def _titled(self, document: str) -> list[Article]:
        """The articles; the rest of one that began in another document has the headline and byline it has there."""
        articles = self._library.articles(document)
        for number, article in enumerate(articles):
            if article.jump_from is not None and not article.title:
                first = self._first(document, number)
                articles[number] = replace(article, title=first.title, byline=article.byline or first.byline)
        return articles

    def _first(self, document: str, article: int) -> Article:
        """The piece with which an article begins, in whichever document it stands."""
        seen = set()
        while (document, article) not in seen:
            seen.add((document, article))
            for seam in self._library.continuations(document):
                if seam.comes and seam.article == article:
                    document, article = seam.other, seam.other_article
                    break
        return self._library.articles(document)[article]


def place_of_citation(citation: Citation) -> Place:
    """Return where a citation stands."""
    known = citation.answer_start is not None and citation.answer_end is not None
    answer = (citation.answer_start or 0, citation.answer_end or 0) if known else None
    return Place(citation.document, citation.start, citation.end, answer, citation.number)


def place_of_hit(hit: Hit) -> Place:
    """Return where a found passage stands."""
    return Place(hit.passage.document, hit.passage.start, hit.passage.end)


def answer_in_quote(citation: Citation, raw: str) -> tuple[int, int] | None:
    """Return the span of the short answer inside ``citation.quote``, None when there is none."""
    if citation.answer_start is None or citation.answer_end is None:
        return None
    start = restored_position(raw, citation.start, citation.quote, citation.answer_start)
    last = restored_position(raw, citation.start, citation.quote, citation.answer_end - 1)
    return (start, last + 1) if start <= last < len(citation.quote) else None
