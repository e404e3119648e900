"""Read PAGE XML, versions 2010 to 2019, in any namespace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive_site.sources.ocr.parsing import every, first, local_name, xml_root
from archive_site.sources.ocr.records import (
    Box,
    OcrLine,
    OcrPage,
    OcrText,
    OcrWord,
    Point,
    around,
    number_of,
    share_of,
    words_of,
)
from archive_site.witness.printed import Type

POINTS_PER_INCH, CENTIMETRES_PER_INCH = 72.0, 2.54


def read_page(data: bytes, shown: str) -> OcrText:
    """The pages of a PAGE file. Raises `Unsound` if it is not well-formed."""
    root = xml_root(data, "PAGE", shown)
    reader = next((element.text or "" for element in every(root, "Creator")), "")
    return OcrText(tuple(map(_page, every(root, "Page"))), " ".join(reader.split()))


def _page(page: Any) -> OcrPage:
    order = _order(page)
    lines = tuple(line for region in _regions(page, order) for line in _lines(region, order))
    width, height = (number_of(page.get(name)) or 0.0 for name in ("imageWidth", "imageHeight"))
    boxes = [word.box for line in lines for word in line.words]
    width = width or max((box.right for box in boxes), default=0.0)
    height = height or max((box.bottom for box in boxes), default=0.0)
    return OcrPage(width, height, lines, _points(page))


def _points(page: Any) -> float:
    """How many points a pixel of the picture has; 0 if the page does not say so."""
    resolution = number_of(page.get("imageXResolution")) or 0.0
    if page.get("imageResolutionUnit") == "PPCM":
        resolution *= CENTIMETRES_PER_INCH
    return POINTS_PER_INCH / resolution if resolution > 0 else 0.0


def _order(page: Any) -> dict[str, int]:
    """The place of each region in the order of reading, from 1, by its id; empty if the page does
    not tell the order."""
    stated = first(page, "ReadingOrder")
    if stated is None:
        return {}
    names = [e.get("regionRef") for e in _in_order(stated)]
    return {name: place for place, name in enumerate(filter(None, names), start=1)}


def _in_order(group: Any) -> Iterator[Any]:
    """The elements of a group and of the groups in it; those with an index, by it."""
    for element in sorted(group, key=lambda e: number_of(e.get("index")) or 0.0):
        yield element
        yield from _in_order(element)


def _regions(page: Any, order: dict[str, int]) -> list[Any]:
    """The regions with text, in the order of reading; one that the order does not name follows the
    one before it in the file."""
    regions = [
        e for e in every(page, "TextRegion", "TableCell") if first(e, "TextLine") is not None
    ]
    places: list[int] = []
    for region in regions:
        places.append(order.get(region.get("id", ""), places[-1] if places else 0))
    return [regions[n] for n in sorted(range(len(regions)), key=places.__getitem__)]


def _lines(region: Any, order: dict[str, int]) -> Iterator[OcrLine]:
    column = order.get(region.get("id", ""), 0)
    angle = number_of(region.get("orientation")) or 0.0
    for line in region:
        if local_name(line) == "TextLine":
            words = tuple(_words(line))
            baseline = tuple(_points_of(line, "Baseline"))
            whole = first(line, "Word") is None
            yield OcrLine(words, baseline, column, round(angle / 90) % 4, whole)


def _words(line: Any) -> Iterator[OcrWord]:
    """The words of a line; if only the line has a text, they share its width."""
    words = [e for e in line if local_name(e) == "Word"]
    known = [(word, _text(word), around(list(_points_of(word, "Coords")))) for word in words]
    if known and all(text[0] and box is not None for _, text, box in known):
        for word, (text, sure), box in known:
            if box is not None:
                yield from words_of(text, box, sure, _type(word))
        return
    text, sure = _text(line)
    box = _line_box(line)
    if box is not None:
        yield from words_of(text, box, sure, _type(line))


def _line_box(line: Any) -> Box | None:
    """The box of a line, as wide as its baseline, since polygons often reach further."""
    box = around(list(_points_of(line, "Coords")))
    baseline = [x for x, _ in _points_of(line, "Baseline")]
    if box is None or len(baseline) < 2 or min(baseline) >= max(baseline):
        return box
    return box._replace(left=min(baseline), right=max(baseline))


def _text(element: Any) -> tuple[str, float]:
    """The text of an element, and how sure it is: the first of several."""
    texts = [e for e in element if local_name(e) == "TextEquiv"]
    for text in sorted(texts, key=lambda e: number_of(e.get("index")) or 0.0):
        unicode = first(text, "Unicode")
        if unicode is not None and (unicode.text or "").strip():
            return " ".join(unicode.text.split()), share_of(text.get("conf"), 1.0)
    return "", 1.0


def _type(element: Any) -> Type:
    style = first(element, "TextStyle")
    if style is None:
        return Type()

    def is_set(name: str) -> bool:
        return style.get(name) in ("true", "1")

    return Type(
        font=style.get("fontFamily", ""),
        size=number_of(style.get("fontSize")) or 0.0,
        italic=is_set("italic"),
        bold=is_set("bold"),
        small_caps=is_set("smallCaps"),
        raised=is_set("superscript"),
    )


def _points_of(element: Any, name: str) -> Iterator[Point]:
    """The points of a polygon or a baseline: in an attribute, or, before 2013, in elements."""
    polygon = first(element, name)
    if polygon is None:
        return
    pairs = [pair.split(",") for pair in polygon.get("points", "").split()]
    pairs += [[e.get("x", ""), e.get("y", "")] for e in polygon if local_name(e) == "Point"]
    for pair in pairs:
        x, y = (number_of(part) for part in (*pair, "", "")[:2])
        if x is not None and y is not None:
            yield x, y
