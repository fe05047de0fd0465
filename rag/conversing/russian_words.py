"""What Russian follow-ups are made of: times, names and their cases, what is asked about.

The table for ``spaced``; the pronouns are in ``russian``. Knows nothing of other languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.conversing import spaced
from rag.conversing.declension import decline, forms
from rag.conversing.slots import Edit, Slot, overlap
from rag.conversing.spaced import Language, table

PREPOSITION_CASE = {
    **dict.fromkeys(("в", "во", "на", "о", "об", "при"), "prep"),
    **dict.fromkeys(("из", "от", "до", "у", "для", "без", "после", "около", "против", "среди"), "gen"),
    **dict.fromkeys(("к", "ко", "по"), "dat"),
    **dict.fromkeys(("с", "со", "между", "над", "перед"), "ins"),
    **dict.fromkeys(("через", "про"), "acc"),
}

_GENITIVE = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
_PREPOSITIONAL = "январе|феврале|марте|апреле|мае|июне|июле|августе|сентябре|октябре|ноябре|декабре"
_NOMINATIVE = "январь|февраль|март|апрель|май|июнь|июль|август|сентябрь|октябрь|ноябрь|декабрь"
_TIMES = (
    ("day", rf"\b\d{{1,2}} (?:{_GENITIVE})\b|\b(?:вчера|сегодня|завтра)\b|\b(?:прошлой|этой|следующей) недел[еи]\b"),
    ("month", rf"\b(?:{_GENITIVE}|{_PREPOSITIONAL}|{_NOMINATIVE})\b|\b(?:прошлом|этом|следующем) месяце\b"),
    ("half", r"\b(?:перв(?:ом|ое|ого)|втор(?:ом|ое|ого)) (?:полугоди[еия]|квартал[еа]?)\b"),
    (
        "year",
        r"\b(?:1[5-9]|20)\d\d\b|\b(?:прошл(?:ом|ый|ого)|эт(?:ом|от|ого)|позапрошлом|следующем) год[уа]?\b|"
        r"\b(?:\d\d-е|\d{4}-х) годы?\b",
    ),
)
STOP = table(
    "такой такая такие "
    "что кто где когда как какой какая какое какие какова каков каково каковы сколько почему зачем чей чья "
    "чьё кого кому "
    "кем чем чего чему в во на с со о об из у к по за от до для при и а но или не это он она они оно был "
    "была было были "
    "есть ли его её их там тогда каком какую какого какому каким какими куда откуда ну так теперь скажите "
    "расскажите да нет "
    "после этот эта эти этом спасибо"
)
PERSONAL = re.compile(
    r"^(?:президент|премьер|министр|мэр|губернатор|глава|председатель|директор|автор|писатель|король|лидер|"
    r"основатель|"
    r"посол|секретарь|тренер|капитан|командир|чемпион|режиссёр|руководитель|врач|изобретатель)"
)
VERB = re.compile(
    r"^(?:быть|был[аои]?|есть|будет|будут|\w+(?:лся|лась|лось|лись|тся|ёл|шла|шло|шли|ился|[аеиоуыя]л[аои]?|"
    r"ен[аоы]?|ён|ан[аоы]?|"
    r"ята?|ут[аоы]?|ит|ет|ют|ят|ут|ёт))$"
)


def _known_places(text: str) -> list[tuple[int, int, str]]:
    known = forms()
    found = []
    for match in re.finditer(spaced.WORD, text):
        for length in (2, 1):
            run = re.match(rf"{spaced.WORD}(?: {spaced.WORD}){{{length - 1}}}(?!\w)", text[match.start() :])
            if run and run.group() in known:
                found.append((match.start(), match.start() + len(run.group()), known[run.group()][1]))
                break
    return found


def case_of(slot: Slot, text: str) -> tuple[str, str]:
    """Return the dictionary form and the case of a name in ``text``; the case empty when it cannot be told."""
    before = re.findall(spaced.WORD, text[: slot.start])
    wanted = PREPOSITION_CASE.get(before[-1].lower(), "") if before else ""
    if slot.text in forms():
        lemma, _, cases = forms()[slot.text]
        options = cases.split()
        if wanted in options:
            return lemma, wanted
        joined = re.search(r"[\w»] и $|[–—-] $", text[: slot.start])
        if joined and "gen" in options and "nom" not in options:
            return lemma, "gen"
        order = (
            ("nom", "gen", "dat", "acc", "ins", "prep") if not before else ("gen", "nom", "acc", "ins", "dat", "prep")
        )
        return lemma, next(case for case in order if case in options)
    return slot.text, "nom" if not wanted else ""


def _reform(new: Slot, old: Slot, inner: str, base: str) -> str:
    if new.kind == "time":
        return _month(new, old) if new.sort == "month" else new.text
    if new.kind in ("edition", "unit") or new.sort == "title" or old.sort == "title":
        return _agreed(new.text, old.text) if new.kind == "edition" else new.text
    lemma, case = case_of(new, inner)
    _, target = case_of(old, base)
    if old.text not in forms():
        before = re.findall(spaced.WORD, base[: old.start])
        same = (
            before and inner[: new.start].split()[-1:] and before[-1].lower() == inner[: new.start].split()[-1].lower()
        )
        if same or case == "":
            return new.text if same else ""
        target = target or "prep"
    if not case or not target:
        return new.text if case == target else ""
    if new.text not in forms() and old.text not in forms() and target == "nom":
        return new.text
    return decline(lemma, target)


def _month(new: Slot, old: Slot) -> str:
    columns = [names.split("|") for names in (_NOMINATIVE, _GENITIVE, _PREPOSITIONAL)]
    row = next((c.index(new.text.lower()) for c in columns if new.text.lower() in c), None)
    column = next((c for c in columns if old.text.lower() in c), None)
    return column[row] if row is not None and column is not None else ""


def _agreed(new: str, old: str) -> str:
    """Give an ordinal the ending of the old one: первый + второго → первого."""
    endings = "ый|ой|ий|ого|его|ому|ему|ым|им|ом|ем|ая|яя|ую|юю|ое|ее|ые|ие|ых|их|ья|ье|ью"
    a, b = (re.fullmatch(rf"(.+?)({endings})", word) for word in (new, old))
    if a is None or b is None:
        return new
    return new if a[2] in ("ый", "ой", "ий") and b[2] in ("ый", "ой", "ий") else a[1] + b[2]


def _insert(base: str, slot: Slot, inner: str) -> str:
    if slot.kind == "time":
        text = spaced.phrase(RUSSIAN, slot, inner)
        if re.fullmatch(r"\d{4}", text):
            text = f"в {text} году"
    else:
        before = inner[: slot.start].split()
        if not before or before[-1].lower() not in ("в", "во", "на"):
            return ""
        text = f"{before[-1].lower()} {slot.text}"
    match = re.search(r"[\s?.!]*$", base)
    end = match.start() if match else len(base)
    return f"{base[:end]} {text}{base[end:]}"


_ASK_FORMS = (
    ("а", "Какова"),
    ("я", "Какова"),
    ("ь", "Какова"),
    ("о", "Каково"),
    ("е", "Каково"),
    ("ы", "Каковы"),
    ("и", "Каковы"),
    ("", "Каков"),
)


def _nouns(new: str, base: str, taken: Sequence[Slot]) -> list[Edit]:
    """Exchange what is asked about (площадь → население) or its sibling (экспорт → импорт)."""
    new = re.sub(r"^(?:его|её|их|про|насчёт)\s+", "", new)
    if not new or not new[0].islower() or len(new.split()) > 2:
        return []
    adjective = re.fullmatch(r"\w+(?:ых|их|ой|ого|ую)", new)
    for match in re.finditer(r"\b[а-яё]{4,}\b", base):
        word = match.group()
        if overlap(Slot("", match.start(), match.end(), ""), taken) or word == new:
            continue
        if adjective and word[-2:] == new[-2:]:
            return [Edit(match.start(), match.end(), new)]
        for ending in ("", "а", "у", "ом", "е"):
            if len(new) > 4 and word.endswith(new[-4:] + ending) and word not in STOP:
                return [Edit(match.start(), match.end(), new + ending)]
    asks = re.match(
        r"(?P<ask>Какова|Каков|Каково|Каковы)(?P<be> был[аои]?)? (?P<noun>[а-яё]+(?: [а-яё]+)??)(?= [А-ЯЁ«]|"
        r" в | на )",
        base,
    )
    who = re.match(r"(?P<ask>Кто|Что) (?P<noun>[а-яё]+)(?= [А-ЯЁ«])", base)
    if asks is None or len(new.split()) > 1 or PERSONAL.match(new):
        if who and PERSONAL.match(new) and PERSONAL.match(who["noun"]):
            return [Edit(who.start("noun"), who.end("noun"), new)]
        return []
    ask = next(form for ending, form in _ASK_FORMS if new.endswith(ending))
    be = {"Какова": " была", "Каков": " был", "Каково": " было", "Каковы": " были"}[ask] if asks["be"] else ""
    return [Edit(0, asks.end("noun"), f"{ask}{be} {new}")]


RUSSIAN = Language(
    code="ru",
    lead=re.compile(
        r"^(?:(?:ну|хорошо|так)[, ]+)?(?:а (?:как|что) (?:насчёт|насчет|там с)|как насчёт|как насчет|"
        r"что насчёт|а если|а вот|а|и|но)[, ]+",
        re.I,
    ),
    tail=re.compile(r"(?:\s+(?:тогда|же))?[\s?？!.…]*$", re.I),
    whole=re.compile(
        r"\b(?:что|кто|где|когда|как(?:ой|ая|ое|ие|ова|ов|ово|овы|ого|ому|им|ом|ую)?|сколько|почему|зачем|чей|"
        r"кого|кому|кем|"
        r"чем|куда|откуда|он|она|оно|они|его|её|ее|их|ему|ей|там|тогда|был[аои]?|есть|ли|спасибо)\b",
        re.I,
    ),
    times=_TIMES,
    time_before=r"(?:\b(?:в|во|за|на|с|до|от) )?",
    time_after=r"(?: год[уа]?(?!\w)| г\.)?",
    editions=re.compile(
        r"\b(?:перв|втор|четв[её]рт|пят|шест|седьм|восьм|девят|десят)(?:ый|ой|ого|ому|ым|ом|ая|ую|ое|ые|ых)\b|"
        r"\bтрет(?:ий|ьего|ьему|ьем|ья|ью|ье|ьей)\b",
        re.I,
    ),
    prepositions=table("в во на с со о об из у к ко по за от до для при и между про"),
    place_prepositions=frozenset(("в", "во", "из", "на")),
    filler=re.compile(r"\b(?:год|году|года)\b", re.I),
    stop=STOP,
    titles=re.compile(
        r"(?:президент|премьер|премьер-министр|министр|мэр|губернатор|председатель|господин|госпожа|доктор|"
        r"профессор|врач|посол)\w{0,2}",
        re.I,
    ),
    organisations=re.compile(
        r"\b(?:[Бб]анк|[Уу]ниверситет|[Кк]омпани|[Мм]инистерств|[Кк]омитет|[Оо]рганизаци|[Сс]оюз|[Ии]нститут|"
        r"[Аа]ссоциаци|[Аа]гентств|ООН|ШОС)\w*"
    ),
    units=re.compile(
        r"\b(?:доллар(?:ах|ов|ы)?|юан(?:ях|ей|и)|рубл(?:ях|ей|и)|евро|тенге|тонн(?:ах|ы)?|гектар(?:ах|ов|ы)?)\b"
    ),
    place_sort=lambda name: forms()[name][1] if name in forms() else "",
    known_places=_known_places,
    reform=_reform,
    insert=_insert,
    nouns=_nouns,
    interrogatives=(
        ("who", r"\b(?:кто|кого|кому|кем)\b"),
        ("when", r"\bкогда\b|\bв каком (?:году|месяце)\b|\bкакого числа\b"),
        ("where", r"\b(?:где|куда|откуда)\b|\bв как(?:ом городе|ой стране)\b"),
        ("number", r"\bсколько\b|\bкаков[аоы]?\b"),
        ("why", r"\b(?:почему|зачем)\b"),
        ("how", r"\bкак\b"),
        ("which", r"\bкак(?:ой|ая|ое|ие|ую)\b"),
        ("what", r"\b(?:что|чем|чего)\b"),
    ),
    constant=dict.fromkeys(("Китай", "Китая", "Китаю", "Китаем", "Китае"), -1.0),
)
