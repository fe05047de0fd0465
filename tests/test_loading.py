import codecs
from pathlib import Path

import pytest

from rag.errors import InputError, LoadError
from rag.loading import discover, documents_in, load, printable, read_bytes
from rag.loading.text import find_date, find_page

CHINESE = "第二届峰会的会议在这里举行，代表们来到我国的西北部。各方同意加强合作，发展经济。\n" * 3
TRADITIONAL = "這是中國大陸與臺灣的貿易會議，代表們來到這裡，發展經濟，對於人民是好的。\n" * 3


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", CHINESE),
        ("utf-8-sig", CHINESE),
        ("utf-16", CHINESE),
        ("utf-16-le", CHINESE),
        ("gb18030", CHINESE),
        ("gbk", CHINESE),
        ("big5", TRADITIONAL),
        ("utf-8", "Қазақстан мен Қытай арасындағы сауда"),
    ],
)
def test_the_encodings_of_chinese_text_are_told_apart(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "page.txt"
    assert load(path, text.encode(encoding)).text == text


def test_utf_16_with_a_byte_order_mark_of_either_kind(tmp_path: Path) -> None:
    data = codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be")
    assert load(tmp_path / "a.txt", data).text == CHINESE


def test_line_ends_become_line_feeds(tmp_path: Path) -> None:
    assert load(tmp_path / "a.md", "一\r\n二\r三".encode()).text == "一\n二\n三"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t", "no text"),
        ("a.txt", bytes(range(256)) * 40, "binary"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(2000), "binary"),
        ("a.xyz", b"text", "cannot be read. Supported:"),
    ],
)
def test_what_is_no_document_gets_one_clear_line(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words) as caught:
        load(tmp_path / name, data)
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_folders_are_walked_in_order_without_hidden_files_and_links(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", ".hidden.txt", "picture.xyz", "sub/c.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "b.txt")
    assert [str(p.relative_to(tmp_path)) for p in discover([tmp_path])] == ["a.md", "b.txt", "sub/c.txt"]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing-here.*no such file"):
        list(discover([tmp_path / "nothing-here"]))


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=r"gone\.txt: cannot be read"):
        read_bytes(tmp_path / "gone.txt")


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("人民日报_20250619_04", "2025-06-19"),
        ("2025年6月19日第四版", "2025-06-19"),
        ("2025-6-9", "2025-06-09"),
        ("000_d2bd0dfb69a8a6ed", None),
        ("2025-13-40", None),
    ],
)
def test_dates_in_file_names(name: str, date: str | None) -> None:
    assert find_date(name) == date


def test_a_path_given_twice_or_inside_a_folder_given_is_found_once(tmp_path: Path) -> None:
    for name in ("a.txt", "sub/b.txt", "sub/.hidden.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    given = [tmp_path, tmp_path / "a.txt", tmp_path / "sub", tmp_path / "sub" / ".hidden.txt", tmp_path / "a.txt"]
    found = [str(path.relative_to(tmp_path)) for path in discover(given)]
    assert found == ["a.txt", "sub/b.txt", "sub/.hidden.txt"]


NAMES_WITHOUT_A_PAGE = [
    "2024-05-12",
    "20240512",
    "2024.5.12",
    "2024_05_12",
    "2024年5月12日",
    "2024 年 5 月 12 日",
    "光明日报 2024.05.12",
    "rmrb-1998-01-03",
    "rmrb-19980103",
    "xichui-2025-06-19",
    "1998-1-3",
    "2024-05-12版",
    "2024-05-12 (1)",
    "2024-05-12 14.30",
    "2024-05-12_10-08",
    "2024-05-12_3rd",
    "2024-05-12-5月刊",
    "renmrb_20240512_3-01",
    "光明日报2024年5月12日共12版",
    "晚报今日8版",
    "1998版",
    "统一版",
    "mp3-2024-05-12",
    "part2",
    "报告4",
    "2025-13-40",
    "",
]


@pytest.mark.parametrize("name", NAMES_WITHOUT_A_PAGE)
def test_no_part_of_a_date_and_no_other_number_is_taken_for_a_page(name: str) -> None:
    assert find_page(name) is None


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("日报_20250619_04", 4),
        ("rmrb-19980103-01", 1),
        ("rmrb-1998-01-03-4", 4),
        ("2025-06-19-A03", 3),
        ("20240512_A03", 3),
        ("20240512A03", 3),
        ("2024-05-12 03", 3),
        ("2024-05-12_3 要闻", 3),
        ("2024年5月12日_03", 3),
        ("2024.5.12-12", 12),
        ("beiyuan-2025-03-21-p2", 2),
        ("2024-05-12-p12", 12),
        ("2024-05-12 P.7", 7),
        ("20240512p2", 2),
        ("page3_2024-05-12", 3),
        ("2024-05-12_03版", 3),
        ("2024-05-12 第3版", 3),
        ("2024年5月12日第03版", 3),
        ("2024年5月12日 第 3 版", 3),
        ("第3版_2024-05-12", 3),
        ("2024-05-12_第2-3版", 2),
        ("2024-05-12_A03版", 3),
        ("2025年6月19日第十二版", 12),
        ("2025年6月19日三版", 3),
        ("第二十版", 20),
    ],
)
def test_page_numbers_in_file_names(name: str, page: int) -> None:
    assert find_page(name) == page


def test_odd_characters_in_names_are_shown_escaped() -> None:
    assert printable("a\nb\udcff.txt") == "a\\nb\\udcff.txt"


def test_an_old_chinese_archive_keeps_its_names(tmp_path: Path) -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("人民日报.txt", "x")
        archive.writestr("人民日报.txt ", "y")
    data = out.getvalue().replace("人民日报".encode(), "人民日报".encode("gb18030") + b"1234")
    data = data.replace(b"\x00\x08", b"\x00\x00")  # without the flag that says UTF-8
    (tmp_path / "old.zip").write_bytes(data)
    [(place, found)] = list(documents_in(tmp_path / "old.zip"))
    assert place.name == "人民日报1234.txt" and found == b"x"
