"""YAML restricted to mappings, lists and text, each with its line.

YAML reads `1905` as a number, `1905-03-12` as a date and `no` as false. Here every scalar stays
text, so that a date keeps its precision. Aliases and tags are refused: nothing here needs them,
and both can be used for attacks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import yaml

from archive_site.findings import Finding
from archive_site.text.alike import composed
from archive_site.text.reading import NOT_WRITTEN

DEEPEST = 20
"""The greatest depth to which lists and mappings may be nested."""
SHOWN = 80
"""How many characters of a value a message shows."""
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Value:
    """A YAML value and the line it begins on. Exactly one of `text`, `items` and `fields` is set;
    `key_lines` has the line of each key of `fields`."""

    line: int
    text: str | None = None
    items: tuple[Value, ...] | None = None
    fields: dict[str, Value] | None = None
    key_lines: dict[str, int] = field(default_factory=dict, compare=False)

    def composed(self) -> Value:
        """The same value with all its text composed (NFC)."""
        if self.text is not None:
            text = composed(self.text)
            return self if text == self.text else replace(self, text=text)
        items = self.items and tuple(item.composed() for item in self.items)
        fields = self.fields and {key: item.composed() for key, item in self.fields.items()}
        return Value(self.line, None, items, fields, self.key_lines)

    @property
    def shape(self) -> str:
        """A short description of the value for messages."""
        if self.text is not None:
            return f"“{shortened(self.text)}”" if self.text else "nothing"
        return "a list" if self.items is not None else "a mapping"


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Value | None, list[Finding]]:
    """`text` as a `Value` (None if there is nothing, or if it cannot be read) and its findings.
    `first_line` is the line of the file that `text` begins on."""
    findings: list[Finding] = []
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                line = (event.start_mark.line if event.start_mark else 0) + first_line
                return None, [_not_plain(path, line, f"more than {DEEPEST} levels of nesting")]
            tag = getattr(event, "tag", None)
            if tag or isinstance(event, yaml.AliasEvent):
                line = (event.start_mark.line if event.start_mark else 0) + first_line
                seen = f"the tag {tag}" if tag else "an alias (*)"
                return None, [_not_plain(path, line, seen)]
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + first_line
        hint = "Put text that contains “: ”, “#” or quotes between single quotes."
        return None, [Finding(path, line, "E011", f"not YAML: {error.problem}", hint)]
    except (yaml.YAMLError, RecursionError) as error:
        return None, [Finding(path, first_line, "E011", f"not YAML: {error}")]
    if node is None:
        return None, findings
    return _value(node, path, first_line, findings), findings


def _not_plain(path: str, line: int, seen: str) -> Finding:
    hint = "Write the value out in full."
    return Finding(
        path, line, "E011", f"must be plain mappings, lists and text; found {seen}", hint
    )


def _value(node: yaml.Node, path: str, first: int, findings: list[Finding]) -> Value:
    line = node.start_mark.line + first
    if isinstance(node, yaml.ScalarNode):
        if control := NOT_WRITTEN.search(node.value):  # written as an escape: "\x07"
            message = f"must be text; found the character U+{ord(control[0]):04X}"
            findings.append(Finding(path, line, "E002", message, "Delete it."))
        return Value(line, text=NOT_WRITTEN.sub("", node.value))
    if isinstance(node, yaml.SequenceNode):
        return Value(line, items=tuple(_value(n, path, first, findings) for n in node.value))
    fields: dict[str, Value] = {}
    key_lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + first
        if not isinstance(key_node, yaml.ScalarNode):
            message = "a key must be text; found a list or a mapping"
            findings.append(Finding(path, key_line, "E011", message))
            continue
        key = composed(key_node.value)
        if key in fields:
            message = f"the key “{key}” must be unique; it is already on line {key_lines[key]}"
            findings.append(Finding(path, key_line, "E016", message, "Keep one of them."))
            continue
        key_lines[key] = key_line
        fields[key] = _value(value_node, path, first, findings)
    return Value(line, fields=fields, key_lines=key_lines)


def shortened(text: str) -> str:
    """`text`, or its first `SHOWN` characters and an ellipsis if it is longer."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def texts(value: Value) -> Iterator[tuple[int, str]]:
    """The texts in a list, or the text itself, each with its line. Other values are skipped."""
    for item in value.items if value.items is not None else (value,):
        if item.text is not None:
            yield item.line, item.text
