"""A table of metadata: what each row states about a text → its front matter.

The first row names the columns: fields of the front matter, parts of them (`source.url`), roles of
contributors, or some French names. One column is the key: the file, or the id of the text. The
readers of `edition.front_matter` judge each value, so that a draft never has one that `check`
refuses; what is refused, is refused for the text of that row only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from archive_site import interface
from archive_site.edition.front_matter import FIELDS, ID, RIGHTS_LAYERS, Reader, did_you_mean
from archive_site.edition.identifiers import OF_TEXTS
from archive_site.edition.yaml import Value, shortened
from archive_site.files.writing import wrong_name
from archive_site.findings import Finding, Unsound, count_noun, spelled_out
from archive_site.recover.spreadsheet import Sheet
from archive_site.text.citations import read_cited
from archive_site.text.dates import is_day
from archive_site.text.document import CREATING, RELATORS, Contributor, Meta, Original, Source
from archive_site.text.reading import NOT_WRITTEN

FILE, TEXT_ID = "file", "id"
"""The columns of keys. If there are both, `id` is the id that the text is to have."""
FRENCH_COLUMNS: Mapping[str, str] = {
    "fichier": FILE,
    "identifiant": TEXT_ID,
    "titre": "title",
    "auteur": "author",
    "destinataire": "addressee",
    "lieu": "place",
    "genre": "kind",
    "langue": "language",
}
"""French names of columns. Those of `date` and `collection` are the English ones."""
_CLAIM = ("value", "certainty", "ground")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "title": _CLAIM,
    "date": _CLAIM,
    "place": _CLAIM,
    "event": _CLAIM,
    "covers": _CLAIM,
    "source": tuple(f.name for f in fields(Source)),
    "original": tuple(f.name for f in fields(Original)),
    "rights": ("edition", *(layer for layer in RIGHTS_LAYERS if layer != "edition")),
    "license": ("edition", *(layer for layer in RIGHTS_LAYERS if layer != "edition")),
    "identifiers": OF_TEXTS,
}
"""The parts of fields that may be columns, `source.url`. The first is what a column with the bare
name of the field says."""
_ALWAYS_MAPPINGS = ("rights", "license", "identifiers")
_WHOLE = (
    *("short_title", "kind", "calendar", "year", "language", "summary", "extraction"),
    *("collection", "work", "notes", "remarks"),
)
_UNREAD = tuple(
    name
    for name in FIELDS
    if name not in (*_PARTS, *_WHOLE, *RELATORS, TEXT_ID) and name != "creator"
)
"""The fields that `recover` writes itself, or whose values have no place in a cell."""
COLUMNS: tuple[str, ...] = (
    *(FILE, TEXT_ID, "creator", *RELATORS),
    *(name for name in _PARTS if name != "identifiers"),
    *_WHOLE,
    *(f"{name}.{part}" for name, parts in _PARTS.items() for part in parts),
    *FRENCH_COLUMNS,
)
"""Every name that a column may have."""
_SEVERAL = re.compile(r"\s*[;|]\s*")
_KEYS_BETWEEN = re.compile(r"\s*[;,|]\s*")
_NUMERIC_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
"""A day as spreadsheets show it in French."""
SHOWN_NAMES = 5
"""How many names a message gives of those that it is about."""
MOST_TOLD = 20
"""How many rows without a file are told one by one, with the nearest name of a file."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a corpus has that a table may name: contributors, collections and works, with their keys
    by key and by name; kinds of texts, by key and by French name; the keys of the bibliography."""

    contributors: Mapping[str, str] = field(default_factory=dict)
    collections: Mapping[str, str] = field(default_factory=dict)
    works: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    references: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stated:
    """What a row states about a text: values of fields of `Meta`, and contributors."""

    values: Mapping[str, Any]
    contributors: tuple[Contributor, ...] = ()

    def applied_to(self, meta: Meta) -> Meta:
        """`meta` with what the row states, which takes the place of what was guessed."""
        values = {name: _joined(getattr(meta, name), new) for name, new in self.values.items()}
        return replace(meta, **values, contributors=_credited_to(meta, self.contributors))


def _joined(old: Any, new: Any) -> Any:
    """A value of a row, with those parts of the old value that it says nothing about."""
    match new:
        case Source() | Original():
            said = {f.name: getattr(new, f.name) for f in fields(new) if getattr(new, f.name)}
            return replace(old, **said)
        case ((str(), str()), *_):
            return tuple({**dict(old), **dict(new)}.items())
        case _:
            return new


def _credited_to(meta: Meta, stated: Sequence[Contributor]) -> tuple[Contributor, ...]:
    """The contributors to a text, in the order in which front matter has them: a creator, the
    addressee, the others. Those in the roles that the row states are replaced."""
    roles = {who.role for who in stated}
    if roles & set(CREATING):
        roles |= set(CREATING)
    everyone = [*stated, *(who for who in meta.contributors if who.role not in roles)]
    first = [who for who in everyone if who.role in CREATING][:1]
    first += [who for who in everyone if who.role == "addressee"][:1]
    return (*first, *(who for who in everyone if who not in first))


@dataclass(frozen=True, slots=True)
class MetadataRow:
    """A row: its number, the file or the id that it is of (`key`), the id that the text is to have
    (empty: the row does not say), what it states, and the findings that refuse it."""

    number: int
    key: str
    text_id: str
    stated: Stated
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class MetadataTable:
    """A table of metadata: its path, the column of its keys (`FILE` or `TEXT_ID`), its rows, and
    findings about it that refuse no text."""

    path: str
    key: str
    rows: tuple[MetadataRow, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its place (from 0), its name as written and as known (empty: it is not read), the
    field of the front matter or the role that it gives, and the part of that field."""

    place: int
    written: str
    name: str
    field: str = ""
    part: str = ""


def known_columns(cells: Sequence[str]) -> int:
    """How many cells of a row are names of columns."""
    return sum(bool(_known_name(cell)) for cell in cells)


def _known_name(written: str) -> str:
    """The name of a column as `COLUMNS` has it; empty if it is none of them."""
    plain = " ".join(written.split()).casefold()
    for name in (plain, plain.replace(" ", "_")):
        if name in COLUMNS:
            return FRENCH_COLUMNS.get(name, name)
    return ""


def read_metadata(sheet: Sheet, vocabulary: Vocabulary) -> MetadataTable:
    """The table of metadata in `sheet`.

    Raises `Unsound` if it has no column of keys, the same column twice, or one whose name is almost
    that of a field: an edition that is once written is never overwritten, so that its values would
    be lost."""
    if not sheet.rows:
        message, hint = "a table must have rows; found none", f"Name its columns: {FILE}, title …"
        raise Unsound([Finding(sheet.path, 0, "E015", message, hint)])
    (head, names), *rows = sheet.rows
    columns = [_column(place, name) for place, name in enumerate(names)]
    found = [*_check_columns(columns, sheet.path, head)]
    if any(finding.stops for finding in found):
        raise Unsound(finding for finding in found if finding.stops)
    key = FILE if any(column.name == FILE for column in columns) else TEXT_ID
    read = [
        _RowReader(sheet.path, number, columns, vocabulary).read(row, key) for number, row in rows
    ]
    for row in read:
        if not row.key:
            message = f"row {row.number} must have a {key}; found none"
            found.append(Finding(sheet.path, row.number, "W072", message, "Name it, or remove it."))
    return MetadataTable(sheet.path, key, tuple(row for row in read if row.key), tuple(found))


def _column(place: int, written: str) -> _Column:
    name = _known_name(written)
    base, _, part = name.partition(".")
    if base in RELATORS or base == "creator":
        role = "author" if base == "creator" else base
        return _Column(place, written, name, "contributors", role)
    if base in _PARTS:
        bare = _PARTS[base][0]
        whole = base not in _ALWAYS_MAPPINGS
        part = "" if whole and part == bare else part or ("" if whole else bare)
    return _Column(place, written, name, base if base not in (FILE, TEXT_ID) else "", part)


def _check_columns(columns: Sequence[_Column], path: str, head: int) -> Iterator[Finding]:
    """Findings about the names of columns."""
    first: dict[tuple[str, str], str] = {}
    for column in columns:
        if not column.name:
            yield from _check_unknown(column, path, head)
            continue
        said = (column.field or column.name, column.part)
        if said in first:
            message = f"a column must occur once; “{column.written}” and “{first[said]}” are one"
            yield Finding(path, head, "E016", message, "Remove or rename one of them.")
        first.setdefault(said, column.written)
    if not {FILE, TEXT_ID} & {column.name for column in columns}:
        names = ", ".join(f"“{shortened(column.written)}”" for column in columns[:SHOWN_NAMES])
        message = f"a table must have a column “{FILE}” or “{TEXT_ID}”; found {names}"
        hint = f"Name the column with the names of the files “{FILE}” (or “fichier”)."
        yield Finding(path, head, "E014", message, hint)


def _check_unknown(column: _Column, path: str, head: int) -> Iterator[Finding]:
    if not column.written:
        return
    seen = f"found “{shortened(column.written)}”"
    near = did_you_mean(column.written.casefold(), COLUMNS)
    if column.written.casefold() in _UNREAD:
        message = f"a column must be a field that a table can state; {seen}, which is not read"
        roles = "Contributors have a column for each role: translator, editor …"
        yield Finding(path, head, "W072", message, f"Write it in the draft. {roles}")
    elif near:
        message = f"a column must be a field of the front matter; {seen}"
        yield Finding(path, head, "E013", message, f"{near} If it is another thing, rename it.")
    else:
        message = f"a column should be a field of the front matter; {seen}, which is not read"
        yield Finding(path, head, "W072", message)


# ---------------------------------------------------------------- rows


class _RowReader:
    """Reads the cells of one row. Readers of the front matter report the line of a value: here,
    that is the number of its column, from 1."""

    def __init__(
        self, path: str, number: int, columns: Sequence[_Column], vocabulary: Vocabulary
    ) -> None:
        self._path, self._number = path, number
        self._columns, self._vocabulary = columns, vocabulary
        self._reader = Reader(path, [])
        self._cells: Sequence[str] = ()

    def read(self, cells: Sequence[str], key: str) -> MetadataRow:
        """The row with these cells."""
        self._cells = cells
        said = [(c, cells[c.place]) for c in self._columns if c.place < len(cells)]
        said = [(column, cell) for column, cell in said if cell and column.name]
        if any(cells[len(self._columns) :]):
            message = f"a row must have {len(self._columns)} cells at most; found {len(cells)}"
            hint = "Put a cell that contains the separator between double quotation marks."
            self._reader.report(0, "E015", message, hint)
        for column, cell in said:
            self._check_text(column, cell)
        keys = {column.name: cell for column, cell in said if column.name in (FILE, TEXT_ID)}
        text_id = keys.get(TEXT_ID, "") if key == FILE else ""
        stated = Stated(dict(self._values(said)), tuple(self._contributors(said)))
        self._check_id(text_id)
        found = tuple(map(self._placed, self._reader.findings))
        return MetadataRow(self._number, keys.get(key, ""), text_id, stated, found)

    def _placed(self, finding: Finding) -> Finding:
        """A finding about a value as one about its cell."""
        if not finding.line:
            return replace(finding, line=self._number)
        message = f"column “{self._columns[finding.line - 1].written}”: {finding.message}"
        cell = self._cells[finding.line - 1]
        hint = _meant_day(cell) if finding.code == "E012" else ""
        return replace(finding, line=self._number, message=message, hint=hint or finding.hint)

    def _check_text(self, column: _Column, cell: str) -> None:
        if signs := NOT_WRITTEN.findall(cell):
            message = f"must be text; found {spelled_out(dict.fromkeys(signs))}"
            self._reader.report(column.place + 1, "E002", message, "Delete it.")

    def _check_id(self, text_id: str) -> None:
        place = next((c.place + 1 for c in self._columns if c.name == TEXT_ID), 0)
        if text_id and not ID.fullmatch(text_id):
            message = f"an id must be lower-case letters, digits and hyphens; found “{text_id}”"
            self._reader.report(place, "E018", message, "Write it like lettre-1922-03-27.")
        elif text_id and (reason := wrong_name(text_id)):
            self._reader.report(place, "E048", f"“{text_id}” {reason}", "Choose another id.")

    def _values(self, said: Iterable[tuple[_Column, str]]) -> Iterator[tuple[str, Any]]:
        """The fields that the row states, with their values."""
        cells: dict[str, dict[str, Value]] = {}
        for column, cell in said:
            if column.field and column.field != "contributors":
                value = self._value(column, cell)
                cells.setdefault(column.field, {})[column.part] = value
        for name, parts in cells.items():
            before = len(self._reader.findings)
            read = FIELDS[name].read(self._reader, _whole(name, parts), name)
            if len(self._reader.findings) == before:
                yield name, read

    def _value(self, column: _Column, cell: str) -> Value:
        """A cell as a value of its field, with what the corpus knows it by."""
        line = column.place + 1
        match column.field, column.part:
            case "collection", _:
                names = filter(None, _KEYS_BETWEEN.split(cell))
                known = self._vocabulary.collections
                keys = (self._key(line, name, known, "collections.yaml") for name in names)
                return Value(line, items=tuple(Value(line, key) for key in keys))
            case "work", _:
                return Value(line, self._key(line, cell, self._vocabulary.works, "works.yaml"))
            case "kind", _:
                return Value(line, self._kind(line, cell))
            case ("language", _) | (_, "language"):
                return Value(line, _TAGS.get(cell.casefold(), cell))
            case _, "reference":
                self._check_reference(line, cell)
        return Value(line, cell)

    def _key(self, line: int, words: str, known: Mapping[str, str], file: str) -> str:
        """The key of what `words` name, which must be in an authority file."""
        if words not in known:
            message = f"must be a key or a name of {file}; found “{shortened(words)}”"
            hint = did_you_mean(words, known) or f"Add it to {file}."
            self._reader.report(line, "E031", message, hint)
        return known.get(words, words)

    def _kind(self, line: int, words: str) -> str:
        kinds = self._vocabulary.kinds
        kind = kinds.get(words, kinds.get(words.casefold(), ""))
        if not kind:
            keys = ", ".join(dict.fromkeys(kinds.values()))
            message = f"kind must be one of {keys}, or its French name; found “{shortened(words)}”"
            hint = did_you_mean(words.casefold(), kinds) or "Write one of them."
            self._reader.report(line, "E015", message, hint)
        return kind or words

    def _check_reference(self, line: int, words: str) -> None:
        key = read_cited(words).key
        if key not in self._vocabulary.references:
            message = f"must be a key of the bibliography; found “{shortened(key)}”"
            hint = did_you_mean(key, self._vocabulary.references)
            self._reader.report(line, "E063", message, hint)

    def _contributors(self, said: Iterable[tuple[_Column, str]]) -> Iterator[Contributor]:
        """The contributors whom the row states, in the order of its columns."""
        for column, cell in said:
            if column.field == "contributors":
                for words in dict.fromkeys(filter(None, _SEVERAL.split(cell))):
                    yield self._contributor(column.place + 1, column.part, words)

    def _contributor(self, line: int, role: str, words: str) -> Contributor:
        key = self._vocabulary.contributors.get(words, "")
        if not key and ID.fullmatch(words):
            where = "people.yaml or organisations.yaml"
            message = f"must be a key of {where}, or a name; found “{words}”"
            hint = did_you_mean(words, self._vocabulary.contributors)
            hint = hint or "Add it there, or write the name with its capital letter."
            self._reader.report(line, "E031", message, hint)
        return Contributor(role, key, "" if key else words, "stated")


_TAGS: Mapping[str, str] = {french: tag for tag, french in [*interface.LANGUAGES.items()][::-1]}
"""The tags of languages by their French names."""


def _meant_day(words: str) -> str:
    """The remedy for a day as spreadsheets show it in French; empty if it is none."""
    day = _NUMERIC_DAY.fullmatch(words)
    meant = f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else ""
    return f"If the day comes first, write {meant}." if is_day(meant) else ""


def _whole(name: str, parts: Mapping[str, Value]) -> Value:
    """The value of a field from those of its columns, by part."""
    if parts.keys() == {""}:
        return parts[""]
    bare = _PARTS[name][0]
    line = next(iter(parts.values())).line
    return Value(line, fields={part or bare: value for part, value in parts.items()})


# ---------------------------------------------------------------- rows and files


@dataclass(frozen=True, slots=True)
class Keyed:
    """A file as a table may name it: how messages name it, its whole names, and its names without
    their endings, which count if no file has the whole name."""

    shown: str
    names: tuple[str, ...]
    stems: tuple[str, ...] = ()


def rows_of_files(
    table: MetadataTable, files: Sequence[Keyed]
) -> tuple[dict[int, MetadataRow], list[Finding]]:
    """The row of each file, by its place in `files`; and findings about rows and files without each
    other. If there is only one file, it is not expected that all other rows have none."""
    whole, stems = _places(f.names for f in files), _places(f.stems for f in files)
    rows: dict[int, MetadataRow] = {}
    found = list(table.findings)
    unmatched = []
    for row in table.rows:
        matching = whole.get(row.key) or stems.get(row.key, [])
        if not matching:
            unmatched.append(row)
        for place in matching:
            fault = _ambiguous(table, row, [files[n].shown for n in matching], rows.get(place))
            rows[place] = replace(row, findings=(*row.findings, *fault))
    found += _without_file(table, unmatched, {**whole, **stems}) if len(files) > 1 else ()
    found += _without_row(table, [f.shown for place, f in enumerate(files) if place not in rows])
    return rows, found


def _places(names: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """The places of the files that have each name."""
    places: dict[str, list[int]] = {}
    for place, known in enumerate(names):
        for name in dict.fromkeys(known):
            places.setdefault(name, []).append(place)
    return places


def _ambiguous(
    table: MetadataTable, row: MetadataRow, files: Sequence[str], other: MetadataRow | None
) -> Iterator[Finding]:
    """Findings if a row may be of several files, or another row is of the same file."""
    if len(files) > 1:
        message = f"“{row.key}” must name one file; it may be {' or '.join(files[:SHOWN_NAMES])}"
        hint = "Write the name with its ending or its folder."
        yield Finding(table.path, row.number, "E016", message, hint)
    if other:
        message = f"a file must have one row; {files[0]} has rows {other.number} and {row.number}"
        yield Finding(table.path, row.number, "E016", message, "Remove one of them.")


def _without_file(
    table: MetadataTable, rows: Sequence[MetadataRow], names: Iterable[str]
) -> Iterator[Finding]:
    for row in rows[:MOST_TOLD]:
        message = f"no file “{shortened(row.key)}” among those that are imported"
        yield Finding(table.path, row.number, "W072", message, did_you_mean(row.key, names))
    if len(rows) > MOST_TOLD:
        more, first = count_noun(len(rows) - MOST_TOLD, "more row"), rows[MOST_TOLD].number
        message = f"{more} without a file among those that are imported, from row {first} on"
        yield Finding(table.path, first, "W072", message)


def _without_row(table: MetadataTable, files: Sequence[str]) -> Iterator[Finding]:
    if files:
        names = ", ".join(files[:SHOWN_NAMES])
        more = f" and {len(files) - SHOWN_NAMES:,} more" if len(files) > SHOWN_NAMES else ""
        message = f"no row for {names}{more}; the draft has only what recover found in the file"
        yield Finding(table.path, 0, "W072", message, "Add a row for each file.")
