"""Units → articles: which heading is a headline, whose it is, and which piece goes on with which article.

A page has one habit, headlines before their article or after it; the habit is read off the page's first
and last units and off the words a headline shares with the text on either side. Knows nothing of line
widths.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from rag.newspaper.topics import Topics, pairs
from rag.newspaper.units import Unit
from rag.records import Article, Paragraph

_DATELINE = re.compile(
    r"^[（(]?(?:本报|新华社|中新社|中新网|人民网|央视网|光明网|据[^，。]{2,12}(?:报道|消息)|[\u4e00-\u9fff]{2,4}社|澎湃新闻|[\u4e00-\u9fff]{2,6}客户端)"
    r"[^，。；]{0,24}(?:电|讯|报道|消息)"
)
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十]{1,2}[）)、]|[0-9]{1,2}[、.．]")
_CONTINUES = 0.06


@dataclass(slots=True)
class _Draft:
    """An article being put together."""

    title: list[Unit] = field(default_factory=list)
    byline: list[Unit] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)

    @property
    def breaks_off(self) -> bool:
        return bool(self.units) and self.units[-1].breaks_off and self.units[-1].on is None

    @property
    def text(self) -> str:
        return "".join(unit.text for unit in self.units)


def assemble(units: Sequence[Unit]) -> list[Article]:
    """The articles that ``units`` make, in print order."""
    if not units:
        return []
    topics = Topics([unit.text for unit in units if not unit.heading])
    heads = _headlines(units, topics)
    after = _after(units, heads, topics)
    drafts = _drafts(units, heads, after)
    return [_article(draft) for draft in _joined(drafts, topics)]


def _headlines(units: Sequence[Unit], topics: Topics) -> set[int]:
    """Places of the heading units that are headlines; the other headings are subheads."""
    marks_frames = any(unit.framed for unit in units[1:])
    found: set[int] = set()
    for n, unit in enumerate(units):
        if not unit.heading:
            continue
        before = units[n - 1] if n else None
        after = units[n + 1] if n + 1 < len(units) else None
        if before is None or after is None or unit.framed:
            found.add(n)
        elif before.byline or after.byline or before.on is not None or (before.breaks_off and not before.heading):
            found.add(n)
        elif after.back is not None or after.framed:
            found.add(n)
        elif not marks_frames and _parts(units, n, topics):
            found.add(n)
    return found


def _parts(units: Sequence[Unit], n: int, topics: Topics) -> bool:
    """True when heading ``n`` begins or ends an article; false when it stands inside one.

    Log-odds of what tells the two apart: the words in common on either side, the column's width, the
    form of the heading. The numbers were read off generated pages.
    """
    unit, before, after = units[n], units[n - 1], units[n + 1]
    alike = log(0.002 + topics.alike(pairs(_nearby(units, n, -1)), pairs(_nearby(units, n, 1))))
    score = 0.5 * ((alike + 2.85) / 0.8) ** 2 - 0.5 * ((alike + 4.35) / 0.9) ** 2
    score += 2.1 if before.column != after.column else -0.9
    score += 0.7 if len(unit.lines) >= 3 else 0.0
    score += 4.0 if _DATELINE.match(after.text) else 0.0
    score += 4.0 if any(line.em > after.column + 1.0 for line in unit.lines) else 0.0
    score += 3.0 if any(line.text[0] in "—─" for line in unit.lines[1:]) else 0.0
    score += 3.0 if before.paragraphs and before.paragraphs[-1].kind == "note" else 0.0
    score -= 5.0 if _NUMBERED.match(unit.text) else 0.0
    score -= 3.0 if unit.text[0] == "“" and unit.text[-1] == "”" else 0.0
    return score > -0.7


def _nearby(units: Sequence[Unit], n: int, step: int) -> str:
    """Body text on one side of heading ``n``, up to the next heading or some 600 characters."""
    text = ""
    at = n + step
    while 0 <= at < len(units) and len(text) < 600 and not units[at].heading:
        text += units[at].text
        at += step
    return text


def _after(units: Sequence[Unit], heads: set[int], topics: Topics) -> bool:
    """True when headlines stand after their articles on this page."""
    text = [n for n, unit in enumerate(units) if not unit.byline]
    if not heads or not text:
        return False
    score = 2.0 * (text[-1] in heads) - 2.0 * (text[0] in heads)
    for n in heads:
        words = pairs(units[n].text)
        score += topics.covered(words, pairs(_nearby(units, n, -1)))
        score -= topics.covered(words, pairs(_nearby(units, _last_display(units, n), 1)))
    return score > 0


def _last_display(units: Sequence[Unit], n: int) -> int:
    while n + 1 < len(units) and units[n + 1].byline:
        n += 1
    return n


def _drafts(units: Sequence[Unit], heads: set[int], after: bool) -> list[_Draft]:
    drafts = [_Draft()]
    closed = False
    for n, unit in enumerate(units):
        draft = drafts[-1]
        if n in heads:
            if after:
                if draft.title and not (closed and not unit.framed):
                    drafts.append(draft := _Draft())
                draft.title.append(unit)
                closed = True
            else:
                if draft.units or draft.byline or (draft.title and unit.framed and draft.title[-1].framed):
                    drafts.append(draft := _Draft())
                draft.title.append(unit)
            continue
        if unit.byline:
            if (draft.title and not draft.byline) or not draft.units:
                draft.byline.append(unit)
            else:
                draft.units.append(unit)
            continue
        begins = unit.back is not None or (unit.framed and not unit.heading) or unit.opens
        previous_on = bool(draft.units) and draft.units[-1].on is not None
        if closed or (draft.units and (begins or previous_on)):
            drafts.append(draft := _Draft())
        closed = False
        draft.units.append(unit)
    return [draft for draft in drafts if draft.title or draft.byline or draft.units]


def _joined(drafts: list[_Draft], topics: Topics) -> list[_Draft]:
    """Pieces without a headline or a jump mark, joined to the article they go on with."""
    joined: list[_Draft] = []
    for draft in drafts:
        home = None
        if joined and not draft.title and not draft.byline and draft.units[0].back is None:
            home = _home(joined, draft, topics)
        if home is None:
            joined.append(draft)
        else:
            home.units.extend(draft.units)
    return joined


def _home(joined: list[_Draft], draft: _Draft, topics: Topics) -> _Draft | None:
    if draft.units[0].opens:
        open_ones = [other for other in joined if other.breaks_off]
        if open_ones:
            return open_ones[-1]
        return joined[-1] if not draft.units[0].framed else None
    if not draft.units[0].framed and joined[-1].units and joined[-1].units[-1].on is None:
        return joined[-1]
    words = pairs(draft.text)
    best = max(joined[:-1], key=lambda other: topics.alike(words, pairs(other.text)), default=None)
    if best is not None and topics.alike(words, pairs(best.text)) > _CONTINUES:
        return best
    return None


def _article(draft: _Draft) -> Article:
    paragraphs: list[Paragraph] = []
    for unit in draft.units:
        if unit.heading or unit.byline:
            paragraphs.append(Paragraph(unit.text, unit.start, unit.end, "byline" if unit.byline else "subhead"))
        else:
            paragraphs.extend(unit.paragraphs)
    backs = [unit.back for unit in draft.units if unit.back is not None]
    ons = [unit.on for unit in draft.units if unit.on is not None]
    return Article(
        title=" ".join(unit.text for unit in draft.title) or None,
        paragraphs=tuple(paragraphs),
        byline=" ".join(unit.text for unit in draft.byline) or None,
        jump_from=backs[0] if backs else None,
        jump_to=ons[-1] if ons else None,
        title_span=(draft.title[0].start, draft.title[-1].end) if draft.title else None,
        byline_span=(draft.byline[0].start, draft.byline[-1].end) if draft.byline else None,
    )
