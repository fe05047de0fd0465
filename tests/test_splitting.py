from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.records import Article, Paragraph
from rag.spans import holds, squeeze
from rag.splitting import PASSAGE_CHARACTERS, SENTENCE_CHARACTERS, passages, sentences
from tests.conftest import NASTY


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def article_of(*texts: str, between: str = "\n\n", kinds: dict[int, str] | None = None) -> tuple[Article, str]:
    """Return an article whose paragraphs stand in a raw text, parted by ``between``."""
    raw, paragraphs = "", []
    for i, text in enumerate(texts):
        start = len(raw)
        raw += text
        paragraphs.append(Paragraph(text, start, len(raw), (kinds or {}).get(i, "body")))  # type: ignore[arg-type]
        raw += between
    return Article("标题", tuple(paragraphs), page=4, date="2025-06-19"), raw


def test_sentences_end_at_the_stops_of_each_script_and_keep_closing_quotes() -> None:
    assert split("他问：“来吗？”来了。It is 3.5 km. Yes, Mr. A. Smith came.\n下一段……") == [
        "他问：“来吗？”",
        "来了。",
        "It is 3.5 km.",
        "Yes, Mr. A. Smith came.",
        "下一段……",
    ]


def test_a_sentence_without_stops_is_cut_at_a_comma_before_the_limit() -> None:
    text = ("很长的一句话" * 10 + "，") * 20
    parts = split(text)
    assert all(len(part) <= SENTENCE_CHARACTERS for part in parts)
    assert all(part.endswith("，") for part in parts)
    assert "".join(parts) == text


@pytest.mark.parametrize("text", ["", " \n\u3000", *NASTY, "字" * 1_000_000, "a " * 500_000])
def test_sentences_hold_every_character_once_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert squeeze("".join(text[a:b] for a, b in spans)) == squeeze(text)


@given(st.text(alphabet="中a.。！? \n”“，0"))
def test_sentences_lose_nothing(text: str) -> None:
    assert squeeze("".join(split(text))) == squeeze(text)


def test_short_paragraphs_share_a_passage_and_long_ones_are_parted() -> None:
    article, raw = article_of("甲" * 100, "乙" * 100, "丙" * 200)
    found = passages(article, raw, "doc", 3, first=7)
    assert [p.text for p in found] == ["甲" * 100 + "\n" + "乙" * 100, "丙" * 200]
    assert [p.id for p in found] == ["doc-7", "doc-8"]
    assert {(p.article, p.title, p.page, p.date) for p in found} == {(3, "标题", 4, "2025-06-19")}


def test_a_passage_never_spans_text_that_is_not_its_article() -> None:
    article, raw = article_of("甲。", "乙。", between="\n另一篇的文字\n")
    found = passages(article, raw, "doc", 0, 0)
    assert [p.text for p in found] == ["甲。", "乙。"]


def test_a_subhead_begins_a_passage() -> None:
    article, raw = article_of("甲。", "小标题", "乙。", kinds={1: "subhead"})
    assert [p.text for p in passages(article, raw, "doc", 0, 0)] == ["甲。", "小标题\n乙。"]


@pytest.mark.parametrize("size", [10, 5_000, 200_000])
def test_every_passage_stands_where_its_span_says_however_long_the_paragraph(size: int) -> None:
    article, raw = article_of("这是第一句话，讲了一件事。" * (size // 13 + 1))
    found = passages(article, raw, "doc", 0, 0)
    assert all(holds(raw, p.start, p.end, p.text) for p in found)
    assert all(len(p.text) <= PASSAGE_CHARACTERS * 3 // 2 for p in found)
    assert squeeze("".join(p.text for p in found)) == squeeze(raw)


def test_passages_are_as_long_as_asked_for_and_no_sentence_is_cut() -> None:
    article, raw = article_of("港口今天十分忙碌，又有货轮靠岸。" * 40, "码头工人说，今年比去年更忙。" * 2)
    for longest in (80, 200, 1000):
        made = passages(article, raw, "d", 0, 0, longest)
        assert max(len(passage.text) for passage in made) <= longest * 3 // 2
        assert all(
            passage.text.endswith("。") and holds(raw, passage.start, passage.end, passage.text) for passage in made
        )
        assert squeeze("".join(passage.text for passage in made)) == squeeze(raw)
