"""Map: an analysis is a pure function of its key, and all of it comes back from the cache."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import shutil
import subprocess
import sys
import types
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw, Struct

from archive_site.build import load
from archive_site.build.build import BuildRequest, build
from archive_site.build.executors import Workers
from archive_site.build.inputs import read_inputs
from archive_site.build.load import _Common
from archive_site.build.progress import Progress
from archive_site.build.state import State, Store
from archive_site.corpus.bibliography import FormattedReference
from archive_site.corpus.records import Edition, Site
from archive_site.edition.authority import Entry, Form
from archive_site.edition.format import dumps
from archive_site.exports import package
from archive_site.exports.harvest import News, Record
from archive_site.files.pack import Pack, Span, decoded, encoded
from archive_site.findings import Finding, Unsound
from archive_site.model import analysis
from archive_site.model.analysis import (
    AnalysisInput,
    Authorities,
    Facts,
    NamedPassage,
    NamingInText,
    StoredText,
    analyse,
    packed_entries,
    text_of,
)
from archive_site.model.site_model import SiteModel
from archive_site.names.mentions import FormMatcher, passages_of
from archive_site.pages.related import SharedPassage
from archive_site.search.postings import Filed, IndexLine, Posting
from archive_site.search.shards import Plan
from archive_site.site.check import Links
from archive_site.text.document import Document
from archive_site.text.reading import witness_text
from archive_site.witness.collate import Collation, collate
from archive_site.witness.witness import Witness, witness_of
from conftest import GOLDEN, ROOT
from examples import examples
from strategies import documents
from twice import differences, files_of, made_whole

ENTRIES = {
    "lenine": Entry("person", "lenine", "Lénine", "Lénine", (Form("mot"), Form("fin"))),
    "a": Entry("organisation", "a", "a", "a"),
    "b": Entry("work", "b", "bé", "bé"),
    "a-b": Entry("place", "a-b", "A.-B.", "B., A."),
}

# ---------------------------------------------------------------- a text


def witness_from(document: Document) -> Witness:
    """What a document might have been read from."""
    blocks = [*document.blocks, *(block for note in document.notes for block in note.blocks)]
    words = "\n\n".join(witness_text(block.content) for block in blocks)
    return witness_of(words.encode(), "temoin.txt", words.encode(), "temoin.txt")


@given(document=documents(), witnessed=st.booleans())
@examples(120)
def test_a_text_comes_back(document: Document, witnessed: bool) -> None:
    """Every record and every markup that an edition may have."""
    witness = witness_from(document) if witnessed else None
    collation = collate(document, witness, "x.md") if witness else None
    edition = Edition(document, "x.md", witness, collation, "0123abc")
    passages = passages_of(edition, FormMatcher(ENTRIES.values()))
    data = encoded(analysis._stored_text(edition, passages))
    back, passages_back = text_of(data)
    assert back.document == document
    assert _lines(back.document) == _lines(document)
    assert back.witness == witness
    kept = collation and replace(collation, findings=(), differences=())
    assert back.collation == kept
    assert back == replace(edition, collation=kept)
    assert passages_back == passages
    assert [p.mentions for p in passages_back] == [p.mentions for p in passages]
    assert encoded(analysis._stored_text(back, passages_back)) == data
    assert dumps(back.document) == dumps(document)


def _lines(document: Document) -> list[int]:
    return [b.line for b in document.blocks] + [note.line for note in document.notes]


# ---------------------------------------------------------------- every record

PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=6),
    int: st.integers(-(1 << 63), (1 << 64) - 1),
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    bytes: st.binary(max_size=6),
    type(None): st.none(),
    Raw: st.just(Raw(encoded((NamedPassage("a", True, b"b"),)))),
    Any: st.none() | st.text(max_size=3) | st.lists(st.integers(0, 9), max_size=2),
}


@cache
def values(kind: Any) -> st.SearchStrategy[Any]:
    """Anything of a type that a record may have."""
    if kind in PLAIN:
        return PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(inner)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([st.deferred(lambda k=k: values(k)) for k in inner])  # type: ignore[misc]
    if origin is tuple and inner[-1] is not Ellipsis:
        return st.tuples(*map(values, inner))
    if origin in (tuple, list, Sequence, set, frozenset):
        make = origin if origin in (tuple, set, frozenset) else list
        size = 1 if inner[0] == "Inline" else 2
        return st.lists(values(inner[0]), max_size=size).map(make)
    if origin in (dict, Mapping):
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=2)
    return record(kind)


@cache
def record(kind: Any) -> st.SearchStrategy[Any]:
    """Anything that a record may be, each of its fields by its type."""
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: values(hints[name]) for name in _fields(kind)})


def _fields(kind: Any) -> list[str]:
    if is_dataclass(kind):
        return [field.name for field in fields(kind)]
    if issubclass(kind, Struct):
        return list(kind.__struct_fields__)
    assert issubclass(kind, tuple)  # a NamedTuple
    return list(kind._fields)


KEPT: tuple[Any, ...] = (
    Facts, _Common, list[Entry], list[NamedPassage], analysis.EntryInText,
    list[analysis.LinkToText], FormattedReference, dict[str, analysis.Opening], list[Posting],
    dict[str, IndexLine], dict[str, Filed], Plan,
    tuple[SharedPassage, ...], package.FileInfo, list[News], Record, dict[str, Links],
    dict[str, Span], dict[str, NamingInText], State, Collation, list[Finding],
)  # fmt: skip
"""All that is read back, and what a text is made of beside its document."""


@pytest.mark.parametrize("kind", KEPT, ids=str)
@given(data=st.data())
@examples(30)
def test_every_record_comes_back(kind: Any, data: st.DataObject) -> None:
    value = data.draw(values(kind))
    kept = encoded(value)
    back = decoded(kept, kind)
    assert back == value
    if "frozenset({" not in repr(value):  # a set has no order
        assert encoded(back) == kept  # fields that are not compared, too


def test_all_that_is_read_back_is_tested() -> None:
    kinds = set()
    for path in (ROOT / "src" / "archive_site").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "decoded":
                kinds.add(ast.unparse(node.args[1]))
    names = {re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(kind)) for kind in KEPT}
    names |= {getattr(kind, "__name__", "") for kind in KEPT} | {"list[Posting]"}
    # Other tests have a text; what words lead to is plain lists; the last is any of these.
    assert kinds - names == {"StoredText", "dict[str, list[Lead]]", "kind"}


# ---------------------------------------------------------------- a pure function


def source_of(folder: Path, name: str) -> AnalysisInput:
    """What an edition is analysed from, all files of its corpus among it."""
    files = dict(read_inputs(folder, {}))
    listed = files.get("witnesses/SHA256SUMS", b"").decode()
    sums = (line.split() for line in listed.splitlines())
    return AnalysisInput("corpus", name, files, {name: sha256 for sha256, name in sums})


ANALYSED = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from test_analysis import digests
print(digests())
"""
TEXTS = (
    (GOLDEN / "corpus", "editions/discours-1905.md"),
    (GOLDEN / "corpus", "editions/lettre-1906.md"),
    (ROOT / "tests" / "all_markup", "editions/de-tout.md"),
)


def digests() -> list[str]:
    """What names the analyses of some texts."""
    entries = packed_entries(ENTRIES)
    return [hashlib.sha256(analyse(source_of(*text), entries).data).hexdigest() for text in TEXTS]


def test_an_analysis_is_the_same_in_whatever_process() -> None:
    here = digests()
    assert digests() == here
    assert len(set(here)) == len(TEXTS)
    for seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", ANALYSED, str(Path(__file__).parent)],
            env=os.environ
            | {"PYTHONHASHSEED": seed, "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == str(here)


def test_what_cannot_be_read_has_findings_alone() -> None:
    found = analyse(
        AnalysisInput("c", "editions/a.md", {"editions/a.md": b"\xff"}, {}), packed_entries({})
    )
    assert (found.data, found.facts) == (b"", None)
    assert [finding.code for finding in found.findings] == ["E002"]


def test_its_sections_are_where_its_facts_say() -> None:
    found = analyse(source_of(*TEXTS[0]), packed_entries(ENTRIES))
    assert found.facts is not None
    assert found.facts.start + found.facts.size == len(found.data)
    facts = decoded(found.data[found.facts.start :], Facts)
    spans = [
        facts.stored_text,
        facts.script,
        facts.openings,
        facts.rows,
        *facts.references.values(),
    ]
    spans += [facts.named, facts.groups]

    def section(span: Span, kind: Any) -> Any:
        return decoded(found.data[span.start : span.start + span.size], kind)

    spans += [named.span for named in section(facts.named, dict[str, NamingInText]).values()]
    spans += section(facts.groups, dict[str, Span]).values()
    assert sum(span.size for span in spans) == found.facts.start
    read = found.data[facts.stored_text.start : facts.stored_text.start + facts.stored_text.size]
    assert decoded(read, StoredText).document.meta.id == facts.id == "discours-1905"


WRONG = (
    "kind: autre", "status: autre", "calendar: autre", "notes: autre", "language: [a]",
    "creator: {key: durand, role: autre}", "date: {value: '1905', certainty: autre}",
    'summary: "\\ud800"', 'summary: "\\U0001F600 \\0"', "rights: {autre: x}", "rights: x",
    "order: [99999999999999999999-99999999999999999999]", "order: [-1]", "order: 0",
    "omissions: [{lines: 99999999999999999999999, why: x}]", "omissions: [{lines: '-5', why: x}]",
    "revisions: [{date: '0000-00-00', what: x}]", "year: '99999999999999999999'",
    "witness: ../x", "witness: [a]", "witness: {a: b}", "covers: '1/2'", "id: ../a",
    "title: {value: {a: b}}", "inconnu: x", "remarks: {a: b}",
)  # fmt: skip


@pytest.mark.parametrize("field", WRONG)
def test_whatever_stands_in_an_edition_is_a_finding(archive: BuildRequest, field: str) -> None:
    """What it should not have is kept and read back like the rest, and never breaks the program."""
    edition = archive.corpus / "editions" / "lettre-1906.md"
    name = field.partition(":")[0]
    words = re.sub(f"(?m)^{name}:.*\n(?: .*\n)*", "", edition.read_text("utf-8"))
    edition.write_text(words.replace("---\n", f"---\n{field}\n", 1), "utf-8")
    found: list[tuple[str, ...]] = []
    for make in (build, build, made_whole):
        with suppress(Unsound):
            make(archive)
            found.append(("sound",))
            continue
        with pytest.raises(Unsound) as raised:
            make(archive)
        found.append(tuple(map(str, raised.value.findings)))
    assert found[0] == found[1] == found[2]


# ---------------------------------------------------------------- its key


@pytest.fixture
def archive(tmp_path: Path) -> BuildRequest:
    shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus")
    corpus = tmp_path / "corpus"
    (corpus / "witnesses" / "lettre.txt").write_text("Mon ami", "utf-8")  # nobody names it
    with (corpus / "witnesses" / "SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.write(f"{'0' * 64}  lettre.txt\n")
    return BuildRequest(corpus, tmp_path / "site", exports=False, jobs=1)


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are analysed from now on."""
    found: list[str] = []

    def telling(source: AnalysisInput, entries: bytes) -> analysis.Analysis:
        found.append(Path(source.name).stem)
        return analyse(source, entries)

    monkeypatch.setattr(load, "analyse", telling)
    return found


LETTER, SPEECH = "lettre-1906", "discours-1905"
BOTH = {LETTER, SPEECH}
Change = tuple[str, str, str, Collection[str]]
CHANGES: dict[str, Change] = {
    # its own files
    "its words": ("editions/lettre-1906.md", "Mon ami", "Mon cher ami", {LETTER}),
    "another's words": ("editions/discours-1905.md", "date: .*", "date: '1905'", {SPEECH}),
    "its witness": ("witnesses/discours-1905.txt", "Citoyens,", "Citoyennes,", {SPEECH}),
    "its checksum": ("witnesses/SHA256SUMS", "756589", "856589", {SPEECH}),
    "its checksum gone": ("witnesses/SHA256SUMS", ".*discours-1905.txt\n", "", {SPEECH}),
    "its witness's name": (
        "editions/discours-1905.md", "witness: discours-1905.txt", "witness: lettre.txt", {SPEECH},
    ),
    # names
    "a form": ("people.yaml", "see:", "forms: [oratrice]\n  see:", BOTH),
    "a form's rule": ("events.yaml", r"not_in: \[lettre-1906\]", "not_in: [discours-1905]", BOTH),
    "a name": ("people.yaml", "name: Jeanne", "name: Jeannette", BOTH),
    "an entry": ("people.yaml", r"\Z", "martin:\n  name: Martin\n", BOTH),
    "an entry gone": ("places.yaml", "paris:\n  name: Paris\n", "", BOTH),
    # other texts' files
    "another's checksum": ("witnesses/SHA256SUMS", "0{64}", "1" * 64, ()),
    "a comment on checksums": ("witnesses/SHA256SUMS", r"\A", "# x y\n", ()),
    "a witness that nobody names": ("witnesses/lettre.txt", "Mon", "Ton", ()),
    # what the site says, what an entry says
    "the site": ("site.yaml", "title: Petite", "title: Grande", ()),
    "words unclaimed": ("unclaimed.yaml", "mot d’une", "le mot d’une", ()),
    "a description": ("people.yaml", "Oratrice de", "Grande oratrice de", ()),
    "a line": ("people.yaml", r"\A", "# Personnes\n\n", ()),
    "a sort": ("people.yaml", "sort: Durand, Jeanne", "sort: Durand", ()),
    "years": ("people.yaml", "1870–1940", "1871–1940", ()),
    "an identifier": ("people.yaml", "Q0", "Q1", ()),
    "a link": ("people.yaml", "see:", "links: ['https://exemple.fr/']\n  see:", ()),
    "what to see": ("people.yaml", "see: .*", "see: []", ()),
    "a note that explains": ("glossary.yaml", "#1", "#2", ()),
    "a date": ("events.yaml", "1904~", "1904", ()),
    "a place": ("events.yaml", "place: paris", "place: notre-dame", ()),
    "a creator": ("works.yaml", "  creator: durand\n", "", ()),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_the_key_changes_with_what_it_names(
    name: str, archive: BuildRequest, analysed: list[str]
) -> None:
    """With each of these and with nothing else; whatever is kept, all is as in a first build."""
    build(archive)
    analysed.clear()
    file, old, new, expected = CHANGES[name]
    path = archive.corpus / file
    before = path.read_text("utf-8")
    after = re.sub(old, new.replace("\\", r"\\"), before, count=1)
    assert after != before
    for words, again in ((after, expected), (before, expected)):
        path.write_text(words, "utf-8")
        told = _outcome(build, archive)
        assert set(analysed) in (set(again), set())  # a build of what is published analyses nothing
        assert set(analysed) == set(again) or words == before
        analysed.clear()
        assert told == _outcome(made_whole, archive)
        analysed.clear()


def _outcome(make: Callable[[BuildRequest], Any], asked: BuildRequest) -> Any:
    """The findings that stop it, or the site."""
    try:
        made = make(asked)
    except Unsound as error:
        return error.findings
    return made[0] if make is made_whole else files_of(asked.output)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        # Whether a text that names no witness should, is told by the names of witnesses.
        (lambda witnesses: (witnesses / "autre.txt").write_text("x"), {LETTER}),
        (lambda witnesses: (witnesses / "lettre-1906.txt").write_text("x"), {LETTER}),
        (lambda witnesses: (witnesses / "lettre.txt").unlink(), {LETTER}),
        (lambda witnesses: (witnesses / "discours-1905.txt").unlink(), BOTH),
        (lambda witnesses: (witnesses / "discours-1905.txt").touch(), ()),
    ],
)
def test_names_of_witnesses_count_where_a_text_has_none(
    edit: Callable[[Path], object],
    expected: Collection[str],
    archive: BuildRequest,
    analysed: list[str],
) -> None:
    build(archive)
    analysed.clear()
    edit(archive.corpus / "witnesses")
    told = _outcome(build, archive)
    assert set(analysed) == set(expected)
    assert told == _outcome(made_whole, archive)


def test_a_witness_that_is_not_there_is_awaited(archive: BuildRequest, analysed: list[str]) -> None:
    speech = archive.corpus / "editions" / "discours-1905.md"
    speech.write_text(speech.read_text("utf-8").replace("witness: discours", "witness: discous"))
    witnesses = archive.corpus / "witnesses"
    first = _outcome(build, archive)
    assert [finding.code for finding in first if finding.stops] == ["E032"]
    for name, again in (("autre.txt", BOTH), ("discous-1905.txt", BOTH)):
        analysed.clear()
        shutil.copy(witnesses / "discours-1905.txt", witnesses / name)
        told = _outcome(build, archive)
        assert set(analysed) == again
        assert told == _outcome(made_whole, archive) != first


def test_names_may_be_composed_or_not(archive: BuildRequest, analysed: list[str]) -> None:
    """macOS takes “é” apart in the names of files."""
    speech = archive.corpus / "editions" / "discours-1905.md"
    words = speech.read_text("utf-8").replace("witness: discours-1905.txt", "witness: témoin.txt")
    speech.write_text(words, "utf-8")
    witnesses = archive.corpus / "witnesses"
    (witnesses / "discours-1905.txt").rename(witnesses / "te\u0301moin.txt")
    sums = witnesses / "SHA256SUMS"
    sums.write_text(sums.read_text("utf-8").replace("discours-1905.txt", "témoin.txt"), "utf-8")
    site = _outcome(build, archive)
    assert differences(site, _outcome(made_whole, archive)) == []
    analysed.clear()
    sums.write_text(sums.read_text("utf-8").replace("756589", "856589"), "utf-8")
    assert "E004" in {finding.code for finding in _outcome(build, archive)}
    assert set(analysed) == {SPEECH}


def test_a_corpus_in_another_place_is_analysed_again(
    archive: BuildRequest, analysed: list[str], tmp_path: Path
) -> None:
    """Its files have other names, which findings tell."""
    build(archive)
    analysed.clear()
    (tmp_path / "corpus").rename(tmp_path / "moved")
    moved = replace(archive, corpus=tmp_path / "moved")
    assert differences(_outcome(build, moved), _outcome(made_whole, moved)) == []
    assert set(analysed) == BOTH


HEADS = (
    "witness: a.txt", "witness: a.txt  ", "witness:", "witness: ''", 'witness: "a.txt"',
    "witness: a.txt # comment", "witness : a.txt", "'witness': a.txt", '"witness": a.txt',
    "witness: 0x10", "witness: 012", "witness: null", "witness: ~", "witness: true",
    "witness: 1e3", "witness: a.txt\nwitness: b.txt", "witness:\n  a.txt",
    "witness: a.txt\n  b.txt", "witness: >\n  a.txt", "witness: |\n  a.txt",
    "witness: [a.txt]", "witness: é.txt", "witness: e\u0301.txt", "witness: a b.txt",
    "summary: |\n  witness: b.txt", 'summary: "\nwitness: b.txt\n"',
    "summary: 'x\nwitness: b.txt\ny'\nwitness: a.txt", "witness: a.txt\r", "# witness: a.txt",
    "? witness\n: a.txt", "witness: &x a.txt", "witness: !!str a.txt", "witness: --- a.txt",
    "witness: a.txt\n...", "witness: -a.txt", "witness: .", "witness: ..", "Witness: a.txt",
    "witnesses: a.txt", "\twitness: a.txt", "witness:\ta.txt", "witness:a.txt",
)  # fmt: skip
"""Front matter of every shape that may name a witness."""


@pytest.mark.parametrize("head", HEADS)
def test_the_witness_is_the_one_that_is_named(head: str, tmp_path: Path) -> None:
    """It is guessed: what comes of it is what would come of an edition that is given all files."""
    (tmp_path / "editions").mkdir()
    (tmp_path / "witnesses").mkdir()
    for name in ("a.txt", "b.txt", "e\u0301.txt", "a b.txt", "null", "012", "-a.txt"):
        (tmp_path / "witnesses" / name).write_text(f"Mot de {name}.", "utf-8")
    begins = "id: {}\ntitle: A\nkind: essay\ncreator: ''\ndate: '1917'\n"
    ends = "status: draft\n---\n\nMot.\n\nwitness: c.txt\n", "", "---", "---\n"
    for n, end in enumerate(ends):
        data = f"---\n{begins.format(f't{n}')}{head}\n{end}".encode()
        (tmp_path / "editions" / f"t{n}.md").write_bytes(data)
    inputs = read_inputs(tmp_path, {})
    with Store(None, "") as store, Workers() as workers:
        for _ in range(2):  # the second time, it is known
            model, _ = load.load(inputs, "", False, store, workers, Progress.silent())
            for n in range(len(ends)):
                name = f"editions/t{n}.md"
                expected = analyse(
                    replace(source_of(tmp_path, name), root=str(tmp_path)), packed_entries({})
                )
                kept = store.state.texts[name]
                assert kept.findings == expected.findings
                assert (kept.facts is None) == (expected.facts is None)
                if kept.span and kept.facts:
                    assert store.pack.read(kept.span) == expected.data
                    assert model.texts[f"t{n}"].meta.witness == kept.witness


def test_an_index_is_there_for_its_entries_alone() -> None:
    """Whatever was asked before: to look for works makes no index of works."""
    model = SiteModel(Site("Essai"), Authorities({}), {}, {}, Pack())
    assert model.authorities.works_of == model.authorities.works_that_are == {}
    assert model.authorities.happened_on == {}
    assert model.frame.indexes == ()
