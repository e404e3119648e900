"""Random and mutated texts: the stages of the road, and the command over whole corpora.

Nothing may end in a traceback, hang, or lose a word without a finding. A few inputs a test;
`ARCHIVE_SITE_FUZZ=10000 pytest tests/test_fuzz.py` tries as many in all.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive_site.cli.main import main
from archive_site.corpus.load import forms_of_people
from archive_site.edition.authority import KINDS, by_key, read_entries, read_unclaimed
from archive_site.edition.format import dumps, loads, parse
from archive_site.edition.yaml import read_yaml
from archive_site.findings import ArchiveError, Finding, Unsound
from archive_site.names.mentions import FormMatcher
from archive_site.recover.printed.draft import recover_text
from archive_site.text import document as d
from archive_site.text.html import HtmlRenderer
from archive_site.text.reading import NOT_TEXT, reading_text, walk
from archive_site.text.typography import typeset
from archive_site.witness.collate import collate
from archive_site.witness.declare import declare
from archive_site.witness.stream import bare
from archive_site.witness.witness import Witness, lines_of
from conftest import GOLDEN, ROOT
from examples import examples
from sites import findings_of

FUZZ = "ARCHIVE_SITE_FUZZ"
TRIED = int(os.environ.get(FUZZ, "0"))
SHARES = {
    "recover": 0.25,
    "edition": 0.25,
    "front matter": 0.05,
    "collate": 0.1,
    "typography": 0.15,
    "yaml": 0.15,
    "command": 0.05,
}
"""What share of the inputs each test gets."""
LONGEST = 60
"""Seconds that one input may take: far more than any should."""


def tried(share: float, otherwise: int) -> settings:
    """How many inputs a test tries."""
    return settings(
        examples(max(1, round(TRIED * share)) if TRIED else otherwise),
        derandomize=not TRIED,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


@contextmanager
def no_hang() -> Iterator[None]:
    """Fails an input that takes too long."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"longer than {LONGEST} s")

    former = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)


# ---------------------------------------------------------------- what is tried

EDITIONS = {p.stem: p.read_text("utf-8") for p in sorted(ROOT.glob("corpus/editions/*.md"))}
WITNESSES = {p.stem: p.read_bytes() for p in sorted(ROOT.glob("corpus/witnesses/*.txt"))}
YAML = {p.name: p.read_text("utf-8") for p in sorted(ROOT.glob("corpus/*.yaml"))}
SIGNS = (
    "\n", "\n\n", "\f", " ", "    ", "\t", "\r", "\r\n", "\0", "\ufeff", "\u200b", "\u202e",
    "\u2028", "---\n", "---", "[", "]", "(", ")", "{", "}", "[^1]", "[^1]: ", "[^", "*", "**", "_",
    "^", "`", "<", ">", "> ", "- ", "1. ", "# ", "::: box\n", ":::\n",
    "::: {.quote speaker=lenine}\n", "\\", '"', "«", "»", "“", "”", "'", "’",
    "[mot]{.corr sic=\"m\"}", '[]{.pb n="3"}', "[x](https://x.y)", "[x](javascript:x)",
    '{.corr sic="', "&amp;", "<script>", "{{", "{%", "!!python/name:os ", "&a ", "*a", ": ", "? ",
    "| ", "%YAML", "é", "e\u0301", "😀", "1", "1917", "XIVe", "1 mai", "e\n", "12\n", "Notes\n",
    "* ", "[1]", "(Rires.)", "https://a.b/", "-\n", "Lénine", "\ud800", "\ufdd0", "\x07", "=",
)  # fmt: skip
"""What means something to one stage or another, or to none."""


def mutated(text: str, chance: random.Random) -> str:
    """A piece of `text`, cut, doubled, swapped, spliced, some of its bytes flipped."""
    start = chance.randrange(len(text))
    text = text[start : start + chance.choice((200, 1_000, 4_000))]
    for _ in range(chance.randrange(1, 8)):
        i, j = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        match chance.randrange(6):
            case 0:
                text = text[:i] + text[j:][: chance.choice((5, 4_000))]
            case 1:
                text = text[:j] + text[i:j][:500] + text[j:]
            case 2:
                text = text[j:] + text[:j]
            case 3:
                other = chance.choice([*EDITIONS.values(), *YAML.values()])
                at = chance.randrange(len(other))
                text = text[:i] + other[at : at + 200] + text[i:]
            case 4:
                data = bytearray(text.encode("utf-8", "surrogatepass"))
                for _ in range(chance.randrange(1, 4)):
                    if data:
                        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                text = data.decode("utf-8", "replace")
            case _:
                text = text[:i] + chance.choice(SIGNS) + text[i:]
    return text


def pieces(texts: list[str]) -> st.SearchStrategy[str]:
    """Mutated pieces of `texts`."""
    return st.builds(
        lambda text, seed: mutated(text, random.Random(seed)),
        st.sampled_from(texts),
        st.integers(0, 2**32),
    )


WORDS = st.sampled_from((*SIGNS, "mot", "Un", "fin.", " "))
RANDOM = st.one_of(st.lists(WORDS, max_size=40).map("".join), st.text(max_size=200))
MATTER = "---\nid: t\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\n---\n\n"
BODIES = st.one_of(RANDOM, pieces([text.split("\n---\n", 1)[1] for text in EDITIONS.values()]))
RAW = st.one_of(
    RANDOM.map(lambda text: text.encode("utf-8", "surrogatepass")),
    pieces([data.decode() for data in WITNESSES.values()]).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
    st.binary(max_size=200),
)


# ---------------------------------------------------------------- recover


@given(RAW)
@example(b"[x](https://x.y)*a")
@tried(SHARES["recover"], 60)
def test_a_raw_text_is_refused_or_makes_a_draft_that_loses_nothing(data: bytes) -> None:
    with no_hang():
        try:
            lines = lines_of(data, "t.txt")
        except Unsound as error:
            assert [finding.code for finding in error.findings] == ["E002"]
            return
        witness = Witness("t.txt", lines, len(data), "")
        draft = recover_text(witness, "t", {"Lénine": "lenine"})
        assert collate(draft, witness, "t.md").findings == ()
        if draft.blocks:
            assert loads(dumps(draft)) == draft


# ---------------------------------------------------------------- the edition


@given(BODIES)
@example("::: {.quote " + "a=b" * 30 + "}x\nw\n:::")
@tried(SHARES["edition"], 120)
def test_an_edition_is_told_what_is_wrong_or_keeps_every_letter(body: str) -> None:
    with no_hang():
        document, findings = parse(MATTER + body, "t.md")
        lines = len(re.split("[\n\r]", MATTER + body))
        assert all(0 < finding.line <= lines for finding in findings)
        if document is None or findings:
            return
        assert letters(MARKUP.sub("", body)) - letters(_written(document)) == Counter()
        try:
            again = dumps(document)
        except ArchiveError as error:  # emphasis that Markdown cannot write: told, never written
            assert "cannot be written" in str(error)
            return
        assert loads(again) == document
        assert dumps(loads(again)) == again


MARKUP = re.compile(
    r"(?<=\{\.)(corr|name|ref|doubt|gap|pb|stage)\b|\b(sic|why|key|to|n|speaker)="
    r"|(?m:^[> \t-]*:{3,}\s*\{?\.?(quote|stage|dateline|standfirst|box)\b)"
)
"""Names that markup has, where they stand as such."""


def letters(text: str) -> Counter[str]:
    """How often a text has each letter and figure."""
    return Counter(char for char in text if char.isalnum())


def _written(document: d.Document) -> str:
    """Every word that a document says, its labels, keys and targets too."""
    said: list[str] = []
    notes = document.notes
    for block in (*document.blocks, *(b for note in notes for b in note.blocks)):
        said += block.speakers if not block.continues else ()
        for inline in walk(block.content):
            match inline:
                case d.Text(text) | d.Superscript(text):
                    said.append(text)
                case d.NoteCall(label):
                    said.append(f" {label} ")
                case d.PageBreak(number):
                    said.append(f" {number} ")
                case d.Emendation(reading, witness, why):
                    said.append(f"{reading} {witness} {why} ")
                case d.Doubt(_, why) | d.Gap(why):
                    said.append(f" {why} ")
                case d.Link(content, target) if content != (d.Text(target),):
                    said.append(f" {target} ")
                case d.Name(_, key):
                    said.append(f" {key} ")
                case _:
                    pass
        said.append("\n")
    said += (f" {note.label} " for note in notes)
    return "".join(said)


@given(pieces(list(EDITIONS.values())), st.booleans())
@tried(SHARES["front matter"], 30)
def test_a_front_matter_is_told_what_is_wrong(text: str, begun: bool) -> None:
    with no_hang():
        document, findings = parse(text if begun else f"---\n{text}", "t.md")
        assert document is not None or findings


# ---------------------------------------------------------------- witness against edition


@given(st.sampled_from(sorted(EDITIONS)), st.integers(0, 2**32))
@tried(SHARES["collate"], 12)
def test_a_changed_edition_is_collated_and_its_changes_recorded(text_id: str, seed: int) -> None:
    """A short text, and what a person may do to it: nothing is lost that is not told."""
    chance = random.Random(seed)
    lines = WITNESSES[text_id].decode().split("\n")
    start = chance.randrange(max(1, len(lines) - 40))
    data = "\n".join(lines[start : start + chance.randrange(3, 40)]).encode()
    with no_hang():
        witness = Witness("t.txt", lines_of(data, "t.txt"), len(data), "")
        draft = recover_text(witness, "t")
        if not draft.blocks:
            return
        matter, body = dumps(draft).split("\n---\n", 1)
        changed = f"{matter}\n---\n\n{mutated(body, chance)}"
        document, findings = parse(changed, "t.md")
        if document is None or findings:
            return
        collation = collate(document, witness, "t.md")
        kept = bare(NOT_TEXT.sub("", "".join(witness.lines)))
        if not collation.findings:
            said = "".join(bare(reading_text(b.content)) for b in document.blocks)
            assert set(kept) <= set(said + "".join(map(str, document.notes)) + str(document.meta))
        recorded = declare(changed, "t.md", collation.differences)
        assert len(recorded.done) + len(recorded.left) == len(collation.differences)
        assert parse(recorded.text, "t.md")[0] is not None


# ---------------------------------------------------------------- typography and names


@given(BODIES)
@tried(SHARES["typography"], 80)
def test_a_text_is_set_with_all_its_letters(text: str) -> None:
    with no_hang():
        words = NOT_TEXT.sub("", text)
        assert _letters(typeset(words)) == _letters(words)
        html = HtmlRenderer(lambda target: target).html((d.Text(words),))
        assert "<script" not in html
        assert _letters(html.striptags()) == _letters(words)
        FormMatcher(()).find(words, "t")


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


# ---------------------------------------------------------------- YAML


@given(st.one_of(RANDOM, pieces(list(YAML.values()))), st.sampled_from(sorted(KINDS)))
@tried(SHARES["yaml"], 80)
def test_an_authority_file_is_read_or_told_what_is_wrong(text: str, kind: str) -> None:
    text = text.encode("utf-8", "replace").decode()  # as it comes from a file
    with no_hang():
        value, found = read_yaml(text, "x.yaml")
        entries, more = read_entries(value, kind, "x.yaml")
        named, clashes = by_key(entries)
        _, others = read_unclaimed(text, "x.yaml")
        assert len(named) == len(entries)
        assert all(isinstance(f, Finding) for f in (*found, *more, *clashes, *others))
        list(FormMatcher(named.values()).clashes())


# ---------------------------------------------------------------- the command

URLS = ("https://e.fr/", "x", "", "javascript:x", "https://e.fr/?a", "http://[", "\0")
COMMANDS = st.one_of(
    st.just(["check"]),
    st.just(["check", "--record"]),
    st.sampled_from(["text", "json", "github"]).map(lambda form: ["check", "--format", form]),
    st.text("EW0123456789é", max_size=5).map(lambda code: ["check", "--explain", code]),
    st.just(["build", "--no-exports"]),
    st.sampled_from(URLS).map(lambda url: ["build", "--no-exports", "--base-url", url]),
    st.sampled_from(["t", "", "../x", "A", "con", "a/b", "\0"]).map(
        lambda text_id: ["recover", "--id", text_id]
    ),
    st.lists(st.sampled_from(["build", "check", "-o", "--id", "--port", "x", "--record", "-"])),
)


@given(COMMANDS, st.integers(0, 2**32))
@tried(SHARES["command"], 12)
def test_the_command_ends_with_0_1_or_2_whatever_the_corpus(command: list[str], seed: int) -> None:
    chance = random.Random(seed)
    with TemporaryDirectory() as folder, no_hang():
        root = Path(shutil.copytree(GOLDEN / "corpus", Path(folder) / "corpus"))
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            if chance.random() < 0.3:
                path.write_bytes(_spoilt(path.read_bytes(), chance))
        before = {path: path.read_bytes() for path in (root / "witnesses").iterdir()}
        code = _ended(_arguments(command, root, chance))
        assert code in (0, 1, 2)
        for path, data in before.items():
            assert path.read_bytes() == data or path.name == "SHA256SUMS"
        findings_of(root)
        forms_of_people(root)


def _spoilt(data: bytes, chance: random.Random) -> bytes:
    if not data or chance.random() < 0.1:
        return b""
    text = data.decode("utf-8", "replace")
    i = chance.randrange(len(text) + 1)
    changed = chance.choice(
        (
            lambda: text[:i] + chance.choice(SIGNS) + text[i:],
            lambda: text[:i],
            lambda: mutated(text, chance),
            lambda: text.replace("\n", "\r\n"),
            lambda: "\ufeff" + text,
        )
    )()
    return changed.encode("utf-8", "surrogatepass")


def _arguments(command: list[str], root: Path, chance: random.Random) -> list[str]:
    """The call, in the corpus's own folder."""
    match command:
        case ["check", "--explain", *_]:
            return command
        case ["check" | "build" as verb, *options]:
            output = ["-o", str(root.parent / "build")] if verb == "build" else []
            return [verb, *output, str(root), *options]
        case ["recover", *options]:
            raw = root.parent / "raw.txt"
            raw.write_bytes(
                mutated(chance.choice(list(WITNESSES.values())).decode(), chance).encode(
                    "utf-8", "surrogatepass"
                )
            )
            return ["recover", str(raw), "-C", str(root), *options]
        case _:
            return ["--", *command]


def _ended(arguments: list[str]) -> int:
    try:
        return main(arguments)
    except SystemExit as stop:  # a wrong call is argparse's
        return int(stop.code or 0)
