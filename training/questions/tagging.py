"""Chinese words with parts of speech, and the few facts about words that the question maker needs.

Tags are those of jieba (ICTCLAS-like). Knows nothing of questions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from training.questions.records import Token
from training.questions.wordlists import word_list

NOUN_FLAGS = frozenset(
    [
        "n",
        "nr",
        "nrt",
        "nrfg",
        "ns",
        "nt",
        "nz",
        "nw",
        "ng",
        "vn",
        "an",
        "l",
        "j",
        "b",
        "eng",
        "s",
        "i",
        "g",
        "nrs",
        "m",
        "q",
        "x_in",
    ]
)
"""Flags that may stand inside a noun phrase (numbers and measure words too)."""
NAME_FLAGS = frozenset(("nr", "nrt", "nrfg", "ns", "nt", "nz"))
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹"
    "申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司"
    "卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟"
)
TITLE_ENDINGS = tuple(word_list("titles"))
SPEECH = frozenset(word_list("speech"))
COUNTRIES = frozenset(word_list("countries"))
CITIES = frozenset(word_list("cities"))
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "皇甫", "令狐", "慕容", "司徒", "端木")


_FOREIGN_CHARACTERS = frozenset(
    "阿巴贝比伯布查达戴丹德迪蒂杜多厄恩尔法菲费弗夫福盖戈格古哈赫亨基吉加贾杰卡凯科克库拉莱兰劳雷里利列林隆卢鲁伦罗洛马迈曼梅门蒙米莫姆纳内尼"
    "诺帕佩皮珀普奇乔切萨塞沙森舍史斯斯松苏索塔泰汤特提廷图托瓦万威韦维温沃乌伍西希夏谢辛雅扬耶伊因尤约泽詹兹佐"
)


@lru_cache(maxsize=1)
def _dictionary() -> tuple[Callable[[str], Iterable[str]], Mapping[str, str]]:
    """A word cutter and the table of a word's usual part of speech."""
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.ERROR)
    cutter = jieba.Tokenizer()
    cutter.initialize()
    for word in ("新京报", "常务副", "副主席", "副总理", "副部长", "副省长", "副市长", "党组书记", "负责人"):
        cutter.add_word(word, tag="n")
    table = dict(jieba.posseg.POSTokenizer(cutter).word_tag_tab)
    table.update(dict.fromkeys(COUNTRIES | CITIES, "ns"))
    table.update({"负责人": "n", "党组书记": "n", "新京报": "n"})
    return lambda sentence: cutter.cut(sentence, HMM=True), table


def _guess(word: str) -> str:
    """The part of speech of a word that the dictionary lacks."""
    if word.isascii():
        return "m" if word[:1].isdigit() else "eng" if word.isalnum() else "x"
    if not word[0].isalnum():
        return "x"
    if word[0].isdigit() or (word[0] in "一二三四五六七八九十百" and len(word) > 1 and word[1] in "十百千万亿余多"):
        return "m"
    if is_person(word):
        return "nr"
    if len(word) >= 2 and all(character in _FOREIGN_CHARACTERS for character in word):
        return "nrt"
    return "n" if len(word) > 1 else "g"


@lru_cache(maxsize=20000)
def tag(sentence: str) -> tuple[Token, ...]:
    """The words of a sentence, covering it without gaps.

    Words are cut by jieba with its model for unknown words; the part of speech is the dictionary's most
    common one, which is five times faster than jieba's own tagger and as good for this purpose.

    >>> [token.word for token in tag("他去北京。")]
    ['他', '去', '北京', '。']
    """
    cut, table = _dictionary()
    tokens: list[Token] = []
    at = 0
    for word in cut(sentence):
        flag = table.get(word) or _guess(word)
        if word in ("了", "过", "着") and tokens and tokens[-1].flag in ("vn", "n", "t", "an"):
            tokens[-1] = replace(tokens[-1], flag="v")
        tokens.append(Token(word, flag, at, at + len(word)))
        at += len(word)
    return tuple(tokens)


def is_title(word: str) -> bool:
    """Whether a word names a post or a role that a person's name may follow."""
    return word.endswith(TITLE_ENDINGS)


def is_person(word: str) -> bool:
    """Whether a word has the form of a full Chinese name: a surname and one or two more characters."""
    if word.startswith(COMPOUND_SURNAMES):
        return 3 <= len(word) <= 4
    return 2 <= len(word) <= 3 and word[0] in SURNAMES


def is_place(word: str) -> bool:
    """Whether a word is a place beyond doubt: a known country, province or city, or one named as such."""
    return (
        word in COUNTRIES
        or word in CITIES
        or (
            len(word) >= 3
            and word[-1] in "省市县区州镇村乡岛湾"
            and word[-2:] not in ("地区", "园区", "灾区", "小区", "社区", "景区", "辖区", "城市", "郊区", "山区")
        )
    )
