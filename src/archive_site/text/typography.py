"""French typography of a string of words, applied here and only here.

Spaces: a thin no-break space before `;`, `!`, `?` and inside « »; a no-break space before `:` and
units, and between an initial and its name. Edition files keep the spaces of the witness.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import accumulate
from operator import methodcaller

from archive_site.text import quotes
from archive_site.text.dates import MONTHS
from archive_site.text.document import is_french
from archive_site.text.republican import MONTHS as REPUBLICAN_MONTHS

NBSP, THIN = "\u00a0", "\u202f"
JOINER = "\u2060"  # a line may break between an en dash and a no-break space (UAX 14, LB12a)
HELD, DROPPED = "\ufdd0", "\ufdd1"  # noncharacters around a tag's number while text is set
_TAGS = f"(?:{HELD}\\d+{DROPPED})*"  # any number of them, between a word and its neighbour
_MONTH = "|".join((*MONTHS, *REPUBLICAN_MONTHS))
_UNITS = (
    "%|‰|°|ans?|francs?|roubles?|kopecks?|millions?|milliards?|kilomètres?|km|verstes?|pouds?"
    "|tonnes?|kg|heures?|pages?|membres|délégués|voix"
)
ROMAN = "X{1,3}(?:IX|IV|V?I{0,3})|IX|IV|VI{0,3}|I{1,3}"  # not “Le”, “Ce”, “De”
_S = f"[ {NBSP}{THIN}]"
# Looks back from a space: an abbreviation that must stay on one line with the next word.
_ABBREVIATED = "|".join(
    rf"(?<=\b{short}.)"
    for short in r"[pP]\. [pP]p\. [tT]\. [vV]ol\. [cC]hap\. [aA]rt\. [fF]ol\. M\. MM\. cf\.".split()
)
_CAPITAL = "[A-ZÀ-Ý]"
FIGURES = tuple("0123456789")
TAG = re.compile(f"({HELD}\\d+{DROPPED})")
ORDINAL = re.compile(rf"(?<![\w-])({ROMAN}|\d+)(er|re|e)(?!\w)")
UNBROKEN = re.compile(
    r"(?<![\w.])[A-Z](?:\.?[A-Z])*\.?\([a-z]\)(?:\.?[A-Z])+\.?|(?<![\w./-])\d{1,4}[-–]\d{1,4}(?![\w/-])"
)
"""An abbreviation with brackets, or a range of numbers: it stays on one line."""

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
    (
        _any(rf"\ban{_S}[\dIVX{HELD}]"),
        (_sub(rf"an{_S}(?<=\ban.)(?={_TAGS}(?:{ROMAN}|\d{{1,2}})(?!\w))", f"an{NBSP}"),),
    ),
    (
        _has("°"),
        (
            _sub(rf"°{_S}(?<=\b[nN]..)(?={_TAGS}\w)", f"°{NBSP}"),
            _sub(rf"(\d){_S}(?=[rv]°)", rf"\1{NBSP}"),
        ),
    ),
    (_has("§"), (_sub(rf"§{_S}(?=\d)", f"§{NBSP}"),)),
    (_has("os"), (_sub(rf"os{_S}(?<=\b[nN]os.)(?={_TAGS}\w)", f"os{NBSP}"),)),
    (
        _any(f"[IVX][er°{HELD}]"),
        (
            _sub(
                rf"(?<![\w-])((?:{ROMAN}){_TAGS}(?:e|er|re|°){_TAGS}){_S}(?={_TAGS}\w)",
                rf"\1{NBSP}",
            ),
        ),
    ),
)
_WHITE = re.compile(r"[ \t\n]+")
_VOWEL = re.compile("[AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŒ]", re.IGNORECASE)
_SPACED_DASH = re.compile(r"[-–—](?=[ ,.;])(?:(?<=\S .)|(?<=[,;]-)(?= ))")


@lru_cache(maxsize=2048)
def typeset(text: str, open_quotes: int = 0, language: str = "") -> str:
    """Plain text with French quotation marks, spaces, apostrophes and dashes; text in another
    `language` (BCP 47) is unchanged, but for its white space. `open_quotes` is the number of
    quotation marks that are open before it."""
    if language and not is_french(language):
        return _WHITE.sub(" ", text)
    text = _quotation_marks(text, open_quotes)
    for needed, changes in RULES:
        if needed(text):
            for change in changes:
                text = change(text)
    return _dashes(text)


def _quotation_marks(text: str, open_quotes: int) -> str:
    """`text` with French quotation marks. Tags between a mark and its neighbour are ignored."""
    if not quotes.has_marks(text):
        return text
    parts = TAG.split(text)  # words, tag, words, …
    words = parts[::2]
    starts = [0, *accumulate(map(len, words[:-1]))]  # where words begin in the text without tags
    tagged = [0, *accumulate(map(len, parts))][::2]  # where they begin in the text

    def place(at: int) -> int:
        """The index in the text of the character `at` of the text without tags."""
        part = bisect_right(starts, at) - 1
        return tagged[part] + at - starts[part]

    out, last = [], 0
    for setting in quotes.settings("".join(words), open_quotes):
        first, stop = place(setting.start), place(setting.end - 1) + 1
        tags = "".join(TAG.findall(text, first, stop))
        out += [
            text[last:first],
            *((setting.sign, tags) if setting.opens else (tags, setting.sign)),
        ]
        last = stop
    return "".join([*out, text[last:]])


def of(name: str) -> str:
    """A name after “de”: “de Lénine”, “d’Émile”."""
    return f"d’{name}" if _VOWEL.match(name) else f"de {name}"


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
