"""What is measured: each function is a case, given a folder of its own, and returns its section of
docs/benchmarks.md."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from peers import (
    HUGO,
    HUGO_PAGEFIND,
    PEERS,
    PIPELINE,
    PYTHON,
    Peer,
    install,
    install_parsers,
)
from processes import Command, Contender, Failed, Measured, asked, measure, run
from served import NotServed, seconds_to_reload
from texts import CORPUS, MadeText, change_in, make_texts, read_pool, write_archive

HERE = Path(__file__).parent
ARCHIVE_SITE = (sys.executable, "-m", "archive_site")
PLAIN = ("--no-exports",)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: runs of each, and of the slow ones; numbers of texts."""

    runs: int
    slow_runs: int
    many: int
    some: int
    growth: tuple[int, ...]


FULL = Scale(runs=5, slow_runs=2, many=1_000, some=100, growth=(100, 1_000, 5_000))
QUICK = Scale(runs=1, slow_runs=1, many=20, some=5, growth=(5, 10))


# ---------------------------------------------------------------- the five texts


def five(scale: Scale, work: Path) -> str:
    """The five texts, as an editor meets them."""
    corpora = {name: work / name for name in ("cold", "plain", "same", "word")}
    for folder in corpora.values():
        shutil.copytree(CORPUS, folder / "corpus")
    longest = max((corpora["word"] / "corpus" / "editions").iterdir(), key=_length)
    change = change_in(longest, declared=True)
    measured = measure(
        (
            _archive("cold, with exports", corpora["cold"], cold=True, options=()),
            _archive("cold, without exports", corpora["plain"], cold=True),
            _archive("nothing changed", corpora["same"], options=()),
            _archive("one word of the longest text changed", corpora["word"], change, options=()),
            _process("archive-site imported, and no more", "import archive_site.cli.main", work),
            _process("Python started, and no more", "pass", work),
        ),
        scale.runs,
        scale.slow_runs,
    )
    note = (
        "`archive-site build` of this repository's corpus, whole processes. Nothing and one word "
        "changed: with exports, over the last build's output and cache; the word is declared as "
        "an emendation, since its witness has another."
    )
    return f"{note}\n\n{_times(measured)}"


def serve(scale: Scale, work: Path) -> str:
    """From saving a file to the page, made anew and served."""
    shutil.copytree(CORPUS, work / "corpus")
    longest = max((work / "corpus" / "editions").iterdir(), key=_length)
    try:
        seconds = seconds_to_reload(work, change_in(longest, declared=True), scale.runs)
    except (NotServed, Failed, OSError) as error:
        return f"Not measured: {error}."
    rows = [["a word saved → the page reloaded", *(f"{s:.3f}" for s in _spread(seconds))]]
    note = (
        "`archive-site serve` of the five texts; from the moment the file is written to the last "
        "byte of the page, asked for when the server says that it has changed."
    )
    return f"{note}\n\n{table(('seconds', 'least', 'median', 'most'), rows)}"


# ---------------------------------------------------------------- many texts


def cold(scale: Scale, work: Path) -> str:
    """Many texts, from nothing."""
    texts = _texts(scale.many)
    folder = work / "archive-site"
    size = write_archive(folder / "corpus", texts, scale.many)
    ours = [_archive("archive-site, all but exports", folder, cold=True)]
    alone = (*PLAIN, "--jobs", "1")
    ours.append(
        _archive("archive-site, one process", folder, cold=True, options=alone, output="one")
    )
    theirs, absent = _peers(PEERS, texts, work, cold=True)
    measured = measure((*ours, *theirs), scale.runs, scale.slow_runs)
    note = (
        f"{scale.many:,} texts, {size:.1f} MB of Markdown, output and caches removed before each "
        "run. archive-site: a page a text, its page of establishment, its witness line by line, "
        "pages of all entries, links of names, indexes, every text collated with its witness. "
        "The peers: a plain page a text, and a list of them."
    )
    return "\n\n".join((note, _against_hugo(measured), *absent))


def changed(scale: Scale, work: Path) -> str:
    """One text changed among many."""
    texts = _texts(scale.many)
    folder, same = work / "archive-site", work / "same"
    for place in (folder, same):
        write_archive(place / "corpus", texts, scale.many)
    middle = texts[len(texts) // 2].id
    change = change_in(folder / "corpus" / "editions" / f"{middle}.md", declared=True)
    cached = "a bare cached pipeline"
    theirs, absent = _peers((HUGO, HUGO_PAGEFIND, PIPELINE), texts, work, change=middle)
    theirs = [
        Contender(cached, [(*_only(c.commands), "--cached")], c.folder, c.before, c.output)
        if c.name == PIPELINE.name
        else c
        for c in theirs
    ]
    ours = (
        _archive("archive-site, all but exports", folder, change),
        _archive("archive-site, nothing changed", same),
    )
    measured = measure((*ours, *theirs), scale.runs, scale.slow_runs)
    note = (
        f"{scale.many:,} texts, built before; then one word of one text is changed, each time "
        "another. Hugo and Pagefind make all of it anew, as they always do; the cached pipeline "
        "makes the one page, and reads and compares the checksums of all."
    )
    return "\n\n".join((note, _against_hugo(measured), *absent))


def exports(scale: Scale, work: Path) -> str:
    """Many texts, with all that can be taken along."""
    size = write_archive(work / "corpus", _texts(scale.some), scale.some)
    measured = measure(
        (
            _archive("with exports", work, cold=True, options=(), output="whole"),
            _archive("without exports", work, cold=True, output="plain"),
        ),
        scale.slow_runs,
        scale.slow_runs,
    )
    note = (
        f"{scale.some:,} texts, {size:.1f} MB of Markdown, from nothing: PDF, EPUB, TEI and the "
        "other formats of every text, and the archive as one zip."
    )
    return f"{note}\n\n{_times(measured)}"


def growth(scale: Scale, work: Path) -> str:
    """Builds as the archive grows: the time for a megabyte of text stays what it is."""
    rows = []
    for count in scale.growth:
        folder = work / str(count)
        texts = _texts(count)
        size = write_archive(folder / "corpus", texts, count)
        theirs, _ = _peers((HUGO,), texts, folder, cold=True)
        ours = _archive("archive-site, all but exports", folder, cold=True)
        for measured in measure((ours, *theirs), scale.slow_runs, scale.slow_runs):
            rows.append(
                [
                    f"{count:,}",
                    f"{size:.1f}",
                    measured.name,
                    *(
                        [measured.failed]
                        if measured.failed
                        else [
                            f"{measured.median:.2f}",
                            f"{measured.median / size:.3f}",
                            f"{measured.cpu / size:.3f}",
                            _memory(measured),
                        ]
                    ),
                ]
            )
        shutil.rmtree(folder)
    heads = ("texts", "MB of Markdown", "", "seconds", "a MB", "of all cores, a MB", "peak MB")
    return f"From nothing.\n\n{table(heads, rows)}"


# ---------------------------------------------------------------- parts of it, for context


def search(scale: Scale, work: Path) -> str:
    """The index of the search: how long it takes, how large it is."""
    rows = []
    for count in (0, scale.some, scale.many):  # 0: the five texts
        folder = work / f"corpus-{count}" if count else CORPUS
        if count:
            write_archive(folder, _texts(count), count)
        told = _said((sys.executable, HERE / "search_alone.py", folder), scale.slow_runs)
        seconds, index, words = sorted(told)[len(told) // 2]
        rows.append([f"{count or 5:,}", f"{seconds:.2f}", f"{index:.2f}", f"{words:.2f}"])
    heads = ("texts", "seconds", "index, MB", "words, MB")
    note = (
        "The search's files made alone, within one process, the texts read and their names found "
        "before. A reader loads the parts of the index that her question needs."
    )
    return f"{note}\n\n{table(heads, rows)}"


def stages(scale: Scale, work: Path) -> str:
    """Collation, recovery and the check, as whole processes."""
    witnesses = sorted((CORPUS / "witnesses").glob("*.txt"))
    recover = [(*ARCHIVE_SITE, "recover", path, "-C", "recovered") for path in witnesses]

    def afresh(number: int) -> None:
        shutil.rmtree(work / "recovered", ignore_errors=True)

    measured = measure(
        (
            Contender("check, five texts", [(*ARCHIVE_SITE, "check", CORPUS)], work),
            Contender(
                "collate, five texts, 11 times",
                [(sys.executable, HERE / "collate_alone.py", CORPUS, "11")],
                work,
            ),
            Contender("recover, five witnesses in turn", recover, work, afresh),
        ),
        scale.runs,
        scale.slow_runs,
    )
    note = "Whole processes, over this repository's corpus."
    return f"{note}\n\n{_times(measured)}"


def parsers(scale: Scale, work: Path) -> str:
    """Parsers of Markdown alone: what a megabyte costs before anything is known of it."""
    texts = _texts(scale.some)
    paths = [work / f"{text.id}.md" for text in texts]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text.body, "utf-8")
    rows = []
    for name, seen in install_parsers():
        try:
            told = _said((PYTHON, HERE / "parsers.py", name, *paths), scale.slow_runs)
        except Failed as error:
            rows.append([name, seen, f"not there: {error}"])
            continue
        (median,) = sorted(told)[len(told) // 2]
        rows.append([name, seen, f"{median:.1f}"])
    note = (
        f"{sum(map(_length, paths)) / 1e6:.1f} MB of the same texts into HTML, in one process; no "
        "parser reads notes or front matter here. CommonMark, or what the parser takes for it."
    )
    heads = ("parser", "version", "MB a second")
    return f"{note}\n\n{table(heads, rows)}"


Case = Callable[[Scale, Path], str]
CASES: dict[str, tuple[str, Case]] = {
    "five": ("The five texts", five),
    "serve": ("While it is served", serve),
    "cold": ("Many texts, from nothing", cold),
    "changed": ("One word changed among many texts", changed),
    "exports": ("Exports", exports),
    "growth": ("As the archive grows", growth),
    "search": ("The index of the search", search),
    "stages": ("Stages alone", stages),
    "parsers": ("Parsers of Markdown", parsers),
}

# ---------------------------------------------------------------- contenders


def _texts(count: int) -> list[MadeText]:
    return list(make_texts(read_pool(), count, people=count))


def _archive(
    name: str,
    folder: Path,
    change: Callable[[int], None] | None = None,
    *,
    cold: bool = False,
    options: Sequence[str] = PLAIN,
    output: str = "site",
) -> Contender:
    """`archive-site build` of `folder`/corpus. Cold: output and cache are removed before each run;
    else they are there before the first."""
    cache = f"{output}.cache"
    own = ("env", f"XDG_CACHE_HOME={folder / cache}")
    command: Command = (*own, *ARCHIVE_SITE, "build", "corpus", "-o", output, *options)

    def before(number: int) -> None:
        if cold:
            _remove(folder, (output, cache))
        elif not (folder / output).exists():
            run([command], folder)
        if change:
            change(number)

    return Contender(name, [command], folder, before, folder / output)


def _process(name: str, code: str, folder: Path) -> Contender:
    return Contender(name, [(sys.executable, "-c", code)], folder)


def _peers(
    peers: Sequence[Peer],
    texts: Sequence[MadeText],
    work: Path,
    *,
    cold: bool = False,
    change: str = "",
) -> tuple[list[Contender], list[str]]:
    """The peers that are there, the texts laid out for them; of the others, why not. `change` is
    the text of which a word is changed before each run."""
    there, absent = [], []
    for peer in peers:
        if reason := install(peer):
            absent.append(f"{peer.name}: not there ({reason}).")
            continue
        folder = work / peer.name.replace(" ", "-").replace(":", "").replace(",", "")
        peer.lay_out(folder, texts)
        there.append(_peer(peer, folder, cold, change))
    return there, absent


def _peer(peer: Peer, folder: Path, cold: bool, change: str) -> Contender:
    changed = change_in(folder / peer.sources / f"{change}.md") if change else None

    def before(number: int) -> None:
        if cold:
            _remove(folder, peer.made)
        if changed:
            changed(number)

    return Contender(peer.name, peer.commands, folder, before, folder / peer.output)


def _only(commands: Sequence[Command]) -> Command:
    (command,) = commands
    return command


def _remove(folder: Path, names: Sequence[str]) -> None:
    for path in (folder / name for name in names):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _said(command: Command, runs: int) -> list[list[float]]:
    """The figures that a process prints, run by run. Raises `Failed`."""
    told = []
    for _ in range(runs):
        ran = asked(command)
        if ran.returncode:
            raise Failed(ran.stderr.strip().splitlines()[-1])
        told.append([float(figure) for figure in ran.stdout.split()])
    return told


def _length(path: Path) -> int:
    return path.stat().st_size


def _spread(seconds: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(seconds)
    return ordered[0], ordered[len(ordered) // 2], ordered[-1]


# ---------------------------------------------------------------- tables

TIMES = ("", "least, s", "median, s", "most, s", "s of all cores", "peak MB")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; what follows its first column stands to the right."""
    lines = [heads, ["---", *("---:" for _ in heads[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _times(measured: Sequence[Measured]) -> str:
    return table(TIMES, [[m.name, *_row(m)] for m in measured])


def _against_hugo(measured: Sequence[Measured]) -> str:
    """Times, what was written, and how many times those of Hugo, without and with Pagefind: in
    seconds, and in seconds of all cores."""
    there = {m.name: m for m in measured if not m.failed}
    hugo, both = there.get(HUGO.name), there.get(HUGO_PAGEFIND.name)
    rows = []
    for m in measured:
        ratios = [
            hugo and m.median / hugo.median,
            both and m.median / both.median,
            both and m.cpu / both.cpu,
        ]
        told = [f"{m.files:,}", f"{m.written:.0f}", *(f"{r:.2f}" if r else "—" for r in ratios)]
        rows.append([m.name, *_row(m), *([] if m.failed else told)])
    heads = ("files", "MB written", "× Hugo", "× with Pagefind", "× of all cores")
    return table((*TIMES, *heads), rows)


def _row(measured: Measured) -> list[str]:
    if measured.failed:
        return [f"failed: {measured.failed}"]
    times = (measured.least, measured.median, measured.most, measured.cpu)
    return [*(f"{seconds:.2f}" for seconds in times), _memory(measured)]


def _memory(measured: Measured) -> str:
    return "—" if measured.memory is None else f"{measured.memory:.0f}"
