"""Sets a document with groff -ms, as typesetters of Unix did."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

from layouts.model import Block, Document, Furniture, Made, Note, tokens
from layouts.reading import beside, pages_of
from layouts.set_typst import heads_of, relabel, with_notes
from layouts.styles import HeadStyle, Style

FAMILIES = {"Times": "T", "Palatino": "P", "New Century": "N", "Helvetica": "H",
            "Courier": "C", "Avant Garde": "A"}  # fmt: skip
_OPEN = {"<i>": "\\fI", "<b>": "\\fB", "<sc>": "\\s-2", "<sup>": "\\*{"}
_CLOSE = {"</i>": "\\fP", "</b>": "\\fP", "</sc>": "\\s+2", "</sup>": "\\*}"}


def escaped(text: str) -> str:
    """Text as groff."""
    text = text.replace("\\", "\\e").replace("\u00a0", "\\ ").replace("\u202f", "\\|")
    return text.replace("⁂", "***").replace("‖", "||")


class Setter:
    """Writes the source of one document."""

    def __init__(self, document: Document, style: Style) -> None:
        self.document = document
        self.style = style
        self.notes = {note.number: note for note in document.notes}
        self.verse_line = 0
        self.fresh = True

    def inline(self, text: str, upper: bool = False) -> str:
        """Marked text as lines of groff; notes stand on lines of their own after their word."""
        out = ""
        waiting: list[Note] = []
        for token in tokens(text):
            if found := re.fullmatch(r"⟦(\d+)⟧", token):
                note = self.notes[int(found[1])]
                out += self.call(note)
                waiting.append(note)
            elif token in _OPEN or token in _CLOSE:
                out += _OPEN.get(token) or _CLOSE[token]
            elif token == "\n":
                out += "\n.br\n"
            else:
                part = escaped(token.upper() if upper else token)
                if waiting and " " in part:
                    before, part = part.split(" ", 1)
                    out += before + "".join(map(self.foot, waiting))
                    waiting = []
                out += part
        return self.guarded(out + "".join(map(self.foot, waiting)))

    @staticmethod
    def guarded(text: str) -> str:
        """No line of text begins with a sign of a request."""
        rows = []
        for row in text.split("\n"):
            request = re.match(r"\.(?:br|FS|FE|LP|QP|QS|QE|in)\b", row)
            rows.append(f"\\&{row}" if row[:1] in (".", "'") and not request else row)
        return "\n".join(rows)

    def call(self, note: Note) -> str:
        """The call of a note."""
        notes = self.style.notes
        shown = notes.call.strip().format(note.label)
        space = "\\ " if notes.call.startswith(" ") else ""
        return f"{space}\\*{{{shown}\\*}}" if notes.raised else space + shown

    def foot(self, note: Note) -> str:
        """A note, where its call stands."""
        mark = self.style.notes.mark.format(note.label)
        rows = []
        for at, text in enumerate(note.paragraphs):
            quoted = text.startswith("> ")
            body = self.inline(text.removeprefix("> "))
            rows.append(f"{mark}\\ {body}" if at == 0 else f".br\n{'  ' if quoted else ''}{body}")
        return "\n.FS\n" + "\n".join(rows) + "\n.FE\n"

    # Blocks

    def block(self, block: Block) -> str:
        """A block as groff."""
        makers: dict[str, Callable[[Block], str]] = {
            "paragraph": self.paragraph, "heading": self.heading, "verse": self.verse,
            "speech": self.speech, "table": self.table, "toc": self.toc, "quote": self.quote,
            "title-page": self.title_page, "list-item": self.list_item, "epigraph": self.epigraph,
        }  # fmt: skip
        maker = makers.get(block.kind)
        out = maker(block) if maker else self.aligned(block)
        if block.aside:
            text = escaped(block.aside)
            out = (
                f".LP\n.ps +3\n.in +2n\n.ft I\n.na\n{text}\n.br\n.ad\n.in -2n\n.ps -3\n.ft R\n"
                + out
            )
        if block.kind in ("paragraph", "speech", "verse", "quote", "list-item"):
            self.fresh = False
        return out

    def sided(self, text: str, align: str, font: str = "R", above: float = 0.3) -> str:
        """Text on a side."""
        start = {"center": ".ce 100", "right": ".rj 100", "left": ".na"}[align]
        end = {"center": ".ce 0", "right": ".rj 0", "left": self.adjust()}[align]
        return (
            f".LP\n.sp {above}\n.nh\n{start}\n.ft {font}\n{text}\n.br\n.ft R\n{end}\n"
            f".hy {self.hy()}\n"
        )

    def adjust(self) -> str:
        """The request that adjusts lines."""
        return ".ad b" if self.style.justify else ".ad l"

    def hy(self) -> int:
        """The mode of hyphenation."""
        return 4 if self.style.hyphenate else 0

    def aligned(self, block: Block) -> str:
        """A block of a kind that is set on a side."""
        style = self.style
        align, font = {
            "dateline": (style.dateline_align, "I" if style.dateline_italic else "R"),
            "salutation": ("left", "R"),
            "signature": ("left" if block.look == "byline" else "right", "R"),
            "standfirst": (style.heads[1].align, "I"),
            "stage": ("center" if style.stage_center else "left", "I"),
            "ornament": ("center", "R"), "colophon": ("center", "R"),
        }[block.kind]  # fmt: skip
        upper = block.kind == "signature" and style.signature_case == "upper"
        return self.sided(self.inline(block.text, upper), align, font)

    def paragraph(self, block: Block) -> str:
        """A paragraph."""
        if block.look == "slogan":
            return self.sided(self.inline(block.text), "center", "B", 0.6)
        text = self.inline(block.text)
        if block.label:
            font = "I" if self.style.label_italic else "B"
            label = escaped(block.label).replace("\n", " ")
            text = f"\\f{font}{label}\\fP {text}"
        lone = (self.fresh and not self.style.first_indent) or (
            block.look == "continued" and not self.style.continued_indent
        )
        return f"{'.LP' if lone or not self.style.indent else '.PP'}\n{text}\n"

    def heading(self, block: Block) -> str:
        """A heading."""
        self.fresh = True
        if block.look == "banner":
            size = f"{self.style.width * 0.16:.0f}"
            text = escaped(block.text)
            return (
                f".LP\n.vs {size}p\n.ps {size}\n.sp 0.6\n.ce\n.ft B\n{text}\n"
                f".ps {self.style.size}\n"
                f".ft R\n.vs {self.style.size * self.style.leading:.1f}p\n.sp\n"
            )
        if block.level < 3:
            self.verse_line = 0
        head = self.style.heads[block.level]
        new = block.level == 2 and self.style.chapter_break and block is not self.document.blocks[0]
        return (".bp\n" if new else "") + self.headed(block, head)

    def headed(self, block: Block, head: HeadStyle) -> str:
        """A heading in its look."""
        font = (
            ("BI" if head.italic else "B") if head.weight == "bold" else "I" if head.italic else "R"
        )
        text = self.inline(block.text, head.case == "upper")
        size = round(self.style.size * head.size)
        body = f".ps {size}\n.vs {size * 1.2:.0f}p\n{text}"
        end = f".ps {self.style.size}\n.vs {self.style.size * self.style.leading:.1f}p\n"
        shown = self.sided(body, head.align, font, head.above)
        return f".ne 5\n{shown}{end}.sp {head.below}\n"

    def verse(self, block: Block) -> str:
        """A stanza or some lines."""
        style, rows = self.style, []
        for line in block.text.split("\n"):
            text, number = self.inline(line), ""
            if block.look == "poem":
                self.verse_line += 1
                if style.verse_numbers and self.verse_line % style.verse_numbers == 0:
                    number = f"\\h'|\\n(.lu-3n'{self.verse_line}"
            rows.append(text + number)
        font = "I" if style.verse_italic else "R"
        body = "\n.br\n".join(rows)
        left = style.verse_left
        return (
            f".LP\n.sp 0.4\n.na\n.nh\n.in +{left}n\n.ft {font}\n{body}\n.br\n.ft R\n"
            f".in -{left}n\n{self.adjust()}\n.hy {self.hy()}\n"
        )

    def quote(self, block: Block) -> str:
        """A quotation."""
        font = "I" if self.style.quote_italic else "R"
        small = 1 if self.style.quote_size < 1 else 0
        return f".QP\n.ps -{small}\n.ft {font}\n{self.inline(block.text)}\n.ft R\n"

    def epigraph(self, block: Block) -> str:
        """An epigraph or its author."""
        left = f"{self.style.epigraph_left * 100:.0f}"
        text = self.inline(block.text, block.look == "attribution")
        if block.look == "attribution":
            return self.sided(text, "right", "R", 0) + ".sp 0.7\n"
        return (
            f".LP\n.na\n.in +(\\n(.lu*{left}u/100u)\n.ft I\n{text}\n.br\n.ft R\n.in\n"
            f"{self.adjust()}\n"
        )

    def list_item(self, block: Block) -> str:
        """An item of a list."""
        wide = len(block.label) + 1
        left = self.style.list_indent
        start = f".in +{left}n\n" if left else ""
        text = f"{escaped(block.label)}\\ {self.inline(block.text)}"
        return f".LP\n{start}.in +{wide}n\n.ti -{wide}n\n{text}\n.br\n"

    def speech(self, block: Block) -> str:
        """A speech with its speaker."""
        who, rest = block.label[: len(block.speaker)], block.label[len(block.speaker) :]
        font = {"bold": "B", "italic": "I"}.get(self.style.speaker, "R")
        if self.style.speaker in ("caps", "sc"):
            who = who.upper()
        label = f"\\f{font}{escaped(who)}\\fR{escaped(rest)}"
        text = self.inline(block.text)
        if block.look == "own-line":
            align = "center" if self.style.speaker_center else "left"
            return self.sided(label, align, above=0.4) + f".LP\n{text}\n"
        return f"{'.PP' if self.style.indent else '.LP'}\n{label} {text}\n"

    def table(self, block: Block) -> str:
        """A table."""
        rows = [row.split(" | ") for row in block.text.split("\n")]
        box = ", allbox" if self.style.table_rules else ""
        columns = "l" + " r" * (len(rows[0]) - 1)
        body = "\n".join("\t".join(row) for row in rows)
        return f".LP\n.sp 0.5\n.TS\ncenter{box};\n{columns}.\n{body}\n.TE\n"

    def toc(self, block: Block) -> str:
        """A table of contents."""
        head, *rows = block.text.split("\n")
        out = self.sided(escaped(head), "center", "B")
        out += ".LP\n.nf\n.ta \\n(.luR\n.lc .\n"
        for row in rows:
            title, page = row.rsplit(" ", 1)
            out += f"{escaped(title)}\\a\t{page}\n".replace("\\a\t", " \x01")
        return out + ".fi\n" + (".bp\n" if self.style.chapter_break else "")

    def title_page(self, block: Block) -> str:
        """A title page, or what stands under the banner of a newspaper."""
        lines = [escaped(line) for line in block.text.split("\n")]
        if block.look == "banner":
            return f".LP\n.ce\n{lines[0]}\n.sp\n"
        rest = "\n.br\n".join(lines[2:])
        return (
            f".LP\n.sp 3\n.ce 100\n.nh\n{lines[0]}\n.sp 4\n.ft B\n.ps +8\n.vs +10\n"
            f"{lines[1]}\n.ps\n.vs\n"
            f".ft R\n.sp 6\n{rest}\n.ce 0\n.bp\n"
        )

    def source(self) -> str:
        """The source of the document."""
        out = [self.preamble()]
        columned = self.style.columns > 1
        for block, _ in with_notes(self.document, self.style.notes):
            if block:
                top = block.look in ("banner", "byline") or (
                    block.kind == "heading" and block.level == 1
                )
                if columned and not (top or block.kind == "standfirst"):
                    out.append(".2C\n")
                    columned = False
                out.append(self.block(block))
        return "".join(out)

    def titles(self) -> dict[tuple[str, str], list[str]]:
        """What stands left, in the middle and right of heads and feet, on even and odd pages."""
        running = self.style.running
        author, title = heads_of(self.document)
        even, odd = {"none": ("", ""), "title": (title, title)}.get(running.kind, (author, title))
        if running.case == "upper":
            even, odd = even.upper(), odd.upper()
        side, place = running.side, running.folio
        if place == "inside":
            place, side = "outer", "inner" if side == "outer" else side
        here, other = ("H", "F") if running.at == "head" else ("F", "H")
        out = {}
        for parity, text in (("E", even), ("O", odd)):
            for at in (here, other):
                spots = ["", "", ""]
                if at == here and text:
                    spots[_spot(side, parity == "O")] = escaped(text)
                if running.folio != "none" and (at == here) == (running.folio == "inside"):
                    spots[_spot(place, parity == "O")] = running.form.replace("{}", "%")
                out[at, parity] = spots
        return out

    def furniture(self, pages: int) -> list[Furniture]:
        """What the macros print around the text; page 1 has no head unless one is asked."""
        out = []
        for page in range(1, pages + 1):
            number = page + self.style.running.start - 1
            for at in ("H", "F"):
                spots = self.titles()[at, "O" if number % 2 else "E"]
                text = " ".join(filter(None, spots)).replace("%", str(number))
                if text and not (at == "H" and number == 1 and not self.style.running.first):
                    named = any(len(spot) > 6 for spot in spots)
                    out.append(Furniture(page, text, "running header" if named else "page number"))
        return out

    def preamble(self) -> str:
        """The settings."""
        style, running = self.style, self.style.running
        requests = "".join(
            f".{parity}{at} ^{'^'.join(spots)}^\n" for (at, parity), spots in self.titles().items()
        )
        mm = style.width - 2 * style.outer
        small = round(style.size * style.notes.size, 1)
        first = ".P1\n" if running.first else ""
        return f""".pl {style.height}m\\" set in units below
.nr PO {style.outer / 10:.2f}c
.nr LL {mm / 10:.2f}c
.nr LT \\n(LL
.nr FL \\n(LL*{0.48 if style.columns > 1 else 1}
.nr HM {style.top / 10:.2f}c
.nr FM {style.bottom / 10:.2f}c
.nr PS {style.size * 1000:.0f}
.nr VS {style.size * style.leading * 1000:.0f}
.nr FPS {small * 1000:.0f}
.nr FVS {small * 1200:.0f}
.nr PI {max(style.indent, 1)}n
.nr PD {style.gap:.1f}v
.nr QI {style.quote_left}n
.nr HY {self.hy()}
.fam {FAMILIES[style.font]}
.ds FAM {FAMILIES[style.font]}
{first}{requests}{self.adjust()}
.LP
{self.adjust()}
""".replace(f'.pl {style.height}m\\" set in units below', f".pl {style.height / 10:.2f}c")


def _spot(side: str, odd: bool) -> int:
    """Left, middle or right."""
    return 1 if side == "center" else 2 if (side == "outer") == odd else 0


def make(document: Document, style: Style) -> Made:
    """The document as a PDF."""
    names = sorted(FAMILIES)
    style.font = (
        "Courier" if "typescript" in style.traits else names[len(document.title) % len(names)]
    )
    style.size = round(style.size)
    style.columns = min(style.columns, 2)
    style.hanging, style.drop = False, False
    style.inner = style.outer
    style.running.roman = False
    if style.running.kind == "chapter":
        style.running.kind = "turn"
    if style.notes.restart == "page":
        style.notes.restart = "never"
    relabel(document, style.notes)
    setter = Setter(document, style)
    source = setter.source()
    paper = f"-P-p{style.height / 10:.2f}c,{style.width / 10:.2f}c"
    done = subprocess.run(
        ["groff", "-Tpdf", "-k", "-t", "-ms", "-mfr", f"-n{style.running.start}", paper],
        input=source.encode(), capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    if not done.stdout.startswith(b"%PDF"):
        raise RuntimeError(done.stderr.decode(errors="replace")[:400])
    pages = pages_of(done.stdout)
    furniture = setter.furniture(len(pages)) + beside(document, style, pages)
    return Made(done.stdout, furniture, source)
