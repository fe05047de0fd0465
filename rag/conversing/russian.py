"""Follow-ups in Russian: А в Сиане?, А в 2023 году?, Когда он родился?, Сколько там жителей?

Names are declined by the regular paradigms of nouns, so that an exchanged name stands in the case of the
old one (Зализняк, "Грамматический словарь русского языка"). Knows nothing of other languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.conversing import antecedents, spaced
from rag.conversing.antecedents import Context
from rag.conversing.places import places
from rag.conversing.slots import Edit, Slot, apply, overlap
from rag.conversing.spaced import Language, table

CASES = ("nom", "gen", "dat", "acc", "ins", "prep")
# ending of the dictionary form: the letters dropped, then the endings in the order of CASES
_PARADIGMS: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("ия", "ия", ("ия", "ии", "ии", "ию", "ией", "ии")),
    ("ка", "а", ("а", "и", "е", "у", "ой", "е")),
    ("га", "а", ("а", "и", "е", "у", "ой", "е")),
    ("ша", "а", ("а", "и", "е", "у", "ей", "е")),
    ("а", "а", ("а", "ы", "е", "у", "ой", "е")),
    ("я", "я", ("я", "и", "е", "ю", "ей", "е")),
    ("ань", "ь", ("ь", "я", "ю", "ь", "ем", "е")),
    ("ь", "ь", ("ь", "и", "и", "ь", "ью", "и")),
    ("й", "й", ("й", "я", "ю", "й", "ем", "е")),
    ("", "", ("", "а", "у", "", "ом", "е")),
)
_FEMININE_SOFT = frozenset(("Казань", "Беларусь"))
_SURNAME = re.compile("(?:[её]в|ов|ин|ын)$")
_PREPOSITION_CASE = {
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
        r"\b(?:1[5-9]|20)\d\d\b|\b(?:прошл(?:ом|ый|ого)|эт(?:ом|от|ого)|позапрошлом|следующем) год[уа]?\b|\b(?:\d\d-е|\d{4}-х) годы?\b",
    ),
)
_STOP = table(
    "что кто где когда как какой какая какое какие какова каков каково каковы сколько почему зачем чей чья чьё кого кому "
    "кем чем чего чему в во на с со о об из у к по за от до для при и а но или не это он она они оно был была было были "
    "есть ли его её их там тогда каком какую какого какому каким какими куда откуда ну так теперь скажите расскажите да нет "
    "после этот эта эти этом спасибо"
)
_PERSONAL = re.compile(
    r"^(?:президент|премьер|министр|мэр|губернатор|глава|председатель|директор|автор|писатель|король|лидер|основатель|"
    r"посол|секретарь|тренер|капитан|командир|чемпион|режиссёр|руководитель|врач|изобретатель)"
)
_VERB = re.compile(
    r"^(?:быть|был[аои]?|есть|будет|будут|\w+(?:лся|лась|лось|лись|тся|ёл|шла|шло|шли|ился|[аеиоуыя]л[аои]?|ен[аоы]?|ён|ан[аоы]?|"
    r"ята?|ут[аоы]?|ит|ет|ют|ят|ут|ёт))$"
)


def decline(phrase: str, case: str) -> str:
    """Return a name given in its dictionary form in another case; a phrase by its first noun's rules.

    Every capitalised Cyrillic word of a name is declined; what is written otherwise stays.

    >>> decline("Казахстан", "gen"), decline("Россия", "prep"), decline("Ташкент", "ins"), decline("托卡耶夫", "gen")
    ('Казахстана', 'России', 'Ташкентом', '托卡耶夫')
    """
    if case == "nom":
        return phrase
    head, *rest = phrase.split(" ")
    if not head[:1].isupper() or any(word[:1].islower() for word in rest):
        return " ".join([_decline_word(head, case), *rest])
    return " ".join(_decline_word(word, case) for word in (head, *rest))


def _decline_word(word: str, case: str) -> str:
    if not re.fullmatch("[А-Яа-яЁё-]+", word) or word.isupper() or re.search("[оиеуыэю]$", word):
        return word
    adjective = re.match("(.+?)(ая|яя|ый|ий|ой)$", word)
    if adjective and len(word) > 5:
        feminine = adjective[2] in ("ая", "яя")
        forms = ("ая", "ой", "ой", "ую", "ой", "ой") if feminine else ("ый", "ого", "ому", "ый", "ым", "ом")
        return adjective[1] + forms[CASES.index(case)]
    for ending, dropped, forms in _PARADIGMS:
        if word.endswith(ending) and not (ending == "ань" and word in _FEMININE_SOFT):
            form = forms[CASES.index(case)]
            if not ending and _SURNAME.search(word):
                form = {"ins": "ым", "acc": "а"}.get(case, form)
            return word[: len(word) - len(dropped)] + form
    return word


@lru_cache(maxsize=1)
def _forms() -> dict[str, tuple[str, str, str]]:
    """Return every form of every known place: form to dictionary form, sort and the cases it may be."""
    found: dict[str, tuple[str, str, str]] = {}
    for name, sort in places("ru").items():
        for case in CASES:
            form = decline(name, case)
            cases = found[form][2] + " " if form in found and found[form][0] == name else ""
            found[form] = (name, sort, cases + case)
    return found


def _known_places(text: str) -> list[tuple[int, int, str]]:
    forms = _forms()
    found = []
    for match in re.finditer(spaced.WORD, text):
        for length in (2, 1):
            run = re.match(rf"{spaced.WORD}(?: {spaced.WORD}){{{length - 1}}}(?!\w)", text[match.start() :])
            if run and run.group() in forms:
                found.append((match.start(), match.start() + len(run.group()), forms[run.group()][1]))
                break
    return found


def _case(slot: Slot, text: str) -> tuple[str, str]:
    """Return the dictionary form and the case of a name in ``text``; the case empty when it cannot be told."""
    before = re.findall(spaced.WORD, text[: slot.start])
    wanted = _PREPOSITION_CASE.get(before[-1].lower(), "") if before else ""
    if slot.text in _forms():
        lemma, _, cases = _forms()[slot.text]
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
    lemma, case = _case(new, inner)
    _, target = _case(old, base)
    if old.text not in _forms():
        before = re.findall(spaced.WORD, base[: old.start])
        same = (
            before and inner[: new.start].split()[-1:] and before[-1].lower() == inner[: new.start].split()[-1].lower()
        )
        if same or case == "":
            return new.text if same else ""
        target = target or "prep"
    if not case or not target:
        return new.text if case == target else ""
    if new.text not in _forms() and old.text not in _forms() and target == "nom":
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
        text = spaced.phrase(_RUSSIAN, slot, inner)
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
            if len(new) > 4 and word.endswith(new[-4:] + ending) and word not in _STOP:
                return [Edit(match.start(), match.end(), new + ending)]
    asks = re.match(
        r"(?P<ask>Какова|Каков|Каково|Каковы)(?P<be> был[аои]?)? (?P<noun>[а-яё]+(?: [а-яё]+)??)(?= [А-ЯЁ«]| в | на )",
        base,
    )
    who = re.match(r"(?P<ask>Кто|Что) (?P<noun>[а-яё]+)(?= [А-ЯЁ«])", base)
    if asks is None or len(new.split()) > 1 or _PERSONAL.match(new):
        if who and _PERSONAL.match(new) and _PERSONAL.match(who["noun"]):
            return [Edit(who.start("noun"), who.end("noun"), new)]
        return []
    ask = next(form for ending, form in _ASK_FORMS if new.endswith(ending))
    be = {"Какова": " была", "Каков": " был", "Каково": " было", "Каковы": " были"}[ask] if asks["be"] else ""
    return [Edit(0, asks.end("noun"), f"{ask}{be} {new}")]


_RUSSIAN = Language(
    code="ru",
    lead=re.compile(
        r"^(?:(?:ну|хорошо|так)[, ]+)?(?:а (?:как|что) (?:насчёт|насчет|там с)|как насчёт|как насчет|что насчёт|а если|а вот|а|и|но)[, ]+",
        re.I,
    ),
    tail=re.compile(r"(?:\s+(?:тогда|же))?[\s?？!.…]*$", re.I),
    whole=re.compile(
        r"\b(?:что|кто|где|когда|как(?:ой|ая|ое|ие|ова|ов|ово|овы|ого|ому|им|ом|ую)?|сколько|почему|зачем|чей|кого|кому|кем|"
        r"чем|куда|откуда|он|она|оно|они|его|её|ее|их|ему|ей|там|тогда|был[аои]?|есть|ли|спасибо)\b",
        re.I,
    ),
    times=_TIMES,
    time_before=r"(?:\b(?:в|во|за|на|с|до|от) )?",
    time_after=r"(?: год[уа]?(?!\w)| г\.)?",
    editions=re.compile(
        r"\b(?:перв|втор|четв[её]рт|пят|шест|седьм|восьм|девят|десят)(?:ый|ой|ого|ому|ым|ом|ая|ую|ое|ые|ых)\b|\bтрет(?:ий|ьего|ьему|ьем|ья|ью|ье|ьей)\b",
        re.I,
    ),
    prepositions=table("в во на с со о об из у к ко по за от до для при и между про"),
    place_prepositions=frozenset(("в", "во", "из", "на")),
    filler=re.compile(r"\b(?:год|году|года)\b", re.I),
    stop=_STOP,
    titles=re.compile(
        r"(?:президент|премьер|премьер-министр|министр|мэр|губернатор|председатель|господин|госпожа|доктор|профессор|врач|посол)\w{0,2}",
        re.I,
    ),
    organisations=re.compile(
        r"\b(?:[Бб]анк|[Уу]ниверситет|[Кк]омпани|[Мм]инистерств|[Кк]омитет|[Оо]рганизаци|[Сс]оюз|[Ии]нститут|[Аа]ссоциаци|[Аа]гентств|ООН|ШОС)\w*"
    ),
    units=re.compile(
        r"\b(?:доллар(?:ах|ов|ы)?|юан(?:ях|ей|и)|рубл(?:ях|ей|и)|евро|тенге|тонн(?:ах|ы)?|гектар(?:ах|ов|ы)?)\b"
    ),
    place_sort=lambda name: _forms()[name][1] if name in _forms() else "",
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


def fragment(question: str) -> str:
    """Return the inside of an elliptical follow-up, empty for a whole question.

    >>> fragment("А в Сиане?"), fragment("А кто там был?")
    ('в Сиане', '')
    """
    return spaced.fragment(_RUSSIAN, question)


def fill(inner: str, base: str) -> str:
    """Return ``base`` with what ``inner`` names in place of its like; empty when that is not plain.

    >>> fill("с Узбекистаном", "Каков объём торговли Китая с Казахстаном?")
    'Каков объём торговли Китая с Узбекистаном?'
    """
    return spaced.fill(_RUSSIAN, inner, base)


def context(question: str, answer: str) -> Context:
    """Return what this grammar sees in one exchange; names in their dictionary form."""
    found = spaced.slots(_RUSSIAN, question)
    plain = tuple(
        Slot(s.kind, s.start, s.end, _case(s, question)[0], s.sort) if s.kind in ("place", "name", "person") else s
        for s in found
    )
    topic, owner = _topic(question)
    kind = ""
    if topic:
        kind = next((slot.kind for slot in found if slot.text == topic), "noun")
        kind = "person" if _PERSONAL.match(topic) else "" if kind == "name" else kind
    asked = spaced.asked(_RUSSIAN, question)
    if re.match(r"кто так(?:ой|ая|ие)\b", question, re.I) or (asked == "who" and kind == "person" and " " not in topic):
        asked = ""
    return Context(question, answer, asked, plain, topic, kind, owner)


def _topic(question: str) -> tuple[str, str]:
    """Return the phrase a question is about, in the nominative, and whose property it is when known.

    >>> _topic("Где находится секретариат механизма?"), _topic("Какова площадь Казахстана?")
    (('секретариат механизма', ''), ('площадь Казахстана', 'Казахстан'))
    """
    words = re.findall(r"«[^»]*»|[^\s?!.,]+", question)
    while words and (words[0].lower() in _STOP or spaced.asked(_RUSSIAN, words[0])):
        words.pop(0)
    if not re.match(r"(?:где|когда|почему|как|каков[аоы]?|кто|что|сколько|в каком году)\b", question, re.I):
        return "", ""
    while words and _VERB.match(words[0]) and not words[0][0].isupper():
        words.pop(0)
    topic: list[str] = []
    for word in words:
        if word.lower() in _PREPOSITION_CASE or (word[0].islower() and _VERB.match(word)) or word[0].isdigit():
            break
        topic.append(word)
    if not topic or len(topic) > 8 or topic[0].lower() in _STOP or (len(topic) == 1 and topic[0][0].islower()):
        return "", ""
    if (
        re.match(r"сколько\b", question, re.I)
        and topic[0][0].islower()
        and not re.search("[аоя]л[аои]?$|ит$|ет$", question.split()[1])
    ):
        return "", ""
    text = " ".join(topic)
    last = topic[-1]
    owner = _forms()[last][0] if len(topic) > 1 and last in _forms() and topic[0][0].islower() else ""
    return text, owner


def resolve(question: str, contexts: Sequence[Context]) -> str:
    """Return ``question`` with its pronouns and demonstratives replaced, where that is plain.

    Args:
        question: a whole question.
        contexts: the last exchanges, newest first.
    """
    bare = _BARE.fullmatch(question.strip())
    if bare and contexts and _BARE_ASKS.match(contexts[0].question):
        return _BARE_ASKS.sub(bare[1].capitalize(), contexts[0].question, count=1)
    own = spaced.slots(_RUSSIAN, question)
    edits: list[Edit] = []
    for pattern, find in _PRONOUNS:
        for match in re.finditer(pattern, question, re.I):
            edit = find(match, question, [slot for slot in own if slot.end <= match.start()], contexts)
            if edit and not any(e.start < edit.end and edit.start < e.end for e in edits):
                edits.append(edit)
    if not edits:
        return question
    text = apply(question, edits)
    return text[:1].upper() + text[1:]


_BARE = re.compile(r"(?:А )?(где|когда|почему)\s*\?*", re.IGNORECASE)
_BARE_ASKS = re.compile(r"^(?:Где|Когда|Почему)(?= )", re.IGNORECASE)
_FORM_CASE = {
    **dict.fromkeys(("он", "она", "оно"), "nom"),
    **dict.fromkeys(("его", "него"), "acc"),
    **dict.fromkeys(("её", "ее", "неё", "нее"), "acc"),
    **dict.fromkeys(("ему", "нему"), "dat"),
    **dict.fromkeys(("ей", "ней"), "dat"),
    **dict.fromkeys(("им", "ним"), "ins"),
    **dict.fromkeys(("нём", "нем"), "prep"),
}
_FEMININE = frozenset(("она", "её", "ее", "неё", "нее", "ей", "ней"))


def _gender(phrase: str) -> str:
    """Return f, m or "" (cannot tell) for a phrase in the nominative, by its head.

    >>> _gender("урожайность риса"), _gender("мост Луцзян"), _gender("托卡耶夫")
    ('f', 'm', '')
    """
    words = phrase.split()
    head = (
        words[-1]
        if len(words) > 1 and all(w[0].isupper() for w in words)
        else next((w for w in words if not re.search("(?:ый|ий|ой|ая|яя)$", w)), words[0])
        if words
        else ""
    )
    if not re.search("[а-яё]$", head):
        return ""
    return (
        "f" if re.search("[ая]$|(?:ость|знь|[аяе]ть|ечь|очь|адь)$", head) else "n" if re.search("[оеё]$", head) else "m"
    )


def _pronoun(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> Edit | None:
    word = match.group().lower()
    if any(slot.kind in ("person", "name", "organisation", "place") for slot in before):
        return None
    feminine = word in _FEMININE
    for text in (antecedents.person(contexts), antecedents.thing(contexts)):
        gender = _gender(text)
        if not text or ((gender == "f") != feminine and gender != "") or (gender == "n" and word == "он"):
            continue
        case = _FORM_CASE[word]
        ahead = re.findall(spaced.WORD, question[: match.start()])
        preposition = ahead[-1].lower() if ahead else ""
        if word[0] == "н" and preposition in _PREPOSITION_CASE:
            case = _PREPOSITION_CASE[preposition]
        after = re.match(r"\s+([а-яё]+)(\s+[а-яё]+)?", question[match.end() :])
        owned = word in ("его", "её", "ее") and after is not None and not _VERB.match(after[1])
        if owned and after is not None:
            end = match.end() + after.end(1)
            if re.search("(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ую|ых|их)$", after[1]) and after[2]:
                end = match.end() + after.end(2)
            noun = question[match.end() : end].strip()
            return Edit(match.start(), end, f"{noun} {decline(text, 'gen')}")
        if word in ("его", "её", "ее") and text == antecedents.thing(contexts) and text != antecedents.person(contexts):
            case = "acc"
            return Edit(match.start(), match.end(), text if gender != "f" else decline(text, case))
        return Edit(match.start(), match.end(), decline(text, case))
    return None


def _there(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> Edit | None:
    text = "" if any(slot.kind == "place" for slot in before) else antecedents.place(contexts)
    if not text:
        return None
    preposition, case = {"там": ("в", "prep"), "туда": ("в", "acc"), "оттуда": ("из", "gen")}[match.group().lower()]
    return Edit(match.start(), match.end(), f"{preposition} {decline(text, case)}")


def _then(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> Edit | None:
    text = "" if any(slot.kind == "time" for slot in before) else antecedents.time(contexts)
    if not text:
        return None
    year = re.search(r"\b\d{4}\b", text)
    plain = re.fullmatch(r"\d{4}(?: год[уа]?| г\.?)?", text)
    return Edit(match.start(), match.end(), f"в {year.group()} году" if plain and year else text)


def _head(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> Edit | None:
    stem, ending = match["stem"].lower(), match["ending"]
    kinds = {
        "компани": ("organisation", ""),
        "организаци": ("organisation", ""),
        "стран": ("place", "country"),
        "город": ("place", "city"),
        "человек": ("person", ""),
    }
    text = ""
    for one in contexts:
        if one.asked in ("which", "where") and re.search(rf"\bкак\w+ {stem}", one.question, re.I) and one.named():
            text = one.named()
            break
    if not text and stem == "город" and contexts[0].asked == "where":
        text = contexts[0].named()
    text = text or antecedents.of_kind(contexts, *kinds[stem])
    case = {
        "а": "nom",
        "я": "nom",
        "": "nom",
        "ы": "gen",
        "и": "gen",
        "е": "prep",
        "у": "acc",
        "ю": "acc",
        "ом": "ins",
        "ой": "ins",
        "ей": "ins",
    }.get(ending, "")
    if stem in ("город", "человек"):
        case = {"": "nom", "а": "gen", "у": "dat", "ом": "ins", "е": "prep"}.get(ending, "")
    before_word = re.findall(spaced.WORD, question[: match.start()])[-1:]
    if before_word and before_word[0].lower() in _PREPOSITION_CASE:
        case = _PREPOSITION_CASE[before_word[0].lower()]
    return Edit(match.start(), match.end(), decline(text, case)) if text and case else None


_PRONOUNS = (
    (r"\b(?:тогда|в то время|в (?:тот|том) (?:же )?год[у]?|в том (?:же )?году)\b", _then),
    (
        r"\b(?:эт(?:а|от|ой|ого|ому|ом|им|у)|данн(?:ая|ой|ый|ого|ом|ую)) (?P<stem>компани|организаци|стран|город|человек)(?P<ending>[а-я]{0,2})\b",
        _head,
    ),
    (r"\b(?:он|она|него|его|её|ее|неё|нее|ему|нему|ним|нём|ней)\b", _pronoun),
    (r"\b(?:там|туда|оттуда)\b", _there),
)
