"""Rows from Chinese articles: which sentence, which answer, which evidence, answerable or not.

Walks the line article → region → candidates → question → row. Every choice comes from one seeded random
generator and the order of the articles, so the same seed gives the same rows.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from training.questions.nearmiss import Pool, facts_of, swapped
from training.questions.records import Article, Candidate, Kind, Question
from training.questions.shape import borrowed_subject, text_of
from training.questions.spans import candidates
from training.questions.wording import ask

TARGET: dict[Kind, float] = {
    "what": 0.25,
    "who": 0.13,
    "when": 0.13,
    "where": 0.09,
    "how_many": 0.11,
    "how_much": 0.11,
    "which": 0.09,
    "list": 0.04,
    "why": 0.03,
    "how": 0.02,
}
"""Share of each kind aimed at; rare kinds (why, how, list) are taken whenever they occur."""
UNANSWERABLE = 0.25
_SPAN_OF_REGION = (3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10)
_LONGEST_EVIDENCE = 480
_TOPIC = 0.12
"""How often the article's main name may stand in for a missing subject: it is wrong too often for more."""
_ATTEMPTS = 5
_ASKED_TWICE = 0.45
_SAFE_LEAD = re.compile(r"^(?:近日|日前|据|今年|去年|昨日|[0-9]{1,4}[年月日]|当地时间|北京时间|当日|连日来|为|从|“)")

Translate = Callable[[str, Candidate, random.Random, str], tuple[str, str] | None]
"""Makes a question in another language of a sentence and a candidate: (question, language) or None."""


@dataclass(slots=True)
class Balance:
    """Counts of kinds so far; tells which of the kinds at hand is furthest below its share."""

    counts: Counter[str] = field(default_factory=Counter)

    def too_many(self, kind: Kind) -> bool:
        """Whether a kind has more than its share."""
        total = sum(self.counts.values())
        return total > 50 and self.counts[kind] > 1.1 * TARGET[kind] * total

    def choose(self, found: Sequence[Candidate], rng: random.Random) -> Candidate:
        """One of the candidates: mostly of the kind most wanted, else any."""
        total = sum(self.counts.values()) + 1
        wanted = max({c.kind for c in found}, key=lambda kind: (TARGET[kind] - self.counts[kind] / total, kind))
        pool = [c for c in found if c.kind == wanted] if rng.random() < 0.8 else list(found)
        return rng.choice(sorted(pool, key=lambda c: (c.start, c.end)))


def _askable(sentence: str, place: int) -> bool:
    """Whether a sentence is a statement; a first sentence must begin as leads do (headlines are glued to others)."""
    return not re.search(r"[？?]", sentence) and (place > 0 or bool(_SAFE_LEAD.match(sentence)))


def topic_of(article: Article) -> str:
    """What the article is about: the subject of one of its first sentences, or nothing.

    Only a name of three to fourteen characters will do.
    """
    for sentence in article.sentences[:2]:
        words = borrowed_subject(sentence, len(sentence), "\n")
        text = text_of(words)
        if (
            3 <= len(text) <= 14
            and any(token.flag in ("ns", "nt", "nz", "nr", "nrt", "eng") for token in words)
            and "记者" not in text
        ):
            return text
    return ""


def region(article: Article, rng: random.Random) -> tuple[int, int]:
    """First and last-plus-one sentence of a stretch of 3 to 10 sentences that is not too long."""
    size = min(rng.choice(_SPAN_OF_REGION), len(article.sentences))
    first = rng.randrange(len(article.sentences) - size + 1)
    last = first + size
    while last - first > 3 and sum(map(len, article.sentences[first:last])) > _LONGEST_EVIDENCE:
        last -= 1
    return first, last


def make(
    articles: Sequence[Article], rng: random.Random, translate: Translate | None = None, abroad: float = 0.0
) -> Iterator[Question]:
    """Rows without end from Chinese articles, each article in turn, reshuffled at every pass.

    ``translate`` and ``abroad`` (a share) give questions in other languages over Chinese evidence.
    Raises ValueError when there is no article with three sentences.
    """
    usable = [article for article in articles if len(article.sentences) >= 3]
    if not usable:
        raise ValueError("no article has three sentences; give longer texts")
    balance, pool = Balance(), Pool()
    order = list(range(len(usable)))
    while True:
        rng.shuffle(order)
        before = sum(balance.counts.values())
        for place in order:
            article = usable[place]
            other = usable[rng.randrange(len(usable))]
            yield from _rows(article, other, balance, pool, rng, translate, abroad)
        if sum(balance.counts.values()) == before:
            raise ValueError("the articles give no question; they may be too short or in another language")


def _rows(
    article: Article,
    other: Article,
    balance: Balance,
    pool: Pool,
    rng: random.Random,
    translate: Translate | None,
    abroad: float,
) -> Iterator[Question]:
    """Several rows from one stretch of one article."""
    first, last = region(article, rng)
    topic = topic_of(article) if rng.random() < _TOPIC else ""
    askable = [i for i in range(first, last) if _askable(article.sentences[i], i)]
    for at in rng.sample(askable, min(4, len(askable))):
        sentence = article.sentences[at]
        found = candidates(sentence)
        facts = facts_of(sentence, found)
        pool.learn(facts, rng)
        made = 0
        for _ in range(_ATTEMPTS):
            if not found or made >= 3:
                break
            candidate = balance.choose(found, rng)
            found = [c for c in found if c.end <= candidate.start or candidate.end <= c.start]
            if balance.too_many(candidate.kind) and rng.random() < 0.7:
                continue
            for _ in range(2 if rng.random() < _ASKED_TWICE else 1):
                foreign = translate(sentence, candidate, rng, topic) if translate and rng.random() < abroad else None
                question, language = foreign or (
                    (ask(sentence, candidate, rng, topic), "zh") if abroad < 1 else (None, "")
                )
                if question:
                    row = _evidence(article, other, first, last, at, candidate, question, language, rng)
                    yield _perhaps_unanswerable(row, article, other, facts, pool, rng)
                    balance.counts[candidate.kind] += 1
                    made += 1


def _evidence(
    article: Article,
    other: Article,
    first: int,
    last: int,
    at: int,
    candidate: Candidate,
    question: str,
    language: str,
    rng: random.Random,
) -> Question:
    """A row with its evidence: the stretch, now and then with a few sentences of another article."""
    sentences = list(article.sentences[first:last])
    index = at - first
    if rng.random() < 0.3 and other.id != article.id and last - first <= 7:
        size = rng.randint(1, min(3, len(other.sentences)))
        start = rng.randrange(len(other.sentences) - size + 1)
        extra = list(other.sentences[start : start + size])
        if rng.random() < 0.5:
            sentences, index = extra + sentences, index + size
        else:
            sentences = sentences + extra
    return Question(
        question,
        tuple(sentences),
        index,
        candidate.start,
        candidate.end,
        candidate.kind,
        True,
        language,
        "zh",
        article.id,
    )


def _perhaps_unanswerable(
    row: Question, article: Article, other: Article, facts: Sequence[tuple[str, str]], pool: Pool, rng: random.Random
) -> Question:
    """The row as it is, or (a quarter of the time) as one that its evidence does not answer."""
    if rng.random() >= UNANSWERABLE:
        return row
    way = rng.random()
    if way < 0.5 and row.language == "zh":
        question = swapped(row.question, row.sentences, facts, pool, rng)
        if question:
            return row.without_answer(row.sentences, "swapped", question)
    if way < 0.85:
        left = [s for i, s in enumerate(row.sentences) if i != row.index and row.answer not in s]
        for sentence in article.sentences:
            if len(left) >= 3:
                break
            if sentence not in row.sentences and row.answer not in sentence:
                left.append(sentence)
        if len(left) >= 3:
            return row.without_answer(tuple(left), "removed")
    stretch = [s for s in other.sentences[: len(row.sentences) + 2] if row.answer not in s][:10]
    if other.id != article.id and len(stretch) >= 3:
        return row.without_answer(tuple(stretch), "elsewhere")
    return row
