"""Follow-ups resolved, and left alone, in four languages; every case is one turn after one exchange."""

from __future__ import annotations

import logging
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.conversing import standalone
from rag.conversing.declension import decline
from rag.conversing.kazakh import inflect, stem
from rag.conversing.slots import Edit, apply
from rag.records import Turn

# the question before, the reply to it, the follow-up, the follow-up made to stand alone
Case = tuple[str, str, str, str]

CHINESE: list[Case] = [
    (
        "2024年中国同哈萨克斯坦的双边贸易额达到多少？",
        "948亿美元[1]",
        "那去年呢？",
        "去年中国同哈萨克斯坦的双边贸易额达到多少？",
    ),
    (
        "2024年中国同乌兹别克斯坦的双边贸易额达到多少？",
        "948亿美元[1]",
        "哈萨克斯坦呢？",
        "2024年中国同哈萨克斯坦的双边贸易额达到多少？",
    ),
    ("哈萨克斯坦的面积是多少？", "272万平方公里[1]", "那乌兹别克斯坦的人口呢？", "乌兹别克斯坦的人口是多少？"),
    ("哈萨克斯坦的首都是哪里？", "阿斯塔纳[1]", "人口呢？", "哈萨克斯坦的人口是多少？"),
    ("哈萨克斯坦的首都是哪里？", "阿斯塔纳[1]", "那总统呢？", "哈萨克斯坦的总统是谁？"),
    ("谁主持了第二届中国—中亚峰会？", "托卡耶夫[1]", "他是谁？", "托卡耶夫是谁？"),
    ("谁主持了第二届中国—中亚峰会？", "托卡耶夫[1]", "他什么时候访问过西安？", "托卡耶夫什么时候访问过西安？"),
    ("第二届中国—中亚峰会在哪里举行？", "阿斯塔纳[1]", "什么时候举行的？", "第二届中国—中亚峰会什么时候举行的？"),
    ("第二届中国—中亚峰会在哪里举行？", "阿斯塔纳[1]", "那里有多少人口？", "阿斯塔纳有多少人口？"),
    ("第二届中国—中亚峰会在哪里举行？", "阿斯塔纳[1]", "首届呢？", "首届中国—中亚峰会在哪里举行？"),
    (
        "中国—中亚机制是什么时候成立的？",
        "2020年7月[1]",
        "这个机制的秘书处设在哪里？",
        "中国—中亚机制的秘书处设在哪里？",
    ),
    ("哪家公司承建了云泽大桥？", "中铁大桥局[1]", "该公司的总部在哪里？", "中铁大桥局的总部在哪里？"),
    ("华为公司2024年的营业收入是多少？", "8621亿元[1]", "该公司2023年的利润是多少？", "华为公司2023年的利润是多少？"),
    ("华为公司2024年的营业收入是多少？", "8621亿元[1]", "今天天气怎么样？", "今天天气怎么样？"),
    ("华为公司2024年的营业收入是多少？", "8621亿元[1]", "谁发明了杂交水稻？", "谁发明了杂交水稻？"),
    ("2024年哈萨克斯坦的进口额是多少？", "8621亿元[1]", "出口呢？", "2024年哈萨克斯坦的出口额是多少？"),
    ("2024年哈萨克斯坦的进口额是多少？", "8621亿元[1]", "出口额呢？", "2024年哈萨克斯坦的出口额是多少？"),
    ("2024年小麦产量是多少？", "8621万吨[1]", "那水稻呢？", "2024年水稻产量是多少？"),
    ("2024年6月的小麦价格是多少？", "8621元[1]", "7月呢？", "2024年7月的小麦价格是多少？"),
    ("2024年小麦价格是多少？", "8621元[1]", "6月呢？", "2024年6月小麦价格是多少？"),
    ("今年上半年进出口总额是多少？", "8621元[1]", "下半年呢？", "今年下半年进出口总额是多少？"),
    ("双边贸易额是多少美元？", "8621美元[1]", "以人民币计呢？", "双边贸易额是多少人民币？"),
    ("云泽大桥什么时候通车？", "2024年[1]", "它有多长？", "云泽大桥有多长？"),
    ("云泽大桥什么时候通车？", "2024年8月1日[1]", "当时有多少人参加？", "2024年8月1日有多少人参加？"),
    ("云泽大桥什么时候通车？", "2024年8月1日[1]", "谁设计的？", "云泽大桥谁设计的？"),
    ("托卡耶夫什么时候访问了西安？", "2023年[1]", "那王毅呢？", "王毅什么时候访问了西安？"),
    ("2024年在北京举行了多少场展览？", "20场[1]", "在西安呢？", "2024年在西安举行了多少场展览？"),
    ("西安有多少人口？", "1300万[1]", "2023年呢？", "2023年西安有多少人口？"),
    ("第二届中国—中亚峰会在哪里举行？", "阿斯塔纳[1]", "那第三届呢？", "第三届中国—中亚峰会在哪里举行？"),
    ("第二届中国—中亚峰会在哪里举行？", "阿斯塔纳[1]", "其他国家呢？", "其他国家呢？"),
    ("第二届中国—中亚峰会在哪里举行？", "阿斯塔纳[1]", "为什么？", "为什么？"),
    ("乌兹别克斯坦的首都是哪里？", "塔什干[1]", "那么哈萨克斯坦的总统是谁？", "那么哈萨克斯坦的总统是谁？"),
    ("第二届中国—中亚峰会在哪里举行？", "阿斯塔纳[1]", "他们签署了什么文件？", "他们签署了什么文件？"),
    ("这部小说的作者是谁？", "李娟[1]", "她获得了什么奖？", "李娟获得了什么奖？"),
    ("第二届中国—中亚峰会在哪里举行？", "阿斯塔纳[1]", "这座城市有多少人口？", "阿斯塔纳有多少人口？"),
    ("云泽大桥什么时候通车？", "2024年8月1日[1]", "这座大桥多长？", "云泽大桥多长？"),
    ("托卡耶夫总统什么时候访问了西安？", "2023年[1]", "那李强总理呢？", "李强总理什么时候访问了西安？"),
    ("中国和哈萨克斯坦的贸易额是多少？", "438亿[1]", "中国和吉尔吉斯斯坦呢？", "中国和吉尔吉斯斯坦的贸易额是多少？"),
]

ENGLISH: list[Case] = [
    ("How many people live in Astana?", "1.6 million[1]", "And in Xi'an?", "How many people live in Xi'an?"),
    (
        "How large was the trade volume between China and Kazakhstan in 2024?",
        "x[1]",
        "And in 2023?",
        "How large was the trade volume between China and Kazakhstan in 2023?",
    ),
    (
        "How large was the trade volume between China and Kazakhstan in 2024?",
        "x[1]",
        "What about last year?",
        "How large was the trade volume between China and Kazakhstan last year?",
    ),
    (
        "How large was the trade volume between China and Kazakhstan in 2024?",
        "x[1]",
        "And with Uzbekistan?",
        "How large was the trade volume between China and Uzbekistan in 2024?",
    ),
    (
        "How large was the trade volume between China and Kazakhstan in 2024?",
        "x[1]",
        "Uzbekistan?",
        "How large was the trade volume between China and Uzbekistan in 2024?",
    ),
    ("What is the area of Kazakhstan?", "x[1]", "And the population?", "What is the population of Kazakhstan?"),
    ("What is the capital of Kazakhstan?", "Astana[1]", "And the president?", "Who is the president of Kazakhstan?"),
    (
        "Where was the second China–Central Asia summit held?",
        "Astana[1]",
        "When was it held?",
        "When was the second China–Central Asia summit held?",
    ),
    (
        "Where was the second China–Central Asia summit held?",
        "Astana[1]",
        "And the first?",
        "Where was the first China–Central Asia summit held?",
    ),
    (
        "Where was the second China–Central Asia summit held?",
        "Astana[1]",
        "How many people live there?",
        "How many people live in Astana?",
    ),
    ("Who chaired the summit?", "Tokayev[1]", "When was he elected?", "When was Tokayev elected?"),
    ("Who chaired the summit?", "Tokayev[1]", "What is his wife's name?", "What is Tokayev's wife's name?"),
    (
        "Which company built the bridge?",
        "China Railway Group[1]",
        "Where is its headquarters?",
        "Where is China Railway Group's headquarters?",
    ),
    (
        "Which company built the bridge?",
        "China Railway Group[1]",
        "When was that company founded?",
        "When was China Railway Group founded?",
    ),
    ("Where was the second China–Central Asia summit held?", "Astana[1]", "Who invented paper?", "Who invented paper?"),
    (
        "Where was the second China–Central Asia summit held?",
        "Astana[1]",
        "Is there a direct flight from Beijing to London?",
        "Is there a direct flight from Beijing to London?",
    ),
    ("What was the value of imports in 2024?", "Astana[1]", "And exports?", "What was the value of exports in 2024?"),
    ("What was wheat production in 2024?", "Astana[1]", "And rice?", "What was rice production in 2024?"),
    (
        "When did President Tokayev visit Xi'an?",
        "2023[1]",
        "What about Mirziyoyev?",
        "When did Mirziyoyev visit Xi'an?",
    ),
    ("How many visitors came in May 2024?", "2023[1]", "And June?", "How many visitors came in June 2024?"),
    ("How many people live in Astana?", "x[1]", "And in 2022?", "How many people live in Astana in 2022?"),
    ("When was the bridge opened?", "2019[1]", "Who was president then?", "Who was president in 2019?"),
    ("When was the Yunze Bridge opened?", "2019[1]", "How long is it?", "How long is the Yunze Bridge?"),
    ("When was the Yunze Bridge opened?", "2019[1]", "Why?", "Why was the Yunze Bridge opened?"),
    ("When was the Yunze Bridge opened?", "2019[1]", "What time is it?", "What time is it?"),
    ("When was the Yunze Bridge opened?", "2019[1]", "Thanks!", "Thanks!"),
    (
        "When was the Yunze Bridge opened?",
        "2019[1]",
        "What did the President of Kazakhstan say about it?",
        "What did the President of Kazakhstan say about it?",
    ),
    ("What is the population of Kazakhstan?", "20 million[1]", "What is its area?", "What is Kazakhstan's area?"),
    ("Who is the author of 《平凡的世界》?", "路遥[1]", "When was he born?", "When was 路遥 born?"),
]

RUSSIAN: list[Case] = [
    (
        "Каков объём торговли Китая с Казахстаном в 2024 году?",
        "x[1]",
        "А в 2023 году?",
        "Каков объём торговли Китая с Казахстаном в 2023 году?",
    ),
    (
        "Каков объём торговли Китая с Казахстаном в 2024 году?",
        "x[1]",
        "А в прошлом году?",
        "Каков объём торговли Китая с Казахстаном в прошлом году?",
    ),
    (
        "Каков объём торговли Китая с Казахстаном в 2024 году?",
        "x[1]",
        "А с Узбекистаном?",
        "Каков объём торговли Китая с Узбекистаном в 2024 году?",
    ),
    ("Какова площадь Казахстана?", "x[1]", "А Узбекистан?", "Какова площадь Узбекистана?"),
    ("Какова площадь Казахстана?", "x[1]", "А в Узбекистане?", "Какова площадь Узбекистана?"),
    ("Какова площадь Казахстана?", "x[1]", "А население?", "Каково население Казахстана?"),
    ("Сколько человек живёт в Астане?", "x[1]", "А в Сиане?", "Сколько человек живёт в Сиане?"),
    ("Сколько нефти добывает Казахстан?", "x[1]", "А Россия?", "Сколько нефти добывает Россия?"),
    ("Каков объём экспорта Казахстана?", "x[1]", "А импорта?", "Каков объём импорта Казахстана?"),
    (
        "Где прошёл второй саммит Китай — Центральная Азия?",
        "x[1]",
        "А первый?",
        "Где прошёл первый саммит Китай — Центральная Азия?",
    ),
    ("Кто председательствовал на саммите?", "Токаев[1]", "Когда он родился?", "Когда Токаев родился?"),
    (
        "Кто председательствовал на саммите?",
        "Токаев[1]",
        "Когда его избрали президентом?",
        "Когда Токаева избрали президентом?",
    ),
    ("Кто председательствовал на саммите?", "Токаев[1]", "Как зовут его жену?", "Как зовут жену Токаева?"),
    ("Где прошёл второй саммит?", "Астана[1]", "Сколько там жителей?", "Сколько в Астане жителей?"),
    ("Когда открыли мост?", "2019[1]", "Кто тогда был президентом?", "Кто в 2019 году был президентом?"),
    ("Какая компания построила мост?", "Чжунте[1]", "Когда она была основана?", "Когда она была основана?"),
    ("Какая компания построила мост?", "Чжунте[1]", "Когда была основана эта компания?", "Когда была основана Чжунте?"),
    ("Каков объём торговли Китая с Казахстаном в 2024 году?", "x[1]", "Кто изобрёл бумагу?", "Кто изобрёл бумагу?"),
    ("Каков объём торговли Китая с Казахстаном в 2024 году?", "x[1]", "Спасибо!", "Спасибо!"),
    (
        "Какова была урожайность раннего риса в Юньцзэ в 2025 году?",
        "403公斤[1]",
        "Почему она снизилась?",
        "Почему урожайность раннего риса снизилась?",
    ),
    ("Каково население Казахстана?", "20 млн[1]", "Какова его площадь?", "Какова площадь Казахстана?"),
    (
        "Сколько туристов приехало в мае 2024 года?",
        "20 млн[1]",
        "А в июне?",
        "Сколько туристов приехало в июне 2024 года?",
    ),
    ("Каково население Казахстана?", "20 млн[1]", "Где находится Эйфелева башня?", "Где находится Эйфелева башня?"),
    (
        "Когда вступил в силу безвизовый режим Китая и Казахстана?",
        "20 млн[1]",
        "А с Монголией?",
        "Когда вступил в силу безвизовый режим Китая и Монголии?",
    ),
    ("Сколько человек живёт в Астане?", "x[1]", "А в 2022 году?", "Сколько человек живёт в Астане в 2022 году?"),
]

KAZAKH: list[Case] = [
    (
        "2024 жылы Қытай мен Қазақстанның сауда көлемі қанша болды?",
        "x[1]",
        "Ал 2023 жылы ше?",
        "2023 жылы Қытай мен Қазақстанның сауда көлемі қанша болды?",
    ),
    (
        "2024 жылы Қытай мен Қазақстанның сауда көлемі қанша болды?",
        "x[1]",
        "Ал былтыр ше?",
        "Былтыр Қытай мен Қазақстанның сауда көлемі қанша болды?",
    ),
    (
        "2024 жылы Қытай мен Қазақстанның сауда көлемі қанша болды?",
        "x[1]",
        "Ал Өзбекстан ше?",
        "2024 жылы Қытай мен Өзбекстанның сауда көлемі қанша болды?",
    ),
    ("Қазақстанның халқы қанша?", "x[1]", "Ал Өзбекстан ше?", "Өзбекстанның халқы қанша?"),
    ("Қазақстанда қанша адам тұрады?", "x[1]", "Өзбекстанда ше?", "Өзбекстанда қанша адам тұрады?"),
    ("Астанада қанша адам тұрады?", "x[1]", "Ал Ташкентте ше?", "Ташкентте қанша адам тұрады?"),
    ("Қазақстанның халқы қанша?", "x[1]", "Ал аумағы ше?", "Қазақстанның аумағы қанша?"),
    ("Саммитті кім басқарды?", "Тоқаев[1]", "Ол қашан туған?", "Тоқаев қашан туған?"),
    ("Саммитті кім басқарды?", "Тоқаев[1]", "Оның әйелі кім?", "Тоқаевтың әйелі кім?"),
    ("Екінші саммит қай қалада өтті?", "Астана[1]", "Онда қанша адам тұрады?", "Астанада қанша адам тұрады?"),
    ("Көпірді қай компания салды?", "Чжунте[1]", "Бұл компанияның кеңсесі қайда?", "Чжунтенің кеңсесі қайда?"),
    ("Көпір қай жылы ашылды?", "2019[1]", "Сол кезде кім президент болды?", "2019 жылы кім президент болды?"),
    (
        "2024 жылы Қытай мен Қазақстанның сауда көлемі қанша болды?",
        "x[1]",
        "Қағазды кім ойлап тапты?",
        "Қағазды кім ойлап тапты?",
    ),
    ("2024 жылы Қытай мен Қазақстанның сауда көлемі қанша болды?", "x[1]", "Рахмет!", "Рахмет!"),
    (
        "Луцзян көпірінің ұзындығы қанша?",
        "2860[1]",
        "Ол қай күні қозғалысқа ашылды?",
        "Луцзян көпірі қай күні қозғалысқа ашылды?",
    ),
    ("Луцзян көпірі қашан ашылды?", "2860[1]", "Оны кім салды?", "Луцзян көпірін кім салды?"),
    ("Екінші саммит қай қалада өтті?", "Астана[1]", "Ал үшінші ше?", "Үшінші саммит қай қалада өтті?"),
    ("«Чанъэ-6» қанша үлгі әкелді?", "2[1]", "«Чанъэ-5» ше?", "«Чанъэ-5» қанша үлгі әкелді?"),
    ("2024 жылы мамырда қанша турист келді?", "2[1]", "Ал маусымда ше?", "2024 жылы маусымда қанша турист келді?"),
    ("Астанада қанша адам тұрады?", "2[1]", "Ал 2022 жылы ше?", "2022 жылы Астанада қанша адам тұрады?"),
]


ENGLISH += [
    (
        "How much lunar soil did Chang'e-6 bring home?",
        "1935.3克[1]",
        "And Chang'e-8?",
        "How much lunar soil did Chang'e-8 bring home?",
    ),
    (
        "How much lunar soil did Chang'e-6 bring home?",
        "1935.3克[1]",
        "How long did it take?",
        "How long did Chang'e-6 take?",
    ),
    (
        "Where is the Uzbek doctor in Shaling from?",
        "Samarkand[1]",
        "When was he born?",
        "When was the Uzbek doctor born?",
    ),
]
RUSSIAN += [
    ("Кто такой Бай Шушэн?", "方言学者[1]", "Когда он родился?", "Когда Бай Шушэн родился?"),
    (
        "Какова ширина колеи в Китае?",
        "1435 мм[1]",
        "А в странах Центральной Азии?",
        "Какова ширина колеи в странах Центральной Азии?",
    ),
]
CHINESE += [
    ("嫦娥六号带回了多少样品？", "1935.3克[1]", "五号呢？", "嫦娥五号带回了多少样品？"),
    ("嫦娥六号带回了多少样品？", "1935.3克[1]", "那嫦娥五号呢？", "嫦娥五号带回了多少样品？"),
    ("第一届中国－中亚峰会在哪座城市举行？", "西安[1]", "下一届什么时候开？", "下一届中国－中亚峰会什么时候开？"),
    (
        "中哈互免签证是哪天生效的？",
        "2023年11月10日[1]",
        "和乌兹别克斯坦的呢？",
        "中国和乌兹别克斯坦互免签证是哪天生效的？",
    ),
    ("中国在巴黎奥运会拿了几枚铜牌？", "24枚[1]", "那东京奥运会呢？", "中国在东京奥运会拿了几枚铜牌？"),
    ("柏树声是哪年出生的？", "1934年[1]", "他的词典收了多少词？", "柏树声的词典收了多少词？"),
    ("第二届峰会在哪里举行？", "阿斯塔纳[1]", "什么时候？", "第二届峰会什么时候举行？"),
]


def ask(base: str, answer: str, question: str) -> str:
    return standalone(question, [Turn(base, f"{answer}\n\n“…”[1]")])


@pytest.mark.parametrize(("base", "answer", "question", "expected"), CHINESE)
def test_chinese_turns(base: str, answer: str, question: str, expected: str) -> None:
    assert ask(base, answer, question) == expected


@pytest.mark.parametrize(("base", "answer", "question", "expected"), ENGLISH)
def test_english_turns(base: str, answer: str, question: str, expected: str) -> None:
    assert ask(base, answer, question) == expected


@pytest.mark.parametrize(("base", "answer", "question", "expected"), RUSSIAN)
def test_russian_turns(base: str, answer: str, question: str, expected: str) -> None:
    assert ask(base, answer, question) == expected


@pytest.mark.parametrize(("base", "answer", "question", "expected"), KAZAKH)
def test_kazakh_turns(base: str, answer: str, question: str, expected: str) -> None:
    assert ask(base, answer, question) == expected


WHOLE = [
    "北京到上海的高铁票价是多少？",
    "谁发明了杂交水稻？",
    "其中有多少人来自农村？",
    "其他代表团是什么时候到的？",
    "那么多人为什么参加？",
    "托卡耶夫说他什么时候访华？",
    "西安是什么时候建城的，那里有多少人口？",
    "我们怎么申请签证？",
    "谢谢！",
    "《那里》是谁写的？",
    "Who wrote 《他们》?",
    "Who wrote “It”?",
    "Кто написал «Она»?",
    "Is there a bridge over the Yangtze in Nanjing?",
    "How long does it take to fly from Almaty to Xi'an?",
    "Did Tokayev say when he would visit China?",
    "Is it true that coal output fell in Poland?",
    "Какова высота Эвереста?",
    "Правда ли, что Токаев сказал, когда он приедет в Китай?",
    "Сколько стоит билет из Пекина в Сиань?",
    "Қытайда қанша провинция бар?",
    "Тоқаев ол туралы не айтты?",
    "日本の首都はどこですか？",
    "¿Cuál es la capital de España?",
]


@pytest.mark.parametrize("question", WHOLE)
@pytest.mark.parametrize(
    ("base", "answer"),
    [
        ("2024年中国同哈萨克斯坦的双边贸易额达到多少？", "438亿美元[1]"),
        ("Who chaired the second summit in Astana?", "Tokayev[1]"),
        ("Когда открыли мост Луцзян?", "2024[1]"),
        ("Луцзян көпірінің ұзындығы қанша?", "2860 м[1]"),
    ],
)
def test_a_whole_question_and_a_change_of_topic_come_back_byte_for_byte(base: str, answer: str, question: str) -> None:
    assert standalone(question, [Turn(base, answer)]) == question


@pytest.mark.parametrize(
    "question", ["那去年呢？", "他是谁？", "And in Xi'an?", "А он?", "Ал былтыр ше?", "", " ", "？"]
)
def test_without_history_nothing_changes(question: str) -> None:
    assert standalone(question, []) == question
    assert standalone(question, [Turn("", "")]) == question


def test_the_standalone_form_of_the_turn_before_is_what_a_follow_up_continues() -> None:
    history = [
        Turn("哈萨克斯坦的人口是多少？", "2000万[1]"),
        Turn("乌兹别克斯坦呢？", "3700万[1]", "乌兹别克斯坦的人口是多少？"),
    ]
    assert standalone("那面积呢？", history) == "乌兹别克斯坦的面积是多少？"


def test_a_chain_of_ellipses_keeps_what_was_not_exchanged() -> None:
    history: list[Turn] = []
    for question, expected in [
        ("2024年中国同哈萨克斯坦的贸易额是多少？", "2024年中国同哈萨克斯坦的贸易额是多少？"),
        ("那2023年呢？", "2023年中国同哈萨克斯坦的贸易额是多少？"),
        ("乌兹别克斯坦呢？", "2023年中国同乌兹别克斯坦的贸易额是多少？"),
        ("出口额呢？", "2023年中国同乌兹别克斯坦的出口额是多少？"),
    ]:
        resolved = standalone(question, history)
        assert resolved == expected
        history.append(Turn(question, "1亿美元[1]", resolved))


def test_a_pronoun_reaches_past_a_turn_that_named_nobody() -> None:
    history = [
        Turn("谁主持了第二届峰会？", "托卡耶夫[1]"),
        Turn("峰会通过了多少份文件？", "12份[1]"),
    ]
    assert standalone("他是哪一年当选的？", history) == "托卡耶夫是哪一年当选的？"


@pytest.mark.parametrize(
    "refusal", ["文献中没有提到。", "The documents do not say.", "В документах об этом не говорится."]
)
def test_a_refusal_is_nobody(refusal: str) -> None:
    assert standalone("他是谁？", [Turn("谁主持了峰会？", refusal)]) == "他是谁？"
    assert standalone("When was he born?", [Turn("Who chaired the summit?", refusal)]) == "When was he born?"


def test_an_explanation_is_not_taken_for_a_name() -> None:
    answer = "因为高温来得早，灌浆期缩短，所以瘪粒多。[1]"
    assert standalone("他是谁？", [Turn("谁知道为什么减产？", answer)]) == "他是谁？"


def test_a_predicate_that_looks_like_a_noun_takes_the_last_subject() -> None:
    history = [Turn("嫦娥六号在哪儿发射的？", "海南文昌[1]")]
    assert standalone("在哪儿落地的？", history) == "嫦娥六号在哪儿落地的？"


@pytest.mark.parametrize("answer", ["方言学者柏树声3月15日在北原病逝", "河湾镇一个铁匠家庭里长大的中学语文教师"])
def test_a_clause_is_nobody_but_she_who_was_asked_for(answer: str) -> None:
    assert standalone("她多大年纪？", [Turn("学者的妻子是谁？", f"{answer}[1]")]) == "学者的妻子多大年纪？"


@pytest.mark.parametrize("answer", ["24岁的测量员姬晓晴", "肯尼亚选手基普罗诺·切鲁约特"])
def test_a_name_with_its_title_is_a_person(answer: str) -> None:
    history = [Turn("队里最年轻的是谁？", f"{answer}[1]")]
    assert standalone("她是哪里人？", history) == f"{answer}是哪里人？"


def test_an_answer_in_the_language_of_the_documents_can_stand_for_a_pronoun() -> None:
    assert ask("Who chaired the summit?", "托卡耶夫[1]", "When was he born?") == "When was 托卡耶夫 born?"


def test_an_ellipsis_in_another_language_than_the_question_before_is_left_alone() -> None:
    assert ask("2024年小麦产量是多少？", "1亿吨[1]", "And in 2023?") == "And in 2023?"


def test_a_bare_year_is_in_the_language_of_the_question_before() -> None:
    assert ask("How much wheat was grown in 2022?", "1[1]", "2023?") == "How much wheat was grown in 2023?"
    assert ask("2022年小麦产量是多少？", "1[1]", "2023年？") == "2023年小麦产量是多少？"


NASTY = [
    "呢",
    "那呢？",
    "他",
    "And?",
    "And in ?",
    "А?",
    "Ал ше?",
    "ше",
    "😀呢？",
    "\u202e那去年呢\u202c",
    "a\x00b",
    "[1][2]",
    "(((",
    "那\\呢",
    "他他他他他",
    "it it it",
    "他\n她",
    "İstanbul ıı",
    "عربي 中文 Қазақ 한국어 日本語 ไทย",
    "<script>那去年呢</script>",
]


@pytest.mark.parametrize("question", NASTY)
@pytest.mark.parametrize(
    "base", ["2024年谁访问了西安？", "Who visited Xi'an in 2024?", "Кто был в Сиане?", "Сианьда кім болды?", "((("]
)
def test_nasty_questions_give_a_text(base: str, question: str) -> None:
    assert isinstance(standalone(question, [Turn(base, "[1]"), Turn(question, question)]), str)


def test_a_question_of_a_megabyte_comes_back_at_once_and_unchanged() -> None:
    long = "那去年呢他" * 200_000
    assert standalone(long, [Turn("谁？", "托卡耶夫[1]")]) is long


def test_a_history_of_megabytes_is_only_glanced_at() -> None:
    long = "托卡耶夫访问西安" * 100_000
    assert isinstance(standalone("他是谁？", [Turn(long, long), Turn(long, long)]), str)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_any_text_gives_a_text_and_the_same_one_twice(question: str, base: str, answer: str) -> None:
    history = [Turn(base, answer)]
    assert standalone(question, history) == standalone(question, history)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="那去年呢他它的是谁哪里2024年西安And in itheАнеолшеқ？? ", max_size=16))
def test_text_made_of_follow_up_words_never_breaks(question: str) -> None:
    for base in ("2024年托卡耶夫访问了西安吗？", "Where is it?", "Где он был?", "Ол қайда?"):
        assert isinstance(standalone(question, [Turn(base, "西安[1]")]), str)


def test_loading_the_tagger_prints_and_warns_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    from rag.tagging import tagged

    logging.getLogger().warning("")
    capfd.readouterr()
    assert [word for word, _ in tagged("第二届峰会去年举行")] == ["第二届", "峰会", "去年", "举行"]
    assert capfd.readouterr() == ("", "")
    assert "jieba" in sys.modules


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Казахстан", "Казахстан Казахстана Казахстану Казахстан Казахстаном Казахстане"),
        ("Россия", "Россия России России Россию Россией России"),
        ("Астана", "Астана Астаны Астане Астану Астаной Астане"),
        ("Китай", "Китай Китая Китаю Китай Китаем Китае"),
        ("Тянь-Шань", "Тянь-Шань Тянь-Шаня Тянь-Шаню Тянь-Шань Тянь-Шанем Тянь-Шане"),
        ("Токаев", "Токаев Токаева Токаеву Токаева Токаевым Токаеве"),
        ("Чили", "Чили Чили Чили Чили Чили Чили"),
    ],
)
def test_russian_names_are_declined(name: str, forms: str) -> None:
    assert [decline(name, case) for case in ("nom", "gen", "dat", "acc", "ins", "prep")] == forms.split()


@pytest.mark.parametrize("name", ["Қазақстан", "Өзбекстан", "Ресей", "Астана", "Шымкент", "Қытай", "Бейжің", "Бішкек"])
@pytest.mark.parametrize("case", ["gen", "dat", "acc", "loc", "abl"])
def test_kazakh_endings_come_off_as_they_went_on(name: str, case: str) -> None:
    assert stem(inflect(name, case)) == (name, case)


def test_edits_are_made_from_the_end() -> None:
    assert apply("0123456789", [Edit(0, 1, "zero"), Edit(9, 10, "nine"), Edit(5, 5, "|")]) == "zero1234|5678nine"
