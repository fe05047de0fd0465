"""Lay clean articles out on pages, extract the text with its damage, and keep the truth.

One article is a run of set lines cut into frames; a page is a sequence of frames; extraction writes the
frames one after another. Indents vanish, stretch becomes letter-spacing, digits get spaces. The truth is
noted while the text is written, never found again afterwards.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from training.layout.styles import LayoutOptions, PageStyle, draw_style, furniture_lines, han_number
from training.layout.truth import CleanArticle, CleanParagraph, Issue, Kind, LaidOutPage, TrueArticle, TrueParagraph
from training.layout.typesetting import MARKS, SetLine, set_paragraph

_WIDE = {ord("0") + n: 0xFF10 + n for n in range(10)}
_NARROW = {wide: narrow for narrow, wide in _WIDE.items()}
_JUMP = re.compile(r"（[上下][接转][^）]*版）")


@dataclass(frozen=True, slots=True)
class _Out:
    """One line to print: its pieces (text, key of what they belong to) and how it is set off."""

    pieces: tuple[tuple[str, object], ...]
    tight: bool = False
    indented: bool = False


@dataclass(slots=True)
class _Record:
    """Where the characters of one paragraph, headline line or byline went."""

    text: str = ""
    start: int = -1
    end: int = -1


@dataclass(slots=True)
class _Piece:
    """The part of an article that stands on one page, before it is set."""

    source: int
    article: CleanArticle
    headline: tuple[str, ...]
    byline: str | None
    paragraphs: list[CleanParagraph]
    opens_mid: bool = False
    jump_from: int | None = None
    jump_to: int | None = None
    order: list[tuple[object, Kind]] = field(default_factory=list)


def layout(articles: Sequence[CleanArticle], seed: int, options: LayoutOptions | None = None) -> LaidOutPage:
    """One page with all of ``articles`` on it."""
    rng = random.Random(seed)
    style = draw_style(rng, options or LayoutOptions())
    pieces = [_whole(number, article) for number, article in enumerate(articles)]
    return _page(pieces, style, rng)


def layout_issue(
    articles: Sequence[CleanArticle], seed: int, pages: int = 4, options: LayoutOptions | None = None
) -> Issue:
    """An issue of ``pages`` pages over which ``articles`` are dealt; some of page 1 jump to later pages."""
    rng = random.Random(seed)
    options = options or LayoutOptions()
    first = draw_style(rng, options)
    dealt: list[list[_Piece]] = [[] for _ in range(pages)]
    tails: list[tuple[int, _Piece, int]] = []
    for number, article in enumerate(articles):
        page = number % pages
        piece = _whole(number, article)
        if page < pages - 1 and rng.random() < (0.6 if page == 0 else 0.1):
            target = rng.randint(page + 1, pages - 1)
            tail = _cut(piece, page + 1, target + 1, rng)
            if tail is not None:
                tails.append((target, tail, page))
        dealt[page].append(piece)
    for target, tail, _ in tails:
        dealt[target].insert(rng.randint(0, len(dealt[target])), tail)
    made: list[LaidOutPage] = []
    for number, content in enumerate(dealt):
        style = draw_style(rng, replace(options, number=number + 1, paper=first.paper, date=first.date))
        made.append(_page(content, style, rng))
    return Issue(tuple(made), _jumps(made))


def _whole(source: int, article: CleanArticle) -> _Piece:
    return _Piece(source, article, article.headline, article.byline, list(article.paragraphs))


def _jumps(pages: Sequence[LaidOutPage]) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    tails = {
        article.source: (p, a)
        for p, page in enumerate(pages)
        for a, article in enumerate(page.articles)
        if article.jump_from is not None
    }
    return tuple(
        ((p, a), tails[article.source])
        for p, page in enumerate(pages)
        for a, article in enumerate(page.articles)
        if article.jump_to is not None
    )


def _cut(piece: _Piece, here: int, there: int, rng: random.Random) -> _Piece | None:
    """Cut ``piece`` in two, usually in the middle of a sentence; the tail, or None when it is too short."""
    body = [n for n, p in enumerate(piece.paragraphs) if p.kind == "body" and len(p.text) >= 30]
    body = [n for n in body if n >= 1 and n < len(piece.paragraphs) - 1]
    if not body:
        return None
    at = rng.choice(body)
    text = piece.paragraphs[at].text
    middle = rng.random() < 0.8 or piece.paragraphs[at + 1].kind != "body"
    cut = rng.randint(8, len(text) - 8) if middle else len(text)
    while middle and cut < len(text) - 4 and (text[cut - 1 : cut + 1].isascii() or text[cut] in MARKS):
        cut += 1
    wide = rng.random() < 0.5

    def page(number: int) -> str:
        return han_number(number) if wide else str(number)

    ordinal = "第" if rng.random() < 0.9 else ""
    out, back = f"（下转{ordinal}{page(there)}版）", f"（上接{ordinal}{page(here)}版）"
    rest = piece.paragraphs[at + 1 :]
    tail_text = text[cut:] if middle else rest.pop(0).text
    headline = piece.headline[:1] if rng.random() < 0.45 else ()
    tail = _Piece(
        piece.source,
        piece.article,
        headline,
        None,
        [CleanParagraph(back + tail_text), *rest],
        opens_mid=rng.random() < 0.8,
        jump_from=here,
    )
    piece.paragraphs = [*piece.paragraphs[:at], CleanParagraph(text[:cut] + out)]
    piece.jump_to = there
    return tail


def _page(pieces: list[_Piece], style: PageStyle, rng: random.Random) -> LaidOutPage:
    frames: list[tuple[_Piece, list[_Out]]] = []
    for piece in pieces:
        head = _headline(piece, style, rng)
        body = _body(piece, style, rng)
        by = [_Out(((piece.byline, (id(piece), "byline")),))] if piece.byline else []
        if not head:
            frames.append((piece, by + body))
        elif style.headline_after:
            frames.extend(((piece, body), (piece, head + by)))
        elif style.frame == "space" and rng.random() < 0.5:
            frames.extend(((piece, head + by), (piece, body)))
        else:
            frames.append((piece, head + by + body))
    if style.interleave:
        frames = _interleaved(frames, rng)
    return _write(pieces, frames, style, rng)


def _headline(piece: _Piece, style: PageStyle, rng: random.Random) -> list[_Out]:
    lines: list[_Out] = []
    for number, text in enumerate(piece.headline):
        limit = rng.choice((10, 14, 18, 24))
        for part_number, part in enumerate(_broken(text, limit, rng)):
            shown = part
            if len(part) <= 8 and part.isalpha() and rng.random() < 0.15:
                shown = " ".join(part)
            lines.append(_Out(((shown, (id(piece), "headline", number, part_number)),), tight=bool(lines)))
    return lines


def _broken(text: str, limit: int, rng: random.Random) -> list[str]:
    """Display text in lines of about equal length, none above ``limit`` characters."""
    if "\u3000" in text and rng.random() < 0.5:
        return [part for part in text.split("\u3000") if part]
    count = -(-len(text) // limit)
    if count <= 1:
        return [text]
    size = -(-len(text) // count) if rng.random() < 0.5 else limit
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    for n in range(1, len(parts)):
        while (
            parts[n]
            and parts[n - 1]
            and (parts[n][0] in "，。、；：？！”’）》】 \u3000" or (parts[n][0] + parts[n - 1][-1]).isascii())
        ):
            parts[n - 1] += parts[n][0]
            parts[n] = parts[n][1:]
    return [part.strip() for part in parts if part.strip()]


def _body(piece: _Piece, style: PageStyle, rng: random.Random) -> list[_Out]:
    measures = _measures(style, rng)
    lines: list[_Out] = []
    for number, paragraph in enumerate(piece.paragraphs):
        key = (id(piece), "paragraph", number)
        if paragraph.kind == "subhead":
            width = int(measures(len(lines)) - rng.choice((2, 4, 6)))
            parts = _broken(paragraph.text, max(5, width), rng)
            lines.extend(_Out(((part, key),), tight=n > 0) for n, part in enumerate(parts))
            continue
        base = len(lines)
        text = _wide(paragraph.text) if style.wide_digits else paragraph.text
        indent = 0.0 if piece.opens_mid and number == 0 else 2.0
        set_lines = set_paragraph(text, partial(_shifted, measures, base), style.type, indent)
        for n, line in enumerate(set_lines):
            lines.append(_Out(_render(line, key, style, rng), indented=n == 0 and indent > 0))
    return lines


def _shifted(measures: Callable[[int], float], base: int, number: int) -> float:
    return measures(base + number)


def _measures(style: PageStyle, rng: random.Random) -> Callable[[int], float]:
    """Column width by line: constant, or changing where a picture or a headline stands in the way."""
    base = style.measure if rng.random() < 0.5 else max(10.0, style.measure + rng.randint(-5, 5))
    changes: list[tuple[int, float]] = [(0, base)]
    if rng.random() < 0.35:
        at = 0
        for _ in range(rng.randint(1, 4)):
            at += rng.randint(4, 40)
            other = base if changes[-1][1] != base else max(9.0, base + rng.choice((-7, -5, -4, -3, 3, 4, 5, 6)))
            changes.append((at, other))

    def measure(number: int) -> float:
        return next(width for start, width in reversed(changes) if start <= number)

    return measure


def _render(line: SetLine, key: object, style: PageStyle, rng: random.Random) -> tuple[tuple[str, object], ...]:
    spaced = line.stretch >= style.spacing_from and rng.random() < style.spacing_share
    pieces: list[tuple[str, object]] = []
    text = ""
    for n, token in enumerate(line.tokens):
        if token.startswith(("（下转", "（上接")) and token.endswith("版）"):
            if text:
                pieces.append((text, key))
                text = ""
            pieces.append((token, (key, "note", token)))
            continue
        text += token
        if n + 1 == len(line.tokens):
            break
        after = line.tokens[n + 1]
        if spaced:
            text += "" if token in MARKS and rng.random() < 0.8 else " "
        elif _is_number(token) != _is_number(after) and not (token in MARKS or after in MARKS):
            text += " " if rng.random() < style.digit_gap else ""
    if text:
        pieces.append((text, key))
    return tuple(pieces)


def _is_number(token: str) -> bool:
    return token[0].isascii() and token[0].isalnum()


def _wide(text: str) -> str:
    """Digits in full width, but for those of a jump mark, which truth knows by its text."""
    return _JUMP.sub(lambda match: match.group().translate(_NARROW), text.translate(_WIDE))


def _interleaved(frames: list[tuple[_Piece, list[_Out]]], rng: random.Random) -> list[tuple[_Piece, list[_Out]]]:
    """One frame cut in two, with the following frame's article between its halves."""
    long = [n for n, (_, lines) in enumerate(frames[:-1]) if len(lines) >= 14]
    if not long:
        return frames
    at = rng.choice(long)
    piece, lines = frames[at]
    cut = rng.randint(6, len(lines) - 6)
    end = at + 1
    while end < len(frames) and frames[end][0] is piece:
        end += 1
    if end >= len(frames):
        return frames
    other = frames[end][0]
    while end < len(frames) and frames[end][0] is other:
        end += 1
    return [*frames[:at], (piece, lines[:cut]), *frames[at + 1 : end], (piece, lines[cut:]), *frames[end:]]


def _write(
    pieces: list[_Piece], frames: list[tuple[_Piece, list[_Out]]], style: PageStyle, rng: random.Random
) -> LaidOutPage:
    writer = _Writer(style, rng)
    spans: list[tuple[int, int]] = []
    printed = furniture_lines(style, rng) if style.furniture != "none" else []
    cut = rng.randint(1, len(printed)) if style.furniture == "both" and len(printed) > 1 else len(printed)
    top, bottom = (printed[:cut], printed[cut:]) if style.furniture != "bottom" else ([], printed)
    spans.extend(writer.furniture(line) for line in top)
    for number, (_, lines) in enumerate(frames):
        writer.frame(lines, number)
    spans.extend(writer.furniture(line) for line in bottom)
    text = writer.text() + style.newline * rng.randint(0, 3)
    articles = tuple(writer.article(piece) for piece in pieces)
    shown = "".join("".join(printed).split())
    paper = style.paper if style.paper in shown else None
    return LaidOutPage(text, articles, style.number, paper, style.date if printed else None, tuple(spans))


class _Writer:
    """Writes lines and notes where each piece came to stand."""

    def __init__(self, style: PageStyle, rng: random.Random) -> None:
        self._style, self._rng = style, rng
        self._parts: list[str] = []
        self._at = 0
        self._records: dict[object, list[_Record]] = {}
        self._last: dict[object, int] = {}

    def text(self) -> str:
        return "".join(self._parts)

    def furniture(self, line: str) -> tuple[int, int]:
        self._break(2 if self._style.airy else 1)
        start = self._at
        self._put(line)
        return start, self._at

    def frame(self, lines: list[_Out], number: int) -> None:
        style, rng = self._style, self._rng
        for n, line in enumerate(lines):
            if n == 0 and style.frame == "space":
                self._break(1)
                self._put(" ")
            elif n == 0 and style.frame == "blank":
                self._break(rng.randint(3, 4) if style.airy else 2)
            else:
                self._break(2 if style.airy and not (line.tight and style.tight_heads) else 1)
            if line.indented and style.indent_kept:
                self._put(style.indent_kept)
            for text, key in line.pieces:
                self._note(text, key, number)
            if style.trailing and rng.random() < 0.5:
                self._put(" ")

    def _break(self, count: int) -> None:
        if self._parts:
            self._put(self._style.newline * count)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)

    def _note(self, text: str, key: object, frame: int) -> None:
        """Records of one key are cut where another frame came between."""
        found = self._records.setdefault(key, [])
        if not found or self._last[key] != frame:
            found.append(_Record())
        self._last[key] = frame
        record = found[-1]
        if record.start < 0:
            record.start = self._at
        self._put(text)
        record.text += text
        record.end = self._at

    def article(self, piece: _Piece) -> TrueArticle:
        def of(*key: object) -> list[_Record]:
            return self._records.get((id(piece), *key), [])

        heads = [
            record
            for key, records in self._records.items()
            if isinstance(key, tuple) and key[:2] == (id(piece), "headline")
            for record in records
        ]
        by = of("byline")
        paragraphs: list[TrueParagraph] = []
        for number, paragraph in enumerate(piece.paragraphs):
            key = (id(piece), "paragraph", number)
            paragraphs.extend(_true(record, paragraph.kind) for record in self._records.get(key, []))
            for other, records in self._records.items():
                if isinstance(other, tuple) and other[0] == key and other[1] == "note":
                    paragraphs.extend(_true(record, "note") for record in records)
        return TrueArticle(
            source=piece.source,
            headline=" ".join(record.text for record in heads),
            headline_spans=tuple((record.start, record.end) for record in heads),
            byline=by[0].text if by else None,
            byline_span=(by[0].start, by[0].end) if by else None,
            paragraphs=tuple(sorted(paragraphs, key=lambda p: p.start)),
            jump_from=piece.jump_from,
            jump_to=piece.jump_to,
        )


def _true(record: _Record, kind: Kind) -> TrueParagraph:
    return TrueParagraph(record.text, record.start, record.end, kind)
