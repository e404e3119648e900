"""What is said of a text wherever it is named: title, creator, date, and how sure each is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from msgspec import Struct, structs

from archive_site import interface
from archive_site.corpus import apparatus
from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry
from archive_site.text.dates import in_french, year_of
from archive_site.text.document import Block, Claim, Creator
from archive_site.text.reading import reading_text
from archive_site.text.typography import NBSP, counted, typeset

_LETTER = re.compile(r"[^\W_]")
WORDS_A_MINUTE = 230
"""A common estimate of how fast adults read prose to themselves."""


class ClaimInWords(Struct, frozen=True, array_like=True):
    """What is claimed of a text, typeset: the value, how sure it is (“date restituée”; empty where
    the witness states it), on what ground."""

    value: str = ""
    certainty: str = ""
    ground: str = ""


class CreatorInWords(Struct, frozen=True, array_like=True):
    """Who wrote or spoke a text, typeset. `named`: whether `name` is the name of a person;
    `in_full` has the certainty, too; `years` are empty if it is not sure."""

    name: str = interface.UNKNOWN_AUTHOR
    named: bool = False
    in_full: str = interface.UNKNOWN
    certainty: str = ""
    ground: str = ""
    years: str = ""
    role: str = interface.ROLES["author"]


class Summary(Struct, frozen=True, array_like=True):
    """A text as lists, bylines, records and other formats name it; all words are typeset.

    `title` is in brackets if the witness has none; `year` has what stands before the year, the
    year, and what stands behind it; `words` and `duration` say in words how long the text is."""

    id: str
    title: str
    title_claim: ClaimInWords
    short_title: str
    kind: str
    creator: CreatorInWords
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
        """The claims that the witness does not state."""
        claims = (self.title_claim, self.creator, self.date, self.place, self.event)
        return [claim for claim in claims if claim.certainty]


def text_summary(entries: Mapping[str, Entry], edition: Edition) -> Summary:
    """The summary of a text; `entries` have its creator."""
    creator = edition.document.meta.creator
    return with_creator(summary_of(edition), creator, entries.get(creator.key))


def with_creator(summary: Summary, creator: Creator, person: Entry | None) -> Summary:
    """A summary that names the text's creator, who is `person`."""
    return structs.replace(summary, creator=_creator(creator, person))


def summary_of(edition: Edition) -> Summary:
    """The summary of a text without its creator, whose name is in the authority files."""
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
        date=_claim(replace(meta.date, value=in_french(meta.date.value)), "date"),
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


def _creator(creator: Creator, person: Entry | None) -> CreatorInWords:
    """Who, in what role, how surely: a mere proposal never stands as the author's name."""
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
    """A claim in words. Of what is not known, only a date says so."""
    if not claim.value:
        unknown = interface.UNKNOWN_DATE if name == "date" else ""
        return ClaimInWords(unknown, "", typeset(claim.ground))
    certainty = certainty_of(name, claim.certainty)
    return ClaimInWords(typeset(claim.value), certainty, typeset(claim.ground))


def certainty_of(name: str, certainty: str) -> str:
    """How sure a claim is, in words: “date restituée”; empty if the witness states it. `name`: of
    the claim, a key of `interface.CLAIMS`."""
    word = interface.CERTAINTIES[certainty][name in interface.MASCULINE]
    return f"{interface.CLAIMS[name]} {word}" if word else ""


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
