"""Questions that a text asks of itself."""

from __future__ import annotations

import random

from rag.reading.units import cut
from tests.reading_tools import tiny_vocabulary
from training.reader.cloze import clozes, recurring

TEXT = (
    "芦江大桥主桥昨天在云泽市顺利合龙。总工程师卢廷岳介绍，这次合龙选在上午进行。"
    "渔民老周说，芦江大桥主桥合龙让两岸渔民高兴。云泽市渔政站介绍，渔民今年上岸转产的有三百人。"
)
OTHER = "港口今年运送蜂蜜四千吨。海关说检验时间缩短了。"


def test_recurring_spans_are_the_longest_and_stand_in_two_sentences() -> None:
    found = recurring([cut(sentence) for sentence in TEXT.split("。") if sentence])
    spans = {"".join(span): places for span, places in found.items()}
    whole = next(span for span in spans if span.startswith("芦江大桥"))
    assert whole == "芦江大桥主桥"
    assert {sentence for sentence, _ in spans[whole]} == {0, 2}
    assert "大桥" not in spans  # only ever inside the longer one
    assert all(len({sentence for sentence, _ in places}) > 1 for places in spans.values())


def test_a_cloze_is_answered_where_its_span_stands_again() -> None:
    answered = 0
    for seed in range(30):
        for made in clozes(TEXT, OTHER, tiny_vocabulary(), 3, random.Random(seed)):
            assert made.question.endswith("？")
            assert len(made.sentences) == len(made.passages) >= 2
            if made.index < 0:
                continue
            answered += 1
            answer = made.sentences[made.index][made.start : made.end]
            assert answer and answer not in made.question.replace("什么", "")
            assert sum(answer in sentence for sentence in made.sentences) == 1
            assert TEXT.count(answer) >= 2
    assert answered > 20


def test_a_text_that_repeats_nothing_asks_nothing() -> None:
    assert list(clozes("大桥合龙。渔民高兴。", OTHER, tiny_vocabulary(), 3, random.Random(0))) == []
    assert list(clozes("", "", tiny_vocabulary(), 3, random.Random(0))) == []
