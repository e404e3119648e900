"""Inlines and typeset words as HTML.

When a reader searches a page for “mot !”, typed with a plain space, browsers match a no-break space
(U+00A0), but neither a thin one (U+202F) nor words joined by U+2060. So pages have U+00A0 instead
(`findable`), which the stylesheet makes thin or keeps on its line. Downloads have the characters
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, zip_longest
from typing import ClassVar

from markupsafe import Markup, escape
from msgspec import structs

from archive_site import interface
from archive_site.text.document import (
    NESTING,
    CellBreak,
    Citation,
    Comment,
    Doubt,
    Emendation,
    Emphasis,
    Foreign,
    Gap,
    Indent,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    NoteCall,
    PageBreak,
    SmallCaps,
    Speaker,
    StageDirection,
    Superscript,
    Table,
    Text,
)
from archive_site.text.marks import MARKS, as_elements, has_marks, with_marks
from archive_site.text.reading import rows_of, witness_text
from archive_site.text.typesetter import BETWEEN, Typesetter, hold, in_words, unheld
from archive_site.text.typography import (
    JOINER,
    NBSP,
    ORDINAL,
    ROMAN,
    THIN,
    UNBROKEN,
    typeset,
)

HALF_EM = "\u2002"
# A roman ordinal in HTML: it is set in small capitals.
_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:!?)»\]])")
_ROMAN_ORDINAL = re.compile(rf"<[^>]*>|(?<![\w-])({ROMAN})(?=<sup>(?:er|re|e)</sup>|°)")
# Quick tests for these patterns, which are many times slower.
_like_an_ordinal = re.compile(r"[IVX\d](?:er?|re)(?!\w)").search
_like_a_roman_ordinal = re.compile(r"[IVX](?:<sup>|°)").search
_like_a_bracket = re.compile(r"\([a-z]\)").search
_like_a_range = re.compile(r"[-–]\d").search
# The replacement of each space that a search for a plain space does not find, and the elements in
# which an element may not replace it.
_NOT_FOUND = dict.fromkeys((THIN, "&#8239;"), f'<span class="thin">{NBSP}</span>') | {
    f"{dash}{JOINER}{NBSP}": f'<span class="unbroken">{dash}{NBSP}</span>' for dash in "–—"
}
_TEXT_ONLY = ("<script", "<style", "<title", "<option", "<textarea", "<text")


@dataclass(slots=True)
class HtmlRenderer(Typesetter):
    """Turns the inlines of one page into HTML.

    `href` returns the address of a link's target; `short_forms` has those of the works of the
    bibliography, and `bibliography` returns the address of a work, both by key; `corrections` is
    the address of the page that lists the emendations; `witness_spelling` shows the witness's
    spelling and typing; `names` returns the address of the entry of a name, by key; `former` has
    the anchors that lead to each anchor of the page.

    `doubts` collects the id and the reason of each doubt, in order; `emended` counts the
    emendations, so that ids are unique; `pages` collects the page numbers of the original by id,
    in order; `calls` counts the calls of each note."""

    line_break: ClassVar[str] = "<br>"
    table_opening: ClassVar[str] = (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{interface.TABLE_REGION}">'
    )
    table_closing: ClassVar[str] = "</div>"
    href: Callable[[str], str]
    corrections: str = ""
    witness_spelling: bool = False
    names: Callable[[str], str] | None = None
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    short_forms: Mapping[str, str] = field(default_factory=dict)
    bibliography: Callable[[str], str] | None = None
    emended: int = 0
    doubts: list[tuple[str, str]] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)

    def html(self, content: Inlines, open_quotes: int = 0, language: str = "") -> Markup:
        """`content` as HTML, as for `set`."""
        html = self.set(content, open_quotes, language)
        return Markup(html) if self.witness_spelling else _ordinals(html)

    def plain(self, content: Inlines) -> Markup:
        """`content` as HTML for a table of contents, without calls, links and editorial marks."""
        return self.html(_plain(content))

    def escape(self, text: str) -> str:
        """Words as HTML, with the letters of ordinals raised unless `witness_spelling`."""
        return str(escape(text)) if self.witness_spelling else _raised(text)

    def render(self, inline: Inline, tags: list[str]) -> str:  # noqa: C901  # a table
        """The words of an inline, with placeholders for its tags."""
        match inline:
            case Text(text):
                return unheld(text)
            case Superscript(text):
                return self._around((Text(text),), "sup", "", tags)
            case LineBreak():
                return hold(tags, self.line_break)
            case Indent(width):
                return hold(tags, indentation(width))
            case Comment():
                return ""
            case CellBreak():
                return hold(tags, " ")
            case Emphasis(content, strong):
                return self._around(content, "strong" if strong else "em", "", tags)
            case StageDirection(content):
                return self._around(content, "i", ' class="stage"', tags)
            case Speaker(content):
                capitals = " capitals" * witness_text(content).isupper()
                return self._around(content, "span", f' class="speaker{capitals}"', tags)
            case SmallCaps(content):
                return self._around(content, "span", ' class="small-caps"', tags)
            case Foreign(content, language):
                opening = f'<span lang="{escape(language)}">'
                return self.apart(content, opening, "</span>", language, tags)
            case Citation():
                return hold(tags, self._citation(inline))
            case NoteCall(label):
                return hold(tags, note_call(label, self._called(label)))
            case PageBreak(number):
                return hold(tags, self._page_break(number, inline.anchor))
            case Emendation():
                return self._emendation(inline, tags)
            case Doubt(content, why):
                words = self._around(content, "span", ' class="doubt"', tags)
                return words + hold(tags, self._doubt(why))
            case Gap(why):
                return hold(tags, f'<span class="gap">[{escape(typeset(why))}]</span>')
            case Link(content, target):
                opening = f' href="{escape(self.href(target))}"'
                if content == (Text(target),):
                    return hold(tags, f'<a class="url"{opening}>{_breakable(target)}</a>')
                return self._around(content, "a", opening, tags)
            case Name(content, key) if self.names is not None:
                opening = f' class="name" href="{escape(self.names(key))}"'
                return self._around(content, "a", opening, tags)
            case Name(content):
                return self.joined(content, tags)

    def _around(self, content: Inlines, name: str, attributes: str, tags: list[str]) -> str:
        return self.around(content, f"<{name}{attributes}>", f"</{name}>", tags)

    def _called(self, label: str) -> str:
        """The id of the next call of a note."""
        self.calls[label] = self.calls.get(label, 0) + 1
        return call_id(label, self.calls[label])

    def calls_of(self, label: str) -> tuple[str, ...]:
        """The ids of the calls of a note so far, of which there is at least one to return to."""
        return tuple(call_id(label, n + 1) for n in range(max(1, self.calls.get(label, 0))))

    def verse(self, content: Inlines, open_quotes: int, language: str, first: int) -> Markup:
        """Lines of verse as HTML. `first` is the number of the first of them; every fifth shows its
        number (0: none does)."""
        lines = self.set_lines(content, open_quotes, language)
        html = []
        for n, line in enumerate(lines, start=first):
            number = f' data-line="{n}"' if first and n % 5 == 0 else ""
            html.append(f'<span class="line"{number}>{line}</span>')
        return Markup(f"{self.line_break}\n".join(html))

    def table(self, content: Inlines, table: Table, language: str) -> Markup:
        """A table as HTML. Each cell is typeset by itself."""
        html = [self.table_opening, "<table>"]
        head, rest = [], rows_of(content)
        if table.headed:
            head, rest = rest[:1], rest[1:]
        for name, cell, rows in (("thead", 'th scope="col"', head), ("tbody", "td", rest)):
            if rows:
                inner = "\n".join(self._row(row, cell, table, language) for row in rows)
                html.append(f"<{name}>{inner}</{name}>")
        return Markup("".join([*html, "</table>", self.table_closing]))

    def _row(self, row: Iterable[Inlines], cell: str, table: Table, language: str) -> str:
        html = []
        for content, aligned in zip(row, table.columns, strict=False):
            kind = f' class="{aligned}"' if aligned else ""
            html.append(f"<{cell}{kind}>{self.html(content, 0, language)}</{cell[:2]}>")
        return "<tr>{}</tr>".format("\n".join(html))

    def _emendation(self, emendation: Emendation, tags: list[str]) -> str:
        """The words as a link to their line in the list of emendations, labelled with the other
        form."""
        self.emended += 1
        words = emendation.witness if self.witness_spelling else emendation.reading
        says = other_form(emendation, self.witness_spelling)
        name = f"{words or interface.DELETED_WORD} ({says})"
        return (
            hold(
                tags,
                f'<a class="emendation" id="correction-{self.emended}" '
                f'href="{self.corrections}#correction-{self.emended}" '
                f'data-other="{escape(typeset(says))}" aria-label="{escape(typeset(name))}">',
            )
            + unheld(words)
            + hold(tags, "</a>")
        )

    def held(self, anchor: str) -> Markup:
        """Empty elements with the ids of the anchors that lead to this one."""
        ids = self.former.get(anchor, ())
        return Markup().join(Markup('<span class="held" id="{}"></span>').format(i) for i in ids)

    def _citation(self, citation: Citation) -> str:
        """The short forms of the cited works, in brackets, with links to the bibliography."""
        works = []
        for cited in citation.works:
            before, key, words = in_words(cited, self.short_forms)
            html = as_html(words)
            if self.bibliography:
                html = Markup('<a href="{}">{}</a>').format(self.bibliography(key), html)
            works.append(as_html(before) + html)
        return f'<span class="cited">[{BETWEEN.join(works)}]</span>'

    def _page_break(self, number: str, page_id: str) -> str:
        bare = number.strip("[]")
        unique = bool(page_id) and page_id not in self.pages
        if unique:
            self.pages[page_id] = bare
        id_attribute = f' id="{escape(page_id)}"' if unique else ""
        held = self.held(page_id) if unique else ""
        label = interface.ORIGINAL_PAGE.format(number=bare) if bare else interface.NEW_PAGE
        return (
            f'{held}<span class="page-break" role="doc-pagebreak"{id_attribute} '
            f'title="{escape(label)}" data-page="{escape(number)}"></span>'
        )

    def _doubt(self, why: str) -> str:
        n = len(self.doubts) + 1
        self.doubts.append((f"remarque-{n}", why))
        return (
            f'<sup class="doubt-call"><a id="doute-{n}" href="#remarque-{n}" '
            f'aria-label="{interface.REMARK.format(number=n)}">[?]</a></sup>'
        )


def _plain(content: Inlines) -> Inlines:
    plain: list[Inline] = []
    for inline in content:
        match inline:
            case Text() | Superscript():
                plain.append(inline)
            case Emendation(reading):
                plain.append(Text(reading))
            case LineBreak() | CellBreak():
                plain.append(Text(" "))
            case Emphasis(inner):
                plain.append(structs.replace(inline, content=_plain(inner)))
            case SmallCaps(inner) | Foreign(inner):
                plain.append(structs.replace(inline, content=_plain(inner)))
            case _ if isinstance(inline, NESTING):
                plain += _plain(inline.content)
    return tuple(plain)


def other_form(emendation: Emendation, witness_spelling: bool = False) -> str:
    """The label of an emended word, with the form that is not shown: the witness's or, if the
    witness's spelling is shown, the edition's."""
    other = emendation.reading if witness_spelling else emendation.witness
    if not other:
        return interface.DELETED_IN_EDITION if witness_spelling else interface.ADDED_IN_EDITION
    return (interface.READ_AS if witness_spelling else interface.SOURCE_HAS).format(words=other)


@lru_cache(maxsize=4096, typed=True)  # typed: words that are HTML already stay so
def as_html(text: str) -> Markup:
    """`text` as HTML with the letters of its ordinals raised: “XIe” → “XI<sup>e</sup>”. Marks
    become elements."""
    html = _ordinals(_raised(text))
    if not has_marks(html):
        return html
    tags = as_elements("".join(sign for sign in html if sign in MARKS))
    return Markup(with_marks(html, str, lambda _: next(tags)).replace("<cite></cite>", ""))


def linked(text: str) -> Markup:
    """`text` as HTML in which web addresses are links."""
    parts = _ADDRESS.split(text)
    links = (Markup('<a class="url" href="{0}">{0}</a>').format(part) for part in parts[1::2])
    both = zip_longest(map(as_html, parts[::2]), links, fillvalue="")
    return Markup("").join(chain.from_iterable(both))


def findable(html: str) -> str:
    """A page, or a part of one, in which thin spaces, and the joiners after dashes, are replaced by
    elements with a no-break space, which a search for a plain space finds. Tags, and elements that
    cannot contain others (`_TEXT_ONLY`), are unchanged."""
    out, done, seen = [], 0, 0
    tag, closed = 0, True  # the last tag that begins before the space, and whether it has ended
    for at, space in sorted(chain.from_iterable(_places(sign, html) for sign in _NOT_FOUND)):
        if (latest := html.rfind("<", seen, at)) >= 0:
            tag, closed = latest, False
        closed = closed or html.find(">", max(tag, seen), at) >= 0
        seen = at
        if not closed or html.startswith(_TEXT_ONLY, tag):
            continue
        out += [html[done:at], _NOT_FOUND[space]]
        done = at + len(space)
    return "".join([*out, html[done:]])


def _places(sign: str, text: str) -> Iterator[tuple[int, str]]:
    """The places of a sign in a text, each with the sign. A pattern is ten times slower."""
    at = text.find(sign)
    while at >= 0:
        yield at, sign
        at = text.find(sign, at + 1)


def _raised(text: str) -> str:
    html = str(escape(text))
    if _like_an_ordinal(html):
        html = ORDINAL.sub(r"\1<sup>\2</sup>", html)
    if _like_a_bracket(html) or _like_a_range(html):
        html = UNBROKEN.sub(r'<span class="unbroken">\g<0></span>', html)
    return html


def _ordinals(html: str) -> Markup:
    """`html` with the numerals of its roman ordinals marked, even if their raised letters are
    markup of the edition."""
    if not _like_a_roman_ordinal(html):
        return Markup(html)

    def marked(found: re.Match[str]) -> str:
        return f'<span class="ordinal">{found[1]}</span>' if found[1] else found[0]

    return Markup(_ROMAN_ORDINAL.sub(marked, html))


def indentation(width: int) -> str:
    """The indentation of a line of verse, as spaces of half an em."""
    return f'<span class="indent">{HALF_EM * width}</span>'


def call_id(label: str, number: int) -> str:
    """The id of a call of a note, which may have several."""
    return f"appel-{label}" + f"--{number}" * (number > 1)


def note_call(label: str, call: str) -> str:
    """The link, with the id `call`, that calls a note."""
    name = escape(label)
    return (
        f'<sup class="call"><a role="doc-noteref" id="{escape(call)}" href="#note-{name}" '
        f'aria-label="{interface.NOTE_CALL.format(label=name)}">{name}</a></sup>'
    )


def _breakable(url: str) -> str:
    """A web address as HTML that may break before its slashes, underscores, hyphens and dots."""
    return re.sub(r"(?<=[^/:])(/|_|-|\.)", r"<wbr>\1", str(escape(url)))
