"""Draws the look of a document by chance, within what a designer of its genre would do."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from functools import cache
from random import Random
from shutil import which

from layouts.model import Document

SERIF = (
    "EB Garamond", "Gentium Plus", "Charis SIL", "Caladea", "Liberation Serif", "P052", "C059",
    "TeX Gyre Pagella", "TeX Gyre Termes", "TeX Gyre Schola", "TeX Gyre Bonum", "Junicode Two Beta",
    "Linux Libertine O", "DejaVu Serif", "GFS Didot", "URW Bookman",
)  # fmt: skip
SANS = (
    "Carlito", "Cabin", "Lato", "Open Sans", "TeX Gyre Heros", "Liberation Sans", "DejaVu Sans",
    "TeX Gyre Adventor", "Linux Biolinum O",
)  # fmt: skip
MONO = ("Courier Prime", "Liberation Mono", "TeX Gyre Cursor", "DejaVu Sans Mono")
BUNDLED = ("Libertinus Serif", "New Computer Modern")
"""What Typst brings with it."""

SIZES = {
    "book": ((105, 178), (110, 178), (120, 190), (127, 203), (135, 210), (140, 216), (148, 210)),
    "large": ((148, 210), (155, 240), (160, 240), (165, 235), (170, 240), (210, 297)),
    "sheet": ((210, 297), (216, 279), (210, 297)),
    "paper": ((250, 350), (280, 400), (289, 380), (235, 315)),
    "brochure": ((105, 148), (110, 165), (128, 175), (140, 205), (148, 210), (210, 210)),
}
WEB = ("essay", "interview", "brochure", "letters", "manifesto", "law", "dictionary")
"""What is often printed from a page of the web."""
DROPPED = ("essay", "book", "memoir", "brochure", "review", "magazine", "letters")
"""What may begin with drop capitals."""
FORMATS = {
    "essay": "large", "book": "book", "memoir": "book", "brochure": "brochure", "minutes": "large",
    "play": "book", "poems": "book", "letters": "book", "law": "large", "newspaper": "paper",
    "review": "large", "magazine": "sheet", "report": "sheet", "manifesto": "brochure",
    "interview": "large", "dictionary": "book",
}  # fmt: skip


@dataclass
class HeadStyle:
    """The look of headings of one level. Lengths are in ems of the body."""

    size: float
    align: str
    case: str
    weight: str
    italic: bool
    tracking: float
    above: float
    below: float
    rule: bool = False


@dataclass
class Running:
    """What stands at the head and foot of pages."""

    kind: str
    """none, title (the same on all), turn (author and title), chapter (title and chapter)."""
    at: str
    """head or foot."""
    folio: str
    """none, inside (with the running head) or its own place: centre, outer, head-centre…"""
    form: str
    case: str
    italic: bool
    rule: bool
    first: bool
    """Whether the first page has one."""
    start: int
    side: str
    """outer, inner or centre: where the running head stands."""
    roman: bool


@dataclass
class Notes:
    """The look of notes and of their calls."""

    place: str
    """foot, chapter, end or margin."""
    sign: str
    """1, *, a or i."""
    restart: str
    """never, page or chapter."""
    call: str
    """How the text calls: with `{}` for the sign."""
    raised: bool
    mark: str
    """What stands before the note."""
    mark_raised: bool
    size: float
    rule: bool
    hanging: bool
    heading: str
    starred: bool = False
    """Whether some notes, the editor's, are called by stars beside the numbered ones."""


@dataclass
class Style:
    """The look of a document. Lengths are in mm, points or ems of the body."""

    engine: str
    width: float
    height: float
    inner: float
    outer: float
    top: float
    bottom: float
    columns: int
    column_rule: bool
    font: str
    head_font: str
    size: float
    leading: float
    justify: bool
    hyphenate: bool
    indent: float
    gap: float
    hanging: bool
    first_indent: bool
    drop: bool
    chapter_break: bool
    heads: dict[int, HeadStyle]
    running: Running
    notes: Notes
    quote_left: float
    quote_right: float
    quote_size: float
    quote_italic: bool
    quote_bar: bool
    quote_gap: float
    verse_left: float
    verse_italic: bool
    verse_numbers: int
    verse_side: str
    speaker: str
    """caps, sc, bold, italic or plain."""
    speaker_center: bool
    title_across: bool
    list_indent: float
    list_gap: float
    table_rules: bool
    tagged: bool
    dateline_align: str
    dateline_italic: bool
    signature_case: str
    stage_center: bool
    epigraph_left: float
    """How far from the left an epigraph stands, as a part of the line."""
    continued_indent: bool
    """Whether a paragraph that goes on after a quotation is indented."""
    aside_across: bool
    label_italic: bool
    traits: list[str] = field(default_factory=list)


@cache
def installed() -> frozenset[str]:
    """The font families that the system has."""
    if not which("fc-list"):
        return frozenset()
    listed = subprocess.run(
        ["fc-list", "--format", "%{family}\n"], capture_output=True, text=True, check=False
    ).stdout
    return frozenset(name.strip() for line in listed.splitlines() for name in line.split(","))


def family(rng: Random, engine: str, names: tuple[str, ...]) -> str:
    """A font of those, that is there."""
    known = [name for name in names if name in installed()]
    if engine == "typst" and names is SERIF:
        known += BUNDLED
    elif "Junicode Two Beta" in known:
        known.remove("Junicode Two Beta")
    if engine == "typst" and names is MONO and not known:
        return "DejaVu Sans Mono"
    return rng.choice(known) if known else ("Libertinus Serif" if engine == "typst" else "serif")


def _heads(rng: Random, genre: str) -> dict[int, HeadStyle]:
    align = rng.choice(
        ("center", "center", "left", "left", "right" if genre == "essay" else "left")
    )
    plain = rng.random() < 0.25
    top = HeadStyle(
        size=1.0 if plain and rng.random() < 0.5 else rng.choice((1.3, 1.5, 1.8, 2.2)),
        align=rng.choice((align, align, "center")),
        case=rng.choice(("none", "none", "upper", "smallcaps")),
        weight=rng.choice(("regular", "bold", "bold")),
        italic=rng.random() < 0.12,
        tracking=rng.choice((0, 0, 0, 0.06, 0.14)),
        above=rng.choice((0, 2, 5)),
        below=rng.choice((1.2, 2, 3)),
        rule=rng.random() < 0.1,
    )
    second = HeadStyle(
        size=1.0 if plain else rng.choice((1.0, 1.1, 1.2, 1.35)),
        align=align,
        case=rng.choice(("none", "none", "none", "upper", "smallcaps")),
        weight=rng.choice(("regular", "bold", "bold")),
        italic=rng.random() < 0.25,
        tracking=rng.choice((0, 0, 0, 0, 0.1, 0.2)),
        above=rng.choice((1, 1.5, 2.2)),
        below=rng.choice((0.5, 0.8, 1.2)),
        rule=rng.random() < 0.08,
    )
    if second.weight == "regular" and second.case == "none" and second.size == 1.0:
        second.italic = align != "center" or second.italic
    if second.case == "none":
        second.tracking = min(second.tracking, 0.1)
    third = HeadStyle(
        size=1.0,
        align=rng.choice((align, "left")),
        case=rng.choice(("none", "none", "smallcaps")),
        weight="bold" if second.weight == "regular" and rng.random() < 0.6 else "regular",
        italic=rng.random() < 0.6,
        tracking=0,
        above=rng.choice((0.6, 1, 1.4)),
        below=rng.choice((0.2, 0.5, 0.8)),
    )
    if third.weight == "regular" and third.case == "none":
        third.italic = True
    return {1: top, 2: second, 3: third}


_FOLIOS = ("{}", "{}", "{}", "— {} —", "– {} –", "[{}]", "- {} -", "p. {}", "{}.")


def _running(rng: Random, genre: str, columns: int) -> Running:
    kind = rng.choice(("none", "title", "turn", "turn", "chapter"))
    if genre in ("newspaper",):
        kind = rng.choice(("none", "title"))
    if genre in ("manifesto", "law", "play") and kind == "chapter":
        kind = "turn"
    folio = rng.choice(("center", "center", "outer", "inner", "none"))
    if kind != "none":
        folio = rng.choice(("inside", "inside", "center", "outer", "none"))
        if folio == "none" and rng.random() < 0.7:
            folio = "outer"
    start = rng.choice((1, 1, 1, 3, 7, 45, 142, 317))
    return Running(
        kind=kind,
        at=rng.choice(("head", "head", "head", "foot")),
        folio=folio,
        form=rng.choice(_FOLIOS) if folio != "inside" else rng.choice(("{}", "{}", "{}", "[{}]")),
        case=rng.choice(("none", "upper", "upper", "smallcaps")),
        italic=rng.random() < 0.3,
        rule=rng.random() < 0.3,
        first=rng.random() < 0.35,
        start=start,
        side=rng.choice(("outer", "center", "inner", "outer")),
        roman=start < 10 and rng.random() < 0.12,
    )


STARRED = ("review", "essay", "letters", "book", "memoir")


def notes_of(rng: Random, genre: str, engine: str, columns: int) -> Notes:
    """The look of notes."""
    places = {
        "typst": ("foot", "foot", "foot", "foot", "chapter", "end", "margin"),
        "weasyprint": ("foot", "foot", "foot", "chapter", "end"),
        "chromium": ("chapter", "end", "end"),
        "latex": ("foot", "foot", "foot", "chapter", "end"),
        "groff": ("foot",),
        "libreoffice": ("foot", "foot", "end"),
    }
    place = rng.choice(places[engine])
    if place == "margin" and (columns > 1 or genre in ("play", "poems", "law", "dictionary")):
        place = "foot"
    sign = rng.choice(("1", "1", "1", "1", "1", "1", "*", "*", "a", "i"))
    if place in ("chapter", "end") or engine in ("groff", "libreoffice"):
        sign = "1"
    restart = {"foot": rng.choice(("never", "never", "page", "chapter")), "chapter": "chapter"}
    call, raised = rng.choice(
        (
            ("{}", True), ("{}", True), ("{}", True), ("({})", True), ("({})", False),
            (" ({})", False), ("[{}]", False), ("[{}]", True), (" {}", True),
        )
    )  # fmt: skip
    if sign == "*":
        call, raised = rng.choice((("{}", False), ("({})", False), ("{}", True)))
    form = call.strip() if call.strip() != "{}" else rng.choice(("{}", "{}", "{}.", "({})", "{} —"))
    return Notes(
        place=place,
        sign=sign,
        restart="page" if sign == "*" else restart.get(place, "never"),
        call=call,
        raised=raised,
        mark=rng.choice((form, form, "{}.")) if sign != "*" else form,
        mark_raised=rng.random() < 0.3,
        size=rng.choice((0.75, 0.8, 0.85, 0.9, 1.0)),
        rule=rng.random() < 0.6,
        hanging=rng.random() < 0.25,
        heading=rng.choice(("Notes", "NOTES", "Notes", "")),
        starred=place == "foot"
        and engine in ("typst", "weasyprint")
        and sign == "1"
        and genre in STARRED
        and rng.random() < 0.2,
    )


def _columns(rng: Random, genre: str, width: float) -> int:
    if genre == "newspaper":
        return 3 if width > 240 else rng.choice((2, 3))
    if genre == "magazine":
        return rng.choice((2, 2, 3))
    if genre in ("review", "minutes", "law", "dictionary", "interview") and width >= 148:
        return rng.choice((1, 1, 2))
    return 1


def draw(rng: Random, genre: str, engine: str) -> Style:
    """A look for a document of a genre that an engine sets."""
    width, height = rng.choice(SIZES[FORMATS[genre]])
    if genre == "dictionary" and rng.random() < 0.5:
        width, height = 165, 235
    columns = _columns(rng, genre, width)
    typescript = columns == 1 and genre in ("report", "letters", "minutes") and rng.random() < 0.25
    sans = genre in ("report", "magazine", "newspaper", "manifesto", "law") and rng.random() < 0.35
    if typescript:
        width, height = 210, 297
    font = family(rng, engine, MONO if typescript else SANS if sans else SERIF)
    small = width < 125
    size = rng.choice((8.5, 9, 9.5)) if small or columns > 1 else rng.choice((10, 10.5, 11, 12))
    if genre == "newspaper":
        size = rng.choice((7.5, 8, 8.5, 9))
    if typescript:
        size = 11
    margin = width * rng.uniform(0.09, 0.14)
    paragraphs = rng.choice(("indent", "indent", "indent", "gap", "both", "hanging"))
    if paragraphs == "hanging" and genre not in ("dictionary", "interview", "law", "minutes"):
        paragraphs = "indent"
    justify = not typescript and rng.random() < 0.8
    indent = rng.choice((1.0, 1.2, 1.5, 2.0, 3.0)) if paragraphs in ("indent", "both") else 0
    if typescript:
        indent = rng.choice((0, 5)) if indent else 0
    style = Style(
        engine=engine,
        width=width,
        height=height,
        inner=margin * rng.uniform(0.8, 1.2),
        outer=margin * rng.uniform(0.9, 1.4),
        top=height * rng.uniform(0.08, 0.11),
        bottom=height * rng.uniform(0.09, 0.13),
        columns=columns,
        column_rule=columns > 1 and rng.random() < 0.5,
        font=font,
        head_font=font if rng.random() < 0.7 or typescript else family(rng, engine, SANS),
        size=size,
        leading=1.9 if typescript and rng.random() < 0.5 else rng.choice((1.15, 1.25, 1.35, 1.5)),
        justify=justify,
        hyphenate=not typescript and rng.random() < (0.85 if justify else 0.3),
        indent=indent,
        gap=rng.choice((0.4, 0.7, 1.0)) if paragraphs in ("gap", "both") else 0,
        hanging=paragraphs == "hanging",
        first_indent=rng.random() < 0.5,
        drop=rng.random() < 0.3 and genre in DROPPED and not typescript,
        chapter_break=genre in ("book", "memoir", "play") and rng.random() < 0.6,
        heads=_heads(rng, genre),
        running=_running(rng, genre, columns),
        notes=notes_of(rng, genre, engine, columns),
        quote_left=rng.choice((1, 1.5, 2, 3, 4)),
        quote_right=rng.choice((0, 0, 1.5, 2, 3)),
        quote_size=rng.choice((1.0, 1.0, 0.9, 0.85)),
        quote_italic=rng.random() < 0.2,
        quote_bar=engine in ("chromium", "weasyprint") and rng.random() < 0.2,
        quote_gap=rng.choice((0.3, 0.6, 1.0)),
        verse_left=rng.choice((2, 3, 4)),
        verse_italic=rng.random() < 0.3,
        verse_numbers=rng.choice((0, 0, 5, 5, 10)) if genre == "poems" else 0,
        verse_side=rng.choice(("left", "right")),
        speaker=rng.choice(("caps", "sc", "bold", "italic", "plain")),
        speaker_center=rng.random() < 0.6,
        title_across=columns > 1 and rng.random() < 0.75,
        list_indent=rng.choice((0, 1.5, 2, 3)),
        list_gap=rng.choice((0, 0.3, 0.6)),
        table_rules=rng.random() < 0.5,
        tagged=rng.random() < 0.5,
        dateline_align=rng.choice(("right", "right", "left", "center")),
        dateline_italic=rng.random() < 0.5,
        signature_case=rng.choice(("none", "smallcaps", "upper", "italic")),
        stage_center=rng.random() < 0.5,
        epigraph_left=rng.choice((0.3, 0.4, 0.5)),
        continued_indent=rng.random() < 0.3,
        aside_across=columns > 1 and rng.random() < 0.3,
        label_italic=rng.random() < 0.3,
    )
    _adjust(style, rng, genre, typescript)
    return style


def _adjust(style: Style, rng: Random, genre: str, typescript: bool) -> None:
    """Makes the parts of a look fit together."""
    if style.notes.place == "margin":
        style.outer = max(style.width * 0.27, 40)
        style.inner = style.width * 0.09
        style.notes.restart = "never"
        style.notes.size = min(style.notes.size, 0.8)
    if not style.indent and not style.gap and not style.hanging:
        style.gap = 0.7
    if style.engine == "groff":
        style.notes.mark_raised = False
    if typescript:
        for head in style.heads.values():
            head.size, head.tracking, head.case = 1.0, 0, head.case.replace("smallcaps", "upper")
        style.quote_size, style.notes.size = 1.0, 1.0
        style.heads[1].case = "upper"
        style.traits.append("typescript")
    if style.columns > 1:
        for head in style.heads.values():
            head.above = min(head.above, 1.5)
        if not style.title_across:
            style.heads[1].size = min(style.heads[1].size, 1.5)
        style.quote_left, style.verse_left = min(style.quote_left, 1.5), 1
        style.verse_numbers = 0
    if genre == "newspaper":
        style.inner = style.outer = style.width * 0.05
        style.heads[2].tracking = 0
    if genre == "book":
        style.running.first = False
    if genre in ("newspaper", "magazine"):
        style.dateline_align = rng.choice(("left", "left", "right"))
    if style.justify and style.columns > 1:
        style.hyphenate = True
    room = (style.width - style.inner - style.outer) * 72 / 25.4
    if style.columns > 1 and not style.title_across:
        room /= style.columns
    widest = 13 * (0.72 + style.heads[1].tracking)  # `TRAVAILLEURS` in capitals
    style.heads[1].size = max(1.0, min(style.heads[1].size, room / style.size / widest))
    if style.engine == "chromium" and genre in WEB and rng.random() < 0.3:
        style.running.kind, style.running.folio, style.running.first = "web", "none", True
        style.running.form = rng.choice(("12/03/2019 14:07", "05/11/2023, 09:41"))
        style.running.start = 1
        style.width, style.height = 210, 297
        style.top = max(style.top, 16)
        style.bottom = max(style.bottom, 16)
        style.inner = style.outer = 18
        style.columns, style.title_across, style.size = 1, False, max(style.size, 10.5)
    if style.height < 180:
        style.heads[1].above = min(style.heads[1].above, 2)


def fit(style: Style, document: Document) -> None:
    """Makes room in the margins for what a document puts there."""
    if not any(block.side for block in document.blocks):
        return
    if style.columns > 1 or style.engine in ("groff", "libreoffice"):
        for block in document.blocks:
            block.side = ""
        return
    style.outer = max(style.outer, 25)
    if style.engine in ("chromium", "weasyprint"):
        style.inner = style.outer
    document.traits.append("marginal dates")


def described(style: Style, genre: str, traits: list[str]) -> str:
    """A line that tells the look."""
    notes, running = style.notes, style.running
    parts = [
        f"{genre}: {style.width:g} x {style.height:g} mm, {style.font} {style.size:g} pt",
        f"{style.columns} columns" if style.columns > 1 else "",
        "justified" if style.justify else "ragged",
        "" if style.hyphenate else "no hyphenation",
        f"indent {style.indent:g} em" if style.indent else "",
        f"gap {style.gap:g} em" if style.gap else "",
        "hanging" if style.hanging else "",
        f"running {running.kind} at the {running.at}" if running.kind != "none" else "",
        f"folio {running.folio} `{running.form.format(7)}`" if running.folio != "none" else "",
        f"notes {notes.place}, sign {notes.sign}, restart {notes.restart}, call `{notes.call}`"
        f"{' raised' if notes.raised else ''}, mark `{notes.mark}`",
        *style.traits,
        *traits,
    ]
    return ", ".join(part for part in parts if part)
