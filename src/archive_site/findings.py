"""What may be wrong with a corpus or a site: coded findings, as values, all of a run together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))


class Rule(NamedTuple):
    """What must be, and what to do where it is not."""

    says: str
    remedy: str


RULES: dict[str, Rule] = {
    # files
    "E001": Rule(
        "A file of the corpus must exist and be readable.",
        "Check its name, its place and its permissions.",
    ),
    "E002": Rule(
        "A file of the corpus must be text in UTF-8.",
        "If it is Latin-1: `iconv -f latin1 -t utf-8 FILE > NEW`. Delete control characters, and "
        "those that turn the direction of reading.",
    ),
    "E003": Rule(
        "A corpus must have at least one edition.",
        "Make one with `archive-site recover WITNESS`, or write `corpus/editions/<id>.md`.",
    ),
    "E004": Rule(
        "A witness must still be, byte for byte, the one that was received.",
        "Put the original back: corrections go in the edition. A new witness needs its line in "
        "`corpus/witnesses/SHA256SUMS`.",
    ),
    "E005": Rule(
        "What stands in the corpus, or in an archive's own templates, must be regular files of at "
        "most 100 MB.",
        "Put the file itself there: no link that leads out of the folder, no link to a folder, no "
        "pipe, no device.",
    ),
    # front matter and authority files
    "E010": Rule(
        "An edition must open with front matter between two lines `---`.",
        "Begin the file with `---`, `id`, `title`, `kind`, `creator`, `date`, and `---` again.",
    ),
    "E011": Rule(
        "Front matter and authority files must be YAML: plain mappings, lists and text.",
        "Quote text that holds `: `; indent with spaces; use neither tags nor aliases.",
    ),
    "E012": Rule(
        "A date must be EDTF (ISO 8601-2), of the years 1 to 9999: its days must be in the "
        "calendar, its end not before its beginning.",
        "Such as `1922-03-27`, `1917`, `1921-11~` (about), `1917/1924`, `[2005..]` (or later).",
    ),
    "E013": Rule(
        "A field must be one that the schema knows.",
        "Mind its spelling; docs/edition-format.md lists the fields.",
    ),
    "E014": Rule(
        "A field that the schema requires must be there.",
        "Write it, if only empty: what is not known stays empty.",
    ),
    "E015": Rule(
        "A field's value must be of the kind that the schema says.",
        "Write text, a list or a mapping as docs/edition-format.md says, with one of the words it "
        "allows.",
    ),
    "E016": Rule("A key may stand only once.", "Keep one of them."),
    "E017": Rule(
        "What the witness does not state must say its certainty and its ground.",
        "Write `{value: …, certainty: …, ground: …}`; a bare value is stated by the witness.",
    ),
    "E018": Rule(
        "An id must be lower-case letters, figures and hyphens, and the file's own name.",
        "Rename the file or change the id, before anyone cites it.",
    ),
    # the text
    "E020": Rule(
        "A note call must have its note.",
        "Write `[^label]: …` at the end of the file, or take the call out.",
    ),
    "E021": Rule(
        "A note must have its call.",
        "Put `[^label]` after the word it hangs on, or take the note out.",
    ),
    "E022": Rule("A note's label may stand only once.", "Give one of them another label."),
    "E023": Rule("A note may be called only once.", "Keep one of the calls."),
    "E024": Rule(
        "Markup must be one that editions know, and closed.",
        "docs/edition-format.md lists it; `\\` before a sign makes it text. Nothing may nest more "
        "than 20 deep.",
    ),
    "E025": Rule(
        "A link must be a web address or lead to a block that exists.",
        "Write the whole address, with `https://`, or `#block` or `text-id#block`.",
    ),
    "E026": Rule("A text must have words.", "Write it below the front matter."),
    # the corpus
    "E030": Rule("Two editions may not have the same id.", "Give one of them another id."),
    "E031": Rule(
        "A key that is named must stand in its authority file; a text or note, among the editions.",
        "Mind its spelling, or add it, with its name, to its file (`people.yaml` …).",
    ),
    "E032": Rule(
        "An edition's witness must be in corpus/witnesses; a witness with its id, named by it.",
        "Copy it there, or write `witness: <id>.txt`; where the text was typed from paper, and no "
        "witness with its id is there, leave `witness` empty.",
    ),
    "E033": Rule(
        "Every word of the witness must be in the edition or among its omissions, once.",
        'Put the words back, or declare them: `[]{.corr sic="words"}` for a word too many, '
        "`omissions` in the front matter for lines set aside.",
    ),
    "E034": Rule(
        "Every word of the edition must be the witness's, or be declared.",
        'Put the witness\'s words back, or write `[reading]{.corr sic="witness"}`; '
        "`archive-site check --record` does so for words that were changed on purpose.",
    ),
    "E035": Rule(
        "Blocks must stand in the witness's order, or in one that the edition declares.",
        "Put the block back, or declare the `order` that the finding names in the front matter.",
    ),
    "E036": Rule(
        "Quotation marks must pair.",
        'Supply the lost mark, `[”]{.corr sic=""}`, or take the superfluous one out, '
        '`[]{.corr sic="”"}`.',
    ),
    "E037": Rule(
        "A paragraph must not begin within a sentence.",
        "Put its first words back to the paragraph above, or that one's last words down.",
    ),
    "E038": Rule(
        "An exemption must name a finding that is there and may be exempted, and its reason.",
        "Take it out of `corpus/exemptions.yaml`, or mend its path, code or reason.",
    ),
    "E050": Rule(
        "A page break must stand where a page of the witness begins, once; each page has its own.",
        "The witness shows its pages by form feeds, a space before their first line, runs of blank "
        "lines, folios: put the break back before the word that stands there. Where what looks "
        "like a page is none, exempt the finding, with the reason.",
    ),
    "E051": Rule(
        "Page breaks must go up, one by one: a folio as the witness prints it, or in brackets, "
        "counted.",
        'Write `n="14"` for a folio that is printed there, `n="[14]"` for one that is counted. '
        "Pages that the witness lacks have a `[]{.gap why=…}`; where the first page is not page 1, "
        "a page break before its first word says so.",
    ),
    "E044": Rule(
        "Words may name one entry only.",
        "Give one of the forms rules (`only_in`, `not_after` …) that tell the two apart, or mark "
        "the place in the edition: `[words]{.name key=…}`.",
    ),
    "E045": Rule("A key may stand in one authority file only.", "Give one of them another key."),
    "E046": Rule(
        "An event's two dates must be the same days.",
        "`date` is Gregorian, `old_style` Julian: 13 days before it in the 20th century, 12 in the "
        "19th.",
    ),
    # the site
    "E040": Rule("An id may stand only once in a page.", "Mend the template."),
    "E041": Rule(
        "A link of the site must lead to a page and an anchor that exist.",
        "Mend the template, or the link in the edition.",
    ),
    "E042": Rule(
        "A page of the site must load nothing from another host.",
        "Copy the file into `templates/static/` and load it from there.",
    ),
    "E043": Rule(
        "A page must keep the landmarks and roles that readers' tools rely on.",
        "Mend the template: one `main`, one `h1`, a way to each note and back.",
    ),
    "E047": Rule(
        "The search must find every word of every text, and lead to a passage that is there.",
        "Build anew; where it stays, the templates or scripts of your own have changed what the "
        "search needs: the ids of blocks on the reading page, `recherche/` and `concordance/`.",
    ),
    "E048": Rule(
        "Every path of the site must be one that every system can have.",
        "Rename the text's id, the entry's key or the template: no name that Windows keeps (`con`, "
        "`aux`, `nul` …) or forbids, none over 255 bytes, none that differs by case only.",
    ),
    # warnings: they do not stop a build
    "W050": Rule(
        "A draft is to be proofread against its witness.",
        "Read it beside its witness, then write `status: proofread`.",
    ),
    "W051": Rule(
        "A doubt in a draft is to be decided.",
        "Take the mark out, or say in `why` what a reader should know.",
    ),
    "W057": Rule(
        "An emendation should not be longer than some twenty words.",
        "Mark the words that differ, each by itself; for a passage that was left out, write a "
        "`[]{.gap why=…}`, or an omission in the front matter.",
    ),
    "W052": Rule(
        "A quotation mark of a draft that does not pair is to be decided.",
        "Supply or take out its other half, as E036 says, before `status: proofread`.",
    ),
    "W053": Rule(
        "An entry should be named by a text, or by another entry.",
        "Add the forms under which the texts name it, or take it out.",
    ),
    "W054": Rule(
        "A capitalised name should be claimed by an entry.",
        "Add it to the forms of an entry, add the entry, or list the word in "
        "`corpus/unclaimed.yaml` with its why.",
    ),
    "W055": Rule(
        "A word of unclaimed.yaml must stand in a text, and no entry claim it.",
        "Take it out of `corpus/unclaimed.yaml`.",
    ),
    "W056": Rule(
        "A form of an entry should not be given twice, with rules and without.",
        "Give both the same rules, or take one of them out: the one without rules is found where "
        "the other's rules forbid it. A name that is not among its entry's forms needs none: it "
        "takes theirs.",
    ),
    "W058": Rule(
        "Every file of the corpus should be one that the archive uses.",
        "Rename it as the archive expects it, name the witness in its edition, or move the file "
        "out of the corpus: it is not published.",
    ),
}
EXEMPTIBLE = (
    "E033", "E034", "E035", "E036", "E037", "E050", "E051", "W050", "W051", "W052", "W057",
    "W058",
)  # fmt: skip
"""Findings about what an editor decided; with any other there is nothing sound to build."""


def rules_page() -> str:
    """All rules as a page of Markdown: `docs/findings.md`."""
    parts = [
        "# Findings",
        "What `archive-site check` may find, by code. `archive-site check --explain E012` tells "
        "one. A code that begins with E stops a build, one with W does not. Those marked † may be "
        "exempted in `corpus/exemptions.yaml`, a list of `{path, code, reason}`; an exemption of "
        "no use is itself a finding.",
        "This page is made by `make docs` from the rules in the code.",
    ]
    for code, rule in RULES.items():
        mark = " †" if code in EXEMPTIBLE else ""
        parts += [f"## {code}{mark}", f"{rule.says}", f"*Remedy.* {rule.remedy}"]
    return "\n\n".join(parts) + "\n"


def printable(text: str) -> str:
    """A text as one line of a terminal: what steers one, or cannot be seen there (control
    characters, ends of lines, those that turn the direction of writing), as an escape."""
    if text.isprintable():
        return text
    return "".join(
        sign.encode("unicode_escape").decode("ascii")
        if unicodedata.category(sign) in _UNSEEN
        else sign
        for sign in text
    )


def spelled_out(signs: Iterable[str]) -> str:
    """Signs by their numbers and names, which tell apart those that look alike: `U+0430 CYRILLIC
    SMALL LETTER A`."""
    return ", ".join(f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip() for sign in signs)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault: where (`line` 0: the file as a whole), which rule, what was seen, the remedy."""

    path: str
    line: int
    code: str
    message: str
    hint: str = ""

    @property
    def stops(self) -> bool:
        """Whether a build must not go on."""
        return self.code.startswith("E")

    @property
    def lines(self) -> list[str]:
        """The finding as lines of a terminal. What the program could not do has neither place nor
        code."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        said = f"{where}: {self.code} {self.message}" if self.code else self.message
        return [printable(said), *([f"    {printable(self.hint)}"] if self.hint else [])]

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Exemption:
    """A finding that the editor lets stand: in which file (as the finding names it, or its end),
    of which code, and why. `line` is its line in the file at `source`."""

    path: str
    code: str
    reason: str
    source: str
    line: int

    def covers(self, finding: Finding) -> bool:
        """Whether `finding` is exempted."""
        return self.code == finding.code and f"/{finding.path}".endswith(f"/{self.path}")


def exempted(findings: Iterable[Finding], exemptions: Iterable[Exemption]) -> list[Finding]:
    """`findings` without those exempted, and with one for every exemption of no use."""
    found, exemptions = list(findings), list(exemptions)
    kept = [f for f in found if not any(e.covers(f) for e in exemptions)]
    for exemption in exemptions:
        if not any(map(exemption.covers, found)):
            message = (
                f"no finding {exemption.code} in {exemption.path}: this exemption is of no use"
            )
            hint = "Take it out, or mend its path and code."
            kept.append(Finding(exemption.source, exemption.line, "E038", message, hint))
    return kept


class ArchiveError(Exception):
    """What the program could not do; caught in `cli` only."""


class Unsound(ArchiveError):
    """The corpus has findings that stop the work."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(map(str, self.findings)))

    def __reduce__(self) -> tuple[type[Unsound], tuple[tuple[Finding, ...]]]:
        return Unsound, (self.findings,)


class NotPossible(ArchiveError):
    """The machine or the caller stands in the way (a full disk, a folder that is not ours …).
    `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = ""):
        self.remedy = remedy
        super().__init__(message)

    def __reduce__(self) -> tuple[type[NotPossible], tuple[str, str]]:
        return NotPossible, (str(self), self.remedy)


def counted(number: int, noun: str) -> str:
    """`1 page`, `1,234 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
