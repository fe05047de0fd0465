"""Drives the page with a real browser: start and stop it, visit it, and note what a visit did besides.

Not a test module: ``test_app*.py`` and ``test_page_models.py`` share it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.spans import squeeze

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 1000 * int(os.environ.get("YINJU_PATIENCE", "20"))  # milliseconds; more on a busy machine


def start(
    folder: Path, *options: str, runs: Path | None = None, models: bool = False
) -> tuple[subprocess.Popen[str], str]:
    """Start the page of the library in ``folder`` as a process; return it and its address.

    With the fakes of ``fakes_page``, or with ``models`` as a user starts it.
    """
    program = [str(ROOT / "tests" / "fakes_page.py"), str(folder)]
    if models:
        program = ["-m", "rag", "serve", "--library", str(folder), "--port", "0"]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "OMP_NUM_THREADS": "1"}
    environment["YINJU_RUNS"] = str(runs or folder / "no runs")
    process = subprocess.Popen(
        [sys.executable, *program, *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, f"the page did not start: {line!r}"
    return process, found.group()


class Pages:
    """Starts pages and stops all that are still running at the end, whatever happened."""

    def __init__(self) -> None:
        self._processes: list[subprocess.Popen[str]] = []

    def start(self, folder: Path, *options: str, **how: Any) -> str:
        """Start a page (see ``start``); return its address."""
        process, address = start(folder, *options, **how)
        self._processes.append(process)
        return address

    def stop(self) -> list[int]:
        """Stop all pages; return their exit codes."""
        codes = [stop(process) for process in self._processes]
        self._processes.clear()
        return codes


def stop(process: subprocess.Popen[str]) -> int:
    """Stop a page as Ctrl+C does; return its exit code."""
    process.terminate()
    try:
        code = process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if process.stdout is not None:
        process.stdout.close()
    return code


@dataclass
class Seen:
    """What a tab did besides showing the page."""

    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


class Visitor:
    """One browser context with one tab on the page."""

    def __init__(self, browser: Any, address: str, *, wait: bool = True, **options: Any) -> None:
        self.seen = Seen()
        self._leaving = False
        options = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 800}} | options
        self.context = browser.new_context(**options)
        self.address = address
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.seen.complaints.append(str(error)))
        self.page.on("request", self._request)
        self.page.on("dialog", self._dialog)
        if wait:
            self.load()
        else:
            self.page.goto(address)

    def load(self) -> None:
        """Load the page, again too, and wait until it can be used."""
        self._leaving = True
        self.page.goto(self.address)
        self._leaving = False
        self.page.wait_for_selector("#question textarea")
        self.page.wait_for_selector('#status-line[data-state="good"]')
        self.page.wait_for_selector(".welcome:visible, .thread > .turn")

    def ask(self, question: str) -> Any:
        """Ask and return the turn with the reply."""
        before = self.page.locator(".turn .tools").count()
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        return self.reply(before)

    def reply(self, index: int) -> Any:
        """Wait for the reply of turn ``index`` (from 0)."""
        turn = self.page.locator(f'.turn[data-turn="{index}"]:has(> .tools)')
        turn.wait_for()
        self.page.wait_for_selector("#composer .submit-button")
        return turn

    def marked(self, pane: str = "restored") -> str:
        """Return the text marked as the quote in the source panel, without white space."""
        return squeeze("".join(self.page.locator(f'[data-pane="{pane}"] mark.quote').all_text_contents()))

    def close(self) -> None:
        self.context.close()

    def _console(self, message: Any) -> None:
        if message.text == "Method not implemented.":
            return  # Gradio's own warning when the progress of an upload ends
        if self._leaving and re.match(r"AbortError|Unexpected error Connection errored out", message.text):
            return  # Gradio's own, of the page that is being left with its stream of events open
        if message.type in ("error", "warning"):
            self.seen.complaints.append(f"{message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.seen.outside.append(request.url)

    def _dialog(self, dialog: Any) -> None:
        self.seen.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def tab(visitor: Visitor, name: str) -> None:
    """Choose a tab by what it is called in Chinese."""
    visitor.page.get_by_role("tab", name=name, exact=True).click()
    visitor.page.wait_for_timeout(600)  # a tab fetches its lists when chosen; nobody types before they are there


def opens_its_characters(visitor: Visitor, evidence: Any, texts: dict[str, str]) -> str:
    """Click the citation of a piece of evidence and check what opens, in both views; return its place.

    The characters named by the panel, taken from the file itself, are the quote; so is what is marked, and the
    mark is in view.
    """
    cite = evidence.locator(".cite").first
    number = cite.text_content().strip()
    paragraph = evidence.locator("p").first
    quote = squeeze(
        paragraph.evaluate(
            "p => [...p.childNodes].filter(n => n.nodeName !== 'BUTTON').map(n => n.textContent).join('')"
        )
    )
    visitor.page.evaluate("document.querySelector('#source .source')?.removeAttribute('data-open')")
    cite.click()
    visitor.page.wait_for_selector(f'#source .source[data-open="asked"]:has(.number:text-is("{number}"))')
    place = visitor.page.locator("#source .file").text_content()
    found = re.fullmatch(r"(.+) · \D*(\d+)–(\d+)\D*", place)
    assert found, place
    assert squeeze(texts[found[1]][int(found[2]) : int(found[3])]) == quote
    for view in ("raw", "restored"):
        visitor.page.click(f'#source [data-view="{view}"]')
        assert visitor.marked(view) == quote
        pane = visitor.page.locator("#source .views").bounding_box()
        mark = visitor.page.locator(f'#source [data-pane="{view}"] mark.quote').first.bounding_box()
        assert pane["y"] - 1 <= mark["y"] + mark["height"] and mark["y"] <= pane["y"] + pane["height"]
    return place
