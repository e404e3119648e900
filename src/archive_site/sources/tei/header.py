"""The element `teiHeader` of anyone's file → `Meta`; each claim has its certainty and ground."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from archive_site import interface
from archive_site.edition.front_matter import ROLES
from archive_site.edition.identifiers import OF_TEXTS, SCHEMES, wrong_identifier
from archive_site.edition.ids import slug
from archive_site.edition.licenses import license_of
from archive_site.files.writing import wrong_name
from archive_site.sources.tei.dates import edtf_of
from archive_site.sources.tei.languages import tag_of
from archive_site.sources.tei.parsing import Node
from archive_site.sources.tei.text import TextRead
from archive_site.text.document import (
    RELATORS,
    Block,
    Certainty,
    Claim,
    Contributor,
    Meta,
    Source,
)
from archive_site.text.reading import reading_text

LONGEST_ID = 80
ROLES_IN_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"tradu|translat|[üu]bersetz", re.I), "translator"),
    (re.compile(r"annot", re.I), "annotator"),
    (re.compile(r"pr[ée]fac|introduc|avant-propos|einleit", re.I), "author of introduction"),
    (re.compile(r"comment", re.I), "commentator"),
    (re.compile(r"illustr", re.I), "illustrator"),
    (
        re.compile(
            r"transcri|transkri|saisi|\bocr\b|encod|\bxml\b|\btei\b|num[ée]ris|digit|styl"
            r"|[ck]onver[st]|kurat|erfass|bearbeit|relect|correct",
            re.I,
        ),
        "transcriber",
    ),
    (re.compile(r"[ée]dit|hrsg|herausg|[ée]tabli", re.I), "editor"),
    (re.compile(r"compil", re.I), "compiler"),
    (re.compile(r"auteur|author|verfasser", re.I), "author"),
)
"""The roles of those whom a header names, by the words for what they did; the first that match."""
_CERTAINTIES: dict[str, Certainty] = {
    "high": "certain",
    "medium": "probable",
    "low": "proposed",
    "unknown": "proposed",
}
_NOBODY = re.compile(r"\W*(?:anonyme?|anonymous|anon\.?|inconnu|unknown|\?|n\.\s?n\.)?\W*", re.I)
_DATED = re.compile(r"([^()]+?),? \(?(?:\d{4}|\.{2,4}|\?{1,4})?\??[-–](?:\d{4}|\.{2,4})?\??\)?")
"""A name with the years of a life, as catalogues write it: “Boyer, Claude (1618-1698)”."""
_ADDRESS = re.compile(r"https?://[^\s\"<>\\]+")
_SCHEMES = {"url": "", "uri": "", "hdl": "handle", **{name: name for name in OF_TEXTS}}
_PAGES = ("page", "pages", "pp", "p")
_PERSONS = ("persName", "name", "orgName", "author", "editor", "principal")
_WORKS = ("bibl", "biblStruct", "biblFull", "msDesc", "listWit", "recordingStmt")


@dataclass(frozen=True, slots=True)
class HeaderReader:
    """Reads the header of a file."""

    header: Node

    def every(self, *paths: str) -> Iterator[Node]:
        """The elements at some paths that have words or attributes."""
        for path in paths:
            yield from (node for node in self.header.all(path) if node.words or node.attributes)

    # ------------------------------------------------------------ what the text is

    def title(self, blocks: Iterable[Block], name: str) -> Claim:
        """The title of the text; without one in the header, its first heading, or the file's
        name."""
        titles = [node for node in self.every("fileDesc/titleStmt/title") if node.words]
        main = [node for node in titles if node.get("type") == "main"] or titles
        subtitles = [node for node in titles if node.get("type") in ("sub", "subtitle")]
        words = [node.words for node in (*main[:1], *(s for s in subtitles if s not in main[:1]))]
        if words:
            joined = words[0]
            for subtitle in words[1:]:
                joined += f" {subtitle}" if joined[-1:] in ".:!?" else f". {subtitle}"
            return Claim(joined, "certain", interface.TEI_HEADER)
        heading = next((reading_text(b.content) for b in blocks if b.divides), "").strip()
        if heading:
            return Claim(heading, "certain", interface.TEI_FIRST_TITLE)
        return Claim(name, "unknown", interface.NO_TITLE)

    def date(self) -> Claim:
        """When the text was written, as far as the header says so; otherwise when it was
        printed."""
        written = (
            "profileDesc/creation/date",
            "profileDesc/creation",
            "profileDesc/correspDesc/correspAction/date",
        )
        for node in self.every(*written):
            if value := edtf_of(node):
                sure = _CERTAINTIES.get(node.get("cert"), "certain")
                return Claim(value, sure, interface.TEI_HEADER)
        for source in self.sources():
            for node in (*source.every("date", "docDate", "origDate"), source):
                if value := edtf_of(node):
                    return Claim(value, "probable", interface.TEI_IMPRINT)
        return Claim()

    def place(self) -> Claim:
        """Where the text was written."""
        names = ("placeName", "settlement", "district", "country", "name", "rs")
        for where in ("profileDesc/creation", "profileDesc/correspDesc/correspAction"):
            for node in self.header.all(where):
                if node.get("type") not in ("", "sent"):
                    continue
                for place in node.every(*names):
                    if place.words and (
                        place.name not in ("name", "rs") or place.get("type") == "place"
                    ):
                        return Claim(place.words, "certain", interface.TEI_HEADER)
        return Claim()

    def language(self, root: Node) -> str:
        """The language of the text; empty if nothing says it. Of several languages in the header,
        it is the one that is used most, if that is said."""
        texts = (tag_of(text.get("xml:lang")) for text in root.all("text"))
        if stated := next(filter(None, texts), ""):
            return stated
        used = [n for n in self.header.all("profileDesc/langUsage/language") if n.get("ident")]
        if len(used) > 1 and not any(node.get("usage") for node in used):
            used = []
        used.sort(key=lambda node: -int(node.get("usage")) if node.get("usage").isdecimal() else 0)
        named = (*(tag_of(node.get("ident")) for node in used), tag_of(root.get("xml:lang")))
        return next(filter(None, named), "")

    # ------------------------------------------------------------ people

    def contributors(self) -> tuple[Contributor, ...]:
        """Those whom the header names: the author first, once for each role."""
        named = dict.fromkeys((*self._authors(), *self._letter(), *self._others()))
        unlike: dict[tuple[str, str], Contributor] = {}
        for who in named:
            unlike.setdefault((who.role, who.name), who)
        return tuple(unlike.values())

    def _authors(self) -> Iterator[Contributor]:
        authors = tuple(self.every("fileDesc/titleStmt/author"))
        if not authors:
            authors = tuple(a for s in self.sources() for a in s.every("author"))[:1]
        for node in authors:
            role = _role(node.get("role")) if node.get("role") else "author"
            yield from _who(node, role)

    def _letter(self) -> Iterator[Contributor]:
        """Who wrote a letter, if no author is named, and to whom."""
        authored = any(True for _ in self._authors())
        for action in self.header.all("profileDesc/correspDesc/correspAction"):
            role = {"sent": "author", "received": "addressee"}.get(action.get("type"), "")
            if not role or (role == "author" and authored):
                continue
            for node in action.every("persName", "orgName", "name", "rs"):
                if node.get("type") != "place":
                    yield from _who(node, role)

    def _others(self) -> Iterator[Contributor]:
        """Editors, translators, and whoever else had a part."""
        for node in self.every("fileDesc/titleStmt/editor"):
            yield from _who(node, _role(node.get("role") or node.get("resp")) or "editor")
        for node in self.every("fileDesc/titleStmt/principal"):
            yield from _who(node, "editor")
        for node in self.every("fileDesc/titleStmt/respStmt", "fileDesc/editionStmt/respStmt"):
            done = " ".join(f"{resp.words} {resp.get('key')}" for resp in node.all("resp"))
            for child in node.children:
                if child.name in _PERSONS:
                    yield from _who(child, _role(done) or "contributor")

    # ------------------------------------------------------------ where it is from

    def sources(self) -> tuple[Node, ...]:
        """The descriptions of the source."""
        described = [n for n in self.every("fileDesc/sourceDesc") for n in n.children]
        return tuple(node for node in described if node.name in _WORKS and node.words)

    def source(self) -> Source:
        """The edition or the manuscript that the file was made from."""
        works = self.sources()
        if not works:
            words = " ".join(node.words for node in self.every("fileDesc/sourceDesc"))
            return Source(note=words, url=self._address())
        manuscript = next((m for work in works for m in _at(work, "msIdentifier")), None)
        pages = next(
            (s.words for w in works for s in w.every("biblScope") if s.get("unit") in _PAGES), ""
        )
        kept = _first_words(manuscript, "repository", "institution", "settlement")
        cited = next((work for work in works if work.name != "msDesc"), None)
        return Source(
            edition=citation_of(cited) if cited is not None else "",
            pages=pages,
            repository=kept,
            shelf_mark=_shelf_mark(manuscript),
            url=next((url for work in works for url in _addresses(work)), "") or self._address(),
        )

    def _address(self) -> str:
        """Where the file itself is online."""
        published = self.every("fileDesc/publicationStmt")
        return next((url for node in published for url in _addresses(node, "idno", "ptr")), "")

    def identifiers(self) -> tuple[tuple[str, str], ...]:
        """The identifiers of the file, of the kinds that texts may have."""
        found: dict[str, str] = {}
        for node in self.every("fileDesc/publicationStmt"):
            for idno in node.every("idno"):
                scheme, number = _identifier(idno)
                if scheme and not wrong_identifier(scheme, number)[0]:
                    found.setdefault(scheme, number)
        return tuple(found.items())

    def rights(self) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        """What is known of the rights in the file, in words; and its licence."""
        places = tuple(self.every("fileDesc/publicationStmt/availability"))
        words = " ".join(node.words for node in places if node.words)
        named: list[str] = []
        for node in places:
            for inner in (*node.every("licence", "license", "ref"), node):
                named += [inner.get("target"), inner.words, *_ADDRESS.findall(inner.words)]
        known = [text for text in named if len(text) < 120 and license_of(text.rstrip("."))]
        licence = (("edition", known[0].rstrip(".")),) if known else ()
        return ((("edition", words),) if words else ()), licence

    def remarks(self, read: TextRead, language: str) -> Iterator[str]:
        """What readers should know of the file."""
        if not language:
            yield interface.TEI_LANGUAGE
        for words in read.titles:
            yield interface.TEI_TITLE_PAGE.format(words=words)
        for words in read.unneeded:
            yield interface.TEI_HEADING_OMITTED.format(words=words)
        if read.renumbered:
            yield interface.TEI_RENUMBERED
        for kind, labels in read.others.items():
            yield interface.TEI_NOTES_OF[kind].format(labels=", ".join(labels))
        published = [
            node.words
            for name in ("publisher", "distributor", "authority", "pubPlace", "date")
            for node in self.every(f"fileDesc/publicationStmt/{name}")
            if node.words
        ]
        if published:
            words = ", ".join(dict.fromkeys(said.rstrip(".,; ") for said in published))
            yield interface.TEI_PUBLISHED.format(words=words)


def read_header(header: Node, root: Node, read: TextRead, name: str) -> Meta:
    """The front matter that a header gives, and what reading the text has shown. `name` is that of
    the file."""
    reader = HeaderReader(header)
    stem = PurePath(name).stem
    untitled = " ".join(re.split(r"[-_\s]+", stem)).strip()
    rights, licence = reader.rights()
    language = reader.language(root)
    return Meta(
        id=_id(stem),
        title=reader.title(read.blocks, untitled or "Texte"),
        kind=_kind(header, root),
        contributors=reader.contributors(),
        date=reader.date(),
        place=reader.place(),
        language=language or "fr",
        source=reader.source(),
        extraction=_extraction(read, name),
        rights=rights,
        license=licence,
        identifiers=reader.identifiers(),
        notes=read.kind,
        remarks=tuple(reader.remarks(read, language)),
    )


def _id(stem: str) -> str:
    """The id of a text, from the name of its file."""
    words = slug(stem.replace("_", "-"))[:LONGEST_ID].strip("-")
    return words if words and not wrong_name(words) else f"texte-{words}".strip("-")


def _extraction(read: TextRead, name: str) -> str:
    said = [interface.TEI_EXTRACTION.format(file=name)]
    for element, words in interface.TEI_OMITTED.items():
        if count := read.omitted.get(element):
            said.append(words.format(count=count))
    return " ".join(said)


def _kind(header: Node, root: Node) -> str:
    """What kind of text it is, by its elements."""
    names = [node.name for text in root.all("text") for node in text.every()]
    types = [node.get("type") for node in root.every("div", "div1", "text")]
    letters = types.count("letter") + types.count("lettre")
    if header.first("profileDesc/correspDesc") is not None or letters == 1:
        return "letter"
    if "castList" in names or "act" in types or "scene" in types:
        return "drama"
    if names.count("sp") + names.count("u") > names.count("p") // 2:
        return "minutes" if "u" in names or not names.count("stage") else "drama"
    if names.count("l") > names.count("p"):
        return "poem"
    short = names.count("opener") == 1 and names.count("p") < 40
    return "letter" if short and "salute" in names else "essay"


# ---------------------------------------------------------------- words of a header


def _who(node: Node, role: str) -> Iterator[Contributor]:
    name = name_of(node)
    if not _NOBODY.fullmatch(name):
        sure = _CERTAINTIES.get(node.get("cert"), "certain")
        yield Contributor(role, "", name, sure, interface.TEI_HEADER)


def name_of(node: Node) -> str:
    """The name of a person or an organisation: “family, given” if it is divided."""
    family = next((n.words for n in node.every("surname") if n.words), "")
    given = " ".join(n.words for n in node.every("forename") if n.words)
    if family:
        links = " ".join(n.words for n in node.every("nameLink") if n.words)
        return ", ".join(filter(None, (family, " ".join(filter(None, (given, links))))))
    names = [n for n in (*node.every("persName", "orgName", "name"), node) if n.words]
    written = names[0].words if names else ""
    for key in (node.get("key"), written):
        if dated := _DATED.fullmatch(key):
            return dated[1]
    return written


def _role(done: str) -> str:
    """The role of someone who did something, in words or as a code of MARC; empty if unknown."""
    if done in ROLES:
        return done
    codes = {code: role for role, code in RELATORS.items()}
    for word in re.findall(r"[a-z]+", done.lower()):
        if word in codes:
            return codes[word]
    return next((role for pattern, role in ROLES_IN_WORDS if pattern.search(done)), "")


def citation_of(work: Node) -> str:
    """A reference in words: as it is written, or its parts with commas between them."""
    if work.mixed:
        return work.words
    parts = [part for part in _leaves(work) if not _ADDRESS.fullmatch(part)]
    return ", ".join(dict.fromkeys(part.rstrip(",") for part in parts))


def _leaves(node: Node) -> Iterator[str]:
    """The words of the innermost elements."""
    for child in node.children:
        if child.name == "idno":
            continue
        if child.mixed or not child.children or child.name in ("persName", "author", "editor"):
            yield from filter(None, [name_of(child) if child.name in _PERSONS else child.words])
        else:
            yield from _leaves(child)


def _at(node: Node, name: str) -> Iterator[Node]:
    if node.name == name:
        yield node
    yield from node.every(name)


def _first_words(node: Node | None, *names: str) -> str:
    """The words of the first of some elements that has some."""
    if node is None:
        return ""
    return next((n.words for name in names for n in node.every(name) if n.words), "")


def _shelf_mark(manuscript: Node | None) -> str:
    """The shelf mark of a manuscript or a book: the first identifier that is no address."""
    found = manuscript.every("idno") if manuscript is not None else iter(())
    single = (n.words for n in found if not any(n.every("idno")))
    return next((words for words in single if words and not _ADDRESS.fullmatch(words)), "")


def _addresses(node: Node, *names: str) -> Iterator[str]:
    """The web addresses in an element."""
    for inner in node.every(*names) if names else (node, *node.every()):
        for text in (inner.get("target"), inner.words):
            if _ADDRESS.fullmatch(text):
                yield text


def _identifier(idno: Node) -> tuple[str, str]:
    """The kind of an identifier (empty: none that texts may have), and the identifier."""
    number = idno.words
    for scheme in OF_TEXTS:
        address = SCHEMES[scheme].address
        for start in (
            address.format(""),
            address.format("").replace("https://doi", "http://dx.doi"),
        ):
            if start and number.startswith(start):
                return scheme, number.removeprefix(start)
    return _SCHEMES.get(idno.get("type").lower(), ""), number.removeprefix("doi:")
