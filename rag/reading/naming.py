"""Names of people taken whole: the surname that a word boundary cut off, every part of a name with dots.

A segmenter that has never met 毛荣刚 may leave 荣刚, and of 卡瑟姆若马尔特·托卡耶夫 only the last part.
Knows characters, no dictionary and no model.
"""

from __future__ import annotations

import re

# The hundred commonest single-character surnames (Ministry of Public Security of China, 2020) and some more.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤穆裴楚滕濮宫石卫尤施柳盛齐康伍尚柴车凌翟"
)
LONGEST_NAME = 3  # characters of a Chinese name with a surname of one
# Characters in which foreign names are written (Xinhua's tables of transcription use about these).
_TRANSCRIBING = (
    "阿埃艾爱安昂奥巴白拜班邦包鲍贝本比彼毕别宾波博伯卜布采蔡曹策查钱彻春茨慈次聪达戴丹道德登邓狄迪底蒂丁东杜敦顿多厄恩尔耳法凡"
    "范方菲费芬丰冯佛弗夫福富盖甘冈高哥戈格葛根贡古瓜圭郭哈海汉杭豪赫黑亨洪侯胡华怀霍基吉季加贾简江焦杰捷金津京久居喀卡开凯坎康考"
    "柯科克肯孔库夸奎昆阔拉莱赖兰朗劳勒雷累黎里理丽利莉连廉良列烈林琳隆卢鲁露路伦罗洛吕马玛麦迈满曼芒毛茂梅门蒙孟米密蜜敏明摩莫"
    "默姆穆拿那纳娜乃奈南内嫩尼妮年涅宁牛纽农努女诺欧帕派潘庞佩彭蓬皮匹平泼珀普朴漆奇齐契恰强乔切钦琴青琼邱屈让热仁日荣茹儒瑞若"
    "撒萨塞赛桑瑟森沙莎山珊尚绍舍申生圣施史士什寿舒朔丝思斯松苏素孙梭索塔台太泰坦汤唐陶忒特腾田铁廷亭通图土吐团托脱瓦娃外万旺威"
    "韦为维伟魏温文翁沃乌武西希锡席霞夏显香肖小晓谢欣辛兴休修徐许雪逊雅亚延扬尧耶叶伊依宜易英永尤云宰赞泽曾扎詹章朝者"
    "珍真芝治智忠朱兹宗祖佐卓"
)
_DOTS = "·•・‧"
_PART = re.compile(f"[{_TRANSCRIBING}]+")
_FOREIGN = re.compile(f"[{_TRANSCRIBING}]+(?:[{_DOTS}][{_TRANSCRIBING}]+)+")
_HAN = re.compile(r"[\u3400-\u9fff]{1,2}")


def whole_name(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span with what belongs to the name it holds; as it was when it holds none.

    >>> text = "海关关长毛荣刚说"
    >>> text[slice(*whole_name(text, 5, 7))]
    '毛荣刚'

    Args:
        text: the sentence.
        start: where the claimed name begins.
        end: where it ends.
    """
    for name in _FOREIGN.finditer(text):
        if name.start() < end and start < name.end() and all(_PART.fullmatch(c) or c in _DOTS for c in text[start:end]):
            return min(start, name.start()), max(end, name.end())
    claimed = text[start:end]
    if start and text[start - 1] in SURNAMES and claimed[0] not in SURNAMES and _HAN.fullmatch(claimed):
        return start - 1, end
    return start, end
