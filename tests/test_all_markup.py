"""One text that has all an edition may have, taken through every command, page and format."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import is_dataclass, replace
from inspect import getmembers, isclass
from io import BytesIO
from pathlib import Path
from typing import get_args
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from msgspec import Struct
from pypdf import PdfReader

from archive_site.cli.main import main
from archive_site.edition.format import dumps, loads
from archive_site.sources.tei import read_tei
from archive_site.text import document
from archive_site.text.document import Block, Citation, Document
from archive_site.text.numerals import marker_of
from archive_site.text.reading import reading_text, walk, witness_text
from strategies import without_comments

GIVEN = Path(__file__).parent / "all_markup"
TEXT = "de-tout"


@pytest.fixture(scope="module")
def text() -> Document:
    return loads((GIVEN / "editions" / f"{TEXT}.md").read_text("utf-8"))


def blocks_of(text: Document) -> list[Block]:
    """All blocks of a text, those of its notes last."""
    return [*text.blocks, *(block for note in text.notes for block in note.blocks)]


def marked(block: Block) -> str:
    """What lists print before a block that begins items of theirs."""
    begun = block.within[block.shared :]
    return "".join(f"{marker_of(c)} " for c in begun if c.kind == "list-item")


def labelled(text: Document) -> Document:
    """A text whose notes all have their labels in the file."""
    return replace(text, notes=tuple(replace(note, inline=False) for note in text.notes))


@pytest.fixture(scope="module")
def root(text: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of this one text: its witness is what its edition says that it has."""
    root = tmp_path_factory.mktemp("all-markup") / "corpus"
    shutil.copytree(GIVEN, root)
    lines = [marked(block) + witness_text(block.content) for block in blocks_of(text)]
    omitted = text.meta.omissions[0]
    lines.insert(omitted.first - 1, "12 DE TOUT")
    witness = "\n".join(lines).encode() + b"\n"
    (root / "witnesses").mkdir()
    (root / "witnesses" / f"{TEXT}.txt").write_bytes(witness)
    sums = f"{hashlib.sha256(witness).hexdigest()}  {TEXT}.txt\n"
    (root / "witnesses" / "SHA256SUMS").write_text(sums, "utf-8")
    return root


@pytest.fixture(scope="module")
def built(root: Path) -> Path:
    """Its site, built twice: what is kept of every record is read back."""
    output = root.parent / "build"
    call = ["build", str(root), "-o", str(output)]
    assert main(call) == 0
    edition = root / "editions" / f"{TEXT}.md"
    edition.write_text(edition.read_text("utf-8") + "\n", "utf-8")
    assert main(call) == 0
    return output


def squeezed(words: str) -> str:
    """Letters and figures alone: what no format may lose or add."""
    return re.sub(r"[\W_]", "", words)


# ---------------------------------------------------------------- the text has everything


def test_it_has_every_record_and_every_kind_of_block(text: Document) -> None:
    records = {
        kind
        for _, kind in getmembers(document, isclass)
        if (is_dataclass(kind) or issubclass(kind, Struct)) and kind.__module__ == document.__name__
    }
    here: set[type] = {type(inline) for block in blocks_of(text) for inline in walk(block.content)}
    here |= {type(record) for record in (*text.blocks, *text.notes, text, text.meta)}
    here |= {type(record) for record in (*text.meta.omissions, *text.meta.revisions)}
    here |= {type(text.meta.creator), type(text.meta.date), document.Source, document.Original}
    cited = [i for b in blocks_of(text) for i in walk(b.content) if isinstance(i, Citation)]
    here |= {type(work) for citation in cited for work in citation.works}
    here |= {type(container) for block in text.blocks for container in block.within}
    here |= {type(part) for part in document.nested(text.blocks)}
    here |= {type(block.table) for block in text.blocks if block.table}
    here |= {type(block.picture) for block in text.blocks if block.picture}
    assert here == records
    assert {block.kind for block in text.blocks} == set(get_args(document.BlockKind))
    inside = {container.kind for block in text.blocks for container in block.within}
    assert inside == set(get_args(document.ContainerKind))
    default_block = Block("paragraph", ())
    for name in default_block.__slots__:
        assert any(getattr(b, name) != getattr(default_block, name) for b in text.blocks), name
    assert any(note.inline for note in text.notes)
    assert any(block.continues for block in text.blocks)
    assert any(c.kind == "box" for block in text.blocks for c in block.within)
    assert {note.kind for note in text.notes} >= {"author", "editor"}
    default = document.Meta("", document.Claim(), "essay")
    same = {
        name for name in default.__slots__ if getattr(text.meta, name) == getattr(default, name)
    }
    assert same == {"language", "notes", "order"}


def test_check_and_build_find_nothing(
    root: Path, built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(root), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["check", str(root), "--record"]) == 0


# ---------------------------------------------------------------- the page


def test_the_page_has_every_word_and_every_line(text: Document, built: Path) -> None:
    page = (built / "textes" / TEXT / "index.html").read_text("utf-8")
    read = BeautifulSoup(page, "html.parser")
    for block in text.blocks:
        shown = read.find(id=block.id)
        assert shown is not None, block.id
        for aside in shown.select(".gap, .call, .doubt-call, .cited"):
            aside.decompose()  # no word of the block
        assert squeezed(reading_text(block.content)) in squeezed(shown.get_text())
        breaks = sum(isinstance(i, document.LineBreak) for i in walk(block.content))
        lines = shown.find_all("tr")[1:] if block.table else shown.find_all("br")
        assert len(lines) == breaks
    for note in text.notes:
        shown = read.find(id=f"note-{note.label}")
        assert shown is not None
        for block in note.blocks:
            assert squeezed(reading_text(block.content)) in squeezed(shown.get_text())


def test_every_page_is_there(built: Path) -> None:
    of_text = built / "textes" / TEXT
    for page in ("etablissement", "source"):
        assert (of_text / page / "index.html").is_file()
    for page in ("personnes/durand", "personnes/morel", "chronologie/1917"):
        assert TEXT in (built / page / "index.html").read_text("utf-8")


# ---------------------------------------------------------------- every format, and back


def test_the_formats_that_read_back(text: Document, built: Path) -> None:
    of_text = built / "textes" / TEXT
    markdown = (of_text / f"{TEXT}.md").read_text("utf-8")
    assert loads(markdown) == without_comments(text)
    assert dumps(loads(dumps(loads(markdown)))) == dumps(loads(markdown))
    assert read_tei((of_text / f"{TEXT}.xml").read_bytes(), "x.xml", "x.xml") == labelled(
        without_comments(text)
    )


def test_no_comment_is_published(root: Path, built: Path) -> None:
    assert "commentaire" in (root / "editions" / f"{TEXT}.md").read_text("utf-8")
    for path in (path for path in built.rglob("*") if path.is_file()):
        assert b"un commentaire" not in path.read_bytes(), path
        assert b"trois ?" not in path.read_bytes(), path
    sums = json.loads((built / "data" / "datapackage.json").read_text("utf-8"))["resources"]
    (said,) = (r for r in sums if r["path"] == f"editions/{TEXT}.md")
    data = (built / "data" / "editions" / f"{TEXT}.md").read_bytes()
    assert said["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_the_formats_that_are_read(text: Document, built: Path) -> None:
    of_text = built / "textes" / TEXT
    with ZipFile(BytesIO((of_text / f"{TEXT}.epub").read_bytes())) as book:
        chapters = [book.read(name) for name in book.namelist() if name.endswith(".xhtml")]
    epub = " ".join(BeautifulSoup(data, "html.parser").get_text() for data in chapters)
    pages = PdfReader(of_text / f"{TEXT}.pdf").pages
    pdf = " ".join(page.extract_text() for page in pages)
    plain = (of_text / f"{TEXT}.txt").read_text("utf-8")
    said = json.loads((of_text / f"{TEXT}.json").read_text("utf-8"))
    assert "commentaire" not in epub + pdf + plain + str(said)
    assert [block["text"] for block in said["blocks"]]
    data = " ".join(block.get("reading", block["text"]) for block in said["blocks"])
    data += " ".join(note["text"] for note in said["notes"])
    for block in blocks_of(text):
        # A raised letter stands apart in a PDF, wherever its line is.
        content = tuple(i for i in block.content if not isinstance(i, document.Superscript))
        for word in reading_text(content).split():
            for name, words in {"epub": epub, "pdf": pdf, "txt": plain, "json": data}.items():
                assert squeezed(word).casefold() in squeezed(words).casefold(), (name, word)
