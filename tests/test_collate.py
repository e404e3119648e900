"""The collation finds every change that no one declared."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from functools import cache
from itertools import chain, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive_site.edition.format import dumps, loads, parse
from archive_site.edition.ids import identified
from archive_site.findings import Finding
from archive_site.text.document import Block, Document, Emendation, NoteCall, Text
from archive_site.text.reading import NOT_TEXT, reading_text, witness_text
from archive_site.witness.collate import Collation, WordCounts, _Placed, _State, collate
from archive_site.witness.declare import declare
from archive_site.witness.stream import HYPHENS, Stream, bare, gaps_of
from archive_site.witness.witness import Witness, read_witness
from conftest import ROOT
from examples import examples

HEAD = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\nwitness: x.txt\n"
EDITIONS = sorted((ROOT / "corpus" / "editions").glob("*.md"))


def collated(witness: str, body: str, front_matter: str = "") -> Collation:
    text = f"{HEAD}{front_matter}---\n\n{body}\n"
    lines = tuple(witness.split("\n"))
    return collate(loads(text), Witness("x.txt", lines, 0, ""), "x.md")


def findings(witness: str, body: str, front_matter: str = "") -> list[Finding]:
    return list(collated(witness, body, front_matter).findings)


@pytest.mark.parametrize(
    ("witness", "body"),
    [
        ("Un gou-\nvernement provisoire.", "Un gouvernement provisoire."),
        ("Le pré-\nParlement.", "Le pré-Parlement."),
        ("Le XIV\ne\n congrès", "Le XIV^e^ congrès"),
        ("Un  mot   de plus.", "Un mot de plus."),
        ("Le mot1 fin.\n\n1. Une note.", "Le mot[^1] fin.\n\n[^1]: Une note."),
        ("Le mot [1] fin.\n[1] Note.", "Le mot[^1] fin.\n\n[^1]: Note."),
        ("devant !a porte", 'devant [la]{.corr sic="!a"} porte'),
        ("un un mot", 'un []{.corr sic="un"} mot'),
        ("- un\n\n• deux", "- un\n- deux"),
        ("http://a.fr/b/\nc.htm", "<http://a.fr/b/c.htm>"),
    ],
)
def test_what_recovery_does_is_no_difference(witness: str, body: str) -> None:
    assert findings(witness, body) == []


def test_an_omission_takes_its_lines_or_its_words() -> None:
    witness = "12\nUn mot. 5\nUn autre."
    omissions = "omissions:\n- {lines: 1, why: folio}\n- {lines: 2, why: numéro, text: '5'}\n"
    assert findings(witness, "Un mot. Un autre.", omissions) == []
    several = "1.4 Le 4 mai 14, à 4 heures. 4\n4 Un 14 mot 4."
    both = "omissions:\n- {lines: {1: '4', 2: '4'}, why: numéro}\n"
    assert findings(several, "1.4 Le 4 mai 14, à 4 heures.\n\nUn 14 mot 4.", both) == []
    wrong = findings(witness, "Un mot. Un autre.", "omissions:\n- {lines: 9, why: folio}\n")
    assert {f.code for f in wrong} == {"E033", "E034"}


def test_a_declared_order_is_the_witness_s() -> None:
    witness = "de la fin.\n\nLe début, puis le milieu"
    body = "Le début, puis le milieu de la fin."
    assert findings(witness, body, "order: [2-3, 1]\n") == []
    assert {f.code for f in findings(witness, body)} == {"E033", "E034"}


@pytest.mark.parametrize(
    ("body", "edition", "there"),
    [
        ("Le mot juste, dit-il, enfin.", "", "seul"),
        ("Le seul mot juste, dit-il.", "dit-il.", "dit-il, enfin."),
        ("Seul mot juste, dit-il, enfin.", "Seul", "Le seul"),
        ("Le seul mot juste, dit-il, enfin. Bon.", "Bon.", ""),
        ("Or, le seul mot juste, dit-il, enfin.", "Or, le", "Le"),
        ("Le seul mot mot juste, dit-il, enfin.", "mot", ""),
        ("Le seul mot faux, dit-il, enfin.", "faux,", "juste,"),
        ("Le mot seul juste, dit-il, enfin.", "", "seul"),
        ("Le seul mot juste dit-il, enfin.", "juste", "juste,"),
        ("Le seul môt juste, dit-il, enfin.", "môt", "mot"),
        ("La seul mot juste, dit-il, enfin.", "La", "Le"),
        ("Le seul mot juste, dit-il, enfin", "enfin", "enfin."),
        ("Le seul mot juste, dit il, enfin.", "dit il,", "dit-il,"),
        ("Le seul mot juste, dit-il,enfin.", "dit-il,enfin.", "dit-il, enfin."),
        ("Le seulmot juste, dit-il, enfin.", "seulmot", "seul mot"),
        ("Le seul mot ju ste, dit-il, enfin.", "ju ste,", "juste,"),
        ('Le seul [mot]{.corr sic="mut"} juste, dit-il, enfin.', "mut", "mot"),
    ],
)
def test_a_change_is_found_with_both_readings(body: str, edition: str, there: str) -> None:
    """Whatever stands before and after it, on the line of the edition and of the witness."""
    witness = "Un premier alinéa.\nLe seul mot juste, dit-il, enfin.\nUn dernier alinéa."
    body = f"Un premier alinéa.\n\n{body}\n\nUn dernier alinéa."
    collation = collated(witness, body)
    first = collation.differences[0]
    assert (first.edition, first.witness, first.line) == (edition, there, 2)
    for finding in collation.findings:
        assert (finding.path, finding.line) == ("x.md", 12)
        assert finding.hint
    assert all(words in collation.findings[0].message for words in (edition, there))


@pytest.mark.parametrize(
    ("witness", "body"),
    [
        ("rapport,-\nce nœud", "rapport,ce nœud"),
        ("rapport,-\nce nœud", "rapport, ce nœud"),
        ("Social-\nDémocrate", "Social Démocrate"),
        ("tâche -\nautre", "tâche- autre"),
        ("deux grands\nmots justes", "deux grandsmots justes"),
    ],
)
def test_what_parts_lines_is_not_free(witness: str, body: str) -> None:
    assert [f.code for f in findings(witness, body)] == ["E034"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("Deux phrases. Puis la fin.\n\nUn alinéa, long.", "E035"),  # two paragraphs exchanged
        ("Un\n\nalinéa, long. Deux phrases. Puis la fin.", "E037"),
        ("Un alinéa, long. Deux\n\nphrases. Puis la fin.", "E037"),
    ],
)
def test_what_stands_elsewhere_is_found(body: str, code: str) -> None:
    witness = "Un alinéa, long.\nDeux phrases. Puis la fin."
    assert code in {f.code for f in findings(witness, body)}


def test_the_remedy_for_another_order_is_told_and_works() -> None:
    witness = "La suite,\nsur deux lignes.\n\nLe titre\n\nLe début,\nmais après."
    body = "# Le titre\n\nLe début, mais après.\n\nLa suite, sur deux lignes."
    found = findings(witness, body)
    assert [f.code for f in found] == ["E035"]
    order = re.search(r"order: .*", found[0].hint)
    assert order
    assert findings(witness, body, order[0] + "\n") == []


@pytest.mark.parametrize("witness", ["", " ", "\f\n", "-", "Tout autre chose, sans rapport."])
def test_a_witness_of_another_text_is_found(witness: str) -> None:
    assert findings(witness, "Un mot.\n\nUn autre.[^1]\n\n[^1]: Une note.")


def test_notes_exchanged_are_found() -> None:
    witness = "Un mot1 et deux2.\n\n(note une)\n\n(note deux)"
    notes = "[^1]: (note une)\n\n[^2]: (note deux)"
    body = "Un mot[^1] et deux[^2].\n\n"
    assert findings(witness, body + notes) == []
    exchanged = "[^1]: (note deux)\n\n[^2]: (note une)"
    assert {f.code for f in findings(witness, body + exchanged)} == {"E035"}


def test_the_words_add_up() -> None:
    witness = "12\nUn gou-\nvernement1 et demi.\n1. Une note."
    body = 'Un gouvernement[^1] et [deux]{.corr sic="demi."}\n\n[^1]: Une note.'
    words = collated(witness, body, "omissions:\n- {lines: 1, why: folio}\n").words
    assert words == WordCounts(
        witness=8, text=4, notes=2, apart=1, figures=1, lost=0, added=0, closed=1
    )


# ---------------------------------------------------------------- one word, wherever it stands


NOTED = "Le mot juste1, dit-il.\nUn autre mot2\n\n1. Ibid.\n2. Ibid., p. 12, note de l’auteur."
NOTED_BODY = """{} mot {}[^1], dit-il. Un autre {}[^2]

[^1]: {}

[^2]: {} p. {}, note de {}"""
WORDS = ["Le", "juste", "mot", "Ibid.", "Ibid.,", "12", "l’auteur."]


@pytest.mark.parametrize("changed", range(len(WORDS)))
def test_a_word_changed_at_any_end_is_one_difference(changed: int) -> None:
    """First, last, beside a call, all of a note, a note's last."""
    words = [*WORDS[:changed], "Xénon", *WORDS[changed + 1 :]]
    collation = collated(NOTED, NOTED_BODY.format(*words))
    assert [f.code for f in collation.findings] == ["E034"]
    [found] = collation.differences
    assert WORDS[changed] in found.witness.rstrip(",") + ","
    assert "Xénon" in found.edition
    assert found.edition.count(" ") == found.witness.count(" ") == 0
    text = HEAD + "---\n\n" + NOTED_BODY.format(*words) + "\n"
    recorded = declare(text, "x.md", collation.differences)
    assert not recorded.left
    witness = Witness("x.txt", tuple(NOTED.split("\n")), 0, "")
    assert collate(loads(recorded.text), witness, "x.md").findings == ()


@pytest.mark.parametrize(
    ("witness", "body", "edition", "there"),
    [
        ("Le XIV\ne\n congrès", "Le XV^e^ congrès", "XVe", "XIV e"),
        ("Le titre\n\nUn mot.\n\nLa fin.", "Le titre\n\nDeux traits.\n\nLa fin.",
         "Deux traits.", "Un mot."),
        ("Un mot1.\n\n[1] Ibid.", "Un mot[^1].\n\n[^1]: Idem.", "Idem.", "Ibid."),
        ("Un mot1.\n\n1 Voir A.", "Un mot[^1].\n\n[^1]: Voir B.", "B.", "A."),
        ("- un\n- deux", "- un\n- trois", "trois", "deux"),
        ("un deux trois", "un sept huit", "sept huit", "deux trois"),
    ],
)  # fmt: skip
def test_a_short_block_is_found_where_it_must_stand(
    witness: str, body: str, edition: str, there: str
) -> None:
    collation = collated(witness, body)
    assert [(d.edition, d.witness) for d in collation.differences] == [(edition, there)]
    assert len(collation.findings) == 1


def test_two_changed_blocks_side_by_side_are_two_differences() -> None:
    witness = "Le premier.\n\nLe deuxième mot.\n\nUn troisième.\n\nLe dernier."
    body = "Le premier.\n\nXénon argon.\n\nHélium néon.\n\nLe dernier."
    found = collated(witness, body).differences
    assert [(d.edition, d.line) for d in found] == [("Xénon argon.", 3), ("Hélium néon.", 5)]


# ---------------------------------------------------------------- characters that look alike


@pytest.mark.parametrize(
    ("witness", "body"),
    [
        ("Gardez-le.", "Gardez\u00adle."),
        ("Gardez-le.", "Gardez\u2010le."),
        ("Gardez-le.", "Gardez\u2011le."),
        ("Gardez-\nle.", "Gardez\u00adle."),
        ("Gardez\u2011le.", "Gardez-le."),
        ("gou\u00advernement", "gou-vernement"),
        ("Un mot.", "Un\u00a0mot."),
        ("Un mot.", "Un\u202fmot."),
        ("Un mot.", "Un\u200amot."),
        ("Un\nmot.", "Un\u00a0mot."),
        ("Un mot.", "Un m\u200bot."),
        ("Un mot.", "Un m\u2060ot."),
        ("Un mot.", "Un\ufeff mot."),
        ("L’ami.", "L'ami."),
        ("L’ami.", "L´ami."),
        ("Un – deux.", "Un — deux."),
        ("L’un–l’autre.", "L’un-l’autre."),
        ("La fin.", "La \ufb01n."),
        ("Un cœur.", "Un coeur."),
        ("Un comité.", "Un \u0441omité."),
        ("En 1917…", "En 1917..."),
    ],
)
def test_what_looks_alike_is_a_difference_and_named(witness: str, body: str) -> None:
    [found] = findings(witness, body)
    assert found.code == "E034"
    assert re.search(r"U\+[0-9A-F]{4}", found.hint) or "coeur" in body


@pytest.mark.parametrize(
    ("witness", "body"),
    [
        ("L’été à Liège.", "L’e\u0301te\u0301 a\u0300 Lie\u0300ge."),
        ("L’e\u0301te\u0301 a\u0300 Lie\u0300ge.", "L’été à Liège."),
        ("Дни Февральской", "Дни Февральскои\u0306"),
        ("Un\u00a0mot.", "Un mot."),
        ("Un\u202fmot\u2009; deux", "Un mot ; deux"),
        ("Un\u00a0mot.", "Un\u00a0mot."),
        ("gou\u00advernement", "gouvernement"),
        ("gou\u00ad\nvernement", "gouvernement"),
        ("gou\u2010\nvernement", "gouvernement"),
        ("pré\u00ad\nParlement", "pré-Parlement"),
        ("Gardez\u2011le.", "Gardez\u2011le."),
    ],
)
def test_what_is_the_same_text_is_no_difference(witness: str, body: str) -> None:
    assert findings(witness, body) == []


def test_a_change_in_decomposed_letters_is_found_and_recorded() -> None:
    witness = Witness("x.txt", ("Le congrès a été gardé.",), 0, "")
    body = unicodedata.normalize("NFD", "Le congrès a éte gardé.")
    text = f"{HEAD}---\n\n{body}\n"
    differences = collate(loads(text), witness, "x.md").differences
    assert [unicodedata.normalize("NFC", d.edition) for d in differences] == ["éte"]
    recorded = declare(text, "x.md", differences)
    assert collate(loads(recorded.text), witness, "x.md").findings == ()


def test_long_runs_of_marks_take_no_time() -> None:
    marks = "e" + "\u0315\u0300" * 50_000
    assert findings(marks, marks) == []


# ---------------------------------------------------------------- the real texts, mutated

TEXTS = {path.stem: path.read_text("utf-8") for path in EDITIONS}
DOCUMENTS = {name: loads(text) for name, text in TEXTS.items()}
WITNESSES = {name: read_witness(ROOT / "corpus" / "witnesses" / f"{name}.txt") for name in TEXTS}


@cache
def stream_of(name: str, order: tuple[tuple[int, int], ...]) -> Stream:
    """The stream of a real witness, with all that is computed when it is needed."""
    stream = Stream(WITNESSES[name], order)
    stream.words()
    for needed in ("places", "lines", "gaps", "columns", "indented"):
        getattr(stream, needed)
    return stream


@pytest.fixture(scope="module", autouse=True)
def kept_streams() -> Iterator[None]:
    """Collations of a real witness share what does not depend on the edition."""

    def copied(witness: Witness, order: tuple[tuple[int, int], ...]) -> Stream:
        name = witness.name.removesuffix(".txt")
        if witness is not WITNESSES.get(name):
            return Stream(witness, order)
        stream = copy(stream_of(name, order))
        stream.owner = bytearray(len(stream.text))
        return stream

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archive_site.witness.collate.Stream", copied)
        yield


ACCENTS = {"é": "e", "è": "e", "ê": "e", "à": "a", "ç": "c", "e": "é", "a": "à", "u": "ù"}


class Mutator:
    """Changes of a document such as a slip of the hand makes; None where there is no room."""

    def __init__(self, document: Document, random: Random):
        self.document = document
        self.pick = random.randrange
        self.random = random

    def some(self, places: Sequence[Any]) -> Any:
        return places[self.pick(len(places))] if places else None

    def texts(self) -> list[tuple[int, int, str]]:
        """Block, inline and words of every text of the body."""
        blocks = enumerate(self.document.blocks)
        return [
            (b, i, inline.text)
            for b, block in blocks
            for i, inline in enumerate(block.content)
            if isinstance(inline, Text)
        ]

    def with_blocks(self, blocks: Sequence[Block]) -> Document:
        return identified(replace(self.document, blocks=tuple(blocks)))

    def replaced(self, pattern: str, change: Callable[[re.Match[str]], str]) -> Document | None:
        """One match of `pattern`, somewhere in the text, as `change` makes it."""
        found = [(b, i, m) for b, i, text in self.texts() for m in re.finditer(pattern, text)]
        place = self.some(found)
        if place is None:
            return None
        b, i, match = place
        words = match.string[: match.start()] + change(match) + match.string[match.end() :]
        blocks = list(self.document.blocks)
        content = list(blocks[b].content)
        content[i] = Text(words)
        blocks[b] = replace(blocks[b], content=tuple(content))
        return self.with_blocks(blocks)

    def word_dropped(self) -> Document | None:
        return self.replaced(r"(?<= )\w+ ", lambda m: "")

    def word_doubled(self) -> Document | None:
        return self.replaced(r"(?<= )\w+ ", lambda m: m[0] * 2)

    def words_swapped(self) -> Document | None:
        return self.replaced(r"(?<= )(\w+) (?!\1 )(\w+)(?= )", lambda m: f"{m[2]} {m[1]}")

    def letter_altered(self) -> Document | None:
        return self.replaced(r"[a-z]", lambda m: "x" if m[0] != "x" else "y")

    def accent_altered(self) -> Document | None:
        return self.replaced(f"[{''.join(ACCENTS)}]", lambda m: ACCENTS[m[0]])

    def capital_altered(self) -> Document | None:
        return self.replaced(r"\b[A-Za-z]", lambda m: m[0].swapcase())

    def figure_altered(self) -> Document | None:
        return self.replaced(r"\d", lambda m: str((int(m[0]) + 1) % 10))

    def stop_dropped(self) -> Document | None:
        return self.replaced(r"[.,;:!?](?= )", lambda m: "")

    def stop_changed(self) -> Document | None:
        return self.replaced(r"[.;:!?](?= )", lambda m: ",")

    def comma_added(self) -> Document | None:
        return self.replaced(r"(?<=\w) (?=\w)", lambda m: ", ")

    def space_dropped(self) -> Document | None:
        return self.replaced(r"(?<=\w) (?=\w)", lambda m: "")

    def space_added(self) -> Document | None:
        return self.replaced(r"(?<=[a-z]{2})(?=[a-z]{2})", lambda m: " ")

    def hyphen_dropped(self) -> Document | None:
        return self.replaced(r"(?<=\w)-(?=\w)", lambda m: " ")

    def sentence_moved(self) -> Document | None:
        sentences = r"(?<=\. )[A-ZÀ-Ý][^.!?]{20,}\.(?: |$)"
        taken: list[str] = []
        without = self.replaced(sentences, lambda m: taken.append(m[0].strip()) or "")  # type: ignore[func-returns-value]
        if without is None:
            return None
        moved = Mutator(without, self.random)
        put = moved.replaced(r"(?<=[.!?] )(?=[A-ZÀ-Ý])", lambda m: f"{taken[0]} ")
        return None if put == self.document else put

    def paragraph_deleted(self) -> Document | None:
        blocks = list(self.document.blocks)
        gone = blocks.pop(self.pick(len(blocks)))
        return self.with_blocks(blocks) if gone.content else None

    def paragraphs_exchanged(self) -> Document | None:
        blocks = list(self.document.blocks)
        n = self.pick(len(blocks) - 1)
        blocks[n], blocks[n + 1] = blocks[n + 1], blocks[n]
        return self.with_blocks(blocks)

    def paragraph_moved(self) -> Document | None:
        blocks = list(self.document.blocks)
        n = self.pick(len(blocks))
        block = blocks.pop(n)
        at = self.pick(len(blocks))
        blocks.insert(at, block)
        return self.with_blocks(blocks) if at != n else None

    def paragraph_doubled(self) -> Document | None:
        blocks = list(self.document.blocks)
        n = self.pick(len(blocks))
        return self.with_blocks([*blocks[: n + 1], *blocks[n:]])

    def word_moved_to_the_next_paragraph(self) -> Document | None:
        blocks = self.document.blocks
        pairs = [
            n
            for n, (a, b) in enumerate(pairwise(blocks))
            if a.type == b.type == "paragraph"
            and isinstance(a.content[-1], Text)
            and isinstance(b.content[0], Text)
            and " " in a.content[-1].text
        ]
        n = self.some(pairs)
        if n is None:
            return None
        last, first = blocks[n].content[-1], blocks[n + 1].content[0]
        assert isinstance(last, Text) and isinstance(first, Text)
        head, _, word = last.text.rpartition(" ")
        a = replace(blocks[n], content=(*blocks[n].content[:-1], Text(head)))
        b = replace(
            blocks[n + 1], content=(Text(f"{word} {first.text}"), *blocks[n + 1].content[1:])
        )
        return self.with_blocks([*blocks[:n], a, b, *blocks[n + 2 :]])

    def note_dropped(self) -> Document | None:
        notes = list(self.document.notes)
        if not notes:
            return None
        gone = notes.pop(self.pick(len(notes)))
        blocks = [
            replace(b, content=tuple(i for i in b.content if i != NoteCall(gone.label)))
            for b in self.document.blocks
        ]
        return identified(replace(self.document, blocks=tuple(blocks), notes=tuple(notes)))

    def notes_exchanged(self) -> Document | None:
        notes = list(self.document.notes)
        worded = [
            n
            for n, (a, b) in enumerate(pairwise(notes))
            if a.blocks and reading_text(b.blocks[0].content)
        ]
        n = self.some(worded)
        if n is None:
            return None
        one, other = notes[n], notes[n + 1]
        notes[n], notes[n + 1] = (
            replace(one, blocks=other.blocks),
            replace(other, blocks=one.blocks),
        )
        return replace(self.document, notes=tuple(notes))

    def emendation_lost(self) -> Document | None:
        found = [
            (b, i, inline)
            for b, block in enumerate(self.document.blocks)
            for i, inline in enumerate(block.content)
            if isinstance(inline, Emendation)
        ]
        place = self.some(found)
        if place is None:
            return None
        b, i, inline = place
        blocks = list(self.document.blocks)
        content = [*blocks[b].content[:i], Text(inline.reading), *blocks[b].content[i + 1 :]]
        blocks[b] = replace(blocks[b], content=tuple(content))
        return self.with_blocks(blocks)


MUTATIONS = [
    name
    for name in vars(Mutator)
    if not name.startswith("_") and name not in ("some", "texts", "with_blocks", "replaced")
]


@pytest.mark.slow
@pytest.mark.parametrize("mutation", MUTATIONS)
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 2**32))
@examples(25)
def test_no_mutation_of_an_edition_slips_through(mutation: str, name: str, seed: int) -> None:
    mutator = Mutator(DOCUMENTS[name], Random(seed))
    mutated = getattr(mutator, mutation)()
    if mutated is not None:
        assert collate(mutated, WITNESSES[name], name).findings


UNLIKE = ("zébu", "xylophone", "kiwi", "Wagram", "yacht", "hutte", "2017")


def words_of(document: Document, pattern: str) -> list[tuple[int, int, re.Match[str]]]:
    """Block (notes' after the text's), inline and place of all words of a document's plain text."""
    blocks = (*document.blocks, *(b for note in document.notes for b in note.blocks))
    return [
        (n, i, match)
        for n, block in enumerate(blocks)
        for i, inline in enumerate(block.content)
        if isinstance(inline, Text)
        for match in re.finditer(pattern, inline.text)
    ]


def with_words(document: Document, n: int, i: int, words: str) -> Document:
    """`document` with `words` for the inline `i` of its `n`th block, notes' after the text's."""
    count = iter(range(10**6))

    def put(block: Block) -> Block:
        if next(count) != n:
            return block
        return replace(block, content=(*block.content[:i], Text(words), *block.content[i + 1 :]))

    blocks = tuple(map(put, document.blocks))
    notes = tuple(replace(note, blocks=tuple(map(put, note.blocks))) for note in document.notes)
    return identified(replace(document, blocks=blocks, notes=notes))


ONE, TWO = r"(?<!\S)\S*\w\S*(?!\S)", r"(?<!\S)\S*\w\S* \S*\w\S*(?!\S)"


@pytest.mark.slow
@pytest.mark.parametrize("in_notes", [False, True])
@pytest.mark.parametrize("pattern", [ONE, TWO])
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 2**32))
@example("trotsky-lecons-octobre-1924", 16384)  # at the head of a block, in mid-line
@example("que-faire-parti-bolchevik-1917-1924", 626320676)  # a number at the head of a note
@example("que-faire-parti-bolchevik-1917-1924", 662871)  # before the hyphen of an emended word
@example("parti-communiste-1917-1921", 83553)  # between words that are repeated
@example("boukharine-leningrad-1926", 633520)  # before a word that is repeated
@examples(15)
def test_a_changed_word_is_one_difference_and_can_be_declared(
    pattern: str, in_notes: bool, name: str, seed: int
) -> None:
    """Wherever it stands: the finding has its line, `declare` declares it, and read with its sic
    forms the edition is the witness again."""
    random, document = Random(seed), DOCUMENTS[name]
    first = len(document.blocks) if in_notes else 0
    places = [place for place in words_of(document, pattern) if place[0] >= first]
    if not places:
        return
    n, i, match = random.choice(places)
    if "://" in match[0]:  # an address is a link
        return
    new = re.sub(r"\w+", lambda _: random.choice(UNLIKE), match[0])
    words = match.string[: match.start()] + new + match.string[match.end() :]
    text = dumps(with_words(document, n, i, words))
    collation = collate(loads(text), WITNESSES[name], name)
    assert len(collation.findings) == len(collation.differences) == 1, collation.differences
    found = collation.differences[0]
    assert new in found.edition
    near = WITNESSES[name].lines[found.line - 1 : found.line + 2]
    assert bare(found.witness)[:3] in bare("".join(near))
    recorded = declare(text, name, collation.differences)
    assert recorded.done and not recorded.left
    declared = loads(recorded.text)
    assert collate(declared, WITNESSES[name], name).findings == ()
    assert [bare(witness_text(b.content)) for b in declared.blocks] == [
        bare(witness_text(b.content)) for b in document.blocks
    ]


CALL = re.compile(r"(?<!\n)\[\^[^\]]+\](?!:)")
WORD_AFTER = re.compile(r"\S* [^\s\[\]]{2,}(?= )")


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in sorted(TEXTS) if CALL.search(TEXTS[name])])
def test_a_note_call_moved_to_the_next_word_is_found(name: str) -> None:
    text, moved = TEXTS[name], 0
    for call in CALL.finditer(text):
        word = WORD_AFTER.match(text, call.end())
        if word is None:  # the call ends its block, or another follows
            continue
        moved += 1
        mutated = text[: call.start()] + word[0] + call[0] + text[word.end() :]
        document, found = parse(mutated, name)
        assert document is not None
        found += collate(document, WITNESSES[name], name).findings
        assert found, f"{call[0]} after “{word[0]}”"
    assert moved


# ---------------------------------------------------------------- by line, as by character

SIGNS = st.text(st.sampled_from("abé1«.’-\u00ad\u2010  \u00a0\n\n\x07\x0ce\u0301"), max_size=60)


def word_places(whole: str) -> list[int]:
    """Where words begin among the characters of `whole`, told character by character."""
    places: list[int] = []
    in_word, n = False, 0
    for gap, run in re.findall(rf"([{HYPHENS}\s]*)([^{HYPHENS}\s]+)", whole):
        above, line_end, indent = gap.rpartition("\n")
        cut = line_end and n and above[:1] in tuple(HYPHENS) and not re.search(r"\s", indent)
        in_word = bool(cut) or (in_word and not re.search(r"\s", gap))
        for char in run:
            if char.isalnum() and not in_word:
                places.append(n)
                in_word = True
            n += 1
    return places


@given(SIGNS, st.data())
@examples(300)
def test_a_witness_is_cut_into_its_characters(text: str, data: st.DataObject) -> None:
    stream = Stream(Witness("x.txt", tuple(text.split("\n")), 0, ""), ())
    free = [c.isspace() or c in HYPHENS for c in stream.whole]
    places = [i for i, is_free in enumerate(free) if not is_free]
    assert stream.text == "".join(stream.whole[i] for i in places) == bare(NOT_TEXT.sub("", text))
    assert stream.lines == [stream.whole.count("\n", 0, i) + 1 for i in places]
    assert all(stream.line(n) == line for n, line in enumerate(stream.lines))
    stream.owner[:] = bytes(n % 5 for n in range(len(places)))
    words = word_places(stream.whole)
    assert sorted(stream.words()) == sorted(n % 5 for n in words)
    for owner in range(5):
        assert [*chain(*(range(*run) for run in stream.runs(owner)))] == [
            n for n in range(len(places)) if stream.owner[n] == owner
        ]
    if not places:
        return
    start = data.draw(st.integers(0, len(places) - 1))
    end = data.draw(st.integers(start + 1, len(places)))
    found = stream.by_line(start, end)
    written = "".join(before * (n > 0) + words for n, (_, words, before) in enumerate(found))
    assert written == stream.whole[places[start] : places[end - 1] + 1]
    assert [count for count, _, _ in found] == list(Counter(stream.lines[start:end]).values())
    assert stream.lines_of(start, end) == list(dict.fromkeys(stream.lines[start:end]))


def character_by_character(state: _State, placed: _Placed) -> None:
    gaps = gaps_of(placed.spelling.letters)
    for n, (above, here) in enumerate(pairwise(placed.where), start=1):
        if above >= 0 and here == above + 1:
            state._compare_boundary(
                placed, n, here, gaps.get(n, ""), state.stream.gaps.get(here, "")
            )


def spoilt(lines: list[str], random: Random) -> list[str]:
    """Lines as another extraction may have them: cut, with other spaces, hyphens and letters."""
    n = random.randrange(len(lines))
    line = lines[n]
    at = random.randrange(len(line) + 1)
    head, tail, sign = line[:at], line[at:], random.choice("--\u00ad\u2010\u00a0\x07[1x ")
    changes: list[list[str]] = [
        [head, tail],
        [head + "-", tail],
        [f"{head} ", "", f"  {tail}"],
        [head + sign + tail],
        [line.replace(" ", "   ", 1)],
        [line.replace(" ", "-", 1)],
        [unicodedata.normalize("NFD", line)],
        [str(at), line],
        [],
    ]
    return [*lines[:n], *random.choice(changes), *lines[n + 1 :]] or [""]


@pytest.mark.slow
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 2**32))
@examples(20)
def test_spaces_are_compared_by_line_as_by_character(name: str, seed: int) -> None:
    """Whatever edition and witness are, the collation is the same."""
    random, document, witness = Random(seed), DOCUMENTS[name], WITNESSES[name]
    for _ in range(random.randrange(3)):
        mutated = getattr(Mutator(document, random), random.choice(MUTATIONS))()
        document = mutated or document
    lines = list(witness.lines)
    for _ in range(random.randrange(10)):
        lines = spoilt(lines, random)
    witness = replace(witness, lines=tuple(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_State, "_compare_block", character_by_character)
        plainly = collate(document, witness, name)
    assert collate(document, witness, name) == plainly


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("MESSAGE----- Hash", []),
        ("MESSAGE-----Hash", []),
        ("MESSAGE- Hash", ["E034"]),
        ("MESSAGE---- Hash", ["E034"]),
        ("MESSAGE Hash", ["E034"]),
    ],
)
def test_several_hyphens_at_a_line_end_may_stay(words: str, expected: list[str]) -> None:
    witness = "Il lut: MESSAGE-----\nHash et le reste."
    found = findings(witness, f"Il lut: {words} et le reste.")
    assert [finding.code for finding in found] == expected
