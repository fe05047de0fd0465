"""A statement with one figure becomes the question that the figure answers, in the language of the statement.

    "首月日均车流量2.7万辆"              → "首月日均车流量多少万辆？"
    "Some 620 people work at the mill"   → "How many people work at the mill?"
    "В районе построили 25 домов"        → "Сколько домов в районе построили?"
    "Ауданда 250 үй салынды"             → "Ауданда қанша үй салынды?"

Rules, no model: where a rule is not sure of its grammar there is no question. Knows nothing of documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

_NUMBER = r"\d+(?:[.,\u00a0 ]\d{3})*(?:[.,]\d+)?"
_LONGEST = 90

# ── Chinese: the figure closes the clause ────────────────────────────────────────────────────────────────
_CLAUSE = re.compile(r"[^，。；：！？、,;:!?“”‘’（）()《》\s]+")
_FIGURE = re.compile(
    r"(?P<verb>达到|达|为|共有|共|有|是|增至|降到|降至|增长到|超过|投资|突破)?(?:了)?"
    r"(?P<number>\d+(?:\.\d+)?)(?P<scale>[百千万亿]*)(?P<unit>[\u4e00-\u9fff]{1,3}|％|%)$"
)
_UNITS = re.compile(
    r"^(?:元|美元|人|人次|名|家|个|座|套|辆|吨|公斤|公里|公顷|亩|米|平方米|立方米|万|天|岁|项|件|条|班|部|次|户|所|趟|分钟|小时|％|%)"
)

# ── English ──────────────────────────────────────────────────────────────────────────────────────────────
_ABOUT = r"(?:about|some|nearly|almost|over|around|at least|up to|more than|fewer than|less than|a total of)"
_SCALE = r"(?P<scale> (?:hundred|thousand|million|billion))?"
_HOW_MANY = re.compile(rf"(?:{_ABOUT} )?{_NUMBER}{_SCALE} (?P<rest>[a-z][\w'-]+ .+)", re.IGNORECASE)
_HAS = re.compile(
    r"(?P<subject>(?:The|This|Its|Our) [\w' -]+?|[A-Z][\w'-]+(?: [A-Z][\w'-]+)*) (?P<verb>[a-z]+) "
    rf"(?:{_ABOUT} )?{_NUMBER}{_SCALE} "
    r"(?P<unit>(?:new |square |metric |cubic )?[a-z]+s|people|children|men|women)(?P<rest>(?: [\w' -]+)?)"
)
_VERBS = frozenset(
    "add attract build buy carry close collect cost cover create deliver earn employ export handle harvest have "  # noqa: SIM905
    "hire hold host import invest lay lose need open own pay plant produce receive recruit repair restore sell "
    "serve ship train treat visit welcome win".split()
)
_IRREGULAR = {"has": "have", "had": "have", "built": "build", "bought": "buy", "held": "hold", "laid": "lay"} | {
    "lost": "lose",
    "paid": "pay",
    "sold": "sell",
    "won": "win",
}
_NO_UNIT = {"years", "hours", "minutes", "days", "months", "weeks", "percent", "per"}

# ── Russian ──────────────────────────────────────────────────────────────────────────────────────────────
_RU = re.compile(
    rf"(?P<before>[^\d]*?)(?:(?:около|более|свыше|почти|порядка|примерно) )?(?P<number>{_NUMBER})"
    r"(?P<scale> (?:тыс\.|млн|млрд|тысяч|миллионов|миллиардов))? (?P<unit>[а-яё]{3,})(?P<after>(?: [^\d]*)?)",
    re.IGNORECASE,
)
_RU_SMALL = {
    "в",
    "во",
    "на",
    "за",
    "по",
    "с",
    "со",
    "к",
    "из",
    "до",
    "для",
    "от",
    "под",
    "при",
    "об",
    "о",
    "здесь",
    "там",
}
_RU_DATE = re.compile(
    r"(?:январ|феврал|март|апрел|ма[йя]$|июн|июл|август|сентябр|октябр|ноябр|декабр|год|лет$|час|процент)"
)

# ── languages in which the figure simply gives way to the question word ─────────────────────────────────
_INPLACE: Mapping[str, tuple[str, str, str]] = {  # word before the figure dropped, question word, unit as a pattern
    "kk": (r"(?:шамамен|жуық|астам) ", "қанша", r"[а-яёәғқңөұүһі]{2,}"),
    "tr": (r"(?:yaklaşık|toplam) ", "kaç", r"[a-zçğıöşüâî]{2,}"),
}
_INPLACE_DATE = re.compile(
    r"(?:жыл|қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан|пайыз|сағат|"
    r"yıl|ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık|saat|yüzde)"
)

# ── Japanese ─────────────────────────────────────────────────────────────────────────────────────────────
_JA = re.compile(
    r"(?P<before>[^\d０-９]{3,})[\d０-９][\d０-９,，.．]*(?P<scale>[百千万億兆]*)(?P<unit>人|トン|キロ|メートル|ヘクタール|台|件|校|社|戸|棟|本|円)(?P<after>[^\d０-９]*)"
)


def questions(sentence: str, language: str) -> Iterator[str]:
    """Yield the questions that figures of ``sentence`` answer.

    >>> list(questions("大桥开通一年，首月日均车流量2.7万辆。", "zh"))
    ['首月日均车流量多少万辆？']
    >>> list(questions("Some 620 people work at the mill.", "en"))
    ['How many people work at the mill?']
    """
    if language == "zh":
        for clause in _CLAUSE.findall(sentence):
            if question := chinese(clause):
                yield question
    elif make := _MAKERS.get(language):
        whole = sentence.strip().rstrip(".。!！")
        if (
            len(whole) <= _LONGEST
            and len(re.findall(r"[\d０-９]+(?:[.,\s][\d０-９]+)*", whole)) == 1
            and (question := make(whole))
        ):
            yield question


def chinese(clause: str) -> str | None:
    """Return the question whose answer is the figure at the end of ``clause``, None when it has none.

    >>> chinese("首月日均车流量2.7万辆"), chinese("我们走过桥")
    ('首月日均车流量多少万辆？', None)
    """
    if len(re.findall(r"\d+(?:\.\d+)?", clause)) != 1:
        return None
    match = _FIGURE.search(clause)
    if match is None or not _UNITS.match(match["unit"]):
        return None
    subject = clause[: match.start()]
    if not 5 <= len(subject) <= 18 or re.match(r"[这那其此他她它该而但也还并又再由从另共有已约]", subject):
        return None
    unit = f"{match['scale']}{match['unit']}"
    asking = "百分之多少" if unit in {"％", "%"} else f"多少{unit}"
    return f"{subject}{match['verb'] or ''}{asking}？"


def _english(whole: str) -> str | None:
    """Ask for the figure that opens the sentence, or for the object of one of a few verbs."""
    if re.search(r"[,;:\"“”()]", re.sub(rf"{_NUMBER}", "", whole)):
        return None
    if match := _HOW_MANY.fullmatch(whole):
        return None if match["rest"].split()[0] in _NO_UNIT else f"How many{match['scale'] or ''} {match['rest']}?"
    match = _HAS.fullmatch(whole)
    base, past = _base(match["verb"]) if match else (None, False)
    if match is None or base is None or match["unit"] in _NO_UNIT:
        return None
    subject = match["subject"]
    subject = subject[0].lower() + subject[1:] if subject.split()[0] in {"The", "This", "Its", "Our"} else subject
    helper = "did" if past else "does"
    unit, rest = match["unit"], match["rest"]
    if rest.startswith(" of "):
        unit, rest = f"{unit}{rest}", ""
        if len(unit.split()) > 4:
            return None  # more than what the unit is of
    return f"How many{match['scale'] or ''} {unit} {helper} {subject} {base}{rest}?"


def _base(verb: str) -> tuple[str | None, bool]:
    """Return the base form of a known verb in the third person or the past, and whether it was the past.

    >>> _base("employs"), _base("carried"), _base("sings")
    (('employ', False), ('carry', True), (None, False))
    """
    if verb in _IRREGULAR:
        return _IRREGULAR[verb], verb != "has"
    for base in _VERBS:
        stem = base[:-1] if base.endswith("y") and base[-2] not in "aeou" else None
        if verb in {f"{base}s", f"{base}es", f"{stem}ies"}:
            return base, False
        if verb in {f"{base}ed", f"{base}d" if base.endswith("e") else "", f"{stem}ied", f"{base}{base[-1]}ed"}:
            return base, True
    return None, False


def _russian(whole: str) -> str | None:
    """Ask with the counted thing first: after ``сколько`` it stands in the genitive plural, as after 5 to 20."""
    match = _RU.fullmatch(whole)
    if match is None or _RU_DATE.match(match["unit"]) or "," in match["before"] + match["after"]:
        return None
    digits = re.sub(r"\D", "", match["number"])
    decimal = "," in match["number"] and not re.fullmatch(r"\d+(?:,\d{3})+", match["number"])
    few = decimal or (digits[-1:] in "1234" and digits[-2:-1] != "1")
    if few and not match["scale"]:
        return None
    words, after = match["before"].split(), match["after"].split()
    if words and (words[0].lower() not in _RU_SMALL or len(after) > 2):
        return None  # a first word that may be a name, or too much to be moved
    rest = " ".join([*after, words[0].lower(), *words[1:]] if words else after)
    if len(rest.split()) < 2:
        return None
    return " ".join(["Сколько", *(match["scale"] or "").split(), match["unit"], rest]) + "?"


def _in_place(language: str) -> Callable[[str], str | None]:
    dropped, asking, unit = _INPLACE[language]
    scale = r"(?P<scale> (?:мың|миллион|миллиард|bin|milyon|milyar))?"
    pattern = re.compile(rf"(?P<before>.+? )(?:{dropped})?{_NUMBER}{scale} (?P<unit>{unit})(?P<after>.+)")

    def make(whole: str) -> str | None:
        match = pattern.fullmatch(whole)
        if match is None or _INPLACE_DATE.match(match["unit"]) or "," in whole:
            return None
        return f"{match['before']}{asking}{match['scale'] or ''} {match['unit']}{match['after']}?"

    return make


def _japanese(whole: str) -> str | None:
    match = _JA.fullmatch(whole)
    if match is None or "、" in whole or len(whole) > 40:
        return None
    asking = "何人" if match["unit"] == "人" else f"何{match['unit']}"
    return (
        f"{match['before']}{asking if not match['scale'] else '何' + match['scale'] + match['unit']}{match['after']}？"
    )


_MAKERS: Mapping[str, Callable[[str], str | None]] = {
    "en": _english,
    "ru": _russian,
    "ja": _japanese,
    **{language: _in_place(language) for language in _INPLACE},
}
