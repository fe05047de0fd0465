"""Questions worth asking next, made from the documents: a statement with one figure becomes its question.

    "首月日均车流量2.7万辆" → "首月日均车流量多少万辆？"

Only sentences whose article the library finds again with the question are used. No model takes part; for
texts that are not Chinese there are no suggestions yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.library import Library
from rag.records import Article, Reply
from rag.splitting import sentences

_CLAUSE = re.compile(r"[^，。；：！？、,;:!?“”‘’（）()《》\s]+")
_FIGURE = re.compile(
    r"(?P<verb>达到|达|为|共有|共|有|是|增至|降到|降至|增长到|超过|投资|突破)?(?:了)?"
    r"(?P<number>\d+(?:\.\d+)?)(?P<scale>[百千万亿]*)(?P<unit>[\u4e00-\u9fff]{1,3}|％|%)$"
)
_UNITS = re.compile(
    r"^(?:元|美元|人|人次|名|家|个|座|套|辆|吨|公斤|公里|公顷|亩|米|平方米|立方米|万|天|岁|项|件|条|班|部|次|户|所|趟|分钟|小时|％|%)"
)
_SHORTEST, _LONGEST = 5, 18


@dataclass(frozen=True, slots=True)
class _Candidate:
    question: str
    document: str
    sentence: str


def first_questions(library: Library, wanted: int = 3) -> tuple[str, ...]:
    """Return questions that the documents of ``library`` answer, from different documents."""
    found: list[str] = []
    for document in library.documents()[:12]:
        for article in library.articles(document.id):
            question = _first_good(library, _candidates(document.id, article))
            if question and question not in found:
                found.append(question)
                break
        if len(found) == wanted:
            break
    return tuple(found)


def follow_ups(library: Library, reply: Reply, wanted: int = 2) -> tuple[str, ...]:
    """Return further questions on the articles that ``reply`` cites; none after an abstention."""
    found: list[str] = []
    for citation in reply.citations[:2]:
        for article in library.articles(citation.document):
            if not any(p.start <= citation.start < p.end for p in article.paragraphs):
                continue
            candidates = [
                candidate
                for candidate in _candidates(citation.document, article)
                if candidate.sentence != citation.quote and candidate.question not in found
            ]
            while candidates and len(found) < wanted:
                question = _first_good(library, candidates)
                if question is None:
                    break
                found.append(question)
                candidates = [candidate for candidate in candidates if candidate.question not in found]
    return tuple(found)


def question_of(clause: str) -> str | None:
    """Return the question whose answer is the figure at the end of ``clause``, None when it has none.

    >>> question_of("首月日均车流量2.7万辆"), question_of("我们走过桥")
    ('首月日均车流量多少万辆？', None)
    """
    if len(re.findall(r"\d+(?:\.\d+)?", clause)) != 1:
        return None
    match = _FIGURE.search(clause)
    if match is None or not _UNITS.match(match["unit"]):
        return None
    subject = clause[: match.start()]
    if not _SHORTEST <= len(subject) <= _LONGEST or re.match(r"[这那其此他她它该而但也还并又再由从]", subject):
        return None
    unit = f"{match['scale']}{match['unit']}"
    asking = "百分之多少" if unit in {"％", "%"} else f"多少{unit}"
    return f"{subject}{match['verb'] or ''}{asking}？"


def _candidates(document: str, article: Article) -> list[_Candidate]:
    found = []
    for paragraph in article.paragraphs:
        if paragraph.kind != "body":
            continue
        for start, end in sentences(paragraph.text):
            sentence = paragraph.text[start:end]
            for clause in _CLAUSE.findall(sentence):
                if question := question_of(clause):
                    found.append(_Candidate(question, document, sentence))
    return found


def _first_good(library: Library, candidates: Iterable[_Candidate], tries: int = 4) -> str | None:
    """Return the first question with which the library finds its own document first."""
    for candidate, _ in zip(candidates, range(tries), strict=False):
        hits = library.search(candidate.question, 1)
        if hits and hits[0].passage.document == candidate.document:
            return candidate.question
    return None
