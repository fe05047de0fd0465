"""Walk the line of restoration: lines → roles → units → articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.newspaper.columns import roles
from rag.newspaper.costs import Role
from rag.newspaper.lines import Line, ends_sentence, split_lines
from rag.newspaper.marks import is_byline, is_credit, jump_from, jump_to
from rag.newspaper.spacing import close_up, close_up_heading
from rag.records import Article, Page, Paragraph


@dataclass(frozen=True, slots=True)
class Restored:
    """Articles in print order, pages with what is printed on them, and the spans of page furniture."""

    articles: tuple[Article, ...]
    pages: tuple[Page, ...] = ()
    furniture: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Unit:
    """Consecutive lines that make one paragraph or one heading."""

    lines: list[Line]
    heading: bool

    @property
    def framed(self) -> bool:
        return self.lines[0].indent > 0

    def paragraph(self, raw: str) -> Paragraph:
        start, end = self.lines[0].start, self.lines[-1].end
        if self.heading or (len(self.lines) == 1 and is_byline(self.lines[0].text)):
            text = close_up_heading([line.text for line in self.lines])
            kind = "byline" if is_byline(text) else "subhead"
            return Paragraph(text, start, end, "byline" if kind == "byline" else "subhead")
        text = close_up(raw[start:end])
        return Paragraph(text, start, end, "note" if is_credit(text) else "body")


def restore(text: str) -> list[Article]:
    """The articles of a newspaper page (or of ordinary prose), in print order.

    For every paragraph, ``text[start:end]`` without white space is the paragraph's text without white
    space.
    """
    return list(restore_page(text).articles)


def is_newspaper(text: str) -> bool:
    """True when the text is hard-wrapped in columns, so that its lines are not its paragraphs."""
    return _wrapped(split_lines(text))


def restore_page(text: str) -> Restored:
    """Articles, pages and furniture of ``text``."""
    lines = split_lines(text)
    if not lines:
        return Restored(())
    if not _wrapped(lines):
        return Restored(tuple(_prose(text, lines)))
    units = _units(lines)
    return Restored(tuple(_articles(text, units)))


def _wrapped(lines: Sequence[Line]) -> bool:
    sample = lines[:2000]
    han = sum(line.han for line in sample)
    characters = sum(len(line.text) for line in sample)
    long = sum(line.em > 60 for line in sample)
    closed = sum(ends_sentence(line.text[-4:]) for line in sample)
    return (
        len(sample) >= 3
        and han > 0.5 * (characters - sum(line.text.count(" ") for line in sample))
        and long <= 0.02 * len(sample)
        and closed < 0.6 * len(sample)
    )


def _units(lines: Sequence[Line]) -> list[_Unit]:
    units: list[_Unit] = []
    previous: Role | None = None
    for line, role in zip(lines, roles(lines), strict=True):
        joins = (
            previous is not None
            and not (line.indent > 0 and role is not Role.MIDDLE)
            and not jump_from(line.text)
            and (
                (role in (Role.MIDDLE, Role.LAST) and previous in (Role.FIRST, Role.MIDDLE))
                or (role is Role.HEAD and previous is Role.HEAD)
            )
        )
        if joins:
            units[-1].lines.append(line)
        else:
            units.append(_Unit([line], role is Role.HEAD))
        previous = role
    return units


def _articles(raw: str, units: Sequence[_Unit]) -> list[Article]:
    articles: list[Article] = []
    title: Paragraph | None = None
    byline: Paragraph | None = None
    body: list[Paragraph] = []

    def close() -> None:
        nonlocal title, byline, body
        if title or byline or body:
            articles.append(_article(title, byline, body))
        title, byline, body = None, None, []

    for number, unit in enumerate(units):
        paragraph = unit.paragraph(raw)
        mark = jump_from(paragraph.text)
        after = units[number + 1] if number + 1 < len(units) else None
        if unit.heading and unit.framed:
            tail = after is None or after.framed or jump_from(after.lines[0].text) is not None
            byline_next = after is not None and is_byline(close_up_heading([x.text for x in after.lines]))
            if (tail or byline_next) and title is None and body:
                title = paragraph
                continue
            close()
            title = paragraph
            continue
        if paragraph.kind == "byline" and byline is None and (title is not None or not body):
            byline = paragraph
            continue
        if unit.framed or mark:
            close()
        if mark:
            body.extend(_split_note(raw, paragraph, _raw_offset(raw, paragraph, mark[0])))
            continue
        body.append(paragraph)
    close()
    return articles


def _raw_offset(raw: str, paragraph: Paragraph, characters: int) -> int:
    """Raw position of the end of the first ``characters`` restored characters."""
    wanted = len("".join(paragraph.text[:characters].split()))
    position = paragraph.start
    while wanted:
        wanted -= not raw[position].isspace()
        position += 1
    return position


def _split_note(raw: str, paragraph: Paragraph, cut: int) -> list[Paragraph]:
    note = Paragraph(close_up(raw[paragraph.start : cut]), paragraph.start, cut, "note")
    rest = raw[cut : paragraph.end]
    start = cut + len(rest) - len(rest.lstrip())
    if not rest.strip():
        return [note]
    return [note, Paragraph(close_up(rest), start, paragraph.end, paragraph.kind)]


def _article(title: Paragraph | None, byline: Paragraph | None, body: list[Paragraph]) -> Article:
    first = jump_from(body[0].text) if body else None
    last = jump_to(body[-1].text) if body else None
    return Article(
        title=title.text if title else None,
        paragraphs=tuple(body),
        byline=byline.text if byline else None,
        jump_from=first[1] if first else None,
        jump_to=last[1] if last else None,
    )


def _prose(raw: str, lines: Sequence[Line]) -> list[Article]:
    """Ordinary text: a block between blank lines is a paragraph; Han lines that end a sentence too."""
    articles: list[Article] = []
    title: str | None = None
    body: list[Paragraph] = []
    block: list[Line] = []

    def flush() -> None:
        if block:
            start, end = block[0].start, block[-1].end
            body.append(Paragraph(close_up(raw[start:end]), start, end))
            block.clear()

    for line in lines:
        hashes = len(line.text) - len(line.text.lstrip("#"))
        if 1 <= hashes <= 6 and line.text[hashes : hashes + 1].isspace():
            flush()
            if hashes <= 2:
                if title or body:
                    articles.append(Article(title, tuple(body)))
                title, body = line.text, []
            else:
                body.append(Paragraph(line.text, line.start, line.end, "subhead"))
            continue
        if line.blank or (block and block[-1].han and ends_sentence(block[-1].text[-4:])):
            flush()
        block.append(line)
    flush()
    articles.append(Article(title, tuple(body)))
    return articles
