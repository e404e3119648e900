"""The pages of entries and their indexes: who or what is named, where, and beside whom."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from markupsafe import Markup

from archive_site.corpus import urls
from archive_site.edition.authority import IDENTIFIERS, Entry
from archive_site.edition.format import slug
from archive_site.model.analysis import Authorities, Beside, Line, Quoted, Said
from archive_site.model.site_model import Frame, SaidIn, SiteModel, Total
from archive_site.names.days import LAST_JULIAN_DAY
from archive_site.text.dates import in_french, is_day, is_plain, old_style_in_french, to_old_style
from archive_site.text.typography import counted, typeset

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
class EntryShown:
    """All that an entry's page shows, but for the other entries: what texts say of it; the notes
    that explain it, each with its text's title; the title of the text of this archive that it
    is."""

    frame: Frame
    entry: Entry
    total: Total
    said: tuple[SaidIn, ...]
    notes: tuple[tuple[SaidIn, Quoted], ...]
    title: str


def when(entry: Entry) -> str:
    """The years or the date that stand beside an entry's name; both calendars where it has both."""
    if entry.years:
        return typeset(entry.years)
    date = typeset(in_french(entry.date.value)) if entry.date.value else ""
    if not entry.old_style:
        return date
    old = old_style_in_french(entry.old_style, entry.date.value)
    return f"{date} ({typeset(old)}, ancien style)"


def told(total: Total) -> str:
    """How often an entry is named, in words: “12 mentions dans 4 textes”."""
    return f"{counted(total.count, 'mention')} dans {counted(total.texts, 'texte')}"


def line_view(text: str, line: Line, page: str) -> dict[str, Any]:
    """A sentence of a text that names an entry, the words marked, as a line of the page `page`."""
    return {
        "href": urls.relative(page, urls.text_page(text), line.anchor),
        "where": line.where,
        "html": Markup(line.html),
        "inferred": line.inferred,
    }


def lines_by_text(found: Iterable[SaidIn], page: str) -> list[dict[str, Any]]:
    """Every sentence that names an entry, text after text."""
    return [
        {
            "title": text.short_title,
            "year": text.year,
            "href": urls.relative(page, urls.text_page(text.text)),
            "anchor": f"dans-{text.text}",
            "count": text.count,
            "lines": [line_view(text.text, line, page) for line in text.said.lines],
        }
        for text in found
        if text.count
    ]


def entry_page(shown: EntryShown, known: Authorities, page: str) -> dict[str, Any]:
    """What an entry's page shows; `known`: all entries."""
    entry, entries = shown.entry, known.entries
    name = urls.Names(page, entries)
    passages = lines_by_text(shown.said, page)
    most = max((text["count"] for text in passages), default=0)
    said = [(text, text.said) for text in shown.said]
    return {
        "kind_name": KIND_NAMES[entry.kind][0],
        "tabs": tabs(shown.frame, page, entry.kind),
        "name": typeset(entry.name),
        "when": when(entry),
        "description": typeset(entry.description),
        "forms": _forms_found(found for _, found in said),
        "facts": _facts(shown, entries, page),
        "identifiers": [
            (IDENTIFIER_NAMES[who], IDENTIFIERS[who].format(number))
            for who, number in entry.same_as
        ]
        + [(link.split("/")[2], link) for link in entry.links],
        "see": [{"name": name_of(entries, key), "href": name(key)} for key in entry.see],
        "works": _works(known, entry, page),
        "said_in": told(shown.total),
        "passages": [text | {"share": round(100 * text["count"] / most, 1)} for text in passages],
        "beside": _beside(said, entries, page),
        "spoken": [_quoted(text, run, page) for text, found in said for run in found.quoted],
        "explained": [_quoted(text, note, page) for text, note in shown.notes],
        "data": _as_linked_data(shown, page),
    }


def name_of(entries: Mapping[str, Entry], key: str) -> str:
    """An entry's or a day's name, as a page writes it."""
    entry = entries.get(key)
    return typeset(entry.name if entry else in_french(key))


def _facts(
    shown: EntryShown, entries: Mapping[str, Entry], page: str
) -> list[tuple[str, str, str]]:
    """Whose, where, and which text of this archive an entry is: what it is, its name, its
    address."""
    entry, name = shown.entry, urls.Names(page, entries)
    facts = [
        (what, name_of(entries, key), name(key))
        for what, key in (("De", entry.creator), ("Lieu", entry.place))
        if key
    ]
    if entry.text:
        href = urls.relative(page, urls.text_page(entry.text))
        facts.append(("Dans l’archive", shown.title, href))
    return facts


def _forms_found(said: Iterable[Said]) -> list[Markup]:
    """The forms that texts use, the most frequent first."""
    found: Counter[str] = Counter()
    for text in said:
        for form, count in text.forms:
            found[form] += count
    return [Markup(form) for form in sorted(found, key=lambda form: (-found[form], form))]


def _works(known: Authorities, entry: Entry, page: str) -> list[dict[str, str]]:
    """The works of a person that texts name, by title."""
    works = [known.entries[key] for key in known.works_of.get(entry.key, ())]
    name = urls.Names(page, known.entries)
    works.sort(key=lambda work: slug(work.sort))
    return [{"name": typeset(w.name), "href": name(w.key), "when": when(w)} for w in works]


Places = list[tuple[SaidIn, Beside]]


def beside(said: Iterable[tuple[SaidIn, Said]]) -> dict[str, Places]:
    """What is named in the same passages as an entry, the most frequent first, with them."""
    others: defaultdict[str, Places] = defaultdict(list)
    for text, found in said:
        for passage in found.beside:
            for key in passage.keys:
                others[key].append((text, passage))
    return dict(sorted(others.items(), key=lambda item: (-len(item[1]), item[0])))


def _beside(
    said: Iterable[tuple[SaidIn, Said]], entries: Mapping[str, Entry], page: str
) -> list[dict[str, Any]]:
    """Who and what is named in the same passages, people first, with these passages."""
    others = beside(said)
    name = urls.Names(page, entries)
    people = [key for key in others if entries[key].kind == "person"]
    rest = [key for key in others if entries[key].kind != "person"]
    return [
        {
            "title": title,
            "entries": [
                {
                    "key": key,
                    "name": name_of(entries, key),
                    "href": name(key),
                    "count": len(others[key]),
                    "places": [
                        {
                            "text": text.short_title,
                            "where": passage.where,
                            "href": urls.relative(page, urls.text_page(text.text), passage.anchor),
                        }
                        for text, passage in others[key][:PLACES_SHOWN]
                    ],
                    "more": max(0, len(others[key]) - PLACES_SHOWN),
                }
                for key in keys[:BESIDE]
            ],
        }
        for title, keys in (("Avec qui", people), ("Avec quoi", rest))
        if keys
    ]


def _quoted(text: SaidIn, run: Quoted, page: str) -> dict[str, Any]:
    """A quotation, or a note, with where it stands."""
    return {
        "paragraphs": [Markup(paragraph) for paragraph in run.paragraphs],
        "text": text.short_title,
        "where": run.where,
        "href": urls.relative(page, urls.text_page(text.text), run.anchor),
    }


# ---------------------------------------------------------------- indexes


def tabs(frame: Frame, page: str, here: str) -> list[dict[str, Any]]:
    """The way from one index to the others; `here` is what the page belongs to. How many entries
    each has is not said: an entry more would change every page."""
    return [
        {
            "name": KIND_NAMES[kind][1] if kind in KIND_NAMES else "Réseau",
            "href": urls.relative(page, path),
            "here": kind == here,
        }
        for kind, path in frame.indexes
    ]


def index_page(model: SiteModel, kind: str, page: str) -> dict[str, Any]:
    """The index of the entries of a kind, by letter."""
    found = model.authorities.kinds[kind].values()
    entries = sorted(found, key=lambda entry: (slug(entry.sort), entry.key))
    letters: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        letter = slug(entry.sort)[:1].upper()
        letters.setdefault(letter if letter.isalpha() else "0-9", []).append(
            _row(model, entry, page)
        )
    return {
        "title": KIND_NAMES[kind][1],
        "tabs": tabs(model.frame, page, kind),
        "total": len(entries),
        "dated": any(when(entry) for entry in entries),
        "letters": [
            {"letter": letter, "anchor": f"lettre-{letter.lower()}", "rows": rows}
            for letter, rows in letters.items()
        ],
    }


def _row(model: SiteModel, entry: Entry, page: str) -> dict[str, Any]:
    total, counts = model.total(entry.key), model.counts(entry.key)
    own = urls.relative(page, urls.entry_page(entry))
    return {
        "name": typeset(entry.sort),
        "sort": slug(entry.sort),
        "href": own,
        "when": when(entry),
        "year": (entry.born_and_died[0] or entry.date.value[:4]),
        "count": total.count,
        "description": typeset(entry.description),
        "texts": [
            {
                "name": model.texts[text].summary["short_title"],
                "href": f"{own}#dans-{text}",
                "count": count,
            }
            for text, count in islice(counts.items(), TEXTS_SHOWN)
        ],
        "text_count": total.texts,
        "more": _others(total.texts - TEXTS_SHOWN),
    }


def _others(number: int) -> str:
    """How many more there are, in words; empty: none."""
    return counted(number, "autre") if number > 0 else ""


# ---------------------------------------------------------------- cards


def card(model: SiteModel, key: str) -> tuple[str, ...]:
    """What the reading page shows of a name without leaving: name, years, a sentence, counts."""
    said = told(model.total(key))
    if is_day(key):
        happened = map(model.name, model.authorities.happened_on.get(key, ()))
        return model.name(key), old_style_of(model, key), " · ".join(happened), said
    entry = model.entries[key]
    return typeset(entry.name), when(entry), typeset(entry.description), said


def old_style_of(model: SiteModel, day: str) -> str:
    """A day in the Julian calendar, in words, where a text that counts by it names the day."""
    old = to_old_style(datetime.date.fromisoformat(day))
    if old > LAST_JULIAN_DAY or not model.by_old_style(day):
        return ""
    return f"{typeset(old_style_in_french(old.isoformat(), day))}, ancien style"


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


def _as_linked_data(shown: EntryShown, page: str) -> dict[str, Any]:
    base_url = shown.frame.site.base_url
    here = urls.identity(base_url, page, page)
    data = {"@context": "https://schema.org", **linked_data(shown.entry, here)}
    texts = [
        {
            "@type": "CreativeWork",
            "@id": urls.identity(base_url, page, urls.text_page(text.text)),
            "name": text.title,
        }
        for text in shown.said
        if text.count
    ]
    return data | ({"subjectOf": texts} if texts else {})
