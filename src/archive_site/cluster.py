"""Workers on other machines: a Dask scheduler as an executor like any other."""

from __future__ import annotations

from concurrent.futures import Executor

from archive_site.findings import NotPossible


def executor_at(address: str) -> Executor:
    """The workers of the Dask scheduler at `address`, such as `tcp://10.0.0.5:8786`.

    Raises `NotPossible` where Dask is not installed or nothing answers there."""
    try:
        from distributed import Client
    except ImportError as error:
        hint = "Install it: python -m pip install 'archive-site[cluster]'"
        raise NotPossible("--scheduler needs Dask, which is not there", hint) from error
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        hint = "Start one with `dask scheduler`, and workers with `dask worker ADDRESS`."
        raise NotPossible(f"no Dask scheduler answers at {address}: {error}", hint) from error
    executor: Executor = client.get_executor(retries=3)
    return executor
