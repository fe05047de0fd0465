"""A run, or several side by side, as one HTML file and as Markdown.

The HTML file holds its style and its plots: no script, nothing fetched, so it can be mailed or kept. The
first run is the one reported on; the others stand beside it, each difference with a paired test. It
computes nothing that ``eval.measures`` and ``eval.statistics`` do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import get_args

from eval import plots
from eval.measures import Latency, by, curve, latencies, measure, named, recall_by_rank, worst
from eval.records import Fault, Measure, Outcome, Run
from eval.statistics import paired_bootstrap

FAULTS: tuple[str, ...] = tuple(fault for fault in get_args(Fault) if fault)
_GROUP_MEASURES = ("R@5", "exact", "F1", "evidence cited", "false answers", "false refusals")


def markdown(runs: Sequence[Run]) -> str:
    """Return the summary: headline figures, groups, faults and latency."""
    head = runs[0]
    parts = [
        f"# {head.system} on {head.set_name}",
        f"{len(head.outcomes)} questions, set {head.set_fingerprint}. Every figure with its 95% bootstrap "
        "interval and the number of questions it is over. ↓: lower is better.",
        _md(_headline(runs)),
    ]
    if len(runs) > 1:
        parts.extend((_DIFFERENCE_NOTE, *_differing(runs)))
    for title, rows in _tables(runs):
        parts.extend((f"## {title}", _md(rows)))
    return "\n\n".join(parts) + "\n"


def html(runs: Sequence[Run]) -> str:
    """Return the whole report as one HTML page."""
    head = runs[0]
    names = _names(runs)
    languages = list(by(head.outcomes, lambda one: one.language))
    kinds = list(by(head.outcomes, lambda one: one.kind))
    figures = [
        plots.lines(
            "Risk by coverage: the mean loss as the threshold falls",
            {name: curve(run.outcomes) for name, run in zip(names, runs, strict=True)},
            "coverage (share of all questions answered)",
            "risk (1 − F1)",
        ),
        plots.lines(
            "Recall by rank: questions with a gold paragraph at or above it",
            {
                name: [(float(rank), share) for rank, share in enumerate(recall_by_rank(run.outcomes), 1)]
                for name, run in zip(names, runs, strict=True)
            },
            "rank",
            "share of questions",
            x_range=(1.0, 10.0),
            x_ticks=range(1, 11),
        ),
        plots.bars("R@5 by language", languages, _grouped(runs, _language, languages, "R@5"), "R@5", (0.0, 1.0)),
        plots.bars("F1 by language", languages, _grouped(runs, _language, languages, "F1"), "F1", (0.0, 1.0)),
        plots.bars("F1 by kind of question", kinds, _grouped(runs, _kind, kinds, "F1"), "F1", (0.0, 1.0)),
        *([_latency_plot(names[0], latencies(head.timings))] if head.timings else []),
        plots.bars(
            "What went wrong, by stage",
            list(FAULTS),
            {name: [float(count) for count in fault_counts(run)] for name, run in zip(names, runs, strict=True)},
            "questions",
        ),
    ]
    body = [
        f"<h1>{escape(head.system)} on {escape(head.set_name)}</h1>",
        f"<p>{len(head.outcomes)} questions · set {escape(head.set_fingerprint)} · every figure with its 95% "
        "bootstrap interval and the number of questions it is over · ↓ lower is better</p>",
        _table(_headline(runs)),
        *(
            f"<p class='note'>{escape(line)}</p>"
            for line in ((_DIFFERENCE_NOTE, *_differing(runs)) if len(runs) > 1 else ())
        ),
        f'<div class="figures">{"".join(figures)}</div>',
        *(f"<h2>{escape(title)}</h2>{_table(rows)}" for title, rows in _tables(runs)),
        f"<h2>The worst {len(worst(head.outcomes))} questions</h2>",
        "".join(_case(outcome) for outcome in worst(head.outcomes)) or "<p>None went wrong.</p>",
        "<h2>What was run</h2>",
        _table(_provenance(runs)),
    ]
    title = escape(f"{head.system} on {head.set_name}")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_style()}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


Rows = list[list[str]]

_DIFFERENCE_NOTE = (
    "Δ is the other run minus the first on the questions both have, with p from a paired bootstrap; "
    "an asterisk marks p < 0.05."
)


def _names(runs: Sequence[Run]) -> list[str]:
    """Return the systems' names, numbered where they are equal."""
    counts = Counter(run.system for run in runs)
    seen: Counter[str] = Counter()
    names = []
    for run in runs:
        seen[run.system] += 1
        names.append(run.system if counts[run.system] == 1 else f"{run.system} ({seen[run.system]})")
    return names


def _differing(runs: Sequence[Run]) -> list[str]:
    """Return a line for each run whose system stands there more than once: the settings and models that part them."""
    lines = []
    for name, run in zip(_names(runs), runs, strict=True):
        alike = [{**one.settings, **one.models} for one in runs if one.system == run.system]
        own = {**run.settings, **run.models}
        parts = [f"{key} {value}" for key, value in own.items() if any(other.get(key) != value for other in alike)]
        if parts:
            lines.append(f"{name}: {', '.join(parts)}")
    return lines


def _headline(runs: Sequence[Run]) -> Rows:
    measured = [named(measure(run.outcomes)) for run in runs]
    names = _names(runs)
    header = ["measure"]
    for place, name in enumerate(names):
        header.extend([name, "n"] if place == 0 else [name, "n", "Δ (p)"])
    rows = [header]
    for name in dict.fromkeys(one for found in measured for one in found):
        first = measured[0].get(name)
        lower = any(found[name].better == "lower" for found in measured if name in found)
        row = [f"{name} ↓" if lower else name]
        for place, found in enumerate(measured):
            one = found.get(name)
            row.extend([_figure(one), str(one.n) if one else ""])
            if place:
                row.append(_difference(first, one))
        rows.append(row)
    return rows


def _figure(one: Measure | None) -> str:
    return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]" if one else "–"


def _difference(first: Measure | None, second: Measure | None) -> str:
    if first is None or second is None:
        return ""
    both = [id for id in first.values if id in second.values]
    if not both:
        return ""
    found = paired_bootstrap([first.values[id] for id in both], [second.values[id] for id in both])
    star = "*" if found.p < 0.05 else ""
    p = "<0.001" if found.p < 0.001 else f"{found.p:.3f}"
    return f"{found.difference:+.3f} ({p}){star}"


def _tables(runs: Sequence[Run]) -> list[tuple[str, Rows]]:
    tables = []
    for name, run in zip(_names(runs), runs, strict=True):
        suffix = f": {name}" if len(runs) > 1 else ""
        tables.append((f"By language{suffix}", _group_table("language", by(run.outcomes, _language))))
        tables.append((f"By kind{suffix}", _group_table("kind", by(run.outcomes, _kind))))
    tables.append(("What went wrong", _fault_table(runs)))
    timed = [(name, run) for name, run in zip(_names(runs), runs, strict=True) if run.timings]
    if timed:
        tables.append(("Latency, milliseconds", _latency_table(timed)))
    return tables


def _group_table(key: str, groups: dict[str, list[Outcome]]) -> Rows:
    rows = [[key, "questions", *_GROUP_MEASURES]]
    for name, outcomes in groups.items():
        found = named(measure(outcomes))
        cells = [f"{found[one].value:.3f} ({found[one].n})" if one in found else "–" for one in _GROUP_MEASURES]
        rows.append([name, str(len(outcomes)), *cells])
    return rows


def fault_counts(run: Run) -> list[int]:
    """Return how many questions went wrong at each stage of ``FAULTS``."""
    counts = Counter(outcome.scores.fault for outcome in run.outcomes)
    return [counts[fault] for fault in FAULTS]  # type: ignore[index]


def _fault_table(runs: Sequence[Run]) -> Rows:
    counted = [fault_counts(run) for run in runs]
    rows = [["stage at fault", *_names(runs)]]
    for place, fault in enumerate(FAULTS):
        rows.append([fault, *(str(counts[place]) for counts in counted)])
    rows.append(["none", *(str(len(run.outcomes) - sum(counts)) for run, counts in zip(runs, counted, strict=True))])
    return rows


def _latency_table(timed: Sequence[tuple[str, Run]]) -> Rows:
    rows = [["system", "stage", "n", "p50", "p95"]]
    for name, run in timed:
        rows.extend([name, one.stage, str(one.n), f"{one.p50:.1f}", f"{one.p95:.1f}"] for one in latencies(run.timings))
        if run.totals:
            seconds, memory = run.totals.get("seconds", 0.0), run.totals.get("peak_mib", 0.0)
            rows.append([name, "whole set", str(len(run.outcomes)), f"{seconds:.1f} s", f"{memory:.0f} MiB peak"])
    return rows


def _latency_plot(name: str, found: Sequence[Latency]) -> str:
    return plots.bars(
        f"Latency by stage: {name}",
        [one.stage for one in found],
        {"p50": [one.p50 for one in found], "p95": [one.p95 for one in found]},
        "milliseconds",
    )


def _language(outcome: Outcome) -> str:
    return outcome.language


def _kind(outcome: Outcome) -> str:
    return outcome.kind


def _grouped(
    runs: Sequence[Run], key: Callable[[Outcome], str], groups: Sequence[str], name: str
) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = {}
    for label, run in zip(_names(runs), runs, strict=True):
        measured = {group: named(measure(outcomes)) for group, outcomes in by(run.outcomes, key).items()}
        found[label] = [
            measured[group][name].value if group in measured and name in measured[group] else None for group in groups
        ]
    return found


def _case(outcome: Outcome) -> str:
    """Return one question that went wrong: what was asked, wanted and given, and where gold stood."""
    rank = next((str(place) for place, hit in enumerate(outcome.hits, 1) if hit.name in outcome.qrels), "not found")
    given = outcome.short or ("(abstained)" if outcome.abstained else "(empty)")
    asked = "" if outcome.standalone == outcome.question else f" → {outcome.standalone}"
    wanted = " | ".join(outcome.answers) if outcome.answerable else "(the documents do not say)"
    quotes = "".join(
        f"<blockquote>[{one.number}] {escape(one.quote)} <small>{escape(one.path)} {one.start}–{one.end}</small>"
        "</blockquote>"
        for one in outcome.citations
    )
    return (
        f'<details class="case"><summary><b class="fault">{escape(outcome.scores.fault)}</b> '
        f"<code>{escape(outcome.id)}</code> {escape(outcome.question)}{escape(asked)}</summary>"
        f"<dl><dt>wanted</dt><dd>{escape(wanted)}</dd><dt>given</dt><dd>{escape(given)}</dd>"
        f"<dt>F1</dt><dd>{outcome.scores.f1 or 0.0:.2f}</dd><dt>confidence</dt><dd>{outcome.confidence:.2f}</dd>"
        f"<dt>gold at rank</dt><dd>{rank if outcome.qrels else '–'}</dd></dl>{quotes}</details>"
    )


def _provenance(runs: Sequence[Run]) -> Rows:
    keys: dict[str, list[str]] = {}
    for place, run in enumerate(runs):
        entries = {**_prefixed("setting", run.settings), **_prefixed("model", run.models)}
        for key, value in {**entries, **_prefixed("environment", run.environment)}.items():
            keys.setdefault(key, [""] * len(runs))[place] = value
    return [["", *_names(runs)], *([key, *values] for key, values in keys.items())]


def _prefixed(prefix: str, values: object) -> dict[str, str]:
    return {f"{prefix}: {key}": str(value) for key, value in dict(values).items()}  # type: ignore[call-overload]


def _md(rows: Rows) -> str:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


def _table(rows: Rows) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _style() -> str:
    return Path(__file__).with_name("report.css").read_text("utf-8")
