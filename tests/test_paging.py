"""Every passage stands on the page that its characters stand on: mastheads inside a text, form feeds, jump lines."""

from __future__ import annotations

import json

import pytest

from rag.newspaper import restore_page
from rag.preparing import prepare, restored
from rag.records import Page, RawDocument
from samples import pages_folder

BRIDGE = """ 新桥今天通车
仲夏时节，城里的人都到河边来看
新桥。桥长三百二十米，共有七个桥墩，
去年春天开工，今年夏天完工，比原来的
计划早了两个月。
桥上有六条车道，两边是人行道和
自行车道。工程队的人都说（下转第四版）
"""
WHEAT = """（上接第一版）工程队的队长说，最难的是
第三个桥墩，河水急，施工的人在水里站
了十多天，才把基础打好。
 今年小麦又是丰收
仲夏时节，麦田里一片金黄，收割机
来来往往。农民说，今年每亩收成六百二
十公斤，比去年多了四十公斤，是十年来
最好的收成。
"""


def placed(text: str, name: str = "a") -> list[tuple[str | None, int | None]]:
    """Headline and page of each passage; every passage is where its span says."""
    pages = (Page(4, 0, len(text)),) if name == "named" else ()
    _, passages, _ = restored(RawDocument(f"/{name}.txt", text, name, None, pages), "id")
    for passage in passages:
        assert "".join(text[passage.start : passage.end].split()) == "".join(passage.text.split())
    return [(passage.title, passage.page) for passage in passages]


WHOLE = [("新桥今天通车", 1), ("新桥今天通车", 4), ("今年小麦又是丰收", 4)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("云泽日报 2025年6月19日 星期四 第1版\n", " 2025 年 6 月 19 日 星期四 第 4 版\n"),
        ("云泽日报\n2025年6月19日 星期四\n第一版\n", "云泽日报\n2025年6月19日 星期四\n第四版\n"),
        ("云泽日报 2025年6月19日 A01\n", "云泽日报 2025年6月19日 A04\n"),
        ("第一版\n", "第四版\n"),
    ],
)
def test_a_masthead_inside_a_text_begins_a_page(first: str, second: str) -> None:
    assert sorted(placed(first + BRIDGE + second + WHEAT), key=WHOLE.index) == WHOLE


def test_page_numbers_at_the_foot_end_their_pages() -> None:
    text = BRIDGE + "2025年6月19日 第1版\n" + WHEAT + "2025年6月19日 第4版\n"
    assert sorted(placed(text), key=WHOLE.index) == WHOLE


def test_head_and_foot_of_one_page_do_not_part_it() -> None:
    text = "".join(
        f"云泽日报 2025年6月19日 第{number}版\n{body}第{number}版 要闻\n" for number, body in ((1, BRIDGE), (4, WHEAT))
    )
    assert sorted(placed(text), key=WHOLE.index) == WHOLE
    assert [page.number for page in restore_page(text).pages] == [1, 4]


def test_the_same_number_on_another_day_is_another_page() -> None:
    text = "云泽日报 2025年6月19日 第1版\n" + BRIDGE + "云泽日报 2025年6月20日 第1版\n" + WHEAT
    _, passages, raw = restored(RawDocument("/a.txt", text, "a"), "id")
    assert [(page.number, page.date) for page in raw.pages] == [(1, "2025-06-19"), (1, "2025-06-20")]
    assert {passage.date for passage in passages if "麦田" in passage.text} == {"2025-06-20"}


def test_what_stands_before_the_first_masthead_is_on_no_known_page() -> None:
    text = "云泽日报 2025年6月19日\n" + BRIDGE + "2025年6月19日 第4版\n" + WHEAT
    assert {page for title, page in placed(text) if "麦" in str(title)} == {4}
    assert [page.number for page in restore_page(text).pages] == [None, 4]


def test_one_number_met_late_is_the_page_s_own() -> None:
    text = BRIDGE + "2025年6月19日 第4版\n" + WHEAT
    assert {page for _, page in placed(text)} == {4}


def test_a_masthead_without_a_number_makes_no_page_one() -> None:
    assert {page for _, page in placed("云泽日报 2025年6月19日\n" + WHEAT)} == {None}
    assert {page for _, page in placed("云泽日报 2025年6月19日\n" + WHEAT, "named")} == {4}


def test_mastheads_win_over_the_number_in_the_file_name() -> None:
    text = "2025年6月19日 第1版\n" + BRIDGE + "2025年6月19日 第4版\n" + WHEAT
    assert {page for _, page in placed(text, "named")} == {1, 4}


def test_a_passage_ends_at_a_form_feed_and_unnumbered_pages_are_counted() -> None:
    prose = "".join(f"第{n}段讲一件事情，写得很短。\n" for n in "一二三四")
    text = BRIDGE.replace("（下转第四版）", "好") + "\f" + WHEAT.replace("（上接第一版）", "")
    assert {page for _, page in placed(text)} == {1, 2}
    assert len(restored(RawDocument("/a.txt", prose + "\f" + prose, "a"), "id")[1]) == 2


def test_pages_of_a_pdf_stay_as_many_and_are_counted_only_where_no_number_contradicts() -> None:
    body = WHEAT.replace("（上接第一版）", "")
    for printed, numbers in ((("", "第2版\n", ""), [1, 2, 3]), (("", "第4版\n", ""), [None, 4, None])):
        text, pages = "", []
        for number, head in enumerate(printed, 1):
            text += "\f" * (number > 1)
            pages.append(Page(number, len(text), len(text) + len(head + body)))
            text += head + body
        raw = RawDocument("/a.pdf", text, "a", None, tuple(pages), bytes(8 * len(text)))
        found = restored(raw, "id")[2].pages
        assert [page.number for page in found] == numbers
        assert [(page.start, page.end) for page in found] == [(page.start, page.end) for page in pages]


def test_jump_lines_tell_the_pages_where_nothing_else_does() -> None:
    path = pages_folder() / "xichui-2025-06-19.txt"
    done = prepare(path, path.read_bytes(), "id")
    [summit] = [article for article in done.articles if article.title and "峰会" in article.title]
    assert any(p.text.startswith("负责在两届峰会之间") for p in summit.paragraphs)
    here = {p.page for p in done.passages if "948亿美元" in p.text}
    there = {(p.title, p.page) for p in done.passages if "阿依努尔" in p.text}
    assert here == {1} and there == {(summit.title, 3)}


def test_the_end_of_one_article_and_the_beginning_of_another_on_one_page_are_not_joined() -> None:
    """Page 2 may hold what comes from page 1 and what goes on on page 4."""
    text = BRIDGE + WHEAT.replace(
        "工程队的队长说，最难的是\n第三个桥墩，河水急，施工的人在水里站\n",
        "厂里的会计算过，去年的税交得\n最多，今年的税少了一半，还要交的\n",
    )
    assert {page for _, page in placed(text.replace("工程队的人都说", "大家都很高兴。"))} == {None}


@pytest.mark.parametrize("file", sorted(path.name for path in pages_folder().glob("*.truth.json")))
def test_passages_of_the_samples_stand_on_their_true_page_or_on_none(file: str) -> None:
    """None only in the paper that prints no page number."""
    truth = json.loads((pages_folder() / file).read_text("utf-8"))
    path = pages_folder() / truth["file"]
    done = prepare(path, path.read_bytes(), "id")
    for passage in done.passages:
        true = next(page["number"] for page in truth["pages"] if page["start"] <= passage.start < page["end"])
        assert passage.page == true or (passage.page is None and truth["paper"] == "西陲时报"), passage


def test_a_text_of_many_pages_has_them_all() -> None:
    text = "".join(f"2025年6月19日 第{n}版\n{WHEAT}" for n in range(1, 200))
    assert len(restore_page(text).pages) == 199
