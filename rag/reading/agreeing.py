"""Whole answers of the kind that was asked: numbers with their units, dates in full, no date for "who".

What a small reader gets wrong most often is not where the answer stands but its edges and its kind. Both
can be told from the characters: a number keeps its digits and its unit, a date its month; a question for a number
or a time is not answered by a span without one. Claims stay spans of their sentence. Knows question and
sentence, no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.reading.differing import speaks_of_another
from rag.reading.folding import fold
from rag.reading.kinds import KINDS, question_kind
from rag.reading.naming import LONGEST_NAME, SURNAMES, whole_name
from rag.reading.units import TAGS, cut
from rag.records import Claim, Evidence, Reading

_UNITS = (
    "平方公里|平方千米|平方米|立方米|公里|千米|厘米|毫米|海里|英里|千瓦时|千瓦|兆瓦|公斤|千克|公顷|小时|分钟|个月|周年|人次|个百分点|百分点|"
    "美元|欧元|日元|英镑|卢布|港元|坚戈|人民币|摄氏度|公吨|"
    "元|角|人|名|个|家|项|件|次|种|所|座|条|届|场|部|枚|艘|架|支|只|本|篇|章|集|期|级|层|户|辆|台|处|块|颗|米|吨|克|斤|亩|岁|年|月|日|天|周|时|分|秒|倍|"
    "度|位|对|句|首|张|股|回|代|道|点|号|成|頭|头|匹|株|棵|箱|袋|桶|幅|套|班|趟|列|节|門|门|间|栋|幢|片|口|尊|册|卷|版"
)
# What a general 个 may stand for.
_COUNTERS = frozenset(
    "家项件次种所座条届场部枚艘架支只本篇章集期级层户辆台处块颗句首张股回代道点号株棵箱袋幅套班趟列节门间栋幢片尊册卷版"
)
_SAME = (
    {"人", "人次", "名", "位", "口", "个"},
    {"天", "日"},
    {"月", "个月"},
    {"公里", "千米"},
    {"公斤", "千克"},
    {"块", "元"},
)
_NUMBER = r"(?:\d+(?:[.,．，]\d+)*|[零〇一二两三四五六七八九十百千]+)"
_QUANTITY = re.compile(
    rf"(?:约|近|超过|超|逾|至少|大约|百分之)?{_NUMBER}(?:[%％‰]|(?:余|多|来)?[十百千万亿]*(?:余|多)?(?:{_UNITS})?)(?:以上|以下|左右|以内)?"
)
_TAIL = re.compile(rf"(?:余|多|来)?[十百千万亿]*(?:余|多)?(?:[%％‰]|{_UNITS})(?:以上|以下|左右|以内)?")
_DATE_HEAD = re.compile(r"(?:\d{2,4}年)?(?:\d{1,2}月)?$|(?:\d+[.,．，]?)+$")
_DATE_TAIL = re.compile(r"\d*(?:年(?:\d{1,2}月)?|月)(?:\d{1,2}日)?")
_ENDS_IN_NUMBER = re.compile(rf"{_NUMBER}$")
_ENDS_IN_UNIT = re.compile(rf"\d(?:余|多)?[十百千万亿]*(?:{_UNITS})$")
# What goes on with a smaller unit: 3分27秒46, 2小时15分, 5元8角, 1米85.
_SMALLER = re.compile(
    r"(?<=\d时)\d+分钟?|(?<=\d小时)\d+分钟?|(?<=\d分)\d+(?:\.\d+)?秒|(?<=\d分钟)\d+(?:\.\d+)?秒|(?<=\d秒)\d{1,2}(?!\d)|"
    r"(?<=\d元)\d角|(?<=\d角)\d分|(?<=\d米)\d{2}(?![\d.×个名条座年月])"
)
_SAYING = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:告诉记者|介绍说|介绍|表示|指出|认为|强调|坦言|说)$")
_DATED = re.compile(r"\d([年月日时分])")
_OF_A_TIME = re.compile(
    r"\d{4}|[今去前明后当當昨]年|[本上下]个?[月周年]|[今昨明]天|\blast |this (?:year|month)|"
    r"прошл|нынешн|в этом|биыл|былтыр|өткен"
)
_ASKS_ITSELF = re.compile(r"为什么|为何|为啥|怎么|怎样|why\b|how\b|почему|как\b")
_A_DAY = re.compile(r"(?:\d+年)?\d+月\d+日")
_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_CHOICE = re.compile(r"还是|還是|或者?|\bor\b|\bили\b|немесе|それとも|か、")
_AROUND = re.compile(r"以上|以下|左右|以内")
_HAS_NUMBER = re.compile(r"\d|[零〇一二两兩三四五六七八九十百千万萬亿億半双雙]|百分")
_HAS_TIME = re.compile(
    r"\d|[年月日时時天周晚早晨夜午]|[夏商秦汉漢晋晉隋唐宋辽遼金元清古近现現当當历歷]代|世纪|世紀|时代|時代|朝|春|夏|秋|冬|今|昨|明|去|前|后|後|期|一九|二[〇零]|"
    r"(?i:january|february|march|april|may|june|july|august|september|october|november|december|day|year|century)|"
    r"год|век|жыл|ғасыр|년|월|일"
)
_ONLY_FIGURES = re.compile(r"[\d\s.,%％年月日时分秒点元万亿个名次]+")
_ROLE_HELD = re.compile(
    r"(?:长|主任|主编|书记|主席|总统|总理|经理|教练|教授|作者|导演|记者|代表|负责人|创始人|译者|冠军|亚军|季军|得主|院士|医生|专家|选手|"
    r"老师|店主|老板|妻子|丈夫|儿子|女儿|母亲|父亲|志愿者|领队|工程师|设计师|学者|研究员)(?: ?是谁|叫什么|是哪位)"
)
_A_YEAR = re.compile(r"\d{2,4}|[〇零一二三四五六七八九]{4}年|[今去前明后]年|год|жыл")
_WHICH_YEAR = re.compile(r"哪[一两兩几]?年|何年|几几年|which year|what year|в каком году|қай жылы")
_OWN_UNIT = re.compile(rf"[\d零〇一二两三四五六七八九十百千万亿余多](?P<unit>{_UNITS})")
_ASKED_UNIT = re.compile(
    rf"(?:多少|几|幾)(?!代表|条件|名额|口粮|月[薪租供费])(?P<unit>{_UNITS})(?P<noun>[\u4e00-\u9fff])?"
)
_PERSON_END = re.compile(r"(?:元首|主席|总统|总理|书记|[省市县区乡镇村部]长|主任|记者|先生|女士|专家|代表)$")
_PLACE_END = re.compile(r"[省市县区镇乡村州国旗岛山河湖海江沟湾路街巷桥港站馆院厅宫场园寺庙楼校厂岸内中里上下]$")
_ONLY_TIME = re.compile(r"(?:\d+\s*[年月日号时點点](?:[上下中]午)?(?:\d+分)?(?:\d+秒)?|[上下中]午|凌晨|晚上?|早上?)+")
_DIMENSIONS = (  # what a question for a dimension is answered in
    (re.compile(r"多[长長高宽寬深远遠]"), re.compile(r"米|公里|海里|里|年|月|天|日|小时|分钟|秒|m\b|km\b")),
    (re.compile(r"多重"), re.compile(r"吨|公斤|千克|克|斤|磅|kg\b")),
)
_SEVERAL = re.compile(
    r"哪些|哪(?:几|[两二三四五六七八九十]+)|分别|[两三四五六七八九]+[名位个]\S{1,6}是谁|which .*\bare\b|what are|какие"
)
# One more item of an enumeration; the last one ends before a count of all (甲、乙、丙三个中心) or 等.
_ITEM = re.compile(
    r"(?:（[^（）]{1,20}）)?(?:、|和(?=[^、，。；：！？]{1,15}(?:[，。；！？]|$)))((?:(?!等|[两三四五六七八九十][个项种名家国大])[^、，。；：！？\s]){1,20})"
)
_NUMERIC = frozenset({"how-many", "money", "share", "age-duration"})

WRONG_KIND = 0.12
WRONG_UNIT = 0.2
REPEATED = 0.2  # an answer that the question itself holds
OF_ANOTHER = 0.2  # an answer out of a sentence that speaks of another year, summit, race
ASKED = 0.03  # an answer out of a sentence that asks


def agree(question: str, evidence: Sequence[Evidence], reading: Reading) -> Reading:
    """Return the reading with its claims made whole and weighed by whether they are of the kind asked for.

    The confidence falls with the weight of the best claim; it never rises.

    Args:
        question: the standalone question.
        evidence: the sentences that were read.
        reading: what the reader claimed on them.
    """
    if not reading.claims:
        return reading
    claims, weight = agreed(question, evidence, reading.claims)
    return Reading(claims, reading.confidence * weight)


def agreed(question: str, evidence: Sequence[Evidence], claims: Sequence[Claim]) -> tuple[tuple[Claim, ...], float]:
    """Return ``claims`` made whole, weighed and ordered anew, and the weight of the best, in (0, 1].

    Args:
        question: the standalone question.
        evidence: the sentences that were read.
        claims: at least one claim on them.
    """
    kind = KINDS[question_kind(question)]
    several = asks_for_several(question)
    whole: list[Claim] = []
    weights: dict[Claim, float] = {}
    for claim in claims:
        text = evidence[claim.index].text
        start, end = completed(text, claim.start, claim.end, kind, several)
        weight = agreement(question, kind, text[start:end], text[end : end + 3])
        made = Claim(claim.index, start, end, claim.score * weight)
        whole.append(made)
        weights[made] = weight
    whole.sort(key=lambda claim: -claim.score)
    kept: list[Claim] = []
    for claim in whole:
        if not any(claim.index == c.index and claim.start < c.end and c.start < claim.end for c in kept):
            kept.append(claim)
    return tuple(kept), weights[kept[0]]


def asks_for_several(question: str) -> bool:
    """Tell whether ``question`` asks for more than one thing.

    >>> asks_for_several("哪些国家参加了峰会？"), asks_for_several("哪个国家举办了峰会？")
    (True, False)
    """
    return _SEVERAL.search(fold(question)) is not None


def completed(text: str, start: int, end: int, kind: str = "other", several: bool = False) -> tuple[int, int]:
    """Return the span with numbers, units, dates and names taken whole.

    >>> text = "双边贸易额达到948亿美元的新高"
    >>> text[slice(*completed(text, 7, 10))]
    '948亿美元'

    Args:
        text: the sentence.
        start: where the claimed answer begins.
        end: where it ends.
        kind: what the question asks for, of `KINDS`; for a number, what follows the quantity is cut off.
        several: whether the question asks for several things; then the items that follow come with the first.
    """
    if text[start].isdigit():
        start = _DATE_HEAD.search(text, 0, start).start()  # type: ignore[union-attr]  # matches the empty end
    while end < len(text) and text[end - 1].isdigit() and text[end].isdigit():
        end += 1
    if text[end - 1] == "月" and text[start].isdigit():
        day = re.compile(r"\d{1,2}日").match(text, end)
        end = day.end() if day else end
    if _ENDS_IN_NUMBER.search(text, start, end):
        tail = (_DATE_TAIL.match(text, end) if text[end - 1].isdigit() else None) or _TAIL.match(text, end)
        end = tail.end() if tail else end
    end = _with_smaller_units(text, end)
    if _ENDS_IN_UNIT.search(text, start, end):
        around = _AROUND.match(text, end)
        end = around.end() if around else end
    if kind in ("who", "name"):
        saying = _SAYING.search(text, start, end)
        start, end = whole_name(text, start, saying.start() if saying and saying.start() > start else end)
    while several and (item := _ITEM.match(text, end)):
        end = item.end()
    if kind in _NUMERIC:
        quantity = _QUANTITY.match(text, start, end)
        if quantity and quantity.end() + 4 < end and re.search(r"\d", quantity.group()):
            end = _with_smaller_units(text, quantity.end())
    return start, end


def _with_smaller_units(text: str, end: int) -> int:
    """Return where a quantity that reaches to ``end`` ends with what follows it in smaller units."""
    while smaller := _SMALLER.match(text, end):
        end = smaller.end()
    return end


def agreement(question: str, kind: str, answer: str, after: str) -> float:
    """Return how well ``answer`` fits the kind of question, in (0, 1].

    >>> agreement("村里有多少人？", "how-many", "6月17日", "，"), agreement("谁来了？", "who", "王宁", "说")
    (0.12, 1.0)

    Args:
        question: the question.
        kind: what it asks for, of `KINDS`.
        answer: the claimed answer.
        after: the characters that follow it in its sentence.
    """
    if kind in _NUMERIC:
        if not _HAS_NUMBER.search(answer):
            return WRONG_KIND
        folded = fold(question)
        asked = _ASKED_UNIT.search(folded)
        own = asked is not None and answer.endswith(asked["unit"])
        if kind != "age-duration" and not own and _ONLY_TIME.fullmatch(answer):
            return WRONG_KIND
        if kind == "age-duration" and _A_DAY.match(answer):
            return WRONG_KIND
        for asks, fits in _DIMENSIONS:
            if asks.search(folded) and not fits.search(answer + after):
                return WRONG_UNIT
        return 1.0 if asked is None or _same_unit(asked["unit"], asked["noun"] or "\0", answer, after) else WRONG_UNIT
    if kind == "when":
        if not _HAS_TIME.search(answer):
            return WRONG_KIND
        if _WHICH_YEAR.search(fold(question)) and not (
            re.search(r"年|\d{4}|год|жыл", answer) and _A_YEAR.search(answer)
        ):
            return WRONG_KIND
        return 1.0
    if kind in ("who", "where", "why", "how") and _ONLY_FIGURES.fullmatch(answer):
        return WRONG_KIND
    if kind in ("why", "how") and _ASKS_ITSELF.match(fold(answer)):
        return WRONG_KIND
    if kind == "where" and _ends_in_people(answer):
        return WRONG_KIND
    if _ROLE_HELD.search(fold(question)) and not _may_be_person(answer):
        return WRONG_KIND
    return 1.0


def comparable(question: str, answer: str, other: str) -> bool:
    """Tell whether two answers can contradict each other: figures in one unit, or dates of one precision.

    >>> comparable("大桥总投资多少？", "19.4亿元", "18.6亿元"), comparable("大桥全长多少？", "2860米", "21.0975公里")
    (True, False)
    """
    kind = KINDS[question_kind(question)]
    if kind == "when":
        finest = [max(found, key="年月日时分".index) for text in (answer, other) if (found := _DATED.findall(text))]
        return len(finest) == 2 and finest[0] == finest[1]
    units = [found[-1] for text in (answer, other) if (found := _OWN_UNIT.findall(text))]
    if kind not in _NUMERIC or len(units) < 2:
        return False
    return units[0] == units[1] or any({*units} <= group for group in _SAME)


def asks_of_a_time(question: str) -> bool:
    """Tell whether ``question`` is about a year or a day that it names, so that other years say something else."""
    return _OF_A_TIME.search(fold(question)) is not None


def repeats(question: str, answer: str) -> bool:
    """Tell whether ``answer`` only says what the question says already; one of a choice may.

    In Japanese it often does: one answer in nine of JaQuAD stands in its question, by chance or as part of a name.

    >>> repeats("天问二号什么时候发射？", "天问二号"), repeats("是张三还是李四？", "张三")
    (True, False)
    """
    asked, said = fold(question), fold(answer).strip(" 。，、“”《》「」")
    if len(said) < 2 or _KANA.search(asked):
        return False
    return said in asked and KINDS[question_kind(question)] != "yes-no" and _CHOICE.search(asked) is None


def fitness(question: str, piece: Evidence, start: int, end: int) -> float:
    """Return how well a span of a sentence is of the kind asked for and says something, in (0, 1].

    What the question says already says nothing, nor does a sentence that itself asks or speaks of another one.
    """
    answer = piece.text[start:end]
    fit = agreement(question, KINDS[question_kind(question)], answer, piece.text[end : end + 3])
    if piece.text.rstrip("”’」』）) ").endswith(("？", "?")):
        return fit * ASKED
    if speaks_of_another(question, piece, start, end):
        fit *= OF_ANOTHER
    return fit * REPEATED if repeats(question, answer) else fit


def _may_be_person(answer: str) -> bool:
    """Tell whether ``answer`` may name a person: it holds a name or is as short as one, or is not in Chinese."""
    if (
        any(TAGS[tag] == "nr" for tag in cut(answer).tags)
        or any(dot in answer for dot in "·•・‧")
        or not _HAN.search(answer)
    ):
        return True
    return len(answer) <= LONGEST_NAME + 1 and answer[0] in SURNAMES


def _ends_in_people(answer: str) -> bool:
    """Tell whether ``answer`` ends in a person; an unknown place may look like one to the tagger."""
    units = cut(answer)
    if _PERSON_END.search(answer) is not None:
        return True
    name = ""
    for word, tag in zip(reversed(units.words), reversed(units.tags), strict=True):
        if TAGS[tag] != "nr":
            break
        name = word + name
    return 0 < len(name) <= LONGEST_NAME and name[0] in SURNAMES and _PLACE_END.search(answer) is None


def _same_unit(unit: str, noun: str, answer: str, after: str) -> bool:
    """Tell whether ``answer`` counts in the unit asked for; one without a unit of its own borrows what follows."""
    own = _OWN_UNIT.search(answer)
    if own is None:
        return not _ENDS_IN_NUMBER.search(answer) or after.startswith((unit, noun))
    mine = own["unit"]
    if mine == "个" and unit in _COUNTERS:
        return True
    return mine.endswith(unit) or mine == noun or any({mine, unit} <= group for group in _SAME)
