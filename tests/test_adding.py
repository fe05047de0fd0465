from pathlib import Path
from typing import Any

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

    def faulty(raw: RawDocument, *rest: Any) -> object:
        if "wheat" in raw.path:
            raise ValueError("cannot happen")
        return real(raw, *rest)

    monkeypatch.setattr(rag.preparing, "restored", faulty)
    with open_fake(tmp_path / "l") as library:
        report = library.add(two_papers)
        assert len(report.added) == 1 and "our fault" in report.failed[0].reason
        assert isinstance(library, Library)


def test_progress_counts_the_files(fake_library: Library, two_papers: Path) -> None:
    seen: list[tuple[int, int]] = []
    fake_library.add(two_papers, lambda done, total, path: seen.append((done, total)))
    assert seen == [(0, 2), (1, 2), (2, 2)]


def test_documents_keep_the_order_of_their_files_whatever_process_was_first(
    fake_library: Library, tmp_path: Path
) -> None:
    for i in range(30):
        text = f"第 {i} 号文件讲的是别的事情，共 {i} 页。\n" * (300 if i % 7 == 0 else 1)
        (tmp_path / f"{i:02}.txt").write_text(text, "utf-8")
    seen: list[tuple[int, int, str]] = []
    report = fake_library.add(
        sorted(tmp_path.glob("*.txt")), lambda done, total, path: seen.append((done, total, Path(path).name)), 2
    )
    assert seen == [*((i, 30, f"{i:02}.txt") for i in range(30)), (30, 30, "")]
    assert [Path(path).name for path in report.added] == [f"{i:02}.txt" for i in range(30)]
    assert len(fake_library.add(sorted(tmp_path.glob("*.txt")), processes=2).skipped) == 30


def test_the_same_content_twice_in_one_call_is_one_document(fake_library: Library, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("今年小麦每亩收成 620 公斤。", "utf-8")
    report = fake_library.add([tmp_path / "a.txt", tmp_path / "b.txt"])
    assert [len(report.added), len(report.skipped), len(fake_library.documents())] == [1, 1, 1]


def test_a_file_that_becomes_a_copy_of_another_leaves_nothing_old_behind(fake_library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("今年小麦每亩收成 620 公斤。", "utf-8")
    (tmp_path / "b.txt").write_text("港口去年吞吐 948 亿吨。", "utf-8")
    fake_library.add([tmp_path / "a.txt", tmp_path / "b.txt"])
    (tmp_path / "b.txt").write_text("今年小麦每亩收成 620 公斤。", "utf-8")
    fake_library.add(tmp_path / "b.txt")
    assert [Path(d.path).name for d in fake_library.documents()] == ["a.txt"]
    assert [h.passage.text for h in fake_library.search("港口", 5)] == ["今年小麦每亩收成620公斤。"]


def test_one_document_that_cannot_be_stored_loses_no_other(
    fake_library: Library, two_papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = fake_library._catalog.put_all

    def faulty(documents: list[tuple[object, RawDocument]]) -> object:
        if any("wheat" in document[1].path for document in documents):
            raise ValueError("cannot happen")
        return put(documents)  # type: ignore[arg-type]

    monkeypatch.setattr(fake_library._catalog, "put_all", faulty)
    report = fake_library.add(two_papers)
    assert [Path(p).name for p in report.added] == ["trade_2025-06-18.txt"]
    assert [Path(f.path).name for f in report.failed] == ["wheat.txt"]


PAGE = """云泽日报
2025年6月19日 星期四
第四版
（上接第一版）工程队的队长说，最难的是
第三个桥墩，河水急，施工的人在水里站
了十多天，才把基础打好。
 今年小麦又是丰收
仲夏时节，麦田里一片金黄，收割机
来来往往。农民说，今年每亩收成六百二
十公斤，比去年多了四十公斤，是十年来
最好的收成。
"""
FIRST = """云泽日报
2025年6月19日 星期四
第一版
 新桥今天通车
仲夏时节，城里的人都到河边来看
新桥。桥长三百二十米，共有七个桥墩，
去年春天开工，今年夏天完工，比原来的
计划早了两个月。
桥上有六条车道，两边是人行道和
自行车道。工程队的人都说（下转第四版）
"""


def test_an_article_on_two_pages_of_one_document_is_one_article() -> None:
    text = FIRST + "\f" + PAGE
    articles, passages, raw = restored(RawDocument("/a.txt", text, "a"), "id")
    bridge = articles[0]
    assert bridge.title == "新桥今天通车" and (bridge.page, bridge.jump_from, bridge.jump_to) == (1, None, None)
    texts = [p.text for p in bridge.paragraphs]
    assert "工程队的人都说" in texts[1] + texts[2] and any(text.startswith("工程队的队长说") for text in texts)
    assert {a.title for a in articles} == {"新桥今天通车", "今年小麦又是丰收"}
    assert {(p.title, p.page) for p in passages} == {
        ("新桥今天通车", 1),
        ("新桥今天通车", 4),
        ("今年小麦又是丰收", 4),
    }
    for passage in passages:
        assert "".join(text[passage.start : passage.end].split()) == "".join(passage.text.split())
    assert [(page.number, page.paper, page.date) for page in raw.pages] == [
        (1, "云泽日报", "2025-06-19"),
        (4, "云泽日报", "2025-06-19"),
    ]


def test_an_article_on_two_files_of_one_issue_is_linked_and_read_on(fake_library: Library, tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text(FIRST, "utf-8")
    (tmp_path / "4.txt").write_text(PAGE, "utf-8")
    (tmp_path / "other.txt").write_text(PAGE.replace("19日", "20日"), "utf-8")
    fake_library.add(tmp_path / "4.txt")
    fake_library.add([tmp_path / "1.txt", tmp_path / "other.txt"])
    one, four, other = fake_library.documents()
    [onward] = fake_library.continuations(one.id)
    [back] = fake_library.continuations(four.id)
    assert (onward.other, onward.page, onward.comes) == (four.id, 4, False)
    assert (back.other, back.page, back.title, back.comes) == (one.id, 1, "新桥今天通车", True)
    assert fake_library.continuations(other.id) == []
    first = next(h.passage for h in fake_library.search("新桥 通车", 9) if h.passage.document == one.id)
    assert any("最难的是" in p.text and p.document == four.id for p in fake_library._neighbours(first, None))
    fake_library.remove(four.id)
    assert fake_library.continuations(one.id) == []


@pytest.mark.parametrize(
    ("name", "page"),
    [("日报_20250619_04", 4), ("2025年6月19日第十二版", 12), ("2025-06-19-A03", 3), ("20250619", None)],
)
def test_the_page_number_in_a_file_name_counts_where_none_is_printed(name: str, page: int | None) -> None:
    from rag.loading.text import load_text

    raw = load_text(Path(f"/{name}.txt"), PAGE[PAGE.index("（") :].encode())
    articles, passages, _ = restored(raw, "id")
    assert {a.page for a in articles} == {p.page for p in passages} == {page}
