"""The pages of entries and their indexes: who or what is named, where, and beside whom."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from markupsafe import Markup

from archive_site import links
from archive_site.authority import IDENTIFIERS, Entry, of_kind
from archive_site.corpus import Corpus
from archive_site.dates import in_french, is_day, is_plain, old_style_in_french, to_old_style
from archive_site.days import LAST_JULIAN_DAY
from archive_site.edition import slug
from archive_site.indexes import Indexed, Indexes, Line, make_indexes
from archive_site.markup import NBSP, counted, raised, typeset
from archive_site.mentions import Passage, Passages
from archive_site.plaintext import reading_text
from archive_site.summary import text_summary

KIND_NAMES = {
    "person": ("Personne", "Personnes"),
    "organisation": ("Organisation", "Organisations"),
    "place": ("Lieu", "Lieux"),
    "work": ("Œuvre", "Œuvres"),
    "event": ("Événement", "Chronologie"),
    "notion": ("Notion", "Notions"),
}
"""What an entry of a kind is called, and what their index is called."""
IDENTIFIER_NAMES = {
    "wikidata": "Wikidata",
    "viaf": "VIAF",
    "gnd": "GND",
    "bnf": "BnF",
    "idref": "IdRef",
    "geonames": "GeoNames",
}
SCHEMA_TYPES = {
    "person": "Person",
    "organisation": "Organization",
    "place": "Place",
    "work": "CreativeWork",
    "event": "Event",
    "notion": "DefinedTerm",
}
BESIDE = 16
"""How many of those named beside an entry its page shows."""
TEXTS_SHOWN = 24
"""How many of the texts that name an entry an index links to; its own page has all."""
PLACES_SHOWN = 12
"""How many of the passages that name two entries are linked."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What pages are made from: the corpus, its indexes, the texts' summaries by id in
    chronological order, the entries of each kind by key, and the keys of the works of a person,
    of those that a text is, of the events of a day."""

    corpus: Corpus
    indexes: Indexes
    texts: Mapping[str, Mapping[str, Any]]
    kinds: Mapping[str, Mapping[str, Entry]]
    works_of: Mapping[str, Sequence[str]]
    works_that_are: Mapping[str, Sequence[str]]
    happened_on: Mapping[str, Sequence[str]]

    def name(self, key: str) -> str:
        """An entry's or a day's name, as a page writes it."""
        entry = self.corpus.entries.get(key)
        return typeset(entry.name if entry else in_french(key))


def make_shelf(corpus: Corpus, passages: Passages) -> Shelf:
    """All that the pages of a corpus are made from; `passages`: what its texts name."""
    texts = {edition.id: text_summary(corpus.entries, edition) for edition in corpus.editions}
    kinds = {kind: of_kind(corpus.entries, kind) for kind in KIND_NAMES}
    lists = lists_of(corpus.entries)
    return Shelf(
        corpus,
        make_indexes(corpus, passages),
        texts,
        kinds,
        lists["works-of"],
        lists["works-that-are"],
        lists["happened-on"],
    )


def lists_of(entries: Mapping[str, Entry]) -> dict[str, dict[str, list[str]]]:
    """The keys of the works of each person, of those that each text is, of the events of each
    day."""
    works, events = of_kind(entries, "work"), of_kind(entries, "event")
    return {
        "works-of": _keys_by(works, lambda work: work.creator),
        "works-that-are": _keys_by(works, lambda work: work.text),
        "happened-on": _keys_by(events, lambda event: event.date.value),
    }


def _keys_by(entries: Mapping[str, Entry], field: Callable[[Entry], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, entry in entries.items():
        found.setdefault(field(entry), []).append(key)
    return found


def when(entry: Entry) -> str:
    """The years or the date that stand beside an entry's name; both calendars where it has both."""
    if entry.years:
        return typeset(entry.years)
    date = typeset(in_french(entry.date.value)) if entry.date.value else ""
    if not entry.old_style:
        return date
    old = old_style_in_french(entry.old_style, entry.date.value)
    return f"{date} ({typeset(old)}, ancien style)"


def said_in(indexed: Indexed) -> str:
    """How often an entry is named, in words: “12 mentions dans 4 textes”."""
    return f"{counted(indexed.count, 'mention')} dans {counted(indexed.texts, 'texte')}"


def where(passage: Passage) -> str:
    """A passage as a reader names it: its paragraph, its note, or what else it is."""
    if passage.place.note:
        return f"note{NBSP}{passage.place.note}"
    if passage.number:
        return f"§{NBSP}{passage.number}"
    return {"heading": "titre", "dateline": "date", "stage": "scène"}[passage.place.block.kind]


def line_view(line: Line, key: str, page: str) -> dict[str, Any]:
    """A sentence that names `key`, the words marked, as a line of the page `page`."""
    named = [mention for mention in line.passage.mentions if mention.key == key]
    return {
        "href": links.passage_link(page, line.passage),
        "where": where(line.passage),
        "html": line.sentence.marking(key),
        "inferred": all(mention.certainty != "certain" for mention in named),
    }


def lines_by_text(shelf: Shelf, indexed: Indexed, page: str) -> list[dict[str, Any]]:
    """Every sentence that names an entry, text after text."""
    counts = indexed.counts
    return [
        {
            "title": shelf.texts[text]["short_title"],
            "year": shelf.texts[text]["year"][1],
            "href": links.relative(page, links.text_page(text)),
            "anchor": f"dans-{text}",
            "count": counts[text],
            "lines": [line_view(line, indexed.key, page) for line in lines],
        }
        for text, lines in indexed.by_text.items()
    ]


def entry_page(shelf: Shelf, entry: Entry, page: str) -> dict[str, Any]:
    """What an entry's page shows."""
    indexed = shelf.indexes.entries[entry.key]
    name = links.Names(page, shelf.corpus.entries)
    passages = lines_by_text(shelf, indexed, page)
    most = max((text["count"] for text in passages), default=0)
    return {
        "kind_name": KIND_NAMES[entry.kind][0],
        "tabs": tabs(shelf, page, entry.kind),
        "name": typeset(entry.name),
        "when": when(entry),
        "description": typeset(entry.description),
        "forms": _forms_found(indexed),
        "facts": _facts(shelf, entry, page),
        "identifiers": [
            (IDENTIFIER_NAMES[who], IDENTIFIERS[who].format(number))
            for who, number in entry.same_as
        ]
        + [(link.split("/")[2], link) for link in entry.links],
        "see": [{"name": shelf.name(key), "href": name(key)} for key in entry.see],
        "works": _works(shelf, entry, page),
        "said_in": said_in(indexed),
        "passages": [text | {"share": round(100 * text["count"] / most, 1)} for text in passages],
        "beside": _beside(shelf, entry, page),
        "spoken": [_quoted(shelf, run, page) for run in shelf.indexes.spoken.get(entry.key, ())],
        "explained": [_explained(shelf, note, page) for note in entry.notes],
        "data": _as_linked_data(shelf, entry, page),
    }


def _facts(shelf: Shelf, entry: Entry, page: str) -> list[tuple[str, str, str]]:
    """Whose, where, and which text of this archive an entry is: what it is, its name, its
    address."""
    name = links.Names(page, shelf.corpus.entries)
    facts = [
        (what, shelf.name(key), name(key))
        for what, key in (("De", entry.creator), ("Lieu", entry.place))
        if key
    ]
    if entry.text:
        title = shelf.texts[entry.text]["title"]
        facts.append(("Dans l’archive", title, links.relative(page, links.text_page(entry.text))))
    return facts


def _forms_found(indexed: Indexed) -> list[Markup]:
    """The forms that texts use, the most frequent first."""
    found: dict[Markup, int] = {}
    for line in indexed.lines:
        for html, key in line.sentence.parts:
            if key == indexed.key:
                found[html] = found.get(html, 0) + 1
    return sorted(found, key=lambda form: (-found[form], form))


def _works(shelf: Shelf, entry: Entry, page: str) -> list[dict[str, str]]:
    """The works of a person that texts name, by title."""
    works = [shelf.kinds["work"][key] for key in shelf.works_of.get(entry.key, ())]
    name = links.Names(page, shelf.corpus.entries)
    works.sort(key=lambda work: slug(work.sort))
    return [{"name": typeset(w.name), "href": name(w.key), "when": when(w)} for w in works]


def _beside(shelf: Shelf, entry: Entry, page: str) -> list[dict[str, Any]]:
    """Who and what is named in the same passages, people first, with these passages."""
    others = shelf.indexes.beside.get(entry.key, {})
    name = links.Names(page, shelf.corpus.entries)
    people = [key for key in others if shelf.corpus.entries[key].kind == "person"]
    rest = [key for key in others if shelf.corpus.entries[key].kind != "person"]
    return [
        {
            "title": title,
            "entries": [
                {
                    "key": key,
                    "name": shelf.name(key),
                    "href": name(key),
                    "count": len(others[key]),
                    "places": [
                        {
                            "text": shelf.texts[passage.text]["short_title"],
                            "where": where(passage),
                            "href": links.passage_link(page, passage),
                        }
                        for passage in others[key][:PLACES_SHOWN]
                    ],
                    "more": max(0, len(others[key]) - PLACES_SHOWN),
                }
                for key in keys[:BESIDE]
            ],
        }
        for title, keys in (("Avec qui", people), ("Avec quoi", rest))
        if keys
    ]


def _quoted(shelf: Shelf, run: Sequence[Passage], page: str) -> dict[str, Any]:
    """The passages of a quotation, or of a note, with where they stand."""
    return {
        "paragraphs": [
            raised(typeset(reading_text(passage.place.block.content), passage.depth))
            for passage in run
        ],
        "text": shelf.texts[run[0].text]["short_title"],
        "where": where(run[0]),
        "href": links.passage_link(page, run[0]),
    }


def _explained(shelf: Shelf, note: str, page: str) -> dict[str, Any]:
    """A note of a text that explains a notion."""
    text, label = note.split("#")
    passages = [p for p in shelf.indexes.passages[text] if p.place.note == label]
    return _quoted(shelf, passages, page)


# ---------------------------------------------------------------- indexes


def index_paths(shelf: Shelf) -> list[tuple[str, str]]:
    """The indexes that the archive has, the network last: what each is of, and its path."""
    found = {kind: links.index_page(kind) for kind in KIND_NAMES if shelf.kinds[kind]}
    if shelf.indexes.days:
        found["event"] = links.CHRONOLOGY
    if shelf.kinds["person"]:
        found["network"] = links.NETWORK
    return list(found.items())


def tabs(shelf: Shelf, page: str, here: str) -> list[dict[str, Any]]:
    """The way from one index to the others; `here` is what the page belongs to. How many entries
    each has is not said: an entry more would change every page."""
    return [
        {
            "name": KIND_NAMES[kind][1] if kind in KIND_NAMES else "Réseau",
            "href": links.relative(page, path),
            "here": kind == here,
        }
        for kind, path in index_paths(shelf)
    ]


def index_page(shelf: Shelf, kind: str, page: str) -> dict[str, Any]:
    """The index of the entries of a kind, by letter."""
    entries = sorted(shelf.kinds[kind].values(), key=lambda entry: (slug(entry.sort), entry.key))
    letters: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        letter = slug(entry.sort)[:1].upper()
        letters.setdefault(letter if letter.isalpha() else "0-9", []).append(
            _row(shelf, entry, page)
        )
    return {
        "title": KIND_NAMES[kind][1],
        "tabs": tabs(shelf, page, kind),
        "total": len(entries),
        "dated": any(when(entry) for entry in entries),
        "letters": [
            {"letter": letter, "anchor": f"lettre-{letter.lower()}", "rows": rows}
            for letter, rows in letters.items()
        ],
    }


def _row(shelf: Shelf, entry: Entry, page: str) -> dict[str, Any]:
    indexed = shelf.indexes.entries[entry.key]
    own = links.relative(page, links.entry_page(entry))
    return {
        "name": typeset(entry.sort),
        "sort": slug(entry.sort),
        "href": own,
        "when": when(entry),
        "year": (entry.born_and_died[0] or entry.date.value[:4]),
        "count": indexed.count,
        "description": typeset(entry.description),
        "texts": [
            {
                "name": shelf.texts[text]["short_title"],
                "href": f"{own}#dans-{text}",
                "count": count,
            }
            for text, count in islice(indexed.counts.items(), TEXTS_SHOWN)
        ],
        "text_count": indexed.texts,
        "more": _others(indexed.texts - TEXTS_SHOWN),
    }


def _others(number: int) -> str:
    """How many more there are, in words; empty: none."""
    return counted(number, "autre") if number > 0 else ""


# ---------------------------------------------------------------- cards


def card(shelf: Shelf, key: str) -> list[str]:
    """What the reading page shows of a name without leaving: name, years, a sentence, counts."""
    if is_day(key):
        day = shelf.indexes.days[key]
        happened = [shelf.name(event) for event in shelf.happened_on.get(key, ())]
        return [shelf.name(key), old_style_of(shelf, key), " · ".join(happened), said_in(day)]
    entry = shelf.corpus.entries[key]
    indexed = shelf.indexes.entries[key]
    return [typeset(entry.name), when(entry), typeset(entry.description), said_in(indexed)]


def old_style_of(shelf: Shelf, day: str) -> str:
    """A day in the Julian calendar, in words, where a text that counts by it names the day."""
    old = to_old_style(datetime.date.fromisoformat(day))
    if old > LAST_JULIAN_DAY or not shelf.indexes.by_old_style(day):
        return ""
    return f"{typeset(old_style_in_french(old.isoformat(), day))}, ancien style"


def cards(shelf: Shelf, text_id: str) -> dict[str, list[str]]:
    """The cards of all that a text names, by the address that its page links to."""
    name = links.Names(links.text_page(text_id), shelf.corpus.entries)
    keys = {m.key for passage in shelf.indexes.passages[text_id] for m in passage.mentions}
    return {name(key): card(shelf, key) for key in sorted(keys)}


# ---------------------------------------------------------------- linked data


def linked_data(entry: Entry, address: str) -> dict[str, Any]:
    """An entry as schema.org names it; `address` leads to its page."""
    born, died = entry.born_and_died
    dates = {
        "event": {"startDate": entry.date.value.split("/")[0], "endDate": _end(entry.date.value)},
        "work": {"datePublished": entry.date.value},
        "person": {"birthDate": born, "deathDate": died},
    }.get(entry.kind, {})
    said = {
        "@type": SCHEMA_TYPES[entry.kind],
        "@id": address,
        "name": entry.name,
        "description": entry.description,
        **{name: value for name, value in dates.items() if is_plain(value)},
        "sameAs": [IDENTIFIERS[who].format(number) for who, number in entry.same_as]
        + list(entry.links),
    }
    return {name: value for name, value in said.items() if value}


def _end(date: str) -> str:
    return date.split("/")[1] if "/" in date else ""


def _as_linked_data(shelf: Shelf, entry: Entry, page: str) -> dict[str, Any]:
    base_url = shelf.corpus.site.base_url
    here = links.identity(base_url, page, page)
    data = {"@context": "https://schema.org", **linked_data(entry, here)}
    texts = [
        {
            "@type": "CreativeWork",
            "@id": links.identity(base_url, page, links.text_page(text)),
            "name": shelf.texts[text]["title"],
        }
        for text in shelf.indexes.entries[entry.key].counts
    ]
    return data | ({"subjectOf": texts} if texts else {})
