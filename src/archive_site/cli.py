"""The command. Parses, calls the stages in order, prints; the only place that prints."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from archive_site import __version__
from archive_site.cache import Cache
from archive_site.check import check_corpus, check_names, check_search, check_site, read_back
from archive_site.corpus import Corpus, base_url_of, load_corpus
from archive_site.downloads import Exports
from archive_site.findings import (
    EXEMPTIBLE,
    RULES,
    ArchiveError,
    Finding,
    NotPossible,
    Unsound,
    exempted,
    rules_page,
)
from archive_site.frontmatter import did_you_mean
from archive_site.mentions import find_mentions
from archive_site.publish import publish
from archive_site.record import record
from archive_site.site import make_site
from archive_site.writing import write_whole

FORMATS = ("text", "json", "github")
EPOCH = "SOURCE_DATE_EPOCH"
OK, STOPPED = 0, 1  # a wrong call is argparse's: 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit code: 0 all is well, 1 findings stop it, 2 a wrong call."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except Unsound as error:
        return _report(error.findings)
    except NotPossible as error:
        _say(f"archive-site: {error}", error.remedy and f"    {error.remedy}")
    except ArchiveError as error:
        _say(f"archive-site: {error}")
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        _say(f"archive-site: {error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        _say("")
    return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="archive-site", description="French historical texts → a static archive."
    )
    parser.add_argument("--version", action="version", version=f"archive-site {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace], int], says: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=says, description=says)
        command.set_defaults(run=run)
        return command

    for name, run, says in (
        ("build", _build, "build the site from a corpus"),
        ("serve", _serve, "build the site and show it on 127.0.0.1"),
        ("check", _check, "check a corpus and the site it makes, and write nothing"),
    ):
        command = add(name, run, says)
        command.add_argument(
            "corpus",
            nargs="?",
            type=Path,
            default=Path("corpus"),
            metavar="CORPUS",
            help="the folder of the corpus (corpus)",
        )
        command.add_argument(
            "--templates",
            type=Path,
            default=None,
            metavar="DIR",
            help="templates and static files of your own, before the package's",
        )
        command.add_argument(
            "--base-url",
            default=None,
            metavar="URL",
            type=_base_url,
            help="where the site will be published, such as https://me.github.io/archive/",
        )
        if name != "check":
            command.add_argument(
                "-o",
                "--output",
                type=Path,
                default=Path("build"),
                metavar="DIR",
                help="where the site is written (build)",
            )
            command.add_argument(
                "--no-exports",
                action="store_true",
                help="leave out what can be taken along: EPUB, PDF, TEI, …, the zip",
            )
        if name == "check":
            command.add_argument(
                "--format",
                choices=FORMATS,
                default="text",
                help="how findings are printed: text, json, or github (annotations)",
            )
            command.add_argument(
                "--record",
                action="store_true",
                help="declare words changed on purpose as emendations, and show the diff",
            )
            command.add_argument(
                "--explain",
                nargs="?",
                const="",
                default=None,
                metavar="CODE",
                help="explain a finding's code, or all of them",
            )
        if name == "serve":
            command.add_argument(
                "--port", type=_port, default=8000, help="the first port to try (8000)"
            )
    command = add("recover", _recover, "recover a draft edition from a raw text")
    command.add_argument(
        "witness", type=Path, metavar="WITNESS", help="the text as it was extracted"
    )
    command.add_argument("--id", default="", help="the text's id (from the file's name)")
    command.add_argument(
        "-C",
        "--corpus",
        type=Path,
        default=Path("corpus"),
        metavar="CORPUS",
        help="the folder of the corpus (corpus)",
    )
    return parser


def _port(value: str) -> int:
    port = int(value)
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"a port is from 0 to 65535; seen {port}")
    return port


def _base_url(value: str) -> str:
    try:
        return base_url_of(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


# ---------------------------------------------------------------- the verbs


def _build(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    exports = None if options.no_exports else Exports(_cache(options.output), _epoch())
    corpus, site = _made(options, exports)
    publish(site, options.output)
    if exports:
        exports.cache.tidy()
    pages = sum(path.endswith(".html") for path in site)
    size = sum(map(len, site.values())) / 1_000_000
    _print(
        f"{len(corpus.editions)} texts, {pages} pages, {size:.1f} MB in "
        f"{time.perf_counter() - started:.2f} s",
        f"open {options.output / 'index.html'}",
    )
    return OK


def _serve(options: argparse.Namespace) -> int:
    from archive_site.serve import open_server

    _build(options)
    server = open_server(options.output, options.port)
    _print(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl+C ends it)")
    with server:
        server.serve_forever()
    return OK


def _check(options: argparse.Namespace) -> int:
    if options.explain is not None:
        return _explain(options.explain)
    if options.record:
        return _record(options)
    from archive_site.coverage import check_coverage

    corpus, findings = load_corpus(options.corpus)
    passages = find_mentions(corpus)
    findings += check_corpus(corpus)
    findings += (*check_names(corpus, passages), *check_coverage(corpus, passages))
    files = 0
    if not any(f.stops and f.code not in EXEMPTIBLE for f in findings):
        site = make_site(_at(corpus, options), options.templates, passages)
        findings += (*check_site(site), *read_back(site), *check_search(site))
        files = len(site)
    findings = sorted(exempted(findings, corpus.exemptions))
    _print(*_formatted(findings, options.format))
    stopping = sum(finding.stops for finding in findings)
    if stopping:
        _say(f"{stopping} findings to mend{_warnings(findings)}")
        return STOPPED
    count = f"{len(corpus.editions)} texts, {files} files"
    _say(f"{count}: nothing that stops a build{_warnings(findings)}")
    return OK


def _formatted(findings: Sequence[Finding], form: str) -> list[str]:
    """Findings as lines of text, as JSON, or as GitHub's annotations."""
    if form == "json":
        records = [{**asdict(finding), "stops": finding.stops} for finding in findings]
        return [json.dumps(records, ensure_ascii=False, indent=1)]
    if form == "github":
        return [_annotation(finding) for finding in findings]
    return [str(finding) for finding in findings]


def _annotation(finding: Finding) -> str:
    """A finding as GitHub's workflow command; its signs escaped as GitHub asks."""
    text = "\n".join(filter(None, (finding.message, finding.hint)))
    message = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    path = finding.path.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    level = "error" if finding.stops else "warning"
    return f"::{level} file={path},line={max(1, finding.line)},title={finding.code}::{message}"


def _explain(code: str) -> int:
    if not code:
        _print(rules_page().rstrip())
        return OK
    rule = RULES.get(code.upper())
    if rule is None:
        hint = did_you_mean(code.upper(), RULES) or "archive-site check --explain lists them all."
        raise NotPossible(f"there is no finding {code}", hint)
    effect = "stops a build" if code.upper().startswith("E") else "does not stop a build"
    exempt = "; may be exempted in exemptions.yaml" if code.upper() in EXEMPTIBLE else ""
    _print(f"{code.upper()} {rule.says}", f"    {rule.remedy}", f"    It {effect}{exempt}.")
    return OK


def _record(options: argparse.Namespace) -> int:
    """Declare changes of words as emendations, edition by edition, and show what was written."""
    corpus, _ = load_corpus(options.corpus)
    left = 0
    for edition in corpus.editions:
        differences = edition.collation.differences if edition.collation else ()
        if not differences:
            continue
        path = Path(edition.path)
        text = path.read_bytes().decode("utf-8")
        recorded = record(text, edition.path, differences)
        if recorded.done:
            write_whole(path, recorded.text.encode())
            lines = text.splitlines(), recorded.text.splitlines()
            diff = difflib.unified_diff(*lines, edition.path, edition.path, n=0, lineterm="")
            _print(*diff)
        left += len(recorded.left)
    _say("nothing is left to declare" if not left else f"{left} differences are no emendations")
    return _check(argparse.Namespace(**{**vars(options), "record": False}))


def _recover(options: argparse.Namespace) -> int:
    from archive_site.intake import take_in

    result = take_in(options.witness, options.corpus, options.id)
    if result.difference is None:
        _print(
            f"draft written: {result.edition}",
            "read it beside its witness, then archive-site build",
        )
    elif result.difference:
        _print(
            f"{result.edition} is there already and is kept; a new draft would differ:",
            result.difference,
        )
    else:
        _print(f"{result.edition} is there already, and a new draft would be the same")
    return OK


def _cache(output: Path) -> Cache:
    """What earlier builds into the folder `output` made: kept beside it."""
    folder = Path(os.path.abspath(output))
    return Cache(folder.with_name(f".{folder.name}.cache"))


def _epoch() -> int | None:
    """The moment that SOURCE_DATE_EPOCH names, in seconds since 1970; None where it is not set."""
    text = os.environ.get(EPOCH, "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,11}", text):
        message = f"{EPOCH} must be a number of seconds since 1970; seen “{text}”"
        raise NotPossible(message, "Unset it: each file then has the date of its last revision.")
    return int(text)


def _made(options: argparse.Namespace, exports: Exports | None) -> tuple[Corpus, dict[str, bytes]]:
    """The corpus and its site, both checked. Raises `Unsound` where something stops a build."""
    corpus, findings = load_corpus(options.corpus)
    passages = find_mentions(corpus)
    findings += (*check_corpus(corpus), *check_names(corpus, passages))
    findings = exempted(findings, corpus.exemptions)
    _stop_at(findings)
    site = make_site(_at(corpus, options), options.templates, passages, exports)
    findings += check_site(site)
    _stop_at(findings)
    _report(findings)
    return corpus, site


def _at(corpus: Corpus, options: argparse.Namespace) -> Corpus:
    """The corpus with the base URL of the call."""
    if not options.base_url:
        return corpus
    return replace(corpus, site=replace(corpus.site, base_url=options.base_url))


def _stop_at(findings: Sequence[Finding]) -> None:
    if any(finding.stops for finding in findings):
        raise Unsound(findings)


# ---------------------------------------------------------------- printing


def _report(findings: Sequence[Finding]) -> int:
    for finding in sorted(findings):
        _say(str(finding))
    stopping = sum(finding.stops for finding in findings)
    if stopping:
        _say(f"{stopping} findings to mend{_warnings(findings)}; nothing was built")
    return STOPPED if stopping else OK


def _warnings(findings: Sequence[Finding]) -> str:
    count = sum(not finding.stops for finding in findings)
    return f", {count} warnings" if count else ""


def _print(*lines: str) -> None:
    if lines:
        print(*lines, sep="\n", flush=True)


def _say(*lines: str) -> None:
    print(*(line for line in lines if line), sep="\n", file=sys.stderr)
