"""Promises that no one remembers until they are broken."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from archive_site.findings import EXEMPTIBLE, RULES, rules_page
from browser import find_browser
from conftest import KINDS, ROOT, marks_of
from twice import differences

PACKAGE = ROOT / "src" / "archive_site"
TESTS = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py"))
SOURCES = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))

# Left of the road to right: a package imports itself and what stands before it.
PACKAGES = (
    "findings",
    "interface",
    "files",
    "text",
    "edition",
    "witness",
    "sources",
    "recover",
    "corpus",
    "names",
    "search",
    "model",
    "templating",
    "views",
    "exports",
    "pages",
    "site",
    "build",
    "serve",
    "cli",
    "__main__",
)


@cache
def imports() -> dict[str, set[str]]:
    """The modules of ours that each module imports, by their names under `archive_site`."""
    names = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
        for path in PACKAGE.rglob("*.py")
    }
    found: dict[str, set[str]] = {}
    for name, path in names.items():
        found[name] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.ImportFrom) and module.split(".")[0] == "archive_site":
                base = module.split(".")[1:]
                for alias in node.names:
                    inner = ".".join([*base, alias.name])
                    found[name].add(inner if inner in names else ".".join(base) or "__init__")
    return found


def package(module: str) -> str:
    """The package that a module is in, or the module at the top itself."""
    return module.split(".", maxsplit=1)[0]


def test_imports_run_one_way() -> None:
    modules = imports()
    assert {package(name) for name in modules} == {*PACKAGES, "__init__"}
    for name, imported in modules.items():
        for other in {package(o) for o in imported} - {"__init__"}:
            assert PACKAGES.index(other) <= PACKAGES.index(package(name)), f"{name} imports {other}"


def test_no_modules_import_each_other() -> None:
    graph = {name: imported - {name} for name, imported in imports().items()}
    assert set(TopologicalSorter(graph).static_order()) >= graph.keys()  # raises at a circle


def test_nothing_but_the_command_recovers() -> None:
    for name, imported in imports().items():
        if package(name) not in ("recover", "cli"):
            assert "recover" not in {package(other) for other in imported}, name


def test_the_records_of_a_text_import_nothing() -> None:
    assert imports()["text.document"] == set()


def test_architecture_names_every_module() -> None:
    told = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)/?` \|(.*)\|$", told, re.MULTILINE))
    assert list(rows) == [name for name in PACKAGES if not name.startswith("__")]
    for path in PACKAGE.rglob("*.py"):
        room, *rest = path.relative_to(PACKAGE).with_suffix("").parts
        if rest and not rest[-1].startswith("__"):
            assert f"`{rest[0]}`" in rows[room], path


def test_a_name_means_one_thing() -> None:
    """No two classes share a name, whatever modules they are in."""
    names = re.findall(r"^class ([A-Z]\w+)", SOURCES, re.MULTILINE)
    assert sorted(names) == sorted(set(names))


SPEAKS_FRENCH = ("interface", "text", "names", "sources", "recover")
"""The catalogue; and the packages that read and set French."""
FRENCH = re.compile(
    r"\w*[àâçéèêëîïôûùœ]\w*"
    r"|(?:^| )(?:aux?|avec|ce|cette|dans|des?|du|est|et|la|les?|ou|par|pour|sur|une?)(?= \w)"
)


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings of a module with their lines, but for docstrings, patterns and characters."""
    patterns = {
        part
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(("re.", "str."))
        for part in ast.walk(call)
    }
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in set(ast.walk(tree)) - patterns - docstrings:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 2:
            yield node.lineno, node.value


def test_french_stands_in_templates_or_in_the_catalogue() -> None:
    for path in PACKAGE.rglob("*.py"):
        room = path.relative_to(PACKAGE).with_suffix("").parts[0]
        if room not in SPEAKS_FRENCH:
            for line, words in strings(ast.parse(path.read_text("utf-8"))):
                assert not FRENCH.search(words), f"{path}:{line}: {words!r}"


def test_the_catalogue_has_nothing_that_is_not_used() -> None:
    tree = ast.parse((PACKAGE / "interface.py").read_text("utf-8"))
    names = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for targets in (node.targets if isinstance(node, ast.Assign) else [node.target],)
        for target in (name for t in targets for name in ast.walk(t))
        if isinstance(target, ast.Name)
    ]
    assert len(names) == len(set(names)) > 100
    assert set(names) - set(re.findall(r"\binterface\.(\w+)", SOURCES)) == set()


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_code_is_used_and_tested(code: str) -> None:
    assert SOURCES.replace(f'    "{code}": ', "").count(f'"{code}"') > (code in EXEMPTIBLE)
    assert code in TESTS


def test_every_code_that_is_used_has_its_rule() -> None:
    assert set(re.findall(r'"([EW]\d{3})"', SOURCES)) == set(RULES)


def test_the_page_of_findings_is_that_of_the_rules() -> None:
    assert (ROOT / "docs" / "findings.md").read_text("utf-8") == rules_page()
    assert all(rule.says.endswith(".") and rule.remedy.endswith(".") for rule in RULES.values())


def test_only_the_command_prints() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "cli":
            assert not re.search(r"(?<![\w.])print\(", path.read_text("utf-8")), path


def test_no_parameter_is_overwritten_for_nobody() -> None:
    """A value that is put in a parameter's place is read afterwards."""
    for path in PACKAGE.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                assert list(unread(function)) == [], path


def unread(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Parameters that are given a value which nothing below reads, nor a loop around it."""
    arguments = function.args
    given = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    parameters = {argument.arg for argument in given} - {"_"}
    nodes = list(ast.walk(function))
    loops = [node for node in nodes if isinstance(node, ast.For | ast.While)]
    names = [node for node in nodes if isinstance(node, ast.Name) and node.id in parameters]
    added_to = [node.target for node in nodes if isinstance(node, ast.AugAssign)]
    for name in names:
        if isinstance(name.ctx, ast.Store) and name not in added_to:
            around = [loop.lineno for loop in loops if name in ast.walk(loop)]
            since = min([name.lineno, *around])
            reads = [n for n in names if n.id == name.id and isinstance(n.ctx, ast.Load)]
            if not any(read.lineno >= since for read in reads):
                yield f"{function.name}: {name.id}, line {name.lineno}"


def test_no_text_is_named_in_the_code() -> None:
    ids = [path.stem for path in (ROOT / "corpus" / "editions").glob("*.md")]
    files = (path for path in (ROOT / "templates").rglob("*") if path.is_file())
    templates = "\n".join(path.read_text("utf-8") for path in files)
    assert not any(text_id in SOURCES + templates for text_id in ids)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("corpus", "fixture", "surroundings"),
    [
        (KINDS, "kinds", {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"}),
        (ROOT, "site", {"PYTHONHASHSEED": "27", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Auckland"}),
    ],
    ids=["kinds", "real"],
)
def test_two_builds_are_byte_identical(
    corpus: Path,
    fixture: str,
    surroundings: dict[str, str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    subprocess.run(
        [sys.executable, "-m", "archive_site", "build", str(corpus / "corpus"), "-o", "site"],
        cwd=tmp_path,
        env=os.environ | surroundings,
        check=True,
        capture_output=True,
    )
    made = {
        path.relative_to(tmp_path / "site").as_posix(): path.read_bytes()
        for path in (tmp_path / "site").rglob("*")
        if path.is_file() and path.name != ".archive-site.json"
    }
    site: dict[str, bytes] = request.getfixturevalue(fixture)
    assert differences(made, site) == []


def test_who_needs_more_than_python_says_so_by_a_fixture() -> None:
    """`make quick` runs where there is neither a browser nor Java, and tries few examples."""
    assert marks_of(["browser", "tmp_path"]) == {"browser"}
    assert marks_of(["java", "site"]) == {"java", "slow"}
    assert marks_of(["corpus", "tmp_path"]) == set()
    around = r"sync_playwright|which\(.java|mark\.(?:browser|java)\b|max_examples|settings\(max"
    for path in (ROOT / "tests").glob("test_*.py"):
        if path != Path(__file__):
            assert re.findall(around, path.read_text("utf-8")) == [], path


def test_a_browser_is_the_one_named_or_on_the_path_or_playwright_s(tmp_path: Path) -> None:
    def program(name: str) -> str:
        path = tmp_path / name / name
        path.parent.mkdir()
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return str(path)

    named, chrome, kept = program("mine"), program("google-chrome"), program("kept")
    on_path = {"PATH": str(Path(chrome).parent)}
    assert find_browser({"CHROMIUM": named, **on_path}, lambda: kept) == named
    assert find_browser(on_path, lambda: kept) == chrome
    assert find_browser({"PATH": ""}, lambda: kept) == kept
    assert find_browser({"PATH": ""}, lambda: str(tmp_path / "none")) is None
    assert find_browser({"CHROMIUM": str(tmp_path / "none"), **on_path}, lambda: kept) is None
