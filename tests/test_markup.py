import io
import zipfile
from pathlib import Path

import pytest

from rag.errors import LoadError
from rag.loading import load, markup

PARAGRAPHS = [
    "清晨的港口十分忙碌，第一艘货轮缓缓靠岸，工人们早已等候多时。",
    "下午三点，最后一批集装箱装车完毕，车队驶向内陆的各个城市。",
]
PAGE = f"""<html><head><meta charset="CHARSET"><title>港口开通</title></head><body><nav>首页 新闻 登录</nav>
<article><h1>港口开通</h1><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article>
<script>alert("恶意")</script><footer>版权所有</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "big5"])
def test_a_web_page_gives_its_paragraphs_in_the_encoding_it_declares(charset: str) -> None:
    page = PAGE if charset != "big5" else PAGE.replace("忙碌", "忙碌")
    codec = "gb18030" if charset == "gb2312" else charset
    raw = load(Path("a.html"), page.replace("CHARSET", charset).encode(codec, "xmlcharrefreplace"))
    assert PARAGRAPHS[0] in raw.text and PARAGRAPHS[1] in raw.text
    assert "恶意" not in raw.text and raw.title == "港口开通"


WEB = """<html><head><meta charset="utf-8"><title>{title}</title></head><body>
<header><nav><a>首页</a>|<a>新闻</a></nav><div>首页|新闻|体育</div></header>
<article><header><h1>青山地铁一号线通车</h1></header><p>2024年9月28日 本报记者 李明</p>
<p>青山市地铁一号线正式通车，全长三十二公里，设二十一座车站。</p>
<p>市长王强说，地铁每天可运送三十万人次，票价两元起。</p></article>
<aside>相关新闻：公交改线</aside><script>var a=1</script><footer>版权所有 青山日报社</footer></body></html>"""


@pytest.mark.parametrize(
    ("title", "paper"),
    [
        ("青山地铁一号线通车", None),
        ("青山地铁一号线通车_青山日报", "青山日报"),
        ("青山地铁一号线通车 - 青山晚报", "青山晚报"),
        ("青山地铁一号线通车-要闻-青山时报", "青山时报"),
        ("青山日报", "青山日报"),
        ("", None),
    ],
)
def test_the_heading_of_a_web_page_is_the_headline_and_its_title_a_paper_only_by_name(
    title: str, paper: str | None
) -> None:
    from rag.preparing import restored

    [article], passages, raw = restored(load(Path("a.html"), WEB.format(title=title).encode()), "id")
    assert (article.title, raw.title, article.date) == ("青山地铁一号线通车",) * 2 + ("2024-09-28",)
    assert [page.paper for page in raw.pages] == ([paper] if paper else [])
    assert {(passage.title, passage.page) for passage in passages} == {(article.title, None)}
    assert [p.text[:8] for p in article.paragraphs] == ["2024年9月2", "青山市地铁一号线", "市长王强说，地铁"]
    assert not any(word in raw.text for word in ("首页", "体育", "相关", "版权", "var"))
    for paragraph in article.paragraphs:
        assert "".join(raw.text[paragraph.start : paragraph.end].split()) == paragraph.text.replace(" ", "")


def test_a_word_file_gives_paragraphs_and_tables_in_order() -> None:
    import docx

    document = docx.Document()
    document.core_properties.title = "港口报告"
    document.add_paragraph(PARAGRAPHS[0])
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "吞吐量", "948万吨"
    document.add_paragraph(PARAGRAPHS[1])
    out = io.BytesIO()
    document.save(out)
    raw = load(Path("a.docx"), out.getvalue())
    assert raw.text == f"{PARAGRAPHS[0]}\n\n吞吐量\t948万吨\n\n{PARAGRAPHS[1]}"
    assert raw.title == "港口报告"


def epub(chapters: dict[str, str]) -> bytes:
    out = io.BytesIO()
    items = "".join(f'<item id="{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in chapters)
    spine = "".join(f'<itemref idref="{n}"/>' for n in sorted(chapters))
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        archive.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<dc:title>港口志</dc:title><dc:date>2025-06-19</dc:date></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for name, text in chapters.items():
            archive.writestr(f"OEBPS/{name}.xhtml", f"<html><body><p>{text}</p><script>坏</script></body></html>")
    return out.getvalue()


def test_an_epub_gives_its_chapters_in_the_order_of_the_spine() -> None:
    raw = load(Path("a.epub"), epub({"c2": PARAGRAPHS[1], "c1": PARAGRAPHS[0]}))
    assert raw.text == "\n\n".join(PARAGRAPHS)
    assert (raw.title, raw.date) == ("港口志", "2025-06-19")


@pytest.mark.parametrize("name", ["a.docx", "a.epub"])
@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"no zip", zipfile.ZipFile])
def test_damaged_archives_get_one_clear_line(name: str, data: object) -> None:
    if not isinstance(data, bytes):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("something.txt", "else")
        data = out.getvalue()
    with pytest.raises(LoadError, match=name) as caught:
        load(Path(name), data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.docx", "a.epub"])
def test_a_zip_bomb_is_not_unpacked(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_UNPACKED_BYTES", 1 << 20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(3 << 20))
    with pytest.raises(LoadError, match="unpacks to 3 MiB, over the limit"):
        load(Path(name), out.getvalue())


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(LoadError, match="no text was found"):
        load(Path("a.html"), b"<html><body><nav></nav></body></html>")


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        (
            "---\ntitle: 江边的图书馆\ndate: 2024-05-06\ntags: [a]\n---\n\n# 另一个\n\n正文。\n",
            "江边的图书馆",
            "2024-05-06",
        ),
        ("---\n标题：“渡口”\n---\n正文。\n", "“渡口”", None),
        ("前言。\n\n# 渡口 #\n\n正文。\n", "渡口", None),
        ("```\n# 注释\n```\n\n# 渡口\n", "渡口", None),
        ("## 只有小节\n\n正文。\n", "a", None),
        ("---\n不是字段\n---\n# 渡口\n", "渡口", None),
    ],
)
def test_markdown_gives_its_title_and_date(text: str, title: str, date: str | None) -> None:
    raw = load(Path("a.md"), text.encode())
    assert (raw.text, raw.title, raw.date) == (text, title, date)


def test_a_word_file_without_a_title_takes_its_first_heading() -> None:
    import docx

    document = docx.Document()
    document.core_properties.title = ""
    document.add_paragraph(PARAGRAPHS[0])
    document.add_heading("港口 报告", 1)
    document.add_heading("附录", 1)
    out = io.BytesIO()
    document.save(out)
    assert load(Path("a.docx"), out.getvalue()).title == "港口 报告"
