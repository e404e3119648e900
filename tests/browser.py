"""Finds a Chromium or Chrome for the tests: the one that CHROMIUM names, one on the PATH, or
Playwright's own. `python tests/browser.py` says which, and where there is none gets one:
Playwright's where it can be downloaded, the distribution's package where it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "google-chrome-stable", "chrome",
)  # fmt: skip
"""The first is the same engine without a window, and needs a third less time."""
# The second half is Playwright's own list, which one given here would take the place of. The first
# would draw two pages more, of suggestions in the address bar, behind every page that a test opens.
FEATURES_OFF = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "SpareRendererForSitePerProcess",
)  # fmt: skip
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
)  # fmt: skip
REMEDY = (
    "Install Chromium or Chrome, name it in CHROMIUM, or run "
    "`.venv/bin/playwright install --with-deps chromium`."
)


def find_browser(
    environment: dict[str, str] | None = None, own: Callable[[], str] | None = None
) -> str | None:
    """The path of a browser, or None. `own` gives the path where Playwright keeps its own."""
    environment = dict(os.environ) if environment is None else environment
    if named := environment.get("CHROMIUM"):
        return shutil.which(named)
    path = environment.get("PATH", "")
    for name in NAMES:
        if found := shutil.which(name, path=path):
            return found
    kept = (own or _playwright_s)()
    return kept if Path(kept).is_file() else None


def _playwright_s() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _get() -> None:
    """One from Playwright, with what it needs of the system; else the distribution's package."""
    root = os.geteuid() == 0
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    if root:
        playwright.insert(-1, "--with-deps")
    if subprocess.run(playwright, check=False).returncode == 0:
        return
    if root and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        for package in ("chromium-headless-shell", "chromium"):
            install = ["apt-get", "install", "-y", "-qq", package]
            if subprocess.run(install, check=False).returncode == 0:
                return


def main() -> int:
    """Says which browser the tests will use, getting one first where there is none."""
    if not find_browser():
        print("no browser found; getting one", flush=True)
        _get()
    found = find_browser()
    print(f"browser: {found}" if found else f"no browser. {REMEDY}", flush=True)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
