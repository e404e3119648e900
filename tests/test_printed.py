"""Printed witnesses: pages of lines become a draft that loses no word, whatever they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.edition.format import dumps, loads
from archive_site.recover.printed.draft import recover_printed
from archive_site.recover.printed.labels import calls_in, label_of
from archive_site.recover.printed.lines import lines_of
from archive_site.sources.received import text_of
from archive_site.text.document import Block, Document, NoteCall
from archive_site.text.reading import reading_text, walk
from archive_site.witness.collate import collate
from archive_site.witness.printed import DrawnRule, PrintedLine, PrintedPage, Type, TypeSpan
from archive_site.witness.witness import Witness
from examples import examples

PLAIN = Type("Serif", 10.0)
SMALL = Type("Serif", 8.0)
RAISED = Type("Serif", 6.0, raised=True)
BOLD = Type("Serif-Bold", 12.0, bold=True)
ITALIC = Type("Serif-Italic", 10.0, italic=True)
LETTER = 0.45


def line(
    page: int, y: float, *spans: tuple[str, Type], left: float = 50.0, column: int = 0
) -> PrintedLine:
    """A line of one cell, with letters of an average width."""
    made = []
    right = left
    for text, kind in spans:
        start, right = right, right + LETTER * kind.size * len(text)
        made.append(TypeSpan(text, kind, start, right))
    size = max(kind.size for _, kind in spans)
    return PrintedLine(page, column, left, right, y - 0.7 * size, y + 0.2 * size, y, (tuple(made),))


def page(lines: Sequence[PrintedLine], *rules: DrawnRule) -> PrintedPage:
    return PrintedPage(400.0, 600.0, tuple(lines), rules)


def witness_of(pages: Sequence[PrintedPage]) -> Witness:
    return Witness("temoin.pdf", tuple(text_of(pages)), 0, "")


def drafted(*pages: PrintedPage) -> Document:
    """The draft of pages, which equals its witness and can be written."""
    witness = witness_of(pages)
    document = recover_printed(pages, witness, "cas")
    assert collate(document, witness, "cas.md").findings == ()
    assert loads(dumps(document)) == document
    return document


def words(blocks: Sequence[Block]) -> list[str]:
    return [reading_text(block.content) for block in blocks]


PROSE = (
    "Le comité se réunit le lendemain dans la grande salle de la mai-",
    "rie, où le rapporteur donna lecture des pièces que le préfet lui",
    "avait remises la veille. Personne ne demanda la parole, et l’on",
    "passa au vote sans attendre.",
)


def prose(
    number: int, top: float, paragraphs: int, kind: Type = PLAIN, lead: float = 12.0
) -> Iterator[PrintedLine]:
    """Justified paragraphs with indented first lines."""
    y = top
    for _ in range(paragraphs):
        for n, text in enumerate(PROSE):
            left = 65.0 if n == 0 else 50.0
            right = 340.0 if n < len(PROSE) - 1 else left + LETTER * kind.size * len(text)
            span = TypeSpan(text, kind, left, right)
            yield PrintedLine(number, 0, left, right, y - 7, y + 2, y, ((span,),))
            y += lead


def test_paragraphs_begin_at_their_indents_and_words_are_joined() -> None:
    document = drafted(page([*prose(1, 60, 3)]))
    joined = " ".join(PROSE).replace("mai- rie", "mairie")
    assert words(document.blocks) == [joined] * 3


def test_a_paragraph_goes_on_on_the_next_page() -> None:
    lines = list(prose(1, 60, 3))
    rest = [
        PrintedLine(2, 0, x.left, x.right, y - 7, y + 2, y, x.cells)
        for x, y in zip(lines[-2:], (60.0, 72.0), strict=True)
    ]
    more = [*rest, *prose(2, 84, 2)]
    document = drafted(page(lines[:-2]), page(more))
    assert len(document.blocks) == 5
    assert "[pb" not in dumps(document).replace("[]{.pb", "[pb", 1).replace("[pb", "", 1)


def test_a_heading_stands_apart_in_other_type() -> None:
    title = line(1, 60, ("La séance du conseil", BOLD), left=120)
    document = drafted(page([title, *prose(1, 90, 3)]))
    assert [block.kind for block in document.blocks] == ["heading", *["paragraph"] * 3]
    assert document.meta.title.value == "La séance du conseil"


def test_running_heads_and_folios_are_omitted_and_number_the_pages() -> None:
    pages = []
    for n, head in enumerate(("LE RAPPORT", "DU COMITÉ", "LE RAPPORT"), start=1):
        top = line(n, 30, (f"{144 + n}  {head}", SMALL))
        pages.append(page([top, *prose(n, 60, 4)]))
    document = drafted(*pages)
    assert {o.why for o in document.meta.omissions} == {"titre courant et folio"}
    assert '[]{.pb n="146"}' in dumps(document)
    assert '[]{.pb n="147"}' in dumps(document)


def noted(rule: bool, small: bool) -> PrintedPage:
    """A page with a note at its foot."""
    lines = list(prose(1, 60, 4))
    last = lines[-1]
    call = TypeSpan("1", RAISED, last.right, last.right + 3)
    lines[-1] = PrintedLine(
        1,
        0,
        last.left,
        last.right + 3,
        last.top,
        last.bottom,
        last.baseline,
        ((*last.spans, call),),
    )
    kind, y = (SMALL if small else PLAIN), last.baseline + 20
    note = line(1, y, ("1", RAISED), (" Arch. nat., F7 3421, liasse 8.", kind), left=58)
    rules = [DrawnRule(50, 120, y - 12)] if rule else []
    return page([*lines, note], *rules)


@pytest.mark.parametrize(
    ("rule", "small"), [(True, True), (False, True), (True, False), (False, False)]
)
def test_a_note_at_the_foot_belongs_to_its_call(rule: bool, small: bool) -> None:
    document = drafted(noted(rule, small))
    (note,) = document.notes
    assert words(note.blocks) == ["Arch. nat., F7 3421, liasse 8."]
    calls = [i for i in walk(document.blocks[3].content) if isinstance(i, NoteCall)]
    assert [call.label for call in calls] == [note.label]


def test_notes_numbered_anew_on_each_page_stay_apart() -> None:
    first = noted(rule=True, small=True)
    lines = [
        PrintedLine(2, 0, x.left, x.right, x.top, x.bottom, x.baseline, x.cells)
        for x in first.lines
    ]
    document = drafted(first, page(lines, *first.rules))
    assert [note.label for note in document.notes] == ["1.1", "2.1"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1. Voir plus haut.", "1"),
        ("(12) Voir plus haut.", "12"),
        ("[3] Voir plus haut.", "3"),
        ("* Voir plus haut.", "*"),
        ("¹² Voir plus haut.", "12"),
        ("a) Voir plus haut.", "a"),
        ("ii. Voir plus haut.", "ii"),
        ("1917, l’année terrible.", None),
        ("1° Les ouvriers ;", None),
        ("12,5 francs par jour.", None),
        ("Voir plus haut.", None),
    ],
)
def test_the_label_of_a_note(text: str, label: str | None) -> None:
    (found,) = lines_of([page([line(1, 60, (text, SMALL))])])
    given_label = label_of(found)
    assert (given_label.label if given_label else None) == label


@pytest.mark.parametrize(
    ("spans", "labels"),
    [
        ([("le peuple", PLAIN), ("3", RAISED), (" se leva", PLAIN)], ["3"]),
        ([("le peuple (3) se leva", PLAIN)], ["3"]),
        ([("le peuple [12], enfin", PLAIN)], ["12"]),
        ([("le peuple* se leva", PLAIN)], ["*"]),
        ([("le peuple¹² se leva", PLAIN)], ["12"]),
        ([("le XIX", PLAIN), ("e", RAISED), (" siècle", PLAIN)], []),
        ([("le n", PLAIN), ("o", RAISED), (" 12", PLAIN)], []),
    ],
)
def test_what_may_call_a_note(spans: list[tuple[str, Type]], labels: list[str]) -> None:
    found = lines_of([page([line(1, 60, *spans)])])
    assert [call.label for call in calls_in(found)] == labels


# ---------------------------------------------------------------- anything

TEXTS = st.one_of(
    st.sampled_from(
        [
            "1", "12", "— 12 —", "(1) Une note.", "1. Une note.", "* * *", "NOTES", "CHAPITRE II",
            "LE PRÉSIDENT. — Silence !", "M. Durand. — Non !", "PAUL, entrant.", "PAUL.", "MARIE.",
            "le mot1 suivant", "un mot (2) puis", "gou-", "vernement", "Paris, 3 mars 1921", "a) u",
            "b) deux", "– un point", "Article 3. — Il est", "Table ...... 12", "L’aube se lève ici",
            "Mon cher ami,", "Et la nuit s’en va", "« Il faut tenir. »", "1° les uns ;", "  ", "*",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=40),
)  # fmt: skip
TYPES = st.builds(
    Type,
    st.just("F"),
    st.sampled_from([6.0, 8.0, 10.0, 10.0, 10.0, 14.0, 30.0]),
    italic=st.booleans(),
    bold=st.booleans(),
    small_caps=st.booleans(),
    raised=st.booleans(),
)


@st.composite
def printed_lines(draw: st.DrawFn, number: int) -> PrintedLine:
    left = draw(st.sampled_from([50.0, 50.0, 50.0, 65.0, 80.0, 150.0, 300.0, 10.0]))
    y = draw(st.sampled_from([30.0, 60.0, 72.0, 84.0, 96.0, 130.0, 500.0, 560.0]))
    cells, at = [], left
    for _ in range(draw(st.integers(1, 3))):
        spans = []
        for _ in range(draw(st.integers(1, 3))):
            text, kind = draw(TEXTS) or "x", draw(TYPES)
            right = at + LETTER * kind.size * len(text)
            spans.append(TypeSpan(text, kind, at, right))
            at = right
        cells.append(tuple(spans))
        at += 20
    size = max(span.type.size for cell in cells for span in cell)
    column = draw(st.integers(0, 1))
    return PrintedLine(number, column, left, at, y - size, y, y, tuple(cells), draw(st.booleans()))


@st.composite
def printed_pages(draw: st.DrawFn) -> list[PrintedPage]:
    pages = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        lines = draw(st.lists(printed_lines(number), max_size=8))
        rules = draw(
            st.lists(st.builds(DrawnRule, st.just(50.0), st.just(120.0), st.just(90.0)), max_size=1)
        )
        scanned = draw(st.booleans())
        pages.append(PrintedPage(400.0, 600.0, tuple(lines), tuple(rules), scanned))
    return pages


@given(printed_pages())
@examples(150)
def test_any_pages_give_a_draft_that_loses_no_word(pages: list[PrintedPage]) -> None:
    witness = witness_of(pages)
    document = recover_printed(pages, witness, "hasard")
    assert collate(document, witness, "hasard.md").findings == ()
    if document.blocks:
        assert loads(dumps(document)) == document


def test_a_list_that_skips_a_number_is_two_lists() -> None:
    items = ("1. Le premier point.", "2. Le deuxième point.", "4. Le quatrième point.")
    lines = [
        *prose(1, 60, 2),
        *(line(1, 240 + 20 * n, (text, PLAIN)) for n, text in enumerate(items)),
    ]
    document = drafted(page(lines))
    lists = [block.within[0] for block in document.blocks if block.within]
    assert [container.number for container in lists] == [1, 1, 4]


def test_what_stands_beside_a_note_is_kept() -> None:
    """A speck beside a note, which OCR has read as a stop, is omitted as marginal words."""
    note = line(1, 300, ("1", RAISED), (" Voir le journal du soir.", SMALL))
    speck = TypeSpan(";", SMALL, 390.0, 393.0)
    beside = PrintedLine(
        1, 0, note.left, 393.0, note.top, note.bottom, 300.0, (*note.cells, (speck,))
    )
    called = line(1, 240, ("Il en parla dans une lettre", PLAIN), ("1", RAISED), (".", PLAIN))
    document = drafted(page([*prose(1, 60, 2), called, beside]))
    assert [note.label for note in document.notes] == ["1"]
    assert [omission.text for omission in document.meta.omissions] == [";"]
