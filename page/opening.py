"""One address from the first second: a small opening page at once, the whole page when it has been built.

The page is built once per language; the browser's ``Accept-Language`` (or the cookie that the settings write) picks
one, so every address stays the same. Until its page is there, a browser gets a page in which the question can already
be written and sent: it is asked as soon as the whole page has taken over. Meanwhile that page fetches what the whole
one is going to need. Programs that call wait. Nothing is fetched from anywhere else.

One thing after the other, as they would only slow each other down: the page that is waited for, what the browser
then does with it, the models (`settled`), the page in the other languages, the tools. Whoever asks for one has it
built next.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from page.frontend import PREFIX, Frontend
from page.serving import preferred
from page.texts import Texts
from rag.library import LONGEST_QUESTION

if TYPE_CHECKING:
    from fastapi import FastAPI

TOOLS = "/gradio_api/mcp"  # where the tools for other programs are served
_FOLDER = Path(__file__).parent
_RUNS = "/gradio_api/queue/join"  # the first that the whole page asks for when it runs in a browser
_PATIENCE = 4.0  # seconds that a browser is given to get there


class Opening:
    """An ASGI application that hands each request to the page in the language it asks for.

    Args:
        make: builds the page in a language; called in a thread of its own.
        tools: builds what answers under ``TOOLS``; built last, as no reader waits for it.
        languages: the texts of each language.
        failed: called when a page could not be built.
        prepare: what every page needs, done before the language of the first one is chosen.
        warm: tells whether the models are loaded, before which nothing is built that nobody asked for.
    """

    def __init__(
        self,
        make: Callable[[str], FastAPI],
        tools: Callable[[], FastAPI],
        languages: Mapping[str, Texts],
        failed: Callable[[], None],
        prepare: Callable[[], None] = lambda: None,
        warm: Callable[[], bool] = lambda: True,
    ) -> None:
        self._make = make
        self._tools = tools
        self._languages = languages
        self._failed = failed
        self._prepare = prepare
        self._warm = warm
        self._frontend = Frontend()
        self._pages: dict[str, FastAPI] = {}
        self._asked: list[str] = []  # what was asked for, in this order
        self._running = True
        self.settled = False  # whether the first page is there and, when a browser waited for it, runs in it
        self.error: BaseException | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or build the pages, start and stop them."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        language = preferred(headers, self._languages)
        path = scope["path"]
        if path.startswith(TOOLS):
            language = TOOLS
        if path == _RUNS:
            self._seen.set()
        asset = self._frontend.read(path) if path.startswith(PREFIX) else None
        if asset is not None:
            await _send(send, 200, *asset, keep="public, max-age=31536000, immutable")
        elif path == "/opening":
            ready = await self._built(language)
            await _send(send, 200, "application/json", json.dumps({"ready": ready}))
        elif language in self._pages:
            await self._pages[language](scope, receive, send)
        elif path == "/health":
            await _send(send, 503, "application/json", '{"status": "starting"}')
        elif path == "/" and "text/html" in headers.get("accept", ""):
            self._want(language)
            html = opening_page(self._languages[language], self._frontend.ahead)
            await _send(send, 200, "text/html; charset=utf-8", html)
        elif await self._built(language):
            await self._pages[language](scope, receive, send)
        else:
            await _send(send, 503, "application/json", '{"status": "stopped"}')

    def _want(self, language: str) -> None:
        if language not in self._asked:
            self._asked.append(language)

    async def _built(self, language: str) -> bool:
        """Wait until the page in ``language`` is there; tell whether it is, or will never be."""
        if language not in self._pages:
            self._want(language)
            if self._pages:
                self._seen.set()  # whoever waits for another page is not held up by the first
        async with self._changed:
            self._changed.notify_all()
            await self._changed.wait_for(lambda: language in self._pages or not self._running)
        return language in self._pages

    async def _lifespan(self, receive: Any, send: Any) -> None:
        self._changed = asyncio.Condition()
        self._stopping = asyncio.Event()
        self._seen = asyncio.Event()
        await receive()
        pages = asyncio.create_task(self._run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._stopping.set()
        await pages
        await send({"type": "lifespan.shutdown.complete"})

    async def _run(self) -> None:
        """Build the pages one after the other and keep them running until the end, all in this task."""
        try:
            async with AsyncExitStack() as stack:
                await asyncio.to_thread(self._prepare)
                while (language := await self._next()) is not None:
                    page = await asyncio.to_thread(self._tools if language == TOOLS else partial(self._make, language))
                    await stack.enter_async_context(page.router.lifespan_context(page))
                    async with self._changed:
                        self._pages[language] = page
                        self._changed.notify_all()
                    if not self.settled:
                        await self._settle()
                await self._stopping.wait()
                await self._end()
        except Exception as error:
            self.error = error
            await self._end()
            self._failed()

    async def _next(self) -> str | None:
        """Return what is to be built next, when it is time for it; None when all is built or the end is near."""
        while not self._stopping.is_set():
            left = [language for language in (*self._languages, TOOLS) if language not in self._pages]
            wanted = next((language for language in self._asked if language in left), None)
            if wanted or not left or not self.settled or self._warm():
                return wanted or next(iter(left), None)
            async with self._changed:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.1)
        return None

    async def _settle(self) -> None:
        """Wait until the browser that was shown the opening page runs the whole one."""
        if self._asked:
            ends = [asyncio.create_task(event.wait()) for event in (self._seen, self._stopping)]
            await asyncio.wait(ends, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            for end in ends:
                end.cancel()
        self.settled = True

    def end_streams(self) -> None:
        """Let what every open page keeps listening to end, so that stopping need not wait for the browsers."""
        for page in self._pages.values():
            for route in page.routes:
                stopping = getattr(getattr(route, "app", None), "stop_event", None)
                if stopping is not None:
                    stopping.set()

    async def _end(self) -> None:
        async with self._changed:
            self._running = False
            self._changed.notify_all()


def opening_page(texts: Texts, ahead: Sequence[str] = ()) -> str:
    """Return the HTML shown until the whole page is there; it needs nothing but itself, and fetches ``ahead``."""
    filled = {name: escape(value) for name, value in asdict(texts).items()}
    css = (_FOLDER / "page.css").read_text("utf-8")
    template = Template((_FOLDER / "opening.html").read_text("utf-8"))
    return template.substitute(filled, css=css, longest=LONGEST_QUESTION, ahead=json.dumps(ahead))


async def _send(send: Any, status: int, kind: str, body: str | bytes, keep: str = "no-store") -> None:
    headers = [(b"content-type", kind.encode()), (b"cache-control", keep.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode() if isinstance(body, str) else body})
