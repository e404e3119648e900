"""The workflows, ours and the one that `new` writes: what they may do, what they run, and when."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT

OURS = ROOT / ".github" / "workflows"
NEW = ROOT / "templates" / "scaffold" / ".github" / "workflows"
FILES = sorted([*OURS.iterdir(), *NEW.iterdir()])
PAGES = [OURS / "pages.yml", NEW / "pages.yml"]
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # `on` is a word
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in read(path)["jobs"].values() for step in job["steps"]]


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda p: str(p.relative_to(ROOT)))


@each(FILES)
def test_actions_are_pinned_and_their_versions_told(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used and all(map(PINNED.fullmatch, used))
    text = path.read_text("utf-8")
    assert len(re.findall(r"uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", text, re.M)) == len(used)


@each(FILES)
def test_no_step_has_more_rights_than_it_needs(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert not {"pull_request_target", "workflow_run"} & workflow["on"].keys()
    for name, job in workflow["jobs"].items():
        rights = job.get("permissions", {})
        may_write = {key for key, right in rights.items() if right == "write"}
        assert may_write <= ({"pages", "id-token"} if name == "deploy" else set())
        if may_write:  # and runs nothing of the repository
            assert not any("run" in step or "checkout" in step["uses"] for step in job["steps"])
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"
        assert "${{" not in step.get("run", ""), "what GitHub puts in comes by `env`"


@each(PAGES)
def test_only_what_is_no_deployment_is_cancelled(path: Path) -> None:
    concurrency = read(path)["concurrency"]
    assert concurrency["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    assert concurrency["group"] == "pages-${{ github.ref }}"
    assert "github.event_name != 'pull_request'" in read(path)["jobs"]["deploy"]["if"]


@each(PAGES)
def test_nothing_is_deployed_that_was_not_checked_and_built(path: Path) -> None:
    jobs = read(path)["jobs"]
    assert jobs["deploy"]["needs"] == "build"
    commands = " ".join(step.get("run", "") for step in jobs["build"]["steps"])
    assert re.search(r"(make|archive-site) check", commands)
    assert re.search(r"make site|archive-site build", commands)
    assert "make test" not in commands


def test_whatever_runs_here_was_installed_by_its_hashes() -> None:
    """On the first Python that is supported and on newer ones; and what builds the site is what was
    tested."""
    jobs = read(OURS / "pages.yml")["jobs"]
    pythons = jobs["test"]["strategy"]["matrix"]["python"]
    assert {"3.11", "3.13"} <= set(pythons)
    for name in ("test", "build"):
        made = [step["run"] for step in jobs[name]["steps"] if "make " in step.get("run", "")]
        assert made[0] == "make .venv/.dev"
        assert not any("pip" in command for command in made)
    assert "make lint" in str(jobs["test"]["steps"])
    (recipe,) = re.findall(
        r"(?m)^\S+/\.dev:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8")
    )
    installs = [line for line in recipe.splitlines() if "pip install" in line]
    assert len(installs) == 2 and "--require-hashes" in installs[0]
    assert "--no-deps --no-build-isolation --editable ." in installs[1]


def test_the_lock_file_has_every_library_and_names_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text and "--index-url" not in text
    entries = re.findall(r"(?m)^([\w.-]+)==\S+.*\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", text)
    assert len(entries) == len(re.findall(r"(?m)^[^#\s]", text))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *extras["dev"], *extras["cluster"]]
    asked += project["dependency-groups"]["tei"]
    names = {re.split(r"[\[<>=]", entry)[0].lower() for entry in asked} - {"archive-site"}
    assert names <= {name for name, _ in entries}


def test_the_suite_runs_where_code_changed_and_must_then_pass() -> None:
    jobs = read(OURS / "pages.yml")["jobs"]
    suites = [name for name, job in jobs.items() if "make test" in str(job["steps"])]
    assert suites == ["test"]
    assert jobs["test"]["if"] == "needs.changes.outputs.code == 'true'"
    assert jobs["test"]["needs"] == "changes"
    assert jobs["build"]["needs"] == ["changes", "test"]
    condition = jobs["build"]["if"]
    assert "!cancelled()" in condition and "needs.changes.result == 'success'" in condition
    assert """contains(fromJSON('["success", "skipped"]'), needs.test.result)""" in condition


# ---------------------------------------------------------------- what counts as code


def git(*words: str, cwd: Path) -> str:
    named = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *named, *words], cwd=cwd, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(repository: Path, *names: str) -> str:
    for name in names:
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.read_text() + "x" if path.exists() else "x")
    git("add", "-A", cwd=repository)
    git("commit", "-qm", "x", cwd=repository)
    return git("rev-parse", "HEAD", cwd=repository)


def is_code(repository: Path, before: str) -> str:
    """What the step says of the changes since a commit, as GitHub runs it."""
    job = read(OURS / "pages.yml")["jobs"]["changes"]
    (step,) = (step for step in job["steps"] if step.get("id") == "changes")
    told = repository.parent / "told"
    told.write_text("")
    subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=repository,
        env=os.environ | {"BEFORE": before, "GITHUB_OUTPUT": str(told)},
        check=True,
        capture_output=True,
    )
    return told.read_text().strip()


def test_texts_and_templates_alone_are_no_code(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    git("init", "-q", cwd=repository)
    first = commit(repository, "src/a.py", "corpus/editions/a.md", "templates/base.html")
    second = commit(repository, "corpus/editions/a.md")
    assert is_code(repository, first) == "code=false"
    third = commit(repository, "corpus/new.yaml", "templates/static/style.css")
    assert is_code(repository, first) == is_code(repository, second) == "code=false"
    commit(repository, "corpus/editions/a.md", "src/a.py")
    assert is_code(repository, third) == "code=true"
    commit(repository, "corpus/editions/a.md")
    assert is_code(repository, third) == "code=true"  # several commits in one push
    for name in (".github/workflows/pages.yml", "tests/corpus/a.md", "corpus.py", "pyproject.toml"):
        before = git("rev-parse", "HEAD", cwd=repository)
        commit(repository, name)
        assert is_code(repository, before) == "code=true", name
    for unknown in ("", "0" * 40, "1" * 40, "$(touch hurt)"):  # a new branch, a forced push
        assert is_code(repository, unknown) == "code=true"
    assert not (repository / "hurt").exists()


@pytest.mark.parametrize("folder", ["", "templates/scaffold", "templates/scaffold/templates"])
def test_it_is_said_that_templates_are_code(folder: str) -> None:
    assert "Templates are code" in (ROOT / folder / "README.md").read_text("utf-8")
