"""Follow-ups in Chinese: 那去年呢？, 他是谁？, 那里有多少人？, 什么时候举行的？

Works on jieba's words, mended where its dictionary has no foreign names. Each function looks at one
phenomenon and gives nothing when it is not sure. Knows nothing of turns further back than it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.conversing import antecedents
from rag.conversing.antecedents import Context
from rag.conversing.places import places
from rag.conversing.slots import TIME_PARTS, Edit, Slot, apply, overlap, pair
from rag.tagging import tagged

_DIGIT = "0-9０-９〇零一二三四五六七八九十百两"
_YEAR = f"(?:[0-9０-９]{{4}}|[〇零一二三四五六七八九]{{4}})年(?!代|前|来|间|后|内|历史)"
_TIMES: Sequence[tuple[str, str]] = (
    ("year", f"{_YEAR}|去年|今年|前年|明年|后年|上年|本年度?|上年度"),
    ("year", f"(?:[0-9０-９]{{4}}|上?世纪[{_DIGIT}]+|20世纪[{_DIGIT}]+|[{_DIGIT}]+)年代|[{_DIGIT}]+世纪"),
    ("year", '[“"]?[一二三四五六七八九十]+五[”"]?(?:规划)?(?:期间|时期)'),
    ("half", f"[上下]半年|第?[一二三四1-4]季度|前[{_DIGIT}]+个?季度|前[{_DIGIT}]+个月|全年|年底|年初|春节|国庆"),
    ("month", f"(?:1[0-2]|[1-9]|[一二三四五六七八九]|十[一二]?)月份?(?!底|初)|上个?月|本月|这个月|下个?月"),
    ("day", f"[0-3]?[0-9]日|[一二三四五六七八九十]+日(?!子|本)|[0-3]?[0-9]号|昨天|今天|前天|明天|后天|昨日|今日"),
    ("day", "(?:上|本|这|下)?个?(?:周|星期|礼拜)[一二三四五六日天]|上周|本周|下周|上午|下午|晚上"),
)
_EDITION = re.compile(f"第[{_DIGIT}]+[届次期轮批代号]|首届|上一?届|本届|下一?届|首次")
_UNIT = re.compile(
    "人民币|美元|欧元|卢布|日元|英镑|坚戈|港元|港币|韩元|万吨|亿吨|吨|公斤|千克|斤|公顷|平方公里|平方千米|亩|公里|千米|摄氏度|华氏度"
)
_TITLE = re.compile(r"《[^《》]+》|“[^“”]+”|「[^「」]+」")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.&'’-]*(?: [A-Z][A-Za-z0-9.&'’-]*)*")
_TRANSLITERATION = frozenset(
    "阿艾安奥巴白拜班邦保鲍贝本比彼别波伯博卜布查达戴丹德登迪蒂丁东多杜厄恩尔耳法菲费芬弗福夫富盖冈戈格根古哈汉赫胡霍吉基季济加贾"
    "杰金卡凯坎康考科克肯库夸拉莱兰朗劳勒雷蕾里利莉林琳龙隆卢鲁伦罗洛马玛麦曼梅门蒙米密敏莫姆穆纳娜乃内尼涅宁纽努诺欧帕潘佩蓬皮平普"
    "奇齐恰乔切琴热日荣茹瑞萨塞桑瑟森沙莎山舍申什史舒朔斯丝松苏索塔泰坦唐陶特腾提图托瓦万旺威韦维魏温沃乌伍武西希夏肖谢辛欣休雅亚延扬耶叶伊"
    "以因英尤约泽扎詹兹朱卓佐茨蒂"
)
_ASKS = re.compile(
    "什么|甚么|哪|谁|多少|多大|多久|多长|多高|多远|几|怎|吗|为何|如何|是否|何时|何地|何人|何处|能不能|有没有|是不是"
)
_LEAD = re.compile(r"^(?:(?:那么|那|而|再|还有|至于|换成|如果是|要是|若是|请问|另外|然后|说到)[，,、 ]*)+")
_TAIL = re.compile(r"(?:又?(?:怎么样|怎样|如何|是?多少|有多少|是谁|是什么)|的?情况)?呢?[ ？?。！!～~…]*$")
_MEASURE = re.compile(
    "[量额率价数积度值费重长高龄]$|人口|收入|面积|投资|产值|造价|成本|增速|增幅|比例|规模|寿命|距离|里程|票房|工资|全长|总长"
)
_PERSONAL = re.compile(
    "(?:总统|总理|主席|部长|市长|校长|省长|县长|书记|院长|局长|秘书长|首相|国王|大使|作者|导演|经理|董事长|负责人|创始人|主持人|"
    "冠军|亚军|教练|队长|馆长|主任|发言人|设计师|发明者|发现者|主编|记者|妻子|丈夫|父亲|母亲|儿子|女儿)$"
)
_LOCAL = re.compile("(?:首都|省会|首府|地点|所在地|地址|总部|产地|家乡|出生地|籍贯|会址|校址|位置)$")
_TEMPORAL = re.compile("(?:时间|日期|年份|生日)$")
_ASKED_OBJECT = re.compile(
    "(?P<be>是|为|叫|在|位于|设在)(?P<ask>多少|谁|哪位|什么时候|何时|哪里|哪儿|哪个|什么|哪一年|几)(?P<after>[^，。？?]*)"
)
_ORGANISATION = re.compile(
    "(?:公司|集团|银行|大学|学院|医院|研究所|研究院|委员会|委|协会|组织|联盟|机制|秘书处|基金会|中心|学校|中学|小学|出版社|报社|"
    "俱乐部|政府|法院|工厂|部|局|厅|队|厂|社|行|联合国|交易所|企业)$"
)
_SITE = re.compile(
    "(?:大桥|桥|港口?|机场|公园|铁路|高速|公路|水库|湖|河|江|山|岛|广场|博物馆|图书馆|体育场|体育馆|隧道|电站|剧院|寺|塔|路|街|"
    "大厦|车站|火车站|口岸|工业园|开发区|新区)$"
)
_AREA = re.compile("(?:斯坦|[市省县区州镇村乡国])$")
_GENERIC = frozenset(
    "大桥 江 河 山 城 村 县 县城 省 市 国 港 区 镇 乡 州 岛 湖 海 城市 全国 全省 全市 我国 本国 世界 国家".split()
)
_DASHES = ("—", "–", "-", "－", "——", "·", "・")
_NAMED = ("nr", "nrt", "nrfg")
_NOMINAL = frozenset("n nr nrt nrfg ns nt nz vn an j l i ng b eng s f".split())
_NOUNS = frozenset("n vn an j l i ng b s nz".split())

_INTERROGATIVES: Sequence[tuple[str, str]] = (
    ("who", "谁|何人|哪位|哪些人|什么人"),
    ("when", "什么时候|何时|哪一?年|哪一?天|哪个?月|几月|几号|什么时间|几点|哪一?届"),
    ("where", "哪里|哪儿|何地|何处|什么地方|哪个地方|在哪"),
    ("number", "多少|几|多大|多长|多高|多远|多久|多重|多快"),
    ("why", "为什么|为何|怎么会"),
    ("how", "怎么|怎样|如何"),
    ("which", "哪"),
    ("what", "什么|甚么|何"),
)
_EXPECTED: Sequence[tuple[str, re.Pattern[str], str]] = (
    ("who", _PERSONAL, "谁"),
    ("where", _LOCAL, "哪里"),
    ("when", _TEMPORAL, "什么时候"),
    ("number", _MEASURE, "多少"),
)
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
_DEMONSTRATIVE = re.compile(
    "(?:该|此|这|那|上述|本)(?:一)?(?:个|家|座|项|条|部|本|位|次|届|场|所|种|款|艘|支|篇|份|些)?(?P<head>[\u4e00-\u9fff]{1,6})"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One jieba word with its place in the text."""

    text: str
    flag: str
    start: int

    @property
    def end(self) -> int:
        """Return the position after its last character."""
        return self.start + len(self.text)


@lru_cache(maxsize=64)
def _words(text: str) -> tuple[Word, ...]:
    words, position = [], 0
    for word, flag in tagged(text):
        position = text.index(word, position)
        noun = len(word) > 1 and flag[:1] not in ("n", "v") and any(p.search(word) for _, p, _ in _EXPECTED)
        words.append(Word(word, "n" if noun else flag, position))
        position += len(word)
    return tuple(words)


def asked(question: str) -> str:
    """Return what ``question`` asks for: who, when, where, number, why, how, which, what or "".

    >>> asked("秘书处设在哪里？"), asked("哪家公司承建了大桥？"), asked("去年呢？")
    ('where', 'which', '')
    """
    for name, pattern in _INTERROGATIVES:
        if re.search(pattern, question):
            return name
    return ""


@lru_cache(maxsize=64)
def slots(text: str) -> tuple[Slot, ...]:
    """Return the typed slots of ``text`` in order; a place may stand inside an organisation.

    >>> [(slot.kind, slot.text) for slot in slots("2024年托卡耶夫访问了西安吗？")]
    [('time', '2024年'), ('person', '托卡耶夫'), ('place', '西安')]
    """
    found: list[Slot] = []
    for sort, pattern in _TIMES:
        _add(found, [Slot("time", m.start(), m.end(), m.group(), sort) for m in re.finditer(pattern, text)])
    _add(found, [Slot("edition", m.start(), m.end(), m.group()) for m in _EDITION.finditer(text)])
    _add(found, [Slot("name", m.start(), m.end(), m.group(), "title") for m in _TITLE.finditer(text)])
    _add(found, [Slot("unit", m.start(), m.end(), m.group()) for m in _UNIT.finditer(text)])
    fixed = list(found)
    for run in _runs(text, fixed):
        found.extend(_entities(run, text))
    _add(found, [Slot("name", m.start(), m.end(), m.group()) for m in _LATIN.finditer(text)])
    found = [_with_title(slot, text) if slot.kind == "person" else slot for slot in found]
    return tuple(sorted(found, key=lambda slot: (slot.start, -slot.end)))


def _with_title(slot: Slot, text: str) -> Slot:
    """Return a person with the title that stands right before or behind the name."""
    words = _mended(text)
    before = [word.start for word in words if word.end == slot.start and _PERSONAL.search(word.text)]
    after = [word.end for word in words if word.start == slot.end and _PERSONAL.search(word.text)]
    start, end = (before or [slot.start])[0], (after or [slot.end])[0]
    return Slot("person", start, end, text[start:end])


def _add(found: list[Slot], more: Sequence[Slot]) -> None:
    found.extend(slot for slot in more if not overlap(slot, found))


def _runs(text: str, taken: Sequence[Slot]) -> list[list[Word]]:
    """Return the runs of nominal words outside ``taken``, foreign names mended into one word."""
    runs: list[list[Word]] = [[]]
    for word in _mended(text):
        inside = overlap(Slot("", word.start, word.end, ""), taken)
        nominal = word.flag in _NOMINAL or (word.text in _DASHES and bool(runs[-1]))
        if nominal and not inside and not _ASKS.search(word.text):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


@lru_cache(maxsize=64)
def _mended(text: str) -> tuple[Word, ...]:
    """Return the words, those of a transliterated name (托+卡耶夫, 埃尔多·安) joined into one."""
    words: list[Word] = []
    group: list[Word] = []
    known = places("zh")
    for word in (*_words(text), Word("", "", len(text))):
        spelt = word.text in "·・" or all(char in _TRANSLITERATION for char in word.text)
        fits = word.text != "" and spelt and word.flag[:1] not in ("p", "d", "c", "r", "u", "y", "m")
        if fits and word.text not in known:
            group.append(word)
            continue
        joined = "".join(part.text for part in group)
        if len(group) > 1 and len(joined) > 2 and any(part.flag in _NAMED for part in group):
            words.append(Word(joined, "nrt", group[0].start))
        else:
            words.extend(group)
        group = []
        words.append(word)
    return tuple(words[:-1])


def _entities(run: Sequence[Word], text: str) -> list[Slot]:
    """Return the names in one run of nominal words: the whole when it ends like one, and those inside."""
    found: list[Slot] = []
    start, end = run[0].start, run[-1].end
    whole = text[start:end]
    if len(whole) > 2 and (len(run) > 1 or run[0].flag in ("nt", "nz")):
        if _ORGANISATION.search(whole) and not _PERSONAL.search(whole):
            found.append(Slot("organisation", start, end, whole))
        elif _SITE.search(whole):
            return [Slot("place", start, end, whole, "site")]
    known = places("zh")
    for word in run:
        kind, sort = "", ""
        if word.text in known:
            kind, sort = "place", known[word.text]
        elif word.text in _GENERIC:
            continue
        elif word.flag == "ns" or (word.flag in _NAMED and _AREA.search(word.text) and len(word.text) > 2):
            kind, sort = "place", _area_sort(word.text)
        elif word.flag in _NAMED and len(word.text) > 1 and len(run) == 1:
            kind = "person"
        elif word.flag in _NAMED and len(word.text) > 1 and (word is run[0] or word is run[-1]):
            kind = "person"
        elif word.flag == "nt":
            kind = "organisation"
        if kind and not any(slot.start == word.start and slot.end == word.end for slot in found):
            found.append(Slot(kind, word.start, word.end, word.text, sort))
    return found


def _area_sort(name: str) -> str:
    return "country" if name.endswith(("斯坦", "国")) else "region" if name[-1] in "省州" else "city"


def context(question: str, answer: str) -> Context:
    """Return what this grammar sees in one exchange."""
    topic = _topic(question)
    kind = ""
    if topic:
        inner = [slot for slot in slots(question) if question.startswith(topic) or slot.text == topic]
        whole = [slot for slot in inner if slot.text == topic]
        kind = whole[0].kind if whole else "person" if _PERSONAL.search(topic) else "noun"
        if kind == "name":
            kind = "noun"
    owner, _, head = topic.rpartition("的")
    if not any(pattern.search(head) for _, pattern, _ in _EXPECTED):
        owner = ""
    return Context(question, answer, asked(question), slots(question), topic, kind, owner)


def _topic(question: str) -> str:
    """Return the phrase ``question`` begins with and says something about; empty when it has none.

    >>> _topic("2024年云泽大桥的总投资是多少？"), _topic("谁主持了峰会？")
    ('云泽大桥的总投资', '')
    """
    times = [slot for slot in slots(question) if slot.kind == "time"]
    start = end = 0
    for word in _mended(question):
        if word.start < start:
            continue
        leading = [slot for slot in times if slot.start == word.start]
        if leading and end == start:
            start = end = leading[0].end
            continue
        inside_edition = any(s.start <= word.start < s.end for s in slots(question) if s.kind in ("edition", "name"))
        link = word.text in ("的", "和", "与", "、", *_DASHES) or word.text in ("同",)
        if (word.flag in _NOMINAL or inside_edition or (link and end > start)) and not _ASKS.search(word.text):
            end = word.end
        elif end == start and word.flag in ("x", "c"):
            start = end = word.end
        else:
            break
    topic = re.sub("[的和与同、—－–-]+$", "", question[start:end].strip())
    return "" if len(topic) < 2 or topic in _GENERIC else topic


def fragment(question: str) -> str:
    """Return the inside of an elliptical follow-up, empty when ``question`` is a whole question.

    >>> fragment("那么去年呢？"), fragment("去年的产量是多少？")
    ('去年', '')
    """
    body = question.strip()
    lead, tail = _LEAD.match(body), _TAIL.search(body)
    inner = body[lead.end() if lead else 0 : tail.start() if tail else len(body)].strip("，, ")
    if not inner or len(inner) > 30 or _ASKS.search(inner):
        return ""
    bare = re.sub("[ ？?。！!～~…]", "", tail.group()) if tail else ""
    if bare in ("", "呢") and (lead or bare):
        return inner
    pieces = slots(inner)
    covered = bool(pieces) and not _rest(inner, pieces).strip("的在")
    return inner if covered else ""


def _rest(text: str, taken: Sequence[Slot]) -> str:
    return "".join(char for i, char in enumerate(text) if not any(slot.start <= i < slot.end for slot in taken))


def fill(inner: str, base: str) -> str:
    """Return ``base`` with what ``inner`` names in place of its like; empty when that is not plain.

    >>> fill("去年", "2023年小麦产量是多少？"), fill("哈萨克斯坦", "他是谁？")
    ('去年小麦产量是多少？', '')
    """
    inner = re.sub("(?:来?计算?|为单位)$", "", inner)
    new = _outer(slots(inner))
    nouns = _noun_slots(inner, new)
    rest = _rest(inner, [*new, *nouns])
    if re.sub("[的在于和与同跟、及对以按用从到， ]", "", rest) or not (new or nouns) or len(nouns) > 1:
        return ""
    old = list(slots(base))
    edits: list[Edit] = []
    used: list[Slot] = []
    for slot in new:
        if any(slot.text == other.text for other in old) and len(new) > 1:
            continue
        free = [other for other in old if not overlap(other, used)]
        edit = _time_edit(slot, free, base) if slot.kind == "time" else _edit(slot, free, base)
        if edit is None:
            return ""
        edits.append(edit)
        used.append(Slot("", edit.start, edit.end, ""))
    for slot in nouns:
        more = _noun_edits(slot, base, [*old, *used])
        if not more:
            return ""
        edits.extend(more)
    return apply(base, edits) if edits else ""


def _outer(found: Sequence[Slot]) -> list[Slot]:
    """Return the slots that lie inside no other."""
    return [s for s in found if not any(o is not s and o.start <= s.start and s.end <= o.end for o in found)]


def _noun_slots(text: str, taken: Sequence[Slot]) -> list[Slot]:
    """Return the runs of common nouns outside ``taken``; a text that is one verb counts (出口呢？)."""
    words = _mended(text)
    if len(words) == 1 and words[0].flag == "v" and not taken:
        return [Slot("noun", 0, len(text), text)]
    found: list[Slot] = []
    for word in words:
        if word.flag not in _NOUNS and word.text not in _GENERIC or word.text in ("人", "时候", "地方"):
            continue
        if overlap(Slot("", word.start, word.end, ""), taken):
            continue
        if found and found[-1].end == word.start:
            last = found.pop()
            found.append(Slot("noun", last.start, word.end, text[last.start : word.end]))
        else:
            found.append(Slot("noun", word.start, word.end, word.text))
    return found


def _edit(new: Slot, old: Sequence[Slot], base: str) -> Edit | None:
    def fitness(slot: Slot) -> tuple[float, int]:
        partner = slot.start > 0 and base[slot.start - 1] in "同与和跟对向给"
        alike = len(set(slot.text) & set(new.text)) / len(set(new.text))
        return 2.0 * partner + alike - (slot.text == "中国"), slot.start

    match = pair(new, sorted(old, key=fitness))
    if match is not None:
        return None if match.text == new.text else Edit(match.start, match.end, new.text)
    if new.kind == "place":
        start = _after_time(base)
        return Edit(start, start, new.text)
    return None


def _after_time(base: str) -> int:
    position = 0
    for slot in slots(base):
        if slot.kind == "time" and slot.start == position:
            position = slot.end
    return position + (base[position : position + 1] in ("，", ","))


def _time_edit(new: Slot, old: Sequence[Slot], base: str) -> Edit | None:
    """Exchange the year, half, month or day; add the missing part beside the others, or a time in front."""
    times = [slot for slot in old if slot.kind == "time"]
    same = [slot for slot in times if slot.sort == new.sort]
    if same:
        return None if same[-1].text == new.text else Edit(same[-1].start, same[-1].end, new.text)
    if not times:
        return Edit(0, 0, new.text)
    order = {part: index for index, part in enumerate(TIME_PARTS)}
    longer = [slot for slot in times if order[slot.sort] < order[new.sort]]
    if longer:
        finer = [slot for slot in times if order[slot.sort] > order[new.sort] and slot.start >= longer[-1].end]
        end = longer[-1].end
        return Edit(end, end, new.text) if not finer else Edit(finer[0].start, finer[-1].end, new.text)
    if new.text[-1] == times[0].text[-1] or not times[0].text[0].isdigit():
        return Edit(times[0].start, times[-1].end, new.text)
    return Edit(times[0].start, times[0].start, new.text)


def _noun_edits(new: Slot, base: str, taken: Sequence[Slot]) -> list[Edit]:
    """Exchange a common noun for its sibling (进口额 → 出口额), what is asked about (面积 → 人口), or what
    is measured (小麦产量 → 水稻产量).
    """
    asks = _ASKED_OBJECT.search(base)
    measures = bool(_MEASURE.search(new.text))
    best, score = None, 0.0
    for old in _parts(_noun_slots(base, taken), base):
        value = 2.0 * (new.text[-1] in (old.text[-1], old.text[: len(new.text)][-1])) + (old.text[0] == new.text[0])
        value += 0.5 * (len(old.text) == len(new.text)) + 1.0 * (base[old.start - 1 : old.start] == "的")
        value += 1.5 * (asks is not None and asks.start() == old.end and (measures or not _MEASURE.search(old.text)))
        value += 1.0 * (measures and bool(_MEASURE.search(old.text)))
        value += 2.0 * (old.sort == "measured" and not measures)
        if value > score and old.text != new.text:
            best, score = old, value
    if best is None or score < 2.0:
        return []
    if best.text[: len(new.text)][-1] == new.text[-1] and len(best.text) > len(new.text) and best.sort == "":
        return [Edit(best.start, best.start + len(new.text), new.text)]
    edits = [Edit(best.start, best.end, new.text)]
    was, now = _expected(best.text), _expected(new.text)
    if was != now and asks is not None and asks.start() == best.end:
        verb = "在" if now == "哪里" and asks["be"] in ("在", "位于", "设在") else "是"
        edits.append(Edit(asks.start(), asks.end(), f"{verb}{now}"))
    elif was != now and "什么" not in (was, now):
        return []
    return edits


def _parts(nouns: Sequence[Slot], base: str) -> list[Slot]:
    """Return the nouns, and what is measured before a measure: 小麦 in 小麦产量 and in 小麦的产量."""
    found: list[Slot] = []
    for slot in nouns:
        words = [word for word in _mended(base) if slot.start <= word.start and word.end <= slot.end]
        if len(words) > 1 and _MEASURE.search(words[-1].text):
            start = words[-1].start
            found.append(Slot("noun", slot.start, start, base[slot.start : start], "measured"))
            found.append(Slot("noun", start, slot.end, words[-1].text))
        else:
            after = [other for other in nouns if other.start == slot.end + 1 and base[slot.end] == "的"]
            sort = "measured" if after and _MEASURE.search(after[0].text) else ""
            found.append(Slot("noun", slot.start, slot.end, slot.text, sort))
    return found


def _expected(noun: str) -> str:
    """Return the interrogative that asks for ``noun``: 总统 → 谁."""
    return next((word for _, pattern, word in _EXPECTED if pattern.search(noun)), "什么")


def resolve(question: str, contexts: Sequence[Context]) -> str:
    """Return ``question`` with its pronouns and demonstratives replaced, or its missing subject added.

    Args:
        question: a whole question.
        contexts: the last exchanges, newest first.
    """
    edits: list[Edit] = []
    own = slots(question)
    words = _mended(question)
    for index, word in enumerate(words):
        before = [slot for slot in own if slot.end <= word.start]
        after = words[index + 1] if index + 1 < len(words) else Word("", "", word.end)
        text = _antecedent(word, after, before, contexts)
        if text and not (edits and edits[-1].text == text and edits[-1].end == word.start):
            possessive = word.text == "其"
            edits.append(Edit(word.start, word.end, f"{text}的" if possessive else text))
    for match in _DEMONSTRATIVE.finditer(question):
        edit = _demonstrative(match, question, contexts)
        if edit is not None and not any(e.start < edit.end and edit.start < e.end for e in edits):
            edits.append(edit)
    if edits:
        return apply(question, edits)
    return _with_subject(question, contexts)


def _antecedent(word: Word, after: Word, before: Sequence[Slot], contexts: Sequence[Context]) -> str:
    """Return what the pronoun ``word`` stands for; empty when it is none, or stands for something before it."""

    def has(*kinds: str) -> bool:
        return any(slot.kind in kinds for slot in before)

    if word.text in ("他", "她"):
        return "" if has("person") else antecedents.person(contexts)
    if word.text in ("它", "其") and (word.text == "它" or after.flag in _NOUNS):
        return "" if has("organisation", "place", "name", "person") else antecedents.thing(contexts)
    if word.text in ("那里", "那儿", "当地", "此地", "那边"):
        return "" if has("place") else antecedents.place(contexts)
    if word.text in ("当时", "那时", "那时候", "当年", "同年", "那年", "当天", "同一年", "那一年", "那天", "那一天"):
        return "" if has("time") else antecedents.time(contexts)
    return ""


def _demonstrative(match: re.Match[str], question: str, contexts: Sequence[Context]) -> Edit | None:
    """Resolve 该公司, 这个国家, 这座大桥: by the head noun, in the earlier texts or by its kind."""
    run = match["head"]
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
    return end == len(text) or any(word.end == end for word in _mended(text))


def _phrase_ending(question: str, head: str) -> str:
    """Return the noun phrase of ``question`` that ends with ``head``; empty when there is none."""
    taken = [slot for slot in slots(question) if slot.kind in ("time", "unit")]
    for run in _runs(question, taken):
        phrase = question[run[0].start : run[-1].end]
        at = phrase.find(head)
        if at > 0:
            edition = [s for s in slots(question) if s.kind == "edition" and s.end == run[0].start]
            return (edition[0].text if edition else "") + phrase[: at + len(head)]
    return ""


def _with_subject(question: str, contexts: Sequence[Context]) -> str:
    """Put the last topic before a question that has no subject and no noun of its own (什么时候举行的？)."""
    if not contexts or len(question) > 20 or not asked(question) or slots(question):
        return question
    words = _mended(question)
    nouns = [
        word
        for word in words
        if word.flag in _NOMINAL - {"vn"} and word.text not in ("人", "时候", "地方", "时间", "年", "国家")
    ]
    subject = any(
        word.text in ("我", "你", "您", "我们", "你们", "他们", "她们", "它们", "这", "那", "大家") for word in words
    )
    verbs = [word for word in words if word.flag in ("v", "vd", "vn")]
    first = words[0]
    opens = first.flag in ("r", "v", "p", "d", "m") or _ASKS.match(first.text)
    if nouns or subject or not verbs or not opens:
        return question
    last = contexts[0]
    topic = last.topic
    if not topic and last.asked == "who" and asked(question) != "who":
        topic = last.named()
    return f"{topic}{question}" if topic else question
