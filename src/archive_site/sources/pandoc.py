"""A document in a format that pandoc reads → a draft `Document`."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from archive_site import interface
from archive_site.findings import Finding, Unsound
from archive_site.sources import office
from archive_site.sources.assemble import assembled, unpaged
from archive_site.sources.derived import derived_text
from archive_site.sources.kinds import kind_of
from archive_site.sources.prepared import Prepared, text_in
from archive_site.sources.program import tree_of
from archive_site.sources.properties import Properties, language_said
from archive_site.sources.tree import TreeReader
from archive_site.sources.web import prepare_epub, prepare_html
from archive_site.sources.words import Node, strings_in
from archive_site.text.document import Document, PageBreak
from archive_site.text.reading import walk, witness_text
from archive_site.witness.collate import collate
from archive_site.witness.witness import Witness

_READERS: Mapping[str, str] = {
    "Markdown": "markdown-smart",
    "LaTeX": "latex",
    "Org": "org-smart",
    "reStructuredText": "rst",
    "Textile": "textile",
    "MediaWiki": "mediawiki",
}
"""What pandoc calls the formats that it reads as they are."""
_PREPARE = {**office.PREPARE, "HTML": prepare_html, "EPUB": prepare_epub}
_TITLE_PAGE = (("title", "title"), ("subtitle", "subtitle"), ("author", ""), ("date", "date"))
"""The words of the title page that pandoc takes out of a text, in their order, with the style of
each."""
_MOST_LEFT = 12


def read_pandoc(data: bytes, name: str, shown: str) -> Document:
    """The draft of an edition of the document in `data`, the contents of the file `name`: DOCX,
    ODT, RTF, HTML, EPUB, Markdown, LaTeX … Its id is made from the name.

    Raises `Unsound` (E006, E026) if the file is not what its name says, cannot be read or has no
    words, and `NotPossible` if pandoc is not installed or takes too long. `shown` is the path that
    findings give."""
    kind = kind_of(data, name, shown)
    if kind in _PREPARE:
        prepared = _PREPARE[kind](data, shown)
    else:
        prepared = Prepared(_READERS[kind], text_in(data).encode())
    tree = tree_of(prepared.data, prepared.reader, kind, shown)
    try:
        document = document_of(tree, prepared, name, titled=kind in _READERS)
    except RecursionError as error:
        hint = "Remove what is nested most deeply."
        message = f"must be {kind} that can be read; it is nested too deeply"
        raise Unsound([Finding(shown, 0, "E006", message, hint)]) from error
    if not any(witness_text(block.content).strip() for block in document.blocks):
        hint = "If it has pictures of the text, give these."
        raise Unsound([Finding(shown, 0, "E026", "a text must have words; found none", hint)])
    return document


def document_of(
    tree: Mapping[str, Any], prepared: Prepared, name: str, *, titled: bool = False
) -> Document:
    """The document of pandoc's `tree`; `titled`: its metadata are words of the text."""
    meta, properties = tree.get("meta", {}), prepared.properties
    said = Properties(
        properties.title or _words_of(meta.get("title")),
        properties.authors or tuple(_several(meta.get("author"))),
        properties.date or _words_of(meta.get("date")),
        properties.language or _words_of(meta.get("lang")),
    )
    language = language_said(said, strings_in(tree["blocks"]))
    reader = TreeReader(language)
    front = list(_title_page(meta)) if titled else []
    parts = reader.read([*front, *tree["blocks"]])
    remarks = [*prepared.remarks, *([interface.UNDERLINED] if reader.words.underlined else [])]
    document = assembled(parts, tuple(reader.called()), said, language, name, remarks)
    if not _pages_agree(document):
        document = _remarked(unpaged(document), interface.PAGES_LEFT)
    told = {
        interface.WORDS_LEFT: _left(prepared.words, document),
        interface.WORDS_MOVED: _moved(prepared.in_order, document),
    }
    for remark, words in told.items():
        if words:
            document = _remarked(document, remark.format(words=" ".join(words)))
    return document


def _pages_agree(document: Document) -> bool:
    """Whether a check finds no fault in the page breaks."""
    inlines = (inline for block in document.blocks for inline in walk(block.content))
    if not any(isinstance(inline, PageBreak) for inline in inlines):
        return True
    witness = Witness(document.meta.witness, derived_text(document), 0, "")
    found = collate(document, witness, document.meta.id).findings
    return not any(finding.code in ("E050", "E051") for finding in found)


def _remarked(document: Document, remark: str) -> Document:
    return replace(document, meta=replace(document.meta, remarks=(*document.meta.remarks, remark)))


def _title_page(meta: Mapping[str, Any]) -> Iterator[Node]:
    """The words of the title page as blocks, each with its style."""
    for field, style in _TITLE_PAGE:
        for value in _values(meta.get(field)):
            block = {"t": "Para", "c": value["c"]} if value["t"] == "MetaInlines" else None
            inner = [block] if block else value["c"] if value["t"] == "MetaBlocks" else []
            if inner:
                yield {"t": "Div", "c": [["", [], [["custom-style", style]]], inner]}
    for value in _values(meta.get("abstract")):
        inlines = value["t"] == "MetaInlines"
        yield from [{"t": "Para", "c": value["c"]}] if inlines else value["c"]


def _values(value: Any) -> Iterator[Any]:
    """The values of a field of the metadata that have words."""
    if value is None:
        return
    if value["t"] == "MetaList":
        for inner in value["c"]:
            yield from _values(inner)
    elif value["t"] == "MetaMap":
        for inner in value["c"].values():
            yield from _values(inner)
    elif value["t"] == "MetaString":
        yield {"t": "MetaInlines", "c": [{"t": "Str", "c": value["c"]}]}
    elif value["t"] in ("MetaInlines", "MetaBlocks"):
        yield value


def _several(value: Any) -> Iterator[str]:
    return (" ".join(_spoken(inner["c"])) for inner in _values(value))


def _words_of(value: Any) -> str:
    return " ".join(_several(value))


def _spoken(nodes: Iterable[Node]) -> Iterator[str]:
    """The words of inlines or blocks, without marks."""
    joined = "".join(
        " " if n["t"] in ("Space", "SoftBreak", "LineBreak") else "".join(strings_in(n.get("c")))
        for n in nodes
    )
    return iter(joined.split())


def _left(words: str, document: Document) -> list[str]:
    """Words of the source that are not in the document as often, in the order of the source; the
    first of them."""
    if not words:
        return []
    blocks = (witness_text(block.content, end=" ") for block in document.every_block)
    missing = Counter(_tokens(words)) - Counter(_tokens("\n".join(blocks)))
    return list(missing)[:_MOST_LEFT]


def _moved(words: str, document: Document) -> list[str]:
    """Words of the source's text that are in a note, or whose order is another in the document; the
    first of them. Words that are there more or less often prove nothing of the order."""
    if not words:
        return []
    source = _tokens(words)
    read = _tokens("\n".join(witness_text(block.content) for block in document.blocks))
    notes = [block.content for note in document.notes for block in note.blocks]
    in_notes = Counter(_tokens("\n".join(map(witness_text, notes))))
    there, here = Counter(source), Counter(read)
    alike = {word for word, many in there.items() if here[word] == many}
    first = [word for word in source if word in alike]
    second = [word for word in read if word in alike]
    moved = list((there - here) & in_notes)
    at = next((n for n, pair in enumerate(zip(first, second, strict=True)) if len({*pair}) > 1), -1)
    if at >= 0:
        runs = (second[at : second.index(first[at], at)], first[at : first.index(second[at], at)])
        moved = [*min(runs, key=len), *moved]
    return moved[:_MOST_LEFT]


def _tokens(words: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", words.replace("\u00ad", "")))
