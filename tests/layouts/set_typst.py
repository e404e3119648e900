"""Sets a document with Typst, which tells itself what its pages print around the text."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

import typst

from layouts.model import Block, Document, Furniture, Made, Note, bare, plain, tokens
from layouts.styles import HeadStyle, Notes, Style

_ESCAPED = re.compile(r"([\\#$*_`<>@~\-=+/\[\]\"'.])")
_OPEN = {"<i>": "#emph[", "<b>": "#strong[", "<sc>": "#smallcaps[", "<sup>": "#super["}


def escaped(text: str) -> str:
    """Text as markup."""
    return _ESCAPED.sub(r"\\\1", text)


def string(text: str) -> str:
    """Text as a string of code."""
    return json.dumps(text, ensure_ascii=False)


PREAMBLE = """
#let furniture(text, why) = context [#metadata((page: here().page(), text: text, why: why))<furn>]
#let cased(kind, body) = if kind == "upper" { upper(body) } else if kind == "smallcaps" {
  smallcaps(body) } else if kind == "italic" { emph(body) } else { body }
#let sign(n) = numbering(NOTE_SIGN, n)
#let outside(gap, width) = context {
  let odd = calc.odd(here().page())
  (if odd { page.width - OUTER + gap } else { OUTER - gap - width }) - here().position().x
}
#let beside(width, body) = context {
  let odd = calc.odd(here().page())
  let x = if odd { PAGE_WIDTH - OUTER + 3mm } else { OUTER - 3mm - width }
  let dx = x - here().position().x
  box(width: 0pt, height: 0pt, place(dx: dx, dy: -0.75em, block(width: width, {
    set par(first-line-indent: 0pt, hanging-indent: 0pt, justify: false, leading: 0.15em)
    set text(hyphenate: false)
    body
  })))
}
#let called(label) = CALL
#let number-at(k) = context [#metadata((n: k, shown: counter(footnote).get().first()))<called>]
"""


class Setter:
    """Writes the source of one document."""

    def __init__(self, document: Document, style: Style) -> None:
        self.document = document
        self.style = style
        self.notes = {note.number: note for note in document.notes}
        self.verse_line = 0
        self.fresh = True
        """Whether the next paragraph is the first after a heading."""

    def em(self, ems: float) -> str:
        """A length of so many ems of the body."""
        return f"{ems * self.style.size:.2f}pt"

    # Text in a line

    def inline(self, text: str) -> str:
        """Marked text as markup."""
        return "".join(self._token(token) for token in tokens(text))

    def _token(self, token: str) -> str:
        if token in _OPEN:
            return _OPEN[token]
        if token.startswith("</"):
            return "]"
        if token == "\n":
            return " \\ "
        if found := re.fullmatch(r"⟦(\d+)⟧", token):
            return self.call(self.notes[int(found[1])])
        return escaped(token)

    def call(self, note: Note) -> str:
        """The call of a note, with the note where it stands at the foot."""
        notes = self.style.notes
        space = "~" if notes.call.startswith(" ") else ""
        if notes.place == "foot":
            body = self.note_body(note)
            if note.starred:
                back = "#counter(footnote).update(n => n - 1)"
                return f'{space}#footnote(numbering: n => "*")[{body}]{back}'
            return f"{space}#footnote[{body}]#number-at({note.number})"
        shown = f"{space}#called({string(note.label or str(note.number))})"
        if notes.place == "margin":
            width = f"{self.style.outer - 8:.1f}mm"
            size = self.em(notes.size)
            shown += (
                f"#sym.wj#beside({width})[#text(size: {size})[{self.mark(note)}"
                f"{self.note_body(note)}]]#sym.wj"
            )
        return shown

    def mark(self, note: Note) -> str:
        """What stands before a note that does not stand at the foot."""
        notes = self.style.notes
        text = escaped(notes.mark.format(note.label or note.number))
        return f"#super[{text}]~" if notes.mark_raised else f"{text}~"

    def note_body(self, note: Note) -> str:
        """The paragraphs of a note."""
        parts = []
        for paragraph in note.paragraphs:
            if paragraph.startswith("> "):
                body = self.inline(paragraph[2:])
                parts.append(f"#block(inset: (left: {self.em(1)}), above: 0.6em)[{body}]")
            else:
                parts.append(self.inline(paragraph))
        return "\n\n".join(parts)

    # Blocks

    def block(self, block: Block) -> str:
        """A block as markup."""
        kind = block.kind.replace("-", "_")
        out = str(getattr(self, f"set_{kind}")(block))
        if block.aside:
            out = self.aside(block.aside) + out
        if kind != "heading" and kind not in ("ornament", "epigraph", "standfirst", "dateline"):
            self.fresh = False
        return out

    def aside(self, text: str) -> str:
        """A call-out."""
        body = (
            f"#block(width: 100%, inset: (y: {self.em(0.6)}), stroke: (y: 0.6pt))[#set par("
            f"first-line-indent: 0pt, justify: false); #text(size: {self.em(1.35)}, "
            f'style: "italic", hyphenate: false)[{escaped(text)}]]\n\n'
        )
        if self.style.aside_across:
            return f'#place(auto, scope: "parent", float: true)[{body}]\n\n'
        return body

    def plain_block(self, body: str, above: float, below: float, settings: str = "") -> str:
        """A block that stands apart, without indent."""
        return (
            f"#block(width: 100%, above: {self.gap(above)}, below: {self.gap(below)})[#set par("
            f"first-line-indent: 0pt, hanging-indent: 0pt){settings}\n{body}]\n\n"
        )

    def gap(self, ems: float) -> str:
        """The space between blocks: that between lines and so many ems."""
        return self.em(self.style.leading - 1 + ems)

    def set_paragraph(self, block: Block) -> str:
        if block.look == "slogan":
            return self.plain_block(f"#align(center)[#strong[{self.inline(block.text)}]]", 0.6, 0.6)
        text = self.inline(block.text)
        if block.label:
            look = "emph" if self.style.label_italic else "strong"
            text = f"#{look}[{self.inline(block.label)}] {text}"
        if block.side:
            size = self.em(0.75)
            text = (
                f'#beside(20mm)[#text(size: {size}, style: "italic")[{escaped(block.side)}]]'
                f'#furniture({string(block.side)}, "marginal date"){text}'
            )
        elif self.fresh and self.style.drop and re.match(r"[A-ZÀÉ]\w", block.text):
            first = escaped(block.text[0])
            text = f"#text(size: 2.1em)[{first}]{self.inline(block.text[1:])}"
        if block.look == "continued" and not self.style.continued_indent:
            return f"#[#set par(first-line-indent: 0pt)\n{text}\n\n]\n\n"
        return f"{text}\n\n"

    def set_heading(self, block: Block) -> str:
        if block.look == "banner":
            size = self.style.width * 0.16
            body = (
                f'#align(center)[#text(size: {size:.0f}pt, weight: "bold")[{escaped(block.text)}]]'
            )
            return self.across(body)
        self.fresh = True
        if block.level < 3:
            self.verse_line = 0
        head = self.style.heads[block.level]
        body = self.headed(block, head)
        if block.level == 1 and self.style.title_across:
            return self.across(body)
        before = ""
        if block.level == 2 and self.style.chapter_break and block is not self.document.blocks[0]:
            before = "#pagebreak(weak: true)\n"
        mark = ""
        if block.level <= 2:
            mark = f"#metadata({string(bare(block.text).replace(chr(10), ' '))})<chap>"
        if self.style.notes.restart == "chapter" and block.level == 2:
            before += "#counter(footnote).update(0)\n"
        return f"{before}{mark}{body}"

    def headed(self, block: Block, head: HeadStyle) -> str:
        """A heading in its look."""
        weight = '"bold"' if head.weight == "bold" else '"regular"'
        italic = '"italic"' if head.italic else '"normal"'
        text = f"#cased({string(head.case)})[{self.inline(block.text)}]"
        if self.style.tagged:
            text = f"#heading(level: {block.level})[{text}]"
        line = "#v(0.3em)#line(length: 30%, stroke: 0.5pt)" if head.rule else ""
        body = (
            f"#align({head.align})[#set par(justify: false, first-line-indent: 0pt, "
            f"hanging-indent: 0pt, leading: 0.3em); #text(font: {string(self.style.head_font)}, "
            f"size: {self.em(head.size)}, weight: {weight}, style: {italic}, hyphenate: false, "
            f"tracking: {head.tracking}em)[{text}]{line}]"
        )
        return (
            f"#block(width: 100%, sticky: true, breakable: false, above: {self.gap(head.above)}, "
            f"below: {self.gap(head.below)})[{body}]\n\n"
        )

    def across(self, body: str) -> str:
        """What stands over all columns."""
        if self.style.columns == 1:
            return body + "\n\n"
        return f'#place(top + center, scope: "parent", float: true, clearance: 1em)[{body}]\n\n'

    def set_title_page(self, block: Block) -> str:
        lines = block.text.split("\n")
        if block.look == "banner":
            body = f"#align(center)[#text(size: 0.9em)[{escaped(block.text)}]#line(length: 100%)]"
            return self.across(body)
        rows = [f"#v(12%)#text(size: {self.em(1.1)})[{escaped(lines[0])}]"]
        rows.append(f'#v(1fr)#text(size: {self.em(2)}, weight: "bold")[{escaped(lines[1])}]#v(2fr)')
        rows += [f"{escaped(line)}\\ " for line in lines[2:]]
        return f"#align(center)[#set par(justify: false)\n{''.join(rows)}]\n#pagebreak()\n\n"

    def set_toc(self, block: Block) -> str:
        head, *rows = block.text.split("\n")
        body = f"#align(center)[#strong[{escaped(head)}]]\n"
        for row in rows:
            title, page = row.rsplit(" ", 1)
            body += f"{escaped(title)} #box(width: 1fr, repeat[.]) {page} \\ "
        end = "#pagebreak(weak: true)\n" if self.style.chapter_break else ""
        return self.plain_block(body, 1.5, 1.5) + end

    def set_colophon(self, block: Block) -> str:
        text = f"#align(center)[#text(size: 0.85em)[{escaped(block.text)}]]"
        return self.plain_block(text, 4, 0)

    def set_ornament(self, block: Block) -> str:
        return self.plain_block(f"#align(center)[{escaped(block.text)}]", 0.7, 0.7)

    def set_standfirst(self, block: Block) -> str:
        text = f"#align({self.style.heads[1].align})[#emph[{self.inline(block.text)}]]"
        body = self.plain_block(text, 0.3, 1.2)
        return self.across(body) if self.style.title_across else body

    def set_dateline(self, block: Block) -> str:
        text = self.inline(block.text)
        if self.style.dateline_italic:
            text = f"#emph[{text}]"
        return self.plain_block(f"#align({self.style.dateline_align})[{text}]", 0.3, 0.5)

    def set_salutation(self, block: Block) -> str:
        left = self.em(max(self.style.indent, 0))
        return self.plain_block(f"#h({left}){self.inline(block.text)}", 0.4, 0.5)

    def set_signature(self, block: Block) -> str:
        text = f"#cased({string(self.style.signature_case)})[{self.inline(block.text)}]"
        align = "left" if block.look == "byline" else "right"
        return self.plain_block(f"#align({align})[{text}]", 0.3, 1)

    def set_epigraph(self, block: Block) -> str:
        left = f"{self.style.epigraph_left * 100:.0f}%"
        text = self.inline(block.text)
        style = self.style
        body = f"#smallcaps[{text}]" if block.look == "attribution" else f"#emph[{text}]"
        align = "right" if block.look == "attribution" else "left"
        return self.plain_block(
            f"#pad(left: {left})[#align({align})[#text(size: 0.9em)[{body}]]]",
            0 if block.look == "attribution" else 0.5,
            1 if block.look == "attribution" else style.gap * 0.2,
        )

    def set_quote(self, block: Block) -> str:
        style = self.style
        text = self.inline(block.text)
        if style.quote_italic:
            text = f"#emph[{text}]"
        return self.plain_block(
            f"#pad(left: {self.em(style.quote_left)}, right: {self.em(style.quote_right)})"
            f"[#text(size: {self.em(style.quote_size)})[{text}]]",
            style.quote_gap,
            style.quote_gap,
        )

    def set_verse(self, block: Block) -> str:
        style = self.style
        rows = []
        for line in block.text.split("\n"):
            text = self.inline(line)
            if block.look == "poem":
                self.verse_line += 1
                text = self._numbered(text)
            rows.append(f"#emph[{text}]" if style.verse_italic else text)
        pad = f"#pad(left: {self.em(style.verse_left)})"
        settings = f"\n#set par(hanging-indent: 2em, justify: false, spacing: {self.gap(0)})"
        body = "\n\n".join(rows)
        return self.plain_block(f"{pad}[{body}]", 0.6, 0.9, settings)

    def _numbered(self, text: str) -> str:
        every, at = self.style.verse_numbers, self.verse_line
        if not every or at % every:
            return text
        shown = f'#text(size: 0.75em, style: "normal")[{at}]'
        tell = f'#furniture("{at}", "line number")'
        if self.style.verse_side == "right":
            return f"{text}#h(1fr){shown}{tell}"
        return f"#box(width: 0pt, place(dx: -2.4em, dy: -0.7em)[{shown}]){tell}{text}"

    def set_list_item(self, block: Block) -> str:
        style = self.style
        label = escaped(block.label)
        return self.plain_block(
            f"#pad(left: {self.em(style.list_indent)})[#set par(hanging-indent: 1em)\n"
            f"{label}~{self.inline(block.text)}]",
            style.list_gap,
            style.list_gap,
        )

    def set_stage(self, block: Block) -> str:
        align = "center" if self.style.stage_center else "left"
        text = f"#align({align})[#emph[{self.inline(block.text)}]]"
        return self.plain_block(text, 0.4, 0.4)

    def set_speech(self, block: Block) -> str:
        style = self.style
        who, rest = block.label[: len(block.speaker)], block.label[len(block.speaker) :]
        name = {"caps": "#upper", "sc": "#smallcaps", "bold": "#strong", "italic": "#emph"}.get(
            style.speaker, "#text"
        )
        label = f"{name}[{escaped(who)}]{escaped(rest)}"
        text = self.inline(block.text)
        if block.look == "own-line":
            align = "center" if style.speaker_center else "left"
            head = (
                f"#block(width: 100%, sticky: true, above: {self.gap(0.6)}, below: {self.gap(0.1)})"
                f"[#align({align})[{label}]]\n\n"
            )
            return head + self.plain_block(text, 0, 0.2)
        return f"{label} {text}\n\n"

    def set_table(self, block: Block) -> str:
        rows = [row.split(" | ") for row in block.text.split("\n")]
        cells = ", ".join(f"[{escaped(cell)}]" for row in rows for cell in row)
        stroke = "0.4pt" if self.style.table_rules else "none"
        return self.plain_block(
            f"#align(center)[#set text(hyphenate: false)\n#set par(justify: false)\n"
            f"#table(columns: {len(rows[0])}, stroke: {stroke}, "
            f"align: (x, y) => if x == 0 {{ left }} else {{ right }}, {cells})]",
            0.8,
            0.8,
        )

    # Notes that do not stand at the foot

    def gathered(self, numbers: list[int], level: int) -> str:
        """Notes under their heading."""
        style = self.style
        out = ""
        if style.notes.heading:
            head = Block("heading", style.notes.heading, level=level)
            out = self.headed(head, style.heads[level])
        for number in numbers:
            note = self.notes[number]
            body = f"{self.mark(note)}{self.note_body(note)}"
            hanging = "#set par(hanging-indent: 1.2em)\n" if style.notes.hanging else ""
            text = f"{hanging}#text(size: {self.em(style.notes.size)})[{body}]"
            out += self.plain_block(text, 0, 0.2)
        return out

    # The whole

    def source(self) -> str:
        """The source of the document."""
        parts = [self.preamble()]
        for block, numbers in with_notes(self.document, self.style.notes):
            if block:
                parts.append(self.block(block))
            if numbers:
                parts.append(self.gathered(numbers, 2 if self.style.notes.place == "end" else 3))
        return "".join(parts)

    def preamble(self) -> str:
        """The settings."""
        style, notes = self.style, self.style.notes
        call = escaped(notes.call.strip()).replace("{}", "#label")
        shown = f"text(size: 0.65em, baseline: -0.45em)[{call}]" if notes.raised else f"[{call}]"
        out = (
            PREAMBLE.replace("NOTE_SIGN", string(notes.sign))
            .replace("PAGE_WIDTH", f"{style.width}mm")
            .replace("OUTER", f"{style.outer:.1f}mm")
            .replace("CALL", shown)
        )
        gap = self.gap(style.gap)
        every = "true" if style.first_indent else "false"
        out += f"""
#set page(width: {style.width}mm, height: {style.height}mm, columns: {style.columns},
  margin: (inside: {style.inner:.1f}mm, outside: {style.outer:.1f}mm, top: {style.top:.1f}mm,
  bottom: {style.bottom:.1f}mm), header: {self.furnished("head")}, footer: {self.furnished("foot")})
#set columns(gutter: {style.size * 1.6:.1f}pt)
#set text(font: {string(style.font)}, size: {style.size}pt, lang: "fr", top-edge: 0.75em,
  bottom-edge: -0.25em, hyphenate: {str(style.hyphenate).lower()})
#set smartquote(enabled: false)
#set par(justify: {str(style.justify).lower()}, leading: {self.gap(0)}, spacing: {gap},
  first-line-indent: (amount: {self.em(style.indent)}, all: {every}),
  hanging-indent: {self.em(1.5 if style.hanging else 0)})
#show heading: it => it.body
"""
        return out + self.foot_notes()

    def foot_notes(self) -> str:
        """The look of notes at the foot."""
        notes = self.style.notes
        mark = escaped(notes.mark).replace("{}", "#numbering(it.note.numbering, n)")
        mark = f"super[{mark}]" if notes.mark_raised else f"[{mark}]"
        line = "line(length: 25%, stroke: 0.5pt)" if notes.rule else "none"
        hanging = self.em(1.2) if notes.hanging else "0pt"
        return f"""
#set footnote(numbering: n => sign(n))
#set footnote.entry(separator: {line}, gap: 0.4em, indent: 0pt)
#show footnote: it => {{ show super: s => called(s.body); it }}
#show footnote.entry: it => {{
  set text(size: {self.em(notes.size)})
  set par(first-line-indent: 0pt, hanging-indent: {hanging}, leading: 0.22em, spacing: 0.22em)
  let n = counter(footnote).at(it.note.location()).first()
  [#{mark}~#it.note.body]
}}
"""

    def furnished(self, where: str) -> str:
        """The code of the head or the foot of pages."""
        running, style = self.style.running, self.style
        reset = ""
        if where == "head" and style.notes.restart == "page":
            reset = "counter(footnote).update(0); "
        out = [f"context {{ {reset}let p = here().page()"]
        out.append(f"let n = p + {running.start - 1}")
        out.append("let odd = calc.odd(p)")
        if not running.first:
            out.append("if p == 1 { return }")
            if style.chapter_break:
                out.append("if query(<chap>).any(m => m.location().page() == p) { return }")
        author, title = heads_of(self.document)
        out.append("let before = query(<chap>).filter(m => m.location().page() <= p)")
        out.append(
            "let chapter = if before.len() > 0 { before.last().value } else "
            f"{{ {string(title)} }}"
        )
        out.append('let words = chapter.split(" ")')
        out.append('let chapter = words.slice(0, calc.min(words.len(), 6)).join(" ")')
        texts = {
            "none": '""',
            "title": string(title),
            "turn": f"if odd {{ {string(title)} }} else {{ {string(author)} }}",
            "chapter": f"if odd {{ chapter }} else {{ {string(title)} }}",
        }
        shown = running.at == where and running.kind != "none"
        out.append(f"let head = {texts[running.kind] if shown else string('')}")
        out.append(f"let folio = {self._folio(where)}")
        out.append(self._placed())
        ruled = running.rule and shown
        row = "block(width: 100%, { look(l); h(1fr); look(c); h(1fr); look(r) })"
        line = "line(length: 100%, stroke: 0.4pt)"
        if ruled:
            both = f"{row}, {line}" if where == "head" else f"{line}, {row}"
            row = f"stack(spacing: 3pt, {both})"
        out.append(
            'let seen = (l, c, r).filter(x => x != "").join(" ")\n'
            'if seen != none { [#metadata((page: p, text: seen, why: if head == "" '
            '{ "page number" } else { "running header" }))<furn>]\n'
            f"let look(x) = if x == folio {{ x }} else {{ {self._looked()} }}\n"
            "set text(size: 0.85em)\n" + row + " }"
        )
        return "\n".join(out) + "}"

    def _looked(self) -> str:
        running = self.style.running
        shown = f"cased({string(running.case)}, x)"
        return f"emph({shown})" if running.italic else shown

    def _folio(self, where: str) -> str:
        running = self.style.running
        before, after = running.form.split("{}")
        number = 'numbering("i", n)' if running.roman else "str(n)"
        code = f"{string(before)} + {number} + {string(after)}"
        if running.folio == "none":
            return '""'
        if running.folio == "inside":
            return code if running.at == where else '""'
        at_head = running.kind != "none" and running.at == "foot"
        return code if (where == "head") == at_head else '""'

    def _placed(self) -> str:
        """Puts the running head and the folio left, centre and right."""
        running = self.style.running
        side = running.side
        folio = running.folio
        if folio == "inside":
            folio = "outer"
            side = "inner" if side == "outer" else side
        out = 'let (l, c, r) = ("", "", "")\n'
        for what, where in (("head", side), ("folio", folio)):
            if where == "center":
                out += f"c = {what}\n"
            elif where == "outer":
                out += f'if {what} != "" {{ if odd {{ r = {what} }} else {{ l = {what} }} }}\n'
            elif where == "inner":
                out += f'if {what} != "" {{ if odd {{ l = {what} }} else {{ r = {what} }} }}\n'
        return out


def heads_of(document: Document) -> tuple[str, str]:
    """Author and title, as short as running heads are."""
    words = plain(document.title).split()[:6]
    while len(words) > 1 and re.fullmatch(r"de|des|du|les?|la|et|à|en|au|aux|ses|:", words[-1]):
        words.pop()
    title = " ".join(words)
    author = document.author if document.genre != "minutes" else "Comptes rendus"
    return author, title


def with_notes(document: Document, notes: Notes) -> list[tuple[Block | None, list[int]]]:
    """The blocks, each with the notes that are gathered after it."""
    out: list[tuple[Block | None, list[int]]] = []
    waiting: list[int] = []
    for block in document.blocks:
        chapter = block.kind == "heading" and block.level == 2
        if notes.place == "chapter" and chapter and waiting:
            out.append((None, waiting))
            waiting = []
        out.append((block, []))
        waiting += [int(number) for number in re.findall(r"⟦(\d+)⟧", block.text)]
    if notes.place in ("chapter", "end") and waiting:
        out.append((None, waiting))
    return out


def relabel(document: Document, notes: Notes) -> None:
    """Gives notes that do not stand at the foot of pages their labels."""
    count = 0
    numbers = {note.number: note for note in document.notes}
    for block in document.blocks:
        if block.kind == "heading" and block.level == 2 and notes.restart == "chapter":
            count = 0
        for number in re.findall(r"⟦(\d+)⟧", block.text):
            if numbers[int(number)].starred:
                numbers[int(number)].label = "*"
                continue
            count += 1
            numbers[int(number)].label = signed(notes.sign, count)


SIGNS = "*†‡§¶‖"


def signed(sign: str, count: int) -> str:
    """The label of the note of that count."""
    if sign == "*":
        return SIGNS[(count - 1) % len(SIGNS)] * ((count - 1) // len(SIGNS) + 1)
    if sign == "a":
        return (
            chr(96 + count)
            if count <= 26
            else chr(96 + (count - 1) // 26) + chr(97 + (count - 1) % 26)
        )
    if sign == "i":
        tens, ones = divmod(count, 10)
        words = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
        return ("", "x", "xx", "xxx", "xl", "l")[tens] + words[ones]
    return str(count)


def make(document: Document, style: Style) -> Made:
    """The document as a PDF."""
    relabel(document, style.notes)
    source = Setter(document, style).source()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.typ"
        path.write_text(source, encoding="utf-8")
        pdf = typst.compile(path, format="pdf")
        furniture = json.loads(typst.query(path, "<furn>", field="value"))
        called = json.loads(typst.query(path, "<called>", field="value"))
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no PDF")
    numbers = {note.number: note for note in document.notes}
    if style.notes.place == "foot":
        for one in called:
            numbers[one["n"]].label = signed(style.notes.sign, one["shown"])
    items = sorted((one["page"], one["text"], one["why"]) for one in furniture)
    return Made(pdf, [Furniture(*item) for item in items], source)
