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
    "beiyuan-2025-03-21-p2": (
        PageLayout(
            2,
            (
                Folio("2025年3月21日 星期五  要闻 2  北原晚报"),
                Body("beiyuan-2025-sand", ((21, 18), (28, 12), (21, 0))),
                Head("beiyuan-2025-sand"),
                Head("beiyuan-2025-economy", ("工业用电回升 餐饮收入领跑", "前两月经济开局平稳")),
                Body("beiyuan-2025-economy", ((17, 0),)),
                Head("beiyuan-2025-school"),
                Body("beiyuan-2025-school", ((19, 0),), last=4, jump_to=5),
            ),
        ),
    ),
    "beiyuan-2025-03-21-p5": (
        PageLayout(
            5,
            (
                Folio("2025年3月21日 星期五  城事 5  北原晚报"),
                Body("beiyuan-2025-dig", ((22, 0),)),
                Head("beiyuan-2025-dig"),
                Body("beiyuan-2025-school", ((16, 0),), first=4, jump_from=2),
                Body("beiyuan-2025-obituary", ((18, 16), (25, 0))),
                Head("beiyuan-2025-obituary"),
                Head("beiyuan-2025-notices"),
                Body("beiyuan-2025-notices", ((15, 0),)),
            ),
        ),
    ),
    "xichui-2025-06-19": (
        PageLayout(
            1,
            (
                Body("xichui-2025-summit", ((20, 22), (27, 0)), last=6, jump_to=3),
                Head("xichui-2025-summit", ("阿斯塔纳峰会", "六国签下一份“永久”的条约")),
                Body("xichui-2025-comment", ((20, 0),)),
                Head("xichui-2025-comment"),
                Head("xichui-2025-port", ("前五个月沙岭口岸货运量", "增长近三成")),
                Body("xichui-2025-port", ((18, 0),)),
            ),
        ),
        PageLayout(
            3,
            (
                Body("xichui-2025-railway", ((21, 15), (17, 0))),
                Head("xichui-2025-railway"),
                Body("xichui-2025-summit", ((18, 0),), first=6, jump_from=1),
                Body("xichui-2025-student", ((20, 0),)),
                Head("xichui-2025-student"),
                Body("xichui-2025-heritage", ((23, 14), (19, 0))),
                Head("xichui-2025-heritage", ("跨国申遗成功十一年", "一条路上的三十三个点")),
            ),
        ),
    ),
    "yunze-2025-08-14-p1": (
        PageLayout(
            1,
            (
                Folio("云泽日报  2025 年 8 月 14 日 星期四 第 1 版"),
                Head("yunze-2025-bridge", ("芦江大桥通车首月", "日均车流两万七千辆")),
                Body("yunze-2025-bridge", ((20, 0),)),
                Body("yunze-2025-storm", ((18, 20), (24, 0))),
                Head("yunze-2025-storm", ("来得急 去得快", "石矶区一夜降雨二百六十四毫米")),
                Body("yunze-2025-rice", ((16, 0),)),
                Head("yunze-2025-rice"),
            ),
        ),
    ),
    "yunze-2025-08-14-p2": (
        PageLayout(
            2,
            (
                Body("yunze-2025-canteen", ((20, 12), (26, 10), (20, 0))),
                Head("yunze-2025-canteen"),
                Head("yunze-2025-marathon", ("芦江半程马拉松改走新桥", "报名人数翻番")),
                Body("yunze-2025-marathon", ((18, 0),)),
                Body("yunze-2025-space", ((21, 0),)),
                Head("yunze-2025-space"),
                Head("yunze-2025-briefs"),
                Body("yunze-2025-briefs", ((15, 0),)),
                Folio("云泽日报  2025 年 8 月 14 日 星期四 第 2 版"),
            ),
        ),
    ),
}
