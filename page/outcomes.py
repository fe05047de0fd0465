"""The questions of an evaluation run one by one, alone or beside those of another run, as HTML.

Knows the outcomes by their fields (``eval.records``) and nothing of how they were judged, nor of Gradio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from page.markup import attribute, show
from page.texts import Texts

ALL, WRONG, CHANGED = "all", "wrong", "changed"
_ROWS = 300


def kinds(texts: Texts) -> list[tuple[str, str]]:
    """Return what may be chosen: (label, value); the values after the first three are the faults themselves."""
    return [
        (texts.every_question, ALL),
        (texts.only_wrong, WRONG),
        (texts.only_changed, CHANGED),
        *((label, fault) for fault, label in _labels(texts).items() if fault),
    ]


def questions(texts: Texts, run: Sequence[Any], other: Sequence[Any], kind: str) -> str:
    """Return the questions of ``run`` that are of a ``kind``, each to be opened.

    Args:
        texts: the page's language.
        run: the outcomes of one run.
        other: those of another one on the same set, or none.
        kind: ``ALL``, ``WRONG``, ``CHANGED`` or a fault.
    """
    beside = {outcome.id: outcome for outcome in other}
    chosen = [outcome for outcome in run if _fits(outcome, beside, kind)]
    rows = "".join(_row(texts, outcome, beside.get(outcome.id)) for outcome in chosen[:_ROWS])
    more = len(chosen) - _ROWS
    rest = f'<p class="label">{show(texts.more_documents.format(more))}</p>' if more > 0 else ""
    counted = texts.questions_shown.format(len(chosen), len(run))
    return f'<p class="label">{show(counted)}</p><div class="cases">{rows}</div>{rest}'


def _fits(outcome: Any, beside: Mapping[str, Any], kind: str) -> bool:
    fault = outcome.scores.fault
    if kind == CHANGED:
        twin = beside.get(outcome.id)
        return twin is not None and (twin.short, twin.scores.fault) != (outcome.short, fault)
    return kind == ALL or (bool(fault) if kind == WRONG else fault == kind)


def _row(texts: Texts, outcome: Any, twin: Any | None) -> str:
    rank = next((place for place, hit in enumerate(outcome.hits, 1) if hit.name in outcome.qrels), None)
    facts = [
        (texts.wanted, " | ".join(outcome.answers) if outcome.answerable else texts.unanswerable),
        (texts.given, _given(texts, outcome)),
        *([(texts.given_before, _given(texts, twin))] if twin is not None else []),
        *([(texts.searched_as, outcome.standalone)] if outcome.standalone != outcome.question else []),
        *([(texts.gold_rank, texts.not_found if rank is None else str(rank))] if outcome.qrels else []),
    ]
    listed = "".join(f"<dt>{show(name)}</dt><dd>{show(value)}</dd>" for name, value in facts)
    quotes = "".join(
        f'<blockquote class="evidence"><p>{show(one.quote)}</p>'
        f"<footer>[{one.number}] {show(one.path)} · {show(texts.span.format(one.start, one.end))}</footer></blockquote>"
        for one in outcome.citations
    )
    return (
        f'<details class="case"><summary>{_badge(texts, outcome)}{_badge(texts, twin) if twin is not None else ""}'
        f"<span>{show(outcome.question)}</span></summary><dl>{listed}</dl>{quotes}</details>"
    )


def _badge(texts: Texts, outcome: Any) -> str:
    fault = outcome.scores.fault
    label = _labels(texts).get(fault, fault)
    return f'<b class="{"fault" if fault else "fine"}" title="{attribute(label)}">{show(label)}</b>'


def _given(texts: Texts, outcome: Any) -> str:
    said = outcome.short or (texts.abstained if outcome.abstained else outcome.text)
    return f"{said} ({texts.confidence.format(round(100 * outcome.confidence))})"


def _labels(texts: Texts) -> dict[str, str]:
    return {
        "": texts.no_fault,
        "not retrieved": texts.fault_search,
        "retrieved but not read": texts.fault_choice,
        "read but wrong": texts.fault_reading,
        "wrongly refused": texts.fault_refused,
        "answered the unanswerable": texts.fault_answered,
    }
