"""Whole-process timings: `make bench`. Never part of the tests: machines differ, and drift."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive_site.corpus import load_corpus
from archive_site.document import Text
from archive_site.edition import write_inlines
from archive_site.plaintext import reading_text
from archive_site.quotes import unpaired

ROOT = Path(__file__).parents[1]
RUNS = 7
ARCHIVE_SITE = [sys.executable, "-m", "archive_site"]


def timed(command: Callable[[Path], list[list[str]]]) -> tuple[float, float, float]:
    """Least, median and most seconds of running the commands, each time in a fresh folder."""
    seconds = []
    for _ in range(RUNS + 1):  # the first warms the disk's cache and is not counted
        with tempfile.TemporaryDirectory() as folder:
            commands = command(Path(folder))
            started = time.perf_counter()
            for arguments in commands:
                subprocess.run(arguments, cwd=folder, check=True, capture_output=True)
            seconds.append(time.perf_counter() - started)
    counted = sorted(seconds[1:])
    return counted[0], statistics.median(counted), counted[-1]


def build(folder: Path) -> list[list[str]]:
    return [[*ARCHIVE_SITE, "build", str(ROOT / "corpus"), "-o", "site"]]


def build_pages(folder: Path) -> list[list[str]]:
    return [[*build(folder)[0], "--no-exports"]]


def check(folder: Path) -> list[list[str]]:
    return [[*ARCHIVE_SITE, "check", str(ROOT / "corpus")]]


def collate(folder: Path) -> list[list[str]]:
    code = (
        "import sys; from pathlib import Path; from archive_site.corpus import load_corpus; "
        "from archive_site.collate import collate; corpus, _ = load_corpus(Path(sys.argv[1])); "
        "[collate(e.document, e.witness, e.path) for e in corpus.editions for _ in range(10)]"
    )
    return [[sys.executable, "-c", code, str(ROOT / "corpus")]]


def recover(folder: Path) -> list[list[str]]:
    witnesses = sorted((ROOT / "corpus" / "witnesses").glob("*.txt"))
    return [[*ARCHIVE_SITE, "recover", str(path), "-C", "corpus"] for path in witnesses]


def imports(folder: Path) -> list[list[str]]:
    return [[sys.executable, "-c", "import yaml, markdown_it, jinja2, bs4"]]


# ---------------------------------------------------------------- many texts, many entries


MATTER = """\
---
id: t-{n}
title: Texte {n}
kind: essay
creator: ''
date: '1917'
status: proofread
---

"""


def archive(folder: Path, documents: int, entries: int) -> int:
    """An archive made of the five texts' paragraphs, cut anew, with names in them: about 30 kB a
    document, a name of each entry's own, some far more frequent than others. Returns its size in
    bytes."""
    draw = random.Random(documents)
    corpus, _ = load_corpus(ROOT / "corpus")
    pool = [
        write_inlines((Text(reading_text(b.content)),))
        for edition in corpus.editions
        for b in edition.document.blocks
        if b.kind == "paragraph" and not list(unpaired([b]))
    ]
    (folder / "editions").mkdir(parents=True)
    (folder / "site.yaml").write_text("title: Mesure\n", "utf-8")
    (folder / "people.yaml").write_text(
        "".join(f"p-{n}:\n  name: Nomov{n}\n" for n in range(entries)), "utf-8"
    )
    size = 0
    for n in range(documents):
        parts, length = [], 0
        while length < 30_000:
            part = draw.choice(pool)
            name = int(entries * draw.random() ** 3)
            parts.append(f"{part} Ainsi parla Nomov{name}, et Nomov{draw.randrange(entries)}.")
            length += len(part)
        text = MATTER.format(n=n) + "\n\n".join(parts) + "\n"
        (folder / "editions" / f"t-{n}.md").write_text(text, "utf-8")
        size += len(text.encode())
    return size


def proportion() -> None:
    """Whole builds as the archive grows: the time for a megabyte of text stays what it is."""
    print(f"\n{'documents':>10}{'entries':>9}{'MB':>7}{'seconds':>9}{'s/MB':>7}{'peak MB':>9}")
    for documents, entries in ((100, 1_000), (100, 10_000), (300, 10_000), (1_000, 10_000)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            size = archive(folder / "corpus", documents, entries) / 1_000_000
            started = time.perf_counter()
            with subprocess.Popen(
                [*ARCHIVE_SITE, "build", "--no-exports"], cwd=folder, stdout=-3
            ) as process:
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.perf_counter() - started
            assert process.returncode == 0
        print(
            f"{documents:10}{entries:9}{size:7.1f}{seconds:9.1f}{seconds / size:7.2f}"
            f"{used.ru_maxrss / 1000:9.0f}"
        )


INDEXED = """
import resource, sys, time
from pathlib import Path
from archive_site.corpus import load_corpus
from archive_site.entries import make_shelf
from archive_site.markup import typeset
from archive_site.mentions import find_mentions
from archive_site.search import search_files

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000

corpus, _ = load_corpus(Path(sys.argv[1]))
shelf = make_shelf(corpus, find_mentions(corpus))
typeset.cache_clear()
before, started = peak(), time.perf_counter()
sizes = {"recherche": 0, "concordance": 0}
for path, data in search_files(shelf):
    sizes[path.partition("/")[0]] += len(data)
seconds = time.perf_counter() - started
print(seconds, *(size / 1e6 for size in sizes.values()), peak() - before)
"""


def searching() -> None:
    """The index of the search and the words that it shows, as the archive grows."""
    print(f"\n{'search':>10}{'seconds':>9}{'index MB':>10}{'words MB':>10}{'memory MB':>11}")
    for documents in (0, 100, 1_000):  # 0: the five texts
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "corpus" if documents else ROOT / "corpus"
            if documents:
                archive(folder, documents, 1_000)
            runs = []
            for _ in range(3):
                command = [sys.executable, "-c", INDEXED, str(folder)]
                told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                runs.append([float(figure) for figure in told.split()])
        seconds, index, words, memory = sorted(runs)[1]
        print(f"{documents or 5:10}{seconds:9.2f}{index:10.2f}{words:10.2f}{memory:11.0f}")


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {RUNS} runs each")
    print(f"{'':34}{'least':>8}{'median':>8}{'most':>8}  seconds")
    for name, command in (
        ("build, five texts, cold", build),
        ("the same without exports", build_pages),
        ("check, five texts", check),
        ("collate, five texts, 11 times", collate),
        ("recover, five witnesses in turn", recover),
        ("importing four libraries alone", imports),
    ):
        least, median, most = timed(command)
        print(f"{name:34}{least:8.2f}{median:8.2f}{most:8.2f}")
    searching()
    proportion()
