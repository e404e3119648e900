"""Prepares web pages and EPUB for pandoc: one page with the text alone, marks where its pages begin
and its notes are called, and the notes at its end."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from bs4 import BeautifulSoup, FeatureNotFound
from bs4.element import Comment, Doctype, NavigableString, PreformattedString, Tag

from archive_site import interface
from archive_site.findings import Finding, NotPossible, Unsound
from archive_site.sources.marks import BODY, PAGE, ROLE, mark, role_of_class, unmarked
from archive_site.sources.prepared import Prepared, text_in
from archive_site.sources.program import INSTALL
from archive_site.sources.properties import Properties
from archive_site.sources.web_notes import attach_notes

_SILENT = ("script", "style", "template", "head", "link", "meta", "noscript", "iframe", "svg")
_CONTROLS = ("nav", "button", "select", "input", "textarea")
_NAVIGATION = (
    "mw-editsection",
    "mw-jump-link",
    "ws-noexport",
    "navigation",
    "navbar",
    "navheader",
    "navfooter",
    "noprint",
)
_PAGE_NUMBERS = ("pagenum", "pagenumber", "page-number", "ws-pagenum", "pagebreak", "page-break")
_VOID = (
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
)
_CLOSED = re.compile(r"<([A-Za-z][\w:-]*)((?:\s[^<>]*?)?)/>")
_XHTML = re.compile(r"\s*<\?xml|<html[^>]*\sxmlns=", re.I)
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.I)
_FIRST = 3000
_LATIN = ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "iso8859-1")
"""Encodings that web pages declare and browsers read as Windows-1252."""
_STYLED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"font-style\s*:\s*(italic|oblique)", re.I), "em"),
    (re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.I), "strong"),
    (re.compile(r"vertical-align\s*:\s*(super|text-top)", re.I), "sup"),
)
_WITHIN_LINES = frozenset(
    "a abbr b big cite code del em font i ins kbd mark q s small span strike strong sub sup tt u "
    "var".split()
)
"""Elements at which no word ends."""
_SMALL_CAPS = ("sc", "smallcaps", "small-caps", "petites-capitales", "pc")
_NUMBER = re.compile(r"(?<![^\W_])(\d{1,5}|[ivxlc]{1,9})\W*\s*$", re.I)
_DATES = ("date", "dc.date", "dcterms.date", "citation_date", "article:published_time")
_AUTHORS = ("author", "dc.creator", "dcterms.creator", "citation_author")
_SHOWN = 200
_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"


def prepare_html(data: bytes, shown: str) -> Prepared:
    """A web page: its article, or all but its navigation."""
    del shown
    found = _CHARSET.search(data[:_FIRST])
    declared = found[1].decode("ascii").lower() if found else ""
    soup = _parsed(text_in(data, "cp1252" if declared in _LATIN else declared))
    properties = _properties(soup)
    remarks = attach_notes(soup, [soup])
    root, told = _text_of(soup)
    bodies = soup.find_all(lambda element: element.has_attr(f"data-{BODY}"))
    left = [*remarks, *told, *_clean(root)]
    for body in bodies:
        _clean(body)
        root.append(body.extract())
    return Prepared("html", _page(root), properties, tuple(dict.fromkeys(left)), _words(root))


def prepare_epub(data: bytes, shown: str) -> Prepared:
    """An EPUB as one page: the documents of its spine, in order, without its table of contents.
    Raises `Unsound` (E006) if it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            opf = _package_file(package.read(_CONTAINER))
            book = ET.fromstring(package.read(opf))
            files = [path for path in _spine(book, opf) if path in names]
            pages = [_parsed(text_in(package.read(path))) for path in files]
    except (
        zipfile.BadZipFile,
        ET.ParseError,
        KeyError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        message = f"must be EPUB that can be read; it is damaged: {error}"
        hint = "Download it again; a protected book cannot be read."
        raise Unsound([Finding(shown, 0, "E006", message, hint)]) from error
    whole = BeautifulSoup("<html><body></body></html>", "html.parser")
    sections: list[Tag] = []
    for path, page in zip(files, pages, strict=True):
        section = whole.new_tag("div", attrs={"data-file": posixpath.basename(path)})
        body = page.body or page
        language = body.get("lang") or (page.html.get("lang") if page.html else None)
        if isinstance(language, str):
            section["lang"] = language
        for child in list(body.children):
            section.append(child.extract())
        sections.append(section)
        _body_of(whole).append(section)
    remarks = [*attach_notes(whole, sections), *_clean(_body_of(whole))]
    root = _body_of(whole)
    left = tuple(dict.fromkeys(remarks))
    return Prepared("html", _page(root), _book_properties(book), left, _words(root))


# ---------------------------------------------------------------- the page


def _parsed(text: str) -> BeautifulSoup:
    """A page as browsers read it; elements that XHTML closes in their tag are empty."""
    text = unmarked(text)
    if _XHTML.search(text[:_FIRST]):
        text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
        text = _CLOSED.sub(_opened, text)
    try:
        return BeautifulSoup(text, "html5lib")
    except FeatureNotFound as error:
        message = "web pages need html5lib, which is not installed"
        raise NotPossible(message, f"Install it: {INSTALL}") from error


def _opened(found: re.Match[str]) -> str:
    name, attributes = found[1], found[2].rstrip()
    void = name.lower() in _VOID
    return found[0] if void else f"<{name}{attributes}></{name}>"


def _body_of(soup: BeautifulSoup) -> Tag:
    return soup.body or soup


def _text_of(soup: BeautifulSoup) -> tuple[Tag, list[str]]:
    """The element with the text: the only article, else the only main part, else the body."""
    for name in ("article", "main"):
        found = soup.find_all(name)
        if name == "main" and not found:
            found = soup.find_all(lambda element: element.get("role") == "main")
        if len(found) == 1 and found[0].get_text(strip=True):
            return found[0], [interface.ELEMENT_READ.format(name=f"<{found[0].name}>")]
    return _body_of(soup), []


def _page(root: Tag) -> bytes:
    return f"<!DOCTYPE html><html><body>{root.decode_contents()}</body></html>".encode()


def _words(root: Tag) -> str:
    """All words of the text, without marks."""
    return unmarked(re.sub("\ufdd0[^\ufdd1]*\ufdd1", "", _spaced_text(root)))


def _spaced_text(root: Tag) -> str:
    """The words of an element, those of each block on lines of their own."""
    parts: list[str] = []
    for element in root.descendants:
        if isinstance(element, Tag):
            parts.append("" if element.name in _WITHIN_LINES else "\n")
        elif not isinstance(element, PreformattedString):
            around = element.parent
            ends = element.next_sibling is None and around and around.name not in _WITHIN_LINES
            parts.append(f"{element}\n" if ends else str(element))
    return "".join(parts)


# ---------------------------------------------------------------- what is no text, and marks


def _clean(root: Tag) -> Iterator[str]:
    """Remove what is no text, and set marks. Yields what the editor must know of that."""
    remarks, navigation = list[str](), list[str]()
    for comment in root.find_all(string=lambda s: isinstance(s, Comment | Doctype)):
        comment.extract()
    for element in root.find_all(_SILENT):
        element.decompose()
    for element in root.find_all(_is_navigation):
        if not element.decomposed:
            navigation += element.get_text(" ").split()
            element.decompose()
    words = " ".join(dict.fromkeys(navigation))
    if words:
        short = words if len(words) <= _SHOWN else words[:_SHOWN] + "…"
        remarks.append(interface.NAVIGATION_LEFT.format(words=short))
    for element in root.find_all(_is_page_number):
        if not element.decomposed:
            _set_page(element)
    for element in (root, *root.find_all(True)):
        _set_style(element)
        for name in ("epub:type", "role"):  # pandoc leaves out a title page that is called so
            del element[name]
    return iter(remarks)


def _classes(element: Tag) -> list[str]:
    return _attribute(element, "class").lower().split()


def _attribute(element: Tag, name: str) -> str:
    value = element.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def _is_navigation(element: Tag) -> bool:
    if element.name in _CONTROLS or _attribute(element, "role") == "navigation":
        return True
    return (
        any(name in _NAVIGATION for name in _classes(element)) or _attribute(element, "id") == "toc"
    )


def _is_page_number(element: Tag) -> bool:
    kinds = f"{_attribute(element, 'epub:type')} {_attribute(element, 'role')}".split()
    if "pagebreak" in kinds or "doc-pagebreak" in kinds:
        return True
    short = len(element.get_text(strip=True)) <= len("[Page 12345]")
    return short and any(name in _PAGE_NUMBERS for name in _classes(element))


def _set_page(element: Tag) -> None:
    """A mark in the place of the number of a page."""
    said = (
        _attribute(element, "data-page-number"),
        element.get_text(),
        *(_attribute(element, name) for name in ("aria-label", "title", "id")),
    )
    found = next(filter(None, map(_NUMBER.search, said)), None)
    number = found[1] if found else ""
    number = str(int(number)) if number.isdecimal() else number
    element.replace_with(NavigableString(mark(PAGE, number)))


def _set_style(element: Tag) -> None:
    """What the classes and the style of an element say, in a form that pandoc reads."""
    classes, style = _classes(element), _attribute(element, "style")
    if element.name == "h1" and "title" in classes:  # pandoc would leave it out
        del element["class"]
    elif element.name == "p" and (role := role_of_class(classes)):
        element.insert(0, NavigableString(mark(ROLE, role)))
    if element.name == "span":
        for pattern, name in _STYLED:
            if pattern.search(style):
                element.name = name
                break
        if any(name in _SMALL_CAPS for name in classes):
            element["class"] = "smallcaps"


# ---------------------------------------------------------------- properties


def _properties(soup: BeautifulSoup) -> Properties:
    said: dict[str, list[str]] = {}
    for element in soup.find_all("meta"):
        name = _attribute(element, "name") or _attribute(element, "property")
        said.setdefault(name.lower(), []).append(_attribute(element, "content"))
    title = soup.title.get_text(" ") if soup.title else ""
    authors = next((said[name] for name in _AUTHORS if said.get(name)), [])
    date = next((said[name][0] for name in _DATES if said.get(name)), "")
    language = (
        _attribute(soup.html, "lang") or _attribute(soup.html, "xml:lang") if soup.html else ""
    )
    return Properties(" ".join(title.split()), tuple(authors), date, language)


def _book_properties(book: ET.Element) -> Properties:
    def every(name: str) -> Iterator[str]:
        return (" ".join((e.text or "").split()) for e in book.iter(f"{_DC}{name}"))

    first = {name: next(every(name), "") for name in ("title", "date", "language")}
    return Properties(
        first["title"], tuple(filter(None, every("creator"))), first["date"], first["language"]
    )


# ---------------------------------------------------------------- EPUB


def _package_file(container: bytes) -> str:
    """The path of the file that lists the parts of a book."""
    found = next(e for e in ET.fromstring(container).iter() if e.tag.endswith("rootfile"))
    return unquote(found.get("full-path", ""))


def _spine(book: ET.Element, opf: str) -> Iterator[str]:
    """The paths of the documents of a book, in reading order, but for its table of contents."""
    items = {item.get("id", ""): item for item in book.iter(f"{_OPF}item")}
    for reference in book.iter(f"{_OPF}itemref"):
        item = items.get(reference.get("idref", ""))
        if item is None or "nav" in item.get("properties", "").split():
            continue
        yield posixpath.normpath(
            posixpath.join(posixpath.dirname(opf), unquote(item.get("href", "")))
        )
