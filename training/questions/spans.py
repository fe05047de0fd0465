"""Chinese answer candidates that need words: people, places, bodies, works, things, lists, reasons, means.

Precision before coverage: a name must look like a name and stand where names stand. Spans are whole noun
phrases, whole enumerations, whole clauses. Knows nothing of how a question is worded.
"""

from __future__ import annotations

import re

from training.questions.numbers import number_candidates
from training.questions.records import Candidate, Token
from training.questions.tagging import (
    NAME_FLAGS,
    NOUN_FLAGS,
    SPEECH,
    is_person,
    is_place,
    is_title,
    tag,
)

BODY_ENDINGS = (
    "公司 集团 大学 学院 医院 银行 协会 委员会 研究院 研究所 研究中心 法院 检察院 俱乐部 办公室 组织 联盟 基金会 出版社 通讯社 电视台 "
    "商务部 外交部 财政部 国防部 教育部 工信部 卫生部 农业部 科技部 公安部 司法部 部队 总局 管理局 公安局 气象局 统计局 教育局 海关 交易所 学会 "
    "中学 小学 博物馆 图书馆 实验室 工厂 证券 保险 科技 汽车 政府 议会 法庭 商会 工会 党 市委 省委 区委 县委 发改委 央行 美联储 国务院"
).split()
PLACE_ENDINGS = (
    "省 市 区 县 镇 乡 村 州 岛 湾 港 河 湖 江 海 山 路 街 街道 机场 车站 火车站 广场 公园 体育馆 体育场 会议中心 会展中心 博览中心 中心 "
    "大厦 大楼 大桥 小区 社区 基地 医院 学校 大学 校园 酒店 宾馆 剧院 博物馆 图书馆 景区 码头 海域 地区 半岛 高原 沙漠 园区 开发区 新区 会堂 总部"
).split()
_WORK = re.compile(r"《[^《》]{2,30}》")
_QUOTED = re.compile(r"[“「]([^“”「」，。；：！？《》]{3,14})[”」]")
_FOREIGN = re.compile(r"[\u4e00-\u9fff]{1,7}(?:[·•][\u4e00-\u9fffA-Z]{1,8}){1,3}")
_BECAUSE = re.compile(r"(?:^|(?<=[，；：]))(?:主要)?(因为|由于|鉴于|因(?!为|此|素|而|果|地)|受(?=[^，。；]{2,36}影响，))([^，。；“”]{3,40}?)(影响|的影响)?，([^。；：“”]{8,60})")
_SINCE = re.compile(r"([^，。；：“”]{6,50})，(?:主要|其)?(?:是因为|是由于|因为|原因是|原因在于|原因为|主要原因是)([^。；“”]{5,60})(?=[。；])")
_PURPOSE = re.compile(r"(?:^|(?<=[，；]))为(?:了)?((?:进一步|更好地?|切实|有效|全面|持续)?[^，。；：“”在与从我你他她]{6,36})，([^。；：“”]{8,60})")
_LEAD_TO = re.compile(r"(?:^|(?<=[，；]))([^，。；：“”]{6,30}?)(导致|造成|致使|引发)了?([^，。；：“”]{5,30})(?=[，。；])")
_MEANS = re.compile(r"(?:^|(?<=[，；])|(?<=[\u4e00-\u9fff]))(通过|采用|采取|利用|借助|运用)([^，。；：“”过]{5,30}?)(的方式|等方式|方式|等途径|等形式|的形式|等手段|等措施)?，([^。；：“”]{6,50})")
_AS = re.compile(r"(?<=[\u4e00-\u9fff，])(以)([^，。；：“”]{3,24}?的?(?:方式|形式|手段|途径))([\u4e00-\u9fff][^，。；：“”]{4,30})(?=[，。；])")
_SPEAKS = re.compile(r"(?:表示|指出|强调|认为|称|坦言|透露|介绍|宣布|警告|呼吁|建议)(?:，|：“|，“|：)([^“”]{12,70})[。”]")
_LIST_FLAGS = NOUN_FLAGS | {"a", "ag", "d_in", "vi", "z", "nrs", "v"}
_SHORT_FORMS = frozenset("意见 办法 措施 声明 通知 规定 方案 条例 报告 公告 规划 计划 指南 细则 决定 通告 协议 合同 标准 规则 若干措施 实施意见 征求意见稿 实施方案 行动方案 指导意见 意见稿 管理办法".split())
_HOLLOW = frozenset("情况 问题 方面 时候 工作 作用 人 事 事情 东西 方式 内容 活动 过程 程度 影响 机会 条件 消息 时间 结果 原因 一步 个人 大家 自己 记者 目的 "
                    "意义 状态 水平 基础 能力 关系 经验 办法 意见 建议 特点 优势 力度 步伐 阶段 趋势 目标 方向 机制 体系 效果 力量 需求 要求 责任 准备".split())


def _touching(tokens: tuple[Token, ...], start: int, end: int) -> tuple[int, int]:
    """Indices of the first token and after the last token that overlap ``[start, end)``."""
    inside = [i for i, token in enumerate(tokens) if token.start < end and start < token.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def phrase_before(tokens: tuple[Token, ...], at: int, limit: int = 16) -> int:
    """Index of the first token of the noun phrase that ends before token ``at`` (``at`` when none)."""
    first = at
    while first > 0 and tokens[first - 1].flag in NOUN_FLAGS and tokens[at - 1].end - tokens[first - 1].start <= limit:
        first -= 1
    return first


def people(sentence: str, tokens: tuple[Token, ...]) -> list[Candidate]:
    """Full names: foreign ones with a dot; Chinese ones after a title, before a speech verb, or listed."""
    found = []
    for match in _FOREIGN.finditer(sentence):
        first, last = _touching(tokens, *match.span())
        dot = next(i for i in range(first, last) if "·" in tokens[i].word or "•" in tokens[i].word)
        while first < dot and (is_title(tokens[first].word) or tokens[first].flag not in ("nr", "nrt", "nrfg", "x", "zg", "n_", "nz", "g", "j")) and first < dot - 1:
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
        if i + 1 < len(tokens) and end == token.end and tokens[i + 1].flag in ("zg", "g", "ng", "nr", "nrt", "m") or after[:1] in ("某", "·", "•"):
            continue
        if i and len(before) == 1 and "\u4e00" <= before <= "\u9fff" and tokens[i - 1].flag in ("g", "ng", "zg", "nr", "nrt", "q", "j", "m") and before not in "长":
            continue
        listed = before == "、" or after[:1] == "、"
        speaks = after in SPEECH or after[:1] in ("说", "称") or after[:1] in ("，",) and is_title(before)
        if is_person(word) and len(word) >= 2 and (is_title(before) or speaks or (listed and len(word) == 3)):
            found.append(Candidate(start, end, "who", "person"))
        elif token.flag == "nrt" and len(word) >= 2 and is_title(before) and (speaks or after[:1] in "在于将对，"):
            found.append(Candidate(start, end, "who", "person"))
    return found


def _name_end(tokens: tuple[Token, ...], dot: int) -> int:
    """Where a dotted name ends: names and single characters after the last dot, up to six characters."""
    if dot + 1 >= len(tokens):
        return tokens[dot].end
    end = tokens[dot + 1].end
    for token in tokens[dot + 2 :]:
        near = end - tokens[dot].end + len(token.word) <= 6
        if near and (token.flag in ("nr", "nrt", "nrfg", "zg", "ng", "g") or token.flag in ("ns", "j") and len(token.word) == 1):
            end = token.end
        else:
            break
    return end


def _ends(word: str, endings: list[str]) -> bool:
    return any(word.endswith(ending) and len(word) > len(ending) - (len(ending) > 1) for ending in endings)


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
        closes = after is None or after.flag == "x" and after.word not in "、“《（(-—·：" 
        if 2 <= len(text) <= 18 and before_word not in ("、", "·", "“", "《", "-", "（"):
            body = _ends(text, BODY_ENDINGS) and len(text) >= 3
            if before_word in ("在", "于", "位于", "来自", "抵达", "前往", "赴", "访问", "地处", "毕业于", "飞往", "落户", "坐落于", "驶向", "途经") and (
                (named and ((last.flag == "ns" and (is_place(last.word) or j - i > 1)) or len(text) >= 3 and _ends(text, PLACE_ENDINGS)))
                and (after is None or after.flag in ("v", "vd", "d", "p", "x", "vn", "t", "ul") and after.word not in ("、", "“", "《", "·", "-"))
            ):
                found.append(Candidate(start, end, "where", "place"))
            elif body and len(text) >= 4 and any(token.flag in ("ns", "nr", "nrt", "eng") for token in tokens[i:j]) and (after is None or after.word not in ("的", "、", "“", "和", "·")) and (after is None or after.flag in ("v", "d", "p", "x", "t", "m", "vd")) and not is_title(text):
                found.append(Candidate(start, end, "which", "body"))
            elif all(token.flag == "ns" for token in tokens[i:j]) and is_place(text) and before_word not in ("在", "于", "和", "与", "》") and (after is None or after.flag in ("v", "d", "p", "x", "uj", "t")):
                found.append(Candidate(start, end, "which", "region"))
            elif closes and before is not None and not is_title(text):
                found.extend(_thing(sentence, tokens, i, j, text))
        i = j
    return found


def _thing(sentence: str, tokens: tuple[Token, ...], i: int, j: int, text: str) -> list[Candidate]:
    """The object of a verb at the end of a clause, with its modifiers, or what a copula says."""
    last = tokens[j - 1]
    if last.flag not in ("n", "nz", "vn", "l", "eng", "nt", "j", "ng", "an", "i") or last.word in _HOLLOW or len(last.word) < 2:
        return []
    first = i
    while first > 0 and last.end - tokens[first - 1].start <= 26:
        flag, word = tokens[first - 1].flag, tokens[first - 1].word
        if flag in NOUN_FLAGS or word in ("的", "、", "和", "与", "“", "”", "最", "更") or flag in ("a", "uj"):
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
    phrase = sentence[start:end]
    if len(phrase) < 4 or phrase.endswith(("、", "和")) or tokens[first].word in ("这", "该", "此", "其"):
        return []
    if phrase.count("“") != phrase.count("”") or not 2 <= len(phrase) <= 26:
        return []
    if verb.word in ("是", "成为", "就是", "系"):
        return [Candidate(start, end, "what", "copula", last.word)] if last.end + 1 >= len(sentence) or sentence[last.end] != "，" or "的" in phrase else []
    if verb.word in ("名为", "叫做", "被称为", "称为", "名叫", "取名", "叫", "称作", "誉为"):
        return [Candidate(start, end, "what", "name")]
    if any(token.word in ("将", "把", "被", "以") and token.flag in ("p", "d", "v") for token in tokens[max(0, first - 8) : first]):
        return []
    if verb.flag == "v" and len(verb.word) >= 2 and verb.word not in SPEECH and verb.word not in ("进行", "作为", "没有", "可以", "需要", "具有"):
        return [Candidate(start, end, "what", "object", "" if "和" in phrase or "、" in phrase or "与" in phrase else last.word)]
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
        while first > 0 and (tokens[first - 1].flag in NOUN_FLAGS) and tokens[mark].start - tokens[first - 1].start <= 16:
            first -= 1
        at, items = mark, 1
        end = mark
        while True:
            stop = at + 1
            while stop < len(tokens) and (tokens[stop].flag in NOUN_FLAGS - {"m"} or tokens[stop].flag == "m" and stop == at + 1) and tokens[stop].end - tokens[at].end <= 16:
                stop += 1
            if stop == at + 1:
                break
            items, end = items + 1, stop
            if stop < len(tokens) and (tokens[stop].word == "、" or tokens[stop].word in ("和", "及", "以及", "与", "或")):
                at = stop
                continue
            break
        done = max(end, mark)
        follower = tokens[end].word if end < len(tokens) else "。"
        flag = tokens[end].flag if end < len(tokens) else "x"
        while first < mark and (tokens[first].word in ("利用", "包括", "如", "有", "关于", "涉及", "其中", "及", "目前", "我国", "相关", "多个", "本次") or tokens[first].flag == "f"):
            first += 1
        if first == mark or items < 3 or end <= mark or (flag not in ("x", "v", "d", "p") and follower not in ("等", "等等", "在")) or follower in "、“《（(":
            continue
        start, stop_at = tokens[first].start, tokens[end - 1].end
        text = sentence[start:stop_at]
        before = tokens[first - 1].word if first else ""
        if first and tokens[first - 1].flag not in ("v", "p", "x", "ul", "c", "d", "vd", "r", "uj") or items > 12:
            continue
        parts = re.split(r"、|和|及|以及|与", text)
        if before in ("”", "》", "的", "（", "“", "《", "·", "-") or min(map(len, parts)) < 1 or max(map(len, parts)) > 3 * min(map(len, parts)) + 4 or len(text) > 70:
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


def clauses(sentence: str) -> list[Candidate]:
    """Answers that are clauses: reasons, purposes, means."""
    found = []
    for match in _BECAUSE.finditer(sentence):
        end = match.end(3) if match.group(3) else match.end(2)
        start = match.start(2) + (sentence[match.start(2)] == "是")
        text = sentence[start:end]
        if text.startswith(("在", "为", "此", "这", "我", "你", "他", "她")) or match.group(1) == "受" and not match.group(3) or len(text) < 4:
            continue
        found.append(Candidate(start, end, "why", "reason", about=match.span(4)))
    for match in _SINCE.finditer(sentence):
        if not re.match(r"[我你他她这那此其]", match.group(2)):
            found.append(Candidate(match.start(2), match.end(2), "why", "reason", about=match.span(1)))
    for match in _PURPOSE.finditer(sentence):
        if not match.group(1).endswith(("同时", "为主", "例", "中心", "契机", "目标", "主题", "己任", "导向", "抓手", "重点")):
            found.append(Candidate(match.start(1), match.end(1), "why", "purpose", about=match.span(2)))
    for match in _LEAD_TO.finditer(sentence):
        text = match.group(1)
        start = match.start(1) + (text[0] in "而但并且")
        if not re.search(r"(?:[已也却并将会又还都可能在曾更]|已经|是否|未|的)$|尚不|目前|^[这那此其他她我你]", text) and "原因" not in match.group(3):
            found.append(Candidate(start, match.end(1), "why", "cause", match.group(2), about=match.span(3)))
    for pattern in (_MEANS, _AS):
        for match in pattern.finditer(sentence):
            result = match.group(match.lastindex or 4)
            formal = match.group(1) in ("采用", "采取", "利用")
            if "了" in match.group(2) or re.match(r"并|即使|如|定期|事后|再|则|这|那|我|你|他|她|也|还|均", result) or formal and not re.search(r"方式|方法|形式|措施|手段|技术|模式", sentence[match.start(2) : match.end(2) + 4]):
                continue
            found.append(Candidate(match.start(2), match.end(2), "how", "means", match.group(1), about=match.span(match.lastindex or 4)))
    return found


def works(sentence: str) -> list[Candidate]:
    """Titles in 《》 (with their marks) and short quoted names (without)."""
    found = [Candidate(match.start(), match.end(), "which", "work") for match in _WORK.finditer(sentence) if match.group()[1:-1] not in _SHORT_FORMS]
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
        inside = any(start < candidate.end and candidate.start < end and not (candidate.start <= start and end <= candidate.end) for start, end in marked)
        if not inside and (not clash or candidate.role == "object"):
            best.setdefault((candidate.start, candidate.end), candidate)
    asides = _aside(sentence)
    kept = [c for c in best.values() if not any(start < c.end and c.start < end for start, end in asides)]
    return sorted(kept, key=lambda c: (c.start, c.end))
