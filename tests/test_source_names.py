"""How a source is named where it leaves the page: copied citations, BibTeX, exports, the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from page import exporting, source_panel
from page.naming import authors, bibtex, citation
from page.sources import Place, Sources
from page.texts import texts
from page.thread import citation_place
from rag.cli import _where
from rag.history import Conversation, Message
from rag.library import Library
from rag.records import Citation, Reply
from samples import pages_folder

ZH = texts("zh")


@pytest.fixture
def library(fake_library: Library) -> Library:
    fake_library.add(pages_folder())
    return fake_library


def document_of(library: Library, name: str) -> str:
    return next(document.id for document in library.documents() if Path(document.path).stem == name)


def panel_at(library: Library, name: str, words: str) -> str:
    """The panel opened at ``words``, which stand in the raw text of the paper ``name``."""
    source = Sources(library).get(document_of(library, name))
    assert source is not None
    at = source.document.text.index(words)
    return source_panel.panel(ZH, source, Place(source.document.id, at, at + len(words)))


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("新华社记者 何毅 谢琳", ["何毅", "谢琳"]),
        ("本报记者 钟离雪 通讯员 田野", ["钟离雪", "田野"]),
        ("本报记者张三", ["张三"]),
        ("本报体育记者 尚远", ["尚远"]),
        ("□ 本报评论员 李四", ["李四"]),
        ("文/张三 图/李四", ["张三", "李四"]),
        ("时未晚", ["时未晚"]),
        ("本报综合", ["本报综合"]),
        ("By John Smith", ["John Smith"]),
        ("", []),
        (None, []),
    ],
)
def test_the_authors_are_the_names_in_a_byline(byline: str | None, names: list[str]) -> None:
    assert authors(byline) == names


def test_a_copied_citation_names_the_author() -> None:
    line = citation("云泽日报", "2024-08-15", 4, "题", "本报记者 钟离雪")
    assert line == "钟离雪：《云泽日报》2024年8月15日，第4版，《题》"
    assert citation("", "2024-09-28", None, "题", None) == "2024年9月28日，《题》"


def test_a_bibtex_entry_serves_old_styles_and_biblatex() -> None:
    entry = bibtex("abcdef123", "云泽日报", "2024-08-05", 4, "题", "本报记者 钟离雪 通讯员 田野")
    for field in (
        "author = {{钟离雪} and {田野}}",
        "journal = {云泽日报}",
        "journaltitle = {云泽日报}",
        "year = {2024}",
        "month = aug,",
        "day = {5}",
        "note = {5 August 2024}",
        "date = {2024-08-05}",
        "pages = {4}",
    ):
        assert field in entry
    assert bibtex("a", "", "2024", None, "题").startswith("@misc{")


def test_the_panel_names_author_and_page_of_the_quote(library: Library) -> None:
    storm = panel_at(library, "yunze-2024-08-15", "青岩镇党委书记")
    assert "钟离雪、田野：《云泽日报》2024年8月15日，第4版，《七月末暴雨灾后恢复基本完成》" in storm
    bridge = panel_at(library, "yunze-2024-08-15", "目前轮渡日均运送")
    assert "第4版，《芦江大桥昨日合龙 两岸过江将由四十分钟缩短到六分钟》" in bridge


def test_the_rest_of_an_article_in_another_file_has_its_headline(library: Library) -> None:
    """The article about the schools begins on page 2, a file of its own, and goes on on page 5."""
    document = document_of(library, "beiyuan-2025-03-21-p5")
    [rest] = [article for article in library.articles(document) if article.jump_from]
    words = next(p.text for p in rest.paragraphs if p.kind == "body")[:6]
    panel = panel_at(library, "beiyuan-2025-03-21-p5", library.document(document).text[rest.paragraphs[1].start :][:6])
    assert rest.title is None and "三所新学校九月迎新生" in panel and "第5版" in panel
    hits = [hit.passage for hit in library.search(words, 20) if words in hit.passage.text]
    assert {(hit.title, hit.page) for hit in hits} == {("三所新学校九月迎新生", 5)}


def test_a_headline_is_not_cited_as_a_paper(fake_library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ndate: 2024-05-06\n---\n# 渡口\n\n渡口的灯夜里一直亮着。\n", "utf-8")
    fake_library.add(tmp_path)
    panel = panel_at(fake_library, "a", "渡口的灯")
    assert "《渡口》2024" not in panel and "2024年5月6日，《渡口》" in panel


def test_exports_name_the_file_and_the_question_that_was_searched(library: Library) -> None:
    document = library.document(document_of(library, "yunze-2024-08-15"))
    cited = Citation(1, "目前", document.id, document.path, "题", 4, 2745, 2747, 1.0, "2024-08-15")
    reply = Reply("芦江大桥何时通车？", "zh", "目前[1]", "目前", False, 0.9, (cited,), ())
    message = Message(1, "何时通车？", reply, "now")
    talk = Conversation(1, "题", "now", "now", 1)
    for write in (exporting.as_markdown, exporting.as_html):
        text = write(ZH, talk, [message], Sources(library)).replace("\\", "")
        assert "yunze-2024-08-15.txt" in text and str(pages_folder()) not in text
        assert "芦江大桥何时通车？" in text
    assert "第4版" in citation_place(ZH, cited, Sources(library))


def test_the_command_line_says_what_the_number_is() -> None:
    cited = Citation(1, "甲", "d", "/a.txt", "题", 19, 0, 1, 1.0, "2025-06-19")
    assert _where(cited, "zh") == "2025-06-19，第19版，题"
    assert _where(cited, "en") == "2025-06-19, p. 19, 题"
    assert _where(Citation(1, "甲", "d", "/a.txt", None, None, 0, 1, 1.0), "zh") == ""
