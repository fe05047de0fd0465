"""The tab of the evaluation: the report of a run, alone or beside another. Shown only when there are runs."""

from __future__ import annotations

from typing import Any

import gradio as gr

from page import runs
from page.chat import Chat
from page.markup import attribute, show
from page.panels import QUIET
from rag.errors import YinjuError


def evaluation_tab(tab: gr.Tab, chat: Chat) -> None:
    """Build the tab inside the current Blocks context."""
    words = chat.texts
    with gr.Row(elem_classes=["filters"]):
        first = gr.Dropdown([], label=words.run, elem_id="run")
        second = gr.Dropdown([(words.no_comparison, "")], value="", label=words.compare, elem_id="other-run")
    report = gr.HTML("", apply_default_css=False, elem_id="report")

    def opened(now: str | None, other: str | None) -> tuple[Any, ...]:
        found = runs.names()
        chosen = now if now in found else (found[0] if found else None)
        beside = other if other in found else ""
        return (
            gr.Dropdown(choices=found, value=chosen),
            gr.Dropdown(choices=[(words.no_comparison, ""), *((name, name) for name in found)], value=beside),
            framed(chosen, beside),
        )

    def framed(run: str | None, other: str | None) -> str:
        if not run:
            return ""
        try:
            page = runs.report(run, other or "")
        except (YinjuError, OSError, ValueError, KeyError) as error:
            return f'<p class="note">{show(str(error))}</p>'
        return f'<iframe class="report" sandbox="" title="{attribute(words.run)}" srcdoc="{attribute(page)}"></iframe>'

    tab.select(opened, [first, second], [first, second, report], **QUIET)
    for trigger in (first.input, second.input):
        trigger(framed, [first, second], report, **QUIET)
