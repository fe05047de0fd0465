"""How one page was set and how it was extracted: every choice the generator draws, in two records."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from training.layout.typesetting import Style

PAPERS = ("云泽日报", "临江晚报", "北川商报", "海陵新闻", "明州时报", "青石都市报", "南屏早报", "新岸周报")
SECTIONS = ("要闻", "综合", "国际", "经济", "文化", "民生", "体育", "副刊")
_HAN_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """What the caller fixes; ``None`` leaves the choice to chance.

    ``airy``: a blank line after nearly every line. ``frame``: what marks the start of a text frame
    (a leading space, blank lines, nothing). ``headline_after``: headlines stand after their article.
    ``damage`` in [0, 1] scales letter-spacing, digit spacing and interleaving.
    """

    number: int | None = None
    paper: str | None = None
    date: str | None = None
    airy: bool | None = None
    frame: Literal["space", "blank", "none"] | None = None
    headline_after: bool | None = None
    indent_kept: bool | None = None
    interleave: bool | None = None
    furniture: bool | None = None
    damage: float = 1.0


@dataclass(frozen=True, slots=True)
class PageStyle:
    """All choices for one page, drawn."""

    number: int
    paper: str
    date: str
    airy: bool
    frame: str
    headline_after: bool
    indent_kept: str
    interleave: bool
    furniture: str
    measure: float
    type: Style
    spacing_from: float
    spacing_share: float
    digit_gap: float
    newline: str
    trailing: bool
    tight_heads: bool
    wide_digits: bool


def draw_style(rng: random.Random, options: LayoutOptions) -> PageStyle:
    """Draw what ``options`` leaves open."""

    def choose(fixed: bool | None, share: float) -> bool:
        drawn = rng.random() < share
        return drawn if fixed is None else fixed

    frame = rng.choices(("space", "blank", "none"), (45, 35, 20))[0]
    year, month, day = rng.randint(1998, 2025), rng.randint(1, 12), rng.randint(1, 28)
    date = f"{year:04d}-{month:02d}-{day:02d}"
    damage = options.damage
    furniture = rng.choices(("top", "bottom", "both", "none"), (40, 20, 15, 25))[0]
    if options.furniture is not None:
        furniture = (furniture if furniture != "none" else "top") if options.furniture else "none"
    kept = rng.choice(("\u3000\u3000", "\u3000\u3000", "    ", "  "))
    return PageStyle(
        number=options.number or rng.randint(1, 16),
        paper=options.paper or rng.choice(PAPERS),
        date=options.date or date,
        airy=choose(options.airy, 0.5),
        frame=options.frame or frame,
        headline_after=choose(options.headline_after, 0.3),
        indent_kept=kept if choose(options.indent_kept, 0.12) else "",
        interleave=choose(options.interleave, 0.12 * damage),
        furniture=furniture,
        measure=rng.randint(11, 26) + rng.choice((0.0, 0.25, 0.5, 0.75)),
        type=rng.choice((Style(0.5, 0.5, 0.5), Style(0.5, 0.5, 0.75), Style(1.0, 0.5, 0.0), Style(1.0, 0.5, 0.5))),
        spacing_from=rng.choice((0.7, 1.0, 1.5, 2.0)),
        spacing_share=rng.choice((0.0, 0.3, 0.6, 0.9)) * damage,
        digit_gap=rng.choice((0.0, 0.5, 0.9, 1.0)) * damage,
        newline="\r\n" if rng.random() < 0.08 else "\n",
        trailing=rng.random() < 0.1,
        tight_heads=rng.random() < 0.7,
        wide_digits=rng.random() < 0.05 * damage,
    )


def han_number(number: int) -> str:
    """``han_number(12) == "十二"`` (below 100)."""
    tens, ones = divmod(number, 10)
    digits = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + digits[ones]


def furniture_lines(style: PageStyle, rng: random.Random) -> list[str]:
    """The printed paper name, date and page number, in one of the forms papers use."""
    year, month, day = (int(part) for part in style.date.split("-"))
    week = "星期" + rng.choice("一二三四五六日")
    date = rng.choice(
        (f"{year}年{month}月{day}日", f"{year} 年 {month} 月 {day} 日", f"{year}年{month}月{day}日 {week}")
    )
    if rng.random() < 0.1:
        date = "".join(_HAN_DIGITS[int(c)] for c in str(year)) + f"年{han_number(month)}月{han_number(day)}日"
    number = rng.choice(
        (f"第{han_number(style.number)}版", f"第{style.number}版", f"{style.number}版", f"A{style.number:02d}")
    )
    section = rng.choice(SECTIONS)
    spaced = " ".join(style.paper)
    forms = (
        [style.paper, date, number],
        [f"{style.paper} {date} {number}"],
        [f"{number} {section}", f"{date} {style.paper}"],
        [f"{date}\u3000{number}", spaced],
        [number, f"{section} {date}", f"责任编辑：王伟 电话：0{rng.randint(100, 999)}-{rng.randint(1000000, 9999999)}"],
        [f"{style.paper} {section} {number}", f"{date} 责编 李敏"],
    )
    return list(rng.choice(forms))
