"""The tab of the evaluation: a run's report, and its questions one by one, alone or beside another run's.

Without a run it says how to make one. Wires components; reading runs is ``page.runs``, the questions ``page.outcomes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from page import outcomes, runs
from page.chat import Chat
from page.markup import attribute, show
from page.panels import QUIET
from page.reasons import reason
from rag.errors import YinjuError

REPORT, QUESTIONS = "report", "questions"


def evaluation_tab(tab: gr.Tab, chat: Chat) -> None:
    """Build the tab inside the current Blocks context."""
    words = chat.texts

    def beside(found: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(words.no_comparison, ""), *((name, name) for name in found)]

    listed = tuple(runs.names())
    known = gr.State(None)  # the runs as listed in this browser tab, once its list of them was opened
    with gr.Row(elem_classes=["filters"]):
        first = gr.Dropdown(list(listed), value=next(iter(listed), None), label=words.run, elem_id="run")
        second = gr.Dropdown(beside(listed), value="", label=words.compare, elem_id="other-run")
        view = gr.Dropdown(
            [(words.whole_report, REPORT), (words.by_question, QUESTIONS)],
            value=REPORT,
            label=words.shown_as,
            filterable=False,
            elem_id="run-view",
        )
        kind = gr.Dropdown(
            outcomes.kinds(words), value=outcomes.WRONG, label=words.which_questions, filterable=False, elem_id="kind"
        )
    report = gr.HTML("", apply_default_css=False, elem_id="report")

    def opened(
        now: str | None, other: str | None, how: str, which: str, before: tuple[str, ...] | None
    ) -> Iterator[tuple[Any, ...]]:
        found = tuple(runs.names())
        chosen = now if now in found else next(iter(found), None)
        compared = other if other in found else ""
        choices: tuple[Any, ...] = (gr.skip(), gr.skip())
        if found != (listed if before is None else before):  # a list that is replaced closes under the reader's hand
            choices = (
                gr.Dropdown(choices=list(found), value=chosen),
                gr.Dropdown(choices=beside(found), value=compared),
            )
        yield *choices, gr.skip() if before is not None else f'<p class="working">{show(words.computing)}</p>', found
        yield gr.skip(), gr.skip(), made(chosen, compared, how, which), gr.skip()

    def changed(run: str | None, other: str | None, how: str, which: str) -> Iterator[str]:
        yield f'<p class="working">{show(words.computing)}</p>'
        yield made(run, other, how, which)

    def made(run: str | None, other: str | None, how: str, which: str) -> str:
        if not run:
            return f'<p class="label">{show(words.no_runs.format(runs.folder()))}</p>'
        if how == QUESTIONS and which == outcomes.CHANGED and other in ("", None, run):
            return f'<p class="label">{show(words.choose_other)}</p>'
        try:
            if how == QUESTIONS:
                others = runs.outcomes(other) if other and other != run else ()
                return outcomes.questions(words, runs.outcomes(run), others, which)
            page = runs.report(run, other or "")
        except (YinjuError, OSError, ValueError, KeyError) as error:
            return f'<p class="note">{show(reason(words, str(error)))}</p>'
        return f'<iframe class="report" sandbox="" title="{attribute(words.run)}" srcdoc="{attribute(page)}"></iframe>'

    chosen = [first, second, view, kind]
    tab.select(opened, [*chosen, known], [first, second, report, known], **QUIET)
    for trigger in (first.input, second.input, view.input, kind.input):
        trigger(changed, chosen, report, trigger_mode="always_last", **QUIET)
