import pytest

from rag.citing import cite
from rag.errors import InternalError
from rag.records import Claim, Document, Evidence, Passage, Reading

RAW = {"d0": "农民高兴。", "d1": "港口货物达到 948 \n亿吨。农民高兴。", "d2": "另报：货物 720 亿吨。"}


def document(identifier: str) -> Document:
    return Document(identifier, f"/{identifier}.txt", identifier, "2025-06-19", RAW[identifier], "now", 1)


def evidence(identifier: str, text: str, start: int, passage_text: str) -> Evidence:
    passage = Passage(f"{identifier}-0", identifier, 0, passage_text, 0, len(RAW[identifier]), "标题", 4)
    return Evidence(text, passage, start, start + len(text))


ONE = evidence("d1", "港口货物达到948亿吨。", 0, "港口货物达到948亿吨。农民高兴。")
TWO = evidence("d1", "农民高兴。", 12, "港口货物达到948亿吨。农民高兴。")
OTHER = evidence("d2", "另报：货物720亿吨。", 0, "另报：货物720亿吨。")


def test_a_citation_opens_the_exact_raw_characters_of_sentence_and_answer() -> None:
    cited = cite(Reading((Claim(0, 6, 11, 0.9),), 0.9), [ONE], document)
    [citation] = cited.citations
    assert RAW["d1"][citation.start : citation.end] == "港口货物达到 948 \n亿吨。"
    assert RAW["d1"][citation.answer_start : citation.answer_end] == "948 \n亿吨"
    assert (citation.number, citation.path, citation.title, citation.page) == (1, "/d1.txt", "标题", 4)
    assert cited.statements[0].short == "948亿吨"


def test_only_what_is_used_is_cited() -> None:
    cited = cite(Reading((Claim(0, 6, 11, 0.9), Claim(1, 0, 2, 0.05)), 0.9), [ONE, TWO, OTHER], document)
    assert [c.quote for c in cited.citations] == [ONE.text]


def test_the_same_answer_elsewhere_is_further_support() -> None:
    again = evidence("d1", "港口货物达到948亿吨。", 0, ONE.passage.text)
    cited = cite(Reading((Claim(0, 6, 11, 0.6), Claim(1, 6, 11, 0.3)), 0.9), [ONE, again], document)
    assert len(cited.statements) == 1 and cited.statements[0].numbers == (1, 2)


def test_what_another_article_says_is_shown_beside_and_nothing_less_sure() -> None:
    best, rival = Claim(0, 6, 11, 0.5), Claim(1, 5, 10, 0.4)
    both = cite(Reading((best,), 0.9, rivals=(rival,)), [ONE, OTHER], document)
    assert [s.short for s in both.statements] == ["948亿吨", "720亿吨"]
    alone = cite(Reading((best, rival), 0.9), [ONE, OTHER], document)  # only a guess of the same reading
    assert [s.short for s in alone.statements] == ["948亿吨"]


def test_another_article_that_says_the_same_supports_it() -> None:
    again = evidence("d2", "另报：货物720亿吨。", 0, "另报：货物720亿吨。")
    cited = cite(Reading((Claim(0, 5, 10, 0.5),), 0.9, rivals=(Claim(1, 5, 10, 0.4),)), [OTHER, again], document)
    assert [(s.short, s.numbers) for s in cited.statements] == [("720亿吨", (1, 2))]
    part = cite(Reading((Claim(0, 5, 10, 0.5),), 0.9, rivals=(Claim(1, 5, 8, 0.4),)), [OTHER, ONE], document)
    assert len(part.statements) == 2  # 720 and 948亿: other figures
    within = cite(Reading((Claim(0, 5, 10, 0.5),), 0.9, rivals=(Claim(1, 5, 8, 0.4),)), [OTHER, again], document)
    assert len(within.statements) == 1


def test_further_sentences_of_an_answer_are_cited_in_reading_order() -> None:
    """The short answer keeps its own number; a further sentence is quoted whole."""
    reading = Reading((Claim(1, 0, 4, 0.9),), 0.9, (Claim(0, 0, len(ONE.text), 0.3),))
    cited = cite(reading, [ONE, TWO], document)
    assert [(c.number, c.quote) for c in cited.citations] == [(1, ONE.text), (2, TWO.text)]
    assert [(s.short, s.numbers) for s in cited.statements] == [("农民高兴", (2,))]
    first = cited.citations[0]
    assert (first.answer_start, first.answer_end) == (first.start, first.end)


def test_reading_order_keeps_documents_apart_the_answers_own_first() -> None:
    """The same answer elsewhere stands earlier in its document, but comes after."""
    elsewhere = evidence("d0", "农民高兴。", 0, "农民高兴。")
    reading = Reading((Claim(1, 0, 4, 0.5), Claim(2, 0, 4, 0.4)), 0.9, (Claim(0, 0, len(ONE.text), 0.3),))
    cited = cite(reading, [ONE, TWO, elsewhere], document)
    assert [c.document for c in cited.citations] == ["d1", "d1", "d0"]
    assert cited.statements[0].numbers == (2, 3)


def test_answers_that_differ_bring_no_further_sentences() -> None:
    reading = Reading((Claim(0, 6, 11, 0.5),), 0.9, (Claim(1, 0, 5, 0.3),), (Claim(2, 5, 10, 0.4),))
    cited = cite(reading, [ONE, TWO, OTHER], document)
    assert [c.quote for c in cited.citations] == [ONE.text, OTHER.text]


@pytest.mark.parametrize(
    "claim", [Claim(1, 0, 2, 1.0), Claim(0, 3, 3, 1.0), Claim(0, 0, 99, 1.0), Claim(-1, 0, 1, 1.0)]
)
def test_a_claim_outside_its_evidence_is_never_shown(claim: Claim) -> None:
    with pytest.raises(InternalError, match="not given"):
        cite(Reading((claim,), 1.0), [ONE], document)


def test_no_claims_no_citations() -> None:
    assert cite(Reading((), 0.0), [ONE], document).citations == ()
