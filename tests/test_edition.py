"""The edition file, both ways: round trips over anything a document may hold; findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.rules_core import inline

from archive_site.edition import body as body_module
from archive_site.edition import ids, markdown
from archive_site.edition.format import dumps, loads, parse, with_meta, without_comments
from archive_site.edition.ids import slug
from archive_site.findings import Unsound
from archive_site.text import document as d
from archive_site.text.numerals import marker_of
from archive_site.text.reading import reading_text
from conftest import ROOT
from examples import examples
from strategies import documents

HEAD = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\n---\n\n"
EDITIONS = sorted((ROOT / "corpus" / "editions").glob("*.md"))


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
def test_an_edition_is_written_as_it_stands(path: Path) -> None:
    text = path.read_text("utf-8")
    assert dumps(loads(text)) == text


# ---------------------------------------------------------------- round trips


@given(documents())
@examples(150)
def test_what_is_written_reads_back(document: d.Document) -> None:
    text = dumps(document)
    read = loads(text)
    assert read == document
    assert dumps(read) == text


@given(st.text(st.characters(codec="utf-8"), max_size=400))
@examples(300)
def test_any_body_is_read_or_told_why_not(body: str) -> None:
    document, findings = parse(HEAD + body, "x.md")
    assert document is not None
    assert all(str(finding).startswith("x.md") for finding in findings)
    if not findings:
        assert loads(dumps(document)) == document


@given(documents(), documents())
@examples(100)
def test_a_file_may_get_another_front_matter(document: d.Document, other: d.Document) -> None:
    text = dumps(document)
    changed = with_meta(text, other.meta)
    read, _ = parse(changed, "x.md")  # aliases of the other text lead nowhere here
    assert read is not None
    assert read.meta == other.meta
    assert with_meta(changed, document.meta) == text


# ---------------------------------------------------------------- what the format means


def body(text: str) -> tuple[d.Block, ...]:
    return loads(HEAD + text).blocks


def test_raw_html_is_text() -> None:
    (block,) = body("Un <b>mot</b> &amp; `code`.")
    assert block.content == (d.Text("Un <b>mot</b> &amp; `code`."),)


def test_a_one_word_note_keeps_its_text() -> None:
    document = loads(HEAD + "Mot.[^3]\n\n[^3]: Ibid.")
    assert document.notes[0].blocks[0].content == (d.Text("Ibid."),)


def test_a_signature_says_whose_a_note_is() -> None:
    document = loads(HEAD + "A[^1] b[^2] c[^3]\n\n[^1]: x [N.E.]\n\n[^2]: y\n\n[^3]: z [N.d.T.]")
    assert [note.kind for note in document.notes] == ["editor", "author", "translator"]


def test_a_scalar_stays_text() -> None:
    text = HEAD.replace("date: ''", "date: 1905")
    assert loads(text + "Mot.").meta.date == d.Claim("1905", "stated")


def test_an_emendation_moves_no_permalink() -> None:
    plain = body("Toutes ces latte et réflexions tendant à prouver.")[0].id
    emended = body('Toutes ces [lutte]{.corr sic="latte"} et réflexions tendant à prouver.')[0].id
    assert plain == emended == "toutes-ces-latte-et-reflexions-tendant"


def test_a_paragraph_put_in_moves_no_other_permalink() -> None:
    before = [block.id for block in body("Un deux trois.\n\nQuatre cinq six.")]
    after = [block.id for block in body("Un deux trois.\n\nNeuf.\n\nQuatre cinq six.")]
    assert set(before) < set(after)


def test_blocks_that_open_alike_have_ids_of_their_own() -> None:
    ids = [block.id for block in body("Notes\n\nNotes\n\nContenu\n\n1917\n\nПравда")]
    assert len(set(ids)) == 5
    assert not {"notes", "contenu", "note-1"} & set(ids)


def test_a_heading_may_end_in_a_number_sign() -> None:
    document = loads(HEAD + "## Prix \\# \\##\n\nMot.")
    assert document.blocks[0].content == (d.Text("Prix # ##"),)
    assert loads(dumps(document)) == document


def outline(text: str) -> list[tuple[str, str]]:
    """The type and the words of each block, with what lists print before it."""
    found = []
    for block in body(text):
        items = (c for c in block.within[block.shared :] if c.kind == "list-item")
        begun = "".join(map(marker_of, items))
        marker = begun if block.type == "list-item" else ""
        found.append((block.type, f"{marker} {reading_text(block.content, end='/')}".strip()))
    return found


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\n".join(f"{c}) {c}" for c in "hij"), [("list-item", f"{c}) {c}") for c in "hij"]),
        ("\n".join(f"{c}.  x" for c in ("I", "II", "III", "IV", "V")), 5),
        ("\n".join(f"{c}. x" for c in "abcdefghijk"), 11),
        ("V. Hugo et p. 12", [("paragraph", "V. Hugo et p. 12")]),
        ("p. 12", [("paragraph", "p. 12")]),
        ("L’*Humanité*, *L’*Humanité", [("paragraph", "L’Humanité, L’Humanité")]),
        ("|\tvers\n|\t\tautre", [("verse", "vers/autre")]),
        ("| un\n  suite\n| deux", [("verse", "un suite/deux")]),
        ("Début\n<!-- x -->\nfin.", [("paragraph", "Début fin.")]),
        ("- a\n<!-- c -->\n- b", [("list-item", "a"), ("list-item", "b")]),
        ("# Titre # {#t}", [("heading", "Titre")]),
        ("> | a\n> | b", [("verse", "a/b")]),
        ("::: {lang=de}\n::: stage\n(Rires.)\n:::\n:::", [("stage", "(Rires.)")]),
        ("- ::: stage\n  (Rires.)\n  :::\n- b", [("stage", "(Rires.)"), ("list-item", "b")]),
        ("a | b\n--|--\n1 | 2\n\n: Mots", [("table", "a/b/1/2"), ("caption", "Mots")]),
        ("un^[XIV^e^] mot", [("paragraph", "un mot")]),
        ("01\\. a", [("paragraph", "01. a")]),
        ("١. a", [("paragraph", "١. a")]),
        ("(MMMMMM) a", [("list-item", "(MMMMMM) a")]),
        ("- a | b\n|---|---|", [("table", "a/b")]),
    ],
)
def test_it_reads_as_pandoc_does(text: str, read: list[tuple[str, str]] | int) -> None:
    found = outline(text)
    if isinstance(read, int):
        assert len(found) == read and {kind for kind, _ in found} == {"list-item"}
        (number,) = {b.within[0] for b in body(text)}
        assert number.kind == "list"
    else:
        assert found == read


def test_a_note_in_a_note_keeps_its_words() -> None:
    document = loads(HEAD + "Un[^1].\n\n[^1]: Voir le tome premier^[Perdu.].")
    words = {n.label: reading_text(n.blocks[0].content, calls=True) for n in document.notes}
    assert words == {"1": "Voir le tome premier[^2].", "2": "Perdu."}


def test_a_note_may_be_defined_in_a_note() -> None:
    document = loads(HEAD + "Un[^1].\n\n[^1]: a[^2]\n\n    [^2]: b\n\n    c")
    words = {
        n.label: [reading_text(b.content, calls=True) for b in n.blocks] for n in document.notes
    }
    assert words == {"1": ["a[^2]", "c"], "2": ["b"]}
    assert [reading_text(block.content) for block in document.blocks] == ["Un."]


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("a <!-- b --> c", "a <!-- --> c"),
        ("a \\<!-- b --> c", "a \\<!-- b --> c"),
        ("a \\\\<!-- b --> c", "a \\\\<!-- --> c"),
        ('[a]{.doubt why="<!-- b -->"}', '[a]{.doubt why="<!-- b -->"}'),
        ('a ]\\{ " <!-- b --> " }', 'a ]\\{ " <!-- --> " }'),
        ('a \\]{ " <!-- b --> " }', 'a \\]{ " <!-- --> " }'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_comment_is_not_published(text: str, published: str, end: str) -> None:
    head = HEAD.replace("title: T", "title: T <!-- t -->").replace("\n", end)
    assert without_comments(head + text) == head + published


def test_a_quotation_within_a_quotation_stays_one() -> None:
    blocks = body("::: {.quote speaker=a}\nIl écrit :\n\n> Cité.\n:::")
    assert [len(block.within) for block in blocks] == [1, 2]
    blocks = body("::: {.quote speaker=a}\n> Il écrit :\n>\n> Cité.\n:::")
    assert [len(block.within) for block in blocks] == [1, 1]


def test_a_list_and_a_quotation_hold_together() -> None:
    blocks = body("> a\n>\n> b\n\n> c\n\n- d\n- e")
    assert [block.continues for block in blocks] == [False, True, False, False, False]
    assert [block.type for block in blocks] == ["quotation"] * 3 + ["list-item"] * 2


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Mot.[^1]", "E020", 9),
        ("Mot.\n\n[^1]: Note.", "E021", 11),
        ("Mot.[^1]\n\n[^1]: Une.\n\n[^1]: Deux.", "E022", 13),
        ("# Un {#a}\n\n# Deux {#a}\n\nMot.", "E023", 11),
        ("Mot.\n\n::: quote\n> Sans fin", "E024", 11),
        ("Mot.\n\n::: citation\nx\n:::", "E024", 11),
        ("::: {.stage speaker=x}\n(Rires.)\n:::", "E024", 9),
        ("[la]{.corr}", "E024", 9),
        ("[la]{.cor sic=x}", "E024", 9),
        ("[la]{.corr sic=!a}", "E024", 9),
        ("[mot]{.doubt}", "E024", 9),
        ("[mot]{.pb n=3}", "E024", 9),
        ("1. Un point\n3. Un autre", "E024", 10),
        ("Mot^[une note", "E024", 9),
        ("1. un\n   2. deux", "E024", 10),
        ("*italique non fermé", "E024", 9),
        ("Adresse\\\nrue\\", "E024", 10),
        ("espace\\ insécable", "E024", 9),
        ("Terme\n:   définition", "E024", 10),
        ("Voir ![x](http://y.fr)", "E024", 9),
        ("H~2~O", "E024", 9),
        (":: stage\n(Rires.)\n::", "E024", 9),
        ("####### Titre", "E024", 9),
        ("B.  un\nC.  deux", "E024", 9),
        ("un\ndeux\n[mot]{.smalcaps}", "E024", 11),
        ("::: speech\n:::\n\nMot.", "E024", 9),
        ("::: {.speech speker=x}\nMot.\n:::", "E024", 9),
        ("Mot[^1].\n\n[^1]:", "E026", 11),
        ("Mot^[].", "E026", 9),
        ("Mot[^note 1].", "E024", 9),
        ("# Titre {#Mot}", "E024", 9),
        ("# Titre {.classe}", "E024", 9),
        ("| an | prix |", "E024", 9),
        ("Mot <!-- sans fin", "E024", 9),
        ("Mot\n| vers", "E024", 10),
        ("Titre\n=====", "E024", 10),
        ("```\ncode\n```", "E024", 9),
        ("[mot]: https://exemple.fr", "E024", 9),
        ("Mot [-@clef, p. 12].", "E024", 9),
        ("~~mot~~", "E024", 9),
        ("#Titre", "E024", 9),
        (":::\nMot", "E024", 9),
        ("::: stage\n- (Rires.)\n:::", "E024", 10),
        ("[M. X.]{.speaker} Mot.", "E024", 9),
        ("::: speech\nMot [M. X.]{.speaker}\n:::", "E024", 10),
        ("[mot]{lang=français}", "E024", 9),
        ("::: {lang=x}\nMot\n:::", "E024", 9),
        ("1.\n2. Un", "E024", 9),
        ("01. Un", "E024", 9),
        ("| a |\n|---|\n| b |\n\n: <!-- c -->", "E024", 13),
        ("Mot[^1].\n\n[^1]: ## Titre {#a}", "E024", 11),
        ("| [M. X.]{.speaker} | b |\n|---|---|\n| c | d |", "E024", 9),
        ("::: speech\n| vers\n| [M. X.]{.speaker} vers\n:::", "E024", 11),
        ("::: speech\nMot.\n\n[M. X.]{.speaker} Mot.\n:::", "E024", 12),
        ("a[^0]\n\n" + "\n\n".join(f"[^{n}]: b[^{n + 1}]" for n in range(200)), "E024", 51),
        ("", "E026", 8),
        ("Mot\x07.", "E002", 9),
    ],
)
def test_a_fault_of_the_text_is_found(text: str, code: str, line: int) -> None:
    with pytest.raises(Unsound) as error:
        loads(HEAD + text, "x.md")
    found = [(finding.code, finding.line) for finding in error.value.findings]
    assert (code, line) in found
    assert all(f.message and f.path == "x.md" for f in error.value.findings)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("---\nid", "id", "E010", 1),
        ("title: T", "title: [T", "E011", 4),
        ("title: T", "title: *a", "E011", 3),
        ("title: T", "title: !!python/name:os T", "E011", 3),
        ("date: ''", "date: 12 mars", "E012", 6),
        ("date: ''", "date: {value: 1917-13-01, certainty: certain, ground: x}", "E012", 6),
        ("kind: essay", "kind: essay\nkinds: essay", "E013", 5),
        ("title: T\n", "", "E014", 1),
        ("title: T", "title: ''", "E014", 3),
        ("kind: essay", "kind: Roman", "E015", 4),
        ("creator: ''", "creator: [a]", "E015", 5),
        ("creator: ''", "creator: {key: a, name: A, certainty: stated}", "E015", 5),
        ("creator: ''", "creator: {key: a, role: translator, certainty: stated}", "E015", 5),
        ("date: ''", "addressee: {key: a, role: x, certainty: stated}\ndate: ''", "E013", 6),
        ("creator: ''", "contributors: [a]", "E015", 5),
        ("creator: ''", "contributors: [{name: A}]", "E014", 5),
        ("creator: ''", "contributors: [{name: A, role: traducteur}]", "E015", 5),
        ("creator: ''", "contributors: [{role: translator, certainty: proposed}]", "E014", 5),
        ("creator: ''", "contributors: [{name: A, role: editor, ground: x}]", "E017", 5),
        ("creator: ''", "contributors:\n- {name: A, role: editor}\n- a", "E015", 7),
        ("creator: ''", "creator: a\ncontributors: [{key: a, role: author}]", "E016", 6),
        ("date: ''", "language: français\ndate: ''", "E015", 6),
        ("date: ''", "original: {language: allemand}\ndate: ''", "E015", 6),
        ("date: ''", "rights: libre\ndate: ''", "E015", 6),
        ("date: ''", "source: {cote: x}\ndate: ''", "E013", 6),
        ("date: ''", "source: {url: 'javascript:a'}\ndate: ''", "E015", 6),
        ("date: ''", "source: {taken: hier}\ndate: ''", "E012", 6),
        ("date: ''", "source: {reference: 'un livre, p. 3'}\ndate: ''", "E015", 6),
        ("date: ''", "original: [a]\ndate: ''", "E015", 6),
        ("date: ''", "original:\n  title: A\n  date: mars\ndate: ''", "E012", 8),
        ("date: ''", "license: CC-BY-4.0\ndate: ''", "E015", 6),
        ("date: ''", "license: {edition: libre}\ndate: ''", "E015", 6),
        ("date: ''", "license: {edition: CC-BY-4.0 OR MIT}\ndate: ''", "E015", 6),
        ("date: ''", "license: {texte: CC-BY-4.0}\ndate: ''", "E013", 6),
        ("date: ''", "identifiers: {doi: zenodo.1}\ndate: ''", "E064", 6),
        ("date: ''", "identifiers: {lccn: a}\ndate: ''", "E013", 6),
        ("title: T", "title: T\ntitle: U", "E016", 4),
        ("date: ''", "date: {value: 1917}", "E017", 6),
        ("date: ''", "date: {value: 1917, certainty: certain}", "E017", 6),
        ("date: ''", "revisions: x\ndate: ''", "E015", 6),
        ("date: ''", "revisions: [{date: 2026-02-30, what: x}]\ndate: ''", "E012", 6),
        ("date: ''", "revisions: [{date: 1921~, what: x}]\ndate: ''", "E012", 6),
        ("date: ''", "revisions: [{date: 2026-02-03}]\ndate: ''", "E014", 6),
        ("date: ''", "omissions: [{lines: a-b, why: x}]\ndate: ''", "E015", 6),
        ("date: ''", "omissions: [{lines: 0-3, why: x}]\ndate: ''", "E015", 6),
        ("date: ''", "omissions: [{lines: 3-1, why: x}]\ndate: ''", "E015", 6),
        ("date: ''", "order: [1-2, 9-12]\ndate: ''", "E015", 6),
        ("date: ''", "order: [12-9]\ndate: ''", "E015", 6),
        ("id: x", "id: Ça va", "E018", 2),
    ],
)
def test_a_fault_of_the_front_matter_is_found(old: str, new: str, code: str, line: int) -> None:
    _, findings = parse(HEAD.replace(old, new) + "Mot.", "x.md")
    assert (code, line) in [(finding.code, finding.line) for finding in findings]


@pytest.mark.parametrize("escape", [r"\x07", r"\f", r"\v", r"\ufffe"])
def test_a_character_that_is_no_text_is_told_however_it_is_written(escape: str) -> None:
    text = HEAD.replace("title: T", f'title: "T{escape}"') + "Mot."
    document, findings = parse(text, "x.md")
    assert document is not None and document.meta.title.value == "T"
    assert [(f.code, f.line) for f in findings] == [("E002", 3)]


@pytest.mark.parametrize("control", ["\x07", "\x0b", "\x0c"])
def test_a_control_character_in_the_text_is_told(control: str) -> None:
    _, findings = parse(HEAD + f"Mot{control}.", "x.md")
    assert [(f.code, f.line) for f in findings] == [("E002", 9)]


@pytest.mark.parametrize(
    "address", ["https://a.b/)*c", "https://a.b/[^1", "https://a.b/~c~", "https://a.b/!["]
)
def test_an_address_has_no_markup(address: str) -> None:
    document = loads(HEAD + f"<{address}>")
    assert document.blocks[0].content == (d.Link((d.Text(address),), address),)
    assert dumps(document).endswith(f"<{address}>\n")


SIGNS = "* _ ** [ ]( ) ] ^ \\ < > ! # - + ~ ` : ::: { } = & é mot 1. [^1] [^1]: []{.pb} https://a.b"
BREAKS = [" ", "\n", "\n\n", "\\\n", "    ", "::: quote\n", "\n:::\n", "\n> ", "\n- "]
SPANS = ['[a b]{.corr sic="b"}', "<https://a.b>", "[^1]: é"]
MARKS = st.lists(st.sampled_from([*SIGNS.split(), *BREAKS, *SPANS]), max_size=40).map("".join)


@given(MARKS)
@examples(400)
@example("\n> *\n> \n> ")
def test_what_is_passed_over_is_no_markup(body: str) -> None:
    """An edition reads the same where every rule looks at every sign."""
    every = markdown.parser.__wrapped__()
    every.block.ruler.disable("letter")
    every.core.ruler.at("inline", inline)
    every.inline.terminator_re = MarkdownIt().inline.terminator_re
    text = HEAD + body
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body_module, "parser", lambda: every)
        plainly = parse(text, "x.md")
    assert parse(text, "x.md") == plainly


@given(st.text(st.sampled_from("aé’' -.Œ\u0301İ1"), max_size=120))
def test_a_short_piece_has_the_same_first_words(words: str) -> None:
    first, *_ = ids._openings(words)
    assert first == slug(words.replace("’", " ")).split("-")[: ids.ID_WORDS]


@pytest.mark.parametrize("words", ["[nom@hote]> ls", "voir [a@b.c] ou a@b.c", "[x y@z, p. 3]"])
def test_an_address_in_brackets_is_no_citation(words: str) -> None:
    read, findings = parse(HEAD + words + "\n", "x.md")
    assert findings == []
    assert read is not None and reading_text(read.blocks[0].content) == words
    assert loads(dumps(read)) == read
