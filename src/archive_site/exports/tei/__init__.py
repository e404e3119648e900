"""TEI P5: export of a text with its complete apparatus, and import of such a file.

`from_tei(as_tei(p)) == p.document`, apart from comments and from whether a note is written at its
call: the file contains everything else that an edition file may contain.
It also contains derived data (mentions, numbers, entries), which are ignored when it is read.
"""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from archive_site.exports.publication import Publication
from archive_site.exports.tei.elements import NAMESPACE, as_written, nested
from archive_site.exports.tei.entries import write_entries
from archive_site.exports.tei.header import read_header, write_header
from archive_site.exports.tei.text import REPUBLICAN, read_text, write_text
from archive_site.findings import ArchiveError
from archive_site.text.document import Document, in_language

SCHEMA = "https://vault.tei-c.org/P5/4.3.0/xml/tei/custom/schema/relaxng/tei_all.rng"
"""The schema of the file: the whole of TEI P5."""


def as_tei(publication: Publication) -> bytes:
    """`<id>.xml`: the text in TEI P5, in UTF-8."""
    text = nested("text", write_text(publication))
    republican = any(f'calendar="{REPUBLICAN}"' in xml for _, xml in text)
    parts = [
        *nested("teiHeader", write_header(publication, republican), xml_lang="fr"),
        *text,
        *nested("standOff", write_entries(publication)),
    ]
    root = nested("TEI", parts, xmlns=NAMESPACE, xml_lang=publication.meta.language)
    model = f'<?xml-model href="{SCHEMA}" schematypens="http://relaxng.org/ns/structure/1.0"?>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{model}\n{as_written(root)}'.encode()


def from_tei(data: bytes) -> Document:
    """The document in a file made by `as_tei`.

    Raises `ArchiveError` if `data` is not such a file: XML in UTF-8 without a DOCTYPE, with no
    elements in its text other than those that `as_tei` writes."""
    try:
        root = _root(data)
        blocks, notes = read_text(_one(root, "text"))
        meta = read_header(_one(root, "teiHeader"))
        notes = tuple(
            replace(note, blocks=in_language(note.blocks, meta.language)) for note in notes
        )
        return Document(meta, in_language(blocks, meta.language), notes)
    except RecursionError as error:
        raise ArchiveError("TEI must not be nested so deeply") from error


def _root(data: bytes) -> ElementTree.Element:
    """The root of a TEI file. The namespace is removed from all tags."""
    try:
        text = data.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            message = "TEI must have no DOCTYPE, which could load files or expand entities"
            raise ArchiveError(message)
        root = ElementTree.fromstring(text)
    except UnicodeDecodeError as error:
        raise ArchiveError(f"TEI must be in UTF-8; {error}") from error
    except ElementTree.ParseError as error:
        raise ArchiveError(f"TEI must be well-formed XML; {error}") from error
    for element in root.iter():
        namespace, _, element.tag = element.tag.rpartition("}")
        if namespace != f"{{{NAMESPACE}":
            message = f"elements must be in the namespace {NAMESPACE}; found {element.tag}"
            raise ArchiveError(message)
    if root.tag != "TEI":
        raise ArchiveError(f"the root element must be TEI; found {root.tag}")
    return root


def _one(root: ElementTree.Element, name: str) -> ElementTree.Element:
    element = root.find(name)
    if element is None:
        raise ArchiveError(f"TEI must have the element {name}; found none")
    return element
