"""Sets a document with LibreOffice Writer: a flat ODT, turned into a PDF."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from shutil import which

from layouts.model import Block, Document, Made, Note, tokens
from layouts.reading import outside
from layouts.set_typst import heads_of, relabel, with_notes
from layouts.styles import Style

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in (
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    )
)  # fmt: skip
_SPANS = {"<i>": "I", "<b>": "B", "<sc>": "SC", "<sup>": "SUP"}
_CASES = {
    "upper": 'fo:text-transform="uppercase"', "smallcaps": 'fo:font-variant="small-caps"',
    "italic": 'fo:font-style="italic"', "none": "",
}  # fmt: skip


def quoted(text: str) -> str:
    """Text as XML."""
    return escape(text, quote=False).replace("  ", " <text:s/>")


class Setter:
    """Writes the source of one document."""

    def __init__(self, document: Document, style: Style) -> None:
        self.document = document
        self.style = style
        self.notes = {note.number: note for note in document.notes}
        self.fresh = True
        self.verse_line = 0

    # Text in a line

    def inline(self, text: str) -> str:
        """Marked text as XML."""
        return "".join(self._token(token) for token in tokens(text))

    def _token(self, token: str) -> str:
        if token in _SPANS:
            return f'<text:span text:style-name="{_SPANS[token]}">'
        if token.startswith("</"):
            return "</text:span>"
        if token == "\n":
            return "<text:line-break/>"
        if found := re.fullmatch(r"⟦(\d+)⟧", token):
            return self.call(self.notes[int(found[1])])
        return quoted(token)

    def call(self, note: Note) -> str:
        """The call of a note, with the note where the office places it."""
        notes = self.style.notes
        space = "\u00a0" if notes.call.startswith(" ") else ""
        if notes.place == "foot":
            glued = notes.hanging and self.style.tagged  # Writer puts nothing after the mark
            body = "".join(
                f'<text:p text:style-name="{"NoteQuote" if text.startswith("> ") else "Note"}">'
                f"{'' if at or glued else '<text:s/>'}"
                f"{self.inline(text.removeprefix('> '))}</text:p>"
                for at, text in enumerate(note.paragraphs)
            )
            return (
                f'{space}<text:note text:id="n{note.number}" text:note-class="footnote">'
                f"<text:note-citation>{note.number}</text:note-citation>"
                f"<text:note-body>{body}</text:note-body></text:note>"
            )
        shown = notes.call.strip().format(note.label)
        return f'{space}<text:span text:style-name="Call">{shown}</text:span>'

    # Blocks

    def block(self, block: Block) -> str:
        """A block as XML."""
        makers: dict[str, Callable[[Block], str]] = {
            "paragraph": self.paragraph, "heading": self.heading, "verse": self.verse,
            "speech": self.speech, "table": self.table, "toc": self.toc,
            "title-page": self.title_page, "list-item": self.list_item,
        }  # fmt: skip
        maker = makers.get(block.kind)
        out = maker(block) if maker else self.aligned(block)
        if block.aside:
            out = self.p("Aside", quoted(block.aside)) + out
        if block.kind in ("paragraph", "speech", "verse", "quote", "list-item"):
            self.fresh = False
        return out

    @staticmethod
    def p(look: str, body: str) -> str:
        """A paragraph of a look."""
        return f'<text:p text:style-name="{look}">{body}</text:p>\n'

    def aligned(self, block: Block) -> str:
        """A block of a kind that has its look."""
        look = {
            "dateline": "Dateline", "salutation": "Salutation", "signature": "Signature",
            "standfirst": "Standfirst", "stage": "Stage", "ornament": "Centre",
            "colophon": "Centre", "quote": "Quote", "epigraph": "Epigraph",
        }[block.kind]  # fmt: skip
        if block.look == "attribution":
            look = "Attribution"
        if block.look == "byline":
            look = "Flat"
        return self.p(look, self.inline(block.text))

    def paragraph(self, block: Block) -> str:
        """A paragraph."""
        if block.look == "slogan":
            return self.p("Slogan", self.inline(block.text))
        text = self.inline(block.text)
        if block.label:
            span = "I" if self.style.label_italic else "B"
            label = self.inline(block.label)
            text = f'<text:span text:style-name="{span}">{label}</text:span> {text}'
        lone = (self.fresh and not self.style.first_indent) or (
            block.look == "continued" and not self.style.continued_indent
        )
        if self.fresh and self.style.drop and not block.label and len(block.text) > 200:
            return self.p("Drop", text)
        return self.p("First" if lone else "Body", text)

    def heading(self, block: Block) -> str:
        """A heading."""
        self.fresh = True
        if block.look == "banner":
            return self.p("Banner", quoted(block.text))
        if block.level < 3:
            self.verse_line = 0
        look = f"H{block.level}"
        if block is self.document.blocks[0] and block.level == 2:
            look = "H2First"
        text = self.inline(block.text)
        if not self.style.tagged:
            return self.p(look, text)
        return (
            f'<text:h text:style-name="{look}" text:outline-level="{block.level}">{text}</text:h>\n'
        )

    def verse(self, block: Block) -> str:
        """A stanza or some lines."""
        out, rows = "", block.text.split("\n")
        for at, row in enumerate(rows):
            number = ""
            if block.look == "poem":
                self.verse_line += 1
                every = self.style.verse_numbers
                if every and self.verse_line % every == 0:
                    span = f'<text:span text:style-name="Small">{self.verse_line}</text:span>'
                    number = f"<text:tab/>{span}"
            look = "VerseLast" if at == len(rows) - 1 else "Verse"
            out += self.p(look, self.inline(row) + number)
        return out

    def speech(self, block: Block) -> str:
        """A speech with its speaker."""
        who, rest = block.label[: len(block.speaker)], block.label[len(block.speaker) :]
        label = f'<text:span text:style-name="Who">{quoted(who)}</text:span>{quoted(rest)}'
        text = self.inline(block.text)
        if block.look == "own-line":
            return self.p("Label", label) + self.p("First", text)
        return self.p("Body", f"{label} {text}")

    def list_item(self, block: Block) -> str:
        """An item of a list."""
        return self.p("Item", f"{quoted(block.label)}<text:tab/>{self.inline(block.text)}")

    def table(self, block: Block) -> str:
        """A table."""
        rows = [row.split(" | ") for row in block.text.split("\n")]
        body = "".join(
            "<table:table-row>" + "".join(
                f'<table:table-cell table:style-name="Cell" office:value-type="string">'
                f"{self.p('Flat', quoted(cell))}</table:table-cell>"
                for cell in row
            ) + "</table:table-row>"
            for row in rows
        )  # fmt: skip
        columns = f'<table:table-column table:number-columns-repeated="{len(rows[0])}"/>'
        return f"<table:table>{columns}{body}</table:table>{self.p('Flat', '')}"

    def toc(self, block: Block) -> str:
        """A table of contents."""
        head, *rows = block.text.split("\n")
        out = self.p("Centre", f'<text:span text:style-name="B">{quoted(head)}</text:span>')
        for row in rows:
            title, page = row.rsplit(" ", 1)
            out += self.p("Toc", f"{quoted(title)}<text:tab/>{page}")
        return out

    def title_page(self, block: Block) -> str:
        """A title page, or what stands under the banner of a newspaper."""
        lines = [quoted(line) for line in block.text.split("\n")]
        if block.look == "banner":
            return self.p("Centre", lines[0])
        rest = "".join(self.p("Centre", line) for line in lines[2:])
        return (
            self.p("TitleAuthor", lines[0]) + self.p("Title", lines[1]) + rest + self.p("Break", "")
        )

    def gathered(self, numbers: list[int], level: int) -> str:
        """Notes under their heading."""
        notes = self.style.notes
        out = self.p(f"H{level}", notes.heading) if notes.heading else ""
        for number in numbers:
            note = self.notes[number]
            mark = notes.mark.format(note.label)
            span = (
                f'<text:span text:style-name="SUP">{mark}</text:span>'
                if notes.mark_raised
                else mark
            )
            for at, text in enumerate(note.paragraphs):
                look = "NoteQuote" if text.startswith("> ") else "Note"
                body = self.inline(text.removeprefix("> "))
                out += self.p(look, body if at else f"{span} {body}")
        return out

    # The styles

    def flow(self) -> str:
        """How lines of paragraphs flow."""
        align = "justify" if self.style.justify else "start"
        return (
            f'fo:line-height="{self.style.leading * 85:.0f}%" fo:text-align="{align}" '
            'fo:orphans="2" fo:widows="2"'
        )

    def type(self, factor: float, look: str = "", font: str = "Main") -> str:
        """A font and its size, as a part of that of the body."""
        hyphens = f'fo:hyphenate="{str(self.style.hyphenate and font == "Main").lower()}"'
        size = self.style.size * factor
        return f'style:font-name="{font}" fo:font-size="{size:.1f}pt" {hyphens} {look}'

    def styles(self) -> str:
        """The looks of paragraphs and of words."""
        return self.body_styles() + self.small_styles() + self.spans() + self.head_styles()

    def body_styles(self) -> str:
        """The looks of paragraphs as wide as the page, and of what stands on a side."""
        style, flow, size = self.style, self.flow(), self.style.size
        base, bold, italic = self.type(1), 'fo:font-weight="bold"', _CASES["italic"]
        gap, hang = style.gap * size, size * 1.5
        indent = f'fo:text-indent="{style.indent * size:.1f}pt" fo:margin-bottom="{gap:.1f}pt"'
        if style.hanging:
            indent = (
                f'fo:margin-left="{hang}pt" fo:text-indent="-{hang}pt" '
                f'fo:margin-bottom="{gap:.1f}pt"'
            )
        flat = f'fo:text-indent="0pt" fo:margin-bottom="{gap:.1f}pt"'
        drop = '<style:drop-cap style:lines="3" style:length="1" style:distance="1mm"/>'
        dated = self.type(1, italic if style.dateline_italic else "")
        signed_by = self.type(1, _CASES[style.signature_case])
        stage = "center" if style.stage_center else "start"
        label = "center" if style.speaker_center else "start"
        salutation = f'fo:margin-left="{style.indent * size}pt" {_around(0.4, 0.5, size)}'
        looks = (
            ("Body", f"{flow} {indent}", base, ""),
            ("First", f"{flow} {flat}", base, ""),
            ("Flat", _align("start"), base, ""),
            ("Drop", f"{flow} {flat}", base, drop),
            ("Centre", f'{_align("center")} fo:margin-top="4pt"', base, ""),
            ("Slogan", _align("center") + _around(0.6, 0.6, size), self.type(1, bold), ""),
            ("Dateline", _align(style.dateline_align) + _around(0.3, 0.5, size), dated, ""),
            ("Salutation", salutation, base, ""),
            ("Signature", _align("end") + _around(0.3, 1, size), signed_by, ""),
            (
                "Standfirst", _align(style.heads[1].align) + _around(0.3, 1.2, size),
                self.type(1, italic), "",
            ),
            ("Stage", _align(stage) + _around(0.4, 0.4, size), self.type(1, italic), ""),
            (
                "Label", f'{_align(label)} fo:keep-with-next="always" {_around(0.6, 0.1, size)}',
                base, "",
            ),
            ("TitleAuthor", f'{_align("center")} fo:margin-top="30mm"', base, ""),
            (
                "Title", f'{_align("center")} fo:margin-top="25mm" fo:margin-bottom="30mm"',
                self.type(2, bold, "Head"), "",
            ),
            ("Banner", _align("center"), self.type(style.width * 0.16 / size, bold, "Head"), ""),
            ("Break", 'fo:break-after="page"', base, ""),
        )  # fmt: skip
        return "".join(_paragraph(*look) for look in looks)

    def small_styles(self) -> str:
        """The looks of what is set in, or smaller."""
        style, notes, size = self.style, self.style.notes, self.style.size
        italic, flow = _CASES["italic"], self.flow()
        quote = (
            f'{flow} fo:margin-left="{style.quote_left * size}pt" '
            f'fo:margin-right="{style.quote_right * size}pt" '
            f"{_around(style.quote_gap, style.quote_gap, size)}"
        )
        item = (
            f'{flow} fo:margin-left="{(style.list_indent + 1.5) * size}pt" '
            f'fo:text-indent="-{1.5 * size}pt" {_around(style.list_gap, style.list_gap, size)}'
        )
        aside = (
            'fo:border-top="0.6pt solid #000000" fo:border-bottom="0.6pt solid #000000" '
            f'fo:padding="3pt" {_around(1, 1, size)}'
        )
        epigraph = f'fo:margin-left="{style.epigraph_left * style.width * 0.7:.0f}mm"'
        room = style.width - style.inner - style.outer
        left = style.verse_left * size
        verse = f'{_align("start")} fo:margin-left="{left}pt" '
        line = self.type(1, italic if style.verse_italic else "")
        numbers = _tab(room - left * 0.353 - 1)
        align = _align("justify" if style.justify else "start")
        hung = f'fo:margin-left="{size}pt" fo:text-indent="-{size}pt"' if notes.hanging else ""
        small = self.type(notes.size)
        looks = (
            ("Quote", quote, self.type(style.quote_size, italic if style.quote_italic else ""), ""),
            ("Epigraph", epigraph, self.type(0.9, italic), ""),
            (
                "Attribution", _align("end") + _around(0, 1, size),
                self.type(0.9, _CASES["smallcaps"]), "",
            ),
            ("Item", item, self.type(1), ""),
            ("Aside", aside, self.type(1.3, italic, "Head"), ""),
            ("Toc", _align("start"), self.type(1), _tab(room, dots=True)),
            ("Verse", verse + _around(0, 0, size), line, numbers),
            ("VerseLast", verse + _around(0, 0.9, size), line, numbers),
            ("Note", f"{align} {hung}", small, ""),
            ("NoteQuote", f'{align} fo:margin-left="{size * 1.5}pt"', small, ""),
        )  # fmt: skip
        return "".join(_paragraph(*look) for look in looks)

    def spans(self) -> str:
        """The looks of words."""
        style, notes = self.style, self.style.notes
        raised = 'style:text-position="super 60%"'
        who = {"caps": "upper", "sc": "smallcaps", "italic": "italic"}.get(style.speaker, "none")
        looks = {
            "I": 'fo:font-style="italic"', "B": 'fo:font-weight="bold"',
            "SC": 'fo:font-variant="small-caps"', "SUP": raised,
            "Small": f'fo:font-size="{style.size * 0.75:.1f}pt" fo:font-style="normal"',
            "Who": 'fo:font-weight="bold"' if style.speaker == "bold" else _CASES[who],
            "Call": raised if notes.raised else "",
            "Mark": raised if notes.mark_raised else "",
        }  # fmt: skip
        return "".join(
            f'<style:style style:name="{name}" style:family="text">'
            f"<style:text-properties {look}/></style:style>\n"
            for name, look in looks.items()
        )

    def head_styles(self) -> str:
        """The looks of headings."""
        out = ""
        for level, head in self.style.heads.items():
            size = self.style.size * head.size
            given = (
                f'fo:text-align="{head.align.replace("left", "start").replace("right", "end")}" '
                f'fo:keep-with-next="always" fo:text-indent="0pt" '
                f"{_around(head.above, head.below, self.style.size)}"
            )
            if head.rule:
                given += ' fo:border-bottom="0.5pt solid #000000"'
            look = (
                f'style:font-name="Head" fo:font-size="{size:.1f}pt" fo:hyphenate="false" '
                f'fo:font-weight="{"bold" if head.weight == "bold" else "normal"}" '
                f'fo:letter-spacing="{head.tracking * size:.1f}pt" {_CASES[head.case]}'
            )
            if head.italic:
                look += ' fo:font-style="italic"'
            broken = ' fo:break-before="page"' if level == 2 and self.style.chapter_break else ""
            out += _paragraph(f"H{level}", given + broken, look)
            if level == 2:
                out += _paragraph("H2First", given, look)
        return out

    # The pages

    def heads(self) -> str:
        """What stands at head and foot of pages, for right and left pages, as XML."""
        running = self.style.running
        author, title = heads_of(self.document)
        even, odd = {"none": ("", ""), "title": (title, title)}.get(running.kind, (author, title))
        before, after = running.form.split("{}")
        page = '<text:page-number text:select-page="current"/>'
        folio = f"{quoted(before)}{page}{quoted(after)}"
        side, place = running.side, running.folio
        if place == "inside":
            place, side = "outer", "inner" if side == "outer" else side
        parts = {}
        other = "footer" if running.at == "head" else "header"
        here = "header" if running.at == "head" else "footer"
        for parity, text in (("", odd), ("-left", even)):
            spots: dict[str, list[str]] = {here: ["", "", ""], other: ["", "", ""]}
            if text:
                shown = f'<text:span text:style-name="Running">{quoted(text)}</text:span>'
                spots[here][_spot(side, parity == "")] = shown
            if running.folio != "none":
                at = here if running.folio == "inside" else other
                spots[at][_spot(place, parity == "")] = folio
            for name, row in spots.items():
                parts[name + parity] = "<text:tab/>".join(row) if any(row) else ""
        xml = ""
        for name in ("header", "header-left", "footer", "footer-left"):
            if parts["header" if name.startswith("header") else "footer"] or parts[name]:
                look = "Header" if name.startswith("header") else "Footer"
                xml += f"<style:{name}>{self.p(look, parts[name])}</style:{name}>"
            if name.endswith("-left") and not running.first and xml:
                base = name.removesuffix("-left")
                if f"<style:{base}>" in xml:
                    xml += f"<style:{base}-first>{self.p('Header', '')}</style:{base}-first>"
        return xml

    def source(self) -> str:
        """The source of the document."""
        style, notes, running = self.style, self.style.notes, self.style.running
        heads = self.heads()
        room = style.width - style.inner - style.outer
        tabs = (
            "<style:tab-stops>"
            f'<style:tab-stop style:position="{room / 2:.1f}mm" style:type="center"/>'
            f'<style:tab-stop style:position="{room:.1f}mm" style:type="right"/></style:tab-stops>'
        )
        small = self.type(0.85)
        ruled = running.rule and running.kind != "none"
        line = ' fo:border-bottom="0.4pt solid #000000"' if ruled else ""
        before, after = notes.mark.split("{}")
        columns = ""
        if style.columns > 1:
            rule = '<style:column-sep style:width="0.2mm" style:color="#000000"/>'
            columns = (
                f'<style:columns fo:column-count="{style.columns}" fo:column-gap="6mm">'
                f"{rule if style.column_rule else ''}</style:columns>"
            )
        header = _area("header", style.top, "<style:header" in heads)
        footer = _area("footer", style.bottom, "<style:footer" in heads)
        top = max(4.0, style.top - 10) if header else style.top
        bottom = max(4.0, style.bottom - 10) if footer else style.bottom
        cell = "0.4pt solid #000000" if style.table_rules else "none"
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {_SPACES} office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls>
<style:font-face style:name="Main" svg:font-family="'{style.font}'"/>
<style:font-face style:name="Head" svg:font-family="'{style.head_font}'"/>
</office:font-face-decls>
<office:styles><style:default-style style:family="paragraph"><style:text-properties
 fo:language="fr" fo:country="FR" fo:hyphenation-remain-char-count="2"
 fo:hyphenation-push-char-count="2"/></style:default-style>
{self.styles()}
{_paragraph("Header", line, small, tabs)}{_paragraph("Footer", "", small, tabs)}
<style:style style:name="Running" style:family="text"><style:text-properties
 {_CASES[running.case]} {_CASES["italic"] if running.italic else ""}/></style:style>
<text:notes-configuration text:note-class="footnote" text:citation-style-name="Mark"
 text:citation-body-style-name="Call" style:num-format="{notes.sign}" text:start-value="0"
 style:num-prefix="{before}" style:num-suffix="{after}" text:start-numbering-at="document"
 text:footnotes-position="page"/></office:styles>
<office:automatic-styles><style:page-layout style:name="Page" style:page-usage="mirrored">
<style:page-layout-properties fo:page-width="{style.width}mm" fo:page-height="{style.height}mm"
 fo:margin-top="{top:.1f}mm" fo:margin-bottom="{bottom:.1f}mm"
 fo:margin-left="{style.inner:.1f}mm" fo:margin-right="{style.outer:.1f}mm"
 style:first-page-number="{running.start}">
<style:footnote-sep style:width="{"0.3mm" if notes.rule else "0mm"}" style:rel-width="25%"
 style:color="#000000" style:distance-before-sep="2mm" style:distance-after-sep="1mm"/>
{"" if style.title_across else columns}</style:page-layout-properties>
{header}{footer}</style:page-layout>
<style:style style:name="Columns" style:family="section"><style:section-properties
 text:dont-balance-text-columns="true">{columns}</style:section-properties></style:style>
<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties
 fo:border="{cell}" fo:padding="1mm"/></style:style>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="Page">
{heads}</style:master-page></office:master-styles>
<office:body><office:text>{self.body()}</office:text></office:body></office:document>"""

    def body(self) -> str:
        """All blocks, those over the columns apart."""
        over: list[str] = []
        rest: list[str] = []
        for block, numbers in with_notes(self.document, self.style.notes):
            if block:
                top = block.look in ("banner", "byline") or block.kind == "standfirst"
                top = top or (block.kind == "heading" and block.level == 1)
                place = over if top and not rest and self.style.title_across else rest
                place.append(self.block(block))
            if numbers:
                rest.append(self.gathered(numbers, 2 if self.style.notes.place == "end" else 3))
        body = "".join(rest)
        if self.style.columns > 1 and self.style.title_across:
            body = f'<text:section text:style-name="Columns" text:name="C">{body}</text:section>'
        return "".join(over) + body


def _paragraph(name: str, given: str, text: str, inside: str = "") -> str:
    """The look of a paragraph."""
    given = given.replace('fo:text-align="left"', 'fo:text-align="start"')
    given = given.replace('fo:text-align="right"', 'fo:text-align="end"')
    return (
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties '
        f"{given}>{inside}</style:paragraph-properties>"
        f"<style:text-properties {text}/></style:style>\n"
    )


def _align(side: str) -> str:
    """The side on which lines stand."""
    return f'fo:text-align="{side}" '


def _tab(at: float, dots: bool = False) -> str:
    """A tabulator on the right."""
    leader = ' style:leader-style="dotted" style:leader-text="."' if dots else ""
    return (
        f'<style:tab-stops><style:tab-stop style:position="{at:.0f}mm" style:type="right"{leader}/>'
        "</style:tab-stops>"
    )


def _around(above: float, below: float, size: float) -> str:
    """The space above and below."""
    return f'fo:margin-top="{above * size:.1f}pt" fo:margin-bottom="{below * size:.1f}pt"'


def _area(name: str, room: float, there: bool) -> str:
    """The room of a header or footer, which is part of the margin."""
    if not there:
        return ""
    side = "bottom" if name == "header" else "top"
    height = min(10.0, room - 4)
    return (
        f'<style:{name}-style><style:header-footer-properties fo:min-height="{height:.1f}mm" '
        f'svg:height="{height:.1f}mm" fo:margin-{side}="4mm" '
        f'style:dynamic-spacing="false"/></style:{name}-style>'
    )


def _spot(side: str, odd: bool) -> int:
    """Left, middle or right."""
    return 1 if side == "center" else 2 if (side == "outer") == odd else 0


def make(document: Document, style: Style) -> Made:
    """The document as a PDF."""
    style.running.roman = False
    if style.running.kind == "chapter":
        style.running.kind = "turn"
    style.notes.restart = "never"
    if style.notes.place == "foot":  # Writer has one form for the call and the mark
        style.notes.mark = style.notes.call.strip()
    relabel(document, style.notes)
    source = Setter(document, style).source()
    office = which("soffice") or which("libreoffice")
    if not office:
        raise RuntimeError("no LibreOffice")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.fodt"
        path.write_text(source, encoding="utf-8")
        done = subprocess.run(
            [office, f"-env:UserInstallation=file://{folder}/profile", "--headless",
             "--convert-to", "pdf", "--outdir", folder, str(path)],
            capture_output=True, timeout=180, check=False,
        )  # fmt: skip
        made = path.with_suffix(".pdf")
        if not made.is_file():
            raise RuntimeError(done.stderr.decode(errors="replace")[:400])
        pdf = made.read_bytes()
    author, title = heads_of(document)
    return Made(pdf, outside(pdf, document, style, [author, title]), source)
