"""The tab of past conversations: resume, rename, delete, export; and the feedback that was given.

Wires components; the conversations are kept by ``rag.history``.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from page import exporting, source_panel
from page.chat import Chat
from page.listing import confirmed, local_time
from page.markup import attribute, show
from page.panels import QUIET, owner_of, panel, tab_of
from page.texts import Texts
from rag.errors import YinjuError
from rag.history import Conversation

LONGEST_TITLE = 80  # characters
# Saves what the hidden box holds: file name, type and text, parted by line feeds.
_SAVE = """(parcel) => {
  if (!parcel) return [];
  const [name, kind, ...rest] = parcel.split('\\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([rest.join('\\n')], {type: kind + ';charset=utf-8'}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  return [];
}"""


def history_tab(tab: gr.Tab, tabs: gr.Tabs, chat: Chat, ask: dict[str, Any]) -> None:
    """Build the tab inside the current Blocks context; ``ask`` holds the components of the asking tab."""
    words, history = chat.texts, chat.history
    with gr.Column(elem_classes=["narrow"]):
        past = panel("", "past")
        given = panel("", "given")
    parcel = gr.Textbox(visible="hidden", elem_id="parcel")

    def listed(request: gr.Request) -> tuple[str, str]:
        return talks(words, history.conversations(owner_of(request))), verdicts(words, len(history.feedback()))

    def resume(request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        chat.asking.stop(tab_of(request), silently=True)
        found = chat.resume(int(event.value), owner_of(request))
        return (
            chat.view(found),
            source_panel.empty(words),
            found,
            str(found.conversation or ""),
            gr.Textbox(value="", submit_btn=words.send, stop_btn=False),
            gr.Tabs(selected="ask"),
        )

    def delete(now: Any, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        history.delete(int(event.value), owner_of(request))
        rows = listed(request)[0]
        if now.conversation != int(event.value):
            return rows, gr.skip(), gr.skip(), gr.skip()
        empty = chat.resume(None, "")
        return rows, chat.view(empty), empty, ""

    def begin_rename(request: gr.Request, event: gr.EventData) -> str:
        return talks(words, history.conversations(owner_of(request)), int(event.value))

    def end_rename(request: gr.Request) -> str:
        return listed(request)[0]

    def rename(request: gr.Request, event: gr.EventData) -> Any:
        try:
            history.rename(int(event.value), str(event.text), owner_of(request))
        except YinjuError:
            return gr.skip()  # without a title the name stays to be written
        return listed(request)[0]

    def export(request: gr.Request, event: gr.EventData) -> str:
        kind, _, identifier = str(event.value).partition(":")
        if kind == "feedback":
            return f"feedback.jsonl\napplication/jsonl\n{exporting.feedback_lines(history.feedback())}"
        owner = owner_of(request)
        found = history.conversation(int(identifier), owner)
        if found is None or kind not in exporting.FORMATS:
            return ""
        write, media = exporting.FORMATS[kind]
        text = write(words, found, history.messages(found.id, owner), chat.sources)
        return f"yinju-{found.id}.{kind}\n{media}\n{text}"

    tab.select(listed, None, [past, given], **QUIET)
    past.resume(resume, None, [ask["thread"], ask["source"], ask["session"], ask["kept"], ask["box"], tabs], **QUIET)
    past.remove(delete, ask["session"], [past, ask["thread"], ask["session"], ask["kept"]], **QUIET)
    past.rename(begin_rename, None, past, **QUIET)
    past.name(rename, None, past, **QUIET)
    past.unname(end_rename, None, past, **QUIET)
    for source in (past, given):
        source.save(export, None, parcel, **QUIET).then(None, parcel, None, js=_SAVE)


def talks(words: Texts, found: list[Conversation], renaming: int | None = None) -> str:
    """Return the conversations as a list; ``renaming`` is the one whose name is being written."""
    if not found:
        return f'<p class="label">{show(words.history_empty)}</p>'
    rows = []
    for talk in found:
        if talk.id == renaming:
            rows.append(_naming(words, talk))
            continue
        when = local_time(talk.updated)
        exports = "".join(_button("save", f"{kind}:{talk.id}", kind.upper()) for kind in exporting.FORMATS)
        rows.append(
            f'<li><button type="button" class="row-main" data-act="resume" data-value="{talk.id}" '
            f'title="{attribute(words.resume)}"><b>{show(talk.title)}</b>'
            f"<span>{show(words.exchanges.format(talk.messages))} · {show(when)}</span></button>"
            f"{_button('rename', str(talk.id), words.rename)}"
            f"{confirmed('remove', str(talk.id), words.delete, words.sure_delete)}"
            f'<span class="exports">{show(words.export_as)}{exports}</span></li>'
        )
    return f'<ul class="rows">{"".join(rows)}</ul>'


def _naming(words: Texts, talk: Conversation) -> str:
    """Return the row of a conversation with its name in a field; ``panel.js`` focuses it and heeds its keys."""
    label = attribute(words.new_title)
    return (
        f'<li class="naming" data-value="{talk.id}"><span id="title"><input type="text" maxlength="{LONGEST_TITLE}" '
        f'value="{attribute(talk.title)}" aria-label="{label}" placeholder="{label}"></span>'
        f'<button type="button" class="plain" id="save-title" data-act="name" data-value="{talk.id}">'
        f"{show(words.save_title)}</button>{_button('unname', str(talk.id), words.cancel)}</li>"
    )


def verdicts(words: Texts, count: int) -> str:
    """Return how much feedback there is, with a button that exports it."""
    if not count:
        return ""
    button = _button("save", "feedback:", words.export_feedback)
    return f'<p class="counts">{show(words.feedback_count.format(count))} {button}</p>'


def _button(act: str, value: str, label: str) -> str:
    return (
        f'<button type="button" class="plain" data-act="{act}" data-value="{attribute(value)}">{show(label)}</button>'
    )
