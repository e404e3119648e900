"""Mentions: where the texts name the entries of the authority files.

One pass over the words of each block finds all forms, however many there are, in a tree of words.
The longest form that its rules allow wins.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

from msgspec import structs

from archive_site.corpus.apparatus import Place, numbers_of, places
from archive_site.corpus.records import Edition
from archive_site.edition.authority import Entry, Form
from archive_site.names.days import Days, Spans, overlap
from archive_site.text.alike import Composed, compose
from archive_site.text.dates import is_day
from archive_site.text.document import (
    INTERNAL,
    NESTING,
    CellBreak,
    Certainty,
    Doubt,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Name,
    PageBreak,
    Superscript,
    Text,
)
from archive_site.text.quotes import opened
from archive_site.text.reading import length_of, merged, reading_text, spans_of

WORD = re.compile(r"\w+|[^\w\s]")
_WORDS = re.compile(f"({WORD.pattern})")
_NEXT = re.compile(rf"\s*({WORD.pattern})")
APOSTROPHES = "'’"
SHORTEST_IN_CAPITALS = 4
"""A form of at least this many letters is also found in capitals, as in titles."""
RULE_WINDOW = 12
"""How many words on either side of a form its rules can examine."""
_HYPHEN_BEFORE = re.compile(r"\w[-‑]\Z")
_HYPHEN_AFTER = re.compile(r"[-‑]\w")


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention: the characters `start` to `end` of a block's reading name `key`, an entry or a day
    (ISO 8601, Gregorian). `rivals` are other entries whose forms match the same words."""

    key: str
    start: int
    end: int
    certainty: Certainty = "certain"
    rivals: tuple[str, ...] = ()


@dataclass(slots=True)
class _Node:
    """A node of the tree of forms: the words that may follow, and the entries with a form that ends
    here, with rules or without."""

    following: dict[str, _Node] = field(default_factory=dict)
    ruled: list[tuple[Entry, Form]] = field(default_factory=list)
    plain: list[tuple[Entry, Form]] = field(default_factory=list)


class _Tokens:
    """The words of a text, split only when a rule first needs the words beside a form."""

    def __init__(self, text: str):
        self._text = text

    @cached_property
    def _cut(self) -> tuple[list[int], list[str]]:
        """Where each word begins, and the words."""
        # Alternating separators and words; matching each word would take twice as long.
        parts = _WORDS.split(self._text)
        return list(accumulate(map(len, parts)))[::2], parts[1::2]

    def before(self, place: int) -> list[str]:
        """The last `RULE_WINDOW` words before a place."""
        starts, words = self._cut
        at = bisect_left(starts, place)
        return words[max(0, at - RULE_WINDOW) : at]

    def after(self, place: int) -> list[str]:
        """The first `RULE_WINDOW` words from a place on."""
        starts, words = self._cut
        at = bisect_left(starts, place)
        return words[at : at + RULE_WINDOW]


class FormMatcher:
    """All forms of all entries, for finding them in one pass."""

    def __init__(self, entries: Iterable[Entry]):
        self._root = _Node()
        for entry in entries:
            for form in forms_of(entry):
                for words in _spellings(form.text):
                    self._add(words, entry, form)
        self._may_begin = _beginning(self._root.following)

    def _add(self, words: tuple[str, ...], entry: Entry, form: Form) -> None:
        node = self._root
        for word in words:
            node = node.following.setdefault(word, _Node())
        if all(e.key != entry.key for e, _ in node.plain):
            (node.ruled if form.ruled else node.plain).append((entry, form))

    def find(self, text: str, text_id: str) -> list[Mention]:
        """The mentions in `text`, a part of the text `text_id`, from left to right, without
        overlaps."""
        text = text.replace("'", "’")
        words = _Tokens(text)
        first = self._root.following
        found = []
        at = 0
        for begin in self._may_begin(text):
            if begin[0] not in first:
                continue
            start = begin.start()
            if start >= at and not _HYPHEN_BEFORE.search(text, max(0, start - 2), start):
                end, keys = self._longest(text, words, begin, text_id)
                if keys:
                    found.append(Mention(keys[0], start, end, rivals=tuple(keys[1:])))
                    at = end
        return found

    def _longest(
        self, text: str, words: _Tokens, begin: re.Match[str], text_id: str
    ) -> tuple[int, list[str]]:
        """The end of the longest form that begins with the word `begin`, and the keys of its
        entries; no keys if there is none."""
        node: _Node | None = self._root.following[begin[0]]
        start, end = begin.span()
        best: tuple[int, list[str]] = (start, [])
        while node is not None:
            if (node.plain or node.ruled) and not _HYPHEN_AFTER.match(text, end):
                keys = _claimants(node, words, start, end, text_id)
                if keys:
                    best = end, keys
            word = _NEXT.match(text, end) if node.following else None
            if word is None:
                break
            end = word.end()
            node = node.following.get(word[1])
        return best

    def clashes(self) -> Iterator[tuple[Entry, Form, Entry]]:
        """Forms without rules that two entries share: the later entry, its form, and the entry that
        has it already."""
        nodes = [self._root]
        reported = set()
        while nodes:
            node = nodes.pop()
            nodes += node.following.values()
            for entry, form in node.plain[1:]:
                if (entry.key, form.text) not in reported:
                    reported.add((entry.key, form.text))
                    yield entry, form, node.plain[0][0]


def forms_of(entry: Entry) -> tuple[Form, ...]:
    """The forms of an entry, and its name if it is not among them. The name has the rules of the
    forms that match the same words."""
    if any(form.text == entry.name for form in entry.forms):
        return entry.forms
    found = set(_spellings(entry.name))
    ruled = [
        form for form in entry.forms if form.ruled and not found.isdisjoint(_spellings(form.text))
    ]
    named = [replace(form, text=entry.name) for form in ruled]
    return (*entry.forms, *(named or [Form(entry.name, line=entry.line)]))


def overridden(entry: Entry) -> Iterator[tuple[Form, Form]]:
    """Each form without rules that matches the same words as a form with rules, and so overrides
    it; with that form."""
    ruled = {words: form for form in entry.forms if form.ruled for words in _spellings(form.text)}
    for form in entry.forms if ruled else ():
        undone = [ruled[words] for words in _spellings(form.text) if words in ruled]
        if undone and not form.ruled:
            yield form, undone[0]


def _tokens(words: str) -> tuple[str, ...]:
    return tuple("’" if word in APOSTROPHES else word for word in WORD.findall(words))


def _spellings(form: str) -> Iterator[tuple[str, ...]]:
    """The words of a form: as written, with a capital initial, and in capitals."""
    for spelling in dict.fromkeys((form, form[:1].upper() + form[1:])):
        yield _tokens(spelling)
    if sum(char.isalpha() for char in form) >= SHORTEST_IN_CAPITALS and form != form.upper():
        yield _tokens(form.upper())


def _beginning(words: Iterable[str]) -> Callable[[str], Iterator[re.Match[str]]]:
    """A function that finds the words of a text that may be one of `words`, by their first
    character."""
    signs = "".join(re.escape(sign) for sign in sorted({word[0] for word in words}))
    if not signs:
        return lambda _: iter(())
    return re.compile(rf"[{signs}](?:(?<=\w)(?<!\w.)\w*|(?<!\w))").finditer


def _claimants(node: _Node, words: _Tokens, start: int, end: int, text_id: str) -> list[str]:
    """The keys of the entries whose form ends at `node` and is allowed here. A form whose rules
    allow it takes precedence over one without rules."""
    allowed = [e.key for e, form in node.ruled if _allowed(form, words, start, end, text_id)]
    return list(dict.fromkeys(allowed or [entry.key for entry, _ in node.plain]))


def _allowed(form: Form, words: _Tokens, start: int, end: int, text_id: str) -> bool:
    return (
        (not form.only_in or text_id in form.only_in)
        and text_id not in form.not_in
        and not _phrase_adjoins(form.not_after, words, start, -1)
        and not _phrase_adjoins(form.not_before, words, end, 1)
        and (not form.only_after or _phrase_adjoins(form.only_after, words, start, -1))
        and (not form.only_before or _phrase_adjoins(form.only_before, words, end, 1))
    )


def _phrase_adjoins(phrases: Iterable[str], words: _Tokens, at: int, step: int) -> bool:
    """Whether one of the phrases is directly before `at` (step -1), or begins there (step 1)."""
    if not phrases:
        return False
    beside = words.before(at) if step < 0 else words.after(at)
    said = [word.casefold() for word in beside if word not in APOSTROPHES]
    for phrase in phrases:
        wanted = _wanted(phrase)
        part = said[-len(wanted) :] if step < 0 else said[: len(wanted)]
        if wanted and part == wanted:
            return True
    return False


@lru_cache(maxsize=4096)
def _wanted(phrase: str) -> list[str]:
    """The words of a rule's phrase, normalised for comparison."""
    return [word.casefold() for word in WORD.findall(phrase) if word not in APOSTROPHES]


# ---------------------------------------------------------------- in a block


def mentions_in(content: Inlines, text_id: str, forms: FormMatcher, days: Days) -> list[Mention]:
    """The mentions of a block: those that the edition marks, those that forms find elsewhere, and
    days."""
    text = compose(reading_text(content))
    doubts = tuple(doubted(content))
    named = sorted((_with_certainty(m, doubts) for m in marked(content)), key=lambda m: m.start)
    named = _add_where_free(named, (_placed(m, text) for m in forms.find(text.text, text_id)))
    unsure = [(text.at(start), text.at(end)) for start, end in doubts]
    found = (Mention(d.iso, d.start, d.end, d.certainty) for d in days.find(text.text, unsure))
    found = (_placed(m, text) for m in found)
    return [mention for mention in _add_where_free(named, found) if mention.key]


def _placed(mention: Mention, text: Composed) -> Mention:
    """A mention in a composed text, moved to its place in the original text."""
    start, end = text.places[mention.start], text.places[mention.end]
    if (start, end) == (mention.start, mention.end):
        return mention
    return replace(mention, start=start, end=end)


def _add_where_free(named: list[Mention], found: Iterable[Mention]) -> list[Mention]:
    """`named` and those of `found` that do not overlap them, in order. Both must be in order."""
    if not named:
        return list(found)
    ends = [mention.end for mention in named]

    def free(mention: Mention) -> bool:
        after = bisect_right(ends, mention.start)
        return after == len(named) or named[after].start >= mention.end

    return sorted([*named, *filter(free, found)], key=lambda m: m.start)


def marked(content: Inlines, at: int = 0) -> Iterator[Mention]:
    """The names that the edition marks. The key is empty for words marked as naming nothing, and
    for links whose words are their address."""
    for inline in content:
        length = length_of(inline)
        match inline:
            case Name(_, key):
                yield Mention(key, at, at + length)
            case Link(inner, target) if inner == (Text(target),):
                yield Mention("", at, at + length)
            case _ if isinstance(inline, NESTING):
                yield from marked(inline.content, at)
            case _:
                pass
        at += length


def doubted(content: Inlines, at: int = 0) -> Iterator[tuple[int, int]]:
    """The start and end of the parts of a block's reading that the edition marks as doubtful."""
    for inline in content:
        end = at + length_of(inline)
        if isinstance(inline, Doubt):
            yield at, end
        elif isinstance(inline, NESTING):
            yield from doubted(inline.content, at)
        at = end


def _with_certainty(mention: Mention, doubts: Spans) -> Mention:
    """A mention that the edition marks. It is only probable if it is a day in doubtful words."""
    if is_day(mention.key) and overlap(doubts, mention.start, mention.end):
        return replace(mention, certainty="probable")
    return mention


def links_in(content: Inlines, at: int = 0) -> Iterator[Mention]:
    """The links of a block to texts or blocks of the archive, as mentions whose key is the
    target."""
    for inline in content:
        if isinstance(inline, Link) and INTERNAL.fullmatch(inline.target):
            yield Mention(inline.target, at, at + len(reading_text(inline.content)))
        elif isinstance(inline, NESTING):
            yield from links_in(inline.content, at)
        at += length_of(inline)


def linked(content: Inlines, mentions: Sequence[Mention]) -> Inlines:
    """`content` with a `Name` at the first mention of each entry that can be a link. A mention
    within another link, or across the boundary of other markup, cannot."""
    if not mentions and len(content) == 1 and isinstance(content[0], Text):
        return content
    return _linked(content, mentions, 0, set())


def _linked(content: Inlines, mentions: Sequence[Mention], at: int, seen: set[str]) -> Inlines:
    edges = sorted({edge for m in mentions for edge in (m.start, m.end)})
    pieces = list(_pieces(_without_names(content), edges, at))
    starts = {m.start: m for m in mentions}
    made: list[Inline] = []
    i = 0
    while i < len(pieces):
        inline, start, end = pieces[i]
        mention = starts.get(start)
        if mention is not None and end > start and mention.key not in seen:
            stop = _run(pieces, i, mention.end)
            if stop:
                seen.add(mention.key)
                made.append(Name(tuple(piece for piece, _, _ in pieces[i:stop]), mention.key))
                i = stop
                continue
        if isinstance(inline, NESTING) and not isinstance(inline, (Link, Name)):
            first = bisect_left(mentions, start, key=lambda m: m.start)
            last = bisect_right(mentions, end, key=lambda m: m.end)
            inner = mentions[first:last]
            inline = structs.replace(inline, content=_linked(inline.content, inner, start, seen))
        elif isinstance(inline, Link):
            inline = structs.replace(inline, content=_linked(inline.content, (), start, seen))
        made.append(inline)
        i += 1
    return merged(made)


def _pieces(content: Inlines, edges: Sequence[int], at: int) -> Iterator[tuple[Inline, int, int]]:
    """The inlines with their start and end; texts are split at the edges."""
    for inline in content:
        end = at + length_of(inline)
        if isinstance(inline, Text):
            cuts = [at, *edges[bisect_right(edges, at) : bisect_left(edges, end)], end]
            for start, stop in pairwise(cuts):
                yield Text(inline.text[start - at : stop - at]), start, stop
        else:
            yield inline, at, end
        at = end


def _run(pieces: Sequence[tuple[Inline, int, int]], first: int, end: int) -> int:
    """The index after the last of the pieces from `first` that form a name ending at `end`; 0 if
    they cannot form one."""
    for i in range(first, len(pieces)):
        inline, _, stop = pieces[i]
        if not isinstance(inline, (Text, Superscript, PageBreak, LineBreak)) or stop > end:
            return 0
        if stop == end:
            return i + 1
    return 0


def _without_names(content: Inlines) -> Inlines:
    made: list[Inline] = []
    for inline in content:
        made += _without_names(inline.content) if isinstance(inline, Name) else (inline,)
    return tuple(made)


# ---------------------------------------------------------------- in a text


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of a text, or of one of its notes, and its mentions in reading order. `number` is the
    number of the paragraph in the text (0: it has none), `depth` the number of quotation marks that
    are open before it, `path` that of the edition."""

    text_id: str
    place: Place
    number: int
    depth: int
    path: str
    mentions: tuple[Mention, ...]


def passages_of(edition: Edition, forms: FormMatcher) -> tuple[Passage, ...]:
    """Every block of a text, with its mentions."""
    return tuple(_passages(edition, forms))


def _passages(edition: Edition, forms: FormMatcher) -> Iterator[Passage]:
    document = edition.document
    numbers = numbers_of(document)
    depths = [*opened(document.blocks), *(d for n in document.notes for d in opened(n.blocks))]
    days = Days(document.meta)
    for place, depth in zip(places(document), depths, strict=True):
        content = place.block.content
        named = mentions_in(content, edition.id, forms, days)
        if place.block.table:
            ends = [at for at, _ in spans_of(content, (CellBreak, LineBreak))]
            named = [m for m in named if bisect_left(ends, m.start) == bisect_left(ends, m.end)]
        number = 0 if place.note else numbers.get(place.block.id, 0)
        yield Passage(edition.id, place, number, depth, edition.path, tuple(named))
