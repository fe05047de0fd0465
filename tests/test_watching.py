"""A watched folder and its library stay in step."""

import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rag.errors import InputError, LibraryError
from rag.library import Library
from rag.watching import Watch

ROOT = Path(__file__).parent.parent


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def told(watch: Watch) -> list[tuple[str, str]]:
    return [(event.kind, Path(event.path).name) for event in watch.tick()]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(fake_library: Library, two_papers: Path, clock: Clock) -> Watch:
    return Watch(fake_library, [two_papers], 3.0, clock)


def test_new_changed_and_deleted_files_are_followed(watch: Watch, two_papers: Path, clock: Clock) -> None:
    library = watch._library
    assert told(watch) == []  # nothing has stood still yet
    clock.now = 3.0
    assert told(watch) == [("added", "trade_2025-06-18.txt"), ("added", "wheat.txt")]
    assert told(watch) == []
    write(two_papers / "wheat.txt", "今年小麦每亩收成 701 公斤。\n")
    assert told(watch) == []
    clock.now = 6.0
    assert told(watch) == [("replaced", "wheat.txt")]
    assert library.answer("小麦每亩收成多少？").short.startswith("701")
    (two_papers / "wheat.txt").unlink()
    assert told(watch) == []
    clock.now = 9.0
    assert told(watch) == [("removed", "wheat.txt")]
    assert library.answer("小麦每亩收成多少？").abstained
    assert [Path(d.path).name for d in library.documents()] == ["trade_2025-06-18.txt"]


def test_a_file_that_is_still_being_written_is_left_until_it_stands_still(
    watch: Watch, two_papers: Path, clock: Clock
) -> None:
    watch.tick()
    clock.now = 2.0
    write(two_papers / "wheat.txt", "今年小麦每亩收成 701 公斤。\n")
    watch.tick()
    clock.now = 4.0
    assert told(watch) == [("added", "trade_2025-06-18.txt")]
    clock.now = 5.0
    assert told(watch) == [("added", "wheat.txt")]


def test_what_was_deleted_while_nobody_watched_is_removed(
    fake_library: Library, two_papers: Path, tmp_path: Path, clock: Clock
) -> None:
    write(tmp_path / "elsewhere.txt", "山里有一座新桥，长 320 米。")
    fake_library.add([two_papers, tmp_path / "elsewhere.txt"])
    (tmp_path / "elsewhere.txt").unlink()  # not in the watched folder: not ours to remove
    (two_papers / "wheat.txt").unlink()
    watch = Watch(fake_library, [two_papers], 0.0, clock)
    assert told(watch) == [("removed", "wheat.txt")]
    assert len(fake_library.documents()) == 2


def test_a_moved_file_keeps_its_document(watch: Watch, two_papers: Path, clock: Clock) -> None:
    watch.tick()
    clock.now = 3.0
    watch.tick()
    before = {d.id for d in watch._library.documents()}
    (two_papers / "sub").mkdir()
    (two_papers / "wheat.txt").rename(two_papers / "sub" / "grain.txt")
    watch.tick()
    clock.now = 6.0
    assert told(watch) == []
    assert {d.id for d in watch._library.documents()} == before
    assert any(d.path.endswith("sub/grain.txt") for d in watch._library.documents())


def test_a_copy_stands_in_when_the_original_is_deleted(watch: Watch, two_papers: Path, clock: Clock) -> None:
    shutil.copyfile(two_papers / "wheat.txt", two_papers / "wheat2.txt")
    watch.tick()
    clock.now = 3.0
    assert len(told(watch)) == 2
    (two_papers / "wheat.txt").unlink()
    watch.tick()
    clock.now = 6.0
    assert told(watch) == [("removed", "wheat.txt")]
    assert told(watch) == [("added", "wheat2.txt")]


def test_files_no_longer_in_an_archive_go_and_renamed_ones_stay(fake_library: Library, tmp_path: Path) -> None:
    path = tmp_path / "papers.zip"

    def pack(files: dict[str, str]) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)

    pack({"a.txt": "港口 948 亿吨。", "b.txt": "小麦 620 公斤。", "c.txt": "新桥长 320 米。"})
    fake_library.add(path, processes=0)
    pack({"a.txt": "港口 949 亿吨。", "d.txt": "新桥长 320 米。"})
    report = fake_library.add(path, processes=0)
    assert [Path(p).name for p in (*report.replaced, *report.skipped)] == ["a.txt", "d.txt"]
    assert [Path(d.path).name for d in fake_library.documents()] == ["a.txt", "d.txt"]
    assert {Path(h.path).name for h in fake_library.search("小麦", 9)} == {"a.txt", "d.txt"}


def test_nothing_is_removed_while_the_folder_is_away(watch: Watch, two_papers: Path, clock: Clock) -> None:
    watch.tick()
    clock.now = 3.0
    watch.tick()
    away = two_papers.with_name("away")
    two_papers.rename(away)
    assert told(watch) == [("waiting", "papers")]
    clock.now = 60.0
    assert told(watch) == [] and len(watch._library.documents()) == 2
    away.rename(two_papers)
    assert told(watch) == []


def test_a_bad_file_is_told_once_and_again_when_it_changes(watch: Watch, two_papers: Path, clock: Clock) -> None:
    write(two_papers / "bad.txt", "")
    watch.tick()
    clock.now = 3.0
    assert ("failed", "bad.txt") in told(watch)
    clock.now = 99.0
    assert told(watch) == []
    write(two_papers / "bad.txt", "新桥长 320 米。")
    watch.tick()
    clock.now = 103.0
    assert told(watch) == [("added", "bad.txt")]


def test_a_library_in_use_is_waited_for(watch: Watch, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(paths: object) -> None:
        raise LibraryError("another process is changing this library.")

    watch.tick()
    clock.now = 3.0
    with monkeypatch.context() as patch:
        patch.setattr(watch._library, "add", busy)
        assert [kind for kind, _ in told(watch)] == ["waiting"]
    assert len(told(watch)) == 2


def test_a_file_is_no_folder(fake_library: Library, two_papers: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        Watch(fake_library, [two_papers / "wheat.txt"])


def test_the_command_follows_a_folder_and_ctrl_c_ends_it_quietly(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    write(papers / "wheat.txt", "今年小麦每亩收成 620 公斤。")
    command = [sys.executable, "-m", "rag", "watch", str(papers), "--library", str(tmp_path / "l")]
    process = subprocess.Popen(
        [*command, "--every", "0.1", "--settle", "0.1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a test run in the background ignores it
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("watching ")
        assert process.stdout.readline() == f"added     {papers / 'wheat.txt'}\n"
        (papers / "wheat.txt").unlink()
        assert process.stdout.readline() == f"removed   {papers / 'wheat.txt'}\n"
        os.kill(process.pid, signal.SIGINT)
        out, errors = process.communicate(timeout=60)
        assert (out, errors, process.returncode) == ("", "", 0)
    finally:
        process.kill()
        process.wait()
