"""Say it a little differently: synonyms, openings, endings. Chinese; keeps names and numbers as they are."""

from __future__ import annotations

import random
from collections.abc import Sequence

from training.questions.records import Token

_SETS = (
    "举行 举办 召开",
    "表示 称 指出",
    "宣布 公布",
    "发布 公布",
    "购买 买",
    "帮助 协助",
    "增长 增加 上升",
    "下降 减少 下跌",
    "超过 超出",
    "达到 达",
    "开展 进行",
    "参加 参与 出席",
    "成立 创立 建立 创办",
    "位于 坐落于",
    "去世 逝世",
    "出生 诞生",
    "获得 得到 取得",
    "前往 去 赴",
    "造成 导致 引起",
    "启动 开始",
    "目前 现在",
    "提高 提升",
    "建设 修建 建造",
    "使用 采用 运用",
    "计划 打算",
    "认为 觉得",
    "担任 出任",
    "受伤 负伤",
    "死亡 身亡 遇难",
    "居民 住户",
    "儿童 孩子",
    "老人 老年人",
    "发生 出现",
    "包括 包含",
    "拥有 有",
    "提供 给予",
    "逮捕 抓获",
    "访问 到访",
    "抵达 到达",
    "签署 签订",
    "销售 出售",
    "价格 售价",
    "总额 总数",
    "冠军 第一名",
    "电影 影片",
    "暴雨 强降雨",
    "灾害 灾情",
    "警方 公安机关 公安",
    "乘客 旅客",
    "游客 旅游者",
    "允许 准许",
    "禁止 不准",
    "减少 降低",
    "开放 开门",
    "上市 发售",
    "治疗 医治",
    "检查 检测",
    "同意 赞成",
    "拒绝 不同意",
    "讨论 商讨",
    "合作 协作",
    "要求 规定",
    "选择 挑选",
    "发现 找到",
    "需要 须",
    "全国 全中国",
    "我国 中国",
    "展示 展出",
    "农民 农户",
    "损失 亏损",
)
_SYNONYMS: dict[str, tuple[str, ...]] = {}
for _line in _SETS:
    _words = _line.split()
    for _word in _words:
        _SYNONYMS.setdefault(_word, tuple(other for other in _words if other != _word))
OPENINGS = (
    "请问",
    "请问，",
    "据报道，",
    "文中提到，",
    "根据报道，",
    "我想知道",
    "请告诉我",
    "据文章，",
    "报道中",
    "想问一下，",
    "材料中",
    "查一下",
)


def with_synonyms(words: Sequence[Token], rng: random.Random, rate: float = 0.22) -> tuple[Token, ...]:
    """Words with some of the common ones exchanged for a synonym."""
    changed = []
    for token in words:
        others = _SYNONYMS.get(token.word)
        if others and rng.random() < rate:
            token = Token(rng.choice(others), token.flag, token.start, token.end)
        changed.append(token)
    return tuple(changed)


def dressed(question: str, rng: random.Random) -> str:
    """The question with the ending, and now and then the opening, that people use."""
    if rng.random() < 0.06:
        question = rng.choice(OPENINGS) + question
    return question + rng.choices(("？", "", "?", "呢？"), (86, 8, 5, 1))[0]
