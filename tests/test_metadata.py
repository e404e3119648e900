"""The front matter of a draft: one text a case, and any text at all."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from archive_site.edition.format import dumps, loads
from archive_site.edition.ids import identified
from archive_site.recover.metadata import infer_metadata
from archive_site.sources.properties import Properties
from archive_site.sources.received import read_received
from archive_site.text.document import Block, Document, Meta, Text
from examples import examples

CASES = read_fixture_file(Path(__file__).parent / "cases" / "metadata.txt")
PEOPLE = {"Lénine": "lenine", "Louise Michel": "louise-michel", "Jaurès": "jaures"}
FIELDS = ("title", "kind", "creator", "addressee", "contributors", "date", "place")
HEADER = "---\nid: cas\ntitle: Cas\nkind: article\ncreator: ''\ndate: ''\n---\n\n"


def shown(meta: Meta) -> str:
    """The fields that the text gives, without their grounds."""
    front = yaml.safe_load(dumps(Document(meta, ())).split("---\n")[1])
    lines = []
    for field in FIELDS:
        value = front.get(field)
        if not value or (field == "title" and meta.title.certainty == "unknown"):
            continue
        items = [_without_ground(item) for item in (value if isinstance(value, list) else [value])]
        lines.append(f"{field}: {' '.join(items)}")
    return "\n".join(lines)


def _without_ground(value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    said = {key: word for key, word in value.items() if key != "ground"}
    return f"{{{', '.join(f'{key}: {word}' for key, word in said.items())}}}"


def blocks_of(text: str) -> tuple[Block, ...]:
    return loads(HEADER + text).blocks


@pytest.mark.parametrize(("line", "title", "text", "expected"), CASES)
def test_case(line: int, title: str, text: str, expected: str) -> None:
    meta = infer_metadata(blocks_of(text), "cas", "cas.txt", people=PEOPLE)

    assert shown(meta).replace("'", "") == expected.replace("'", "").strip(), (
        f"line {line}: {title}"
    )


SAID = Properties("Lettre à ma sœur", ("Jeanne Morel",))


@pytest.mark.parametrize(
    ("properties", "title", "creator"),
    [
        (SAID, "Lettre à ma sœur", "Jeanne Morel"),
        (Properties("Rapport", ("Lénine",)), "Rapport", "lenine"),
        (Properties("Rapport", ("Morel, Jeanne",)), "Rapport", "Morel, Jeanne"),
        (Properties("Microsoft Word - lettre.doc", ("Administrateur",)), "", ""),
        (Properties("lettre_44_v2", ("user",)), "", ""),
        (Properties("Sans titre", ("Microsoft Office User",)), "", ""),
        (Properties("untitled", ("root",)), "", ""),
        (Properties("1944", ("Bibliothèque nationale de France",)), "", ""),
        (Properties("magazine.html", ("PDF Creator Pro",)), "", ""),
        (Properties("Document1", ("HP",)), "", ""),
        (Properties("", ("jmorel", "Éditions Du Seuil")), "", ""),
    ],
)
def test_properties_of_the_file(properties: Properties, title: str, creator: str) -> None:
    blocks = (Block("paragraph", (Text("Une phrase qui ne dit rien de personne."),)),)
    meta = infer_metadata(blocks, "cas", "cas.pdf", properties=properties, people=PEOPLE)
    assert (meta.title.value if meta.title.certainty == "probable" else "") == title
    assert (meta.creator.key or meta.creator.name) == creator
    if creator:
        assert meta.creator.certainty == "proposed"
        assert "cas.pdf" in meta.creator.ground


def test_the_text_is_believed_before_its_file() -> None:
    blocks = blocks_of("# Le vote des femmes\n\nPar Séverine\n\nOn m’écrit de tous les coins.")
    meta = infer_metadata(blocks, "cas", "cas.pdf", properties=SAID)
    assert (meta.title.value, meta.creator.name) == ("Le vote des femmes", "Séverine")


def test_the_name_of_a_file_may_settle_the_century() -> None:
    blocks = blocks_of("26/1/44\n\nMa chère maman,\n\nJe t’écris du camp.\n\nMarcel")
    meta = infer_metadata(blocks, "lettre-du-camp-1944", "lettre.pdf")
    assert (meta.date.value, meta.date.certainty) == ("1944-01-26", "probable")
    assert "1944" in meta.date.ground


@pytest.mark.parametrize(("line", "title", "text", "expected"), CASES)
def test_every_claim_has_a_ground(line: int, title: str, text: str, expected: str) -> None:
    meta = infer_metadata(blocks_of(text), "cas", "cas.txt", people=PEOPLE)
    said = [(claim.certainty, claim.ground) for claim in (meta.title, meta.date, meta.place)]
    said += [(who.certainty, who.ground) for who in meta.contributors]
    assert all(
        "« " in ground for certainty, ground in said if certainty in ("probable", "proposed")
    )


PIECES = st.sampled_from(
    "Paris|À|M.|le|ce|du|au|10|1er|12/25|26/1/44|31.2.1900|mai|an II|thermidor|mil huit cent"
    "|quatre-vingt|1848|44|MDCC|Séance|Lettre de|par|Signé|Louise Michel|K. M.|mardi|Fait à|courant"
    "|,|(|)|—|.|:|d’|l’an|de grâce|7bre|Citoyens,|Cher Marx,|ACTE I|Le Comité|\u00a0|’".split("|")
)
LINES = st.one_of(
    st.lists(PIECES, min_size=1, max_size=12).map(" ".join),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=60),
)
KINDS = st.sampled_from(
    ["heading", "paragraph", "verse", "stage", "dateline", "salutation", "signature", "standfirst"]
)
BLOCKS = st.lists(
    st.builds(
        lambda kind, words, level: Block(kind, (Text(words),), level if kind == "heading" else 0),
        KINDS,
        LINES.map(lambda words: " ".join(words.split())).filter(bool),
        st.integers(1, 3),
    ),
    max_size=12,
).map(tuple)
PROPERTIES = st.builds(Properties, LINES, st.lists(LINES, max_size=2).map(tuple))


@given(BLOCKS, PROPERTIES)
@examples(300)
def test_any_text_gives_front_matter_that_is_read_back(
    blocks: tuple[Block, ...], properties: Properties
) -> None:
    meta = infer_metadata(blocks, "hasard", "hasard.pdf", properties=properties, people=PEOPLE)
    document = identified(Document(meta, (Block("paragraph", (Text("Une phrase."),)),)))
    assert loads(dumps(document)).meta == meta


def test_the_properties_of_a_pdf_are_read_and_leave_its_text_as_it_is() -> None:
    with_info, without = (read_received(pdf(info), "x.pdf", "x.pdf") for info in (INFO, b""))
    assert with_info.properties == Properties("Lettre à ma sœur", ("Jeanne Morel", " Paul Aubin"))
    assert without.properties == Properties()
    kept = [list(received.files("x.pdf", b""))[1:] for received in (with_info, without)]
    assert kept[0] == kept[1]


INFO = b"/Title (Lettre \\340 ma s\\234ur) /Author (Jeanne Morel; Paul Aubin) /Producer (A program)"


def pdf(info: bytes) -> bytes:
    """A PDF of one page, with these entries in its information dictionary."""
    drawn = b"BT /F 12 Tf 72 700 Td (Une phrase.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Times >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< " + info + b" >>",
    ]
    parts = [b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1)]
    return b"%PDF-1.4\n" + b"".join(parts) + b"trailer << /Root 1 0 R /Info 5 0 R >>\n%%EOF\n"
