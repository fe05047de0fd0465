"""The small print of a newspaper page: jump marks, bylines, credits, datelines, furniture.

Each function reads one line or one paragraph of text and says what it is; none knows where it stands.
"""

from __future__ import annotations

import re

_DIGITS = "零〇一二三四五六七八九十百0-9０-９A-DＡ-Ｄ"
_PAGE = rf"(?:第\s*)?(?P<page>[{_DIGITS}]{{1,4}})\s*[版页]"
_JUMP_FROM = re.compile(rf"[（(【\[]\s*[上紧]\s*接\s*{_PAGE}\s*[^）)】\]]{{0,24}}[）)】\]]")
_JUMP_TO = re.compile(rf"[（(【\[]\s*下\s*转\s*{_PAGE}\s*[^）)】\]]{{0,24}}[）)】\]]\s*$")
_CREDIT = re.compile(r"^[（(]\s*(?:参与|本报|执笔|据|记者|采写|编辑|作者|摄影|资料|原载|新华社|完)[^）)]*[）)]?")
_ROLE = (
    r"(?:特约|见习|实习|首席|全媒体|驻[\u4e00-\u9fff]{2,8})?"
    r"(?:记者|通讯员|评论员|撰稿人|撰稿|特派员|作者|编辑|编译|采写|摄影)"
)
_AGENCY = r"[\u4e00-\u9fff·]{0,10}(?:社|报|网|台|频道|客户端|日报|晚报|周刊|中心)?"
_HOUSE = r"[\u4e00-\u9fff·]{0,8}(?:本报|社|报|网|台|频道|客户端|日报|晚报|周刊)"
_NAMES = r"[\u4e00-\u9fff·]{2,12}(?:[\s、，,/]+[\u4e00-\u9fff·]{2,12}){0,9}"
_BYLINE = re.compile(
    rf"^[■□●◎▲△◆◇○\s]*(?:(?:(?:{_AGENCY}{_ROLE}[\s:：/]+|{_HOUSE}{_ROLE}(?=[\u4e00-\u9fff]{{2,4}}(?:\s|$)))(?:{_NAMES})?[\s、]*)+"
    rf"|(?:图/文|文/图|图文|文|图)[\s]*[:：/][\s]*{_NAMES})(?:[\s]*(?:文|摄|图|摄影报道|图/文|文/图|报道))?$"
)
_MARKED_BYLINE = re.compile(rf"^[■□◎▲△◆◇]\s*{_NAMES}$")
_COLLECTED = re.compile(r"^(?:本报|新华社|中新社|中新网|人民网|[\u4e00-\u9fff]{2}[日晚]报)综合(?:报道|消息|整理|讯)?$")
_ROLE_WORD = re.compile(r"记者|通讯员|评论员|撰稿|特派员|作者|编辑|编译|采写|摄影|[文图]\s*[:：/]|^[■□◎▲△◆◇]")
_ROLE_MARKS = frozenset("者员稿辑译写影文图■□◎▲△◆◇综")
_NOT_BYLINE = re.compile(r"(?:文章|调查|观察|手记|来信|获悉|报道说)$")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司"
    "韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀尚农温别庄晏柴瞿阎"
    "肖闫佟岳商盖佘仝褟"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
_SENTENCE = re.compile(r"[。！？；!?;]")

_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}


def page_number(text: str) -> int | None:
    """The number in 第四版, 第 12 版, A03 … as an integer, or None.

    ``page_number("十二") == 12``; ``page_number("A03") == 3``.
    """
    digits = "".join(c for c in text if c.isdigit() or c in "零〇一二三四五六七八九十百")
    if not digits:
        return None
    if all(c.isdecimal() for c in digits):
        return int(digits)
    total, unit = 0, 0
    for c in digits:
        if c == "十":
            total, unit = total + max(1, unit) * 10, 0
        elif c == "百":
            total, unit = total + max(1, unit) * 100, 0
        else:
            unit = int(c) if c.isdecimal() else _NUMERALS.get(c, 0)
    return total + unit


def jump_from(text: str) -> tuple[int, int | None] | None:
    """Length of a leading （上接第一版） and its page number; None when ``text`` has none."""
    match = _JUMP_FROM.match(text)
    return (match.end(), page_number(match["page"])) if match else None


def jump_to(text: str) -> tuple[int, int | None] | None:
    """Where a closing （下转第四版） begins in ``text``, and its page number; None when there is none."""
    match = _JUMP_TO.search(text[-80:])
    return (len(text) - len(text[-80:]) + match.start(), page_number(match["page"])) if match else None


def is_credit(text: str) -> bool:
    """True for （参与记者：…） and its like."""
    return _CREDIT.match(text) is not None


def may_be_name(text: str) -> bool:
    """True for two or three characters of which the first is a surname."""
    return _NAME.fullmatch(text) is not None and text[0] in _SURNAMES


def is_byline(text: str) -> bool:
    """True for a line that only names who wrote: 新华社记者 何毅 谢琳."""
    if _ROLE_MARKS.isdisjoint(text):
        return False
    if _COLLECTED.match(text):
        return True
    if len(text) > 60 or not _ROLE_WORD.search(text) or _SENTENCE.search(text) or _NOT_BYLINE.search(text):
        return False
    return _BYLINE.match(text) is not None or _MARKED_BYLINE.match(text) is not None
