"""Structure: the order of the title page, quotations and their speakers, stage directions,
datelines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archive_site import interface
from archive_site.edition.format import note_kind
from archive_site.recover.draft import (
    CALL,
    DOUBT,
    END,
    MARKS,
    MENDED,
    PAGE,
    RAISED,
    STAGE,
    Draft,
    DraftBlock,
    key,
    vocabulary,
)
from archive_site.recover.prose import CHAPTER, LIST_ITEM, NUMBERED, is_dateline
from archive_site.text.alike import composed
from archive_site.text.document import (
    Block,
    Container,
    Doubt,
    Emendation,
    Gap,
    Inline,
    Inlines,
    Link,
    Note,
    NoteCall,
    PageBreak,
    StageDirection,
    Superscript,
    Text,
)
from archive_site.text.lexicon import is_word

STAGE_WORDS = (
    "applaudissement|ovation|rire|hilarité|mouvement|exclamation|bruit|interruption|tumulte|voix"
    "|acclamation|murmure|protestation|la salle|se lève|l’internationale|l'internationale"
)
STAGE_DIRECTION = re.compile(rf"\((?=[^()]*(?:{STAGE_WORDS}))[A-ZÀ-Ý][^()]{{2,90}}\)\.?", re.I)
MANGLED = re.compile(r"(?<![^\W\d_])[^\W\d_]*[a-zà-ÿ][A-ZÀ-Ý][^\W\d_]*")
SPEECH_VERB = re.compile(
    r"écri(?:t|vait|vit)|di(?:t|sait)|déclar|répli|répon|ajout|racont|not(?:e|ait)|expos|appréci"
    r"|exig|affirm|conclu|propos",
    re.I,
)
_NO_ADDRESS = r"\s<>«»“”\"{}\[\]\\^`|"  # characters that no web address contains
WEB_ADDRESS = re.compile(rf"https?://[^{_NO_ADDRESS}]*[^{_NO_ADDRESS}.,;:!?)]")
MOVED = interface.TITLE_MOVED


def order_title_page(draft: Draft) -> Draft:
    """Move a title in mid-page, and the rest of that page, to the beginning of its page."""
    passages = list(draft.passages)
    at = next((i for i, p in enumerate(passages) if _is_title(p, draft)), None)
    if at is None:
        return replace(draft, passages=tuple(_leading_title(passages)))
    page = passages[at].lines[0].page
    start = next(i for i, p in enumerate(passages) if p.lines[0].page == page)
    end = next((i for i, p in enumerate(passages) if p.lines[0].page > page), len(passages))
    title = replace(passages[at], level=1, doubts=(MOVED,) if at > start else ())
    moved = [title, *passages[at + 1 : end]]
    ordered = passages[:start] + moved + passages[start:at] + passages[end:]
    return replace(draft, passages=tuple(_standfirst(p) for p in ordered))


def _is_title(passage: DraftBlock, draft: Draft) -> bool:
    """Whether a passage is a heading that running heads repeat, or one whose capitals the
    extraction mangled."""
    if passage.kind != "heading":
        return False
    first = key(passage.lines[0].text)
    return first in draft.running_heads or MANGLED.search(passage.lines[0].text) is not None


def _leading_title(passages: list[DraftBlock]) -> list[DraftBlock]:
    """The passages, the first of which becomes the title if it is a heading without a number."""
    first = passages[0] if passages and passages[0].kind == "heading" else None
    if first is not None and not _is_chapter(first.lines[0].words):
        return [replace(first, level=1), *passages[1:]]
    return passages


def _is_chapter(words: str) -> bool:
    return NUMBERED.match(words) is not None or CHAPTER.fullmatch(words) is not None


def _standfirst(passage: DraftBlock) -> DraftBlock:
    if passage.kind == "paragraph" and len(MANGLED.findall(passage.lines[0].text)) > 1:
        return replace(passage, kind="standfirst")
    return passage


# ---------------------------------------------------------------- quotations


def find_quotations(draft: Draft) -> Draft:
    """Make paragraphs wholly within quotation marks after a colon into quotations with their
    speakers."""
    passages = list(draft.passages)
    i = 1
    while i < len(passages):
        introduced = passages[i - 1].text.rstrip().endswith(":")
        until = _quotation_end(passages, i) if introduced else i
        if passages[i].kind == "quotation" and until == i:
            until = i + 1
            while until < len(passages) and passages[until].kind == "quotation":
                until += 1
        speakers = _speaker(passages[i - 1].text, draft.people) if until > i else ()
        for j in range(i, until):
            quoted = replace(passages[j], kind="quotation", speakers=speakers, continues=j > i)
            passages[j] = quoted
        i = max(until, i + 1)
    return replace(draft, passages=tuple(passages))


QUOTED_PARAGRAPHS = 6


def _quotation_end(passages: list[DraftBlock], start: int) -> int:
    """The index after the last paragraph of the quotation that begins at `start`; `start` if there
    is none. A quotation opens with «, and ends with the paragraph that closes all its marks."""
    depth = 0
    for i in range(start, min(start + QUOTED_PARAGRAPHS, len(passages))):
        words = MARKS.sub("", passages[i].text).strip()
        if passages[i].kind != "paragraph" or (i == start and words[:1] != "«"):
            return start
        depth += words.count("«") - words.count("»")
        if depth <= 0:
            return i + 1 if _closes(passages[i].text) else start
    return start


def _closes(text: str) -> bool:
    """Whether a paragraph ends with a closing mark, ignoring calls, figures and punctuation."""
    bare = re.sub(f"{CALL}[^{END}]*{END}", "", text)
    return re.search(r"»[\s\d.,;]*$", bare) is not None


def _speaker(introduction: str, people: dict[str, str]) -> tuple[str, ...]:
    """The key of the last known person named in the introducing sentence, if that has a verb of
    speech."""
    sentence = re.split(r"[.!?]\s", composed(introduction))[-1]
    if not SPEECH_VERB.search(sentence):
        return ()
    found = [
        (m.start(), people[form])
        for form in people
        for m in re.finditer(rf"\b{re.escape(form)}\b", sentence)
    ]
    return (max(found)[1],) if found else ()


# ---------------------------------------------------------------- stage directions, datelines


def find_stage_directions(draft: Draft) -> Draft:
    """Find stage directions (alone, at the end of a paragraph or within it), datelines, items."""
    passages: list[DraftBlock] = []
    for i, passage in enumerate(draft.passages):
        words = MARKS.sub("", passage.text).strip()
        edge = i < DATELINE_HEAD or i >= len(draft.passages) - DATELINE_TAIL
        if passage.kind in ("paragraph", "heading") and edge and is_dateline(words):
            passages.append(replace(passage, kind="dateline", level=0))
            continue
        bullet = LIST_ITEM.match(passage.text)
        if passage.kind == "paragraph" and bullet:
            passage = replace(passage, kind="list-item", text=passage.text[bullet.end() :])
        passages += _with_stage(passage)
    return replace(draft, passages=tuple(passages))


DATELINE_HEAD, DATELINE_TAIL = 4, 2


def _with_stage(passage: DraftBlock) -> list[DraftBlock]:
    text = passage.text
    if passage.kind not in ("paragraph", "list-item", "quotation"):
        return [passage]
    whole = STAGE_DIRECTION.fullmatch(MARKS.sub("", text).strip())
    if whole:
        return [replace(passage, kind="stage")]
    found = list(STAGE_DIRECTION.finditer(text))
    last = found[-1] if found else None
    after: list[DraftBlock] = []
    if last is not None and last.end() == len(text.rstrip()):
        after = [
            replace(passage, kind="stage", text=last[0], speakers=(), doubts=(), continues=False)
        ]
        text = text[: last.start()].rstrip()
    text = STAGE_DIRECTION.sub(lambda m: f"{STAGE}{m[0]}{END}", text)
    return [replace(passage, text=text), *after]


# ---------------------------------------------------------------- mangled capitals


def mend_capitals(draft: Draft) -> Draft:
    """Emend words whose capitals the extraction mangled: “artiCle” → “article”."""
    words = vocabulary(line for passage in draft.passages for line in passage.lines)
    emended = (replace(p, text=_emended(p.text, words)) for p in draft.passages)
    return replace(draft, passages=tuple(emended))


def _emended(text: str, words: Counter[str]) -> str:
    def emend(match: re.Match[str]) -> str:
        word = match[0]
        lower = word[0] + word[1:].lower()
        known = is_word(lower) or _is_attested(lower, words)
        return f"{MENDED}{word}{END}{lower}{END}" if known else word

    return re.sub(r"(?<![\w/.])" + MANGLED.pattern + r"(?![\w/])", emend, text)


def _is_attested(word: str, words: Counter[str]) -> bool:
    """Whether the witness has `word` more often than mangled titles would repeat it."""
    return words[word] > 2


# ---------------------------------------------------------------- blocks


def write_blocks(draft: Draft) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    """The passages as blocks, and the note drafts as notes."""
    blocks = tuple(_blocks(draft.passages))
    notes = []
    for note in draft.notes:
        paragraphs = tuple(_blocks(note.passages))
        if not paragraphs:
            paragraphs = (Block("paragraph", (Gap(note.gap or interface.NOTE_EMPTY),)),)
        found = Note(note.label, paragraphs)
        notes.append(replace(found, kind=note_kind(found, "author")))
    return blocks, tuple(notes)


def _blocks(passages: Iterable[DraftBlock]) -> Iterator[Block]:
    """Passages with words as blocks: those of a quotation, and the items of a list, are together in
    a container."""
    above = ""
    for passage in passages:
        if not passage.text.strip():
            continue
        content = inlines(passage.text.strip())
        if passage.doubts:
            content = _doubted(content, " ; ".join(passage.doubts))
        match passage.kind:
            case "quotation":
                quotation = Container("quotation", passage.speakers)
                shared = int(passage.continues)
                yield Block("paragraph", content, within=(quotation,), shared=shared)
            case "list-item":
                item = Container("list"), Container("list-item")
                shared = int(above == "list-item")
                yield Block("paragraph", content, within=item, shared=shared)
            case "heading":
                yield Block("heading", content, passage.level or 2)
            case kind:
                yield Block(kind, content)
        above = passage.kind


def _doubted(content: Inlines, why: str) -> Inlines:
    """`content` with a doubt on its first word."""
    for i, inline in enumerate(content):
        if isinstance(inline, Text) and inline.text.strip():
            words = inline.text.lstrip()
            before = inline.text[: len(inline.text) - len(words)]
            word = words.split(None, 1)[0]
            after = words[len(word) :]
            parts = (Text(before), Doubt((Text(word),), why), Text(after))
            return (*content[:i], *(p for p in parts if p != Text("")), *content[i + 1 :])
    return content


def inlines(text: str) -> Inlines:
    """Text with the marks of `draft` as inlines."""
    content, _ = _inlines(text, 0)
    return content


def _inlines(text: str, i: int, nested: bool = False) -> tuple[Inlines, int]:  # noqa: C901  # a table
    out: list[Inline] = []
    while i < len(text):
        mark = MARKS.search(text, i)
        stop = mark.start() if mark else len(text)
        out += _linked(text[i:stop])
        if mark is None:
            return tuple(out), len(text)
        i = mark.end()
        if mark[0] == END:
            if nested:
                return tuple(out), i
            continue
        if mark[0] == STAGE:
            inner, i = _inlines(text, i, nested=True)
            out.append(StageDirection(inner))
            continue
        word, i = _until_end(text, i)
        if mark[0] == CALL:
            out.append(NoteCall(word))
        elif mark[0] == RAISED:
            out.append(Superscript(word))
        elif mark[0] == PAGE:
            out.append(PageBreak(word))
        elif mark[0] == MENDED:
            reading, i = _until_end(text, i)
            why = interface.LETTERSPACED if " " in word else interface.CAPITALS_MANGLED
            out.append(Emendation(reading, word, why))
        elif mark[0] == DOUBT:
            inner, i = _inlines(text, i, nested=True)
            out.append(Doubt(inner, word))
    return tuple(out), i


def _until_end(text: str, i: int) -> tuple[str, int]:
    end = text.find(END, i)
    end = len(text) if end < 0 else end
    return text[i:end], end + 1


def _linked(text: str) -> list[Inline]:
    """Plain text as inlines, with its web addresses as links."""
    parts: list[Inline] = []
    at = 0
    for match in WEB_ADDRESS.finditer(text):
        parts += [Text(text[at : match.start()]), Link((Text(match[0]),), match[0])]
        at = match.end()
    parts.append(Text(text[at:]))
    return [part for part in parts if part != Text("")]
