"""The pages of the documentation that are walked: their commands run, and their edits are made."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from commands import run

_BLOCK = re.compile(r"^```(console|diff)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANY = "..."


@dataclass(frozen=True)
class Step:
    """A command of a page that has run, in which folder, what the page says that it says, and what
    it has said on both outputs, whose order a terminal leaves open."""

    command: str
    folder: Path
    expected: str
    said: tuple[str, str]

    @property
    def agrees(self) -> bool:
        """Whether it has said what the page says; `...` stands for anything."""
        pattern = ".*?".join(map(re.escape, self.expected.strip().split(_ANY)))
        orders = ("".join(self.said), "".join(reversed(self.said)))
        return any(re.fullmatch(pattern, said.strip(), re.DOTALL) for said in orders)


def walk(page: str, folder: Path) -> Iterator[Step]:
    """Run the commands of a page in `folder`, and make its edits; yield each command that ran."""
    for kind, path, block in _BLOCK.findall(page):
        if kind == "diff":
            _edit(folder / path, block)
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = part.partition("\n")
            name, *arguments = shlex.split(command)
            if name == "cd":
                folder /= arguments[0]
            elif name == "cp":
                shutil.copy(folder / arguments[0], folder / arguments[1])
            else:
                assert name == "archive-site", command
                ended = run(*arguments, cwd=folder)
                yield Step(command, folder, expected, (ended.stdout, ended.stderr))


def _edit(path: Path, block: str) -> None:
    """Make the edit of a diff whose lines may be parts of lines; without lines to be replaced, add
    its lines at the end."""
    old = "\n".join(line[1:] for line in block.splitlines() if line[:1] in " -")
    new = "\n".join(line[1:] for line in block.splitlines() if line[:1] in " +")
    text = path.read_text("utf-8")
    if old:
        assert text.count(old) == 1, f"{path.name} must have once: {old}"
        path.write_text(text.replace(old, new), "utf-8")
    else:
        path.write_text(f"{text.rstrip()}\n{new}\n", "utf-8")
