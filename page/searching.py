"""Found passages: which of them fit the filters, why each stands where it does, and their HTML.

Knows the records and nothing of Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from page.listing import bars
from page.markup import attribute, file_name, marked, show
from page.naming import place_line
from page.sources import Sources
from page.texts import Texts
from rag.errors import InputError
from rag.languages import detect
from rag.library import Library
from rag.records import Hit
from rag.terms import fold, fold_character, terms

DEPTH = 200  # passages looked at before the filters
SHOWN = 20
_LONGEST_SHARED = 12
_SEEN = 320  # characters of a passage shown
_DENSE = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f"  # written without spaces
_RUN = re.compile(rf"(?P<dense>[{_DENSE}]+)|[^\W_{_DENSE}]+")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must be to be listed; empty means anything. Dates are ISO, whole or a beginning of one."""

    after: str = ""
    before: str = ""
    document: str = ""
    language: str = ""
    period: str = ""

    def fit(self, hit: Hit) -> bool:
        """Tell whether ``hit`` passes."""
        date = hit.passage.date or ""
        if (self.after or self.before or self.period) and not date:
            return False
        return (
            (not self.after or date >= self.after)
            and (not self.before or date[: len(self.before)] <= self.before)
            and date.startswith(self.period)
            and (not self.document or hit.passage.document == self.document)
            and (not self.language or detect(hit.passage.text) == self.language)
        )


def checked_date(texts: Texts, typed: str) -> str:
    """Return a date as typed, its marks made plain.

    Raises:
        InputError: it is not a date.
    """
    plain = re.sub(r"[./年月]", "-", fold(typed).strip()).rstrip("日-")
    plain = "-".join(part.zfill(2) for part in plain.split("-")) if plain else ""
    if plain and not _DATE.fullmatch(plain):
        raise InputError(texts.bad_date.format(typed))
    return plain


def shared(question: str, text: str) -> list[str]:
    """Return the longest pieces of the question's words that stand in ``text`` too, longest first.

    >>> shared("双边贸易额达到多少？", "双边贸易总额达到948亿美元")
    ['双边贸易', '额达到']
    """
    folded = fold(text)
    found: list[str] = []
    words = {match.group() for match in _RUN.finditer(folded) if not match["dense"]}
    for match in _RUN.finditer(fold(question)):
        run = match.group()
        if not match["dense"]:
            found += [run] if run in words else []
            continue
        i = 0
        while i < len(run):
            longest = next((j for j in range(len(run), i + 1, -1) if run[i:j] in folded), i)
            if longest - i >= 2:
                found.append(run[i:longest])
                i = longest
            else:
                i += 1
    return sorted(dict.fromkeys(found), key=lambda word: (-len(word), word))[:_LONGEST_SHARED]


def search(library: Library, question: str, filters: Filters) -> tuple[list[Hit], list[str | None]]:
    """Return the hits to show and the dates of all that share enough with the question to be counted.

    Raises:
        InputError: the question is empty.
    """
    found = library.search(question, DEPTH)
    whole = Filters(filters.after, filters.before, filters.document, filters.language)
    fitting = [hit for hit in found if whole.fit(hit)]
    wanted = set(terms(question))
    dates = [hit.passage.date for hit in fitting if _share(wanted, hit) >= 0.5]
    return [hit for hit in fitting if filters.fit(hit)][:SHOWN], dates


def results(
    texts: Texts, question: str, hits: Sequence[Hit], dates: Sequence[str | None], period: str, sources: Sources
) -> str:
    """Return the hits with their scores and shared words, under the bars over time."""
    chart = bars(texts.timeline, dates, act="period", chosen=period)
    if chart and period:
        chart += f'<button type="button" class="plain" data-act="period" data-value="">{show(texts.all_dates)}</button>'
    if not hits:
        return f'{chart}<p class="label">{show(texts.found_none)}</p>'
    tops = {
        "dense": 1.0,
        "lexical": max((hit.parts.get("lexical", 0.0) for hit in hits), default=0.0) or 1.0,
        "fused": max(hit.score for hit in hits) or 1.0,
    }
    rows = "".join(_hit(texts, question, hit, tops, sources) for hit in hits)
    return f'{chart}<p class="label">{show(texts.found.format(len(hits)))}</p><ul class="found">{rows}</ul>'


def _share(wanted: set[str], hit: Hit) -> float:
    return len(wanted & set(terms(hit.passage.text))) / max(1, len(wanted))


def _hit(texts: Texts, question: str, hit: Hit, tops: dict[str, float], sources: Sources) -> str:
    passage = hit.passage
    source = sources.get(passage.document)
    paper = source.paper_at(passage.start) if source else file_name(hit.path)
    words = shared(question, passage.text)
    text = passage.text[:_SEEN]
    body = marked(text, [(a, b, "shared") for a, b in _places(words, text)]) + (
        "…" if len(passage.text) > _SEEN else ""
    )
    chips = "".join(f"<span>{show(word)}</span>" for word in words)
    chips = f'<p class="chips">{show(texts.shared)} {chips}</p>' if chips else ""
    scores = (
        _bar(texts.fused, hit.score, tops["fused"])
        + _bar(texts.dense, hit.parts.get("dense"), tops["dense"])
        + _bar(texts.lexical, hit.parts.get("lexical"), tops["lexical"])
    )
    value = attribute(f"{passage.document}:{passage.start}:{passage.end}")
    return (
        f'<li><button type="button" class="hit" data-act="open" data-value="{value}" '
        f'title="{attribute(texts.open_source)}"><b>{hit.rank}. {show(passage.title or texts.no_headline)}</b>'
        f"<small>{show(place_line(texts, paper, passage.date, passage.page, None))}</small>"
        f'<span dir="auto">{body}</span></button>{chips}<div class="scores">{scores}</div></li>'
    )


def _bar(label: str, score: float | None, top: float) -> str:
    """Return one score as a bar; a dash where the passage does not stand in that list."""
    width = 0 if score is None else max(0, min(100, round(100 * score / top)))
    number = "–" if score is None else f"{score:.2f}"
    return f'<span class="score">{show(label)} <i><u style="width:{width}%"></u></i> {number}</span>'


def _places(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Return where the words stand in ``text``, without overlaps, in order."""
    folded = "".join(fold_character(char) for char in text)
    spans: list[tuple[int, int]] = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            if all(at >= b or at + len(word) <= a for a, b in spans):
                spans.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    return sorted(spans)
