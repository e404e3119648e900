"""BibTeX and biblatex → CSL-JSON items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive_site import interface
from archive_site.corpus.bibliography import (
    Item,
    Reference,
    date_fault,
    date_hint,
    date_of,
    is_private,
    near_key,
    with_characters,
)
from archive_site.corpus.bibtex_syntax import BibtexBlock, BibtexScanner
from archive_site.corpus.latex import unescaped, unknown_macros, words_of
from archive_site.edition.front_matter import did_you_mean
from archive_site.findings import Finding
from archive_site.text.dates import MONTHS as FRENCH_MONTHS

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
    "issuetitle": "volume-title",
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
NO_ENTRIES = ("comment", "preamble", "string")
KEPT = ("document", "manuscript", "personal_communication")
"""The types of works that are not published, whose note says where they are."""
LANGUAGES = {
    "american": "en-US", "brazilian": "pt-BR", "british": "en-GB", "catalan": "ca", "czech": "cs",
    "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr",
    "german": "de", "greek": "el", "hebrew": "he", "hungarian": "hu", "italian": "it",
    "latin": "la", "ngerman": "de", "norwegian": "no", "occitan": "oc", "polish": "pl",
    "portuguese": "pt", "romanian": "ro", "russian": "ru", "spanish": "es", "swedish": "sv",
    "turkish": "tr", "ukrainian": "uk", "yiddish": "yi",
}  # fmt: skip
"""The codes of the languages that biblatex names in words."""
DEEPEST = 50
"""How deeply braces may be nested."""
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
INHERITED = {"title": "booktitle", "subtitle": "booksubtitle", "author": "bookauthor"}
"""What fields of another work are in a work that refers to it (`crossref`) and is in it."""
NOT_INHERITED = ("crossref", "ids", "xref", "xdata", "entryset", "label", "shorttitle", "options")
_MACRO = re.compile(r"\\[A-Za-z]+\{[^{}]*\}")
"""A macro in a date, such as `\\noopsort{1901}`, which is for sorting."""
_TAG = re.compile(r"<[^<>]*>")
_VALUE = re.compile(r'"(?P<quoted>(?:[^"{}]|\{[^{}]*\})*)"|(?P<name>[^\s{}"#,]+)')
_EXTENDED = re.compile(r"\s*(?:family|given|prefix|suffix|useprefix)\s*=", re.IGNORECASE)
_PAIR = re.compile(r"(\w[\w-]*)\s*=\s*(\"[^\"]*\"|\{(?:[^{}]|\{[^{}]*\})*\}|[^,]*)\s*(?:,|$)")
_JSON = re.compile(r"\s*(?:\[\s*[{\]]|\{\s*\")")
_TIME = re.compile(r"(?<=\d)T[\d:.]+(?:Z|[+-][\d:]+)?")
_IN_BRACES = re.compile(r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}")
_ET_AL = re.compile(r",?\s+et\.?\s+al\b\.?\s*$", re.IGNORECASE)
_NO_AND = re.compile(r"\s*;\s*|\s+(?:et|\\?&|und)\s+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(rf"(?P<group>{_IN_BRACES.pattern})|{_NO_AND.pattern}", re.IGNORECASE)
_LONE_AND = re.compile(r"^\s*and\b|\band\s*$|\band\s+and\b", re.IGNORECASE)
_NO_SET = "Cite its works one by one."


def read_bibtex(text: str, path: str, findings: list[Finding]) -> Iterator[Reference]:
    """The works in a BibTeX file."""
    reader = _Reader(path, findings)
    if _JSON.match(text):
        hint = "Rename the file to bibliography.json."
        reader.report(1, "E060", "must be BibTeX; found JSON", hint)
        return
    scanner = BibtexScanner(with_characters(text))
    blocks = list(scanner.blocks())
    for fault in scanner.faults:
        reader.report(fault.line, "E060", fault.message, fault.hint)
    reader.define(blocks)
    entries = [block for block in blocks if block.kind not in NO_ENTRIES]
    fields = {entry.key: reader.fields(entry) for entry in reversed(entries)}
    for entry in entries:
        if entry.kind == "xdata":
            continue
        if entry.kind == "set":
            reader.report(entry.line, "W060", f"a @set is no work; found {entry.key}", _NO_SET)
            continue
        kind = reader.kind(entry)
        own = reader.with_data(entry.key, reader.fields(entry, quiet=True), fields)
        inherited = reader.inherited(entry.key, kind, own, fields)
        yield Reference(entry.key, reader.item(entry.key, kind, inherited), path, entry.line)


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

    def define(self, blocks: Iterable[BibtexBlock]) -> None:
        """Read the definitions of strings."""
        for block in blocks:
            if block.kind == "string":
                for given in block.fields:
                    self.strings[given.name] = self.value(given.value, given.line)

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

    def fields(self, entry: BibtexBlock, quiet: bool = False) -> dict[str, _Field]:
        """The fields of an entry, by their names in small letters."""
        reader = _Reader(self.path, [], self.strings) if quiet else self
        found: dict[str, _Field] = {}
        for given in entry.fields:
            if given.name in found:
                message = f"a field must be in an entry once; found {given.name} twice"
                reader.report(given.line, "E060", message, "Keep one of the two.")
                continue
            value = reader.value(given.value, given.line)
            if is_private(given.name, value):
                continue
            if _depth(value) > DEEPEST:
                message = (
                    f"braces must not be nested so deeply; found {_depth(value)} in {given.name}"
                )
                reader.report(given.line, "E060", message, "Remove those around others.")
                value = value.replace("{", "").replace("}", "")
            found[given.name] = _Field(value, given.line)
        return found

    def kind(self, entry: BibtexBlock) -> str:
        """The type of CSL of an entry."""
        if entry.kind not in TYPES:
            message = f"the type of an entry should be known; found @{entry.kind}, read as @misc"
            self.report(entry.line, "W060", message, did_you_mean(entry.kind, TYPES))
        return TYPES.get(entry.kind, "document")

    def with_data(
        self, key: str, own: dict[str, _Field], every: Mapping[str, dict[str, _Field]]
    ) -> dict[str, _Field]:
        """The fields of an entry, with those of the `@xdata` that it names, and that they name."""
        fields, seen = dict(own), {key}
        while named := fields.pop("xdata", None):
            further: list[str] = []
            for one in filter(None, map(str.strip, named.latex.split(","))):
                if one not in every:
                    self._unknown(named.line, "xdata", one, every)
                elif one not in seen:
                    seen.add(one)
                    data = dict(every[one])
                    further += [data.pop("xdata").latex] if "xdata" in data else []
                    fields = data | fields
            if further:
                fields["xdata"] = _Field(",".join(further), named.line)
        return fields

    def _unknown(self, line: int, name: str, key: str, keys: Iterable[str]) -> None:
        message = f"{name} must be the key of another entry; found “{key}”"
        hint = near_key(key, keys) or "Add that entry to the file, or remove the field."
        self.report(line, "E062", message, hint)

    def inherited(
        self,
        of: str,
        kind: str,
        own: dict[str, _Field],
        every: Mapping[str, dict[str, _Field]],
    ) -> dict[str, _Field]:
        """The fields of an entry, with those that it does not have and the work that it refers to
        has."""
        fields, seen = dict(own), {of}
        while named := fields.pop("crossref", None):
            key = named.latex.strip()
            if key not in every:
                self._unknown(named.line, "crossref", key, every)
                break
            if key in seen:
                message = f"crossref must not lead back to the entry; found “{key}”"
                self.report(named.line, "E062", message, "Remove it from one of the two.")
                break
            seen.add(key)
            inside = kind in IN_ANOTHER
            for name, value in self.with_data(key, every[key], every).items():
                if name not in NOT_INHERITED or name == "crossref":
                    fields.setdefault(INHERITED.get(name, name) if inside else name, value)
                if inside and name == "author":  # a part of a work is its author's, too
                    fields.setdefault(name, value)
        return fields

    # ------------------------------------------------------------ items

    def item(self, key: str, kind: str, fields: Mapping[str, _Field]) -> Item:
        """An entry as CSL-JSON."""
        words = {name: self.words(name, value) for name, value in fields.items()}
        item: Item = {"id": key, "type": kind}
        subtype = words.get("entrysubtype", "").lower()
        if kind == "article-journal" and subtype in ARTICLES:
            item["type"] = ARTICLES[subtype]
        item["title"] = self._title(kind, words)
        named = {v: fields[n] for n, v in PEOPLE.items() if n in fields}
        item.update((variable, self.people(value)) for variable, value in named.items())
        item["container-title"] = self._container(kind, words)
        for name, variable in WORDS.items():
            if words.get(name):
                item.setdefault(variable, words[name])
        if kind in KEPT:  # what is not published is found by its note
            item.setdefault("archive_location", item.pop("note", ""))
        item.update(_numbers(kind, words))
        for name, variable in DATES.items():
            if name in fields:
                item[variable] = self.date(name, fields[name])
        if not item.get("issued"):
            item["issued"] = self.issued(words, fields)
        addresses = {v: fields[n].latex for n, v in ADDRESSES.items() if n in fields}
        item.update((variable, unescaped(latex)) for variable, latex in addresses.items())
        item["genre"] = _genre(kind, words.get("type", ""))
        language = words.get("langid") or words.get("language") or ""
        item["language"] = LANGUAGES.get(language.lower(), language)
        return {name: value for name, value in item.items() if value}

    @staticmethod
    def _title(kind: str, words: Mapping[str, str]) -> str:
        """The title of an entry, after that of the work of which it is a volume."""
        whole = "" if kind in IN_ANOTHER else _titled(words, "maintitle", "mainsubtitle")
        return ". ".join(filter(None, (whole, _titled(words, "title", "subtitle"))))

    @staticmethod
    def _container(kind: str, words: Mapping[str, str]) -> str:
        """The title of the journal, or of the work, that an entry is in."""
        journal = _titled(words, "journaltitle", "journalsubtitle") or words.get("journal", "")
        book = _titled(words, "booktitle", "booksubtitle")
        whole = _titled(words, "maintitle", "mainsubtitle") if kind in IN_ANOTHER else ""
        return journal or ". ".join(filter(None, (whole, book)))

    def date(self, name: str, value: _Field) -> Item:
        """A date, without the time of day."""
        written = _TIME.sub("", unescaped(_MACRO.sub("", value.latex)))
        if fault := date_fault(written):
            message = f"{name} must be a date in EDTF; found “{written}”: {fault}"
            self.report(value.line, "E062", message, date_hint(written))
        return date_of(written)

    def issued(self, words: Mapping[str, str], fields: Mapping[str, _Field]) -> Item:
        """The date of an entry that has its year, and perhaps its month, in fields of their own."""
        year, month = _TAG.sub("", words.get("year", "")), words.get("month", "").lower()
        number = _month(month)
        if month and not number:
            message = f"month must be a month; found “{month}”"
            hint = "Write it as a number, from 1 to 12, or as jan, feb, mar …"
            self.report(fields["month"].line, "E062", message, hint)
        if re.fullmatch(r"\d{4}", year) and number:
            return date_of(f"{year}-{number:02}")
        return date_of(re.sub(r"(?<=\d{4})(?:-+|–)(?=\d{4}$)", "/", year))

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
        self._check_list(value)
        people = []
        for name in _parted(value.latex):
            if name.strip() == "others":
                people.append({"literal": interface.AND_OTHERS})
            elif _EXTENDED.match(name):
                people.append(_extended(name))
            else:
                people.append(self._person(name, value.line))
        return [person for person in people if person]

    def _check_list(self, value: _Field) -> None:
        """Report names that have other words than “and” between them, or none on one side."""
        outside = _IN_BRACES.sub("{}", value.latex)
        written = " ".join(value.latex.split())
        if found := _NO_AND.search(outside):
            message = f"names must have “and” between them; found “{found[0].strip()}”"
            right = _ET_AL.sub(" and others", written)
            right = _BETWEEN_NAMES.sub(lambda found: found["group"] or " and ", right)
            hint = f"Write {right}, or {{…}} around the name of a group."
            self.report(value.line, "E062", message, hint)
        elif _LONE_AND.search(outside):
            message = f"“and” must be between two names; found “{written[:60]}”"
            names = " and ".join(_parted(value.latex)).removesuffix(" and").removeprefix("and ")
            self.report(value.line, "E062", message, f"Write {names}.")

    def _person(self, name: str, line: int) -> Item:
        from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts

        if name.startswith("{") and _closing(name, 0) == len(name) - 1:
            return {"literal": words_of(name)}
        try:
            parts = parse_single_name_into_parts(name)
        except InvalidNameError as error:
            message = f"a name must be such as Smith, Anna; found “{words_of(name)}”"
            reason = f"{error.reason[:1].upper()}{error.reason[1:]}"
            hint = f"{reason}. Write {{…}} around the name of a group."
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
    (*WORDS, *PEOPLE, "title", "subtitle", "booktitle", "booksubtitle",
     "maintitle", "mainsubtitle", "journal", "journaltitle", "journalsubtitle", "year",
     "type", "number", "pages")
)  # fmt: skip
"""The fields that references show."""


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


def _month(written: str) -> int:
    """The number of a month in figures, in English or in French; 0 if it is none."""
    if written.isdecimal() and 1 <= int(written) <= 12:
        return int(written)
    if written in FRENCH_MONTHS:
        return FRENCH_MONTHS.index(written) + 1
    return MONTHS.index(written[:3]) + 1 if written[:3] in MONTHS else 0


def _depth(latex: str) -> int:
    """How deeply braces are nested."""
    deepest = depth = 0
    for sign in re.findall(r"[{}]", latex):
        depth += 1 if sign == "{" else -1
        deepest = max(deepest, depth)
    return deepest
