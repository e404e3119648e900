"""Prepares DOCX, ODT and RTF for pandoc, which says nothing of pages, leaves out the title page of
Word, and knows no styles of ODT."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO, cast
from xml.etree import ElementTree as ET

from archive_site import interface
from archive_site.findings import Finding, Unsound
from archive_site.sources.marks import AFTER, BEFORE, GAP, PAGE, ROLE, mark, role_of
from archive_site.sources.prepared import Prepared
from archive_site.sources.properties import Properties
from archive_site.sources.rtf_words import rtf_words

_DOCUMENT, _STYLES, _CORE = "word/document.xml", "word/styles.xml", "docProps/core.xml"
_WITH_WORDS = (_DOCUMENT, "word/footnotes.xml", "word/endnotes.xml")
_RENAMED = {
    "title": "titre principal",
    "subtitle": "sous-titre",
    "date": "lieu et date",
    "author": "auteur",
    "abstract": "chapeau",
}
"""Styles whose paragraphs pandoc takes out of the text, each with a name that it does not know."""
_STYLE_NAME = re.compile(r'(<w:name\s+w:val=")([^"]*)(")')
_PAGE_BREAK = re.compile(r'<w:br\b[^>]*w:type="page"[^>]*?(?:/>|>\s*</w:br>)')
_PAGE_BEFORE = re.compile(
    r'(<w:pPr\b(?:(?!</w:pPr>).)*<w:pageBreakBefore(?:\s+w:val="(?:1|true|on)")?\s*/>'
    r"(?:(?!</w:pPr>).)*</w:pPr>)",
    re.DOTALL,
)
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_DC = "{http://purl.org/dc/elements/1.1/}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = f"{_W}txbxContent"
_WRAPPERS = (f"{_W}ins", f"{_W}moveTo", f"{_W}fldSimple")
_LIMIT = 30  # styles that are each based on the next
_RTF_PAGE = re.compile(rb"\\page(?![a-zA-Z]) ?")
_RTF_MARK = rb"{\uc1\u%d\'3fpage=\u%d\'3f}" % (ord(BEFORE) - 0x10000, ord(AFTER) - 0x10000)
_RTF_SUBSTITUTE = re.compile(rb"(?<!\\)((?:\\\\)*\\u-?\d+) ?([^\\{}\r\n])")


# ---------------------------------------------------------------- DOCX


def prepare_docx(data: bytes, shown: str) -> Prepared:
    """A DOCX with marks for its page breaks. Raises `Unsound` (E006) if it cannot be read."""
    parts = _parts(data, (_STYLES, _CORE, *_WITH_WORDS), "DOCX", shown)
    text, styles = parts.get(_DOCUMENT, ""), parts.get(_STYLES, "")
    read = {name: _parsed(parts[name], "DOCX", shown) for name in _WITH_WORDS if name in parts}
    boxes = any(tree.find(f".//{_BOX}") is not None for tree in read.values())
    for tree in read.values():
        _readable(tree)
    changed = {name: _written(tree, parts[name]) for name, tree in read.items()}
    paged = _PAGE_BREAK.sub(f"<w:t>{mark(PAGE)}</w:t>", changed.get(_DOCUMENT, ""))
    paged = _PAGE_BEFORE.sub(rf"\1<w:r><w:t>{mark(PAGE)}</w:t></w:r>", paged)
    renamed = _STYLE_NAME.sub(_new_name, styles)
    core = _parsed(parts[_CORE], "DOCX", shown) if _CORE in parts else None
    language = re.search(r'<w:lang\b[^>]*w:val="([^"]+)"', styles)
    properties = Properties(
        _property(core, f"{_DC}title"),
        _names(_property(core, f"{_DC}creator")),
        language=_property(core, f"{_DC}language") or (language[1] if language else ""),
    )
    words = "\n".join(map(_docx_words, read.values()))
    told = {
        interface.NOTES_TOGETHER: "<w:footnoteReference" in text and "<w:endnoteReference" in text,
        interface.CHANGES_TAKEN: re.search(r"<w:(?:ins|del)\s", text),
        interface.COMMENTS_LEFT: "<w:commentReference" in text,
        interface.BOXES_PLACED: boxes,
    }
    remarks = tuple(remark for remark, true in told.items() if true)
    packed = _repacked(data, {**changed, _DOCUMENT: paged, _STYLES: renamed})
    return Prepared("docx+styles+empty_paragraphs", packed, properties, remarks, words)


def _readable(tree: ET.Element) -> None:
    """Change a part of a DOCX so that pandoc reads all its words. What was inserted, and what a
    simple field says, is as any words. The paragraphs of a text box are after the paragraph that
    the box is in."""
    for inner in list(tree.iter(_ALTERNATES)):
        _one_box_only(inner)
    for around in reversed(list(tree.iter())):  # what is nested most deeply comes first
        if around.tag in (f"{_W}rPr", f"{_W}trPr"):
            continue
        read: list[ET.Element] = []
        for element in [inner for child in around for inner in _unwrapped(child)]:
            read.append(element)
            if element.tag == f"{_W}p":
                read += [inner for box in _boxes(element) for inner in box]
        around[:] = read


def _unwrapped(element: ET.Element) -> Iterator[ET.Element]:
    """What pandoc reads of an element: its contents if it may leave them out."""
    if element.tag in _WRAPPERS and "HYPERLINK" not in element.get(f"{_W}instr", ""):
        yield from element
    else:
        yield element


def _one_box_only(alternates: ET.Element) -> None:
    """Leave text boxes in the first of the forms that have some: the others repeat them."""
    found = False
    for form in alternates:
        if found:
            list(_boxes(form))
        found = found or form.find(f".//{_BOX}") is not None


def _boxes(element: ET.Element) -> Iterator[ET.Element]:
    """The text boxes in an element, which it no longer has."""
    for child in list(element):
        if child.tag == _BOX:
            element.remove(child)
            yield child
        else:
            yield from _boxes(child)


def _new_name(found: re.Match[str]) -> str:
    name = _RENAMED.get(found[2].lower(), found[2])
    return f"{found[1]}{name}{found[3]}"


def _docx_words(tree: ET.Element) -> str:
    """All words of a part of a DOCX, a paragraph on a line."""
    words: list[str] = []

    def read(element: ET.Element) -> None:
        if element.tag in (f"{_W}t", f"{_W}noBreakHyphen"):
            words.append(element.text or "" if element.tag == f"{_W}t" else "\u2011")
        elif element.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            words.append(" ")
        if element.tag not in (_FALLBACK, f"{_W}del", f"{_W}moveFrom"):
            for inner in element:
                read(inner)
        if element.tag == f"{_W}p":
            words.append("\n")

    read(tree)
    return "".join(words)


# ---------------------------------------------------------------- ODT


def prepare_odt(data: bytes, shown: str) -> Prepared:
    """An ODT with marks for its page breaks and for the styles of its paragraphs. Raises `Unsound`
    (E006) if it cannot be read."""
    parts = _parts(data, ("content.xml", "styles.xml", "meta.xml"), "ODT", shown)
    content = _parsed(parts.get("content.xml", ""), "ODT", shown)
    named = _parsed(parts["styles.xml"], "ODT", shown) if "styles.xml" in parts else None
    styles = {
        style.get(f"{_STYLE}name", ""): style
        for tree in (named, content)
        for style in (tree.iter(f"{_STYLE}style") if tree is not None else ())
        if style.get(f"{_STYLE}family") == "paragraph"
    }
    words = "\n".join(_odt_words(content))
    boxes = _odt_boxes_opened(content)
    _odt_objects(content, data, shown)
    for note in content.iter(f"{_TEXT}note-body"):  # pandoc reads no lists and no tables in it
        note[:] = _outer_paragraphs(note)
    body = content.find(f"{_OFFICE}body")
    paragraphs = [e for e in (body.iter() if body is not None else ()) if _is_paragraph(e)]
    for n, paragraph in enumerate(paragraphs):
        marks = _odt_marks(paragraph.get(f"{_TEXT}style-name", ""), styles, first=n == 0)
        paragraph.text = marks + (paragraph.text or "")
    classes = {note.get(f"{_TEXT}note-class") for note in content.iter(f"{_TEXT}note")}
    told = {
        interface.NOTES_TOGETHER: len(classes) > 1,
        interface.CHANGES_TAKEN: content.find(f".//{_TEXT}tracked-changes") is not None,
        interface.COMMENTS_LEFT: content.find(f".//{_OFFICE}annotation") is not None,
        interface.BOXES_PLACED: boxes,
    }
    remarks = tuple(remark for remark, true in told.items() if true)
    _strip(content, (f"{_TEXT}tracked-changes", f"{_OFFICE}annotation"))
    changed = _repacked(data, {"content.xml": _written(content, parts["content.xml"])})
    properties = _odt_properties(parts.get("meta.xml", ""), named, shown)
    return Prepared("odt+empty_paragraphs", changed, properties, remarks, words)


def _is_paragraph(element: ET.Element) -> bool:
    return element.tag in (f"{_TEXT}p", f"{_TEXT}h")


def _outer_paragraphs(element: ET.Element) -> Iterator[ET.Element]:
    """The paragraphs in an element, but for those that are in others."""
    for inner in element:
        if _is_paragraph(inner):
            yield inner
        else:
            yield from _outer_paragraphs(inner)


def _odt_marks(name: str, styles: Mapping[str, ET.Element], *, first: bool) -> str:
    """The marks of a paragraph with a style: its role, and whether it begins a page (but for the
    first page)."""
    role, pages = "", False
    for _ in range(_LIMIT):
        style = styles.get(name)
        called = style.get(f"{_STYLE}display-name", "") if style is not None else ""
        role = role or role_of(called) or role_of(re.sub("_20_", " ", name))
        if style is None:
            break
        layout = style.find(f"{_STYLE}paragraph-properties")
        pages = pages or (layout is not None and layout.get(f"{_FO}break-before") == "page")
        name = style.get(f"{_STYLE}parent-style-name", "")
    return (mark(ROLE, role) if role else "") + (mark(PAGE) if pages and not first else "")


def _odt_boxes_opened(content: ET.Element) -> bool:
    """Move the paragraphs of each text box after the paragraph that the box is in; says whether
    there are any. A picture with its legend stays: pandoc reads it."""
    above = {inner: element for element in content.iter() for inner in element}
    opened = False
    for box in reversed(list(content.iter())):  # what is nested most deeply comes first
        if not _is_box(box):
            continue
        holder = _holder(box, above)
        around, moved = above[holder], list(box)
        at = list(around).index(holder) + 1
        around[at:at] = moved
        above.update(dict.fromkeys(moved, around))
        box[:] = []
        opened = True
    return opened


def _is_box(element: ET.Element) -> bool:
    """Whether this is a text box or a shape, with words or pictures."""
    if not element.tag.startswith(_DRAW) or not len(element):
        return False
    if element.tag != f"{_DRAW}text-box":
        return any(map(_is_paragraph, element))
    pictures = sum(1 for _ in element.iter(f"{_DRAW}image"))
    first = element[0]
    begins = not (first.text or "").strip() and first.find(f"./*[1]/{_DRAW}image") is not None
    legend = len(element) == pictures == 1 and begins
    return not legend and (pictures > 0 or bool("".join(element.itertext()).strip()))


def _holder(box: ET.Element, above: Mapping[ET.Element, ET.Element]) -> ET.Element:
    """The paragraph that a box is in; else the outermost drawing."""
    drawing = at = box
    while at in above and not _is_paragraph(at):
        at = above[at]
        drawing = at if at.tag.startswith(_DRAW) and above[drawing] is at else drawing
    return at if _is_paragraph(at) else drawing


def _odt_objects(content: ET.Element, data: bytes, shown: str) -> None:
    """Make formulas such as pandoc finds them; a mark says where another object was that has no
    picture."""
    objects = (f"{_DRAW}object", f"{_DRAW}object-ole")
    frames = [
        (frame, item)
        for frame in content.iter(f"{_DRAW}frame")
        for item in frame
        if item.tag in objects
    ]
    for _, item in frames:
        item.set(_HREF, item.get(_HREF, "").removeprefix("./").strip("/"))
    names = {item: f"{item.get(_HREF)}/content.xml" for _, item in frames}
    parts = _parts(data, tuple(names.values()), "ODT", shown)
    for frame, item in frames:
        formula = item.tag == objects[0] and _is_formula(parts.get(names[item], ""))
        if not formula and frame.find(f"{_DRAW}image") is None:
            frame.tail = mark(GAP) + (frame.tail or "")


def _is_formula(xml: str) -> bool:
    """Whether a part is a formula that says something."""
    try:
        tree = ET.fromstring(xml)
    except ET.ParseError:
        return False
    return tree.tag == _MATH and bool("".join(tree.itertext()).strip())


def _odt_words(tree: ET.Element) -> list[str]:
    """All words of an ODT: those of the text, then of each note and each box."""
    left_out = (f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}note-citation")
    apart = [tree]

    def read(element: ET.Element) -> Iterator[str]:
        yield (element.text or "") if element.tag.startswith(_TEXT) else ""
        yield " " if element.tag in (f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break") else ""
        for inner in element:
            if inner.tag == f"{_TEXT}note" or inner.tag.startswith(_DRAW):
                apart.append(inner)
            elif inner.tag not in left_out:
                yield from read(inner)
            yield inner.tail or ""
        yield "\n" if _is_paragraph(element) else ""

    return ["".join(read(element)) for element in apart]


def _odt_properties(xml: str, named: ET.Element | None, shown: str) -> Properties:
    meta = _parsed(xml, "ODT", shown) if xml else None
    author = _property(meta, f"{_META}initial-creator") or _property(meta, f"{_DC}creator")
    language = _property(meta, f"{_DC}language")
    text = (
        named.find(f".//{_STYLE}default-style/{_STYLE}text-properties")
        if named is not None
        else None
    )
    if not language and text is not None:
        language = text.get(f"{_FO}language", "")
    return Properties(_property(meta, f"{_DC}title"), _names(author), language=language)


def _strip(element: ET.Element, tags: tuple[str, ...]) -> None:
    """Remove elements, and keep the words after them."""
    before: ET.Element | None = None
    for inner in list(element):
        if inner.tag not in tags:
            _strip(inner, tags)
            before = inner
            continue
        tail = inner.tail or ""
        element.remove(inner)
        if before is None:
            element.text = (element.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail


# ---------------------------------------------------------------- RTF


def prepare_rtf(data: bytes, shown: str) -> Prepared:
    """An RTF with marks for its page breaks. Pandoc reads its properties.

    Pandoc takes two characters for the substitute of a character by its number (`\\u8217?`) if it
    is not written as `\\'3f`, and leaves out notes that old programs may leave out."""
    del shown
    text, notes = rtf_words(data)
    data = data.replace(rb"{\*\footnote", rb"{\footnote")
    if rb"\uc0" not in data:
        data = _RTF_SUBSTITUTE.sub(rb"\1\\'3f", data)
    marked = _RTF_PAGE.sub(lambda _: _RTF_MARK, data)
    return Prepared("rtf", marked, words=f"{text}\n{notes}", in_order=text)


# ---------------------------------------------------------------- packages


def _parts(data: bytes, names: tuple[str, ...], kind: str, shown: str) -> dict[str, str]:
    """Parts of a package, by name, as text. Raises `Unsound` (E006) if the package is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            there = set(package.namelist())
            return {n: package.read(n).decode("utf-8-sig") for n in names if n in there}
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise _damaged(kind, shown, error) from error


def _parsed(xml: str, kind: str, shown: str) -> ET.Element:
    try:
        return ET.fromstring(xml)
    except ET.ParseError as error:
        raise _damaged(kind, shown, error) from error


def _damaged(kind: str, shown: str, error: Exception) -> Unsound:
    message = f"must be {kind} that can be read; it is damaged: {error}"
    hint = "Open it in the program that wrote it, and save it again."
    return Unsound([Finding(shown, 0, "E006", message, hint)])


def _repacked(data: bytes, changed: Mapping[str, str]) -> bytes:
    """A package with some of its parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            if entry.filename in changed:
                new.writestr(entry.filename, changed[entry.filename], zipfile.ZIP_DEFLATED)
            else:
                new.writestr(entry, old.read(entry.filename))
    return made.getvalue()


def _written(tree: ET.Element, former: str) -> str:
    """XML with the prefixes that it had before."""
    for _, (prefix, address) in ET.iterparse(
        cast(IO[str], io.StringIO(former)), events=("start-ns",)
    ):
        if not re.fullmatch(r"ns\d+", prefix):
            ET.register_namespace(prefix, address)
    return ET.tostring(tree, "unicode")


def _property(tree: ET.Element | None, tag: str) -> str:
    found = tree.find(f".//{tag}") if tree is not None else None
    return " ".join((found.text or "").split()) if found is not None else ""


def _names(said: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in said.split(";"))))


PREPARE: Mapping[str, Callable[[bytes, str], Prepared]] = {
    "DOCX": prepare_docx,
    "ODT": prepare_odt,
    "RTF": prepare_rtf,
}
