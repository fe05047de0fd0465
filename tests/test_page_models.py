"""The page as a user starts it, with the built-in models, in a real browser and without a network."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, Seen, Visitor, opens_its_characters, start, stop

from eval.formats import load_set
from samples import pages_folder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium to drive"),
]
LOAD = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))  # how many programs share a core: times are read beside it


@pytest.fixture(scope="module")
def visitor(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """One visitor of a page with the sample papers, from its first second to its end."""
    began = time.perf_counter()
    process, address = start(tmp_path_factory.mktemp("models") / "library", "--samples", models=True)
    visitor = Visitor(browser, address, wait=False)
    visitor.page.wait_for_selector("#draft")
    visitor.opened = time.perf_counter() - began  # type: ignore[attr-defined]
    visitor.page.wait_for_selector("#question textarea", timeout=120_000 * LOAD)
    visitor.page.wait_for_selector('#status-line[data-state="good"]', timeout=120_000 * LOAD)
    yield visitor
    visitor.close()
    assert visitor.seen == Seen()
    assert stop(process) in (0, -15)


def test_a_question_can_be_written_within_three_seconds(visitor: Visitor) -> None:
    assert visitor.opened < 3 * LOAD  # type: ignore[attr-defined]


def test_twenty_citations_of_true_answers_open_their_very_characters(visitor: Visitor) -> None:
    texts = {path.name: path.read_text("utf-8") for path in Path(pages_folder()).iterdir() if path.suffix == ".txt"}
    asked = [
        one for one in load_set("builtin").questions if one.answerable and one.language == "zh" and one.dialogue is None
    ]
    places, times = [], []
    for question in asked[::5]:
        before = time.perf_counter()
        turn = visitor.ask(question.text)
        times.append(time.perf_counter() - before)
        for evidence in turn.locator(".evidence").all():
            places.append(opens_its_characters(visitor, evidence, texts))
        if len(places) >= 20:
            break
    assert len(places) >= 20 and len(set(places)) >= 15
    assert statistics.median(times) < 1.0 * LOAD  # the whole answer, warm


def test_a_question_the_papers_do_not_answer_is_refused_with_the_closest_passages(visitor: Visitor) -> None:
    turn = visitor.ask("火星基地的第一任站长是谁？")
    assert turn.locator(".refused").count() == 1
    assert turn.locator(".cite").count() == 0 and turn.locator(".hit").count() > 0
