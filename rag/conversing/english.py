"""Follow-ups in English: And in Xi'an?, What about 2023?, When was he elected?, How long is it?

Tables for ``spaced``, and the pronouns. Knows nothing of other languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.conversing import antecedents, spaced
from rag.conversing.antecedents import Context
from rag.conversing.places import places
from rag.conversing.slots import Edit, Slot, apply, overlap
from rag.conversing.spaced import Language, table

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIMES = (
    ("day", rf"\b(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS})\b"),
    ("day", r"\byesterday\b|\btoday\b|\btomorrow\b|\b(?:last|this|next) (?:week|weekend)\b"),
    ("month", rf"\b(?:{_MONTHS.replace('May|', '')})\b|(?-i:\bMay\b)|\b(?:last|this|next) month\b"),
    ("half", r"\b(?:the )?(?:first|second) half\b|\b(?:the )?(?:first|second|third|fourth|last) quarter\b|\bQ[1-4]\b"),
    (
        "year",
        r"\b(?:1[5-9]|20)\d\d(?:s\b|\b)|\b(?:last|this|next|the previous|the following) (?:year|decade|century)\b",
    ),
)
_PERSONAL = re.compile(
    r"\b(?:president|premier|prime minister|minister|mayor|governor|chair(?:man|woman|person)?|director|"
    r"author|writer|"
    r"king|queen|leader|head|founder|ceo|secretary[- ]general|ambassador|chancellor|winner|coach|captain|inventor|"
    r"designer|architect|principal|spokes(?:man|woman|person)|wife|husband|doctor|teacher|student|reporter|scientist|engineer|player|athlete|singer|actor|farmer|worker|father|mother|son|daughter)\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\b(?:population|area|length|height|depth|width|volume|value|cost|price|output|production|size|budget|gdp|"
    r"turnover|yield|investment|exports?|imports?|revenue|profit|number|rate|share|capacity|income|weight|age|"
    r"temperature)$",
    re.IGNORECASE,
)
_PREPOSITIONS = table(
    "in on at for of to from with by about near during since until between into over per the a an and or its as"
)
_STOP = table(
    "what who whom whose where when which how why is are was were did does do has have had will would can "
    "could should "
    "and but so then or the a an in on at of for from to with by about i it he she they his her its their "
    "there this that "
    "these those tell please also if after before during between since until not no yes ok "
    "january february march april may june july august september october november december"
)
_DEGREES = table("many much long high tall large big far old deep wide fast")
_OBJECT_VERBS = (
    r"(?:held|built|made|won|set|begun|born|known|sold|given|taken|written|found|sent|done|put|paid|led|seen|"
    r"drawn|met)"
)
_SUBJECT_END = re.compile(
    rf"^(?:\w+ed|{_OBJECT_VERBS}|take|begin|start|open|end|happen|become|visit|sign|win|say|cost|produce|"
    rf"export|import|meet|"
    r"go|come|arrive|leave|move|speak|call|reach|rise|fall|grow|increase|decrease|have|get|make|build|hold|"
    r"give|receive|"
    r"located|situated|going|doing|being|in|on|at|for|with|to|from|by|during|after|before|between|about|since|like)$"
)


def _known_places(text: str) -> list[tuple[int, int, str]]:
    names = places("en")
    found = []
    for match in re.finditer(spaced.WORD, text):
        for length in (3, 2, 1):
            run = re.match(rf"{spaced.WORD}\.?(?: {spaced.WORD}){{{length - 1}}}", text[match.start() :])
            name = re.sub("['’]s?$", "", run.group()) if run else ""
            if name in names:
                found.append((match.start(), match.start() + len(name), names[name]))
                break
    return found


def _reform(new: Slot, old: Slot, inner: str, base: str) -> str:
    """English names have one form; a preposition that the new time brings replaces nothing here."""
    return new.text


def _insert(base: str, slot: Slot, inner: str) -> str:
    if slot.kind == "time":
        text = spaced.phrase(_ENGLISH, slot, inner)
        if text[0].isdigit() or re.fullmatch(_MONTHS, text):
            text = f"in {text}"
    else:
        before = inner[: slot.start].split()
        if not before or before[-1].lower() not in ("in", "at", "for", "from", "near"):
            return ""
        text = f"{before[-1].lower()} {slot.text}"
    match = re.search(r"[\s?.!]*$", base)
    end = match.start() if match else len(base)
    return f"{base[:end]} {text}{base[end:]}"


def _nouns(new: str, base: str, taken: Sequence[Slot]) -> list[Edit]:
    """Exchange what is asked about (area → population), its sibling (imports → exports), what is measured."""
    new = re.sub(r"^(?:the|its|their|his|her|about)\s+", "", new)
    if not new or not new.islower() or len(new.split()) > 3:
        return []
    asks = re.match(
        r"(?P<ask>What|Who|Where|How much|How many) (?P<be>is|was|are|were) (?:the )?"
        r"(?P<noun>[a-z][a-z -]*?)(?= (?:of|in|between|for|at|from)\b)",
        base,
    )
    for match in re.finditer(r"\b[a-z]{4,}\b", base):
        word = match.group()
        alike = len(word) > 4 and len(new) > 4 and word[-4:] == new[-4:] and word != new
        if alike and not overlap(Slot("", match.start(), match.end(), ""), taken):
            return [Edit(match.start(), match.end(), new)]
    measured = re.search(
        r"\b([a-z]+) (?:production|output|harvest|prices?|exports?|imports?|yield|sales|consumption)\b", base
    )
    measured = (
        measured
        if measured and measured[1] not in _STOP
        else re.search(
            r"\b(?:production|output|harvest|prices?|exports?|imports?|yield|sales|consumption) of ([a-z]+)\b", base
        )
    )
    if measured and not _MEASURE.search(new):
        return [Edit(measured.start(1), measured.end(1), new)]
    if asks is None or asks["noun"] == new:
        return []
    edits = [Edit(asks.start("noun"), asks.end("noun"), new)]
    ask = "Who" if _PERSONAL.search(new) else "What"
    if asks["ask"] in ("Who", "What", "Where") and asks["ask"] != ask:
        edits.append(Edit(asks.start("ask"), asks.end("ask"), ask))
    return edits


_ENGLISH = Language(
    code="en",
    lead=re.compile(
        r"^(?:(?:and|but|so|or|then|ok|okay|now|well|also)[, ]+)*(?:what about|how about|what of|and|but|or|"
        r"what if it is)[, ]+",
        re.IGNORECASE,
    ),
    tail=re.compile(r"(?:\s+(?:then|instead|too|as well))?[\s?？!.…]*$", re.IGNORECASE),
    whole=re.compile(
        r"\b(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|did|does|do|has|have|had|will|would|can|"
        r"could|should|he|she|it|they|him|them|there|tell|his|her|their)\b",
        re.IGNORECASE,
    ),
    times=_TIMES,
    time_before=r"(?:\b(?:in|on|for|during|of|since|by|until|at) )?(?:the (?:year|month) )?(?:of )?",
    time_after=r"",
    editions=re.compile(
        r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|previous|\d+(?:st|nd|rd|"
        r"th))\b(?! (?:half|quarter))",
        re.I,
    ),
    prepositions=_PREPOSITIONS,
    place_prepositions=frozenset(("in", "at", "from", "near", "across")),
    filler=re.compile(r"\b(?:year|one|edition|summit|the)\b", re.IGNORECASE),
    stop=_STOP,
    titles=re.compile(
        r"(?:President|Premier|Prime Minister|Minister|Mr|Mrs|Ms|Dr|Professor|Chairman|Mayor|Governor|King|"
        r"Queen|Secretary)\.?",
        re.I,
    ),
    organisations=re.compile(
        r"\b(?:Bank|University|Company|Ltd|Inc|Corporation|Corp|Group|Ministry|Committee|Organi[sz]ation|"
        r"Union|Institute|"
        r"Association|Agency|Commission|Council|Party|Airlines|Railways?|Hospital|School|College|Fund|"
        r"Secretariat|Mechanism)\b"
    ),
    units=re.compile(
        r"\b(?:US dollars|dollars|USD|yuan|RMB|euros?|EUR|tenge|rubles|roubles|pounds|yen|tonnes|tons|"
        r"hectares|kilomet(?:re|er)s|miles)\b"
    ),
    place_sort=lambda name: places("en").get(name, ""),
    known_places=_known_places,
    reform=_reform,
    insert=_insert,
    nouns=_nouns,
    interrogatives=(
        ("who", r"\bwho(?:m|se)?\b"),
        ("when", r"\bwhen\b|\b(?:what|which) (?:year|month|day|date|time)\b"),
        ("where", r"\bwhere\b"),
        ("number", r"\bhow (?:many|much|long|high|tall|large|big|far|old|deep|wide|fast)\b"),
        ("why", r"\bwhy\b"),
        ("how", r"\bhow\b"),
        (
            "which",
            r"\bwhich\b|\bwhat (?:company|country|city|bank|river|team|organi[sz]ation|university|province|place)\b",
        ),
        ("what", r"\bwhat\b"),
    ),
    constant={"China": -1.0},
)
_BARE = re.compile(r"(?:And |But )?(where|when|why|how)(?: then)?\s*\?*", re.IGNORECASE)
_BARE_ASKS = re.compile(
    r"^(?:Where|When|Why|How)(?= (?:is|was|were|are|did|does|do|will|has|have|can)\b)", re.IGNORECASE
)
_HEADS = {
    **dict.fromkeys(
        ("company", "bank", "organization", "organisation", "institution", "university", "agency"), ("organisation", "")
    ),
    **dict.fromkeys(("country", "nation", "state"), ("place", "country")),
    **dict.fromkeys(("city", "town", "place"), ("place", "city")),
    **dict.fromkeys(("province", "region"), ("place", "region")),
    **dict.fromkeys(("person", "man", "woman", "official", "leader"), ("person", "")),
}


def fragment(question: str) -> str:
    """Return the inside of an elliptical follow-up, empty for a whole question.

    >>> fragment("And in Xi'an?"), fragment("And who was there?")
    ("in Xi'an", '')
    """
    return spaced.fragment(_ENGLISH, question)


def fill(inner: str, base: str) -> str:
    """Return ``base`` with what ``inner`` names in place of its like; empty when that is not plain.

    >>> fill("in 2023", "How much wheat was grown in 2022?")
    'How much wheat was grown in 2023?'
    """
    return spaced.fill(_ENGLISH, inner, base)


def context(question: str, answer: str) -> Context:
    """Return what this grammar sees in one exchange."""
    found = spaced.slots(_ENGLISH, question)
    topic, owner = _topic(question)
    kind = next((slot.kind for slot in found if slot.text == re.sub("^the ", "", topic)), "")
    if topic and (not kind or kind == "name"):
        kind = "person" if _PERSONAL.search(topic) and not owner else "noun"
        if _PERSONAL.search(topic.split(" of ")[0]):
            kind = "person"
        elif any(slot.kind == "name" and slot.text == topic for slot in found):
            kind = ""
    return Context(question, answer, spaced.asked(_ENGLISH, question), found, topic, kind, owner)


def _topic(question: str) -> tuple[str, str]:
    """Return the phrase a question is about and, when it is a property of something, that thing.

    >>> _topic("Where was the second summit held?"), _topic("What is the population of Xi'an?")
    (('the second summit', ''), ("the population of Xi'an", "Xi'an"))
    """
    start = re.match(
        r"(?:(?:where|when|why|how(?: \w+)?|what|who|in what year|in which year) )"
        r"(?:is|was|are|were|did|does|do|will|has|have) ",
        question,
        re.IGNORECASE,
    )
    if start is None:
        return "", ""
    words: list[str] = []
    rest = " ".join(question[start.end() :].rstrip(" ?.!").split())
    for word in rest.split():
        if _SUBJECT_END.match(word) and words:
            break
        words.append(word)
    if re.search(r"\b(?:did|does|do) $", start.group(), re.IGNORECASE) and len(" ".join(words)) == len(rest):
        words = words[:-1]  # the verb that no list knows
    topic = " ".join(words).strip(" ,")
    if (
        len(words) > 9
        or not words
        or words[0].lower() in ("he", "she", "it", "they", "there", "this", "that", "you", "i", "we")
    ):
        return "", ""
    of = re.match(r"(?:the )?[a-z -]+? of (?P<owner>.+)$", topic)
    of = of or re.match(r"(?P<owner>.+?)['’]s [a-z -]+$", topic)
    return topic, of["owner"] if of else ""


def resolve(question: str, contexts: Sequence[Context]) -> str:
    """Return ``question`` with its pronouns and demonstratives replaced, where that is plain.

    Args:
        question: a whole question.
        contexts: the last exchanges, newest first.
    """
    bare = _BARE.fullmatch(question.strip())
    if bare and contexts and _BARE_ASKS.match(contexts[0].question):
        return _BARE_ASKS.sub(_capital(bare[1].lower()), contexts[0].question, count=1)
    own = spaced.slots(_ENGLISH, question)
    edits: list[Edit] = []
    for pattern, find in _PRONOUNS:
        for match in re.finditer(pattern, question, re.IGNORECASE):
            if any(slot.sort == "title" and slot.start <= match.start() < slot.end for slot in own):
                continue
            text = find(match, question, [slot for slot in own if slot.end <= match.start()], contexts)
            edit = Edit(match.start(), match.end(), text)
            said = any(e.text in (text, f"{text}'s", text.removesuffix("'s")) for e in edits)
            if text and not said and not any(e.start < edit.end and edit.start < e.end for e in edits):
                edits.append(edit)
    return _capital(apply(question, edits)) if edits else question


def _content(ahead: str) -> int:
    """Return how many words before a pronoun could be what it stands for."""
    return sum(
        word.lower() not in _STOP | _DEGREES and not word.endswith("ed") for word in re.findall(spaced.WORD, ahead)
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _has(before: Sequence[Slot], *kinds: str) -> bool:
    return any(slot.kind in kinds for slot in before)


def _person(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    if _has(before, "person", "name") or _content(question[: match.start()]) > 2:
        return ""
    text = antecedents.person(contexts)
    word = match.group().lower()
    follows = re.match(r"\s+([a-z-]+)", question[match.end() :])
    noun = follows is not None and follows[1] not in _PREPOSITIONS
    if text and (word == "his" or (word == "her" and noun)):
        return f"{text}'s"
    return text


def _thing(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    after, ahead = question[match.end() :], question[: match.start()]
    idle = re.match(
        r"\s+(?:true|possible|that|rain|snow|takes? (?:to|for)|mean|important|clear|known|cost to|from|to|after|"
        r"before|until|since|is|was)\b",
        after,
    )
    if (
        idle
        or _content(ahead) > 1
        or re.search(r"\btime (?:is|was) $", ahead)
        or _has(before, "organisation", "place", "name")
    ):
        return ""
    text = antecedents.thing(contexts)
    return f"{text}'s" if text and match.group().lower() == "its" else text


def _there(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    after, ahead = question[match.end() :], question[: match.start()]
    if re.match(r"\s+(?:is|are|was|were|be|been|any|a|an|some|enough|in|on|at)\b", after):
        return ""
    if re.search(r"\b(?:is|are|was|were|will|be|been)\s+$", ahead, re.IGNORECASE) and re.match(r"\s*\w", after):
        return ""
    if _has(before, "place"):
        return ""
    text = antecedents.place(contexts)
    direct = re.search(r"\b(?:from|near|to|around|visit|reach|leave)\s+$", ahead, re.IGNORECASE)
    moving = re.search(r"\b(?:go|get|travel|fly|arrive|come|went|move)\s+$", ahead, re.IGNORECASE)
    return text and (text if direct else f"to {text}" if moving else f"in {text}")


def _then(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    text = "" if _has(before, "time") else antecedents.time(contexts)
    if not text or text.lower().startswith(("in ", "on ", "last ", "this ", "yesterday")):
        return text
    day = re.search(rf"(?:{_MONTHS}) \d{{1,2}}\b|\b\d{{1,2}} (?:{_MONTHS})", text)
    return f"on {text}" if day else f"in {text}"


def _head(match: re.Match[str], question: str, before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    head = match["head"].lower()
    if head in _STOP:
        return ""
    for one in contexts:
        asked_for = one.asked in ("which", "where") and re.search(rf"\b(?:which|what) {head}\b", one.question, re.I)
        if asked_for and one.named():
            return one.named()
    if head in _HEADS:
        kind, sort = _HEADS[head]
        last = contexts[0]
        if kind == "place" and last.asked == "where" and last.named() and places("en").get(last.named(), sort) == sort:
            return last.named()
        return antecedents.of_kind(contexts, kind, sort)
    for one in contexts:
        phrase = re.search(rf"\b(?:the )?(?:[\w’'–—-]+ ){{1,5}}?{head}\b", one.topic, re.IGNORECASE)
        if phrase and phrase.group().lower() not in (f"the {head}", head):
            return phrase.group()
    return ""


_PRONOUNS = (
    (
        r"\b(?:at that time|back then|(?:in|during) that (?:year|month)|on that day|that (?:year|month|day)|"
        r"at the time|then(?=\s*\?))\b|\bthen(?=\?)",
        _then,
    ),
    (r"\b(?:this|that|the same|said) (?P<head>[a-z]{3,})\b", _head),
    (r"\b(?:he|him|she|his|her)\b(?!['’])", _person),
    (r"\b(?:it|its)\b(?!['’])", _thing),
    (r"\bthere\b(?!['’])", _there),
)
