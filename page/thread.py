"""The conversation as HTML: questions, short answers with numbered citations, the evidence under them.

Buttons carry what they mean in ``data-`` attributes; ``panel.js`` turns a click into an event of the
component. Knows nothing of Gradio.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from page.markup import attribute, file_name, marked, show
from page.naming import place_line
from page.shared import excerpt
from page.source_panel import copy_button
from page.sources import Sources, answer_in_quote
from page.texts import Texts
from rag import rendering
from rag.explaining import explained
from rag.history import Message
from rag.records import Citation, Hit, Reply

_MARKS = re.compile(r"((?:\[\d+\])+)([(（][^()（）]*[)）]|\s\([^()]*\))?$")
_NUMBER = re.compile(r"\d+")
_CLOSEST = 3
_SNIPPET = 90


@dataclass(frozen=True, slots=True)
class Pending:
    """A question being answered: what is known so far."""

    question: str
    passages: int | None = None


@dataclass(frozen=True, slots=True)
class View:
    """One conversation as it is to be shown."""

    messages: tuple[Message, ...] = ()
    pending: Pending | None = None
    note: str = ""
    editing: int | None = None
    verdicts: Mapping[int, str] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


def thread(texts: Texts, view: View, sources: Sources) -> str:
    """Return the conversation."""
    parts = []
    for turn, message in enumerate(view.messages):
        dropped = view.editing is not None and turn >= view.editing
        verdict = view.verdicts.get(turn)
        editing = view.editing == turn
        parts.append(_turn(texts, turn, message, sources, dropped=dropped, editing=editing, verdict=verdict))
        if editing:
            parts.append(f'<p class="note">{show(texts.editing)}</p>')
    if view.pending is not None:
        found = view.pending.passages
        state = texts.searching if found is None else texts.reading.format(found)
        parts.append(f'<div class="turn">{_asked(view.pending.question)}<p class="working">{show(state)}</p></div>')
    elif view.suggestions:
        parts.append(suggestions(texts.follow_ups, view.suggestions))
    if view.note:
        parts.append(f'<div class="note">{view.note}</div>')
    return f'<div class="thread">{"".join(parts)}</div>'


def suggestions(label: str, questions: Sequence[str]) -> str:
    """Return questions to choose from."""
    buttons = "".join(
        f'<button type="button" class="suggestion" data-act="ask" data-question="{attribute(question)}">'
        f"{show(question)}</button>"
        for question in questions
    )
    return f'<div class="suggestions"><span>{show(label)}</span>{buttons}</div>' if buttons else ""


def welcome(texts: Texts, documents: int, passages: int, questions: Sequence[str]) -> str:
    """Return what an empty conversation shows."""
    if not documents:
        body = f"<p>{show(texts.welcome_empty)}</p>"
    else:
        body = f"<p>{show(texts.welcome_counts.format(documents, passages))}</p>"
    return (
        f'<div class="welcome"><h2>{show(texts.welcome)}</h2>{body}'
        f"{suggestions(texts.try_asking, questions) if documents else ''}</div>"
    )


def plain_answer(texts: Texts, message: Message, sources: Sources) -> str:
    """Return a reply with its sources as plain text, for copying."""
    lines = [message.reply.text]
    for citation in message.reply.citations:
        lines.append(f"[{citation.number}] {citation_place(texts, citation, sources)}")
    return "\n\n".join([lines[0], "\n".join(lines[1:])]) if len(lines) > 1 else lines[0]


def citation_place(texts: Texts, citation: Citation, sources: Sources) -> str:
    """Return one line that says where a citation stands."""
    source = sources.get(citation.document)
    paper = source.paper_at(citation.start) if source else file_name(citation.path)
    return place_line(texts, paper, citation.date, citation.page, citation.title)


def _turn(
    texts: Texts,
    turn: int,
    message: Message,
    sources: Sources,
    *,
    dropped: bool,
    editing: bool,
    verdict: str | None,
) -> str:
    reply = message.reply
    rewritten = ""
    if "".join(reply.question.split()) != "".join(message.question.split()):
        edit = _tool("rephrase", turn, texts.edit_rewritten)
        rewritten = f'<p class="rewritten">{show(texts.rewritten.format(reply.question))} {edit}</p>'
    body = _refusal(texts, turn, reply, sources) if reply.abstained else _answer(texts, turn, reply, sources)
    tools = [copy_button(texts, texts.copy, plain_answer(texts, message, sources))]
    tools.append(_tool("redo", turn, texts.retry))
    tools.append(_tool("edit", turn, texts.edit, pressed=editing or None))
    labels = {"right": texts.right, "wrong_answer": texts.wrong_answer, "wrong_source": texts.wrong_source}
    for name, label in labels.items():
        if name != "wrong_source" or not reply.abstained:
            tools.append(_tool("verdict", turn, label, value=name, pressed=verdict == name))
    thanks = f'<span class="thanks" role="status">{show(texts.thanks)}</span>' if verdict else ""
    sure = "" if reply.abstained else f'<span class="sure">{show(texts.confidence.format(_percent(reply)))}</span>'
    classes = "turn dropped" if dropped else "turn"
    return (
        f'<div class="{classes}" data-turn="{turn}">{_asked(message.question)}{rewritten}{body}'
        f'<div class="tools">{sure}{"".join(tools)}{thanks}</div></div>'
    )


def _percent(reply: Reply) -> int:
    return max(1, min(99, round(100 * reply.confidence)))


def _asked(question: str) -> str:
    return f'<div class="asked" dir="auto">{show(question)}</div>'


def _tool(act: str, turn: int, label: str, *, value: str = "", pressed: bool | None = None) -> str:
    state = "" if pressed is None else f' aria-pressed="{"true" if pressed else "false"}"'
    return (
        f'<button type="button" class="plain" data-act="{act}" data-turn="{turn}" data-value="{attribute(value)}"'
        f"{state}>{show(label)}</button>"
    )


def _answer(texts: Texts, turn: int, reply: Reply, sources: Sources) -> str:
    """Return the reply's lines: statements large, quotes with the answer marked and their place under them."""
    by_number = {citation.number: citation for citation in reply.citations}
    parts = []
    for line in filter(str.strip, reply.text.split("\n")):
        found = _MARKS.search(line)
        numbers = [int(n) for n in _NUMBER.findall(found.group(1))] if found else []
        numbers = [number for number in numbers if number in by_number]
        if not found or not numbers:
            parts.append(f'<p class="label">{show(line)}</p>')
            continue
        said = line[: found.start()]
        short = said.strip() == reply.short.strip()  # also when the whole quote is the answer, as a headline may be
        quoted = [number for number in numbers if by_number[number].quote.strip() in said and not short]
        if quoted:
            parts.append(_evidence(texts, turn, by_number[quoted[0]], sources))
        else:
            buttons = "".join(_cite(texts, turn, number) for number in numbers)
            origin = f'<span class="origin">{show(found.group(2))}</span>' if found.group(2) else ""
            parts.append(f'<p class="short" dir="auto">{show(said)}{buttons}{origin}</p>')
    return f'<div class="reply">{"".join(parts)}</div>'


def _cite(texts: Texts, turn: int, number: int) -> str:
    label = attribute(texts.cite_hint.format(number))
    return (
        f'<button type="button" class="cite" data-act="cite" data-turn="{turn}" data-number="{number}" '
        f'aria-label="{label}" title="{label}">{number}</button>'
    )


def _evidence(texts: Texts, turn: int, citation: Citation, sources: Sources) -> str:
    source = sources.get(citation.document)
    span = answer_in_quote(citation, source.document.text) if source else None
    quote = marked(citation.quote, [(*span, "answer")] if span else [])
    place = show(citation_place(texts, citation, sources))
    return (
        f'<blockquote class="evidence" dir="auto"><p>{quote}{_cite(texts, turn, citation.number)}</p>'
        f"<footer>{place}</footer></blockquote>"
    )


def _refusal(texts: Texts, turn: int, reply: Reply, sources: Sources) -> str:
    if not reply.hits:
        sentence = rendering.words(reply.language).no_documents
        return f'<div class="reply refused"><p class="short">{show(sentence)}</p></div>'
    hits = explained(reply.hits[:_CLOSEST], reply.question)
    rows = "".join(_closest(texts, turn, i, hit, sources) for i, hit in enumerate(hits))
    return (
        f'<div class="reply refused"><p class="short" dir="auto">{show(reply.text)}</p>'
        f'<p class="label">{show(texts.closest)}</p><ul class="closest">{rows}</ul>'
        f'<p class="label">{show(texts.refused_hint)}</p></div>'
    )


def _closest(texts: Texts, turn: int, index: int, hit: Hit, sources: Sources) -> str:
    """Return a passage that came near, with the part of it that shares most with the question."""
    passage = hit.passage
    words = [word for word in hit.shared if len(word) > 1]  # one Chinese character alone says nothing
    text, spans = excerpt(words, " ".join(passage.text.split()), _SNIPPET)
    source = sources.get(passage.document)
    paper = source.paper_at(passage.start) if source else file_name(hit.path)
    place = place_line(texts, paper, passage.date, passage.page, None)
    article = source.article_at(passage.start) if source else None
    title = article.title if article else passage.title
    return (
        f'<li><button type="button" class="hit" data-act="hit" data-turn="{turn}" data-number="{index}" '
        f'title="{attribute(texts.open_source)}"><b>{show(title or texts.no_headline)}</b>'
        f"<small>{show(place)}</small>"
        f'<span dir="auto">{marked(text, [(a, b, "shared") for a, b in spans])}</span></button></li>'
    )
