"""What stands on which page of the sample papers, in the order a PDF extractor met the text boxes.

A table and the records it is made of; ``build.py`` turns it into pages.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """The headline and byline of an article, as one text box. ``lines`` break the title; none: one line."""

    article: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """Paragraphs ``first`` to ``last`` (exclusive) of an article as one text box.

    ``columns`` are (width in characters, lines) runs, used in turn and the last one to the end.
    ``jump_from``/``jump_to`` print （上接第N版） before and （下转第N版） after.
    """

    article: str
    columns: tuple[tuple[int, int], ...] = ((20, 0),)
    first: int = 0
    last: int | None = None
    jump_from: int | None = None
    jump_to: int | None = None


@dataclass(frozen=True, slots=True)
class Folio:
    """The line that names paper, date and page."""

    text: str


@dataclass(frozen=True, slots=True)
class PageLayout:
    """One printed page: its number and its text boxes in the order the extractor met them."""

    number: int
    boxes: tuple[Head | Body | Folio, ...]


LAYOUT: dict[str, tuple[PageLayout, ...]] = {
    "yunze-2024-08-15": (
        PageLayout(
            1,
            (
                Folio("云泽日报  2024 年 8 月 15 日 星期四 第 1 版"),
                Body("yunze-2024-moon", ((20, 14), (26, 9), (20, 0))),
                Head("yunze-2024-moon"),
                Head("yunze-2024-bridge", ("芦江大桥昨日合龙", "两岸过江将由四十分钟缩短到六分钟")),
                Body("yunze-2024-bridge", ((18, 0),), last=9, jump_to=4),
                Body("yunze-2024-rice", ((16, 20), (24, 0))),
                Head("yunze-2024-rice", ("早稻收购过半", "优质稻每百斤多卖十一元")),
            ),
        ),
        PageLayout(
            4,
            (
                Folio("2024 年 8 月 15 日 星期四 第 4 版"),
                Head("yunze-2024-storm"),
                Body("yunze-2024-storm", ((19, 0),)),
                Body("yunze-2024-bridge", ((17, 0),), first=9, jump_from=1),
                Body("yunze-2024-olympics", ((22, 10), (18, 0))),
                Head("yunze-2024-olympics"),
                Head("yunze-2024-clinic"),
                Body("yunze-2024-clinic", ((20, 0),)),
            ),
        ),
    ),
}
