"""Read ALTO, versions 1 to 4, in any namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from archive_site.sources.ocr.parsing import every, local_name, xml_root
from archive_site.sources.ocr.records import (
    Box,
    OcrLine,
    OcrPage,
    OcrText,
    OcrWord,
    Point,
    box_of,
    number_of,
    share_of,
    words_of,
)
from archive_site.witness.printed import Type

POINTS = {"mm10": 72 / 254, "inch1200": 72 / 1200}
"""How many points a unit has; a pixel has as many as the picture says, which ALTO does not."""
SOFT = "\u00ad"
HYPHENS = f"-{SOFT}\u2010¬"
Styles = Mapping[str, Type]


def read_alto(data: bytes, shown: str) -> OcrText:
    """The pages of an ALTO file. Raises `Unsound` if it is not well-formed."""
    root = xml_root(data, "ALTO", shown)
    unit = next((element.text or "" for element in every(root, "MeasurementUnit")), "").strip()
    styles = {e.get("ID", ""): _type(e) for e in every(root, "TextStyle")}
    names = every(root, "softwareName", "softwareVersion")
    reader = " ".join(" ".join((name.text or "").split()) for name in names)
    points = POINTS.get(unit, 0.0)
    return OcrText(tuple(_page(e, points, styles) for e in every(root, "Page")), reader.strip())


def _type(style: Any) -> Type:
    said = style.get("FONTSTYLE", "").casefold()
    return Type(
        font=style.get("FONTFAMILY", ""),
        size=number_of(style.get("FONTSIZE")) or 0.0,
        italic="italic" in said,
        bold="bold" in said,
        small_caps="smallcaps" in said,
        raised="superscript" in said,
    )


def _page(page: Any, points: float, styles: Styles) -> OcrPage:
    spaced = next(every(page, "SP"), None) is not None
    lines = tuple(_line(e, styles, spaced) for e in every(page, "TextLine"))
    places = [number_of(page.get(name)) or 0.0 for name in ("WIDTH", "HEIGHT")]
    boxes = [word.box for line in lines for word in line.words]
    width = places[0] or max((box.right for box in boxes), default=0.0)
    height = places[1] or max((box.bottom for box in boxes), default=0.0)
    return OcrPage(width, height, lines, points)


def _line(line: Any, styles: Styles, spaced: bool) -> OcrLine:
    type_ = _style_of(line, styles, Type())
    words: list[OcrWord] = []
    after_space = True
    for element in line:
        match local_name(element):
            case "SP":
                after_space = True
            case "String":
                box = _box(element) or _box(line)
                own = _style_of(element, styles, type_)
                if box is not None:
                    words += _words(element, box, own, after_space or not spaced)
                after_space = False
            case "HYP" if words:
                words[-1] = _hyphenated(words[-1], element, words[-1].text)
    whole = any(" " in e.get("CONTENT", "").strip() for e in every(line, "String"))
    return OcrLine(tuple(words), tuple(_baseline(line)), whole=whole)


def _words(element: Any, box: Box, type_: Type, spaced: bool) -> Iterator[OcrWord]:
    """The words of a String: one, unless it has spaces."""
    text = element.get("CONTENT", "")
    sure = share_of(element.get("WC"), 1.0)
    words = list(words_of(text, box, sure, type_, spaced))
    if len(words) != 1:
        yield from words
        return
    glyphs = [(e.get("CONTENT", ""), _box(e)) for e in every(element, "Glyph")]
    boxes = tuple(place for _, place in glyphs if place is not None)
    known = "".join(sign for sign, _ in glyphs) == words[0].text and len(boxes) == len(
        words[0].text
    )
    word = replace(words[0], letters=boxes if known else ())
    whole = element.get("SUBS_CONTENT", "")
    begins = element.get("SUBS_TYPE") == "HypPart1" and whole.startswith(text.rstrip(HYPHENS))
    if begins and text[-1] not in HYPHENS and local_name(element.getnext()) != "HYP":
        yield replace(word, text=text + _hyphen(whole, text, SOFT), letters=())
    else:
        yield word


def _hyphenated(word: OcrWord, hyphen: Any, text: str) -> OcrWord:
    """A word with the hyphen after it."""
    before = hyphen.getprevious()
    whole = before.get("SUBS_CONTENT", "") if before is not None else ""
    sign = hyphen.get("CONTENT", "").strip() or "-"
    place = _box(hyphen)
    box = word.box if place is None else word.box._replace(right=max(place.right, word.box.right))
    return replace(word, text=text + _hyphen(whole, text, sign), box=box, letters=())


def _hyphen(whole: str, part: str, sign: str) -> str:
    """The hyphen after the part of a word: a soft one if the whole word, which the file says, has
    none there."""
    if whole.startswith(part) and len(whole) > len(part):
        return "-" if whole[len(part)] in HYPHENS else SOFT
    return sign[:1] if sign[:1] in HYPHENS else "-"


def _style_of(element: Any, styles: Styles, above: Type) -> Type:
    """The type of an element: that of its styles, else that of the element around it."""
    if not isinstance(element.tag, str):
        return above
    references = element.get("STYLEREFS", "").split()
    if not references and local_name(element) == "TextLine":
        block = element.getparent()
        references = block.get("STYLEREFS", "").split() if block is not None else []
    type_ = next((styles[name] for name in references if name in styles), above)
    said = element.get("STYLE", "").casefold()
    return replace(
        type_,
        italic=type_.italic or "italic" in said,
        bold=type_.bold or "bold" in said,
        small_caps=type_.small_caps or "smallcaps" in said,
        raised=type_.raised or "superscript" in said,
    )


def _box(element: Any) -> Box | None:
    left, top, width, height = (
        number_of(element.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")
    )
    if left is None or top is None or width is None or height is None:
        return None
    return box_of((left, top, left + width, top + height))


def _baseline(line: Any) -> Iterator[Point]:
    """Points of a baseline: one number (its height), or, since version 4, points."""
    numbers = [number_of(part) for part in line.get("BASELINE", "").replace(",", " ").split()]
    known = [number for number in numbers if number is not None]
    box = _box(line)
    if len(known) == 1 and box is not None:
        yield box.left, known[0]
        yield box.right, known[0]
    elif len(known) == len(numbers) and len(known) % 2 == 0:
        yield from zip(known[::2], known[1::2], strict=True)
