"""Ordinary text: paragraphs are blocks between blank lines, or single lines; Markdown headings are titles.

Knows nothing of columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.newspaper.lines import Line, ends_sentence
from rag.newspaper.spacing import close_up
from rag.records import Article, Paragraph

_HEADING = re.compile(r"(#{1,6})\s+\S")
_BLOCK_START = re.compile(r"(?:[-*+>|]|\d{1,3}[.)]|```|~~~)(?:\s|$)")
_FRONT_LINES = 200
_TITLE_DEPTH = 2


def prose_articles(raw: str, lines: Sequence[Line]) -> tuple[list[Article], list[tuple[int, int]]]:
    """The articles of ordinary text, and the spans that are no text: marks (``##``) and front matter.

    A new article begins at every Markdown heading of the first two levels.
    """
    front = _front_matter(lines)
    marks = [(lines[0].start, lines[front - 1].end)] if front else []
    articles: list[Article] = []
    title: tuple[int, int] | None = None
    body: list[Paragraph] = []
    block: list[Line] = []

    def flush() -> None:
        if block:
            start, end = block[0].start, block[-1].end
            body.append(Paragraph(close_up(raw[start:end]), start, end))
            block.clear()

    def close() -> None:
        if title is not None or body:
            name = close_up(raw[slice(*title)]) if title else None
            articles.append(Article(name, tuple(body), title_span=title))
            body.clear()

    for line in lines[front:]:
        heading = _HEADING.match(line.text)
        if heading:
            flush()
            marks.append((line.start, line.start + len(heading[1])))
            span = (line.start + heading.end() - 1, line.end)
            if len(heading[1]) <= _TITLE_DEPTH:
                close()
                title = span
            else:
                body.append(Paragraph(close_up(raw[slice(*span)]), *span, "subhead"))
            continue
        if block and (line.blank or _starts_block(block[-1], line)):
            flush()
        block.append(line)
    flush()
    close()
    return articles, marks


def _front_matter(lines: Sequence[Line]) -> int:
    """How many lines the fields at the top of a Markdown file take, between ``---`` and ``---``; 0 without them."""
    if not lines or lines[0].start or lines[0].text != "---":
        return 0
    for number, line in enumerate(lines[1:_FRONT_LINES], 1):
        if line.text in ("---", "..."):
            return number + 1
        if ":" not in line.text and "：" not in line.text and line.text[0] not in "-#":
            return 0
    return 0


def _starts_block(before: Line, line: Line) -> bool:
    """True when ``line`` begins a paragraph although no blank line stands before it."""
    if _BLOCK_START.match(line.text) or line.indent >= 1.5:
        return True
    han = before.han > 0.3 * len(before.text)
    return (han and (ends_sentence(before.text[-4:]) or line.indent > 0)) or len(before.text) > 200
