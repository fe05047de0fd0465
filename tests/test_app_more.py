"""The page in a real browser: files and folders, stopping, exports, runs, settings, and what outlives a restart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, Pages, Seen, Visitor, tab
from fakes_page import SLOW

from eval.formats import load_set
from eval.records import Fault, Outcome, Run, Scores
from eval.runs import save
from page.adding import MOST_BYTES

FIGURE = "首月日均车流量多少万辆？"
INVESTED = "大桥总投资多少亿元？"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flaky(reruns=2, only_rerun="TimeoutError"),  # a real browser on a busy machine is late at times
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium to drive"),
]


def drop(visitor: Visitor, *paths: Path) -> None:
    """Drop files or folders onto the middle of the page, as the system does."""
    session = visitor.context.new_cdp_session(visitor.page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 400, "data": data})
        if kind == "dragOver":
            visitor.page.wait_for_selector("#veil.on")
    visitor.page.wait_for_selector("#veil:not(.on)", state="attached")


def test_a_folder_dropped_anywhere_is_added_with_what_can_be_read(visitor: Visitor, tmp_path: Path) -> None:
    inside = tmp_path / "拖来的" / "里层"
    inside.mkdir(parents=True)
    for i in range(3):
        (inside / f"拖放{i}.txt").write_text(f"白石县第{i}区今年修渠 {60 + i} 公里。\n", "utf-8")
    (inside / "program.exe").write_bytes(b"MZ")
    (inside.parent / "拖放空.txt").write_bytes(b"")
    drop(visitor, inside.parent)
    note = visitor.page.locator("#added .note:has-text('已添加 3')")
    note.wait_for()
    said = note.text_content()
    assert "没有添加 1" in said and "拖放空.txt: 没有添加: 文件是空的" in said and "program.exe" not in said
    turn = visitor.ask("白石县第2区今年修渠多少公里？")
    assert "62" in turn.locator(".evidence").first.text_content()
    visitor.page.click("#added .dismiss")
    visitor.page.wait_for_selector("#added .note", state="detached")


def test_a_folder_without_anything_readable_is_told_so(visitor: Visitor, tmp_path: Path) -> None:
    inside = tmp_path / "程序们"
    inside.mkdir()
    (inside / "program.exe").write_bytes(b"MZ")
    drop(visitor, inside)
    visitor.page.locator("#alarm:has-text('这个文件夹里没有读得了的文件')").wait_for()
    tab(visitor, "文献")
    visitor.page.set_input_files("input[type=file][webkitdirectory]", str(inside))
    visitor.page.locator("#library-note .note:has-text('读得了的格式：txt')").wait_for()
    assert "没有添加" in visitor.page.text_content("#library-note")


def test_what_cannot_be_read_is_refused_in_the_language_of_the_page(visitor: Visitor, tmp_path: Path) -> None:
    program, text = tmp_path / "程序.exe", tmp_path / "看得懂.txt"
    program.write_bytes(b"MZ")
    text.write_text("黑水镇有 7 座桥。\n", "utf-8")
    tab(visitor, "文献")
    drop(visitor, program, text)
    note = visitor.page.locator("#library-note .note:has-text('看得懂.txt: 已添加')")
    note.wait_for()
    assert "程序.exe: 没有添加: 读不了 .exe 文件；可以添加 " in note.text_content()


def test_a_file_over_the_limit_is_named_and_not_sent(visitor: Visitor, tmp_path: Path) -> None:
    large, small = tmp_path / "太大.txt", tmp_path / "不大.txt"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    small.write_text("红叶乡有 9 口井。\n", "utf-8")
    visitor.page.set_input_files("#ask-buttons input[type=file]", [str(large), str(small)])
    visitor.page.wait_for_selector("#alarm:has-text('太大.txt：超过 256 MB')")
    note = visitor.page.locator("#added .note:has-text('不大.txt: 已添加')")
    note.wait_for()
    assert "太大" not in note.text_content()
    visitor.page.click("#alarm button")
    assert visitor.page.locator("#alarm").text_content() == ""


def test_a_question_asked_while_files_are_added_keeps_its_answer(visitor: Visitor, tmp_path: Path) -> None:
    paths = [tmp_path / f"同时{i}.txt" for i in range(12)]
    for i, path in enumerate(paths):
        path.write_text(f"青山村第{i}组有 {i} 头牛。\n" * 40, "utf-8")
    visitor.page.set_input_files("#ask-buttons input[type=file]", [str(path) for path in paths])
    turn = visitor.ask(FIGURE)
    visitor.page.wait_for_selector("#added .note:has-text('已添加 12')")
    assert turn.locator(".short").first.text_content().startswith("2.7万")
    assert visitor.page.locator(".turn").count() == 1


def test_the_documents_are_sorted_as_chosen(visitor: Visitor) -> None:
    tab(visitor, "文献")
    visitor.page.fill("#filter textarea, #filter input", "yunze")
    visitor.page.wait_for_function("document.querySelectorAll('#documents li').length === 3")

    def listed() -> list[str]:
        return [re.sub(r"\.txt.*", "", text) for text in visitor.page.locator("#documents b").all_text_contents()]

    assert listed() == ["yunze-2025-08-14-p2", "yunze-2025-08-14-p1", "yunze-2024-08-15"]
    visitor.page.click("#sort input")
    visitor.page.get_by_role("option", name="按名称排").click()
    visitor.page.wait_for_selector("#documents li:first-child b:has-text('yunze-2024-08-15')")
    assert listed() == ["yunze-2024-08-15", "yunze-2025-08-14-p1", "yunze-2025-08-14-p2"]
    assert visitor.page.locator("#library-facts .bars .bar").count() >= 2


def test_words_typed_the_moment_a_tab_opens_are_searched(visitor: Visitor) -> None:
    visitor.page.get_by_role("tab", name="检索", exact=True).click()
    visitor.page.fill("#search textarea", "大桥")
    visitor.page.press("#search textarea", "Enter")
    visitor.page.wait_for_selector("#found .found li")
    assert visitor.page.input_value("#search textarea") == "大桥"


def test_a_conversation_is_exported_in_three_formats_and_verdicts_as_questions(
    visitor: Visitor, tmp_path: Path
) -> None:
    turn = visitor.ask(INVESTED)
    turn.locator('[data-value="right"]').click()
    visitor.page.wait_for_selector(".thanks")
    tab(visitor, "历史")
    row = visitor.page.locator(f"#past li:has-text('{INVESTED}')").first
    row.wait_for()
    found = {}
    for kind in ("md", "html", "json"):
        with visitor.page.expect_download() as download:
            row.locator(f'[data-value^="{kind}:"]').click()
        assert download.value.suggested_filename.endswith(f".{kind}")
        found[kind] = Path(download.value.path()).read_text("utf-8")
    assert found["md"].startswith(f"# {INVESTED}") and "云泽日报" in found["md"]
    assert "<script" not in found["html"] and f"<h2>{INVESTED}</h2>" in found["html"]
    (message,) = json.loads(found["json"])["messages"]
    assert message["reply"]["citations"][0]["quote"] in found["md"].replace("\\", "")
    with visitor.page.expect_download() as download:
        visitor.page.locator('#given [data-act="save"]').click()
    kept = tmp_path / "feedback.jsonl"
    kept.write_bytes(Path(download.value.path()).read_bytes())
    questions = load_set(str(kept)).questions
    assert any(question.text == INVESTED for question in questions)


@pytest.mark.slow
def test_stopping_gives_the_question_back_and_the_next_one_is_answered(
    browser: Any, tmp_path: Path, pages: Pages
) -> None:
    address = pages.start(tmp_path / "library", "--samples", f"--read={tmp_path / 'go'}")
    visitor = Visitor(browser, address, wait=False)
    visitor.page.wait_for_selector("#question textarea")
    visitor.page.fill("#question textarea", INVESTED)
    visitor.page.press("#question textarea", "Enter")
    visitor.page.wait_for_selector(".working")
    visitor.page.click("#composer .stop-button")
    visitor.page.wait_for_selector(".note:has-text('已停止')")
    assert visitor.page.input_value("#question textarea") == INVESTED
    visitor.page.fill("#question textarea", FIGURE)
    visitor.page.press("#question textarea", "Enter")  # at once: the stopped question is still being read
    visitor.page.wait_for_selector(f".turn:has(.working):has-text('{FIGURE}')")
    (tmp_path / "go").touch()
    turn = visitor.reply(0)
    assert turn.locator(".short").first.text_content().startswith("2.7万")
    assert turn.locator(".asked").text_content() == FIGURE
    assert visitor.page.locator(".turn").count() == 1
    visitor.close()
    assert visitor.seen == Seen()


@pytest.mark.slow
def test_a_question_sent_twice_is_asked_once_and_what_is_typed_meanwhile_stays(
    browser: Any, tmp_path: Path, pages: Pages
) -> None:
    address = pages.start(tmp_path / "library", "--samples", f"--read={tmp_path / 'go'}")
    visitor = Visitor(browser, address, wait=False)
    visitor.page.wait_for_selector("#question textarea")
    visitor.page.fill("#question textarea", FIGURE)
    visitor.page.press("#question textarea", "Enter")
    visitor.page.press("#question textarea", "Enter")
    visitor.page.wait_for_selector(".working")
    visitor.page.wait_for_function("document.querySelector('#question textarea').value === ''")
    visitor.page.fill("#question textarea", INVESTED)
    (tmp_path / "go").touch()
    visitor.reply(0)
    assert visitor.page.input_value("#question textarea") == INVESTED
    visitor.page.press("#question textarea", "Enter")
    turn = visitor.reply(1)
    assert turn.locator(".asked").text_content() == INVESTED
    assert visitor.page.locator(".turn").count() == 2
    visitor.close()
    assert visitor.seen == Seen()


@pytest.mark.slow
def test_a_tab_closed_while_its_files_are_added_does_not_keep_others_from_adding(
    browser: Any, tmp_path: Path, pages: Pages
) -> None:
    for name, text in (("慢", f"{SLOW}的村里有 5 口井。"), ("快", "白塔村有 6 口井。"), ("再快", "黑塔村有 7 口井。")):
        (tmp_path / f"{name}.txt").write_text(f"{text}\n", "utf-8")
    address = pages.start(tmp_path / "library", "--samples", f"--embed={tmp_path / 'go'}")
    visitor = Visitor(browser, address)
    visitor.page.set_input_files("#ask-buttons input[type=file]", str(tmp_path / "慢.txt"))
    visitor.page.wait_for_selector("#added .note:has-text('正在读：慢.txt')")
    visitor.close()
    visitor = Visitor(browser, address)
    for name in ("快", "再快"):
        visitor.page.set_input_files("#ask-buttons input[type=file]", str(tmp_path / f"{name}.txt"))
    visitor.page.wait_for_selector("#added .note:has-text('正在添加别的文件')")
    assert visitor.ask(FIGURE).locator(".short").first.text_content().startswith("2.7万")
    (tmp_path / "go").touch()
    visitor.page.wait_for_selector("#added .note:has-text('再快.txt: 已添加')")
    visitor.page.wait_for_function("document.querySelectorAll('#added .outcomes').length === 2")
    said = visitor.page.locator("#added .note").text_content()
    assert "快.txt: 已添加" in said and "再快.txt: 已添加" in said
    tab(visitor, "文献")
    visitor.page.wait_for_selector("#documents b:has-text('慢')")
    visitor.close()
    assert visitor.seen == Seen()


@pytest.mark.slow
def test_an_open_tab_goes_on_after_the_program_was_started_again(browser: Any, tmp_path: Path, pages: Pages) -> None:
    address = pages.start(tmp_path / "library", "--samples")
    visitor = Visitor(browser, address)
    visitor.ask(FIGURE)
    assert pages.stop() in ([0], [-15])
    again = pages.start(tmp_path / "library", f"--port={address.rstrip('/').rsplit(':', 1)[1]}")
    assert again == address
    visitor.page.wait_for_function("fetch('health').then(r => r.ok).catch(() => false)")
    visitor.page.locator('.turn[data-turn="0"] .cite').first.click()
    visitor.page.wait_for_selector('#source .source[data-open="asked"] mark.quote')
    visitor.ask(INVESTED)
    assert visitor.page.locator(".turn").count() == 2
    visitor.close()


@pytest.mark.slow
def test_runs_are_read_question_by_question_and_compared(browser: Any, tmp_path: Path, pages: Pages) -> None:
    runs = tmp_path / "runs"
    for name, short in (("before", "错的<b>"), ("after", "2.7万")):
        written_run(runs / name, short)
    address = pages.start(tmp_path / "library", runs=runs)
    visitor = Visitor(browser, address)
    tab(visitor, "评测")
    visitor.page.wait_for_selector("#report iframe")
    for box, chosen in (
        ("run-view", "逐题查看"),
        ("run", "after"),
        ("other-run", "before"),
        ("kind", "与另一次不同的"),
    ):
        visitor.page.click(f"#{box} input")
        visitor.page.locator(f"#{box}").get_by_role("option", name=chosen, exact=True).click()
    visitor.page.wait_for_selector("#report .case:has-text('2.7万')")
    visitor.page.wait_for_selector("#report .label:has-text('1 题（共 2 题）')")
    case = visitor.page.locator("#report .case")
    case.locator("summary").click()
    assert "2.7万" in case.text_content() and "错的<b>" in case.text_content()
    assert [badge.text_content() for badge in case.locator("summary b").all()] == ["正确", "读到但答错"]
    tab(visitor, "设置")
    visitor.page.wait_for_selector("#models:has-text('占磁盘')")
    assert "误答 1/1" in visitor.page.locator("#rates").text_content()
    visitor.close()
    assert visitor.seen == Seen()


def written_run(folder: Path, short: str) -> None:
    """Write a run of two questions, of which ``short`` answers one; the other has no answer."""

    def outcome(name: str, asked: str, given: str, answers: tuple[str, ...], fault: Fault) -> Outcome:
        scores = Scores(exact=float(not fault), f1=float(not fault), fault=fault)
        return Outcome(
            id=name,
            question=asked,
            language="zh",
            kind="number",
            answerable=bool(answers),
            near_miss=False,
            answers=answers,
            dialogue=None,
            standalone=asked,
            text=given,
            short=given,
            abstained=False,
            confidence=0.9,
            citations=(),
            hits=(),
            qrels={},
            scores=scores,
        )

    outcomes = (
        outcome("q1", FIGURE, short, ("2.7万",), "" if short == "2.7万" else "read but wrong"),
        outcome("q2", "火星呢？", "有", (), "answered the unanswerable"),
    )
    run = Run("yinju", "s", "f", {}, {"reader": "likest@1"}, outcomes, (), {}, {})
    save(run, folder)
