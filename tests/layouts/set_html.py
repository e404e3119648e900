"""Sets a document as HTML with Chromium or WeasyPrint. Only WeasyPrint puts notes at the foot."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from layouts.model import Block, Document, Furniture, Made, Note, tokens
from layouts.reading import outside
from layouts.set_typst import heads_of, relabel, with_notes
from layouts.styles import HeadStyle, Style

_CASES = {"upper": "text-transform: uppercase;", "smallcaps": "font-variant: small-caps;",
          "italic": "font-style: italic;", "none": ""}  # fmt: skip


WEB_ADDRESS = "https://archives.example.org/textes/lire.php?id=1917&page=2"


def string(text: str) -> str:
    """Text as a string of CSS."""
    return '"' + text.replace('"', '\\"') + '"'


class Setter:
    """Writes the page of one document."""

    def __init__(self, document: Document, style: Style) -> None:
        self.document = document
        self.style = style
        self.notes = {note.number: note for note in document.notes}
        self.fresh = True
        self.verse_line = 0

    # Text in a line

    def inline(self, text: str) -> str:
        """Marked text as HTML."""
        return "".join(self._token(token) for token in tokens(text))

    def _token(self, token: str) -> str:
        if token in ("<sc>", "</sc>"):
            return '<span class="sc">' if token == "<sc>" else "</span>"
        if token.startswith("<"):
            return token
        if token == "\n":
            return "<br>"
        if found := re.fullmatch(r"⟦(\d+)⟧", token):
            return self.call(self.notes[int(found[1])])
        return html.escape(token, quote=False)

    def call(self, note: Note) -> str:
        """The call of a note, with the note where it stands at the foot."""
        notes = self.style.notes
        label = notes.call.strip().format(note.label)
        space = "&nbsp;" if notes.call.startswith(" ") else ""
        call = f'{space}<span class="call">{label}</span>'
        if notes.place == "foot":
            return f'{call}<span class="foot">{self.marked(note)}</span>'
        return call

    def marked(self, note: Note) -> str:
        """A note with its mark, its paragraphs in spans."""
        notes = self.style.notes
        mark = f'<span class="mark">{notes.mark.format(note.label)}</span> '
        parts = []
        for at, text in enumerate(note.paragraphs):
            quoted = " quoted" if text.startswith("> ") else ""
            body = self.inline(text.removeprefix("> "))
            parts.append(f'<span class="np{quoted}">{"" if at else mark}{body}</span>')
        return "".join(parts)

    # Blocks

    def block(self, block: Block) -> str:
        """A block as HTML."""
        makers: dict[str, Callable[[Block], str]] = {
            "paragraph": self.paragraph, "heading": self.heading, "verse": self.verse,
            "speech": self.speech, "table": self.table, "toc": self.toc,
            "title-page": self.title_page, "list-item": self.list_item,
        }  # fmt: skip
        out = makers.get(block.kind, self.plain_block)(block)
        if block.aside:
            out = f'<aside class="pull">{html.escape(block.aside, quote=False)}</aside>\n' + out
        if block.kind in ("paragraph", "speech", "verse", "quote", "list-item"):
            self.fresh = False
        return out

    def plain_block(self, block: Block) -> str:
        """A block of a kind whose look is all in the style sheet."""
        tag = "blockquote" if block.kind == "quote" else "div"
        kind = f"{block.kind} {block.look}".strip()
        return f'<{tag} class="{kind}">{self.inline(block.text)}</{tag}>\n'

    def paragraph(self, block: Block) -> str:
        """A paragraph."""
        kinds = [block.look] if block.look else []
        text = self.inline(block.text)
        if block.label:
            tag = "i" if self.style.label_italic else "b"
            text = f"<{tag}>{self.inline(block.label)}</{tag}> {text}"
        if block.side:
            text = f'<span class="side">{html.escape(block.side)}</span>{text}'
        if self.fresh:
            kinds.append("first")
            if self.style.drop and not block.label and re.match(r"[A-ZÀÉ]\w", block.text):
                first = text if not block.side else ""
                if first:
                    kinds.append("drop")
                    text = f'<span class="initial">{text[0]}</span>{text[1:]}'
        given = f' class="{" ".join(kinds)}"' if kinds else ""
        return f"<p{given}>{text}</p>\n"

    def heading(self, block: Block) -> str:
        """A heading."""
        self.fresh = True
        if block.level < 3:
            self.verse_line = 0
        look = "banner" if block.look == "banner" else f"h{block.level}"
        tag = f"h{block.level}" if self.style.tagged else "div"
        return f'<{tag} class="{look}">{self.inline(block.text)}</{tag}>\n'

    def verse(self, block: Block) -> str:
        """A stanza or some lines."""
        every = self.style.verse_numbers
        rows = []
        for line in block.text.split("\n"):
            number = ""
            if block.look == "poem":
                self.verse_line += 1
                if every and self.verse_line % every == 0:
                    number = f'<span class="number">{self.verse_line}</span>'
            rows.append(f'<div class="line">{number}{self.inline(line)}</div>')
        return f'<div class="verse">{"".join(rows)}</div>\n'

    def speech(self, block: Block) -> str:
        """A speech with its speaker."""
        who, rest = block.label[: len(block.speaker)], block.label[len(block.speaker) :]
        label = f'<span class="who">{html.escape(who)}</span>{html.escape(rest)}'
        text = self.inline(block.text)
        if block.look == "own-line":
            return f'<div class="label">{label}</div>\n<p class="said">{text}</p>\n'
        return f'<p class="speech">{label} {text}</p>\n'

    def table(self, block: Block) -> str:
        """A table."""
        rows = [row.split(" | ") for row in block.text.split("\n")]
        body = ""
        for at, row in enumerate(rows):
            tag = "th" if at == 0 else "td"
            body += "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"
        return f"<table>{body}</table>\n"

    def toc(self, block: Block) -> str:
        """A table of contents."""
        head, *rows = block.text.split("\n")
        body = f'<div class="toc-head">{head}</div>'
        for row in rows:
            title, page = row.rsplit(" ", 1)
            body += (
                f'<div class="toc-row"><span>{html.escape(title)}</span>'
                f'<span class="dots"></span><span>{page}</span></div>'
            )
        return f'<nav class="toc">{body}</nav>\n'

    def title_page(self, block: Block) -> str:
        """A title page, or what stands under the banner of a newspaper."""
        if block.look == "banner":
            return f'<div class="issue">{html.escape(block.text)}</div>\n'
        rows = "".join(f"<div>{html.escape(row)}</div>" for row in block.text.split("\n"))
        return f'<section class="title-page">{rows}</section>\n'

    def list_item(self, block: Block) -> str:
        """An item of a list, its mark printed as text or by the list itself."""
        text = f"{html.escape(block.label)} {self.inline(block.text)}"
        return f'<div class="item">{text}</div>\n'

    def gathered(self, numbers: list[int], level: int) -> str:
        """Notes under their heading."""
        notes = self.style.notes
        out = ""
        if notes.heading:
            out = self.heading(Block("heading", notes.heading, level=level))
        for number in numbers:
            out += f'<div class="note">{self.marked(self.notes[number])}</div>\n'
        return f'<section class="notes">{out}</section>\n'

    def body(self) -> str:
        """All blocks, those over the columns apart."""
        style = self.style
        over: list[str] = []
        rest: list[str] = []
        for block, numbers in with_notes(self.document, style.notes):
            if block:
                place = over if not rest and self._is_over(block) else rest
                place.append(self.block(block))
            if numbers:
                rest.append(self.gathered(numbers, 2 if style.notes.place == "end" else 3))
        return f"<header>{''.join(over)}</header>\n<main>{''.join(rest)}</main>"

    def _is_over(self, block: Block) -> bool:
        if block.look == "banner":
            return True
        top = (block.kind == "heading" and block.level == 1) or block.look == "byline"
        return self.style.title_across and (top or block.kind == "standfirst")

    # The style sheet

    def head_css(self, level: int, head: HeadStyle) -> str:
        """The look of headings of a level."""
        rule = "border-bottom: 0.5pt solid;" if head.rule else ""
        new = "break-before: page;" if level == 2 and self.style.chapter_break else ""
        return (
            f".h{level} {{ font: {'italic' if head.italic else 'normal'} "
            f"{'bold' if head.weight == 'bold' else 'normal'} {head.size}em/1.2 "
            f"{string(self.style.head_font)}, serif; text-align: {head.align}; {rule} {new}"
            f"letter-spacing: {head.tracking}em; {_CASES[head.case]}"
            f"margin: {head.above / head.size:.2f}em 0 {head.below / head.size:.2f}em; "
            "hyphens: manual; break-after: avoid; text-indent: 0; }\n"
        )

    def web_boxes(self) -> str:
        """What browsers print around a page of the web."""
        title = string(self.document.title.split("\n")[0])
        look = "font: 7.5pt sans-serif; white-space: nowrap;"
        return (
            f"@page {{ @top-left {{ content: {string(self.style.running.form)}; {look} }}"
            f"@top-center {{ content: {title}; {look} }}"
            f"@bottom-left {{ content: {string(WEB_ADDRESS)}; {look} }}"
            f'@bottom-right {{ content: counter(page) "/" counter(pages); {look} }} }}\n'
        )

    def margin_boxes(self) -> str:
        """The running heads, as boxes of the margins."""
        running = self.style.running
        if running.kind == "web":
            return self.web_boxes()
        author, title = heads_of(self.document)
        left, right = (author, title) if running.kind == "turn" else (title, title)
        shift = f"counter-reset: page {running.start - 1};" if running.start > 1 else ""
        out = f"html {{ {shift} }}\n"
        before, after = running.form.split("{}")
        kind = ", lower-roman" if running.roman else ""
        folio = f"{string(before)} counter(page{kind}) {string(after)}"
        look = f"{_CASES[running.case]} {'font-style: italic;' if running.italic else ''}"
        other = "bottom" if running.at == "head" else "top"
        here = "top" if running.at == "head" else "bottom"
        for page, text, odd in (("left", left, False), ("right", right, True)):
            boxes: dict[str, str] = {}
            side, place = running.side, running.folio
            if place == "inside":
                place, side = "outer", "inner" if side == "outer" else side
            if running.kind != "none":
                boxes[f"{here}-{_side(side, odd)}"] = f"content: {string(text)}; {look}"
            if running.folio != "none":
                at = here if running.folio == "inside" else other
                boxes[f"{at}-{_side(place, odd)}"] = f"content: {folio};"
            rule = (
                "border-bottom: 0.4pt solid; vertical-align: bottom; padding-bottom: 2pt; "
                "margin-bottom: 5pt;"
            )
            if running.rule and here == "top" and running.kind != "none":
                for name in ("left", "center", "right"):
                    boxes[f"top-{name}"] = boxes.get(f"top-{name}", 'content: "";') + rule
            body = "".join(
                f"@{name} {{ {value} font-size: {self.style.size * 0.85:.2f}pt; "
                f"white-space: nowrap; font-family: {string(self.style.font)}, serif; }}\n"
                for name, value in boxes.items()
            )
            out += f"@page :{page} {{ {body} }}\n"
        if not running.first:
            blank = "".join(
                f"@{v}-{h} {{ content: none; border: none }}"
                for v in ("top", "bottom") for h in ("left", "center", "right")
            )  # fmt: skip
            out += f"@page :first {{ {blank} }}\n"
        return out

    def css(self) -> str:
        """The style sheet."""
        style, notes = self.style, self.style.notes
        indent = style.indent
        hang = "padding-left: 1.5em; text-indent: -1.5em;" if style.hanging else ""
        first = f".first {{ text-indent: {indent if style.first_indent else 0}em; }}"
        raised = "vertical-align: super; font-size: 0.65em; line-height: 0;" if notes.raised else ""
        mark = "vertical-align: super; font-size: 0.7em;" if notes.mark_raised else ""
        area = "border-top: 0.5pt solid; padding-top: 3pt;" if notes.rule else "margin-top: 8pt;"
        who = {
            "caps": "text-transform: uppercase;", "sc": "font-variant: small-caps;",
            "bold": "font-weight: bold;", "italic": "font-style: italic;", "plain": "",
        }[style.speaker]  # fmt: skip
        side = "left" if style.verse_side == "left" else "right"
        rule = "column-rule: 0.5pt solid;" if style.column_rule else ""
        columns = (
            f"columns: {style.columns}; column-gap: 1.6em; {rule}" if style.columns > 1 else ""
        )
        bar = "border-left: 2pt solid #888; padding-left: 1em;" if style.quote_bar else ""
        inner, outer, inside = style.inner, style.outer, 0.0
        if style.engine == "chromium" and any(block.side for block in self.document.blocks):
            inner, outer, inside = 3, 3, style.outer - 3  # what stands in the margin is cut off
        out = f"""
@page {{ size: {style.width}mm {style.height}mm; @footnote {{ {area} }} }}
@page {{ margin-top: {style.top:.1f}mm; margin-bottom: {style.bottom:.1f}mm; }}
@page :left {{ margin-right: {inner:.1f}mm; margin-left: {outer:.1f}mm; }}
@page :right {{ margin-right: {outer:.1f}mm; margin-left: {inner:.1f}mm; }}
body {{ margin: 0 {inside:.1f}mm; font: {style.size}pt/{style.leading} {string(style.font)}, serif;
  text-align: {"justify" if style.justify else "left"}; orphans: 2; widows: 2;
  hyphens: {"auto" if style.hyphenate else "manual"}; }}
main {{ {columns} }}
header {{ {"margin-bottom: 1em;" if style.columns > 1 else ""} }}
p {{ margin: 0 0 {style.gap}em; text-indent: {indent}em; {hang} }}
{first if not style.hanging else ""}
.continued {{ text-indent: {indent if style.continued_indent else 0}em; }}
.drop {{ text-indent: 0; }}
.initial {{ float: left; font-size: 3.1em; line-height: 0.8; padding: 0.06em 0.06em 0 0; }}
.slogan {{ text-align: center; text-indent: 0; font-weight: bold; margin: 0.6em 0; }}
blockquote {{ margin: {style.quote_gap}em {style.quote_right}em {style.quote_gap}em
  {style.quote_left}em;
  font-size: {style.quote_size}em; {"font-style: italic;" if style.quote_italic else ""} {bar} }}
.sc {{ font-variant: small-caps; }}
.call {{ {raised} font-style: normal; letter-spacing: 0; font-weight: normal; }}
sup {{ line-height: 0; font-size: 0.65em; }}
.foot {{ float: footnote; text-align: {"justify" if style.justify else "left"}; }}
.foot, .note {{ font-size: {style.size * notes.size:.2f}pt; line-height: 1.2; font-weight: normal;
  font-style: normal; text-indent: 0; letter-spacing: 0; text-transform: none; font-variant: normal;
  font-family: {string(style.font)}, serif; }}
.foot::footnote-call {{ content: ""; }}
.foot::footnote-marker {{ content: ""; }}
.note {{ margin: 0 0 0.25em;
  {"padding-left: 1.5em; text-indent: -1.5em;" if notes.hanging else ""} }}
.np {{ display: block; }}
.quoted {{ margin: 0.2em 0 0.2em 1em; }}
.mark {{ {mark} }}
.side {{ position: absolute;
  {"right" if style.verse_side == "right" else "left"}: -{style.outer - 3:.0f}mm;
  width: {style.outer - 6:.0f}mm; text-indent: 0; font-size: 0.75em; font-style: italic;
  text-align: left; }}
p:has(.side), .line {{ position: relative; }}
.verse {{ margin: 0.6em 0 0.9em {style.verse_left}em; text-align: left; hyphens: manual;
  {"font-style: italic;" if style.verse_italic else ""} }}
.line {{ padding-left: 2em; text-indent: -2em; }}
.number {{ position: absolute; {side}: {"0" if side == "right" else "-2.2em"}; text-indent: 0;
  font-size: 0.75em; font-style: normal; }}
.item {{ margin: {style.list_gap}em 0 {style.list_gap}em {style.list_indent + 1}em;
  text-indent: -1em; }}
.dateline {{ text-align: {style.dateline_align}; margin: 0.3em 0 0.5em;
  {"font-style: italic;" if style.dateline_italic else ""} }}
.salutation {{ margin: 0.4em 0 0.5em {indent}em; }}
.signature {{ text-align: right; margin: 0.3em 0 1em; {_CASES[style.signature_case]} }}
.byline {{ text-align: left; }}
.standfirst {{ font-style: italic; text-align: {style.heads[1].align}; margin: 0.3em 0 1.2em; }}
.epigraph {{ margin: 0.4em 0 0.3em {style.epigraph_left * 100:.0f}%; font-style: italic;
  font-size: 0.9em; text-align: left; }}
.epigraph.attribution {{ font-style: normal; text-align: right; font-variant: small-caps;
  margin: 0 0 1.2em; }}
.stage {{ font-style: italic; margin: 0.4em 0;
  text-align: {"center" if style.stage_center else "left"}; }}
.who {{ {who} }}
.label {{ text-align: {"center" if style.speaker_center else "left"}; margin-top: 0.6em;
  break-after: avoid; }}
.said {{ text-indent: 0; }}
.ornament {{ text-align: center; margin: 0.8em 0; }}
.colophon {{ text-align: center; font-size: 0.85em; margin-top: 4em; }}
table {{ margin: 0.8em auto; border-collapse: collapse; hyphens: manual; text-indent: 0;
  break-inside: avoid; }}
td, th {{ padding: 0.15em 0.7em; text-align: right;
  {"border: 0.4pt solid;" if style.table_rules else ""} }}
td:first-child, th:first-child {{ text-align: left; }}
{"th { text-align: center; }" if style.stage_center else ""}
.pull {{ margin: 0.8em 0; border: solid; border-width: 0.6pt 0; padding: 0.5em 0; font-size: 1.35em;
  line-height: 1.25; font-style: italic; text-align: left; hyphens: manual; break-inside: avoid; }}
.toc {{ margin: 2em 0; break-after: {"page" if style.chapter_break else "auto"}; }}
.toc-head {{ text-align: center; font-weight: bold; margin-bottom: 0.6em; }}
.toc-row {{ display: flex; text-align: left; }}
.dots {{ flex: 1; border-bottom: 1pt dotted; margin: 0 0.4em 0.3em; }}
.title-page {{ text-align: center; break-after: page; }}
.title-page div {{ margin-top: 1em; }}
.title-page div:nth-child(2) {{ font-size: 2em; font-weight: bold; margin: 2.5em 0;
  line-height: 1.2; }}
.banner {{ text-align: center;
  font: bold {style.width * 0.16:.0f}pt/1.1 {string(style.head_font)}, serif; margin: 0;
  padding-top: 0.25em; }}
.issue {{ text-align: center; font-size: 0.9em; border: solid; border-width: 0.5pt 0;
  margin: 0.3em 0 1em; }}
"""
        for level, head in style.heads.items():
            out += self.head_css(level, head)
        return out + self.margin_boxes()

    def page(self) -> str:
        """The page."""
        return (
            '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
            f"<title>{html.escape(self.document.title)}</title><style>{self.css()}</style></head>"
            f"<body>\n{self.body()}\n</body></html>"
        )


def _side(side: str, odd: bool) -> str:
    """Left, center or right."""
    if side == "center":
        return "center"
    return "right" if (side == "outer") == odd else "left"


def prepared(document: Document, style: Style) -> None:
    """Fits the look to what browsers can do, and labels the notes."""
    notes = style.notes
    if notes.restart == "page":
        notes.restart = "chapter"
    if notes.sign == "*":
        notes.sign = "1"
    if style.running.kind == "chapter":
        style.running.kind = "turn"
    relabel(document, notes)


def furniture_of(pdf: bytes, document: Document, style: Style) -> list[Furniture]:
    """What the pages print around the text, and what stands beside it."""
    author, title = heads_of(document)
    return outside(pdf, document, style, [author, title])


def make_chromium(document: Document, style: Style) -> Made:
    """The document as Chromium prints it."""
    from playwright.sync_api import sync_playwright

    from browser import ARGUMENTS, find_browser

    prepared(document, style)
    page = Setter(document, style).page()
    browser = find_browser()
    if not browser:
        raise RuntimeError("no Chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=list(ARGUMENTS))
        tab = running.new_page()
        tab.set_content(page)
        pdf = tab.pdf(
            prefer_css_page_size=True, print_background=True, tagged=style.tagged,
            outline=style.tagged,
        )  # fmt: skip
        running.close()
    return Made(pdf, furniture_of(pdf, document, style), page)


def make_weasyprint(document: Document, style: Style) -> Made:
    """The document as WeasyPrint prints it."""
    import logging

    from weasyprint import HTML

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    prepared(document, style)
    page = Setter(document, style).page()
    pdf = HTML(string=page).write_pdf()
    if not isinstance(pdf, bytes):
        raise TypeError("WeasyPrint gave no PDF")
    return Made(pdf, furniture_of(pdf, document, style), page)
