"""The apparatus of a text and the lines of its witness, as pages and books show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import apparatus, urls
from archive_site.corpus.apparatus import Emended, Place, reason_of
from archive_site.corpus.records import Edition
from archive_site.text.dates import in_french
from archive_site.text.document import Omission
from archive_site.text.html import as_html
from archive_site.text.reading import NOT_TEXT, reading_text
from archive_site.text.typography import agreed, counted, thousands, typeset
from archive_site.witness.collate import WordCounts

OPENING_WORDS = 6
NOT_SHOWN = "␣"
"""Replaces a control character that the extraction left in a witness."""


@dataclass(frozen=True, slots=True)
class WitnessView:
    """The file of a witness: its name, its address, the page that shows it, its size in bytes and
    its number of lines, both in words, and its checksum."""

    name: str
    href: str
    page: str
    size: str
    lines: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of the collation: how many words were lost and added, in words; the word that
    agrees with their number (“déclarés”); the counts behind it; how many hyphens were removed
    (empty: none)."""

    lost_and_added: str
    declared: str
    figures: tuple[Figure, ...]
    closed: str


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision of the edition: its day in words, what was done, and by whom (empty: unknown)."""

    date: Markup
    what: Markup
    who: str


@dataclass(frozen=True, slots=True)
class NatureView:
    """A nature of emendations: its key, its French name, and how many emendations have it."""

    key: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class EmendationView:
    """An emendation: its place, what the witness has and what the edition reads (empty: nothing),
    and why. `line` is the number of its line in the witness, `source` the address of that line."""

    id: str
    href: str
    place: Markup
    witness: str
    reading: str
    nature: str
    why: Markup
    line: str
    source: str


@dataclass(frozen=True, slots=True)
class OmissionView:
    """An omission: the lines of the witness, their address, their words, and why; `confirmed`
    unless only a program has proposed it."""

    lines: Markup
    href: str
    text: str
    why: Markup
    confirmed: bool


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """A doubt, with the words in doubt, or a gap (no words)."""

    words: str
    why: Markup
    href: str


@dataclass(frozen=True, slots=True)
class Apparatus:
    """The apparatus of a text. `order` has ranges of witness lines in reading order, if that is not
    the witness's order. `proposed` are the omissions that no editor has confirmed."""

    witness: WitnessView | None
    extraction: Markup
    edition_href: str
    data_href: str
    about: str
    verdict: Verdict
    revisions: tuple[RevisionView, ...]
    order: tuple[Markup, ...]
    natures: tuple[NatureView, ...]
    emendations: tuple[EmendationView, ...]
    omissions: tuple[OmissionView, ...]
    proposed: tuple[OmissionView, ...]
    doubts: tuple[OpenDoubt, ...]
    remarks: tuple[Markup, ...]


def apparatus_of(edition: Edition, path: str) -> Apparatus:
    """The apparatus of a text, with links relative to the page at `path`."""
    document, meta = edition.document, edition.document.meta
    emended = apparatus.emendations(edition)
    counts = {n: sum(e.nature == n for e in emended) for n in interface.NATURES}
    omissions = tuple(_omission(edition, omission, path) for omission in meta.omissions)
    return Apparatus(
        witness=_witness(edition, path),
        extraction=as_html(typeset(meta.extraction)),
        edition_href=urls.relative(path, urls.edition_file(edition.id)),
        data_href=urls.relative(path, urls.data_file(edition.id, "json")),
        about=urls.relative(path, urls.ABOUT),
        verdict=_verdict(apparatus.words(edition), len(emended)),
        revisions=tuple(
            RevisionView(
                as_html(typeset(in_french(r.date))), as_html(typeset(r.what)), typeset(r.who)
            )
            for r in meta.revisions
        ),
        order=tuple(as_html(lines_range(first, last)) for first, last in meta.order),
        natures=tuple(
            NatureView(nature, interface.NATURES[nature][0], count)
            for nature, count in counts.items()
            if count
        ),
        emendations=tuple(_emendation(edition, e, path) for e in emended),
        omissions=tuple(omission for omission in omissions if omission.confirmed),
        proposed=tuple(omission for omission in omissions if not omission.confirmed),
        doubts=tuple(
            OpenDoubt(
                typeset(doubt.words),
                as_html(typeset(doubt.why)),
                _place_href(edition, doubt.place, path),
            )
            for doubt in apparatus.left_open(document)
        ),
        remarks=tuple(as_html(typeset(remark)) for remark in meta.remarks),
    )


def _witness(edition: Edition, path: str) -> WitnessView | None:
    witness = edition.witness
    if witness is None:
        return None
    return WitnessView(
        name=witness.name,
        href=urls.relative(path, urls.witness_file(witness.name)),
        page=urls.relative(path, urls.source_page(edition.id)),
        size=counted(witness.size, *interface.BYTES),
        lines=counted(len(witness.lines), *interface.LINES),
        sha256=witness.sha256,
    )


def _verdict(words: WordCounts, emended: int) -> Verdict:
    lost, added = counted(words.lost, *interface.LOST), counted(words.added, *interface.ADDED)
    figures = (
        (agreed(words.witness, *interface.WORDS_IN_WITNESS), words.witness),
        (interface.IN_TEXT, words.text),
        (interface.IN_NOTES, words.notes),
        (agreed(words.apart, *interface.SET_ASIDE), words.apart),
        (agreed(words.figures, *interface.FIGURES), words.figures),
        (agreed(emended, *interface.EMENDATIONS), emended),
    )
    return Verdict(
        lost_and_added=f"{lost}, {added}",
        declared=agreed(words.lost + words.added, *interface.DECLARED),
        figures=tuple(Figure(name, thousands(number)) for name, number in figures),
        closed=counted(words.closed, *interface.HYPHENS) if words.closed else "",
    )


def _emendation(edition: Edition, emended: Emended, path: str) -> EmendationView:
    line = emended.line
    why = typeset(emended.emendation.why) or interface.NATURES[emended.nature][1]
    anchor = f"correction-{emended.number}"
    return EmendationView(
        id=anchor,
        href=urls.relative(path, urls.text_page(edition.id), anchor),
        place=as_html(_opening(emended.place)),
        witness=emended.emendation.witness,
        reading=typeset(emended.emendation.reading),
        nature=emended.nature,
        why=as_html(why),
        line=str(line) if line else "",
        source=source_of(edition, path, (line, line))[0] if line else "",
    )


def _omission(edition: Edition, omission: Omission, path: str) -> OmissionView:
    span = omission.first, omission.last
    return OmissionView(
        lines=as_html(lines_range(*span)),
        href=source_of(edition, path, span)[0] if edition.witness else "",
        text=apparatus.omitted_text(edition, *span, omission.text),
        why=as_html(typeset(omission.why)),
        confirmed=omission.certainty == "certain",
    )


def source_of(edition: Edition, page: str, span: tuple[int, int]) -> tuple[str, str]:
    """The address of the witness lines `span`, relative to `page`, and their name."""
    first, last = span
    where = urls.relative(page, urls.source_page(edition.id), f"l{first}")
    return where, lines_range(first, last)


def lines_range(first: int, last: int) -> str:
    """The name of a range of lines: “12”, “12–15”."""
    return f"{first}–{last}" if last > first else str(first)


def _place_href(edition: Edition, place: Place, path: str) -> str:
    return urls.relative(path, urls.text_page(edition.id), place.anchor)


def _opening(place: Place) -> str:
    """The name of a place: the label of the note, or the first words of the block."""
    if place.note:
        return typeset(interface.IN_NOTE.format(label=place.note))
    words = reading_text(place.block.content).split()
    opening = typeset(" ".join(words[:OPENING_WORDS]))
    return opening.rstrip(",;: ") + "…" if len(words) > OPENING_WORDS else opening


# ---------------------------------------------------------------- the witness


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """A line of a witness: its number; its text; the address and the name of the block or note that
    begins on it (empty: none); whether it is omitted; why, if an omission begins on it."""

    number: int
    text: str
    begins_href: str
    begins: str
    apart: bool
    why: Markup


def witness_lines(edition: Edition, path: str) -> list[WitnessLine]:
    """The lines of the witness of a text, with links relative to the page at `path`."""
    assert edition.witness is not None and edition.collation is not None
    begins: dict[int, tuple[str, str]] = {}
    for place in apparatus.places(edition.document):
        spans = edition.collation.notes if place.note else edition.collation.blocks
        first, _ = spans[place.note or place.block.id]
        begins.setdefault(first, (_place_href(edition, place, path), _opening(place)))
    whys = {o.first: as_html(typeset(reason_of(o))) for o in edition.document.meta.omissions}
    apart = {
        n for o in edition.document.meta.omissions if not o.text for n in range(o.first, o.last + 1)
    }
    nothing, silent = ("", ""), Markup("")
    return [
        WitnessLine(
            number, line, *begins.get(number, nothing), number in apart, whys.get(number, silent)
        )
        for number, line in enumerate(shown_lines(edition.witness.lines), start=1)
    ]


def shown_lines(lines: Sequence[str]) -> list[str]:
    """Lines of a witness with visible control characters. All are replaced at once, for speed."""
    text = "\n".join(lines).replace("\f", "␌")
    return NOT_TEXT.sub(NOT_SHOWN, text).split("\n") if lines else []
