"""The page in a real browser: what one types is not lost, and the focus is where one goes on typing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, Pages, Visitor, tab

FIGURE = "首月日均车流量多少万辆？"
INVESTED = "大桥总投资多少亿元？"
BOX = "#question textarea"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flaky(reruns=2, only_rerun="TimeoutError"),  # a real browser on a busy machine is late at times
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium to drive"),
]


def caret(visitor: Visitor) -> tuple[str, int]:
    """The text of the question box and where the caret stands in it; fails while the focus is elsewhere."""
    visitor.page.wait_for_function(f"document.activeElement === document.querySelector('{BOX}')")
    return tuple(visitor.page.evaluate("[document.activeElement.value, document.activeElement.selectionStart]"))


def test_a_blank_question_leaves_the_conversation_as_it_is(visitor: Visitor) -> None:
    visitor.ask(FIGURE).locator(".cite").first.click()
    visitor.page.wait_for_selector('#source .source[data-open="asked"] mark.quote')
    for blank in ("", "\u3000 "):
        visitor.page.fill(BOX, blank)
        visitor.page.press(BOX, "Enter")
        visitor.page.wait_for_timeout(700)
    assert visitor.page.locator(".turn").count() == 1
    assert visitor.page.locator("#source mark.quote").count()
    visitor.ask(INVESTED)
    assert visitor.page.locator(".turn").count() == 2


@pytest.mark.slow
def test_a_question_sent_while_the_program_is_away_is_in_the_box_when_it_is_back(
    browser: Any, tmp_path: Path, pages: Pages
) -> None:
    address = pages.start(tmp_path / "library", "--samples")
    visitor = Visitor(browser, address)
    visitor.ask(FIGURE)
    pages.stop()
    visitor.page.fill(BOX, INVESTED)
    visitor.page.press(BOX, "Enter")
    visitor.page.wait_for_selector('#status-line[data-state="bad"]:has-text("连不上程序了")')
    visitor.page.wait_for_timeout(500)
    assert not any(toast.is_visible() for toast in visitor.page.locator(".toast-body").all())
    pages.start(tmp_path / "library", f"--port={address.rstrip('/').rsplit(':', 1)[1]}")
    visitor.page.wait_for_selector('#status-line[data-state="good"]')
    visitor.page.wait_for_function(f"document.querySelector('{BOX}').value === '{INVESTED}'")
    visitor.page.press(BOX, "Enter")
    assert visitor.reply(1).locator(".asked").text_content() == INVESTED
    visitor.close()


def test_what_was_typed_is_still_there_after_a_reload(visitor: Visitor) -> None:
    visitor.page.fill(BOX, INVESTED)
    visitor.load()
    visitor.page.wait_for_function(f"document.querySelector('{BOX}').value === '{INVESTED}'")
    visitor.page.fill(BOX, "")


def test_a_question_is_edited_in_the_box_at_once_and_given_up_with_escape(visitor: Visitor) -> None:
    visitor.ask(FIGURE)
    visitor.page.click('[data-act="edit"]')
    assert caret(visitor) == (FIGURE, len(FIGURE))
    visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_selector(".turn.dropped", state="detached")
    visitor.page.wait_for_function(f"document.querySelector('{BOX}').value === ''")


def test_the_question_that_was_searched_for_is_edited_in_the_box(visitor: Visitor) -> None:
    visitor.ask("芦江大桥首月日均车流量多少万辆？")
    turn = visitor.ask("它总投资多少亿元？")
    rewritten = turn.locator(".rewritten").evaluate("p => p.firstChild.textContent").split("：", 1)[1].strip()
    turn.locator('[data-act="rephrase"]').click()
    assert caret(visitor) == (rewritten, len(rewritten)) and "芦江大桥" in rewritten
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".turn.dropped", state="detached")
    assert visitor.reply(1).locator(".asked").text_content() == rewritten
    assert visitor.page.locator(".turn").count() == 2


@pytest.mark.slow
def test_a_name_is_written_in_its_row_and_given_up_with_escape(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1280, "height": 300})
    for _ in range(5):
        visitor.ask(INVESTED)
        visitor.page.click("#new")
        visitor.page.wait_for_selector(".welcome:visible")
    tab(visitor, "历史")
    row = visitor.page.locator("#past li").last
    name = row.locator("b").text_content()
    row.locator('[data-act="rename"]').click()
    field = visitor.page.locator("#past li.naming input")
    field.wait_for()
    assert field.input_value() == name
    assert field.evaluate("one => one === document.activeElement")
    box = field.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 300
    visitor.page.keyboard.press("Escape")
    field.wait_for(state="detached")
    visitor.page.wait_for_function("document.activeElement.dataset.act === 'rename'")
    row.locator('[data-act="rename"]').click()
    field.fill("关于投资")
    field.press("Enter")
    visitor.page.wait_for_selector("#past b:has-text('关于投资')")
    row.locator('[data-act="rename"]').click()
    visitor.page.click('#past [data-act="unname"]')
    field.wait_for(state="detached")


@pytest.mark.parametrize(("name", "list_"), [("文献", "sort"), ("检索", "document")])
def test_a_list_is_closed_and_opened_again_with_the_mouse(visitor: Visitor, name: str, list_: str) -> None:
    tab(visitor, name)
    field, options = visitor.page.locator(f"#{list_} input"), visitor.page.locator("[role=listbox]")
    field.click()
    options.wait_for()
    visitor.page.keyboard.press("Escape")
    options.wait_for(state="detached")
    field.click()
    options.wait_for()
    field.click()
    options.wait_for(state="detached")
    field.click()
    options.wait_for()
    visitor.page.get_by_role("option").last.click()
    options.wait_for(state="detached")


@pytest.mark.slow
def test_a_number_out_of_bounds_is_refused_and_the_old_one_stays(visitor: Visitor) -> None:
    tab(visitor, "设置")
    visitor.page.locator("#own-threshold input").uncheck()
    field = visitor.page.locator("#threshold input[type=number]")
    visitor.page.wait_for_function("!document.querySelector('#threshold input[type=number]').disabled")
    field.fill("0.4")
    field.press("Tab")
    visitor.page.wait_for_timeout(2000)  # until the page has said what 0.4 means, which writes the number again
    field.fill("5")
    visitor.page.locator("#passages input[type=number]").click()
    visitor.page.wait_for_selector("#alarm:has-text('这个数要在 0 和 1 之间；没有改，仍是 0.4')")
    visitor.page.wait_for_timeout(500)
    assert field.input_value() == "0.4"
    assert visitor.page.locator(".toast-body").count() == 0
