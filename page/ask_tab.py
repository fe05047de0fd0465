"""The tab in which one asks: the conversation, the question box, the source panel beside it.

Wires components to ``page.chat``; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from page import adding, panels, source_panel
from page.chat import LONGEST_QUESTION, Chat, Shown
from page.panels import QUIET, note, owner_of, panel, status_line
from page.session import Session
from page.warming import Warming

_KEEP = """(id) => {
  if (id) localStorage.setItem('yinju-conversation', id);
  else localStorage.removeItem('yinju-conversation');
  return [];
}"""
# The conversation as kept, a question written while the page was opening, and that question when it was also sent.
_KEPT = """() => {
  const draft = JSON.parse(sessionStorage.getItem('yinju-draft') || '{}');
  sessionStorage.removeItem('yinju-draft');
  return [localStorage.getItem('yinju-conversation') || '', draft.text || '', draft.ask ? draft.text : ''];
}"""


def ask_tab(blocks: gr.Blocks, chat: Chat, status: gr.HTML, warm: Warming) -> dict[str, Any]:
    """Build the tab inside the current Blocks context; return the components other tabs change."""
    words = chat.texts
    session = gr.State(Session())
    kept = gr.Textbox(visible="hidden", elem_id="kept")  # the conversation's id, also kept in the browser
    early = gr.Textbox(visible="hidden", elem_id="early")  # a question sent while the page was opening
    with gr.Row(elem_id="ask-row", elem_classes=["split"]):
        with gr.Column(scale=3, elem_id="ask-left", elem_classes=["left"]):
            thread = panel("", "thread")
            added = panel("", "added")
            with gr.Row(elem_id="composer", elem_classes=["composer"]):
                box = gr.Textbox(
                    placeholder=words.ask_placeholder,
                    label=words.ask_label,
                    show_label=False,
                    container=False,
                    lines=1,
                    max_lines=6,
                    max_length=LONGEST_QUESTION,
                    submit_btn=words.send,
                    stop_btn=False,
                    autofocus=True,
                    elem_id="question",
                )
            with gr.Row(elem_id="ask-buttons"):
                attach = gr.UploadButton(
                    f"＋ {words.attach}", file_count="multiple", size="sm", elem_id="attach", elem_classes=["quiet"]
                )
                fresh = gr.Button(words.new, size="sm", elem_id="new", elem_classes=["quiet"])
        with gr.Column(scale=2, elem_id="ask-right", elem_classes=["right"]):
            source = panels.source(chat, "source")

    shown = [thread, source, session, kept, box]

    def steps(found: Iterator[Shown]) -> Iterator[tuple[Any, ...]]:
        last = None
        for last in found:
            yield _outputs(last, gr.Textbox(value="", submit_btn=False, stop_btn=words.stop))
        if last is not None:
            yield _outputs(last, gr.Textbox(value=last.unasked, submit_btn=words.send, stop_btn=False))

    def known(now: Session, conversation: str, request: gr.Request) -> Session:
        return chat.recovered(now, conversation, owner_of(request))

    def ask(question: str, now: Session, conversation: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        yield from steps(chat.ask(question, known(now, conversation, request), owner_of(request)))

    def suggested(
        now: Session, conversation: str, request: gr.Request, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        yield from steps(chat.ask(str(event.question), known(now, conversation, request), owner_of(request)))

    def again(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        yield from steps(chat.again(int(event.turn), known(now, conversation, request), owner_of(request)))

    def edit(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        done, question = chat.edit(int(event.turn), known(now, conversation, request))
        return done.thread, done.session, gr.Textbox(value=question)

    def judge(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        done = chat.judge(int(event.turn), str(event.value), known(now, conversation, request))
        return done.thread, done.session

    def cited(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> str:
        return chat.cited(int(event.turn), int(event.number), known(now, conversation, request))

    def found(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> str:
        return chat.found(int(event.turn), int(event.number), known(now, conversation, request))

    def stop(now: Session, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        done = chat.stopped(known(now, conversation, request))
        return done.thread, done.session, gr.Textbox(value=done.unasked, submit_btn=words.send, stop_btn=False)

    def start_over() -> tuple[Any, ...]:
        return chat.view(Session()), source_panel.empty(words), Session(), "", gr.Textbox(value="")

    def resume(conversation: str, draft: str, sent: str, request: gr.Request) -> tuple[Any, ...]:
        found = chat.resume(int(conversation) if conversation.isdecimal() else None, owner_of(request))
        typed = draft if draft and not sent else gr.skip()
        return chat.view(found), found, status_line(words, warm), gr.Timer(active=not warm.done), typed, sent

    def upload(files: list[str] | None) -> Iterator[Any]:
        for said in adding.add(chat.library, words, files or []):
            yield note(said, words.close)

    def redrawn(now: Session) -> Any:
        again = chat.redrawn(now)
        return gr.skip() if again is None else again

    def tick(now: Session) -> tuple[Any, ...]:
        done = warm.done
        return status_line(words, warm), gr.Timer(active=not done), redrawn(now) if done else gr.skip()

    told = [session, kept]
    running = [
        box.submit(ask, [box, *told], shown, trigger_mode="once", concurrency_id="ask", **QUIET),
        early.change(ask, [early, *told], shown, trigger_mode="once", concurrency_id="ask", **QUIET),
        thread.ask(suggested, told, shown, trigger_mode="once", concurrency_id="ask", **QUIET),
        thread.redo(again, told, shown, trigger_mode="once", concurrency_id="ask", **QUIET),
    ]
    box.stop(stop, told, [thread, session, box], cancels=running, **QUIET)
    thread.cite(cited, told, source, **QUIET)
    thread.hit(found, told, source, **QUIET)
    thread.edit(edit, told, [thread, session, box], **QUIET)
    thread.verdict(judge, told, [thread, session], **QUIET)
    fresh.click(start_over, None, shown, cancels=running, **QUIET)
    taken = attach.upload(upload, attach, added, concurrency_id="add", concurrency_limit=1, **QUIET)
    taken.then(redrawn, session, thread, **QUIET)
    timer = gr.Timer(0.7, active=False)  # set going when the page is loaded, so that it never overtakes that
    timer.tick(tick, [session], [status, timer, thread], **QUIET)
    kept.change(None, kept, None, js=_KEEP, api_visibility="private")
    opened = [thread, session, status, timer, box, early]
    blocks.load(resume, [kept, box, early], opened, js=_KEPT, **QUIET)
    return {"thread": thread, "source": source, "session": session, "kept": kept, "box": box}


def _outputs(shown: Shown, box: Any) -> tuple[Any, ...]:
    source = gr.skip() if shown.source is None else shown.source
    return shown.thread, source, shown.session, str(shown.session.conversation or ""), box
