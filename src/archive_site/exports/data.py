"""JSON: a text as public data. Keys are stable; unknown values are null.

`text` has the words of the witness, with note calls as `[^label]` and citations as
`[@key, p. 12]`; `reading` has the corrected words, without citations, if they differ.
"""

from __future__ import annotations

from collections.abc import Mapping

from archive_site.corpus import urls
from archive_site.corpus.apparatus import (
    emendations,
    left_open,
    lines_of_block,
    lines_of_note,
    omitted_text,
    pages_of,
)
from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry
from archive_site.exports.citations import NAMED
from archive_site.exports.publication import Publication
from archive_site.exports.references import in_order
from archive_site.files.tabular import Json, json_file
from archive_site.text.document import Addressee, Block, Claim, Creator, NoteCall, Picture
from archive_site.text.numerals import marker_of
from archive_site.text.reading import reading_text, walk, witness_text

TEXT_SCHEMA = f"{urls.DATA}/schema/texte.schema.json"
"""The path of the JSON Schema of these files on the site."""


def as_json(publication: Publication) -> bytes:
    """`<id>.json`: the text, its metadata with their certainty, and its apparatus."""
    return json_file(as_data(publication))


def as_data(publication: Publication) -> dict[str, Json]:
    """The contents of `as_json` as plain values."""
    edition, document, meta = publication.edition, publication.document, publication.meta
    pages = pages_of(document)
    calls: dict[str, str] = {}
    for block in document.blocks:
        for inline in walk(block.content):
            if isinstance(inline, NoteCall):
                calls.setdefault(inline.label, block.id)
    claims = {
        "title": meta.title,
        "date": meta.date,
        "place": meta.place,
        "event": meta.event,
        "covers": meta.covers,
    }
    return {
        "$schema": urls.relative(urls.data_file(meta.id, "json"), TEXT_SCHEMA),
        "id": meta.id,
        "address": publication.address or None,
        "version": edition.version or None,
        "revisions": [
            {"date": revision.date, "what": revision.what, "who": revision.who or None}
            for revision in meta.revisions
        ],
        "kind": meta.kind,
        **{name: claim.value or None for name, claim in claims.items()},
        "creator": _creator(publication.entries, meta.creator),
        "role": meta.creator.role,
        "addressee": _addressee(publication.entries, meta.addressee),
        "certainty": {
            **{name: _certainty(claim) for name, claim in claims.items()},
            "creator": _creator_certainty(publication.entries, meta.creator),
        },
        "language": meta.language,
        "source": meta.source or None,
        "rights": dict(meta.rights),
        "status": meta.status,
        "witness": {"file": edition.witness.name, "sha256": edition.witness.sha256}
        if edition.witness
        else None,
        "blocks": [_block(edition, block, pages) for block in document.blocks],
        "notes": [
            {
                "label": note.label,
                "kind": note.kind,
                "call_block": calls.get(note.label),
                **_texts(note.blocks),
                "witness_lines": _lines(lines_of_note(edition, note)),
            }
            for note in document.notes
        ],
        "emendations": [
            {
                "witness": emended.emendation.witness,
                "reading": emended.emendation.reading,
                "line": emended.line or None,
                "block": None if emended.place.note else emended.place.block.id,
                "note": emended.place.note or None,
                "nature": emended.nature,
                "why": emended.emendation.why or None,
            }
            for emended in emendations(edition)
        ],
        "omissions": [
            {
                "text": omitted_text(edition, o.first, o.last, o.text),
                "why": o.why,
                "lines": [o.first, o.last],
            }
            for o in meta.omissions
        ],
        "doubts": [
            {
                "words": doubt.words or None,
                "why": doubt.why,
                "block": None if doubt.place.note else doubt.place.block.id,
                "note": doubt.place.note or None,
            }
            for doubt in left_open(document)
        ],
        "remarks": list(meta.remarks),
        "references": [work.item for work in in_order(publication.works)],
    }


def _certainty(claim: Claim) -> dict[str, str | None]:
    return {"degree": claim.certainty, "ground": claim.ground or None}


def _creator(entries: Mapping[str, Entry], creator: Creator) -> str | None:
    """The creator's name; None if only proposed, which `certainty` reports instead."""
    return entries[creator.key].name if creator.key and creator.certainty in NAMED else None


def _addressee(entries: Mapping[str, Entry], addressee: Addressee) -> dict[str, str | None] | None:
    """To whom a letter is, by key and name, with the certainty; None if nothing says so."""
    if addressee.key not in entries:
        return None
    return {
        "key": addressee.key,
        "name": entries[addressee.key].name,
        "degree": addressee.certainty,
        "ground": addressee.ground or None,
    }


def _creator_certainty(entries: Mapping[str, Entry], creator: Creator) -> dict[str, str | None]:
    proposed = entries[creator.key].name if creator.key and creator.certainty not in NAMED else None
    key = creator.key or None
    ground = creator.ground or None
    return {"degree": creator.certainty, "ground": ground, "key": key, "proposed": proposed}


def _block(edition: Edition, block: Block, pages: dict[str, str]) -> dict[str, Json]:
    return {
        "id": block.id,
        "type": block.type,
        "level": block.level or None,
        **_texts((block,)),
        "speaker": list(block.speakers) or None,
        **_particulars(edition, block),
        "page": pages[block.id] or None,
        "witness_lines": _lines(lines_of_block(edition, block)),
    }


def _particulars(edition: Edition, block: Block) -> dict[str, Json]:
    """What only some blocks have: their language, what a list prints before them, the picture of a
    figure."""
    begun = [c for c in block.within[block.shared :] if c.kind == "list-item"]
    markers = " ".join(filter(None, map(marker_of, begun)))
    return {
        **({"language": block.language} if block.language else {}),
        **({"marker": markers} if markers else {}),
        **({"image": _image(edition, block.picture)} if block.picture else {}),
    }


def _image(edition: Edition, picture: Picture) -> dict[str, Json]:
    """A picture: its file below `data/`, what it shows, and what is known of it."""
    info = edition.pictures.get(picture.path)
    known: dict[str, Json] = (
        {
            "width": info.width,
            "height": info.height,
            "sha256": info.sha256,
            "credit": info.credit or None,
            "source": info.source or None,
        }
        if info
        else {}
    )
    return {"file": picture.path, "alt": picture.alt, **known}


def _texts(blocks: tuple[Block, ...]) -> dict[str, str]:
    text, reading = (
        "\n\n".join(words(block.content, calls=True, end=_end(block)) for block in blocks)
        for words in (witness_text, reading_text)
    )
    return {"text": text} | ({"reading": reading} if reading != text else {})


def _end(block: Block) -> str:
    """What separates the lines of a block."""
    return "\n" if block.kind in ("verse", "table") else " "


def _lines(span: tuple[int, int]) -> list[int] | None:
    return list(span) if any(span) else None
