"""The front matter of an edition: YAML → `Meta` and back. `FIELDS` defines every field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import fields as dataclass_fields
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar, get_args

from archive_site import interface
from archive_site.edition.identifiers import OF_TEXTS, identifier_of, wrong_identifier
from archive_site.edition.licenses import license_of
from archive_site.edition.yaml import Value, shortened
from archive_site.files.writing import wrong_name
from archive_site.findings import Finding, spelled_out
from archive_site.text import republican
from archive_site.text.alike import look, told_apart
from archive_site.text.dates import fault_of, is_day
from archive_site.text.document import (
    CREATING,
    RELATORS,
    Calendar,
    Certainty,
    Claim,
    Contributor,
    Meta,
    NoteKind,
    Omission,
    OmissionCertainty,
    Original,
    Revision,
    Source,
    Status,
)

Word = TypeVar("Word", bound=str)

KINDS = tuple(interface.TEXT_KINDS)
ROLES = tuple(RELATORS)
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
NOTE_KINDS: tuple[NoteKind, ...] = get_args(NoteKind)
STATUSES: tuple[Status, ...] = get_args(Status)
OMITTED: tuple[OmissionCertainty, ...] = get_args(OmissionCertainty)
CALENDARS: tuple[Calendar, ...] = get_args(Calendar)
RIGHTS_LAYERS = ("author", "translation", "notes", "edition")

SEQUENCE, MAPPING = "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
EDTF_HINT = "Write 1922-03-27, 1917, 1921-11~ (about), 1917/1924 or [2005..] (in 2005 or later)."
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
"""A language tag (BCP 47)."""
REFERENCE = re.compile(r"([\w:./+-]+)(?:, *(\S.*))?")
"""A key of the bibliography and, after a comma, a place in it."""
CLAIM_HINT = (
    "Write {value: …, certainty: certain | probable | proposed | unknown, ground: …}, "
    "or the bare value if the witness itself states it."
)


CONTRIBUTOR_HINT = (
    "Write certainty: certain | probable | proposed | unknown, and ground: …; leave both out if "
    "the witness itself says who it is."
)


MANY_KNOWN = 500
"""How many known words, at most, are compared with an unknown one."""


@dataclass(slots=True)
class Reader:
    """Reads the values of one file and collects its findings."""

    path: str
    findings: list[Finding]

    def report(self, line: int, code: str, message: str, hint: str = "") -> None:
        """Add a finding about this file."""
        self.findings.append(Finding(self.path, line, code, message, hint))

    def text(self, value: Value, name: str) -> str:
        """The value as text; empty if it is not text."""
        if value.text is None:
            hint = "Put text that contains “: ” between single quotes."
            self.report(value.line, "E015", f"{name} must be text; found {value.shape}", hint)
            return ""
        return value.text

    def choice(self, value: Value, name: str, allowed: Sequence[Word]) -> Word:
        """One of the allowed words; the first of them if the value is not allowed."""
        for word in allowed:
            if word == value.text:
                return word
        message = f"{name} must be one of {', '.join(allowed)}; found {value.shape}"
        self.report(value.line, "E015", message, did_you_mean(value.text or "", allowed))
        return allowed[0]

    def fields(self, value: Value, name: str, known: Iterable[str]) -> dict[str, Value]:
        """The fields of a mapping, without those that are not in `known`."""
        if value.fields is None:
            self.report(value.line, "E015", f"{name} must be a mapping; found {value.shape}")
            return {}
        names = tuple(known)
        for key, line in value.key_lines.items():
            if key not in names:
                message = f"{name} must have only the fields {', '.join(names)}; found “{key}”"
                self.report(line, "E013", message, did_you_mean(key, names))
        return {key: field for key, field in value.fields.items() if key in names}

    def claim(self, value: Value, name: str) -> Claim:
        """A claim: a bare value (the witness states it), or a value with certainty and ground."""
        if value.text is not None:
            return Claim(value.text, "stated") if value.text else Claim()
        fields = self.fields(value, name, ("value", "certainty", "ground"))
        if not fields:
            return Claim()
        words = {key: self.text(field, f"{name}’s {key}") for key, field in fields.items()}
        certainty = self._certainty(value, fields, name)
        self._grounded(value, name, words, certainty, known=bool(words.get("value")))
        return Claim(words.get("value", ""), certainty, words.get("ground", ""))

    def date(self, value: Value, name: str) -> Claim:
        """A claim whose value is EDTF, with days that exist in the calendar."""
        claim = self.claim(value, name)
        if claim.value and (fault := fault_of(claim.value)):
            line = value.fields["value"].line if value.fields else value.line
            message = f"{name} must be EDTF; found “{shortened(claim.value)}”: {fault}"
            day = republican.read(claim.value)
            self.report(line, "E012", message, f"Write {day}." if day else EDTF_HINT)
            return Claim()
        return claim

    def year(self, value: Value, name: str) -> str:
        """A year of four digits; empty if it is not one."""
        text = self.text(value, name)
        if text and not is_day(f"{text}-01-01"):
            message = f"{name} must be a year of four digits; found “{shortened(text)}”"
            self.report(value.line, "E012", message)
            return ""
        return text

    def language(self, value: Value, name: str) -> str:
        """A language tag (BCP 47); empty if the value is none."""
        text = self.text(value, name)
        if text and not LANGUAGE.fullmatch(text):
            message = f"{name} must be a tag of BCP 47; found “{shortened(text)}”"
            tags = {french: tag for tag, french in interface.LANGUAGES.items()}
            tag = tags.get(text.lower(), "fr")
            self.report(value.line, "E015", message, f"Write {tag}.")
            return ""
        return text

    def kind(self, value: Value, name: str) -> str:
        """A kind of text: one of those that the package has, or one of `site.yaml`, which is
        checked with the other keys."""
        text = self.text(value, name)
        if value.text is not None and not ID.fullmatch(text):
            message = f"{name} must be one of {', '.join(KINDS)}; found {value.shape}"
            self.report(value.line, "E015", message, did_you_mean(text, KINDS))
            return KINDS[0]
        return text or KINDS[0]

    def creator(self, value: Value, name: str) -> tuple[Contributor, ...]:
        """The creator of a text. A bare value is the key of an author whom the witness states."""
        return self._contributor(value, name, CREATING)

    def addressee(self, value: Value, name: str) -> tuple[Contributor, ...]:
        """To whom a letter is written. A bare value is a key, if the witness itself says so."""
        return self._contributor(value, name, ("addressee",))

    def contributors(self, value: Value, name: str) -> tuple[Contributor, ...]:
        """A list of contributors, or one of them."""
        items = (value,) if value.items is None else value.items
        if wrong := next((item for item in items if item.fields is None), None):
            message = f"{name} must be a list of {{key or name, role, certainty, ground}}"
            self.report(wrong.line, "E015", f"{message}; found {wrong.shape}")
            return ()
        return tuple(who for item in items for who in self._contributor(item, name, ROLES))

    def _contributor(
        self, value: Value, name: str, roles: Sequence[str]
    ) -> tuple[Contributor, ...]:
        """Someone in one of the `roles`, the first of which is meant if none is said; nobody if
        nothing is said. A bare value is a key. The witness states what has neither certainty nor
        ground."""
        if value.text is not None:
            stated = Contributor(roles[0], value.text, "", "stated", line=value.line)
            return (stated,) if value.text else ()
        if value.items is not None:
            message = f"{name} must be one; found a list"
            hint = "Write the others in contributors, each with its role."
            self.report(value.line, "E015", message, hint)
            return ()
        known = ("key", "name", "role", "certainty", "ground")
        fields = self.fields(value, name, known if len(roles) > 1 else known[:2] + known[3:])
        words = {key: self.text(field, f"{name}’s {key}") for key, field in fields.items()}
        role = self.choice(fields["role"], "role", roles) if "role" in fields else roles[0]
        if roles is ROLES and "role" not in fields:
            message = f"{name} must have a role, such as translator; found none"
            self.report(value.line, "E014", message, f"Write role: {', '.join(ROLES)}.")
        if words.get("key") and words.get("name"):
            message = f"{name} must have a key or a name; found both"
            hint = "Keep the key; the name is in its entry."
            self.report(fields["name"].line, "E015", message, hint)
        known_as = words.get("key", ""), words.get("name", "")
        certainty: Certainty = "stated" if any(known_as) else "unknown"
        if {"certainty", "ground"} & fields.keys():
            certainty = self._certainty(value, fields, name, CONTRIBUTOR_HINT)
        ground = words.get("ground", "")
        who = Contributor(role, *known_as, certainty, ground, value.line)
        self._grounded(value, name, words, certainty, who.known, CONTRIBUTOR_HINT)
        return (who,) if who != Contributor() else ()

    def source(self, value: Value, name: str) -> Source:
        """Where a text comes from. A bare value says it in words."""
        if value.text is not None:
            return Source(value.text)
        said = self._said(value, name, Source)
        if said.get("url") and not re.fullmatch(r"https?://[^\s\"<>\\]+", said["url"]):
            line = (value.fields or {})["url"].line
            message = f"{name}’s url must begin with https:// or http://; found “{said['url']}”"
            self.report(line, "E015", message, "Write the whole address.")
            said["url"] = ""
        return Source(**said)

    def original(self, value: Value, name: str) -> Original:
        """What a text is a translation of. A bare value is its title."""
        return Original(value.text) if value.text else Original(**self._said(value, name, Original))

    def _said(self, value: Value, name: str, record: type[Source | Original]) -> dict[str, str]:
        """The words of a mapping that has the fields of `record`; dates must be EDTF, references
        keys."""
        fields = self.fields(value, name, [field.name for field in dataclass_fields(record)])
        said = {key: self.text(field, f"{name}’s {key}") for key, field in fields.items()}
        for key in ("taken", "date"):
            if said.get(key):
                said[key] = self.date(fields[key], f"{name}’s {key}").value
        if said.get("language"):
            said["language"] = self.language(fields["language"], f"{name}’s language")
        if said.get("reference") and not REFERENCE.fullmatch(said["reference"]):
            message = f"{name}’s reference must be a key of the bibliography"
            seen = shortened(said["reference"])
            hint = "Write key or 'key, p. 12'; a book without an entry stands in edition: …"
            self.report(fields["reference"].line, "E015", f"{message}; found “{seen}”", hint)
            said["reference"] = ""
        return said

    def rights(self, value: Value, name: str) -> tuple[tuple[str, str], ...]:
        """What is known of the rights, by layer."""
        if value.text:
            message = f"{name} must be a mapping of layers; found {value.shape}"
            hint = f"Write {{edition: …}}, with each layer: {', '.join(RIGHTS_LAYERS)}."
            self.report(value.line, "E015", message, hint)
            return ()
        fields = self.fields(value, name, RIGHTS_LAYERS)
        return tuple((layer, self.text(field, layer)) for layer, field in fields.items())

    def license(self, value: Value, name: str) -> tuple[tuple[str, str], ...]:
        """The licence of each layer, as an identifier of SPDX or an address."""
        found = []
        for layer, text in self.rights(value, name):
            line = (value.fields or {})[layer].line
            if text and license_of(text) is None:
                message = (
                    f"{name} must be an identifier of SPDX, or an address of Creative Commons or "
                    f"rightsstatements.org; found “{shortened(text)}”"
                )
                hint = (
                    "Write CC-BY-4.0 or https://rightsstatements.org/vocab/InC/1.0/; words stand "
                    "in rights."
                )
                self.report(line, "E015", message, hint)
            elif text:
                found.append((layer, text))
        return tuple(found)

    def identifiers(
        self, value: Value, name: str, known: Sequence[str] = OF_TEXTS
    ) -> tuple[tuple[str, str], ...]:
        """Identifiers of the `known` kinds, each with its kind."""
        found = []
        for scheme, field in self.fields(value, name, known).items():
            identifier = identifier_of(scheme, self.text(field, f"{name}’s {scheme}"))
            wrong, hint = wrong_identifier(scheme, identifier) if identifier else ("", "")
            if wrong:
                message = f"{name}’s {scheme} {wrong}; found “{shortened(identifier)}”"
                self.report(field.line, "E064", message, hint)
            elif identifier:
                found.append((scheme, identifier))
        return tuple(found)

    def remarks(self, value: Value, name: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        if value.items is None:
            return (self.text(value, name),)
        return tuple(self.text(item, name) for item in value.items)

    def keys(self, value: Value, name: str) -> tuple[str, ...]:
        """A list of keys, each once, or one key."""
        return tuple(dict.fromkeys(filter(None, self.remarks(value, name))))

    def omissions(self, value: Value, name: str) -> tuple[Omission, ...]:
        """A list of entries, each with the omissions of one reason: lines of the witness, and
        why."""
        if value.items is None:
            self.report(value.line, "E015", f"{name} must be a list; found {value.shape}")
            return ()
        return tuple(omission for item in value.items for omission in self._omitted(item))

    def revisions(self, value: Value, name: str) -> tuple[Revision, ...]:
        """A list of revisions: the day, what was changed, and who did it."""
        if value.items is None:
            self.report(value.line, "E015", f"{name} must be a list; found {value.shape}")
            return ()
        return tuple(filter(None, (self._revision(item) for item in value.items)))

    def order(self, value: Value, name: str) -> tuple[tuple[int, int], ...]:
        """Ranges of witness lines, in the order in which they are read."""
        ranges = tuple(filter(None, (self._lines(item) for item in value.items or ())))
        inorder = sorted(ranges)
        joined = all(a[1] + 1 == b[0] for a, b in pairwise(inorder))
        if value.items is None or len(ranges) < 2 or not joined:
            message = f"{name} must be ranges of lines without gaps, such as [40-80, 12-39]"
            self.report(value.line, "E015", f"{message}; found {value.shape}")
            return ()
        return ranges

    def aliases(self, value: Value, name: str) -> tuple[tuple[str, str], ...]:
        """Anchors that the text had, each with the one that takes its place."""
        if value.fields is None:
            message = f"{name} must be a mapping; found {value.shape}"
            self.report(value.line, "E015", message, f"Write {name}: {{old-anchor: new-anchor}}.")
            return ()
        return tuple((old, self.text(new, old)) for old, new in value.fields.items())

    def _lines(self, value: Value) -> tuple[int, int] | None:
        """The first and last line of a range; a single line is both."""
        match = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", value.text or "")
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last:
            message = f"lines must be a number or a range, such as 12-14; found {value.shape}"
            self.report(value.line, "E015", message)
            return None
        return first, last

    def _omitted(self, value: Value) -> Iterator[Omission]:
        """The omissions of one entry. `lines` has lines that are omitted as a whole, or a mapping
        of lines to the words of them that are omitted."""
        fields = self.fields(value, "an omission", ("lines", "why", "text", "certainty"))
        words = {key: self.text(fields[key], key) for key in ("why", "text") if key in fields}
        lines = fields.get("lines", Value(value.line, ""))
        for key, there in (
            ("lines", lines.text or lines.items or lines.fields),
            ("why", words.get("why")),
        ):
            if not there:
                self.report(value.line, "E014", f"an omission must have “{key}”; found none")
        certainty = OMITTED[0]
        if "certainty" in fields:
            certainty = self.choice(fields["certainty"], "an omission’s certainty", OMITTED)
        for (first, last), text in self._lines_omitted(lines):
            why, text = words.get("why", ""), text or words.get("text", "")
            yield Omission(first, last, why, text, certainty, value.line)

    def _lines_omitted(self, value: Value) -> Iterator[tuple[tuple[int, int], str]]:
        """Ranges of lines, each with its words if these alone are omitted."""
        for key, field in (value.fields or {}).items():
            words = self.text(field, f"the words of line {key}")
            if field.text == "":
                self.report(field.line, "E014", f"line {key} must have words; found none")
            if lines := self._lines(Value(value.key_lines[key], key)):
                yield lines, words
        for item in value.items or ((value,) if value.text else ()):
            if lines := self._lines(item):
                yield lines, ""

    def _revision(self, value: Value) -> Revision | None:
        fields = self.fields(value, "a revision", ("date", "what", "who"))
        words = {key: self.text(field, key) for key, field in fields.items()}
        for key in ("date", "what"):
            if not words.get(key):
                self.report(value.line, "E014", f"a revision must have “{key}”; found none")
                return None
        if not is_day(words["date"]):
            message = f"a revision’s date must be a day; found “{shortened(words['date'])}”"
            self.report(fields["date"].line, "E012", message, "Write it like 2026-11-21.")
            return None
        return Revision(**words)

    def _certainty(
        self, value: Value, fields: dict[str, Value], name: str, hint: str = CLAIM_HINT
    ) -> Certainty:
        if "certainty" in fields:
            return self.choice(fields["certainty"], f"{name}’s certainty", CERTAINTIES)
        if fields:
            self.report(value.line, "E017", f"{name} must have a certainty; found none", hint)
        return "unknown"

    def _grounded(
        self,
        value: Value,
        name: str,
        words: dict[str, str],
        certainty: str,
        known: bool,
        hint: str = CLAIM_HINT,
    ) -> None:
        if certainty in ("certain", "probable", "proposed"):
            if not known:
                message = f"{name} must have a value, because its certainty is {certainty}"
                self.report(value.line, "E014", f"{message}; found none")
            if not words.get("ground"):
                message = f"{name}, not stated by the witness, must have a ground; found none"
                self.report(value.line, "E017", message, hint)


def did_you_mean(seen: str, known: Iterable[str]) -> str:
    """A hint with the nearest of the known words and, if the two look alike, the characters that
    differ. Empty if none is near."""
    import difflib

    words, like = list(known), look(seen)
    if len(words) > MANY_KNOWN:  # comparing all is slow: only those that begin or end alike
        words = [word for word in words if word[:2] == like[:2] or word[-3:] == like[-3:]]
    near = difflib.get_close_matches(like, words[:MANY_KNOWN], n=1)
    if not near:
        return ""
    unlike = told_apart(seen, near[0]) or _foreign(seen, near[0])
    return f"Did you mean “{near[0]}”? {unlike}".rstrip()


class FieldRule(NamedTuple):
    """How a field is read, whether it is required, and what it means."""

    read: Callable[[Reader, Value, str], Any]
    required: bool
    says: str


def _one_of(allowed: tuple[str, ...]) -> Callable[[Reader, Value, str], Any]:
    return lambda reader, value, name: reader.choice(value, name, allowed)


FIELDS: dict[str, FieldRule] = {
    "id": FieldRule(
        Reader.text,
        True,
        "the text's name in every address, which never changes",
    ),
    "title": FieldRule(
        Reader.claim,
        True,
        "the title, in [brackets] on the page unless the witness states it",
    ),
    "short_title": FieldRule(Reader.text, False, "the title where space is limited"),
    "kind": FieldRule(Reader.kind, True, "what kind of text it is"),
    "creator": FieldRule(
        Reader.creator,
        True,
        "its author or speaker, a key of people.yaml",
    ),
    "addressee": FieldRule(Reader.addressee, False, "to whom a letter is, a key of people.yaml"),
    "contributors": FieldRule(
        Reader.contributors,
        False,
        "who else has a part in it: translators, editors, other authors",
    ),
    "date": FieldRule(
        Reader.date,
        True,
        "when it was spoken, written or published (EDTF)",
    ),
    "place": FieldRule(Reader.claim, False, "where it was spoken, written or published"),
    "event": FieldRule(Reader.claim, False, "the occasion"),
    "covers": FieldRule(Reader.date, False, "the years that it is about (EDTF)"),
    "calendar": FieldRule(
        _one_of(CALENDARS),
        False,
        "its calendar, if not the Gregorian: the Julian of its days up to 31 January 1918, or the "
        "Republican of its date",
    ),
    "year": FieldRule(
        Reader.year,
        False,
        "the year of days that are written without one",
    ),
    "language": FieldRule(Reader.language, False, "its language (BCP 47)"),
    "summary": FieldRule(
        Reader.text,
        False,
        "one neutral sentence for the home page",
    ),
    "source": FieldRule(Reader.source, False, "where the witness comes from"),
    "original": FieldRule(Reader.original, False, "what it is a translation of"),
    "extraction": FieldRule(
        Reader.text,
        False,
        "what the extraction did to the witness, in plain words",
    ),
    "rights": FieldRule(
        Reader.rights,
        False,
        "what is known of the rights, by layer",
    ),
    "license": FieldRule(Reader.license, False, "the licence, by layer"),
    "identifiers": FieldRule(Reader.identifiers, False, "its identifiers in catalogues"),
    "collection": FieldRule(Reader.keys, False, "the collections that it belongs to"),
    "work": FieldRule(Reader.text, False, "the work that it is an edition of"),
    "witness": FieldRule(
        Reader.text,
        False,
        "its file in corpus/witnesses",
    ),
    "status": FieldRule(
        _one_of(STATUSES),
        False,
        "draft until it is proofread against its witness",
    ),
    "notes": FieldRule(
        _one_of(NOTE_KINDS),
        False,
        "who wrote the notes that are not signed",
    ),
    "remarks": FieldRule(
        Reader.remarks,
        False,
        "what readers should know about the text",
    ),
    "revisions": FieldRule(
        Reader.revisions,
        False,
        "what was changed in this edition: date, what, who",
    ),
    "order": FieldRule(
        Reader.order,
        False,
        "the order in which the lines of the witness are read, if not its own",
    ),
    "omissions": FieldRule(
        Reader.omissions,
        False,
        "lines of the witness that the edition omits, and why",
    ),
    "aliases": FieldRule(
        Reader.aliases,
        False,
        "the anchors that the text no longer has, each with the one in its place",
    ),
}


CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "calendar": CALENDARS,
    "contributors": ROLES,
    "rights": RIGHTS_LAYERS,
    "license": RIGHTS_LAYERS,
    "identifiers": OF_TEXTS,
    "notes": NOTE_KINDS,
}
"""The allowed words of each field that has them."""
PEOPLE = ("creator", "addressee", "contributors")
"""The fields that `Meta.contributors` is read from, in this order."""


def field_in_french(name: str) -> str:
    """What a field of the front matter means, in French."""
    return interface.FIELDS[name].format(choices=", ".join(CHOICES.get(name, ())))


def read_meta(value: Value | None, path: str) -> tuple[Meta | None, list[Finding]]:
    """Front matter as `Meta` (None if it lacks a required part) and its findings."""
    findings: list[Finding] = []
    reader = Reader(path, findings)
    if value is None or value.fields is None:
        found = value.shape if value else "nothing"
        reader.report(1, "E010", f"front matter must be a mapping of fields; found {found}")
        return None, findings
    fields = reader.fields(value, "front matter", FIELDS)
    fields = {
        name: field for name, field in fields.items() if field.text != "" or FIELDS[name].required
    }
    for name, rule in FIELDS.items():
        if rule.required and name not in value.fields and not _instead(name, value.fields):
            message = f"front matter must have “{name}”: {rule.says}; found none"
            reader.report(1, "E014", message)
    if any(f.code == "E014" for f in findings):
        return None, findings
    read = {name: FIELDS[name].read(reader, field, name) for name, field in fields.items()}
    read["contributors"] = tuple(who for name in PEOPLE for who in read.pop(name, ()))
    findings += _named_twice(read["contributors"], path)
    read["lines"] = tuple((name, field.line) for name, field in fields.items())
    if not ID.fullmatch(read["id"]):
        message = f"id must be lower-case letters, digits and hyphens; found “{read['id']}”"
        reader.report(fields["id"].line, "E018", message, _foreign(read["id"]))
    elif reason := wrong_name(read["id"]):
        reader.report(fields["id"].line, "E048", f"“{read['id']}” {reason}", "Choose another id.")
    if not read["title"].value:
        hint = "Write the title; if the text has none, choose one, and give it a certainty."
        reader.report(fields["title"].line, "E014", "title must have a value; found none", hint)
    return Meta(**read), findings


def _named_twice(contributors: Iterable[Contributor], path: str) -> Iterator[Finding]:
    """A finding for each contributor who is named twice for one role."""
    seen = set()
    for who in contributors:
        named = who.role, who.key, who.name
        if who.known and named in seen:
            message = f"{who.key or who.name} must be named once as {who.role}; found twice"
            yield Finding(path, who.line, "E016", message, "Remove one of the two.")
        seen.add(named)


def _instead(name: str, fields: Mapping[str, Any]) -> bool:
    """Whether another field says what a required field would say."""
    return name == "creator" and bool(fields.get("contributors"))


def _foreign(seen: str, meant: str = "") -> str:
    """A hint with the characters of `seen` that are neither ASCII nor in `meant`; or nothing."""
    signs = [sign for sign in dict.fromkeys(seen) if not sign.isascii() and sign not in meant]
    return f"Found here: {spelled_out(signs)}." if signs else ""


def write_meta(meta: Meta) -> str:
    """`meta` as YAML, in the order of the schema, without empty fields that are not required."""
    import yaml

    people = _people(meta.contributors)
    plain = {
        name: people[name] if name in people else _plain(getattr(meta, name)) for name in FIELDS
    }
    plain["omissions"] = [_entry(omissions) for omissions in _of_one_reason(meta.omissions)]
    kept = {
        name: value
        for name, value in plain.items()
        if value or (FIELDS[name].required and not _instead(name, plain))
    }
    dumped: str = yaml.dump(kept, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=100)
    return dumped


class _LineList(list[int | str]):
    """Lines of the witness, which the file has as `[3, 45, 87-89]`."""


class _LineWords(dict[int | str, str]):
    """Words by line of the witness, which the file has as `{12: '5', 17: '10'}`."""


@cache
def _dumper() -> type[Any]:
    """The class that writes plain data, and lists of lines on as few lines as possible."""
    import yaml

    class LineDumper(yaml.SafeDumper):
        pass

    LineDumper.add_representer(
        _LineList, lambda to, data: to.represent_sequence(SEQUENCE, data, flow_style=True)
    )
    LineDumper.add_representer(
        _LineWords, lambda to, data: to.represent_mapping(MAPPING, data, flow_style=True)
    )
    return LineDumper


def _of_one_reason(omissions: Sequence[Omission]) -> Iterator[list[Omission]]:
    """Omissions in a row that one entry of the file can have: those of one reason, of whole lines
    or of words, each of other lines."""
    group: dict[int | str, Omission] = {}
    for omission in omissions:
        above = next(iter(group.values()), omission)
        if _kind(omission) != _kind(above) or _range(omission) in group:
            yield list(group.values())
            group = {}
        group[_range(omission)] = omission
    if group:
        yield list(group.values())


def _kind(omission: Omission) -> tuple[str, str, bool]:
    return omission.why, omission.certainty, bool(omission.text)


def _entry(omissions: Sequence[Omission]) -> dict[str, Any]:
    """The entry of omissions of one reason."""
    first = omissions[0]
    why, certainty = first.why, first.certainty if first.certainty != OMITTED[0] else ""
    if len(omissions) == 1:
        return _nonempty(lines=first.lines, why=why, text=first.text, certainty=certainty)
    words = _LineWords((_range(o), o.text) for o in omissions)
    lines = words if first.text else _LineList(words)
    return {"lines": lines} | _nonempty(why=why, certainty=certainty)


def _range(omission: Omission) -> int | str:
    return omission.lines if omission.last > omission.first else omission.first


def _people(contributors: Sequence[Contributor]) -> dict[str, Any]:
    """The fields that say who contributed. Reading them gives the contributors in the same
    order."""
    left = list(contributors)
    creator = _who(left.pop(0)) if left and left[0].role in CREATING else ""
    addressee = _who(left.pop(0)) if left and left[0].role == "addressee" else ""
    return {
        "creator": creator,
        "addressee": addressee,
        "contributors": [_contributor(who) for who in left],
    }


def _who(who: Contributor) -> str | dict[str, str]:
    """The creator or the addressee: the key, if the witness states it and the field says the
    role."""
    if who == Contributor(who.role, who.key, "", "stated") and who.role in ("author", "addressee"):
        return who.key
    said = _contributor(who)
    return said if who.role != "addressee" else {key: said[key] for key in said if key != "role"}


def _contributor(who: Contributor) -> dict[str, str]:
    return _nonempty(
        key=who.key, name=who.name, role=who.role, certainty=who.certainty, ground=who.ground
    )


def _plain(value: Any) -> Any:  # noqa: C901  # a table
    match value:
        case Claim(text, "stated", ""):
            return text
        case Claim("", "unknown", ""):
            return ""
        case Claim(text, certainty, ground):
            return _nonempty(value=text, certainty=certainty, ground=ground)
        case Source(note) if value == Source(note):
            return note
        case Original(title) if value == Original(title):
            return title
        case Source() | Original():
            return _nonempty(**asdict(value))
        case Revision(day, what, who):
            return _nonempty(date=day, what=what, who=who)
        case ((int(), int()), *_):
            return [f"{first}-{last}" for first, last in value]
        case ((str(), str()), *_):
            return dict(value)
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _nonempty(**fields: str) -> dict[str, str]:
    return {name: text for name, text in fields.items() if text}
