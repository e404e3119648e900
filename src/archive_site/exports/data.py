"""JSON: a text as public data. Keys are stable; unknown values are null.

`text` has the words of the witness, with note calls as `[^label]` and citations as
`[@key, p. 12]`; `reading` has the corrected words, without citations, if they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from archive_site.corpus import urls
from archive_site.corpus.apparatus import (
    emendations,
    left_open,
    lines_of_block,
    lines_of_note,
    omitted_text,
    pages_of,
)
from archive_site.corpus.contributors import SURE, Credited, credited, sure
from archive_site.corpus.records import Edition
from archive_site.edition.aliases import resolved
from archive_site.edition.authority import Entry
from archive_site.exports.publication import Publication
from archive_site.exports.references import in_order
from archive_site.files.tabular import Json, json_file
from archive_site.text.document import (
    CREATING,
    Block,
    Claim,
    Meta,
    NoteCall,
    Picture,
    Source,
    Speaker,
)
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
    people = [_contributor(who) for who in credited(meta, publication.entries)]
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
        "calendar": meta.calendar or None,
        "creator": ", ".join(who.name for who in sure(meta, publication.entries)) or None,
        "role": meta.creator.role,
        "addressee": next((who for who in people if who["role"] == "addressee"), None),
        "contributors": people,
        "certainty": {
            **{name: _certainty(claim) for name, claim in claims.items()},
            "creator": _creator_certainty(publication.entries, meta),
        },
        "collections": list(meta.collection),
        "work": meta.work or None,
        "language": meta.language,
        "source": _source(publication),
        "provenance": _said(asdict(meta.source)),
        "original": _said(asdict(meta.original)) or None,
        "rights": dict(meta.rights),
        "license": dict(meta.license),
        "identifiers": dict(meta.identifiers),
        "status": meta.status,
        "witness": {"file": edition.witness.name, "sha256": edition.witness.sha256}
        if edition.witness
        else None,
        "blocks": [
            _block(edition, block, pages, speaker)
            for block, speaker in zip(
                document.blocks, _printed_speakers(document.blocks), strict=True
            )
        ],
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
                "certainty": o.certainty,
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
        "aliases": [
            {"old": old, "new": new or None} for old, new in resolved(meta.aliases).items()
        ],
        "references": [work.item for work in in_order(publication.works)],
    }


def _certainty(claim: Claim) -> dict[str, str | None]:
    return {"degree": claim.certainty, "ground": claim.ground or None}


def _contributor(who: Credited) -> dict[str, str | None]:
    return {
        "role": who.role,
        "relator": who.relator,
        "key": who.key or None,
        "name": who.name or None,
        "degree": who.certainty,
        "ground": who.ground or None,
    }


def _creator_certainty(entries: Mapping[str, Entry], meta: Meta) -> dict[str, str | None]:
    """The certainty of the first creator whom the data name, or of the first who is proposed;
    `proposed` is then the name."""
    creators = (*sure(meta, entries), *credited(meta, entries, CREATING))
    creator = next(iter(creators), None)
    if creator is None:
        return {"degree": "unknown", "ground": None, "key": None, "proposed": None}
    return {
        "degree": creator.certainty,
        "ground": creator.ground or None,
        "key": creator.key or None,
        "proposed": creator.name or None if creator.certainty not in SURE else None,
    }


def _source(publication: Publication) -> str | None:
    """Where the text comes from: as the front matter has it, if it is words, else in words."""
    source = publication.meta.source
    if source == Source(source.note):
        return source.note or None
    return publication.summary.source or None


def _said(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _printed_speakers(blocks: Iterable[Block]) -> Iterator[str]:
    """For each block, the name that is printed as that of the speaker of its speech, without the
    marks after it; empty if there is none."""
    name = ""
    for block in blocks:
        depths = [n for n, container in enumerate(block.within) if container.kind == "speech"]
        if not depths:
            name = ""
        elif depths[-1] >= block.shared:
            said = (i for i in block.content if isinstance(i, Speaker))
            name = "".join(witness_text(i.content) for i in said).strip(" .,:—–-")
        yield "" if block.kind == "stage" else name


def _block(edition: Edition, block: Block, pages: dict[str, str], speaker: str) -> dict[str, Json]:
    return {
        "id": block.id,
        "type": block.type,
        "level": block.level or None,
        **_texts((block,)),
        "speaker": list(block.speakers) or speaker or None,
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
