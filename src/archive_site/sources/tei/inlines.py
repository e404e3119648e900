"""Elements within a paragraph → inlines. `INLINES` has the function for each element; of any other
element, the words are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from archive_site import interface
from archive_site.sources.tei.languages import differ, tag_of
from archive_site.sources.tei.links import SIGN, NoteLinks, sign_of
from archive_site.sources.tei.parsing import Node
from archive_site.sources.tei.settled import has_content, settled
from archive_site.sources.tei.spaces import JOINED, LINE, with_spaces
from archive_site.sources.tei.styles import BOLD, CAPITALS, ITALIC, RAISED, styles_of
from archive_site.text.dates import is_day
from archive_site.text.document import (
    Doubt,
    Emendation,
    Emphasis,
    Foreign,
    Gap,
    Inline,
    Inlines,
    Link,
    Name,
    NoteCall,
    PageBreak,
    SmallCaps,
    StageDirection,
    Superscript,
    Text,
)
from archive_site.text.reading import merged, reading_text, trimmed, walk, witness_text

WEB = re.compile(r"https?://[^\s\"<>\\()\[\]{}*_^`~|]+")
"""An address that may be the target of a link."""
_UNNUMBERED = re.compile(
    r"[\[(]?(?:n\.? ?p\.?|s\. ?p\.|n\. ?n\.|non pagin\w*|unpag\w*)[\])]?", re.I
)
"""What stands for the number of a page that has none."""
_RAISED = re.compile(r"[^\W_]{1,12}(?:[ .’'-][^\W_]{1,12}){0,2}\.?")
"""What may be raised: the end of an ordinal or an abbreviation."""
_FOLIO = re.compile(r"(?:p|pp|f|fo|fol|page|folio)\.?\s+(?=\S)", re.I)


_INSTEAD = ("gap", "figure", "g", "ptr", ":include")
"""Elements that need no words to say something."""


@dataclass(slots=True)
class FileReading:
    """What is known of a file, and what reading it has gathered. `renditions` has the CSS of the
    header. `unmarked`: the file has no quotation marks around its quotations. `words` are those of
    the text. `notes` has the notes that are called, in order, each with the sign printed there;
    `labels`, their numbers in `notes`; `omitted` counts what is no part of the text."""

    links: NoteLinks
    renditions: Mapping[str, str]
    unmarked: bool
    words: Counter[str]
    notes: list[tuple[Node, str]] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)
    omitted: Counter[str] = field(default_factory=Counter)

    def says(self, note: Node) -> bool:
        """Whether a note has words, or something that stands for them."""
        parts = (note, *self.links.continued.get(id(note), ()))
        return any(part.words or any(part.every(*_INSTEAD)) for part in parts)

    def call(self, note: Node, printed: str = "") -> NoteCall:
        """The call of a note, which is to be read. Its label is provisional."""
        if id(note) not in self.labels:
            self.labels[id(note)] = str(len(self.notes))
            self.notes.append((note, printed or sign_of(note.get("n")) or note.get("n")))
        return NoteCall(self.labels[id(note)])


def inlines_of(reading: FileReading, node: Node, around: str, *, lines: bool = False) -> Inlines:
    """The content of an element as the inlines of a block. `around` is its language; `lines`: line
    ends are kept."""
    return finished(reading, raw(reading, node.parts, around), lines=lines)


def finished(reading: FileReading, content: Inlines, *, lines: bool = False) -> Inlines:
    """Inlines of a block with their spaces as TEI means them."""
    return trimmed(merged(settled(with_spaces(merged(content), reading.words, lines=lines))))


def raw(reading: FileReading, parts: tuple[Node | str, ...], around: str) -> Inlines:
    """Words and elements as inlines, with their spaces as they are in the file."""
    found: list[Inline] = []
    for part in parts:
        found += (Text(part),) if isinstance(part, str) else inline(reading, part, around)
    return tuple(found)


def inline(reading: FileReading, node: Node, around: str) -> Inlines:
    """An element as inlines, with the calls of the notes that point to it."""
    language = tag_of(node.get("xml:lang")) or around
    content = INLINES.get(node.name, _words)(reading, node, language)
    if node.name not in _PLAIN:
        content = _styled(content, styles_of(node, reading.renditions))
        if differ(language, around) and has_content(content):
            content = (Foreign(content, language or "fr"),)
    return (*content, *map(reading.call, reading.links.after.get(id(node), ())))


def _styled(content: Inlines, styles: frozenset[str]) -> Inlines:
    if not styles or not has_content(content):
        return content
    if RAISED in styles and all(isinstance(part, Text) for part in content):
        raised = " ".join(reading_text(content).split())
        return _spaced(content, (Superscript(raised),)) if _RAISED.fullmatch(raised) else content
    if CAPITALS in styles:
        content = (SmallCaps(content),)
    if styles & {ITALIC, BOLD}:
        content = (Emphasis(content, BOLD in styles),)
    return content


def _spaced(content: Inlines, made: Inlines) -> Inlines:
    """What was made of inlines, with the spaces that these have at their ends."""
    words = witness_text(content) or reading_text(content)
    before, after = words[:1].isspace(), words[-1:].isspace()
    return (*(Text(" "),) * before, *made, *(Text(" "),) * after)


# ---------------------------------------------------------------- words


def _words(reading: FileReading, node: Node, around: str) -> Inlines:
    return raw(reading, node.parts, around)


def _parted(reading: FileReading, node: Node, around: str) -> Inlines:
    """A block where only words may stand: they are parted from those around them."""
    return (Text(" "), *_words(reading, node, around), Text(" "))


def _line(reading: FileReading, node: Node, around: str) -> Inlines:
    """A line of verse, or of an address, where only words may stand."""
    return (Text(LINE), *_words(reading, node, around), Text(LINE))


def _nothing(reading: FileReading, node: Node, _: str) -> Inlines:
    """What is no part of the text."""
    reading.omitted[node.name] += 1
    return ()


def _line_end(reading: FileReading, node: Node, around: str) -> Inlines:
    end = Text(JOINED if node.get("break") == "no" else LINE)
    return (end, *_words(reading, node, around))


def _page(reading: FileReading, node: Node, around: str) -> Inlines:
    number = _FOLIO.sub("", node.get("n"))
    page = PageBreak("" if _UNNUMBERED.fullmatch(number) else number)
    joined = (Text(JOINED),) if node.get("break") == "no" else ()
    return (*joined, page, *_words(reading, node, around))


def _column(reading: FileReading, node: Node, around: str) -> Inlines:
    joined = (Text(JOINED),) if node.get("break") == "no" else ()
    return (*joined, *_words(reading, node, around))


def _highlighted(reading: FileReading, node: Node, around: str) -> Inlines:
    content = _words(reading, node, around)
    said = any(node.get(name) for name in ("rend", "rendition", "style"))
    return content if said else (Emphasis(content),)


def _emphasised(reading: FileReading, node: Node, around: str) -> Inlines:
    return (Emphasis(_words(reading, node, around)),)


def _title(reading: FileReading, node: Node, around: str) -> Inlines:
    content = _words(reading, node, around)
    return content if node.get("level") in ("a", "u") else (Emphasis(content),)


def _stage(reading: FileReading, node: Node, around: str) -> Inlines:
    return (StageDirection(_words(reading, node, around)),)


def _quoted(reading: FileReading, node: Node, around: str) -> Inlines:
    content = _words(reading, node, around)
    return (Text("«\u00a0"), *content, Text("\u00a0»")) if reading.unmarked else content


def _date(reading: FileReading, node: Node, around: str) -> Inlines:
    content, day = _words(reading, node, around), node.get("when")
    return (Name(content, day),) if is_day(day) and has_content(content) else content


def _sign(reading: FileReading, node: Node, around: str) -> Inlines:
    """A sign that Unicode may lack."""
    content = _words(reading, node, around)
    return content if has_content(content) else (Gap(interface.TEI_SIGN),)


# ---------------------------------------------------------------- notes and references


def _note(reading: FileReading, node: Node, around: str) -> Inlines:
    """The call of a note; nothing if it is called elsewhere or has no words."""
    if id(node) in reading.links.placed | reading.links.parts:
        return ()
    if not reading.says(node):
        return _words(reading, node, around)
    return (reading.call(node),)


def _reference(reading: FileReading, node: Node, around: str) -> Inlines:
    if id(node) in reading.links.backs:
        return ()
    note = reading.links.calls.get(id(node))
    if note and reading.says(note):
        within = SIGN.search(node.words)
        return (reading.call(note, sign_of(node.words) or (within[1] if within else "")),)
    content, target = _words(reading, node, around), node.get("target")
    if not WEB.fullmatch(target):
        return content
    return (Link(content if has_content(content) else (Text(target),), target),)


def _label(reading: FileReading, node: Node, around: str) -> Inlines:
    return () if id(node) in reading.links.backs else _words(reading, node, around)


# ---------------------------------------------------------------- what editors say


def _choice(reading: FileReading, node: Node, around: str) -> Inlines:
    """One of two readings; the editor's correction with what stands in the source."""
    children, names = node.children, sorted(child.name for child in node.children)
    by_name = {child.name: child for child in children}
    if node.mixed or len(children) < 2:
        return _words(reading, node, around)
    if names == ["corr", "sic"]:
        return _emended(reading, by_name["corr"], by_name["sic"], around, "")
    for kept, other in (("orig", "reg"), ("abbr", "expan"), ("abbr", "ex"), ("am", "ex")):
        if names == [kept, other]:
            reading.omitted[other] += 1
            return inline(reading, by_name[kept], around)
    first, *others = children
    content = inline(reading, first, around)
    if not has_content(content) or not any(other.words for other in others):
        return (*content, *raw(reading, tuple(others), around))
    said = " / ".join(other.words for other in others if other.words)
    return (Doubt(content, interface.TEI_OR.format(other=said)),)


def _emended(
    reading: FileReading, right: Node | None, seen: Node | None, around: str, why: str
) -> Inlines:
    """What the edition reads (`right`) instead of what stands in the source (`seen`); the pages and
    notes in either follow."""
    rights = raw(reading, right.parts, around) if right else ()
    seens = raw(reading, seen.parts, around) if seen else ()
    here = finished(reading, rights)
    there = finished(reading, seens)
    if not (right and seen) and any(isinstance(i, Emendation) for i in walk((*here, *there))):
        return (*rights, *seens)  # what is emended within says more
    corrected = re.sub(" {2,}", " ", reading_text(here)).strip()
    witness = re.sub(" {2,}", " ", witness_text(there)).strip()
    others = tuple(
        i for i in (*walk(here), *walk(there)) if isinstance(i, NoteCall | PageBreak | Gap)
    )
    if corrected == witness:
        return (Text(corrected), *others)
    return (*_spaced(rights or seens, (Emendation(corrected, witness, why),)), *others)


def _supplied(reading: FileReading, node: Node, around: str) -> Inlines:
    why = node.get("reason") or interface.TEI_ADDED[node.name]
    return _emended(reading, node, None, around, why)


def _deleted(reading: FileReading, node: Node, around: str) -> Inlines:
    return _emended(reading, None, node, around, interface.TEI_REMOVED[node.name])


def _doubtful(reading: FileReading, node: Node, around: str) -> Inlines:
    reason = f" ({node.get('reason')})" if node.get("reason") else ""
    return (Doubt(_words(reading, node, around), interface.TEI_DOUBTS[node.name] + reason),)


def _gap(_: FileReading, node: Node, __: str) -> Inlines:
    size = " ".join(filter(None, (node.get("quantity"), node.get("unit"))))
    said = ", ".join(filter(None, (node.get("reason"), node.get("extent") or size, node.words)))
    return (Gap(f"{interface.TEI_GAP} ({said})" if said else interface.TEI_GAP),)


def _figure(reading: FileReading, node: Node, around: str) -> Inlines:
    """A picture, which is not in the file, with the words that stand there."""
    described = tuple(node.every("figDesc"))
    pictures = tuple(node.every("graphic", "media"))
    said = [inner.words for inner in described] or [inner.get("url") for inner in pictures]
    said = [words for words in said if words]
    why = f"{interface.TEI_FIGURE} ({' ; '.join(said)})" if said else interface.TEI_FIGURE
    return (Gap(why), *_parted(reading, node, around))


def _included(_: FileReading, node: Node, __: str) -> Inlines:
    return (Gap(interface.TEI_NOT_INCLUDED.format(file=node.get("href"))),)


def _variants(reading: FileReading, node: Node, around: str) -> Inlines:
    """A place of a critical apparatus: the reading of the text; the others are a note."""
    lemmas = [child for child in node.children if child.name == "lem"]
    others = [child for child in node.every("rdg") if child.words]
    known = all(child.name in ("lem", "rdg", "rdgGrp") for child in node.children)
    if node.mixed or not known:
        return _words(reading, node, around)
    chosen = lemmas[0] if lemmas else others.pop(0) if others else None
    said: list[Node | str] = []
    for other in others:
        witnesses = " ".join(pointer.lstrip("#") for pointer in other.get("wit").split())
        said += [" ; " if said else "", Node("seg", {}, other.parts)]
        said.append(f" ({witnesses})" if witnesses else "")
    note = (reading.call(Node("note", {}, tuple(said), node.line)),) if said else ()
    more = tuple(lemma for lemma in lemmas[1:])
    return (
        *(inline(reading, chosen, around) if chosen else ()),
        *note,
        *raw(reading, more, around),
    )


Function = Callable[[FileReading, Node, str], Inlines]
PARTED = (
    "p ab div div1 div2 div3 div4 div5 div6 div7 head lg list item table row cell sp speaker "
    "opener closer salute signed dateline argument byline epigraph postscript trailer castList "
    "castItem castGroup set titlePage titlePart docTitle docImprint docEdition imprimatur body "
    "front back text group floatingText listBibl biblStruct biblFull"
).split()
"""Blocks whose words are parted from those around them, where only words may stand."""
OMITTED = (
    "fw index figDesc graphic media binaryObject teiHeader standOff facsimile sourceDoc interp "
    "interpGrp span spanGrp link linkGrp join joinGrp timeline certainty precision respons "
    "listChange xenoData divGen"
).split()
"""Elements that are no part of the text: running heads, entries of an index, data."""
INLINES: Mapping[str, Function] = {
    **dict.fromkeys(PARTED, _parted),
    **dict.fromkeys(OMITTED, _nothing),
    **dict.fromkeys(("l", "addrLine"), _line),
    **dict.fromkeys(("emph", "mentioned"), _emphasised),
    **dict.fromkeys(("q", "quote", "said"), _quoted),
    **dict.fromkeys(("ref", "ptr"), _reference),
    **dict.fromkeys(interface.TEI_ADDED, _supplied),
    **dict.fromkeys(interface.TEI_REMOVED, _deleted),
    **dict.fromkeys(interface.TEI_DOUBTS, _doubtful),
    "lb": _line_end,
    "pb": _page,
    "cb": _column,
    "hi": _highlighted,
    "title": _title,
    "stage": _stage,
    "date": _date,
    "g": _sign,
    "note": _note,
    "label": _label,
    "choice": _choice,
    "app": _variants,
    "gap": _gap,
    "figure": _figure,
    ":include": _included,
}
"""The function for each element that is more than its words."""
_PLAIN = ("note", "pb", "lb", "gap", "stage", "speaker", "figure")
"""Elements of which no style is said."""
