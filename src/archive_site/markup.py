"""Inlines → HTML. French typography happens here and only here.

Spaces: the thin no-break one before `;`, `!`, `?`, inside « »; the no-break one before `:`,
units and between an initial and its name. The file keeps the witness's typing, the page is set.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from markupsafe import Markup, escape

from archive_site import quotes
from archive_site.dates import MONTHS
from archive_site.document import (
    Doubt,
    Emendation,
    Emphasis,
    Gap,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    NoteCall,
    PageBreak,
    StageDirection,
    Superscript,
    Text,
)

NBSP, THIN = "\u00a0", "\u202f"
JOINER = "\u2060"  # a line may break between an en dash and a no-break space (UAX 14, LB12a)
HELD, DROPPED = "\ufdd0", "\ufdd1"  # noncharacters around a tag's number while text is set
_TAGS = f"(?:{HELD}\\d+{DROPPED})*"  # none or some, between a word and its neighbour

_MONTH = "|".join(MONTHS)
_UNITS = (
    "%|‰|°|ans?|francs?|roubles?|kopecks?|millions?|milliards?|kilomètres?|km|verstes?|pouds?"
    "|tonnes?|kg|heures?|pages?|membres|délégués|voix"
)
_ROMAN = "X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|VI{0,3}|I{1,3}"  # not “Le”, “Ce”, “De”
_S = f"[ {NBSP}{THIN}]"
# Behind a space: the abbreviation that it must not part from what follows.
_ABBREVIATED = "|".join(
    rf"(?<=\b{short}.)"
    for short in r"[nN]° [pP]\. [pP]p\. [tT]\. [vV]ol\. [cC]hap\. [aA]rt\. M\. MM\. cf\.".split()
)
FIGURES = tuple("0123456789")

# (signs of which the text must have one, what is looked for, what stands instead): applied in this
# order to a block's whole text. A pattern that begins with a character, not with what stands before
# it, is found several times faster.
RULES: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = tuple(
    (signs, re.compile(pattern), replacement)
    for signs, pattern, replacement in (
        (("  ", "\t", "\n"), r"[ \t\n]+", " "),
        (("'",), rf"'(?<=\w.)(?=[\w«“\"{HELD}])", "’"),
        (("'",), r"'(?<=[A-Za-zÀ-ÿ].)(?= |$)", "’"),
        (("...",), r"(?<!\.)\.\.\.(?!\.)", "…"),
        (("«",), rf"«{_S}*", f"«{THIN}"),
        (("»",), rf"{_S}*»", f"{THIN}»"),
        (
            (";", "!", "?"),
            rf"{_S}*([;!?])(?=[\s»”\")\]’.;,!?…{HELD}{DROPPED}]|$)",
            rf"{THIN}\1",
        ),
        (("!", "?"), rf"{THIN}(?<=[!?]{THIN})(?=[!?])", ""),
        (("!", "?"), rf"{THIN}(?<=[(«“\"…]{THIN})(?=[!?])", ""),
        ((":",), rf"{_S}*:(?=[\s«\"“{HELD}{DROPPED}]|$)", f"{NBSP}:"),
        (FIGURES, rf"(\d{{1,3}})(?<!\d\d{{3}}){_S}(\d{{3}})(?!\d)", rf"\1{THIN}\2"),
        (FIGURES, rf"{_S}(?<={THIN}\d{{3}}.)(\d{{3}})(?!\d)", rf"{THIN}\1"),
        (("%",), rf"(\d){_S}?%", rf"\1{NBSP}%"),
        (FIGURES, rf"(\d{_TAGS}){_S}(?={_TAGS}(?:{_UNITS})(?!\w))", rf"\1{NBSP}"),
        (
            FIGURES,
            rf"(\d(?<!\d{{3}})(?:{_TAGS}|(?<=1)(?<!\d1)er)){_S}(?={_TAGS}(?:{_MONTH})(?!\w))",
            rf"\1{NBSP}",
        ),
        ((".", "°"), rf"([.°]){_S}(?:{_ABBREVIATED})(?={_TAGS}\w)", rf"\1{NBSP}"),
        (("nos", "Nos"), rf"os{_S}(?<=\b[nN]os.)(?={_TAGS}\w)", f"os{NBSP}"),
        (
            (".",),
            rf"([A-ZÀ-Ý](?<![\w.].)\.(?:-[A-ZÀ-Ý]\.)?){_S}(?={_TAGS}[A-ZÀ-Ý])",
            rf"\1{NBSP}",
        ),
        (
            (HELD, "Ie", "Ir", "Ve", "Vr", "Xe", "Xr", "I°", "V°", "X°"),
            rf"(?<![\w-])((?:{_ROMAN}){_TAGS}(?:e|er|re|°){_TAGS}){_S}(?={_TAGS}\w)",
            rf"\1{NBSP}",
        ),
    )
)
_SPACED_DASH = re.compile(r"[-–—](?:(?<=\S .)(?=[ ,.;])|(?<=[,;]-)(?= ))")
ORDINAL = re.compile(rf"(?<![\w-])({_ROMAN}|\d+)(er|re|e)(?!\w)")
# In HTML: a roman ordinal, set in small capitals; an abbreviation with a bracket, or a range of
# figures, held on a line.
_ROMAN_ORDINAL = re.compile(rf"<[^>]*>|(?<![\w-])({_ROMAN})(?=<sup>(?:er|re|e)</sup>|°)")
UNBROKEN = re.compile(
    r"(?<![\w.])[A-Z](?:\.?[A-Z])*\.?\([a-z]\)(?:\.?[A-Z])+\.?|(?<![\w./-])\d{1,4}[-–]\d{1,4}(?![\w/-])"
)


@lru_cache(maxsize=8192)
def typeset(text: str, already: int = 0) -> str:
    """Plain text with French quotation marks, spaces, apostrophes and dashes; `already` so many
    quotation marks are open."""
    text = _quotation_marks(text, already)
    for signs, pattern, replacement in RULES:
        if any(sign in text for sign in signs):
            text = pattern.sub(replacement, text)
    return _dashes(text)


def _quotation_marks(text: str, already: int) -> str:
    """French quotation marks; a tag between a mark and its neighbour hides neither."""
    bare, at = "", 0
    places: list[int] = []
    for part in re.split(f"({HELD}\\d+{DROPPED})", text):
        if not part.startswith(HELD):
            bare += part
            places += range(at, at + len(part))
        at += len(part)
    out, last = [], 0
    for setting in quotes.settings(bare, already):
        first, stop = places[setting.start], places[setting.end - 1] + 1
        tags = "".join(re.findall(f"{HELD}\\d+{DROPPED}", text[first:stop]))
        out += [
            text[last:first],
            *((setting.sign, tags) if setting.opens else (tags, setting.sign)),
        ]
        last = stop
    return "".join([*out, text[last:]])


def thousands(number: int) -> str:
    """A number as French groups its figures."""
    return f"{number:,}".replace(",", THIN)


def _dashes(text: str) -> str:
    """Spaced hyphens as dashes; no dash that opens an aside ends a line, none that closes one
    begins it. Dashes that do not pair hold to the word before."""
    places = list(_SPACED_DASH.finditer(text))
    paired = len(places) % 2 == 0
    out, at = [], 0
    for n, place in enumerate(places):
        opens = paired and n % 2 == 0
        dash = "—" if place[0] == "—" else "–"
        out += [text[at : place.start()].removesuffix(" "), " " if opens else NBSP, dash]
        at = place.end()
        if opens and text[at : at + 1] == " ":
            out.append(JOINER + NBSP)
            at += 1
    return "".join([*out, text[at:]])


# ---------------------------------------------------------------- a block, set as a whole


class Setter:
    """Sets the words of a block as one text, whatever marks stand between them: each mark is held
    as a number while typography passes over the words. A format says what its marks are."""

    __slots__ = ()
    source = False
    """Whether words stand as the witness has them: no typography, its own spelling."""

    def mark(self, inline: Inline, tags: list[str]) -> str:
        """An inline as its words and, held (`hold`), its marks."""
        raise NotImplementedError

    def words(self, text: str) -> str:
        """Words that are set, escaped as the format wants it."""
        raise NotImplementedError

    def set(self, content: Inlines, already: int = 0) -> str:
        """`content` in the format, typeset as a whole; `already` so many quotation marks are
        open."""
        tags: list[str] = []
        text = self.joined(content, tags)
        set_words = text if self.source else typeset(text, already)
        parts = re.split(f"({HELD}\\d+{DROPPED})", set_words)
        return "".join(
            tags[int(part[1:-1])] if part.startswith(HELD) else self.words(part) for part in parts
        )

    def joined(self, content: Inlines, tags: list[str]) -> str:
        """The inlines in turn; a note call hangs on the word before it, without a space."""
        text = ""
        for inline in content:
            text = text.rstrip(" ") if isinstance(inline, NoteCall) else text
            text += self.mark(inline, tags)
        return text

    def around(self, content: Inlines, opening: str, closing: str, tags: list[str]) -> str:
        """`content` between two marks."""
        inner = self.joined(content, tags)
        return hold(tags, opening) + inner + hold(tags, closing)


def hold(tags: list[str], mark: str) -> str:
    """What stands for `mark` while words are set."""
    tags.append(mark)
    return f"{HELD}{len(tags) - 1}{DROPPED}"


def unheld(words: str) -> str:
    """Words of a text without the characters that hold marks."""
    return words.replace(HELD, "").replace(DROPPED, "")


# ---------------------------------------------------------------- HTML


@dataclass(slots=True)
class Renderer(Setter):
    """Turns the inlines of one page into HTML. `href` gives a link's address, `corrections` that
    of the page that lists the emendations; `source` shows the witness's spelling and typing;
    `names` gives the address of a name's entry, by key.
    `doubts` gathers what the editor left open, in order; `emended` counts the emendations, so that
    ids stay unique; `pages` has the original's pages by id, in order."""

    href: Callable[[str], str]
    corrections: str = ""
    source: bool = False
    names: Callable[[str], str] | None = None
    emended: int = 0
    doubts: list[tuple[str, str]] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)

    def html(self, content: Inlines, already: int = 0) -> Markup:
        """`content` as HTML, typeset as a whole; `already` so many quotation marks are open."""
        html = self.set(content, already)
        return Markup(html) if self.source else _ordinals(html)

    def plain(self, content: Inlines) -> Markup:
        """`content` as HTML without calls, marks and links: for a contents list."""
        return self.html(_plain(content))

    def words(self, text: str) -> str:
        """Words as HTML; the letters of ordinals are raised."""
        return str(escape(text)) if self.source else _raised(text)

    def mark(self, inline: Inline, tags: list[str]) -> str:
        """An inline as its words and its tags."""
        match inline:
            case Text(text):
                return unheld(text)
            case Superscript(text):
                return self._around((Text(text),), "sup", "", tags)
            case LineBreak():
                return hold(tags, "<br>")
            case Emphasis(content, strong):
                return self._around(content, "strong" if strong else "em", "", tags)
            case StageDirection(content):
                return self._around(content, "i", ' class="stage"', tags)
            case NoteCall(label):
                return hold(tags, note_call(label))
            case PageBreak(number):
                return hold(tags, self._page_break(number))
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

    def _emendation(self, emendation: Emendation, tags: list[str]) -> str:
        """The words, leading to their line among the emendations, with the other form at hand."""
        self.emended += 1
        words = emendation.witness if self.source else emendation.reading
        says = other_form(emendation, self.source)
        name = f"{words or 'mot supprimé'} ({says})"
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

    def _page_break(self, number: str) -> str:
        bare = number.strip("[]")
        page_id = f"page-{bare}" if bare else ""
        unique = bool(page_id) and page_id not in self.pages
        if unique:
            self.pages[page_id] = bare
        id_attribute = f' id="{escape(page_id)}"' if unique else ""
        label = f"page {bare} de l’original" if bare else "nouvelle page de l’original"
        return (
            f'<span class="page-break" role="doc-pagebreak"{id_attribute} '
            f'title="{escape(label)}" data-page="{escape(number)}"></span>'
        )

    def _doubt(self, why: str) -> str:
        n = len(self.doubts) + 1
        self.doubts.append((f"remarque-{n}", why))
        return (
            f'<sup class="remark-call"><a id="doute-{n}" href="#remarque-{n}" '
            f'aria-label="remarque {n} de l’éditeur">[?]</a></sup>'
        )


def _plain(content: Inlines) -> Inlines:
    plain: list[Inline] = []
    for inline in content:
        match inline:
            case Text() | Superscript():
                plain.append(inline)
            case Emendation(reading):
                plain.append(Text(reading))
            case LineBreak():
                plain.append(Text(" "))
            case Emphasis(inner):
                plain.append(replace(inline, content=_plain(inner)))
            case Name(inner) | Link(inner) | Doubt(inner) | StageDirection(inner):
                plain += _plain(inner)
    return tuple(plain)


def other_form(emendation: Emendation, source: bool = False) -> str:
    """What is said, beside an emended word, of the form that does not stand there: the witness's,
    or, where its own spelling is shown (`source`), the edition's."""
    other = emendation.reading if source else emendation.witness
    if not other:
        return "supprimé dans l’édition" if source else "ajouté : rien dans la source"
    return f"lu : « {other} »" if source else f"la source porte : « {other} »"


def raised(text: str) -> Markup:
    """`text` as HTML with the letters of its ordinals raised: “XIe” → “XI<sup>e</sup>”."""
    return _ordinals(_raised(text))


def _raised(text: str) -> str:
    html = ORDINAL.sub(r"\1<sup>\2</sup>", str(escape(text)))
    return UNBROKEN.sub(r'<span class="unbroken">\g<0></span>', html)


def _ordinals(html: str) -> Markup:
    """`html` with the figures of its roman ordinals marked, wherever their letters come from."""

    def marked(found: re.Match[str]) -> str:
        return f'<span class="ordinal">{found[1]}</span>' if found[1] else found[0]

    return Markup(_ROMAN_ORDINAL.sub(marked, html))


def note_call(label: str) -> str:
    """The link that calls a note."""
    name = escape(label)
    return (
        f'<sup class="call"><a role="doc-noteref" id="appel-{name}" href="#note-{name}" '
        f'aria-label="note {name}">{name}</a></sup>'
    )


def _breakable(url: str) -> str:
    """An address that may break after its slashes."""
    return re.sub(r"(?<=[^/:])(/|_|-|\.)", r"<wbr>\1", str(escape(url)))
