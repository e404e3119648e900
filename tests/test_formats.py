"""Texts that come as documents: their derived lines, and what is read of each format."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from archive_site import interface
from archive_site.cli.main import main
from archive_site.edition.format import dumps, loads
from archive_site.edition.ids import identified
from archive_site.findings import NotPossible, Unsound
from archive_site.sources import program
from archive_site.sources.derived import derived_text
from archive_site.sources.pandoc import document_of, read_pandoc
from archive_site.sources.prepared import Prepared
from archive_site.sources.rtf_words import rtf_words
from archive_site.text.document import (
    NESTING,
    Claim,
    Document,
    Inline,
    Inlines,
    PageBreak,
    Text,
)
from archive_site.text.reading import reading_text
from archive_site.witness.collate import collate
from archive_site.witness.witness import Witness
from examples import examples
from strategies import documents
from trees import trees, words_of

HEAD = "---\nid: x\ntitle: X\nkind: essay\ncreator: ''\ndate: ''\n---"


def witness_of(document: Document) -> Witness:
    return Witness("texte.txt", derived_text(document), 0, "")


def findings(edition: Document, source: Document) -> list[str]:
    found = collate(edition, witness_of(source), "x.md").findings
    return [str(finding) for finding in found]


def paged(document: Document) -> Document:
    """A document with page breaks that count on, and without omissions."""
    numbers = count(2)

    def counted(content: Inlines) -> Iterator[Inline]:
        for inline in content:
            if isinstance(inline, PageBreak):
                yield PageBreak(f"[{next(numbers)}]")
            elif isinstance(inline, NESTING):
                yield structs.replace(inline, content=tuple(counted(inline.content)))
            else:
                yield inline

    blocks = tuple(replace(b, content=tuple(counted(b.content))) for b in document.blocks)
    notes = tuple(
        replace(n, blocks=tuple(replace(b, content=tuple(counted(b.content))) for b in n.blocks))
        for n in document.notes
    )
    meta = replace(document.meta, omissions=(), aliases=())
    return identified(Document(meta, blocks, notes, document.comments))


@examples(50)
@given(documents().map(paged))
def test_every_document_is_its_derived_text(document: Document) -> None:
    found = findings(document, document)
    if not any("\f" in line for line in derived_text(document)):  # no pages are shown: two breaks
        found = [finding for finding in found if "one page break; found" not in finding]
    assert found == []


# ---------------------------------------------------------------- any tree of pandoc's


def words(text: str) -> list[str]:
    """The words that `trees` makes; labels and numbers are none."""
    text = re.sub(r"\[\d+\]", "", text)
    return re.findall("m[abcdé]+", re.sub("-\n[\f\n]*\f\n?", "", text))


INDENTED = [{"t": "Str", "c": text} for text in ("\u20031", " \ufdd0page=3\ufdd1 ", "maaa")]


@examples(40)
@given(trees())
@example({"meta": {}, "blocks": [{"t": "LineBlock", "c": [INDENTED]}]})
def test_no_word_of_a_tree_is_lost_doubled_or_moved(tree: dict[str, Any]) -> None:
    document = document_of(tree, Prepared("json", b""), "texte.docx")
    assert words("\n".join(derived_text(document))) == words(words_of(tree))
    assert findings(document, document) == []
    assert dumps(document)
    if any(reading_text(block.content).strip() for block in document.blocks):
        assert loads(dumps(document)) == document


@examples(50)
@given(documents().map(paged), st.randoms(use_true_random=False))
def test_a_changed_word_is_found(document: Document, random: Random) -> None:
    places = [
        (n, m, inline.text)
        for n, block in enumerate(document.blocks)
        for m, inline in enumerate(block.content)
        if isinstance(inline, Text) and "Mot" in inline.text
    ]
    n, m, text = random.choice(places)
    block, changed = document.blocks[n], Text(text.replace("Mot", "Xénon", 1))
    content = (*block.content[:m], changed, *block.content[m + 1 :])
    blocks = (*document.blocks[:n], replace(block, content=content), *document.blocks[n + 1 :])
    edition = identified(replace(document, blocks=blocks))
    assert any("Xénon" in finding for finding in findings(edition, document))


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("# Titre\n\nUn mot.[^1]\n\n[^1]: Une note.", ["Titre", "Un mot.[1]", "[1] Une note."]),
        ("3. trois\n4. quatre", ["3. trois", "4. quatre"]),
        ("- un\n- deux", ["- un", "- deux"]),
        ("| Un vers,\n|   deux", ["Un vers,", "deux"]),
        ("| Un pré-\n| parlement", ["Un pré- parlement"]),
        ("| A | B |\n|---|---|\n| 1 |   |", ["A\tB", "1\t"]),
        ('Un []{.pb n="[2]"}mot', ["Un ", "\fmot"]),
        ('Un gou[]{.pb n="[2]"}vernement', ["Un gou-", "\fvernement"]),
        ('Un mot.[]{.pb n="[2]"}\n\nDeux.', ["Un mot.", "\fDeux."]),
        ('l’[]{.pb n="[2]"}ami', ["l’ami"]),
        ("Un\n\n12\n\nDeux", ["Un", "12", "Deux"]),
        ("Un\n\n* * *\n\nDeux", ["Un", "* * *", "Deux"]),
        ('Un [mot]{.corr sic="mut"}[]{.gap why="x"} [@a]', ["Un mut"]),
        ("Un[^1].\n\n[^1]: 1. un\n    2. deux", ["Un[1].", "1. un", "2. deux"]),
    ],
)  # fmt: skip
def test_the_lines_of_a_document(body: str, lines: list[str]) -> None:
    document = loads(f"{HEAD}\n\n{body}\n")
    assert list(derived_text(document)) == lines
    assert findings(document, document) == []


# ---------------------------------------------------------------- files of each format

SAMPLE = """---
title: Le titre
author: Jeanne Morel
---

# Un chapitre

Un mot,[^1] en *italique*, en **gras**, au XIV^e^ siècle ; [un lien](https://exemple.fr/).

> Une citation.

- un
- deux

| A | B |
|---|---|
| 1 | 2 |

: La légende.

[^1]: Une note.

    Son second alinéa.
"""
WORDS_OF_SAMPLE = (
    "Un chapitre Un mot, en italique, en gras, au XIVe siècle ; un lien. Une citation. un deux"
)


def pandoc(text: str, to: str, *options: str) -> bytes:
    """A file that pandoc itself writes."""
    command = [str(program._program()), "--from", "markdown", "--to", to, "--standalone", *options]
    done = subprocess.run(
        [*command, "-o", "-"], input=text.encode(), capture_output=True, check=True
    )
    return done.stdout


def body_of(data: bytes, name: str) -> str:
    """The edition of a file without its front matter; it is proved against its derived lines."""
    document = read_pandoc(data, name, name)
    text = dumps(document)
    assert loads(text) == document
    assert findings(document, document) == []
    return text.split("\n---\n", 1)[1].strip()


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf", "html", "epub", "markdown", "latex", "org"])
def test_a_file_of_each_format_is_an_edition(kind: str) -> None:
    suffix = {"markdown": "md", "latex": "tex"}.get(kind, kind)
    data = SAMPLE.encode() if kind == "markdown" else pandoc(SAMPLE, kind)
    text = body_of(data, f"a.{suffix}")
    document = read_pandoc(data, f"a.{suffix}", "a")
    read = " ".join(" ".join(derived_text(document)).replace("[1]", "").split())
    assert WORDS_OF_SAMPLE in re.sub(r"[-•] ", "", read)
    assert "[^1]: Une note.\n\n    Son second alinéa." in text
    assert re.search(r"mot,\[\^1\] en \*italique\*, en \*\*gras\*\*, au XIV\^e\^ siècle", text)
    if kind != "rtf":  # pandoc's RTF has no title, no quotation, no list
        assert "# Le titre" in text
        assert "## Un chapitre" in text
        assert "> Une citation." in text
        assert "- un\n- deux" in text
        assert re.search(r"\| *A *\| *B *\|", text)
        assert "La légende." in text


def office(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return made.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OF_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OF_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLED = ["Title", "Subtitle", "Date", "Salutation", "Intense Quote", "Vers", "Signature"]


def docx(body: str, notes: str = "") -> bytes:
    """A DOCX as a word processor writes it, with the styles in `STYLED` under the ids S0, S1 …"""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{n}"><w:name w:val="{name}"/></w:style>'
        for n, name in enumerate(STYLED)
    )
    return office(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{OF_PACKAGE}"><Relationship Id="r1" '
            f'Type="{OF_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{OF_PACKAGE}"><Relationship '
            f'Id="r1" Type="{OF_OFFICE}/styles" Target="styles.xml"/><Relationship Id="r2" '
            f'Type="{OF_OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>',
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
            "word/footnotes.xml": f"<w:footnotes {W}>{notes}</w:footnotes>",
            "docProps/core.xml": '<c xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<dc:title>Autre titre</dc:title><dc:creator>Louise Aubin</dc:creator></c>",
        }
    )


def par(words: str, style: int | None = None, inner: str = "") -> str:
    styled = f'<w:pPr><w:pStyle w:val="S{style}"/></w:pPr>' if style is not None else ""
    return f'<w:p>{styled}<w:r><w:t xml:space="preserve">{words}</w:t></w:r>{inner}</w:p>'


def test_the_styles_of_word_are_blocks() -> None:
    named = ["Le titre", "Un chapeau", "Paris, 3 mai", "Camarades,", "Une citation.", "Un vers,"]
    body = "".join(par(words, n) for n, words in enumerate(named))
    body += par("deux vers.", 5) + par("", 5) + par("Trois.", 5) + par("Louise Aubin", 6)
    text = body_of(docx(body), "lettre.docx")
    assert text == (
        "# Le titre\n\n::: standfirst\nUn chapeau\n:::\n\n::: dateline\nParis, 3 mai\n:::\n\n"
        "::: salutation\nCamarades,\n:::\n\n> Une citation.\n\n| Un vers,\n| deux vers.\n\n"
        "| Trois.\n\n::: signature\nLouise Aubin\n:::"
    )
    meta = read_pandoc(docx(body), "lettre.docx", "x").meta
    assert (meta.id, meta.title) == ("lettre", Claim("Le titre", "stated"))
    [author] = meta.contributors
    assert (author.name, author.certainty) == ("Louise Aubin", "probable")
    assert author.ground == "propriétés du fichier lettre.docx"


def test_pages_notes_and_boxes_of_word_are_kept() -> None:
    call = '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r>'
    note = f'<w:footnote w:id="2">{par("Une note")}{par("en deux alinéas.")}</w:footnote>'
    box = f"<w:r><w:pict><w:txbxContent>{par('Un encadré.')}</w:txbxContent></w:pict></w:r>"
    page = '<w:r><w:br w:type="page"/></w:r>'
    body = par("Un mot", inner=call) + par("Avant", inner=box) + par("", inner=page) + par("Après")
    assert body_of(docx(body, note), "a.docx") == (
        "Un mot[^1].\n\nAvant\n\nUn encadré.\n\n[]{.pb}Après\n\n"
        "[^1]: Une note\n\n    en deux alinéas."
    )


MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def alternates(box: str) -> str:
    """A text box as a word processor writes it, twice."""
    content = f"<w:txbxContent>{box}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="wps"><w:drawing>{content}'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict>{content}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_a_text_box_of_word_comes_once_after_its_paragraph() -> None:
    boxed = alternates(par("Un encadré", inner=alternates(par("Un autre."))))
    body = par("Avant", inner=boxed + "<w:r><w:t>, après.</w:t></w:r>") + par("Fin.")
    call = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    note = f'<w:footnote w:id="2">{par("Note", inner=alternates(par("En note.")))}</w:footnote>'
    data = docx(body + par("Un mot", inner=call), note)
    assert body_of(data, "a.docx") == (
        "Avant, après.\n\nUn encadré\n\nUn autre.\n\nFin.\n\nUn mot[^1]\n\n"
        "[^1]: Note\n\n    En note."
    )
    assert read_pandoc(data, "a.docx", "x").meta.remarks == (interface.BOXES_PLACED,)


def test_fields_and_insertions_of_word_are_words() -> None:
    def run(words: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'

    field = f'<w:fldSimple w:instr="PAGEREF x">{run("37")}</w:fldSimple>'
    inserted = f'<w:ins w:id="1">{run(", mot ")}<w:ins w:id="2">{field}</w:ins></w:ins>'
    moved = f'<w:moveTo w:id="3">{run(" ici")}</w:moveTo><w:del w:id="4">{run(" rien")}</w:del>'
    mark = '<w:p><w:pPr><w:rPr><w:ins w:id="5"/></w:rPr></w:pPr><w:r><w:t>Fin.</w:t></w:r></w:p>'
    data = docx(par("Page ", inner=field + inserted + moved) + mark)
    assert body_of(data, "a.docx") == "Page 37, mot 37 ici\n\nFin."
    assert read_pandoc(data, "a.docx", "x").meta.remarks == (interface.CHANGES_TAKEN,)


def test_words_that_are_lost_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(docx(par("Un mot."), f'<w:footnote w:id="2">{par("Seule")}</w:footnote>'))
    assert main(["recover", str(source), "-C", str(tmp_path / "corpus")]) == 0
    said = "words of the source are not in the draft: Seule; see remarks in the front matter"
    assert said in capsys.readouterr().out
    draft = (tmp_path / "corpus" / "editions" / "a.md").read_text("utf-8")
    assert interface.WORDS_LEFT.format(words="Seule") in draft


def test_the_styles_and_pages_of_odt_are_kept() -> None:
    data = pandoc('::: {custom-style="Signature"}\nMoi\n:::\n\nUn mot.', "odt")
    assert "::: signature\nMoi\n:::" in body_of(data, "a.odt")


OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def odt(body: str, parts: dict[str, str] | None = None) -> bytes:
    """An ODT with these contents, and other parts that they show."""
    spaces = f'xmlns:office="{OPEN}:office:1.0" xmlns:text="{OPEN}:text:1.0" '
    spaces += f'xmlns:draw="{OPEN}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return office(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:automatic-styles/>"
            f"<office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {spaces}><office:styles/>"
            "<office:automatic-styles/><office:master-styles/></office:document-styles>",
            **(parts or {}),
        }
    )


def framed(inner: str) -> str:
    return f"<draw:frame>{inner}</draw:frame>"


def p(words: str) -> str:
    return f"<text:p>{words}</text:p>"


def boxed(inner: str) -> str:
    return framed(f"<draw:text-box>{inner}</draw:text-box>")


def test_a_text_box_of_odt_comes_once_after_its_paragraph() -> None:
    shape = f"<draw:custom-shape>{p('Une forme.')}</draw:custom-shape>"
    inner = p("Un encadré" + boxed(p("dans un autre."))) + p("Deux.")
    data = odt(
        boxed(p("Sur la page."))
        + p(f"Un {boxed(inner)}mot <text:span>et{shape} un autre.</text:span>")
        + p(boxed(p("Seul.")))
        + p("Fin.")
    )
    assert body_of(data, "a.odt").split("\n\n") == [
        "Sur la page.",
        "Un mot et un autre.",
        "Un encadré",
        "dans un autre.",
        "Deux.",
        "Une forme.",
        "Seul.",
        "Fin.",
    ]
    assert read_pandoc(data, "a.odt", "x").meta.remarks == (interface.BOXES_PLACED,)


def test_a_picture_of_odt_keeps_its_legend() -> None:
    picture = framed('<draw:image xlink:href="Pictures/1.png"/>')
    data = odt(p("Avant.") + p(boxed(p(f"{picture}La légende."))))
    assert re.search(r"\[\]\{\.gap [^}]*1\.png\"\} La légende\.$", body_of(data, "a.odt"))
    assert read_pandoc(data, "a.odt", "x").meta.remarks == ()
    text = body_of(odt(p("Avant.") + boxed(p(f"Mots {picture}autour.") + p(picture))), "a.odt")
    assert text.count(".gap") == 2
    assert re.search(r"Mots \[\]\{\.gap [^}]*\} ?autour\.", text)


def test_formulas_and_objects_of_odt_are_not_lost() -> None:
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>a</mi></math>'
    seen = [framed(f'<draw:object xlink:href="{at}"/>') for at in ("F/", "./F", "./C")]
    parts = {"F/content.xml": formula, "C/content.xml": "<chart>b</chart>"}
    doubt = f'[a]{{.doubt why="{interface.FORMULA}"}}'
    gap = f'[]{{.gap why="{interface.OBJECT_HERE}"}}'
    text = body_of(odt(p(f"Un {seen[0]}, {seen[1]} et {seen[2]}."), parts), "a.odt")
    assert text == f"Un {doubt}, {doubt} et {gap}."


def test_notes_of_odt_keep_their_lists_and_no_call_is_a_word() -> None:
    said = f"<office:annotation>{p('À vérifier.')}</office:annotation>"
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body><text:list><text:list-item>{p('Une note' + said)}{p('en liste')}"
        "</text:list-item></text:list></text:note-body></text:note>"
    )
    data = odt(p(f"Un mot{note}{boxed(p('Encadré'))}"))
    assert body_of(data, "a.odt") == "Un mot[^1]\n\nEncadré\n\n[^1]: Une note\n\n    en liste"
    remarks = (interface.COMMENTS_LEFT, interface.BOXES_PLACED)
    assert read_pandoc(data, "a.odt", "x").meta.remarks == remarks


def test_rtf_keeps_letters_notes_and_pages() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\info{\title Le titre}{\author Jeanne}}"
        rb"L\u8217?homme\'e9{\super\chftn}{\*\footnote\chftn  Une note.} suit\page Page deux.\par}"
    )
    text = body_of(data, "a.rtf")
    assert text == "L’hommeé[^1] suit[]{.pb}Page deux.\n\n[^1]: Une note."
    meta = read_pandoc(data, "a.rtf", "a").meta
    assert (meta.title.value, meta.title.certainty) == ("Le titre", "probable")


def test_words_that_rtf_loses_or_moves_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = rb"\trowd\cellx100\intbl %s\cell\row "
    note = rb"{\super\chftn{\*\footnote\chftn Une note.}}"
    rows = row % rb"Un" + row % (rb"Deux" + note)
    source = tmp_path / "a.rtf"
    source.write_bytes(rb"{\rtf1\ansi Avant.{\v Rien}\par %s\pard Fin.\par}" % rows)
    assert main(["recover", str(source), "-C", str(tmp_path / "corpus")]) == 0
    said = capsys.readouterr().out
    assert "words of the source are not in the draft: Rien Une note; see remarks" in said
    assert "words of the source are not in their place: Un; see remarks" in said
    remarks = read_pandoc(source.read_bytes(), "a.rtf", "x").meta.remarks
    assert interface.WORDS_MOVED.format(words="Un") in remarks


@pytest.mark.parametrize(
    ("body", "text", "notes"),
    [
        (rb"\'e9t\'e9 \u339?uvre \uc2\u233\'c3\'a9\uc1  {\b m}ot", "été œuvre é mot", ""),
        (rb"un{\*\footnote deux {\i\revdttm1736509440 trois}} quatre", "un quatre", "deux trois"),
        (rb"a{\*\bkmkstart x}{\pict 00}b{\*\atnid x}\bin3 }}}c", "abc", ""),
        (rb"{\shp{\*\shpinst{\sp{\sn x}}{\shptxt un}}{\shprslt un}} deux", "un deux", ""),
        (rb"\u-10179?\u-9216? rap\-port a\~b \{\}", "\U0001f400 rapport a b {}", ""),
        (rb"un}}}} deux \u99999999999? \'zz", "un deux", ""),
    ],
)
def test_the_words_of_rtf(body: bytes, text: str, notes: str) -> None:
    read = rtf_words(rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}%s}" % body)
    assert " ".join(read[0].split()).startswith(text)
    assert " ".join(read[1].split()) == notes
    assert rtf_words(rb"{\rtf1\ansi\ansicpg65001 mot}") == ("", "")


# ---------------------------------------------------------------- web pages

WORD_PAGE = """<html><head><meta http-equiv=Content-Type content="text/html; charset=windows-1252">
</head><body><div class=WordSection1><h1>Discours</h1><p class=MsoNormal>Un mot<a
style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span
class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]>
<span class=MsoFootnoteReference>[1]</span><![endif]></span></span></a> “ici”, l’ami.</p></div>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr size=1><![endif]>
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1"
name="_ftn1"><span class=MsoFootnoteReference>[1]</span></a> Une note.</p>
<p class=MsoFootnoteText>Sa suite.</p></div></div></body></html>"""
MARXISTS = """<p>Un mot<a href="#n1" name="r1">[1]</a> ici.<p>Un autre (<a href="#note2">2</a>), en
1917.<hr><h3>Notes</h3><p><a name="n1" href="#r1">[1]</a> Une, de 1918.<p>Sa suite.
<p><a name="note2"></a>(2) La deuxième.<hr><p>Haut de la page"""
WIKISOURCE = """<p>Un mot<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup>
deux<sup id="ref-2a"><a href="#cite_note-2">[2]</a></sup> et<sup id="ref-2b"><a
href="#cite_note-2">[2]</a></sup>.</p><h2>Notes</h2><ol class="references"><li id="cite_note-1">
<span class="mw-cite-backlink"><a href="#cite_ref-1">↑</a></span> Une.</li><li id="cite_note-2">
<span class="mw-cite-backlink">↑ <sup><a href="#ref-2a">a</a></sup> et <sup><a href="#ref-2b">b</a>
</sup></span> Deux.</li></ol>"""
RAISED = """<p>Un<sup><a href="#fn1" id="r1">1</a></sup> et<sup><a href="#fn2" id="r2">2</a></sup>.
</p><hr><p><small><a name="fn1">1</a>. Une.<br><a name="fn2">2</a>. Deux.</small></p>"""
IN_TABLE = """<p>Un<a href="#n1" name="t1">(1)</a> et<a href="#n2" name="t2">(2)</a>.</p><table>
<tr><td><a name="n1" href="#t1">(1)</a></td><td>Une.</td></tr>
<tr><td><a name="n2" href="#t2">(2)</a></td><td>Deux.</td></tr></table>"""
STARS = """<p>Un<a href="#a">*</a> et<a href="#b">**</a>.</p>
<dl><dt><a name="a">*</a></dt><dd>Une.</dd><dt><a name="b">**</a></dt><dd>Deux.</dd></dl>"""


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (WORD_PAGE, "# Discours\n\nUn mot[^1] “ici”, l’ami.\n\n[^1]: Une note.\n\n    Sa suite."),
        (MARXISTS, "Un mot[^1] ici.\n\nUn autre [^2], en 1917.\n\n* * *\n\nHaut de la page\n\n"
         "[^1]: Une, de 1918.\n\n    Sa suite.\n\n[^2]: La deuxième."),
        (WIKISOURCE, "Un mot[^1] deux[^2] et[^2].\n\n[^1]: Une.\n\n[^2]: Deux."),
        (RAISED, "Un[^1] et[^2].\n\n[^1]: Une.\n\n[^2]: Deux."),
        (IN_TABLE, "Un[^1] et[^2].\n\n[^1]: Une.\n\n[^2]: Deux."),
        (STARS, "Un[^1] et[^2].\n\n[^1]: Une.\n\n[^2]: Deux."),
    ],
)  # fmt: skip
def test_links_to_notes_are_notes(page: str, text: str) -> None:
    assert body_of(page.encode("cp1252", "xmlcharrefreplace"), "a.html") == text


@pytest.mark.parametrize(
    "page",
    [
        '<p><a href="#c1">I</a></p><h2 id="c1">I. Un chapitre</h2><p>Un mot.</p>',
        '<p>Voir <a href="#p2">2</a>.</p><p>Un mot.</p><div id="p2"><h2>Deux</h2><p>Mot.</p></div>',
        '<p>Un mot<a href="#absente">1</a>.</p>',
    ],
)
def test_other_links_are_no_notes(page: str) -> None:
    document = read_pandoc(page.encode(), "a.html", "a")
    assert document.notes == ()


def test_of_a_page_only_the_article_is_read() -> None:
    page = (
        "<title>Un titre | Un site</title><nav>Accueil</nav><header>Un site</header><article>"
        "<h1 class=title>Un titre</h1><p>Un mot.</p><script>non()</script></article>"
    )
    document = read_pandoc(page.encode(), "a.html", "a")
    assert list(derived_text(document)) == ["Un titre", "Un mot."]
    assert document.meta.remarks == ("Seul l’élément <article> de la page est repris.",)
    whole = page.replace("article", "div")
    document = read_pandoc(whole.encode(), "a.html", "a")
    assert list(derived_text(document)) == ["Un site", "Un titre", "Un mot."]
    assert document.meta.remarks == ("La navigation de la page n’est pas reprise : « Accueil ».",)


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "utf-8", "utf-16", "macroman"])
def test_a_page_is_read_in_its_encoding(charset: str) -> None:
    page = f'<meta charset="{charset}"><p>L’été à Noël…</p>'
    written = "cp1252" if charset == "iso-8859-1" else charset
    data = page.encode({"macroman": "mac_roman"}.get(charset, written))
    assert body_of(data, "a.html") == "L’été à Noël…"


def book(pages: dict[str, str]) -> bytes:
    items = "".join(f'<item id="i{n}" href="{name}"/>' for n, name in enumerate(pages))
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(pages)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<metadata><dc:title>Le livre</dc:title><dc:creator>Jeanne Morel</dc:creator>"
        "<dc:date>1921-03-04</dc:date><dc:language>fr</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = '<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></container>'
    xhtml = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
    return office(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "O/b.opf": opf,
            **{f"O/{name}": xhtml.format(body) for name, body in pages.items()},
        }
    )


def test_the_notes_of_a_book_may_be_in_another_file() -> None:
    pages = {
        "z.xhtml": '<section epub:type="titlepage"><h1 class="title">Le livre</h1></section>',
        "b.xhtml": '<h2>Un</h2><p>Un<a id="r1" href="n.xhtml#n1" epub:type="noteref">1</a>'
        '<a id="p"/> mot,<span epub:type="pagebreak" title="2"/> puis deux.</p>',
        "a.xhtml": '<h2>Deux</h2><p>Deux<a id="r1" href="n.xhtml#n2">2</a>.</p>',
        "n.xhtml": '<h2>Notes</h2><aside id="n1" epub:type="footnote"><p><a href="b.xhtml#r1">1</a>'
        '. Une.</p></aside><aside id="n2"><p><a href="a.xhtml#r1">2</a>. Deux.</p></aside>',
    }
    data = book(pages)
    assert body_of(data, "a.epub") == (
        '# Le livre\n\n## Un\n\nUn[^1] mot,[]{.pb n="[2]"} puis deux.\n\n## Deux\n\nDeux[^2].\n\n'
        "[^1]: Une.\n\n[^2]: Deux."
    )
    meta = read_pandoc(data, "a.epub", "a").meta
    assert (meta.date.value, meta.date.certainty) == ("1921-03-04", "probable")


# ---------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"\xd0\xcf\x11\xe0", "a.docx", "must be DOCX; it is a Word document of before 2007"),
        (pandoc("Un mot.", "odt"), "a.docx", "must be DOCX; it is ODT"),
        (pandoc("Un mot.", "epub"), "a.odt", "must be ODT; it is EPUB"),
        (b"<!DOCTYPE html><p>a", "a.md", "must be Markdown; it is HTML"),
        (b"{\\rtf1 a}", "a.docx", "must be DOCX; it is RTF"),
        (b"PK\x03\x04", "a.docx", "a zip file that is damaged"),
        (b"Un mot.", "a.docx", "must be DOCX; it is no such file"),
        (b"Un mot.", "a.xyz", "must be a document that can be read"),
        (b"", "a.html", "it is empty"),
        (b"a\0b", "a.md", "NUL"),
        (office({"word/document.xml": "<a>"}), "a.docx", "damaged"),
        (office({"word/document.xml": "<a/>"}), "a.docx", "must be DOCX that pandoc can read"),
        (office({"mimetype": "application/epub+zip"}), "a.epub", "damaged"),
        (b"<p></p>", "a.html", "must have words"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, name: str, said: str) -> None:
    with pytest.raises(Unsound) as found:
        read_pandoc(data, name, f"corpus/{name}")
    [finding] = found.value.findings
    assert (finding.path, finding.code) == (f"corpus/{name}", "E026" if "words" in said else "E006")
    assert said in finding.message
    assert finding.remedy


def test_without_the_extra_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(program, "find_spec", lambda _: None)
    program._program.cache_clear()
    with pytest.raises(NotPossible) as found:
        read_pandoc(b"Un mot.", "a.md", "a.md")
    assert 'pip install "archive-site[formats]"' in found.value.remedy
    program._program.cache_clear()


def test_pandoc_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "SECONDS", 0.001)
    with pytest.raises(NotPossible, match="pandoc has not read"):
        read_pandoc(b"Un mot.", "a.md", "a.md")
