"""What `recover` brings into a corpus: a file of any kind, as it was received, with its text."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from archive_site.cli.main import main
from archive_site.files.layout import RECEIVED
from archive_site.recover.import_witness import SAID_OF_PLAIN
from archive_site.recover.printed import draft
from archive_site.sources.encodings import ENCODINGS, encoding_of
from archive_site.text.document import Document
from layouts import make

WORDS = "Nous avons reçu votre lettre du 3 mai."
TEI = f"""<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>Lettre</title></titleStmt></fileDesc></teiHeader>
<text xml:lang="fr"><body><p>{WORDS}</p></body></text></TEI>"""
HTML = f"""<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Lettre</title></head>
<body><h1>Lettre</h1><p>{WORDS}</p></body></html>"""


def pdf() -> tuple[bytes, str]:
    """A PDF, and words that it has in one line."""
    made, truth = make.agreeing("one", "essay", "typst", "3")
    paragraph = next(b["text"] for b in truth["blocks"] if b["type"] == "paragraph")
    return made.pdf, " ".join(paragraph.split()[:3])


@pytest.fixture(params=["tei", "html", pytest.param("pdf", marks=pytest.mark.slow)])
def received(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """A file as it was received, and words of it."""
    data, words = {
        "tei": lambda: (TEI.encode(), WORDS),
        "html": lambda: (HTML.encode(), WORDS),
        "pdf": pdf,
    }[request.param]()
    path = tmp_path / f"lettre.{'xml' if request.param == 'tei' else request.param}"
    path.write_bytes(data)
    return path, words


def imported(source: Path) -> Path:
    """A corpus with the draft of `source`."""
    corpus = source.parent / "corpus"
    assert main(["recover", str(source), "-C", str(corpus)]) == 0
    (corpus / "site.yaml").write_text("title: Essai\n", "utf-8")
    return corpus


def check(corpus: Path) -> int:
    return main(["check", str(corpus), "--no-exports"])


def test_what_was_received_is_kept_and_the_draft_builds(received: tuple[Path, str]) -> None:
    source, words = received
    corpus = imported(source)
    assert (corpus / "witnesses" / source.name).read_bytes() == source.read_bytes()
    sums = (corpus / "witnesses" / "SHA256SUMS").read_text("utf-8").split()
    assert sums[1::2] == [source.name, f"{source.name}.json", f"{source.name}.txt"]
    site = source.parent / "site"
    assert main(["build", str(corpus), "-o", str(site), "--no-exports"]) == 0
    page = (site / "textes" / "lettre" / "index.html").read_text("utf-8")
    assert words in " ".join(BeautifulSoup(page, "html.parser").get_text().split())


def test_the_text_of_a_witness_can_be_derived_again(
    received: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    source, _ = received
    corpus = imported(source)
    kept = corpus / "witnesses" / source.name
    text = kept.with_name(f"{source.name}.txt")
    derived = text.read_bytes()

    text.write_bytes(derived.replace(b" ", b"  ", 1))
    assert check(corpus) == 1
    said = capsys.readouterr().out
    assert f"must be the file that was derived from {source.name}" in said
    assert f"Delete it and derive it again: archive-site recover {kept} -C {corpus}." in said

    text.write_bytes(derived)
    places = kept.with_name(f"{source.name}.json")
    derived_places = places.read_bytes()
    places.write_bytes(derived_places + b"\n")
    assert check(corpus) == 1
    assert f"{places}: E004" in capsys.readouterr().out
    places.write_bytes(derived_places)
    edition = (corpus / "editions" / "lettre.md").read_bytes()
    for missing in ([places], [text], [text, places]):
        for path in missing:
            path.unlink()
        assert check(corpus) == 1
        said = capsys.readouterr().out
        assert all(f"{path.name}, beside it; found none" in said for path in missing)
        assert f"Derive it again: archive-site recover {kept} -C {corpus}" in said

        assert main(["recover", str(kept), "-C", str(corpus)]) == 0
        assert text.read_bytes() == derived
        assert places.read_bytes() == derived_places
        assert (corpus / "editions" / "lettre.md").read_bytes() == edition
        assert check(corpus) == 0


def by_another_version(corpus: Path, name: str, old: str, new: str) -> tuple[Path, Path]:
    """Have the text and the places of a witness as another version would have derived them. The
    edition is that of this text."""
    text, places = (corpus / "witnesses" / f"{name}.{ending}" for ending in ("txt", "json"))
    edition = corpus / "editions" / "lettre.md"
    for path in (text, edition):
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    record = json.loads(places.read_text("utf-8"))
    record |= {"rule": "rule 0"} | ({"reader": "reader 0"} if "reader" in record else {})
    places.write_text(json.dumps(record), "utf-8")
    sums = corpus / "witnesses" / "SHA256SUMS"
    kept = [path for path in sums.parent.iterdir() if path != sums]
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in kept)
    sums.write_text("".join(lines), "utf-8")
    return text, places


def test_a_text_that_another_version_derived_can_be_derived_anew(
    received: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    source, words = received
    corpus = imported(source)
    old = words.split()[1]
    text, places = by_another_version(corpus, source.name, old, f"{old}X")
    edition = (corpus / "editions" / "lettre.md").read_bytes()
    assert check(corpus) == 0
    capsys.readouterr()

    assert main(["recover", str(source), "-C", str(corpus)]) == 1
    said = capsys.readouterr().err
    assert f"{text} was derived by rule 0" in said
    assert f"Delete {text} and {places}, and recover it again" in said

    text.unlink()
    places.unlink()
    assert main(["recover", str(source), "-C", str(corpus)]) == 0
    assert (corpus / "editions" / "lettre.md").read_bytes() == edition
    capsys.readouterr()
    assert check(corpus) == 1
    told = capsys.readouterr().out
    assert "E034" in told and "E004" not in told


def test_places_that_another_version_found_stay(received: tuple[Path, str]) -> None:
    """The text is the same, so that nothing is to be proved anew."""
    source, words = received
    corpus = imported(source)
    same = words.split()[1]
    _, places = by_another_version(corpus, source.name, same, same)
    before = places.read_bytes()
    assert main(["recover", str(source), "-C", str(corpus)]) == 0
    (corpus / "editions" / "lettre.md").unlink()
    assert main(["recover", str(source), "-C", str(corpus)]) == 0
    assert places.read_bytes() == before
    assert check(corpus) == 0


def test_a_derived_text_that_was_changed_is_told_from_another_version(
    received: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    source, _ = received
    text = imported(source) / "witnesses" / f"{source.name}.txt"
    text.write_bytes(text.read_bytes() + b"Ajout.\n")
    assert main(["recover", str(source), "-C", str(text.parent.parent)]) == 1
    said = capsys.readouterr().err
    assert f"{text} is not what is derived from {source}: it was changed since" in said


def test_a_page_that_was_received_is_no_page_of_the_site(tmp_path: Path) -> None:
    source = tmp_path / "lettre.html"
    source.write_text(HTML, "utf-8")
    corpus, site = imported(source), tmp_path / "site"
    assert main(["build", str(corpus), "-o", str(site), "--no-exports"]) == 0
    assert (site / "data" / "witnesses" / "lettre.html").read_text("utf-8") == HTML
    assert "data/" not in (site / "sitemap.xml").read_text("utf-8")
    page = BeautifulSoup((site / "textes/lettre/index.html").read_bytes(), "html.parser")
    links = page.find_all("a", href="../../data/witnesses/lettre.html")
    assert links
    assert all(link.has_attr("download") for link in links)


def test_another_witness_of_the_name_is_left_alone(tmp_path: Path) -> None:
    source = tmp_path / "lettre.xml"
    source.write_text(TEI, "utf-8")
    corpus = imported(source)
    before = sorted(path.name for path in (corpus / "witnesses").iterdir())
    page = tmp_path / "lettre.html"
    page.write_text(HTML, "utf-8")
    assert main(["recover", str(page), "-C", str(corpus)]) == 0
    assert sorted(path.name for path in (corpus / "witnesses").iterdir()) == before


# ---------------------------------------------------------------- texts that are no UTF-8

ACCENTS = "« J’ai reçu, à l’été, votre thèse : où est le reste ? »"
ISO = "« Le cœur, les sœurs, l'œuvre : où est le reste, à l'été ? »"
"""Words that Windows-1252 would have otherwise."""


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_is_read_in_the_encoding_of_its_words(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = {"iso8859-15": ISO, "cp850": ACCENTS.replace("’", "'")}.get(encoding, ACCENTS)
    source = tmp_path / "lettre.txt"
    source.write_bytes(f"{words}\r\n\r\nAdieu.\r\n".encode(encoding))
    corpus = imported(source)
    assert f"read as {ENCODINGS[encoding]}" in capsys.readouterr().out
    kept = corpus / "witnesses" / f"lettre.{encoding}"
    assert kept.read_bytes() == source.read_bytes()
    assert kept.with_name(f"{kept.name}.txt").read_text("utf-8") == f"{words}\n\nAdieu.\n"
    assert words in (corpus / "editions" / "lettre.md").read_text("utf-8")
    assert check(corpus) == 0
    assert main(["recover", str(kept), "-C", str(corpus)]) == 0
    assert "a new draft would be the same" in capsys.readouterr().out


def test_every_encoding_is_an_ending_of_witnesses() -> None:
    assert ENCODINGS.keys() <= set(RECEIVED)


@pytest.mark.parametrize(
    "data",
    [
        "Un été.".encode("cp1252"),  # one word proves nothing
        "Gödel, Łukasiewicz, Šalda, Čapek.".encode("cp1250"),
        "Было это в октябре, в Петрограде.".encode("koi8-r"),
        "Ceci est à moitié".encode() + " de l’été passé, déjà".encode("cp1252"),
        b"\xe9\xff\x00\x01 \xe9t\xe9 \xe0",
        b"\xff\xfea",
    ],
)
def test_a_text_in_an_uncertain_encoding_is_refused(data: bytes, tmp_path: Path) -> None:
    source = tmp_path / "lettre.txt"
    source.write_bytes(data)
    assert not encoding_of(data)
    assert main(["recover", str(source), "-C", str(tmp_path / "corpus")]) == 1
    assert not (tmp_path / "corpus").exists()


# ---------------------------------------------------------------- the pages of a TEI file

PAGED = {
    "folios": '<pb n="1"/><p>Un alinéa.</p><pb n="2"/><p>Il va <pb n="3"/>au bout.</p>',
    "a later folio": '<p>Un alinéa.</p><pb n="4"/><p>Un autre.</p>',
    "roman first": '<pb n="xii"/><p>Un.</p><pb n="xiii"/><p>Deux.</p><pb n="1"/><p>Fin.</p>',
    "leaves": '<pb n="1r"/><p>Un.</p><pb n="1v"/><p>Deux.</p>',
    "anew in each part": '<pb n="1"/><p>Un.</p><pb n="2"/><p>Deux.</p><pb n="1"/><p>Trois.</p>',
    "counted": '<pb n="[7]"/><p>Un.</p><pb n="[9]"/><p>Deux.</p>',
    "empty pages": '<pb n="1"/><pb n="2"/><p>Un.</p><pb n="3"/><pb n="4"/><p>Deux.</p><pb n="5"/>',
    "no line can end there": '<pb n="1"/><pb n="2"/><p>Un mot qu\'<pb n="3"/>il faut.</p>',
}


@pytest.mark.parametrize("body", PAGED.values(), ids=PAGED)
def test_the_folios_of_a_tei_file_are_as_it_states_them(body: str, tmp_path: Path) -> None:
    source = tmp_path / "lettre.xml"
    source.write_text(TEI.replace(f"<p>{WORDS}</p>", body), "utf-8")
    corpus = imported(source)
    edition = (corpus / "editions" / "lettre.md").read_text("utf-8")
    stated = re.findall('<pb n="(.+?)"/>', body)
    assert re.findall(r'\[\]\{\.pb n="(.+?)"\}', edition) == stated
    assert main(["check", str(corpus)]) == 0
    assert main(["build", str(corpus), "-o", str(tmp_path / "site")]) == 0


def test_a_page_break_of_a_tei_file_stays_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "lettre.xml"
    source.write_text(TEI.replace(f"<p>{WORDS}</p>", PAGED["folios"]), "utf-8")
    corpus = imported(source)
    edition = corpus / "editions" / "lettre.md"
    found, mark = edition.read_text("utf-8"), '[]{.pb n="3"}'
    edition.write_text(found.replace(mark, "").replace("Il va", f"Il {mark}va"), "utf-8")
    assert check(corpus) == 1
    assert "E050" in capsys.readouterr().out


# ---------------------------------------------------------------- a structure that is not proved


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_plain_draft_is_told(
    encoding: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    source = tmp_path / "lettre.txt"
    source.write_bytes(f"LETTRE\n\n{WORDS} Elle a été lue à l’assemblée.\n".encode(encoding))
    imported(source)
    assert SAID_OF_PLAIN not in capsys.readouterr().out

    whole = draft.document_of

    def loses_a_block(*args: Any, **more: Any) -> Document:
        document = whole(*args, **more)
        return replace(document, blocks=document.blocks[1:])

    monkeypatch.setattr(draft, "document_of", loses_a_block)
    (tmp_path / "corpus" / "editions" / "lettre.md").unlink()
    imported(source)
    said = capsys.readouterr().out
    assert SAID_OF_PLAIN in said
    assert ("read as Windows-1252" in said) == (encoding == "cp1252")
    assert check(tmp_path / "corpus") == 0
