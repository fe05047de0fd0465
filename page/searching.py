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
from page.shared import places
from page.sources import Sources
from page.texts import Texts
from rag.errors import InputError
from rag.filters import Filters
from rag.library import Library
from rag.records import Hit
from rag.terms import fold, terms

DEPTH = 200  # passages counted over time
SHOWN = 20
_SEEN = 320  # characters of a passage shown
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a passage must be to be listed, as chosen on the page; empty means anything. Dates may be beginnings."""

    after: str = ""
    before: str = ""
    document: str = ""
    title: str = ""
    language: str = ""
    period: str = ""

    def filters(self, *, whole: bool = False) -> Filters:
        """Return this as the library takes it; with ``whole`` without the period chosen in the chart.

        Raises:
            InputError: a date is none, or they are the wrong way round.
        """
        since, until = self.after, self.before
        if self.period and not whole:
            since = since if since.startswith(self.period) else self.period
            until = until if until.startswith(self.period) else self.period
        return Filters(
            since or None,
            until or None,
            (self.document,) if self.document else (),
            self.title.strip() or None,
            self.language or None,
        )


def checked_date(texts: Texts, typed: str) -> str:
    """Return a date as typed, its marks made plain.

    Raises:
        InputError: it is not a date.
    """
    plain = re.sub(r"[./年月]", "-", fold(typed).strip()).rstrip("日-")
    plain = "-".join(part.zfill(2) for part in plain.split("-")) if plain else ""
    try:
        Filters(since=plain or None)
    except InputError as error:
        raise InputError(texts.bad_date.format(typed)) from error
    if plain and not _DATE.fullmatch(plain):
        raise InputError(texts.bad_date.format(typed))
    return plain


def search(library: Library, question: str, wanted: Wanted) -> tuple[list[Hit], list[str | None]]:
    """Return the hits to show and the dates of all that share enough with the question to be counted.

    Raises:
        InputError: the question is empty, or the dates are the wrong way round.
    """
    found = library.search(question, DEPTH, filters=wanted.filters(whole=True), explain=True)
    asked = set(terms(question))
    dates = [hit.passage.date for hit in found if _share(asked, hit) >= 0.5]
    if wanted.period:
        found = library.search(question, SHOWN, filters=wanted.filters(), explain=True)
    return found[:SHOWN], dates


def results(texts: Texts, hits: Sequence[Hit], dates: Sequence[str | None], period: str, sources: Sources) -> str:
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
    rows = "".join(_hit(texts, hit, tops, sources) for hit in hits)
    return f'{chart}<p class="label">{show(texts.found.format(len(hits)))}</p><ul class="found">{rows}</ul>'


def _share(wanted: set[str], hit: Hit) -> float:
    return len(wanted & set(terms(hit.passage.text))) / max(1, len(wanted))


def _hit(texts: Texts, hit: Hit, tops: dict[str, float], sources: Sources) -> str:
    passage = hit.passage
    source = sources.get(passage.document)
    paper = source.paper_at(passage.start) if source else file_name(hit.path)
    words = sorted(hit.shared, key=lambda word: (-len(word), word))
    text = passage.text[:_SEEN]
    body = marked(text, [(a, b, "shared") for a, b in places(words, text)]) + ("…" if len(passage.text) > _SEEN else "")
    chips = "".join(f"<span>{show(word.replace('*', '…'))}</span>" for word in words)
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
