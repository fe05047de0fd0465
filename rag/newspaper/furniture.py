"""Page furniture: the printed paper name, date, page number, section and imprint of a newspaper page.

A line is furniture when nothing but such things stands on it and it stands at the edge of a page. Knows
nothing of paragraphs or articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.newspaper.lines import Line
from rag.newspaper.marks import jump_from, jump_to, page_number

_EDGE = 6
_LONGEST = 80
_MASTHEAD = 3  # lines a masthead has beside that which names the page
_NUMBER_LINE = 20
_D = "0-9０-９"
_HAN_DATE = "〇零○一二三四五六七八九十"
_DATE = re.compile(
    rf"(?P<y>[{_D}]{{4}}|[{_HAN_DATE}]{{4}})年(?P<m>[{_D}]{{1,2}}|[{_HAN_DATE}]{{1,3}})月"
    rf"(?P<d>[{_D}]{{1,2}}|[{_HAN_DATE}]{{1,3}})日"
    rf"|(?P<y2>(?:19|20)[{_D}]{{2}})[-./](?P<m2>[{_D}]{{1,2}})[-./](?P<d2>[{_D}]{{1,2}})"
)
_WEEK = re.compile(
    r"[（(]?(?:星期|周)[一二三四五六日天][）)]?|农历[\u4e00-\u9fff]{2,9}|总?第[0-9]{2,6}期|今日[0-9]{1,3}版"
)
_NUMBER = re.compile(
    rf"第[{_D}{_HAN_DATE}A-HＡ-Ｈ]{{1,4}}版|[A-HＡ-Ｈ]?[{_D}]{{1,3}}版|[A-HＡ-Ｈ][{_D}]{{1,2}}(?![{_D}A-Za-z])|[{_HAN_DATE}]{{1,3}}版"
)
_BARE_NUMBER = re.compile(rf"(?<![{_D}.])[{_D}]{{1,2}}(?![{_D}.])")
_TELLS_PAGE = re.compile(rf"版|(?<![A-Za-zＡ-Ｚ])[A-HＡ-Ｈ][{_D}]{{1,2}}(?![{_D}A-Za-z])")
_IMPRINT = re.compile(
    r"(?:责任编辑|责编|版式|美编|校对|组版|电话|新闻热线|热线|邮箱|网址|编辑|值班主任|主编|视觉|制图|终审|一读|二读)[：:]?"
    r"[\u4e00-\u9fff·、]{0,12}(?:[:：]?[0-9A-Za-z@.\-/]{3,40})?"
)
_PAPER = re.compile(
    r"^[\u4e00-\u9fff]{2,8}(?:日报|晚报|早报|晨报|商报|时报|周报|都市报|新闻|快报|导报|青年报|工人报|农民报|周刊|法制报|报)$"
)
_SECTION = re.compile(r"^[\u4e00-\u9fff·/]{1,8}$")
_REST = re.compile(r"[\s|｜·•/、，。:：\-—()（）]+")
_TELLING = frozenset("0123456789０１２３４５６７８９年期周历版编校话热邮网班觉制审读报闻刊")
"""Without one of these no date, number, name of a paper or imprint is on a line."""
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Furniture:
    """One furniture line: its span and what was read off it. ``date`` is ISO."""

    start: int
    end: int
    paper: str | None = None
    date: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    strong: bool
    weak: bool
    whole: bool
    paper: str | None
    date: str | None
    number: int | None


def split_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[Furniture]]:
    """The lines of text, and the furniture among ``lines``, each in print order."""
    count = len(lines)
    breaks = {n for n, line in enumerate(lines) if line.after_break}
    edges = {n + k for n in (0, *breaks, count) for k in range(-_EDGE, _EDGE) if 0 <= n + k < count}
    texts = [line.text for line in lines]
    told = {n for n, text in enumerate(texts) if len(text) <= _LONGEST and _TELLS_PAGE.search(text)}
    named = {n for n in told if "年" in texts[n] or "报" in texts[n]}
    # a masthead inside the text may be set on several lines, of which one names the page
    short = {n for n in told if len(texts[n]) <= _NUMBER_LINE}
    near = {n + k for n in short for k in range(-_MASTHEAD, _MASTHEAD + 1) if 0 <= n + k < count}
    readings: dict[int, _Reading] = {}
    for n in sorted(edges | named | near):
        reading = _read(texts[n]) if len(texts[n]) <= _LONGEST and lines[n].stops < 4 else None
        if reading is not None and (
            n in edges or n in near or (reading.strong and reading.number and (reading.date or reading.paper))
        ):
            readings[n] = reading
    kept: set[int] = set()
    for run in _runs(readings):
        touched = any(readings[n].strong for n in run)
        for n in run:
            alone = readings[n].paper is not None and readings[n].whole
            if readings[n].strong or alone or (readings[n].weak and touched):
                kept.add(n)
    mastheads = _mastheads(kept, readings)
    sure = _at_edges(kept, count, breaks) | mastheads
    sure |= {n for n in kept if readings[n].strong and readings[n].date and readings[n].number}
    kept = sure | _counting(kept - sure, sure, readings, texts)
    if len(kept) == count:
        kept = set()
    found = [
        Furniture(lines[n].start, lines[n].end, readings[n].paper, readings[n].date, readings[n].number)
        for n in sorted(kept)
    ]
    text = [
        line._replace(after_furniture=True) if n - 1 in kept else line for n, line in enumerate(lines) if n not in kept
    ]
    return text, found


def _runs(places: Iterable[int]) -> Iterator[list[int]]:
    """``places`` in order, those that follow each other together: ``[3, 4, 7]`` → ``[3, 4]``, ``[7]``."""
    run: list[int] = []
    for n in sorted(places):
        if run and n != run[-1] + 1:
            yield run
            run = []
        run.append(n)
    if run:
        yield run


def _mastheads(kept: set[int], readings: dict[int, _Reading]) -> set[int]:
    """The lines of runs that bear a date and a page number between them."""
    dated = (run for run in _runs(kept) if any(readings[n].date for n in run))
    return {n for run in dated if any(readings[n].number for n in run) for n in run}


def _counting(bare: set[int], sure: set[int], readings: dict[int, _Reading], texts: Sequence[str]) -> set[int]:
    """Lines with nothing but ``第四版`` on them, inside a text whose page numbers, with these, only grow."""
    found = {
        n for n in bare if readings[n].whole and readings[n].number and _NUMBER.fullmatch("".join(texts[n].split()))
    }
    numbers = [number for n in sorted(found | sure) if (number := readings[n].number)]
    grows = all(before <= after for before, after in pairwise(numbers))
    return found if grows and any(readings[n].number for n in sure) else set()


def _at_edges(kept: set[int], count: int, breaks: set[int]) -> set[int]:
    """The lines with only furniture between them and the edge of a page."""
    found: set[int] = set()
    for step, edges in ((1, {0, *breaks}), (-1, {count - 1, *(n - 1 for n in breaks)})):
        after = {n + 1 for n in breaks - kept} if step > 0 else set()  # one line of text may come before it
        for n in (edges | after) & kept:
            while n in kept and n not in found:
                found.add(n)
                n += step
                if n in edges:
                    break
    return found


def _read(text: str) -> _Reading | None:
    """What stands on a line when it is nothing but furniture; None for any other line."""
    if text[-1] in "，、。；" or (_TELLING.isdisjoint(text) and len(_REST.sub("", text)) > _SHORT):
        return None
    if jump_to(text) or jump_from(text):
        return None
    spaced = len(text) > 4 and all(len(word) == 1 for word in text.split())
    words = ["".join(text.split())] if spaced else text.split()
    joined = "".join(words)
    date = _DATE.search(joined)
    rest = joined.replace(date.group(), " ") if date else joined
    imprint = _IMPRINT.search(rest) is not None
    rest = _IMPRINT.sub(" ", rest) if imprint else rest
    rest = _WEEK.sub(" ", rest)
    number = _NUMBER.search(rest)
    rest = rest.replace(number.group(), " ") if number else rest
    paper = next((word for word in words if _PAPER.match(word)), None)
    if paper:
        rest = rest.replace(paper, " ")
    if number is None and date and paper and (number := _BARE_NUMBER.search(rest)):
        rest = rest.replace(number.group(), " ")
    left = [part for part in _REST.split(rest) if part]
    if any(not _SECTION.match(part) for part in left) or len(left) > 2 or sum(map(len, left)) > 8:
        return None
    whole = not left
    marked = sum((date is not None, number is not None, paper is not None, imprint))
    if not marked and not (whole or sum(map(len, left)) <= _SHORT):
        return None
    strong = (number is not None and (whole or marked > 1 or sum(map(len, left)) <= _SHORT)) or (
        date is not None and (whole or paper is not None)
    )
    return _Reading(
        strong=strong or (imprint and whole),
        weak=whole or marked > 0,
        whole=whole,
        paper=paper,
        date=_iso(date) if date else None,
        number=page_number(number.group()) if number else None,
    )


def _iso(match: re.Match[str]) -> str | None:
    """``2025年6月9日`` and ``二〇二五年六月九日`` as ``2025-06-09``."""
    year, month, day = (match[a] or match[b] for a, b in (("y", "y2"), ("m", "m2"), ("d", "d2")))
    if not year[0].isdecimal():
        year = "".join("0" if c in "〇零○" else str("一二三四五六七八九".find(c) + 1) for c in year)
    numbers = int(year), page_number(month), page_number(day)
    if numbers[1] is None or numbers[2] is None or not (1 <= numbers[1] <= 12 and 1 <= numbers[2] <= 31):
        return None
    return f"{numbers[0]:04d}-{numbers[1]:02d}-{numbers[2]:02d}"
