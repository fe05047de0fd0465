"""The question maker: same seed same rows, exact whole spans, no answer in its own question, honest traps."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from training.questions.__main__ import main
from training.questions.counting import count_forms, pattern
from training.questions.forms import FORMS, body_word, place_word
from training.questions.glossing import Glosser, load_glossary, number_words
from training.questions.lexicon import learn
from training.questions.maker import make
from training.questions.nearmiss import Pool, facts_of, swapped
from training.questions.numbers import number_candidates
from training.questions.others import make_foreign
from training.questions.paraphrase import dressed
from training.questions.records import KINDS, Article, Question, read_questions, write_questions
from training.questions.sources import clean_chinese, read_articles, split_sentences
from training.questions.spans import candidates
from training.questions.wording import ask

SENTENCES = (
    "2013年9月7日，青河市文化馆举行第三届民间艺术展览。",
    "青河市文化馆馆长王文涛表示，本次展览将持续到10月底。",
    "展览吸引了1.2万名观众参观，门票收入达到300万元。",
    "受台风影响，青河市博物馆临时关闭三天。",
    "为了方便老年读者购票，青河市新华书店设置了线下购票网点。",
    "民警通过制作宣传手册和入户走访，向群众讲解防骗知识。",
    "捐赠物资包括方便面、火腿肠、矿泉水和帐篷。",
    "代表团在北京参观了中国科学院自动化研究所。",
    "青河大学发布《青河市城市发展报告》，介绍城市更新经验。",
    "青河市去年的粮食产量为25.6万吨，同比增长3.5%。",
    "连接两岸的青河大桥全长1216米，总投资约8亿元。",
    "俄罗斯总统普京在莫斯科会见了来访的客人。",
    "青河博物馆是全国最早的县级博物馆之一。",
    "青河市志愿者协会组织了一场防洪知识讲座。",
)
OTHER = (
    "白云小学的学生种下了二十棵树。",
    "校长陈晓东说，学校今后每年都会组织植树活动。",
    "植树活动在云岭公园举行，家长们也参加了劳动。",
    "学校为每名学生准备了一副手套和一把铁锹。",
)


def article(sentences: Sequence[str], name: str) -> Article:
    return Article(name, "zh", "", tuple(sentences))


@pytest.fixture(scope="module")
def rows() -> list[Question]:
    articles = [article(SENTENCES, "one-0"), article(OTHER, "two-0"), article(SENTENCES[::-1], "three-0")]
    return list(islice(make(articles, random.Random(7)), 600))


def answers(sentence: str) -> dict[str, str]:
    return {sentence[c.start : c.end]: c.role for c in candidates(sentence)}


def test_the_same_seed_gives_the_same_rows() -> None:
    articles = [article(SENTENCES, "one-0"), article(OTHER, "two-0")]
    first = list(islice(make(articles, random.Random(3)), 80))
    assert first == list(islice(make(articles, random.Random(3)), 80))
    assert first != list(islice(make(articles, random.Random(4)), 80))


def test_spans_are_exact_and_inside_the_named_sentence(rows: list[Question]) -> None:
    for row in rows:
        if row.answerable:
            assert 0 <= row.start < row.end <= len(row.sentences[row.index])
            assert row.answer and row.answer == row.answer.strip("，。 ")
        else:
            assert (row.index, row.start, row.end, row.answer) == (-1, 0, 0, "")
        assert 3 <= len(row.sentences) <= 13


def test_no_question_contains_its_answer(rows: list[Question]) -> None:
    plain = re.compile(r"[\s，,《》“”]")
    for row in rows:
        if row.answerable:
            assert plain.sub("", row.answer) not in plain.sub("", row.question)


def test_unanswerable_rows_are_about_a_quarter_and_of_every_sort(rows: list[Question]) -> None:
    share = sum(not row.answerable for row in rows) / len(rows)
    assert 0.12 < share < 0.35
    assert {row.trap for row in rows if not row.answerable} == {"swapped", "removed", "elsewhere"}
    assert all(row.trap == "" for row in rows if row.answerable)


def test_a_removed_answer_stands_nowhere_in_the_evidence(rows: list[Question]) -> None:
    by_question = {row.question: row.answer for row in rows if row.answerable}
    checked = 0
    for row in rows:
        if row.trap in ("removed", "elsewhere") and row.question in by_question:
            assert by_question[row.question] not in "".join(row.sentences)
            checked += 1
    assert checked > 5


def test_every_kind_is_made(rows: list[Question]) -> None:
    assert {row.kind for row in rows} == set(KINDS)


@pytest.mark.parametrize(
    ("sentence", "answer", "role"),
    [
        (SENTENCES[0], "2013年9月7日", "date"),
        (SENTENCES[1], "王文涛", "person"),
        (SENTENCES[2], "1.2万名", "count"),
        (SENTENCES[2], "300万元", "money"),
        (SENTENCES[3], "台风影响", "reason"),
        (SENTENCES[4], "方便老年读者购票", "purpose"),
        (SENTENCES[5], "制作宣传手册和入户走访", "means"),
        (SENTENCES[6], "方便面、火腿肠、矿泉水和帐篷", "list"),
        (SENTENCES[7], "北京", "place"),
        (SENTENCES[8], "《青河市城市发展报告》", "work"),
        (SENTENCES[9], "25.6万吨", "measure"),
        (SENTENCES[9], "3.5%", "percent"),
        (SENTENCES[12], "全国最早的县级博物馆之一", "copula"),
    ],
)
def test_an_answer_is_the_whole_unit(sentence: str, answer: str, role: str) -> None:
    assert answers(sentence).get(answer) == role


def test_a_name_never_takes_the_verb_after_it() -> None:
    for verb in ("说", "表示", "指出", "强调"):
        found = answers(f"青河市市长李建国{verb}，今年将新建三所学校。")
        assert "李建国" in found
        assert not any(name.startswith("李建国") and name != "李建国" for name in found)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1700亿元", "元"),
        ("50-80毫米", "毫米"),
        ("4700多支", "支"),
        ("12个百分点", "个百分点"),
        ("18周岁", "周岁"),
        ("3天", "天"),
    ],
)
def test_a_number_keeps_its_unit(text: str, unit: str) -> None:
    found = number_candidates(f"总数达到{text}。")
    assert [(c.unit, f"总数达到{text}。"[c.start : c.end]) for c in found] == [(unit, text)]


@pytest.mark.parametrize("text", ["2013年9月7日", "8月9日至8月31日", "2023年上半年", "今年7月", "8月8日20时30分"])
def test_a_date_is_one_span(text: str) -> None:
    found = number_candidates(f"{text}，大会召开。")
    assert [f"{text}，大会召开。"[c.start : c.end] for c in found] == [text]


def test_a_why_question_is_made_of_the_other_clause() -> None:
    sentence = SENTENCES[3]
    candidate = next(c for c in candidates(sentence) if c.kind == "why")
    asked = {ask(sentence, candidate, random.Random(seed)) for seed in range(20)} - {None}
    assert asked
    assert all("关闭" in question and "台风" not in question for question in asked if question)
    assert any("为什么" in question for question in asked if question)


def test_questions_vary_in_form() -> None:
    sentence = SENTENCES[0]
    candidate = next(c for c in candidates(sentence) if c.kind == "when")
    asked = {ask(sentence, candidate, random.Random(seed)) for seed in range(60)} - {None}
    assert len(asked) >= 8


def test_a_swapped_question_names_what_the_evidence_does_not() -> None:
    pool, rng = Pool(), random.Random(0)
    sentence = SENTENCES[11]
    facts = facts_of(sentence, candidates(sentence))
    changed = swapped("俄罗斯总统普京在哪里会见了客人？", (sentence,), facts, pool, rng)
    assert changed and changed != "俄罗斯总统普京在哪里会见了客人？"
    assert not all(fact in changed for fact in ("俄罗斯总统", "普京"))
    assert swapped("谁来了？", ("没有名字的句子。",), [], pool, rng) is None


def test_question_words_fit_the_answer() -> None:
    assert (place_word("法国"), place_word("江苏省"), place_word("青河机场")) == ("哪个国家", "哪个省", "哪个机场")
    assert (body_word("青河大学"), body_word("商务部"), body_word("青河联盟")) == ("哪所大学", "哪个部门", "哪个机构")


def test_forms_are_counted_by_their_longest_match() -> None:
    assert pattern("{s}是什么时候{p}的").fullmatch("这座桥是什么时候建成的")
    counts = count_forms(["这座桥是什么时候建成的？", "这座桥为什么关闭？", "为什么桥关闭？"])
    assert counts["date"]["{s}是什么时候{p}的"] == 1
    assert counts["reason"]["{s}为什么{p}"] == 1
    assert all(weight > 0 for forms in FORMS.values() for _, weight in forms)


def test_scraping_residue_and_datelines_go() -> None:
    text = "中新社北京7月31日电 (记者 刘文文)降雨  持续三天。(完)返回搜狐，查看更多"
    assert clean_chinese(text) == "降雨持续三天。"
    assert clean_chinese("原标题：桥通车了桥今日通车。大桥全长九百米。责任编辑：张三") == "大桥全长九百米。"
    assert split_sentences("太短。青河大桥今天正式建成通车！他说：“青河大桥终于通车了。”", "zh") == (
        "青河大桥今天正式建成通车！",
        "他说：“青河大桥终于通车了。”",
    )


def test_articles_are_read_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "text"
    folder.mkdir()
    with gzip.open(folder / "crud_news.zh.jsonl.gz", "wt", encoding="utf-8") as stream:
        for text in ("".join(SENTENCES), "".join(SENTENCES), "".join(OTHER), "短。"):
            stream.write(json.dumps({"title": "", "text": text}, ensure_ascii=False) + "\n")
    monkeypatch.setenv("YINJU_DATA", str(tmp_path))
    assert [found.id for found in read_articles("zh")] == ["crud_news-0", "crud_news-2"]
    assert main(["--seed", "1", "--count", "30", "--out", str(tmp_path / "q.jsonl.gz"), "--shards", "2"]) == 0
    first = list(read_questions(tmp_path / "q-00.jsonl.gz"))
    assert len(first) == 15 and first[0].article.startswith("crud_news-")


def test_rows_survive_writing(tmp_path: Path, rows: list[Question]) -> None:
    path = tmp_path / "deep" / "rows.jsonl.gz"
    assert write_questions(rows[:50], path) == 50
    assert list(read_questions(path)) == rows[:50]
    once = path.read_bytes()
    write_questions(rows[:50], path)
    assert path.read_bytes() == once


def test_texts_without_questions_are_refused_plainly() -> None:
    with pytest.raises(ValueError, match="three sentences"):
        next(make([article(("一句。",), "x")], random.Random(0)))
    with pytest.raises(ValueError, match="no question"):
        next(make([article(("啊啊啊啊啊。", "哦哦哦哦哦。", "嗯嗯嗯嗯嗯。"), "x")], random.Random(0)))


@pytest.fixture
def glosser(tmp_path: Path) -> Glosser:
    folder = tmp_path / "dict"
    folder.mkdir()
    lines = [
        "大桥\t大橋\tda4 qiao2\tbig bridge",
        "总\t總\tzong3\ttotal",
        "投资\t投資\ttou2 zi1\tinvestment/to invest",
        "举行\t舉行\tju3 xing2\tto hold",
        "展览\t展覽\tzhan3 lan3\texhibition/to exhibit",
        "文化\t文化\twen2 hua4\tculture",
        "馆\t館\tguan3\thall",
    ]
    with gzip.open(folder / "cc-cedict.zh-en.tsv.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join(lines))
    with gzip.open(folder / "cldr_names.multi.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write(json.dumps({"key": "territories:RU", "en": "Russia", "zh": "俄罗斯"}) + "\n")
    return Glosser(load_glossary(tmp_path, {"ru": {"exhibition": "выставка"}}), {"en": 1.0})


def test_an_english_question_is_glossed_word_by_word(glosser: Glosser) -> None:
    sentence = "2013年9月7日，俄罗斯举行展览。"
    candidate = next(c for c in candidates(sentence) if c.kind == "when")
    made = [glosser(sentence, candidate, random.Random(seed), "") for seed in range(10)]
    assert all(found and found[1] == "en" and "russia hold exhibit" in found[0].lower() for found in made)


def test_a_clause_of_unknown_words_is_not_glossed(glosser: Glosser) -> None:
    sentence = "2013年9月7日，魑魅魍魉跋涉。"
    candidate = next(c for c in candidates(sentence) if c.kind == "when")
    assert glosser(sentence, candidate, random.Random(0), "") is None


def test_numbers_are_said_in_english_scales() -> None:
    assert (number_words("1700亿"), number_words("3万"), number_words("2.5亿")) == (
        "170 billion",
        "30000",
        "250 million",
    )


def test_word_translations_are_learned_from_pairs() -> None:
    learned = learn([("red house", "красный дом"), ("red car", "красный авто"), ("house", "дом")])
    assert learned["red"] == "красный" and learned["house"] == "дом"


def test_an_opening_or_ending_leaves_the_question_whole() -> None:
    assert all("桥有多长" in dressed("桥有多长", random.Random(seed)) for seed in range(50))


@pytest.mark.parametrize(
    ("language", "sentence", "answer", "asked"),
    [
        ("ru", "Император Акихито родился 23 декабря 1933 года в Токио.", "23 декабря 1933 года", "Когда"),
        ("ru", "Семья купила дом за 8,1 миллиона долларов в прошлом месяце.", "8,1 миллиона долларов", "Сколько"),
        ("ja", "2011年4月7日、宮城県沖で大きな地震が発生した。", "2011年4月7日", "いつ"),
        ("ja", "この地震により、少なくとも16人が被害を受けたという。", "16人", "何人"),
        ("kk", "Биылғы жарыстың ұтыс қоры 20 миллион теңгені құрады.", "20 миллион", "қанша"),
    ],
)
def test_other_languages_ask_in_their_own_words(language: str, sentence: str, answer: str, asked: str) -> None:
    filler = {
        "ru": "Погода была хорошей весь день.",
        "ja": "天気はとても良かったという。",
        "kk": "Ауа райы өте жақсы болды деді ол.",
    }[language]
    source = Article("x-0", language, "", (sentence, filler, filler + " ", filler + "  "))
    made = list(islice(make_foreign([source], random.Random(1)), 40))
    hits = [row for row in made if row.answer == answer]
    assert hits and all(asked.lower() in row.question.lower() and row.language == language for row in hits)


def test_a_fact_book_line_becomes_a_question() -> None:
    lines = (
        "Coastline: 998 km",
        "Capital - name: Algiers",
        "Population - total: 47,735,685 (2025 est.)",
        "Area - land: 2,381,740 sq km",
    )
    made = list(islice(make_foreign([Article("cia-0", "en", "Algeria - Geography", lines)], random.Random(1)), 30))
    pairs = {(row.answer, "coastline" in row.question.lower()) for row in made if row.answerable}
    assert ("998 km", True) in pairs
    assert all("Algeria" in row.question for row in made)
