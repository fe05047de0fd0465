"""Small pieces that every tab uses: an HTML panel with the page's script, the status line, the user."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from page import adding, source_panel
from page.chat import Chat
from page.markup import attribute, show
from page.texts import Texts
from page.warming import Warming
from rag.loading import ARCHIVE, LOADERS

# For events that belong to the page alone: no spinner, not in the API.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# For adding files: another lot may be sent while one is added, and is added after it.
ADDING: dict[str, Any] = {
    "trigger_mode": "multiple",
    "concurrency_id": "add",
    "concurrency_limit": adding.AT_ONCE,
    **QUIET,
}
_FOLDER = Path(__file__).parent


def panel(value: str, name: str) -> gr.HTML:
    """Return an HTML panel whose buttons become events (see ``panel.js``)."""
    script = (_FOLDER / "panel.js").read_text("utf-8")
    return gr.HTML(value, js_on_load=script, elem_id=name, apply_default_css=False)


def source(chat: Chat, name: str) -> gr.HTML:
    """Return a source panel, empty at first, that shows the picture of a page when it is asked for."""
    made = panel(source_panel.empty(chat.texts), name)

    def picture(event: gr.EventData) -> str:
        return chat.picture(str(event.value))

    made.picture(picture, None, made, **QUIET)
    return made


def head(words: Texts, warm: Warming) -> gr.HTML:
    """Show the name of the page and return its status line."""
    with gr.Row(elem_id="head"):
        gr.HTML(
            f'<h1 class="name">{show(words.title)}</h1><span class="tagline">{show(words.tagline)}</span>',
            apply_default_css=False,
            elem_id="name",
        )
        return gr.HTML(status_line(words, warm), elem_id="status", apply_default_css=False)


def status_line(words: Texts, warm: Warming) -> str:
    """Return what is going on, as HTML."""
    state, said = warm.words(words)
    return f'<span id="status-line" role="status" data-state="{attribute(state)}">{show(said)}</span>'


def dropping(words: Texts) -> str:
    """Return the script that takes files and folders dropped anywhere on the page."""
    return _script(
        "drop.js",
        {
            "SUFFIXES": [*LOADERS, ARCHIVE],
            "LIMIT": adding.MOST_BYTES,
            "DROP_HERE": words.drop_here,
            "TOO_LARGE": words.too_large.format("{}", adding.MOST_BYTES >> 20),
            "NOTHING": nothing_readable(words),
            "CLOSE": words.close,
        },
    )


def nothing_readable(words: Texts) -> str:
    """Return what is said of a folder in which no file can be read."""
    return words.nothing_readable.format(" ".join(suffix.lstrip(".") for suffix in (*LOADERS, ARCHIVE)))


def connection(words: Texts) -> str:
    """Return the script that says when the program cannot be reached, and loses no question by it."""
    return _script("connection.js", {"LOST": words.lost})


def fields(words: Texts) -> str:
    """Return the script that mends the fields of all tabs."""
    return _script("fields.js", {"BOUNDS": words.out_of_bounds})


def _script(name: str, values: Mapping[str, object]) -> str:
    """Return a script of this folder, the words in capitals filled in."""
    lines = (_FOLDER / name).read_text("utf-8").splitlines()
    script = "\n".join(line for line in lines if not line.startswith("//"))
    return re.sub("|".join(values), lambda found: json.dumps(values[found[0]]), script.strip())


def note(said: str, close: str = "") -> str:
    """Return what happened (HTML) as a note; with a button that takes it away when ``close`` names one."""
    button = f'<button type="button" class="plain dismiss" data-dismiss="1" aria-label="{attribute(close)}">×</button>'
    return f'<div class="note" role="status">{button if close else ""}{said}</div>'


def or_nothing(steps: Iterator[tuple[Any, ...]], outputs: int) -> Iterator[tuple[Any, ...]]:
    """Yield what ``steps`` do, and when that is nothing, that every output stays as it is.

    Of a handler that ends without yielding anything Gradio empties all its outputs.
    """
    said = False
    for step in steps:
        said = True
        yield step
    if not said:
        yield (gr.skip(),) * outputs


def owner_of(request: gr.Request) -> str:
    """Return the name of the user who is logged in, empty when nobody has to be."""
    return str(request.username or "")


def tab_of(request: gr.Request) -> str:
    """Return what tells the browser tab from all others."""
    return str(request.session_hash or "")
