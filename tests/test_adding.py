from pathlib import Path

import pytest

from rag.adding import searchable
from rag.library import Library
from rag.preparing import restored
from rag.records import Passage, RawDocument
from tests.conftest import open_fake


def test_markdown_keeps_its_paragraphs_and_headings() -> None:
    text = "# 标题\n\n第一段讲一件事情。\n\n第二段讲另一件。\n\n## 又一篇\n\n第三段。\n"
    articles, passages, _ = restored(RawDocument("/a.md", text, "a", wrapped=False), "id")
    assert [(a.title, [p.text for p in a.paragraphs]) for a in articles] == [
        ("标题", ["第一段讲一件事情。", "第二段讲另一件。"]),
        ("又一篇", ["第三段。"]),
    ]
    assert [p.id for p in passages] == ["id-0", "id-1"]


def test_wrapped_lines_are_joined_to_paragraphs() -> None:
    lines = [
        "港口去年的货物吞吐量达到 948 亿吨，比前",
        "年增长三成五，创下历史新高。港务局负责",
        "人说，今后两年还要新建码头，扩大仓库，",
        "让货物来去更快。",
    ]
    text = "\n\n".join(lines) + "\n"
    articles, _, _ = restored(RawDocument("/a.txt", text, "a"), "id")
    assert [len(article.paragraphs) for article in articles] == [1]
    assert "吞吐量达到948亿吨，比前年增长" in articles[0].paragraphs[0].text


def test_articles_take_the_date_of_their_document() -> None:
    articles, passages, raw = restored(RawDocument("/a.md", "甲。", "a", "2025-06-19", wrapped=False), "id")
    assert {a.date for a in articles} == {p.date for p in passages} == {raw.date} == {"2025-06-19"}


def test_the_encoder_sees_the_headline_with_the_passage() -> None:
    passage = Passage("p", "d", 0, "正文", 0, 2, "标题")
    assert searchable(passage) == "标题\n正文"


def test_a_fault_of_ours_in_one_file_does_not_lose_the_others(
    tmp_path: Path, two_papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rag.preparing

    real = rag.preparing.restored

    def faulty(raw: RawDocument, identifier: str) -> object:
        if "wheat" in raw.path:
            raise ValueError("cannot happen")
        return real(raw, identifier)

    monkeypatch.setattr(rag.preparing, "restored", faulty)
    with open_fake(tmp_path / "l") as library:
        report = library.add(two_papers)
        assert len(report.added) == 1 and "our fault" in report.failed[0].reason
        assert isinstance(library, Library)


def test_progress_counts_the_files(fake_library: Library, two_papers: Path) -> None:
    seen: list[tuple[int, int]] = []
    fake_library.add(two_papers, lambda done, total, path: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2), (2, 2)]
