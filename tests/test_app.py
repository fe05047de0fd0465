"""The page in a real browser, over a library with the fakes. Nothing may leave this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rag.spans import squeeze

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIGURE = "首月日均车流量多少万辆？"
NOWHERE = "Xyzzy plugh?"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium to drive"),
]


def start(folder: Path, *options: str) -> tuple[subprocess.Popen[str], str]:
    """Start the page as a process; return it and its address."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "tests" / "fakes_page.py"), str(folder), *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, f"the page did not start: {line!r}"
    return process, found.group()


def stop(process: subprocess.Popen[str]) -> int:
    """Stop a page as Ctrl+C does; return its exit code."""
    process.terminate()
    try:
        code = process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if process.stdout is not None:
        process.stdout.close()
    return code


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if "DBG" in os.environ:
        yield os.environ["DBG"]
        return
    process, found = start(tmp_path_factory.mktemp("page") / "library", "--samples")
    yield found
    stop(process)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@dataclass
class Seen:
    """What a tab did besides showing the page."""

    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


class Visitor:
    """One browser context with one tab on the page."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.seen = Seen()
        options = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 800}} | options
        self.context = browser.new_context(**options)
        self.address = address
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.seen.complaints.append(str(error)))
        self.page.on("request", self._request)
        self.page.on("dialog", self._dialog)
        self.load()

    def load(self) -> None:
        """Load the page and wait until it can be used."""
        self.page.goto(self.address)
        self.page.wait_for_selector("#question textarea")
        self.page.wait_for_selector('#status-line[data-state="good"]')
        self.page.wait_for_selector(".welcome, .thread > .turn")

    def ask(self, question: str) -> Any:
        """Ask and return the turn with the reply."""
        before = self.page.locator(".turn .tools").count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        return self.reply(before)

    def reply(self, index: int) -> Any:
        """Wait for the reply of turn ``index`` (from 0)."""
        turn = self.page.locator(f'.turn[data-turn="{index}"]:has(> .tools)')
        turn.wait_for()
        self.page.wait_for_selector("#composer .submit-button")
        return turn

    def marked(self, pane: str = "restored") -> str:
        """Return the text marked as the quote in the source panel, without white space."""
        return squeeze("".join(self.page.locator(f'[data-pane="{pane}"] mark.quote').all_text_contents()))

    def close(self) -> None:
        self.context.close()

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.seen.complaints.append(f"{message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.seen.outside.append(request.url)

    def _dialog(self, dialog: Any) -> None:
        self.seen.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def visitor(browser: Any, address: str) -> Iterator[Visitor]:
    """A visitor; at the end nothing may have complained or left the machine."""
    visitor = Visitor(browser, address)
    yield visitor
    visitor.close()
    assert visitor.seen == Seen()


def test_an_answer_shows_the_short_answer_first_then_the_quote_with_it_marked(visitor: Visitor) -> None:
    turn = visitor.ask(FIGURE)
    assert turn.locator(".short").first.text_content().startswith("2.7万")
    quote = turn.locator(".evidence").first
    assert "首月日均车流量2.7万辆" in quote.text_content()
    assert quote.locator("mark").text_content() == "2.7万"
    assert "云泽日报" in quote.locator("footer").text_content()
    boxes = [turn.locator(name).first.bounding_box()["y"] for name in (".asked", ".short", ".evidence", ".tools")]
    assert boxes == sorted(boxes)


def test_clicking_a_citation_opens_the_article_with_the_quote_marked_and_in_view(visitor: Visitor) -> None:
    turn = visitor.ask(FIGURE)
    turn.locator(".short .cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    assert "芦江大桥通车首月" in visitor.page.locator(".source h3").text_content()
    quote = squeeze(turn.locator(".evidence p").first.text_content()).removesuffix("1")
    assert visitor.marked() == quote
    assert visitor.page.locator('[data-pane="restored"] mark.quote mark.answer').text_content() == "2.7万"
    view = visitor.page.locator(".views").bounding_box()
    mark = visitor.page.locator('[data-pane="restored"] mark.quote').bounding_box()
    assert view["y"] <= mark["y"] <= view["y"] + view["height"]


def test_the_raw_page_shows_the_same_characters_marked(visitor: Visitor) -> None:
    visitor.ask(FIGURE)
    restored = visitor.marked()
    visitor.page.click('[data-view="raw"]')
    assert visitor.page.locator('[data-pane="raw"]').is_visible()
    assert not visitor.page.locator('[data-pane="restored"]').is_visible()
    assert visitor.marked("raw") == restored
    view = visitor.page.locator(".views").bounding_box()
    mark = visitor.page.locator('[data-pane="raw"] mark.quote').bounding_box()
    assert view["y"] <= mark["y"] + mark["height"] and mark["y"] <= view["y"] + view["height"]


def test_a_refusal_says_so_and_offers_the_closest_passages_that_open(visitor: Visitor) -> None:
    turn = visitor.ask(NOWHERE)
    assert turn.locator(".short").text_content() == "The documents do not say."
    assert turn.locator(".cite").count() == 0
    assert turn.locator(".hit").count() == 3
    turn.locator(".hit").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"] mark.quote')
    snippet = squeeze(turn.locator(".hit span").first.text_content()).rstrip("…")
    assert visitor.marked().startswith(snippet[:20])


def test_the_page_speaks_the_browsers_language(browser: Any, address: str) -> None:
    for locale, said in (("zh-CN", "向文献提问"), ("en-GB", "Ask the documents"), ("fr-FR", "Ask the documents")):
        visitor = Visitor(browser, address, locale=locale)
        assert visitor.page.locator(".welcome h2").text_content() == said
        visitor.close()
        assert visitor.seen == Seen()


def test_the_conversation_is_still_there_after_a_reload_with_its_citations(visitor: Visitor) -> None:
    turn = visitor.ask(FIGURE)
    before = turn.locator(".reply").inner_html()
    visitor.load()
    turn = visitor.reply(0)
    assert turn.locator(".reply").inner_html() == before
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    assert "首月日均车流量2.7万辆" in visitor.marked()


def test_a_new_conversation_begins_empty(visitor: Visitor) -> None:
    visitor.ask(FIGURE)
    visitor.page.click("#new")
    visitor.page.wait_for_selector(".welcome")
    assert visitor.page.locator(".turn").count() == 0
    assert visitor.page.locator(".source").count() == 0


def test_two_visitors_do_not_see_each_others_conversations(browser: Any, address: str) -> None:
    one, two = Visitor(browser, address), Visitor(browser, address)
    one.ask(FIGURE)
    two.ask(NOWHERE)
    one.ask("大桥总投资多少亿元？")
    assert one.page.locator(".turn").count() == 2
    assert two.page.locator(".turn").count() == 1
    assert FIGURE not in two.page.locator("#thread").text_content()
    for visitor in (one, two):
        visitor.close()
        assert visitor.seen == Seen()


def test_a_question_is_edited_and_replaces_what_follows(visitor: Visitor) -> None:
    visitor.ask(FIGURE)
    visitor.ask(NOWHERE)
    visitor.page.locator('.turn[data-turn="0"] [data-act="edit"]').click()
    visitor.page.wait_for_selector(".turn.dropped")
    assert visitor.page.input_value("#question textarea") == FIGURE
    visitor.page.fill("#question textarea", "大桥总投资多少亿元？")
    visitor.page.press("#question textarea", "Enter")
    visitor.page.wait_for_selector('.turn[data-turn="0"]:has-text("大桥总投资"):has(> .tools)')
    assert visitor.page.locator(".turn").count() == 1


def test_retry_asks_the_same_question_again(visitor: Visitor) -> None:
    before = visitor.ask(FIGURE).locator(".reply").inner_html()
    visitor.page.click('[data-act="redo"]')
    visitor.page.wait_for_selector(".working", state="detached")
    turn = visitor.reply(0)
    assert turn.locator(".reply").inner_html() == before
    assert visitor.page.locator(".turn").count() == 1


def test_a_suggestion_is_a_question_that_is_asked_when_chosen(visitor: Visitor) -> None:
    visitor.page.wait_for_selector(".welcome .suggestion")
    question = visitor.page.locator(".suggestion").first.text_content()
    visitor.page.locator(".suggestion").first.click()
    turn = visitor.reply(0)
    assert turn.locator(".asked").text_content() == question
    assert turn.locator(".cite").count() > 0


def test_feedback_is_kept_on_the_reply(visitor: Visitor) -> None:
    turn = visitor.ask(FIGURE)
    turn.locator('[data-value="wrong_answer"]').click()
    visitor.page.wait_for_selector(".thanks")
    assert turn.locator('[data-value="wrong_answer"]').get_attribute("aria-pressed") == "true"
    turn.locator('[data-value="right"]').click()
    visitor.page.wait_for_selector('[data-value="right"][aria-pressed="true"]')
    assert turn.locator('[data-value="wrong_answer"]').get_attribute("aria-pressed") == "false"


def test_the_answer_is_copied_with_its_sources(browser: Any, address: str) -> None:
    visitor = Visitor(browser, address, permissions=["clipboard-read", "clipboard-write"])
    turn = visitor.ask(FIGURE)
    turn.locator(".tools [data-copy]").click()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("2.7万[1]")
    assert "[1] 《云泽日报》2025年8月14日，第1版，《芦江大桥通车首月" in copied
    visitor.page.click(".source [data-copy^='@article']")
    entry = visitor.page.evaluate("navigator.clipboard.readText()")
    assert entry.startswith("@article{yinju-") and "journaltitle = {云泽日报}" in entry
    visitor.close()
    assert visitor.seen == Seen()


def test_on_a_phone_the_source_is_a_sheet_that_opens_on_a_click_and_closes(browser: Any, address: str) -> None:
    visitor = Visitor(browser, address, viewport={"width": 390, "height": 844})
    turn = visitor.ask(FIGURE)
    assert not visitor.page.locator(".source").is_visible()
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector(".source", state="visible")
    box = visitor.page.locator(".source").bounding_box()
    assert box["x"] == 0 and box["width"] == 390 and box["y"] + box["height"] <= 845
    visitor.page.click(".source .close")
    visitor.page.wait_for_selector(".source", state="hidden")
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector(".source", state="visible")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    visitor.close()
    assert visitor.seen == Seen()


def test_the_page_is_used_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.page.keyboard.type(FIGURE)
    visitor.page.keyboard.press("Enter")
    visitor.reply(0)
    visitor.page.locator(".short .cite").first.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector('.source[data-open="asked"]')


HOSTILE = """<script>document.title='owned'</script> 雅鲁港 2031 年 <img src=x onerror="alert(1)"> 吞吐量 777 万吨
[click](javascript:alert(2)) $$\\href{javascript:alert(3)}{x}$$ ${7*7} {{7*7}} `</pre><b>bold</b>`

雅鲁港码头 \u202egnp.exe\u202c 新增泊位 55 个 " onmouseover="alert(4)" x="

"""


@pytest.mark.parametrize("tail", ["", "很长" * 5000], ids=["tricks", "long line"])
def test_a_hostile_document_is_shown_and_does_nothing(visitor: Visitor, tmp_path: Path, tail: str) -> None:
    name = f"evil{len(tail)}.txt"
    (tmp_path / name).write_text(HOSTILE + tail, "utf-8")
    visitor.page.set_input_files("#ask-buttons input[type=file]", str(tmp_path / name))
    visitor.page.wait_for_selector(f".note:has-text('{name}')")
    turn = visitor.ask("雅鲁港码头新增泊位")
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    visitor.page.click('[data-view="raw"]')
    raw = visitor.page.locator('[data-pane="raw"] pre').text_content()
    assert "<script>document.title='owned'</script>" in raw and "${7*7} {{7*7}}" in raw
    assert "U+202E" in raw and "\u202e" not in raw
    assert visitor.page.locator("#source img, #thread img, #source script, #thread a").count() == 0
    assert visitor.page.title() != "owned"
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_hostile_question_is_shown_as_typed(visitor: Visitor) -> None:
    question = "<img src=x onerror=alert(1)> ${1+1} {{1+1}} **b** \u202eabc"
    turn = visitor.ask(question)
    assert turn.locator(".asked").text_content() == question.replace("\u202e", "U+202E")
    assert visitor.page.locator("#thread img").count() == 0


def test_files_that_cannot_be_read_are_named_with_the_reason(visitor: Visitor, tmp_path: Path) -> None:
    good, bad = tmp_path / "新闻.txt", tmp_path / "empty.txt"
    good.write_text("云岭茶厂今年产茶 312 吨。\n", "utf-8")
    bad.write_bytes(b"")
    visitor.page.set_input_files("#ask-buttons input[type=file]", [str(good), str(bad)])
    note = visitor.page.locator(".note:has-text('新闻.txt: 已添加')")
    note.wait_for()
    assert "empty.txt: 没有添加" in note.text_content()
    turn = visitor.ask("云岭茶厂今年产茶多少吨？")
    assert "312" in turn.locator(".evidence").first.text_content()


def test_history_survives_a_restart_and_the_page_stops_gracefully(browser: Any, tmp_path: Path) -> None:
    process, address = start(tmp_path / "library", "--samples")
    visitor = Visitor(browser, address)
    visitor.ask(FIGURE)
    state = visitor.context.storage_state()
    visitor.close()
    assert stop(process) in (0, -15)
    process, again = start(tmp_path / "library")
    state["origins"] = [{**origin, "origin": again.rstrip("/")} for origin in state["origins"]]
    visitor = Visitor(browser, again, storage_state=state)
    turn = visitor.reply(0)
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    assert "首月日均车流量2.7万辆" in visitor.marked()
    visitor.close()
    stop(process)


def test_an_empty_library_says_what_to_do(browser: Any, tmp_path: Path) -> None:
    process, address = start(tmp_path / "library")
    visitor = Visitor(browser, address)
    assert "添加文献" in visitor.page.locator(".welcome").text_content()
    turn = visitor.ask("有什么新闻？")
    assert "还没有添加任何文献" in turn.locator(".short").text_content()
    visitor.close()
    stop(process)
