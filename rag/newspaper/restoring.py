"""Walk the line of restoration: lines → furniture aside → roles → units → articles → pages."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.newspaper.articles import assemble
from rag.newspaper.columns import read_columns
from rag.newspaper.furniture import Furniture, split_furniture
from rag.newspaper.lines import MAY_CLOSE, Line, ends_sentence, framed, split_lines
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


def restore_page(text: str, first: int = 1) -> Restored:
    """Articles, pages and furniture of ``text``; see ``restore``.

    Pages are counted from ``first`` where no number is printed on them.
    """
    with _no_collection():
        return _restore_page(text, first)


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


def _restore_page(text: str, first: int) -> Restored:
    lines = split_lines(text)
    if not lines:
        return Restored(())
    if not _wrapped(text, lines):
        articles, marks = prose_articles(text, lines)
        return Restored(tuple(articles), furniture=tuple(marks))
    body, furniture = split_furniture(lines)
    pages = _pages(text, lines, furniture, first)
    set_off = framed(body)
    articles = assemble(text, units(text, body, set_off, *read_columns(body, set_off)))
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


def _pages(text: str, lines: Sequence[Line], furniture: Sequence[Furniture], first: int) -> tuple[Page, ...]:
    """Pages from form feeds and furniture; one page when neither parts the text."""
    cuts = [0, *(line.start for line in lines[1:] if line.after_break), len(text)]
    pages: list[Page] = []
    for number, (start, end) in enumerate(pairwise(cuts), first):
        here = [piece for piece in furniture if start <= piece.start < end]
        printed = next((piece.number for piece in here if piece.number), None)
        paper = next((piece.paper for piece in here if piece.paper), None)
        date = next((piece.date for piece in here if piece.date), None)
        pages.append(Page(printed or number, start, end, paper, date))
    if len(pages) == 1 and not furniture:
        return ()
    return tuple(pages)


def _dated(article: Article, pages: Sequence[Page]) -> Article:
    starts = [paragraph.start for paragraph in article.paragraphs]
    start = min([*starts, *(article.title_span or ())[:1]], default=0)
    page = next((page for page in pages if page.start <= start < page.end), None)
    return replace(article, page=page.number, date=page.date) if page else article
