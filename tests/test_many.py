"""`recover` of many files at once, with and without a table of their metadata."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_site.edition.format import dumps, loads, with_meta
from archive_site.findings import Unsound
from archive_site.recover.metadata_table import COLUMNS, Vocabulary, known_columns, read_metadata
from archive_site.recover.spreadsheet import Sheet, read_sheet
from archive_site.text.document import Contributor, Meta
from commands import run
from examples import examples

LETTER = "Paris, 3 mars 1921\n\nNous avons reçu votre lettre, n. {}, et nous y répondrons.\n"


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder with three letters, one of them in a subfolder."""
    folder = tmp_path / "lettres"
    (folder / "b").mkdir(parents=True)
    for n, name in enumerate(("a.txt", "b/c.txt", "d_e.txt")):
        (folder / name).write_text(LETTER.format(n), "utf-8")
    return folder


def recover(folder: Path, *arguments: str) -> CompletedProcess[str]:
    """The command, called beside `folder`."""
    result = run("recover", *arguments, cwd=folder.parent)
    assert "Traceback" not in result.stdout + result.stderr
    return result


def with_table(folder: Path, table: str | bytes, name: str = "t.csv") -> CompletedProcess[str]:
    data = table.encode() if isinstance(table, str) else table
    (folder.parent / name).write_bytes(data)
    return recover(folder, folder.name, "--metadata", name)


def drafts(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder.parent / "corpus" / "editions").glob("*.md"))


def meta(folder: Path, text_id: str) -> Meta:
    path = folder.parent / "corpus" / "editions" / f"{text_id}.md"
    text = path.read_text("utf-8")
    document = loads(text)
    assert dumps(document) == text
    return document.meta


def sound(folder: Path) -> bool:
    """Whether `check` finds no error in the corpus."""
    (folder.parent / "corpus" / "site.yaml").write_text("title: Essai\n", "utf-8")
    result = run("check", "--no-exports", cwd=folder.parent)
    return result.returncode == 0


# ---------------------------------------------------------------- many files


def test_a_folder_is_imported(letters: Path) -> None:
    for name in (".DS_Store", "~$a.docx", ".git/x.txt"):
        (letters / name).parent.mkdir(exist_ok=True)
        (letters / name).write_bytes(b"\0")
    result = recover(letters, "lettres")
    assert (result.returncode, result.stderr) == (0, "")
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["file", "id", "paragraphs", "headings", "notes", "doubts"]
    assert [row.split()[:6] for row in rows[:3]] == [
        ["lettres/a.txt", "a", "1", "0", "0", "0"],
        ["lettres/b/c.txt", "c", "1", "0", "0", "0"],
        ["lettres/d_e.txt", "d-e", "1", "0", "0", "0"],
    ]
    assert all(row.endswith("draft written") for row in rows[:3])
    assert rows[3] == "3 files: 3 drafts written"
    assert drafts(letters) == ["a", "c", "d-e"]
    sums = (letters.parent / "corpus" / "witnesses" / "SHA256SUMS").read_text("utf-8").split()
    assert sums[1::2] == ["a.txt", "c.txt", "d-e.txt"]
    assert sound(letters)


def test_editions_that_exist_are_unchanged(letters: Path) -> None:
    recover(letters, "lettres")
    edition = letters.parent / "corpus" / "editions" / "a.md"
    edition.write_text(edition.read_text("utf-8").replace("votre", "ta"), "utf-8")
    before = edition.read_bytes()
    result = recover(letters, "lettres/a.txt", "lettres/b", "lettres/d_e.txt")
    assert (result.returncode, edition.read_bytes()) == (0, before)
    assert "3 files: 3 editions unchanged" in result.stdout
    assert result.stdout.count("a new draft would be the same") == 2
    assert result.stdout.count("a new draft would differ") == 1


def test_good_files_are_kept_whatever_the_others_are(letters: Path) -> None:
    (letters / "latin.txt").write_bytes("été".encode("latin-1"))
    (letters / "empty.txt").touch()
    (letters / "scan.png").write_bytes(b"\x89PNG")
    (letters / "Thumbs.db").write_bytes(b"\0")
    (letters / "link.txt").symlink_to("a.txt")
    (letters / "folder").symlink_to("b")
    (letters / "é.txt").write_text("Un mot.", "utf-8")
    (letters / "con.txt").write_text("Un mot.", "utf-8")
    result = recover(letters, "lettres", "gone.txt")
    assert result.returncode == 1
    assert drafts(letters) == ["a", "c", "d-e", "e"]
    refused = dict(re.findall(r"^(\S+) +refused: (\S+)", result.stdout, re.M))
    assert refused == {
        "lettres/Thumbs.db": "E006",
        "lettres/con.txt": "the",
        "lettres/empty.txt": "E026",
        "lettres/folder": "lettres/folder",
        "lettres/latin.txt": "E002",
        "lettres/link.txt": "lettres/link.txt",
        "lettres/scan.png": "E006",
        "gone.txt": "E001",
    }
    assert "12 files: 4 drafts written, 8 refused" in result.stdout
    assert "lettres/latin.txt:1: E002 must be text in UTF-8; found the bytes e9" in result.stderr
    assert "iconv -f cp1252" in result.stderr


def test_another_witness_of_the_id_is_refused(letters: Path) -> None:
    recover(letters, "lettres")
    (letters / "a.txt").write_text("Autre chose.", "utf-8")
    result = recover(letters, "lettres")
    assert result.returncode == 1
    assert "corpus/witnesses/a.txt exists and differs from lettres/a.txt" in result.stderr
    assert "3 files: 2 editions unchanged, 1 refused" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["lettres/a.txt", "./lettres/a.txt"], "lettres/a.txt is given twice"),
        (["lettres", "lettres/b/c.txt"], "lettres/b/c.txt is given twice"),
        (["lettres", "x/a.txt"], "lettres/a.txt and x/a.txt would both be “a”"),
        (["lettres", "--id", "x"], "--id gives one text its id, but there are 3 files"),
        (["empty"], "no files in empty"),
    ],
)
def test_a_wrong_call_writes_nothing(arguments: list[str], told: str, letters: Path) -> None:
    (letters.parent / "x").mkdir()
    (letters.parent / "x" / "a.txt").write_text("Autre chose.", "utf-8")
    (letters.parent / "empty").mkdir()
    result = recover(letters, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    first, remedy = result.stderr.splitlines()
    assert told in first
    assert remedy.startswith("    ")
    assert not (letters.parent / "corpus").exists()


def test_a_corpus_that_must_not_be_read_is_told_once(letters: Path) -> None:
    (letters.parent / "corpus").mkdir()
    (letters.parent / "corpus" / "people.yaml").symlink_to("/etc/passwd")
    result = recover(letters, "lettres")
    assert result.returncode == 1
    assert result.stderr.count("E005") == 1
    assert "no draft written" in result.stderr


def test_what_was_done_before_an_interruption_is_whole(letters: Path) -> None:
    words = " ".join(f"mot{n} suivant." for n in range(300))
    for n in range(100):
        (letters / f"x{n:03}.txt").write_text(f"Lettre {n}.\n\n{words}\n", "utf-8")
    command = [sys.executable, "-m", "archive_site", "recover", "lettres", "-j", "2"]
    with subprocess.Popen(
        command, cwd=letters.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        ended = time.monotonic() + 60
        while not drafts(letters) and time.monotonic() < ended:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "stopped by Ctrl+C" in err
    done = drafts(letters)
    assert 0 < len(done) < 103
    assert out.count("draft written") == len(done)
    witnesses = letters.parent / "corpus" / "witnesses"
    sums = (witnesses / "SHA256SUMS").read_text("utf-8").split()
    assert sums[1::2] == [f"{name}.txt" for name in done]
    assert {path.stem for path in witnesses.glob("*.txt")} == set(done)
    assert sound(letters)
    assert recover(letters, "lettres").returncode == 0
    assert len(drafts(letters)) == 103


# ---------------------------------------------------------------- a table of metadata

ROWS = (
    ("fichier", "identifiant", "titre", "auteur", "date", "genre", "langue", "source.url"),
    ("a.txt", "lettre-a", "La lettre ; suite", "Weiss, Anna", "1922-03-27", "Lettre", "", ""),
    ("b/c", "", "Discours", "", "1922", "speech", "russe", "https://exemple.fr/c"),
    ("d_e", "", "", "", "", "", "français", ""),
)


def csv_of(rows: Iterable[Sequence[str]], delimiter: str = ";") -> str:
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows) + "\r\n"


def zipped(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, text)
    return data.getvalue()


def xlsx_of(rows: Sequence[Sequence[str]]) -> bytes:
    """The least XLSX file with these cells; those that are a year are numbers."""
    lines = []
    for n, row in enumerate(rows, start=1):
        cells = (
            f'<c r="{chr(65 + k)}{n}"><v>{cell}</v></c>'
            if re.fullmatch(r"\d{4}", cell)
            else f'<c r="{chr(65 + k)}{n}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for k, cell in enumerate(row)
            if cell
        )
        lines.append(f'<row r="{n}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="Feuille1" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}relationships">'
            f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>'
            f"{''.join(lines)}</sheetData></worksheet>",
        }
    )


def ods_of(rows: Sequence[Sequence[str]]) -> bytes:
    """The least ODS file with these cells, repeated to the end of the sheet as Calc does; those
    that are a day are days."""

    def cell(words: str) -> str:
        day = re.fullmatch(r"\d{4}-\d\d-\d\d", words)
        kind = f'date" office:date-value="{words}' if day else "string"
        shown = "27/03/22" if day else escape(words)
        return f'<t:table-cell office:value-type="{kind}"><x:p>{shown}</x:p></t:table-cell>'

    last = '<t:table-cell t:number-columns-repeated="16376"/>'
    lines = [f"<t:table-row>{''.join(map(cell, row))}{last}</t:table-row>" for row in rows]
    lines.append(f'<t:table-row t:number-rows-repeated="1048570">{last}</t:table-row>')
    name = "urn:oasis:names:tc:opendocument:xmlns:"
    spaces = f'xmlns:office="{name}office:1.0" xmlns:t="{name}table:1.0" xmlns:x="{name}text:1.0"'
    spaces = spaces.replace("xmlns:t=", "xmlns:table=").replace("xmlns:x=", "xmlns:text=")
    body = "".join(lines).replace("<t:", "<table:").replace("</t:", "</table:")
    body = body.replace(" t:", " table:").replace("x:p>", "text:p>")
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f'<office:document-content {spaces} office:version="1.2"><office:body>'
            f'<office:spreadsheet><table:table table:name="Feuille1">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest xmlns="{name}manifest:1.0"/>',
        }
    )


TABLES = {
    "semicolons.csv": csv_of(ROWS).encode(),
    "commas.csv": csv_of(ROWS, ",").encode(),
    "tabs.tsv": csv_of(ROWS, "\t").encode(),
    "bom.csv": b"\xef\xbb\xbf" + csv_of(ROWS).encode(),
    "excel.csv": b"\xef\xbb\xbfsep=;\r\n" + csv_of(ROWS).encode(),
    "mac.csv": csv_of(ROWS).replace("\r\n", "\r").encode(),
    "table.xlsx": xlsx_of(ROWS),
    "table.ods": ods_of(ROWS),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_states_the_front_matter(name: str, letters: Path) -> None:
    result = with_table(letters, TABLES[name], name)
    assert (result.returncode, result.stderr) == (0, "")
    assert drafts(letters) == ["c", "d-e", "lettre-a"]
    first, second, third = (meta(letters, name) for name in ("lettre-a", "c", "d-e"))
    assert (first.title.value, first.title.certainty) == ("La lettre ; suite", "stated")
    assert (first.date.value, first.date.certainty) == ("1922-03-27", "stated")
    assert first.contributors == (Contributor("author", "", "Weiss, Anna", "stated"),)
    assert first.kind == "letter"
    assert (second.title.value, second.kind) == ("Discours", "speech")
    assert (second.date.value, second.language) == ("1922", "ru")
    assert second.source.url == "https://exemple.fr/c"
    assert (third.title.certainty, third.date.certainty) == ("unknown", "probable")
    assert sound(letters)


def test_a_table_within_the_folder_is_not_imported(letters: Path) -> None:
    (letters / "t.csv").write_text("file,title\na,Un\nc,Deux\nd_e,Trois\n", "utf-8")
    result = recover(letters, "lettres", "--metadata", "lettres/t.csv")
    assert (result.returncode, result.stderr) == (0, "")
    assert [meta(letters, name).title.value for name in drafts(letters)] == ["Un", "Deux", "Trois"]


def test_a_table_may_be_keyed_by_ids_and_of_one_file(letters: Path) -> None:
    (letters.parent / "t.csv").write_text("id,title\nd-e,Trois\nother,X\n", "utf-8")
    result = recover(letters, "lettres/d_e.txt", "--metadata", "t.csv")
    assert (result.returncode, result.stderr) == (0, "")
    assert "draft written: corpus/editions/d-e.md" in result.stdout
    assert meta(letters, "d-e").title.value == "Trois"


def test_a_table_names_what_the_corpus_has(letters: Path) -> None:
    corpus = letters.parent / "corpus"
    corpus.mkdir()
    files = {
        "people.yaml": "aubin: {name: Louise Aubin, sort: 'Aubin, Louise', forms: [Mme Aubin]}\n"
        "weiss: {name: Anna Weiss}\n",
        "organisations.yaml": "comite: {name: Comité}\n",
        "works.yaml": "traite: {name: Traité}\n",
        "collections.yaml": "lettres: {title: 'Lettres'}\nguerre: {title: La guerre}\n",
        "bibliography.bib": "@book{broue1963, title = {Le parti}, author = {Broué, P.}}\n",
        "site.yaml": "title: Essai\nkinds: {petition: Pétition}\n",
    }
    for name, text in files.items():
        (corpus / name).write_text(text, "utf-8")
    head = (
        "file|author|addressee|translator|issuing body|collection|work|kind|source.reference|"
        "license|rights.author|title|title.certainty|title.ground"
    )
    row = (
        "a|Aubin, Louise; N. B.|weiss|Mme Aubin|Comité|Lettres, guerre|traite|pétition|"
        "broue1963, p. 3|CC-BY-4.0|Domaine public|Un|probable|l’enveloppe"
    )
    table = f"{head}\n{row}\nc|||||||||||||\nd_e|||||||||||||\n".replace(";", "¤")
    result = with_table(letters, table.replace("|", "\t").replace("¤", ";"))
    assert (result.returncode, result.stderr) == (0, "")
    said = meta(letters, "a")
    assert [(who.role, who.key or who.name) for who in said.contributors] == [
        ("author", "aubin"),
        ("addressee", "weiss"),
        ("author", "N. B."),
        ("translator", "aubin"),
        ("issuing body", "comite"),
    ]
    assert (said.collection, said.work, said.kind) == (("lettres", "guerre"), "traite", "petition")
    assert said.source.reference == "broue1963, p. 3"
    assert (said.license, said.rights) == (
        (("edition", "CC-BY-4.0"),),
        (("author", "Domaine public"),),
    )
    assert (said.title.certainty, said.title.ground) == ("probable", "l’enveloppe")
    assert run("check", "--no-exports", cwd=letters.parent).returncode == 0


@pytest.mark.parametrize(
    ("column", "value", "told", "remedy"),
    [
        ("date", "1922-02-30", "E012 column “date”: date must be EDTF", "Write 1922-03-27"),
        ("date", "27/03/1922", "E012 column “date”", "If the day comes first, write 1922-03-27."),
        ("genre", "leter", "E015 column “genre”: kind must be one of", "Did you mean “letter”?"),
        ("auteur", "lenin", "E031 column “auteur”: must be a key", "write the name with its"),
        ("collection", "x", "E031 column “collection”", "Add it to collections.yaml."),
        ("work", "x", "E031 column “work”", "Add it to works.yaml."),
        ("original.reference", "x", "E063 column “original.reference”", ""),
        ("langue", "klingon!", "E015 column “langue”", ""),
        ("identifiers.ark", "x", "E064 column “identifiers.ark”", ""),
        ("source.url", "exemple.fr", "E015 column “source.url”: source’s url must", ""),
        ("license", "libre", "E015 column “license”", "Write CC-BY-4.0"),
        ("id", "Ma Lettre", "E018 column “id”: an id must be lower-case", ""),
        ("id", "con", "E048 column “id”", ""),
        ("titre", "a\x1bb", "E002 column “titre”: must be text; found U+001B", "Delete it."),
        ("date.certainty", "probable", "E014 column “date.certainty”", ""),
    ],
)
def test_a_bad_value_refuses_its_file_only(
    column: str, value: str, told: str, remedy: str, letters: Path
) -> None:
    result = with_table(letters, f"fichier;{column}\nc.txt;\na.txt;{value}\nd_e;\n")
    assert result.returncode == 1
    assert f"t.csv:3: {told}" in result.stderr
    assert remedy in result.stderr
    assert drafts(letters) == ["c", "d-e"]
    assert f"lettres/a.txt    refused: {told}" in result.stdout


def test_rows_and_files_without_each_other_are_told(letters: Path) -> None:
    result = with_table(letters, "file,title,cote interne\na,Un,X1\nd-e,Deux,X2\n,Trois,X3\n")
    assert result.returncode == 0
    assert drafts(letters) == ["a", "c", "d-e"]
    assert result.stderr.splitlines()[::2] == [
        "t.csv: W072 no row for lettres/b/c.txt, lettres/d_e.txt; the draft has only what recover "
        "found in the file",
        "t.csv:1: W072 a column should be a field of the front matter; found “cote interne”, which "
        "is not read",
        "t.csv:3: W072 no file “d-e” among those that are imported",
        "t.csv:4: W072 row 4 must have a file; found none",
    ]
    assert "Did you mean “d_e”?" in result.stderr


def test_a_table_that_is_longer_than_the_folder_is_told_briefly(letters: Path) -> None:
    rows = "".join(f"z{n}.txt,X\n" for n in range(500))
    result = with_table(letters, f"file,title\na,Un\nc,Deux\nd_e,Trois\n{rows}")
    assert result.returncode == 0
    assert "480 more rows without a file among those that are imported" in result.stderr
    assert len(result.stderr.splitlines()) < 50


def test_a_key_twice_refuses_its_file(letters: Path) -> None:
    (letters / "b" / "a.pdf.txt").write_text("Un mot.", "utf-8")
    result = with_table(letters, "file,title\na,Un\na.txt,Deux\nc,X\nd_e,X\nb/a.pdf.txt,X\n")
    assert result.returncode == 1
    assert "t.csv:3: E016 a file must have one row; lettres/a.txt has rows 2 and 3" in result.stderr
    assert drafts(letters) == ["a-pdf", "c", "d-e"]


def test_a_key_of_two_files_refuses_both(letters: Path) -> None:
    (letters / "b" / "a.txt").write_text("Un mot.", "utf-8")
    result = with_table(letters, "file,id,title\na.txt,,Un\nc,,X\nd_e,,X\n")
    assert result.returncode == 1
    assert "may be lettres/a.txt or lettres/b/a.txt" in result.stderr
    assert drafts(letters) == ["c", "d-e"]
    table = "file,id,title\na.txt,,Un\nb/a.txt,autre,X\nc,,X\nd_e,,X\n"
    assert "a file must have one row" in with_table(letters, table).stderr
    table = table.replace("\na.txt", "\nlettres/a.txt")
    assert with_table(letters, table).returncode == 0
    assert meta(letters, "autre").title.value == "X"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"file;titel\na;b\n", "t.csv:1: E013 a column must be a field of the front matter; found"),
        (b"titre;date\na;b\n", "t.csv:1: E014 a table must have a column “file” or “id”; found"),
        (b"file;titre;title\n", "t.csv:1: E016 a column must occur once; “title” and “titre”"),
        (b'fichier;titre\n"a;b\n', "t.csv:1: E015 must be CSV; after row 1"),
        ("fichier;titre\na;été\n".encode("cp1252"), "t.csv:2: E002 must be text in UTF-8; found"),
        ("fichier;titre\n".encode("utf-16"), "t.csv:1: E002 must be text in UTF-8; found UTF-16"),
        (b"", "t.csv: E015 a table must have rows; found none"),
        (b"PK\x03\x04rest", "t.csv: E006 must be a spreadsheet that can be read"),
        (b"\xd0\xcf\x11\xe0rest", "t.csv: E006 must be a spreadsheet that can be read"),
        (TABLES["table.ods"][:-40], "t.csv: E006 must be a spreadsheet that can be read"),
        (zipped({"content.xml": "<a><b></a>"}), "t.csv: E006 must be a spreadsheet"),
    ],
)
def test_a_table_that_cannot_be_read_refuses_all(table: bytes, told: str, letters: Path) -> None:
    result = with_table(letters, table)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(told)
    assert result.stderr.splitlines()[1].startswith("    ")
    assert not (letters.parent / "corpus").exists()


def test_a_table_that_is_not_there_refuses_all(letters: Path) -> None:
    for name in ("gone.csv", "lettres"):
        result = recover(letters, "lettres/a.txt", "--metadata", name)
        assert (result.returncode, result.stdout) == (2, "")
        assert name in result.stderr.splitlines()[0]


def test_a_sheet_as_wide_as_the_program_allows_is_refused() -> None:
    far = xlsx_of([("file", "title")])
    with zipfile.ZipFile(io.BytesIO(far)) as package:
        files = {name: package.read(name).decode() for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    files[sheet] = files[sheet].replace(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    with pytest.raises(Unsound, match="as far as row 1,048,576 and column 16,384"):
        read_sheet(zipped(files), "t.xlsx", known_columns)


CELLS = st.sampled_from((*COLUMNS, "a", "a.txt", "1922", "été", '"', "\x00", "", "x" * 300))
LINES = st.lists(st.lists(CELLS, max_size=4), max_size=4)


@given(st.binary(max_size=60), LINES, st.sampled_from(";,\t|"))
@examples(40)
def test_no_table_ends_in_a_traceback(noise: bytes, lines: list[list[str]], sign: str) -> None:
    rows = "\n".join(sign.join(line) for line in (["file", "title"], *lines)).encode()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "lettres"
        folder.mkdir()
        (folder / "a.txt").write_text("Un mot.", "utf-8")
        for table in (noise, rows, rows + noise, b"PK\x03\x04" + noise):
            result = with_table(folder, table)
            assert result.returncode in (0, 1, 2)
            assert result.returncode != 2 or not result.stdout


WORDS = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ("1922", "1922-02-30", "a: b", "---", "[a]", "{a: b}", "# x", "null", "fr", "russe", "letter")
)
VOCABULARY = Vocabulary(kinds={"letter": "letter"})
HEAD = "---\nid: x\ntitle: T\nkind: essay\ncreator: ''\ndate: ''\nwitness: x.txt\n---\n\nUn mot.\n"


@given(st.dictionaries(st.sampled_from(COLUMNS), WORDS, max_size=8))
@examples(200)
def test_what_a_table_states_is_front_matter_without_findings(cells: dict[str, str]) -> None:
    rows = (["file", "id", *cells], ["x.txt", "", *cells.values()])
    sheet = Sheet("t.csv", tuple((n, tuple(row)) for n, row in enumerate(rows, start=1)))
    try:
        (row,) = read_metadata(sheet, VOCABULARY).rows
    except Unsound:
        return  # the same column twice
    if not row.findings:
        text = with_meta(HEAD, row.stated.applied_to(loads(HEAD).meta))
        assert dumps(loads(text)) == text
