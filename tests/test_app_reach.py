"""Whether all of the page can be reached: with the Tab key alone, by name, and on a phone. In a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, Pages, Seen, Visitor, tab

FIGURE = "首月日均车流量多少万辆？"
TABS = [
    "提问",
    "设置",
    "检索",
    pytest.param("文献", marks=pytest.mark.slow),
    pytest.param("历史", marks=pytest.mark.slow),
]
MOST_STOPS = 120

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flaky(reruns=2, only_rerun="TimeoutError"),  # a real browser on a busy machine is late at times
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium to drive"),
]

_LOOK = """() => {
  const look = (element) => {
    const parts = [];
    for (let one = element, i = 0; one && i < 4; one = one.parentElement, i++) {
      const style = getComputedStyle(one);
      parts.push(style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
        style.backgroundColor, style.color, style.opacity);
    }
    return parts.join('|');
  };
  const before = window.stop ? [window.stop.seen, look(window.stop.element)] : ['', ''];
  const now = document.activeElement, box = now.getBoundingClientRect();
  window.stop = { element: now, seen: look(now) };
  const writes = now.matches('textarea, input:not([type]), input[type=text], input[type=number]');
  return {
    changed: before[0] !== before[1],
    writes,
    id: now === document.body ? 'body' : now.outerHTML.slice(0, 300),
    inView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    order: now.tabIndex,
  };
}"""


@dataclass
class Stop:
    """Where the focus stands: its HTML, role and name, whether it is in view and can be seen to have the focus."""

    html: str
    role: str
    name: str
    in_view: bool
    order: int
    seen: bool


def stops(visitor: Visitor) -> Iterator[Stop]:
    """Press Tab until the focus leaves the page; yield where it stood."""
    session = visitor.context.new_cdp_session(visitor.page)
    visitor.page.evaluate("() => { delete window.stop; document.activeElement.blur(); }")
    before: Stop | None = None
    for _ in range(MOST_STOPS):
        visitor.page.keyboard.press("Tab")
        visitor.page.wait_for_timeout(60)
        found = visitor.page.evaluate(_LOOK)
        if before is not None:
            before.seen = before.seen or found["changed"]
            yield before
        if found["id"] == "body":
            return
        handle = session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        node = session.send("Accessibility.getPartialAXTree", {"objectId": handle, "fetchRelatives": False})["nodes"][0]
        before = Stop(
            found["id"],
            node.get("role", {}).get("value", ""),
            node.get("name", {}).get("value", "").strip(),
            found["inView"],
            found["order"],
            found["writes"],  # the caret shows it
        )
    pytest.fail(f"the focus does not leave the page after {MOST_STOPS} stops")


@pytest.mark.parametrize("name", TABS)
def test_every_stop_of_the_tab_key_is_in_view_has_a_name_and_shows_the_focus(visitor: Visitor, name: str) -> None:
    visitor.ask(FIGURE).locator(".cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    tab(visitor, name)
    if name == "检索":
        visitor.page.fill("#search textarea", "大桥")
        visitor.page.press("#search textarea", "Enter")
        visitor.page.wait_for_selector("#found .found li")
    visitor.page.wait_for_timeout(1000)  # what is drawn anew under the focus takes it away
    found = list(stops(visitor))
    assert len(found) > 5
    assert [stop.html for stop in found if not stop.name] == []
    assert [stop.html for stop in found if not stop.in_view] == []
    assert [stop.html for stop in found if not stop.seen] == []
    assert [stop.html for stop in found if stop.order > 0] == []


def test_a_list_of_documents_long_enough_to_scroll_does_not_catch_the_focus(
    browser: Any, tmp_path: Path, pages: Pages
) -> None:
    files = [tmp_path / f"{number}号井.txt" for number in range(40)]
    for number, file in enumerate(files):
        file.write_text(f"{number}号井深{number}米。\n", "utf-8")
    visitor = Visitor(browser, pages.start(tmp_path / "library", "--samples"))
    visitor.page.set_input_files("#ask-buttons input[type=file]", [str(file) for file in files])
    visitor.page.wait_for_selector(f".note:has-text('已添加 {len(files)}')")
    tab(visitor, "检索")
    visitor.page.locator("#document input").focus()
    visitor.page.wait_for_function("document.querySelector('[role=listbox]').children.length > 40")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.closest('#headline') !== null")
    visitor.close()
    assert visitor.seen == Seen()


@pytest.mark.parametrize("name", TABS)
def test_on_a_phone_nothing_stands_outside_the_page(browser: Any, address: str, name: str) -> None:
    visitor = Visitor(browser, address, viewport={"width": 390, "height": 844})
    visitor.ask(FIGURE)
    tab(visitor, name)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    outside = visitor.page.evaluate(
        """() => [...document.querySelectorAll('button, input, textarea')]
          .filter(one => one.offsetParent && one.type !== 'file' && !one.closest('.bars'))
          .map(one => [one, one.getBoundingClientRect()])
          .filter(([one, box]) => box.width > 1 && (box.right > 391 || box.left < -1))
          .map(([one, box]) => [one.outerHTML.slice(0, 200), box.left, box.right])"""
    )
    assert outside == []
    if name == "检索":
        boxes = [visitor.page.locator(f"#{box}").bounding_box() for box in ("after", "before", "document", "headline")]
        assert all(box["width"] >= 110 and box["height"] >= 34 for box in boxes)
    visitor.close()
    assert visitor.seen == Seen()
