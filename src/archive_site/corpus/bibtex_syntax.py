"""The syntax of BibTeX files: entries and their fields, each with its place, and what is wrong."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_BLOCK = re.compile(r"@(?P<kind>\w+)\s*(?P<opening>[{(])")
_BRACE = re.compile(r"\\.|[{}]|^[ \t]*(?=@\w+[ \t]*[{(])", re.DOTALL | re.MULTILINE)
_IN_QUOTES = re.compile(r"\\.|[{}\"]|^[ \t]*(?=@\w+[ \t]*[{(])", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"[^,={}()\"]*")
_NAME = re.compile(r"[^\s=,{}()\"#@]+")
_SPACE = re.compile(r"\s*")
_JUNK = re.compile(r"[^,{}()@\n]*")
_NO_ENTRY = re.compile(r"^\s*(\w+)\s*\{\s*[^\s{},=]+\s*,", re.MULTILINE)
_UNOPENED = re.compile(r"^[ \t]*@(?!(?i:comment)\b)(\w++)(?!\s*[{(])[^\n]*", re.MULTILINE)
_LEFT_OVER = re.compile(r"\s*(?:}|,?\s*[\w-]+\s*=\s*[{\"\w])[^\n]*")
_CLOSING = {"{": "}", "(": ")"}


@dataclass(frozen=True, slots=True)
class BibtexField:
    """A field as it is written: its name in small letters, its value with its delimiters, its line,
    and its place in the file, from its name to the comma after it, if there is one."""

    name: str
    value: str
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BibtexBlock:
    """What begins with @: its kind in small letters, its key, its fields, its line and its place in
    the file."""

    kind: str
    key: str
    fields: tuple[BibtexField, ...]
    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BibtexFault:
    """What cannot be read, at a line, and its remedy."""

    line: int
    message: str
    hint: str = ""


@dataclass(slots=True)
class BibtexScanner:
    """Divides a file into blocks. `faults` collects what is wrong; what comes after a fault is read
    as far as it can be."""

    text: str
    faults: list[BibtexFault] = field(default_factory=list)
    at: int = 0
    _ends: list[int] = field(default_factory=list)

    def line(self, at: int) -> int:
        """The number of the line with the character `at`."""
        if not self._ends:
            self._ends = [m.start() for m in re.finditer("\n", self.text)] or [len(self.text)]
        return bisect_right(self._ends, at - 1) + 1 if at else 1

    def fault(self, at: int, message: str, hint: str = "") -> None:
        """Report what is wrong at a place."""
        self.faults.append(BibtexFault(self.line(at), message, hint))

    def blocks(self) -> Iterator[BibtexBlock]:
        """All blocks of the file, comments and definitions among them."""
        before: BibtexBlock | None = None
        while found := _BLOCK.search(self.text, self.at):
            self._between(before, found.start())
            self.at = found.end()
            before = self._block(found)
            yield before
        self._between(before, len(self.text))

    def _between(self, before: BibtexBlock | None, end: int) -> None:
        """Report an entry without @, and fields that are after the end of an entry."""
        gap = self.text[self.at : end]
        if found := _UNOPENED.search(gap):
            message = f"an entry must open with a brace; found {found[0].strip()[:60]}"
            self.fault(self.at + found.start(1) - 1, message, f"Write @{found[1]}{{…}}.")
        elif found := _NO_ENTRY.search(gap):
            message = f"an entry must begin with @; found {found[0].strip()[:60]}"
            self.fault(self.at + found.start(1), message, f"Write @{found[1]}{{…}}.")
        elif before and before.fields and (found := _LEFT_OVER.match(gap)):
            words = " ".join(found[0].split())[:60]
            message = f"a field must be in an entry; found “{words}” after {before.key}"
            place = self.at + len(found[0]) - len(found[0].lstrip())
            hint = f"{before.key} ends before it: remove the brace that is too many."
            self.fault(place, message, hint)

    # ------------------------------------------------------------ blocks

    def _block(self, found: re.Match[str]) -> BibtexBlock:
        kind, closing = found["kind"].lower(), _CLOSING[found["opening"]]
        line = self.line(found.start())
        if kind == "comment":
            self.at = self._after(found.end() - 1, "this @comment") if closing == "}" else self.at
            return BibtexBlock(kind, "", (), line, found.start(), self.at)
        if kind == "preamble":
            self._value("the preamble", closing)
            self._close(line, "the preamble", closing)
            return BibtexBlock(kind, "", (), line, found.start(), self.at)
        key = "" if kind == "string" else self._key()
        fields = tuple(self._fields(key or f"this @{kind}", closing, line))
        return BibtexBlock(kind, key, fields, line, found.start(), self.at)

    def _key(self) -> str:
        """The key of an entry, and the comma after it."""
        found = _KEY.match(self.text, self.at)
        assert found, "it may be empty"
        key, after = found[0].strip(), self.text[found.end() : found.end() + 1]
        words = key.split()
        if after == "=" and len(words) < 2:
            return ""  # the first field; that there is no key is found elsewhere
        if after == "=":
            self.fault(self.at, f"a comma is missing after {words[0]}", "Put it there.")
            self.at = self.text.index(words[0], self.at) + len(words[0])
            return words[0]
        self.at = found.end() + (after == ",")
        return key

    def _fields(self, owner: str, closing: str, line: int) -> Iterator[BibtexField]:
        """The fields of a block, to its end."""
        while True:
            self._skip(",")
            start, sign = self.at, self.text[self.at : self.at + 1]
            if not sign or self._at_block():
                self._close(line, owner, closing)
                return
            if sign == closing:
                self.at += 1
                return
            found = _NAME.match(self.text, start)
            if not found:
                self._no_field(owner)
                continue
            self.at = found.end()
            name = found[0]
            self._skip()
            if self.text[self.at : self.at + 1] != "=":
                self.fault(
                    start, f"= is missing after {name}, in {owner}", f"Write {name} = {{…}}."
                )
                if self.text[self.at : self.at + 1] not in ("{", '"'):
                    self._to_comma(closing)
                    continue
            else:
                self.at += 1
            value = self._value(name, closing)
            end = self.at
            self._after_value(name, owner, closing)
            end = self.at if self.text[self.at - 1] == "," else end
            yield BibtexField(name.lower(), value, self.line(start), start, end)

    def _no_field(self, owner: str) -> None:
        """Report what stands where a field should be, and pass over it."""
        found = _JUNK.match(self.text, self.at + 1)
        assert found, "it may be empty"
        words = self.text[self.at : found.end()].strip()[:60]
        hint = "Put each value in braces, and a comma after it."
        self.fault(
            self.at, f"a field must be such as title = {{…}}; found “{words}” in {owner}", hint
        )
        self.at = found.end()

    def _after_value(self, name: str, owner: str, closing: str) -> None:
        """Pass over the comma after a value; report what else is there."""
        end = self.at
        self._skip()
        sign = self.text[self.at : self.at + 1]
        if sign == ",":
            self.at += 1
        elif sign and sign != closing and not self._at_block():
            word = _NAME.match(self.text, self.at)
            rest = self.text[word.end() :].lstrip()[:1] if word else ""
            if rest == "=":
                self.fault(end, f"a comma is missing after {name}, in {owner}", "Put it there.")
            elif self.text[end - 1] == '"':
                message = f"the value of {name} has quotation marks within quotation marks"
                self.fault(end, f"{message}, in {owner}", "Put the whole value in braces: {…}.")
                self._to_comma(closing)
            else:
                found = self.text[self.at :].split("\n", 1)[0][:60]
                message = f"a comma must be after the value of {name}, in {owner}; found “{found}”"
                self.fault(end, message, "Put the whole value in braces: {…}.")
                self._to_comma(closing)

    def _to_comma(self, closing: str) -> None:
        """Pass over what cannot be read: to the comma at the end of a line, or to the end of the
        entry."""
        while self.at < len(self.text) and not self._at_block():
            sign = self.text[self.at]
            if sign == "{":
                self.at = self._after(self.at, "")
                continue
            if sign == closing:
                return
            self.at += 1
            if sign == ",":
                return

    def _close(self, line: int, owner: str, closing: str) -> None:
        """Pass over the sign that closes a block; report that it is missing."""
        self._skip()
        if self.text[self.at : self.at + 1] == closing:
            self.at += 1
            return
        message = f"{owner} must be closed with {closing}"
        hint = f"Close each value and the entry with {closing}, and put a comma after each field."
        self.faults.append(BibtexFault(line, message, hint))

    # ------------------------------------------------------------ values

    def _value(self, name: str, closing: str) -> str:
        """The value at this place, as it is written: pieces with # between them."""
        self._skip()
        start = self.at
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "{":
                self.at = self._after(self.at, f"the value of {name}")
            elif sign == '"':
                self.at = self._after_quotes(name)
            elif word := _NAME.match(self.text, self.at):
                self.at = word.end()
            end = self.at
            self._skip()
            if self.text[self.at : self.at + 1] != "#":
                self.at = end
                break
            self.at += 1
            self._skip()
        return self.text[start : self.at].strip()

    def _after(self, at: int, what: str) -> int:
        """The place after the brace that closes the one at `at`: at the latest, where another block
        begins. `what` is not closed, if it is not (empty: not reported)."""
        depth = 0
        for found in _BRACE.finditer(self.text, at):
            if found[0] in ("{", "}"):
                depth += 1 if found[0] == "{" else -1
                if not depth:
                    return found.end()
            elif not found[0].startswith("\\"):
                return self._unclosed(at, found.start(), what, "}")
        return self._unclosed(at, len(self.text), what, "}")

    def _after_quotes(self, name: str) -> int:
        """The place after the quotation mark that ends the value at this place."""
        depth, start = 0, self.at
        for found in _IN_QUOTES.finditer(self.text, start + 1):
            sign = found[0]
            if sign == '"' and not depth:
                return found.end()
            if sign in ("{", "}"):
                depth += 1 if sign == "{" else -1
            elif sign != '"' and not sign.startswith("\\"):
                return self._unclosed(start, found.start(), f"the value of {name}", '"')
        return self._unclosed(start, len(self.text), f"the value of {name}", '"')

    def _unclosed(self, at: int, end: int, what: str, closing: str) -> int:
        if what:
            self.fault(at, f"{what} must be closed with {closing}", f"Add {closing} at its end.")
        return end

    def _skip(self, *signs: str) -> None:
        """Pass over white space and these signs."""
        while True:
            found = _SPACE.match(self.text, self.at)
            assert found, "it may be empty"
            self.at = found.end()
            if self.text[self.at : self.at + 1] not in (signs or ("\0",)):
                return
            self.at += 1

    def _at_block(self) -> bool:
        """Whether another block begins here."""
        return bool(_BLOCK.match(self.text, self.at))
