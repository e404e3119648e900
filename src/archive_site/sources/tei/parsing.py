"""Bytes of a TEI file → its elements as plain records. Nothing outside the file is read, and no
entity is expanded except short words that the file itself declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.entities import html5
from typing import Any

from archive_site.findings import Finding, Unsound
from archive_site.sources.safe_xml import safe_parser
from archive_site.sources.tei_vocabulary import NAMESPACE
from archive_site.text.reading import NOT_WRITTEN

DEEPEST = 60
"""How deep elements are kept; the words of deeper ones are those of the element around them."""
LONGEST_ENTITY = 200
"""The most characters that an entity may stand for."""
KEPT = "\ufdd2"
"""A line end in an element with `xml:space="preserve"`. As a noncharacter, it is in no text."""
_XML = "{http://www.w3.org/XML/1998/namespace}"
_CONTROL = re.compile("[\x80-\x9f]")


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """An element: its local name (after a colon, if it is not one of TEI's), its attributes
    (`xml:id` …), the words and the elements in it, and its line in the file."""

    name: str
    attributes: Mapping[str, str]
    parts: tuple[Node | str, ...] = ()
    line: int = 0

    def get(self, name: str, otherwise: str = "") -> str:
        """The value of an attribute, with white space as one space."""
        return " ".join(self.attributes.get(name, otherwise).split())

    @property
    def id(self) -> str:
        """Its `xml:id`."""
        return self.get("xml:id")

    @property
    def children(self) -> tuple[Node, ...]:
        """The elements in it."""
        return tuple(part for part in self.parts if isinstance(part, Node))

    @property
    def mixed(self) -> bool:
        """Whether it has words of its own, beside those of its elements."""
        return any(isinstance(part, str) and has_words(part) for part in self.parts)

    def every(self, *names: str) -> Iterator[Node]:
        """The elements within it, in order; those with one of the `names`, if there are any."""
        for child in self.children:
            if not names or child.name in names:
                yield child
            yield from child.every(*names)

    def all(self, path: str) -> tuple[Node, ...]:
        """The elements at a path such as `fileDesc/titleStmt/title`."""
        found: tuple[Node, ...] = (self,)
        for name in path.split("/"):
            found = tuple(c for node in found for c in node.children if c.name == name)
        return found

    def first(self, *paths: str) -> Node | None:
        """The first element at the first of the paths that has one."""
        return next((node for path in paths for node in self.all(path)), None)

    @property
    def words(self) -> str:
        """All words in it, with white space as one space."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part.replace(KEPT, " ")
            elif part.name == "lb":
                yield " "
            else:
                yield from part._texts()


def has_words(text: str) -> bool:
    """Whether a text has more than white space."""
    return bool(text.replace(KEPT, " ").strip())


def fault(shown: str, line: int, message: str, hint: str = "") -> Unsound:
    """The one finding about a file that cannot be read as TEI."""
    return Unsound([Finding(shown, line, "E008", message, hint)])


def parsed(data: bytes, shown: str) -> Any:
    """The root of a file, as lxml has it: a `TEI` element.

    Raises `Unsound` if the file is not well-formed, if it is not TEI P5, or if it has several
    texts."""
    from lxml import etree  # deferred: starting takes most of the time of a small build

    try:
        root = etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        said = re.sub(r", line \d+, column \d+.*", "", error.msg or "this is no XML")
        raise fault(shown, error.lineno or 0, f"must be well-formed XML; {said}") from error
    return _one_text(root, shown)


def _one_text(root: Any, shown: str) -> Any:
    name = _name(root)
    if name == "TEI":
        return root
    if name == "TEI.2":
        message, hint = "must be TEI P5; found P4 (TEI.2)", "Convert it to P5 with TEI Garage."
        raise fault(shown, root.sourceline, message, hint)
    if name != "teiCorpus":
        raise fault(shown, root.sourceline, f"the root element must be TEI; found {name}")
    texts = [child for child in root.iter() if _name(child) == "TEI"]
    if len(texts) != 1:
        message = f"must have one text; found a teiCorpus with {len(texts)}"
        hint = "Save each TEI element as a file of its own, and read each of them."
        raise fault(shown, root.sourceline, message, hint)
    return texts[0]


def _name(element: Any) -> str:
    """The local name of an element; with a colon before it, if it is not TEI's."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, name = element.tag.rpartition("}")
    return name if namespace in ("", f"{{{NAMESPACE}") else f":{name}"


def as_node(root: Any, shown: str) -> Node:
    """The elements of a file as records.

    Raises `Unsound` if it has an entity that is not declared in it as a few words."""
    return _Reading(shown, _declared(root)).node(root, 0, kept=False)


def _declared(root: Any) -> Mapping[str, str]:
    """The entities that the file declares as a few words without markup."""
    declared = root.getroottree().docinfo.internalDTD
    entities = declared.entities() if declared is not None else ()
    return {
        entity.name: entity.content
        for entity in entities
        if entity.content is not None
        and len(entity.content) <= LONGEST_ENTITY
        and not re.search("[&<%]", entity.content)
    }


@dataclass(frozen=True, slots=True)
class _Reading:
    """Turns elements of lxml into records."""

    shown: str
    entities: Mapping[str, str]

    def node(self, element: Any, depth: int, *, kept: bool) -> Node:
        """An element; `kept`: its line ends are kept."""
        kept = {"preserve": True, "default": False}.get(element.get(f"{_XML}space"), kept)
        attributes = {
            key.replace(_XML, "xml:").rpartition("}")[2]: _clean(value)
            for key, value in element.attrib.items()
        }
        parts = tuple(self.parts(element, depth + 1, kept))
        return Node(_name(element), attributes, parts, element.sourceline or 0)

    def parts(self, element: Any, depth: int, kept: bool) -> Iterator[Node | str]:
        """What is in an element."""
        yield from _text(element.text, kept)
        for child in element:
            if not isinstance(child.tag, str):
                yield self.entity(child)
            elif depth > DEEPEST:
                yield from self.parts(child, depth + 1, kept)
            else:
                yield self.node(child, depth, kept=kept)
            yield from _text(child.tail, kept)

    def entity(self, reference: Any) -> str:
        """The words that an entity stands for: declared in the file, or one of HTML's letters."""
        name = reference.name
        words = self.entities.get(name) or html5.get(f"{name};")
        if words is None:
            message = f"an entity must be declared in the file, as a few words; found &{name};"
            hint = f"Write the characters themselves instead of &{name};."
            raise fault(self.shown, reference.sourceline or 0, message, hint)
        return _clean(words)


def _text(text: str | None, kept: bool) -> Iterator[str]:
    if text:
        cleaned = _clean(text)
        yield re.sub(r"[ \t]*\n[ \t]*", KEPT, cleaned) if kept else cleaned


def _clean(text: str) -> str:
    """A text without the characters that editions may not contain. C1 controls are those of
    Windows, whose quotation marks and dashes stand there in badly converted files."""
    if text.isascii() and text.isprintable():
        return text
    text = re.sub("[\u2028\u2029\r]", "\n", text)
    text = _CONTROL.sub(lambda c: c[0].encode("latin-1").decode("cp1252", "ignore"), text)
    return NOT_WRITTEN.sub("", text)
