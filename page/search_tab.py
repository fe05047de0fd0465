"""The tab in which one searches: passages without an answer, filters, and how hits spread over time.

Wires components; what is found and why is in ``page.searching``.
"""

from __future__ import annotations

import gradio as gr

from page import panels, searching
from page.chat import Chat
from page.markup import file_name, show
from page.panels import QUIET, panel
from page.reasons import reason
from page.searching import Wanted
from page.sources import place_from_text
from rag import rendering
from rag.errors import YinjuError
from rag.languages import LANGUAGES


def search_tab(tab: gr.Tab, chat: Chat) -> None:
    """Build the tab inside the current Blocks context."""
    words = chat.texts
    names = rendering.words(words.code).languages
    languages = [(words.any_language, ""), *zip(names, LANGUAGES, strict=True)]
    with gr.Row(elem_classes=["split"]):
        with gr.Column(scale=3, elem_classes=["left"]):
            with gr.Row(elem_classes=["composer"]):
                box = gr.Textbox(
                    placeholder=words.search_placeholder,
                    label=words.search,
                    show_label=False,
                    container=False,
                    submit_btn=words.search,
                    max_length=500,
                    elem_id="search",
                )
            with gr.Row(elem_classes=["filters"]):
                after = gr.Textbox(
                    placeholder=words.from_date,
                    label=words.from_date,
                    show_label=False,
                    container=False,
                    min_width=110,
                    elem_id="after",
                )
                before = gr.Textbox(
                    placeholder=words.to_date,
                    label=words.to_date,
                    show_label=False,
                    container=False,
                    min_width=110,
                    elem_id="before",
                )
                document = gr.Dropdown(
                    [(words.any_document, "")],
                    value="",
                    label=words.document,
                    show_label=False,
                    container=False,
                    min_width=150,
                    elem_id="document",
                )
                title = gr.Textbox(
                    placeholder=words.in_headline,
                    label=words.in_headline,
                    show_label=False,
                    container=False,
                    min_width=110,
                    max_length=100,
                    elem_id="headline",
                )
                language = gr.Dropdown(
                    languages,
                    value="",
                    label=words.language,
                    show_label=False,
                    container=False,
                    min_width=120,
                    elem_id="language",
                )
            period = gr.State("")
            found = panel(f'<p class="label">{show(words.search_hint)}</p>', "found")
        with gr.Column(scale=2, elem_classes=["right"]):
            source = panels.source(chat, "search-source")

    def search(question: str, low: str, high: str, one: str, head: str, tongue: str, when: str) -> str:
        if not question.strip():
            return f'<p class="label">{show(words.search_hint)}</p>'
        try:
            wanted = Wanted(
                searching.checked_date(words, low), searching.checked_date(words, high), one, head, tongue, when
            )
            hits, dates = searching.search(chat.library, question, wanted)
        except YinjuError as error:
            return f'<p class="note" role="status">{show(reason(words, str(error)))}</p>'
        return searching.results(words, hits, dates, when, chat.sources)

    def afresh(question: str, low: str, high: str, one: str, head: str, tongue: str) -> tuple[str, str]:
        return search(question, low, high, one, head, tongue, ""), ""

    def within(
        question: str, low: str, high: str, one: str, head: str, tongue: str, event: gr.EventData
    ) -> tuple[str, str]:
        when = str(event.value)
        return search(question, low, high, one, head, tongue, when), when

    def open_place(event: gr.EventData) -> str:
        return chat.place(place_from_text(str(event.value)))

    def choices(now: str) -> gr.Dropdown:
        documents = chat.library.documents()
        known = now if any(found.id == now for found in documents) else ""
        names = [(words.any_document, ""), *((file_name(found.path), found.id) for found in documents)]
        return gr.Dropdown(choices=names, value=known)

    asked = [box, after, before, document, title, language]
    for trigger in (box.submit, after.submit, before.submit, title.submit, document.input, language.input):
        trigger(afresh, asked, [found, period], **QUIET)
    found.period(within, asked, [found, period], **QUIET)
    found.open(open_place, None, source, **QUIET)
    tab.select(choices, document, document, **QUIET)
