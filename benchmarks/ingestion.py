"""What adding files costs: time, throughput and memory, from a few files to many, and a PDF of many pages.

    python -m benchmarks.ingestion [--files 100 1000 10000] [--plot docs/ingestion-memory.png] [--pdf-pages 100]

Files are generated pages of one short article each, all different. Each run is a process of its own with a
new library, the built-in encoder and as many worker processes as there are cores. Memory is the resident set
of the process that writes, and the largest worker's; the vector index, which the writer holds, is named beside
it, as it grows with what is searchable (1 KiB a passage). Plotting needs matplotlib, the PDF reportlab.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_SUBJECTS = re.findall("..", "港口铁路医院学校农场市场码头工厂车站公园水库电站桥梁机场")
_PLACES = re.findall("..", "东山西河南湖北岭新城老港青石白沙红旗长江海陵云泽明州临江")
_DEEDS = re.findall("....", "扩建完工重新开放引进设备增加班次降低收费公布计划迎来客人完成检修招收新人")


def page(number: int, sentences: int = 4) -> str:
    """A page with one article, different for every number."""
    rng = random.Random(number)
    lines = []
    for _ in range(sentences):
        text = (
            f"{rng.choice(_PLACES)}的{rng.choice(_SUBJECTS)}今年{rng.choice(_DEEDS)}，共投入"
            f"{rng.randint(100, 99999)}万元，比去年多{rng.randint(2, 98)}%，第{number}号文件说，"
            f"明年还要{rng.choice(_DEEDS)}。"
        )
        lines += [text[at : at + 18] for at in range(0, len(text), 18)]
    return f"{rng.choice(_PLACES)}{rng.choice(_SUBJECTS)}{rng.choice(_DEEDS)}\n" + "\n".join(lines) + "\n"


def resident() -> float:
    """The memory of this process in MiB: its resident set without the pages of files, which are the system's."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def add_one(folder: Path, library: Path) -> dict[str, object]:
    """Add ``folder`` to a new library and return what it cost; ``curve`` is (files done, MiB) pairs."""
    from rag import Library

    curve: list[tuple[int, float]] = []

    def progress(done: int, total: int, path: str) -> None:
        if not path or done % max(1, total // 50) == 0:
            curve.append((done, resident()))

    with Library.open(library) as opened:
        began, cpu = time.perf_counter(), time.process_time()
        report = opened.add(folder, progress)
        wall = time.perf_counter() - began
        cpu = time.process_time() - cpu
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "files": len(report.added),
        "failed": len(report.failed),
        "passages": report.passages,
        "wall_s": wall,
        "writer_cpu_s": cpu,
        "worker_cpu_s": children.ru_utime + children.ru_stime,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "worker_peak_mib": children.ru_maxrss / 1024,
        "index_mib": (library / "vectors.faiss").stat().st_size / 2**20,
        "curve": curve,
    }


def measured(folder: Path, library: Path) -> dict[str, object]:
    """``add_one`` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ingestion", "--one", str(folder), str(library)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def newspaper_pdf(path: Path, pages: int) -> None:
    """Write a born-digital PDF of ``pages`` pages of four columns."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = canvas.Canvas(str(path), pagesize=(1000, 1400))
    for number in range(pages):
        sheet.setFont("STSong-Light", 10)
        text = "".join(page(1_000_000 + 100 * number + part, 8) for part in range(8)).replace("\n", "")
        lines = [text[at : at + 20] for at in range(0, len(text), 20)]
        for at, line in enumerate(lines[: 4 * 80]):
            sheet.drawString(50 + at // 80 * 230, 1340 - at % 80 * 16, line)
        sheet.showPage()
    sheet.save()


def plot(runs: Sequence[dict[str, object]], path: Path) -> None:
    """Draw the memory of the writing process over the files done, a line for each run."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 3.6))
    for run in runs:
        curve = run["curve"]
        axes.plot(*zip(*curve, strict=True), marker=".", label=f"{run['files']} files")  # type: ignore[call-overload]
    axes.set(xscale="symlog", xlabel="files added", ylabel="memory of the writer, MiB", ylim=(0, None))
    axes.legend()
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def main() -> int:
    """Run all sizes and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--files", type=int, nargs="*", default=[100, 1000, 10_000])
    parser.add_argument("--pdf-pages", type=int, default=0)
    parser.add_argument("--plot", type=Path, metavar="FILE")
    parser.add_argument("--one", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(add_one(*options.one)))
        return 0
    print(
        "| files | MB | failed | passages | wall s | files/s | CPU s, writer + workers | "
        "peak MiB, writer | worker | vector index |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    runs = []
    for count in [*options.files, *([-options.pdf_pages] if options.pdf_pages else [])]:
        with tempfile.TemporaryDirectory(prefix="yinju-ingestion-") as temporary:
            folder = Path(temporary) / "papers"
            folder.mkdir()
            for number in range(count):
                (folder / f"{number:06}.txt").write_text(page(number), "utf-8")
            if count < 0:
                newspaper_pdf(folder / "book.pdf", -count)
            size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
            run = measured(folder, Path(temporary) / "library")
        name = f"{run['files']}" if count > 0 else f"one PDF, {-count} pages"
        print(
            f"| {name} | {size:.1f} | {run['failed']} | {run['passages']} | {run['wall_s']:.1f} | "
            f"{run['files'] / run['wall_s']:.1f} | "  # type: ignore[operator]
            f"{run['writer_cpu_s']:.1f} + {run['worker_cpu_s']:.1f} | {run['peak_mib']:.0f} | "
            f"{run['worker_peak_mib']:.0f} | {run['index_mib']:.0f} |",
            flush=True,
        )
        if count > 0:
            runs.append(run)
    if options.plot:
        plot(runs, options.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
