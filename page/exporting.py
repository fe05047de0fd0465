"""A conversation as a file: Markdown, HTML or JSON; feedback as questions for the evaluation.

Every citation keeps its quote and its place, so that an export can be checked without the library.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from page.markup import file_name, show
from page.sources import Sources
from page.texts import Texts
from page.thread import citation_place
from rag.history import Conversation, Feedback, Message, reply_to_json
from rag.records import Citation


def as_markdown(texts: Texts, talk: Conversation, messages: Sequence[Message], sources: Sources) -> str:
    """Return a conversation as Markdown."""
    parts = [f"# {_plain(talk.title)}"]
    for message in messages:
        parts.append(f"## {_plain(message.question)}")
        if searched := _searched(texts, message):
            parts.append(f"*{_plain(searched)}*")
        parts.append("\n".join(f"> {_plain(line)}" if line else ">" for line in message.reply.text.split("\n")))
        lines = [f"- [{citation.number}] {_plain(_place(texts, citation, sources))}" for citation in _cited(message)]
        if lines:
            parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def as_html(texts: Texts, talk: Conversation, messages: Sequence[Message], sources: Sources) -> str:
    """Return a conversation as one HTML page without scripts."""
    parts = []
    for message in messages:
        answer = "".join(f"<p>{show(line)}</p>" for line in message.reply.text.split("\n") if line.strip())
        lines = "".join(
            f"<li value={citation.number}>{show(_place(texts, citation, sources))}</li>" for citation in _cited(message)
        )
        cited = f"<ol>{lines}</ol>" if lines else ""
        searched = _searched(texts, message)
        rewritten = f"<p><em>{show(searched)}</em></p>" if searched else ""
        parts.append(f"<section><h2>{show(message.question)}</h2>{rewritten}{answer}{cited}</section>")
    style = "body{font:16px/1.7 serif;max-width:44em;margin:2em auto;padding:0 1em}h2{color:#a8322a}ol{color:#555}"
    return (
        f'<!doctype html><html lang="{texts.code}"><meta charset="utf-8"><title>{show(talk.title)}</title>'
        f"<style>{style}</style><h1>{show(talk.title)}</h1>{''.join(parts)}</html>\n"
    )


def as_json(texts: Texts, talk: Conversation, messages: Sequence[Message], sources: Sources) -> str:
    """Return a conversation as JSON, every reply whole."""
    stored = [
        {
            "question": message.question,
            "asked": message.created,
            "reply": json.loads(reply_to_json(message.reply)),
            "places": {str(citation.number): _place(texts, citation, sources) for citation in _cited(message)},
        }
        for message in messages
    ]
    head = {"title": talk.title, "created": talk.created, "messages": stored}
    return json.dumps(head, ensure_ascii=False, indent=2) + "\n"


FORMATS: Mapping[str, tuple[Callable[[Texts, Conversation, Sequence[Message], Sources], str], str]] = {
    "md": (as_markdown, "text/markdown"),
    "html": (as_html, "text/html"),
    "json": (as_json, "application/json"),
}


def feedback_lines(feedback: Sequence[Feedback]) -> str:
    """Return verdicts as JSON lines that ``yinju eval --set`` reads; each question as it was searched."""
    lines = []
    for given in feedback:
        record = {
            "question": given.reply.question,
            "asked": given.question,
            "verdict": given.verdict,
            "language": given.reply.language,
            "given": given.created,
            "reply": json.loads(reply_to_json(given.reply)),
        }
        lines.append(json.dumps(record, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def _cited(message: Message) -> tuple[Citation, ...]:
    return message.reply.citations


def _searched(texts: Texts, message: Message) -> str:
    """Say which question was searched, when it is not the one that was asked."""
    asked, searched = message.question, message.reply.question
    return texts.rewritten.format(searched) if "".join(asked.split()) != "".join(searched.split()) else ""


def _place(texts: Texts, citation: Citation, sources: Sources) -> str:
    return f"{citation_place(texts, citation, sources)} ({file_name(citation.path)}, {citation.start}–{citation.end})"


def _plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    line = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|!$" else char for char in line)
