"""What the handlers of the page give Gradio, called without a browser: among others, that none ends without a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from test_app_more import written_run
from test_page import FIGURE, ZH, chat, run_apart

import app
from page.chat import Chat
from page.evaluation_tab import QUESTIONS, REPORT
from page.outcomes import CHANGED, WRONG
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


def test_the_question_that_was_searched_for_is_given_to_be_edited(page: Page) -> None:
    *_, first = page.chat.ask("芦江大桥首月日均车流量多少万辆？", Session(), "")
    *_, shown = page.chat.ask("它总投资多少亿元？", first.session, "")
    asked, searched = shown.session.messages[1].question, shown.session.messages[1].reply.question
    assert "芦江大桥" in searched and 'data-act="rephrase" data-turn="1"' in shown.thread
    ((thread, session, box),) = page.steps("rephrase", shown.session, "", page.request, turn=1)
    assert session.editing == 1 and box.value == searched != asked and "turn dropped" in thread
    ((_, again, box),) = page.steps("rephrase", session, "", page.request, turn=1)
    assert again.editing == 1 and box.value == searched
    ((_, given_up, box),) = page.steps("edit", session, "", page.request, turn=1)
    assert given_up.editing is None and box.value == ""


def test_the_name_of_a_conversation_is_written_in_its_row(page: Page) -> None:
    page.chat.history.append(None, FIGURE, page.chat.library.answer(FIGURE), "")
    (talk,) = page.chat.history.conversations("")
    (rows,) = page.steps("begin_rename", page.request, value=str(talk.id))
    assert f'value="{FIGURE}"' in rows and 'data-act="unname"' in rows and 'data-act="rename"' not in rows
    assert page.steps("rename", page.request, value=str(talk.id), text="  ") == [SKIPPED]
    (rows,) = page.steps("rename", page.request, value=str(talk.id), text="关于<桥>")
    assert "关于&lt;桥&gt;" in rows and "naming" not in rows
    (rows,) = page.steps("begin_rename", page.request, value=str(talk.id))
    assert 'value="关于&lt;桥&gt;"' in rows
    assert "naming" not in page.steps("end_rename", page.request)[0]


def test_the_evaluation_tab_is_there_before_any_run_and_says_how_to_make_one(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINJU_RUNS", str(tmp_path / "runs"))
    tabs = {block.id: block.visible for block in page.blocks.blocks.values() if isinstance(block, gr.Tab)}
    assert tabs["evaluation"] is True
    _, (*_, report, _) = page.steps("opened", None, "", REPORT, WRONG, None)[-2:]
    assert f"yinju eval --out {tmp_path / 'runs'}" in report
    written_run(tmp_path / "runs" / "mine", "2.7万")
    *_, (_, _, report, _) = page.steps("opened", None, "", REPORT, WRONG, None)
    assert "iframe" in report
    (_, said) = page.steps("changed", "mine", "", QUESTIONS, CHANGED)
    assert ZH.choose_other in said
