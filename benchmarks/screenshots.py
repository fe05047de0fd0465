"""Renews the pictures in ``docs/screenshots``: ``python -m benchmarks.screenshots [NAME…]``.

Starts the page as a user does, on a new library with the sample papers, and photographs it in a real browser: desktop
and phone, light and dark, Chinese and English. The evaluation tab shows the runs in ``runs/`` (``make eval``). Wants
playwright and Chromium (the tests' extra).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.opening import FLAGS, PATIENCE, READY, served

OUT = Path("docs/screenshots")
DESKTOP, PHONE = (1280, 800), (390, 844)
BRIDGE, MISSING = "芦江大桥总投资多少亿元？", "芦江大桥的总设计师毕业于哪所大学？"


def opening(page: Any) -> None:
    """Nothing is done: what is there when the page has just been opened."""


def answer(page: Any, question: str = BRIDGE) -> None:
    """Ask, and open the first citation."""
    refuse(page, question)
    page.locator(".turn .evidence .cite").first.click()
    page.wait_for_selector('.source[data-open="asked"]')
    page.mouse.move(0, 0)


def refuse(page: Any, question: str = MISSING) -> None:
    """Ask."""
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.wait_for_selector(".turn > .tools")
    page.wait_for_selector("#composer .submit-button")
    page.wait_for_timeout(1500)  # what else could be asked


def raw(page: Any) -> None:
    """The quote in the raw text."""
    answer(page)
    page.click('#source [data-view="raw"]')


def look(tab: str, wait: str, before: Callable[[Any], None] = opening) -> Callable[[Any], None]:
    """What opens a tab and waits until its list is there."""

    def opened(page: Any) -> None:
        before(page)
        page.get_by_role("tab", name=tab, exact=True).click()
        page.wait_for_selector(wait)
        page.wait_for_timeout(1200)

    return opened


def search(page: Any) -> None:
    """Search, and open the first hit."""
    look("检索", "#search textarea")(page)
    page.fill("#search textarea", "大桥通车后的车流量")
    page.press("#search textarea", "Enter")
    page.wait_for_selector("#found .found li")
    page.locator("#found .found li button").first.click()
    page.wait_for_timeout(1500)


def evaluation(page: Any) -> None:
    """The last run's report."""
    look("评测", "#run-view")(page)
    page.wait_for_selector("#report iframe")
    page.wait_for_timeout(1500)


@dataclass(frozen=True)
class Shot:
    """A picture: of what, and how the browser is set."""

    act: Callable[[Any], None]
    language: str = "zh-CN"
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"


SHOTS = {
    "welcome-zh": Shot(opening),
    "answer-zh": Shot(answer),
    "raw-text-zh": Shot(raw),
    "refusal-zh": Shot(refuse),
    "library-zh": Shot(look("文献", "#documents .row-main")),
    "search-zh": Shot(search),
    "evaluation-zh": Shot(evaluation),
    "answer-en-dark": Shot(answer, "en", scheme="dark"),
    "history-en-dark": Shot(look("History", ".rows .row-main", answer), "en", scheme="dark"),
    "settings-en-dark": Shot(look("Settings", "#rates"), "en", scheme="dark"),
    "phone-zh": Shot(refuse, size=PHONE),
    "phone-source-zh": Shot(answer, size=PHONE),
    "phone-en-dark": Shot(opening, "en", PHONE, "dark"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Take the pictures named, or all."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m benchmarks.screenshots", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(["opening-zh", *SHOTS]))
    parser.add_argument("--chromium", default="/usr/bin/chromium", metavar="PATH")
    parser.add_argument("--out", type=Path, default=OUT, metavar="DIR")
    arguments = parser.parse_args(argv)
    chosen = arguments.names or ["opening-zh", *SHOTS]
    arguments.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, served() as (address, _):
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=FLAGS)
        first = _page(browser, Shot(opening), address)
        if "opening-zh" in chosen:
            first.wait_for_selector("body.opening")
            first.screenshot(path=arguments.out / "opening-zh.png")
        first.wait_for_selector(READY)
        first.context.close()
        for name in chosen:
            if name not in SHOTS:
                continue
            page = _page(browser, SHOTS[name], address)
            page.wait_for_selector(READY)
            page.wait_for_selector(".welcome:visible")
            page.wait_for_timeout(1000)
            SHOTS[name].act(page)
            page.wait_for_timeout(300)
            page.screenshot(path=arguments.out / f"{name}.png")
            print(name, flush=True)
            page.context.close()
        browser.close()
    return 0


def _page(browser: Any, shot: Shot, address: str) -> Any:
    width, height = shot.size
    context = browser.new_context(
        locale=shot.language, color_scheme=shot.scheme, viewport={"width": width, "height": height}
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


if __name__ == "__main__":
    raise SystemExit(main())
