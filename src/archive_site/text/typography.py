"""Inlines → HTML. French typography is applied here and only here.

Spaces: a thin no-break space before `;`, `!`, `?` and inside « »; a no-break space before `:` and
units, and between an initial and its name. Edition files keep the spaces of the witness.

A browser that searches for “mot !”, typed with a plain space, finds a no-break space, but not a
thin one, nor text with a joiner in it. So pages have no-break spaces instead (`findable`), which
the stylesheet makes thin, or keeps on the line. Books and plain text have the characters
themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import accumulate, chain
from operator import methodcaller

from markupsafe import Markup, escape
from msgspec import structs

from archive_site import interface
from archive_site.text import quotes
from archive_site.text.dates import MONTHS
from archive_site.text.document import (
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
_TAGS = f"(?:{HELD}\\d+{DROPPED})*"  # any number of them, between a word and its neighbour

_MONTH = "|".join(MONTHS)
_UNITS = (
    "%|‰|°|ans?|francs?|roubles?|kopecks?|millions?|milliards?|kilomètres?|km|verstes?|pouds?"
    "|tonnes?|kg|heures?|pages?|membres|délégués|voix"
)
_ROMAN = "X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|VI{0,3}|I{1,3}"  # not “Le”, “Ce”, “De”
_S = f"[ {NBSP}{THIN}]"
# Looks back from a space: an abbreviation that must stay on one line with the next word.
_ABBREVIATED = "|".join(
    rf"(?<=\b{short}.)"
    for short in r"[pP]\. [pP]p\. [tT]\. [vV]ol\. [cC]hap\. [aA]rt\. M\. MM\. cf\.".split()
)
_CAPITAL = "[A-ZÀ-Ý]"
FIGURES = tuple("0123456789")

Change = Callable[[str], str]
"""A change that a rule makes to a text."""


def _has(sign: str, *others: str) -> Callable[[str], object]:
    if others:
        return lambda text: any(map(text.__contains__, (sign, *others)))
    return methodcaller("__contains__", sign)


def _any(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).search


def _sub(pattern: str, replacement: str) -> Change:
    return partial(re.compile(pattern).sub, replacement)


def _behind(space: str, sign: str) -> Change:
    """A change that replaces the spaces before each `sign` by `space`. It splits the text at the
    signs: a pattern that begins with spaces is tried at every word, and takes quadratic time on a
    long run of spaces."""
    cut = re.compile(f"({sign})").split

    def change(text: str) -> str:
        parts = cut(text)
        parts[:-1:2] = [words.rstrip(quotes.SPACES) + space for words in parts[:-1:2]]
        return "".join(parts)

    return change


_figure_before_space = _any(rf"\d(?:{_TAGS}|er){_S}")


def _counts(text: str) -> bool:
    """Whether a digit is followed by a space. Few texts with digits need the rules for them."""
    return any(map(text.__contains__, FIGURES)) and bool(_figure_before_space(text))


# (test, changes made if it is true), applied in this order to the whole text of a block. The tests
# make typography fast, because most rules have nothing to do in most texts. A pattern that begins
# with a character is several times faster than one that begins with a lookbehind.
RULES: tuple[tuple[Callable[[str], object], tuple[Change, ...]], ...] = (
    (_has("  ", "\t", "\n"), (_sub(r"[ \t\n]+", " "),)),
    (
        _has("'"),
        (
            _sub(rf"'(?<=\w.)(?=[\w«“\"{HELD}])", "’"),
            _sub(r"'(?<=[A-Za-zÀ-ÿ].)(?= |$)", "’"),
        ),
    ),
    (_has("..."), (_sub(r"(?<!\.)\.\.\.(?!\.)", "…"),)),
    (_has("«"), (_sub(rf"«{_S}*", f"«{THIN}"),)),
    (_has("»"), (_behind(THIN, "»"),)),
    (
        _has(";", "!", "?"),
        (
            _behind(THIN, rf"[;!?](?=[\s»”\")\]’.;,!?…{HELD}{DROPPED}]|$)"),
            _sub(rf"{THIN}(?<=[!?(«“\"…]{THIN})(?=[!?])", ""),
        ),
    ),
    (_has(":"), (_behind(NBSP, rf":(?=[\s«\"“{HELD}{DROPPED}]|$)"),)),
    (_has("%"), (_sub(rf"(\d){_S}?%", rf"\1{NBSP}%"),)),
    (
        _counts,
        (
            _sub(rf"(\d)(?<!\d{{4}}){_S}(?=\d{{3}}(?!\d))", rf"\1{THIN}"),
            _sub(rf"(\d{_TAGS}){_S}(?={_TAGS}(?:{_UNITS})(?!\w))", rf"\1{NBSP}"),
            _sub(
                rf"(\d(?<!\d{{3}})(?:{_TAGS}|(?<=1)(?<!\d1)er)){_S}(?={_TAGS}(?:{_MONTH})(?!\w))",
                rf"\1{NBSP}",
            ),
        ),
    ),
    (
        _has("."),
        (
            _sub(
                rf"\.{_S}(?:(?<=(?<![\w.]){_CAPITAL}..)|(?<=(?<![\w.]){_CAPITAL}\.-{_CAPITAL}..))"
                rf"(?={_TAGS}{_CAPITAL})",
                f".{NBSP}",
            ),
            _sub(rf"\.{_S}(?<=[pPtTlMf]..)(?:{_ABBREVIATED})(?={_TAGS}\w)", f".{NBSP}"),
        ),
    ),
    (_has("°"), (_sub(rf"°{_S}(?<=\b[nN]..)(?={_TAGS}\w)", f"°{NBSP}"),)),
    (_has("os"), (_sub(rf"os{_S}(?<=\b[nN]os.)(?={_TAGS}\w)", f"os{NBSP}"),)),
    (
        _any(f"[IVX][er°{HELD}]"),
        (
            _sub(
                rf"(?<![\w-])((?:{_ROMAN}){_TAGS}(?:e|er|re|°){_TAGS}){_S}(?={_TAGS}\w)",
                rf"\1{NBSP}",
            ),
        ),
    ),
)
_SPACED_DASH = re.compile(r"[-–—](?=[ ,.;])(?:(?<=\S .)|(?<=[,;]-)(?= ))")
_TAG = re.compile(f"({HELD}\\d+{DROPPED})")
ORDINAL = re.compile(rf"(?<![\w-])({_ROMAN}|\d+)(er|re|e)(?!\w)")
# In HTML: a roman ordinal, shown in small capitals; an abbreviation with brackets, or a range of
# numbers, kept on one line.
_ROMAN_ORDINAL = re.compile(rf"<[^>]*>|(?<![\w-])({_ROMAN})(?=<sup>(?:er|re|e)</sup>|°)")
UNBROKEN = re.compile(
    r"(?<![\w.])[A-Z](?:\.?[A-Z])*\.?\([a-z]\)(?:\.?[A-Z])+\.?|(?<![\w./-])\d{1,4}[-–]\d{1,4}(?![\w/-])"
)
# Quick tests for these patterns, which are many times slower.
_like_an_ordinal = _any(r"[IVX\d](?:er?|re)(?!\w)")
_like_a_roman_ordinal = _any(r"[IVX](?:<sup>|°)")
_like_a_bracket = _any(r"\([a-z]\)")
_like_a_range = _any(r"[-–]\d")
# The replacement of each space that a search for a plain space does not find, and the elements in
# which an element may not replace it.
_NOT_FOUND = dict.fromkeys((THIN, "&#8239;"), f'<span class="thin">{NBSP}</span>') | {
    f"{dash}{JOINER}{NBSP}": f'<span class="unbroken">{dash}{NBSP}</span>' for dash in "–—"
}
_WORDS_ALONE = ("<script", "<style", "<title", "<option", "<textarea", "<text")


@lru_cache(maxsize=2048)
def typeset(text: str, already: int = 0) -> str:
    """Plain text with French quotation marks, spaces, apostrophes and dashes. `already` is the
    number of quotation marks that are open before it."""
    text = _quotation_marks(text, already)
    for needed, changes in RULES:
        if needed(text):
            for change in changes:
                text = change(text)
    return _dashes(text)


def _quotation_marks(text: str, already: int) -> str:
    """`text` with French quotation marks. Tags between a mark and its neighbour are ignored."""
    if not quotes.has_marks(text):
        return text
    parts = _TAG.split(text)  # words, tag, words, …
    words = parts[::2]
    starts = [0, *accumulate(map(len, words[:-1]))]  # where words begin in the text without tags
    tagged = [0, *accumulate(map(len, parts))][::2]  # where they begin in the text

    def place(at: int) -> int:
        """The index in the text of the character `at` of the text without tags."""
        part = bisect_right(starts, at) - 1
        return tagged[part] + at - starts[part]

    out, last = [], 0
    for setting in quotes.settings("".join(words), already):
        first, stop = place(setting.start), place(setting.end - 1) + 1
        tags = "".join(_TAG.findall(text, first, stop))
        out += [
            text[last:first],
            *((setting.sign, tags) if setting.opens else (tags, setting.sign)),
        ]
        last = stop
    return "".join([*out, text[last:]])


def thousands(number: int) -> str:
    """A number with its digits grouped as in French."""
    return f"{number:,}".replace(",", THIN)


def agreed(number: int, one: str, many: str = "") -> str:
    """The noun for `number` things: `one` for a number below two, as in French, else `many`, which
    is `one` with an s by default."""
    return one if number < 2 else many or f"{one}s"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: “0 mot”, “1 mot”, “2 mots”."""
    return f"{thousands(number)}{NBSP}{agreed(number, one, many)}"


def _dashes(text: str) -> str:
    """`text` with spaced hyphens as dashes. A dash that opens an aside stays with the next word,
    and one that closes it with the previous word, as do dashes that do not pair."""
    places = list(_SPACED_DASH.finditer(text))
    if not places:
        return text
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


# ---------------------------------------------------------------- a block, typeset as a whole


class Setter:
    """Typesets the words of a block as one text, whatever markup is between them: each piece of
    markup is replaced by a number (`hold`) meanwhile. The subclass for a format defines its
    markup."""

    __slots__ = ()
    source = False
    """Whether to show the spelling of the witness, without French typography."""

    def mark(self, inline: Inline, tags: list[str]) -> str:
        """The words of an inline, with a placeholder (`hold`) for each piece of its markup."""
        raise NotImplementedError

    def words(self, text: str) -> str:
        """Typeset words, escaped as the format requires."""
        raise NotImplementedError

    def set(self, content: Inlines, already: int = 0) -> str:
        """`content` in the format, typeset as a whole. `already` is the number of quotation marks
        that are open before it."""
        tags: list[str] = []
        text = self.joined(content, tags)
        set_words = text if self.source else typeset(text, already)
        if not tags:
            return self.words(set_words)
        parts = _TAG.split(set_words)  # words, tag, words, …
        parts[::2] = map(self.words, parts[::2])
        parts[1::2] = (tags[int(tag[1:-1])] for tag in parts[1::2])
        return "".join(parts)

    def joined(self, content: Inlines, tags: list[str]) -> str:
        """The inlines, joined; there is no space before a note call."""
        parts: list[str] = []
        for inline in content:
            if isinstance(inline, NoteCall):
                _strip_end(parts)
            parts.append(self.mark(inline, tags))
        return "".join(parts)

    def around(self, content: Inlines, opening: str, closing: str, tags: list[str]) -> str:
        """`content` between two pieces of markup."""
        inner = self.joined(content, tags)
        return hold(tags, opening) + inner + hold(tags, closing)


def _strip_end(parts: list[str]) -> None:
    """Remove, in place, the spaces at the end of the text that `parts` form together."""
    while parts:
        words = parts.pop().rstrip(" ")
        if words:
            parts.append(words)
            return


def hold(tags: list[str], mark: str) -> str:
    """A placeholder for the markup `mark` while words are typeset; appends `mark` to `tags`."""
    tags.append(mark)
    return f"{HELD}{len(tags) - 1}{DROPPED}"


def unheld(words: str) -> str:
    """`words` without the characters that delimit placeholders."""
    return words.replace(HELD, "").replace(DROPPED, "")


# ---------------------------------------------------------------- HTML


@dataclass(slots=True)
class Renderer(Setter):
    """Turns the inlines of one page into HTML.

    `href` returns the address of a link's target; `corrections` is the address of the page that
    lists the emendations; `source` shows the witness's spelling and typing; `names` returns the
    address of the entry of a name, by key. `doubts` collects the id and the reason of each doubt,
    in order; `emended` counts the emendations, so that ids are unique; `pages` collects the page
    numbers of the original by id, in order."""

    href: Callable[[str], str]
    corrections: str = ""
    source: bool = False
    names: Callable[[str], str] | None = None
    emended: int = 0
    doubts: list[tuple[str, str]] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)

    def html(self, content: Inlines, already: int = 0) -> Markup:
        """`content` as HTML, typeset as a whole. `already` is the number of quotation marks that
        are open before it."""
        html = self.set(content, already)
        return Markup(html) if self.source else _ordinals(html)

    def plain(self, content: Inlines) -> Markup:
        """`content` as HTML for a table of contents, without calls, links and editorial marks."""
        return self.html(_plain(content))

    def words(self, text: str) -> str:
        """Words as HTML, with the letters of ordinals raised unless `source`."""
        return str(escape(text)) if self.source else _raised(text)

    def mark(self, inline: Inline, tags: list[str]) -> str:  # noqa: C901  # a table
        """The words of an inline, with placeholders for its tags."""
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
        """The words as a link to their line in the list of emendations, labelled with the other
        form."""
        self.emended += 1
        words = emendation.witness if self.source else emendation.reading
        says = other_form(emendation, self.source)
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

    def _page_break(self, number: str) -> str:
        bare = number.strip("[]")
        page_id = f"page-{bare}" if bare else ""
        unique = bool(page_id) and page_id not in self.pages
        if unique:
            self.pages[page_id] = bare
        id_attribute = f' id="{escape(page_id)}"' if unique else ""
        label = interface.ORIGINAL_PAGE.format(number=bare) if bare else interface.NEW_PAGE
        return (
            f'<span class="page-break" role="doc-pagebreak"{id_attribute} '
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
            case LineBreak():
                plain.append(Text(" "))
            case Emphasis(inner):
                plain.append(structs.replace(inline, content=_plain(inner)))
            case Name(inner) | Link(inner) | Doubt(inner) | StageDirection(inner):
                plain += _plain(inner)
    return tuple(plain)


def other_form(emendation: Emendation, source: bool = False) -> str:
    """The label of an emended word, with the form that is not shown: the witness's or, if the
    witness's spelling is shown (`source`), the edition's."""
    other = emendation.reading if source else emendation.witness
    if not other:
        return interface.DELETED_IN_EDITION if source else interface.ADDED_IN_EDITION
    return (interface.READ_AS if source else interface.SOURCE_HAS).format(words=other)


@lru_cache(maxsize=4096, typed=True)  # typed: words that are HTML already stay so
def raised(text: str) -> Markup:
    """`text` as HTML with the letters of its ordinals raised: “XIe” → “XI<sup>e</sup>”."""
    return _ordinals(_raised(text))


def findable(html: str) -> str:
    """A page, or a part of one, in which thin spaces, and the joiners after dashes, are replaced by
    elements with a no-break space, which a search for a plain space finds. Tags, and elements that
    cannot contain others (`_WORDS_ALONE`), are unchanged."""
    out, done, seen = [], 0, 0
    tag, closed = 0, True  # the last tag that begins before the space, and whether it has ended
    for at, space in sorted(chain.from_iterable(_places(sign, html) for sign in _NOT_FOUND)):
        if (latest := html.rfind("<", seen, at)) >= 0:
            tag, closed = latest, False
        closed = closed or html.find(">", max(tag, seen), at) >= 0
        seen = at
        if not closed or html.startswith(_WORDS_ALONE, tag):
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


def note_call(label: str) -> str:
    """The link that calls a note."""
    name = escape(label)
    return (
        f'<sup class="call"><a role="doc-noteref" id="appel-{name}" href="#note-{name}" '
        f'aria-label="note {name}">{name}</a></sup>'
    )


def _breakable(url: str) -> str:
    """A web address as HTML that may break before its slashes, underscores, hyphens and dots."""
    return re.sub(r"(?<=[^/:])(/|_|-|\.)", r"<wbr>\1", str(escape(url)))
