"""Documents prepared in processes of their own: the same as here, and one bad file costs only itself."""

import subprocess
import sys
import textwrap
import time
from contextlib import closing
from pathlib import Path

import pytest

from rag import workers
from rag.errors import LoadError
from rag.library import Library
from rag.preparing import prepare
from rag.workers import Workers
from tests.conftest import open_fake
from tests.test_adding import PAGE

FAULTY = """
import os, sys, time
from rag import preparing
real = preparing.prepare
def prepare(path, data, identifier, longest):
    if "crash" in path.name: os.abort()
    if "hang" in path.name: time.sleep(60)
    if "fault" in path.name: raise TypeError("cannot happen")
    print("what a parser prints", flush=True)
    return real(path, data, identifier, longest)
preparing.prepare = prepare
preparing.main(int(sys.argv[1]))
"""


def test_a_process_prepares_what_this_one_would() -> None:
    path, data = Path("/papers/page_20250619_04.txt"), PAGE.encode()
    with Workers(1, 30) as pool:
        assert pool.submit(path, data, "id").result(60) == prepare(path, data, "id", 30) != prepare(path, data, "id")
        with pytest.raises(LoadError, match=r"cannot be read\. Supported"):
            pool.submit(Path("/a.xyz"), data, "id").result(60)


def test_a_file_that_ends_its_process_or_never_ends_loses_no_other(
    fake_library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "COMMAND", (sys.executable, "-c", FAULTY))
    monkeypatch.setattr(workers, "SECONDS", 4)
    names = ["a.txt", "crash.txt", "b.txt", "hang.txt", "fault.txt", "c.txt"]
    for i, name in enumerate(names):
        (tmp_path / name).write_text(f"第 {i} 号文件讲的是别的事情，共 {i} 页。\n", "utf-8")
    report = fake_library.add([tmp_path / name for name in names], processes=2)
    assert [Path(path).name for path in report.added] == ["a.txt", "b.txt", "c.txt"]
    reasons = {Path(failure.path).name: failure.reason for failure in report.failed}
    assert "ended the process that read it" in reasons["crash.txt"]
    assert "took longer than 4 seconds" in reasons["hang.txt"]
    assert "our fault" in reasons["fault.txt"] and "cannot happen" in reasons["fault.txt"]
    assert all("\n" not in reason for reason in reasons.values())


def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("今年小麦每亩收成 620 公斤。", "utf-8")
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            f"""
            from pathlib import Path
            from tests.conftest import open_fake
            print("once")
            with open_fake(Path({str(tmp_path / "l")!r})) as library:
                print(len(library.add([{str(tmp_path / "a.txt")!r}], processes=2).added))
            """
        ),
        "utf-8",
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env={"PYTHONPATH": str(root)}, timeout=120
    )
    assert (done.stdout, done.returncode) == ("once\n1\n", 0), done.stderr


ADDING = """
import sys
from pathlib import Path
from rag import workers
from tests.conftest import open_fake
workers.COMMAND = (sys.executable, "-c", {faulty!r})
library = open_fake(Path({library!r}))
library.add([{papers!r}], processes=2)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_end_with_the_process_that_was_killed_and_the_next_call_goes_on(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for i in range(40):
        (papers / f"{i:02}.txt").write_text(f"第 {i} 号文件讲的是别的事情，共 {i} 页。\n", "utf-8")
    slow = FAULTY.replace("time.sleep(60)", "pass").replace('if "crash"', 'time.sleep(0.1)\n    if "crash"')
    code = ADDING.format(faulty=slow, library=str(tmp_path / "l"), papers=str(papers))
    root = Path(__file__).parent.parent
    process = subprocess.Popen([sys.executable, "-c", code], cwd=root)
    children: list[str] = []
    stored = tmp_path / "l" / "library.sqlite"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (len(children) < 2 or documents(stored) < 1):
        time.sleep(0.05)
        children = [
            child
            for thread in Path(f"/proc/{process.pid}/task").glob("*/children")
            for child in thread.read_text().split()
        ]
    process.kill()
    process.wait()
    while time.monotonic() < deadline and any(alive(child) for child in children):
        time.sleep(0.05)
    assert len(children) == 2 and not any(alive(child) for child in children)
    before = documents(stored)
    with open_fake(tmp_path / "l") as library:
        report = library.add(papers, processes=0)
        assert 1 <= before == len(report.skipped) < 40 and len(report.added) == 40 - before


def documents(path: Path) -> int:
    import sqlite3

    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.Error:
        return 0


def alive(pid: str) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
