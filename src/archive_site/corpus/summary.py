"""What is said of a text wherever it is named: title, creator, date, and how sure each is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from archive_site.corpus import apparatus, urls
from archive_site.corpus.read import Edition
from archive_site.edition.authority import Entry
from archive_site.text.dates import in_french, year_of
from archive_site.text.document import Block, Claim, Creator
from archive_site.text.reading import reading_text
from archive_site.text.typography import NBSP, counted, typeset

_LETTER = re.compile(r"[^\W_]")
WORDS_A_MINUTE = 230
"""A common estimate of how fast adults read prose to themselves."""


KIND_NAMES = {
    "speech": "Discours",
    "report": "Rapport",
    "article": "Article",
    "essay": "Essai",
    "letter": "Lettre",
}
# What the witness does not state, as a byline says it: of a name or a date, of a place or title.
CERTAINTY_NAMES = {
    "stated": ("", ""),
    "certain": ("restituée", "restitué"),
    "probable": ("probable", "probable"),
    "proposed": ("proposée", "proposé"),
    "unknown": ("", ""),
}
LAYER_NAMES = {
    "author": "Texte",
    "translation": "Traduction",
    "notes": "Notes",
    "edition": "Cette édition",
}


def text_summary(entries: Mapping[str, Entry], edition: Edition) -> dict[str, Any]:
    """The text as a list, a byline and its record name it; `entries` name its creator."""
    creator = edition.document.meta.creator
    return with_creator(summary_of(edition), creator, entries.get(creator.key))


def with_creator(
    summary: Mapping[str, Any], creator: Creator, person: Entry | None
) -> dict[str, Any]:
    """A text's summary (`summary_of`) with what is said of its creator, who is `person`."""
    said = creator_of(creator, person)
    grounded = {"says": said["creator_certainty"], "ground": summary["creator_ground"]}
    certainties = list(summary["certainties"])
    if said["creator_certainty"]:
        certainties.insert(bool(summary["title_certainty"]), grounded)
    return {**summary, **said, "certainties": certainties}


def summary_of(edition: Edition) -> dict[str, Any]:
    """What a text's summary says without the authority files."""
    meta = edition.document.meta
    words = count_words(edition)
    title = typeset(meta.title.value)
    supplied = meta.title.certainty != "stated"
    date = _claim(replace(meta.date, value=in_french(meta.date.value)), "date")
    place = _claim(meta.place, "lieu")
    event = _claim(meta.event, "circonstance")
    title_certainty = _certainty("titre", meta.title)
    said = (
        (title_certainty, typeset(meta.title.ground)),
        (date["certainty"], date["ground"]),
        (place["certainty"], place["ground"]),
        (event["certainty"], event["ground"]),
    )
    return {
        "id": edition.id,
        "path": urls.text_page(edition.id),
        "title": f"[{title}]" if supplied else title,
        "title_ground": typeset(meta.title.ground) if supplied else "",
        "title_certainty": title_certainty,
        "short_title": typeset(meta.short_title) or title,
        "kind": KIND_NAMES[meta.kind],
        "creator_ground": typeset(meta.creator.ground),
        "date": date,
        "year": year_of(meta.date.value),
        "calendar": meta.calendar,
        "place": place,
        "certainties": [{"says": says, "ground": ground} for says, ground in said if says],
        "event": event,
        "covers": in_french(meta.covers.value) if meta.covers.value else "",
        "summary": typeset(meta.summary),
        "first_sentence": first_sentence(edition),
        "word_count": words,
        "words": counted(words, "mot"),
        "duration": _duration(max(1, round(words / WORDS_A_MINUTE))),
        "note_count": len(edition.document.notes),
        "source": typeset(meta.source),
        "rights": [(LAYER_NAMES[layer], typeset(words)) for layer, words in meta.rights],
        "revised": typeset(in_french(max((r.date for r in meta.revisions), default=""))),
        "version": edition.version,
        "draft": meta.status == "draft",
        "language": meta.language,
    }


def creator_of(creator: Creator, person: Entry | None) -> dict[str, str | bool]:
    """Who, in what role, how surely: a mere proposal never stands as the author's name."""
    name = typeset(person.name) if person else ""
    certainty = _certainty("attribution", creator) if person else ""
    if creator.certainty == "proposed":
        name, certainty = "Auteur non nommé", f"{certainty}{NBSP}: {name}"
    sure = creator.certainty in ("stated", "certain")
    return {
        "creator": name or "Auteur inconnu",
        "creator_named": bool(person) and creator.certainty != "proposed",
        "creator_in_full": f"{name} ({certainty})" if certainty else name or "inconnu",
        "creator_certainty": certainty,
        "creator_years": person.years if person and sure else "",
        "role": "orateur" if creator.role == "speaker" else "auteur",
    }


def _claim(claim: Claim, name: str) -> dict[str, str]:
    """A claim as a byline says it; a date that is not known says so, other claims are silent."""
    unknown = "date inconnue" if name == "date" else ""
    return {
        "value": typeset(claim.value) if claim.value else unknown,
        "certainty": _certainty(name, claim) if claim.value else "",
        "ground": typeset(claim.ground),
    }


def _certainty(name: str, claim: Claim | Creator) -> str:
    """How sure it is, in words: “date restituée”; nothing where the witness states it."""
    word = CERTAINTY_NAMES[claim.certainty][name in ("titre", "lieu")]
    return f"{name} {word}" if word else ""


def count_words(edition: Edition) -> int:
    """Words of the text and its notes, as readers count them."""
    places = apparatus.places(edition.document)
    return sum(words_in(reading_text(place.block.content)) for place in places)


def words_in(text: str) -> int:
    """How many words a text has: what stands between spaces, and has a letter or a figure."""
    parts = text.split()
    return len(parts) - sum(not _LETTER.search(part) for part in parts if not part[0].isalnum())


def first_sentence(edition: Edition) -> str:
    """The text's first sentence: of the first paragraph that is one."""
    paragraphs = (b for b in edition.document.blocks if b.kind == "paragraph")
    words = reading_text(next(paragraphs, Block("paragraph", ())).content)
    sentence = re.match(r".{20,}?[.!?…](?=\s+[A-ZÀ-Ý«\"“]|\s*$)", words, re.DOTALL)
    return typeset(sentence[0] if sentence else words)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"
