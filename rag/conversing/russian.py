"""Follow-ups in Russian: А в Сиане?, А в 2023 году?, Когда он родился?, Сколько там жителей?

The pronouns; what can be exchanged is in ``russian_words``. A pronoun is replaced by a name in its own
case, of its own gender. Knows nothing of other languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.conversing import antecedents, spaced
from rag.conversing.antecedents import Context
from rag.conversing.declension import decline, forms
from rag.conversing.russian_words import PERSONAL, PREPOSITION_CASE, RUSSIAN, STOP, VERB, case_of
from rag.conversing.slots import Edit, Slot, apply


def fragment(question: str) -> str:
    """Return the inside of an elliptical follow-up, empty for a whole question.

    >>> fragment("А в Сиане?"), fragment("А кто там был?")
    ('в Сиане', '')
    """
    return spaced.fragment(RUSSIAN, question)


def fill(inner: str, base: str) -> str:
    """Return ``base`` with what ``inner`` names in place of its like; empty when that is not plain.

    >>> fill("с Узбекистаном", "Каков объём торговли Китая с Казахстаном?")
    'Каков объём торговли Китая с Узбекистаном?'
    """
    return spaced.fill(RUSSIAN, inner, base)


def context(question: str, answer: str) -> Context:
    """Return what this grammar sees in one exchange; names in their dictionary form."""
    found = spaced.slots(RUSSIAN, question)
    plain = tuple(
        Slot(s.kind, s.start, s.end, case_of(s, question)[0], s.sort) if s.kind in ("place", "name", "person") else s
        for s in found
    )
    topic, owner = _topic(question)
    kind = ""
    if topic:
        kind = next((slot.kind for slot in found if slot.text == topic), "noun")
        kind = "person" if PERSONAL.match(topic) else "" if kind == "name" else kind
    asked = spaced.asked(RUSSIAN, question)
    if re.match(r"кто так(?:ой|ая|ие)\b", question, re.I) or (asked == "who" and kind == "person" and " " not in topic):
        asked = ""
    return Context(question, answer, asked, plain, topic, kind, owner)


def _topic(question: str) -> tuple[str, str]:
    """Return the phrase a question is about, in the nominative, and whose property it is when known.

    >>> _topic("Где находится секретариат механизма?"), _topic("Какова площадь Казахстана?")
    (('секретариат механизма', ''), ('площадь Казахстана', 'Казахстан'))
    """
    words = re.findall(r"«[^»]*»|[^\s?!.,]+", question)
    while words and (words[0].lower() in STOP or spaced.asked(RUSSIAN, words[0])):
        words.pop(0)
    if not re.match(r"(?:где|когда|почему|как|каков[аоы]?|кто|что|сколько|в каком году)\b", question, re.I):
        return "", ""
    while words and VERB.match(words[0]) and not words[0][0].isupper():
        words.pop(0)
    topic: list[str] = []
    for word in words:
        if word.lower() in PREPOSITION_CASE or (word[0].islower() and VERB.match(word)) or word[0].isdigit():
            break
        topic.append(word)
    if not topic or len(topic) > 8 or topic[0].lower() in STOP or (len(topic) == 1 and topic[0][0].islower()):
        return "", ""
    if (
        re.match(r"сколько\b", question, re.I)
        and topic[0][0].islower()
        and not re.search("[аоя]л[аои]?$|ит$|ет$", question.split()[1])
    ):
        return "", ""
    text = " ".join(topic)
    last = topic[-1]
    owner = forms()[last][0] if len(topic) > 1 and last in forms() and topic[0][0].islower() else ""
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
    own = spaced.slots(RUSSIAN, question)
    edits: list[Edit] = []
    for pattern, find in _PRONOUNS:
        for match in re.finditer(pattern, question, re.I):
            if any(slot.sort == "title" and slot.start <= match.start() < slot.end for slot in own):
                continue
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
    ahead = [
        w for w in re.findall(spaced.WORD, question[: match.start()]) if w.lower() not in STOP and not VERB.match(w)
    ]
    if len(ahead) > 1:
        return None
    for text in (antecedents.person(contexts), antecedents.thing(contexts)):
        gender = _gender(text)
        if not text or ((gender == "f") != feminine and gender != "") or (gender == "n" and word == "он"):
            continue
        case = _FORM_CASE[word]
        ahead = re.findall(spaced.WORD, question[: match.start()])
        preposition = ahead[-1].lower() if ahead else ""
        if word[0] == "н" and preposition in PREPOSITION_CASE:
            case = PREPOSITION_CASE[preposition]
        after = re.match(r"\s+([а-яё]+)(\s+[а-яё]+)?", question[match.end() :])
        owned = word in ("его", "её", "ее") and after is not None and not VERB.match(after[1])
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
    if before_word and before_word[0].lower() in PREPOSITION_CASE:
        case = PREPOSITION_CASE[before_word[0].lower()]
    return Edit(match.start(), match.end(), decline(text, case)) if text and case else None


_PRONOUNS = (
    (r"\b(?:тогда|в то время|в (?:тот|том) (?:же )?год[у]?|в том (?:же )?году)\b", _then),
    (
        r"\b(?:эт(?:а|от|ой|ого|ому|ом|им|у)|данн(?:ая|ой|ый|ого|ом|ую)) (?P<stem>компани|организаци|стран|"
        r"город|человек)(?P<ending>[а-я]{0,2})\b",
        _head,
    ),
    (r"\b(?:он|она|него|его|её|ее|неё|нее|ему|нему|ним|нём|ней)\b", _pronoun),
    (r"\b(?:там|туда|оттуда)\b", _there),
)
