"""What fills a Chinese question's form: the words before and after the answer, the subject, the rest.

One builder per role of answer; each gives the role of the form to draw, and its slots, or None when the
clause does not lend itself. Knows nothing of forms' texts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.questions.forms import DOCUMENT_VERBS, WORK_WORDS, body_word, place_word
from training.questions.paraphrase import with_synonyms
from training.questions.records import Candidate, Token
from training.questions.shape import Shape, leading_phrase, shape_of, shortened, text_of, trimmed, words_in
from training.questions.tagging import COUNTRIES, SPEECH, is_title, tag
from training.questions.wordlists import word_list

_VALUE_VERBS = frozenset(word_list("value-verbs"))


_CHANGE = {
    "增长": "增幅",
    "下降": "降幅",
    "上涨": "涨幅",
    "下跌": "跌幅",
    "提高": "增幅",
    "增加": "增幅",
    "减少": "降幅",
}


_FEW = re.compile(r"^[1-9一二三四五六七八九十两][^0-9万亿千百余多]")


_PLACE_PREPOSITIONS = ("在", "于")


_TIME_TAIL = (
    "起",
    "以来",
    "至今",
    "前",
    "后",
    "之前",
    "之后",
    "以前",
    "以后",
    "期间",
    "前后",
    "左右",
    "开始",
    "的",
    "底",
    "止",
    "之间",
    "年度",
    "以上",
    "以下",
    "中",
)


_REPORTING = re.compile(r"(?:表示|说|介绍|指出|称|认为|透露|强调)$")


def form_words(words: Sequence[Token], target: int, rng: random.Random) -> str:
    return text_of(with_synonyms(shortened(words, target, rng), rng))


def phrase_slots(
    sentence: str, candidate: Candidate, target: int, rng: random.Random, topic: str
) -> dict[str, str] | None:
    """Slots for an answer that is a phrase inside a clause."""
    shape = shape_of(sentence, candidate, topic)
    if shape is None:
        return None
    answer = sentence[candidate.start : candidate.end]
    role = candidate.role
    builders = {
        "date": _time,
        "year": _time,
        "place": _place,
        "region": _region,
        "person": _person,
        "body": _body,
        "work": _work,
        "object": _object,
        "copula": _copula,
    }
    if role in builders:
        return builders[role](sentence, candidate, shape, target, rng)
    before, after = shape.before, shape.after
    if (
        not shape.subject
        and not leading_phrase(before)
        and before
        and role not in ("list", "people", "quoted")
        and rng.random() < 0.75
    ):
        return None
    if (
        after
        and after[0].word in ("、", "和", "与", "及")
        and role in ("money", "percent", "measure", "count", "age", "duration")
    ):
        after = ()
    if role == "quoted":
        before = before[:-1] if before and before[-1].word in ("“", "「") else before
        after = after[1:] if after and after[0].word in ("”", "」") else after
        if (
            (after and after[0].flag == "uj")
            or (not before and not after)
            or (before and before[-1].word in ("、", "”"))
            or (after and after[0].word in ("、", "“"))
        ):
            return None
    if role in ("money", "percent", "measure", "count") and before and not after:
        value = _value(shape, answer, target, rng)
        if value and rng.random() < 0.6:
            return {"role": "value", "v": value, "u": candidate.unit}
    if role in ("percent",) and before and before[-1].word in _CHANGE and rng.random() < 0.3:
        value = form_words(before[:-1], target, rng)
        return {"role": "value", "v": f"{value}的{_CHANGE[before[-1].word]}", "u": ""} if value else None
    if (
        role in ("measure", "money", "count", "age", "duration")
        and after
        and after[0].word in ("以上", "左右", "以下", "以内")
    ):
        after = after[1:]
    while (
        before
        and before[-1].word in ("约", "近", "超", "逾", "大约", "超过", "将近", "达", "至少")
        and role != "value"
        and rng.random() < 0.6
        and len(before) > 1
        and before[-2].flag == "v"
    ):
        before = before[:-1]
    a = form_words(before, max(8, target - 6), rng)
    b = form_words(after, max(8, target - len(a)), rng)
    slots = {
        "role": role,
        "a": a,
        "b": b,
        "u": candidate.unit,
        "s": text_of(shape.subject),
        "p": "",
        "few": "1" if _FEW.match(answer) else "",
    }
    if role == "list" and not candidate.unit and after and after[0].word in ("等", "等等"):
        slots["b"] = form_words(after[1:], target, rng)
    elif role == "list" and candidate.unit:
        tail = text_of(after)
        cut = tail.find(candidate.unit)
        if cut < 0:
            return None
        slots["b"] = tail[cut + len(candidate.unit) :]
    if after and after[0].word in ("处", "以内", "之间", "不等") and role in ("measure", "money", "count", "duration"):
        return None
    if role == "score" and (not after or len(b) > 20):
        return None
    return slots


def _value(shape: Shape, answer: str, target: int, rng: random.Random) -> str:
    """The thing measured, for 「…是多少」: the words before the number without the verb of measure."""
    words = list(shape.before)
    changed = ""
    dropped = 0
    while words and (words[-1].word in _VALUE_VERBS or words[-1].flag in ("d", "p")) and len(words) > 1 and dropped < 3:
        changed = changed or _CHANGE.get(words[-1].word, "")
        words.pop()
        dropped += 1
    if not dropped or not words or words[-1].flag not in ("n", "vn", "l", "an", "ng"):
        return ""
    text = form_words(words, target, rng)
    return f"{text}的{changed}" if changed else text


def _shut(rest: Sequence[Token]) -> str:
    """``1`` when the rest does not open with a verb, an adverb or a preposition: no room for a question word."""
    return "" if rest and rest[0].flag in ("v", "vd", "vi", "d", "p", "a", "ad", "zg") else "1"


def _time(sentence: str, candidate: Candidate, shape: Shape, target: int, rng: random.Random) -> dict[str, str] | None:
    before, after = list(shape.before), list(shape.after)
    answer = sentence[candidate.start : candidate.end]
    if (before and before[-1].word in ("与", "和", "、", "-", "—", "至", "较", "比", "同比")) or (
        after and after[0].word in ("与", "和", "、", "-", "至", "度")
    ):
        return None
    while before and before[-1].word in ("在", "于", "自", "从", "早在", "是", "截至", "截止", "到", "直到"):
        if before[-1].word in ("截至", "截止", "自", "从", "到", "直到"):
            return None
        before.pop()
    if after and after[0].word in ("，", ","):
        after.pop(0)
    tail = after[0].word if after else ""
    if tail.startswith(_TIME_TAIL) or (not after and not before):
        if tail in ("起", "开始") and len(after) > 1:
            a = form_words(before, target, rng) + "从"
            return {"role": "date_in_place", "a": a, "b": form_words(after, target, rng), "t": answer}
        return None
    words = before + after
    size = leading_phrase(words)
    subject, rest = (words[:size], words[size:]) if size else (list(shape.subject), words)
    if shape.borrowed and not size:
        subject = list(shape.subject)
    if (
        not rest
        or rest[0].flag in ("x", "ul")
        or rest[-1].word in ("至", "到", "上", "称", "下", "时", "后", "前", "中", "期间", "之际")
        or not any(token.flag in ("v", "vn", "vi") for token in rest)
    ):
        return None
    s = form_words(trimmed(subject), 14, rng)
    p = form_words(trimmed(rest), max(6, target - len(s)), rng)
    return {"role": candidate.role, "s": s, "p": p, "t": answer, "shut": _shut(rest)}


def _place(sentence: str, candidate: Candidate, shape: Shape, target: int, rng: random.Random) -> dict[str, str] | None:
    before, after = list(shape.before), list(shape.after)
    answer = sentence[candidate.start : candidate.end]
    word = place_word(answer)
    if (
        before
        and before[-1].word in _PLACE_PREPOSITIONS
        and after
        and after[0].flag in ("v", "d", "vd", "x", "vn")
        and after[0].word not in "，"
    ):
        before.pop()
        words = before + after
        size = leading_phrase(before)
        subject, rest = (
            (words[:size], words[size:])
            if size
            else (list(shape.subject), [t for t in words if t not in shape.subject])
        )
        s = form_words(trimmed(subject), 14, rng)
        p = form_words(trimmed(rest), max(6, target - len(s)), rng)
        if p and (s or len(p) > 6):
            return {"role": "place", "s": s, "p": p, "w": word, "shut": _shut(rest)} if s else None
    a = form_words(before, max(8, target - 4), rng)
    b = form_words(after, max(6, target - len(a)), rng)
    return {"role": "place_in_place", "a": a, "b": b, "w": word} if a else None


def _region(
    sentence: str, candidate: Candidate, shape: Shape, target: int, rng: random.Random
) -> dict[str, str] | None:
    answer = sentence[candidate.start : candidate.end]
    if len(answer) < 2 or (answer in ("中国", "我国", "北京") and rng.random() < 0.8):
        return None
    word = place_word(answer)
    if word == "什么地方" and answer not in COUNTRIES:
        word = "哪个地方"
    a, b = form_words(shape.before, target, rng), form_words(shape.after, target, rng)
    return {"role": "region", "a": a, "b": b, "w": word}


def _person(
    sentence: str, candidate: Candidate, shape: Shape, target: int, rng: random.Random
) -> dict[str, str] | None:
    before, after = list(shape.before), list(shape.after)
    if after and after[0].word in ("、", "和", "与", "及", "等"):
        after = []
    while after and after[0].flag in ("d", "t"):
        after = after[1:]
    verb = after[0].word if after else ""
    title: list[Token] = []
    if before and is_title(before[-1].word):
        first = len(before)
        while (
            first
            and (
                before[first - 1].flag
                in ("n", "ns", "nt", "nz", "vn", "j", "b", "eng", "l", "nrt", "ng", "an", "f", "i", "s")
                or before[first - 1].word in ("、", "原", "副", "现任", "时任")
            )
            and before[-1].end - before[first - 1].start <= 24
        ):
            first -= 1
        title = list(trimmed(before[first:]))
    words = text_of(title)
    content = ""
    if verb in SPEECH or _REPORTING.search(verb):
        following = sentence[candidate.end :]
        match = re.match(
            r"[^，。：；“]{0,14}?(?:表示|说|指出|强调|认为|称|坦言|透露|介绍|宣布|警告|呼吁)[，：]“?([^，。；“”？！]{6,40})",
            following,
        )
        content = (
            form_words(
                trimmed(words_in(sentence, candidate.end + match.start(1), candidate.end + match.end(1))), 26, rng
            )
            if match
            else ""
        )
        if (
            content
            and not re.search(
                r"v",
                "".join(
                    t.flag[:1]
                    for t in tag(content)
                    if t.word not in ("作为", "随着", "针对", "关于", "面对", "按照", "根据")
                ),
            )
        ) or content.startswith(
            ("作为", "随着", "面对", "根据", "按照", "为", "在", "对于", "如果", "由于", "因为", "通过")
        ):
            content = ""
        if re.search(r"我们?|你们?|他们?|这|那|自己|本[市县省院]", content):
            content = ""
    if content and (rng.random() < 0.5 or len(words) < 4):
        verb = rng.choice(("表示", "认为", "说", "指出", "提到", "称"))
        return {"role": "speaker", "b": verb + content}
    if len(words) >= 4:
        named = any(token.flag in ("ns", "nt", "nz", "eng") for token in title)
        rest = (
            form_words(after, target, rng)
            if (not named or rng.random() < 0.4) and 4 < len(text_of(after)) < 30 and not content
            else ""
        )
        if not named and not rest and rng.random() < 0.6:
            return None
        return {"role": "titled", "a": words, "b": rest if not text_of(before[: len(before) - len(title)]) else ""}
    a, b = form_words(before, max(8, target - 4), rng), form_words(after, target, rng)
    if (len(b) < 4 and len(a) < 6) or words or (before and before[-1].word in ("、", "和", "与")):
        return None
    return {"role": "person", "a": a, "b": b}


def _body(sentence: str, candidate: Candidate, shape: Shape, target: int, rng: random.Random) -> dict[str, str] | None:
    answer = sentence[candidate.start : candidate.end]
    after = list(shape.after)
    a, b = form_words(shape.before, max(8, target - 5), rng), form_words(after, target, rng)
    if after and after[0].flag in ("n", "vn", "ns"):
        return None
    return {"role": "body", "a": a, "b": b, "w": body_word(answer)} if len(a) + len(b) >= 5 else None


def _work(sentence: str, candidate: Candidate, shape: Shape, target: int, rng: random.Random) -> dict[str, str] | None:
    before, after = list(shape.before), list(shape.after)
    word = "什么"
    if before and before[-1].word in WORK_WORDS:
        word = WORK_WORDS[before.pop().word]
    elif after and after[0].word in WORK_WORDS:
        word = WORK_WORDS[after.pop(0).word]
    elif before and any(token.word in DOCUMENT_VERBS for token in before[-3:]):
        word = rng.choice(("什么文件", "哪份文件", "哪个文件", "什么"))
    if (
        (after and after[0].word in ("（", "中", "等"))
        or (before and before[-1].word in ("、", "》"))
        or (after and after[0].word == "、")
    ):
        return None
    a, b = form_words(before, max(8, target - 5), rng), form_words(after, target, rng)
    return {"role": "work", "a": a, "b": b, "w": word} if len(a) + len(b) >= 5 else None


def _object(
    sentence: str, candidate: Candidate, shape: Shape, target: int, rng: random.Random
) -> dict[str, str] | None:
    a = form_words(shape.before, target, rng)
    if len(a) < 5 or not shape.subject:
        return None
    answer = sentence[candidate.start : candidate.end]
    return {
        "role": "object",
        "a": a,
        "b": text_of(shape.after),
        "u": candidate.unit if len(answer) > len(candidate.unit) + 1 else "",
    }


def _copula(
    sentence: str, candidate: Candidate, shape: Shape, target: int, rng: random.Random
) -> dict[str, str] | None:
    subject = text_of(shape.subject)
    inner = leading_phrase(shape.before)
    rest = shape.before[inner:]
    if (
        shape.borrowed
        or not inner
        or not 2 <= len(subject) <= 18
        or any(t.word.startswith(("不", "非", "并非", "没", "未")) for t in rest)
        or not rest
        or rest[-1].word not in ("是", "成为", "就是", "系")
    ):
        return None
    if rest[-1].word == "成为":
        return {"role": "name", "a": text_of(shape.before), "b": ""}
    answer = sentence[candidate.start : candidate.end]
    head = candidate.unit if len(answer) > len(candidate.unit) + 2 else ""
    return {"role": "copula", "s": subject, "u": head if rng.random() < 0.3 else ""}
