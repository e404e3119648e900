"""The relations of a text: what each chapter names, passages to read next, passages that refer to
it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive_site import interface
from archive_site.corpus import urls
from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry
from archive_site.model.analysis import OPENING, LinkToText, Opening
from archive_site.model.site_model import SiteModel, TextOfSite
from archive_site.names.indexes import chapters, where
from archive_site.names.mentions import Passage
from archive_site.text.dates import is_day
from archive_site.text.html import as_html
from archive_site.text.typography import NBSP, agreed, typeset
from archive_site.views.entries import EntryLink, entry_link, name_of

MAX_READ_NEXT, MAX_READ_NEXT_IN_A_TEXT = 5, 2
SHARED_AT_LEAST = 2
IN_A_CHAPTER = (("person", 10), ("event", 8), ("notion", 8))
"""The kinds of entries that “Dans ce chapitre” lists, and the most entries of each."""
REASONS = ("event", "day", "work", "notion", "person", "organisation", "place")
"""The kinds of reasons for reading a passage next, the strongest first."""
REASONS_GIVEN = 4
EXCERPT = OPENING - 1


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage of another text, and the keys that both it and this text name, the rarest first."""

    text_id: str
    short_title: str
    anchor: str
    opening: Opening
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Referring:
    """A passage that refers to a text: the id and the short title of its own text, and the
    reference."""

    text_id: str
    short_title: str
    reference: LinkToText


@dataclass(frozen=True, slots=True)
class NamedInChapter:
    """The entries of a kind that a chapter names most."""

    title: str
    entries: tuple[EntryLink, ...]


@dataclass(frozen=True, slots=True)
class ReadNext:
    """A passage to read next: the title of its text, its label, such as “§ 12”, its address, its
    beginning, and the reasons."""

    title: Markup
    where: str
    href: str
    excerpt: Markup
    why: Markup


@dataclass(frozen=True, slots=True)
class ReferringView:
    """A passage that refers to a text, or to a place in it (`target`). `here`: it is in the same
    text."""

    title: Markup
    where: str
    here: bool
    href: str
    html: Markup
    target: str
    target_href: str


def chapter_names(
    edition: Edition, passages: Sequence[Passage], entries: Mapping[str, Entry], page: str
) -> dict[str, tuple[NamedInChapter, ...]]:
    """The people, events and notions that each chapter names most, by the id of its heading."""
    names = {p.place.block.id: p for p in passages if not p.place.note}
    found = {}
    for heading, blocks in chapters(edition).items():
        counts = Counter(m.key for block in blocks for m in names[block.id].mentions)
        ranked = [key for key, _ in counts.most_common() if not is_day(key)]
        groups = []
        for kind, most in IN_A_CHAPTER:
            keys = [key for key in ranked if entries[key].kind == kind][:most]
            if keys:
                links = tuple(entry_link(entries, key, page) for key in keys)
                groups.append(NamedInChapter(interface.IN_A_CHAPTER[kind], links))
        found[heading] = tuple(groups)
    return found


# ---------------------------------------------------------------- what to read next


def shared_with(model: SiteModel, text: TextOfSite) -> tuple[SharedPassage, ...]:
    """The passages of other texts that have most in common with a text. They share at least
    `SHARED_AT_LEAST` rare keys with it, which weigh more the fewer passages name them."""
    named_in = model.named_in(text).items()
    here = [key for key, named in named_in if named.count and key in model.rare_passages]
    weights = {key: 1 / math.log2(1 + model.totals[key].passages) for key in here}
    found: dict[tuple[str, str], list[str]] = {}
    for key in here:
        for other, passages in model.rare_passages[key]:
            if other.id != text.id:
                for passage in passages:
                    if not passage.heading:
                        found.setdefault((other.id, passage.anchor), []).append(key)

    def rank(item: tuple[tuple[str, str], list[str]]) -> tuple[float, str, str]:
        # `fsum` does not depend on the order of the numbers.
        return -math.fsum(weights[key] for key in item[1]), *item[0]

    enough = [item for item in found.items() if len(item[1]) >= SHARED_AT_LEAST]
    shared: list[SharedPassage] = []
    taken: Counter[str] = Counter()
    for (other_id, anchor), keys in sorted(enough, key=rank):
        if taken[other_id] == MAX_READ_NEXT_IN_A_TEXT:
            continue
        if len(shared) == MAX_READ_NEXT:
            break
        taken[other_id] += 1
        other = model.texts[other_id]
        ranked = tuple(sorted(keys, key=lambda key: (-weights[key], key)))
        opening = model.opening(other, anchor)
        shared.append(SharedPassage(other_id, other.summary.short_title, anchor, opening, ranked))
    return tuple(shared)


def read_next(shared: SharedPassage, entries: Mapping[str, Entry], page: str) -> ReadNext:
    """A passage of another text to read next, for the page at `page`."""
    words = shared.opening.words
    if len(words) > EXCERPT:
        words = words[:EXCERPT].rpartition(" ")[0].rstrip(" ,;:") + "…"
    return ReadNext(
        title=as_html(shared.short_title),
        where=shared.opening.where,
        href=urls.relative(page, urls.text_page(shared.text_id), shared.anchor),
        excerpt=as_html(typeset(words, shared.opening.depth, shared.opening.language)),
        why=as_html(_why(shared.keys, entries)),
    )


def _why(keys: Sequence[str], entries: Mapping[str, Entry]) -> str:
    kinds: dict[str, list[str]] = {}
    for key in keys:
        kind = "day" if is_day(key) else entries[key].kind
        kinds.setdefault(kind, []).append(name_of(entries, key))
    reasons, given = [], 0
    for kind in REASONS:
        names = kinds.get(kind, [])[: REASONS_GIVEN - given]
        if names:
            given += len(names)
            same = agreed(len(names), *interface.SAME[kind])
            reasons.append(f"{same}{NBSP}: {', '.join(names)}")
    return typeset(" ; ".join(reasons))


# ---------------------------------------------------------------- references to a text


def referring_to(model: SiteModel, text: TextOfSite) -> tuple[Referring, ...]:
    """The passages that refer to a text or to a place in it, by a link or by its title; those of
    other texts come first."""
    found = [
        Referring(other.id, other.summary.short_title, reference)
        for other, references in model.references(text.id)
        for reference in references
    ]
    for key in model.authorities.works_that_are.get(text.id, ()):
        for other in model.texts_on(key):
            if other.text_id != text.id:
                found += [
                    Referring(
                        other.text_id,
                        other.short_title,
                        LinkToText(line.anchor, line.where, line.html, ""),
                    )
                    for line in other.in_text.sentences
                ]
    return tuple(sorted(found, key=lambda referring: referring.text_id == text.id))


def referring_views(
    text_id: str, found: Iterable[Referring], passages: Iterable[Passage], page: str
) -> tuple[ReferringView, ...]:
    """The passages that refer to a text, for its page at `page`."""
    here = {p.place.block.id: where(p) for p in passages if not p.place.note}
    own = urls.text_page(text_id)

    def view(referring: Referring) -> ReferringView:
        reference, inside = referring.reference, referring.text_id == text_id
        block = reference.block if reference.block in here else ""
        return ReferringView(
            title=as_html(referring.short_title),
            where=reference.where.capitalize() if inside else reference.where,
            here=inside,
            href=urls.relative(page, urls.text_page(referring.text_id), reference.anchor),
            html=Markup(reference.html),
            target=here.get(block, interface.THIS_TEXT),
            target_href=urls.relative(page, own, block) or "#contenu",
        )

    return tuple(map(view, found))
