"""What happens in the conversation: ask, retry, edit, judge, resume. Returns HTML and the next session.

Calls the library and the history; knows nothing of Gradio's components.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from page import source_panel, thread
from page.asking import Asked, Asking
from page.costs import Times
from page.markup import show
from page.reasons import reason
from page.session import Session
from page.sources import Place, Sources, place_from_text, place_of_citation, place_of_hit
from page.suggesting import first_questions, follow_ups
from page.texts import Texts
from page.warming import Warming
from rag.errors import YinjuError
from rag.history import History, Message
from rag.library import LONGEST_QUESTION, Library
from rag.records import Document, Reply

_log = logging.getLogger("yinju.page")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows after a step.

    The thread; the source panel (None: as it is); the session; and what to put back into the question
    box, when a question came to nothing.
    """

    thread: str
    source: str | None
    session: Session
    unasked: str = ""


class Chat:
    """The conversation part of the page in one language."""

    def __init__(self, library: Library, history: History, texts: Texts, warming: Warming | None = None) -> None:
        """Talk about ``library``; ``warming`` says what is still being prepared."""
        self._warming = warming or Warming()
        self._offered: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # questions and the documents they are on
        self.library = library
        self.history = history
        self.texts = texts
        self.sources = Sources(library)
        self.times = Times()
        self.asking = Asking()

    def view(self, session: Session, note: str = "", pending: thread.Pending | None = None) -> str:
        """Return the thread of a session as HTML."""
        if pending is None and session.asking:
            pending = thread.Pending(session.asking)
        shown = thread.View(
            messages=session.messages,
            pending=pending,
            note=note,
            editing=session.editing,
            verdicts=self.history.verdicts(session.messages),
            suggestions=session.suggestions,
        )
        return thread.thread(self.texts, shown, self.sources)

    def welcome(self) -> str:
        """Return what is shown while there is no conversation, as HTML."""
        documents = self.library.documents()
        return thread.welcome(self.texts, len(documents), len(self.library), self._first(documents))

    def ask(self, question: str, session: Session, owner: str, run: Asked | None = None) -> Iterator[Shown]:
        """Answer ``question`` and yield each state on the way; an answer is stored before it is shown.

        Args:
            question: as typed.
            session: the conversation before it.
            owner: who asks.
            run: by which the answer can be stopped.
        """
        asked = question.strip()[:LONGEST_QUESTION]
        if not asked:
            return
        run = run or Asked()
        session = replace(session, asking="")
        asking = replace(session, asking=asked)
        kept = self._without_replaced(session)
        yield Shown(self.view(kept, pending=thread.Pending(asked)), None, asking)
        reply: Reply | None = None
        try:
            for reply in run.steps(self._answered(asked, kept)):
                if not reply.text:
                    pending = thread.Pending(asked, len(reply.hits))
                    yield Shown(self.view(kept, pending=pending), None, asking)
        except YinjuError as error:
            yield Shown(self.view(session, note=show(self._failed(error))), None, session, asked)
            return
        except Exception as error:
            _log.exception("a question could not be answered")
            failure = self.texts.failed.format(f"{type(error).__name__}: {error}")
            yield Shown(self.view(session, note=show(failure)), None, session, asked)
            return
        if run.stopped:
            if not run.dropped:
                yield self.stopped(asking)
            return
        assert reply is not None
        self.times.add(sum(reply.timings_ms.values()))
        done = self._stored(kept, session, asked, reply, owner)
        run.end()
        yield Shown(self.view(done), self._first_source(reply), done)
        suggested = follow_ups(self.library, reply)
        if suggested and not run.dropped:
            done = replace(done, suggestions=suggested)
            yield Shown(self.view(done), None, done)

    def again(self, turn: int, session: Session, owner: str, run: Asked | None = None) -> Iterator[Shown]:
        """Ask the question of message ``turn`` again; it and what follows are replaced."""
        if 0 <= turn < len(session.messages):
            yield from self.ask(session.messages[turn].question, replace(session, editing=turn), owner, run)

    def stopped(self, session: Session) -> Shown:
        """Give up the question being answered; it goes back into the box, to be asked otherwise."""
        kept = replace(session, asking="")
        return Shown(self.view(kept, note=show(self.texts.stopped)), None, kept, session.asking)

    def edit(self, turn: int, session: Session, *, rewritten: bool = False) -> tuple[Shown, str]:
        """Begin, or when already begun give up, editing message ``turn``; also return the text to edit.

        With ``rewritten`` that is the standalone question that was searched for; nothing is given up then.
        """
        if session.asking or not 0 <= turn < len(session.messages):
            return Shown(self.view(session), None, session), ""
        message = session.messages[turn]
        if session.editing == turn and not rewritten:
            kept = replace(session, editing=None)
            return Shown(self.view(kept), None, kept), ""
        changed = replace(session, editing=turn)
        return Shown(self.view(changed), None, changed), message.reply.question if rewritten else message.question

    def judge(self, turn: int, verdict: str, session: Session) -> str:
        """Store what the reader thinks of the reply of message ``turn``; return the thread as HTML."""
        if 0 <= turn < len(session.messages):
            message = session.messages[turn]
            self.history.judge(message.question, verdict, message.reply)
        return self.view(session)

    def resume(self, conversation: int | None, owner: str) -> Session:
        """Return the session of a stored conversation, an empty one when there is none."""
        messages = self.history.messages(conversation, owner) if conversation else []
        return Session(conversation, tuple(messages)) if messages else Session()

    def recovered(self, session: Session, shown: str, owner: str) -> Session:
        """Return the session, or the stored conversation ``shown`` in the browser when the page has forgotten it.

        It forgets when the program was started again, and the sessions longest idle when there are many.
        """
        if session == Session() and shown.isdecimal():
            return self.resume(int(shown), owner)
        return session

    def cited(self, turn: int, number: int, session: Session) -> str:
        """Return the source panel for citation ``number`` of message ``turn``."""
        if 0 <= turn < len(session.messages):
            for citation in session.messages[turn].reply.citations:
                if citation.number == number:
                    source = self.sources.get(citation.document)
                    return source_panel.panel(self.texts, source, place_of_citation(citation), citation.quote)
        return source_panel.empty(self.texts)

    def found(self, turn: int, index: int, session: Session) -> str:
        """Return the source panel for hit ``index`` of message ``turn``."""
        if 0 <= turn < len(session.messages) and 0 <= index < len(session.messages[turn].reply.hits):
            hit = session.messages[turn].reply.hits[index]
            return self.place(place_of_hit(hit), hit.passage.text)
        return source_panel.empty(self.texts)

    def place(self, place: Place, quote: str = "") -> str:
        """Return the source panel for any place."""
        return source_panel.panel(self.texts, self.sources.get(place.document), place, quote)

    def picture(self, written: str) -> str:
        """Return the source panel for a place as a button wrote it, with the picture of its page."""
        try:
            place = place_from_text(written)
        except YinjuError as error:
            return f'<p class="note">{show(reason(self.texts, str(error)))}</p>'
        source = self.sources.get(place.document)
        try:
            picture = self.library.page_picture(place.document, place.start, max(place.end, place.start + 1))
        except YinjuError as error:
            said = f'<p class="note">{show(reason(self.texts, str(error)))}</p>'
            return source_panel.panel(self.texts, source, place, contents=said)
        note = "" if picture else f'<p class="note">{show(self.texts.no_picture)}</p>'
        return source_panel.panel(self.texts, source, place, contents=note, picture=picture)

    def _answered(self, asked: str, kept: Session) -> Iterator[Reply]:
        self._warming.documents_there()
        yield from self.library.stream(asked, kept.turns())

    def _failed(self, error: YinjuError) -> str:
        return self.texts.failed.format(reason(self.texts, str(error)))

    def _without_replaced(self, session: Session) -> Session:
        """Return the session without what is being replaced; the library keeps it until there is an answer."""
        kept = replace(session, editing=None, suggestions=())
        if session.editing is None:
            return kept
        return replace(kept, messages=session.messages[: session.editing])

    def _stored(self, kept: Session, before: Session, asked: str, reply: Reply, owner: str) -> Session:
        if before.editing is not None and before.conversation is not None:
            number = before.messages[before.editing].number
            self.history.truncate(before.conversation, number, owner)
        conversation, message = self.history.append(before.conversation, asked, reply, owner)
        messages: tuple[Message, ...] = (*kept.messages, message)
        return replace(kept, conversation=conversation, messages=messages)

    def _first_source(self, reply: Reply) -> str:
        if not reply.citations:
            return source_panel.empty(self.texts)
        first = reply.citations[0]
        source = self.sources.get(first.document)
        return source_panel.panel(self.texts, source, place_of_citation(first), first.quote, asked=False)

    def _first(self, documents: Sequence[Document]) -> tuple[str, ...]:
        """Return the questions to begin with, tried on the library once while its documents stay the same."""
        if not documents or not self._warming.ready:
            return ()
        now = tuple(document.id for document in documents)
        if self._offered[1] != now:
            try:
                self._offered = (first_questions(self.library, answered=True), now)
            except Exception:  # the page is there without them; what is wrong shows when a question is asked
                _log.exception("no questions could be suggested")
                return ()
        return self._offered[0]
