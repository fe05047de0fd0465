"""Found passages: which of them fit the filters, why each stands where it does, and their HTML.

Knows the records and nothing of Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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

    def filters(self) -> Filters:
        """Return this as the library takes it, without the period, which is chosen among what was found.

        Raises:
            InputError: a date is none, or they are the wrong way round.
        """
        return Filters(
            self.after or None,
            self.before or None,
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
    """Return the hits found, and the dates of those that share enough with the question to be counted.

    With a period these are the ones that are counted in it, and no others.

    Raises:
        InputError: the question is empty, or the dates are the wrong way round.
    """
    found = library.search(question, DEPTH, filters=wanted.filters(), explain=True)
    asked = set(terms(question))
    counted = [hit for hit in found if _share(asked, hit) >= 0.5]
    if wanted.period:
        inside = [hit for hit in counted if (hit.passage.date or "").startswith(wanted.period)]
        found = [replace(hit, rank=rank) for rank, hit in enumerate(inside, 1)]
    return found, [hit.passage.date for hit in counted]


def results(texts: Texts, hits: Sequence[Hit], dates: Sequence[str | None], period: str, sources: Sources) -> str:
    """Return the first of the hits with their scores and shared words, under the bars over time."""
    chart = bars(texts.timeline, dates, act="period", chosen=period)
    if chart and period:
        chart += f'<button type="button" class="plain" data-act="period" data-value="">{show(texts.all_dates)}</button>'
    if not hits:
        return f'{chart}<p class="label">{show(texts.found_none)}</p>'
    rows = "".join(_hit(texts, hit, sources) for hit in hits[:SHOWN])
    counted = texts.found.format(len(hits[:SHOWN]))
    if period and len(hits) > SHOWN:
        counted = texts.found_of.format(SHOWN, len(hits))
    return f'{chart}<p class="label">{show(counted)}</p><ul class="found">{rows}</ul>'


def _share(wanted: set[str], hit: Hit) -> float:
    return len(wanted & set(terms(hit.passage.text))) / max(1, len(wanted))


def _hit(texts: Texts, hit: Hit, sources: Sources) -> str:
    passage = hit.passage
    source = sources.get(passage.document)
    paper = source.paper_at(passage.start) if source else file_name(hit.path)
    words = sorted(hit.shared, key=lambda word: (-len(word), word))
    text = passage.text[:_SEEN]
    body = marked(text, [(a, b, "shared") for a, b in places(words, text)]) + ("…" if len(passage.text) > _SEEN else "")
    chips = "".join(f"<span>{show(word.replace('*', '…'))}</span>" for word in words)
    chips = f'<p class="chips">{show(texts.shared)} {chips}</p>' if chips else ""
    scores = (
        _bar(texts.fused, hit.score)
        + _bar(texts.dense, hit.parts.get("dense"))
        + _bar(texts.lexical, hit.parts.get("lexical"))
    )
    value = attribute(f"{passage.document}:{passage.start}:{passage.end}")
    return (
        f'<li><button type="button" class="hit" data-act="open" data-value="{value}" '
        f'title="{attribute(texts.open_source)}"><b>{hit.rank}. {show(passage.title or texts.no_headline)}</b>'
        f"<small>{show(place_line(texts, paper, passage.date, passage.page, None))}</small>"
        f'<span dir="auto">{body}</span></button>{chips}<div class="scores">{scores}</div></li>'
    )


def _bar(label: str, score: float | None) -> str:
    """Return one score, which goes from 0 to 1, as a bar; a dash where the passage does not stand in that list."""
    width = 0 if score is None else max(0, min(100, round(100 * score)))
    number = "–" if score is None else f"{score:.2f}"
    return f'<span class="score">{show(label)} <i><u style="width:{width}%"></u></i> {number}</span>'
