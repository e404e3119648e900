"""The same letters, composed or not, are one name; those that only look alike are told apart."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest

from archive_site.findings import Finding, spelled_out
from commands import run
from conftest import GOLDEN
from sites import check_site, findings_of, site_of
from test_dates import put

DISCOURS = "editions/discours-1905.md"
FORMS = ["NFC", "NFD"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / "corpus", tmp_path / "corpus"))


def stops(root: Path) -> list[Finding]:
    return [finding for finding in findings_of(root) if finding.stops]


@pytest.mark.parametrize("listed", FORMS)
@pytest.mark.parametrize("named", FORMS)
@pytest.mark.parametrize("there", FORMS)
def test_a_witness_has_its_name_composed_or_not(
    there: str, named: str, listed: str, root: Path
) -> None:
    def name(form: str) -> str:
        return normalize(form, "déjà-vu.txt")  # type: ignore[arg-type]  # a form

    witnesses = root / "witnesses"
    (witnesses / "discours-1905.txt").rename(witnesses / name(there))
    put(root, "witnesses/SHA256SUMS", "discours-1905.txt", name(listed))
    put(root, DISCOURS, "witness: discours-1905.txt", f"witness: {name(named)}")
    assert stops(root) == []
    assert list(check_site(site_of(root))) == []
    built = run("build", str(root), "-o", str(root.parent / "build"))
    assert built.returncode == 0, built.stderr
    assert (root.parent / "build" / "data" / "witnesses" / name(there)).is_file()
    (witnesses / name(there)).write_text("Un autre.\n", "utf-8")
    assert "E004" in {finding.code for finding in stops(root)}


@pytest.mark.parametrize(
    ("spoil", "code", "told"),
    [
        (
            lambda r: put(r, DISCOURS, "id: discours", "id: disc\u043eurs"),
            "E018",
            "U+043E CYRILLIC SMALL LETTER O",
        ),
        (
            lambda r: put(r, DISCOURS, "kind: ", "ki\u0578d: x\nkind: "),
            "E013",
            "U+0578 ARMENIAN SMALL LETTER VO",
        ),
        (
            lambda r: put(r, DISCOURS, "key: durand", "key: dur\u0430nd"),
            "E031",
            "U+0430 CYRILLIC SMALL LETTER A",
        ),
        (
            lambda r: put(r, DISCOURS, "witness: discours-1905", "witness: discours\u20101905"),
            "E032",
            "U+2010 HYPHEN",
        ),
        (
            lambda r: put(r, "events.yaml", "1904~", "1904\u201005"),
            "E012",
            "U+2010 HYPHEN",
        ),
    ],
)
def test_what_looks_alike_is_told_by_its_characters(
    spoil: Callable[[Path], None], code: str, told: str, root: Path
) -> None:
    spoil(root)
    assert any(f.code == code and told in f"{f.message} {f.hint}" for f in stops(root)), stops(root)


def test_signs_have_numbers_and_names() -> None:
    assert spelled_out("é\x07") == "U+00E9 LATIN SMALL LETTER E WITH ACUTE, U+0007"
    assert spelled_out("") == ""
