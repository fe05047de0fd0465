"""HTML, DOCX and EPUB: the text a person reads, paragraphs parted by an empty line.

What these files hold is already in paragraphs, so nothing of their layout is guessed. Titles and dates are
taken where the format has a place for them.
"""

from __future__ import annotations

import importlib.util
import io
import posixpath
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from rag.errors import LoadError, MissingExtraError
from rag.loading import web
from rag.loading.text import decode, find_date
from rag.records import Page, RawDocument

MAX_UNPACKED_BYTES = 256 << 20
MAX_RATIO = 200
# What pages are written in; Python knows codecs besides that take time quadratic in the page (punycode).
_TEXT_ENCODING = re.compile(
    rb"(?i:utf-?8|utf-?16(?:le|be)?|gb[a-z]?[0-9]*|big5.*|hz.*|euc.*|(?:shift.?|s|x-s)jis|iso-.*|windows-.*|cp[0-9]+|"
    rb"koi8-.|latin-?[0-9]+|(?:us-)?ascii|ks_c.*)"
)
_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_OCF = "{urn:oasis:names:tc:opendocument:xmlns:container}"


def load_html(path: Path, data: bytes) -> RawDocument:
    """Read the main text of a web page, without menus and advertisements, its headline as a Markdown heading.

    Raises:
        LoadError: there is no text in it.
        MissingExtraError: trafilatura is not installed.
    """
    text, title, paper, date = web.main_text(path, _declared(data) or decode(path, data))
    pages = (Page(None, 0, len(text), paper),) if paper else ()
    return RawDocument(str(path), text, title or path.stem, date or find_date(path.stem), pages, wrapped=False)


def load_docx(path: Path, data: bytes) -> RawDocument:
    """Read the paragraphs and tables of a Word file, in their order.

    Raises:
        LoadError: it is no Word file, or it unpacks to more than ``MAX_UNPACKED_BYTES``.
        MissingExtraError: python-docx is not installed.
    """
    if importlib.util.find_spec("docx") is None:
        raise MissingExtraError(f"{path}: reading DOCX", "docx")
    import docx
    from docx.table import Table

    _archive(path, data).close()
    try:
        document = docx.Document(io.BytesIO(data))
        parts, heading = [], None
        for item in document.iter_inner_content():
            if isinstance(item, Table):
                parts += ["\t".join(cell.text for cell in row.cells) for row in item.rows]
            else:
                parts.append(item.text)
                if heading is None and item.style is not None and item.style.name in ("Title", "Heading 1"):
                    heading = " ".join(item.text.split()) or None
    except Exception as error:  # python-docx passes on whatever its zip and XML readers raise
        raise LoadError(f"{path}: not a readable Word file ({type(error).__name__}: {error}).") from error
    properties = document.core_properties
    date = properties.created.date().isoformat() if properties.created else None
    text = "\n\n".join(part for part in parts if part.strip())
    title = properties.title or heading or path.stem
    return RawDocument(str(path), text, title, find_date(path.stem) or date, wrapped=False)


def load_epub(path: Path, data: bytes) -> RawDocument:
    """Read the chapters of an EPUB in the order of its spine.

    Raises:
        LoadError: it is no EPUB, or it unpacks to more than ``MAX_UNPACKED_BYTES``.
    """
    with _archive(path, data) as archive:
        try:
            container = ElementTree.fromstring(archive.read("META-INF/container.xml"))
            package_name = container.find(f".//{_OCF}rootfile").attrib["full-path"]  # type: ignore[union-attr]
            package = ElementTree.fromstring(archive.read(package_name))
            files = {item.attrib["id"]: item.attrib["href"] for item in package.iter(f"{_OPF}item")}
            folder = posixpath.dirname(package_name)
            chapters = [
                _visible(archive.read(posixpath.normpath(posixpath.join(folder, files[reference.attrib["idref"]]))))
                for reference in package.iter(f"{_OPF}itemref")
            ]
        except (KeyError, AttributeError, ElementTree.ParseError, zipfile.BadZipFile) as error:
            raise LoadError(f"{path}: not a readable EPUB ({type(error).__name__}: {error}).") from error
    title = next((node.text for node in package.iter(f"{_DC}title") if node.text), None)
    date = next((node.text for node in package.iter(f"{_DC}date") if node.text), None)
    return RawDocument(
        str(path), "\n\n".join(chapters), title or path.stem, find_date(date or path.stem), wrapped=False
    )


def _visible(data: bytes) -> str:
    """Return the text of an XHTML chapter, one paragraph per block element."""
    from lxml import html

    tree = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", no_network=True))
    for node in tree.xpath("//script | //style | //head"):
        node.drop_tree()
    blocks = tree.xpath("//p | //h1 | //h2 | //h3 | //h4 | //h5 | //h6 | //li | //blockquote[not(.//p)] | //pre | //td")
    texts = [" ".join(block.text_content().split()) for block in blocks]
    return "\n\n".join(text for text in texts if text) or " ".join(tree.text_content().split())


def _declared(data: bytes) -> str | None:
    """Return the page decoded with the encoding that it declares, None when there is none or it does not fit."""
    match = re.search(rb"charset=[\"']?([A-Za-z0-9_-]{2,20})", data[:4096])
    if match is None or not _TEXT_ENCODING.fullmatch(match.group(1)):
        return None
    try:
        name = match.group(1).decode("ascii").lower()
        return data.decode("gb18030" if name in ("gb2312", "gbk") else name)
    except (LookupError, UnicodeDecodeError):
        return None


def _archive(path: Path, data: bytes) -> zipfile.ZipFile:
    """Open a zip whose members together are not too large.

    Raises:
        LoadError: it is no zip, or it unpacks to more than ``MAX_UNPACKED_BYTES``.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise LoadError(f"{path}: damaged, or not a {path.suffix.lstrip('.').upper()} file.") from error
    size = sum(member.file_size for member in archive.infolist())
    packed = sum(member.compress_size for member in archive.infolist())
    if size > (8 << 20) and size > MAX_RATIO * max(packed, 1):
        archive.close()
        raise LoadError(f"{path}: unpacks to more than {MAX_RATIO} times its size, as files made for harm do.")
    if size > MAX_UNPACKED_BYTES:
        archive.close()
        raise LoadError(f"{path}: unpacks to {size >> 20} MiB, over the limit of {MAX_UNPACKED_BYTES >> 20} MiB.")
    return archive
