"""Follow-ups in Kazakh: Ал Өзбекстан ше?, Ал былтыр ше?, Ол қашан туған?, Онда қанша адам тұрады?

Case endings are taken off and put on by vowel harmony and the last sound of the stem, so that an
exchanged name stands in the case of the old one. Knows nothing of other languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.conversing import antecedents, spaced
from rag.conversing.antecedents import Context
from rag.conversing.places import places
from rag.conversing.slots import Edit, Slot, apply, overlap
from rag.conversing.spaced import Language, table

# case: ending after a vowel, after a voiced consonant or nasal, after a voiceless one; back and front vowels
_ENDINGS = {
    "gen": (("ның", "нің"), ("дың", "дің"), ("тың", "тің")),
    "dat": (("ға", "ге"), ("ға", "ге"), ("қа", "ке")),
    "acc": (("ны", "ні"), ("ды", "ді"), ("ты", "ті")),
    "loc": (("да", "де"), ("да", "де"), ("та", "те")),
    "abl": (("дан", "ден"), ("дан", "ден"), ("тан", "тен")),
    "ins": (("мен", "мен"), ("мен", "мен"), ("пен", "пен")),
    "rel": (("дағы", "дегі"), ("дағы", "дегі"), ("тағы", "тегі")),
}
_CASE_OF = {form: case for case, rows in _ENDINGS.items() for row in rows for form in row}
_CASE_OF.update(
    {"нан": "abl", "нен": "abl", "бен": "ins", "на": "dat", "не": "dat", "нда": "loc", "нде": "loc", "н": "acc"}
)
_POSSESSED = {"dat": ("на", "не"), "acc": ("н", "н"), "loc": ("нда", "нде"), "abl": ("нан", "нен")}
_PLAIN = (
    "ның",
    "нің",
    "дың",
    "дің",
    "тың",
    "тің",
    "ға",
    "ге",
    "қа",
    "ке",
    "ны",
    "ні",
    "ды",
    "ді",
    "ты",
    "ті",
    "дағы",
    "дегі",
    "тағы",
    "тегі",
    "да",
    "де",
    "та",
    "те",
    "дан",
    "ден",
    "тан",
    "тен",
    "нан",
    "нен",
    "мен",
    "бен",
    "пен",
)
_VOWELS = "аәеиоөуұүыіэюяёу"
_BACK = "аоұыуяю"
_VOICELESS = "пфкқтсшщчцхһ"
_MONTHS = "қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан"
_TIMES = (
    ("day", rf"\b\d{{1,2}}[- ](?:{_MONTHS})(?:да|де|та|те)?\b|\b(?:кеше|бүгін|ертең)\b"),
    ("month", rf"(?-i:\b(?:{_MONTHS})(?:да|де|та|те|ның|нің)?\b)|\b(?:өткен|осы|келесі) айда?\b"),
    ("half", r"\b(?:бірінші|екінші) (?:жартыжылдық\w*|тоқсан\w*)\b"),
    ("year", r"\b(?:1[5-9]|20)\d\d\b|\b(?:былтыр|биыл|алдыңғы жылы|(?:өткен|осы|келесі) жылы)(?:ғы)?\b"),
)
_STOP = table(
    "ол кім не қай қайда қашан қалай қанша неше қандай неге және мен бен пен бұл сол осы ал ше оның оған оны "
    "онда одан олар "
    "иә жоқ енді сонда қайдан қаншаға рахмет кімнің қайсы"
)
_ASK = re.compile(
    r"\b(?:кім\w*|не|нені|неге|қай\w*|қашан|қалай|қанша\w*|неше\w*|қандай|ма|ме|ба|бе|па|пе)\b", re.IGNORECASE
)
_PERSONAL = re.compile(
    r"(?:президенті|министрі|әкімі|басшысы|директоры|авторы|төрағасы|жетекшісі|елшісі|жаттықтырушысы|капитаны|"
    r"командирі|жолбасшысы)$"
)
_LINKED = re.compile(r"\b(?:мен|бен|пен|және)\s*$")


def inflect(name: str, case: str) -> str:
    """Return a name with a case ending, by vowel harmony and the last sound.

    >>> inflect("Өзбекстан", "gen"), inflect("Астана", "loc"), inflect("Ташкент", "dat"), inflect("Алматы", "abl")
    ('Өзбекстанның', 'Астанада', 'Ташкентке', 'Алматыдан')
    """
    if case == "nom" or case not in _ENDINGS:
        return name
    if re.search(r"(?:^|\s)[а-яәғқңөұүһі]+[ыі]$", name) and case in _POSSESSED:
        back = next((char for char in reversed(name[:-1]) if char in _VOWELS + "і"), "е") in _BACK
        return name + _POSSESSED[case][0 if back else 1]
    if case == "ins":
        last = name.rstrip("ьъ")[-1:].lower()
        return f"{name} {'пен' if last in _VOICELESS else 'бен' if last in 'бвгдзж' else 'мен'}"
    letters = [char for char in name.lower() if char in _VOWELS + "і"]
    back = bool(letters) and (letters[-1] in _BACK or name.endswith(("ев", "ов")))
    last = name.rstrip('ьъ»”"')[-1:].lower()
    column = (
        2 if last in _VOICELESS or last in "бвгд" else 0 if last in _VOWELS or (last in "мнң" and case == "gen") else 1
    )
    ending = _ENDINGS[case][column][0 if back else 1]
    if last in "мнң" and case == "abl":
        ending = "нан" if back else "нен"
    joint = "-" if name[-1:] and not re.match('[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүІіҺһ»”"]', name[-1]) else ""
    return f"{name}{joint}{ending}"


def stem(word: str) -> tuple[str, str]:
    """Return a name without its case ending, and the case; known places are certain, others by the ending.

    >>> stem("Қазақстанның"), stem("Астанада"), stem("Токаев")
    (('Қазақстан', 'gen'), ('Астана', 'loc'), ('Токаев', 'nom'))
    """
    known = places("kk")
    if word in known:
        return word, "nom"
    for ending in sorted(_PLAIN, key=len, reverse=True):
        rest = word[: -len(ending)]
        if word.endswith(ending) and (rest in known or (len(rest) >= 3 and inflect(rest, _CASE_OF[ending]) == word)):
            return rest, _CASE_OF[ending]
    return word, "nom"


def _known_places(text: str) -> list[tuple[int, int, str]]:
    known = places("kk")
    found = []
    for match in re.finditer(spaced.WORD, text):
        for length in (2, 1):
            run = re.match(rf"{spaced.WORD}(?: {spaced.WORD}){{{length - 1}}}", text[match.start() :])
            sort = known.get(stem(run.group())[0]) if run and run.group()[0].isupper() else None
            if run and sort:
                found.append((match.start(), match.start() + len(run.group()), sort))
                break
    return found


def _case(slot: Slot, text: str) -> tuple[str, str]:
    lemma, case = stem(slot.text)
    if case == "nom" and re.match(r"\s+(?:мен|бен|пен)\b", text[slot.end :]):
        return lemma, "nom"
    return lemma, case


def _reform(new: Slot, old: Slot, inner: str, base: str) -> str:
    if new.kind in ("edition", "unit"):
        return new.text
    if new.kind == "time":
        if new.sort != "month":
            return new.text
        return inflect(stem(new.text)[0], stem(old.text)[1])
    if new.sort == "title" and old.sort == "title":
        return new.text
    lemma, _ = _case(new, inner)
    return inflect(lemma, _case(old, base)[1])


def _insert(base: str, slot: Slot, inner: str) -> str:
    if slot.kind == "time":
        text = spaced.phrase(_KAZAKH, slot, inner)
        if re.fullmatch(r"\d{4}", text):
            text = f"{text} жылы"
        if slot.sort == "month" and stem(text)[1] == "nom":
            text = inflect(text, "loc")
    else:
        lemma, case = stem(slot.text)
        if case != "loc":
            return ""
        text = inflect(lemma, "loc")
    if base[:1].isupper() and base.split()[0].lower() in _STOP:
        base = base[:1].lower() + base[1:]
    return f"{text[:1].upper()}{text[1:]} {base}"


def _nouns(new: str, base: str, taken: Sequence[Slot]) -> list[Edit]:
    """Exchange what is asked about: a possessed noun before the interrogative (аумағы → халқы)."""
    if not new[0].islower() or len(new.split()) > 2:
        return []
    ask = _ASK.search(base)
    if ask is None:
        return []
    before = re.search(r"([а-яәғқңөұүһі]+)\s+$", base[: ask.start()])
    possessed = re.compile("[ыі]$")
    if before and possessed.search(before[1]) and possessed.search(new):
        edits = [Edit(before.start(1), before.end(1), new)]
        asks_who, wants_who = ask.group().lower().startswith("кім"), bool(_PERSONAL.search(new))
        if asks_who != wants_who:
            return [*edits, Edit(ask.start(), ask.end(), "кім")] if wants_who else []
        return edits
    after = re.match(r"\s+([а-яәғқңөұүһі]+)", base[ask.end() :])
    counted = after and ask.group().lower() in ("қанша", "неше")
    if counted and after and not overlap(Slot("", ask.end() + after.start(1), ask.end() + after.end(1), ""), taken):
        similar = len(after[1]) >= 2 and after[1] not in ("адам", "тонна", "пайыз", "рет", "жаста")
        verb = re.search("(?:ды|ді|ты|ті|ады|еді|йды|йді|ған|ген|қан|кен)$", after[1])
        if similar and not verb and stem(new)[1] == "nom":
            return [Edit(ask.end() + after.start(1), ask.end() + after.end(1), new)]
    return []


_KAZAKH = Language(
    code="kk",
    lead=re.compile(r"^(?:ал енді|ал|және|енді|сонда)[, ]+", re.I),
    tail=re.compile(r"(?:\s+ше)?[\s?？!.…]*$", re.I),
    whole=re.compile(_ASK.pattern + r"|\b(?:бар|жоқ|ол|олар|оның|оған|оны|онда|одан|рахмет)\b", re.I),
    times=_TIMES,
    time_before=r"",
    time_after=r"(?: жыл(?:ы|ғы|дың|да)?\b)?",
    editions=re.compile(
        r"\b(?:бірінші|екінші|үшінші|төртінші|бесінші|алтыншы|жетінші|сегізінші|тоғызыншы|оныншы|алғашқы)\b", re.I
    ),
    prepositions=table("мен бен пен және үшін туралы бойынша"),
    place_prepositions=frozenset(),
    filler=re.compile(r"\b(?:жыл(?:ы|ғы)?|айында)\b", re.I),
    stop=_STOP,
    titles=re.compile(r"(?:президент|премьер-министр|министр|әкім|төраға|доктор|дәрігер|елші)\w{0,3}", re.I),
    organisations=re.compile(
        r"\b(?:банк|университет|компания|министрлі|комитет|ұйым|одағы|институт|агентті|БҰҰ|ШЫҰ)\w*", re.I
    ),
    units=re.compile(r"\b(?:доллар|юань|рубль|еуро|теңге|тонна|гектар)(?:мен)?\b"),
    place_sort=lambda name: places("kk").get(stem(name)[0], ""),
    known_places=_known_places,
    reform=_reform,
    insert=_insert,
    nouns=_nouns,
    interrogatives=(
        ("who", r"\bкім\w*\b"),
        ("when", r"\bқашан\b|\bқай (?:жылы|күні|айда)\b|\bнешінші жылы\b"),
        ("where", r"\bқайда\b|\bқайдан\b|\bқай (?:қалада|жерде|елде)\b"),
        ("number", r"\b(?:қанша|неше)\w*\b"),
        ("why", r"\bнеге\b|\bне үшін\b"),
        ("how", r"\bқалай\b"),
        ("which", r"\bқай\b|\bқандай\b"),
        ("what", r"\bнені?\b"),
    ),
    constant={"Қытай": -1.0, "Қытайдың": -1.0, "Қытайға": -1.0},
)


def fragment(question: str) -> str:
    """Return the inside of an elliptical follow-up, empty for a whole question.

    >>> fragment("Ал Өзбекстан ше?"), fragment("Ал ол кім?")
    ('Өзбекстан', '')
    """
    return spaced.fragment(_KAZAKH, question)


def fill(inner: str, base: str) -> str:
    """Return ``base`` with what ``inner`` names in place of its like; empty when that is not plain.

    >>> fill("Өзбекстан", "Қазақстанның халқы қанша?")
    'Өзбекстанның халқы қанша?'
    """
    return spaced.fill(_KAZAKH, inner, base)


def context(question: str, answer: str) -> Context:
    """Return what this grammar sees in one exchange; names without case endings."""
    found = spaced.slots(_KAZAKH, question)
    plain = tuple(
        Slot(s.kind, s.start, s.end, stem(s.text)[0], s.sort)
        if s.kind in ("place", "name", "person") and s.sort != "title"
        else s
        for s in found
    )
    topic, owner = _topic(question, found)
    kind = ""
    if topic:
        kind = next((slot.kind for slot in plain if slot.text == topic), "noun")
        kind = "person" if _PERSONAL.search(topic) else "" if kind == "name" else kind
    asked = spaced.asked(_KAZAKH, question)
    if asked == "who" and len(plain) == 1 and plain[0].text == topic:
        asked = ""
    return Context(question, answer, asked, plain, topic, kind, owner)


def _topic(question: str, found: Sequence[Slot]) -> tuple[str, str]:
    """Return the phrase before the interrogative, and whose property it is when that is said."""
    ask = _ASK.search(question)
    if ask is None:
        return "", ""
    start = 0
    for slot in found:
        if slot.kind == "time" and slot.start <= start + 1:
            start = spaced.widened(_KAZAKH, slot, question)[1]
    text = question[start : ask.start()].strip(" ,")
    words = text.split()
    if not words or len(words) > 7 or words[0].lower() in _STOP:
        return "", ""
    if stem(words[-1])[1] != "nom":
        head = [i for i, word in enumerate(words) if stem(word)[1] in ("loc", "dat", "abl", "acc")]
        words = words[: head[0]] if head else []
        text = " ".join(words)
        if not words or stem(words[-1])[1] != "nom":
            return "", ""
    owner = ""
    if len(words) > 1 and stem(words[-2])[1] == "gen" and re.search("[ыі]$", words[-1]):
        owner = " ".join([*words[:-2], stem(words[-2])[0]])
    return text, owner


def resolve(question: str, contexts: Sequence[Context]) -> str:
    """Return ``question`` with its pronouns and demonstratives replaced, where that is plain.

    Args:
        question: a whole question.
        contexts: the last exchanges, newest first.
    """
    own = spaced.slots(_KAZAKH, question)
    edits: list[Edit] = []
    for pattern, find in _PRONOUNS:
        for match in re.finditer(pattern, question, re.I):
            if any(slot.sort == "title" and slot.start <= match.start() < slot.end for slot in own):
                continue
            if len(question[: match.start()].split()) > 2:
                continue
            text = find(match, [slot for slot in own if slot.end <= match.start()], contexts)
            edit = Edit(match.start(), match.end(), text)
            if text and not any(e.start < edit.end and edit.start < e.end for e in edits):
                edits.append(edit)
    if not edits:
        return question
    result = apply(question, edits)
    return result[:1].upper() + result[1:]


def _then(match: re.Match[str], before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    text = "" if any(slot.kind == "time" for slot in before) else antecedents.time(contexts)
    return f"{text} жылы" if re.fullmatch(r"\d{4}", text) else text


def _there(match: re.Match[str], before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    if any(slot.kind == "place" for slot in before):
        return ""
    text = antecedents.place(contexts)
    case = "abl" if match.group().lower().startswith(("одан", "ол жерден")) else "loc"
    return inflect(text, case) if text else ""


_HEADS = {
    "компания": ("organisation", ""),
    "ұйым": ("organisation", ""),
    "ел": ("place", "country"),
    "қала": ("place", "city"),
    "адам": ("person", ""),
}


def _head(match: re.Match[str], before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    head, case = match["head"].lower(), _CASE_OF.get(match["ending"], "nom" if not match["ending"] else "")
    text = ""
    for one in contexts:
        if one.asked in ("which", "where") and re.search(rf"\bқай {head}", one.question, re.I) and one.named():
            text = one.named()
            break
    if not text and head == "қала" and contexts[0].asked == "where":
        text = contexts[0].named()
    text = text or antecedents.of_kind(contexts, *_HEADS[head])
    return inflect(stem(text)[0], case) if text and case else ""


_PRONOUN_CASE = {"ол": "nom", "оның": "gen", "оған": "dat", "оны": "acc", "онымен": "ins"}


def _pronoun(match: re.Match[str], before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    if any(slot.kind in ("person", "name", "organisation", "place") for slot in before):
        return ""
    last = contexts[0]
    person, thing = antecedents.person(contexts[:1]), antecedents.thing(contexts[:1])
    text = person if last.asked == "who" or last.topic_kind == "person" else thing or person
    return inflect(text, _PRONOUN_CASE[match.group().lower()]) if text else ""


_PRONOUNS = (
    (r"\b(?:сол кезде|ол кезде|сол жылы|ол жылы|сол уақытта)\b", _then),
    (r"\b(?:онда|сонда|ол жерде|сол жерде|ол жақта|ол жерден)\b", _there),
    (
        r"\b(?:бұл|осы|сол|аталған) (?P<head>компания|ұйым|ел|қала|адам)(?P<ending>ның|нің|дың|дің|ға|ге|ны|"
        r"ні|ды|ді|да|де|дан|ден|нан|)\b",
        _head,
    ),
    (r"\b(?:ол|оның|оған|оны|онымен)\b(?! (?:кезде|жылы|жерде|жақта|жерден|үшін))", _pronoun),
)
