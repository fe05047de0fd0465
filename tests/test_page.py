"""The parts of the page that need no browser: what they escape, name, list, search, export and serve."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import NASTY
from fakes_page import LikestSentence

from page import adding, exporting, figures, listing, runs, searching, shared, source_panel, suggesting, thread
from page.chat import Chat
from page.completions import conversation
from page.facts import Facts
from page.frontend import Frontend
from page.markup import attribute, marked, restored_position, show
from page.naming import bibtex, place_line
from page.opening import TOOLS, Opening, opening_page
from page.quick_gradio import _FUNCTION, _MODULE, _Finder
from page.serving import address, listen, preferred, users
from page.session import Session
from page.sources import Place, Sources, place_from_text, place_of_citation
from page.texts import TEXTS, texts
from rag.errors import InputError, YinjuError
from rag.history import History
from rag.library import CATALOG, Library
from rag.records import Document
from rag.spans import squeeze
from samples import pages_folder

ZH, EN = texts("zh"), texts("en")
FIGURE = "首月日均车流量多少万辆？"


def run_apart(visit: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser of other tests may have a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, visit).result()


@pytest.fixture
def chat(fake_library: Library) -> Chat:
    """The page's conversation over the sample pages."""
    fake_library._reader = LikestSentence()
    fake_library.add(pages_folder())
    return Chat(fake_library, History(fake_library.folder / CATALOG), ZH)


def visible(html: str) -> str:
    """The text of HTML, tags removed."""
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize("text", NASTY)
def test_nothing_of_a_text_becomes_markup(text: str) -> None:
    shown = show(text)
    assert set(re.findall(r"<[^>]*>", shown)) <= {'<span class="unseen">', "</span>"}
    assert "<" not in attribute(text) and '"' not in attribute(text)
    assert "\u202e" not in shown


@pytest.mark.parametrize("text", NASTY)
def test_marks_change_nothing_of_the_text(text: str) -> None:
    spans = [(0, len(text), "quote"), (len(text) // 2, len(text), "answer")]
    assert visible(marked(text, spans)) == visible(show(text))


def test_a_span_outside_the_text_is_not_marked() -> None:
    assert "<mark" not in marked("abc", [(2, 9, "quote"), (-1, 2, "quote"), (1, 1, "quote")])


def test_restored_positions_skip_white_space_in_both_texts() -> None:
    raw, text = "去 年\n\n达到 948 亿", "去年达到948亿"
    for position, char in enumerate(raw):
        if not char.isspace():
            assert text[restored_position(raw, 0, text, position)] == char


def test_every_text_is_there_in_every_language_with_the_same_gaps() -> None:
    fields = [name for name in ZH.__dataclass_fields__ if name != "code"]
    for name in fields:
        gaps = {len(re.findall(r"\{\}", getattr(words, name))) for words in TEXTS.values()}
        assert len(gaps) == 1, name
        assert all(getattr(words, name) for words in TEXTS.values()), name


def test_a_bibtex_entry_escapes_what_tex_would_read() -> None:
    entry = bibtex("abcdef123", "报", None, None, "a_b {c} \\input{x} 100%")
    assert r"title = {a\_b \{c\} \textbackslash{}input\{x\} 100\%}" in entry
    assert "date" not in entry.replace("journaltitle", "")


def test_a_place_is_named_in_the_language_of_the_page() -> None:
    assert place_line(ZH, "云泽日报", "2025-08-14", 1, "题") == "《云泽日报》2025年8月14日，第1版，《题》"
    assert place_line(EN, "云泽日报", "2025-08-14", 1, None) == "云泽日报, 14 August 2025, page 1"


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({"accept-language": "zh-CN,zh;q=0.9"}, "zh"),
        ({"accept-language": "en-US,en;q=0.9,zh;q=0.8"}, "en"),
        ({"accept-language": "fr, zh;q=0.3"}, "zh"),
        ({"accept-language": "de;q=oops, *"}, "en"),
        ({}, "en"),
        ({"accept-language": "en", "cookie": "a=b; yinju-language=zh"}, "zh"),
        ({"accept-language": "zh", "cookie": "yinju-language=xx"}, "zh"),
    ],
)
def test_the_language_is_the_cookies_then_the_browsers(headers: dict[str, str], language: str) -> None:
    assert preferred(headers, TEXTS) == language


class Served:
    """A running ASGI application, asked without a socket."""

    def __init__(self, application: Opening) -> None:
        import httpx

        self.application = application
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://page")

    async def __aenter__(self) -> Served:
        self.events: asyncio.Queue[str] = asyncio.Queue()
        self.started = asyncio.Event()
        self.ended = asyncio.Event()
        self.lifespan = asyncio.create_task(self.application({"type": "lifespan"}, self._receive, self._send))
        await self.events.put("lifespan.startup")
        await self.started.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.events.put("lifespan.shutdown")
        await self.lifespan
        assert self.ended.is_set()
        await self.client.aclose()

    async def get(self, path: str, accept: str = "text/html", language: str = "zh") -> tuple[int, str]:
        found = await self.client.get(path, headers={"accept": accept, "accept-language": language})
        return found.status_code, found.text

    async def _receive(self) -> dict[str, str]:
        return {"type": await self.events.get()}

    async def _send(self, message: dict[str, str]) -> None:
        (self.started if message["type"] == "lifespan.startup.complete" else self.ended).set()


def made(language: str) -> object:
    """A page that says its language."""
    from fastapi import FastAPI

    page = FastAPI()
    page.add_api_route("/", lambda: f"whole {language}")
    page.add_api_route("/health", lambda: "well")
    return page


def test_the_address_answers_before_the_page_is_built_and_programs_wait() -> None:
    release = threading.Event()
    order = []

    def make(language: str) -> object:
        order.append(language)
        assert release.wait(20)
        return made(language)

    def tools() -> object:
        from fastapi import FastAPI

        order.append("tools")
        page = FastAPI()
        page.add_api_route(TOOLS, lambda: "tools")
        return page

    async def visit() -> None:
        opening = Opening(make, tools, {"zh": ZH, "en": EN}, lambda: None)
        async with Served(opening) as served:
            assert (await served.get("/"))[1] == opening_page(ZH, Frontend().ahead)
            assert await served.get("/health") == (503, '{"status": "starting"}')
            program = asyncio.create_task(served.get("/", accept="*/*", language="en"))
            ready = asyncio.create_task(served.get("/opening", language="en"))
            await asyncio.sleep(0.05)
            assert not program.done() and not ready.done() and not opening.settled
            release.set()
            assert await program == (200, '"whole en"')
            assert await ready == (200, '{"ready": true}')
            assert [await served.get("/", language=one) for one in ("zh", "en")] == [
                (200, '"whole zh"'),
                (200, '"whole en"'),
            ]
            assert await served.get("/health") == (200, '"well"')
            assert await served.get(TOOLS, accept="*/*") == (200, '"tools"')
            assert opening.settled

    run_apart(visit())
    assert sorted(order[:2]) == ["en", "zh"] and order[2:] == ["tools"]


def test_what_nobody_asked_for_is_built_when_the_models_are_there() -> None:
    order: list[str] = []
    warm = threading.Event()

    def make(language: str) -> object:
        order.append(language)
        return made(language)

    async def visit() -> None:
        languages = {"zh": ZH, "en": EN, "fr": replace(EN, code="fr")}
        opening = Opening(make, lambda: made("tools"), languages, lambda: None, lambda: order.append("-"), warm.is_set)
        async with Served(opening) as served:
            assert await served.get("/", accept="*/*", language="en") == (200, '"whole en"')
            while not opening.settled:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.3)
            assert order == ["-", "en"]
            assert await served.get("/", accept="*/*", language="fr") == (200, '"whole fr"')
            warm.set()
            assert await served.get(TOOLS, accept="*/*", language="en") != (200, "")
            assert await served.get("/", accept="*/*", language="zh") == (200, '"whole zh"')

    run_apart(visit())
    assert order[:3] == ["-", "en", "fr"] and order.count("zh") == 1


def test_the_models_wait_for_the_browser_that_takes_over_the_whole_page() -> None:
    async def visit() -> None:
        opening = Opening(made, lambda: made("tools"), {"zh": ZH}, lambda: None, warm=lambda: False)
        async with Served(opening) as served:
            assert "opening" in (await served.get("/"))[1]
            assert await served.get("/opening") == (200, '{"ready": true}')
            await asyncio.sleep(0.1)
            assert not opening.settled
            await served.get("/gradio_api/queue/join")
            await asyncio.sleep(0.1)
            assert opening.settled

    run_apart(visit())


def test_gradios_files_are_served_before_gradio_is_imported_and_nothing_else_is() -> None:
    frontend = Frontend()
    assert len(frontend.ahead) > 40, "Gradio changed: python -m benchmarks.opening --names"
    for name in frontend.ahead:
        kind, content = frontend.read(f"/assets/{name}")
        assert kind.startswith("text/") and content
    assert [frontend.read(f"/assets/{name}") for name in ("../index.html", "..%2findex.html", "", "none.js")] == [
        None
    ] * 4

    async def visit() -> None:
        release = threading.Event()
        opening = Opening(made, lambda: made("tools"), {"zh": ZH}, lambda: None, lambda: release.wait(20) and None)
        async with Served(opening) as served:
            found = await served.client.get(f"/assets/{frontend.ahead[0]}")
            assert found.content == frontend.read(f"/assets/{frontend.ahead[0]}")[1]
            assert "immutable" in found.headers["cache-control"]
            assert json.dumps(frontend.ahead) in (await served.get("/"))[1]
            release.set()

    run_apart(visit())


def test_the_language_asked_for_is_built_before_the_others() -> None:
    asked = threading.Event()
    order: list[str] = []

    def make(language: str) -> object:
        order.append(language)
        return made(language)

    async def visit() -> None:
        languages = {"zh": ZH, "en": EN, "fr": replace(EN, code="fr")}
        opening = Opening(make, lambda: made("tools"), languages, lambda: None, lambda: asked.wait(20) and None)
        async with Served(opening) as served:
            await served.get("/", language="fr")
            ready = asyncio.create_task(served.get("/opening", language="en"))
            await asyncio.sleep(0.05)
            asked.set()
            await ready

    run_apart(visit())
    assert order[:2] == ["fr", "en"]


def test_a_page_that_cannot_be_built_is_an_error_not_a_wait() -> None:
    told = []

    def make(language: str) -> object:
        raise YinjuError("no page")

    async def visit() -> None:
        opening = Opening(make, lambda: made("tools"), {"zh": ZH}, lambda: told.append(1))
        async with Served(opening) as served:
            assert await served.get("/opening") == (200, '{"ready": false}')
            assert (await served.get("/config", accept="*/*"))[0] == 503
        assert str(opening.error) == "no page" and told == [1]

    run_apart(visit())


def test_the_opening_page_fetches_nothing_and_is_complete_in_every_language() -> None:
    for words in TEXTS.values():
        html = opening_page(words)
        assert "$" not in html and "http" not in html
        assert html.count("<script>") == 1 and f'lang="{words.code}"' in html


def test_gradios_editor_stubs_are_left_out_and_the_rest_of_the_module_is_there(tmp_path: Path) -> None:
    from importlib.util import find_spec, module_from_spec

    tmp_path.joinpath("component_meta.py").write_text(f"kept = 1\ndef {_FUNCTION}(a, b, c): raise OSError\n")
    spec = _Finder().find_spec(_MODULE, [str(tmp_path)])
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.kept == 1 and getattr(module, _FUNCTION)(None, "", []) is None
    assert _Finder().find_spec("gradio.blocks", [str(tmp_path)]) is None
    (gradio,) = find_spec("gradio").submodule_search_locations
    assert f"def {_FUNCTION}(" in Path(gradio, "component_meta.py").read_text("utf-8"), "Gradio changed: see the module"


def test_users_are_read_from_a_file_and_nobody_else_is_let_in(tmp_path: Path) -> None:
    file = tmp_path / "users"
    file.write_text("# who\n李雷:pass:word\nempty:\n", "utf-8")
    allowed = users(str(file))
    assert allowed("李雷", "pass:word")
    assert not any(
        allowed(*pair) for pair in [("李雷", "pass"), ("李雷", ""), ("x", "pass:word"), ("", ""), ("empty", "")]
    )
    file.write_text("nobody", "utf-8")
    with pytest.raises(InputError, match="NAME:PASSWORD"):
        users(str(file))
    with pytest.raises(InputError, match="cannot be read"):
        users(str(tmp_path / "none"))


@pytest.mark.enable_socket
def test_a_port_in_use_is_refused_and_a_free_one_found() -> None:
    with listen("127.0.0.1", 0) as first:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address(first))
        with pytest.raises(InputError, match="--port"):
            listen("127.0.0.1", first.getsockname()[1])
        with listen("127.0.0.1", None) as second:
            assert isinstance(second, socket.socket)
    with pytest.raises(InputError, match="--port"):
        listen("127.0.0.1", 99999)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "C:\\x\\y.txt", "a" * 5000 + ".txt", "\u202egnp.txt", "..", "a\x00b", ""],
)
def test_an_upload_stays_in_its_folder_under_a_short_name(name: str) -> None:
    safe = adding.safe_name(name)
    assert safe and len(safe) <= 101 and Path(safe).name == safe and safe not in (".", "..")
    assert not set(safe) & set("/\\\x00\u202e")


def test_an_upload_never_takes_the_place_of_another(tmp_path: Path) -> None:
    one, two = tmp_path / "1" / "报.txt", tmp_path / "2" / "报.txt"
    for path, text in ((one, "甲"), (two, "乙")):
        path.parent.mkdir()
        path.write_text(text, "utf-8")
    kept = [adding.keep(tmp_path / "files", path) for path in (one, two, one)]
    assert kept[0] == kept[2] != kept[1]
    assert [path.read_text("utf-8") for path in kept] == ["甲", "乙", "甲"]


def test_adding_reports_every_file_in_plain_words(fake_library: Library, tmp_path: Path) -> None:
    good, bad = tmp_path / "a<b>.txt", tmp_path / "空.txt"
    good.write_text("小麦每亩收成 620 公斤。", "utf-8")
    bad.write_bytes(b"")
    *_, last = adding.add(fake_library, ZH, [str(good), str(bad)])
    said = visible(last)
    assert "a_b_.txt: 已添加" in said and "空.txt: 没有添加" in said and "新增 1 个段落" in said
    *_, again = adding.add(fake_library, ZH, [str(good)])
    assert "没有变化" in visible(again)


def test_indexing_again_reads_what_changed_and_keeps_what_lost_its_file(fake_library: Library, tmp_path: Path) -> None:
    kept, changed, gone = (tmp_path / f"{name}.txt" for name in ("kept", "changed", "gone"))
    for path, crop in ((kept, "小麦"), (changed, "玉米"), (gone, "高粱")):
        path.write_text(f"今年{crop}每亩收成 620 公斤。", "utf-8")
    fake_library.add([kept, changed, gone])
    changed.write_text("今年玉米每亩收成 710 公斤，农民十分高兴。", "utf-8")
    gone.unlink()
    generation = fake_library._catalog.generation
    *steps, last = adding.reindex(fake_library, ZH)
    assert ZH.reindexing in visible(steps[-1])
    assert visible(last) == ZH.reindexed.format(3, 1, 1, 3)
    assert fake_library._catalog.generation > generation
    assert fake_library._indexes._vectors.generation == fake_library._catalog.generation
    for crop, figure in (("小麦", "620"), ("玉米", "710"), ("高粱", "620")):
        (hit,) = fake_library.search(f"{crop}收成", 1)
        assert crop in hit.passage.text and figure in hit.passage.text


def test_the_file_of_a_document_in_an_archive_is_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"")
    assert adding.source_file(archive / "in" / "b.txt") == archive == adding.source_file(archive)
    assert adding.source_file(tmp_path / "none.txt") is None


def test_the_languages_and_the_size_of_a_library_are_counted(fake_library: Library, tmp_path: Path) -> None:
    texts_of = {"a": "今年小麦丰收。", "b": "玉米也丰收。", "c": "The wheat harvest was good.", "d": "ไทย ภาษา"}
    for name, text in texts_of.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    fake_library.add([tmp_path / f"{name}.txt" for name in texts_of])
    facts = Facts(fake_library)
    documents = fake_library.documents()
    assert facts.languages(documents) == [("zh", 2), ("en", 1), ("und", 1)]
    before = facts.size()
    assert before >= sum(path.stat().st_size for path in fake_library.folder.glob("library.sqlite"))
    (fake_library.folder / "files").mkdir()
    (fake_library.folder / "files" / "x").write_bytes(bytes(1_000_000))
    assert facts.size() == before + 1_000_000
    line = visible(listing.counts(ZH, documents, facts.languages(documents), 2_300_000))
    assert "中文 2  英文 1  其他 1 · 占磁盘 2.3 MB" in line


def test_an_answer_shows_its_marks_as_buttons_and_nothing_else_in_brackets(chat: Chat) -> None:
    *_, shown = chat.ask(FIGURE, Session(), "")
    (message,) = shown.session.messages
    assert not message.reply.abstained
    reply = replace(message.reply, text="“见[2][9]”是[7]\n" + message.reply.text)
    html = thread._answer(ZH, 0, reply, chat.sources)
    assert html.count('data-act="cite"') == 2 * len(reply.citations)
    assert "“见[2][9]”是[7]" in visible(html)


def test_a_quote_that_is_wholly_the_answer_is_shown_as_both(chat: Chat) -> None:
    *_, shown = chat.ask(FIGURE, Session(), "")
    reply = shown.session.messages[0].reply
    quote = reply.citations[0].quote
    html = thread._answer(ZH, 0, replace(reply, short=quote, text=f"{quote}[1]\n\n“{quote}”[1]"), chat.sources)
    assert html.count('<p class="short"') == 1 == html.count('class="evidence"')
    assert html.index('class="short"') < html.index('class="evidence"')


def test_every_citation_opens_the_very_characters_in_both_views(chat: Chat) -> None:
    checked = 0
    for question in suggesting.first_questions(chat.library, 20):
        reply = chat.library.answer(question)
        for citation in reply.citations:
            html = source_panel.panel(ZH, chat.sources.get(citation.document), place_of_citation(citation))
            restored, raw = html.split('data-pane="raw"')
            for part in (restored, raw):
                quotes = re.findall(r'<mark class="quote">(.*?)</mark>(?!\S*</mark>)', part, re.DOTALL)
                whole = visible(part[part.index('<mark class="quote">') :])
                assert quotes and squeeze(whole).startswith(squeeze(citation.quote))
                answer = re.search(r'<mark class="answer">(.*?)</mark>', part, re.DOTALL)
                assert answer and squeeze(visible(answer[1])) == squeeze(reply.short)
            checked += 1
    assert checked >= 4


def test_the_quote_is_still_shown_when_its_document_is_gone(chat: Chat) -> None:
    *_, shown = chat.ask(FIGURE, Session(), "")
    citation = shown.session.messages[0].reply.citations[0]
    chat.library.remove(citation.document)
    html = chat.cited(0, 1, shown.session)
    assert ZH.document_gone in html and citation.quote in visible(html)
    assert citation.quote in visible(chat.view(shown.session))


def test_an_answer_is_stored_before_it_is_shown_and_resumed_whole(chat: Chat) -> None:
    *_, shown = chat.ask(FIGURE, Session(), "")
    kept = chat.resume(shown.session.conversation, "")
    assert kept.messages == shown.session.messages
    assert chat.resume(shown.session.conversation, "somebody else") == Session()


def test_a_long_addition_by_one_user_never_keeps_another_waiting(
    chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "long.txt").write_text("今年小麦每亩收成 620 公斤。", "utf-8")
    begun, release = threading.Event(), threading.Event()
    encode = chat.library._encoder.encode_passages

    def slow(texts: list[str]) -> object:
        if threading.current_thread().name == "yinju-add":
            begun.set()
            assert release.wait(30)
        return encode(texts)

    monkeypatch.setattr(chat.library._encoder, "encode_passages", slow)
    said: list[str] = []
    other = threading.Thread(target=lambda: said.extend(adding.add(chat.library, ZH, [str(tmp_path / "long.txt")])))
    other.start()
    assert begun.wait(30)
    *_, shown = chat.ask(FIGURE, Session(), "")
    assert shown.session.messages[0].reply.short == "2.7万" and other.is_alive()
    release.set()
    other.join(30)
    assert "已添加" in visible(said[-1])


def test_a_failure_gives_the_question_back_and_stores_nothing(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise YinjuError("no <reader>")

    monkeypatch.setattr(chat.library, "reader", broken)
    *_, shown = chat.ask(FIGURE, Session(), "")
    assert shown.unasked == FIGURE and shown.session == Session()
    assert "no <reader>" in visible(shown.thread) and "<reader>" not in shown.thread
    assert chat.history.conversations() == []


def test_replacing_a_question_drops_what_followed_only_when_there_is_an_answer(chat: Chat) -> None:
    *_, first = chat.ask(FIGURE, Session(), "")
    *_, second = chat.ask("大桥总投资多少亿元？", first.session, "")
    begun, question = chat.edit(0, second.session)
    assert question == FIGURE and "dropped" in begun.thread
    assert len(chat.history.messages(second.session.conversation or 0)) == 2
    *_, done = chat.ask("芦江大桥全长多少米？", begun.session, "")
    assert [message.question for message in done.session.messages] == ["芦江大桥全长多少米？"]
    assert chat.history.messages(done.session.conversation or 0) == list(done.session.messages)


def test_events_with_impossible_numbers_change_nothing(chat: Chat) -> None:
    for turn in (-1, 0, 99):
        assert chat.cited(turn, 1, Session()) == chat.found(turn, 0, Session()) == source_panel.empty(ZH)
        assert chat.judge(turn, "right", Session()) == chat.view(Session())
        assert chat.edit(turn, Session())[1] == ""
        assert list(chat.again(turn, Session(), "")) == []
    with pytest.raises(InputError):
        place_from_text("a:b:c")


@pytest.mark.parametrize(
    ("language", "sentence", "question"),
    [
        ("zh", "首月日均车流量2.7万辆。", "首月日均车流量多少万辆？"),
        ("zh", "梭梭和沙拐枣混种的成活率是72%，", "梭梭和沙拐枣混种的成活率是百分之多少？"),
        ("zh", "由38分钟降到9分钟", None),
        ("zh", "这座大桥全长2860米", None),
        ("zh", "全长2860米", None),
        ("zh", "", None),
        ("en", "Some 620 people work at the mill.", "How many people work at the mill?"),
        ("en", "The new plant employs 1,200 people.", "How many people does the new plant employ?"),
        (
            "en",
            "Kazakhstan exported 9.5 million tonnes of grain.",
            "How many million tonnes of grain did Kazakhstan export?",
        ),
        ("en", "The museum has 40 rooms.", "How many rooms does the museum have?"),
        ("en", "The port handled 45 ships.", "How many ships did the port handle?"),
        ("en", "It lasted 40 minutes in 2024.", None),
        ("en", "In 2024 the mill closed.", None),
        ("en", "The mill, built in 1950, employs people.", None),
        ("ru", "В районе построили 25 новых домов.", "Сколько новых домов в районе построили?"),
        ("ru", "На комбинате выпустили 3,5 млн тонн стали.", "Сколько млн тонн стали на комбинате выпустили?"),
        ("ru", "Около 300 человек работают на новом заводе.", "Сколько человек работают на новом заводе?"),
        ("ru", "В школе учатся 24 ученика.", None),
        ("ru", "Завод выпустил 300 машин.", None),
        ("ru", "В 2024 году открыли школу.", None),
        ("kk", "Ауданда 250 үй салынды.", "Ауданда қанша үй салынды?"),
        ("kk", "Мектеп 2024 жылы ашылды.", None),
        ("tr", "Fabrikada 250 kişi çalışıyor.", "Fabrikada kaç kişi çalışıyor?"),
        ("ja", "大会には620人が参加した。", "大会には何人が参加した？"),
        ("ja", "新しい橋の工事費は3億円だった。", "新しい橋の工事費は何億円だった？"),
        ("ko", "대회에 620명이 참가했다.", None),
    ],
)
def test_a_figure_becomes_its_question(language: str, sentence: str, question: str | None) -> None:
    assert list(figures.questions(sentence, language)) == ([question] if question else [])


def test_documents_in_other_languages_suggest_questions_too(fake_library: Library, tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("The new cement plant near the river employs 1,200 people.", "utf-8")
    (tmp_path / "kk.txt").write_text("Биыл Сарыағаш ауданында 250 үй салынды.", "utf-8")
    fake_library._reader = LikestSentence()
    fake_library.add([tmp_path])
    assert set(suggesting.first_questions(fake_library, answered=True)) == {
        "How many people does the new cement plant near the river employ?",
        "Биыл Сарыағаш ауданында қанша үй салынды?",
    }


def test_questions_to_begin_with_are_answered_ones_and_tried_once(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    answer = chat.library.answer
    monkeypatch.setattr(chat.library, "answer", lambda question: asked.append(question) or answer(question))
    first = chat.welcome()
    tried = list(asked)
    assert first.count('data-act="ask"') == 3 <= len(tried)
    assert chat.welcome() == first and asked == tried
    chat.library.remove(chat.library.documents()[0].id)
    chat.welcome()
    assert len(asked) > len(tried)
    monkeypatch.setattr(chat.library, "answer", lambda question: replace(answer(question), abstained=True))
    assert suggesting.first_questions(chat.library, answered=True) == ()


def test_suggested_questions_lead_back_to_their_documents(chat: Chat) -> None:
    questions = suggesting.first_questions(chat.library)
    assert len(questions) == 3 and len(set(questions)) == 3


def documents() -> list[Document]:
    rows = [("b.txt", "乙", "2024-05-01", 3), ("a.txt", "甲", None, 9), ("c.txt", "丙<i>", "2025-01-02", 1)]
    return [
        Document(name[0] * 16, f"/x/{name}", title, date, "", f"2026-01-0{i + 1}T00:00:00+00:00", count)
        for i, (name, title, date, count) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("sort", "order"), [("date", "丙乙甲"), ("name", "甲乙丙"), ("added", "丙甲乙"), ("size", "甲乙丙")]
)
def test_documents_are_listed_in_the_order_asked_for(sort: str, order: str) -> None:
    html = listing.documents(ZH, documents(), "", sort)
    assert "".join(re.findall("<b>(.)", html)) == order
    assert "<i>" not in html


def test_documents_are_filtered_by_title_name_and_date() -> None:
    for words, found in (("2025", "丙"), ("A.TXT", "甲"), ("txt 乙", "乙"), ("zzz", "")):
        assert "".join(re.findall("<b>(.)", listing.documents(ZH, documents(), words, "date"))) == found


def test_documents_are_filtered_by_paper_headline_and_the_date_as_it_is_written(chat: Chat) -> None:
    found = chat.library.documents()
    printed = Facts(chat.library).printed(found)

    def listed(words: str) -> list[str]:
        html = listing.documents(ZH, found, words, "name", printed)
        return re.findall(r'title="[^"]*?(yunze[^"]*|[^"/]+)\.txt"', html)

    of_a_month = ["yunze-2025-08-14-p1", "yunze-2025-08-14-p2"]
    assert set(of_a_month) <= set(listed("云泽日报")) < {file.stem for file in pages_folder().iterdir()}
    for words in ("云泽日报 2025年8月", "云泽日报 2025-08", "2025年8月14日 云泽"):
        assert listed(words) == of_a_month
    headline = next(article.title for article in chat.library.articles(found[0].id) if article.title)
    assert found[0].id in listing.documents(ZH, found, headline.split()[0], "name", printed)
    assert "《云泽日报》2025年8月14日" in visible(listing.documents(ZH, found, "云泽日报", "name", printed))


def test_bars_are_days_while_there_are_few_and_years_when_there_are_many() -> None:
    assert "2024-01-02" in listing.bars("n", ["2024-01-02", "2024-01-03"])
    many = [f"{year}-{month:02}-{day:02}" for year in range(1950, 2020) for month in (1, 7) for day in (1, 9)]
    html = listing.bars("n", many)
    assert "<small>2019</small><em>4</em>" in html and html.count('class="bar"') == 60
    assert listing.bars("n", [None, "2024-01-02"]) == ""


def test_search_shows_scores_and_shared_words_and_filters(chat: Chat) -> None:
    hits, dates = searching.search(chat.library, "大桥", searching.Wanted())
    html = searching.results(ZH, hits, dates, "", chat.sources)
    assert html.count("<li>") == searching.SHOWN < len(hits) and '<mark class="shared">大桥</mark>' in html
    assert html.count('class="score"') == 3 * searching.SHOWN
    assert len(set(dates)) > 1 and 'data-act="period"' in html
    only, _ = searching.search(chat.library, "大桥", searching.Wanted(after="2025-06", before="2025-08"))
    assert only and all("2025-06" <= (hit.passage.date or "") < "2025-09" for hit in only)
    one = only[0].passage.document
    assert {h.passage.document for h in searching.search(chat.library, "大桥", searching.Wanted(document=one))[0]} == {
        one
    }
    assert searching.search(chat.library, "大桥", searching.Wanted(language="ru"))[0] == []


def test_a_period_of_the_chart_shows_as_many_passages_as_it_counts(chat: Chat) -> None:
    hits, dates = searching.search(chat.library, "大桥", searching.Wanted())
    counted = Counter(date[:7] for date in dates if date)
    assert len(counted) > 1 and len(dates) < len(hits)
    for period, count in counted.items():
        inside, same = searching.search(chat.library, "大桥", searching.Wanted(period=period))
        assert len(inside) == count and same == dates
        assert [hit.rank for hit in inside] == list(range(1, count + 1))
        assert all(hit.passage.date.startswith(period) for hit in inside)
    many = [replace(hits[0], rank=rank) for rank in range(1, searching.SHOWN + 9)]
    html = searching.results(ZH, many, dates, "2025", chat.sources)
    assert ZH.found_of.format(searching.SHOWN, len(many)) in html and html.count("<li>") == searching.SHOWN


def test_the_bar_of_a_score_shows_the_number_beside_it(chat: Chat) -> None:
    hits, dates = searching.search(chat.library, "芦江大桥首月日均车流量", searching.Wanted())
    drawn = re.findall(r'width:(\d+)%"></u></i> ([\d.]+)', searching.results(ZH, hits[:1], dates, "", chat.sources))
    assert len(drawn) == 3 and all(abs(int(width) / 100 - float(number)) < 0.01 for width, number in drawn)
    assert any(float(number) < 0.9 for _, number in drawn)


def test_shared_words_are_marked_where_words_begin_across_forms() -> None:
    text = "party art ARTIST 雙邊貿易額"
    found = [text[a:b] for a, b in shared.places(["双边贸易额", "art*", "art"], text)]
    assert found == ["art", "ART", "雙邊貿易額"]


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("", ""),
        ("2025", "2025"),
        ("2025年6月19日", "2025-06-19"),
        ("2025/6", "2025-06"),
        (" ２０２５.1.2 ", "2025-01-02"),
    ],
)
def test_dates_are_taken_as_people_write_them(typed: str, date: str) -> None:
    assert searching.checked_date(ZH, typed) == date


def test_what_is_no_date_is_said_so() -> None:
    with pytest.raises(InputError, match="昨天"):
        searching.checked_date(ZH, "昨天")


def test_exports_hold_every_quote_and_place(chat: Chat) -> None:
    *_, shown = chat.ask(FIGURE, Session(), "")
    talk = chat.history.conversations()[0]
    for write, _ in exporting.FORMATS.values():
        text = write(ZH, talk, shown.session.messages, chat.sources)
        assert "首月日均车流量2.7万辆" in text.replace("\\", "") and "云泽日报" in text
    whole = json.loads(exporting.as_json(ZH, talk, shown.session.messages, chat.sources))
    assert whole["messages"][0]["reply"]["citations"][0]["quote"] == shown.session.messages[0].reply.citations[0].quote


def test_exports_of_hostile_text_hold_no_markup(chat: Chat) -> None:
    *_, shown = chat.ask("<script>alert(1)</script> [x](javascript:1) Xyzzy?", Session(), "")
    talk = chat.history.conversations()[0]
    assert "<script>" not in exporting.as_html(ZH, talk, shown.session.messages, chat.sources)
    markdown = exporting.as_markdown(ZH, talk, shown.session.messages, chat.sources)
    assert "\\<script\\>" in markdown and "\\[x\\](javascript" in markdown


def test_feedback_becomes_questions_that_the_evaluation_reads(chat: Chat, tmp_path: Path) -> None:
    from eval.formats import load_set

    *_, shown = chat.ask(FIGURE, Session(), "")
    *_, shown = chat.ask("Xyzzy plugh?", shown.session, "")
    chat.judge(0, "right", shown.session)
    chat.judge(1, "right", shown.session)
    file = tmp_path / "feedback.jsonl"
    file.write_text(exporting.feedback_lines(chat.history.feedback()), "utf-8")
    answered, refused = load_set(str(file)).questions
    assert (answered.text, answered.answers, answered.answerable) == (FIGURE, ("2.7万",), True)
    assert not refused.answerable


def test_a_verdict_given_while_the_next_question_is_answered_stays_in_sight(chat: Chat) -> None:
    *_, first = chat.ask(FIGURE, Session(), "")
    steps = chat.ask("芦江大桥全长多少米？", first.session, "")
    assert next(steps).session.asking
    pressed = 'data-value="wrong_source" aria-pressed="true"'
    assert pressed in chat.judge(0, "wrong_source", first.session)
    *_, done = steps
    assert done.thread.count(pressed) == 1
    assert pressed in chat.view(chat.resume(done.session.conversation, ""))  # also after a restart


def test_error_rates_are_counted_from_the_newest_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_RUNS", str(tmp_path))
    assert runs.names() == [] and runs.error_rates(0.5, "r@1") is None
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "run.json").write_text('{"set": "s", "models": {"reader": "r@1"}}', "utf-8")
    lines = [(True, 0.9), (True, 0.2), (True, 0.6), (False, 0.7), (False, 0.1)]
    (folder / "answers.jsonl").write_text(
        "".join(json.dumps({"answerable": a, "confidence": c}) + "\n" for a, c in lines), "utf-8"
    )
    assert runs.error_rates(0.5, "r@1") == runs.ErrorRates("s", "1/2", "1/3")
    assert runs.error_rates(0.5, "another@1") is None
    with pytest.raises(InputError, match="No run"):
        runs.report("../one")


def test_a_conversation_of_openai_messages_becomes_a_question_with_history() -> None:
    messages = [
        {"role": "system", "content": "be nice"},
        {"role": "user", "content": [{"type": "text", "text": "一？"}]},
        {"role": "assistant", "content": "甲"},
        {"role": "user", "content": "二？"},
    ]
    question, history = conversation(messages)
    assert question == "二？" and [(turn.question, turn.answer) for turn in history] == [("一？", "甲")]
    for bad in (None, [], ["x"], [{"role": "assistant", "content": "x"}]):
        with pytest.raises(InputError):
            conversation(bad)


def test_places_survive_being_written() -> None:
    for place in (Place("a1", 3, 9, (4, 6), 2), Place("a1", 3, 9), Place("a1", 0, 0)):
        assert place_from_text(place.to_text()) == place


def test_sources_forget_what_was_removed(chat: Chat) -> None:
    sources = Sources(chat.library)
    document = chat.library.documents()[0].id
    assert sources.get(document) is not None
    chat.library.remove(document)
    assert sources.get(document) is None
