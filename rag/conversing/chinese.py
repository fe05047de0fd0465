"""Follow-ups in Chinese: 他是谁？, 那里有多少人？, 该公司的总部在哪里？, 什么时候举行的？

The pronouns, demonstratives and missing subjects; ellipses are in ``chinese_ellipsis``. Each function
looks at one phenomenon and gives nothing when it is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.conversing import antecedents
from rag.conversing.antecedents import Context
from rag.conversing.chinese_ellipsis import fill, fragment
from rag.conversing.chinese_words import (
    ASKS,
    DASHES,
    EXPECTED,
    GENERIC,
    LOCAL,
    MEASURE,
    NOMINAL,
    NOUNS,
    PERSONAL,
    TEMPORAL,
    Word,
    asked,
    runs,
    slots,
    words,
)
from rag.conversing.places import places
from rag.conversing.slots import Edit, Slot, apply

__all__ = ["context", "fill", "fragment", "resolve"]

_HEADS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("公司", "企业", "集团", "银行", "机构", "组织", "机制", "大学", "学校", "医院", "部门", "单位"),
        ("organisation", ""),
    ),
    **dict.fromkeys(("国", "国家"), ("place", "country")),
    **dict.fromkeys(("市", "城市"), ("place", "city")),
    **dict.fromkeys(("省", "地区", "区", "县", "州"), ("place", "region")),
    **dict.fromkeys(("人", "位"), ("person", "")),
}
_ADVERBIAL: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("什么时候", "何时", "什么时候呢"), ("when", "什么时候")),
    **dict.fromkeys(("在哪里", "在哪儿", "哪里", "在哪", "在哪里呢"), ("where", "在哪里")),
    **dict.fromkeys(("为什么", "为何", "为什么呢"), ("why", "为什么")),
}
_ADVERBIALS = (
    ("when", re.compile("(?:是)?(?:什么时候|何时|哪一?年|哪一?天)")),
    ("where", re.compile("在(?:哪里|哪儿|什么地方|哪座城市|哪个城市|哪个国家|哪)")),
)
_PROPERTY = re.compile(
    f"(?:[^的]{{0,2}}(?:{MEASURE.pattern.replace('$', '')})"
    f"|(?:现任|首任|第一任|前任?|副)?(?:{PERSONAL.pattern.replace('$', '')})"
    f"|{LOCAL.pattern.replace('$', '')}|{TEMPORAL.pattern.replace('$', '')})"
    "(?:是|为|有|在|达到?)?(?:多少|谁|哪里|哪儿|什么时候|何时)"
)
_QUANTITY = re.compile("(?:多少|多久|几)[^，。？?]{0,4}[？?]?$")
_SPEAKERS = frozenset(
    ["我", "你", "您", "我们", "你们", "他们", "她们", "它们", "这", "那", "大家", "咱们", "今天", "现在"]
)
_EMPTY_NOUNS = frozenset(["人", "时候", "地方", "时间", "年", "国家", "原因"])
_PREDICATE = re.compile(
    "(?:是|又|都)?(?:在|从|到|去|往)?(?:哪儿|哪里|什么时候|何时|怎么|怎样|为什么)(?!是|"
    "的)[\u4e00-\u9fff]{1,4}[的了]?[？?]?$|"
    "(?:有|要|去|需要?|会|能|还有|还要|共|一共|总共|都|又)(?:多少|几|哪|谁|什么|多|有多少|有哪|有几)|"
    "[\u4e00-\u9fff]{2}(?:了|过|到)(?:多少|几|哪|谁|什么)"
    "|[\u4e00-\u9fff]{2}(?:多少|几)(?:钱|人|元|米|天|年)"
)
_DEMONSTRATIVE = re.compile(
    "(?:该|此|这|那|上述|本)(?:一)?(?:个|家|座|项|条|部|本|位|次|届|场|所|种|款|艘|支|篇|份|"
    "些)?(?P<head>[\u4e00-\u9fff]{1,6})"
)


def context(question: str, answer: str) -> Context:
    """Return what this grammar sees in one exchange."""
    topic = _topic(question)
    kind = ""
    if topic:
        inner = [slot for slot in slots(question) if question.startswith(topic) or slot.text == topic]
        whole = [slot for slot in inner if slot.text == topic]
        kind = whole[0].kind if whole else "person" if PERSONAL.search(topic) else "noun"
        if kind == "name":
            kind = "noun"
    owner, _, head = topic.rpartition("的")
    if not any(pattern.search(head) for _, pattern, _ in EXPECTED):
        owner = ""
    first = next((slot for slot in slots(question) if slot.text and topic.startswith(slot.text)), None)
    if not owner and first is not None and first.kind in ("place", "organisation", "person"):
        rest = topic[len(first.text) :]
        owner = first.text if rest and any(p.search(rest) for _, p, _ in EXPECTED) else ""
    asks = asked(question)
    named = any(slot.kind == "person" and slot.text == topic for slot in slots(question))
    if asks == "who" and named and re.fullmatch("是(?:谁|什么人|何人)[？?。 ]*", question.partition(topic)[2]):
        asks = ""  # 阿依努尔是谁: the person is the one named, not the description answered
    return Context(question, answer, asks, slots(question), topic, kind, owner)


def _topic(question: str) -> str:
    """Return the phrase ``question`` begins with and says something about; empty when it has none.

    >>> _topic("2024年云泽大桥的总投资是多少？"), _topic("谁主持了峰会？")
    ('云泽大桥的总投资', '')
    """
    times = [slot for slot in slots(question) if slot.kind == "time"]
    start = end = 0
    for word in words(question):
        if word.start < start:
            continue
        leading = [slot for slot in times if slot.start == word.start]
        if leading and end == start:
            start = end = leading[0].end
            continue
        inside_edition = any(
            s.start <= word.start < s.end for s in slots(question) if s.kind in ("edition", "name", "time")
        )
        link = word.text in ("的", "和", "与", "、", *DASHES) or word.text in ("同",)
        if (word.flag in NOMINAL or inside_edition or (link and end > start)) and not ASKS.search(word.text):
            end = word.end
        elif end == start and word.flag in ("x", "c"):
            start = end = word.end
        else:
            break
    topic = re.sub("[的和与同、—－–-]+$", "", question[start:end].strip())
    return "" if len(topic) < 2 or topic in GENERIC else topic


def resolve(question: str, contexts: Sequence[Context]) -> str:
    """Return ``question`` with its pronouns and demonstratives replaced, or its missing subject added.

    Args:
        question: a whole question.
        contexts: the last exchanges, newest first.
    """
    edits: list[Edit] = []
    own = slots(question)
    cut = words(question)
    for index, word in enumerate(cut):
        if _is_quoted(word.start, own):
            continue
        before = [slot for slot in own if slot.end <= word.start]
        after = cut[index + 1] if index + 1 < len(cut) else Word("", "", word.end)
        text = _antecedent(word, after, before, contexts)
        if word.text[0] == "那" and not ASKS.search(question.replace(word.text, "", 1)):
            continue  # 那里 for 哪里
        if text and all(edit.text not in (text, f"{text}的") for edit in edits):
            possessive = word.text == "其"
            edits.append(Edit(word.start, word.end, f"{text}的" if possessive else text))
    for match in _DEMONSTRATIVE.finditer(question):
        edit = None if _is_quoted(match.start(), own) else _demonstrative(match, question, contexts)
        if edit is not None and not any(e.start < edit.end and edit.start < e.end for e in edits):
            edits.append(edit)
    if edits:
        return apply(question, edits)
    return _with_subject(question, contexts)


def _is_quoted(position: int, own: Sequence[Slot]) -> bool:
    return any(slot.sort == "title" and slot.start <= position < slot.end for slot in own)


def _antecedent(word: Word, after: Word, before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    """Return what the pronoun ``word`` stands for; empty when it is none, or stands for something before it."""

    def has(*kinds: str) -> bool:
        return any(slot.kind in kinds for slot in before)

    if word.text in ("他", "她"):
        return "" if has("person") else antecedents.person(contexts)
    if word.text in ("它", "其") and (word.text == "它" or after.flag in NOUNS):
        return "" if has("organisation", "place", "name", "person") else antecedents.thing(contexts)
    if word.text in ("那里", "那儿", "那边", "当地", "此地") and (word.text[0] == "那" or word.start == 0):
        return "" if has("place") else antecedents.place(contexts)
    if word.text in ("当时", "那时", "那时候", "当年", "同年", "那年", "当天", "同一年", "那一年", "那天", "那一天"):
        return "" if has("time") else antecedents.time(contexts)
    return ""


def _demonstrative(match: re.Match[str], question: str, contexts: Sequence[Context]) -> Edit | None:
    """Resolve 该公司, 这个国家, 这座大桥: by the head noun, in the earlier texts or by its kind."""
    run = match["head"]
    if match.group()[0] == "那" and not ASKS.search(question.replace(match.group(), "", 1)):
        return None  # 那个国家 for 哪个国家
    for length in range(len(run), 0, -1):
        head = run[:length]
        end = match.start("head") + length
        if length >= 2:
            for context in contexts:
                for text in (context.named(), _phrase_ending(context.question, head)):
                    if text.endswith(head) and text != head:
                        return Edit(match.start(), end, text)
        if head in _HEADS and _is_word_end(question, end):
            text = _answered(head, contexts) or antecedents.of_kind(contexts, *_HEADS[head])
            if text:
                return Edit(match.start(), end, text)
    return None


def _answered(head: str, contexts: Sequence[Context]) -> str:
    """Return the last answer when it was asked for by ``head`` (哪家公司) or is a place and ``head`` a place."""
    last = contexts[0] if contexts else None
    if last is None or not last.named():
        return ""
    if last.asked == "which" and re.search(f"哪.?{head}", last.question):
        return last.named()
    kind, sort = _HEADS[head]
    known = places("zh").get(last.named(), "")
    fits = known == sort if known else sort not in ("country",)
    return last.named() if kind == "place" and last.asked == "where" and fits else ""


def _is_word_end(text: str, end: int) -> bool:
    return end == len(text) or any(word.end == end for word in words(text))


def _phrase_ending(question: str, head: str) -> str:
    """Return the noun phrase of ``question`` that ends with ``head``; empty when there is none."""
    taken = [slot for slot in slots(question) if slot.kind in ("time", "unit")]
    for run in runs(question, taken):
        phrase = question[run[0].start : run[-1].end]
        at = phrase.find(head)
        if at > 0:
            edition = [s for s in slots(question) if s.kind == "edition" and s.end == run[0].start]
            return (edition[0].text if edition else "") + phrase[: at + len(head)]
    return ""


def _with_subject(question: str, contexts: Sequence[Context]) -> str:
    """Put the last topic before a question that has no subject of its own (什么时候举行的？, 有几座帝陵？)."""
    body = question.strip(" ，,？?。！!")
    if not contexts or len(question) > 20 or not asked(question):
        return question
    last = contexts[0]
    if body in _ADVERBIAL:
        return _exchanged(_ADVERBIAL[body], last) or question
    topic = last.owner or last.topic
    if not topic and last.asked == "who" and asked(question) != "who":
        topic = last.named()
    if not re.search("[\u4e00-\u9fff]", topic):
        return question
    own = slots(question)
    edition = own[0] if own and own[0].kind == "edition" and own[0].start == 0 and len(own) == 1 else None
    if edition is not None:
        old = next((slot for slot in slots(topic) if slot.kind == "edition" and slot.start == 0), None)
        rest = question[edition.end :]
        bare = old is not None and _is_subjectless(rest)
        return f"{edition.text}{topic[old.end :]}{rest}" if bare and old is not None else question
    if topic and not own and _PROPERTY.fullmatch(body) and last.topic_kind != "person":
        return f"{topic}的{question}"
    if not topic or own or len(body) > 12 or not _is_subjectless(question):
        return question
    return f"{topic}{question}"


def _is_subjectless(question: str) -> bool:
    """Tell whether ``question`` begins with its predicate, or asks with no noun at all.

    >>> _is_subjectless("什么时候举行的？"), _is_subjectless("有几座帝陵？"), _is_subjectless("谁发明了杂交水稻？")
    (True, True, False)
    """
    cut = words(question)
    if any(word.text in _SPEAKERS for word in cut) or re.search("^[^是]+(?:是|指|叫)(?:什么|谁)", question):
        return False
    nouns = [word for word in cut if word.flag in NOMINAL - {"vn"} and word.text not in _EMPTY_NOUNS]
    verbs = [word for word in cut if word.flag in ("v", "vd", "vn")]
    first = cut[0]
    if not nouns and verbs and (first.flag in ("v", "p", "d", "vn") or ASKS.match(first.text)):
        return True
    done = question.rstrip(" ？?").endswith("的")  # 在哪儿落地的: a predicate, whatever the tagger makes of 落地
    return _PREDICATE.match(question) is not None and (bool(verbs) or done)


def _exchanged(pattern: tuple[str, str], last: Context) -> str:
    """Return the last question with another adverbial asked for (在哪里 → 什么时候); empty when it has none."""
    wanted, word = pattern
    if wanted == "why":
        ask = _QUANTITY.search(last.question)
        plain = ask is not None and last.topic and last.question.startswith(last.topic)
        if ask is None or not plain:
            return ""
        middle = last.question[len(last.topic) : ask.start()]
        return f"{last.topic}为什么{middle}？" if re.search("[了低高升降增减晚早多少快慢]", middle) else ""
    for kind, expression in _ADVERBIALS:
        found = expression.search(last.question)
        if found and kind != wanted:
            return last.question[: found.start()] + word + last.question[found.end() :]
    return ""
