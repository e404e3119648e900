"""The `archive-site` command: its options, its output and its exit codes. Only this module prints,
apart from `build.progress`."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import sys
import time
from collections import ChainMap
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from io import TextIOWrapper
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from archive_site import __version__
from archive_site.findings import (
    EXEMPTIBLE,
    RULES,
    ArchiveError,
    Finding,
    NotPossible,
    Unsound,
    WrongCall,
    count_noun,
    counts_of,
    exempted,
    printable,
    printed,
    rules_page,
)

if TYPE_CHECKING:
    from archive_site.build.build import BuildRequest
    from archive_site.build.progress import Progress
    from archive_site.build.state import Built, Memory
    from archive_site.cli.recover import RecoverRequest
    from archive_site.model.site_model import SiteModel
    from archive_site.recover.batch import BatchFile
    from archive_site.witness.collate import Difference

FORMATS = ("text", "json", "github")
EPOCH = "SOURCE_DATE_EPOCH"
OK, STOPPED, WRONG = 0, 1, 2  # argparse exits with 2, too, if the arguments are wrong
NOT_BUILT, NOT_DRAFTED = "site not built", "no draft written"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: 0 if all is well, 1 if a finding or an error
    stopped it. Wrong arguments exit with 2."""
    sys.stdout, sys.stderr = sys.stdout or _null_stream(), sys.stderr or _null_stream()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # replace characters that the terminal cannot show
            stream.reconfigure(errors="replace")
    try:
        return _run(arguments)
    finally:
        _flush()


def _run(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except WrongCall as error:
        _to_stderr(*printed(error.findings))
        return WRONG
    except Unsound as error:
        return _report(error.findings, NOT_DRAFTED if run is _recover else NOT_BUILT)
    except NotPossible as error:
        _to_stderr(f"archive-site: {error}", *([f"    {error.remedy}"] if error.remedy else []))
    except ArchiveError as error:
        _to_stderr(f"archive-site: {error}")
    except BrokenPipeError:
        pass  # the reader of a pipe has closed it
    except OSError as error:
        _to_stderr(f"archive-site: {error.filename or 'the system'}: {error.strerror or error}")
    except KeyboardInterrupt:
        _to_stderr("")
    return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="archive-site", description="Turn French historical texts into a static archive."
    )
    parser.add_argument("--version", action="version", version=f"archive-site {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace], int], summary: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=summary, description=summary)
        command.set_defaults(run=run)
        return command

    _build_options(add("build", _build, "build the site from a corpus"))
    _serve_options(add("serve", _serve, "serve the site and rebuild it at every change"))
    _check_options(add("check", _check, "check the corpus and its site; write nothing"))
    _new_options(add("new", _new, "create an archive with a sample text"))
    _recover_options(add("recover", _recover, "make a draft edition from a received file"))
    return parser


def _site_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "corpus",
        nargs="?",
        type=Path,
        default=Path("corpus"),
        metavar="CORPUS",
        help="the corpus folder (default: corpus)",
    )
    command.add_argument(
        "--templates",
        type=Path,
        default=None,
        metavar="DIR",
        help="templates and static files that replace those of the package (default: templates/ "
        "beside the corpus)",
    )
    command.add_argument(
        "--base-url",
        default=None,
        metavar="URL",
        type=_base_url,
        help="the address at which the site will be published, such as "
        "https://me.github.io/archive/",
    )


def _work_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("build"),
        metavar="DIR",
        help="the folder to write the site to (default: build)",
    )
    command.add_argument(
        "-j",
        "--jobs",
        type=_jobs,
        default=0,
        metavar="N",
        help="the number of processes for a large build (default: one for each core)",
    )


def _build_options(command: argparse.ArgumentParser) -> None:
    _site_options(command)
    _work_options(command)
    _exports_option(command)
    command.add_argument(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="build on the workers of a Dask scheduler, such as tcp://10.0.0.5:8786",
    )
    verbosity = command.add_mutually_exclusive_group()
    verbosity.add_argument("-q", "--quiet", action="store_true", help="print findings only")
    verbosity.add_argument(
        "-v", "--verbose", action="store_true", help="print each stage and its duration"
    )


def _exports_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-exports",
        dest="exports",
        action="store_false",
        help="skip the downloads: EPUB, PDF, TEI, …, the zip",
    )


def _serve_options(command: argparse.ArgumentParser) -> None:
    _site_options(command)
    _work_options(command)
    command.add_argument(
        "--exports",
        action="store_true",
        help="make the downloads, too: EPUB, PDF, TEI, …, the zip",
    )
    command.add_argument(
        "--port", type=_port, default=8000, help="the first port to try (default: 8000)"
    )
    command.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on (default: 127.0.0.1, reachable from this machine only)",
    )
    command.add_argument("--open", action="store_true", help="open the site in a browser")


def _check_options(command: argparse.ArgumentParser) -> None:
    _site_options(command)
    _exports_option(command)
    command.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="the format of findings: text, json, or github (annotations)",
    )
    command.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="tell each doubt, and each omission to confirm, not only how many a text has",
    )
    command.add_argument(
        "--published",
        default=None,
        metavar="PATH",
        help="compare the addresses of texts with this copy of the published site, a folder or its "
        "archive.zip (default: the site in build/)",
    )
    command.add_argument(
        "--record",
        action="store_true",
        help="declare changed words as emendations, and show the diff",
    )
    command.add_argument(
        "--explain",
        nargs="?",
        const="",
        default=None,
        metavar="CODE",
        help="explain the code of a finding, or all codes",
    )


def _new_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "folder", type=Path, metavar="FOLDER", help="a new folder, or an empty one"
    )
    command.add_argument("--title", default="", help="the title of the archive")


def _recover_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "witnesses",
        type=Path,
        nargs="+",
        metavar="FILE_OR_FOLDER",
        help="a file as it was received, or several, or folders of them",
    )
    command.add_argument(
        "--id", default="", help="the id of the text (default: made from the file's name)"
    )
    command.add_argument(
        "--metadata",
        type=Path,
        default=None,
        metavar="TABLE",
        help="a table (CSV, ODS, XLSX) that states the title, author, date … of each file",
    )
    command.add_argument(
        "-C",
        "--corpus",
        type=Path,
        default=Path("corpus"),
        metavar="CORPUS",
        help="the corpus folder (default: corpus)",
    )
    command.add_argument(
        "-j",
        "--jobs",
        type=_jobs,
        default=0,
        metavar="N",
        help="the number of processes for many files (default: one for each core)",
    )


def _port(value: str) -> int:
    if not value.isdecimal() or not int(value) <= 65_535:
        raise argparse.ArgumentTypeError(f"must be a port from 0 to 65535; found {value}")
    return int(value)


def _jobs(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= 1_000:
        message = f"must be a number of processes from 1 to 1000; found {value}"
        raise argparse.ArgumentTypeError(message)
    return int(value)


def _base_url(value: str) -> str:
    from archive_site.corpus.load import base_url_of

    try:
        return base_url_of(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


# ---------------------------------------------------------------- the subcommands


def _build(options: argparse.Namespace) -> int:
    from archive_site.build.progress import Progress

    started = time.perf_counter()
    mode: Any = "quiet" if options.quiet else "verbose" if options.verbose else "normal"
    progress = Progress(sys.stderr, mode)
    with progress:
        built = _build_and_report(_request(options), progress)
    if not options.quiet:
        _print_result(built, time.perf_counter() - started)
        _to_stdout(f"open {options.output / 'index.html'}")
    return OK


def _build_and_report(
    request: BuildRequest, progress: Progress, memory: Memory | None = None
) -> Built:
    """Build the site, and print the findings that did not stop it."""
    from archive_site.build.build import build

    built = build(request, progress, memory)
    progress.clear()
    _report(built.findings)
    if built.uncached:
        _to_stderr(
            f"nothing was cached, so the next build will take as long; {built.uncached}",
            "    Free space there, delete it, or set XDG_CACHE_HOME to another folder.",
        )
    return built


def _print_result(built: Built, seconds: float) -> None:
    from archive_site.build.progress import summary

    written, findings = len(built.changed), built.findings
    texts, pages, size = built.texts, built.pages, built.size
    _to_stdout(summary(texts, pages, size, seconds, written=written, findings=findings))


def _request(options: argparse.Namespace) -> BuildRequest:
    from archive_site.build.build import BuildRequest

    return BuildRequest(
        corpus=options.corpus,
        output=options.output,
        templates=_templates(options),
        base_url=options.base_url or "",
        exports=options.exports,
        epoch=_epoch(),
        jobs=options.jobs,
        scheduler=getattr(options, "scheduler", ""),
    )


def _templates(options: argparse.Namespace) -> Path | None:
    """The folder of templates that replace the package's: that of `--templates`, or the archive's
    own."""
    from archive_site.templating.resources import own_templates

    own: Path | None = options.templates
    return own or own_templates(options.corpus)


def _serve(options: argparse.Namespace) -> int:
    from archive_site.build.progress import Progress
    from archive_site.build.state import Memory
    from archive_site.serve.server import serve

    memory = Memory()

    def build() -> frozenset[str]:
        started = time.perf_counter()
        request = replace(_request(options), lasting=False)
        built = _build_and_report(request, Progress(sys.stderr), memory)
        _print_result(built, time.perf_counter() - started)
        return built.changed

    # Watch the folder of the archive's own templates even if it does not exist yet.
    watched = [options.corpus, options.templates or options.corpus.absolute().parent / "templates"]
    serve(
        build,
        options.output,
        watched,
        port=options.port,
        host=options.host,
        open_browser=options.open,
        say=lambda text: _to_stdout(*text.split("\n")),
    )
    return OK


def _check(options: argparse.Namespace) -> int:
    if options.explain is not None:
        return _explain(options.explain)
    if options.record:
        return _declare(options)
    from archive_site.build.build import BuildRequest, whole_site
    from archive_site.build.published import PublishedFolder, copy_at, lost_in_memory
    from archive_site.files.cache import EXPORTS, cache_folder
    from archive_site.site.check import check_search, read_back
    from archive_site.site.coverage import check_coverage

    request = BuildRequest(
        options.corpus,
        Path("build"),
        _templates(options),
        options.base_url or "",
        options.exports,
        _epoch(),
    )
    # Make the downloads, as `build` does: a failure there would stop the build.
    exports = cache_folder(request.output) / EXPORTS if options.exports else None
    copy = copy_at(options.published) if options.published else PublishedFolder(request.output)
    with whole_site(request, exports) as site:
        findings = [*site.findings, *check_coverage(site.model)]
        if site.files:
            read = () if request.templates else read_back(site.files)
            findings += (*read, *check_search(site.files))
            findings += lost_in_memory(copy, site.model, request.corpus, site.files)
        findings = sorted(exempted(findings, site.model.exemptions))
        if options.verbose:
            findings = _in_full(findings, site.model)
    _to_stdout(*_formatted(findings, options.format))
    if any(finding.stops for finding in findings):
        _to_stderr(counts_of(findings))
        return STOPPED
    count = f"{count_noun(len(site.model.texts), 'text')}, {count_noun(len(site.files), 'file')}"
    warnings = f", {counts_of(findings)}" if findings else ""
    _to_stderr(f"{count}: no errors{warnings}")
    return OK


def _in_full(findings: Sequence[Finding], model: SiteModel) -> list[Finding]:
    """Findings with each doubt and each omission to confirm, in the order of the files."""
    from archive_site.corpus.drafts import SUMMED_UP, in_full

    paths = {finding.path for finding in findings if finding.code in SUMMED_UP}
    texts = (text for text in model.texts.values() if text.facts.path in paths)
    full = in_full(findings, (model.edition(text)[0] for text in texts))
    return sorted(full, key=attrgetter("path", "line", "code"))


def _formatted(findings: Sequence[Finding], form: str) -> list[str]:
    """Findings as lines of text, as JSON, or as GitHub's annotations."""
    if form == "json":
        records = [
            {**asdict(finding), "hint": finding.remedy, "stops": finding.stops}
            for finding in findings
        ]
        return json.dumps(records, indent=1).split("\n")
    if form == "github":
        return [_annotation(finding) for finding in findings]
    return list(printed(findings))


def _annotation(finding: Finding) -> str:
    """A finding as a workflow command of GitHub Actions, escaped as GitHub requires."""
    texts = (text for text in (finding.message, finding.remedy) if text)
    message = "%0A".join(printable(text).replace("%", "%25") for text in texts)
    path = printable(finding.path)
    path = path.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    level = "error" if finding.stops else "warning"
    return f"::{level} file={path},line={max(1, finding.line)},title={finding.code}::{message}"


def _explain(code: str) -> int:
    from archive_site.edition.front_matter import did_you_mean

    if not code:
        _to_stdout(*rules_page().rstrip().split("\n"))
        return OK
    rule = RULES.get(code.upper())
    if rule is None:
        hint = did_you_mean(code.upper(), RULES) or "List them: archive-site check --explain"
        raise NotPossible(f"unknown finding code: {code}", hint)
    effect = "stops a build" if code.upper().startswith("E") else "does not stop a build"
    exempt = "; may be exempted in exemptions.yaml" if code.upper() in EXEMPTIBLE else ""
    _to_stdout(f"{code.upper()} {rule.says}", f"    {rule.remedy}", f"    It {effect}{exempt}.")
    return OK


def _declare(options: argparse.Namespace) -> int:
    """Declare changed words as emendations in each edition, and show the diff."""
    from archive_site.build.inputs import read_inputs
    from archive_site.corpus.load import read_common, read_edition
    from archive_site.files.layout import edition_files
    from archive_site.witness.declare import TRIES, declare_in

    inputs = read_inputs(options.corpus, {})
    sums = read_common(options.corpus, inputs, []).sums

    def differences_of(name: str, data: bytes) -> tuple[Difference, ...]:
        files = ChainMap({name: data}, inputs)  # type: ignore[arg-type]  # never written to
        read = read_edition(options.corpus, name, files, sums, [])
        return read.collation.differences if read and read.collation else ()

    left, busy = 0, False
    for name in edition_files(inputs):
        path = options.corpus / name
        declared = declare_in(path, partial(differences_of, name))
        if declared is None:
            busy = True
            _to_stderr(
                f"{path} was saved {TRIES} times while its words were declared; it is unchanged",
                "    Try again when nobody is saving it: archive-site check --record",
            )
            continue
        lines = declared.before.splitlines(), declared.text.splitlines()
        _to_stdout(*difflib.unified_diff(*lines, str(path), str(path), n=0, lineterm=""))
        left += len(declared.left)
    if not busy:
        remaining = f"{count_noun(left, 'difference')} left to correct by hand"
        _to_stderr(remaining if left else "nothing is left to declare")
    code = _check(argparse.Namespace(**{**vars(options), "record": False}))
    return STOPPED if busy else code


def _recover(options: argparse.Namespace) -> int:
    from archive_site.cli.recover import RecoverRequest, chosen_files

    request = RecoverRequest(
        tuple(options.witnesses), options.corpus, options.metadata, options.id, options.jobs
    )
    files, findings = chosen_files(request)
    _report(findings)
    if len(options.witnesses) > 1 or options.witnesses[0].is_dir():
        return _recover_many(request, files)
    return _recover_one(request, files[0])


def _recover_many(request: RecoverRequest, files: Sequence[BatchFile]) -> int:
    from archive_site.build.progress import Progress
    from archive_site.cli.recover import recover_files, table_of

    with Progress(sys.stderr) as progress:
        imports = recover_files(request, files, progress)
    refused = [finding for outcome in imports.outcomes for finding in outcome.findings]
    _to_stderr(*printed(refused))
    _to_stdout(*table_of(imports.outcomes))
    if imports.stopped:
        left = count_noun(len(files) - len(imports.outcomes), "file")
        _to_stderr(
            f"{imports.stopped}; {left} not imported",
            "    The others are complete. Run the same command again to import the rest.",
        )
    return STOPPED if refused or imports.stopped else OK


def _recover_one(request: RecoverRequest, file: BatchFile) -> int:
    from archive_site.corpus.load import forms_of_people
    from archive_site.recover.import_witness import import_witness

    if file.findings:
        raise Unsound(file.findings)
    people = forms_of_people(request.corpus)
    result = import_witness(file.path, request.corpus, people, file.text_id, file.stated)
    if result.difference is None:
        _to_stdout(
            f"draft written: {result.edition}",
            *filter(None, (result.counts.remark,)),
            "proofread it against its witness, then run archive-site build",
        )
    elif result.difference:
        _to_stdout(
            f"{result.edition} exists and is unchanged; a new draft would differ:",
            *result.difference.split("\n"),
        )
    else:
        _to_stdout(f"{result.edition} exists, and a new draft would be the same")
    return OK


def _new(options: argparse.Namespace) -> int:
    from archive_site.cli.new import new_archive

    files = new_archive(options.folder, options.title)
    _to_stdout(
        f"archive written: {options.folder} ({count_noun(len(files), 'file')})",
        f"read {options.folder / 'README.md'}; to see the site, run archive-site serve in that "
        "folder",
    )
    return OK


def _epoch() -> int | None:
    """The value of SOURCE_DATE_EPOCH, in seconds since 1970; None if it is not set. Raises
    `NotPossible` if it is not a number."""
    text = os.environ.get(EPOCH, "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,11}", text):
        message = f"{EPOCH} must be a number of seconds since 1970; found “{text}”"
        raise NotPossible(message, "Unset it to date each file by the last revision of its text.")
    return int(text)


# ---------------------------------------------------------------- printing


def _report(findings: Sequence[Finding], outcome: str = NOT_BUILT) -> int:
    """Print findings and, if any of them stops the command, the `outcome` of that."""
    _to_stderr(*printed(sorted(findings)))
    if any(finding.stops for finding in findings):
        _to_stderr(f"{counts_of(findings)}; {outcome}")
        return STOPPED
    return OK


def _to_stdout(*lines: str) -> None:
    """Print lines to stdout."""
    if lines:
        print(*map(printable, lines), sep="\n", flush=True)


def _to_stderr(*lines: str) -> None:
    """Print lines to stderr. A closed stderr is ignored."""
    if lines:
        with suppress(OSError):
            print(*map(printable, lines), sep="\n", file=sys.stderr, flush=True)


def _null_stream() -> TextIO:
    """A stream in place of one that the caller has closed."""
    return Path(os.devnull).open("w", encoding="utf-8")


def _flush() -> None:
    """Flush stdout and stderr; drop what cannot be written. Otherwise Python would try again at
    exit, and report an error."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
