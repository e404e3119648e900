"""What a draft leaves to its editor: its doubts, and what a program set aside."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from archive_site.cli.main import main
from archive_site.corpus.drafts import SUMMED_UP
from archive_site.edition.format import dumps, loads, parse
from archive_site.recover.printed.draft import proposed
from archive_site.sources.tei import read_tei
from archive_site.text.document import Omission
from small import archive, edition

PAGES = 5
PROPOSED = "  certainty: proposed\n"
OMISSIONS = f"""witness: charbon.txt
omissions:
- lines: {[1 + 4 * n for n in range(PAGES)]}
  why: titre courant
{PROPOSED}- lines: {[3 + 4 * n for n in range(PAGES)]}
  why: folio
{PROPOSED}- lines: {{2: '5', 6: '10'}}
  why: numéro de ligne
{PROPOSED.rstrip()}"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with a draft, whose witness has a head and a folio on each page."""
    body = "".join(
        f"\n\nL’alinéa de la page {n} qui dit [un mot]{{.doubt why=illisible}} de plus."
        for n in range(1, PAGES + 1)
    )
    root = archive(tmp_path, charbon=edition("charbon", body.strip(), OMISSIONS))
    numbers = ("5 ", "10 ", "", "", "")
    pages = [
        f"LE CHARBON\n{numbers[n]}L’alinéa de la page {n + 1} qui dit un mot de plus.\n{n + 1}\n\n"
        for n in range(PAGES)
    ]
    witness = "".join(pages).encode()
    (root / "images" / "pont.png").unlink()
    (root / "witnesses").mkdir()
    (root / "witnesses" / "charbon.txt").write_bytes(witness)
    sums = f"{hashlib.sha256(witness).hexdigest()}  charbon.txt\n"
    (root / "witnesses" / "SHA256SUMS").write_text(sums, "utf-8")
    return root


def draft_in(root: Path) -> Path:
    return root / "editions" / "charbon.md"


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def found(
    code: str, root: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> list[tuple[int, str]]:
    """The findings of `check` that have one of the codes `SUMMED_UP`: line and message."""
    assert code in SUMMED_UP
    capsys.readouterr()
    assert main(["check", str(root), "--no-exports", "--format", "json", *options]) == 0
    told = json.loads(capsys.readouterr().out)
    return [(finding["line"], finding["message"]) for finding in told if finding["code"] == code]


# ---------------------------------------------------------------- omissions


def test_omissions_are_told_until_an_editor_confirms_them(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = draft_in(corpus)
    said = (
        "12 omissions of the witness to confirm: 5 “folio” (lines 3, 7, 11 …), 2 “numéro de ligne” "
        "(lines 2, 6), 5 “titre courant” (lines 1, 5, 9 …)"
    )
    assert found("W063", corpus, capsys) == [(9, said)]

    replace_in(path, f"titre courant\n{PROPOSED}", "titre courant\n")
    replace_in(path, f"numéro de ligne\n{PROPOSED}", "numéro de ligne\n")
    said = "5 omissions of the witness to confirm: 5 “folio” (lines 3, 7, 11 …)"
    assert found("W063", corpus, capsys) == [(11, said)]

    replace_in(path, "certainty: proposed", "certainty: certain")
    assert found("W063", corpus, capsys) == []


def test_a_text_that_is_proofread_still_tells_its_proposals(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace_in(draft_in(corpus), "\n---\n\n", "\nstatus: proofread\n---\n\n")
    assert len(found("W063", corpus, capsys)) == 1
    assert found("W051", corpus, capsys) == []


def test_verbose_tells_each_omission_with_its_words(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = found("W063", corpus, capsys, "--verbose")
    assert [line for line, _ in told] == [9] * PAGES + [12] * PAGES + [15] * 2
    lines = [int(number) for _, said in told for number in re.findall(r"line (\d+)", said)]
    assert lines == [1, 5, 9, 13, 17, 3, 7, 11, 15, 19, 2, 6]
    said = "an omission to confirm: “titre courant” (line 5 of the witness): “LE CHARBON”"
    assert told[1] == (9, said)
    assert (15, "an omission to confirm: “numéro de ligne” (line 6 of the witness): “10”") in told


def test_the_site_tells_what_is_not_confirmed(corpus: Path, tmp_path: Path) -> None:
    replace_in(draft_in(corpus), f"titre courant\n{PROPOSED}", "titre courant\n")
    site = tmp_path / "site"
    assert main(["build", str(corpus), "-o", str(site)]) == 0
    folder = site / "textes" / "charbon"
    page = BeautifulSoup((folder / "etablissement" / "index.html").read_bytes(), "html.parser")
    sure, open_ = (part.get_text() for part in page.select("ul.omissions"))
    assert sure.count("titre courant") == PAGES and "folio" not in sure
    assert open_.count("folio") == PAGES and "titre courant" not in open_
    title = page.find(id="a-confirmer")
    assert title is not None and title.get_text() == "À confirmer"
    witness = (folder / "source" / "index.html").read_text("utf-8")
    assert witness.count('class="why">folio, à confirmer<') == PAGES
    assert witness.count('class="why">titre courant<') == PAGES

    data = json.loads((folder / "charbon.json").read_bytes())
    told = {(omission["why"], omission["certainty"]) for omission in data["omissions"]}
    lines = ("numéro de ligne", "proposed")
    assert told == {("titre courant", "certain"), ("folio", "proposed"), lines}
    tei = read_tei((folder / "charbon.xml").read_bytes(), "charbon.xml", "charbon.xml")
    assert tei.meta.omissions == loads(draft_in(corpus).read_text("utf-8")).meta.omissions


def test_what_recover_sets_aside_is_proposed(tmp_path: Path) -> None:
    words = "Le prix du charbon monta encore ce mois-là, et la ville en parla."
    pages = (f"{n}      LE PRIX DU CHARBON\n\n{words}\n" for n in range(11, 20))
    (tmp_path / "charbon.txt").write_text("DE LA HOUILLE\n\n" + "\f".join(pages), "utf-8")
    root = tmp_path / "corpus"
    assert main(["recover", str(tmp_path / "charbon.txt"), "-C", str(root)]) == 0
    written = draft_in(root).read_text("utf-8")
    omissions = loads(written).meta.omissions
    assert omissions and {omission.certainty for omission in omissions} == {"proposed"}
    assert written.count(PROPOSED) == len({omission.why for omission in omissions})


# ---------------------------------------------------------------- their form in the file


def test_proposals_of_one_reason_come_together_by_line() -> None:
    given = [Omission(9, 9, "b"), Omission(4, 4, "a"), Omission(3, 3, "b"), Omission(5, 6, "a")]
    given += [Omission(4, 4, "b", "5"), Omission(5, 5, "b", "6")]
    assert [(o.lines, o.why, o.text) for o in proposed(given)] == [
        ("4-6", "a", ""),
        ("3", "b", ""),
        ("9", "b", ""),
        ("4", "b", "5"),
        ("5", "b", "6"),
    ]
    assert {o.certainty for o in proposed(given)} == {"proposed"}


def test_omissions_in_a_row_with_one_reason_are_one_entry() -> None:
    omissions = (
        Omission(1, 1, "folio"),
        Omission(5, 7, "folio"),
        Omission(9, 9, "folio", certainty="proposed"),
        Omission(2, 2, "numéro", "5"),
        Omission(6, 8, "numéro", "10 # : [a]"),
        Omission(6, 8, "numéro", "11"),
        Omission(1, 1, "folio"),
    )
    read = loads(edition("essai", "Mot."))
    document = replace(read, meta=replace(read.meta, omissions=omissions))
    written = dumps(document)
    assert loads(written).meta.omissions == omissions
    matter = written[written.index("omissions:") : written.index("\n---\n")]
    assert (
        matter
        == """omissions:
- lines: [1, 5-7]
  why: folio
- lines: '9'
  why: folio
  certainty: proposed
- lines: {2: '5', 6-8: '10 # : [a]'}
  why: numéro
- lines: 6-8
  why: numéro
  text: '11'
- lines: '1'
  why: folio"""
    )


@pytest.mark.parametrize(
    ("entry", "code", "line"),
    [
        ("lines: [1, x]\n  why: a", "E015", 8),
        ("lines: []\n  why: a", "E014", 8),
        ("lines: {}\n  why: a", "E014", 8),
        ("lines: {x: a}\n  why: a", "E015", 8),
        ("lines: {3: ''}\n  why: a", "E014", 8),
        ("lines: {3: [a]}\n  why: a", "E015", 8),
        ("lines: {3: a, 3: b}\n  why: a", "E016", 8),
        ("lines: 1\n  why: a\n  certainty: probable", "E015", 10),
        ("lines: 1\n  certainty: proposed", "E014", 8),
        ("why: a", "E014", 8),
    ],
)
def test_a_fault_of_an_omission_is_found(entry: str, code: str, line: int) -> None:
    _, findings = parse(edition("x", "Mot.", f"omissions:\n- {entry}"), "x.md")
    assert [(finding.code, finding.line) for finding in findings] == [(code, line)]


# ---------------------------------------------------------------- doubts


def test_the_doubts_of_a_text_are_one_finding(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = draft_in(corpus).read_text("utf-8").splitlines().index("---", 1) + 3
    said = "5 open doubts; the first is here: “un mot” (illisible)"
    assert found("W051", corpus, capsys) == [(line, said)]
    each = [(line + 2 * n, "an open doubt: “un mot” (illisible)") for n in range(PAGES)]
    assert found("W051", corpus, capsys, "--verbose") == each


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_every_format_tells_the_same(
    corpus: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """One finding of a kind for a text, or each with `--verbose`; a remedy is told once."""
    for options, count in (((), 1), (("--verbose",), PAGES)):
        capsys.readouterr()
        assert main(["check", str(corpus), "--no-exports", "--format", form, *options]) == 0
        assert capsys.readouterr().out.count("W051") == count


def test_an_exemption_covers_each_of_them(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exemption = "- {path: editions/charbon.md, code: W051, reason: relu par deux personnes}\n"
    (corpus / "exemptions.yaml").write_text(exemption, "utf-8")
    assert found("W051", corpus, capsys) == []
    assert found("W051", corpus, capsys, "--verbose") == []


def test_remedies_of_many_drafts_are_printed_once(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    another = draft_in(corpus).read_text("utf-8").replace("id: charbon", "id: charbon-2")
    (corpus / "editions" / "charbon-2.md").write_text(another, "utf-8")
    capsys.readouterr()
    assert main(["check", str(corpus), "--no-exports"]) == 0
    out = capsys.readouterr().out
    assert out.count("W050") == out.count("W051") == out.count("W063") == 2
    assert out.count("\n    ") == 3
