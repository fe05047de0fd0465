"""The tab in which one asks: the conversation, the question box, the source panel beside it.

Wires components to ``page.chat``; decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from page import adding, panels, source_panel
from page.asking import WAITING, Asked
from page.chat import Chat, Shown
from page.panels import ADDING, QUIET, note, or_nothing, owner_of, panel, status_line, tab_of
from page.session import Session
from page.warming import Warming
from rag.library import LONGEST_QUESTION

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

# To the end of the question that is to be edited, once it is in the box; not when editing was given up.
_WRITE = """async () => {
  await new Promise((done) => setTimeout(done, 60));
  const box = document.querySelector('#question textarea');
  if (document.querySelector('#thread [data-act="edit"][aria-pressed="true"]')) {
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }
  return [];
}"""


def ask_tab(blocks: gr.Blocks, chat: Chat, status: gr.HTML, warm: Warming) -> dict[str, Any]:
    """Build the tab inside the current Blocks context; return the components other tabs change."""
    words = chat.texts
    session = gr.State(Session())
    additions = gr.State(adding.Additions())
    kept = gr.Textbox(visible="hidden", elem_id="kept")  # the conversation's id, also kept in the browser
    early = gr.Textbox(visible="hidden", elem_id="early")  # a question sent while the page was opening
    with gr.Row(elem_id="ask-row", elem_classes=["split"]):
        with gr.Column(scale=3, elem_id="ask-left", elem_classes=["left"]):
            welcome = panel("", "welcome")  # apart from the thread, so that writing it never takes an answer away
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

    def steps(tab: str, what: str, answer: Callable[[Asked], Iterator[Shown]]) -> Iterator[tuple[Any, ...]]:
        run = chat.asking.begin(tab, what) if what.strip() else None
        if run is None:
            return
        try:
            for number, step in enumerate(answer(run)):
                yield _outputs(step, box_after(step, run, first=number == 0))
        finally:
            run.end()

    def box_after(step: Shown, run: Asked, *, first: bool) -> Any:
        if step.unasked:
            return gr.Textbox(value=step.unasked, submit_btn=words.send, stop_btn=False)
        if first:
            return gr.Textbox(value="", submit_btn=False, stop_btn=words.stop)
        # What stands in the box by now is the next question: it is left alone.
        return gr.skip() if run.running else gr.Textbox(submit_btn=words.send, stop_btn=False)

    def known(now: Session, conversation: str, request: gr.Request) -> Session:
        return chat.recovered(now, conversation, owner_of(request))

    def ask(question: str, now: Session, conversation: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        before, owner = known(now, conversation, request), owner_of(request)
        asked = steps(tab_of(request), question, lambda run: chat.ask(question, before, owner, run))
        yield from or_nothing(asked, len(shown))

    def suggested(
        now: Session, conversation: str, request: gr.Request, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        yield from ask(str(event.question), now, conversation, request)

    def again(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        before, owner, turn = known(now, conversation, request), owner_of(request), int(event.turn)
        asked = steps(tab_of(request), f"again {turn}", lambda run: chat.again(turn, before, owner, run))
        yield from or_nothing(asked, len(shown))

    def edit(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        done, question = chat.edit(int(event.turn), known(now, conversation, request))
        return done.thread, done.session, gr.Textbox(value=question)

    def rephrase(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> tuple[Any, ...]:
        done, question = chat.edit(int(event.turn), known(now, conversation, request), rewritten=True)
        return done.thread, done.session, gr.Textbox(value=question)

    def judge(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> str:
        return chat.judge(int(event.turn), str(event.value), known(now, conversation, request))

    def cited(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> str:
        return chat.cited(int(event.turn), int(event.number), known(now, conversation, request))

    def found(now: Session, conversation: str, request: gr.Request, event: gr.EventData) -> str:
        return chat.found(int(event.turn), int(event.number), known(now, conversation, request))

    def stop(now: Session, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        if chat.asking.stop(tab_of(request)):
            return gr.skip(), gr.skip(), gr.skip()  # the question stopped says so itself
        done = chat.stopped(known(now, conversation, request))
        return done.thread, done.session, gr.Textbox(submit_btn=words.send, stop_btn=False)

    def start_over(request: gr.Request) -> tuple[Any, ...]:
        chat.asking.stop(tab_of(request), silently=True)
        box = gr.Textbox(value="", submit_btn=words.send, stop_btn=False)
        return chat.view(Session()), source_panel.empty(words), Session(), "", box

    def resume(conversation: str, draft: str, sent: str, request: gr.Request) -> tuple[Any, ...]:
        found = chat.resume(int(conversation) if conversation.isdecimal() else None, owner_of(request))
        typed = draft if draft and not sent else gr.skip()
        return chat.view(found), found, status_line(words, warm), gr.Timer(active=not warm.done), typed, sent

    def upload(files: list[str] | None, done: adding.Additions) -> Iterator[Any]:
        for said in done.told(adding.add(chat.library, words, files or [])):
            yield note(said, words.close)

    def tick() -> Iterator[tuple[Any, ...]]:
        done = warm.done
        yield status_line(words, warm), gr.Timer(active=not done), gr.skip()
        if done:
            yield gr.skip(), gr.skip(), chat.welcome()  # its suggestions take longer than the word that all is ready

    told = [session, kept]
    # Sent whatever the browser still waits for: `Asking` decides what is asked.
    asked: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_id": "ask", "concurrency_limit": WAITING, **QUIET}
    box.submit(ask, [box, *told], shown, **asked)
    early.change(ask, [early, *told], shown, **asked)
    for offered in (thread, welcome):
        offered.ask(suggested, told, shown, **asked)
    thread.redo(again, told, shown, **asked)
    box.stop(stop, told, [thread, session, box], **QUIET)
    thread.cite(cited, told, source, **QUIET)
    thread.hit(found, told, source, **QUIET)
    for begun, begin in ((thread.edit, edit), (thread.rephrase, rephrase)):
        begun(begin, told, [thread, session, box], **QUIET).then(None, None, None, js=_WRITE)
    thread.verdict(judge, told, thread, **QUIET)
    fresh.click(start_over, None, shown, **QUIET)
    taken = attach.upload(upload, [attach, additions], added, **ADDING)
    taken.then(chat.welcome, None, welcome, **QUIET)
    timer = gr.Timer(0.7, active=False)  # set going when the page is loaded, so that it never overtakes that
    timer.tick(tick, None, [status, timer, welcome], **QUIET)
    kept.change(None, kept, None, js=_KEEP, api_visibility="private")
    opened = [thread, session, status, timer, box, early]
    loaded = blocks.load(resume, [kept, box, early], opened, js=_KEPT, **QUIET)
    loaded.then(chat.welcome, None, welcome, **QUIET)
    return {"thread": thread, "source": source, "session": session, "kept": kept, "box": box}


def _outputs(shown: Shown, box: Any) -> tuple[Any, ...]:
    source = gr.skip() if shown.source is None else shown.source
    return shown.thread, source, shown.session, str(shown.session.conversation or ""), box
