"""The notes of web pages. They are links to anchors further down, in as many forms as there are
programs that write pages: each becomes a mark at its call, and a division with its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from archive_site import interface
from archive_site.sources.marks import BODY, NOTE, mark

_LABEL = re.compile(
    r"[\[({]?\s*(?:notes?|note de bas de page|n\.|nd[ltae]\.?)?\s*"
    r"(?P<label>\d{1,4}|[*†‡§¶‖]{1,4}|[a-zA-Z]|[ivxlc]{1,6}|[IVXLC]{1,6})"
    r"(?:\s*bis|\s*ter)?\s*[\])}]?\.?",
    re.I,
)
_NAMES_OF_NOTES = re.compile(
    r"_?(?:fn|ftn|edn|foot|endnote|footnote|notes?|sdfootnote|sdendnote|n|nt|nbp|bas)"
    r"[-_.:]?\d*[a-z]?\d*(?:sym|anc)?|cite_note.*|.*(?:note|ftn|fn)[-_]?\d+.*",
    re.I,
)
"""The anchors that programs and people give to notes."""
_NAMES_OF_CALLS = frozenset(
    "noteref doc-noteref footnote-ref footnote-reference footnoteref footnote-call reference "
    "msofootnotereference msoendnotereference appel appelnote fnref fnanchor renvoi".split()
)
"""What pages say of a call: classes, roles and types of EPUB."""
_BACKLINK = re.compile("backlink|back-link|footnote-back|retour", re.I)
_SHORT = 12  # characters: a longer one is more than a link
_BACK = re.compile(
    r"[\s↑↩⤴▲^⇑⬆←«\ufe0e\ufe0f\[\]().,:–-]*(?:retour(?: au texte)?|back|haut)?"
    r"[\s↑↩⤴▲^⇑⬆\ufe0e\ufe0f\[\]().,–-]*",
    re.I,
)
_LOOSE = re.compile(r"[\s\u00a0\[\]().:]*")
"""What is left of a label after the link in it."""
_RAISING = ("sup", "span", "b", "small", "font", "strong", "i", "em")
_HEADING = re.compile(r"h[1-6]")
_WHOLE = ("li", "aside", "dd", "tr")
_PAGES = ("body", "article", "main", "html", "[document]")
_BLOCKS = frozenset(
    "p div dt td section blockquote ol ul dl table tbody center h1 h2 h3 h4 h5 h6 pre figure "
    "footer header".split()
).union(_WHOLE, _PAGES)
_OF_NOTES = re.compile(
    r"(?:notes?(?: de bas de page| et références| de l[’'](?:auteur|éditeur))?|références)\s*[.:]?",
    re.I,
)
_OPENING = 40  # characters that show that an element begins with another
_LONGEST = 20_000  # characters: no note is longer


@dataclass(slots=True)
class _NoteFound:
    """A note: its key, its printed label, the anchor that its calls lead to, and the calls."""

    key: str
    label: str
    anchor: Tag
    calls: list[Tag] = field(default_factory=list)


def attach_notes(soup: BeautifulSoup, files: Sequence[Tag]) -> list[str]:
    """Give each note of a page a mark at its calls, and put its words into a division at the end of
    the page; `files` are the parts of the page that were files. Returns what the editor must know.

    A link is a call if it looks like one and leads to an anchor further down which looks like a
    note: which leads back, has the same label, or is marked as a note."""
    order = {id(element): n for n, element in enumerate(soup.descendants)}
    anchors = _anchors(files)
    notes = _notes(soup, anchors, order)
    bodies = _Bodies(soup, notes, order)
    taken = [(note, body) for note in notes if (body := bodies.take(note))]
    whole = soup.body or soup
    for note, body in taken:
        for call in note.calls:
            _mark_call(call, note)
        _strip_label(body, note)
        body[f"data-{BODY}"] = note.key
        whole.append(body)
    return list(_emptied(whole)) if taken else []


def _anchors(files: Sequence[Tag]) -> dict[str, Tag]:
    """The element that each address within the page leads to: `#id`, and `file#id`."""
    anchors: dict[str, Tag] = {}
    for part in files:
        name = part.get("data-file") or ""
        for element in part.find_all(
            lambda e: e.has_attr("id") or (e.name == "a" and e.has_attr("name"))
        ):
            for attribute in ("id", "name"):
                value = element.get(attribute)
                if isinstance(value, str) and value:
                    anchors.setdefault(f"{name}#{value}", element)
    return anchors


def _address(link: Tag, anchors: dict[str, Tag]) -> str:
    """The address within the page that a link leads to; empty if there is none."""
    target, fragment = urldefrag(str(link.get("href") or ""))
    if not fragment:
        return ""
    part = link.find_parent(attrs={"data-file": True})
    here = str(part["data-file"]) if part else ""
    there = unquote(target).rpartition("/")[2] if target else here
    for address in (f"{there}#{unquote(fragment)}", f"{there}#{fragment}", f"#{unquote(fragment)}"):
        if address in anchors:
            return address
    return ""


def _notes(soup: BeautifulSoup, anchors: dict[str, Tag], order: dict[int, int]) -> list[_NoteFound]:
    """The notes of a page, in the order of their first calls."""
    found: dict[int, _NoteFound] = {}
    for link in soup.find_all("a", href=True):
        address = _address(link, anchors)
        label = _label_of(link)
        if not address or not label:
            continue
        anchor = anchors[address]
        if _is_call(link, label, anchor, anchors, order):
            key = str(len(found) + 1)
            note = found.setdefault(id(anchor), _NoteFound(key, label, anchor))
            note.calls.append(link)
    return list(found.values())


def _label_of(link: Tag) -> str:
    """The label that a link has for its words; empty if it has others."""
    match = _LABEL.fullmatch(" ".join(link.get_text().split()))
    return match["label"] if match else ""


def _is_call(
    link: Tag, label: str, anchor: Tag, anchors: dict[str, Tag], order: dict[int, int]
) -> bool:
    """Whether a link with a label calls a note at `anchor`."""
    if order[id(anchor)] < order[id(link)] or link in anchor.parents or anchor in link.parents:
        return False
    block = _block_of(anchor)
    if _HEADING.fullmatch(block.name) or block.name in _PAGES or block is _block_of(link):
        return _HEADING.fullmatch(block.name) is None and _marked(link, anchor)
    words = " ".join(block.get_text().split())
    if len(words) > _LONGEST:
        return False
    return (
        _marked(link, anchor)
        or _leads_back(block, link, anchors, order)
        or re.match(rf"[\[(]?\s*{re.escape(label)}(?!\w)", words) is not None
    )


def _marked(link: Tag, anchor: Tag) -> bool:
    """Whether the page calls the link a call, or its target a note."""
    around = [link, *list(link.parents)[:2], *link.find_all(True)]
    said = {word.lower() for e in around if isinstance(e, Tag) for word in _said(e)}
    if said & _NAMES_OF_CALLS or "mso-footnote-id" in str(link.get("style") or ""):
        return True
    raised = link.find_parent("sup") or link.find("sup")
    names = [str(anchor.get("id") or ""), str(anchor.get("name") or "")]
    noted = any(_NAMES_OF_NOTES.fullmatch(name) for name in names if name)
    return noted and (
        raised is not None
        or "[" in link.get_text()
        or "(" in link.get_text()
        or "*" in link.get_text()
    )


def _said(element: Tag) -> Iterator[str]:
    """The words with which a page says what an element is."""
    for name in ("class", "role", "epub:type", "rel"):
        value = element.get(name)
        yield from value.split() if isinstance(value, str) else value or ()


def _leads_back(block: Tag, link: Tag, anchors: dict[str, Tag], order: dict[int, int]) -> bool:
    """Whether a block has a link to the place of a call: to it, around it, or just before it."""
    around = {
        id(link),
        *(id(e) for e in list(link.parents)[:3]),
        *(id(e) for e in link.find_all(True)),
    }
    for back in block.find_all("a", href=True):
        address = _address(back, anchors)
        there = anchors.get(address)
        if there is not None and (
            id(there) in around or 0 <= order[id(link)] - order[id(there)] <= 3
        ):
            return True
    return False


def _block_of(element: Tag) -> Tag:
    """The block that an element is, or is in."""
    for around in (element, *element.parents):
        if around.name in _BLOCKS:
            return around
    return element


@dataclass(slots=True)
class _Bodies:
    """Finds the words of notes, and takes them out of the page."""

    soup: BeautifulSoup
    notes: list[_NoteFound]
    order: dict[int, int]
    counts: dict[int, int] = field(init=False)
    """How many notes begin in each element."""

    def __post_init__(self) -> None:
        self.counts: dict[int, int] = {}
        for note in self.notes:
            for element in (note.anchor, *note.anchor.parents):
                self.counts[id(element)] = self.counts.get(id(element), 0) + 1

    def take(self, note: _NoteFound) -> Tag | None:
        """The words of a note in a division, out of the page; None if it has none of its own."""
        elements = self._elements(note)
        if not elements or any(self._calls_it(e, note) for e in elements if isinstance(e, Tag)):
            return None
        if not any(self._text(e).strip() for e in elements):
            return None
        body = self.soup.new_tag("div")
        for element in elements:
            element = element.extract()
            rows = isinstance(element, Tag) and element.name in ("tr", "td", "li", "dd", "dt")
            for child in _unpacked(element) if rows and isinstance(element, Tag) else [element]:
                body.append(child)
        return body

    def _text(self, element: PageElement) -> str:
        return element.get_text() if isinstance(element, Tag) else str(element)

    def _calls_it(self, element: Tag, note: _NoteFound) -> bool:
        return any(call is element or element in call.parents for call in note.calls)

    def _targets(self, element: Tag) -> int:
        return self.counts.get(id(element), 0)

    def _elements(self, note: _NoteFound) -> list[PageElement]:
        block = _block_of(note.anchor)
        if block.name == "td":
            block = block.find_parent("tr") or block
        if block.name == "dt":
            following = block.find_next_sibling("dd")
            return [block, following] if following else [block]
        if self._targets(block) > 1 or block.name in _PAGES:
            return self._run(note)
        whole = self._whole(note, block)
        if (
            whole is not block
            or block.name in _WHOLE
            or (block.name == "div" and block is note.anchor)
        ):
            return [whole]
        return [block, *self._following(block)]

    def _run(self, note: _NoteFound) -> list[PageElement]:
        """What is between a note's anchor and the next, in an element that has several notes."""
        first: Tag = note.anchor
        while first.parent is not None and self._targets(first.parent) == 1:
            first = first.parent
        within = first.parent
        run: list[PageElement] = [first]
        for element in first.next_siblings:
            if isinstance(element, Tag):
                if (
                    self._targets(element)
                    or element.name == "hr"
                    or _HEADING.fullmatch(element.name)
                ):
                    break
                if within is None or (within.name in _PAGES and element.name in _BLOCKS):
                    break
            run.append(element)
        return run

    def _whole(self, note: _NoteFound, block: Tag) -> Tag:
        """The element that has the whole note: the item or the division that begins with it and has
        no other."""
        start = _solid(block)[:_OPENING]
        for around in (block, *block.parents):
            if around.name in _WHOLE:
                return around
            if around is block:
                continue
            alone = self._targets(around) == 1 and not self._calls_it(around, note)
            if around.name not in ("div", "blockquote", "section") or not alone:
                break
            if not _solid(around).startswith(start) or around.find(_HEADING) is not None:
                break
            if (
                _NAMES_OF_NOTES.fullmatch(str(around.get("id") or "-"))
                or len(around.find_all("p")) <= 1
            ):
                return around
        return block

    def _following(self, block: Tag) -> list[PageElement]:
        """The paragraphs after the first of a note, up to the next note; none if there is no next
        note beside it: what follows the last may be anything."""
        run: list[PageElement] = []
        for element in block.next_siblings:
            if isinstance(element, NavigableString):
                run.append(element)
                if element.strip():
                    return []
                continue
            if not isinstance(element, Tag):
                continue
            if self._targets(element):
                return run
            if element.name not in ("p", "blockquote", "ul", "ol") or self._has_call(element):
                return []
            run.append(element)
        return []

    def _has_call(self, element: Tag) -> bool:
        return any(element in call.parents for note in self.notes for call in note.calls)


def _solid(element: Tag) -> str:
    return "".join(element.get_text().split())


def _unpacked(element: Tag) -> list[PageElement]:
    """What an element of a list or a table has, without it; cells are joined by spaces."""
    children: list[PageElement] = []
    for child in list(element.children):
        inner = (
            [*child.children] if isinstance(child, Tag) and child.name in ("td", "th") else [child]
        )
        children += [c.extract() for c in inner]
        children.append(NavigableString(" "))
    return children


def _mark_call(call: Tag, note: _NoteFound) -> None:
    """A mark in the place of a call, and of what only raises or brackets it."""
    place = _outermost(call)
    before, after = place.previous_sibling, place.next_sibling
    if isinstance(before, NavigableString) and isinstance(after, NavigableString):
        for opening, closing in ("()", "[]"):
            if before.endswith(opening) and after.startswith(closing):
                before.replace_with(NavigableString(before[:-1]))
                after.replace_with(NavigableString(after[1:]))
                break
    place.replace_with(NavigableString(mark(NOTE, note.key)))


def _strip_label(body: Tag, note: _NoteFound) -> None:
    """Remove the label with which a note begins, and the links that lead back to its calls."""
    removed = False
    for link in body.find_all("a", href=True):
        if "#" in str(link["href"]) and _is_furniture(link, body, note.label):
            removed = removed or not _BACK.fullmatch(link.get_text())
            _remove(link)
    for element in body.find_all(class_=_BACKLINK):
        if len(element.get_text(strip=True)) <= _SHORT:
            element.decompose()
    text = body.get_text()
    label = re.escape(note.label)
    printed = re.match(rf"\s*[\[(]?\s*{label}\s*[\])]?\s*[.:)–-]?\s*(?!\w)", text)
    loose = _LOOSE.match(text)
    if printed and printed.end() < len(text) and not note.label.isalpha():
        _cut(body, printed.end())
    elif loose and (removed or set(loose[0]) & set("])")):
        _cut(body, loose.end())


def _is_furniture(link: Tag, body: Tag, label: str) -> bool:
    """Whether a link in a note only leads back: an arrow, or the label with which it begins."""
    words = " ".join(link.get_text().split())
    if _BACK.fullmatch(words):
        return True
    found = _LABEL.fullmatch(words)
    first = not _before(body, link).strip(" \n\t\u00a0[(")
    return first and found is not None and found["label"] == label


def _before(body: Tag, element: Tag) -> str:
    """The words of a body before an element of it."""
    words: list[str] = []
    for part in body.descendants:
        if part is element:
            break
        if isinstance(part, NavigableString):
            words.append(str(part))
    return "".join(words)


def _remove(link: Tag) -> None:
    """Remove a link, and what only raises or brackets it."""
    _outermost(link).decompose()


def _outermost(link: Tag) -> Tag:
    """The outermost element that has nothing but a link, and brackets around it."""
    place, words = link, link.get_text()
    while (around := place.parent) is not None and around.name in _RAISING:
        if around.get_text().replace(words, "", 1).strip(" []()\u00a0"):
            break
        place = around
    return place


def _cut(body: Tag, count: int) -> None:
    """Remove the first `count` characters of a body."""
    for part in [p for p in body.descendants if isinstance(p, NavigableString)]:
        if count <= 0:
            return
        words = str(part)
        part.replace_with(NavigableString(words[count:]))
        count -= len(words)


def _emptied(whole: Tag) -> Iterator[str]:
    """Remove the headings above notes that were taken away, and what had only notes. Yields what
    the editor must know."""
    for element in whole.find_all(("ol", "ul", "dl", "table", "section", "div")):
        if element.decomposed or _is_body(element) or element.get_text(strip=True):
            continue
        if not element.find(("img", "hr")) and not element.find(_is_body):
            element.decompose()
    for element in whole.find_all(_HEADING):
        words = " ".join(element.get_text().split())
        if _OF_NOTES.fullmatch(words) and not _has_words_after(element):
            element.decompose()
            yield interface.HEADING_LEFT.format(words=words)


def _is_body(element: Tag) -> bool:
    """Whether an element has the body of a note."""
    return element.has_attr(f"data-{BODY}")


def _has_words_after(heading: Tag) -> bool:
    """Whether words follow a heading before the next one, or before a rule."""
    for element in heading.next_elements:
        if isinstance(element, Tag):
            if element.name == "hr" or _HEADING.fullmatch(element.name) or _is_body(element):
                return False
        elif str(element).strip() and heading not in element.parents:
            return True
    return False
