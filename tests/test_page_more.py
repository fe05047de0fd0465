"""Parts of the page that need no browser: reasons, excerpts, progress, runs by question, forgotten sessions."""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import unescape
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

import pytest
from browsing import ROOT
from test_app_more import FIGURE, written_run
from test_page import chat, visible

from page import adding, costs, outcomes, panels, quick_gradio, runs, shared, suggesting
from page.chat import Chat
from page.reasons import reason
from page.session import Session
from page.texts import texts
from rag.errors import InputError, MissingExtraError, YinjuError
from rag.library import LONGEST_QUESTION, Library
from rag.loading import load
from rag.records import AddReport, Failure

__all__ = ["chat"]  # a fixture
ZH, EN = texts("zh"), texts("en")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "文件是空的"),
        ("a.exe", b"MZ", r"读不了 \.exe 文件；可以添加 .*\.zip"),
        ("a.txt", bytes(range(256)) * 40, "看起来不是文本文件；.*"),
        ("a.txt", b" \n ", "文件里没有文字"),
        ("a.docx", b"PK no", "文件已损坏，或者内容与扩展名不符"),
        ("a.pdf", b"%PDF-1.4 no", "文件已损坏，或者内容与扩展名不符"),
        ("a.html", b"<html><script>x</script></html>", "网页里没有正文"),
    ],
)
def test_why_a_file_is_refused_is_said_in_the_language_of_the_page(name: str, data: bytes, said: str) -> None:
    with pytest.raises(YinjuError) as refused:
        load(Path(name), data)
    line = str(refused.value).removeprefix(f"{name}: ")
    assert re.fullmatch(said, reason(ZH, line)), line
    assert reason(EN, line) == line
    assert reason(ZH, f"files/{name}: {line}").startswith(f"{name}：")


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        (str(MissingExtraError("x.png: reading text from pictures", "ocr")), "x.png：.*图片.*'yinju\\[ocr\\]'"),
        (str(MissingExtraError("x.pdf: reading PDF", "pdf")), "x.pdf：要读 PDF 文件，请先装 .*"),
        ("x.pdf: its 2 pages hold no text and none was recognised.", "x.pdf：2 页都没有.*没有识别出文字"),
        ("/l: another process is changing this library. Wait for it to finish, then try again.", "l：另一个程序.*"),
        ("No document 'a1' in this library. See the ids with: yinju list", ".*没有这份文献（a1）"),
        ("Setting threshold = 5.0 cannot be used; it goes from 0.0 to 1.0.", ".*5.0.*0.0 和 1.0.*"),
        ("No run 'x' in runs.", "runs 里没有评测结果 x"),
    ],
)
def test_what_goes_wrong_is_said_in_the_language_of_the_page(said: str, chinese: str) -> None:
    assert re.fullmatch(chinese, reason(ZH, said))
    assert reason(EN, said) == said


def test_a_question_longer_than_any_is_refused_in_one_line_at_once(fake_library: Library) -> None:
    for ask in (fake_library.answer, fake_library.search):
        with pytest.raises(InputError) as refused:
            ask("长" * 300_000)
        assert str(refused.value) == "The question has 300,000 characters; at most 2,000 are read. Shorten it."
    assert reason(ZH, str(refused.value)) == "问题有 300,000 字，最多 2,000 字；请写短一些"
    fake_library.search("长" * LONGEST_QUESTION)


@pytest.mark.parametrize(
    "text", ["", "一句。", "很长" * 300, "第一句。第二句有大桥。第三句。" * 30, "no words\n\n" * 50]
)
def test_an_excerpt_is_part_of_the_text_and_marks_what_it_says(text: str) -> None:
    part, spans = shared.excerpt(["大桥"], text, 40)
    assert part.strip("…") in text and len(part.strip("…")) <= 40
    assert all(part[a:b] == "大桥" for a, b in spans)
    assert bool(spans) == ("大桥" in text)


def test_steps_say_which_file_of_how_many_and_how_long_it_will_take(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(adding.time, "monotonic", lambda: now[0])
    said: list[str] = []
    steps = adding.Steps(ZH, said.append)
    steps.step(0, 20, "/x/<一>.txt")
    now[0] += 30
    steps.step(4, 20, "/x/二.txt")
    steps.step(20, 20, "")
    first, second = said
    assert visible(first) == "正在读：<一>.txt (1/20)" and '<progress max="20" value="0">' in first
    assert visible(second) == "正在读：二.txt (5/20) · 还需约 2:00" and 'value="4"' in second


def test_a_report_counts_first_then_names_what_failed_then_the_rest() -> None:
    many = AddReport(tuple(f"{i}.txt" for i in range(300)), failed=(Failure("坏.txt", "坏.txt: no"),), passages=7)
    html = adding.report(ZH, many)
    said = visible(html.replace("</p>", "\n")).splitlines()
    assert said[:3] == ["已添加 300 · 没有添加 1", "新增 7 个段落，现在就可以提问。", "坏.txt: 没有添加: no"]
    assert len(said) < 210 and said[-1] == "还有 101 个文件，没有逐个列出。"


def test_a_forgotten_session_is_read_again_from_what_the_browser_shows(chat: Chat) -> None:
    *_, shown = chat.ask(FIGURE, Session(), "lilei")
    number = str(shown.session.conversation)
    assert chat.recovered(Session(), number, "lilei").messages == shown.session.messages
    assert chat.recovered(Session(), number, "han") == Session() == chat.recovered(Session(), "", "lilei")
    other = replace(shown.session, messages=())
    assert chat.recovered(other, "99", "lilei") is other


def test_a_refusal_shows_where_the_closest_passages_stand_and_what_they_share(chat: Chat) -> None:
    *_, shown = chat.ask("芦江大桥的设计师是哪国人？", Session(), "")
    assert shown.session.messages[0].reply.abstained
    rows = re.findall(r"<li>.*?</li>", shown.thread)
    assert len(rows) == 3 and "第1版" in visible(rows[0])
    assert '<mark class="shared">芦江大桥</mark>' in shown.thread
    assert ZH.refused_hint in shown.thread


def test_first_questions_are_taken_from_all_over_the_library(chat: Chat, tmp_path: Path) -> None:
    for i in range(40):
        (tmp_path / f"无数字{i}.txt").write_text(
            f"{'东西南北'[i % 4]}边的老人在桥头下棋，一局又一局。\n" * (1 + i), "utf-8"
        )
    chat.library.add([tmp_path])
    assert len(suggesting.first_questions(chat.library)) == 3
    spread = suggesting._spread(chat.library.documents())
    assert sorted(found.id for found in spread) == sorted(found.id for found in chat.library.documents())


def test_questions_of_a_run_are_chosen_by_fault_and_by_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_RUNS", str(tmp_path))
    written_run(tmp_path / "one", "错<i>")
    written_run(tmp_path / "two", "2.7万")
    one, two = runs.outcomes("one"), runs.outcomes("two")

    def chosen(kind: str) -> list[str]:
        html = outcomes.questions(ZH, two, one, kind)
        return [unescape(found) for found in re.findall(r"<span>(.*?)</span></summary>", html)]

    assert chosen(outcomes.ALL) == [FIGURE, "火星呢？"]
    assert chosen(outcomes.WRONG) == ["火星呢？"] == chosen("answered the unanswerable")
    assert chosen(outcomes.CHANGED) == [FIGURE] and chosen("read but wrong") == []
    both = runs.report("one", "two")
    assert "yinju · one" in both and "yinju · two" in both and "yinju (1)" not in both
    assert {value for _, value in outcomes.kinds(EN)} >= {outcomes.ALL, "not retrieved", "wrongly refused"}
    assert "错<i>" not in outcomes.questions(ZH, one, (), outcomes.ALL)
    with pytest.raises(InputError):
        runs.outcomes("three")


def test_error_rates_come_from_the_last_measurement_when_there_is_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YINJU_RUNS", str(tmp_path / "none"))
    kept = {
        "set": "builtin",
        "reader": "r@1",
        "confidences": {"answerable": [0.1, 0.6], "unanswerable": [0.2, 0.5, 0.9]},
    }
    (tmp_path / "baseline.json").write_text(json.dumps(kept), "utf-8")
    monkeypatch.setattr(runs, "_BASELINE", tmp_path / "baseline.json")
    found = runs.error_rates(0.5, "r@1")
    assert found == runs.ErrorRates("builtin", "2/3", "1/2")
    assert runs.error_rates(0.5, "r@2") is None


def test_what_the_models_cost_is_measured(tmp_path: Path) -> None:
    assert all(1_000_000 < (costs.size(kind, "builtin") or 0) < 24 * 2**20 for kind in ("encoder", "reader"))
    (tmp_path / "x").write_bytes(bytes(7))
    assert costs.size("reader", str(tmp_path)) == 7 and costs.size("reader", "org/model") is None
    times = costs.Times()
    assert times.median() is None
    for milliseconds in (100, 300, 200):
        times.add(milliseconds)
    assert times.median() == (3, 0.2)


def test_only_uploads_that_were_added_are_kept(fake_library: Library, tmp_path: Path) -> None:
    kept = fake_library.folder / adding.FILES
    files = {"setup.exe": b"MZ", "broken.pdf": b"%PDF-1.4 no", "empty.txt": b"", "good.txt": "小麦丰收。".encode()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("in.txt", "玉米每亩收成 710 公斤。")
        archive.writestr("empty.txt", "")
    paths = [str(tmp_path / name) for name in (*files, "some.zip")]
    *_, said = adding.add(fake_library, ZH, paths)
    assert "setup.exe: 没有添加" in visible(said)
    assert {file.name for file in kept.iterdir()} == {"good.txt", "some.zip"}
    list(adding.add(fake_library, ZH, paths))
    assert {file.name for file in kept.iterdir()} == {"good.txt", "some.zip"}
    assert all(Path(path).exists() for path in paths)


def test_a_copy_that_another_addition_is_going_to_read_stays(fake_library: Library, tmp_path: Path) -> None:
    upload = tmp_path / "empty.txt"
    upload.write_bytes(b"")
    with adding._kept(fake_library, [str(upload)]) as (copy,):
        list(adding.add(fake_library, ZH, [str(upload)]))
        assert copy.exists()
    assert not copy.exists()


def test_the_script_for_dropped_files_is_filled_in_safely() -> None:
    script = panels.dropping(replace(ZH, drop_here='</script>"; alert(1)//'))
    assert r"veil.textContent = \"</script>" not in script and json.dumps('</script>"; alert(1)//') in script
    assert '".zip"' in script and str(adding.MOST_BYTES) in script
    assert not re.search(r"\b(SUFFIXES|LIMIT|DROP_HERE|TOO_LARGE|CLOSE)\b", script)


def test_a_module_left_for_later_is_loaded_once_by_one_thread_while_others_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_one.py").write_text("import time\nearly = 1\ntime.sleep(0.3)\nlate = early + 1\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(quick_gradio, "_WHEN_ASKED", {"slow_one"})
    finder = quick_gradio._Finder()
    spec = finder.find_spec("slow_one", [str(tmp_path)])
    assert spec is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert not hasattr(module, "__wrapped__") and "early" not in module.__dict__
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: module.late, range(8))) == [2] * 8
    assert type(module) is ModuleType and not hasattr(module, "none")


def test_the_page_is_imported_without_what_it_does_not_need() -> None:
    code = (
        "import sys; from page.quick_gradio import import_gradio, import_mcp; import_gradio(); import gradio\n"
        "lazy = type(sys.modules['pandas']).__name__; early = 'mcp' in sys.modules\n"
        "served = import_mcp(); import importlib.util\n"
        "there = importlib.util.find_spec('mcp') is not None\n"
        "from gradio.utils import MatplotlibBackendMananger\n"
        "with MatplotlibBackendMananger(): plots = 'matplotlib' in sys.modules\n"
        "print(plots, lazy, early, served == there, not served or hasattr(gradio.mcp.GradioMCPServer, 'types'))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "_Waiting", "False", "True", "True"]


_POOLS = """
import ctypes, sys, threading
from page.serving import share_arenas
if sys.argv[1] == "shared":
    share_arenas()
held, done = [], threading.Barrier(9)
def work():
    held.append([bytes(2000) for _ in range(2000)])
    done.wait()
for _ in range(8):
    threading.Thread(target=work).start()
done.wait()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has pools of memory for threads")
def test_the_threads_of_the_page_share_their_memory() -> None:
    pools = {}
    for how in ("shared", "alone"):
        ran = subprocess.run([sys.executable, "-c", _POOLS, how], capture_output=True, text=True, check=True, cwd=ROOT)
        pools[how] = ran.stdout.count("<heap nr=")
    assert pools["shared"] <= 2 < pools["alone"]
