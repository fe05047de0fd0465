"""Chinese text as words and typed slots: times, places, people, organisations, common nouns.

jieba's words, mended where its dictionary has no foreign or personal names; patterns for the rest.
Knows nothing of questions before this one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.conversing.places import places
from rag.conversing.slots import Slot, overlap
from rag.tagging import tagged

_DIGIT = "0-9０-９〇零一二三四五六七八九十百两"
_YEAR = "(?:[0-9０-９]{4}|[〇零一二三四五六七八九]{4})年(?!代|前|来|间|后|内|历史)"
_TIMES: Sequence[tuple[str, str]] = (
    ("year", f"{_YEAR}|去年|今年|前年|明年|后年|上年|本年度?|上年度|现在|目前|如今|过去|以前|当前|往年"),
    ("year", "[东西南北前后]?[秦汉晋隋唐宋元明清](?:朝|代|时期|末年?|初年?)|民国(?:时期|初年)?"),
    ("year", f"(?:[0-9０-９]{{4}}|上?世纪[{_DIGIT}]+|20世纪[{_DIGIT}]+|[{_DIGIT}]+)年代|[{_DIGIT}]+世纪"),
    ("year", '[“"]?[一二三四五六七八九十]+五[”"]?(?:规划)?(?:期间|时期)'),
    ("half", f"[上下]半年|第?[一二三四1-4]季度|前[{_DIGIT}]+个?季度|前[{_DIGIT}]+个月|全年|年底|年初|春节|国庆"),
    ("month", "(?:1[0-2]|[1-9]|[一二三四五六七八九]|十[一二]?)月份?[初中底]?|上个?月|本月|这个月|下个?月"),
    (
        "day",
        "[0-3]?[0-9]日|[一二三四五六七八九十]+日(?!子|本)|[0-3]?[0-9]号(?!线|楼|院)|昨天|今天|前天|明天|后天|昨日|今日",
    ),
    ("day", "(?:上|本|这|下)?个?(?:周|星期|礼拜)[一二三四五六日天]|上周|本周|下周|上午|下午|晚上"),
)
_EDITION = re.compile(f"第[{_DIGIT}]+[届次期轮批代]|第?[一二三四五六七八九十百]+号|首届|上一?届|本届|下一?届|首次")
_RELATION = re.compile("(?<![\u4e00-\u9fff])中[哈乌塔土吉俄美日韩印巴蒙法德英](?=[\u4e00-\u9fff]{2})(?!乌|吉)")
_UNIT = re.compile(
    "人民币|美元|欧元|卢布|日元|英镑|坚戈|港元|港币|韩元|万吨|亿吨|吨|公斤|千克|斤|公顷|平方公里|平方千米|亩|"
    "公里|千米|摄氏度|华氏度"
)
_TITLE = re.compile(r"《[^《》]+》|“[^“”]+”|「[^「」]+」")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.&'’-]*(?: [A-Z][A-Za-z0-9.&'’-]*)*")
_TRANSLITERATION = frozenset(
    "依娃孜哲买丽阿艾安奥巴白拜班邦保鲍贝本比彼别波伯博卜布查达戴丹德登迪蒂丁东多杜厄恩尔耳法菲费芬弗福夫富盖冈戈格根古哈汉赫胡霍吉基季济加贾"
    "杰金卡凯坎康考科克肯库夸拉莱兰朗劳勒雷蕾里利莉林琳龙隆卢鲁伦罗洛马玛麦曼梅门蒙米密敏莫姆穆纳娜乃内尼涅宁纽努诺欧帕潘佩蓬皮平普"
    "奇齐恰乔切琴热日荣茹瑞萨塞桑瑟森沙莎山舍申什史舒朔斯丝松苏索塔泰坦唐陶特腾提图托瓦万旺威韦维魏温沃乌伍武西希夏肖谢辛欣休雅亚延扬耶叶伊"
    "以因英尤约泽扎詹兹朱卓佐茨蒂"
)
ASKS = re.compile(
    "什么|甚么|哪|谁|多少|多大|多久|多长|多高|多远|几(?!何|乎|内亚)|怎|吗|为何|如何|是否|何时|何地|何人|何处|能不能|有没有|是不是"
)
MEASURE = re.compile(
    "[量额率价数积度值费重长高龄]$|比分|得分|成绩|人口|收入|面积|投资|产值|造价|成本|增速|增幅|比例|规模|"
    "寿命|距离|里程|票房|工资|全长|总长"
)
PERSONAL = re.compile(
    "(?:总统|总理|主席|部长|市长|校长|省长|县长|书记|院长|局长|秘书长|首相|国王|大使|作者|导演|经理|董事长|"
    "负责人|创始人|主持人|"
    "冠军|亚军|教练|队长|馆长|主任|发言人|设计师|发明者|发现者|主编|记者|妻子|丈夫|父亲|母亲|儿子|女儿)$"
)
KIN = re.compile("(?:妻子|丈夫|父亲|母亲|儿子|女儿|老师|导师|徒弟|学生|同事|朋友)$")
LOCAL = re.compile("(?:首都|省会|首府|地点|所在地|地址|总部|产地|家乡|出生地|籍贯|会址|校址|位置)$")
TEMPORAL = re.compile("(?:时间|日期|年份|生日)$")
_ORGANISATION = re.compile(
    "(?:公司|集团|银行|大学|学院|医院|研究所|研究院|委员会|委|协会|组织|联盟|机制|秘书处|基金会|中心|学校|"
    "中学|小学|出版社|报社|"
    "俱乐部|政府|法院|工厂|部|局|厅|队|厂|社|行|联合国|交易所|企业)$"
)
_SITE = re.compile(
    "(?:大桥|桥|港口?|机场|公园|铁路|高速|公路|水库|湖|河|江|山|岛|广场|博物馆|图书馆|体育场|体育馆|隧道|"
    "电站|剧院|寺|塔|路|街|"
    "大厦|车站|火车站|口岸|工业园|开发区|新区)$"
)
_AREA = re.compile("(?:斯坦|[市省县区州镇村乡国])$")
GENERIC = frozenset(
    [
        "大桥",
        "江",
        "河",
        "山",
        "城",
        "村",
        "县",
        "县城",
        "省",
        "市",
        "国",
        "港",
        "区",
        "镇",
        "乡",
        "州",
        "岛",
        "湖",
        "海",
        "城市",
        "全国",
        "全省",
        "全市",
        "我国",
        "本国",
        "世界",
        "国家",
    ]
)
DASHES = ("—", "–", "-", "－", "——", "·", "・")
_NAMED = ("nr", "nrt", "nrfg")
NOMINAL = frozenset(["n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "vn", "an", "j", "l", "i", "ng", "b", "eng", "s", "f"])
NOUNS = frozenset(["n", "vn", "an", "j", "l", "i", "ng", "b", "s", "nz"])

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤"
    "殷罗毕郝邬安常于傅康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻贾路娄江童颜郭梅盛林钟徐邱骆高"
    "夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪丁邓洪包诸左石崔吉龚程邢裴陆荣翁荀甄曲封储靳段富焦巴侯全班宁仇栾甘厉祖武符刘景詹龙叶黎薄白蒲卓蔺屠蒙"
    "池乔胥苍闻莘党翟谭贡劳冉桑桂牛边燕尚温庄晏柴瞿阎连习艾向古易廖耿匡欧蔚隆师巩聂晁敖冷辛阚简饶曾关查游盖鄢岳濮楚"
)
_COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "申屠",
        "濮阳",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "令狐",
        "夏侯",
        "东方",
        "端木",
        "独孤",
        "南宫",
    ]
)

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
EXPECTED: Sequence[tuple[str, re.Pattern[str], str]] = (
    ("who", PERSONAL, "谁"),
    ("where", LOCAL, "哪里"),
    ("when", TEMPORAL, "什么时候"),
    ("number", MEASURE, "多少"),
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
def _cut(text: str) -> tuple[Word, ...]:
    found, position = [], 0
    for word, flag in tagged(text):
        position = text.index(word, position)
        noun = len(word) > 1 and flag[:1] not in ("n", "v") and any(p.search(word) for _, p, _ in EXPECTED)
        found.append(Word(word, "n" if noun else flag, position))
        position += len(word)
    return tuple(found)


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
    found = [Slot("name", m.start(), m.end(), m.group(), "title") for m in _TITLE.finditer(text)]
    for sort, pattern in _TIMES:
        _add(found, [Slot("time", m.start(), m.end(), m.group(), sort) for m in re.finditer(pattern, text)])
    _add(found, [Slot("edition", m.start(), m.end(), m.group()) for m in _EDITION.finditer(text)])
    _add(found, [Slot("unit", m.start(), m.end(), m.group()) for m in _UNIT.finditer(text)])
    _add(found, [Slot("place", m.start(), m.end(), m.group(), "country") for m in _RELATION.finditer(text)])
    fixed = list(found)
    for run in runs(text, fixed):
        found.extend(_entities(run, text))
    _add(found, [Slot("name", m.start(), m.end(), m.group()) for m in _LATIN.finditer(text)])
    found = [_with_title(slot, text) if slot.kind == "person" else slot for slot in found]
    return tuple(sorted(found, key=lambda slot: (slot.start, -slot.end)))


def _with_title(slot: Slot, text: str) -> Slot:
    """Return a person with the title that stands right before or behind the name."""
    cut = words(text)
    titles = [word for word in cut if PERSONAL.search(word.text) and not KIN.search(word.text)]
    before = [word.start for word in titles if word.end == slot.start]
    after = [word.end for word in titles if word.start == slot.end]
    start, end = (before or [slot.start])[0], (after or [slot.end])[0]
    return Slot("person", start, end, text[start:end])


def _add(found: list[Slot], more: Sequence[Slot]) -> None:
    found.extend(slot for slot in more if not overlap(slot, found))


def runs(text: str, taken: Sequence[Slot]) -> list[list[Word]]:
    """Return the runs of nominal words outside ``taken``, foreign names mended into one word."""
    found: list[list[Word]] = [[]]
    for word in words(text):
        inside = overlap(Slot("", word.start, word.end, ""), taken)
        nominal = word.flag in NOMINAL or (word.text in DASHES and bool(found[-1]))
        if nominal and not inside and not ASKS.search(word.text):
            found[-1].append(word)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


@lru_cache(maxsize=64)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of ``text``, those of a name that the dictionary does not know joined into one.

    >>> [word.text for word in words("托卡耶夫会见了穆清漪")]
    ['托卡耶夫', '会见', '了', '穆清漪']
    """
    return tuple(_personal(_transliterated(_cut(text), len(text)), text))


def _transliterated(cut: Sequence[Word], end: int) -> list[Word]:
    """Join the pieces of a foreign name: 托+卡耶夫, 谢利克+·+巴耶娃."""
    found: list[Word] = []
    group: list[Word] = []
    known = places("zh")
    for word in (*cut, Word("", "", end)):
        spelt = word.text in "·・" or all(char in _TRANSLITERATION for char in word.text)
        fits = word.text != "" and spelt and word.flag[:1] not in ("p", "d", "c", "r", "u", "y", "m")
        if fits and word.text not in known:
            group.append(word)
            continue
        joined = "".join(part.text for part in group)
        dotted = "·" in joined or "・" in joined
        if len(group) > 1 and len(joined) > 2 and (dotted or any(part.flag in _NAMED for part in group)):
            found.append(Word(joined, "nrt", group[0].start))
        else:
            found.extend(group)
        group = []
        found.append(word)
    return found[:-1]


def _personal(cut: Sequence[Word], text: str) -> list[Word]:
    """Join the pieces of a Chinese name, a surname and one or two characters, where one can stand."""
    found: list[Word] = []
    index = 0
    while index < len(cut):
        joined = _name_at(cut, index, text)
        if joined:
            found.append(Word(joined, "nr", cut[index].start))
            while index < len(cut) and cut[index].end <= found[-1].end:
                index += 1
        else:
            found.append(cut[index])
            index += 1
    return found


def _name_at(cut: Sequence[Word], index: int, text: str) -> str:
    """Return the name that begins at word ``index``: three characters in several words, nothing nominal beside."""
    start = cut[index].start
    compound = text[start : start + 2] in _COMPOUND_SURNAMES
    if text[start] not in _SURNAMES and not compound:
        return ""
    before, inside = cut[index - 1] if index else None, []
    for word in cut[index : index + 3]:
        if word.flag[:1] in ("x", "u", "y", "p", "c", "r", "w") or word.flag in ("eng", "d", "t"):
            break
        inside.append(word)
        length = word.end - start
        if length == 3 + compound or (length == 3 and compound):
            after = cut[index + len(inside)] if index + len(inside) < len(cut) else None
            closed = after is None or (after.flag not in NOMINAL or bool(PERSONAL.search(after.text)))
            opened = before is None or before.flag not in NOMINAL or bool(PERSONAL.search(before.text))
            name = text[start : word.end]
            common = any(p.search(name) for p in (MEASURE, PERSONAL, LOCAL, _ORGANISATION, _AREA))
            common = common or bool(_SITE.search(name) and name[-1] not in "山江")
            common = common or any(part.text in places("zh") for part in inside)
            return name if len(inside) > 1 and closed and opened and not common else ""
    return ""


def _entities(run: Sequence[Word], text: str) -> list[Slot]:
    """Return the names in one run of nominal words: its longest beginning that ends like one, and the rest."""
    found: list[Slot] = []
    start = run[0].start
    for length in range(len(run), 0, -1):
        whole = text[start : run[length - 1].end]
        named = length > 1 or run[0].flag in ("nt", "nz")
        if len(whole) > 2 and named and not PERSONAL.search(whole):
            if _ORGANISATION.search(whole):
                found.append(Slot("organisation", start, start + len(whole), whole))
                break
            if _SITE.search(whole):
                found.append(Slot("place", start, start + len(whole), whole, "site"))
                return found + (_entities(run[length:], text) if length < len(run) else [])
            if length > 1 and _AREA.search(whole) and run[length - 1].text in GENERIC:
                found.append(Slot("place", start, start + len(whole), whole, _area_sort(whole)))
                return found + (_entities(run[length:], text) if length < len(run) else [])
    known = places("zh")
    for word in run:
        kind, sort = "", ""
        edge = word is run[0] or word is run[-1]
        if word.text in known:
            kind, sort = "place", known[word.text]
        elif word.text in GENERIC:
            continue
        elif word.flag == "ns" or (word.flag in _NAMED and _AREA.search(word.text) and len(word.text) > 2):
            kind, sort = "place", _area_sort(word.text)
        elif word.flag in _NAMED and len(word.text) > 1 and edge:
            kind = "person"
        elif word.flag == "nt":
            kind = "organisation"
        if kind and not any(slot.start == word.start and slot.end == word.end for slot in found):
            found.append(Slot(kind, word.start, word.end, word.text, sort))
    return found


def _area_sort(name: str) -> str:
    return "country" if name.endswith(("斯坦", "国")) else "region" if name[-1] in "省州" else "city"


def noun_slots(text: str, taken: Sequence[Slot]) -> list[Slot]:
    """Return the runs of common nouns outside ``taken``; a text that is one verb counts (出口呢？)."""
    cut = words(text)
    if len(cut) == 1 and cut[0].flag == "v" and not taken:
        return [Slot("noun", 0, len(text), text)]
    found: list[Slot] = []
    for word in cut:
        if (word.flag not in NOUNS and word.text not in GENERIC) or word.text in ("人", "时候", "地方"):
            continue
        if overlap(Slot("", word.start, word.end, ""), taken):
            continue
        if found and found[-1].end == word.start:
            last = found.pop()
            found.append(Slot("noun", last.start, word.end, text[last.start : word.end]))
        else:
            found.append(Slot("noun", word.start, word.end, word.text))
    return found
