"""Sets a document with LaTeX: XeLaTeX and the fonts of the system, or pdfLaTeX and its own."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

from layouts.model import Block, Document, Made, Note, bare, tokens
from layouts.reading import outside, short_heads
from layouts.set_typst import heads_of, relabel, signed, with_notes
from layouts.styles import HeadStyle, Style

PACKAGES = {
    "Times": "\\usepackage{mathptmx}", "Palatino": "\\usepackage{mathpazo}",
    "Bookman": "\\usepackage{bookman}", "New Century": "\\usepackage{newcent}",
    "Charter": "\\usepackage{charter}",
    "Utopia": "\\usepackage{utopia}", "Latin Modern": "\\usepackage{lmodern}",
    "Computer Modern": "", "Helvetica": "\\usepackage{helvet}"
    "\\renewcommand{\\familydefault}{\\sfdefault}",
}  # fmt: skip
"""The fonts of pdfLaTeX."""
UNFIT = ("EB Garamond", "C059", "URW Bookman", "P052", "Courier Prime")
"""Fonts whose files XeLaTeX cannot put in a PDF."""
FIT = ("Gentium Plus", "Linux Libertine O", "TeX Gyre Pagella", "Charis SIL", "TeX Gyre Schola")

_SPECIAL = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#",
    "%": "\\%", "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}",
    "\u00a0": "~", "\u202f": "\\,", "⁂": "***", "‖": "\\textbardbl{}", "[": "{[}", "]": "{]}",
}  # fmt: skip
_OPEN = {"<i>": "\\emph{", "<b>": "\\textbf{", "<sc>": "\\textsc{", "<sup>": "\\textsuperscript{"}
_ALIGN = {"center": "\\centering", "left": "\\raggedright", "right": "\\raggedleft"}
_CASE = {"upper": "\\MakeUppercase", "smallcaps": "\\textsc", "italic": "\\emph", "none": ""}


def escaped(text: str) -> str:
    """Text as LaTeX."""
    return "".join(_SPECIAL.get(sign, sign) for sign in text)


class Setter:
    """Writes the source of one document."""

    def __init__(self, document: Document, style: Style, package: str) -> None:
        self.document = document
        self.style = style
        self.package = package
        self.notes = {note.number: note for note in document.notes}
        self.fresh = True
        self.verse_line = 0

    def em(self, ems: float) -> str:
        """A length of so many ems of the body."""
        return f"{ems * self.style.size:.2f}pt"

    def sized(self, factor: float, leading: float = 0) -> str:
        """A command for a size."""
        size = self.style.size * factor
        return (
            f"\\fontsize{{{size:.2f}}}{{{size * (leading or self.style.leading):.2f}}}\\selectfont "
        )

    def inline(self, text: str) -> str:
        """Marked text as LaTeX."""
        return "".join(self._token(token) for token in tokens(text))

    def _token(self, token: str) -> str:
        if token in _OPEN:
            return _OPEN[token]
        if token.startswith("</"):
            return "}"
        if token == "\n":
            return "\\newline{}"
        if found := re.fullmatch(r"⟦(\d+)⟧", token):
            return self.call(self.notes[int(found[1])])
        return escaped(token)

    def call(self, note: Note) -> str:
        """The call of a note, with the note where it stands at the foot."""
        notes = self.style.notes
        space = "~" if notes.call.startswith(" ") else ""
        if notes.place == "foot":
            return f"{space}\\protect\\footnote{{{self.note_body(note)}}}\\told{{{note.number}}}"
        return f"{space}\\called{{{note.label}}}"

    def note_body(self, note: Note) -> str:
        """The paragraphs of a note."""
        parts = []
        for text in note.paragraphs:
            body = self.inline(text.removeprefix("> "))
            quoted = text.startswith("> ")
            parts.append(f"{{\\leftskip=1.2em {body}\\par}}" if quoted else body)
        return "\\par ".join(parts)

    # Blocks

    def block(self, block: Block) -> str:
        """A block as LaTeX."""
        makers: dict[str, Callable[[Block], str]] = {
            "paragraph": self.paragraph, "heading": self.heading, "verse": self.verse,
            "speech": self.speech, "table": self.table, "toc": self.toc, "quote": self.quote,
            "title-page": self.title_page, "list-item": self.list_item, "epigraph": self.epigraph,
        }  # fmt: skip
        maker = makers.get(block.kind)
        out = maker(block) if maker else self.aligned(block)
        if block.aside:
            out = self.aside(block.aside) + out
        if block.kind in ("paragraph", "speech", "verse", "quote", "list-item"):
            self.fresh = False
        return out

    def apart(self, body: str, above: float, below: float) -> str:
        """What stands apart."""
        return (
            f"\\par\\addvspace{{{self.em(above)}}}{{\\parindent=0pt {body}\\par}}"
            f"\\nobreak\\vskip {self.em(below)}\n\n"
        )

    def aside(self, text: str) -> str:
        """A call-out."""
        look = f"{self.sized(1.35, 1.2)}\\itshape\\raggedright"
        return self.apart(
            f"\\hrule\\vskip 4pt {{{look} {escaped(text)}\\par}}\\vskip 4pt\\hrule", 1, 1
        )

    def aligned(self, block: Block) -> str:
        """A block of a kind that is set on a side."""
        style = self.style
        dated = "\\itshape" if style.dateline_italic else ""
        align, shape, above, below = {
            "dateline": (style.dateline_align, dated, 0.3, 0.5),
            "salutation": ("left", "", 0.4, 0.5),
            "signature": ("left" if block.look == "byline" else "right", "", 0.3, 1),
            "standfirst": (style.heads[1].align, "\\itshape", 0.3, 1.2),
            "stage": ("center" if style.stage_center else "left", "\\itshape", 0.4, 0.4),
            "ornament": ("center", "", 0.7, 0.7),
            "colophon": ("center", "\\small", 4, 0),
        }[block.kind]  # fmt: skip
        text = self.inline(block.text)
        if block.kind == "signature" and _CASE[style.signature_case]:
            text = f"{_CASE[style.signature_case]}{{{text}}}"
        if block.kind == "salutation":
            text = f"\\hspace*{{{self.em(style.indent)}}}{text}"
        return self.apart(f"{_ALIGN[align]}{shape} {text}", above, below)

    def paragraph(self, block: Block) -> str:
        """A paragraph."""
        style = self.style
        if block.look == "slogan":
            return self.apart(f"\\centering\\bfseries {self.inline(block.text)}", 0.6, 0.6)
        text = self.inline(block.text)
        if block.label:
            look = "emph" if style.label_italic else "textbf"
            text = f"\\{look}{{{self.inline(block.label)}}} {text}"
        start = ""
        if block.side:
            start = f"\\marginpar{{\\raggedright\\footnotesize\\itshape {escaped(block.side)}}}"
            text = f"\\leavevmode{start}{text}"
        elif self.fresh and style.drop and not block.label:
            found = re.match(r"([A-ZÀÉ])(\w+) (?=[^⟦<]{90})", block.text)
            if found:
                rest = self.inline(block.text[found.end() :])
                text = f"\\lettrine{{{found[1]}}}{{{found[2]}}} {rest}"
        lone = (self.fresh and not style.first_indent) or (
            block.look == "continued" and not style.continued_indent
        )
        start = "\\noindent " if lone and not style.hanging else ""
        return f"{start}{text}\n\n"

    def heading(self, block: Block) -> str:
        """A heading."""
        self.fresh = True
        if block.look == "banner":
            size = self.style.width * 0.16
            return self.apart(
                f"\\centering\\fontsize{{{size:.0f}}}{{{size * 1.2:.0f}}}\\selectfont\\bfseries "
                f"{escaped(block.text)}", 0, 0.4,
            )  # fmt: skip
        if block.level < 3:
            self.verse_line = 0
        out = ""
        if block.level == 2:
            if self.style.chapter_break and block is not self.document.blocks[0]:
                out += "\\clearpage\n"
            if self.style.notes.restart == "chapter":
                out += "\\setcounter{footnote}{0}"
        out += self.headed(block, self.style.heads[block.level])
        if block.level <= 2:
            words = " ".join(bare(block.text).split()[:6])
            out += f"\\markboth{{{escaped(words)}}}{{{escaped(words)}}}\n"
        return out

    def headed(self, block: Block, head: HeadStyle) -> str:
        """A heading in its look."""
        text = self.inline(block.text)
        if head.case != "none":
            pieces = re.split(r"(\\protect\\footnote.*|\\newline\{\})", text)
            text = "".join(
                piece if piece.startswith(("\\protect", "\\newline")) or not piece
                else f"{_CASE[head.case]}{{{piece}}}"
                for piece in pieces
            )  # fmt: skip
        look = self.sized(head.size, 1.2)
        look += "\\bfseries " if head.weight == "bold" else ""
        look += "\\itshape " if head.italic else ""
        look += _ALIGN[head.align]
        if head.tracking and self.package == "xelatex":
            look += f"\\addfontfeature{{LetterSpace={head.tracking * 100:.0f}}}"
        rule = "\\vskip 3pt\\hrule" if head.rule else ""
        hyphens = "\\hyphenpenalty=10000 "
        return self.apart(f"{look}{hyphens} {text}\\par{rule}", head.above, head.below)

    def verse(self, block: Block) -> str:
        """A stanza or some lines."""
        style, rows = self.style, []
        for line in block.text.split("\n"):
            text, number = self.inline(line), ""
            if block.look == "poem":
                self.verse_line += 1
                if style.verse_numbers and self.verse_line % style.verse_numbers == 0:
                    number = f"\\scriptsize\\upshape {self.verse_line}"
            if number and style.verse_side == "left":
                text = f"\\leavevmode\\llap{{{{{number}}}\\hskip 1.5em}}{text}"
            elif number:
                text = f"{text}\\hfill\\mbox{{{number}}}"
            rows.append(f"\\hangindent=2em {text}\\par")
        look = "\\itshape" if style.verse_italic else ""
        shift = f"\\leftskip={self.em(style.verse_left)}\\rightskip=0pt plus 1fil"
        return self.apart(f"\\parskip=0pt{shift}{look}\n" + "\n".join(rows), 0.6, 0.9)

    def quote(self, block: Block) -> str:
        """A quotation."""
        style = self.style
        look = self.sized(style.quote_size) + ("\\itshape " if style.quote_italic else "")
        shift = (
            f"\\advance\\leftskip by {self.em(style.quote_left)} "
            f"\\advance\\rightskip by {self.em(style.quote_right)} "
        )
        return self.apart(
            f"{look}{shift}{self.inline(block.text)}", style.quote_gap, style.quote_gap
        )

    def epigraph(self, block: Block) -> str:
        """An epigraph or its author."""
        left = f"\\leftskip={self.style.epigraph_left:.2f}\\columnwidth"
        text = self.inline(block.text)
        if block.look == "attribution":
            return self.apart(f"\\small{left} plus 1fil\\parfillskip=0pt \\textsc{{{text}}}", 0, 1)
        return self.apart(f"\\small\\itshape{left}\\rightskip=0pt plus 1fil {text}", 0.5, 0)

    def list_item(self, block: Block) -> str:
        """An item of a list."""
        style = self.style
        shift = f"\\leftskip={self.em(style.list_indent)}\\hangindent=1em "
        text = f"{escaped(block.label)}~{self.inline(block.text)}"
        return self.apart(shift + text, style.list_gap, style.list_gap)

    def speech(self, block: Block) -> str:
        """A speech with its speaker."""
        who, rest = block.label[: len(block.speaker)], block.label[len(block.speaker) :]
        look = {"caps": "\\MakeUppercase", "sc": "\\textsc", "bold": "\\textbf", "italic": "\\emph"}
        label = f"{look.get(self.style.speaker, '')}{{{escaped(who)}}}{escaped(rest)}"
        text = self.inline(block.text)
        if block.look == "own-line":
            align = _ALIGN["center" if self.style.speaker_center else "left"]
            return self.apart(f"{align} {label}", 0.6, 0.1) + f"\\noindent {text}\n\n"
        return f"{label} {text}\n\n"

    def table(self, block: Block) -> str:
        """A table."""
        rows = [row.split(" | ") for row in block.text.split("\n")]
        bar = "|" if self.style.table_rules else ""
        line = "\\hline" if self.style.table_rules else ""
        body = f"\\\\{line}\n".join(" & ".join(map(escaped, row)) for row in rows)
        columns = bar + "l" + bar + (("r" + bar) * (len(rows[0]) - 1))
        return self.apart(
            f"\\centering\\small\\begin{{tabular}}{{{columns}}}{line}\n{body}\\\\{line}"
            "\\end{tabular}",
            0.8, 0.8,
        )  # fmt: skip

    def toc(self, block: Block) -> str:
        """A table of contents."""
        head, *rows = block.text.split("\n")
        body = f"{{\\centering\\bfseries {escaped(head)}\\par}}\\vskip 6pt "
        for row in rows:
            title, page = row.rsplit(" ", 1)
            body += f"\\noindent {escaped(title)}\\dotfill {page}\\par\n"
        return self.apart(body, 1.5, 1.5) + ("\\clearpage\n" if self.style.chapter_break else "")

    def title_page(self, block: Block) -> str:
        """A title page, or what stands under the banner of a newspaper."""
        lines = [escaped(line) for line in block.text.split("\n")]
        if block.look == "banner":
            return self.apart(f"\\centering {lines[0]}\\par\\hrule", 0, 1)
        rest = "\\par ".join(lines[2:])
        return (
            f"\\thispagestyle{{empty}}{{\\centering \\null\\vskip 2em {lines[0]}\\par\\vfill "
            f"{{{self.sized(2, 1.2)}\\bfseries {lines[1]}\\par}}\\vfill\\vfill {rest}\\par}}"
            "\\clearpage\n"
        )

    def gathered(self, numbers: list[int], level: int) -> str:
        """Notes under their heading."""
        style = self.style
        out = ""
        if style.notes.heading:
            head = Block("heading", style.notes.heading, level=level)
            out = self.headed(head, style.heads[level])
        for number in numbers:
            note = self.notes[number]
            mark = style.notes.mark.format(note.label)
            hanging = "\\hangindent=1.5em " if style.notes.hanging else ""
            body = f"{hanging}\\marked{{{mark}}}~{self.note_body(note)}"
            out += self.apart(f"{self.sized(style.notes.size, 1.2)}{body}", 0, 0.2)
        return out

    # The whole

    def source(self) -> str:
        """The source of the document."""
        over: list[str] = []
        rest: list[str] = []
        style = self.style
        for block, numbers in with_notes(self.document, style.notes):
            if block:
                top = block.look in ("banner", "byline") or (
                    block.kind == "heading" and block.level == 1
                )
                top = top or block.kind == "standfirst"
                place = over if not rest and style.title_across and top else rest
                place.append(self.block(block))
            if numbers:
                rest.append(self.gathered(numbers, 2 if style.notes.place == "end" else 3))
        body = "".join(rest)
        title = "".join(over)
        if style.columns == 2 and "multicol" not in style.traits:
            title = f"\\twocolumn[{title}\\vskip 1em]\n" if title else "\\twocolumn\n"
        elif style.columns > 1:
            body = f"\\begin{{multicols}}{{{style.columns}}}\n{body}\\end{{multicols}}\n"
        return self.preamble() + title + body + "\\end{document}\n"

    def fonts(self) -> str:
        """The packages of fonts."""
        style = self.style
        if self.package != "xelatex":
            return (
                "\\usepackage[T1]{fontenc}\n\\usepackage{textcomp}\n"
                f"{PACKAGES[style.font]}\n\\input{{glyphtounicode}}\\pdfgentounicode=1\n"
            )
        return f"\\usepackage{{fontspec}}\n\\setmainfont{{{style.font}}}\n"

    def preamble(self) -> str:
        """The settings."""
        style, notes = self.style, self.style.notes
        call = notes.call.strip().replace("{}", "#1")
        shown = f"\\textsuperscript{{{call}}}" if notes.raised else call
        mark = "\\textsuperscript{#1}" if notes.mark_raised else "#1"
        sign = {"1": "\\arabic", "*": "\\starred", "a": "\\alph", "i": "\\roman"}[notes.sign]
        noted = notes.mark.replace("{}", "\\thefootnote")
        perpage = "perpage," if notes.restart == "page" else ""
        ragged = (
            "" if style.justify else "\\RaggedRight\\setlength{\\RaggedRightParindent}{\\parindent}"
        )
        if not style.hyphenate:
            ragged += "\\hyphenpenalty=10000\\emergencystretch=3em\\tolerance=3000 "
        hanging = "\\everypar{\\hangindent=1.5em}" if style.hanging else ""
        hung = "\\hangindent=1.2em " if notes.hanging else ""
        first = "" if style.running.first else "\\thispagestyle{empty}"
        rule = "\\rule{0.3\\columnwidth}{0.4pt}" if notes.rule else ""
        return f"""\\documentclass[10pt,twoside]{{article}}
{self.fonts()}\\usepackage[french]{{babel}}
\\frenchsetup{{FrenchFootnotes=false,AutoSpaceFootnotes=false}}
\\usepackage[paperwidth={style.width}mm,paperheight={style.height}mm,inner={style.inner:.1f}mm,
outer={style.outer:.1f}mm,top={style.top:.1f}mm,bottom={style.bottom:.1f}mm,headsep=14pt,
headheight=14pt,footskip=26pt,marginparwidth={max(style.outer - 8, 5):.0f}mm,
marginparsep=3mm]{{geometry}}
\\usepackage{{fancyhdr,lettrine,ragged2e,multicol}}
\\usepackage[{perpage}bottom]{{footmisc}}
\\setlength{{\\footnotesep}}{{{style.size * notes.size * 0.95:.1f}pt}}
\\newwrite\\toldfile
\\newcommand{{\\told}}[1]{{\\immediate\\write\\toldfile{{#1 \\arabic{{footnote}}}}}}
\\newcommand{{\\called}}[1]{{{{\\upshape\\mdseries {shown}}}}}
\\newcommand{{\\marked}}[1]{{{mark}}}
\\makeatletter
\\newcommand{{\\starred}}[1]{{\\ifcase\\value{{#1}}\\or *\\or †\\or ‡\\or §\\or ¶%
\\or **\\or ††\\or ‡‡\\else §§\\fi}}
\\AtBeginDocument{{\\renewcommand{{\\thefootnote}}{{{sign}{{footnote}}}}%
\\renewcommand{{\\@makefnmark}}{{\\mbox{{\\normalfont\\called{{\\@thefnmark}}}}}}%
\\renewcommand{{\\@makefntext}}[1]{{{self.sized(notes.size, 1.2)}\\parindent=0pt\\parskip=0pt
{hung}\\noindent\\let\\thefootnote\\@thefnmark\\marked{{{noted}}}~#1}}%
\\renewcommand{{\\footnoterule}}{{\\kern-3pt {rule}\\kern 2.6pt}}}}
\\makeatother
{self.heads()}
\\begin{{document}}
\\immediate\\openout\\toldfile=told.txt
\\setcounter{{page}}{{{style.running.start}}}
\\fontsize{{{style.size}}}{{{style.size * style.leading:.2f}}}\\selectfont
\\setlength{{\\parindent}}{{{self.em(style.indent)}}}
\\setlength{{\\parskip}}{{{self.em(style.gap)} plus 0.5pt}}
\\setlength{{\\columnsep}}{{1.8em}}
\\setlength{{\\columnseprule}}{{{0.4 if style.column_rule else 0}pt}}
\\widowpenalty=5000\\clubpenalty=5000\\raggedbottom {ragged}{hanging}
{first}
"""

    def heads(self) -> str:
        """The heads and feet of pages."""
        running, style = self.style.running, self.style
        author, title = heads_of(self.document)
        even, odd = {
            "none": ("", ""), "title": (escaped(title),) * 2,
            "turn": (escaped(author), escaped(title)),
            "chapter": (escaped(title), "\\rightmark"), "web": ("", ""),
        }[running.kind]  # fmt: skip
        page = "\\roman{page}" if running.roman else "\\arabic{page}"
        folio = escaped(running.form).replace("\\{\\}", page)
        look = _CASE[running.case]
        shape = "\\itshape " if running.italic else ""
        side, place = running.side, running.folio
        if place == "inside":
            place, side = "outer", "inner" if side == "outer" else side
        out = "\\pagestyle{fancy}\\fancyhf{}\\renewcommand{\\headrulewidth}{0pt}\n"
        if running.rule and running.kind != "none" and running.at == "head":
            out += "\\renewcommand{\\headrulewidth}{0.4pt}\n"
        command = {"head": "\\fancyhead", "foot": "\\fancyfoot"}
        other = "foot" if running.at == "head" else "head"
        for parity, text in (("E", even), ("O", odd)):
            if text:
                shown = f"\\small {shape}{look}{{{text}}}"
                out += f"{command[running.at]}[{_spot(side, parity)}]{{{shown}}}\n"
            if running.folio != "none":
                at = running.at if running.folio == "inside" else other
                out += f"{command[at]}[{_spot(place, parity)}]{{\\small {folio}}}\n"
        if style.title_across or style.running.first:
            out += "\\fancypagestyle{plain}{}\n"
        return out


def _spot(side: str, parity: str) -> str:
    """Where fancyhdr puts something on pages of a parity."""
    if side == "center":
        return f"C{parity}"
    return ("R" if (side == "outer") == (parity == "O") else "L") + parity


def prepared(document: Document, style: Style, rng: Random) -> str:
    """Fits the look to LaTeX, labels the notes; which LaTeX to run."""
    package = rng.choice(("xelatex", "xelatex", "pdflatex"))
    if "typescript" in style.traits:
        package = "xelatex"
    if style.font not in PACKAGES and package == "pdflatex":
        style.font = rng.choice(list(PACKAGES))
    if package == "xelatex" and style.font in UNFIT:
        style.font = "TeX Gyre Cursor" if "Courier" in style.font else rng.choice(FIT)
    if package == "xelatex" and "typescript" in style.traits:
        style.font = rng.choice(("TeX Gyre Cursor", "Liberation Mono"))
    if style.columns == 3 or (style.columns == 2 and rng.random() < 0.4):
        style.traits.append("multicol")
        style.title_across = True
    style.traits.append(package)
    if style.columns > 1 and style.notes.restart == "page" and "multicol" in style.traits:
        style.notes.restart = "never"
    relabel(document, style.notes)
    return package


def make(document: Document, style: Style) -> Made:
    """The document as a PDF."""
    package = prepared(document, style, Random(f"{document.title}{style.width}{style.size}"))
    source = Setter(document, style, package).source()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.tex"
        path.write_text(source, encoding="utf-8")
        for _ in range(3):
            done = subprocess.run(
                [package, "-interaction=nonstopmode", "-halt-on-error", path.name],
                cwd=folder, capture_output=True, timeout=180, check=False,
            )  # fmt: skip
            if done.returncode:
                log = done.stdout.decode(errors="replace")
                raise RuntimeError(log[log.find("\n!") :][:400] if "\n!" in log else log[-400:])
        pdf = path.with_suffix(".pdf").read_bytes()
        told = (Path(folder) / "told.txt").read_text(encoding="utf-8")
    numbers = {note.number: note for note in document.notes}
    if style.notes.place == "foot":
        for line in told.splitlines():
            number, shown = map(int, line.split())
            numbers[number].label = signed(style.notes.sign, shown)
    author, title = heads_of(document)
    heads = [author, title]
    if style.running.kind == "chapter":
        heads += short_heads(document)
    return Made(pdf, outside(pdf, document, style, heads), source)
