import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.errors import InputError, LibraryError
from rag.library import LONGEST_QUESTION, Library
from rag.records import Turn
from rag.settings import Settings
from rag.spans import holds
from tests.conftest import NASTY, FakeEncoder, open_fake

ROOT = Path(__file__).parent.parent


def test_a_page_becomes_a_cited_answer(fake_library: Library, two_papers: Path) -> None:
    report = fake_library.add(two_papers)
    assert (len(report.added), report.failed, report.passages) == (2, (), 2)
    reply = fake_library.answer("港口货物吞吐量达到多少？")
    assert (reply.short, reply.abstained, reply.language) == ("948亿", False, "zh")
    [citation] = reply.citations
    raw = fake_library.document(citation.document).text
    assert holds(raw, citation.start, citation.end, citation.quote)
    assert citation.path == str(two_papers / "trade_2025-06-18.txt") and citation.date == "2025-06-18"
    assert reply.text.startswith("948亿[1]") and citation.quote in reply.text
    assert {"retrieving", "reading", "citing"} <= set(reply.timings_ms)


def test_what_is_not_there_is_refused_without_citations_but_with_the_closest_passages(
    fake_library: Library, two_papers: Path
) -> None:
    fake_library.add(two_papers)
    reply = fake_library.answer("火星探测器何时发射？")
    assert reply.abstained and reply.short == "" and reply.citations == () and reply.text
    assert reply.hits


def test_an_answer_withheld_for_doubt_is_not_called_absent(
    fake_library: Library, two_papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_library.add(two_papers)
    question = "港口货物吞吐量达到多少？"
    said = {}
    for threshold in (1.0, 10.0):
        monkeypatch.setattr(type(fake_library._reader), "threshold", threshold)
        reply = fake_library.answer(question)
        assert reply.abstained and reply.confidence == 0.9
        said[threshold] = reply.text
    assert said == {1.0: "没有找到有把握的答案。", 10.0: "文献中没有提到。"}


def test_an_empty_library_refuses(fake_library: Library) -> None:
    reply = fake_library.answer("谁？")
    assert reply.abstained and reply.hits == ()


def test_unchanged_files_are_skipped_and_changed_ones_replaced(fake_library: Library, two_papers: Path) -> None:
    fake_library.add(two_papers)
    again = fake_library.add([two_papers, two_papers])
    assert (again.added, len(again.skipped), again.passages) == ((), 2, 0)
    (two_papers / "wheat.txt").write_text("今年小麦每亩收成 701 公斤。\n", "utf-8")
    changed = fake_library.add(two_papers)
    assert [Path(p).name for p in changed.replaced] == ["wheat.txt"]
    assert fake_library.answer("小麦每亩收成多少？").short == "701公斤"
    assert len(fake_library.documents()) == 2


def test_a_removed_document_never_answers_again_even_after_a_restart(tmp_path: Path, two_papers: Path) -> None:
    with open_fake(tmp_path / "l") as library:
        library.add(two_papers)
        wheat = next(d for d in library.documents() if d.path.endswith("wheat.txt"))
        assert library.remove(wheat.id[:8]).id == wheat.id
        assert library.answer("小麦每亩收成多少？").abstained
    with open_fake(tmp_path / "l") as library:
        assert library.answer("小麦每亩收成多少？").abstained
        assert all("小麦" not in hit.passage.text for hit in library.search("小麦", 10))


def test_a_bad_file_is_reported_and_the_rest_goes_on(fake_library: Library, two_papers: Path) -> None:
    (two_papers / "empty.txt").write_bytes(b"")
    (two_papers / "binary.txt").write_bytes(bytes(range(256)) * 30)
    report = fake_library.add(two_papers)
    assert len(report.added) == 2
    assert sorted(Path(f.path).name for f in report.failed) == ["binary.txt", "empty.txt"]


def test_the_same_content_at_a_second_path_is_added_once_and_follows_a_move(
    fake_library: Library, two_papers: Path
) -> None:
    fake_library.add(two_papers)
    shutil.copy(two_papers / "wheat.txt", two_papers / "copy.txt")
    assert len(fake_library.add(two_papers).skipped) == 3
    (two_papers / "wheat.txt").unlink()
    fake_library.add(two_papers)
    assert {Path(d.path).name for d in fake_library.documents()} == {"trade_2025-06-18.txt", "copy.txt"}


@pytest.mark.parametrize("lost", ["vectors.faiss", "vectors.faiss.json", "lexical", "lexical/state.json"])
def test_a_lost_or_damaged_index_is_rebuilt_from_the_catalog(tmp_path: Path, two_papers: Path, lost: str) -> None:
    with open_fake(tmp_path / "l") as library:
        library.add(two_papers)
        before = [(h.passage.id, pytest.approx(h.score)) for h in library.search("小麦收成", 5)]
    target = tmp_path / "l" / lost
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.write_bytes(b"damage")
    with open_fake(tmp_path / "l") as library:
        assert [(h.passage.id, h.score) for h in library.search("小麦收成", 5)] == before


def test_a_change_by_another_process_is_seen(tmp_path: Path, two_papers: Path) -> None:
    with open_fake(tmp_path / "l") as one, open_fake(tmp_path / "l") as other:
        one.add(two_papers / "wheat.txt")
        assert other.answer("小麦每亩收成多少？").short == "620公斤"
        one.remove(one.documents()[0].id)
        assert other.answer("小麦每亩收成多少？").abstained


def test_another_encoder_is_refused_with_the_command_that_helps(tmp_path: Path, two_papers: Path) -> None:
    with open_fake(tmp_path / "l") as library:
        library.add(two_papers)

    class Other(FakeEncoder):
        identity = "other@1"

    with pytest.raises(LibraryError, match="yinju reindex"):
        Library(tmp_path / "l", Settings(), Other())
    with open_fake(tmp_path / "l") as library:
        assert len(library) == 2


def test_questions_are_answered_while_files_are_added(fake_library: Library, two_papers: Path) -> None:
    fake_library.add(two_papers)
    for i in range(60):
        (two_papers / f"{i}.txt").write_text(f"第 {i} 号文件讲的是别的事情，共 {i} 页。\n", "utf-8")
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(20):
                assert fake_library.answer("小麦每亩收成多少？").short == "620公斤"
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    report = fake_library.add(two_papers)
    for thread in threads:
        thread.join()
    assert errors == [] and len(report.added) == 60
    assert len(fake_library.search("文件", 100)) >= 60


@pytest.mark.parametrize("question", ["", "  \n", "\x00"])
def test_an_empty_question_gets_one_clear_line(fake_library: Library, question: str) -> None:
    with pytest.raises(InputError, match="question is empty"):
        fake_library.answer(question)


@pytest.mark.parametrize("text", [*NASTY, "字" * 300_000, "\ud800 lone"])
def test_nasty_questions_and_documents_break_nothing(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(text.encode("utf-8", "replace") * 2)
    with open_fake(tmp_path / "l") as library:
        library.add(page)
        for document in library.documents():
            raw = library.document(document.id).text
            for article in library.articles(document.id):
                assert all(holds(raw, p.start, p.end, p.text) for p in article.paragraphs)
        assert isinstance(library.answer(text[:LONGEST_QUESTION]).text, str)
        assert isinstance(library.answer("那呢？", [Turn(text[:500], text[:500])]).text, str)


def test_stream_shows_the_passages_first_and_the_answer_last(fake_library: Library, two_papers: Path) -> None:
    fake_library.add(two_papers)
    first, *_, last = list(fake_library.stream("小麦每亩收成多少？"))
    assert first.hits and not first.text
    assert last.short == "620公斤" and last.hits == first.hits


def test_settings_of_the_folder_are_used(tmp_path: Path, two_papers: Path) -> None:
    with open_fake(tmp_path / "l", Settings(passages=1, threshold=1.0)) as library:
        library.add(two_papers)
        reply = library.answer("小麦每亩收成多少？")
        assert len(reply.hits) == 1 and reply.abstained


CRASHING = """
import sys; sys.path[:0] = [{root!r}]
from pathlib import Path
import rag.library
from tests.conftest import open_fake
library = open_fake(Path({folder!r}))
put = library._catalog.put_all
def told(documents):
    done = put(documents)
    for _, raw, *_ in documents:
        print(raw.path, flush=True)
    return done
library._catalog.put_all = told
library.add([{papers!r}])
"""


def test_a_kill_at_any_instant_loses_nothing_that_was_reported(tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for i in range(400):
        (papers / f"{i:03}.txt").write_text(f"第 {i} 号文件讲到数目 {i * 7 + 1000} 和别的事情。\n", "utf-8")
    code = CRASHING.format(root=str(ROOT), folder=str(tmp_path / "l"), papers=str(papers))
    for lines in (5, 60):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert process.stdout is not None
        reported = [process.stdout.readline().strip() for _ in range(lines)]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        reported += process.stdout.read().split()
        process.stdout.close()
        with open_fake(tmp_path / "l") as library:
            stored = {d.path for d in library.documents()}
            assert len(reported) >= lines and set(reported) <= stored
            assert {h.path for h in library.search("文件", 1000)} == stored
    with open_fake(tmp_path / "l") as library:
        library.add(papers)
        assert len(library.documents()) == 400


def test_two_processes_may_not_write_at_once(tmp_path: Path, two_papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.indexing._PATIENCE", 0.05)
    with open_fake(tmp_path / "l") as one, open_fake(tmp_path / "l") as other:
        with one._writing(), pytest.raises(LibraryError, match="another process is changing"):
            other.add(two_papers)
        assert len(other.add(two_papers).added) == 2


def test_vectors_on_disk_are_float32_of_unit_norm(fake_library: Library, two_papers: Path) -> None:
    fake_library.add(two_papers)
    for _, _, vectors in fake_library._catalog.every_passage():
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_the_library_folder_holds_what_the_design_says(fake_library: Library, two_papers: Path) -> None:
    fake_library.add(two_papers)
    names = {p.name for p in fake_library.folder.iterdir()}
    assert {"library.sqlite", "vectors.faiss", "vectors.faiss.json", "lexical"} <= names
    assert json.loads((fake_library.folder / "vectors.faiss.json").read_text())["generation"] == 2
