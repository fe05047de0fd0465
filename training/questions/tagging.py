"""Chinese words with parts of speech, and the few facts about words that the question maker needs.

Tags are those of jieba (ICTCLAS-like). Knows nothing of questions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from training.questions.records import Token

NOUN_FLAGS = frozenset("n nr nrt nrfg ns nt nz nw ng vn an l j b eng s i g nrs m q x_in".split())
"""Flags that may stand inside a noun phrase (numbers and measure words too)."""
NAME_FLAGS = frozenset(("nr", "nrt", "nrfg", "ns", "nt", "nz"))
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹"
    "申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司"
    "卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟"
)
TITLE_ENDINGS = (
    "书记 主任 主席 总统 总理 部长 省长 市长 县长 区长 镇长 村长 局长 处长 科长 院长 校长 所长 站长 会长 行长 社长 厂长 队长 店长 团长 "
    "馆长 司长 厅长 首相 大臣 议长 国王 女王 王储 教授 副教授 院士 研究员 记者 教练 主教练 总裁 副总裁 总经理 经理 董事长 董事 总监 首席执行官 "
    "创始人 负责人 发言人 代表 委员 大使 总领事 专家 分析师 医生 医师 护士 律师 法官 检察官 工程师 总工程师 导演 演员 歌手 作家 画家 诗人 选手 "
    "球员 前锋 后卫 门将 中锋 运动员 宇航员 航天员 飞行员 老师 教师 学生 村民 市民 居民 司机 店主 老板 秘书长 干事 总干事 干部 民警 警官 "
    "消防员 指导员 班长 组长 台长 参谋长 司令 司令员 上校 中校 少将 中将 上将 特使 外长 防长 财长 议员 参议员 众议员 候选人 嫌疑人 博士 "
    "学者 顾问 理事 理事长 常委 主编 编剧 制片人 设计师 游客 家长 母亲 父亲 妻子 丈夫 儿子 女儿 CEO 师傅 先生 女士 传承人 当事人 商户 农户"
).split()
SPEECH = frozenset(
    "说 表示 指出 称 强调 认为 介绍 透露 告诉 坦言 直言 宣布 提到 提出 回应 谈到 解释 呼吁 补充 写道 回忆 感叹 建议 分析 预计 警告 重申 说道 "
    "介绍说 表示称 声称 承认 否认 评价".split()
)
COUNTRIES = frozenset(
    "中国 美国 英国 法国 德国 日本 韩国 朝鲜 俄罗斯 乌克兰 印度 巴基斯坦 伊朗 伊拉克 沙特 沙特阿拉伯 以色列 土耳其 埃及 南非 尼日利亚 肯尼亚 埃塞俄比亚 巴西 阿根廷 墨西哥 加拿大 澳大利亚 "
    "新西兰 意大利 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 芬兰 丹麦 波兰 捷克 匈牙利 希腊 奥地利 爱尔兰 越南 老挝 柬埔寨 泰国 缅甸 马来西亚 新加坡 印度尼西亚 印尼 菲律宾 蒙古国 蒙古 "
    "哈萨克斯坦 乌兹别克斯坦 吉尔吉斯斯坦 塔吉克斯坦 土库曼斯坦 阿富汗 叙利亚 黎巴嫩 约旦 卡塔尔 阿联酋 科威特 也门 利比亚 阿尔及利亚 摩洛哥 突尼斯 苏丹 尼日尔 刚果 安哥拉 赞比亚 坦桑尼亚 "
    "加纳 古巴 智利 秘鲁 哥伦比亚 委内瑞拉 厄瓜多尔 玻利维亚 白俄罗斯 塞尔维亚 罗马尼亚 保加利亚 克罗地亚 立陶宛 拉脱维亚 爱沙尼亚 尼泊尔 斯里兰卡 孟加拉国 冰岛".split()
)
CITIES = frozenset(
    "北京 上海 天津 重庆 河北 山西 内蒙古 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 香港 澳门 台湾 "
    "石家庄 太原 沈阳 长春 哈尔滨 南京 杭州 合肥 福州 南昌 济南 郑州 武汉 长沙 广州 南宁 海口 成都 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐 深圳 厦门 青岛 大连 宁波 苏州 无锡 常州 南通 "
    "徐州 扬州 温州 绍兴 嘉兴 金华 台州 泉州 漳州 珠海 佛山 东莞 中山 惠州 汕头 桂林 三亚 洛阳 开封 保定 唐山 廊坊 邯郸 涿州 烟台 潍坊 临沂 威海 淄博 宜昌 襄阳 荆州 岳阳 株洲 绵阳 宜宾 "
    "遵义 大理 丽江 敦煌 喀什 延安 宝鸡 咸阳 包头 大庆 台北 高雄 东京 大阪 首尔 平壤 曼谷 河内 雅加达 吉隆坡 马尼拉 新德里 孟买 伊斯兰堡 德黑兰 巴格达 迪拜 利雅得 开罗 内罗毕 约翰内斯堡 "
    "莫斯科 圣彼得堡 基辅 明斯克 华沙 柏林 慕尼黑 法兰克福 巴黎 伦敦 曼彻斯特 罗马 米兰 马德里 巴塞罗那 里斯本 布鲁塞尔 阿姆斯特丹 维也纳 日内瓦 苏黎世 雅典 布达佩斯 斯德哥尔摩 奥斯陆 哥本哈根 "
    "赫尔辛基 纽约 华盛顿 洛杉矶 旧金山 芝加哥 波士顿 休斯敦 西雅图 夏威夷 渥太华 多伦多 温哥华 墨西哥城 圣保罗 里约热内卢 悉尼 墨尔本 堪培拉 奥克兰 阿斯塔纳 阿拉木图 塔什干 欧洲 亚洲 非洲 "
    "拉丁美洲 北美 中东 东南亚 中亚 克里米亚 顿巴斯 加州 得克萨斯州 佛罗里达州".split()
)
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "皇甫", "令狐", "慕容", "司徒", "端木")


_FOREIGN_CHARACTERS = frozenset("阿巴贝比伯布查达戴丹德迪蒂杜多厄恩尔法菲费弗夫福盖戈格古哈赫亨基吉加贾杰卡凯科克库拉莱兰劳雷里利列林隆卢鲁伦罗洛马迈曼梅门蒙米莫姆纳内尼"
                                 "诺帕佩皮珀普奇乔切萨塞沙森舍史斯斯松苏索塔泰汤特提廷图托瓦万威韦维温沃乌伍西希夏谢辛雅扬耶伊因尤约泽詹兹佐")


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
    table.update({"负责人": "n", "党组书记": "n", "新京报": "n"})
    return lambda sentence: cutter.cut(sentence, HMM=True), table


def _guess(word: str) -> str:
    """The part of speech of a word that the dictionary lacks."""
    if word.isascii():
        return "m" if word[:1].isdigit() else "eng" if word.isalnum() else "x"
    if not word[0].isalnum():
        return "x"
    if word[0].isdigit() or word[0] in "一二三四五六七八九十百" and len(word) > 1 and word[1] in "十百千万亿余多":
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
    tokens, at = [], 0
    for word in cut(sentence):
        flag = table.get(word) or _guess(word)
        tokens.append(Token(word, flag, at, at + len(word)))
        at += len(word)
    return tuple(tokens)


def is_title(word: str) -> bool:
    """Whether a word names a post or a role that a person's name may follow."""
    return any(word.endswith(ending) for ending in TITLE_ENDINGS)


def is_person(word: str) -> bool:
    """Whether a word has the form of a full Chinese name: a surname and one or two more characters."""
    if word.startswith(COMPOUND_SURNAMES):
        return 3 <= len(word) <= 4
    return 2 <= len(word) <= 3 and word[0] in SURNAMES


def is_place(word: str) -> bool:
    """Whether a word is a place beyond doubt: a known country, province or city, or one named as such."""
    return word in COUNTRIES or word in CITIES or (len(word) >= 3 and word[-1] in "省市县区州镇村乡岛湾" and word[-2:] not in ("地区", "园区", "灾区", "小区", "社区", "景区", "辖区"))
