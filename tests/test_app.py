"""The page in a real browser, over a library with the fakes. Nothing may leave this machine."""

from __future__ import annotations

import base64
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, Pages, Seen, Visitor, opens_its_characters, tab

from page import suggesting
from rag.library import Library
from rag.spans import squeeze
from samples import pages_folder

FIGURE = "首月日均车流量多少万辆？"
NOWHERE = "Xyzzy plugh?"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.flaky(reruns=2, only_rerun="TimeoutError"),  # a real browser on a busy machine is late at times
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium to drive"),
]


def test_a_question_sent_while_the_page_is_opening_is_asked_when_it_is_open(
    browser: Any, tmp_path: Path, pages: Pages
) -> None:
    address = pages.start(tmp_path / "library", "--samples", f"--hold={tmp_path / 'go'}")
    visitor = Visitor(browser, address, wait=False)
    assert visitor.page.locator("body.opening h2").text_content() == "向文献提问"
    visitor.page.fill("#draft", FIGURE)
    visitor.page.press("#draft", "Enter")
    visitor.page.wait_for_selector("#said:has-text('问题已收到')")
    (tmp_path / "go").touch()
    turn = visitor.reply(0)
    assert turn.locator(".asked").text_content() == FIGURE
    assert "2.7万" in turn.locator(".short").first.text_content()
    assert visitor.page.input_value("#question textarea") == ""
    visitor.load()
    assert visitor.page.locator(".turn").count() == 1
    visitor.close()
    assert visitor.seen == Seen()
    assert pages.stop() in ([0], [-15])


def test_an_answer_shows_the_short_answer_first_then_the_quote_with_it_marked(visitor: Visitor) -> None:
    turn = visitor.ask(FIGURE)
    assert turn.locator(".short").first.text_content().startswith("2.7万")
    quote = turn.locator(".evidence").first
    assert "首月日均车流量2.7万辆" in quote.text_content()
    assert quote.locator("mark").text_content() == "2.7万"
    assert "云泽日报" in quote.locator("footer").text_content()
    boxes = [turn.locator(name).first.bounding_box()["y"] for name in (".asked", ".short", ".evidence", ".tools")]
    assert boxes == sorted(boxes)


def test_clicking_a_citation_opens_the_article_with_the_quote_marked_and_in_view(visitor: Visitor) -> None:
    turn = visitor.ask(FIGURE)
    turn.locator(".short .cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    assert "芦江大桥通车首月" in visitor.page.locator(".source h3").text_content()
    quote = squeeze(turn.locator(".evidence p").first.text_content()).removesuffix("1")
    assert visitor.marked() == quote
    assert visitor.page.locator('[data-pane="restored"] mark.quote mark.answer').text_content() == "2.7万"
    view = visitor.page.locator(".views").bounding_box()
    mark = visitor.page.locator('[data-pane="restored"] mark.quote').bounding_box()
    assert view["y"] <= mark["y"] <= view["y"] + view["height"]


def test_twenty_citations_each_open_their_very_characters(visitor: Visitor, fake_library: Library) -> None:
    texts, questions = {}, []
    fake_library.add(pages_folder())
    for document in fake_library.documents():
        texts[Path(document.path).name] = fake_library.document(document.id).text
        for article in fake_library.articles(document.id):
            questions += [found.question for found in suggesting._candidates(document.id, article)[:2]]
    places = []
    for question in questions:
        for evidence in visitor.ask(question).locator(".evidence").all():
            places.append(opens_its_characters(visitor, evidence, texts))
        if len(places) >= 20:
            break
    assert len(places) >= 20 and len(set(places)) >= 15


def test_a_quote_in_a_pdf_is_boxed_on_the_picture_of_its_page(visitor: Visitor, tmp_path: Path) -> None:
    from PIL import Image
    from test_pdf import column, made

    from rag.loading import load, pdf

    lines = ["　　本报讯，新安港码头昨日开工。", "　　新安港码头设计年吞吐量735万吨。", "　　工期预计两年。"]
    path = tmp_path / "新安港.pdf"
    path.write_bytes(made(lambda sheet: column(sheet, lines, 60)))
    visitor.page.set_input_files("#ask-buttons input[type=file]", str(path))
    visitor.page.wait_for_selector(f".note:has-text('{path.name}: 已添加')")
    turn = visitor.ask("新安港码头设计年吞吐量多少万吨？")
    assert turn.locator(".short").first.text_content().startswith("735万")
    turn.locator(".evidence .cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"] [data-pane-of="picture"]')
    visitor.page.click('[data-pane-of="picture"]')
    image = visitor.page.locator("#source .view.picture img")
    image.wait_for(state="visible")
    assert not visitor.page.locator('[data-pane="restored"]').is_visible()
    encoded = image.get_attribute("src").removeprefix("data:image/png;base64,")
    picture = Image.open(io.BytesIO(base64.b64decode(encoded))).convert("RGB")
    raw = load(path, path.read_bytes())
    boxed = []
    for line in lines:
        start = raw.text.index(line.strip())
        ((left, _, right, bottom),) = pdf.rectangles(raw.boxes, start, start + len(line.strip()))
        scale = picture.width / 600
        row = [picture.getpixel((int(x * scale), int((bottom - 0.5) * scale))) for x in range(int(left), int(right))]
        boxed.append(sum(blue < 200 and red > 200 for red, _, blue in row) > len(row) / 2)
    assert boxed == [False, True, False]
    visitor.page.click('#source [data-view="restored"]')
    assert "735万吨" in visitor.marked()


def test_the_raw_page_shows_the_same_characters_marked(visitor: Visitor) -> None:
    visitor.ask(FIGURE)
    restored = visitor.marked()
    visitor.page.click('[data-view="raw"]')
    assert visitor.page.locator('[data-pane="raw"]').is_visible()
    assert not visitor.page.locator('[data-pane="restored"]').is_visible()
    assert visitor.marked("raw") == restored
    view = visitor.page.locator(".views").bounding_box()
    mark = visitor.page.locator('[data-pane="raw"] mark.quote').bounding_box()
    assert view["y"] <= mark["y"] + mark["height"] and mark["y"] <= view["y"] + view["height"]


def test_a_refusal_says_so_and_offers_the_closest_passages_that_open(visitor: Visitor) -> None:
    turn = visitor.ask(NOWHERE)
    assert turn.locator(".short").text_content() == "The documents do not say."
    assert turn.locator(".cite").count() == 0
    assert turn.locator(".hit").count() == 3
    turn.locator(".hit").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"] mark.quote')
    snippet = squeeze(turn.locator(".hit span").first.text_content()).rstrip("…")
    assert visitor.marked().startswith(snippet[:20])


def test_the_page_speaks_the_browsers_language(browser: Any, address: str) -> None:
    for locale, said in (("zh-CN", "向文献提问"), ("en-GB", "Ask the documents"), ("fr-FR", "Ask the documents")):
        visitor = Visitor(browser, address, locale=locale)
        assert visitor.page.locator(".welcome h2").text_content() == said
        visitor.close()
        assert visitor.seen == Seen()


def test_the_conversation_is_still_there_after_a_reload_with_its_citations(visitor: Visitor) -> None:
    turn = visitor.ask(FIGURE)
    before = turn.locator(".reply").inner_html()
    visitor.load()
    turn = visitor.reply(0)
    assert turn.locator(".reply").inner_html() == before
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    assert "首月日均车流量2.7万辆" in visitor.marked()


def test_a_new_conversation_begins_empty(visitor: Visitor) -> None:
    visitor.ask(FIGURE)
    visitor.page.click("#new")
    visitor.page.wait_for_selector(".welcome")
    assert visitor.page.locator(".turn").count() == 0
    assert visitor.page.locator(".source").count() == 0


def test_two_visitors_do_not_see_each_others_conversations(browser: Any, address: str) -> None:
    one, two = Visitor(browser, address), Visitor(browser, address)
    one.ask(FIGURE)
    two.ask(NOWHERE)
    one.ask("大桥总投资多少亿元？")
    assert one.page.locator(".turn").count() == 2
    assert two.page.locator(".turn").count() == 1
    assert FIGURE not in two.page.locator("#thread").text_content()
    for visitor in (one, two):
        visitor.close()
        assert visitor.seen == Seen()


def test_a_question_is_edited_and_replaces_what_follows(visitor: Visitor) -> None:
    visitor.ask(FIGURE)
    visitor.ask(NOWHERE)
    visitor.page.locator('.turn[data-turn="0"] [data-act="edit"]').click()
    visitor.page.wait_for_selector(".turn.dropped")
    assert visitor.page.input_value("#question textarea") == FIGURE
    visitor.page.fill("#question textarea", "大桥总投资多少亿元？")
    visitor.page.press("#question textarea", "Enter")
    visitor.page.wait_for_selector('.turn[data-turn="0"]:has-text("大桥总投资"):has(> .tools)')
    assert visitor.page.locator(".turn").count() == 1


def test_retry_asks_the_same_question_again(visitor: Visitor) -> None:
    before = visitor.ask(FIGURE).locator(".reply").inner_html()
    visitor.page.click('[data-act="redo"]')
    visitor.page.wait_for_selector(".working", state="detached")
    turn = visitor.reply(0)
    assert turn.locator(".reply").inner_html() == before
    assert visitor.page.locator(".turn").count() == 1


def test_a_suggestion_is_a_question_that_is_asked_when_chosen(visitor: Visitor) -> None:
    visitor.page.wait_for_selector(".welcome .suggestion")
    question = visitor.page.locator(".suggestion").first.text_content()
    visitor.page.locator(".suggestion").first.click()
    turn = visitor.reply(0)
    assert turn.locator(".asked").text_content() == question
    assert turn.locator(".cite").count() > 0


def test_feedback_is_kept_on_the_reply(visitor: Visitor) -> None:
    turn = visitor.ask(FIGURE)
    turn.locator('[data-value="wrong_answer"]').click()
    visitor.page.wait_for_selector(".thanks")
    assert turn.locator('[data-value="wrong_answer"]').get_attribute("aria-pressed") == "true"
    turn.locator('[data-value="right"]').click()
    visitor.page.wait_for_selector('[data-value="right"][aria-pressed="true"]')
    assert turn.locator('[data-value="wrong_answer"]').get_attribute("aria-pressed") == "false"


def test_the_answer_is_copied_with_its_sources(browser: Any, address: str) -> None:
    visitor = Visitor(browser, address, permissions=["clipboard-read", "clipboard-write"])
    turn = visitor.ask(FIGURE)
    turn.locator(".tools [data-copy]").click()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("2.7万[1]")
    assert "[1] 《云泽日报》2025年8月14日，第1版，《芦江大桥通车首月" in copied
    visitor.page.click(".source [data-copy^='@article']")
    entry = visitor.page.evaluate("navigator.clipboard.readText()")
    assert entry.startswith("@article{yinju-") and "journaltitle = {云泽日报}" in entry
    visitor.close()
    assert visitor.seen == Seen()


def test_on_a_phone_the_source_is_a_sheet_that_opens_on_a_click_and_closes(browser: Any, address: str) -> None:
    visitor = Visitor(browser, address, viewport={"width": 390, "height": 844})
    turn = visitor.ask(FIGURE)
    assert not visitor.page.locator(".source").is_visible()
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector(".source", state="visible")
    box = visitor.page.locator(".source").bounding_box()
    assert box["x"] == 0 and box["width"] == 390 and box["y"] + box["height"] <= 845
    visitor.page.click(".source .close")
    visitor.page.wait_for_selector(".source", state="hidden")
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector(".source", state="visible")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    visitor.close()
    assert visitor.seen == Seen()


def test_the_page_is_used_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.page.keyboard.type(FIGURE)
    visitor.page.keyboard.press("Enter")
    visitor.reply(0)
    visitor.page.locator(".short .cite").first.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector('.source[data-open="asked"]')


def test_the_library_lists_filters_opens_and_removes(visitor: Visitor, tmp_path: Path) -> None:
    name = "要移除的报纸.txt"
    (tmp_path / name).write_text("青河县今年修渠 88 公里。\n", "utf-8")
    tab(visitor, "文献")
    visitor.page.wait_for_selector("#documents li")
    visitor.page.set_input_files("#drop input[type=file]", str(tmp_path / name))
    visitor.page.wait_for_selector(f"#library-note:has-text('{name}: 已添加')")
    visitor.page.fill("#filter input, #filter textarea", "要移除")
    visitor.page.wait_for_function("document.querySelectorAll('#documents li').length === 1")
    assert "占磁盘" in visitor.page.locator("#library-facts").text_content()
    visitor.page.wait_for_timeout(600)  # the addition has said its last word
    (tmp_path / name).unlink()
    visitor.page.click("#reindex")
    visitor.page.wait_for_selector("#library-note:has-text('索引已重新编制')")
    row = visitor.page.locator("#documents li")
    visitor.page.wait_for_function("document.querySelectorAll('#documents li').length === 1")
    row.locator(".row-main").click()
    visitor.page.wait_for_selector("#library-source .view:has-text('青河县今年修渠88公里')")
    remove = row.locator('[data-act="remove"]')
    remove.click()
    assert remove.text_content() == "确认移除？"
    remove.click()
    visitor.page.wait_for_selector("#documents:has-text('没有符合的文献')")
    assert name in visitor.page.locator("#library-note").text_content()
    tab(visitor, "提问")
    turn = visitor.ask("青河县今年修渠多少公里？")
    assert "88" not in turn.text_content()


def test_a_document_is_read_article_by_article(visitor: Visitor) -> None:
    tab(visitor, "文献")
    visitor.page.locator("#documents .row-main:has-text('yunze-2025-08-14-p1')").click()
    heads = visitor.page.locator("#library-source .contents button")
    heads.first.wait_for()
    assert heads.count() > 1
    last = heads.last.text_content()
    heads.last.click()
    visitor.page.wait_for_selector(f"#library-source h3:has-text('{last}')")
    assert visitor.page.locator("#library-source mark").count() == 0


def test_search_shows_why_a_passage_stands_where_it_does_and_opens_it(visitor: Visitor) -> None:
    tab(visitor, "检索")
    visitor.page.fill("#search textarea", "大桥")
    visitor.page.press("#search textarea", "Enter")
    first = visitor.page.locator("#found .found li").first
    first.wait_for()
    assert first.locator(".score").count() == 3
    assert "大桥" in first.locator(".chips").text_content()
    first.locator(".hit").click()
    visitor.page.wait_for_selector("#search-source mark.quote")


def test_the_timeline_narrows_the_search_to_a_period(visitor: Visitor) -> None:
    tab(visitor, "检索")
    visitor.page.fill("#search textarea", "大桥")
    visitor.page.press("#search textarea", "Enter")
    bar = visitor.page.locator("#found button.bar").first
    bar.wait_for()
    period = bar.get_attribute("data-value")
    bar.click()
    visitor.page.wait_for_selector(f'#found .bar[data-value="{period}"][aria-pressed="true"]')
    year, month, day = period.split("-")
    places = visitor.page.locator("#found .hit small").all_text_contents()
    assert places and all(f"{year}年{int(month)}月{int(day)}日" in place for place in places)
    visitor.page.fill("#after textarea, #after input", "昨天")
    visitor.page.press("#after textarea, #after input", "Enter")
    visitor.page.wait_for_selector("#found .note:has-text('“昨天”不是日期')")


def test_past_conversations_are_resumed_renamed_exported_and_deleted(visitor: Visitor) -> None:
    visitor.ask("大桥总投资多少亿元？")
    visitor.page.click("#new")
    visitor.page.wait_for_selector(".welcome")
    tab(visitor, "历史")
    row = visitor.page.locator("#past li").first
    row.locator(".row-main:has-text('大桥总投资')").wait_for()
    row.locator('[data-act="rename"]').click()
    visitor.page.wait_for_selector("#title textarea, #title input")
    visitor.page.fill("#title textarea, #title input", "关于投资")
    visitor.page.click("#save-title")
    visitor.page.wait_for_selector("#past b:has-text('关于投资')")
    with visitor.page.expect_download() as download:
        row.locator('[data-value^="md:"]').click()
    text = Path(download.value.path()).read_text("utf-8")
    assert text.startswith("# 关于投资") and "云泽日报" in text
    row.locator(".row-main").click()
    turn = visitor.reply(0)
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector('#source .source[data-open="asked"] mark.quote')
    tab(visitor, "历史")
    visitor.page.locator("#past li").first.locator('[data-act="remove"]').click()
    visitor.page.locator("#past li").first.locator('[data-act="remove"]').click()
    visitor.page.wait_for_selector("#past b:has-text('关于投资')", state="detached")


def test_settings_switch_language_and_look_and_keep_them(visitor: Visitor) -> None:
    tab(visitor, "设置")
    visitor.page.locator("#appearance label:has-text('深色')").click()
    visitor.page.wait_for_selector("body.dark")
    visitor.page.locator("#page-language label:has-text('English')").click()
    visitor.page.wait_for_selector(".welcome h2:has-text('Ask the documents')")
    visitor.page.wait_for_selector("body.dark")


@pytest.mark.slow
def test_settings_of_the_library_are_kept_and_used(browser: Any, tmp_path: Path, pages: Pages) -> None:
    address = pages.start(tmp_path / "library", "--samples")
    visitor = Visitor(browser, address)
    tab(visitor, "设置")
    visitor.page.wait_for_selector("#models:has-text('likest@1')")
    visitor.page.locator("#own-threshold input").uncheck()
    visitor.page.fill("#threshold input[type=number]", "0.95")
    visitor.page.press("#threshold input[type=number]", "Tab")
    visitor.page.click("#save-settings")
    visitor.page.wait_for_selector(".note:has-text('已保存')")
    tab(visitor, "提问")
    turn = visitor.ask(FIGURE)
    assert turn.locator(".cite").count() == 0
    assert '"threshold": 0.95' in (tmp_path / "library" / "settings.json").read_text("utf-8")
    visitor.close()
    assert visitor.seen == Seen()


def test_programs_search_answer_and_read_articles(address: str) -> None:
    from gradio_client import Client

    client = Client(address, verbose=False)
    hits = client.predict(FIGURE, 3, api_name="/search")
    assert len(hits) == 3 and hits[0]["file"].endswith(".txt") and "日均车流量" in hits[0]["passage"]["text"]
    reply = client.predict(FIGURE, api_name="/answer")
    assert reply["short"] == "2.7万" and reply["citations"][0]["quote"] in reply["answer"]
    article = client.predict(hits[0]["passage"]["document"], hits[0]["passage"]["article"], api_name="/get_article")
    assert any("日均车流量" in paragraph["text"] for paragraph in article["paragraphs"])
    names = {*client.view_api(return_format="dict")["named_endpoints"]}
    assert names == {"/search", "/answer", "/get_article"}
    client.close()


def test_openai_clients_ask_plainly_and_streaming(address: str) -> None:
    openai = pytest.importorskip("openai")
    with openai.OpenAI(base_url=f"{address}v1", api_key="x", max_retries=0) as client:
        messages = [{"role": "user", "content": FIGURE}]
        whole = client.chat.completions.create(model="yinju", messages=messages).choices[0].message
        assert whole.content.startswith("2.7万[1]")
        assert whole.citations[0]["document"] and "首月日均车流量" in whole.citations[0]["quote"]
        chunks = list(client.chat.completions.create(model="yinju", messages=messages, stream=True))
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.content
        assert chunks[-2].choices[0].delta.citations == whole.citations
        with pytest.raises(openai.BadRequestError):
            client.chat.completions.create(model="yinju", messages=[{"role": "user", "content": " "}])


def test_mcp_clients_find_and_use_the_three_tools(address: str) -> None:
    mcp = pytest.importorskip("mcp", reason="the mcp package is not installed")
    http = pytest.importorskip("mcp.client.streamable_http", reason="another generation of the mcp package")
    import asyncio

    async def visit() -> tuple[set[str], str]:
        async with (
            http.streamable_http_client(f"{address}gradio_api/mcp/") as streams,
            mcp.ClientSession(streams[0], streams[1]) as session,
        ):
            await session.initialize()
            names = {tool.name for tool in (await session.list_tools()).tools}
            result = await session.call_tool("answer", {"question": FIGURE})
            return names, result.content[0].text

    with ThreadPoolExecutor(1) as thread:  # Playwright's loop runs in this one
        names, answer = thread.submit(lambda: asyncio.run(visit())).result(60)
    assert names == {"search", "answer", "get_article"}
    assert "2.7万" in answer and "首月日均车流量" in answer


@pytest.mark.slow
def test_the_evaluation_tab_shows_the_report_of_a_run(browser: Any, tmp_path: Path, pages: Pages) -> None:
    runs = tmp_path / "runs"
    folder = runs / "mine"
    folder.mkdir(parents=True)
    head = {"format": 1, "set": "s", "set_fingerprint": "f", "questions": 1, "system": "this <b>one</b>"}
    (folder / "run.json").write_text(json.dumps(head | {"settings": {}, "models": {"reader": "likest@1"}}), "utf-8")
    (folder / "answers.jsonl").write_text("", "utf-8")
    (folder / "timings.json").write_text('{"totals": {}, "questions": {}}', "utf-8")
    (folder / "environment.json").write_text("{}", "utf-8")
    address = pages.start(tmp_path / "library", runs=runs)
    visitor = Visitor(browser, address)
    tab(visitor, "评测")
    visitor.page.wait_for_selector("#report iframe, #report .note")
    frame = visitor.page.locator("#report iframe")
    assert frame.get_attribute("sandbox") == ""
    assert visitor.page.frame_locator("#report iframe").locator("h1").text_content().startswith("this <b>one</b>")
    visitor.close()
    assert visitor.seen == Seen()


def test_the_health_check_tells_that_all_is_well(visitor: Visitor) -> None:
    found = visitor.context.request.get(f"{visitor.address}health")
    assert found.json() == {"status": "ok", "models": "Ready"}


@pytest.mark.slow
def test_only_known_users_come_in_and_keep_their_conversations_apart(
    browser: Any, tmp_path: Path, pages: Pages
) -> None:
    users = tmp_path / "users"
    users.write_text("lilei:one\nhan:two\n", "utf-8")
    address = pages.start(tmp_path / "library", "--samples", f"--auth-file={users}")
    for name, password, asked in (("lilei", "one", True), ("han", "two", False)):
        visitor = Visitor(browser, address, wait=False)
        visitor.page.wait_for_selector("input[type=password]")
        fields = visitor.page.locator("form input, .wrap input, input")
        fields.nth(0).fill(name)
        visitor.page.fill("input[type=password]", password)
        visitor.page.press("input[type=password]", "Enter")
        visitor.page.wait_for_selector(".welcome")
        if asked:
            visitor.ask(FIGURE)
        tab(visitor, "历史")
        visitor.page.wait_for_selector("#past li" if asked else "#past .label")
        visitor.close()


HOSTILE = """<script>document.title='owned'</script> 雅鲁港 2031 年 <img src=x onerror="alert(1)"> 吞吐量 777 万吨
[click](javascript:alert(2)) $$\\href{javascript:alert(3)}{x}$$ ${7*7} {{7*7}} `</pre><b>bold</b>`

雅鲁港码头 \u202egnp.exe\u202c 新增泊位 55 个 " onmouseover="alert(4)" x="

"""


@pytest.mark.parametrize("tail", ["", "很长" * 5000], ids=["tricks", "long line"])
def test_a_hostile_document_is_shown_and_does_nothing(visitor: Visitor, tmp_path: Path, tail: str) -> None:
    name = f"evil{len(tail)}.txt"
    (tmp_path / name).write_text(HOSTILE + tail, "utf-8")
    visitor.page.set_input_files("#ask-buttons input[type=file]", str(tmp_path / name))
    visitor.page.wait_for_selector(f".note:has-text('{name}')")
    turn = visitor.ask("雅鲁港码头新增泊位")
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    visitor.page.click('[data-view="raw"]')
    raw = visitor.page.locator('[data-pane="raw"] pre').text_content()
    assert "<script>document.title='owned'</script>" in raw and "${7*7} {{7*7}}" in raw
    assert "U+202E" in raw and "\u202e" not in raw
    assert visitor.page.locator("#source img, #thread img, #source script, #thread a").count() == 0
    assert visitor.page.title() != "owned"
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_hostile_question_is_shown_as_typed(visitor: Visitor) -> None:
    question = "<img src=x onerror=alert(1)> ${1+1} {{1+1}} **b** \u202eabc"
    turn = visitor.ask(question)
    assert turn.locator(".asked").text_content() == question.replace("\u202e", "U+202E")
    assert visitor.page.locator("#thread img").count() == 0


def test_files_that_cannot_be_read_are_named_with_the_reason(visitor: Visitor, tmp_path: Path) -> None:
    good, bad = tmp_path / "新闻.txt", tmp_path / "empty.txt"
    good.write_text("云岭茶厂今年产茶 312 吨。\n", "utf-8")
    bad.write_bytes(b"")
    visitor.page.set_input_files("#ask-buttons input[type=file]", [str(good), str(bad)])
    note = visitor.page.locator(".note:has-text('新闻.txt: 已添加')")
    note.wait_for()
    assert "empty.txt: 没有添加" in note.text_content()
    turn = visitor.ask("云岭茶厂今年产茶多少吨？")
    assert "312" in turn.locator(".evidence").first.text_content()


@pytest.mark.slow
def test_history_survives_a_restart_and_the_page_stops_gracefully(browser: Any, tmp_path: Path, pages: Pages) -> None:
    address = pages.start(tmp_path / "library", "--samples")
    visitor = Visitor(browser, address)
    visitor.ask(FIGURE)
    state = visitor.context.storage_state()
    visitor.close()
    assert pages.stop() in ([0], [-15])
    again = pages.start(tmp_path / "library")
    state["origins"] = [{**origin, "origin": again.rstrip("/")} for origin in state["origins"]]
    visitor = Visitor(browser, again, storage_state=state)
    turn = visitor.reply(0)
    turn.locator(".cite").first.click()
    visitor.page.wait_for_selector('.source[data-open="asked"]')
    assert "首月日均车流量2.7万辆" in visitor.marked()
    visitor.close()


@pytest.mark.slow
def test_an_empty_library_says_what_to_do(browser: Any, tmp_path: Path, pages: Pages) -> None:
    address = pages.start(tmp_path / "library")
    visitor = Visitor(browser, address)
    assert "添加文献" in visitor.page.locator(".welcome").text_content()
    turn = visitor.ask("有什么新闻？")
    assert "还没有添加任何文献" in turn.locator(".short").text_content()
    visitor.close()
