"""Units → articles: which heading is a headline, whose it is, and which piece goes on with which article.

A page has one habit, headlines before their article or after it; the habit is read off the page's first
and last units and off the words a headline shares with the text on either side. Knows nothing of line
widths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from rag.newspaper.parting import DATELINE, GOES_ON, NEWS, beside, likeness, parting
from rag.newspaper.resuming import resumes
from rag.newspaper.topics import Topics, pairs
from rag.newspaper.units import Unit
from rag.records import Article, Paragraph

_REACH = 12
_INTERRUPTED = 2
_SHORT = 8.0
_HEADS = 40
_WORDS = 600


@dataclass(slots=True)
class Draft:
    """An article being put together."""

    title: list[Unit] = field(default_factory=list)
    byline: list[Unit] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    _words: set[str] = field(default_factory=set)
    _counted: int = -1

    @property
    def breaks_off(self) -> bool:
        return bool(self.units) and self.units[-1].breaks_off and self.units[-1].on is None

    def words(self) -> set[str]:
        """Character pairs of its beginning and its end, where neighbours in the article would agree."""
        if self._counted != len(self.units):
            text = "".join(unit.text for unit in self.units)
            self._words = pairs(text[:_WORDS]) | pairs(text[-_WORDS:])
            self._counted = len(self.units)
        return self._words


def assemble(raw: str, units: Sequence[Unit]) -> list[Article]:
    """The articles that the ``units`` of ``raw`` make, in print order."""
    if not units:
        return []
    topics = Topics([unit.text for unit in units if not unit.heading])
    drafts, after = pieces(units, topics)
    if not any(unit.framed for unit in units[1:]):
        _resume(drafts, after, topics)
    return [_article(raw, draft) for draft in _joined(drafts, after, topics)]


def pieces(units: Sequence[Unit], topics: Topics) -> tuple[list[Draft], bool]:
    """The articles as headlines part them, before interrupted ones are put together; whether headlines come last."""
    heads = _headlines(units, topics)
    after = headlines_after(units, heads, topics)
    drafts = _drafts(units, heads, after)
    if not after:
        return _handed_back(drafts), after
    if not any(unit.framed for unit in units[1:]):
        drafts = [piece for draft in drafts for piece in _without_tail(draft, topics)]
    return drafts, after


def _headlines(units: Sequence[Unit], topics: Topics) -> set[int]:
    """Places of the heading units that are headlines; the other headings are subheads."""
    sure, unsure = headings(units)
    if not unsure:
        return sure
    return sure | parting(units, unsure, sure, topics, headlines_after(units, sure, topics))


def headings(units: Sequence[Unit]) -> tuple[set[int], list[int]]:
    """Places of the headings sure to be headlines, and of those that may be: none where frames are marked."""
    places = [n for n, unit in enumerate(units) if unit.heading]
    last = len(units) - 1
    opening = {n for n in places if 1 < n < last and _opens_section(units[n - 2 : n + 2])}
    places = [n for n in places if n not in opening]
    sure = {n for n in places if n in (0, last) or units[n].framed or _set_apart(units[n - 1], units[n + 1])}
    marked = any(unit.framed for unit in units[1:])
    return sure, [] if marked else [n for n in places if n not in sure]


def _opens_section(around: Sequence[Unit]) -> bool:
    """True when the third of four units is a short heading between headline and byline and the text it heads."""
    title, byline, unit, text = around
    named = title.heading and byline.byline and len(unit.lines) == 1 and unit.lines[0].em <= _SHORT
    return named and not (text.heading or text.byline or text.framed)


def _set_apart(before: Unit, after: Unit) -> bool:
    """True when what stands around a heading shows that an article begins or ends there."""
    if before.byline or after.byline or after.framed:
        return True
    return before.on is not None or after.back is not None or (before.breaks_off and not before.heading)


def headlines_after(units: Sequence[Unit], heads: set[int], topics: Topics) -> bool:
    """True when headlines stand after their articles on this page."""
    text = [n for n, unit in enumerate(units) if not unit.byline]
    if not heads or not text:
        return False
    score = 2.0 * (text[-1] in heads) - 2.0 * (text[0] in heads)
    headings = {n for n, unit in enumerate(units) if unit.heading}
    places = sorted(heads)[:_HEADS]
    for left, n in zip(range(len(places), 0, -1), places, strict=True):
        if abs(score) > left:
            break  # each of those left counts for one at most
        words = units[n].words
        before = beside(units, n, -1, _WORDS, headings)
        behind = beside(units, _last_display(units, n), 1, _WORDS, headings)
        score += topics.mentioned(words, [unit.letters for unit in before])
        score -= topics.mentioned(words, [unit.letters for unit in behind])
    return score > 0


def _last_display(units: Sequence[Unit], n: int) -> int:
    while n + 1 < len(units) and units[n + 1].byline:
        n += 1
    return n


def _drafts(units: Sequence[Unit], heads: set[int], after: bool) -> list[Draft]:
    drafts = [Draft()]
    closed = False
    for n, unit in enumerate(units):
        draft = drafts[-1]
        if n in heads:
            if after:
                if draft.title and not (closed and not unit.framed):
                    drafts.append(draft := Draft())
                draft.title.append(unit)
                closed = (
                    bool(draft.units) or not unit.framed
                )  # nothing before it: this one stands before its text, against the habit
            else:
                if draft.units or draft.byline or (draft.title and unit.framed and draft.title[-1].framed):
                    drafts.append(draft := Draft())
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
            drafts.append(draft := Draft())
        closed = False
        draft.units.append(unit)
    return [draft for draft in drafts if draft.title or draft.byline or draft.units]


def _handed_back(drafts: Sequence[Draft]) -> list[Draft]:
    """Headlines without a text of their own on a page whose headlines come first, put where they belong.

    The text before such a headline has none: the headline stands after it. At the end of the page the text without a
    headline may be further back: from there on every headline belongs to the text before it. Where the next headline
    has no byline, it is the first subhead under this one.
    """
    made: list[Draft] = []
    for number, draft in enumerate(drafts):
        before = made[-1] if made else None
        if before and before.title and before.byline and not before.units and draft.units and not draft.byline:
            before.units = [*draft.title, *draft.units]
            continue
        made.append(draft)
        if draft.units or not draft.title:
            continue
        bare = next((n for n in range(len(made) - 2, -1, -1) if not (made[n].title or made[n].byline)), None)
        adjacent = bare == len(made) - 2
        if bare is None or not (adjacent or number == len(drafts) - 1) or made[bare].units[0].back is not None:
            continue
        if all(other.units for other in made[bare:-1]):
            for other, following in pairwise(made[bare:]):
                other.title, other.byline = following.title, following.byline
            made.pop()
    return made


def _without_tail(draft: Draft, topics: Topics) -> list[Draft]:
    """The end of a jumped article, which has no headline, and the article that follows it, parted.

    Where headlines come last and nothing marks a frame, only a change of subject or of column tells.
    """
    units = draft.units[:_REACH]
    if not units or units[0].back is None or not draft.title:
        return [draft]
    best, best_score = 0, 1.0
    for n in range(1, len(units)):
        if units[n].opens or units[n].heading or units[n - 1].heading or units[n - 1].breaks_off:
            continue
        left = pairs("".join(unit.text for unit in draft.units[:n])[-_WORDS:])
        right = pairs("".join(unit.text for unit in draft.units[n:])[:_WORDS])
        score = -likeness(topics.alike(left, right)) + (2.1 if units[n].column != units[n - 1].column else -0.9)
        score += 4.0 if DATELINE.match(units[n].text) else 0.0
        score += 1.5 * (NEWS.match(units[n].text) is not None) - 1.5 * (GOES_ON.match(units[n].text) is not None)
        if score > best_score:
            best, best_score = n, score
    if not best:
        return [draft]
    return [Draft(units=draft.units[:best]), Draft(draft.title, draft.byline, draft.units[best:])]


def candidates(drafts: Sequence[Draft], number: int, after: bool) -> Iterator[tuple[Draft, list[Unit], list[Unit]]]:
    """Where draft ``number`` may hold the rest of an interrupted article: that article, its rest, and what is left."""
    units = drafts[number].units
    for other in drafts[max(0, number - _INTERRUPTED) : number]:
        if other.units and other.units[-1].on is None:
            for n in range(1, len(units)):
                yield (other, units[:n], units[n:]) if after else (other, units[n:], units[:n])


def _resume(drafts: Sequence[Draft], after: bool, topics: Topics) -> None:
    """Give the rest of an article that another interrupts back to it, where nothing marks a frame.

    It stands at the end of the other where headlines come first, at the beginning of the next where they come last.
    """
    for number, draft in enumerate(drafts[1:], 1):
        best: tuple[float, Draft, list[Unit], list[Unit]] | None = None
        for other, piece, rest in candidates(drafts, number, after):
            score = resumes(other.units, piece, rest, topics, after)
            if score > (best[0] if best else 0.0):
                best = score, other, piece, rest
        if best:
            _, other, piece, draft.units = best
            other.units.extend(piece)


def _joined(drafts: list[Draft], after: bool, topics: Topics) -> list[Draft]:
    """Pieces of one article that another article stands between, joined.

    The piece without a headline is the second where headlines come first, the first where they come last.
    """
    joined: list[Draft] = []
    for draft, following in zip(drafts, [*drafts[1:], None], strict=True):
        home, score = _home(joined, draft, after, topics) if joined and draft.units else (None, 0.0)
        if home is None:
            joined.append(draft)
        elif after and following is not None and _begins(draft, following, score, topics):
            following.units = [*draft.units, *following.units]
        else:
            home.units.extend(draft.units)
            home.title, home.byline = home.title or draft.title, home.byline or draft.byline
    return joined


def _begins(draft: Draft, following: Draft, score: float, topics: Topics) -> bool:
    """True when a piece in a frame of its own is rather the beginning of the next article, whose headline comes last.

    ``score``: how surely it goes on with an earlier article, see ``_home``.
    """
    if draft.title or draft.byline or not (draft.units and following.units and following.title):
        return False
    first, last, onward = draft.units[0], draft.units[-1], following.units[0]
    if not first.framed or first.back is not None or last.on is not None or onward.back is not None:
        return False
    alike = likeness(topics.alike(draft.words(), following.words()))
    return alike > 0.0 and alike + (1.5 if last.column == onward.column else -0.5) > score


def _home(joined: list[Draft], draft: Draft, after: bool, topics: Topics) -> tuple[Draft | None, float]:
    """The earlier article that ``draft`` goes on with, or None, and how surely."""
    first, last = draft.units[0], joined[-1]
    titled = bool(draft.title or draft.byline)
    if first.back is not None or (titled and not after):
        return None, 0.0
    if not titled and not first.framed and last.units and last.units[-1].on is None and not last.title:
        return last, inf
    best, best_score = None, 0.0
    words: set[str] | None = None
    for other in joined[-_REACH:-1] if len(joined) > 1 else ():
        if not other.units or other.units[-1].on is not None or (after and titled and other.title):
            continue
        if other.units[0].back is not None and not other.breaks_off:
            continue  # the end of an article that began on another page
        words = draft.words() if words is None else words
        score = likeness(topics.alike(other.words(), words))
        score += 3.0 if other.breaks_off and first.opens else -2.0 if other.breaks_off or first.opens else 0.0
        score += 1.5 if other.units[-1].column == first.column else -0.5
        if score > best_score:
            best, best_score = other, score
    if best is None and not titled and not first.framed and last.units and last.units[-1].on is None and not after:
        return last, inf
    return best, best_score


def _article(raw: str, draft: Draft) -> Article:
    title, beyond = _run(raw, draft.title)
    byline, further = _run(raw, draft.byline)
    paragraphs: list[Paragraph] = []
    for unit in sorted([*draft.units, *beyond, *further], key=lambda unit: unit.start):
        if unit.heading or unit.byline:
            paragraphs.append(Paragraph(unit.text, unit.start, unit.end, "byline" if unit.byline else "subhead"))
        else:
            paragraphs.extend(unit.paragraphs)
    backs = [unit.back for unit in draft.units if unit.back is not None]
    ons = [unit.on for unit in draft.units if unit.on is not None]
    return Article(
        title=" ".join(unit.text for unit in title) or None,
        paragraphs=tuple(paragraphs),
        byline=" ".join(unit.text for unit in byline) or None,
        jump_from=backs[0] if backs else None,
        jump_to=ons[-1] if ons else None,
        title_span=(title[0].start, title[-1].end) if title else None,
        byline_span=(byline[0].start, byline[-1].end) if byline else None,
    )


def _run(raw: str, units: Sequence[Unit]) -> tuple[list[Unit], list[Unit]]:
    """The leading units with nothing but white space between them, and the others."""
    count = 1
    while count < len(units) and not raw[units[count - 1].end : units[count].start].strip():
        count += 1
    return list(units[:count]), list(units[count:])
