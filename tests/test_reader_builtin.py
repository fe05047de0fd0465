"""The reader that ships, on short texts written for these tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import rag.reading
from rag.reading import Reader, load_reader, select_evidence
from rag.records import Evidence, Passage
from rag.splitting import sentences
from tests.reading_tools import NASTY, evidence

ROOT = Path(__file__).parents[1]
FOLDER = Path(rag.reading.__file__).parent / "builtin"
LIMIT = 13 * 2**20

FORUM = (
    "第三届丝路青年论坛18日在陕西西安开幕。来自36个国家的420名青年代表参加论坛。陕西省委副书记赵刚在开幕式上致辞。"
    "论坛为期三天，主题是“共建绿色家园”。\n"
    "去年，西安国际港务区开行中欧班列5200列，同比增长12.5%。港务区管委会主任孙艺民说，今年计划新开通4条线路。\n"
    "由于连日暴雨，蓝田县部分道路中断，交通部门投入300多人抢修。"
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    from embeddings.static import StaticEncoder

    encoder = Path(rag.reading.__file__).parents[2] / "embeddings" / "builtin"
    return load_reader("builtin", StaticEncoder.load(encoder) if encoder.is_dir() else None)


def pieces(text: str = FORUM) -> list[Evidence]:
    passage = Passage("p", "d", 0, text, 0, len(text))
    return [Evidence(text[a:b], passage, a, b, 1.0, 1) for a, b in sentences(text)]


def test_the_shipped_folder_is_whole_and_small() -> None:
    names = {path.name for path in FOLDER.iterdir()}
    assert {"config.json", "model.safetensors", "vocabulary.json", "reader.json", "README.md"} <= names
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= LIMIT


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("谁在开幕式上致辞？", "赵刚"),
        ("有多少名青年代表参加论坛？", "420名"),
        ("论坛在哪里开幕？", "西安"),
        ("去年西安国际港务区开行中欧班列多少列？", "5200列"),
        ("港务区管委会主任是谁？", "孙艺民"),
        ("中欧班列同比增长多少？", "12.5%"),
        ("今年计划新开通几条线路？", "4条"),
        ("蓝田县部分道路为什么中断？", "暴雨"),
    ],
)
def test_a_plain_fact_is_answered_and_its_sentence_cited(reader: Reader, question: str, part: str) -> None:
    offered = select_evidence(question, pieces(), 16)
    reading = reader.read(question, offered)
    claim = reading.claims[0]
    assert part in offered[claim.index].text[claim.start : claim.end]
    assert reading.confidence >= reader.threshold


@pytest.mark.parametrize("question", ["苹果公司的总裁是谁？", "火星探测器什么时候发射？", "小麦的收购价格是多少元？"])
def test_what_is_not_there_is_refused(reader: Reader, question: str) -> None:
    assert reader.read(question, pieces()).confidence < reader.threshold


def test_other_articles_are_asked_apart(reader: Reader) -> None:
    """Read together a likelier article hides another; one about something else is no rival."""
    bridge = "芦江大桥昨日通车。大桥全长2860米，双向六车道。"
    report = "芦江大桥通车在即。据设计方介绍，大桥全长3100米，总投资18亿元。"
    race = "半程马拉松周日开跑。起点设在芦江大桥，全程21.0975公里，1.86万人报名。"

    def rivals(*texts: str) -> list[str]:
        offered = [
            Evidence(text[a:b], Passage(f"p{n}", f"d{n}", 0, text, 0, len(text)), a, b, 1.0, n + 1)
            for n, text in enumerate(texts)
            for a, b in sentences(text)
        ]
        reading = reader.read("芦江大桥全长多少米？", offered)
        best = reading.claims[0]
        assert "米" in offered[best.index].text[best.start : best.end]
        return [offered[claim.index].text[claim.start : claim.end] for claim in reading.rivals]

    assert rivals(bridge, report) in (["3100米"], ["2860米"])
    assert rivals(bridge, race) == []


def test_a_question_in_the_text_is_no_answer(reader: Reader) -> None:
    text = "为什么雨没有去年多，城区积水却比去年深？气象部门解释说，因为排水管网老化，泵站又在检修。"
    offered = [Evidence(text[a:b], Passage("p", "d", 0, text, 0, len(text)), a, b, 1.0, 1) for a, b in sentences(text)]
    assert offered[reader.read("为什么城区积水比去年深？", offered).claims[0].index].text.startswith("气象")


def test_traditional_and_full_width_questions_meet_the_text(reader: Reader) -> None:
    offered = pieces()
    for question in ("誰在開幕式上致辭？", "港務區管委會主任是誰？"):
        claim = reader.read(question, offered).claims[0]
        assert offered[claim.index].text[claim.start : claim.end] in ("赵刚", "陕西省委副书记赵刚", "孙艺民")


def test_reading_twice_gives_the_same(reader: Reader) -> None:
    assert reader.read("谁致辞？", pieces()) == reader.read("谁致辞？", pieces())


@pytest.mark.parametrize("text", NASTY)
def test_nasty_strings_give_valid_spans(reader: Reader, text: str) -> None:
    offered = [*evidence(text), *pieces()]
    for claim in reader.read(text, offered).claims:
        assert 0 <= claim.start < claim.end <= len(offered[claim.index].text)


def test_it_reads_without_an_encoder() -> None:
    reading = load_reader("builtin", None).read("谁在开幕式上致辞？", pieces())
    assert reading.claims


def test_reading_imports_no_deep_learning_framework() -> None:
    """What takes longest to start is not needed between a question and its answer."""
    code = (
        "import sys; from rag.reading import load_reader; from tests.reading_tools import evidence; "
        "claims = load_reader('builtin', None).read('论坛在哪里开幕？', evidence('论坛在西安开幕。')).claims; "
        "assert claims; print(sorted({'torch', 'transformers', 'gradio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
