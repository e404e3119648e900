"""What may be wrong with a corpus or a site: coded findings, as values, all of a run together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

RULES: dict[str, str] = {
    # files
    "E001": "A file of the corpus must exist and be readable.",
    "E002": "A file of the corpus must be text in UTF-8.",
    "E003": "A corpus must have at least one edition.",
    "E004": "A witness must still be, byte for byte, the one that was received.",
    # front matter and authority files
    "E010": "An edition must open with front matter between two lines `---`.",
    "E011": "Front matter and authority files must be YAML: plain mappings, lists and text.",
    "E012": "A date must be EDTF (ISO 8601-2).",
    "E013": "A field must be one that the schema knows.",
    "E014": "A field that the schema requires must be there.",
    "E015": "A field's value must be of the kind that the schema says.",
    "E016": "A key may stand only once.",
    "E017": "What the witness does not state must say its certainty and its ground.",
    "E018": "An id must be lower-case letters, figures and hyphens, and the file's own name.",
    # the text
    "E020": "A note call must have its note.",
    "E021": "A note must have its call.",
    "E022": "A note's label may stand only once.",
    "E023": "A note may be called only once.",
    "E024": "Markup must be one that editions know, and closed.",
    "E025": "A link must be a web address or lead to a block that exists.",
    "E026": "A text must have words.",
    # the corpus
    "E030": "Two editions may not have the same id.",
    "E031": "A person's or organisation's key must stand in its authority file.",
    "E032": "An edition's witness must be in corpus/witnesses.",
    "E033": "Every word of the witness must be in the edition or among its omissions, once.",
    "E034": "Every word of the edition must be the witness's, or be declared.",
    "E035": "Blocks must stand in the witness's order, or in one that the edition declares.",
    "E036": "Quotation marks must pair.",
    "E037": "A paragraph must not begin within a sentence.",
    "E038": "An exemption must name a finding that is there, and its reason.",
    # the site
    "E040": "An id may stand only once in a page.",
    "E041": "A link of the site must lead to a page and an anchor that exist.",
    "E042": "A page of the site must load nothing from another host.",
    "E043": "A page must keep the landmarks and roles that readers' tools rely on.",
    # warnings: they do not stop a build
    "W050": "A draft is to be proofread against its witness.",
    "W051": "A doubt in a draft is to be decided.",
}


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

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        hint = f"\n    {self.hint}" if self.hint else ""
        return f"{where}: {self.code} {self.message}{hint}"


class ArchiveError(Exception):
    """What the program could not do; caught in `cli` only."""


class Unsound(ArchiveError):
    """The corpus has findings that stop the work."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(sorted(findings))
        super().__init__("\n".join(map(str, self.findings)))


class NotPossible(ArchiveError):
    """The machine or the caller stands in the way (a full disk, a folder that is not ours …).
    `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = ""):
        self.remedy = remedy
        super().__init__(message)
