"""What the handlers of the page give Gradio, called without a browser: among others, that none ends without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from test_page import FIGURE, chat, run_apart

import app
from page.chat import Chat
from page.panels import or_nothing
from page.quick_gradio import only_mounted
from page.session import Session

__all__ = ["chat"]  # a fixture
SKIPPED = gr.skip()


class Page:
    """The handlers of a page by name, called without a browser."""

    def __init__(self, chat: Chat, language: str = "zh") -> None:
        self.chat = chat

        async def build() -> gr.Blocks:  # with a running event loop, else Gradio makes several and closes none
            return app.build(chat.library, language)

        with only_mounted():
            self.blocks = run_apart(build())
        self.request = gr.Request(username="", session_hash="tab")

    def handlers(self, name: str) -> list[Any]:
        return [fn for fn in self.blocks.fns.values() if getattr(fn.fn, "__name__", "") == name]

    def steps(self, name: str, *given: Any, **event: Any) -> list[Any]:
        """Call a handler as Gradio does; return all that it gives, however it gives it."""
        handler = self.handlers(name)[0].fn
        data = gr.EventData(None, event)
        found = handler(*given, *([data] if event else []))
        return list(found) if isinstance(found, Iterator) else [found]


@pytest.fixture
def page(chat: Chat) -> Page:
    return Page(chat)


def test_a_blank_question_changes_nothing(page: Page) -> None:
    for handler in page.handlers("ask"):
        for blank in ("", " ", "\u3000", "\n\n", "\t \n"):
            assert list(handler.fn(blank, Session(), "", page.request)) == [(SKIPPED,) * len(handler.outputs)]


def test_a_question_sent_while_another_is_answered_or_of_no_turn_changes_nothing(page: Page) -> None:
    first = page.handlers("ask")[0]
    answering = first.fn(FIGURE, Session(), "", page.request)
    next(answering)
    assert list(first.fn("另一个问题？", Session(), "", page.request)) == [(SKIPPED,) * 5]
    assert FIGURE in list(answering)[-1][0]
    assert page.steps("again", Session(), "", page.request, turn=9) == [(SKIPPED,) * 5]


def test_whatever_yields_nothing_is_made_to_say_that_all_stays() -> None:
    assert list(or_nothing(iter(()), 2)) == [(SKIPPED, SKIPPED)]
    assert list(or_nothing(iter([(1, 2), (3, 4)]), 2)) == [(1, 2), (3, 4)]
