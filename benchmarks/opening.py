"""How soon the page is there: ``python -m benchmarks.opening [--starts 5]``.

Starts the page as a user does, on a new library with the sample papers, and opens it in a browser that is already
running. Prints, in seconds from the start of the process, the median and the range of: the opening page, in which a
question can be written and sent; the whole page, its question box ready; the models; and, apart, the time from asking
the first question to its answer. Wants playwright and Chromium (the tests' extra). ``--names`` writes anew which of
Gradio's files the page fetches ahead.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from page.frontend import NAMES, PREFIX

READY = '#status-line[data-state="good"]'
QUESTION = "首月日均车流量多少万辆？"
PATIENCE = 60_000  # milliseconds
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(argv: Sequence[str] | None = None) -> int:
    """Start the page several times and print the figures."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m benchmarks.opening", description=main.__doc__)
    parser.add_argument("--starts", type=int, default=5, metavar="N")
    parser.add_argument("--chromium", default="/usr/bin/chromium", metavar="PATH")
    parser.add_argument("--names", action="store_true", help="write page/frontend.txt")
    arguments = parser.parse_args(argv)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=FLAGS)
        if arguments.names:
            NAMES.write_text("".join(f"{name}\n" for name in _names(browser)), "utf-8")
            return 0
        seen = [_start(browser) for _ in range(arguments.starts)]
        browser.close()
    for name in seen[0]:
        values = [one[name] for one in seen]
        print(f"{name:24} {statistics.median(values):5.2f} s  ({min(values):.2f}–{max(values):.2f})")
    print(f"{'load of the machine':24} {os.getloadavg()[0]:5.2f}")
    return 0


@contextmanager
def served() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the page as a user does, on a new library with the sample papers; yield its address and its process."""
    with tempfile.TemporaryDirectory(prefix="yinju-page-") as folder:
        command = [sys.executable, "-m", "rag", "serve", "--samples", "--port", "0", "--library", folder]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the page did not start"
            yield found.group(), process
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()


def _start(browser: Any) -> dict[str, float]:
    """Return the seconds of one start."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE)
    seen, began = {}, time.monotonic()
    with served() as (address, _):
        page.goto(address)
        page.wait_for_selector("body.opening #draft")
        seen["opening page"] = time.monotonic() - began
        page.wait_for_selector("#question textarea")
        seen["whole page"] = time.monotonic() - began
        page.wait_for_selector(READY)
        seen["models ready"] = time.monotonic() - began
        asked = time.monotonic()
        page.fill("#question textarea", QUESTION)
        page.press("#question textarea", "Enter")
        page.wait_for_selector(".turn .short")
        seen["first answer, warm"] = time.monotonic() - asked
        page.context.close()
    return seen


def _names(browser: Any) -> list[str]:
    """Return which of Gradio's files a browser fetches for the page, in either language."""
    found = {}
    with served() as (address, _):
        for language in ("zh-CN", "en"):
            page = browser.new_context(locale=language).new_page()
            page.set_default_timeout(PATIENCE)
            page.goto(address)
            page.wait_for_selector(READY)
            fetched: list[str] = []
            page.on("request", lambda request, fetched=fetched: fetched.append(request.url))
            page.reload()
            page.wait_for_selector("#question textarea")
            found.update({url.rpartition("/")[2]: 1 for url in fetched if PREFIX in url})
            page.context.close()
    return list(found)


if __name__ == "__main__":
    raise SystemExit(main())
