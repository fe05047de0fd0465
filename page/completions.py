"""``/v1/chat/completions``: the library behind the interface that OpenAI's clients speak, also streaming.

The model is called ``yinju``. Each message of a reply carries one more field, ``citations``: a list of the
citations as ``yinju ask --json`` prints them; when streaming, the last chunk with content carries it. With
``--auth-file`` the API key is ``NAME:PASSWORD``.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse

from rag.errors import InputError, YinjuError
from rag.library import Library
from rag.records import Turn

MODEL = "yinju"
_MOST_MESSAGES = 200

Allowed = Callable[[str, str], bool]


def add_completions(app: FastAPI, library: Library, allowed: Allowed | None) -> None:
    """Add the routes to ``app``; ``allowed`` tells whether a name and password may ask (None: anybody)."""

    def refused(request: Request) -> JSONResponse | None:
        if allowed is None:
            return None
        name, _, password = request.headers.get("authorization", "").removeprefix("Bearer ").partition(":")
        return None if allowed(name, password) else _failure(401, "The API key must be NAME:PASSWORD of a known user.")

    @app.get("/v1/models")
    def models(request: Request) -> Any:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": "yinju"}
        return refused(request) or {"object": "list", "data": [model]}

    @app.post("/v1/chat/completions")
    async def completions(request: Request) -> Any:
        from starlette.concurrency import run_in_threadpool

        if (denied := refused(request)) is not None:
            return denied
        try:
            body = json.loads(await request.body())
            question, history = conversation(body.get("messages"))
            reply = await run_in_threadpool(library.answer, question, history)
        except (ValueError, AttributeError):
            return _failure(400, "The body must be a JSON object with a list of messages.")
        except InputError as error:
            return _failure(400, str(error))
        except YinjuError as error:
            return _failure(500, str(error))
        citations = [asdict(citation) for citation in reply.citations]
        if body.get("stream"):
            return StreamingResponse(_chunks(reply.text, citations), media_type="text/event-stream")
        message = {"role": "assistant", "content": reply.text, "citations": citations}
        return {
            **_head("chat.completion"),
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        }


def conversation(messages: Any) -> tuple[str, list[Turn]]:
    """Return the last question and the exchanges before it.

    >>> question, history = conversation([{"role": "user", "content": "a"},
    ...     {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}])
    >>> question, history[0].question, history[0].answer
    ('c', 'a', 'b')

    Raises:
        InputError: there is no question.
    """
    if not isinstance(messages, list):
        raise InputError("“messages” must be a list of objects with role and content.")
    turns: list[Turn] = []
    asked = ""
    for message in messages[-_MOST_MESSAGES:]:
        if not isinstance(message, dict):
            raise InputError("“messages” must be a list of objects with role and content.")
        text = _text(message.get("content"))
        if message.get("role") == "user":
            asked = text
        elif message.get("role") == "assistant" and asked:
            turns.append(Turn(asked, text))
            asked = ""
    if not asked.strip():
        raise InputError("The last message must be a question with the role “user”.")
    return asked, turns


def _text(content: Any) -> str:
    """Return the text of a message, given as a string or as a list of parts."""
    if isinstance(content, list):
        parts: Sequence[Any] = content
        return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def _chunks(text: str, citations: list[dict[str, Any]]) -> Iterator[str]:
    """Yield server-sent events: the lines of the answer one by one, the last with the citations."""
    head = _head("chat.completion.chunk")
    lines = text.splitlines(keepends=True) or [""]
    for i, line in enumerate(lines):
        delta: dict[str, Any] = {"content": line}
        if i == 0:
            delta["role"] = "assistant"
        if i == len(lines) - 1:
            delta["citations"] = citations
        yield _event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    yield "data: [DONE]\n\n"


def _event(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _head(kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": MODEL}


def _failure(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": {"message": message, "type": "invalid_request_error"}}, status_code=status)
