"""Restoration of newspaper text: nothing is lost, nothing but white space changes, articles come out right."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.newspaper import is_newspaper, restore, restore_page, restore_prose, stitch
from rag.newspaper.columns import goes_on, set_widths
from rag.newspaper.lines import split_lines
from rag.newspaper.marks import is_byline, jump_from, jump_to, page_number
from rag.newspaper.spacing import close_up, close_up_heading
from rag.records import Article, Paragraph
from samples import pages_folder

SEEDS = Path(os.environ.get("YINJU_SHARED", "../shared")) / "seeds"
TRUTH = Path(__file__).with_name("newspaper_seed_truth.json")


def squeeze(text: str) -> str:
    return "".join(text.split())


def check_accounts(raw: str) -> None:
    """Every character that is not white space stands in exactly one paragraph, title, byline or furniture."""
    restored = restore_page(raw)
    seen = [0] * len(raw)
    spans = list(restored.furniture)
    for article in restored.articles:
        for paragraph in article.paragraphs:
            assert squeeze(raw[paragraph.start : paragraph.end]) == squeeze(paragraph.text)
            assert paragraph.text == paragraph.text.strip() and paragraph.text
            spans.append((paragraph.start, paragraph.end))
        for text, pieces in ((article.title, article.title_span), (article.byline, article.byline_span)):
            assert (text is None) == (pieces is None)
            if text and pieces:
                assert squeeze(raw[pieces[0] : pieces[1]]) == squeeze(text)
                spans.append(pieces)
    for start, end in spans:
        for position in range(start, end):
            seen[position] += 1
    for character, count in zip(raw, seen, strict=True):
        assert character.isspace() or count == 1


NASTY = [
    "",
    " ",
    "。",
    "\n\n\n",
    "😀",
    "a",
    "\x00\x00",
    "\ufeff国",
    "مرحبا بالعالم\u200f",
    "国\x0b家\x0c元\x1c首\x85领\u2028导",
    "（上接第一版）",
    "（下转第四版）",
    "（上接第一版）\n（下转第四版）\n" * 3,
    "\ud800国\udfff",
    "国 家\n" * 50,
    "　　" * 100,
    "本报记者 张三\n" * 6,
    "第一版\n云泽日报\n2025年6月19日\n" * 3,
    "# \n#\n## a\n",
    "１２\n３４\n" * 20,
]


@pytest.mark.parametrize("raw", NASTY)
def test_accounts_for_every_character_of_nasty_text(raw: str) -> None:
    check_accounts(raw)


PIECES = st.sampled_from(
    [
        *"国家元首，。“”（）：；！？ \n\n\n\t\u3000\r\f1２aЖ日😀—…",
        "（上接第一版）",
        "（下转4版）",
        "本报记者 张三",
        "第三版",
        "\n ",
        "\n\n",
        "记者",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=160).map("".join))
def test_accounts_for_every_character_of_newspaper_like_text(raw: str) -> None:
    check_accounts(raw)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_accounts_for_every_character_of_any_text(raw: str) -> None:
    check_accounts(raw)


def test_one_line_of_a_million_characters_is_one_paragraph() -> None:
    raw = "国家元首，" * 200_000
    (article,) = restore(raw)
    assert [len(p.text) for p in article.paragraphs] == [1_000_000]


COLUMN = """仲夏时节，城里的人都到河边来看
新桥。桥长三百二十米，共有七个桥墩，
去年春天开工，今年夏天完工，比原来的
计划早了两个月。
桥上有六条车道，两边是人行道和
自行车道，夜里路灯亮起来的时候，远远
看去像一条发光的带子，老人和孩子都喜
欢到这里来散步。
工程队的队长说，最难的是第三个
桥墩，河水急，施工的人在水里站了十多
天，才把基础打好。
"""


def test_paragraphs_come_from_the_width_of_the_column() -> None:
    (article,) = restore(COLUMN)
    assert [p.text[:4] for p in article.paragraphs] == ["仲夏时节", "桥上有六", "工程队的"]
    assert article.paragraphs[0].text.endswith("比原来的计划早了两个月。")


def test_blank_lines_between_all_lines_change_nothing() -> None:
    (article,) = restore(COLUMN.replace("\n", "\n\n"))
    assert [p.text for p in article.paragraphs] == [p.text for p in restore(COLUMN)[0].paragraphs]


def test_letter_spacing_and_gaps_round_numbers_close_up() -> None:
    assert close_up("国 家 元 首 达到 948 亿\n美元") == "国家元首达到948亿美元"
    assert close_up("the Silk\nRoad 2025") == "the Silk Road 2025"
    assert close_up(" \n ") == ""


def test_headline_keeps_the_gap_between_its_halves() -> None:
    assert close_up_heading(["将作风建设融入日常", "持续推进为民办实事"]) == "将作风建设融入日常 持续推进为民办实事"
    assert close_up_heading(["友谊\u3000长存"]) == "友谊 长存"
    assert close_up_heading(["要 闻 简 报"]) == "要闻简报"


@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        (["芦江半程马拉松改走新桥", "报名人数翻番"], "芦江半程马拉松改走新桥 报名人数翻番"),
        (["跨国申遗成功十一年", "一条路上的三十三个点"], "跨国申遗成功十一年 一条路上的三十三个点"),
        (["前五个月沙岭口岸货运量", "增长近三成"], "前五个月沙岭口岸货运量 增长近三成"),
        (["路通了，", "还要算好软账"], "路通了，还要算好软账"),
        (["六国签下一份“", "永久”的条约"], "六国签下一份“永久”的条约"),
        (["The Silk", "Road"], "The Silk Road"),
        (["一", "二", "三"], "一 二 三"),
    ],
)
def test_the_lines_of_a_headline_are_joined_by_one_rule(lines: list[str], headline: str) -> None:
    assert close_up_heading(lines) == headline


def test_jump_marks_are_notes_with_their_page() -> None:
    raw = COLUMN.replace("仲夏时节", "（上接第一版）仲夏").replace("基础打好。", "基础打好（下转第12版）")
    (article,) = restore(raw)
    assert (article.jump_from, article.jump_to) == (1, 12)
    assert [p.kind for p in article.paragraphs] == ["note", "body", "body", "body", "note"]
    assert jump_from("(紧接A03版)") == (8, 3)
    assert jump_to("完（下转第四版）") == (1, 4)


@pytest.mark.parametrize(
    ("text", "number"),
    [("十二", 12), ("四", 4), ("二十", 20), ("A03", 3), ("１２", 12), ("一百零二", 102), ("版", None)],
)
def test_page_numbers_in_all_scripts(text: str, number: int | None) -> None:
    assert page_number(text) == number


@pytest.mark.parametrize(
    "line", ["新华社记者 何毅 谢琳", "本报记者　张三", "□ 本报评论员 李四", "文/张三", "本报记者张三", "本报综合"]
)
def test_bylines_are_recognised(line: str) -> None:
    assert is_byline(line)


@pytest.mark.parametrize(
    "line", ["文明大会在成都举行", "记者从交通局获悉", "评论员文章", "编辑部的故事", "记者调查", ""]
)
def test_ordinary_lines_are_not_bylines(line: str) -> None:
    assert not is_byline(line)


def test_a_bare_page_number_beside_date_and_paper_is_furniture() -> None:
    text = (
        "2025年3月21日 星期五  要闻 2  北原晚报\n"
        + "国家主席在北京会见来访的外国客人\n就双边关系交换意见并达成共识。\n" * 3
    )
    page = restore_page(text).pages[0]
    assert (page.number, page.paper, page.date) == (2, "北原晚报", "2025-03-21")


def test_furniture_becomes_the_page() -> None:
    restored = restore_page(f"云泽日报\n二〇二五年六月九日 星期一\n第四版\n{COLUMN}责任编辑：王伟\n")
    (page,) = restored.pages
    assert (page.paper, page.date, page.number) == ("云泽日报", "2025-06-09", 4)
    assert restored.articles[0].page == 4 and restored.articles[0].date == "2025-06-09"
    assert len(restored.furniture) == 4


def test_markdown_headings_are_titles_and_blocks_paragraphs() -> None:
    raw = "# One\n\nFirst block\nof two lines.\n\nSecond.\n\n## Two\n\n### Sub\n\nThird.\n"
    one, two = restore(raw)
    assert [p.text for p in one.paragraphs] == ["First block of two lines.", "Second."]
    assert one.title is not None and one.title.endswith("One")
    assert [(p.kind) for p in two.paragraphs] == ["subhead", "body"]
    assert not is_newspaper(raw) and is_newspaper(COLUMN)


def test_the_fields_before_markdown_are_no_paragraph() -> None:
    raw = "---\ntitle: 渡口\ndate: 2024-05-06\n---\n\n# 渡口\n\n正文。\n"
    found = restore_prose(raw)
    assert [(a.title, [p.text for p in a.paragraphs]) for a in found.articles] == [("渡口", ["正文。"])]
    assert [raw[start:end] for start, end in found.furniture] == ["---\ntitle: 渡口\ndate: 2024-05-06\n---", "#"]
    rule = "---\n不是字段\n---\n"
    assert "".join(p.text for a in restore_prose(rule).articles for p in a.paragraphs) == "---不是字段---"


def test_chinese_prose_with_a_paragraph_a_line_stays_as_it_is() -> None:
    lines = [
        "这是第一段，写得比较长，一直写到这里才结束。",
        "这是第二段。",
        "第三段也在这里，它有两句。第二句在此。",
        "最后一段。",
    ]
    (article,) = restore("\n".join(lines))
    assert [p.text for p in article.paragraphs] == lines


def _piece(text: str, **jumps: int) -> Article:
    return Article(None, (Paragraph(text, 0, len(text)),), **jumps)


def test_stitching_follows_page_numbers_then_words() -> None:
    issue = {
        "p1": [
            _piece("双边贸易额实现大幅增长，铁路建设加快推进", page=1, jump_to=4),
            _piece("医院的家庭医生走进社区为老人看病", page=1, jump_to=4),
        ],
        "p4": [
            _piece("家庭医生签约后，社区老人看病不用走远路", page=4, jump_from=1),
            _piece("铁路建设让贸易额继续增长", page=4, jump_from=1),
        ],
        "p5": [_piece("铁路", page=5, jump_from=2)],
    }
    chains = stitch(issue)
    assert {tuple((place.document, place.article) for place in chain) for chain in chains} == {
        (("p1", 0), ("p4", 1)),
        (("p1", 1), ("p4", 0)),
    }


def test_stitching_makes_one_chain_over_three_pages() -> None:
    issue = {
        "a": [_piece("甲", page=1, jump_to=2)],
        "b": [_piece("乙", page=2, jump_from=1, jump_to=3)],
        "c": [_piece("丙", page=3, jump_from=2)],
    }
    ((one, two, three),) = stitch(issue)
    assert (one.document, two.document, three.document) == ("a", "b", "c")
    assert stitch({"a": [_piece("甲", page=1)]}) == ()


def test_a_line_that_breaks_off_in_mid_clause_is_no_subhead() -> None:
    """On the sample page it was taken for one: numbers set with room about them make its line look short."""
    raw = (pages_folder() / "yunze-2024-08-15.txt").read_text("utf-8")
    bridge = next(a for a in restore(raw) if any(p.text.startswith("大桥全长2860米") for p in a.paragraphs))
    paragraph = next(p for p in bridge.paragraphs if p.text.startswith("大桥全长"))
    assert paragraph.kind == "body"
    assert paragraph.text.startswith("大桥全长2860米，主跨520米，双向六车道，设计时速80公里")
    assert paragraph.text.endswith("中标的施工单位是长川路桥公司。")
    assert bridge.title == "芦江大桥昨日合龙 两岸过江将由四十分钟缩短到六分钟"


def test_sample_pages_match_their_truth() -> None:
    true, found, titles = set(), set(), []
    for path in sorted(pages_folder().glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        raw = (path.parent / truth["file"]).read_text("utf-8")
        articles = restore(raw)
        true |= {(path.name, p["start"], p["end"]) for a in truth["articles"] for p in a["paragraphs"]}
        found |= {(path.name, p.start, p.end) for a in articles for p in a.paragraphs if p.kind != "note"}
        known = {squeeze(a.title or "") for a in articles}
        titles += [squeeze(a["title"]) in known for a in truth["articles"] if a["title_span"]]
    assert 2 * len(true & found) / (len(true) + len(found)) > 0.97
    assert all(titles)


def test_headlines_stand_over_their_own_articles_on_the_sample_pages() -> None:
    """On some of them one headline comes before its article and another after its own."""
    wrong = []
    for path in sorted(pages_folder().glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        articles = restore((path.parent / truth["file"]).read_text("utf-8"))
        titles = {p.start: squeeze(a.title or "") for a in articles for p in a.paragraphs}
        for article in truth["articles"]:
            first = min(p["start"] for p in article["paragraphs"] if p["kind"] == "body")
            if article["title_span"] and titles.get(first, "") != squeeze(article["title"]):
                wrong.append(article["title"])
    assert wrong == []


def test_a_bare_name_under_a_headline_is_a_byline_on_a_page_that_signs_its_articles() -> None:
    """``时未晚`` under the headline of the commentary; where nothing else is signed it is part of the headline."""
    raw = (pages_folder() / "xichui-2025-06-19.txt").read_text("utf-8")
    bylines = {article.title: article.byline for article in restore(raw)}
    assert bylines["路通了，还要算好软账"] == "时未晚"
    unsigned = "".join(line for line in raw.splitlines(keepends=True) if "本报记者" not in line)
    assert "路通了，还要算好软账时未晚" in {squeeze(article.title or "") for article in restore(unsigned)}


def test_a_piece_in_a_frame_of_its_own_goes_to_the_article_it_is_about() -> None:
    """Where headlines come last the first part of an article has none, and stands after another article's headline."""
    raw = (pages_folder() / "beiyuan-2025-03-21-p5.txt").read_text("utf-8")
    articles = {article.title: [p.text[:6] for p in article.paragraphs] for article in restore(raw)}
    assert articles["一个人和六千张卡片"][0] == "方言学者柏树"
    assert articles["灰堆里拼出一座窑场"][-1] == "目前遗址已回填"[:6]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("主跨520米，双", 1),
        ("合龙时间选在上午，", 1),
        ("为何如此。原来", 2),
        ("记者：为什么？", 2),
        ("稳中求进，以进促稳", 0),
    ],
)
def test_what_no_heading_is(line: str, verdict: int) -> None:
    assert goes_on(line) == verdict


def test_gaps_beside_numbers_count_where_they_were_set() -> None:
    """Five lines that fill a column of 14 em only when the gap beside a number is a quarter em."""
    set_ = (
        "全长 2860 米主跨 520 米双向\n设计时速 80 公里概算总投资\n由云泽市交通投资集团建设的\n"
        "于 2021 年 9 月开工今年八月\n项目总工程师卢廷岳介绍合龙\n"
    )
    plain = set_.replace(" ", "")
    assert set_widths(split_lines(set_))[1] == 0.25
    assert set_widths(split_lines(plain))[1] == 0.0


def test_nothing_goes_on_after_a_credit() -> None:
    first = "会议认为做好当前的各项工作\n意义重大必须抓紧抓实抓出成效来。\n"
    raw = (
        first
        + "（执笔：罗涵、郭强勇、黄涛桂、\n何杰）\n"
        + "连续痛骂十八分钟，并澄清与其没\n有任何关系，做人要正派。\n"
    )
    paragraphs = [p.text for a in restore(raw) for p in a.paragraphs]
    assert "（执笔：罗涵、郭强勇、黄涛桂、何杰）" in paragraphs


def test_the_real_page_matches_its_hand_made_truth() -> None:
    truth = json.loads(TRUTH.read_text(encoding="utf-8"))
    for path in sorted(SEEDS.glob("*.txt")):
        raw = path.read_bytes().decode("utf-8")
        if hashlib.sha256(raw.encode()).hexdigest() == truth["raw_sha256"]:
            break
    else:
        pytest.skip(f"the real page is not at {SEEDS}")

    def digest(text: str | None) -> str | None:
        return hashlib.sha256(squeeze(text).encode()).hexdigest()[:12] if text else None

    found = restore(raw)
    assert [[[p.start, p.end, p.kind, digest(p.text)] for p in a.paragraphs] for a in found] == [
        a["paragraphs"] for a in truth["articles"]
    ]
    for article, true in zip(found, truth["articles"], strict=True):
        assert (digest(article.title), digest(article.byline)) == (true["title"], true["byline"])
        assert (article.jump_from, article.jump_to) == (true["jump_from"], true["jump_to"])
    check_accounts(raw)
