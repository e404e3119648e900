"""What an editor may have missed: entries that nothing names, names that no entry claims.

For `archive-site check` only: it asks a French lexicon, which is slow to load."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby

from archive_site.corpus import Corpus
from archive_site.findings import Finding
from archive_site.mentions import Passage, Passages, marked
from archive_site.plaintext import reading_text
from archive_site.recover.lexicon import is_word

_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:[-’'][^\W\d_]+)*\.?")
_ROMAN = re.compile(r"[IVXLCDM]+(?:e|er|re|°)?")
# Where a word may be capitalised for no other reason than that it comes first.
_OPENING = re.compile(r"(?:^|[.!?…:;–—«“\"(\[/]|\s-)[\s«»“”\"‘'()\[–—-]*\Z")
_SUBJECT = re.compile(r"(?:-t)?-(?:je|tu|il|elle|on|nous|vous|ils|elles|ce|moi|en|y|là|ci)\Z")
_ELISION = re.compile(r"(?:[ldnsjmtcLDNSJMTC]|qu|Qu|jusqu|lorsqu|puisqu)[’']")


def check_coverage(corpus: Corpus, passages: Passages) -> Iterator[Finding]:
    """What an editor may have missed: entries that nothing names, names that no entry claims."""
    named = {m.key for text in passages.values() for p in text for m in p.mentions}
    spoken = {key for e in corpus.editions for b in e.document.blocks for key in b.speaker}
    creators = {edition.document.meta.creator.key for edition in corpus.editions}
    pointed = {key for e in corpus.entries.values() for key in (e.place, e.creator, *e.see) if key}
    for entry in corpus.entries.values():
        if entry.key not in named | spoken | creators | pointed:
            message = f"no text names {entry.key}, and no entry does"
            yield Finding(entry.path, entry.line, "W053", message)
    yield from _unclaimed(corpus, passages)


def _unclaimed(corpus: Corpus, passages: Passages) -> Iterator[Finding]:
    """Each capitalised word that no entry claims, once a text, where it first stands; none in an
    archive that has no entry."""
    if not corpus.entries:
        return
    small = set()
    for text in passages.values():
        for passage in text:
            words = reading_text(passage.place.block.content)
            small |= {word for word in re.findall(r"[^\W\d_]+", words) if word.islower()}
    meant = {unclaimed.word.replace("’", "'"): unclaimed for unclaimed in corpus.unclaimed}
    used = set()
    for text in passages.values():
        found = sorted(
            (word, p.place.block.line, p.path) for p in text for word in _capitalised(p, small)
        )
        for word, places in groupby(found, key=lambda place: place[0]):
            if word in meant:
                used.add(word)
                continue
            lines = list(places)
            message = f"no entry claims “{word}” ({len(lines)} times)"
            yield Finding(lines[0][2], lines[0][1], "W054", message)
    for word, unclaimed in meant.items():
        if word not in used:
            message = f"“{word}” stands in no text, or an entry claims it"
            yield Finding(unclaimed.path, unclaimed.line, "W055", message)


def _capitalised(passage: Passage, small: set[str]) -> Iterator[str]:
    """The capitalised words of a passage that no mention covers, nor a mark of the edition that
    they name nothing; at the head of a sentence, only those that are never written small."""
    content = passage.place.block.content
    text = reading_text(content)
    decided = sorted({*passage.mentions, *marked(content)}, key=lambda m: (m.start, m.end))
    ends = [mention.end for mention in decided]
    for match in _WORD.finditer(text):
        word, start = match[0].rstrip("."), match.start()
        while elided := _ELISION.match(word):
            start += elided.end()
            word = word[elided.end() :]
        if not word[:1].isupper() or len(word) < 2 or _ROMAN.fullmatch(word):
            continue
        after = bisect_right(ends, start)
        if after < len(ends) and decided[after].start <= start:
            continue
        first = _OPENING.search(text, max(0, start - 12), start) is not None
        if (first or word.isupper()) and _is_common(_SUBJECT.sub("", word).lower(), small):
            continue
        yield word.replace("’", "'")


def _is_common(word: str, small: set[str]) -> bool:
    """Whether a word is one that is written small: in these texts, or in French; an E may stand
    for É."""
    return any(
        all(part in small or is_word(part) for part in re.split("[-’']", spelling))
        for spelling in (word, re.sub("^e", "é", word))
    )
