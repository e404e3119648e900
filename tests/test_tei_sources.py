"""TEI files of others: what each of the usual encodings becomes, as an editor would read it."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest
from hypothesis import given

from archive_site.edition.format import dumps, loads
from archive_site.findings import Unsound
from archive_site.sources.tei import read_tei
from archive_site.sources.tei.dates import edtf_of
from archive_site.sources.tei.parsing import Node
from archive_site.text.document import Claim, Contributor, Document, Meta, Source
from examples import examples
from strategies import documents, without_comments

SPACE = 'xmlns="http://www.tei-c.org/ns/1.0"'
TITLED = "<fileDesc><titleStmt><title>T</title></titleStmt></fileDesc>"
HEADER = "d’après l’en-tête du fichier TEI"


def read(data: str) -> Document:
    """A file as a document, which an edition file can hold."""
    document = read_tei(data.encode(), "dossier.xml", "dossier.xml")
    assert loads(dumps(document)) == document
    return document


def file(body: str, *, header: str = TITLED, around: str = "{}", attributes: str = "") -> str:
    text = around.format(f"<body>{body}</body>")
    return (
        f"<TEI {SPACE}><teiHeader>{header}</teiHeader>"
        f'<text xml:lang="fr"{attributes}>{text}</text></TEI>'
    )


def edition(body: str, *, header: str = TITLED, around: str = "{}") -> str:
    """The body of the edition file that is made of the body of a TEI file."""
    written = dumps(read(file(body, header=header, around=around)))
    return written.split("---\n", 2)[2].strip()


def same(found: str, wanted: str) -> None:
    assert found == dedent(wanted).strip()


def meta(header: str, body: str = "<p>Mot.</p>") -> Meta:
    return read(file(body, header=header)).meta


# ---------------------------------------------------------------- divisions


def test_a_text_with_one_title_has_it_at_the_first_level() -> None:
    body = """<div type="chapter"><head>Préface</head><p>Mot.</p>
        <label type="head">Intertitre</label><p>Fin.</p></div>"""
    same(edition(body), "# Préface\n\nMot.\n\n## Intertitre\n\nFin.")


def test_divisions_are_levels_and_their_second_heading_is_a_subtitle() -> None:
    body = """
      <div1 type="partie"><head>Première<lb/>partie</head><head type="sub">Sous-titre</head>
        <argument><p>Sommaire.</p></argument>
        <div><p>Sans titre.</p><div><head>Un</head><p>a</p></div></div>
      </div1>
      <div1><head>Deuxième</head><p>b</p><trailer>FIN</trailer></div1>"""
    same(
        edition(body),
        """
        ## Première partie

        ::: standfirst
        Sous-titre
        :::

        ::: standfirst
        Sommaire.
        :::

        Sans titre.

        ### Un

        a

        ## Deuxième

        b

        FIN
        """,
    )


def test_front_and_back_are_read_and_the_title_page_is_told() -> None:
    front = """<front><titlePage><docTitle><titlePart>LE LIVRE</titlePart></docTitle>
        <byline>par <docAuthor>X</docAuthor></byline><pb n="2"/></titlePage>
        <div><head>Avis</head><p>Au lecteur.</p></div></front>{}
        <back><div><head>Table</head><p>p. 1</p></div></back>"""
    document = read(file("<div><head>I</head><p>Mot.</p></div>", around=front))
    assert [(b.kind, b.level) for b in document.blocks] == [
        ("heading", 2),
        ("paragraph", 0),
    ] * 3
    assert document.meta.remarks == ("La page de titre porte : « LE LIVRE par X »",)
    assert dumps(document).count('[]{.pb n="2"}Avis') == 1


def test_a_group_is_one_text_and_a_floating_text_a_box() -> None:
    group = (
        "<group><text>{}</text><text><body><div><head>II</head><p>b</p></div></body></text></group>"
    )
    assert edition("<div><head>I</head><p>a</p></div>", around=group) == "## I\n\na\n\n## II\n\nb"
    floating = "<p>a</p><floatingText><body><div><head>H</head><p>b</p></div></body></floatingText>"
    same(edition(floating), "a\n\n:::: box\n\n## H\n\nb\n\n::::")


# ---------------------------------------------------------------- OBVIL: letters, quotations, drama


def test_a_letter() -> None:
    body = """
      <div type="letter"><head>LETTRE I<hi rend="sup">re</hi></head>
        <opener><dateline>Paris, le <date when="1871-03-18">18 mars 1871</date>.</dateline>
          <salute>Cher ami,</salute></opener>
        <p>Je vous écris<lb/>ce soir.</p>
        <closer>Tout à vous,<lb/>votre ami <signed>V. <hi rend="sc">Hugo</hi></signed></closer>
        <postscript><p>P.-S. — Un mot.</p></postscript></div>"""
    same(
        edition(body),
        """
        # LETTRE I^re^

        ::: dateline
        Paris, le [18 mars 1871]{.name key="1871-03-18"}.
        :::

        ::: salutation
        Cher ami,
        :::

        Je vous écris ce soir.

        Tout à vous,\\
        votre ami

        ::: signature
        V. [Hugo]{.smallcaps}
        :::

        ::: postscript
        P.-S. — Un mot.
        :::
        """,
    )
    assert read(file(body)).meta.kind == "letter"


def test_quotations_in_a_line_and_by_themselves() -> None:
    body = """
      <epigraph><quote>Rien de trop.</quote><bibl>Solon</bibl></epigraph>
      <p>On lit <quote>« ceci »</quote> et <q>cela</q> :</p>
      <quote><p>Une phrase.</p><p>Une autre.</p></quote>
      <cit><quote><l>Vers un</l><l>Vers deux</l></quote>
        <bibl>Racine, <title>Phèdre</title></bibl></cit>
      <p>Avant <quote><p>au milieu</p></quote> après.</p>"""
    same(
        edition(body),
        """
        :::: epigraph

        Rien de trop.

        Solon

        ::::

        On lit « ceci » et cela :

        > Une phrase.
        >
        > Une autre.

        > | Vers un
        > | Vers deux
        >
        > Racine, *Phèdre*

        Avant

        > au milieu

        après.
        """,
    )


def test_quotation_marks_that_the_encoding_removed_are_set() -> None:
    marks = '<encodingDesc><editorialDecl><quotation marks="none"/></editorialDecl></encodingDesc>'
    assert (
        edition("<p>Il dit <q>oui</q>.</p>", header=TITLED + marks) == "Il dit «\u00a0oui\u00a0»."
    )


def test_drama() -> None:
    body = """
      <castList><head>ACTEURS</head><castItem><role>HARPAGON</role>, père.</castItem>
        <castGroup><head>VALETS</head><castItem>LA FLÈCHE</castItem></castGroup></castList>
      <set><p>La scène est à Paris.</p></set>
      <div type="act"><head>ACTE PREMIER</head>
        <div type="scene"><head>SCÈNE I</head><stage>HARPAGON, VALÈRE.</stage>
          <sp who="#h"><speaker>HARPAGON<stage>, à part</stage>.</speaker>
            <l part="I">Qui va là ?</l></sp>
          <sp who="#v"><speaker>VALÈRE.</speaker><l part="F">C’est moi.</l>
            <l>Vers.</l></sp>
          <sp><stage>Il entre.</stage><speaker>HARPAGON.</speaker>
            <p>Au <hi rend="i">voleur</hi> ! <stage>(Il sort.)</stage></p></sp></div></div>"""
    same(
        edition(body),
        """
        ACTEURS

        - HARPAGON, père.

        - VALETS

          - LA FLÈCHE

        La scène est à Paris.

        # ACTE PREMIER

        ## SCÈNE I

        ::: stage
        HARPAGON, VALÈRE.
        :::

        :::: speech

        [HARPAGON[, à part]{.stage}.]{.speaker}

        | Qui va là ?

        ::::

        :::: speech

        [VALÈRE.]{.speaker}

        |             C’est moi.
        | Vers.

        ::::

        ::: stage
        Il entre.
        :::

        :::: speech

        [HARPAGON.]{.speaker}

        Au *voleur* ! [(Il sort.)]{.stage}

        ::::
        """,
    )
    assert read(file(body)).meta.kind == "drama"


def test_verse() -> None:
    body = """
      <lg><head>Sonnet</head>
        <lg><l>Vers un</l><l rend="indent">Vers deux</l></lg><pb n="3"/>
        <lg><l>Vers trois,<lb/>rejeté</l>
          <l rendition="#et2"><hi rend="i">Vers</hi> quatre</l></lg></lg>
      <p>Mot.</p><l>seul</l><pb n="4"/><l rend="indent(3)">autre</l>"""
    same(
        edition(body),
        """
        ## Sonnet

        | Vers un
        |     Vers deux

        | []{.pb n="3"}Vers trois, rejeté
        |         *Vers* quatre

        Mot.

        | seul
        |    []{.pb n="4"}autre
        """,
    )
    assert read(file(body)).meta.kind == "poem"


def test_type_and_references() -> None:
    body = """<p><hi rend="i">a</hi><hi rend="italic">b</hi> <hi rend="bold">c</hi> XIV<hi
      rend="sup">e</hi> <title>Le Cid</title>, <title level="a">article</title>
      <foreign xml:lang="en">the <emph>end</emph></foreign> <ref target="https://a.fr/">lien</ref>
      <persName ref="#x" rend="sc">Hugo</persName> <rs>lui</rs>,
      <ref target="#p3">voir plus haut</ref>
      <hi rend="big">L</hi>E <seg style="font-style: italic">mot</seg></p>"""
    same(
        edition(body),
        "*ab* **c** XIV^e^ *Le Cid*, article [the *end*]{lang=en} [lien](https://a.fr/) "
        "[Hugo]{.smallcaps} lui, voir plus haut LE *mot*",
    )


def test_the_header_may_say_how_words_are_set() -> None:
    css = '<tagsDecl><rendition xml:id="x">font-style:italic</rendition></tagsDecl>'
    header = f"{TITLED}<encodingDesc>{css}</encodingDesc>"
    assert edition('<p><hi rendition="#x">a</hi> b</p>', header=header) == "*a* b"


def test_lists() -> None:
    body = """
      <list><head>Liste :</head><item>un</item><pb n="2"/>
        <item><p>deux</p><p>bis</p></item><item/></list>
      <list type="ordered"><item>a</item><item>b</item></list>
      <list><label>3)</label><item>x</item><label>4)</label><item>y</item></list>
      <list type="gloss"><label>Mot</label><item>sens</item></list>"""
    same(
        edition(body),
        """
        Liste :

        - un

        - []{.pb n="2"}deux

          bis

        1. a
        2. b

        3) x
        4) y

        - Mot sens
        """,
    )


def test_tables_and_figures() -> None:
    body = """
      <table><head>Titre</head><row role="label"><cell>A</cell><cell>B</cell></row><pb n="2"/>
        <row><cell>1</cell><cell>2 <lb/>bis</cell></row>
        <row><cell cols="2">large</cell></row></table>
      <figure><graphic url="a.png"/><head>Légende</head><figDesc>Un port</figDesc></figure>
      <p>Une vignette <figure/> ici.</p>"""
    same(
        edition(body),
        """
        : Titre

        | A              | B     |
        |----------------|-------|
        | []{.pb n="2"}1 | 2 bis |
        | large          |       |

        []{.gap why="image non reproduite (Un port)"}

        Légende

        Une vignette []{.gap why="image non reproduite"} ici.
        """,
    )


# ---------------------------------------------------------------- DTA: lines, pages, choices


def test_lines_are_joined_as_print_divided_them() -> None:
    body = """
      <p>Der gro-<lb/>
         ße Mann, ein Ge¬<lb/>danke und der Ge<lb break="no"/>dan<hi rendition="#g">ke</hi>,<lb/>
         wie Nord- und Süd-<lb/>Amerika. Ma<lb break="no"/><fw type="sig">A 2</fw>
         <fw type="catch">nier</fw><lb/><pb n="2" facs="#f1"/><lb/> nier.</p>"""
    same(
        edition(body),
        "Der große Mann, ein Gedanke und der Gedan*ke*, wie Nord- und Süd-Amerika. "
        'Ma[]{.pb n="2"}nier.',
    )
    assert "réclames omis : 2." in read(file(body)).meta.extraction


def test_a_french_compound_keeps_its_hyphen() -> None:
    assert edition("<p>C’est peut-<lb/>être un change-<lb/>ment. Dit-<lb/>il.</p>") == (
        "C’est peut-être un changement. Dit-il."
    )


def test_one_reading_of_each_choice_is_the_text() -> None:
    body = """<p><choice><sic>Fehlre</sic><corr>Fehler</corr></choice>
      <choice><orig>ſeyn</orig><reg>sein</reg></choice>
      <choice><abbr>Hr.</abbr><expan>Herr</expan></choice>
      <choice><unclear>lu</unclear><unclear>vu</unclear></choice>
      <subst><del>rayé</del><add>mis</add></subst>
      M<ex>onsieu</ex>r <supplied reason="trou">là</supplied> <surplus>le</surplus>
      <sic>faut</sic> <unclear reason="tache">mot</unclear>
      <gap reason="illegible" quantity="2" unit="words"/></p>"""
    same(
        edition(body),
        '[Fehler]{.corr sic="Fehlre"} ſeyn Hr. [lu]{.doubt why="ou : vu"} '
        '[]{.corr sic="rayé" why="biffé dans l’original"}mis '
        'M[onsieu]{.corr sic="" why="abréviation développée par l’encodage"}r '
        '[là]{.corr sic="" why="trou"} []{.corr sic="le" why="superflu selon l’encodage"} '
        '[faut]{.doubt why="signalé tel quel par l’encodage"} '
        '[mot]{.doubt why="lecture incertaine (tache)"} '
        '[]{.gap why="lacune signalée par l’encodage (illegible, 2 words)"}',
    )
    said = read(file(body)).meta.extraction
    assert "graphie d’origine est gardée : 1." in said
    assert "gardées telles quelles : 1." in said


def test_variants_are_notes() -> None:
    body = """<p>Le <app><lem wit="#A">mot</lem><rdg wit="#B">terme</rdg>
      <rdg wit="#C #D">vocable</rdg></app>,
      <app><rdg wit="#A">un</rdg></app>.</p>"""
    same(edition(body), "Le mot[^1], un.\n\n[^1]: terme (B) ; vocable (C D)")


def test_breaks_between_paragraphs() -> None:
    body = """<p>a</p><milestone unit="section" rendition="#hr"/><p>b</p><milestone unit="work"/>
      <pb n="n.p."/><p>c <cb/>d</p>"""
    same(edition(body), "a\n\n* * *\n\nb\n\n[]{.pb}c d")


def test_pages_stand_before_their_first_word() -> None:
    body = '<p>mot <pb n="2"/> suite <pb n="p. 3"/>fin</p><pb n="4"/><p> x </p><pb n="5"/>'
    same(
        edition(body),
        'mot []{.pb n="2"}suite []{.pb n="3"}fin\n\n[]{.pb n="4"}x[]{.pb n="5"}',
    )


def test_white_space_is_kept_where_the_file_says_so() -> None:
    assert edition('<p xml:space="preserve">a\n  b</p>') == "a b"
    assert edition('<closer xml:space="preserve"><signed>a\n  b</signed></closer>') == (
        "::: signature\na\\\nb\n:::"
    )


# ---------------------------------------------------------------- notes


def test_notes_at_their_calls_are_labelled_as_printed() -> None:
    body = """<p>Un<note place="foot" n="1)">Eins.</note>, deux<note place="margin">Marge.</note>,
      trois<note place="end" n="*"><p>a</p><p>b</p></note>.</p>"""
    same(
        edition(body),
        "Un[^1], deux[^2], trois[^*].\n\n[^1]: Eins.\n\n[^2]: Marge.\n\n[^*]: a\n\n    b",
    )


def test_notes_whose_numbers_begin_anew_are_renumbered() -> None:
    document = read(file('<p>a<note n="1">x</note> b<note n="1">y</note></p>'))
    assert [note.label for note in document.notes] == ["1", "2"]
    assert document.meta.remarks == (
        "Les notes sont renumérotées de suite : leurs appels se répétaient.",
    )


def test_a_note_goes_on_below_the_next_page() -> None:
    body = """<p>Neu<note n="*)" xml:id="a" next="#b">Die No-</note> alt <pb n="3"/><note n="*)"
      xml:id="b" prev="#a">te <hi rendition="#g">hier</hi>.</note>weiter.</p>"""
    same(edition(body), 'Neu[^*] alt []{.pb n="3"}weiter.\n\n[^*]: Die Note *hier*.')


def test_notes_elsewhere_are_called_where_the_text_points_to_them() -> None:
    body = """<p>Mot<ref xml:id="c1" target="#n1" type="noteref">1</ref> et autre<ptr
      target="#n2"/>. Voir la <ref target="#n1">note première</ref>.</p>
      <div type="notes"><head>Notes</head>
        <note xml:id="n1" n="1"><p><ref target="#c1">1</ref> Un.</p><p>Deux.</p></note>
        <note xml:id="n2">Trois.</note></div>"""
    same(
        edition(body),
        """
        Mot[^1] et autre[^2]. Voir la note première.

        [^1]: Un.

            Deux.

        [^2]: Trois.
        """,
    )
    assert read(file(body)).meta.remarks == ("Titre omis au-dessus des notes : « Notes »",)


def test_notes_may_point_to_their_place_themselves() -> None:
    body = """<p>Mot<anchor xml:id="a1"/> suite <seg xml:id="s">ici</seg>.</p><p xml:id="p">Fin.</p>
      <note target="#a1">Une.</note><note target="#s">Deux.</note><note target="#p">Trois.</note>"""
    same(
        edition(body),
        "Mot[^1] suite ici[^2].\n\nFin.[^3]\n\n[^1]: Une.\n\n[^2]: Deux.\n\n[^3]: Trois.",
    )


def test_notes_in_a_standoff_are_found() -> None:
    stand_off = '<standOff><note xml:id="fn1">Une.</note><note xml:id="x">Rien.</note></standOff>'
    data = file('<p>Mot<ptr target="#fn1"/>.</p>').replace("</TEI>", f"{stand_off}</TEI>")
    document = read(data)
    assert len(document.notes) == 1
    assert dumps(document).endswith("Mot[^1].\n\n[^1]: Une.\n")


def test_a_note_that_nothing_calls_is_called_where_it_stands() -> None:
    notes = '<div type="notes"><note xml:id="n">a</note><note>b</note></div>'
    body = f'<p>Mot<ptr target="#n"/>.</p>{notes}'
    same(edition(body), "Mot[^1].[^2]\n\n[^1]: a\n\n[^2]: b")


def test_notes_that_call_only_each_other_are_paragraphs() -> None:
    body = """<p>Mot.</p><note xml:id="a">Un<ref target="#b">2</ref></note>
      <note xml:id="b">Deux<ref target="#a">1</ref></note>"""
    document = read(file(body))
    assert "Un" in dumps(document)
    assert "Deux" in dumps(document)


def test_who_wrote_the_notes() -> None:
    document = read(file('<p>a<note resp="#editor">x</note> b<note type="éditeur">y</note></p>'))
    assert document.meta.notes == "editor"
    mixed = read(file('<p>a<note>x</note><note>y</note> b<note type="trad">z</note></p>'))
    assert (mixed.meta.notes, mixed.meta.remarks) == ("author", ("Notes du traducteur : 3.",))


# ---------------------------------------------------------------- the header


OBVIL = """
<fileDesc>
  <titleStmt><title>Préface</title>
    <author key="Boyer, Claude (1618-1698)">Claude Boyer</author></titleStmt>
  <editionStmt><edition>OBVIL</edition>
    <respStmt><name>Infoscribe</name><resp>saisie, XML-TEI</resp></respStmt>
    <respStmt><resp key="trl">x</resp><name>Anne Dupont</name></respStmt></editionStmt>
  <publicationStmt><publisher>Sorbonne Université</publisher><date when="2019"/>
    <idno>http://obvil.fr/boyer</idno>
    <availability status="restricted"><licence
      target="http://creativecommons.org/licenses/by-nc-nd/3.0/fr/"><p>Libre.</p></licence>
    </availability></publicationStmt>
  <sourceDesc><bibl>Claude Boyer, <hi>Judith</hi>, Paris, 1695, n.p.
    PDF : <ref target="https://books.fr/?id=7">Google</ref>.</bibl></sourceDesc>
</fileDesc>
<profileDesc><creation><date when="1695"/></creation>
  <langUsage><language ident="fre"/></langUsage></profileDesc>"""


def test_the_header_of_a_printed_text() -> None:
    found = meta(OBVIL)
    assert found.id == "dossier"
    assert found.title == Claim("Préface", "certain", HEADER)
    assert found.contributors == tuple(
        Contributor(role, "", name, "certain", HEADER)
        for role, name in (
            ("author", "Boyer, Claude"),
            ("transcriber", "Infoscribe"),
            ("translator", "Anne Dupont"),
        )
    )
    assert found.date == Claim("1695", "certain", HEADER)
    assert found.source == Source(
        edition="Claude Boyer, Judith, Paris, 1695, n.p. PDF : Google.",
        url="https://books.fr/?id=7",
    )
    assert found.license == (("edition", "http://creativecommons.org/licenses/by-nc-nd/3.0/fr/"),)
    assert found.rights == (("edition", "Libre."),)
    assert found.remarks == ("Fichier TEI publié par Sorbonne Université.",)
    assert (found.language, found.status, found.kind) == ("fr", "draft", "essay")


def test_the_header_of_a_letter() -> None:
    found = meta(
        TITLED
        + """<profileDesc><correspDesc>
          <correspAction type="sent"><persName><forename>Albert</forename><surname>Nostitz</surname>
            </persName><settlement>Prague</settlement><date notBefore="1860-01" notAfter="1860-03"/>
          </correspAction>
          <correspAction type="received"><rs type="person">Leo Thun</rs></correspAction>
        </correspDesc></profileDesc>"""
    )
    assert [(who.role, who.name) for who in found.contributors] == [
        ("author", "Nostitz, Albert"),
        ("addressee", "Leo Thun"),
    ]
    assert (found.kind, found.date.value, found.place.value) == (
        "letter",
        "[1860-01..1860-03]",
        "Prague",
    )


def test_the_header_of_a_german_text() -> None:
    found = meta(
        """<fileDesc><titleStmt><title type="main">Kritik</title>
          <title type="sub">Erster Teil</title>
          <author><persName><surname>Kant</surname><forename>Immanuel</forename></persName></author>
          </titleStmt><publicationStmt><idno><idno type="URN">urn:nbn:de:kobv:b4-1</idno>
          <idno type="DTAID">16204</idno></idno></publicationStmt>
          <sourceDesc><bibl type="M">Kant: Kritik. Riga, 1781.</bibl>
          <biblFull><publicationStmt><date>1781</date></publicationStmt></biblFull>
          <msDesc><msIdentifier><repository>SBB</repository>
            <idno><idno type="shelfmark">8 Libri</idno></idno></msIdentifier></msDesc></sourceDesc>
        </fileDesc>""",
    )
    assert found.title.value == "Kritik. Erster Teil"
    assert found.creator.name == "Kant, Immanuel"
    assert found.identifiers == (("urn", "urn:nbn:de:kobv:b4-1"),)
    assert (found.date.value, found.date.certainty) == ("1781", "probable")
    assert found.source == Source(
        edition="Kant: Kritik. Riga, 1781.", repository="SBB", shelf_mark="8 Libri"
    )


def test_a_file_without_a_header_has_what_its_text_says() -> None:
    document = read(
        "<TEI><text><body><div><head>Adresse au peuple</head><p>Mot.</p></div></body></text></TEI>"
    )
    assert document.meta.title.value == "Adresse au peuple"
    assert document.meta.language == "fr"
    assert "ne dit pas la langue" in document.meta.remarks[0]
    untitled = read("<TEI><text><body><p>Mot.</p></body></text></TEI>")
    assert untitled.meta.title.certainty == "unknown"


def test_languages_are_those_of_their_blocks() -> None:
    body = '<p>Ein Wort</p><p xml:lang="fra">Un mot</p><quote xml:lang="lat"><p>Verbum</p></quote>'
    document = read(file(body).replace('xml:lang="fr"', 'xml:lang="ger"', 1))
    assert document.meta.language == "de"
    assert [block.language for block in document.blocks] == ["de", "fr", "la"]


@pytest.mark.parametrize(
    ("attributes", "words", "value"),
    [
        ({"when": "1871-03-18"}, "", "1871-03-18"),
        ({"when": "1871-03-18T10:00:00"}, "", "1871-03-18"),
        ({"when-iso": "1871"}, "", "1871"),
        ({"when": "1871", "precision": "low"}, "", "1871~"),
        ({"when": "1871", "cert": "low"}, "", "1871?"),
        ({"from": "1917", "to": "1924"}, "", "1917/1924"),
        ({"from": "1917"}, "", "1917/.."),
        ({"notBefore": "1917"}, "", "[1917..]"),
        ({"notAfter": "1917-11"}, "", "[..1917-11]"),
        ({"notBefore": "1917", "notAfter": "1924"}, "", "[1917..1924]"),
        ({"when": "0000"}, "", ""),
        ({"when": "1871-02-30"}, "en 1871", "1871"),
        ({}, "le 1er mars 1871", "1871-03-01"),
        ({}, "mars 1871", "1871-03"),
        ({}, "vers 1860", "1860~"),
        ({}, "1860-1865", "1860/1865"),
        ({}, "s. d.", ""),
    ],
)
def test_dates(attributes: dict[str, str], words: str, value: str) -> None:
    assert edtf_of(Node("date", attributes, (words,))) == value


# ---------------------------------------------------------------- what is not read


def refused(data: str | bytes) -> tuple[int, str, str]:
    """The line, the code and the message of the one finding of a file."""
    with pytest.raises(Unsound) as caught:
        read_tei(data if isinstance(data, bytes) else data.encode(), "x.xml", "chemin/x.xml")
    (finding,) = caught.value.findings
    assert finding.path == "chemin/x.xml"
    assert finding.remedy
    return finding.line, finding.code, finding.message


def test_what_is_no_tei_is_refused_by_name() -> None:
    assert refused("")[1] == "E008"
    line, code, said = refused(f"<TEI {SPACE}>\n<text>\n<p>a</text></TEI>")
    assert (line, code) == (3, "E008")
    assert said.startswith("must be well-formed XML; Opening and ending tag mismatch")
    assert refused("<TEI.2><text/></TEI.2>")[2] == "must be TEI P5; found P4 (TEI.2)"
    assert refused("<html/>")[2] == "the root element must be TEI; found html"
    assert refused("<a:TEI xmlns:a='http://a.fr/'/>")[2].endswith("found :TEI")
    assert refused(f"<TEI {SPACE}><teiHeader/></TEI>")[2].endswith("element text; found none")
    assert refused(file("<p> </p><pb/>"))[1:] == ("E026", "a text must have words; found none")


def test_a_corpus_is_read_if_it_has_one_text() -> None:
    one = file("<p>Mot.</p>")
    corpus = "<teiCorpus {}><teiHeader/>{}</teiCorpus>"
    assert read(corpus.format(SPACE, one)).blocks
    assert (
        refused(corpus.format(SPACE, one + one))[2]
        == "must have one text; found a teiCorpus with 2"
    )


def test_a_prefix_makes_no_difference() -> None:
    data = """<t:TEI xmlns:t="http://www.tei-c.org/ns/1.0"><t:text><t:body><t:p>a <t:hi
      rend="i">b</t:hi></t:p><x xmlns="http://x.fr/">c</x></t:body></t:text></t:TEI>"""
    assert dumps(read(data)).endswith("a *b*\n\nc\n")


def test_entities_are_words_of_the_file_or_letters() -> None:
    declared = '<!DOCTYPE TEI SYSTEM "tei.dtd" [<!ENTITY nom "Hugo">]>'
    assert "Hugo é" in dumps(read(declared + file("<p>&nom; &eacute;</p>")))
    assert refused(declared + file("<p>&autre;</p>"))[1] == "E008"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE TEI [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE TEI [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE TEI [<!ENTITY b "&lt;p>x&lt;/p>">]>',
        f'<!DOCTYPE TEI [<!ENTITY b "{"a" * 1000}">]>',
        '<!DOCTYPE TEI SYSTEM "http://127.0.0.1/tei.dtd">',
    ],
)
def test_no_other_entity_is_resolved(doctype: str) -> None:
    line, code, said = refused(f"{doctype}\n" + file("<p>&b;</p>"))
    assert (line, code) == (2, "E008")
    assert "&b;" in said or "not defined" in said


def test_entities_in_attributes_do_not_grow() -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    doctype = f'<!DOCTYPE TEI [<!ENTITY e0 "aaaaaaaaaa">{entities}]>'
    assert refused(doctype + file('<p n="&e9;">a</p>'))[1] == "E008"


def test_a_file_in_another_encoding_is_read() -> None:
    data = '<?xml version="1.0" encoding="ISO-8859-1"?>' + file("<p>été\x92</p>")
    document = read_tei(data.encode("latin-1"), "x.xml", "x.xml")
    assert dumps(document).endswith("été’\n")


def test_very_deep_elements_keep_their_words() -> None:
    assert edition("<p>" + "<hi>" * 100 + "a" + "</hi>" * 100 + "</p>") == "*a*"
    assert edition("<quote>" * 100 + "<p>b</p>" + "</quote>" * 100).endswith("> b")
    assert refused(file("<hi>" * 300 + "a" + "</hi>" * 300))[1] == "E008"


def test_lxml_is_loaded_only_to_read_a_file() -> None:
    said = "import sys, archive_site.sources.tei; sys.exit('lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0


# ---------------------------------------------------------------- whatever a file has


@given(documents())
@examples(40)
def test_what_is_read_can_be_written_again(document: Document) -> None:
    """An edition, as plain TEI paragraphs, keeps the words of its blocks."""
    from xml.sax.saxutils import escape

    from archive_site.text.reading import reading_text

    blocks = [reading_text(block.content) for block in without_comments(document).blocks]
    found = read(file("".join(f"<p>{escape(words)}</p>" for words in blocks)))
    said = [reading_text(block.content).split() for block in found.blocks]
    assert said == [words.split() for words in blocks if words.split()]
