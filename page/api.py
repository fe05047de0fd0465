"""The page's functions for programs: ``search``, ``answer`` and ``get_article``.

Gradio documents them, serves them to ``gradio_client`` and, where its MCP support is installed, offers them
as tools. They answer with plain JSON. The page's own events are private and no part of this.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import gradio as gr

from rag.errors import YinjuError
from rag.filters import Filters
from rag.library import Library
from rag.records import Reply

MOST = 50
LONGEST = 2000


def add_api(library: Library) -> None:
    """Add the functions to the current Blocks context."""

    def search(
        question: str,
        limit: int = 10,
        since: str = "",
        until: str = "",
        document: str = "",
        title: str = "",
        language: str = "",
    ) -> list[dict[str, Any]]:
        """Find the passages that fit a question or some words best, without answering.

        Args:
            question: A question or words, in any language.
            limit: How many passages at the most, 1 to 50.
            since: First date, as 2025, 2025-06 or 2025-06-18; empty for any.
            until: Last date, inclusive; empty for any.
            document: The id of the only document to search; empty for all.
            title: Words that the headline must have; empty for any.
            language: Language of the passages, as zh, en, ru; empty for any.
        """
        try:
            filters = Filters(
                since or None, until or None, (document,) if document else (), title or None, language or None
            )
            hits = library.search(question[:LONGEST], max(1, min(MOST, int(limit))), filters=filters, explain=True)
        except YinjuError as error:
            raise gr.Error(str(error)) from error
        return [_named(asdict(hit)) for hit in hits]

    def answer(question: str) -> dict[str, Any]:
        """Answer a question from the documents with citations, or say that the documents do not.

        Args:
            question: The question, in any language.
        """
        try:
            return reply_json(library.answer(question[:LONGEST]))
        except YinjuError as error:
            raise gr.Error(str(error)) from error

    def get_article(document: str, number: int = 0) -> dict[str, Any]:
        """Return one article of a document as restored, with the span of every paragraph.

        Args:
            document: The document's id, as hits and citations name it.
            number: Which article of the document, counted from 0, as hits name it.
        """
        try:
            articles = library.articles(document)
        except YinjuError as error:
            raise gr.Error(str(error)) from error
        if not 0 <= number < len(articles):
            raise gr.Error(f"Document {document} has {len(articles)} articles; there is no number {number}.")
        return {"articles": len(articles), **asdict(articles[number])}

    for function in (search, answer, get_article):
        gr.api(function, api_name=function.__name__, concurrency_id="api", concurrency_limit=2)


def reply_json(reply: Reply) -> dict[str, Any]:
    """Return a reply as JSON values, without the passages that were found."""
    return {
        "question": reply.question,
        "language": reply.language,
        "answer": reply.text,
        "short": reply.short,
        "abstained": reply.abstained,
        "confidence": reply.confidence,
        "citations": [_named(asdict(citation)) for citation in reply.citations],
    }


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """Return a record with its ``path`` under ``file``: Gradio's client would try to download a ``path``."""
    return {("file" if name == "path" else name): value for name, value in values.items()}
