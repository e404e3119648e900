"""What OCR has read: ALTO, PAGE and hOCR give the same lines; Tesseract reads pictures."""

from __future__ import annotations

import io
import json
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from archive_site.cli.main import main
from archive_site.edition.format import dumps, loads
from archive_site.findings import ArchiveError, NotPossible, Unsound
from archive_site.recover.printed.draft import recover_printed
from archive_site.sources.ocr import tesseract
from archive_site.sources.pdf import pictured, read_raw
from archive_site.sources.received import Received, read_received
from archive_site.text.document import Document, Doubt, Emendation, NoteCall
from archive_site.text.reading import walk, witness_text
from archive_site.witness.collate import collate
from archive_site.witness.witness import Witness
from examples import examples

Line = tuple[int, int, str]
"""Where a line begins (left, baseline, in pixels), and its words."""
LINES: Sequence[Line] = (
    (200, 300, "Nous avons reçu votre lettre du 3 mai,"),
    (200, 360, "et le comité se réunit demain."),
)
SIZE = 50
"""The size of the type, in pixels: 12 points at 300 dpi."""
LETTER = 0.5 * SIZE


def words(line: Line, size: int = SIZE) -> Iterator[tuple[str, int, int, int, int]]:
    """The words of a line with their boxes: left, top, right, bottom."""
    left, baseline, text = line
    for word in text.split():
        right = left + round(LETTER * size / SIZE * len(word))
        deep = any(c in "gjpqyç" for c in word) or "(" in word
        tall = any(c.isupper() or c.isdigit() or c in "bdfhklé" for c in word)
        top = baseline - round((0.7 if tall else 0.45) * size)
        yield word, left, top, right, baseline + round(0.21 * size * deep)
        left = right + round(LETTER * size / SIZE)


def alto(
    pages: Sequence[Sequence[Line]],
    namespace: str = "http://www.loc.gov/standards/alto/ns-v3#",
    unit: str = "pixel",
    sure: float = 0.95,
) -> bytes:
    per = {"pixel": 1.0, "mm10": 254 / 300, "inch1200": 4.0}[unit]

    def line(line: Line) -> str:
        strings = [
            f'<String CONTENT="{escape(w)}" HPOS="{a * per}" VPOS="{b * per}" '
            f'WIDTH="{(c - a) * per}" HEIGHT="{(d - b) * per}" WC="{sure}"/>'
            for w, a, b, c, d in words(line)
        ]
        return f"<TextLine>{'<SP/>'.join(strings)}</TextLine>"

    body = "".join(
        f'<Page WIDTH="{2480 * per}" HEIGHT="{3508 * per}"><PrintSpace><TextBlock>'
        f"{''.join(map(line, page))}</TextBlock></PrintSpace></Page>"
        for page in pages
    )
    return (
        f'<alto xmlns="{namespace}"><Description><MeasurementUnit>{unit}</MeasurementUnit>'
        "<OCRProcessing><ocrProcessingStep><processingSoftware><softwareName>Lecteur</softwareName>"
        "<softwareVersion>2.1</softwareVersion></processingSoftware></ocrProcessingStep>"
        f"</OCRProcessing></Description><Layout>{body}</Layout></alto>"
    ).encode()


def page_xml(lines: Sequence[Line], year: str = "2019-07-15", *, by_word: bool = True) -> bytes:
    def coords(a: int, b: int, c: int, d: int) -> str:
        return f'<Coords points="{a},{b} {c},{b} {c},{d} {a},{d}"/>'

    def line(line: Line) -> str:
        boxes = list(words(line))
        whole = coords(boxes[0][1], line[1] - SIZE, boxes[-1][3], line[1] + 12)
        text = f"<TextEquiv><Unicode>{escape(line[2])}</Unicode></TextEquiv>"
        inner = "".join(
            f'<Word>{coords(*box)}<TextEquiv conf="0.9"><Unicode>{escape(w)}</Unicode></TextEquiv>'
            "</Word>"
            for w, *box in boxes
        )
        base = f'<Baseline points="{line[0]},{line[1]} {boxes[-1][3]},{line[1]}"/>'
        return f"<TextLine>{whole}{base}{inner if by_word else ''}{text}</TextLine>"

    return (
        f'<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/{year}">'
        '<Page imageWidth="2480" imageHeight="3508" imageXResolution="300"><TextRegion id="r">'
        f"{''.join(map(line, lines))}</TextRegion></Page></PcGts>"
    ).encode()


def hocr(pages: Sequence[Sequence[Line]], *, letters: bool = False) -> bytes:
    def word(w: str, a: int, b: int, c: int, d: int) -> str:
        step = (c - a) / len(w)
        inner = "\n".join(
            f"<span class='ocrx_cinfo' title='x_bboxes {round(a + n * step)} {b} "
            f"{round(a + (n + 1) * step)} {d}'>{escape(char)}</span>"
            for n, char in enumerate(w)
        )
        shown = inner if letters else escape(w)
        return f"<span class='ocrx_word' title='bbox {a} {b} {c} {d}; x_wconf 91'>{shown}</span>"

    def line(line: Line) -> str:
        boxes = list(words(line))
        a, c = boxes[0][1], boxes[-1][3]
        b, d = min(box[2] for box in boxes), max(box[4] for box in boxes)
        title = f"bbox {a} {b} {c} {d}; baseline 0 {line[1] - d}"
        return f'<span class="ocr_line" title="{title}">{" ".join(word(*x) for x in boxes)}</span>'

    body = "".join(
        '<div class="ocr_page" title="bbox 0 0 2480 3508; scan_res 300 300"><p class="ocr_par">'
        f"{''.join(map(line, page))}</p></div>"
        for page in pages
    )
    head = '<meta charset="utf-8"><meta name="ocr-system" content="tesseract 5.3.0">'
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def texts(data: bytes, name: str = "x.xml") -> list[str]:
    return list(read_received(data, name, name).lines)


FILES = {
    "alto 2": alto([LINES], "http://www.loc.gov/standards/alto/ns-v2#"),
    "alto 3": alto([LINES]),
    "alto 4, tenths of millimetres": alto(
        [LINES], "http://www.loc.gov/standards/alto/ns-v4#", "mm10"
    ),
    "alto without a namespace": alto([LINES], "", "inch1200"),
    "page 2013": page_xml(LINES, "2013-07-15"),
    "page 2019": page_xml(LINES),
    "page, lines only": page_xml(LINES, by_word=False),
    "hocr": hocr([LINES]),
    "hocr with boxes of characters": hocr([LINES], letters=True),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_format_gives_the_same_lines(kind: str) -> None:
    received = read_received(FILES[kind], "lettre.xml", "lettre.xml")
    assert list(received.lines) == [text for _, _, text in LINES]
    assert received.ending == ("hocr" if "hocr" in kind else "xml")
    (page,) = received.pages
    assert page.scanned
    first = page.lines[0]
    assert first.left == pytest.approx(200 * 0.24, abs=1)
    assert first.baseline == pytest.approx(300 * 0.24, abs=1)
    assert first.size == pytest.approx(12, abs=1.5)


def test_the_corpus_keeps_words_with_their_places_and_confidence() -> None:
    files = dict(read_received(alto([LINES]), "a.xml", "a.xml").files("a.xml", b""))
    assert list(files) == ["a.xml", "a.xml.txt", "a.xml.json"]
    record = json.loads(files["a.xml.json"])
    assert (record["rule"], record["ocr"]) == ("ocr 1", "Lecteur 2.1")
    assert [len(line) for line in record["words"]] == [len(text.split()) for _, _, text in LINES]
    left, right, sure = record["words"][0][0]
    assert (left, right, sure) == (pytest.approx(48, abs=1), pytest.approx(72, abs=1), 95)


def test_a_page_is_turned_upright() -> None:
    """A page that leans by half a degree has level lines."""
    leaning = [
        (200 + round(LETTER * at), 300 + 60 * n + round(0.009 * LETTER * at), word)
        for n, (_, _, text) in enumerate(LINES)
        for at, word in (
            (text.index(f"{w} ") if f"{w} " in text else text.index(w), w) for w in text.split()
        )
    ]
    one = hocr([leaning]).replace(
        b'</span></span><span class="ocr_line"', b'</span> <span class="x"'
    )
    assert texts(one, "a.hocr") == [text for _, _, text in LINES]


def test_hyphens_of_alto() -> None:
    def string(text: str, left: int, more: str) -> str:
        place = f'HPOS="{left}" VPOS="100" WIDTH="80" HEIGHT="35"'
        return f'<String CONTENT="{text}" {place} {more}/>'

    def line(content: str) -> str:
        return f"<TextLine>{content}</TextLine>"

    first = string("gouver", 300, 'SUBS_TYPE="HypPart1" SUBS_CONTENT="gouvernement"')
    hyphen = '<HYP CONTENT="-" HPOS="380" VPOS="120" WIDTH="9"/>'
    body = "".join(
        (
            line(string("le", 100, "") + "<SP/>" + first + hyphen),
            line(string("nement", 100, "").replace('"100" WIDTH', '"160" WIDTH')),
            line(string("rendez", 100, "").replace('"100" WIDTH', '"220" WIDTH') + hyphen),
        )
    )
    data = f'<alto><Layout><Page WIDTH="900" HEIGHT="900">{body}</Page></Layout></alto>'.encode()
    assert texts(data) == ["le gouver\u00ad", "nement", "rendez-"]


def test_the_reading_order_of_page_counts() -> None:
    def region(name: str, left: int, text: str) -> str:
        made = page_xml([(left, 300, text)]).decode()
        inner = made[made.index("<TextLine>") : made.index("</TextRegion>")]
        return f'<TextRegion id="{name}">{inner}</TextRegion>'

    order = "".join(
        f'<RegionRefIndexed index="{n}" regionRef="{name}"/>' for n, name in ((1, "a"), (0, "b"))
    )
    data = (
        '<PcGts><Page imageWidth="2480" imageHeight="3508"><ReadingOrder><OrderedGroup>'
        f"{order}</OrderedGroup></ReadingOrder>"
        f"{region('a', 200, 'second')}{region('b', 1400, 'premier')}</Page></PcGts>"
    )
    assert texts(data.encode()) == ["premier", "second"]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def test_a_zip_file_has_pages_in_the_order_of_their_names_or_of_mets() -> None:
    pages = {f"alto/p{n}.xml": alto([[(200, 300, f"page {n}")]]) for n in (10, 2)}
    received = read_received(zipped(pages), "livre.zip", "livre.zip")
    assert (received.ending, received.lines) == ("zip", ("page 2", "\fpage 10"))
    mets = (
        '<mets xmlns:xlink="x"><fileSec><file ID="A"><FLocat xlink:href="alto/p10.xml"/></file>'
        '<file ID="B"><FLocat xlink:href="alto/p2.xml"/></file></fileSec></mets>'
    )
    with_mets = zipped({"mets.xml": mets.encode(), **pages, "__MACOSX/p1.xml": b"<x/>"})
    assert read_received(with_mets, "a.zip", "a.zip").lines == ("page 10", "\fpage 2")


BOMB = '<!ENTITY a "aaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in ("ab", "bc", "cd", "de", "ef", "fg")
)
WRONG = {
    "not well-formed": (b"<alto><Layout>", "x.xml", "E009", "must be well-formed ALTO"),
    "no words": (b"<PcGts><Page/></PcGts>", "x.xml", "E009", "found PAGE without any"),
    "METS": (b"<mets/>", "mets.xml", "E009", "Zip the folder"),
    "no picture": (b"\x89PNG\r\n\x1a\n", "x.png", "E007", "must be a picture that can be opened"),
    "damaged zip": (b"PK\x03\x04damaged", "x.zip", "E009", "damaged or encrypted"),
    "other zip": (zipped({"a.csv": b"x"}), "x.zip", "E006", "it is a zip file"),
    "bomb": (f"<!DOCTYPE alto [{BOMB}]><alto>&g;</alto>".encode(), "x.xml", "E009", "ALTO"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, name, code, said = WRONG[what]
    found = tesseract.Tesseract("tesseract", "tesseract 5")
    monkeypatch.setattr(tesseract, "find_tesseract", lambda shown: found)
    with pytest.raises(Unsound) as error:
        read_received(data, name, name)
    (finding,) = error.value.findings
    assert (finding.path, finding.code) == (name, code)
    assert said in f"{finding.message} {finding.remedy}"


def test_no_file_beside_it_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", "utf-8")
    head = f'<!DOCTYPE alto [<!ENTITY s SYSTEM "file://{secret}">]>'.encode()
    data = head + alto([LINES]).replace(b"<softwareName>", b"<softwareName>&s;")
    assert "secret" not in read_received(data, "x.xml", "x.xml").ocr


SEEDS = (
    alto([LINES, LINES]),
    page_xml(LINES),
    page_xml(LINES, by_word=False),
    hocr([LINES], letters=True),
)
PIECES = (
    b"",
    b"0",
    b"-1",
    b"nan",
    b"1e999",
    b"<",
    b'"',
    b"&amp;",
    b" ",
    b"999999999",
    b"\xff",
    "é".encode(),
)


@examples(300)
@given(st.data())
def test_no_file_makes_it_fail(data: st.DataObject) -> None:
    """Files in which anything was replaced are read, or refused with a finding."""
    file = data.draw(st.sampled_from(SEEDS))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(file)))
        end = start + data.draw(st.integers(0, 12))
        file = file[:start] + data.draw(st.sampled_from(PIECES)) + file[end:]
    try:
        received = read_received(file, "x.xml", "x.xml")
    except ArchiveError:
        return
    if received.pages:
        drafted(received)


def drafted(received: Received) -> Document:
    """The draft of a scan, which equals its witness and can be written."""
    witness = Witness("x.xml", received.lines, 0, "")
    document = recover_printed(received.pages, witness, "x")
    assert collate(document, witness, "x.md").findings == ()
    assert loads(dumps(document)) == document
    return document


# ---------------------------------------------------------------- drafts


def test_what_ocr_is_not_sure_of_has_a_doubt_unless_it_is_a_word() -> None:
    received = read_received(
        alto([[(200, 300, "Nous avons reçu votre lcttre.")]], sure=0.5), "x", "x"
    )
    document = drafted(received)
    doubts = [i for block in document.blocks for i in walk(block.content) if isinstance(i, Doubt)]
    assert [witness_text(doubt.content) for doubt in doubts] == ["lcttre."]


PROSE = (
    "Le comité se réunit le lendemain dans la grande salle de la",
    "mairie, où le rapporteur donna lecture des pièces que le préfet",
    "lui avait remises la veille. Personne ne demanda la parole!. Puis",
    "le président leva la séance, et chacun rentra chez soi sans mot",
    "dire. Le journal du soir en rendit compte avec quelque retard.",
    "On apprit ensuite que le vote avait été unanime dans la salle.",
)
NOTES = (
    "!Allusion à la lutte entre les deux partis pendant la campagne des",
    "élections municipales.",
)


def test_a_note_with_a_misread_label_is_paired_with_a_misread_call() -> None:
    lines = [
        f"<span class='ocr_line' title='bbox 200 {y - 40} 1800 {y + 10}'>"
        + " ".join(
            f"<span class='ocrx_word' title='bbox {a} {b} {c} {d}; x_wconf 95'>{w}</span>"
            for w, a, b, c, d in words((200, y, text), size)
        )
        + "</span>"
        for y, text, size in (
            *((300 + 70 * n, text, SIZE) for n, text in enumerate(PROSE * 2)),
            *((1220 + 54 * n, text, 38) for n, text in enumerate(NOTES)),
        )
    ]
    body = "".join(lines).replace("parole!.", "parole.", 1)  # the first of two
    data = f"<html><div class='ocr_page' title='bbox 0 0 2480 3508; scan_res 300 300'>{body}</div>"
    document = drafted(read_received(data.encode(), "x.hocr", "x.hocr"))
    (note,) = document.notes
    assert witness_text(note.blocks[0].content).startswith("!Allusion à la lutte")
    inlines = [i for block in document.blocks for i in walk(block.content)]
    call = inlines.index(NoteCall("1"))
    misread = inlines[call - 1]
    assert isinstance(misread, Emendation)
    assert (misread.reading, misread.witness) == ("", "!")


# ---------------------------------------------------------------- pictures


def installed() -> bool:
    if shutil.which("tesseract") is None:
        return False
    run = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "fra" in run.stdout.split()


# Never skipped in CI, which installs it: there is no other way to see what it reads.
needs_tesseract = pytest.mark.skipif(
    not installed(), reason="needs Tesseract with French: apt install tesseract-ocr-fra"
)


def picture(text: str) -> Image.Image:
    image = Image.new("L", (1100, 260), 255)
    draw = ImageDraw.Draw(image)
    draw.multiline_text((60, 60), text, fill=0, font=ImageFont.load_default(44), spacing=20)
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@needs_tesseract
@pytest.mark.slow
def test_pictures_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (
        picture("La lettre est dans la salle\ndu nouveau bureau."),
        picture("Une autre page."),
    )
    deep = one.convert("I").point(lambda value: value * 257).convert("I;16")
    for name, data, feeds in (
        ("a.png", saved(one.convert("RGBA"), "PNG", dpi=(300, 300)), 0),
        ("b.tif", saved(one, "TIFF", save_all=True, append_images=[two], dpi=(300, 300)), 1),
        ("c.pdf", saved(one, "PDF", resolution=300), 0),
        ("d.jpg", saved(one, "JPEG", quality=90), 0),
        ("e.tif", saved(deep, "TIFF"), 0),
    ):
        received = read_received(data, name, name)
        assert " ".join(received.lines).startswith(
            "La lettre est dans la salle du nouveau bureau."
        ), name
        assert sum(line.startswith("\f") for line in received.lines) == feeds
        assert received.ocr.startswith("tesseract ")
        assert received.ocr.endswith("(fra)")
        assert received.ocr in received.reader
        assert received.ending == name[2:]
    (tmp_path / "a.png").write_bytes(saved(one, "PNG", dpi=(300, 300)))
    corpus = tmp_path / "corpus"
    assert main(["recover", str(tmp_path / "a.png"), "-C", str(corpus)]) == 0
    assert "has read 9 words, sure of them at 9" in capsys.readouterr().out
    (corpus / "site.yaml").write_text("title: Essai\n", "utf-8")
    assert main(["check", str(corpus), "--no-exports"]) == 0
    assert "extraction: Texte lu par OCR (tesseract" in (corpus / "editions" / "a.md").read_text(
        "utf-8"
    )


def fake_tesseract(folder: Path, languages: str) -> Path:
    """A program that says what Tesseract says."""
    path = folder / "tesseract"
    said = f'[ "$1" = --version ] && echo tesseract 5.9 || printf "List:\\n{languages}\\n"'
    path.write_text(f"#!/bin/sh\n{said}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return folder


def test_a_missing_program_or_language_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = tmp_path / "scan.png"
    scan.write_bytes(saved(picture("Un mot."), "PNG"))
    for folder, said in (
        (tmp_path / "nothing", "Tesseract, which would read it, is not installed"),
        (fake_tesseract(tmp_path, "eng"), "Tesseract, which would read it, has no French (fra)"),
    ):
        monkeypatch.setenv("PATH", str(folder))
        assert main(["recover", str(scan), "-C", str(tmp_path / "corpus")]) == 1
        error = capsys.readouterr().err
        assert said in error
        assert "apt install tesseract-ocr tesseract-ocr-fra" in error
        assert not (tmp_path / "corpus").exists()


def test_what_tesseract_cannot_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(fake_tesseract(tmp_path, "fra")))
    with pytest.raises(NotPossible, match=r"cannot read page 1 of scan\.png"):
        read_received(saved(picture("Un mot."), "PNG"), "scan.png", "scan.png")


def test_a_page_whose_fonts_do_not_tell_its_characters_is_a_picture() -> None:
    pdf = typst.compile(b"Le comit\xc3\xa9 se r\xc3\xa9unit dans la grande salle.", format="pdf")
    assert isinstance(pdf, bytes)
    (page,) = read_raw(pdf)
    assert pictured(pdf, [page]) == []
    unknown = tuple(glyph._replace(char="\ufffd") for glyph in page.glyphs)
    assert pictured(pdf, [replace(page, glyphs=unknown)]) == [0]
    one = (page.glyphs[0]._replace(char="\ufffd"), *page.glyphs[1:])
    assert pictured(pdf, [replace(page, glyphs=one)]) == []
