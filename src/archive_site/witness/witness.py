"""The witness: a text as it was received. This module reads bytes as lines; it never writes."""

from __future__ import annotations

import hashlib
import json
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archive_site.findings import Finding, Unsound

_SHOWN_BYTES = 3
TEXT = ".txt"
DOCUMENT = "document"
"""The rule by which the lines of a document are derived, without its version."""
_TEI = ".xml"


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: the name of its file as it was received, its lines (the first is line 1), its size
    in bytes, and its SHA-256. If it is no text, its lines are those of `text_name`. Its folios are
    `stated` if its source says where pages begin and what they are called, as TEI does: then none
    is printed."""

    name: str
    lines: tuple[str, ...]
    size: int
    sha256: str
    stated: bool = False

    @property
    def words(self) -> int:
        """The number of its words, counted as runs of characters between spaces."""
        return sum(len(line.split()) for line in self.lines)


def text_name(name: str) -> str:
    """The name of the file with the text of the witness `name`: the witness itself if it is text,
    else what was derived from it."""
    return name if name.lower().endswith(TEXT) else f"{name}{TEXT}"


def places_name(name: str) -> str:
    """The name of the file that says where on the pages of the witness `name` each line is."""
    return f"{name}.json"


def read_witness(path: Path, shown: str = "") -> Witness:
    """The witness at `path`; `shown` is the path that findings give.

    Raises `Unsound` if the file cannot be read (E001) or is not text in UTF-8 (E002)."""
    shown = shown or str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = "Check the name; witnesses are in corpus/witnesses."
        message = f"must be a readable file; {error.strerror or error}"
        raise Unsound([Finding(shown, 0, "E001", message, hint)]) from error
    return witness_of(data, path.name, data, shown)


def witness_of(data: bytes, name: str, text: bytes, shown: str, places: bytes = b"") -> Witness:
    """The witness in `data`, the contents of the file `name`, with the lines of `text`; `places` is
    what `places_name` names. Raises `Unsound` (E002) if the text is not UTF-8; `shown` is the path
    that findings give."""
    lines, sha256 = lines_of(text, shown), hashlib.sha256(data).hexdigest()
    stated = name.lower().endswith(_TEI) and rule_of(places).split(" ")[0] == DOCUMENT
    return Witness(name, lines, len(data), sha256, stated)


def rule_of(places: bytes) -> str:
    """The rule by which the text of a witness was derived, from the contents of the file beside it;
    empty if it does not say so."""
    try:
        said = json.loads(places)
    except ValueError:
        return ""
    rule = said.get("rule") if isinstance(said, dict) else None
    return rule if isinstance(rule, str) else ""


def lines_of(data: bytes, shown: str) -> tuple[str, ...]:
    """`data` as lines, without line ends. Raises `Unsound` (E002) if it is not UTF-8 text; `shown`
    is the path that findings give."""
    in_utf16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    if b"\0" in data and not in_utf16:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        message = "must be text; found a NUL byte: this is a binary file"
        hint = "Give the file as its program wrote it (PDF, DOCX, ODT …), or its text as UTF-8."
        raise Unsound([Finding(shown, line, "E002", message, hint)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        seen = data[error.start : error.start + _SHOWN_BYTES].hex(" ")
        message = f"must be text in UTF-8; found the bytes {seen}"
        if in_utf16:
            message = "must be text in UTF-8; found UTF-16"
            hint = "Convert it: iconv -f utf-16 -t utf-8 FILE > NEW"
        else:
            encoding = "cp1252" if _is_windows(data) else "latin1"
            name = "Windows-1252" if encoding == "cp1252" else "Latin-1"
            hint = f"If it is {name}: iconv -f {encoding} -t utf-8 FILE > NEW"
        raise Unsound([Finding(shown, line, "E002", message, hint)]) from error
    return tuple(text.replace("\r\n", "\n").removesuffix("\n").split("\n"))


def _is_windows(data: bytes) -> bool:
    """Whether text that is no UTF-8 may be Windows-1252: it has its characters, or none that
    Latin-1 lacks."""
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def checksums_of(lines: Iterable[str]) -> dict[str, str]:
    """File name → SHA-256, from lines as `sha256sum` writes them."""
    pairs = (line.split(maxsplit=1) for line in lines)
    return {pair[1].lstrip("*"): pair[0] for pair in pairs if len(pair) == 2}
