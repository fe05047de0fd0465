"""One address from the first second: a small opening page at once, the whole page when it has been built.

The page is built once per language, the one first asked for before the others; the browser's
``Accept-Language`` (or the cookie that the settings write) picks one, so every address stays the same. Until
its page is there, a browser gets a page in which the question can already be written and sent: it is asked as
soon as the whole page has taken over. Programs that call wait. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from page.chat import LONGEST_QUESTION
from page.serving import preferred
from page.texts import Texts

if TYPE_CHECKING:
    from fastapi import FastAPI

TOOLS = "/gradio_api/mcp"  # where the tools for other programs are served
_FOLDER = Path(__file__).parent


class Opening:
    """An ASGI application that hands each request to the page in the language it asks for.

    Args:
        make: builds the page in a language; called in a thread of its own.
        tools: builds what answers under ``TOOLS``; built last, as no reader waits for it.
        languages: the texts of each language.
        failed: called when a page could not be built.
    """

    def __init__(
        self,
        make: Callable[[str], FastAPI],
        tools: Callable[[], FastAPI],
        languages: Mapping[str, Texts],
        failed: Callable[[], None],
    ) -> None:
        self._make = make
        self._tools = tools
        self._languages = languages
        self._failed = failed
        self._pages: dict[str, FastAPI] = {}
        self._asked = ""  # the language in which the page was first asked for
        self._running = True
        self.error: BaseException | None = None

    @property
    def complete(self) -> bool:
        """Whether the page is there in every language."""
        return all(language in self._pages for language in self._languages)

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
        if path == "/opening":
            ready = await self._built(language)
            await _send(send, 200, "application/json", json.dumps({"ready": ready}))
        elif language in self._pages:
            await self._pages[language](scope, receive, send)
        elif path == "/health":
            await _send(send, 503, "application/json", '{"status": "starting"}')
        elif path == "/" and "text/html" in headers.get("accept", ""):
            self._asked = self._asked or language
            await _send(send, 200, "text/html; charset=utf-8", opening_page(self._languages[language]))
        elif await self._built(language):
            await self._pages[language](scope, receive, send)
        else:
            await _send(send, 503, "application/json", '{"status": "stopped"}')

    async def _built(self, language: str) -> bool:
        """Wait until the page in ``language`` is there; tell whether it is, or will never be."""
        async with self._changed:
            await self._changed.wait_for(lambda: language in self._pages or not self._running)
        return language in self._pages

    async def _lifespan(self, receive: Any, send: Any) -> None:
        self._changed = asyncio.Condition()
        self._stopping = asyncio.Event()
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
                while not self.complete and not self._stopping.is_set():
                    left = [language for language in self._languages if language not in self._pages]
                    language = self._asked if self._asked in left else left[0]
                    page = await asyncio.to_thread(self._make, language)
                    await stack.enter_async_context(page.router.lifespan_context(page))
                    await self._note(language, page)
                if not self._stopping.is_set():
                    page = await asyncio.to_thread(self._tools)
                    await stack.enter_async_context(page.router.lifespan_context(page))
                    await self._note(TOOLS, page)
                await self._stopping.wait()
                await self._end()
        except Exception as error:
            self.error = error
            await self._end()
            self._failed()

    def end_streams(self) -> None:
        """Let what every open page keeps listening to end, so that stopping need not wait for the browsers."""
        for page in self._pages.values():
            for route in page.routes:
                stopping = getattr(getattr(route, "app", None), "stop_event", None)
                if stopping is not None:
                    stopping.set()

    async def _note(self, language: str, page: FastAPI) -> None:
        async with self._changed:
            self._pages[language] = page
            self._changed.notify_all()

    async def _end(self) -> None:
        async with self._changed:
            self._running = False
            self._changed.notify_all()


def opening_page(texts: Texts) -> str:
    """Return the HTML shown until the whole page is there; it needs nothing but itself."""
    filled = {name: escape(value) for name, value in asdict(texts).items()}
    css = (_FOLDER / "page.css").read_text("utf-8")
    template = Template((_FOLDER / "opening.html").read_text("utf-8"))
    return template.substitute(filled, css=css, longest=LONGEST_QUESTION)


async def _send(send: Any, status: int, kind: str, body: str) -> None:
    headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
