"""Clean articles set as real PDF pages: headlines over columns, blocks beside and below each other.

The truth is found in the text that a reader extracts: ``located`` looks up every paragraph there, white space
aside, and gives the page in the form that ``measure`` scores. Needs reportlab (its CID font, so that no font
file is needed).
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from training.layout.measure import squeeze
from training.layout.truth import CleanArticle, LaidOutPage, TrueArticle, TrueParagraph
from training.layout.typesetting import SetLine, Style, set_paragraph, width

FONT = "STSong-Light"
_SIZE = 10.0
_LEADING = 15.0
_PAGE = (1000.0, 1400.0)
_MARGIN = 40.0
_GUTTER = 14.0
_BETWEEN = 26.0  # between two articles
_STYLE = Style(mark=1.0, squeeze=1.0, pull_in=0.0)


@dataclass(frozen=True, slots=True)
class _Block:
    """One article as set: headline lines with their size, byline, columns of lines."""

    headline: tuple[tuple[str, float], ...]
    byline: str | None
    columns: tuple[tuple[SetLine, ...], ...]
    measure: float
    height: float


def pages_pdf(articles: Sequence[CleanArticle], seed: int) -> tuple[bytes, list[list[int]]]:
    """Set ``articles`` on as many pages as they need; return the PDF and the articles on each page."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    rng = random.Random(seed)
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=_PAGE)
    dealt: list[list[int]] = [[]]
    top = _PAGE[1] - _MARGIN
    number = 0
    while number < len(articles):
        beside = 2 if number + 1 < len(articles) and rng.random() < 0.4 else 1
        room = (_PAGE[0] - 2 * _MARGIN - (beside - 1) * _BETWEEN) / beside
        measure = float(rng.randint(13, 20))
        blocks = [_set(articles[number + k], room, measure, rng) for k in range(beside)]
        height = max(block.height for block in blocks)
        if top - height < _MARGIN and dealt[-1]:
            sheet.showPage()
            dealt.append([])
            top = _PAGE[1] - _MARGIN
        for k, block in enumerate(blocks):
            _draw(sheet, block, _MARGIN + k * (room + _BETWEEN), top)
            dealt[-1].append(number + k)
        top -= height + _BETWEEN
        number += beside
    sheet.save()
    return out.getvalue(), dealt


def located(text: str, articles: Sequence[CleanArticle]) -> LaidOutPage:
    """The truth of a page with this extracted ``text``; what cannot be found in it has an empty span."""
    places = [n for n, character in enumerate(text) if not character.isspace()]
    dense = squeeze(text)

    after = 0

    def span(wanted: str) -> tuple[int, int]:
        nonlocal after
        key = squeeze(wanted)
        at = dense.find(key, after)  # a subhead's words may stand in the text before it
        at = dense.find(key) if at < 0 else at
        if not key or at < 0:
            return (0, 0)
        after = at + len(key)
        return places[at], places[after - 1] + 1

    found = []
    for number, article in enumerate(articles):
        headline = " ".join(article.headline)
        after = 0
        heads = tuple(span(line) for line in article.headline)
        by = span(article.byline) if article.byline else None
        paragraphs = tuple(TrueParagraph(p.text, *span(p.text), p.kind) for p in article.paragraphs)
        found.append(TrueArticle(number, headline, heads, article.byline, by, paragraphs))
    return LaidOutPage(text, tuple(found), 1)


def _set(article: CleanArticle, room: float, measure: float, rng: random.Random) -> _Block:
    count = max(1, int((room + _GUTTER) // (measure * _SIZE + _GUTTER)))
    lines: list[SetLine] = []
    for paragraph in article.paragraphs:
        indent = 0.0 if paragraph.kind == "subhead" else 2.0
        lines += set_paragraph(paragraph.text, lambda _: measure, _STYLE, indent)
    most = int((_PAGE[1] - 2 * _MARGIN - 120) // _LEADING)
    each = min(most, -(-len(lines) // count))
    columns = tuple(tuple(lines[at : at + each]) for at in range(0, len(lines), each))
    sizes = [26.0 if n == 0 else 15.0 for n in range(len(article.headline))]
    width_in_points = count * (measure * _SIZE + _GUTTER)
    heads: list[tuple[str, float]] = []
    for text, size in zip(article.headline, sizes, strict=True):
        limit = max(4, int(width_in_points // size))
        heads += [(text[at : at + limit], size) for at in range(0, len(text), limit)]
    height = sum(size * 1.4 for _, size in heads) + (18.0 if article.byline else 0.0) + each * _LEADING + 8.0
    return _Block(tuple(heads), article.byline, columns, measure, height)


def _draw(sheet: Any, block: _Block, left: float, top: float) -> None:
    for text, size in block.headline:
        top -= size * 1.4
        sheet.setFont(FONT, size)
        sheet.drawString(left, top + size * 0.3, text)
    if block.byline:
        top -= 18.0
        sheet.setFont(FONT, _SIZE)
        sheet.drawString(left, top + 5.0, block.byline)
    top -= 8.0
    for number, column in enumerate(block.columns):
        x = left + number * (block.measure * _SIZE + _GUTTER)
        for row, line in enumerate(column):
            sheet.setFont(FONT, _SIZE)
            _draw_line(sheet, line, x, top - (row + 1) * _LEADING)


def _draw_line(sheet: Any, line: SetLine, x: float, y: float) -> None:
    gap = line.stretch * _SIZE / max(1, len(line.tokens) - 1)
    x += line.indent * _SIZE
    for token in line.tokens:
        sheet.drawString(x, y, token)
        x += width(token, _STYLE) * _SIZE + gap
