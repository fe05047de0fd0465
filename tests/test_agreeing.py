import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.agreeing import (
    WRONG_KIND,
    WRONG_UNIT,
    agree,
    agreed,
    agreement,
    asks_of_a_time,
    comparable,
    completed,
    repeats,
)
from rag.reading.kinds import KINDS, question_kind
from rag.reading.naming import whole_name
from rag.records import Claim, Evidence, Passage, Reading
from tests.reading_tools import evidence


@pytest.mark.parametrize(
    ("text", "claimed", "kind", "whole"),
    [
        ("双边贸易额达到948亿美元的新高", "948", "how-many", "948亿美元"),
        ("于2013年9月7日在当地", "9月", "when", "2013年9月7日"),
        ("于2013年9月7日在当地", "7日", "when", "2013年9月7日"),
        ("流转土地620余亩种植小麦、玉米", "620余亩种植小麦、玉米", "how-many", "620余亩"),
        ("为村内75岁以上老人", "75岁", "how-many", "75岁以上"),
        ("共3000个名额", "3000", "how-many", "3000个"),
        ("增长35%左右", "35", "share", "35%左右"),
        ("价格是1,280元", "280元", "money", "1,280元"),
        ("馆长王宁说", "王宁", "who", "王宁"),
        ("以46秒40夺冠", "46秒", "how-many", "46秒40"),
        ("以3分27秒46夺冠", "3分", "how-many", "3分27秒46"),
        ("用时2小时15分08秒", "2小时", "age-duration", "2小时15分08秒"),
        ("票价5元8角", "5元", "money", "5元8角"),
        ("身高1米85", "1米", "how-many", "1米85"),
        ("长86米3个孔", "86米", "how-many", "86米"),
        ("项目总工程师卢廷岳说，", "卢廷岳说", "who", "卢廷岳"),
        ("项目总工程师卢廷岳介绍说，", "介绍说", "who", "介绍说"),
    ],
)
def test_numbers_units_and_dates_are_taken_whole(text: str, claimed: str, kind: str, whole: str) -> None:
    start = text.index(claimed)
    a, b = completed(text, start, start + len(claimed), kind)
    assert text[a:b] == whole


@pytest.mark.parametrize(
    ("question", "answer", "after", "weight"),
    [
        ("全镇有多少个村实施？", "53件", "村级", WRONG_UNIT),
        ("全镇有多少个村实施？", "42个", "村结", 1.0),
        ("有多少名工人？", "300人", "", 1.0),
        ("流转了多少土地？", "620余亩", "", 1.0),
        ("村里有多少人口？", "6月17日", "", WRONG_KIND),
        ("大桥有多长？", "8月", "", WRONG_KIND),
        ("大桥有多长？", "2860米", "", 1.0),
        ("一共多少人？", "农民们", "", WRONG_KIND),
        ("哪一年通车？", "6月17日", "", WRONG_KIND),
        ("哪一年通车？", "2025年", "", 1.0),
        ("什么时候通车？", "河边", "", WRONG_KIND),
        ("谁来了？", "2025年", "", WRONG_KIND),
        ("谁来了？", "王宁", "", 1.0),
        ("How many people came?", "工人", "", WRONG_KIND),
        ("末班车几点开？", "21时40分", "", 1.0),
        ("末班车几点开？", "河边", "", WRONG_KIND),
        ("大会提出了几点要求？", "3点", "要求", 1.0),
        ("автобус во сколько уходит?", "21时", "", 1.0),
        ("сағат нешеде ашылады?", "8时", "", 1.0),
        ("多少月薪？", "6000元", "", 1.0),
        ("来了多少代表？", "420名", "代表", 1.0),
        ("引进了多少家企业？", "42个", "", 1.0),
        ("大桥有多少米？", "42个", "", WRONG_UNIT),
        ("每天运送多少人？", "3000人次", "", 1.0),
        ("瓷窑属于哪个朝代？", "辽代", "", 1.0),
        ("为什么积水深？", "为什么雨没有去年多", "", WRONG_KIND),
        ("为什么积水深？", "管网老化", "", 1.0),
        ("桥修了多久？", "8月14日", "", WRONG_KIND),
        ("桥修了多久？", "3年", "", 1.0),
        ("瓷窑属于哪个朝代？", "代表们", "", WRONG_KIND),
        ("冠军的成绩是多少？", "46秒40", "", 1.0),
        ("冠军的成绩是多少？", "3时20分", "", WRONG_KIND),
        ("探测器从哪里发射？", "海南文昌", "", 1.0),
        ("他在哪里出生？", "马克马尔", "", 1.0),
        ("他在哪里出生？", "毛荣刚", "", WRONG_KIND),
        ("报社的副主编是谁？", "乌兹别克斯坦", "", WRONG_KIND),
        ("报社的副主编是谁？", "毛荣刚", "", 1.0),
        ("去年女子冠军是谁？", "云泽市体育中心", "", WRONG_KIND),
        ("学校的校长是谁？", "位于松岗新区的第二十九中学", "", WRONG_KIND),
        ("去年女子冠军是谁？", "基普罗诺·切鲁约特", "", 1.0),
        ("学校的校长是谁？", "柴雪", "", 1.0),
        ("Who is the mayor?", "Ann Lee", "", 1.0),
        ("谁提出了倡议？", "乌兹别克斯坦", "", 1.0),
        ("合作年是哪两年？", "两年前", "", WRONG_KIND),
        ("合作年是哪两年？", "2025至2026年", "", 1.0),
        ("哪一年通车？", "去年", "", 1.0),
    ],
)
def test_an_answer_of_another_kind_weighs_little(question: str, answer: str, after: str, weight: float) -> None:
    assert agreement(question, KINDS[question_kind(question)], answer, after) == weight


@pytest.mark.parametrize(
    ("question", "answer", "repeated"),
    [
        ("天问二号什么时候发射？", "天问二号", True),
        ("为什么雨没有去年多？", "雨没有去年多", True),
        ("天问二号什么时候发射？", "5月29日", False),
        ("冠军是张三还是李四？", "张三", False),
        ("大桥通车了吗？", "大桥通车", False),
    ],
)
def test_what_the_question_says_is_no_answer_to_it(question: str, answer: str, repeated: bool) -> None:
    assert repeats(question, answer) == repeated


@pytest.mark.parametrize(
    ("question", "answer", "other", "contrary"),
    [
        ("大桥总投资多少？", "19.4亿元", "18.6亿元", True),
        ("大桥全长多少米？", "2860米", "21.0975公里", False),
        ("从哪天开始？", "4月20日", "4月25日", True),
        ("从哪天开始？", "4月20日", "2025年", False),
        ("谁解释的？", "石勒川", "臧海楼", False),
        ("为什么积水？", "雨太大", "管网老", False),
    ],
)
def test_only_figures_of_a_unit_and_dates_contradict(question: str, answer: str, other: str, contrary: bool) -> None:
    assert comparable(question, answer, other) == contrary


def test_a_question_of_a_year_names_it() -> None:
    assert asks_of_a_time("2024年种了多少亩？") and asks_of_a_time("今年呢？") and asks_of_a_time("How many last year?")
    assert not asks_of_a_time("大桥总投资多少？")


def test_the_claim_of_the_right_kind_comes_first_and_confidence_never_rises() -> None:
    text = "6月17日，全村42个组完成。"
    evidence = [Evidence(text, Passage("p", "d", 0, text, 0, len(text)), 0, len(text))]
    reading = agree("全村有多少个组？", evidence, Reading((Claim(0, 0, 5, 0.5), Claim(0, 8, 10, 0.3)), 0.8))
    best = reading.claims[0]
    assert text[best.start : best.end] == "42个" and reading.confidence == 0.8
    worse = agree("谁来了？", evidence, Reading((Claim(0, 0, 5, 0.5),), 0.8))
    assert worse.confidence == pytest.approx(0.8 * WRONG_KIND)


def test_nothing_claimed_stays_nothing() -> None:
    assert agree("谁？", [], Reading((), 0.0)) == Reading((), 0.0)


@given(st.text(min_size=1, alphabet="一二年月日亿元个0123.,% ab中"), st.data(), st.sampled_from(KINDS))
def test_a_completed_span_stays_inside_its_sentence(text: str, data: st.DataObject, kind: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    a, b = completed(text, start, end, kind)
    assert 0 <= a <= start and a < b <= len(text)


@pytest.mark.parametrize(
    ("text", "claimed", "whole"),
    [
        ("霍城海关关长毛荣刚说", "荣刚", "毛荣刚"),
        ("书记王建民和李强", "王建民", "王建民"),
        ("书记王建民和李强", "李强", "李强"),
        ("总统卡瑟姆若马尔特·托卡耶夫会见", "托卡耶夫", "卡瑟姆若马尔特·托卡耶夫"),
        ("总统卡瑟姆若马尔特·托卡耶夫会见", "马尔特·托", "卡瑟姆若马尔特·托卡耶夫"),
        ("他在西安·碑林见到她", "她", "她"),
        ("毛", "毛", "毛"),
        ("由卡尔·冯·奥威尔斯于去年发现", "奥威尔斯", "卡尔·冯·奥威尔斯"),
        ("县里来了三位专家", "三位专家", "三位专家"),
    ],
)
def test_a_name_is_taken_whole(text: str, claimed: str, whole: str) -> None:
    start = text.index(claimed)
    assert text[slice(*whole_name(text, start, start + len(claimed)))] == whole
    assert text[slice(*completed(text, start, start + len(claimed), "who"))] == whole


@pytest.mark.parametrize(
    ("question", "text", "claimed", "whole"),
    [
        (
            "陆小凤的故事有哪七篇？",
            "有七篇：大金鹏王（原名传奇）、绣花大盗、剑神一笑。",
            "大金鹏王",
            "大金鹏王（原名传奇）、绣花大盗、剑神一笑",
        ),
        (
            "宣布设立哪三个中心？",
            "建立减贫、教育交流、荒漠化防治三个中心以及平台",
            "减贫",
            "减贫、教育交流、荒漠化防治",
        ),
        ("三名航天员是谁？", "乘组是陈冬、陈中瑞、王杰，目前", "陈冬", "陈冬、陈中瑞、王杰"),
        (
            "搭载了哪几件载荷？",
            "有法国的探测仪、意大利的反射镜和巴基斯坦的立方星。",
            "法国的探测仪",
            "法国的探测仪、意大利的反射镜和巴基斯坦的立方星",
        ),
        ("有哪些城市？", "来自北京、上海等地的代表", "北京", "北京、上海"),
        ("首都是哪个城市？", "来自北京、上海等地的代表", "北京", "北京"),
    ],
)
def test_an_enumeration_is_taken_whole_when_several_are_asked_for(
    question: str, text: str, claimed: str, whole: str
) -> None:
    start = text.index(claimed)
    claims, _ = agreed(question, evidence(text), [Claim(0, start, start + len(claimed), 0.5)])
    assert text[claims[0].start : claims[0].end] == whole


@pytest.mark.parametrize(
    ("answer", "weight"),
    [("习近平主席同中亚五国元首", WRONG_KIND), ("阿斯塔纳", 1.0), ("青岩镇", 1.0), ("北京", 1.0), ("王宁", WRONG_KIND)],
)
def test_a_question_for_a_place_is_not_answered_by_people(answer: str, weight: float) -> None:
    assert agreement("峰会在哪里举行？", "where", answer, "，") == weight


def test_which_two_years_asks_for_a_time() -> None:
    assert KINDS[question_kind("高质量发展年是哪两年？")] == "when"
