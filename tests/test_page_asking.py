"""Questions under way and files being added: stopped, sent twice, in turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes_page import LikestSentence
from test_page import FIGURE, ZH, chat, visible

from page import adding, asking
from page.asking import Asked
from page.chat import Chat
from page.session import Session
from rag.records import AddReport

__all__ = ["chat"]  # a fixture


def test_a_question_being_answered_stays_however_the_conversation_is_drawn(chat: Chat) -> None:
    first, *_, last = chat.ask(FIGURE, Session(), "")
    assert FIGURE in visible(chat.view(first.session)) and last.session.asking == ""
    assert chat.edit(0, replace(last.session, asking="还有呢？"))[1] == ""
    stopped = chat.stopped(first.session)
    assert stopped.unasked == FIGURE and stopped.session == Session()


def test_a_stopped_question_ends_at_once_while_its_answer_is_still_worked_out(chat: Chat, tmp_path: Path) -> None:
    chat.library._reader = LikestSentence(tmp_path / "never")
    run = chat.asking.begin("tab", FIGURE)
    assert run is not None
    steps = chat.ask(FIGURE, Session(), "", run)
    assert ZH.searching in next(steps).thread and "段落" in visible(next(steps).thread)
    assert chat.asking.begin("tab", "另一个问题？") is None
    assert chat.asking.stop("tab") and not chat.asking.stop("tab")
    (last,) = steps
    assert last.unasked == FIGURE and ZH.stopped in last.thread and last.session == Session()
    assert chat.asking.begin("tab", FIGURE) is not None
    assert chat.history.conversations("") == []
    (tmp_path / "never").touch()


def test_a_question_dropped_silently_says_nothing_more(chat: Chat) -> None:
    run = Asked()
    steps = chat.ask(FIGURE, Session(), "", run)
    next(steps)
    run.stop(silently=True)
    assert list(steps) == []


def test_what_goes_wrong_in_an_answer_is_raised_where_it_is_waited_for() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("disk")

    steps = Asked().steps(broken())
    assert next(steps) == 1
    with pytest.raises(OSError, match="disk"):
        next(steps)


def test_the_same_question_sent_twice_within_a_moment_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [5.0]
    monkeypatch.setattr(asking.time, "monotonic", lambda: now[0])
    tabs = asking.Asking()
    first = tabs.begin("a", "问？")
    assert first is not None and tabs.begin("b", "问？") is not None
    first.end()
    now[0] += asking.TWICE / 2
    assert tabs.begin("a", "问？") is None
    other = tabs.begin("a", "另问？")
    assert other is not None and first.dropped and not other.dropped
    other.end()
    now[0] += asking.TWICE
    assert tabs.begin("a", "另问？") is not None


def test_after_starting_over_the_same_question_may_be_asked_at_once() -> None:
    tabs = asking.Asking()
    first = tabs.begin("a", "问？")
    assert first is not None
    first.end()
    tabs.stop("a", silently=True)
    assert tabs.begin("a", "问？") is not None


def test_no_more_questions_are_worked_on_at_once_than_there_is_room_for() -> None:
    tabs, go = asking.Asking(), threading.Event()
    begun: list[int] = []

    def answer(number: int) -> Iterator[int]:
        begun.append(number)
        go.wait()
        yield number

    asked = [tabs.begin(str(number), "问？") for number in range(asking.AT_ONCE + 2)]
    with ThreadPoolExecutor(len(asked)) as pool:
        found = [pool.submit(list, run.steps(answer(number))) for number, run in enumerate(asked) if run is not None]
        assert tabs.stop("0")
        assert found[0].result(10) == []
        go.set()
        assert [one.result(10) for one in found[1:]] == [[number] for number in range(1, len(asked))]
    assert len(begun) >= len(asked) - 1


def test_files_added_while_others_are_wait_for_their_turn_and_both_are_reported(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("一", "二"):
        (tmp_path / f"{name}.txt").write_text(f"{name}号井深 30 米。\n", "utf-8")
    held, go, add = threading.Event(), threading.Event(), chat.library.add

    def slow(paths: Any, progress: Any) -> AddReport:
        if not held.is_set():
            held.set()
            go.wait()
        return add(paths, progress)

    monkeypatch.setattr(chat.library, "add", slow)
    tab = adding.Additions()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: list(tab.told(adding.add(chat.library, ZH, [str(tmp_path / "一.txt")]))))
        assert held.wait(10)
        second = tab.told(adding.add(chat.library, ZH, [str(tmp_path / "二.txt")]))
        assert ZH.adding_waits in next(second)
        go.set()
        first.result(10)
    *_, last = second
    assert "一.txt: 已添加" in visible(last) and "二.txt: 已添加" in visible(last) and ZH.adding_waits not in last
    *_, third = tab.told(adding.add(chat.library, ZH, [str(tmp_path / "二.txt")]))
    assert "二.txt: 没有变化" in visible(third) and "一.txt" not in third


def test_removing_a_document_while_files_are_added_says_that_it_waits(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "一.txt").write_text("一号井深 30 米。\n", "utf-8")
    document = chat.library.documents()[0].id
    held, go, add = threading.Event(), threading.Event(), chat.library.add

    def slow(paths: Any, progress: Any) -> AddReport:
        held.set()
        go.wait()
        return add(paths, progress)

    monkeypatch.setattr(chat.library, "add", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: list(adding.add(chat.library, ZH, [str(tmp_path / "一.txt")])))
        assert held.wait(10)
        removal = adding.remove(chat.library, ZH, document)
        assert ZH.adding_waits in next(removal)
        assert document in [one.id for one in chat.library.documents()]
        go.set()
        first.result(10)
    *_, last = removal
    assert "已从库中移除" in visible(last)
    assert document not in [one.id for one in chat.library.documents()]
    *_, gone = adding.remove(chat.library, ZH, document)
    assert visible(gone) and document not in [one.id for one in chat.library.documents()]
