"""Where no frame is marked: does a heading begin an article, or stand inside one? What speaks for either.

The evidence is what a reader has: whether both sides are about the same thing, whose words the heading
repeats, how it is set, and how the text after it begins. Knows nothing of roles or of what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from math import log
from operator import mul

from rag.newspaper.topics import Topics
from rag.newspaper.units import Unit

DATELINE = re.compile(
    r"^[（(【]?(?:本报|新华社|中新社|中新网|人民网|央视网|光明网|据[^，。]{2,12}(?:报道|消息)|[\u4e00-\u9fff]{2,4}社|澎湃新闻|[\u4e00-\u9fff]{2,6}客户端)"
    r"[^，。；]{0,24}(?:电|讯|报道|消息)"
)
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十]{1,2}[）)、]|[0-9]{1,2}[、.．]")
NEWS = re.compile(
    r"^(?:[^，。]{0,6}(?:近日|日前|今天|昨日|昨天|今日|当地时间|[0-9０-９]\s*日)|[^。]{0,20}记者[^，。]{0,16}(?:获悉|了解到)"
    r"|[^，。]{0,24}(?:消息|报道)[，,])"
)
GOES_ON = re.compile(
    r"^(?:此外|另外|其中|同时|与此同时|而|但|不过|然而|因此|为此|对此|据悉|据了解|据介绍|他|她|它|这|该|其|再者|最后|首先|其次"
    r"|会议|目前|随后|之后|此前|今后|下一步|未来|当天|当日|上述|以上|还|也|又|并|二是|三是|四是|五是|一是|第[二三四五]|“)"
)
_NEAR, _FAR = 600, 2500
_WEIGHTS = (
    (-1.86, -4.24),  # a constant
    (-0.80, -0.51),  # near alike
    (-0.47, -0.53),  # very much alike
    (-1.10, -0.70),  # hardly alike
    (-0.17, -0.48),  # far alike
    (0.02, 0.23),  # far alike, other column
    (-0.57, -0.72),  # own text holds its words
    (-5.59, -5.60),  # other side does
    (-1.60, -1.70),  # all of them
    (2.93, 2.69),  # another column
    (-1.22, -1.14),  # wider than the column
    (1.79, 1.93),  # as wide
    (1.86, 1.88),  # nearly as wide
    (-2.20, -1.87),  # nearly as wide, other column
    (2.06, 2.69),  # letter-spaced
    (3.93, 3.71),  # a dash
    (4.64, 4.60),  # a credit before
    (-3.72, -3.80),  # numbered
    (-4.60, -4.73),  # quoted
    (2.84, 1.90),  # dateline
    (1.51, 1.68),  # begins as news does
    (-1.48, -1.21),  # goes on
    (0.82, 1.58),  # text before
    (0.75, 1.76),  # text after
    (-1.13, -0.70),  # little text after
    (-2.54, -2.02),  # next to nothing before
    (-4.28, -3.88),  # next to nothing after
)
"""Log-odds for each piece of ``evidence``, without and with the first verdicts known: two logistic regressions, fitted
on 800 generated pages without frames, seeds 200 to 215."""
_ALONE, _KNOWING = zip(*_WEIGHTS, strict=True)


def likeness(alike: float) -> float:
    """Log-odds that two texts with this likeness belong to one article rather than to two."""
    value = log(0.002 + alike)
    return max(-6.0, min(6.0, 0.5 * ((value + 4.35) / 0.9) ** 2 - 0.5 * ((value + 2.85) / 0.8) ** 2))


def beside(units: Sequence[Unit], n: int, step: int, limit: int, stops: Collection[int]) -> list[Unit]:
    """The units of body text on one side of unit ``n``: up to a unit of ``stops``, or ``limit`` characters."""
    found: list[Unit] = []
    length, at = 0, n + step
    while 0 <= at < len(units) and length < limit and at not in stops:
        if not units[at].heading and not units[at].byline:
            found.append(units[at])
            length += units[at].length
        at += step
    return found


def around(units: Sequence[Unit], n: int, step: int, limit: int, stops: Collection[int]) -> tuple[set[str], int]:
    """Character pairs and length of the body text on one side of unit ``n``; see ``beside``."""
    found = beside(units, n, step, limit, stops)
    return set().union(*(unit.words for unit in found)), sum(unit.length for unit in found)


def parting(units: Sequence[Unit], places: Sequence[int], sure: set[int], topics: Topics, after: bool) -> set[int]:
    """Those headings among ``places`` that begin or end an article; the others stand inside one.

    ``sure`` are other headings sure to; ``after`` says that headlines stand after their articles. Every heading is
    judged twice, the second time in the light of the first verdicts.
    """

    def judged(known: set[int], weights: Sequence[float]) -> set[int]:
        found = (n for n in places if sum(map(mul, evidence(units, n, known - {n}, topics, after), weights)) > 0.0)
        return set(found)

    return judged(sure | judged(sure, _ALONE), _KNOWING)


def evidence(units: Sequence[Unit], n: int, known: set[int], topics: Topics, after: bool) -> tuple[float, ...]:
    """What tells whether heading ``n`` parts two articles; ``known`` are other headings taken to do so."""
    unit, before, following = units[n], units[n - 1], units[n + 1]
    headings = {k for k, other in enumerate(units) if other.heading}
    left, left_length = around(units, n, -1, _NEAR, headings)
    right, right_length = around(units, n, 1, _NEAR, headings)
    behind, behind_length = around(units, n, -1, _FAR, known)
    ahead, ahead_length = around(units, n, 1, _FAR, known)
    own, other = topics.covered(unit.words, ahead), topics.covered(unit.words, behind)
    if after:
        own, other = other, own
    margin = max(line.width(0.5) for line in unit.lines) - following.column
    near, far = likeness(topics.alike(left, right)), likeness(topics.alike(behind, ahead))
    column = float(before.column != following.column)
    text = following.text
    return (
        1.0,
        near,
        float(near > 2.0),
        float(near < -2.0),
        far,
        far * column,
        own,
        other,
        float(other > 0.95),
        column,
        float(margin > 1.0),
        float(margin > -0.3),
        float(margin > -1.6),
        float(margin > -1.6) * column,
        float(any(line.spaced for line in unit.lines)),
        float(any(line.text[0] in "—─" for line in unit.lines[1:])),
        float(bool(before.paragraphs) and before.paragraphs[-1].kind == "note"),
        float(_NUMBERED.match(unit.text) is not None),
        float(unit.text[0] == "“" and unit.text[-1] == "”"),
        float(DATELINE.match(text) is not None),
        float(NEWS.match(text) is not None),
        float(GOES_ON.match(text) is not None),
        log(1.0 + behind_length / 100.0),
        log(1.0 + ahead_length / 100.0),
        float(ahead_length < 170),
        float(left_length < 80),
        float(right_length < 80),
    )
