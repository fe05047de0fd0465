import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InternalError
from rag.spans import holds, raw_span, squeeze
from tests.conftest import NASTY


def test_a_span_is_carried_over_the_white_space_that_restoration_removed() -> None:
    raw = "去年达到 948 \n\n亿 美 元 的历史新高。"
    start, end = raw_span(raw, 0, "去年达到948亿美元的历史新高。", 4, 10)
    assert raw[start:end] == "948 \n\n亿 美 元"


def test_a_span_never_begins_or_ends_at_white_space() -> None:
    raw = "甲 \n 乙  丙"
    assert raw_span(raw, 0, "甲 乙丙", 1, 3) == (4, 5)


def test_text_that_is_not_from_the_source_is_our_fault_and_said_so() -> None:
    with pytest.raises(InternalError, match="left its source at raw character 1"):
        raw_span("甲乙", 0, "甲丙", 0, 2)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.data())
def test_every_part_of_a_squeezed_text_is_found_again(raw: str, data: st.DataObject) -> None:
    text = squeeze(raw)
    a = data.draw(st.integers(0, len(text)))
    b = data.draw(st.integers(a, len(text)))
    start, end = raw_span(raw, 0, text, a, b)
    assert squeeze(raw[start:end]) == text[a:b]
    assert holds(raw, start, end, text[a:b])


@pytest.mark.parametrize("text", NASTY)
def test_nasty_strings_hold_themselves(text: str) -> None:
    assert holds(text, 0, len(text), text)
    assert not holds(text, 0, len(text), text + "x")
