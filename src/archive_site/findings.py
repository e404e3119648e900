"""Faults of a corpus or a site, as coded values; one run reports all of them together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))


class Rule(NamedTuple):
    """What a corpus or a site must satisfy, and how to fix it if it does not."""

    says: str
    remedy: str


RULES: dict[str, Rule] = {
    # files
    "E001": Rule(
        "A file of the corpus must exist and be readable.",
        "Check its name, its folder and its permissions.",
    ),
    "E002": Rule(
        "A file of the corpus must be text in UTF-8.",
        "If it is Latin-1: `iconv -f latin1 -t utf-8 FILE > NEW`. Delete control characters, "
        "including those that change the direction of writing.",
    ),
    "E003": Rule(
        "A corpus must have at least one edition.",
        "Create one with `archive-site recover WITNESS`, or write `corpus/editions/<id>.md`.",
    ),
    "E004": Rule(
        "A witness must be identical, byte for byte, to the file that was received.",
        "Restore the original: corrections go in the edition. A new witness needs a line in "
        "`corpus/witnesses/SHA256SUMS`.",
    ),
    "E005": Rule(
        "The corpus, and an archive's own templates, must contain only regular files of at most "
        "100 MB.",
        "Copy the file itself there, not a link that leads out of the folder, a link to a folder, "
        "a pipe or a device.",
    ),
    "E006": Rule(
        "A source must be a document that can be read, of the kind that its name says: DOCX, ODT, "
        "RTF, HTML, EPUB, Markdown or LaTeX.",
        "Open it in the program that wrote it, and save it again as DOCX or ODT.",
    ),
    "E007": Rule(
        "A scan must be a picture that can be opened: PNG, JPEG, TIFF.",
        "Open it in a program for pictures, and save it again as PNG or TIFF.",
    ),
    "E008": Rule(
        "A TEI file must be well-formed XML of TEI P5, with one text.",
        "Correct it at the line of the finding, in an editor that checks XML.",
    ),
    "E009": Rule(
        "A file of OCR must be well-formed ALTO, PAGE or hOCR, with words and their places. "
        "Several may be in one zip file.",
        "Export it again, with lines and words, from the program that has read the pictures.",
    ),
    # front matter and authority files
    "E010": Rule(
        "An edition must begin with front matter between two lines `---`.",
        "Begin the file with `---`, `id`, `title`, `kind`, `creator`, `date`, and `---` again.",
    ),
    "E011": Rule(
        "Front matter and authority files must be YAML: plain mappings, lists and text.",
        "Quote text that contains `: `; indent with spaces; use neither tags (`!`) nor "
        "references (`*`).",
    ),
    "E012": Rule(
        "A date must be EDTF (ISO 8601-2) in the years 1 to 9999. Its days must exist in the "
        "calendar, and it must not end before it begins.",
        "Write for example `1922-03-27`, `1917`, `1921-11~` (about), `1917/1924` or `[2005..]` "
        "(in 2005 or later). A day of another calendar is written as the Gregorian day.",
    ),
    "E013": Rule(
        "A field must be one of those in the schema.",
        "Check its spelling; docs/edition-format.md lists the fields.",
    ),
    "E014": Rule(
        "A field that the schema requires must be present.",
        "Add it. If its value is not known, leave the value empty.",
    ),
    "E015": Rule(
        "A field's value must have the type that the schema requires.",
        "Write text, a list or a mapping, or one of the allowed words, as docs/edition-format.md "
        "describes.",
    ),
    "E016": Rule("A key must occur only once.", "Keep one of the two."),
    "E017": Rule(
        "A value that the witness does not state must have a certainty and a ground.",
        "Write `{value: …, certainty: …, ground: …}`. Write a bare value only if the witness "
        "states it.",
    ),
    "E018": Rule(
        "An id must be lower-case letters, digits and hyphens, and equal the name of the file.",
        "Rename the file or change the id before anyone cites it.",
    ),
    # the text
    "E020": Rule(
        "A note call must have a note.",
        "Write `[^label]: …` at the end of the file, or remove the call.",
    ),
    "E021": Rule(
        "A note must have a call.",
        "Put `[^label]` after the word that the note belongs to, or remove the note.",
    ),
    "E022": Rule("A note's label must be unique.", "Give one of the notes another label."),
    "E023": Rule(
        "The id that an edition gives to a title must be unique.", "Give one of them another id."
    ),
    "E024": Rule(
        "Markup must be of a kind that editions allow, and closed.",
        "docs/edition-format.md lists it. Write `\\` before a sign that is meant as text. Nest "
        "nothing more than 20 deep.",
    ),
    "E025": Rule(
        "A link must be a web address or lead to a block that exists.",
        "Write the whole address, with `https://`, or `#block` or `text-id#block`.",
    ),
    "E026": Rule(
        "A text, and each of its notes, must have words.",
        "Write the text below the front matter, and the words of the note.",
    ),
    "E027": Rule(
        "A picture must have words for readers who do not see it.",
        'Say between the brackets what it shows: `![words](images/name.png "caption")`.',
    ),
    "E028": Rule(
        "A picture must be a file in corpus/images.",
        "Put it there, under a name of letters, digits, `-`, `_` and `.`, and write "
        "`images/name.png`. A picture on another site is not shown: copy it, if its licence allows "
        "that.",
    ),
    "E029": Rule(
        "A file in corpus/images must be a whole picture in PNG, JPEG or WebP, as its name says, "
        "of at most 100 million pixels.",
        "Save it anew in one of these formats.",
    ),
    # the corpus
    "E030": Rule("Two editions must not have the same id.", "Give one of them another id."),
    "E031": Rule(
        "Every key that is used must be in its authority file, and every text or note that is "
        "referred to must be in an edition.",
        "Check its spelling, or add it, with its name, to its file (`people.yaml` …).",
    ),
    "E032": Rule(
        "An edition's witness must be in corpus/witnesses, with the files that were derived from "
        "it, and a witness named after an edition must be the witness of that edition.",
        "Copy the witness there, or write `witness: <id>.txt`. Leave `witness` empty only if the "
        "text was typed from paper and there is no witness with its id. `archive-site recover` "
        "derives `x.pdf.txt` and `x.pdf.json` again from `x.pdf`.",
    ),
    "E033": Rule(
        "Every word of the witness must be in the edition or in its omissions, once.",
        'Put the words back, or declare them: `[]{.corr sic="words"}` for superfluous words, '
        "`omissions` in the front matter for omitted lines.",
    ),
    "E034": Rule(
        "Every word of the edition must come from the witness or be declared.",
        'Restore the witness\'s words, or write `[reading]{.corr sic="witness"}`. '
        "`archive-site check --record` writes this for words that were changed on purpose.",
    ),
    "E035": Rule(
        "Blocks must be in the order of the witness, or in an order that the edition declares.",
        "Move the block back, or declare the `order` that the finding gives in the front matter.",
    ),
    "E036": Rule(
        "Quotation marks must pair.",
        'Supply the lost mark, `[”]{.corr sic=""}`, or remove the superfluous one, '
        '`[]{.corr sic="”"}`.',
    ),
    "E037": Rule(
        "A paragraph must not begin within a sentence.",
        "Move its first words up into the previous paragraph, or the last words of that paragraph "
        "down.",
    ),
    "E038": Rule(
        "An exemption must match a finding that may be exempted, and must have a reason.",
        "Remove it from `corpus/exemptions.yaml`, or correct its path, code or reason.",
    ),
    "E050": Rule(
        "There must be one page break, and only one, at the beginning of each page of the witness.",
        "The witness marks its pages by form feeds, a space before their first line, runs of blank "
        "lines, or folios. Put the break before the first word of the page. If what looks like a "
        "page is not one, exempt the finding and give the reason.",
    ),
    "E051": Rule(
        "Page numbers must increase one by one; each is a folio as the witness prints it, or a "
        "counted number in brackets.",
        'Write `n="14"` for a folio that is printed there, `n="[14]"` for one that is counted. '
        "Write a `[]{.gap why=…}` for pages that the witness lacks. If the first page is not page "
        "1, put a page break with its number before its first word.",
    ),
    "E052": Rule(
        "A collection must not be within itself.",
        "Remove one of the `parents` in `corpus/collections.yaml`.",
    ),
    "E044": Rule(
        "Words must name one entry only.",
        "Give one of the forms rules (`only_in`, `not_after` …) that distinguish the two, or mark "
        "the words in the edition: `[words]{.name key=…}`.",
    ),
    "E045": Rule("A key must be in one authority file only.", "Give one of them another key."),
    "E046": Rule(
        "An event's two dates must be the same days.",
        "Write `date` in the Gregorian calendar and `old_style` in the Julian, which is 13 days "
        "behind in the 20th century and 12 in the 19th.",
    ),
    # the bibliography and identifiers
    "E060": Rule(
        "A bibliography must be BibTeX or CSL-JSON that can be read.",
        "Export it anew from Zotero or JabRef, or correct it at the line of the finding.",
    ),
    "E061": Rule(
        "Each work of the bibliography must have a key, which no other work has and editions can "
        "cite.",
        "Give it a key without spaces, such as `broue1963`.",
    ),
    "E062": Rule(
        "Names, dates and references between works must have the form that the format of the "
        "bibliography requires.",
        "Write `author = {Smith, Anna and {Oxford Union}}`, `date = {1963-05}`; in "
        'CSL-JSON, `{"family": "Smith", "given": "Anna"}` and `{"date-parts": [[1963, 5]]}`.',
    ),
    "E063": Rule(
        "Every work that is cited must be in the bibliography.",
        "Check the spelling of its key, or add the work to `corpus/bibliography.bib` or "
        "`corpus/bibliography.json`.",
    ),
    "E064": Rule(
        "An identifier must have the form that its authority gives to it.",
        "Copy it again from the page of the authority: only the identifier, not the address.",
    ),
    "E065": Rule(
        "Coordinates must be a latitude from -90 to 90 and a longitude from -180 to 180, in "
        "degrees.",
        "Write `coordinates: [48.8566, 2.3522]`.",
    ),
    "E066": Rule(
        "The citation style must be able to format each work of the bibliography.",
        "Correct the work, or the style, if it is the archive's own.",
    ),
    "E070": Rule(
        "An alias must lead from an anchor that the text no longer has to one that it has.",
        "Write `aliases: {old: new}`, each as it stands after `#` in the address: a paragraph or a "
        "title, `note-3`, `page-14`. `old: ''` says that nothing takes its place.",
    ),
    # the site
    "E040": Rule("An id must occur only once in a page.", "Correct the template."),
    "E041": Rule(
        "A link of the site must lead to a page and an anchor that exist.",
        "Correct the template, or the link in the edition.",
    ),
    "E042": Rule(
        "A page of the site must load nothing from another host.",
        "Copy the file into `templates/static/` and load it from there.",
    ),
    "E043": Rule(
        "A page must keep the landmarks and roles that readers' tools rely on.",
        "Correct the template: one `main`, one `h1`, a link to each note and back.",
    ),
    "E047": Rule(
        "The search must find every word of every text and lead to a passage that exists.",
        "Build again. If the finding remains, restore in the archive's own templates and scripts "
        "what the search needs: the ids of blocks on the reading page, `recherche/` and "
        "`concordance/`.",
    ),
    "E048": Rule(
        "Every path of the site must be valid on every operating system.",
        "Rename the text's id, the entry's key or the template. A name must not be one that "
        "Windows reserves (`con`, `aux`, `nul` …) or forbids, be longer than 255 bytes, or differ "
        "from another by case only.",
    ),
    # warnings: they do not stop a build
    "W060": Rule(
        "The type of a work of the bibliography should be known.",
        "Write one of those of BibTeX or biblatex, such as `@book`, `@article`, `@online`.",
    ),
    "W061": Rule(
        "The bibliography should contain no LaTeX macros but those of letters and type.",
        "Write the characters themselves, in UTF-8. No macro is run, and no file is read.",
    ),
    "W062": Rule(
        "A work of the bibliography should have a title or an author.",
        "Add them: otherwise it is shown by its key.",
    ),
    "W050": Rule(
        "A draft should be proofread against its witness.",
        "Read it beside its witness, then write `status: proofread`.",
    ),
    "W051": Rule(
        "A draft should have no open doubts.",
        "Remove the mark, or say in `why` what readers should know. `archive-site check --verbose` "
        "tells each doubt of a text.",
    ),
    "W063": Rule(
        "An omission that a program proposed should be confirmed by an editor.",
        "Compare its words with the page, then delete `certainty: proposed` in the front matter. "
        "Put words that belong to the text back, and remove their lines from the omission. "
        "`archive-site check --verbose` tells each omission with its words.",
    ),
    "W057": Rule(
        "An emendation should not be longer than about twenty words.",
        "Mark only the words that differ, each separately. For a passage that was left out, write "
        "a `[]{.gap why=…}`, or an omission in the front matter.",
    ),
    "W052": Rule(
        "Quotation marks in a draft should pair.",
        "Supply or remove the other mark, as for E036, before `status: proofread`.",
    ),
    "W053": Rule(
        "An entry should be named by a text, or by another entry.",
        "Add the forms under which the texts name it, or remove it.",
    ),
    "W054": Rule(
        "A capitalised name should be claimed by an entry.",
        "Add it to the forms of an entry, add the entry, or list the word in "
        "`corpus/unclaimed.yaml` and say why.",
    ),
    "W055": Rule(
        "A word of unclaimed.yaml must be in a text, and no entry may claim it.",
        "Remove it from `corpus/unclaimed.yaml`.",
    ),
    "W056": Rule(
        "A form of an entry should not be given twice, with rules and without.",
        "Give both the same rules, or remove one: the form without rules matches where the rules "
        "of the other forbid it. A name that is not among the forms of its entry needs no rules: "
        "those of the forms apply to it.",
    ),
    "W058": Rule(
        "Every file of the corpus should be one that the archive uses.",
        "Rename it as the archive expects, name the witness or the picture in an edition, or move "
        "the file out of the corpus: it is not published.",
    ),
    "W070": Rule(
        "A collection should have texts, or collections within it that have some. Without any, it "
        "is not published.",
        "Write `collection: KEY` in the front matter of a text, or remove the collection.",
    ),
    "W071": Rule(
        "Two editions of one work should be cited differently.",
        "Give one of them a `source` (edition, repository or note), another date or another title.",
    ),
    "W072": Rule(
        "A table of metadata should have a row for each file that is imported and for no other, "
        "and no columns but fields of the front matter.",
        "Correct the name in the column of the files, add the row, or rename the column as "
        "docs/recovery.md lists them.",
    ),
    "W059": Rule(
        "A picture should have a caption or a credit.",
        "Write the caption, or give `credit` and `source` in `corpus/images.yaml`.",
    ),
    "W065": Rule(
        "An anchor that was published should be in its text, or among its aliases.",
        "Write `aliases: {old: new}` in the front matter, with the anchor that takes its place, or "
        "`old: ''` if none does. The site that had it is the one in the output folder, or that of "
        "`check --published`. The warning stays until the alias is written.",
    ),
    "W066": Rule(
        "A text that was published should be in the archive, under the same id.",
        "Restore it, or give it its id back. If it is withdrawn for good, exempt this finding, and "
        "say why.",
    ),
}
EXEMPTIBLE = (
    "E033", "E034", "E035", "E036", "E037", "E050", "E051", "W050", "W051", "W052", "W057",
    "W058", "W059", "W066", "W070", "W071",
)  # fmt: skip
"""Codes of findings about an editor's decisions. With any other error, there is no sound site to
build."""
OF_PUBLISHED = ("W066",)
"""Codes of findings about what was published. Where no copy of that is, their exemptions are not
used."""


def rules_page() -> str:
    """All rules as a page of Markdown, `docs/findings.md`."""
    parts = [
        "# Findings",
        "What `archive-site check` may find, by code. `archive-site check --explain E012` explains "
        "one of them. A code that begins with E stops a build, one with W does not. Those marked † "
        "may be exempted in `corpus/exemptions.yaml`, a list of `{path, code, reason}`. An unused "
        "exemption is itself a finding, except one of W066: only who has a copy of the published "
        "site has that.",
        "`make docs` generates this page from the rules in the code.",
    ]
    for code, rule in RULES.items():
        mark = " †" if code in EXEMPTIBLE else ""
        parts += [f"## {code}{mark}", f"{rule.says}", f"*Remedy.* {rule.remedy}"]
    return "\n\n".join(parts) + "\n"


def printable(text: str) -> str:
    """A text as one line for a terminal. Characters that control a terminal or are invisible in it
    (control characters, line ends, those that change the direction of writing) are escaped."""
    if text.isprintable():
        return text
    return "".join(
        sign.encode("unicode_escape").decode("ascii")
        if unicodedata.category(sign) in _UNSEEN
        else sign
        for sign in text
    )


def spelled_out(signs: Iterable[str]) -> str:
    """Characters by their numbers and names, which distinguish those that look alike: `U+0430
    CYRILLIC SMALL LETTER A`."""
    return ", ".join(f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip() for sign in signs)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: its file and line (0: the whole file), the code of its rule, what was found, and a
    remedy for this fault (empty: that of its rule)."""

    path: str
    line: int
    code: str
    message: str
    hint: str = ""

    @property
    def stops(self) -> bool:
        """Whether the finding stops a build."""
        return self.code.startswith("E")

    @property
    def remedy(self) -> str:
        """How to correct the fault. Empty if that is not known."""
        return self.hint or (RULES[self.code].remedy if self.code else "")

    @property
    def lines(self) -> list[str]:
        """The finding as lines for a terminal. A finding without a code reports an error of the
        program: its lines have no path."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        said = f"{where}: {self.code} {self.message}" if self.code else self.message
        return [printable(said), *([f"    {printable(self.remedy)}"] if self.remedy else [])]

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Exemption:
    """An editor's decision to accept a finding. `path` is the file as the finding names it, or the
    end of that path. `line` is the line of the exemption in the file `source`."""

    path: str
    code: str
    reason: str
    source: str
    line: int

    def covers(self, finding: Finding) -> bool:
        """Whether `finding` is exempted."""
        return self.code == finding.code and f"/{finding.path}".endswith(f"/{self.path}")


def exempted(findings: Iterable[Finding], exemptions: Iterable[Exemption]) -> list[Finding]:
    """`findings` without those exempted, and with one (E038) for every exemption that should be
    used and is not."""
    found, exemptions = list(findings), list(exemptions)
    kept = [f for f in found if not any(e.covers(f) for e in exemptions)]
    for exemption in exemptions:
        if exemption.code not in OF_PUBLISHED and not any(map(exemption.covers, found)):
            message = f"no finding {exemption.code} in {exemption.path}: this exemption is not used"
            hint = "Remove it, or correct its path and code."
            kept.append(Finding(exemption.source, exemption.line, "E038", message, hint))
    return kept


class ArchiveError(Exception):
    """The base of the errors that stop the program with a message, which `cli` prints."""


class Unsound(ArchiveError):
    """The corpus has findings that stop the work."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(map(str, self.findings)))

    def __reduce__(self) -> tuple[type[Unsound], tuple[tuple[Finding, ...]]]:
        return Unsound, (self.findings,)


class NotPossible(ArchiveError):
    """The machine or the call is at fault: a full disk, a folder that was not built by this
    program. `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = ""):
        self.remedy = remedy
        super().__init__(message)

    def __reduce__(self) -> tuple[type[NotPossible], tuple[str, str]]:
        return NotPossible, (str(self), self.remedy)


class WrongCall(ArchiveError):
    """The call is at fault, and nothing was done: exit code 2. A finding without a code is about
    the arguments themselves."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def printed(findings: Iterable[Finding]) -> Iterator[str]:
    """Findings as lines for a terminal. A remedy that findings share, that of their rule, is
    printed below the first of them only."""
    known: set[str] = set()
    for finding in findings:
        fault, *remedy = finding.lines
        yield fault
        if finding.hint or finding.code not in known:
            yield from remedy
        if not finding.hint:
            known.add(finding.code)


def count_noun(number: int, noun: str) -> str:
    """`1 page`, `1,234 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def counts_of(findings: Iterable[Finding]) -> str:
    """`3 errors, 1 warning`; empty if there are none."""
    stops = [finding.stops for finding in findings]
    counts = ((sum(stops), "error"), (len(stops) - sum(stops), "warning"))
    return ", ".join(count_noun(number, noun) for number, noun in counts if number)
