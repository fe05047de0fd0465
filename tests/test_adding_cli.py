"""Progress while files are added: counts, the time left, one line on a terminal."""

import argparse
import io
from pathlib import Path

import pytest

from rag.adding_cli import ProgressLine, duration, print_left_out, print_report, watch_options
from rag.records import AddReport, Failure


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (200, "3 min 20 s"), (8000, "2 h 13 min")]
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_time_left_goes_by_bytes(tmp_path: Path) -> None:
    now = [0.0]
    for name, size in (("a.txt", 1000), ("b.txt", 3000), ("c.txt", 6000)):
        (tmp_path / name).write_bytes(bytes(size))
    stream = io.StringIO()
    line = ProgressLine(stream, 10_000, lambda: now[0])
    shown = []
    for done, name in enumerate(("a.txt", "b.txt", "c.txt")):
        line(done, 3, str(tmp_path / name))
        shown.append(stream.getvalue().rpartition("\r\033[K")[2])
        now[0] += 10.0
    assert shown == ["0/3 files  a.txt", "1/3 files, 1 min 30 s left  b.txt", "2/3 files, 30 s left  c.txt"]
    line(3, 3, "")
    assert stream.getvalue().endswith("3/3 files\n")


def test_the_line_is_not_written_more_than_ten_times_a_second() -> None:
    now = [0.0]
    stream = io.StringIO()
    line = ProgressLine(stream, 0, lambda: now[0])
    for done in range(1000):
        line(done, 1000, "gone.txt")
        now[0] += 0.001
    assert 9 <= stream.getvalue().count("\r") <= 11


def test_many_failures_are_cut_short_but_counted(capsys: pytest.CaptureFixture[str]) -> None:
    failed = tuple(Failure(f"{n}.txt", f"{n}.txt: empty") for n in range(300))
    print_report(AddReport(added=("a",), failed=failed, passages=7), "l", 61)
    out, errors = capsys.readouterr()
    assert out == "1 added, 0 replaced, 0 unchanged, 300 failed; 7 new passages in l (1 min 1 s)\n"
    assert len(errors.splitlines()) == 201 and errors.endswith("and 100 more; --json lists them all\n")


@pytest.mark.parametrize("value", ["-1", "soon", "nan"])
def test_a_time_that_is_none_is_wrong_usage(value: str) -> None:
    parser = argparse.ArgumentParser()
    watch_options(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["folder", "--every", value])


def test_files_of_other_types_are_counted_not_hidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.loading import left_out, ocr

    monkeypatch.setattr(ocr, "installed", lambda: False)
    (tmp_path / ".git").mkdir()
    for name in ("a.txt", "b.doc", "c.DOC", "d.png", "Makefile", ".hidden.doc", ".git/e.doc"):
        (tmp_path / name).write_bytes(b"x")
    print_left_out(left_out([tmp_path, tmp_path / "a.txt"]))
    assert capsys.readouterr().out == (
        "left out, not read: 2 .doc, 1 without suffix, 1 .png\nto read pictures of text: pip install 'yinju[ocr]'\n"
    )
    print_left_out(left_out([tmp_path / "a.txt"]))
    assert capsys.readouterr().out == ""
