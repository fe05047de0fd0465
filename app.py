"""The web page: builds the interface, calls `rag`, shows the reply. No logic of its own.

``launch`` serves it; ``build`` makes the interface of one library in one language. What is shown is made
in ``page``; what is answered is made in ``rag``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")  # no table of all events after each event

from page.adding import MOST_BYTES
from page.asking import AT_ONCE
from page.chat import Chat
from page.serving import address, listen, share_arenas, users
from page.texts import TEXTS, texts
from page.warming import Warming
from rag.history import History
from rag.library import CATALOG, Library

if TYPE_CHECKING:
    import gradio as gr

PAGE = Path(__file__).parent / "page"
FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Segoe UI", "system-ui", "sans-serif"]
QUEUE = 64
SESSIONS = 48  # browser tabs kept in memory; the conversation of one idle for longer is read from the library again
UPLOADS_KEPT = 3600  # seconds; the library has copies of its own


def build(library: Library, language: str = "zh", warming: Warming | None = None) -> gr.Blocks:
    """Return the page for ``library`` in ``language`` (a key of ``page.texts.TEXTS``).

    Args:
        library: what is asked.
        language: the language of the page.
        warming: what is being prepared in the background, to be shown until it is done.
    """
    import gradio as gr

    from page.api import add_api
    from page.ask_tab import ask_tab
    from page.evaluation_tab import evaluation_tab
    from page.history_tab import history_tab
    from page.library_tab import library_tab
    from page.panels import connection, dropping, fields, head
    from page.search_tab import search_tab
    from page.settings_tab import APPEARANCE, settings_tab

    words = texts(language)
    warm = warming or Warming()
    chat = Chat(library, History(library.folder / CATALOG), words, warm)
    title = f"{words.title} · {words.tagline}"
    kept = (UPLOADS_KEPT, UPLOADS_KEPT)
    with gr.Blocks(title=title, analytics_enabled=False, fill_width=True, delete_cache=kept) as blocks:
        status = head(words, warm)
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab(words.ask_tab, id="ask"):
                asking = ask_tab(blocks, chat, status, warm)
            with gr.Tab(words.library_tab, id="library") as tab:
                library_tab(tab, chat)
            with gr.Tab(words.search_tab, id="search") as tab:
                search_tab(tab, chat)
            with gr.Tab(words.history_tab, id="history") as tab:
                history_tab(tab, tabs, chat, asking)
            with gr.Tab(words.evaluation_tab, id="evaluation") as tab:
                evaluation_tab(tab, chat)
            with gr.Tab(words.settings_tab, id="settings") as tab:
                settings_tab(tab, chat, warm)
        blocks.load(None, None, None, js=APPEARANCE)
        for script in (dropping, fields, connection):
            blocks.load(None, None, None, js=script(words))
        add_api(library)
    blocks.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE)
    blocks.state_session_capacity = SESSIONS
    return blocks


def launch(
    library: str,
    host: str = "127.0.0.1",
    port: int | None = None,
    browser: bool = False,
    samples: bool = False,
    auth_file: str | None = None,
) -> None:
    """Serve the page of a library until it is stopped.

    Args:
        library: the folder, created when absent.
        host: the address to listen on.
        port: the port; None takes the first free one from 7860.
        browser: whether to open the page in the browser.
        samples: whether to add the sample pages when the library is empty.
        auth_file: a file with NAME:PASSWORD on each line; only they may use the page.

    Raises:
        InputError: the address, the library or the file of users cannot be used.
    """
    allowed = users(auth_file) if auth_file else None
    share_arenas()
    bound = listen(host, port)
    try:
        with Library.open(library) as opened:
            serve(opened, bound, browser=browser, samples=samples, allowed=allowed)
    finally:
        bound.close()


def serve(
    library: Library,
    bound: Any,
    *,
    browser: bool = False,
    samples: bool = False,
    allowed: Callable[[str, str], bool] | None = None,
) -> None:
    """Serve the page of an open library on a listening socket until it is stopped.

    The address answers at once; the page is built behind it, and the models are loaded when that is done.
    """
    import webbrowser

    import uvicorn

    from page.opening import Opening
    from page.quick_gradio import import_gradio

    warming = Warming()

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: Any = None) -> None:
            opening.end_streams()
            await super().shutdown(sockets)

    def failed() -> None:
        server.should_exit = True

    opening = Opening(
        lambda language: _page(library, language, warming, allowed),
        lambda: _tools(library, allowed),
        TEXTS,
        failed,
        prepare=import_gradio,
        warm=lambda: warming.done,
    )
    server = Server(uvicorn.Config(opening, log_level="warning", timeout_graceful_shutdown=5))
    warming.start(library, samples=samples, served=lambda: opening.settled)
    where = address(bound)
    print(f"Yinju 引据: {where}  (Ctrl+C stops it)", flush=True)
    if browser:
        webbrowser.open(where)
    with suppress(KeyboardInterrupt):  # raised again after the graceful stop
        server.run(sockets=[bound])
    if opening.error is not None:
        raise opening.error


def _page(library: Library, language: str, warming: Warming, allowed: Callable[[str, str], bool] | None) -> Any:
    """Return the whole page in one language with all its routes, ready to be served."""
    import gradio as gr
    from fastapi import FastAPI

    from page.completions import add_completions
    from page.quick_gradio import only_mounted

    with only_mounted():
        blocks = build(library, language, warming)
    outer = _with_health(FastAPI(title="Yinju", openapi_url=None), warming)
    add_completions(outer, library, allowed)
    return gr.mount_gradio_app(
        outer,
        blocks,
        path="/",
        footer_links=[],
        run_history=False,
        max_file_size=MOST_BYTES,
        auth=allowed,
        mcp_server=False,
        ssr_mode=False,
        show_error=False,
        theme=_theme(gr),
        css_paths=[PAGE / "page.css"],
    )


def _tools(library: Library, allowed: Callable[[str, str], bool] | None) -> Any:
    """Return the functions for programs as MCP tools, where the ``mcp`` package is installed."""
    import gradio as gr
    from fastapi import FastAPI

    from page.api import add_api
    from page.quick_gradio import import_mcp, only_mounted

    served = import_mcp()
    with only_mounted():
        with gr.Blocks(title="Yinju", analytics_enabled=False) as blocks:
            add_api(library)
        blocks.queue(max_size=QUEUE, default_concurrency_limit=AT_ONCE)
    outer = FastAPI(title="Yinju", openapi_url=None)
    return gr.mount_gradio_app(
        outer, blocks, path="/", run_history=False, auth=allowed, mcp_server=served, ssr_mode=False, show_error=False
    )


def _with_health(page: Any, warming: Warming) -> Any:
    def health() -> dict[str, str]:
        return {"status": "ok", "models": warming.words(TEXTS["en"])[1]}

    page.add_api_route("/health", health)
    return page


def _theme(gr: Any) -> Any:
    theme = gr.themes.Base(primary_hue="red", neutral_hue="stone", font=FONTS, font_mono=["ui-monospace", "monospace"])
    return theme.set(
        body_background_fill="var(--paper)",
        body_text_color="var(--ink)",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        color_accent="var(--red)",
        slider_color="var(--red)",
        slider_color_dark="var(--red)",
        checkbox_background_color_selected="var(--red)",
        checkbox_background_color_selected_dark="var(--red)",
        checkbox_border_color_selected="var(--red)",
        checkbox_border_color_selected_dark="var(--red)",
        button_primary_background_fill="var(--red)",
        button_primary_background_fill_dark="var(--red)",
        button_primary_background_fill_hover="var(--red)",
        button_primary_background_fill_hover_dark="var(--red)",
        button_primary_text_color="var(--sheet)",
        button_primary_text_color_dark="var(--sheet)",
    )
