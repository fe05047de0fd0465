"""Questions in Japanese, Russian, Kazakh and English from their own texts, by pattern.

Fewer kinds than in Chinese (when, how many, how much, who) and only where a pattern is safe; Japanese
asks in place, as Japanese does. The fact book's "Key: value" lines become "What is the key of country?".
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.questions.records import Article, Kind, Question

UNANSWERABLE = 0.22
_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".replace(" ", "|")
_MONTHS_KK = "қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан"
_MANY = r"(?: (?:тысяч[аи]?|миллион(?:ов|а)?|миллиард(?:ов|а)?|млн|млрд))?"
_SAYS = "заявил сообщил сказал отметил подчеркнул объявил стал родил умер победил получил принял".replace(" ", "|")
_MEASURES_KK = "теңге|доллар|пайыз|тонна|шақырым|гектар|метр"
_NUMBER = r"\d+(?:[  ,.]\d+)*"


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for and how to ask for it: ``{l}`` and ``{r}`` are the words on either side."""

    kind: Kind
    pattern: re.Pattern[str]
    forms: tuple[str, ...]


RULES: dict[str, tuple[Rule, ...]] = {
    "ja": (
        Rule(
            "when",
            re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:午[前後]\d{1,2}時(?:\d{1,2}分)?)?|\d{4}年(?:\d{1,2}月)?"),
            ("{l}いつ{r}", "{r}{l}のはいつ", "いつ{l}{r}"),
        ),
        Rule("how_many", re.compile(r"[\d,]+(?:万)?(?=人)人"), ("{l}何人{r}",)),
        Rule(
            "how_much",
            re.compile(r"[\d,.]+(?:兆|億|万)*(?=円|ドル|ユーロ)(?:円|ドル|ユーロ)"),
            ("{l}いくら{r}", "{l}どのくらい{r}"),
        ),
        Rule(
            "how_much",
            re.compile(r"[\d.]+(?:%|パーセント|キロ|メートル|トン)"),
            ("{l}どのくらい{r}", "{l}どれくらい{r}"),
        ),
        Rule("how_many", re.compile(r"[\d,]+(?:歳|回|件|台|か国|校|点|冊|本)"), ("{l}いくつ{r}", "{l}どのくらい{r}")),
        Rule(
            "who",
            re.compile(r"[一-龥々]{2,5}(?=(?:首相|大統領|知事|社長|容疑者|選手|監督|市長|氏|さん)[がは])"),
            ("{l}誰{r}",),
        ),
    ),
    "ru": (
        Rule(
            "when",
            re.compile(rf"\d{{1,2}} (?:{_MONTHS})(?: \d{{4}} года)?|(?<=[Вв] )\d{{4}} год[ау]"),
            ("Когда {l} {r}", "Когда {r} {l}", "{l} {r} — когда это было"),
        ),
        Rule(
            "how_much",
            re.compile(
                rf"{_NUMBER}{_MANY} (?:долларов|рублей|евро|%|процент(?:ов|а)?|км|километров|метров|тонн)(?: США)?"
            ),
            ("Сколько {l} {r}", "{l} сколько {r}"),
        ),
        Rule(
            "how_many",
            re.compile(rf"{_NUMBER}{_MANY} (?:человека?|людей|жителей|детей|домов|стран|раза?|самол[её]тов|машин|лет)"),
            ("Сколько {l} {r}", "{l} — сколько {r}"),
        ),
        Rule(
            "who",
            re.compile(r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?:ов|ев|ин|ский|енко|ич|ко|ая|ова|ева|ина)(?= (?:" + _SAYS + "))"),
            ("Кто {l} {r}", "Кто {r}"),
        ),
    ),
    "kk": (
        Rule(
            "when",
            re.compile(
                rf"(?:\d{{4}}(?:-\w+)? жылы?(?:дың)? )?\d{{1,2}}(?:-\w+)? (?:{_MONTHS_KK})\w*|\d{{4}}(?:-\w+)? жылы"
            ),
            ("{l} қашан {r}", "Қашан {l} {r}", "{l} {r} қай уақытта"),
        ),
        Rule(
            "how_much",
            re.compile(rf"{_NUMBER}(?: (?:мың|миллион|миллиард|триллион))*(?= (?:{_MEASURES_KK}))"),
            ("{l} қанша {r}",),
        ),
        Rule(
            "how_many",
            re.compile(rf"{_NUMBER}(?:-\w+)?(?= (?:адам|отбасы|мектеп|бала|оқушы|ел|мемлекет|үй|спортшы|студент))"),
            ("{l} қанша {r}", "{l} неше {r}"),
        ),
    ),
}
_FACT = re.compile(r"^([A-Z][A-Za-z'() /,-]{2,60}): (.{2,120})$")
_LONG = {"ja": 70, "ru": 90, "kk": 90}
_STOPS = re.compile(r"[,;:、，。；—]| – ")


def _clause(sentence: str, start: int, end: int, language: str) -> tuple[str, str]:
    """The words of the answer's clause on its left and right, widened when short, cut when long."""
    if language == "ja":
        return sentence[:start].strip(" "), sentence[end:].strip(" 。")
    left = max([match.end() for match in _STOPS.finditer(sentence, 0, start)] or [0])
    match = _STOPS.search(sentence, end)
    right = match.start() if match else len(sentence)
    if right - left - (end - start) < 18:
        later = _STOPS.search(sentence, right + 1)
        right = later.start() if later else len(sentence)
        left = max([match.end() for match in _STOPS.finditer(sentence, 0, max(0, left - 1))] or [0])
    edges = ' \n.。!?！？«»「」『』"“”()（）、,'
    return sentence[left:start].strip(edges), sentence[end:right].strip(edges)


def ask_foreign(sentence: str, rule: Rule, start: int, end: int, language: str, rng: random.Random) -> str | None:
    """A question for one span in the sentence's own language, or None when too little or too much is left."""
    if language == "ja" and re.search(r"[『』]|[A-Za-z]{4}|(?<![たるいう])。$", sentence):
        return None
    left, right = _clause(sentence, start, end, language)
    if language != "ja":
        left = re.sub(r"(?:^|\s+)(?:[Вв]о?|[Сс]|[Кк]|до|за|на|от|около|более|почти|не менее)$", "", left)
    if len(left + right) < (6 if language == "ja" else 14) or len(left + right) > _LONG[language]:
        return None
    if language == "ja":
        right = re.sub(r"(?:という|とされる|と発表した|と伝えた)$", "", right)
        right = right[1:] if rule.kind == "when" and right[:1] in "にの" and not left else right
    if language == "ru" and rule.kind != "who" and not left:
        return None
    form = rng.choice(rule.forms)
    question = form.format(l=left, r=right)
    question = (
        re.sub(r"\s+", "" if language == "ja" else " ", question).strip(" —")
        if language != "ja"
        else re.sub(r"\s+", "", question)
    )
    question = question[0].upper() + question[1:] + ("か?" if language == "ja" and rng.random() < 0.5 else "?")
    return question if sentence[start:end] not in question else None


def _facts(article: Article) -> Iterator[tuple[int, int, int, str]]:
    """(sentence, start, end, question) for "Key: value" lines of a titled article."""
    country = article.title.partition(" - ")[0]
    for at, sentence in enumerate(article.sentences):
        match = _FACT.match(sentence)
        if not match or country in ("", "none"):
            continue
        key, value = match.group(1), match.group(2)
        value = re.sub(r"\s*\((?:\d{4}|note|est|FY|Q).*$", "", value).rstrip("; ")
        words = [part.strip() for part in key.lower().split(" - ")]
        name = " ".join(reversed(words)) if len(words) == 2 and words[1] not in words[0] else words[-1]
        if re.search(r"note|background|comparative", key.lower()) or ": " in value or len(value) > 80 or not value:
            continue
        yield at, match.start(2), match.start(2) + len(value), f"{name}|{country}"


def _kind_of_fact(value: str) -> Kind:
    return "how_much" if re.match(r"[\d$-]", value) else "what"


def make_foreign(articles: Sequence[Article], rng: random.Random) -> Iterator[Question]:
    """Rows without end from articles in Japanese, Russian, Kazakh or English.

    Raises ValueError when no article gives a question.
    """
    order = list(range(len(articles)))
    while True:
        rng.shuffle(order)
        count = 0
        for place in order:
            article, other = articles[place], articles[rng.randrange(len(articles))]
            for row in _rows(article, rng):
                count += 1
                yield _perhaps_unanswerable(row, article, other, rng)
        if not count:
            raise ValueError("the articles give no question; they may be too short or in another language")


def _rows(article: Article, rng: random.Random) -> Iterator[Question]:
    found: list[tuple[int, int, int, Kind, str]] = []
    if article.language == "en":
        for at, start, end, about in _facts(article):
            name, country = about.split("|")
            form = rng.choice(
                (
                    "What is the {n} of {c}?",
                    "What is {c}'s {n}?",
                    "{c} {n}",
                    "Tell me the {n} of {c}",
                    "what is the {n} in {c}?",
                )
            )
            found.append(
                (at, start, end, _kind_of_fact(article.sentences[at][start:end]), form.format(n=name, c=country))
            )
        found = rng.sample(found, min(5, len(found)))
    else:
        for at, sentence in enumerate(article.sentences):
            for rule in RULES[article.language]:
                for match in rule.pattern.finditer(sentence):
                    question = ask_foreign(sentence, rule, *match.span(), article.language, rng)
                    if question:
                        found.append((at, *match.span(), rule.kind, question))
        found = rng.sample(found, min(6, len(found)))
    for at, start, end, kind, question in found:
        size = rng.randint(3, 8)
        first = max(0, min(at - rng.randrange(size), len(article.sentences) - size))
        stretch = article.sentences[first : first + size]
        yield Question(
            question, tuple(stretch), at - first, start, end, kind, True, article.language, article.language, article.id
        )


def _perhaps_unanswerable(row: Question, article: Article, other: Article, rng: random.Random) -> Question:
    if rng.random() >= UNANSWERABLE:
        return row
    if rng.random() < 0.7:
        left = tuple(s for s in article.sentences if s != row.sentences[row.index] and row.answer not in s)
        first = rng.randrange(max(1, len(left) - 6))
        if len(left) >= 3:
            return row.without_answer(left[first : first + 7], "removed")
    stretch = tuple(s for s in other.sentences[:7] if row.answer not in s)
    return row.without_answer(stretch, "elsewhere") if len(stretch) >= 3 and other.id != article.id else row
