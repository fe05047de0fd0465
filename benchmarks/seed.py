"""Ask the real newspaper page twenty-five questions with known answers: ``python -m benchmarks.seed [FOLDER]``.

The page is not part of this project; FOLDER (default ``../shared/seeds``) holds it. Prints each reply, how many
are right, how many of those cite a sentence that holds the answer, and how many of the five questions that the page
does not answer are refused.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from rag.library import Library
from rag.spans import holds, squeeze

ANSWERED = [
    ("去年中国同中亚国家的双边贸易额达到多少？", "948亿美元"),
    ("西安峰会以来双边贸易额增长了百分之多少？", "35%"),
    ("第二届中国－中亚峰会在哪里举行？", "阿斯塔纳"),
    ("习近平主席什么时候乘专机抵达阿斯塔纳？", "6月16日"),
    ("未来两年向中亚国家提供多少个培训名额？", "3000个"),
    ("中国与中亚国家的友城数量突破多少对？", "100对"),
    ("10多年来习近平主席几次到访中亚？", "9次"),
    ("霍尔果斯海关关长是谁？", "毛荣刚"),
    ("宁夏国际荒漠化防治合作中心副主任叫什么名字？", "董燕彪"),
    ("苏豪控股集团的董事长是谁？", "周勇"),
    ("荒漠化防治合作中心落户哪里？", "宁夏"),
    ("侯家桥村的合作社流转了多少土地？", "620余亩"),
    ("侯家桥村村民每亩地年租金加分红可收入多少？", "950元"),
    ("陈家铺镇党委书记是谁？", "胡金岭"),
    ("哪个城市同杜尚别首飞了直航？", "北京"),
    ("孝老食堂为多少岁以上的老人免费提供早午餐？", "75岁以上"),
    ("“中国中亚合作高质量发展年”是哪两年？", "2025至2026年"),
    ("《人民言论报》副主编是谁？", "肯扎耶夫"),
    ("哈萨克斯坦国家博物馆馆长是谁？", "贝里克·阿布德哈利乌勒"),
    ("陈家铺镇有多少个村实施了村级民生实事？", "42个村"),
]
UNANSWERED = [
    "中吉乌铁路全长多少公里？",
    "侯家桥村有多少人口？",
    "第三届中国－中亚峰会将在哪一年举行？",
    "上海今年的平均房价是多少？",
    "谁获得了诺贝尔物理学奖？",
]


def main(folder: Path) -> None:
    """Ask everything and print what came back."""
    right = cited = exact = refused = 0
    slowest = 0.0
    with tempfile.TemporaryDirectory() as place, Library.open(place) as library:
        print(library.add(folder))
        library.answer("热身")
        for question, wanted in ANSWERED:
            begun = time.perf_counter()
            reply = library.answer(question)
            slowest = max(slowest, time.perf_counter() - begun)
            good = squeeze(wanted) in squeeze(reply.short)
            backed = good and any(squeeze(wanted) in squeeze(c.quote) for c in reply.citations)
            right, cited = right + good, cited + backed
            exact += all(holds(library.document(c.document).text, c.start, c.end, c.quote) for c in reply.citations)
            mark = "ok " if good else "BAD"
            print(f"{mark} {question} → {reply.short or '(refused)'} [{wanted}] {reply.confidence:.2f}")
        for question in UNANSWERED:
            reply = library.answer(question)
            refused += reply.abstained
            mark = "ok " if reply.abstained else "BAD"
            print(f"{mark} {question} → {reply.short or '(refused)'} {reply.confidence:.2f}")
    print(
        f"right {right}/{len(ANSWERED)}, of these with a right citation {cited}, quotes exact {exact}/{len(ANSWERED)}"
    )
    print(f"refused {refused}/{len(UNANSWERED)}; slowest warm answer {slowest * 1000:.0f} ms")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/seeds"))
