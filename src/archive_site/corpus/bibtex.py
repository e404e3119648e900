"""BibTeX and biblatex → CSL-JSON items."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive_site import interface
from archive_site.corpus.bibliography import Item, Reference, date_of
from archive_site.corpus.latex import unescaped, unknown_macros, words_of
from archive_site.edition.front_matter import did_you_mean
from archive_site.findings import Finding

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.model import Entry

TYPES = {
    "article": "article-journal",
    "archival": "manuscript",
    "artwork": "graphic",
    "audio": "song",
    "book": "book",
    "bookinbook": "chapter",
    "booklet": "pamphlet",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "image": "graphic",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "inreference": "entry-encyclopedia",
    "jurisdiction": "legal_case",
    "legislation": "legislation",
    "letter": "personal_communication",
    "manual": "book",
    "mastersthesis": "thesis",
    "misc": "document",
    "movie": "motion_picture",
    "music": "song",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "book",
    "mvreference": "book",
    "newspaper": "article-newspaper",
    "online": "webpage",
    "patent": "patent",
    "performance": "speech",
    "periodical": "periodical",
    "phdthesis": "thesis",
    "proceedings": "book",
    "reference": "book",
    "report": "report",
    "review": "review",
    "software": "software",
    "suppbook": "chapter",
    "suppcollection": "chapter",
    "suppperiodical": "article-journal",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "video": "motion_picture",
    "www": "webpage",
}
"""The type of CSL for each type of BibTeX and biblatex."""
IN_ANOTHER = ("chapter", "paper-conference", "entry-encyclopedia", "review")
"""The types of works that are in another work, whose title is the `container-title`."""
ARTICLES = {"magazine": "article-magazine", "newspaper": "article-newspaper"}
"""The type of an article, by its `entrysubtype`."""
WORDS = {
    "abstract": "abstract",
    "address": "publisher-place",
    "archive": "archive",
    "archivelocation": "archive_location",
    "archiveplace": "archive-place",
    "edition": "edition",
    "eventtitle": "event-title",
    "howpublished": "medium",
    "institution": "publisher",
    "isbn": "ISBN",
    "issn": "ISSN",
    "library": "archive",
    "location": "publisher-place",
    "note": "note",
    "organization": "publisher",
    "pagetotal": "number-of-pages",
    "publisher": "publisher",
    "school": "publisher",
    "series": "collection-title",
    "shelfmark": "archive_location",
    "shorttitle": "title-short",
    "venue": "event-place",
    "volume": "volume",
    "volumes": "number-of-volumes",
}
"""The variable of CSL for each field with words. A field does not replace one before it."""
LISTS = ("publisher", "institution", "organization", "school", "location", "address", "language")
"""The fields that may have several values, with `and` between them."""
PEOPLE = {
    "author": "author",
    "bookauthor": "container-author",
    "editor": "editor",
    "translator": "translator",
    "illustrator": "illustrator",
}
ADDRESSES = {"doi": "DOI", "url": "URL"}
DATES = {
    "date": "issued",
    "eventdate": "event-date",
    "origdate": "original-date",
    "urldate": "accessed",
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
INHERITED = {"title": "booktitle", "subtitle": "booksubtitle", "author": "bookauthor"}
"""What fields of another work are in a work that refers to it (`crossref`) and is in it."""
NOT_INHERITED = ("crossref", "ids", "xref", "xdata", "entryset", "label", "shorttitle", "options")
_VALUE = re.compile(r'"(?P<quoted>(?:[^"{}]|\{[^{}]*\})*)"|(?P<name>[^\s{}"#,]+)')
_EXTENDED = re.compile(r"\s*(?:family|given|prefix|suffix|useprefix)\s*=", re.IGNORECASE)
_PAIR = re.compile(r"(\w[\w-]*)\s*=\s*(\"[^\"]*\"|\{(?:[^{}]|\{[^{}]*\})*\}|[^,]*)\s*(?:,|$)")
_NO_ENTRY = re.compile(r"^\s*(\w+)\s*\{\s*[^\s{},=]+\s*,", re.MULTILINE)
_FIRST_LINE = re.compile(r".*")


def read_bibtex(text: str, path: str, findings: list[Finding]) -> Iterator[Reference]:
    """The works in a BibTeX file."""
    from bibtexparser.splitter import Splitter

    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())  # it logs what it reports
    library = Splitter(text).split()
    reader = _Reader(path, findings)
    reader.failed(library)
    reader.define(library)
    entries = list(_entries(library))
    fields = {entry.key: reader.fields(entry) for entry in reversed(entries)}
    for entry in entries:
        own = reader.fields(entry, quiet=True)
        line = (entry.start_line or 0) + 1
        kind = reader.kind(entry)
        item = reader.item(entry.key, kind, reader.inherited(entry, kind, own, fields))
        yield Reference(entry.key, item, path, line)


def _entries(library: Library) -> Iterator[Entry]:
    """The entries of a file in order, those with a key or a field that is there twice too."""
    from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry

    for block in library.blocks:
        while isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            assert block.ignore_error_block is not None, "it is the entry"
            block = block.ignore_error_block
        if isinstance(block, Entry):
            yield block


@dataclass(slots=True)
class _Field:
    """The value of a field, in LaTeX, and its line."""

    latex: str
    line: int


@dataclass(slots=True)
class _Reader:
    """Reads entries, and reports what cannot be read. `strings` has the values of `@string`s."""

    path: str
    findings: list[Finding]
    strings: dict[str, str] = field(default_factory=lambda: {m: m for m in MONTHS})

    def report(self, line: int, code: str, message: str, hint: str = "") -> None:
        self.findings.append(Finding(self.path, line, code, message, hint))

    def failed(self, library: Library) -> None:
        """Report what is no entry, and fields that are there twice."""
        from bibtexparser.model import DuplicateFieldKeyBlock, ImplicitComment, ParsingFailedBlock

        for block in library.blocks:
            line = (block.start_line or 0) + 1
            if isinstance(block, DuplicateFieldKeyBlock):
                names = ", ".join(sorted(block.duplicate_keys))
                message = f"a field must be in an entry once; found {names} twice"
                self.report(line, "E060", message, "Keep one of the two.")
            elif type(block) is ParsingFailedBlock:
                first = _FIRST_LINE.match(block.raw or "")
                message = "an entry must be closed, with = and commas in it; found "
                message += first[0][:60] if first else "none"
                hint = getattr(block.error, "abort_reason", "")
                self.report(line, "E060", message, _remedy(hint))
            elif isinstance(block, ImplicitComment) and (found := _NO_ENTRY.search(block.comment)):
                line += block.comment.count("\n", 0, found.start(1))
                message = f"an entry must begin with @; found {found[0].strip()[:60]}"
                self.report(line, "E060", message, f"Write @{found[1]}{{…}}.")

    def define(self, library: Library) -> None:
        """Read the definitions of strings."""
        from bibtexparser.model import String

        for block in library.blocks:
            if isinstance(block, String):
                line = (block.start_line or 0) + 1
                self.strings[block.key.lower()] = self.value(block.value, line)

    def value(self, written: str, line: int) -> str:
        """The value of a field: text in braces or quotation marks, numbers and strings, with # to
        join them."""
        parts: list[str] = []
        at = 0
        while at < len(written):
            if written[at] == "{":
                end = _closing(written, at)
                parts.append(written[at + 1 : end])
                at = end + 1
            elif found := _VALUE.match(written, at):
                name = found["name"]
                parts.append(found["quoted"] if name is None else self._string(name, line))
                at = found.end()
            else:
                at += 1
        return "".join(parts)

    def _string(self, name: str, line: int) -> str:
        known = self.strings.get(name.lower())
        if known is None and not name.isdigit():
            message = f"a value must be in braces, or the name of a @string; found {name[:60]}"
            hint = did_you_mean(name.lower(), self.strings) or f"Write {{{name}}}."
            self.report(line, "E060", message, hint)
        return name if known is None else known

    def fields(self, entry: Entry, quiet: bool = False) -> dict[str, _Field]:
        """The fields of an entry, by their names in small letters."""
        reader = _Reader(self.path, [], self.strings) if quiet else self
        found: dict[str, _Field] = {}
        for given in entry.fields:
            line = (given.start_line or 0) + 1
            found.setdefault(given.key.lower(), _Field(reader.value(given.value, line), line))
        return found

    def kind(self, entry: Entry) -> str:
        """The type of CSL of an entry."""
        name = entry.entry_type.lower()
        if name not in TYPES:
            message = f"the type of an entry should be known; found @{name}, read as @misc"
            self.report((entry.start_line or 0) + 1, "W060", message, did_you_mean(name, TYPES))
        return TYPES.get(name, "document")

    def inherited(
        self,
        entry: Entry,
        kind: str,
        own: dict[str, _Field],
        every: Mapping[str, dict[str, _Field]],
    ) -> dict[str, _Field]:
        """The fields of an entry, with those that it does not have and the work that it refers to
        has."""
        fields, seen = dict(own), {entry.key}
        while named := fields.pop("crossref", None):
            key = named.latex.strip()
            if key not in every:
                message = f"crossref must be the key of another entry; found “{key}”"
                self.report(named.line, "E062", message, did_you_mean(key, every))
                break
            if key in seen:
                message = f"crossref must not lead back to the entry; found “{key}”"
                self.report(named.line, "E062", message, "Remove it from one of the two.")
                break
            seen.add(key)
            inside = kind in IN_ANOTHER
            for name, value in every[key].items():
                if name not in NOT_INHERITED or name == "crossref":
                    fields.setdefault(INHERITED.get(name, name) if inside else name, value)
        return fields

    # ------------------------------------------------------------ items

    def item(self, key: str, kind: str, fields: Mapping[str, _Field]) -> Item:
        """An entry as CSL-JSON."""
        words = {name: self.words(name, value) for name, value in fields.items()}
        item: Item = {"id": key, "type": kind}
        subtype = words.get("entrysubtype", "").lower()
        if kind == "article-journal" and subtype in ARTICLES:
            item["type"] = ARTICLES[subtype]
        item["title"] = _titled(words, "title", "subtitle")
        named = {v: fields[n] for n, v in PEOPLE.items() if n in fields}
        item.update((variable, self.people(value)) for variable, value in named.items())
        item["container-title"] = self._container(kind, words)
        for name, variable in WORDS.items():
            if words.get(name):
                item.setdefault(variable, words[name])
        item.update(_numbers(kind, words))
        for name, variable in DATES.items():
            if name in fields:
                item[variable] = date_of(unescaped(fields[name].latex))
        if not item.get("issued"):
            item["issued"] = _issued(words)
        addresses = {v: fields[n].latex for n, v in ADDRESSES.items() if n in fields}
        item.update((variable, unescaped(latex)) for variable, latex in addresses.items())
        item["genre"] = _genre(kind, words.get("type", ""))
        item["language"] = words.get("langid") or words.get("language") or ""
        return {name: value for name, value in item.items() if value}

    @staticmethod
    def _container(kind: str, words: Mapping[str, str]) -> str:
        """The title of the journal, or of the work, that an entry is in."""
        journal = _titled(words, "journaltitle", "journalsubtitle") or words.get("journal", "")
        book = _titled(words, "booktitle", "booksubtitle")
        return journal or book or (words.get("maintitle", "") if kind in IN_ANOTHER else "")

    def words(self, name: str, value: _Field) -> str:
        """A field as words. Macros that are not known are reported."""
        for macro in unknown_macros(value.latex) if name in _SHOWN else ():
            message = f"{name} should have no macros but those of letters and type; found \\{macro}"
            hint = "Write the characters themselves, in UTF-8: nothing is run."
            self.report(value.line, "W061", message, hint)
        latex = value.latex
        if name in LISTS:
            latex = ", ".join(_parted(latex))
        return words_of(latex)

    def people(self, value: _Field) -> list[Item]:
        """A list of names."""
        people = []
        for name in _parted(value.latex):
            if name.strip() == "others":
                people.append({"literal": interface.AND_OTHERS})
            elif _EXTENDED.match(name):
                people.append(_extended(name))
            else:
                people.append(self._person(name, value.line))
        return [person for person in people if person]

    def _person(self, name: str, line: int) -> Item:
        from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts

        if name.startswith("{") and _closing(name, 0) == len(name) - 1:
            return {"literal": words_of(name)}
        try:
            parts = parse_single_name_into_parts(name)
        except InvalidNameError as error:
            message = f"a name must be such as Smith, Anna; found “{words_of(name)}”"
            reason = f"{error.reason[:1].lower()}{error.reason[1:]}"
            hint = f"{reason[:1].upper()}{reason[1:]}. Write {{…}} around the name of a group."
            self.report(line, "E062", message, hint)
            return {"literal": words_of(name)}
        family, given, particle, suffix = (
            words_of(" ".join(part)) for part in (parts.last, parts.first, parts.von, parts.jr)
        )
        person = {
            "family": family,
            "given": given,
            "dropping-particle": particle,
            "suffix": suffix,
        }
        return {part: said for part, said in person.items() if said}


_SHOWN = frozenset(
    (*(WORDS.keys() - {"abstract"}), *PEOPLE, "title", "subtitle", "booktitle", "booksubtitle",
     "maintitle", "journal", "journaltitle", "journalsubtitle", "year", "type", "number", "pages")
)  # fmt: skip
"""The fields that references show."""


def _remedy(reason: str) -> str:
    """What bibtexparser says of an entry that it cannot read, as a remedy."""
    said = " ".join(reason.split()).rstrip(".")
    return f"{said}. Close each value and the entry with }}, and put a comma after each field."


def _closing(text: str, at: int) -> int:
    """The place of the brace that closes the one at `at`; the end of the text if none does."""
    depth = 0
    for place in range(at, len(text)):
        if text[place] in "{}" and (not place or text[place - 1] != "\\"):
            depth += 1 if text[place] == "{" else -1
            if not depth:
                return place
    return len(text)


def _parted(latex: str) -> list[str]:
    """The values of a list, which have `and` between them."""
    from bibtexparser.middlewares.names import split_multiple_persons_names

    return [" ".join(part.split()) for part in split_multiple_persons_names(latex) if part.strip()]


def _extended(name: str) -> Item:
    """A name in the extended form of biblatex: `family=Beethoven, given=Ludwig, prefix=van`."""
    given = {key.lower(): words_of(value.strip().strip('"')) for key, value in _PAIR.findall(name)}
    kept = given.get("useprefix", "").lower() == "true"
    particle = "non-dropping-particle" if kept else "dropping-particle"
    parts = {
        "family": given.get("family", ""),
        "given": given.get("given", ""),
        particle: given.get("prefix", ""),
        "suffix": given.get("suffix", ""),
    }
    return {part: words for part, words in parts.items() if words}


def _titled(words: Mapping[str, str], title: str, subtitle: str) -> str:
    """A title with its subtitle."""
    return " : ".join(filter(None, (words.get(title, ""), words.get(subtitle, ""))))


def _genre(kind: str, written: str) -> str:
    """The kind of a thesis or of a report, in words."""
    return interface.THESES.get(written.lower() or kind, written)


def _numbers(kind: str, words: Mapping[str, str]) -> Iterable[tuple[str, Any]]:
    """The number of an entry, which is that of an issue or in a series, and its pages."""
    number, issue = words.get("number", ""), words.get("issue", "")
    if number or issue:
        if kind.startswith("article") or kind == "periodical":
            yield "issue", number or issue
        elif words.get("series"):
            yield "collection-number", number
        else:
            yield "number", number or issue
    if pages := words.get("pages"):
        yield "page", re.sub(r"\s*(?:-+|–|—)\s*", "-", pages)


def _issued(words: Mapping[str, str]) -> Item:
    """The date of an entry that has its year, and perhaps its month, in fields of their own."""
    year, month = words.get("year", ""), words.get("month", "").lower()
    number = MONTHS.index(month[:3]) + 1 if month[:3] in MONTHS else 0
    if re.fullmatch(r"0?[1-9]|1[0-2]", month):
        number = int(month)
    if re.fullmatch(r"\d{4}", year) and number:
        return date_of(f"{year}-{number:02}")
    return date_of(re.sub(r"(?<=\d{4})(?:-+|–)(?=\d{4}$)", "/", year))
