"""The summary of a text, as it is named everywhere: title, creator, date, and their certainty."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from types import MappingProxyType

from msgspec import Struct, structs

from archive_site import interface
from archive_site.corpus import apparatus
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.contributors import Credited, credited
from archive_site.corpus.provenance import original_in_words, rights_in_words, source_in_words
from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry
from archive_site.edition.collections import Collection, path_to
from archive_site.text.dates import in_both_calendars, in_french, year_of
from archive_site.text.document import CREATING, RELATORS, Block, Claim, Meta
from archive_site.text.reading import reading_text
from archive_site.text.typography import NBSP, counted, typeset

_LETTER = re.compile(r"[^\W_]")
NO_COLLECTIONS: Mapping[str, Collection] = MappingProxyType({})
WORDS_A_MINUTE = 230
"""A common estimate of how fast adults read prose to themselves."""


class ClaimInWords(Struct, frozen=True, array_like=True):
    """A piece of metadata, typeset: its value, its certainty (“date restituée”; empty if the
    witness states it), and its ground."""

    value: str = ""
    certainty: str = ""
    ground: str = ""


class PeopleInWords(Struct, frozen=True, array_like=True):
    """Those who have one role in a text (or all its creators), typeset. `named`: whether `name` has
    the name of someone; `in_full` has the names with their certainties and, if the attribution is
    sure, their years; `role` is the label of the role."""

    name: str = interface.UNKNOWN_AUTHOR
    named: bool = False
    in_full: str = interface.UNKNOWN
    certainty: str = ""
    ground: str = ""
    role: str = interface.ROLES["author"][0]


class Summary(Struct, frozen=True, array_like=True):
    """The summary of a text for lists, bylines and other formats; all words are typeset.

    `title` is in brackets if the witness does not state it. `year` has the words before the year,
    the year, and the words after it. `words` and `duration` are the length of the text in French
    words. `people` has those who contributed, by role, the creators first; `credit` names the
    translators. For each collection of the text, `collections` has the key and the title of those
    that it is within, from the outermost to itself."""

    id: str
    title: str
    title_claim: ClaimInWords
    short_title: str
    kind: str
    creator: PeopleInWords
    people: tuple[PeopleInWords, ...]
    credit: str
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
    original: str
    rights: tuple[tuple[str, str], ...]
    identifiers: tuple[tuple[str, str], ...]
    revised: str
    collections: tuple[tuple[tuple[str, str], ...], ...]
    version: str
    draft: bool
    language: str

    @property
    def certainties(self) -> list[ClaimInWords | PeopleInWords]:
        """The claims that have a certainty, because the witness does not state them."""
        claims: tuple[ClaimInWords | PeopleInWords, ...] = (
            self.title_claim,
            *self.people,
            self.date,
            self.place,
            self.event,
        )
        return [claim for claim in claims if claim.certainty]


def text_summary(entries: Mapping[str, Entry], edition: Edition) -> Summary:
    """The summary of a text; the names of its people come from `entries`."""
    return completed(summary_of(edition), edition.document.meta, entries)


def completed(
    summary: Summary,
    meta: Meta,
    entries: Mapping[str, Entry],
    kinds: Mapping[str, str] = interface.TEXT_KINDS,
    collections: Mapping[str, Collection] = NO_COLLECTIONS,
) -> Summary:
    """`summary` with what other files say: the names of the people, of the kind of text and of its
    collections."""
    known = credited(meta, entries)
    named = {who.key or who.name: who for who in reversed(known) if who.role in CREATING}
    creators = [who for who in known if named.get(who.key or who.name) is who]
    roles = dict.fromkeys((*(who.role for who in creators), *RELATORS))
    groups = [[who for who in known if who.role == role] for role in roles]
    creator = _people(creators)
    people = tuple(_people(group) for group in groups if group)
    translators = [
        who.name
        for who in known
        if who.role == "translator" and who.name and who.certainty != "proposed"
    ]
    return structs.replace(
        summary,
        kind=typeset(kinds.get(meta.kind, meta.kind)),
        creator=creator,
        people=people if creators else (creator, *people),
        collections=tuple(
            tuple((key, typeset(title)) for key, title in path)
            for path in (path_to(key, collections) for key in meta.collection)
            if path
        ),
        credit=typeset(interface.TRANSLATED.format(names=_joined(translators)))
        if translators
        else "",
    )


def edition_in_words(summary: Summary, meta: Meta, works: Mapping[str, FormattedReference]) -> str:
    """What tells a text from other editions of its work: its date, its translators, its source.
    `works` are those of the bibliography, by key."""
    source = source_in_words(meta.source, works).removesuffix(".")
    date = "" if summary.year[1] and summary.year[1] in source else summary.date.value
    return ", ".join(filter(None, (date, summary.credit, source)))


def summary_of(edition: Edition) -> Summary:
    """The summary of a text, still without what other files say: see `completed`."""
    meta = edition.document.meta
    words = count_words(edition)
    title = typeset(meta.title.value)
    supplied = meta.title.certainty != "stated"
    return Summary(
        id=edition.id,
        title=f"[{title}]" if supplied else title,
        title_claim=_claim(meta.title, "title"),
        short_title=typeset(meta.short_title) or title,
        kind=meta.kind,
        creator=PeopleInWords(),
        people=(),
        credit="",
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
        source=source_in_words(meta.source),
        original=original_in_words(meta.original),
        rights=rights_in_words(meta),
        identifiers=meta.identifiers,
        revised=typeset(in_french(max((r.date for r in meta.revisions), default=""))),
        collections=(),
        version=edition.version,
        draft=meta.status == "draft",
        language=meta.language,
    )


def date_in_words(meta: Meta) -> str:
    """The date of a text in French: in both calendars if it counts by the Republican one."""
    republican = meta.calendar == "republican"
    return in_both_calendars(meta.date.value) if republican else in_french(meta.date.value)


def _people(group: Sequence[Credited]) -> PeopleInWords:
    """Those who have one role, in words. Someone who is only proposed is never shown as the name;
    the name of an unknown author says so."""
    if not group:
        return PeopleInWords()
    role = interface.ROLES[group[0].role][len(group) > 1]
    creating = group[0].role in CREATING
    unknown, unnamed = (
        (interface.UNKNOWN_AUTHOR, interface.UNNAMED_AUTHOR)
        if creating
        else (interface.UNKNOWN,) * 2
    )
    proposed = any(who.certainty == "proposed" and who.name for who in group)
    names = [typeset(who.name) for who in group if who.name and who.certainty != "proposed"]
    doubts = _doubts([who for who in group if who.name])
    in_full = [_in_full(who) for who in group if who.name]
    return PeopleInWords(
        name=_joined(names) or (unnamed if proposed else unknown),
        named=bool(names),
        in_full=_joined(in_full) or interface.UNKNOWN,
        certainty=" · ".join(dict.fromkeys(filter(None, doubts))),
        ground=" ".join(typeset(who.ground) for who in group if who.ground),
        role=role,
    )


def _doubts(group: Sequence[Credited]) -> list[str]:
    """The certainties of the attributions to those who have one role: one for all, if they have the
    same: “attributions probables”."""
    alike = {who.certainty for who in group}
    if len(group) > 1 and len(alike) == 1 and "proposed" not in alike:
        words = certainty_of(_claim_of(group[0]), group[0].certainty)
        return [" ".join(f"{word}s" for word in words.split())] if words else []
    return [_certainty(who, alone=len(group) == 1) for who in group]


def _certainty(who: Credited, alone: bool) -> str:
    """The certainty of an attribution: “attribution probable”; with the name if it is only
    proposed, or if the text has several of the role; with the role if it is no creator."""
    words = certainty_of(_claim_of(who), who.certainty)
    if words and (who.certainty == "proposed" or not alone):
        words = f"{words}{NBSP}: {typeset(who.name)}"
    if words and who.role not in (*CREATING, "addressee"):
        words = f"{interface.ROLES[who.role][0]}{NBSP}: {words}"
    return words


def _claim_of(who: Credited) -> str:
    return "addressee" if who.role == "addressee" else "creator"


def _in_full(who: Credited) -> str:
    """A name with its certainty or, if that is sure, with the years."""
    certainty = certainty_of(_claim_of(who), who.certainty)
    if who.certainty == "proposed":
        unnamed = interface.UNNAMED_AUTHOR if who.role in CREATING else interface.UNKNOWN
        return f"{unnamed} ({certainty}{NBSP}: {typeset(who.name)})"
    years = who.years if who.certainty in ("stated", "certain") else ""
    said = " ; ".join(filter(None, (years, certainty)))
    return typeset(f"{who.name} ({said})" if said else who.name)


def _joined(names: Sequence[str]) -> str:
    """Names in a sentence: “A, B et C”."""
    return interface.AND.join(filter(None, (", ".join(names[:-1]), *names[-1:])))


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
