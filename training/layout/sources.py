"""Clean articles for the generator: from plain text (one string per article) to headline and paragraphs.

News corpora come as one run of sentences without paragraph breaks and often without a title. Both are
drawn at random here, from the article's own sentences, so that the generator's truth is known.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from training.layout.truth import CleanArticle, CleanParagraph

_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’」』）】]*|[^。！？]+$")
_CJK_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_CLAUSE = re.compile(r"[，。、；：？！“”‘’（）《》【】—…\s()]+")
_NO_HEADLINE = re.compile(r"记者|通讯员|编辑|[供摄]图|图$|客户端|[0-9]日电|讯$|原标题|的$")
_ADDED = re.compile(
    r"^(?:原标题|本文转自)[：:][^。！？]{0,60}[。！？]?|返回搜狐，查看更多|查看更多$|\(\s*[0-9.]+\s*,[^()]*\)"
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英文博子涵雨泽宇轩欣怡思远"


def read_texts(path: Path, limit: int, skip: int = 0) -> Iterator[tuple[str, str]]:
    """(title, text) of ``limit`` records of a gzipped JSON-lines file, after ``skip`` of them."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number >= skip + limit:
                return
            if number >= skip:
                record = json.loads(line)
                yield record.get("title", ""), record["text"]


def person(rng: random.Random) -> str:
    """A made-up Chinese name."""
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))


def clean_article(title: str, text: str, rng: random.Random) -> CleanArticle:
    """An article with drawn paragraph breaks, headline, byline, subheads, lists, verse and credits."""
    text = _ADDED.sub("", text.strip())
    sentences = [s for s in _SENTENCE.findall(_CJK_GAP.sub("", text.strip())) if s.strip()]
    while len(sentences) > 1 and sentences[-1][-1] not in "。！？…”":
        sentences.pop()  # what web pages add: sources, links, picture credits
    paragraphs = [CleanParagraph(p) for p in _paragraphs(sentences, rng)]
    headline = [_headline(title, sentences, rng)]
    if rng.random() < 0.25:
        extra = _headline("", sentences, rng)
        if extra != headline[0]:
            headline.append(rng.choice(("——", "—", "")) + extra)
    if len(paragraphs) >= 5 and rng.random() < 0.35:
        paragraphs = _with_subheads(paragraphs, sentences, rng)
    if rng.random() < 0.06:
        paragraphs = _with_list(paragraphs, sentences, rng)
    if rng.random() < 0.04:
        paragraphs = _with_verse(paragraphs, rng)
    if rng.random() < 0.15:
        names = "、".join(person(rng) for _ in range(rng.randint(1, 6)))
        lead = rng.choice(("参与记者：", "参与采写：", "执笔：", "参与记者：", "记者", "本报记者"))
        paragraphs.append(CleanParagraph(f"（{lead}{names}）", "note"))
    return CleanArticle(tuple(headline), tuple(paragraphs), _byline(rng) if rng.random() < 0.5 else None)


def _paragraphs(sentences: list[str], rng: random.Random) -> list[str]:
    target = rng.choice((60, 90, 120, 160))
    found, current = [], ""
    for sentence, after in zip(sentences, [*sentences[1:], ""], strict=True):
        current += sentence
        if len(current) < 14 or (sentence[-1] in "”’" and len(after) < 24):
            continue  # “…。”某某说。 is one paragraph
        balanced = current.count("“") == current.count("”") and current.count("（") == current.count("）")
        if balanced and len(current) >= rng.uniform(0.2, 1.6) * target:
            found.append(current)
            current = ""
    return [*found, current] if current else found


def _headline(title: str, sentences: list[str], rng: random.Random) -> str:
    title = re.sub(r"^【[^】]*】|^\[[^\]]*\]", "", title).strip()
    if 5 <= len(title) <= 36:
        return title
    clauses = [c for s in sentences for c in _CLAUSE.split(s) if 6 <= len(c) <= 16 and not c.isascii()]
    clauses = [c for c in clauses if not _NO_HEADLINE.search(c)]
    if not clauses:
        return (sentences[0] if sentences else "要闻")[:12].rstrip("，。、；：")
    first = rng.choice(clauses[: max(3, len(clauses) // 2)])
    if rng.random() < 0.4:
        second = rng.choice(clauses)
        if second != first:
            return first + rng.choice(("\u3000", " ", "：", "，")) + second
    return first


def _with_subheads(paragraphs: list[CleanParagraph], sentences: list[str], rng: random.Random) -> list[CleanParagraph]:
    places = sorted(rng.sample(range(1, len(paragraphs)), min(len(paragraphs) - 1, rng.randint(1, 3))))
    numbered = rng.random() < 0.3
    quoted = rng.random() < 0.3
    found: list[CleanParagraph] = []
    for number, paragraph in enumerate(paragraphs):
        if number in places and found[-1].kind == "body":
            text = _headline("", sentences, rng).replace("\u3000", " ")
            if numbered:
                text = "一二三四五"[places.index(number)] + "、" + text
            elif quoted:
                text = f"“{text}”"
            found.append(CleanParagraph(text, "subhead"))
        found.append(paragraph)
    return found


def _with_list(paragraphs: list[CleanParagraph], sentences: list[str], rng: random.Random) -> list[CleanParagraph]:
    marks = rng.choice((("1.", "2.", "3.", "4."), ("（一）", "（二）", "（三）", "（四）"), ("●",) * 4, ("——",) * 4))
    items = [m + rng.choice(sentences) for m in marks[: rng.randint(2, 4)]]
    place = rng.randint(1, len(paragraphs))
    return [*paragraphs[:place], *(CleanParagraph(item) for item in items), *paragraphs[place:]]


_VERSES = (
    ("大漠孤烟直，长河落日圆。", "萧关逢候骑，都护在燕然。"),
    ("白日依山尽，黄河入海流。", "欲穷千里目，更上一层楼。"),
    ("千里黄云白日曛，北风吹雁雪纷纷。", "莫愁前路无知己，天下谁人不识君。"),
    ("渭城朝雨浥轻尘，客舍青青柳色新。", "劝君更尽一杯酒，西出阳关无故人。"),
)


def _with_verse(paragraphs: list[CleanParagraph], rng: random.Random) -> list[CleanParagraph]:
    place = rng.randint(1, len(paragraphs))
    verse = [CleanParagraph(line) for line in rng.choice(_VERSES)]
    return [*paragraphs[:place], *verse, *paragraphs[place:]]


def _byline(rng: random.Random) -> str:
    names = " ".join(person(rng) for _ in range(rng.randint(1, 3)))
    agency = rng.choice(("本报", "新华社", "云泽日报", "本报", "中新社", "本报驻上海"))
    return rng.choice(
        (f"{agency}记者 {names}", f"{agency}记者\u3000{names}", f"□ {agency}记者 {names}", f"本报评论员 {names}")
        if agency != "本报驻上海"
        else (f"{agency}记者 {names}",)
    )
