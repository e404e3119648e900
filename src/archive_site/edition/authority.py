"""Authority files: the people, organisations, places, works, events and notions that texts name.

There is one file for each kind. An entry has a key, a name, and the forms under which texts name
it.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from archive_site.edition.front_matter import CERTAINTIES, ID, Reader
from archive_site.edition.identifiers import OF_ENTRIES
from archive_site.edition.yaml import Value, read_yaml, texts
from archive_site.files.layout import EVENTS, GLOSSARY, ORGANISATIONS, PEOPLE, PLACES, WORKS
from archive_site.files.writing import wrong_name
from archive_site.findings import Finding
from archive_site.text.alike import look, told_apart
from archive_site.text.citations import read_cited
from archive_site.text.dates import to_new_style
from archive_site.text.document import Certainty, Cited, Claim

FORM_RULES = ("not_before", "not_after", "only_before", "only_after", "only_in", "not_in")

NO_DATE = Claim()


class Kind(NamedTuple):
    """A kind of entry: its file, and the fields that its entries have besides the shared ones."""

    file: str
    fields: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "person": Kind(PEOPLE),
    "organisation": Kind(ORGANISATIONS),
    "place": Kind(PLACES, ("coordinates",)),
    "work": Kind(WORKS, ("creator", "date", "text")),
    "event": Kind(EVENTS, ("date", "old_style", "place")),
    "notion": Kind(GLOSSARY, ("notes",)),
}
SPEAKERS = ("person", "organisation", "work")
"""Kinds of entries that may be the speaker of a quotation; a work may be a newspaper."""
_SHARED = (
    *("name", "sort", "forms", "years", "description", "see", "same_as", "links"),
    *("sources", "certainty", "ground"),
)
_UNCERTAIN = ("probable", "proposed", "unknown")

_PLACE = re.compile(r"\S+\s|(?:pp?|t|vol|fol|chap|col|n|no)[.°]|§|\d+$", re.IGNORECASE)
"""A place in a work, such as “p. 12”: a key has no spaces."""


@dataclass(frozen=True, slots=True)
class Form:
    """Words under which texts name an entry, and the rules for where they do: never, or only,
    directly before or after some words; never, or only, in some texts (ids)."""

    text: str
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    line: int = field(default=0, compare=False, repr=False)

    @property
    def ruled(self) -> bool:
        """Whether the form has rules."""
        return any(getattr(self, rule) for rule in FORM_RULES)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of an authority file.

    `years` are those of a person, as written (“1870–1924”). `date` is that of a work or an event
    and `old_style` (EDTF) the same date in the Julian calendar. `notes` are the notes of texts that
    explain a notion (“text-id#3”). `text` is the text of this archive that is the work. `same_as`
    has (provider, identifier). `coordinates` are the latitude and the longitude of a place.
    `sources` are the works of the bibliography that the entry is from, each with its line in
    `source_lines`. `certainty` and `ground` are those of the identification; those of an event are
    in its `date`. `path` and `line` locate the entry in its file."""

    kind: str
    key: str
    name: str
    sort: str
    forms: tuple[Form, ...] = ()
    years: str = ""
    description: str = ""
    date: Claim = NO_DATE
    old_style: str = ""
    place: str = ""
    creators: tuple[str, ...] = ()
    text: str = ""
    notes: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    same_as: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()
    coordinates: tuple[float, float] | None = None
    sources: tuple[Cited, ...] = ()
    certainty: Certainty = "certain"
    ground: str = ""
    source_lines: tuple[int, ...] = field(default=(), compare=False, repr=False)
    path: str = field(default="", compare=False, repr=False)
    line: int = field(default=0, compare=False, repr=False)

    @property
    def judged(self) -> tuple[Certainty, str]:
        """The certainty and the ground of the identification or, for an event, of the date."""
        if self.kind == "event":
            return (self.date.certainty, self.date.ground) if self.date.value else ("certain", "")
        return self.certainty, self.ground

    @property
    def born_and_died(self) -> tuple[str, str]:
        """The years of a person's birth and death; empty if not known."""
        years = re.fullmatch(r"(\d{4})?–(\d{4})?", self.years)
        return (years[1] or "", years[2] or "") if years else ("", "")


def read_entries(value: Value | None, kind: str, path: str) -> tuple[list[Entry], list[Finding]]:
    """The entries of an authority file, and its findings. All text is composed (NFC), so that names
    are equal however they were typed."""
    findings: list[Finding] = []
    reader = Reader(path, findings)
    value = value and value.composed()
    fields = (value.fields or {}) if value else {}
    key_lines = value.key_lines if value else {}
    entries = []
    for key, item in fields.items():
        line = key_lines.get(key, item.line)
        if not ID.fullmatch(key) or key.replace("-", "").isdigit():
            message = (
                "a key must be lower-case letters, digits and hyphens, with at least one letter; "
                f"found “{key}”"
            )
            hint = told_apart(key, look(key)) or "A key of digits alone is a year or a day."
            reader.report(line, "E018", message, hint)
        elif reason := wrong_name(key):
            reader.report(line, "E048", f"“{key}” {reason}", "Choose another key.")
        entries.append(_entry(reader, kind, key, item, line))
    return entries, findings


def _entry(reader: Reader, kind: str, key: str, item: Value, line: int) -> Entry:
    reads: dict[str, Callable[[Value, str], Any]] = {
        "forms": partial(_forms, reader),
        "date": reader.date,
        "old_style": lambda value, name: reader.date(value, name).value,
        "certainty": lambda value, name: reader.choice(value, name, CERTAINTIES),
        "creator": partial(_list, reader),
        "coordinates": partial(_coordinates, reader),
        "sources": partial(_sources, reader),
        "see": partial(_list, reader),
        "notes": partial(_list, reader),
        "links": partial(_links, reader),
        "same_as": partial(reader.identifiers, known=OF_ENTRIES),
    }
    fields = reader.fields(item, key, (*_SHARED, *KINDS[kind].fields))
    read = {
        name: reads.get(name, reader.text)(value, f"{key}’s {name}")
        for name, value in fields.items()
    }
    if not read.get("name"):
        hint = "Add the line: name: …"
        reader.report(line, "E014", f"{key} must have a name; found none", hint)
        read["name"] = key
    read["creators"] = read.pop("creator", ())
    read["source_lines"] = tuple(line for line, _ in read.get("sources", ()))
    read["sources"] = tuple(cited for _, cited in read.get("sources", ()))
    judged: tuple[Certainty, str] = "certain", ""
    if kind == "event":
        judged = read.pop("certainty", "certain"), read.pop("ground", "")
    if "date" in read:
        read["date"] = Claim(read["date"].value, *judged)
    if read.get("certainty") in _UNCERTAIN and not read.get("ground"):
        message = f"{key}, whose identification is {read['certainty']}, must have a ground"
        reader.report(fields["certainty"].line, "E017", f"{message}; found none", "Write ground: …")
    entry = Entry(kind, key, **{"sort": read["name"], **read}, path=reader.path, line=line)
    if entry.old_style and not _calendars_agree(entry.date.value, entry.old_style):
        message = (
            f"{key}’s old_style must be the same days as its date, {entry.date.value or 'none'}, "
            f"in the Julian calendar; found “{entry.old_style}”"
        )
        reader.report(fields["old_style"].line, "E046", message)
    return entry


def _list(reader: Reader, value: Value, name: str) -> tuple[str, ...]:
    return tuple(text for text in reader.remarks(value, name) if text)


def _links(reader: Reader, value: Value, name: str) -> tuple[str, ...]:
    found = _list(reader, value, name)
    for link in found:
        if not link.startswith("https://"):
            reader.report(value.line, "E015", f"{name} must begin with https://; found “{link}”")
    return tuple(link for link in found if link.startswith("https://"))


def _sources(reader: Reader, value: Value, name: str) -> tuple[tuple[int, Cited], ...]:
    """The works that an entry is from, each with its line."""
    items = value.items if value.items is not None else (value,)
    found: list[tuple[int, Cited]] = []
    for item in items:
        cited = read_cited(reader.text(item, name))
        if found and _PLACE.match(cited.key):  # YAML divides a list at each comma
            work = found[-1][1].key
            message = f"{name} must be keys of the bibliography; found “{cited.key}” after {work}"
            hint = f'Write "{work}, {cited.key}" in quotes.'
            reader.report(item.line, "E063", message, hint)
        elif cited.key:
            found.append((item.line, cited))
    return tuple(found)


def _coordinates(reader: Reader, value: Value, name: str) -> tuple[float, float] | None:
    """A latitude and a longitude in degrees."""
    written = [text.strip() for _, text in texts(value)]
    if value.text is not None:
        written = re.split(r"[\s,;]+", value.text.strip())
    if written == [""]:
        return None
    try:
        latitude, longitude = map(float, written)
    except ValueError:
        latitude, longitude = math.nan, math.nan
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return latitude, longitude
    message = f"{name} must be a latitude and a longitude in degrees; found “{', '.join(written)}”"
    swapped = abs(longitude) <= 90 and abs(latitude) <= 180
    hint = f"Write [{longitude:g}, {latitude:g}]: the latitude comes first." if swapped else ""
    reader.report(value.line, "E065", message, hint)
    return None


def _forms(reader: Reader, value: Value, name: str) -> tuple[Form, ...]:
    forms = []
    for item in value.items if value.items is not None else (value,):
        if item.fields is None:
            forms.append(Form(reader.text(item, name), line=item.line))
            continue
        fields = reader.fields(item, f"a form of {name}", ("form", *FORM_RULES))
        rules = {
            rule: tuple(text for _, text in texts(fields[rule]) if text)
            for rule in FORM_RULES
            if rule in fields
        }
        if "form" not in fields:
            message = f"a form of {name} must have words; found none"
            reader.report(item.line, "E014", message, "Write form: …")
            continue
        forms.append(Form(reader.text(fields["form"], name), **rules, line=item.line))
    return tuple(form for form in forms if form.text)


def _calendars_agree(new: str, old: str) -> bool:
    days = [re.findall(r"\d{4}-\d\d-\d\d", value) for value in (new, old)]
    if not days[0] or len(days[0]) != len(days[1]):
        return False
    try:
        return all(
            to_new_style(datetime.date.fromisoformat(o)) == datetime.date.fromisoformat(n)
            for n, o in zip(*days, strict=True)
        )
    except OverflowError:  # outside the years that `date` supports
        return False


# ---------------------------------------------------------------- words that no entry claims


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A capitalised word that names nothing that belongs in an index, and why."""

    word: str
    why: str
    path: str
    line: int


def read_unclaimed(text: str, path: str) -> tuple[list[Unclaimed], list[Finding]]:
    """`unclaimed.yaml`: a list of `{words: […], why: …}`."""
    value, findings = read_yaml(text, path)
    reader = Reader(path, findings)
    if value is not None and value.items is None:
        reader.report(value.line, "E015", f"must be a list; found {value.shape}")
    found = []
    for item in (value.items or ()) if value else ():
        fields = reader.fields(item, "words that no entry claims", ("words", "why"))
        why = reader.text(fields["why"], "why") if "why" in fields else ""
        if not why:
            message = "words that no entry claims must have a reason; found none"
            reader.report(item.line, "E014", message, "Write why: …")
        if "words" not in fields:
            message = "words that no entry claims must be listed; found none"
            reader.report(item.line, "E014", message, "Write words: […]")
            continue
        words = texts(fields["words"].composed())
        found += [Unclaimed(word, why, path, line) for line, word in words]
    return found, findings


def by_key(entries: list[Entry]) -> tuple[dict[str, Entry], list[Finding]]:
    """Entries by key, and a finding for each key that is in two files."""
    found: dict[str, Entry] = {}
    findings = []
    for entry in entries:
        first = found.setdefault(entry.key, entry)
        if first is not entry:
            message = f"the key {entry.key} must be unique; {first.path} has it already"
            findings.append(Finding(entry.path, entry.line, "E045", message))
    return found, findings


def with_related(entries: Mapping[str, Entry], keys: Iterable[str]) -> dict[str, Entry]:
    """The entries with these keys, and those that they name, directly or indirectly, as their place
    or creator, sorted by key."""
    waiting, found = set(keys), {}
    while waiting:
        entry = entries.get(waiting.pop())
        if entry and entry.key not in found:
            found[entry.key] = entry
            waiting |= {entry.place, *entry.creators}
    return dict(sorted(found.items()))


def of_kind(entries: Mapping[str, Entry], kind: str) -> dict[str, Entry]:
    """The entries of one kind, by key."""
    return {key: entry for key, entry in entries.items() if entry.kind == kind}
