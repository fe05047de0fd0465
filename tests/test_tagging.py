import subprocess
import sys

from rag.tagging import tagged

REFERENCE = """
import logging, tempfile, warnings
warnings.simplefilter("ignore")
import jieba, jieba.posseg
jieba.setLogLevel(logging.WARNING)
jieba.dt.tmp_dir = tempfile.mkdtemp()
print([(p.word, p.flag) for p in jieba.posseg.dt.cut(TEXT)])
"""
TEXT = "去年6月17日，宁夏国际荒漠化防治合作中心副主任董燕彪在阿斯塔纳说，双边贸易额达到948亿美元。Hello 世界"


def test_words_and_tags_are_the_ones_jieba_gives_when_it_loads_itself() -> None:
    code = REFERENCE.replace("TEXT", repr(TEXT))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(tagged(TEXT))


def test_no_character_is_lost() -> None:
    assert "".join(word for word, _ in tagged(TEXT)) == TEXT
    assert tagged("") == []
