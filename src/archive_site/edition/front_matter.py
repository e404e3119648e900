"""The front matter of an edition: YAML → `Meta` and back. `FIELDS` defines every field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar, get_args

from archive_site import interface
from archive_site.edition.yaml import Value, shortened
from archive_site.files.writing import wrong_name
from archive_site.findings import Finding, spelled_out
from archive_site.text.alike import look, told_apart
from archive_site.text.dates import fault_of, is_day
from archive_site.text.document import (
    Addressee,
    Calendar,
    Certainty,
    Claim,
    Creator,
    Meta,
    NoteKind,
    Omission,
    Revision,
    Role,
    Status,
    TextKind,
)

Word = TypeVar("Word", bound=str)

KINDS: tuple[TextKind, ...] = get_args(TextKind)
ROLES: tuple[Role, ...] = get_args(Role)
CERTAINTIES: tuple[Certainty, ...] = get_args(Certainty)
NOTE_KINDS: tuple[NoteKind, ...] = get_args(NoteKind)
STATUSES: tuple[Status, ...] = get_args(Status)
CALENDARS: tuple[Calendar, ...] = get_args(Calendar)
RIGHTS_LAYERS = ("author", "translation", "notes", "edition")

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
EDTF_HINT = "Write 1922-03-27, 1917, 1921-11~ (about), 1917/1924 or [2005..] (in 2005 or later)."
CLAIM_HINT = (
    "Write {value: …, certainty: certain | probable | proposed | unknown, ground: …}, "
    "or the bare value if the witness itself states it."
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
            self.report(line, "E012", message, EDTF_HINT)
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

    def creator(self, value: Value, name: str) -> Creator:
        """The creator of a text. A bare value is the key of an author whom the witness states."""
        if value.text is not None:
            return Creator(value.text, "author", "stated") if value.text else Creator()
        fields = self.fields(value, name, ("key", "role", "certainty", "ground"))
        words = {key: self.text(field, f"{name}’s {key}") for key, field in fields.items()}
        role = self.choice(fields["role"], "role", ROLES) if "role" in fields else "author"
        certainty = self._certainty(value, fields, name)
        self._grounded(value, name, words, certainty, known=bool(words.get("key")))
        return Creator(words.get("key", ""), role, certainty, words.get("ground", ""))

    def addressee(self, value: Value, name: str) -> Addressee:
        """To whom a letter is written. A bare value is a key, if the witness itself says so."""
        if value.text is not None:
            return Addressee(value.text, "stated") if value.text else Addressee()
        fields = self.fields(value, name, ("key", "certainty", "ground"))
        words = {key: self.text(field, f"{name}’s {key}") for key, field in fields.items()}
        certainty = self._certainty(value, fields, name)
        self._grounded(value, name, words, certainty, known=bool(words.get("key")))
        return Addressee(words.get("key", ""), certainty, words.get("ground", ""))

    def rights(self, value: Value, name: str) -> tuple[tuple[str, str], ...]:
        """What is known of the rights, by layer."""
        fields = self.fields(value, name, RIGHTS_LAYERS)
        return tuple((layer, self.text(field, layer)) for layer, field in fields.items())

    def remarks(self, value: Value, name: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        if value.items is None:
            return (self.text(value, name),)
        return tuple(self.text(item, name) for item in value.items)

    def omissions(self, value: Value, name: str) -> tuple[Omission, ...]:
        """A list of omissions: lines of the witness, and why."""
        if value.items is None:
            self.report(value.line, "E015", f"{name} must be a list; found {value.shape}")
            return ()
        return tuple(self._omission(item) for item in value.items)

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

    def _omission(self, value: Value) -> Omission:
        fields = self.fields(value, "an omission", ("lines", "why", "text"))
        words = {key: self.text(field, key) for key, field in fields.items()}
        for key in ("lines", "why"):
            if not words.get(key):
                self.report(value.line, "E014", f"an omission must have “{key}”; found none")
        first, last = (self._lines(fields["lines"]) if "lines" in fields else None) or (1, 1)
        return Omission(first, last, words.get("why", ""), words.get("text", ""))

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

    def _certainty(self, value: Value, fields: dict[str, Value], name: str) -> Certainty:
        if "certainty" in fields:
            return self.choice(fields["certainty"], f"{name}’s certainty", CERTAINTIES)
        if fields:
            self.report(value.line, "E017", f"{name} must have a certainty; found none", CLAIM_HINT)
        return "unknown"

    def _grounded(
        self, value: Value, name: str, words: dict[str, str], certainty: str, known: bool
    ) -> None:
        if certainty in ("certain", "probable", "proposed"):
            if not known:
                message = f"{name} must have a value, because its certainty is {certainty}"
                self.report(value.line, "E014", f"{message}; found none")
            if not words.get("ground"):
                message = f"{name}, not stated by the witness, must have a ground; found none"
                self.report(value.line, "E017", message, CLAIM_HINT)


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
    "kind": FieldRule(_one_of(KINDS), True, "what kind of text it is"),
    "creator": FieldRule(
        Reader.creator,
        True,
        "its author or speaker, a key of people.yaml",
    ),
    "addressee": FieldRule(Reader.addressee, False, "to whom a letter is, a key of people.yaml"),
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
        "the calendar of its days up to 31 January 1918, if not the Gregorian",
    ),
    "year": FieldRule(
        Reader.year,
        False,
        "the year of days that are written without one",
    ),
    "language": FieldRule(Reader.text, False, "its language (BCP 47)"),
    "summary": FieldRule(
        Reader.text,
        False,
        "one neutral sentence for the home page",
    ),
    "source": FieldRule(Reader.text, False, "where the witness comes from"),
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
    "rights": RIGHTS_LAYERS,
    "notes": NOTE_KINDS,
}
"""The allowed words of each field that has them; for `rights`, its layers."""


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
    for name, rule in FIELDS.items():
        if rule.required and name not in value.fields:
            message = f"front matter must have “{name}”: {rule.says}; found none"
            reader.report(1, "E014", message)
    if any(f.code == "E014" for f in findings):
        return None, findings
    read = {name: FIELDS[name].read(reader, field, name) for name, field in fields.items()}
    if not ID.fullmatch(read["id"]):
        message = f"id must be lower-case letters, digits and hyphens; found “{read['id']}”"
        reader.report(fields["id"].line, "E018", message, _foreign(read["id"]))
    elif reason := wrong_name(read["id"]):
        reader.report(fields["id"].line, "E048", f"“{read['id']}” {reason}", "Choose another id.")
    if not read["title"].value:
        hint = "Write the title; if the text has none, choose one, and give it a certainty."
        reader.report(fields["title"].line, "E014", "title must have a value; found none", hint)
    return Meta(**read), findings


def _foreign(seen: str, meant: str = "") -> str:
    """A hint with the characters of `seen` that are neither ASCII nor in `meant`; or nothing."""
    signs = [sign for sign in dict.fromkeys(seen) if not sign.isascii() and sign not in meant]
    return f"Found here: {spelled_out(signs)}." if signs else ""


def write_meta(meta: Meta) -> str:
    """`meta` as YAML, in the order of the schema, without empty fields that are not required."""
    import yaml

    plain = {name: _plain(getattr(meta, name)) for name in FIELDS}
    kept = {name: value for name, value in plain.items() if value or FIELDS[name].required}
    dumped: str = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100)
    return dumped


def _plain(value: Any) -> Any:  # noqa: C901  # a table
    match value:
        case Claim(text, "stated", ""):
            return text
        case Claim("", "unknown", ""):
            return ""
        case Claim(text, certainty, ground):
            return _nonempty(value=text, certainty=certainty, ground=ground)
        case Creator(key, "author", "stated", "") | Addressee(key, "stated", ""):
            return key
        case Creator("", "author", "unknown", "") | Addressee("", "unknown", ""):
            return ""
        case Creator(key, role, certainty, ground):
            return _nonempty(key=key, role=role, certainty=certainty, ground=ground)
        case Addressee(key, certainty, ground):
            return _nonempty(key=key, certainty=certainty, ground=ground)
        case Omission(first, last, why, text):
            lines = f"{first}-{last}" if last != first else str(first)
            return _nonempty(lines=lines, why=why, text=text)
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
