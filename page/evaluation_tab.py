"""The tab of the evaluation: a run's report, and its questions one by one, alone or beside another run's.

Shown only when there are runs. Wires components; reading runs is ``page.runs``, the questions ``page.outcomes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from page import outcomes, runs
from page.chat import Chat
from page.markup import attribute, show
from page.panels import QUIET
from rag.errors import YinjuError

REPORT, QUESTIONS = "report", "questions"


def evaluation_tab(tab: gr.Tab, chat: Chat) -> None:
    """Build the tab inside the current Blocks context."""
    words = chat.texts
    with gr.Row(elem_classes=["filters"]):
        first = gr.Dropdown([], label=words.run, elem_id="run")
        second = gr.Dropdown([(words.no_comparison, "")], value="", label=words.compare, elem_id="other-run")
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

    def opened(now: str | None, other: str | None, how: str, which: str) -> Iterator[tuple[Any, ...]]:
        found = runs.names()
        chosen = now if now in found else (found[0] if found else None)
        beside = other if other in found else ""
        choices = (
            gr.Dropdown(choices=found, value=chosen),
            gr.Dropdown(choices=[(words.no_comparison, ""), *((name, name) for name in found)], value=beside),
        )
        yield *choices, gr.skip() if now else f'<p class="working">{show(words.computing)}</p>'
        yield gr.skip(), gr.skip(), made(chosen, beside, how, which)

    def changed(run: str | None, other: str | None, how: str, which: str) -> Iterator[str]:
        yield f'<p class="working">{show(words.computing)}</p>'
        yield made(run, other, how, which)

    def made(run: str | None, other: str | None, how: str, which: str) -> str:
        if not run:
            return ""
        try:
            if how == QUESTIONS:
                beside = runs.outcomes(other) if other and other != run else ()
                return outcomes.questions(words, runs.outcomes(run), beside, which)
            page = runs.report(run, other or "")
        except (YinjuError, OSError, ValueError, KeyError) as error:
            return f'<p class="note">{show(str(error))}</p>'
        return f'<iframe class="report" sandbox="" title="{attribute(words.run)}" srcdoc="{attribute(page)}"></iframe>'

    chosen = [first, second, view, kind]
    tab.select(opened, chosen, [first, second, report], **QUIET)
    for trigger in (first.input, second.input, view.input, kind.input):
        trigger(changed, chosen, report, trigger_mode="always_last", **QUIET)
