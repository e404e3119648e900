"""The command called here: a process of its own takes half a second before it begins."""

from __future__ import annotations

import io
import os
import sys
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

from archive_site.cli.main import main


def run(*arguments: str, cwd: Path | None = None) -> CompletedProcess[str]:
    """How a call ends and what it says, with nothing to read, as a shell would have it."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        stack.enter_context(chdir(cwd or Path.cwd()))
        stdin, sys.stdin = sys.stdin, stack.enter_context(Path(os.devnull).open())
        try:
            code = main(arguments)
        except SystemExit as stop:  # a wrong call is argparse's
            code = int(stop.code or 0)
        finally:
            sys.stdin = stdin
    for stream in (out, err):
        stream.seek(0)
    return CompletedProcess(arguments, code, out.read(), err.read())
