"""TEI P5: export of a text with its complete apparatus.

`sources.tei.read_tei` makes the same document of it, apart from comments and from whether a note is
written at its call: the file contains everything else that an edition file may contain.
It also contains derived data (mentions, numbers, entries), which are ignored when it is read.
"""

from __future__ import annotations

from archive_site.exports.publication import Publication
from archive_site.exports.tei.elements import as_written, nested
from archive_site.exports.tei.entries import write_entries
from archive_site.exports.tei.header import write_header
from archive_site.exports.tei.text import REPUBLICAN, write_text
from archive_site.sources.tei_vocabulary import NAMESPACE

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
