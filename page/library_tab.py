"""The tab of the documents: add, find, sort, read and remove them.

Wires components; what a list looks like is in ``page.listing``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from page import adding, listing, panels, source_panel
from page.chat import Chat
from page.facts import Facts
from page.markup import show
from page.panels import ADDING, QUIET, note, panel
from rag.loading import ARCHIVE, LOADERS


def library_tab(tab: gr.Tab, chat: Chat) -> None:
    """Build the tab inside the current Blocks context; it is filled when it is opened."""
    words, library = chat.texts, chat.library
    figures = Facts(library)
    additions = gr.State(adding.Additions())
    with gr.Row(elem_classes=["split"]):
        with gr.Column(scale=3, elem_classes=["left"]):
            with gr.Row(elem_classes=["adders"]):
                drop = gr.File(
                    label=words.drop_files,
                    file_count="multiple",
                    height=76,
                    elem_id="drop",
                )
                folder = gr.UploadButton(
                    words.add_folder, file_count="directory", size="sm", elem_id="folder", elem_classes=["quiet"]
                )
                again = gr.Button(words.reindex, size="sm", elem_id="reindex", elem_classes=["quiet"])
            told = panel("", "library-note")
            facts = gr.HTML("", elem_id="library-facts", apply_default_css=False)
            with gr.Row(elem_classes=["filters"]):
                wanted = gr.Textbox(
                    placeholder=words.filter, label=words.filter, show_label=False, container=False, elem_id="filter"
                )
                sort = gr.Dropdown(
                    [
                        (words.by_date, "date"),
                        (words.by_name, "name"),
                        (words.by_added, "added"),
                        (words.by_size, "size"),
                    ],
                    value="date",
                    label=words.sort_by,
                    show_label=False,
                    container=False,
                    filterable=False,
                    min_width=120,
                    elem_id="sort",
                )
            rows = panel("", "documents")
        with gr.Column(scale=2, elem_classes=["right"]):
            source = panels.source(chat, "library-source")

    def show_all(filtered: str, order: str) -> tuple[str, str]:
        documents = library.documents()
        bars = listing.bars(words.histogram, [document.date for document in documents])
        counts = listing.counts(words, documents, figures.languages(documents), figures.size())
        return counts + bars, listing.documents(words, documents, filtered, order, figures.printed(documents))

    def add(
        files: list[str] | str | None, done: adding.Additions, filtered: str, order: str
    ) -> Iterator[tuple[Any, ...]]:
        chosen = [files] if isinstance(files, str) else list(files or [])
        for said in done.told(adding.add(library, words, chosen)):
            yield note(said, words.close), gr.skip(), gr.skip(), gr.skip()
        yield gr.skip(), *show_all(filtered, order), None

    def add_folder(
        files: list[str] | None, done: adding.Additions, filtered: str, order: str
    ) -> Iterator[tuple[Any, ...]]:
        readable = [file for file in files or [] if Path(file).suffix.lower() in (*LOADERS, ARCHIVE)]
        if files and not readable:
            yield note(f"<p>{show(panels.nothing_readable(words))}</p>", words.close), gr.skip(), gr.skip(), None
        else:
            yield from add(readable, done, filtered, order)

    def reindex(filtered: str, order: str) -> Iterator[tuple[Any, ...]]:
        for said in adding.reindex(library, words):
            yield note(said), gr.skip(), gr.skip(), gr.Button(interactive=False)
        yield gr.skip(), *show_all(filtered, order), gr.Button(interactive=True)

    def remove(filtered: str, order: str, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        for said in adding.remove(library, words, str(event.value)):
            yield note(said), gr.skip(), gr.skip(), gr.skip()
        yield gr.skip(), *show_all(filtered, order), source_panel.empty(words)

    def read(event: gr.EventData) -> str:
        document, _, start = str(event.value).partition(":")
        return source_panel.document(words, chat.sources.get(document), int(start or -1))

    listed = [facts, rows]
    state = [wanted, sort]
    for trigger in (wanted.change, sort.change, tab.select):
        trigger(show_all, state, listed, **QUIET)
    drop.upload(add, [drop, additions, *state], [told, *listed, drop], **ADDING)
    folder.upload(add_folder, [folder, additions, *state], [told, *listed, folder], **ADDING)
    again.click(reindex, state, [told, *listed, again], **ADDING | {"trigger_mode": "once"})
    rows.remove(remove, state, [told, *listed, source], **QUIET)
    rows.open(read, None, source, **QUIET)
    source.open(read, None, source, **QUIET)
