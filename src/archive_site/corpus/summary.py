"""The summary of a text, as it is named everywhere: title, creator, date, and their certainty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from msgspec import Struct, structs

from archive_site import interface
from archive_site.corpus import apparatus
from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry
from archive_site.text.dates import in_both_calendars, in_french, year_of
from archive_site.text.document import Block, Claim, Creator, Meta
from archive_site.text.reading import reading_text
from archive_site.text.typography import NBSP, counted, typeset

_LETTER = re.compile(r"[^\W_]")
WORDS_A_MINUTE = 230
"""A common estimate of how fast adults read prose to themselves."""


class ClaimInWords(Struct, frozen=True, array_like=True):
    """A piece of metadata, typeset: its value, its certainty (“date restituée”; empty if the
    witness states it), and its ground."""

    value: str = ""
    certainty: str = ""
    ground: str = ""


class CreatorInWords(Struct, frozen=True, array_like=True):
    """The author or speaker of a text, typeset. `named`: whether `name` is the name of a person;
    `in_full` is the name with the certainty; `years` is empty if the attribution is not sure."""

    name: str = interface.UNKNOWN_AUTHOR
    named: bool = False
    in_full: str = interface.UNKNOWN
    certainty: str = ""
    ground: str = ""
    years: str = ""
    role: str = interface.ROLES["author"]


class Summary(Struct, frozen=True, array_like=True):
    """The summary of a text for lists, bylines and other formats; all words are typeset.

    `title` is in brackets if the witness does not state it. `year` has the words before the year,
    the year, and the words after it. `words` and `duration` are the length of the text in French
    words."""

    id: str
    title: str
    title_claim: ClaimInWords
    short_title: str
    kind: str
    creator: CreatorInWords
    addressee: ClaimInWords
    date: ClaimInWords
    place: ClaimInWords
    event: ClaimInWords
    year: tuple[str, str, str]
    covers: str
    abstract: str
    first_sentence: str
    word_count: int
    words: str
    duration: str
    note_count: int
    source: str
    rights: tuple[tuple[str, str], ...]
    revised: str
    version: str
    draft: bool
    language: str

    @property
    def certainties(self) -> list[ClaimInWords | CreatorInWords]:
        """The claims that have a certainty, because the witness does not state them."""
        claims = (
            self.title_claim,
            self.creator,
            self.addressee,
            self.date,
            self.place,
            self.event,
        )
        return [claim for claim in claims if claim.certainty]


def text_summary(entries: Mapping[str, Entry], edition: Edition) -> Summary:
    """The summary of a text; the names of its people come from `entries`."""
    return with_people(summary_of(edition), edition.document.meta, entries)


def with_people(summary: Summary, meta: Meta, entries: Mapping[str, Entry]) -> Summary:
    """`summary` with the creator and the addressee of the text."""
    creator, addressee = meta.creator, meta.addressee
    to = entries.get(addressee.key)
    claim = Claim(to.name if to else "", addressee.certainty, addressee.ground)
    return structs.replace(
        summary,
        creator=_creator(creator, entries.get(creator.key)),
        addressee=_claim(claim, "addressee"),
    )


def summary_of(edition: Edition) -> Summary:
    """The summary of a text, still without its people, whose names are in an authority file."""
    meta = edition.document.meta
    words = count_words(edition)
    title = typeset(meta.title.value)
    supplied = meta.title.certainty != "stated"
    return Summary(
        id=edition.id,
        title=f"[{title}]" if supplied else title,
        title_claim=_claim(meta.title, "title"),
        short_title=typeset(meta.short_title) or title,
        kind=interface.TEXT_KINDS[meta.kind],
        creator=CreatorInWords(),
        addressee=ClaimInWords("", "", ""),
        date=_claim(replace(meta.date, value=date_in_words(meta)), "date"),
        place=_claim(meta.place, "place"),
        event=_claim(meta.event, "event"),
        year=year_of(meta.date.value),
        covers=in_french(meta.covers.value) if meta.covers.value else "",
        abstract=typeset(meta.summary),
        first_sentence=first_sentence(edition),
        word_count=words,
        words=counted(words, *interface.WORDS),
        duration=_duration(max(1, round(words / WORDS_A_MINUTE))),
        note_count=len(edition.document.notes),
        source=typeset(meta.source),
        rights=tuple((interface.RIGHTS_LAYERS[key], typeset(said)) for key, said in meta.rights),
        revised=typeset(in_french(max((r.date for r in meta.revisions), default=""))),
        version=edition.version,
        draft=meta.status == "draft",
        language=meta.language,
    )


def date_in_words(meta: Meta) -> str:
    """The date of a text in French: in both calendars if it counts by the Republican one."""
    republican = meta.calendar == "republican"
    return in_both_calendars(meta.date.value) if republican else in_french(meta.date.value)


def _creator(creator: Creator, person: Entry | None) -> CreatorInWords:
    """The creator in words. A creator who is only proposed is never shown as the name."""
    name = typeset(person.name) if person else ""
    certainty = certainty_of("creator", creator.certainty) if person else ""
    if creator.certainty == "proposed":
        name, certainty = interface.UNNAMED_AUTHOR, f"{certainty}{NBSP}: {name}"
    sure = creator.certainty in ("stated", "certain")
    return CreatorInWords(
        name=name or interface.UNKNOWN_AUTHOR,
        named=bool(person) and creator.certainty != "proposed",
        in_full=f"{name} ({certainty})" if certainty else name or interface.UNKNOWN,
        certainty=certainty,
        ground=typeset(creator.ground),
        years=person.years if person and sure else "",
        role=interface.ROLES[creator.role],
    )


def _claim(claim: Claim, name: str) -> ClaimInWords:
    """A claim in words. An empty value stays empty, but an empty date is “date inconnue”."""
    if not claim.value:
        unknown = interface.UNKNOWN_DATE if name == "date" else ""
        return ClaimInWords(unknown, "", typeset(claim.ground))
    certainty = certainty_of(name, claim.certainty)
    return ClaimInWords(typeset(claim.value), certainty, typeset(claim.ground))


def certainty_of(name: str, certainty: str) -> str:
    """A certainty in words: “date restituée”; empty if the witness states it. `name` is that of the
    claim, a key of `interface.CLAIMS`."""
    word = interface.CERTAINTIES[certainty][name in interface.MASCULINE]
    return f"{interface.CLAIMS[name]} {word}" if word else ""


def count_words(edition: Edition) -> int:
    """The number of words of the text and its notes."""
    places = apparatus.places(edition.document)
    return sum(words_in(reading_text(place.block.content)) for place in places)


def words_in(text: str) -> int:
    """The number of words in a text: runs of characters between spaces with a letter or a digit."""
    parts = text.split()
    return len(parts) - sum(not _LETTER.search(part) for part in parts if not part[0].isalnum())


def first_sentence(edition: Edition) -> str:
    """The first sentence of the first paragraph, typeset; the whole paragraph if none is found."""
    blocks = edition.document.blocks
    kinds = {
        kind: [b for b in blocks if b.type == kind] for kind in ("paragraph", "speech", "verse")
    }
    block = next(chain(*kinds.values()), Block("paragraph", ()))
    words = reading_text(block.content)
    sentence = re.match(r".{20,}?[.!?…](?=\s+[A-ZÀ-Ý«\"“]|\s*$)", words, re.DOTALL)
    return typeset(sentence[0] if sentence else words, 0, block.language)


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes}{NBSP}min"
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if rest else f"{hours}{NBSP}h"
