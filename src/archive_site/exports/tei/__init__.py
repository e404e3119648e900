"""TEI P5: a text as scholars exchange it, with all that its edition knows, and back again.

`from_tei(as_tei(p)) == p.document`: the file holds whatever an edition file may hold, to the
character. What is derived (names that the program found, numbers, the entries named) stands beside
it, and is left out when the file is read.
"""

from __future__ import annotations

from xml.etree import ElementTree

from archive_site.exports.publication import Publication
from archive_site.exports.tei.elements import NAMESPACE, as_written, nested
from archive_site.exports.tei.entries import write_entries
from archive_site.exports.tei.header import read_header, write_header
from archive_site.exports.tei.text import read_text, write_text
from archive_site.findings import ArchiveError
from archive_site.text.document import Document

SCHEMA = "https://vault.tei-c.org/P5/4.3.0/xml/tei/custom/schema/relaxng/tei_all.rng"
"""What the file is valid against: the whole of TEI P5."""


def as_tei(publication: Publication) -> bytes:
    """`<id>.xml`: the text in TEI P5, UTF-8."""
    parts = [
        *nested("teiHeader", write_header(publication), xml_lang="fr"),
        *nested("text", write_text(publication)),
        *nested("standOff", write_entries(publication)),
    ]
    root = nested("TEI", parts, xmlns=NAMESPACE, xml_lang=publication.meta.language)
    model = f'<?xml-model href="{SCHEMA}" schematypens="http://relaxng.org/ns/structure/1.0"?>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{model}\n{as_written(root)}'.encode()


def from_tei(data: bytes) -> Document:
    """The document that a file made by `as_tei` holds.

    Raises `ArchiveError` where `data` is no such file: XML in UTF-8 without a DOCTYPE, whose text
    holds nothing that `as_tei` does not write."""
    try:
        root = _root(data)
        blocks, notes = read_text(_one(root, "text"))
        return Document(read_header(_one(root, "teiHeader")), blocks, notes)
    except RecursionError as error:
        raise ArchiveError("TEI must not be nested so deep") from error


def _root(data: bytes) -> ElementTree.Element:
    """The root of a TEI file; tags stand without their namespace, which is TEI's."""
    try:
        text = data.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            message = "TEI must have no DOCTYPE: it could load files, or make entities expand"
            raise ArchiveError(message)
        root = ElementTree.fromstring(text)
    except UnicodeDecodeError as error:
        raise ArchiveError(f"TEI must be in UTF-8; {error}") from error
    except ElementTree.ParseError as error:
        raise ArchiveError(f"TEI must be well-formed XML; {error}") from error
    for element in root.iter():
        namespace, _, element.tag = element.tag.rpartition("}")
        if namespace != f"{{{NAMESPACE}":
            raise ArchiveError(f"TEI must be of the namespace {NAMESPACE}; found {element.tag}")
    if root.tag != "TEI":
        raise ArchiveError(f"TEI must begin with TEI; found {root.tag}")
    return root


def _one(root: ElementTree.Element, name: str) -> ElementTree.Element:
    element = root.find(name)
    if element is None:
        raise ArchiveError(f"TEI must have a {name}; there is none")
    return element
