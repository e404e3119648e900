"""What a book says of itself: its metadata, and the leaves about its edition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from markupsafe import Markup

from archive_site.corpus import apparatus, urls
from archive_site.corpus.read import Site
from archive_site.exports.citations import author_of
from archive_site.exports.publication import FIRST_MOMENT, Publication
from archive_site.text.dates import is_plain
from archive_site.text.document import Document, Meta
from archive_site.text.typography import NBSP, counted, raised, typeset
from archive_site.views.apparatus import established
from archive_site.views.blocks import NOTE_KIND_NAMES

SUBJECTS = 8
"""How many of the entries that a text names most are its subjects."""
RELATORS = {"author": "aut", "speaker": "spk"}
"""The creator's role, as MARC relators name it."""
FEATURES = (
    "ARIA",
    "alternativeText",
    "displayTransformability",
    "readingOrder",
    "structuralNavigation",
    "tableOfContents",
    "unlocked",
)
PAGE_FEATURES = ("pageBreakMarkers", "pageNavigation")
ACCESSIBLE = (
    "Texte seul, aux titres hiérarchisés ; la couverture, seule image, est décrite. Une table mène "
    "aux parties ; chaque note est liée à son appel, dans les deux sens."
)
PAGES_ACCESSIBLE = " Les pages de l’original sont marquées, et une liste y mène."
ARTICLE = re.compile(r"(Les?|La|Une?|Des) |L’")


def byline(publication: Publication) -> str:
    """Whose text it is, as its title page says it."""
    probable = publication.meta.creator.certainty == "probable"
    name: str = publication.said["creator_in_full" if probable else "creator"]
    return name


# ---------------------------------------------------------------- metadata


def metadata(site: Site, publications: Sequence[Publication], paged: bool) -> dict[str, Any]:
    """What a catalogue is told of a book of one text or of all; `paged`: it has pages of an
    original."""
    return (
        _of_text(publications[0]) if len(publications) == 1 else _of_archive(site, publications)
    ) | _of_any(publications, paged)


def _of_text(publication: Publication) -> dict[str, Any]:
    said, meta, archive = publication.said, publication.meta, publication.site.title
    certainties = " ; ".join(certainty["says"] for certainty in said["certainties"])
    says = f"{certainties[:1].upper()}{certainties[1:]}." if certainties else ""
    return {
        "identifier": publication.address or _urn(f"{archive} {meta.id}"),
        "title": said["title"],
        "sort": sorted_title(typeset(meta.title.value)),
        "description": " ".join(filter(None, (said["summary"], says))),
        "rights": [_rights(publication)] if said["rights"] else [],
        "created": meta.date.value if is_plain(meta.date.value) else "",
        "version": said["version"],
        "collection": typeset(archive),
    }


def _of_archive(site: Site, publications: Sequence[Publication]) -> dict[str, Any]:
    title = typeset(site.title)
    purpose = " ".join(typeset(sentence) for sentence in site.purpose)
    return {
        "identifier": site.base_url or _urn(site.title),
        "title": title,
        "sort": sorted_title(title),
        "description": purpose or typeset(site.subtitle),
        "rights": [
            f"{publication.said['short_title']} – {_rights(publication)}"
            for publication in publications
            if publication.said["rights"]
        ],
        "created": "",
        "version": "",
        "collection": "",
    }


def _of_any(publications: Sequence[Publication], paged: bool) -> dict[str, Any]:
    moment = max(publication.moment for publication in publications)
    said = [publication.said for publication in publications]
    pages = PAGES_ACCESSIBLE if paged else ""
    return {
        "creators": _creators(publications),
        "languages": list(dict.fromkeys(p.meta.language for p in publications)),
        "published": f"{moment:%Y-%m-%d}" if moment > FIRST_MOMENT else "",
        "modified": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "publisher": typeset(publications[0].site.title),
        "subjects": _subjects(publications),
        "coverage": list(dict.fromkeys(text["covers"] for text in said if text["covers"])),
        "sources": list(dict.fromkeys(source for p in publications for source in _sources(p))),
        "pagination": list(dict.fromkeys(map(_paginated, publications))) if paged else [],
        "features": sorted(FEATURES + (PAGE_FEATURES if paged else ())),
        "accessibility": ACCESSIBLE + pages,
    }


def _urn(name: str) -> str:
    """An identifier for what has no address: always the same for that name."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def sorted_title(title: str) -> str:
    """A title as a catalogue sorts it, its article behind: “Leçons d’Octobre (Les)”."""
    article = ARTICLE.match(title)
    rest = title[article.end() :] if article else ""
    if article is None or not rest:
        return title
    return f"{rest[0].upper()}{rest[1:]} ({article[0].strip()})"


def _creators(publications: Sequence[Publication]) -> list[dict[str, str]]:
    """Whom a catalogue may name: nobody who is merely proposed."""
    found = {}
    for publication in publications:
        person, role = (
            author_of(publication.meta, publication.entries),
            publication.meta.creator.role,
        )
        if person:
            found[person.key, role] = {
                "name": typeset(person.name),
                "sort": person.sort,
                "role": RELATORS[role],
            }
    return list(found.values())


def _subjects(publications: Sequence[Publication]) -> list[str]:
    """What kinds of texts they are, and what they name most."""
    entries = publications[0].entries
    named = Counter(
        mention.key
        for publication in publications
        for passage in publication.passages
        for mention in passage.mentions
        if mention.key in entries
    )
    most = sorted(named, key=lambda key: (-named[key], key))[:SUBJECTS]
    kinds = dict.fromkeys(publication.said["kind"] for publication in publications)
    return [*kinds, *(typeset(entries[key].name) for key in most)]


def _sources(publication: Publication) -> Iterator[str]:
    if publication.said["source"]:
        yield publication.said["source"]
    if witness := publication.edition.witness:
        yield f"{witness.name} (SHA-256{NBSP}: {witness.sha256})"


def _paginated(publication: Publication) -> str:
    """What the pages that are marked are those of."""
    witness = publication.edition.witness
    said = publication.said
    return said["source"] or (f"original de {witness.name}" if witness else said["title"])


def _rights(publication: Publication) -> str:
    return " ; ".join(f"{layer}{NBSP}: {words}" for layer, words in publication.said["rights"])


# ---------------------------------------------------------------- about the edition


def about(
    publication: Publication, href: Callable[[str], str], emendations: str, paged: bool
) -> dict[str, Any]:
    """What the leaf about a text's edition shows. `href` leads to a block or a note of the text,
    `emendations` to their list (empty: none); `paged`: pages of the original are marked."""
    document, meta, said = publication.document, publication.meta, publication.said
    told = _established(publication)
    open_ = zip(told["doubts"], apparatus.left_open(document), strict=True)
    revised = f"révisée le {said['revised']}" if said["revised"] else ""
    version = f"version {said['version']}" if said["version"] else ""
    return {
        "text": said,
        **{name: told[name] for name in ("witness", "extraction", "order", "remarks", "revisions")},
        "extent": _extent(said),
        "state": ", ".join(filter(None, (revised, version))),
        **_figures(publication),
        "emended": counted(len(told["emendations"]), "correction", "corrections"),
        "emendations": emendations,
        "omitted": _omitted(meta),
        "notes": _whose_notes(document),
        "pages": paged,
        "doubts": [doubt | {"href": href(found.place.anchor)} for doubt, found in open_],
        "references": _references(publication),
        "address": publication.address,
    }


def emendation_list(publication: Publication, file: Callable[[str], str]) -> list[dict[str, Any]]:
    """The emendations as their leaf lists them, with the way back; `file` is that of a block or a
    note of the text."""
    told = _established(publication)["emendations"]
    found = apparatus.emendations(publication.edition)
    return [
        row | {"back": f"{file(emended.place.anchor)}#{row['id']}"}
        for row, emended in zip(told, found, strict=True)
    ]


def _established(publication: Publication) -> dict[str, Any]:
    """What the site's own page tells; its links are not those of a book."""
    return established(publication.edition, urls.establishment_page(publication.meta.id))


def _extent(said: Mapping[str, Any]) -> str:
    notes = counted(said["note_count"], "note comprise", "notes comprises")
    return f"{said['words']}, {notes}" if said["note_count"] else str(said["words"])


def _figures(publication: Publication) -> dict[str, str]:
    words = apparatus.words(publication.edition)
    lost = counted(words.lost, "mot perdu", "mots perdus")
    added = counted(words.added, "mot ajouté", "mots ajoutés")
    closed = counted(words.closed, "trait d’union refermé", "traits d’union refermés")
    return {"lost": f"{lost}, {added}", "closed": closed if words.closed else ""}


def _omitted(meta: Meta) -> str:
    """What was set aside of the witness, by why."""
    whys = Counter(omission.why for omission in meta.omissions)
    said = (f"{why} ({number})" if number > 1 else why for why, number in whys.items())
    return typeset(" ; ".join(said))


def _whose_notes(document: Document) -> str:
    kinds = Counter(note.kind for note in document.notes)
    said = [
        f"{NOTE_KIND_NAMES[kind]} ({number})" if len(kinds) > 1 else NOTE_KIND_NAMES[kind]
        for kind, number in sorted(kinds.items())
    ]
    return f"Les notes sont {', '.join(said)}." if said else ""


def _references(publication: Publication) -> list[Markup]:
    """How the text is cited, in the archive's first style."""
    if publication.references:
        first = publication.references[0]
        return [first.before + first.after]
    return [raised(publication.reference)] if publication.reference else []
