"""Search: the texts as script files, and an index of their words, from the documents themselves.

A page on a disk may load scripts and nothing else, so the index is scripts too: one that names the
texts, one for each prefix of words, and one with the words of each text. A reader's browser loads
those that her question needs. What they hold is told in ARCHITECTURE.md.
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from operator import sub
from typing import Any

from archive_site.corpus import urls
from archive_site.corpus.read import Edition
from archive_site.edition.authority import Entry
from archive_site.files.tabular import compact
from archive_site.findings import NotPossible
from archive_site.names.indexes import where
from archive_site.names.mentions import Passage, forms_of
from archive_site.text.document import Emendation, Inlines, LineBreak, Superscript, Text
from archive_site.text.reading import reading_text, walk
from archive_site.text.typography import ORDINAL, THIN, typeset
from archive_site.text.words import SMALL, WORD, fold, folded

_fold = lru_cache(maxsize=1 << 15)(fold)
"""Most words of a text stand in others, too."""

SHARD = 32_000
"""A prefix whose words take more bytes than this has its longer prefixes apart."""
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
"""A number is written in base 32; all its digits but the last come from the second half."""
GROUP = 2
"""The words of all texts are merged in groups that begin with so many letters alike."""
SPELLED = ("person", "organisation", "place")
"""Kinds of entries whose forms are spellings of a proper name."""
ALIKE = 3 / 4
"""Two forms of a name that share so much of the shorter are spellings of one another."""
SHORTEST_SPELLING = 5
CAPITALISED = 0.9
"""A word that a name has, and that is so often written with a capital, is that name's."""
MOST_COUNTED = 4
"""How often a word stands in a passage is counted up to here."""
OF_THEIR_OWN = tuple(
    family.split()
    for family in (
        "parti partis; partie parties; part parts; partir partant partaient; armee armees; "
        "arme armes; commission commissions; commis commise commises; commun communs; "
        "commune communes; communiste communistes; communisme; communication communications; "
        "constitution constitutions; crise crises; cri cris; revolution revolutions; "
        "conseil conseils; etat etats; pere peres; son sons; fin fins; sein seins; rue rues; "
        "bord bords; mort morts; politique politiques; parlement parlements; temps; mois; "
        "voix; poli polie polis; port ports; organe organes; train trains; franc francs; "
        "france francais francaise francaises; mars; gens; serie series; faute fautes; "
        "fer fers; cours; avenir; cite cites; soviet soviets; "
        "international internationale internationales internationaux; "
        "gouvernement gouvernements"
    ).split(";")
)
"""Words that have a stem in common with words of another meaning, and their own inflected forms."""
Found = dict[str, set[tuple[str, int]]]
INITIALS = re.compile(r"[A-ZÀ-ÖØ-Ý](?<!\w.)\.(?: ?[A-ZÀ-ÖØ-Ý]\.)+")
ROMAN = re.compile(r"([IVX](?<!\w.)[IVX]*)(er|re|e)\b")
LIKE_AN_ORDINAL = re.compile(r"[IVX0-9](?:er|re|e)\b")  # several times faster than to look for one
RAISED = str.maketrans("er", "ᵉʳ")


@dataclass(frozen=True, slots=True)
class Alternate:
    """Words of a passage, from the word `first` to `last`, that are found under `words` too:
    those of the witness, or of other ways to write the same."""

    first: int
    last: int
    words: str
    witness: bool


Posting = tuple[str, tuple[tuple[str, int], ...], int, int, str]
"""A folded form in a text: the form; the words that it is written as, each with how often; the
first and the last passage that has it, and those after the first as `encode` writes them. There are
so many of them that they are no records."""


@dataclass(frozen=True, slots=True)
class TextWords:
    """What the search has of a text: the script with its words, its words by the group that they
    are merged in, and of its passages: the sorts of parts that there are, the sort of each, and how
    long each is."""

    script: bytes
    groups: Mapping[str, Sequence[Posting]]
    described: tuple[tuple[str, ...], str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A form in the index: the word that stands for it, whether it is nearly always written with a
    capital, and its places, encoded."""

    shown: str
    capital: bool
    places: str

    @property
    def filed(self) -> Filed:
        """What decides where it is filed."""
        size = len(self.shown.encode()) + len(self.places)
        return Filed(self.shown, self.capital, 1 << size.bit_length())


@dataclass(frozen=True, slots=True)
class Filed:
    """What decides where a form is filed: the word that stands for it, whether it is nearly always
    written with a capital, and about how many bytes it takes: the next power of two, so that one
    place more seldom moves a word to another file."""

    shown: str
    capital: bool
    size: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Where words are filed: by prefix the rows of its shard, each a form and how many rows up the
    first of its family stands; and the forms that are filed with their family under another prefix
    than their own."""

    shards: Mapping[str, Sequence[tuple[str, int]]]
    moved: Mapping[str, str]


def words_of(edition: Edition, passages: Sequence[Passage]) -> TextWords:
    """What the search has of a text."""
    chapters: list[str] = []
    rows: list[list[Any]] = []
    lengths: list[int] = []
    places: defaultdict[str, list[int]] = defaultdict(list)
    for n, passage in enumerate(passages):
        block, note = passage.place.block, passage.place.note
        words = raised_in_plain(typeset(reading_text(block.content), passage.depth))
        if block.kind == "heading" and block.level > 1 and not note:
            chapters.append(words)
        alternates = list(alternates_in(block.content))
        found = WORD.findall(words)
        lengths.append(len(found))
        found += [word for other in alternates for word in WORD.findall(other.words)]
        for word in found:
            places[word].append(n)
        chapter = -1 if note else len(chapters) - 1
        row = [passage.place.anchor, passage.number or where(passage), chapter, words]
        others = [[a.first, a.last, a.words, int(a.witness)] for a in alternates]
        rows.append([*row, others] if others else row)
    return TextWords(
        script("text", edition.id, chapters, rows),
        grouped(places),
        _described(passages, lengths),
    )


def grouped(places: Mapping[str, Sequence[int]]) -> dict[str, list[Posting]]:
    """The words of a text (each with the passage of each place that has it, in order) as postings,
    by group."""
    spelled: dict[str, str] = {}
    others: dict[str, list[str]] = {}
    for word in places:
        form = _fold(word)
        if spelled.setdefault(form, word) is not word:
            others.setdefault(form, []).append(word)
    spelled.pop("", None)
    groups: defaultdict[str, list[Posting]] = defaultdict(list)
    for form in sorted(spelled):
        word = spelled[form]
        at = places[word]
        if len(at) > MOST_COUNTED:
            at = _counted(at)
        counts: tuple[tuple[str, int], ...] = ((word, len(at)),)
        if form in others:
            found = {other: _counted(places[other]) for other in others[form]}
            counts += tuple((other, len(more)) for other, more in found.items())
            at = sorted(chain(at, *found.values()))
        rest = "".join(map(_WRITTEN.__getitem__, map(sub, at[1:], at))) if len(at) > 1 else ""
        groups[form[:GROUP]].append((form, counts, at[0], at[-1], rest))
    return dict(groups)


def _counted(at: Sequence[int]) -> Sequence[int]:
    """Passages in order, each no more often than it is counted."""
    further = zip(at[MOST_COUNTED:], at, strict=False)
    return [*at[:MOST_COUNTED], *(place for place, earlier in further if place != earlier)]


def stride_of(passages: Iterable[int]) -> int:
    """How far apart the places of two texts begin, which have so many passages."""
    return 1 << max(passages, default=1).bit_length()


def merged(texts: Iterable[Sequence[Posting]], stride: int) -> dict[str, Line]:
    """The postings of a group, text after text, as lines of the index, by form."""
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    coded: defaultdict[str, list[str]] = defaultdict(list)
    last: defaultdict[str, int] = defaultdict(int)
    for number, postings in enumerate(texts):
        base = number * stride
        for form, words, first, final, rest in postings:
            counted = counts[form]
            for word, count in words:
                counted[word] = counted.get(word, 0) + count
            coded[form] += (_WRITTEN[base + first - last[form]], rest)
            last[form] = base + final
    return {form: _line(counts[form], "".join(parts)) for form, parts in coded.items()}


def _line(counts: Mapping[str, int], places: str) -> Line:
    shown = min(counts, key=lambda word: (-counts[word], not word.islower(), word))
    capitals = sum(count for word, count in counts.items() if word[0].isupper())
    capital = capitals >= CAPITALISED * sum(counts.values())
    # A number of the witness has spaces; they part a line.
    return Line(shown.replace(" ", THIN), capital, places)


def planned(lines: Mapping[str, Filed], entries: Iterable[Entry]) -> Plan:
    """Where words are filed. `entries`: some of their names are spelled in several ways; their
    words have no inflected forms."""
    named = [entry for entry in entries if entry.kind in SPELLED]
    names = _names(named)
    apart = {f for f, line in lines.items() if f in SMALL or (f in names and line.capital)}
    heads = families({form: line.shown for form, line in lines.items()}, _joined(named), apart)
    forms = sorted(lines)
    prefixes = dict.fromkeys(split("", {form: lines[form].size for form in forms}))
    homes = {form: home(form, prefixes) for form in forms}
    members: dict[str, list[str]] = {prefix: [] for prefix in prefixes}
    for form in forms:
        members[homes[heads[form]]].append(form)
    shards = {}
    for prefix, found in members.items():
        rows = {form: row for row, form in enumerate(found)}
        shards[prefix] = [(form, row - rows[heads[form]]) for form, row in rows.items()]
    moved = {f: homes[heads[f]] for f in forms if homes[f] != homes[heads[f]]}
    return Plan({prefix: rows for prefix, rows in shards.items() if rows}, moved)


def shard(
    prefix: str,
    rows: Iterable[tuple[str, int]],
    lines: Mapping[str, Line],
    leads: Sequence[Sequence[Any]],
) -> bytes:
    """A shard: of each word the word, how many lines up its family's first stands, its places, each
    as often as the passage has it; and the entries that its words lead to."""
    found = ((lines[form], up) for form, up in rows)
    said = "\n".join(f"{line.shown} {up or ''} {line.places}" for line, up in found)
    return script("shard", prefix, said, leads)


def raised_in_plain(text: str) -> str:
    """`text` with the letters of its ordinals raised, as plain text can: “XIᵉ”."""
    if not LIKE_AN_ORDINAL.search(text):
        return text
    return ORDINAL.sub(lambda ordinal: ordinal[1] + ordinal[2].translate(RAISED), text)


def _part(passage: Passage) -> str:
    """The part of a text that a passage belongs to: `n` a note, `q` a quotation and whose, `t` the
    text itself."""
    block = passage.place.block
    if passage.place.note:
        return "n"
    return " ".join(("q", *block.speaker)) if block.kind == "quotation" else "t"


def _described(
    passages: Iterable[Passage], lengths: Sequence[int]
) -> tuple[tuple[str, ...], str, str]:
    """The parts that a text has; each passage's part and its length, in words, as twice its
    logarithm: near enough to rank by."""
    parts = [_part(passage) for passage in passages]
    kinds = list(dict.fromkeys(parts))
    return (
        tuple(kinds),
        "".join(numeral(kinds.index(part)) for part in parts),
        "".join(numeral(round(2 * math.log2(1 + length))) for length in lengths),
    )


def script(name: str, *values: object) -> bytes:
    """A script file that hands values to the search."""
    return f"find.{name}({', '.join(map(compact, values))})\n".encode()


# ---------------------------------------------------------------- other words for the same place


def alternates_in(content: Inlines) -> Iterator[Alternate]:
    """What the words of a block are found under besides themselves: what the witness has where it
    was emended, initials without their stops, the figure of a roman ordinal."""
    text = reading_text(content)
    emended, ordinals = list(_emended(content)), list(ROMAN.finditer(text))
    initials = list(INITIALS.finditer(text))
    if not emended and not ordinals and not initials:
        return
    tokens = list(WORD.finditer(text))
    for start, emendation in emended:
        end = start + len(emendation.reading)
        at = [n for n, token in enumerate(tokens) if token.end() >= start and token.start() <= end]
        if not at:
            continue
        first, last = tokens[at[0]], tokens[at[-1]]
        before = text[min(start, first.start()) : start]
        after = text[end : max(end, last.end())]
        words = before + emendation.witness + after
        forms = folded(words)
        if forms and forms != [fold(tokens[n][0]) for n in at]:
            yield Alternate(at[0], at[-1], words, witness=True)
    places = {token.start(): n for n, token in enumerate(tokens)}
    for stopped in initials:
        n = places.get(stopped.start())
        if n is not None:  # else an accent of its own stands before it: it goes on a word
            letters = re.findall(r"\w", stopped[0])
            yield Alternate(n, n + len(letters) - 1, "".join(letters), witness=False)
    for ordinal in ordinals:
        n = places.get(ordinal.start())
        if n is not None:
            yield Alternate(n, n, f"{_value(ordinal[1])}{ordinal[2]}", witness=False)


def _emended(content: Inlines) -> Iterator[tuple[int, Emendation]]:
    """The emendations of a block, and where each begins in its reading text."""
    at = 0
    for inline in walk(content):
        match inline:
            case Text(text) | Superscript(text):
                at += len(text)
            case LineBreak():
                at += 1
            case Emendation(reading):
                yield at, inline
                at += len(reading)


def _value(roman: str) -> int:
    """The number that roman figures (up to 39) write."""
    values = [{"I": 1, "V": 5, "X": 10}[figure] for figure in roman]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


# ---------------------------------------------------------------- the index


def families(
    shown: Mapping[str, str], spellings: Iterable[Sequence[str]], apart: Collection[str] = ()
) -> dict[str, str]:
    """Each folded form's family, named by its first form: those with the same stem, but for those
    set `apart`, and those that are spellings of one name. `shown` has every form as it is
    written."""
    try:
        from Stemmer import Stemmer
    except ImportError as error:
        hint = "Install it: python -m pip install PyStemmer"
        raise NotPossible("the search index needs PyStemmer, which is not there", hint) from error
    forms = sorted(shown)
    stems = Stemmer("french").stemWords([_for_stemming(shown[form]) for form in forms])
    own = {form: f"{family[0]} " for family in OF_THEIR_OWN for form in family}
    own |= {form: f"{form} " for form in apart}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for form, stem in zip(forms, stems, strict=True):
        members[own.get(form) or stem.translate(_LEVEL)].append(form)
    heads = {form: family[0] for family in members.values() for form in family}
    of_head = {family[0]: family for family in members.values()}
    for names in spellings:
        first, *others = sorted({heads[name] for name in names if name in heads}) or [""]
        for other in others:
            of_head[first] += of_head[other]
            heads |= dict.fromkeys(of_head[other], first)
    return heads


_LEVEL = str.maketrans("éèêë", "eeee")  # “événement” and “évènement” have not quite one stem


def _for_stemming(word: str) -> str:
    """A word as the stemmer knows it: small letters, ligatures undone."""
    return word.lower().replace("œ", "oe").replace("æ", "ae")


def _joined(entries: Iterable[Entry]) -> Iterator[list[str]]:
    """The spellings of names that the authority files join, folded, name by name."""
    for entry in entries:
        words = {w for form in forms_of(entry) if not form.ruled for w in folded(form.text)}
        rest = sorted(word for word in words if len(word) >= SHORTEST_SPELLING)
        while rest:
            first = rest.pop(0)
            alike = [word for word in rest if _alike(first, word)]
            if alike:
                yield [first, *alike]


def _names(entries: Iterable[Entry]) -> set[str]:
    """The words of names that are written with a capital, folded."""
    forms = (form for entry in entries for form in forms_of(entry))
    return {fold(w) for form in forms for w in WORD.findall(form.text) if w[0].isupper()}


def _alike(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    shared = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    return shared >= ALIKE * shorter


def split(prefix: str, sizes: Mapping[str, int]) -> Iterator[str]:
    """The prefixes that words (each with the bytes of its line) are filed under."""
    if prefix and (sum(sizes.values()) <= SHARD or len(sizes) == 1):
        yield prefix
        return
    longer: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for form, size in sizes.items():
        longer[form[: len(prefix) + 1]][form] = size
    for longer_prefix, inside in longer.items():
        if longer_prefix == prefix:  # the word that is the prefix
            yield prefix
        else:
            yield from split(longer_prefix, inside)


def home(form: str, prefixes: Container[str]) -> str:
    """The longest prefix of a word that is one of `prefixes`; empty: none is."""
    return next((form[:n] for n in range(len(form), 0, -1) if form[:n] in prefixes), "")


def numeral(value: int) -> str:
    """A number in `DIGITS`, the most significant first."""
    digits = DIGITS[value % 32]
    while value := value // 32:
        digits = DIGITS[32 + value % 32] + digits
    return digits


class _Written(dict[int, str]):
    def __missing__(self, value: int) -> str:
        self[value] = numeral(value)
        return self[value]


_WRITTEN = _Written()


def encode(places: Sequence[int]) -> str:
    """Rising numbers, each as its distance from the one before."""
    return "".join(map(_WRITTEN.__getitem__, map(sub, places, (0, *places[:-1]))))


def decode(coded: str) -> Iterator[int]:
    """The numbers that `encode` wrote."""
    place = value = 0
    for digit in coded:
        figure = DIGITS.index(digit)
        value = 32 * value + figure % 32
        if figure < 32:
            place, value = place + value, 0
            yield place


def read_search(site: Mapping[str, bytes]) -> tuple[dict[str, list[list[Any]]], Found]:
    """What a finished site's scripts hold: every text's passages by its id, and every word (folded)
    with the passages that a reader is led to from it, each as its text's id and its number.

    Raises `KeyError` where a script is missing, `ValueError` where one holds something else."""
    stride, prefixes, moved, _, _, described = _said(site, urls.SEARCH_INDEX, "index")
    ids = [text["id"] for text in described]
    texts = {text_id: _said(site, urls.text_script(text_id), "text")[2] for text_id in ids}
    found: Found = {}
    for prefix in prefixes:
        _, lines, _ = _said(site, urls.shard_script(prefix), "shard")
        for line in lines.split("\n"):
            word, _, coded = line.split(" ")
            form = fold(word)
            if (moved.get(form) or home(form, dict.fromkeys(prefixes))) == prefix:
                found[form] = {(ids[at // stride], at % stride) for at in decode(coded)}
    return texts, found


def _said(site: Mapping[str, bytes], path: str, name: str) -> list[Any]:
    script = site[path].decode()
    opening, closing = f"find.{name}(", ")\n"
    if not script.startswith(opening) or not script.endswith(closing):
        raise ValueError(f"{path} must say {opening}…); seen {script[:30]!r}")
    said: list[Any] = json.loads(f"[{script.removeprefix(opening).removesuffix(closing)}]")
    return said
