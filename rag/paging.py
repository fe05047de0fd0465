"""On which page of its document something stands: the pages of the file joined with what is printed on them.

The right number or none: a page whose number is neither printed nor counted for certain has none. Knows
nothing of layout or of storage.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from rag.records import Article, Page, Passage, RawDocument


def pages_of(raw: RawDocument, printed: Sequence[Page]) -> tuple[Page, ...]:
    """The pages of a file with what is printed on them.

    Args:
        raw: the file as extracted. The pages of a PDF stay as they are, each with what is printed on it; the one
            page of a text, whose number is in the file's name, gives way to pages found in the text.
        printed: the pages found in the text.
    """
    first = raw.pages[0].number if raw.pages else None
    if len(raw.pages) > 1 or raw.boxes is not None:
        return _counted([_joined(page, printed) for page in raw.pages], first)
    return _counted(printed, first) or raw.pages


def page_at(pages: Sequence[Page], position: int) -> Page | None:
    """The page on which raw character ``position`` stands, None when that is not known; ``pages`` in order."""
    at = bisect_right(pages, position, key=lambda page: page.start) - 1
    return pages[at] if at >= 0 and position < pages[at].end else None


def on_pages(articles: Sequence[Article], pages: Sequence[Page]) -> list[Article]:
    """The articles, those without a page number with that of the page they begin on."""
    return [article if article.page else replace(article, page=_number(pages, article)) for article in articles]


def jumped_pages(articles: Sequence[Article]) -> tuple[Page, ...]:
    """The parts of pages that the articles with a page number show, where nothing else tells of pages."""
    found = []
    for article in articles:
        spans = [(paragraph.start, paragraph.end) for paragraph in article.paragraphs]
        spans += [span for span in (article.title_span, article.byline_span) if span]
        if article.page and spans:
            found.append(Page(article.page, min(spans)[0], max(end for _, end in spans)))
    return tuple(sorted(found, key=lambda page: page.start))


def numbered(passages: Sequence[Passage], pages: Sequence[Page]) -> list[Passage]:
    """The passages, each with the number of the page on which its characters stand."""
    if not pages:
        return list(passages)
    found = []
    for passage in passages:
        page = page_at(pages, passage.start)
        found.append(replace(passage, page=page.number if page else None))
    return found


def _joined(page: Page, printed: Sequence[Page]) -> Page:
    """A page of the file with what is printed on it."""
    at = bisect_left(printed, page.start, key=lambda other: other.start)
    if at == len(printed) or printed[at].start >= page.end:
        return replace(page, number=None)
    return replace(page, number=printed[at].number, paper=printed[at].paper, date=printed[at].date)


def _counted(pages: Sequence[Page], first: int | None) -> tuple[Page, ...]:
    """The pages, counted from ``first`` (or 1) where no number is printed and none that is contradicts the count.

    A text that is not parted into pages is not page 1 for that.
    """
    if first is None and len(pages) < 2:
        return tuple(pages)
    counted = range(first or 1, (first or 1) + len(pages))
    if any(page.number not in (None, number) for page, number in zip(pages, counted, strict=True)):
        return tuple(pages)
    return tuple(replace(page, number=number) for page, number in zip(pages, counted, strict=True))


def _number(pages: Sequence[Page], article: Article) -> int | None:
    starts = [paragraph.start for paragraph in article.paragraphs] or list((article.title_span or ())[:1])
    page = page_at(pages, starts[0]) if starts else None
    return page.number if page else None
