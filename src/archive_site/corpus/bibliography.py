"""The bibliography of an archive: `bibliography.bib` and `bibliography.json` as CSL-JSON items."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from archive_site.edition.front_matter import did_you_mean
from archive_site.edition.ids import slug
from archive_site.edition.yaml import shortened
from archive_site.files.layout import BIBLIOGRAPHIES
from archive_site.findings import Finding
from archive_site.text.citations import ANY_KEY
from archive_site.text.dates import fault_of, in_french, is_day
from archive_site.text.marks import unmarked
from archive_site.text.numerals import numeral

NAMES = (
    "author editor translator director container-author collection-editor editorial-director "
    "original-author recipient reviewed-author interviewer illustrator composer contributor"
).split()
"""The variables of CSL-JSON that are lists of names."""
CITED_ROLES = ("author", "editor", "translator")
"""Those whom a short form names: the first of these that a work has."""
DATES = "issued accessed event-date original-date submitted".split()
"""The variables of CSL-JSON that are dates."""
NAME_PARTS = "family given literal suffix dropping-particle non-dropping-particle".split()
"""The parts of a name in words."""
MANY_AUTHORS = 4
"""The number of authors from which a short form names the first only, as in the package's style."""
_NOT_WORDS = ("id", "citation-key", "type", "custom", "categories", *NAMES, *DATES)
_WHOLE_KEY = re.compile(ANY_KEY)
_PLAIN_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?")
_FIGURES = re.compile(r"[\d.]*\d[-\d/~?%.,X\[\]]*|\[[-\d.,]+\]|\.\./[-\d~?%]+")
ELEMENT = re.compile(r"</?(?:i|b|sup|sub|span)\b[^<>]*>", re.IGNORECASE)
"""A tag of the elements that CSL-JSON has in words."""
_NO_CHARACTERS = re.compile("[\ufdd0-\ufdef]")
_SPACE = re.compile(r"[\s,]*")

_REST_OF_NAME = re.compile(r"(\w)[\w’']*\.?")
_AFTER_ELISION = re.compile(r"(?<=\w)(['’])\s+(?=\w)")

Given = Literal["", "initials", "whole"]
"""How much of a given name a short form has."""
GIVEN: tuple[Given, ...] = get_args(Given)

Item = dict[str, Any]
"""A CSL-JSON item."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A work of the bibliography: its key, what is known of it as a CSL-JSON item, and where it
    is described."""

    key: str
    item: Item
    path: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FormattedReference:
    """A work of the bibliography in a citation style, typeset. `label` is its short form, for
    citations in a text, and `styled` the whole reference, both with marks for italics; `html` is
    the reference as HTML, with links. `item` is its CSL-JSON item."""

    key: str
    label: str
    styled: str
    html: str
    item: Item = field(default_factory=dict)

    @property
    def short(self) -> str:
        """The short form without marks."""
        return unmarked(self.label)

    @property
    def words(self) -> str:
        """The whole reference without marks."""
        return unmarked(self.styled)


PRIVATE = frozenset(
    "__markedentry abstract annotation annote attachments comment comments custom file groups "
    "localfile local-url localurl notes owner path pdf review timestamp username".split()
)
"""The fields of BibTeX and the variables of CSL-JSON that are not published."""
_LOCAL = re.compile(r"(?:\b|\\[nrt])(?:file|zotero):/", re.IGNORECASE)
"""The beginning of an address that leads nowhere but on the owner's computer."""
_OF_BIBDESK = "bdsk-"


def is_private(name: str, value: str) -> bool:
    """Whether a field is not published: by its name, or because it is a local address."""
    name = name.lower().partition("+")[0]  # JabRef: file+duplicate-1
    return name in PRIVATE or name.startswith(_OF_BIBDESK) or bool(_LOCAL.search(value))


def with_characters(text: str) -> str:
    """Text without the noncharacters of Unicode, which mean something else here."""
    return _NO_CHARACTERS.sub("", text)


def by_key(references: Iterable[Reference]) -> tuple[dict[str, Reference], list[Finding]]:
    """Works by key, and the findings about their keys."""
    found: dict[str, Reference] = {}
    findings: list[Finding] = []
    for reference in references:
        findings += check_key(reference)
        findings += check_words(reference)
        first = found.setdefault(reference.key, reference)
        if first is not reference and reference.key:
            message = (
                f"the key {reference.key} must be unique; it is already on line {first.line} "
                f"of {first.path}"
            )
            hint = "Give one of the two another key, or remove it if they are the same work."
            findings.append(Finding(reference.path, reference.line, "E061", message, hint))
    return found, findings


def check_words(reference: Reference) -> Iterator[Finding]:
    """A finding for a work that has neither a title nor authors: it would be shown as its key."""
    if not any(reference.item.get(name) for name in ("title", *CITED_ROLES)):
        message = f"{reference.key} should have a title or an author; found neither"
        yield Finding(reference.path, reference.line, "W062", message)


def check_key(reference: Reference) -> Iterator[Finding]:
    """A finding for a key that no edition could cite, or that is an id of the page."""
    key = reference.key
    if not key:
        message, hint = "a work must have a key; found none", "Write @book{key, …} or “id”: “key”."
    elif not _WHOLE_KEY.fullmatch(key):
        message = f"a key must have no spaces, brackets, commas and semicolons; found “{key}”"
        hint = "Choose another key, such as broue1963."
    elif key in RESERVED_KEYS:
        message, hint = f"“{key}” is an id of every page", "Choose another key, such as broue1963."
    else:
        return
    yield Finding(reference.path, reference.line, "E061", message, hint)


RESERVED_KEYS = ("contenu", "fichiers", "reglages")
"""The ids that the page of the bibliography has besides the keys of works."""


def near_key(key: str, keys: Iterable[str]) -> str:
    """A hint with the nearest of the keys: that with other capitals, if there is one."""
    known = list(keys)
    alike = [other for other in known if other.casefold() == key.casefold()]
    return f"Did you mean “{alike[0]}”?" if alike else did_you_mean(key, known)


def unknown_key(path: str, line: int, what: str, key: str, known: Iterable[str]) -> Finding:
    """The finding for a key that is not in the bibliography. `what`: who cites it."""
    keys = list(known)
    message = f"{what} must be a key of the bibliography; found “{key}”"
    hint = near_key(key, keys)
    if not keys:
        hint = f"Add the work to {' or '.join(BIBLIOGRAPHIES)}, as Zotero exports it."
    return Finding(path, line, "E063", message, hint)


# ---------------------------------------------------------------- who, and when


@dataclass(frozen=True, slots=True)
class Apart:
    """What tells a work apart from others of the same authors and year in its short form: the
    letter after the year (“1963a”), and how much of given names (“G. Lefebvre”)."""

    letter: str = ""
    given: Given = ""


def creators_of(item: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """The authors of a work or, if it has none, its editors or translators."""
    return next(filter(None, (item.get(role) for role in CITED_ROLES)), [])


def authors_of(item: Mapping[str, Any]) -> list[str]:
    """The family names of the creators of a work; its title, if it has none."""
    if creators := creators_of(item):
        return [name_apart(name, "") for name in creators]
    return [str(item.get("title-short") or item.get("title") or item.get("id", ""))]


def name_apart(name: Mapping[str, str], given: Given) -> str:
    """A family name after initials (“J.-P. Roux”), the whole given name, or neither."""
    family = name.get("family") or name.get("literal", "")
    first = "" if given == "" else name.get("given", "")
    if given == "initials":
        first = _REST_OF_NAME.sub(r"\1.", first)
    return _joined(first, name.get("non-dropping-particle", ""), family)


def _joined(*parts: str) -> str:
    """The parts of a name, without a space after an elision (“d’Ormont”)."""
    return _AFTER_ELISION.sub(r"\1", " ".join(filter(None, parts)))


def rank_of(reference: Reference) -> tuple[str, ...]:
    """A sort key for works: authors, year, title, key, as French dictionaries order words."""
    item = reference.item
    people = [(name_apart(name, ""), name.get("given", "")) for name in creators_of(item)]
    authors = people or [(authors_of(item)[0], "")]
    ranked = "\0".join(f"{slug(family)}\1{slug(given)}" for family, given in authors)
    title = slug(ELEMENT.sub("", str(item.get("title", ""))))
    return ranked, years_of(item.get("issued", {})), title, reference.key


def disambiguated(references: Iterable[Reference]) -> dict[str, Apart]:
    """What tells works of the same family names and year apart, by key: given names, if their
    authors are different, and letters for those of the same. Of many authors, short forms name the
    first."""
    alike: dict[tuple[str, ...], list[Reference]] = {}
    for reference in sorted(references, key=rank_of):
        year = years_of(reference.item.get("issued", {}))
        alike.setdefault((*_named(reference, ""), year), []).append(reference)
    return {key: apart for same in alike.values() if len(same) > 1 for key, apart in _apart(same)}


def _apart(alike: Sequence[Reference]) -> Iterator[tuple[str, Apart]]:
    """What tells works apart that have the same family names and year."""
    different = {_named(reference, "whole") for reference in alike}
    given = next(
        how
        for how in GIVEN
        if len({_named(reference, how) for reference in alike}) == len(different)
    )
    same: dict[tuple[str, ...], list[str]] = {}
    for reference in alike:
        same.setdefault(_named(reference, given), []).append(reference.key)
    for keys in same.values():
        for n, key in enumerate(keys, start=1):
            yield key, Apart(numeral("a", n) if len(keys) > 1 else "", given)


def _named(reference: Reference, given: Given) -> tuple[str, ...]:
    """The authors that a short form names."""
    creators = creators_of(reference.item)
    names = [name_apart(name, given) for name in creators] or authors_of(reference.item)
    return tuple(map(slug, names if len(names) < MANY_AUTHORS else names[:1]))


# ---------------------------------------------------------------- dates


def date_of(text: str) -> Item:
    """A date in EDTF or in words as CSL-JSON. A day, a month, a year or an interval of them is in
    numbers, any other date in words."""
    text = text.strip()
    if text.endswith(("?", "%")) and not fault_of(text):
        return {"literal": in_french(text)}
    about = text.endswith("~")
    ends = [_PLAIN_DATE.fullmatch(end) for end in text.rstrip("~?%").split("/")]
    numbers = [[int(part) for part in end.groups() if part] for end in ends if end]
    exists = all(len(n) < 3 or is_day("{:04}-{:02}-{:02}".format(*n)) for n in numbers)
    if len(numbers) < len(ends) or len(ends) > 2 or not exists:
        return {"literal": text} if text else {}
    return {"date-parts": numbers} | ({"circa": True} if about else {})


def date_fault(text: str) -> str:
    """Why a date in figures is none; empty if it is one, or in words."""
    return fault_of(text) if _FIGURES.fullmatch(text) else ""


def date_hint(text: str) -> str:
    """What to write instead of a date that is none."""
    if found := re.fullmatch(r"(\d\d)(\d\d)-+(\d\d)", text):
        return f"Write {found[1]}{found[2]}/{found[1]}{found[3]} if these are years."
    if found := re.fullmatch(r"(\d\d?)[/.](\d\d?)[/.](\d{4})", text):
        return f"Write {found[3]}-{int(found[2]):02}-{int(found[1]):02}."
    return "Write 1963-05-02, 1963-05, 1963, 1963~ or 1963/1965."


def edtf_of(date: Mapping[str, Any]) -> str:
    """A date of CSL-JSON as EDTF, or its words."""
    numbers = ("{:04}", "{:02}", "{:02}")
    ends = [
        "-".join(form.format(n) for form, n in zip(numbers, end, strict=False))
        for end in date.get("date-parts", ())
    ]
    about = "~" * bool(date.get("circa"))
    return f"{'/'.join(ends)}{about}" if ends else str(date.get("literal", ""))


def years_of(date: Mapping[str, Any]) -> str:
    """The year of a date of CSL-JSON, or its words; empty if there is none."""
    parts = date.get("date-parts")
    return str(parts[0][0]) if parts else str(date.get("literal", ""))


# ---------------------------------------------------------------- CSL-JSON


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one item, and reports what in it is no CSL-JSON."""

    path: str
    line: int
    key: str
    findings: list[Finding]

    def report(self, message: str, hint: str = "") -> None:
        self.findings.append(Finding(self.path, self.line, "E062", f"{self.key}’s {message}", hint))

    def item(self, given: Mapping[str, Any]) -> Item:
        """The item, with its variables in the form that CSL-JSON wants."""
        read: Item = {"id": self.key, "type": self.words("type", given.get("type"))}
        read["type"] = read["type"] or "document"
        for name, value in given.items():
            if is_private(name, value if isinstance(value, str) else ""):
                continue
            if name in NAMES:
                read[name] = self.names(name, value)
            elif name in DATES:
                read[name] = self.date(name, value)
            elif name not in _NOT_WORDS:
                read[name] = self.words(name, value)
        return {name: value for name, value in read.items() if value}

    def words(self, name: str, value: Any) -> str:
        if isinstance(value, str):
            return " ".join(with_characters(value).split())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if value is not None and name in KNOWN:  # other programs may add what they like
            self.report(f"{name} must be text; found {json.dumps(value)[:60]}", "Put it in quotes.")
        return ""

    def names(self, name: str, value: Any) -> list[Item]:
        hint = 'Write a list of names: [{"family": "Smith", "given": "Anna"}].'
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.report(f"{name} must be a list of names; found {json.dumps(value)[:60]}", hint)
            return []
        names = []
        for one in value:
            parts = {k: self.words(name, v) for k, v in one.items() if k in NAME_PARTS}
            parts = {part: words for part, words in parts.items() if words}
            if not (parts.keys() & {"family", "literal", "given"}):
                self.report(f"{name} must have a family name; found {json.dumps(one)[:60]}", hint)
            elif "family" not in parts:
                names.append({"literal": parts.get("literal") or parts["given"]})
            else:
                names.append({k: v for k, v in parts.items() if k != "literal"})
        return names

    def date(self, name: str, value: Any) -> Item:
        hint = 'Write {"date-parts": [[1963, 5]]} or {"literal": "s. d."}.'
        if isinstance(value, dict):
            words = value.get("literal") or value.get("raw")
            if isinstance(words, str) and not value.get("date-parts"):
                if fault := date_fault(words.strip()):
                    self.report(
                        f"{name} must be a date; found “{words}”: {fault}", date_hint(words)
                    )
                return date_of(with_characters(words))
            parts = value.get("date-parts") or ()
            if not parts and set(value) <= {"date-parts", "season", "circa"}:
                return {}
            if numbers := _numbers(parts):
                return {"date-parts": numbers} | ({"circa": True} if value.get("circa") else {})
        self.report(f"{name} must be a date; found {json.dumps(value)[:60]}", hint)
        return {}


KNOWN = (
    "title title-short container-title collection-title publisher publisher-place volume issue "
    "page edition genre note DOI ISBN ISSN URL language medium archive archive_location "
    "archive-place event-title event-place collection-number number number-of-pages type"
).split()
"""The variables of CSL-JSON with words that references show."""


def _numbers(parts: Any) -> list[list[int]]:
    """The numbers of a date, or of the two ends of an interval; none if they are no date."""
    try:
        numbers = [[int(n) for n in date] for date in parts]
    except (TypeError, ValueError):
        return []
    sound = 1 <= len(numbers) <= 2 and all(map(_is_date, numbers))
    return numbers if sound and not fault_of(edtf_of({"date-parts": numbers})) else []


def _is_date(numbers: Sequence[int]) -> bool:
    """Whether a year, a year and a month, or these and a day exist."""
    if not 1 <= len(numbers) <= 3 or not 0 < numbers[0] < 10_000:
        return False
    day = "-".join(f"{n:0{width}}" for n, width in zip(numbers, (4, 2, 2), strict=False))
    return not fault_of(day)


def read_csl(text: str, path: str, findings: list[Finding]) -> Iterator[Reference]:
    """The works in a file of CSL-JSON: a list of items, or a mapping that has it as `items`."""

    def report(at: int, message: str, hint: str = "") -> None:
        findings.append(Finding(path, text.count("\n", 0, at) + 1, "E060", message, hint))

    hint = "Export the library anew as CSL JSON, or correct the file at this place."
    try:
        for at, item in _items(text):
            line = text.count("\n", 0, at) + 1
            if not isinstance(item, dict):
                report(at, f"each item must be an object; found {json.dumps(item)[:60]}", hint)
                continue
            key = item.get("citation-key") or item.get("id")
            named = str(key).strip() if isinstance(key, str | int) else ""
            reader = _Reader(path, line, named or "a work", findings)
            yield Reference(named, reader.item(item) | {"id": named}, path, line)
    except json.JSONDecodeError as error:
        seen = shortened(text[error.pos :].strip().split("\n")[0]) or "the end of the file"
        wrong = f"{error.msg[:1].lower()}{error.msg[1:]}"
        report(error.pos, f"must be JSON; {wrong}; found {seen}", hint)
    except RecursionError:
        report(0, "must not be nested so deeply", hint)
    except ValueError as error:  # a number with too many digits, or no list
        report(0, f"must be a list of items in CSL-JSON; {shortened(str(error))}", hint)


_decode: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().raw_decode


def _items(text: str) -> Iterator[tuple[int, Any]]:
    """Each item of a list of items in CSL-JSON, after its place in the text."""
    json.loads(text)  # for errors, wherever they are
    for start, _ in item_spans(text):
        yield start, _decode(text, start)[0]


def item_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each item of a list of items in CSL-JSON begins and ends."""
    at = _after_space(text, 0)
    if text[at : at + 1] == "{":
        listed = [_value_at(text, start) for name, start, _ in members(text, at) if name == "items"]
        at = listed[0] if listed else len(text)
    if text[at : at + 1] != "[":
        raise ValueError("found none")
    at = _after_space(text, at + 1)
    while text[at] != "]":
        end = _decode(text, at)[1]
        yield at, end
        at = _after_space(text, end)


def members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """The members of the object at a place of a JSON text: the name of each, and where it begins
    and ends."""
    at = _after_space(text, at + 1)
    while text[at] != "}":
        name = _decode(text, at)[0]
        end = _decode(text, _value_at(text, at))[1]
        yield name, at, end
        at = _after_space(text, end)


def _value_at(text: str, at: int) -> int:
    """The place of the value of the member at `at`."""
    return _after_space(text, text.index(":", _decode(text, at)[1]) + 1)


def _after_space(text: str, at: int) -> int:
    """The place after white space and commas."""
    found = _SPACE.match(text, at)
    return found.end() if found else at
