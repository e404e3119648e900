"""The shelf as a ledger keeps it: the same values, each read when asked for, each reading noted.

What a page is made from is what it read; it is made anew when that has changed. So a page needs no
list of what it depends on, and cannot have a wrong one.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from archive_site.authority import Entry, of_kind
from archive_site.corpus import Common, Corpus, Edition, Record
from archive_site.document import Block
from archive_site.entries import KIND_NAMES, Shelf, lists_of
from archive_site.establishment import Place
from archive_site.indexes import (
    Indexed,
    Indexes,
    Line,
    Naming,
    Reference,
    Spot,
    beside,
)
from archive_site.ledger import Ledger, row_of, texts_of
from archive_site.mentions import Passage

K = TypeVar("K")
V = TypeVar("V")
KEPT = 400
"""How many parts a process holds at once; of the largest sorts, `LARGE` says how many of each."""
LARGE = {"text": 2, "openings": 24, "named": 2, "words": 2, "group": 16, "told": 4}


class Lazy(Mapping[K, V]):
    """A mapping that finds its keys and values when it is asked for them."""

    def __init__(
        self,
        keys: Callable[[], Sequence[K]],
        value: Callable[[K], V],
        has: Callable[[K], bool] | None = None,
        some: Callable[[], bool] | None = None,
    ):
        self._keys, self._value = keys, value
        self._has = has or (lambda key: key in keys())
        self._some = some or (lambda: bool(keys()))

    def __getitem__(self, key: K) -> V:
        if not self._has(key):
            raise KeyError(key)
        return self._value(key)

    def __contains__(self, key: object) -> bool:
        return self._has(key)  # type: ignore[arg-type]  # a key of another type is not there

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())

    def __bool__(self) -> bool:
        return self._some()


class Reader:
    """Reads a ledger for one product after another; `read`: the rows that the present one read."""

    def __init__(self, ledger: Ledger):
        self._ledger = ledger
        self._held: defaultdict[str, OrderedDict[tuple[str, ...], Any]] = defaultdict(OrderedDict)
        self.read: set[int] = set()

    def note(self, sort: str, key: str = "") -> None:
        """The present product read this row."""
        self.read.add(row_of(sort, key))

    def part(self, sort: str, key: str, text: str = "") -> Any:
        """A part, its row noted."""
        self.note(sort, key)
        return self._hold((sort, key, text), lambda: self._ledger.part(sort, key, text))

    def virtual(self, sort: str, key: str) -> dict[str, Any]:
        """The parts of a row by text, of which the caller notes what it needs."""
        order = self.order
        found: dict[str, Any] = self._hold(
            (sort, key), lambda: dict(texts_of(self._ledger.parts(sort, key), order))
        )
        return found

    def unnoted(self, sort: str, text: str = "") -> Any:
        """A part, of which the caller notes what it needs."""
        return self._hold((sort, text, text), lambda: self._ledger.part(sort, text, text))

    def own(self, sort: str, text: str) -> Any:
        """What a text gives of a sort that each text has one of."""
        return self.part(sort, text, text)

    def parts(self, sort: str, key: str = "") -> dict[str, Any]:
        """The parts of a row by text, in the order of the texts."""
        self.note(sort, key)
        return self.virtual(sort, key)

    def keys(self, sort: str) -> list[str]:
        """The keys of all parts of a sort; whoever asks must note what they depend on."""
        return self._ledger.keys(sort)

    @property
    def order(self) -> list[str]:
        """The ids of the texts, in chronological order."""
        self.note("order")

        def in_order() -> list[str]:
            ranks = self._ledger.parts("order", "")
            return sorted(ranks, key=lambda text: ranks[text])

        found: list[str] = self._hold(("order",), in_order)
        return found

    def has_text(self, text: str) -> bool:
        """Whether there is a text of that id."""
        order = self.order
        found: frozenset[str] = self._hold(("ids",), lambda: frozenset(order))
        return text in found

    def _hold(self, name: tuple[str, ...], find: Callable[[], Any]) -> Any:
        """What `find` gives; it is asked again only when it was long not asked."""
        large = LARGE.get(name[0], 0)
        held, most = self._held[name[0] if large else ""], large or KEPT
        if name in held:
            held.move_to_end(name)
        else:
            held[name] = find()
            if len(held) > most:
                held.popitem(last=False)
        return held[name]


# ---------------------------------------------------------------- what is kept of a text


@dataclass(frozen=True, slots=True)
class Named:
    """What a text says of an entry: sentences, passages with who is named beside it, mentions. The
    passages have no words."""

    lines: tuple[Line, ...]
    near: tuple[tuple[Passage, Sequence[str]], ...]
    namings: tuple[Naming, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a text names an entry, in how many passages, and where, if they are few."""

    count: int
    places: int
    spots: tuple[Spot, ...]


def bare(passage: Passage, key: str = "") -> Passage:
    """A passage as a sentence of it needs it: without its words, and of its mentions those of
    `key`."""
    block = passage.place.block
    place = Place(Block(block.kind, (), block.level, id=block.id), passage.place.note)
    mentions = tuple(mention for mention in passage.mentions if mention.key == key)
    return replace(passage, place=place, path="", mentions=mentions)


# ---------------------------------------------------------------- the shelf


@dataclass(frozen=True, slots=True)
class KeptCorpus(Corpus):
    """A corpus of which only what is asked for is read."""

    find_records: Callable[[], Sequence[Record]] = tuple
    find_sums: Callable[[], Mapping[str, str]] = dict

    @property
    def records(self) -> Sequence[Record]:
        """What is known of every edition, in chronological order."""
        return self.find_records()

    @property
    def sums(self) -> Mapping[str, str]:
        """The SHA-256 of every file of the corpus, by its path."""
        return self.find_sums()


class _Editions(Sequence[Edition]):
    """The editions in chronological order, of which one at a time is held."""

    def __init__(self, reader: Reader):
        self._reader = reader

    def __getitem__(self, at: Any) -> Any:
        return edition_of(self._reader, self._reader.order[at])

    def __len__(self) -> int:
        return len(self._reader.order)


def edition_of(reader: Reader, text: str) -> Edition:
    """A text's edition."""
    edition: Edition = reader.own("text", text)[0]
    return edition


def kept_shelf(reader: Reader, common: Common) -> Shelf:
    """What pages are made from, read from the ledger; `common`: what all texts share."""

    def sums() -> dict[str, str]:
        unnamed = set(reader.part("unnamed", ""))
        found: dict[str, str] = reader.part("sums", "")
        return {name: sha256 for name, sha256 in found.items() if name not in unnamed}

    def no_bytes(name: str) -> bytes:
        raise KeyError(name)

    corpus = KeptCorpus(
        common.site,
        _Editions(reader),
        kept_entries(reader, common.entries),
        Lazy(lambda: list(sums()), no_bytes),
        common.unclaimed,
        common.exemptions,
        lambda: [reader.own("record", text) for text in reader.order],
        sums,
    )
    lists = lists_of(common.entries)
    return Shelf(
        corpus,
        _indexes(reader, common.entries),
        Lazy(lambda: reader.order, lambda text: _summary(reader, text), reader.has_text),
        {kind: _kind(reader, common.entries, kind) for kind in KIND_NAMES},
        _lists(reader, "works-of", lists["works-of"]),
        _lists(reader, "works-that-are", lists["works-that-are"]),
        _lists(reader, "happened-on", lists["happened-on"]),
    )


def _summary(reader: Reader, text: str) -> Mapping[str, Any]:
    """A text's summary, each of its values noted alone: most pages want only its title."""
    said: dict[str, Any] = reader.unnoted("summary", text)

    def keys() -> list[str]:
        reader.note("summary", text)
        return list(said)

    def value(name: str) -> Any:
        reader.note("said", f"{text} {name}")
        return said[name]

    return Lazy(keys, value, said.__contains__)


def kept_entries(reader: Reader, entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
    """The entries, every reading noted."""

    def noted(key: str) -> bool:
        reader.note("entry", key)
        return key in entries

    def keys() -> list[str]:
        reader.note("entries")
        return list(entries)

    return Lazy(keys, lambda key: entries[key], noted)


def _kind(reader: Reader, entries: Mapping[str, Entry], kind: str) -> Mapping[str, Entry]:
    found = of_kind(entries, kind)

    def keys() -> list[str]:
        reader.note("keys", kind)
        return list(found)

    def some() -> bool:
        reader.note("any", kind)
        return bool(found)

    def has(key: str) -> bool:
        reader.note("entry", key)
        return key in found

    return Lazy(keys, lambda key: found[key], has, some)


def _lists(
    reader: Reader, sort: str, lists: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[str]]:
    def has(key: str) -> bool:
        reader.note(sort, key)
        return key in lists

    return Lazy(lambda: list(lists), lambda key: lists[key], has)


def _indexes(reader: Reader, entries: Mapping[str, Entry]) -> Indexes:
    def days() -> list[str]:
        return sorted({day for text in reader.parts("days").values() for day in text})

    def speakers() -> list[str]:
        found = reader.parts("speakers").values()
        return list(dict.fromkeys(key for text in found for key in text))

    def some_days() -> bool:
        return bool(reader.part("any-day", ""))

    def kept_beside(key: str) -> dict[str, list[Passage]]:
        reader.note("near", key)
        found: dict[str, Named] = reader.virtual("named", key)
        return beside(near for text in found.values() for near in text.near)

    def namings_of(key: str) -> list[Naming]:
        reader.note("namings-of", key)
        found: dict[str, Named] = reader.virtual("named", key)
        return [naming for text in found.values() for naming in text.namings]

    def referring(text: str) -> list[Reference]:
        return [found for each in reader.parts("references", text).values() for found in each]

    def quoting(key: str) -> list[Sequence[Passage]]:
        return [run for runs in reader.parts("spoken", key).values() for run in runs]

    def in_text(text: str) -> list[Naming]:
        found: list[Naming] = reader.own("namings", text)
        return found

    passages: Lazy[str, tuple[Passage, ...]] = Lazy(
        lambda: reader.order, lambda text: reader.own("text", text)[1], reader.has_text
    )
    entry_keys = kept_entries(reader, entries)
    return Indexes(
        passages,
        Lazy(lambda: list(entry_keys), lambda key: _indexed(reader, key), lambda _: True),
        Lazy(days, lambda key: _indexed(reader, key), lambda _: True, some_days),
        Lazy(lambda: list(entries), kept_beside, lambda _: True),
        Lazy(speakers, quoting, lambda _: True),
        Lazy(lambda: reader.order, referring, lambda _: True),
        Lazy(lambda: reader.order, in_text, reader.has_text),
        namings_of,
        lambda text, anchor: _opening(reader, text, anchor),
        lambda: int(reader.part("letters", "")),
        lambda day: bool(reader.part("old-style", day)),
    )


def _indexed(reader: Reader, key: str) -> Indexed:
    def counts() -> dict[str, int]:
        return {text: counted.count for text, counted in reader.parts("count", key).items()}

    def lines() -> dict[str, Sequence[Line]]:
        reader.note("lines", key)
        found: dict[str, Named] = reader.virtual("named", key)
        return {text: named.lines for text, named in found.items()}

    def spots() -> list[Spot]:
        found: list[Spot] = reader.part("spots", key) or []
        return found

    count, texts, places = reader.part("total", key) or (0, 0, 0)
    return Indexed(key, count, texts, places, counts, lines, spots)


def _opening(reader: Reader, text: str, anchor: str) -> Passage:
    reader.note("opening", f"{text}#{anchor}")
    found: dict[str, Passage] = reader.unnoted("openings", text)
    return found[anchor]
