"""Questions that look answered and are not: one fact of the question exchanged for another of its kind.

The exchanged thing must not stand in the evidence; directions (增长 → 下降) are exchanged when their
opposite is not there either. Knows nothing of how questions are worded.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.questions.records import Candidate
from training.questions.tagging import CITIES, COUNTRIES, tag

_OPPOSITES = (
    ("增长", "下降"),
    ("上涨", "下跌"),
    ("出口", "进口"),
    ("最高", "最低"),
    ("最大", "最小"),
    ("男子", "女子"),
    ("上半年", "下半年"),
    ("首次", "最后一次"),
    ("成立", "解散"),
    ("出生", "去世"),
    ("开幕", "闭幕"),
    ("买入", "卖出"),
    ("上任", "卸任"),
    ("增加", "减少"),
    ("获胜", "失利"),
    ("农村", "城市"),
    ("国内", "国外"),
    ("小学", "大学"),
    ("市长", "副市长"),
    ("总统", "副总统"),
    ("主席", "副主席"),
    ("父亲", "母亲"),
    ("冠军", "亚军"),
    ("开始", "结束"),
    ("赢得", "输掉"),
    ("上市", "退市"),
    ("加入", "退出"),
    ("同意", "反对"),
    ("起飞", "降落"),
    ("死亡", "受伤"),
    ("收入", "支出"),
    ("男性", "女性"),
    ("第一", "第三"),
    ("白天", "夜间"),
    ("北部", "南部"),
    ("东部", "西部"),
    ("总经理", "监事"),
    ("董事长", "财务总监"),
    ("新增", "取消"),
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_MONTH_DAY = re.compile(r"[0-9]{1,2}月(?:[0-9]{1,2}日)?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?=[%万亿元人个名家项米岁届位])")


class Pool:
    """Names seen in the corpus, by kind, from which a wrong one is drawn. Bounded, deterministic."""

    def __init__(self, size: int = 4000) -> None:
        self._size = size
        self._names: dict[str, list[str]] = {
            "country": sorted(COUNTRIES),
            "city": sorted(CITIES),
            "person": [],
            "body": [],
            "work": [],
            "quoted": [],
        }

    def add(self, kind: str, name: str, rng: random.Random) -> None:
        """Remember a name; once full, overwrite a random one."""
        names = self._names[kind]
        if len(names) < self._size:
            names.append(name)
        else:
            names[rng.randrange(self._size)] = name

    def learn(self, facts: Sequence[tuple[str, str]], rng: random.Random) -> None:
        """Remember what was found in a sentence: (kind, name) as :func:`facts_of` gives them."""
        for kind, name in facts:
            if kind not in ("country", "city"):
                self.add(kind, name, rng)

    def other(self, kind: str, avoid: str, rng: random.Random) -> str | None:
        """A name of this kind that does not stand in ``avoid``."""
        names = self._names[kind]
        for _ in range(8):
            if names:
                name = rng.choice(names)
                if name not in avoid:
                    return name
        return None


def facts_of(sentence: str, found: Sequence[Candidate]) -> list[tuple[str, str]]:
    """The names among a sentence's candidates, with the kind of each."""
    facts = []
    for candidate in found:
        name = sentence[candidate.start : candidate.end]
        kind = candidate.role if candidate.role in ("person", "body", "work", "quoted") else ""
        if candidate.role in ("region", "place"):
            kind = "country" if name in COUNTRIES else "city" if name in CITIES else ""
        if kind:
            facts.append((kind, name))
    return facts


def swapped(
    question: str, evidence: Sequence[str], facts: Sequence[tuple[str, str]], pool: Pool, rng: random.Random
) -> str | None:
    """The question with one thing exchanged so that ``evidence`` no longer answers it, or None.

    Only things that stand in the evidence are exchanged, and only for things that do not. ``facts`` are
    the names of the sentence the question was made of.
    """
    text = "".join(evidence)
    options: list[tuple[str, str]] = []
    for kind, name in facts:
        if name in question and (kind != "quoted" or len(name) >= 4):
            other = pool.other(kind, text + question, rng)
            if other:
                options += [(name, other)] * 2
    for token in tag(question):
        if token.word in COUNTRIES or token.word in CITIES:
            other = pool.other("country" if token.word in COUNTRIES else "city", text + question, rng)
            if other and token.word in text:
                options.append((token.word, other))
    for pattern, change in ((_YEAR, _other_year), (_MONTH_DAY, _other_date), (_NUMBER, _other_number)):
        for match in pattern.finditer(question):
            other = change(match.group(), rng)
            if match.group() in text and other not in text:
                options.append((match.group(), other))
    for one, two in _OPPOSITES:
        for old, new in ((one, two), (two, one)):
            if old in question and old in text and new not in text and new not in question:
                options.append((old, new))
    if not options:
        return None
    old, new = rng.choice(options)
    return question.replace(old, new)


def _other_year(year: str, rng: random.Random) -> str:
    return str(int(year) + rng.choice((-12, -7, -5, -3, -2, -1, 1, 2)))


def _other_date(date: str, rng: random.Random) -> str:
    month, _, day = date.partition("月")
    if not day:
        return f"{(int(month) + rng.randint(1, 10) - 1) % 12 + 1}月"
    return f"{month}月{(int(day[:-1]) + rng.randint(1, 26) - 1) % 28 + 1}日"


def _other_number(number: str, rng: random.Random) -> str:
    if "." in number:
        return f"{float(number) * rng.choice((0.3, 0.6, 1.4, 2.2)):.{len(number.partition('.')[2])}f}"
    value = int(number)
    return str(max(1, value + rng.choice((-3, -2, -1, 1, 2, 3, 5, 10)) * max(1, value // 10)))
