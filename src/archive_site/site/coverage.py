"""Possible oversights of the editor: entries that nothing names, and names that no entry claims.

Only `archive-site check` uses this module, because the French lexicon is slow to load."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby

from archive_site.findings import Finding, count_noun
from archive_site.model.site_model import SiteModel
from archive_site.names.mentions import Passage, forms_of, marked
from archive_site.text.alike import compose, composed, look, told_apart
from archive_site.text.document import Foreign, Speaker, is_french
from archive_site.text.lexicon import is_word
from archive_site.text.reading import CELL, reading_text, spans_of

_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:[-’'][^\W\d_]+)*\.?")
_ROMAN = re.compile(r"[IVXLCDM]+(?:e|er|re|°)?")
# Where any word may be capitalised: after the end of a sentence, a dash or an opening mark.
_OPENING = re.compile(r"(?:^|[.!?…:;–—«“\"(\[/]|\s-)[\s«»“”\"‘'()\[–—-]*\Z")
_SUBJECT = re.compile(r"(?:-t)?-(?:je|tu|il|elle|on|nous|vous|ils|elles|ce|moi|en|y|là|ci)\Z")
_ELISION = re.compile(r"(?:[ldnsjmtcLDNSJMTC]|qu|Qu|jusqu|lorsqu|puisqu)[’']")


def check_coverage(model: SiteModel) -> Iterator[Finding]:
    """Findings about entries that nothing names (W053), and about names that no entry claims
    (W054, W055). There are none if an authority file cannot be read, since its names are
    missing."""
    if model.unreadable:
        return
    texts = model.texts.values()
    used = {*model.naming}
    used |= {key.key for text in texts for key in text.facts.keys if key.role != "name"}
    used |= {key for e in model.entries.values() for key in (e.place, *e.creators, *e.see)}
    for entry in model.entries.values():
        if entry.key not in used:
            message = f"no text and no entry names {entry.key}"
            yield Finding(entry.path, entry.line, "W053", message)
    yield from _unclaimed(model)


def _unclaimed(model: SiteModel) -> Iterator[Finding]:
    """Findings about capitalised words that no entry claims, one for each word of a text at its
    first occurrence, and about needless lines in `unclaimed.yaml`. None if the archive has no
    entries."""
    if not model.entries:
        return
    small = set()
    for passage in (passage for text in _texts(model) for passage in text):
        words = composed(reading_text(passage.place.block.content))
        small |= {word for word in re.findall(r"[^\W\d_]+", words) if word.islower()}
    meant = {unclaimed.word.replace("’", "'"): unclaimed for unclaimed in model.unclaimed}
    claimed = _by_look(
        word for e in model.entries.values() for form in forms_of(e) for word in _words(form.text)
    )
    used, met = set(), set()
    for text in _texts(model):
        found = sorted(
            (word, p.place.block.line, p.path) for p in text for word in _capitalised(p, small)
        )
        for word, places in groupby(found, key=lambda place: place[0]):
            met.add(word)
            if word in meant:
                used.add(word)
                continue
            lines = list(places)
            message = f"no entry claims “{word}” ({count_noun(len(lines), 'time')})"
            hint = told_apart(word, claimed.get(look(word), word))
            yield Finding(lines[0][2], lines[0][1], "W054", message, hint)
    in_texts = _by_look(met)
    for word, unclaimed in meant.items():
        if word not in used:
            message = f"“{word}” is in no text, or an entry claims it"
            hint = told_apart(word, in_texts.get(look(word), word))
            yield Finding(unclaimed.path, unclaimed.line, "W055", message, hint)


def _texts(model: SiteModel) -> Iterator[tuple[Passage, ...]]:
    return (model.edition(text)[1] for text in model.texts.values())


def _by_look(words: Iterable[str]) -> dict[str, str]:
    """Words by their appearance (see `look`)."""
    return {look(word): word for word in words}


def _words(form: str) -> list[str]:
    return [word.rstrip(".") for word in _WORD.findall(form.replace("’", "'"))]


def _capitalised(passage: Passage, small: set[str]) -> Iterator[str]:
    """The capitalised words of a passage that neither a mention nor a mark of the edition covers.
    At the beginning of a sentence, words that also occur in lower case are left out."""
    block = passage.place.block
    content = block.content
    if not is_french(block.language):
        return
    read = compose(reading_text(content, end="\n" if block.kind in ("verse", "table") else " "))
    text = read.text
    found = {(m.start, m.end) for m in (*passage.mentions, *marked(content))}
    decided = sorted(found | set(spans_of(content, (Foreign, Speaker))))
    starts = [read.at(start) for start, _ in decided]
    ends = [read.at(end) for _, end in decided]
    for match in _WORD.finditer(text):
        word, start = match[0].rstrip("."), match.start()
        while elided := _ELISION.match(word):
            start += elided.end()
            word = word[elided.end() :]
        if not word[:1].isupper() or len(word) < 2 or _ROMAN.fullmatch(word):
            continue
        after = bisect_right(ends, start)
        if after < len(ends) and starts[after] <= start:
            continue
        first = _OPENING.search(text, max(0, start - 12), start) is not None
        first = first or text[:start].endswith(("\n", CELL))
        if (first or word.isupper()) and _is_common(_SUBJECT.sub("", word).lower(), small):
            continue
        yield word.replace("’", "'")


def _is_common(word: str, small: set[str]) -> bool:
    """Whether a word is a common one: these texts or the French lexicon have it in lower case. An
    initial E may be É."""
    return any(
        all(part in small or is_word(part) for part in re.split("[-’']", spelling))
        for spelling in (word, re.sub("^e", "é", word))
    )
