"""Walk the line of restoration: lines → furniture aside → roles → units → articles → pages."""

from __future__ import annotations

import gc
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.newspaper.articles import assemble
from rag.newspaper.columns import read_columns
from rag.newspaper.furniture import split_furniture
from rag.newspaper.lines import MAY_CLOSE, Line, ends_sentence, framed, split_lines
from rag.newspaper.pages import read_pages
from rag.newspaper.prose import prose_articles
from rag.newspaper.units import units
from rag.records import Article, Page

_SAMPLE = 2000
_WIDEST_COLUMN = 60.0


@dataclass(frozen=True, slots=True)
class Restored:
    """A text restored: articles in print order, pages with what is printed on them, furniture spans."""

    articles: tuple[Article, ...]
    pages: tuple[Page, ...] = ()
    furniture: tuple[tuple[int, int], ...] = ()


def restore(text: str) -> list[Article]:
    """The articles of newspaper text (or of ordinary prose), in print order.

    Only white space is changed: for every paragraph, ``text[start:end]`` is the paragraph's text, white
    space aside. Works in time linear in the text and raises nothing, whatever the text.
    """
    return list(restore_page(text).articles)


def restore_page(text: str) -> Restored:
    """Articles, pages and furniture of ``text``; see ``restore``. Pages have the numbers printed on them."""
    with _no_collection():
        return _restore_page(text)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Cyclic garbage collection paused: it would walk every line again and again, and lines hold no cycles."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def _restore_page(text: str) -> Restored:
    lines = split_lines(text)
    if not lines:
        return Restored(())
    if not _wrapped(text, lines):
        articles, marks = prose_articles(text, lines)
        return Restored(tuple(articles), furniture=tuple(marks))
    body, furniture = split_furniture(lines)
    pages, cuts = read_pages(text, lines, body, furniture)
    articles = [article for part in _parts(body, cuts) for article in _assembled(text, part)]
    return Restored(
        tuple(_dated(article, pages) for article in articles),
        pages,
        tuple((piece.start, piece.end) for piece in furniture),
    )


def restore_prose(text: str) -> Restored:
    """Articles of a text whose paragraphs are known to be parted by empty lines, as in Markdown or a web page."""
    articles, marks = prose_articles(text, split_lines(text))
    return Restored(tuple(articles), furniture=tuple(marks))


def is_newspaper(text: str) -> bool:
    """True when ``text`` is hard-wrapped in columns, so that its lines are not its paragraphs."""
    return _wrapped(text, split_lines(text))


def _wrapped(text: str, lines: Sequence[Line]) -> bool:
    """True when the ``lines`` of ``text`` are mostly Han, no wider than a column, and seldom end a sentence."""
    sample = lines[:_SAMPLE]
    if len(sample) < 4 or sum([line.em > _WIDEST_COLUMN for line in sample]) > 0.02 * len(sample):
        return False
    characters = len("".join(text[: sample[-1].end].split()))
    if sum([line.han for line in sample]) <= 0.5 * characters:
        return False
    ends = [line.text[-4:] for line in sample if line.text[-1] in MAY_CLOSE]
    return sum(map(ends_sentence, ends)) < 0.6 * len(sample)


def _parts(body: Sequence[Line], cuts: Sequence[int]) -> Iterator[Sequence[Line]]:
    """The lines of text between two mastheads: pages of their own, each with its columns and its habit."""
    starts = [line.start for line in body]
    places = [0, *(bisect_left(starts, cut) for cut in cuts), len(body)]
    yield from (body[start:end] for start, end in pairwise(places) if start < end)


def _assembled(text: str, body: Sequence[Line]) -> list[Article]:
    set_off = framed(body)
    return assemble(text, units(text, body, set_off, *read_columns(body, set_off)))


def _dated(article: Article, pages: Sequence[Page]) -> Article:
    starts = [paragraph.start for paragraph in article.paragraphs]
    start = min([*starts, *(article.title_span or ())[:1]], default=0)
    page = next((page for page in pages if page.start <= start < page.end), None)
    return replace(article, page=page.number, date=page.date) if page else article
