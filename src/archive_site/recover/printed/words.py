"""The words of a block: its lines joined, with what is emphasised, raised or called in them, and
where pages begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from archive_site import interface
from archive_site.recover.printed.labels import Call
from archive_site.recover.printed.lines import SetLine
from archive_site.text.document import (
    CellBreak,
    Doubt,
    Emendation,
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    NoteCall,
    PageBreak,
    SmallCaps,
    Superscript,
    Text,
)
from archive_site.text.lexicon import is_word, join_hyphen
from archive_site.text.reading import merged
from archive_site.witness.printed import GAP

SOFT = "\u00ad"
HYPHENS = f"-{SOFT}\u2010¬"
_WORD = re.compile(rf"[^\W\d_]+(?:-[^\W\d_]+)*[{HYPHENS}]?")
_RAISED = re.compile(r"\w{1,8}")
"""Raised characters that the edition marks as such."""
_CLOSING = frozenset(",;:.!?…)]»”’'")
"""Characters that emphasis does not begin with."""


@dataclass(frozen=True, slots=True)
class CharStyle:
    """How characters are set, besides what the whole block is."""

    italic: bool = False
    bold: bool = False
    small_caps: bool = False
    raised: bool = False


ROMAN = CharStyle()


@dataclass(frozen=True, slots=True)
class Token:
    """A character and its style, or something that stands between characters (`mark`). `doubt` says
    why it is not sure; `confidence`, how sure OCR is of its word."""

    text: str
    style: CharStyle = ROMAN
    mark: Inline | None = None
    doubt: str = ""
    confidence: float = 1.0


def vocabulary(lines: Iterable[SetLine]) -> Counter[str]:
    """How often lines have each word, in lower case. Words cut by a hyphen are left out."""
    counts: Counter[str] = Counter()
    for line in lines:
        words = _WORD.findall(line.text.casefold())
        counts.update(word for word in words if word[-1] not in HYPHENS)
    return counts


def tokens_of(
    line: SetLine, calls: Mapping[Call, str], flat: bool = False, plain: bool = False
) -> list[Token]:
    """The characters of a line. `calls` has the names of the notes that it calls, empty if there is
    no such note: then the word with its call has a doubt. `flat`: emphasis is not marked; `plain`:
    what is raised is not marked either."""
    starts = {call.start: (call.end, name) for call, name in calls.items()}
    manners = {call.start: call.manner for call in calls}
    tokens: list[Token] = []
    past, doubt = 0, ""
    for at, (char, style, sure) in enumerate(_characters(line, flat)):
        doubt = doubt if at < past else ""
        if at in starts:
            past, name = starts[at]
            doubt = "" if name else interface.LOST_CALL
            if name and manners[at] == "misread":
                tokens.append(misread(line.text[at:past], interface.CALL_MISREAD))
            tokens += [Token("", mark=NoteCall(name))] if name else []
            if doubt:
                begins = len(tokens) - len(_last_word(tokens))
                tokens[begins:] = [replace(token, doubt=doubt) for token in tokens[begins:]]
        if at >= past or doubt:
            kind = ROMAN if plain else style
            tokens.append(Token(char, kind, doubt=doubt, confidence=sure))
    return _stripped(tokens)


def misread(sign: str, why: str) -> Token:
    """What OCR has read instead of a label or a call, as the witness has it."""
    return Token("", mark=Emendation("", sign, why))


def _characters(line: SetLine, flat: bool) -> Iterator[tuple[str, CharStyle, float]]:
    for n, cell in enumerate(line.cells):
        yield from ((char, ROMAN, 1.0) for char in (GAP if n else ""))
        for span in cell:
            kind = span.type
            style = CharStyle(raised=kind.raised)
            if not flat:
                style = CharStyle(kind.italic, kind.bold, kind.small_caps, kind.raised)
            yield from ((char, style, span.confidence) for char in span.text)


def _stripped(tokens: list[Token]) -> list[Token]:
    first, last = 0, len(tokens)
    while first < last and tokens[first].text.isspace():
        first += 1
    while last > first and tokens[last - 1].text.isspace():
        last -= 1
    return tokens[first:last]


# ---------------------------------------------------------------- lines joined


@dataclass(slots=True)
class Joiner:
    """Joins lines to running text. `words` has the vocabulary of the witness, `folios` those of its
    pages, `page` the page that the text has reached."""

    words: Counter[str]
    folios: Mapping[int, str]
    page: int = 1

    def prose(
        self, lines: Iterable[tuple[SetLine, list[Token]]], keep: bool = False
    ) -> list[Token]:
        """Lines as one, with words that a hyphen cuts joined; `keep`: with that hyphen."""
        done: list[Token] = []
        for line, tokens in lines:
            if tokens:
                self._append(done, self._page_break(line), tokens, keep)
        return with_unsure(done, self.words)

    def verse(self, lines: Iterable[tuple[SetLine, list[Token]]]) -> list[Token]:
        """Lines with their ends."""
        done: list[Token] = []
        for line, tokens in lines:
            end = [Token("", mark=LineBreak())] if done else []
            done += [*end, *self._page_break(line), *tokens]
        return with_unsure(done, self.words)

    def rows(self, rows: Iterable[tuple[SetLine, Sequence[list[Token]]]]) -> list[Token]:
        """Rows of cells, with the ends of cells and rows."""
        done: list[Token] = []
        for line, cells in rows:
            end = [Token("", mark=LineBreak())] if done else []
            done += [*end, *self._page_break(line)]
            for n, cell in enumerate(cells):
                done += [*([Token("", mark=CellBreak())] if n else []), *cell]
        return with_unsure(done, self.words)

    def _page_break(self, line: SetLine) -> list[Token]:
        if line.page <= self.page:
            return []
        self.page = line.page
        return [Token("", mark=PageBreak(self.folios.get(line.page, f"[{line.page}]")))]

    def _append(
        self, done: list[Token], mark: list[Token], tokens: list[Token], keep: bool
    ) -> None:
        last, first = _last_word(done), _first_word(tokens)
        stem = last.rstrip(HYPHENS)
        cut = bool(stem) and stem != last
        if cut and (keep or (stem[-1].isdigit() and first[:1].isdigit())):
            done += mark + tokens
        elif cut and stem[-1].isalpha() and first:
            joined, sure = stem + first, True
            if last[-1] != SOFT or last[-2] in HYPHENS:
                joined, sure = join_hyphen(f"{stem}-", first, self.words)
            hyphen = _remove_hyphens(done)
            if joined != stem + first:
                done.append(Token("-", hyphen.style))
            if not sure and not mark:
                head = len(joined) - len(first)
                done[-head:] = map(_unsure, done[-head:])
                tokens = [*map(_unsure, tokens[: len(first)]), *tokens[len(first) :]]
            done += mark + tokens
        else:
            done += [*([Token(" ")] if done else []), *mark, *tokens]


def _unsure(token: Token) -> Token:
    return replace(token, doubt=interface.HYPHEN_DOUBT)


def _remove_hyphens(tokens: list[Token]) -> Token:
    """Remove the hyphens at the end of tokens. Returns the last of them."""
    last = tokens[-1]
    while tokens and tokens[-1].text and tokens[-1].text in HYPHENS:
        last = tokens.pop()
    return last


def _last_word(tokens: Sequence[Token]) -> str:
    """The characters at the end, from the last space or mark."""
    word = ""
    for token in reversed(tokens):
        if token.mark is not None or token.text.isspace():
            break
        word = token.text + word
    return word


def _first_word(tokens: Sequence[Token]) -> str:
    word = ""
    for token in tokens:
        if token.mark is not None or token.text.isspace():
            break
        word += token.text
    return word


# ---------------------------------------------------------------- what OCR is not sure of

UNSURE = 0.8
"""OCR is not sure of a word if it says less, and no lexicon has it. Of 19,000 words of ten scans,
128 were such, and 55 of these misread; of 740 that the lexicon has, 10 were."""
MANY_UNSURE, POOR = 4, 0.25
"""A block is poorly read as a whole if so many of its words, and this share, are not sure."""


def with_unsure(tokens: list[Token], words: Counter[str]) -> list[Token]:
    """Tokens with a doubt on each word that OCR is not sure of, or on the first of them, if they
    are many. `words` has the vocabulary of the witness: what it has often is a name."""
    starts = [n for n, token in enumerate(tokens) if _is_within(token)]
    ends = [n for n in starts if n + 1 == len(tokens) or not _is_within(tokens[n + 1])]
    firsts = [n for n in starts if n == 0 or not _is_within(tokens[n - 1])]
    places = list(zip(firsts, ends, strict=True))
    unsure = [(a, b) for a, b in places if _is_unsure(tokens[a : b + 1], words)]
    poor = len(unsure) >= MANY_UNSURE and len(unsure) >= POOR * len(places)
    why = interface.OCR_POOR.format(n=len(unsure)) if poor else interface.OCR_UNSURE
    doubted_ = list(tokens)
    for first, last in unsure[: 1 if poor else None]:
        for n in range(first, last + 1):
            doubted_[n] = replace(tokens[n], doubt=tokens[n].doubt or why)
    return doubted_


def _is_within(token: Token) -> bool:
    """Whether a token is a character of a word."""
    return token.mark is None and not token.text.isspace()


def _is_unsure(word: Sequence[Token], words: Counter[str]) -> bool:
    if min(token.confidence for token in word) >= UNSURE:
        return False
    parts = re.findall(r"[^\W\d_]{2,}", "".join(token.text for token in word))
    return any(not is_word(part) and words[part.casefold()] <= OFTEN for part in parts)


# ---------------------------------------------------------------- inlines


def inlines_of(tokens: Sequence[Token]) -> Inlines:
    """Tokens as inlines."""
    out: list[Inline] = []
    for doubt, doubted_ in groupby(_settled(tokens), key=lambda token: token.doubt):
        inlines: list[Inline] = []
        for style, group in groupby(doubted_, key=lambda token: token.style):
            inlines += _styled(style, list(group))
        out += [Doubt(merged(inlines), doubt)] if doubt else inlines
    return merged(out)


def _settled(tokens: Sequence[Token]) -> list[Token]:
    """Tokens without soft hyphens. Spaces and marks are emphasised only between characters that
    are; closing marks are only after some that are."""
    kept = [token for token in tokens if token.text != SOFT]
    after = [ROMAN] * len(kept)
    style = ROMAN
    for n in range(len(kept) - 1, -1, -1):
        after[n] = style
        if kept[n].mark is None and not kept[n].text.isspace():
            style = kept[n].style
    settled: list[Token] = []
    style = ROMAN
    for token, following in zip(kept, after, strict=True):
        if token.mark is not None or token.text.isspace():
            within = style == following and not style.raised
            breaks = isinstance(token.mark, LineBreak | CellBreak)
            style = style if within and not breaks else ROMAN
        elif token.text not in _CLOSING or token.style == style:
            style = token.style
        else:
            style = ROMAN
        settled.append(replace(token, style=style))
    return settled


def _styled(style: CharStyle, tokens: Sequence[Token]) -> list[Inline]:
    """Tokens of one style as inlines."""
    content: list[Inline] = []
    for marked, group in groupby(tokens, key=lambda token: token.mark is not None):
        if marked:
            content += [token.mark for token in group if token.mark is not None]
            continue
        text = re.sub(r"\s+", " ", "".join(token.text for token in group))
        ordinal = style.raised and _RAISED.fullmatch(text)
        content.append(Superscript(text) if ordinal else Text(text))
    if style.small_caps:
        content = [SmallCaps(tuple(content))]
    if style.italic:
        content = [Emphasis(tuple(content))]
    if style.bold:
        content = [Emphasis(tuple(content), strong=True)]
    return content


def doubted(content: Inlines, why: str) -> Inlines:
    """`content` with a doubt on its first word."""
    for n, inline in enumerate(content):
        if isinstance(inline, Text) and inline.text.strip():
            word = inline.text.split(None, 1)[0]
            before, _, after = inline.text.partition(word)
            parts = (Text(before), Doubt((Text(word),), why), Text(after))
            return (*content[:n], *(p for p in parts if p != Text("")), *content[n + 1 :])
    return content


# ---------------------------------------------------------------- mangled capitals


MANGLED = re.compile(r"(?<![^\W\d_])[^\W\d_]*[a-zà-ÿ][A-ZÀ-Ý][^\W\d_]*")
"""A word whose capitals an extraction has mangled: “artiCle”."""
_MANGLED_WORD = re.compile(rf"(?<![\w/.]){MANGLED.pattern}(?![\w/])")
OFTEN = 2
"""A word that the lexicon has not is one if a witness has it more often than titles repeat it."""


def with_mended_capitals(content: Inlines, words: Counter[str]) -> Inlines:
    """Content with emendations of words whose capitals are mangled, if they are words of the
    lexicon or of the witness: “artiCle” → “article”."""
    out: list[Inline] = []
    for inline in content:
        out += _mended(inline.text, words) if isinstance(inline, Text) else [inline]
    return merged(out)


def _mended(text: str, words: Counter[str]) -> Iterator[Inline]:
    at = 0
    for match in _MANGLED_WORD.finditer(text):
        lower = match[0][0] + match[0][1:].lower()
        if is_word(lower) or words[lower] > OFTEN:
            yield Text(text[at : match.start()])
            yield Emendation(lower, match[0], interface.CAPITALS_MANGLED)
            at = match.end()
    yield Text(text[at:])
