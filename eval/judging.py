"""Judge one reply: answer, citations, abstention and, when it went wrong, the stage at fault.

    question + hits + reply + raw text  →  Outcome

Retrieval is scored for all questions at once (``with_retrieval``), by ir-measures. It knows what a right
reply is; it does not know who gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from eval.records import Fault, HitLine, Outcome, Scores
from eval.relevance import cited_gold, qrels, ranking, source_of
from eval.scoring import rouge_1, score
from eval.sets import EvalQuestion
from eval.support import content, quote_is_exact, score_citations, supports
from rag.records import Citation, Hit, Reply

#: Retrieval measures as ir-measures names them, and how a report calls them.
RETRIEVAL = {"R@1": "R@1", "R@5": "R@5", "R@10": "R@10", "RR@10": "MRR@10", "nDCG@10": "nDCG@10"}
#: From this F1 on an answer counts as right when the fault is looked for (as does one that holds a gold answer).
#: Another date of the same year still has 0.67: "2024年8月3日" for "2024年8月14日".
RIGHT_FROM = 0.7


@dataclass(frozen=True, slots=True)
class Judge:
    """What judging needs to know of a set at work.

    ``names`` gives a source's name by its resolved path; ``raw`` a document's raw text by its id.
    """

    names: Mapping[str, str]
    raw: Callable[[str], str]

    def judge(self, question: EvalQuestion, hits: Sequence[Hit], reply: Reply | None) -> Outcome:
        """Judge what came back for one question; no reply where only retrieval is judged."""
        lines = tuple(self._line(hit, name) for hit, name in ranking(question, hits, self.names))
        outcome = Outcome(
            id=question.id,
            question=question.text,
            language=question.language,
            kind=question.kind,
            answerable=question.answerable,
            near_miss=question.near_miss,
            answers=question.answers,
            dialogue=question.dialogue,
            standalone=reply.question if reply else question.text,
            text=reply.text if reply else "",
            short=reply.short if reply else "",
            abstained=reply.abstained if reply else False,
            confidence=round(reply.confidence, 6) if reply else 0.0,
            citations=tuple(self._portable(citation) for citation in reply.citations) if reply else (),
            hits=lines,
            qrels=qrels(question),
            scores=self._scores(question, reply) if reply else Scores(),
        )
        fault = fault_of(outcome, judged=reply is not None)
        return replace(outcome, scores=replace(outcome.scores, fault=fault))

    def _scores(self, question: EvalQuestion, reply: Reply) -> Scores:
        exact = f1 = contained = None
        if question.answerable and question.answers:
            # The official scripts give two empty strings credit; a refusal of an answerable question has none.
            exact, f1 = (0.0, 0.0) if reply.abstained else score(reply.short, question.answers, question.language)
            contained = not reply.abstained and any(supports([reply.short], gold) for gold in question.answers)
        rewritten = nearly = None
        if question.dialogue and question.standalone and content(question.standalone) != content(question.text):
            rewritten = content(reply.question) == content(question.standalone)
            nearly = rouge_1(reply.question, question.standalone)
        if reply.abstained:
            return Scores(exact=exact, f1=f1, contained=contained, rewritten=rewritten, rewritten_f1=nearly)
        spans = {citation.number: self._cited(citation) for citation in reply.citations}
        alce = score_citations(reply.text, spans)
        found, good = cited_gold(question, reply.citations, self.names)
        return Scores(
            exact=exact,
            f1=f1,
            contained=contained,
            supported=supports(list(spans.values()), reply.short),
            on_gold=bool(found) if question.gold else None,
            statements=alce.statements,
            statements_supported=alce.supported,
            citations=alce.citations,
            citations_needed=alce.needed,
            citations_on_gold=good,
            exact_quotes=sum(
                quote_is_exact(self.raw(citation.document), citation.start, citation.end, citation.quote)
                for citation in reply.citations
            ),
            rewritten=rewritten,
            rewritten_f1=nearly,
        )

    def _cited(self, citation: Citation) -> str:
        """Return the raw characters that a citation opens, which need not be what it quotes."""
        return self.raw(citation.document)[max(0, citation.start) : max(0, citation.end)]

    def _portable(self, citation: Citation) -> Citation:
        """Return the citation with the source's name for its path, so that runs compare across machines."""
        name = source_of(citation.path, self.names) or citation.path
        return replace(citation, path=name, score=round(citation.score, 6))

    def _line(self, hit: Hit, name: str) -> HitLine:
        source = source_of(hit.path, self.names) or hit.path
        return HitLine(hit.rank, round(hit.score, 6), name, source, hit.passage.start, hit.passage.end)


def fault_of(outcome: Outcome, *, judged: bool = True) -> Fault:
    """Return the stage at fault, empty when the reply is right.

    ========================= ==============================================================
    not retrieved             no gold paragraph among the hits
    wrongly refused           gold was among the hits, and the reply is an abstention
    retrieved but not read    gold was among the hits, and no citation stands on it
    read but wrong            a citation stands on gold, and the answer is wrong
    answered the unanswerable an answer where the documents say nothing
    ========================= ==============================================================
    """
    if not outcome.answerable:
        return "" if outcome.abstained or not judged else "answered the unanswerable"
    scores = outcome.scores
    right = bool(scores.exact or scores.contained) or (scores.f1 or 0.0) >= RIGHT_FROM
    if judged and scores.exact is not None and right:
        return ""
    if outcome.qrels and not any(hit.name in outcome.qrels for hit in outcome.hits):
        return "not retrieved"
    if not judged:
        return ""
    if outcome.abstained:
        return "wrongly refused"
    if scores.on_gold is False:
        return "retrieved but not read"
    return "read but wrong" if scores.exact is not None else ""


def with_retrieval(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Return the outcomes with their retrieval measures, where there is gold to find.

    Computed by ir-measures (pytrec_eval). The order of the hits is the order judged: the scores handed over
    are 1/rank, since trec_eval sorts ties by name.
    """
    import ir_measures

    judged = {outcome.id: dict(outcome.qrels) for outcome in outcomes if outcome.qrels}
    if not judged:
        return tuple(outcomes)
    run = {outcome.id: ranked_scores(outcome) for outcome in outcomes if outcome.id in judged}
    values: dict[str, dict[str, float]] = {id: dict.fromkeys(RETRIEVAL.values(), 0.0) for id in judged}
    wanted = [ir_measures.parse_measure(name) for name in RETRIEVAL]
    for metric in ir_measures.iter_calc(wanted, judged, run):
        values[metric.query_id][RETRIEVAL[str(metric.measure)]] = float(metric.value)
    return tuple(
        replace(outcome, scores=replace(outcome.scores, retrieval=values.get(outcome.id, {}))) for outcome in outcomes
    )


def ranked_scores(outcome: Outcome) -> dict[str, float]:
    """Return each hit's name with 1/place as its score."""
    return {hit.name: 1.0 / place for place, hit in enumerate(outcome.hits, start=1)}
