"""Chinese answer candidates that need words: people, places, bodies, works, things, lists.

Precision before coverage: a name must look like a name and stand where names stand. Spans are whole noun
phrases, whole enumerations. Knows nothing of how a question is worded.
"""

from __future__ import annotations

import re

from training.questions.clauses import clauses
from training.questions.numbers import number_candidates
from training.questions.records import Candidate, Token
from training.questions.tagging import (
    NOUN_FLAGS,
    SPEECH,
    is_person,
    is_place,
    is_title,
    tag,
)
from training.questions.wordlists import word_list

BODY_ENDINGS = tuple(word_list("bodies"))


PLACE_ENDINGS = tuple(word_list("places"))


_WORK = re.compile(r"《[^《》]{2,30}》")


_QUOTED = re.compile(r"[“「]([^“”「」，。；：！？《》]{3,14})[”」]")


_FOREIGN = re.compile(r"[\u4e00-\u9fff]{1,7}(?:[·•][\u4e00-\u9fffA-Z]{1,8}){1,3}")


_SHORT_FORMS = frozenset(word_list("short-forms"))


_HOLLOW = frozenset(word_list("hollow"))


def _touching(tokens: tuple[Token, ...], start: int, end: int) -> tuple[int, int]:
    """Indices of the first token and after the last token that overlap ``[start, end)``."""
    inside = [i for i, token in enumerate(tokens) if token.start < end and start < token.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def people(sentence: str, tokens: tuple[Token, ...]) -> list[Candidate]:
    """Full names: foreign ones with a dot; Chinese ones after a title, before a speech verb, or listed."""
    found = []
    for match in _FOREIGN.finditer(sentence):
        first, last = _touching(tokens, *match.span())
        dot = next(i for i in range(first, last) if "·" in tokens[i].word or "•" in tokens[i].word)
        while (
            first < dot
            and (
                is_title(tokens[first].word)
                or tokens[first].flag not in ("nr", "nrt", "nrfg", "x", "zg", "n_", "nz", "g", "j")
            )
            and first < dot - 1
        ):
            first += 1
        if is_title(tokens[first].word) or tokens[first].flag in ("v", "p", "d", "c", "uj", "n", "vn", "ns"):
            first += 1
        start, end = max(match.start(), tokens[first].start), match.end()
        dots = [i for i in range(first, last) if "·" in tokens[i].word or "•" in tokens[i].word]
        if not dots:
            continue
        end = _name_end(tokens, dots[-1])
        text = sentence[start:end]
        if "·" in text[1:-1] and 4 <= len(text) <= 16:
            found.append(Candidate(start, end, "who", "person"))
    for i, token in enumerate(tokens):
        word, start, end = token.word, token.start, token.end
        if token.flag not in ("nr", "nrt") or any(c.start < end and start < c.end for c in found):
            continue
        if len(word) >= 3 and word[-1] in "说称表在对和与也将率指认介告出强还曾已":
            word, end = word[:-1], end - 1
        before = tokens[i - 1].word if i else ""
        after = sentence[end : end + 2]
        if (
            i + 1 < len(tokens) and end == token.end and tokens[i + 1].flag in ("zg", "g", "ng", "nr", "nrt", "m")
        ) or after[:1] in ("某", "·", "•"):
            continue
        if (
            i
            and len(before) == 1
            and "\u4e00" <= before <= "\u9fff"
            and tokens[i - 1].flag in ("g", "ng", "zg", "nr", "nrt", "q", "j", "m")
            and before not in "长"
        ):
            continue
        near = [tokens[k].flag for k in (i - 2, i + 2) if 0 <= k < len(tokens)]
        listed = (before == "、" or after[:1] == "、") and any(flag in ("nr", "nrt") for flag in near)
        speaks = after in SPEECH or after[:1] in ("说", "称") or (after[:1] in ("，",) and is_title(before))
        if (is_person(word) and len(word) >= 2 and (is_title(before) or speaks or (listed and len(word) == 3))) or (
            token.flag == "nrt" and len(word) >= 2 and is_title(before) and (speaks or after[:1] in "在于将对，")
        ):
            found.append(Candidate(start, end, "who", "person"))
    return found


def _name_end(tokens: tuple[Token, ...], dot: int) -> int:
    """Where a dotted name ends: names and single characters after the last dot, up to six characters."""
    if dot + 1 >= len(tokens):
        return tokens[dot].end
    end = tokens[dot + 1].end
    for token in tokens[dot + 2 :]:
        near = end - tokens[dot].end + len(token.word) <= 6
        if near and (
            token.flag in ("nr", "nrt", "nrfg", "zg", "ng", "g") or (token.flag in ("ns", "j") and len(token.word) == 1)
        ):
            end = token.end
        else:
            break
    return end


def _ends(word: str, endings: tuple[str, ...]) -> bool:
    return len(word) > 1 and word.endswith(endings)


def phrases(sentence: str, tokens: tuple[Token, ...]) -> list[Candidate]:
    """Places after a preposition, bodies, objects of verbs and what a thing is called."""
    found = []
    i = 0
    while i < len(tokens):
        if tokens[i].flag not in NOUN_FLAGS or tokens[i].flag in ("m", "q", "f"):
            i += 1
            continue
        j = i
        while j < len(tokens) and tokens[j].flag in NOUN_FLAGS - {"q"}:
            j += 1
        start, end = tokens[i].start, tokens[j - 1].end
        before, last = (tokens[i - 1] if i else None), tokens[j - 1]
        text = sentence[start:end]
        after = tokens[j] if j < len(tokens) else None
        named = any(token.flag in ("ns", "nt", "nz", "eng", "nrt", "nr") for token in tokens[i:j])
        before_word = before.word if before else ""
        if after and after.word == "之一":
            after = tokens[j + 1] if j + 1 < len(tokens) else None
        closes = after is None or (after.flag == "x" and after.word not in "、“《（(-—·：")
        if 2 <= len(text) <= 18 and before_word not in ("、", "·", "“", "《", "-", "（"):
            body = _ends(text, BODY_ENDINGS) and len(text) >= 3
            if before_word in (
                "在",
                "于",
                "到",
                "至",
                "从",
                "位于",
                "来自",
                "抵达",
                "前往",
                "赴",
                "访问",
                "地处",
                "毕业于",
                "飞往",
                "落户",
                "坐落于",
                "驶向",
                "途经",
            ) and (
                (
                    (all(token.flag == "ns" for token in tokens[i:j]) and (is_place(last.word) or j - i > 1))
                    or (len(text) >= (3 if named else 4) and _ends(text, PLACE_ENDINGS))
                )
                and (
                    after is None
                    or (
                        after.flag in ("v", "vd", "d", "p", "x", "vn", "t", "ul")
                        and after.word not in ("、", "“", "《", "·", "-")
                    )
                )
            ):
                found.append(Candidate(start, end, "where", "place"))
            elif (
                body
                and len(text) >= 4
                and any(token.flag in ("ns", "nr", "nrt", "eng") for token in tokens[i:j])
                and (after is None or after.word not in ("的", "、", "“", "和", "·"))
                and (after is None or after.flag in ("v", "d", "p", "x", "t", "m", "vd"))
                and not is_title(text)
            ):
                found.append(Candidate(start, end, "which", "body"))
            elif (
                all(token.flag == "ns" for token in tokens[i:j])
                and is_place(text)
                and before_word not in ("在", "于", "和", "与", "》")
                and (after is None or after.flag in ("v", "d", "p", "x", "uj", "t"))
            ):
                found.append(Candidate(start, end, "which", "region"))
            elif closes and before is not None and not is_title(text):
                found.extend(_thing(sentence, tokens, i, j, text))
        i = j
    return found


def _thing(sentence: str, tokens: tuple[Token, ...], i: int, j: int, text: str) -> list[Candidate]:
    """The object of a verb at the end of a clause, with its modifiers, or what a copula says."""
    last = tokens[j - 1]
    if (
        last.flag not in ("n", "nz", "vn", "l", "eng", "nt", "j", "ng", "an")
        or last.word in _HOLLOW
        or len(last.word) < 2
    ):
        return []
    first = i
    while first > 0 and last.end - tokens[first - 1].start <= 26:
        flag, word = tokens[first - 1].flag, tokens[first - 1].word
        if (
            flag in NOUN_FLAGS
            or word in ("的", "、", "和", "与", "“", "”", "更")
            or word[0] == "最"
            or flag in ("a", "uj")
        ):
            first -= 1
            continue
        break
    while first < i and (tokens[first].word in ("的", "、", "和", "与", "”") or tokens[first].flag in ("f", "uj")):
        first += 1
    if first == 0:
        return []
    verb = tokens[first - 1]
    if verb.word in ("了", "过", "着") and first >= 2:
        verb = tokens[first - 2]
    start, end = tokens[first].start, last.end
    if j < len(tokens) and tokens[j].word == "之一":
        end = tokens[j].end
    phrase = sentence[start:end]
    if (
        len(phrase) < 4
        or phrase.endswith(("、", "和"))
        or tokens[first].word
        in ("这", "该", "此", "其", "上述", "相关", "有关", "此次", "本次", "以上", "各类", "各种")
    ):
        return []
    if phrase.count("“") != phrase.count("”") or not 2 <= len(phrase) <= 26:
        return []
    if verb.word in ("是", "成为", "就是", "系"):
        return (
            [Candidate(start, end, "what", "copula", last.word)]
            if end + 1 >= len(sentence) or sentence[end] != "，" or "的" in phrase
            else []
        )
    if verb.word in ("名为", "叫做", "被称为", "称为", "名叫", "取名", "叫", "称作", "誉为"):
        return [Candidate(start, end, "what", "name")]
    if any(
        token.word in ("将", "把", "被", "以") and token.flag in ("p", "d", "v")
        for token in tokens[max(0, first - 8) : first]
    ):
        return []
    if (
        verb.flag == "v"
        and len(verb.word) >= 2
        and verb.word not in SPEECH
        and verb.word not in ("进行", "作为", "没有", "可以", "需要", "具有")
    ):
        return [
            Candidate(
                start, end, "what", "object", "" if "和" in phrase or "、" in phrase or "与" in phrase else last.word
            )
        ]
    return []


def lists(sentence: str, tokens: tuple[Token, ...]) -> list[Candidate]:
    """Whole enumerations A、B、C (and 和 D), of noun phrases of like length; ``unit`` is the head after 等."""
    found: list[Candidate] = []
    marks = [i for i, token in enumerate(tokens) if token.word == "、"]
    done = -1
    for mark in marks:
        if mark <= done:
            continue
        first = mark
        while (
            first > 0 and (tokens[first - 1].flag in NOUN_FLAGS) and tokens[mark].start - tokens[first - 1].start <= 16
        ):
            first -= 1
        at, items = mark, 1
        end = mark
        while True:
            stop = at + 1
            while (
                stop < len(tokens)
                and (tokens[stop].flag in NOUN_FLAGS - {"m"} or (tokens[stop].flag == "m" and stop == at + 1))
                and tokens[stop].end - tokens[at].end <= 16
            ):
                stop += 1
            if stop == at + 1:
                break
            items, end = items + 1, stop
            if stop < len(tokens) and (
                tokens[stop].word == "、" or tokens[stop].word in ("和", "及", "以及", "与", "或")
            ):
                at = stop
                continue
            break
        done = max(end, mark)
        follower = tokens[end].word if end < len(tokens) else "。"
        flag = tokens[end].flag if end < len(tokens) else "x"
        while first < mark and (
            tokens[first].word
            in ("利用", "包括", "如", "有", "关于", "涉及", "其中", "及", "目前", "我国", "相关", "多个", "本次")
            or tokens[first].flag == "f"
        ):
            first += 1
        if (
            first == mark
            or items < 3
            or end <= mark
            or (flag not in ("x", "v", "d", "p") and follower not in ("等", "等等", "在"))
            or follower in "、“《（("
        ):
            continue
        start, stop_at = tokens[first].start, tokens[end - 1].end
        text = sentence[start:stop_at]
        before = tokens[first - 1].word if first else ""
        if (first and tokens[first - 1].flag not in ("v", "p", "x", "ul", "c", "d", "vd", "r", "uj")) or items > 12:
            continue
        parts = re.split(r"、|和|及|以及|与", text)
        if (
            before in ("”", "》", "的", "（", "“", "《", "·", "-")
            or min(map(len, parts)) < 1
            or max(map(len, parts)) > 3 * min(map(len, parts)) + 4
            or len(text) > 70
        ):
            continue
        unit = ""
        if follower in ("等", "等等"):
            k = end + 1
            while k < len(tokens) and tokens[k].flag in ("m", "q"):
                k += 1
            if k < len(tokens) and tokens[k].flag in ("n", "vn", "nz") and len(tokens[k].word) >= 2:
                unit = tokens[k].word
        role = "people" if all(is_person(part) for part in parts) else "list"
        found.append(Candidate(start, stop_at, "list", role, unit))
    return found


def works(sentence: str) -> list[Candidate]:
    """Titles in 《》 (with their marks) and short quoted names (without)."""
    found = [
        Candidate(match.start(), match.end(), "which", "work")
        for match in _WORK.finditer(sentence)
        if match.group()[1:-1] not in _SHORT_FORMS
    ]
    for match in _QUOTED.finditer(sentence):
        if not any(c.start < match.end() and match.start() < c.end for c in found):
            found.append(Candidate(match.start(1), match.end(1), "what", "quoted"))
    return found


def _aside(sentence: str) -> list[tuple[int, int]]:
    """Spans in round brackets: no answers are taken from there."""
    return [match.span() for match in re.finditer(r"[（(][^（）()]*[）)]?", sentence)]


def candidates(sentence: str) -> list[Candidate]:
    """Every span of a Chinese sentence that could answer a question, the same span once."""
    tokens = tag(sentence)
    ends = {token.end for token in tokens}
    best: dict[tuple[int, int], Candidate] = {}
    exact = [c for c in number_candidates(sentence) if c.end in ends]
    titles = works(sentence)
    named = people(sentence, tokens) + titles
    marked = [match.span() for match in re.finditer(r"《[^》]*》|“[^”]*”", sentence)]
    for candidate in exact + named + lists(sentence, tokens) + clauses(sentence):
        best.setdefault((candidate.start, candidate.end), candidate)
    for candidate in phrases(sentence, tokens):
        clash = any(c.start < candidate.end and candidate.start < c.end for c in exact + named)
        inside = any(
            start < candidate.end and candidate.start < end and not (candidate.start <= start and end <= candidate.end)
            for start, end in marked
        )
        if not inside and (not clash or candidate.role == "object"):
            best.setdefault((candidate.start, candidate.end), candidate)
    asides = _aside(sentence)
    kept = [c for c in best.values() if not any(start < c.end and c.start < end for start, end in asides)]
    return sorted(kept, key=lambda c: (c.start, c.end))
