"""The plan of the house as tests: who may know whom, what a module looks like, where things are listed."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from okrctl.cli.commands import COMMANDS
from okrctl.measures import MEASURES
from okrctl.outputs import FORMATS
from okrctl.sources import SOURCES

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text("utf-8"))
    for path in sorted((ROOT / "okrctl").rglob("*.py"))
}

# Where each package may be imported, besides below these modules.
HOMES = {
    "ruamel": ("okrctl.yaml",),
    "git": ("okrctl.git",),
    "gitdb": ("okrctl.git",),
    "rich": ("okrctl.cli", "okrctl.outputs"),
    "typer": ("okrctl.cli", "okrctl.outputs"),
    "click": (),
}

# Who may touch the disk, the network, the clock and the terminal; all others are handed what they need.
WORLDLY = (
    "okrctl.__main__",
    "okrctl.cli",
    "okrctl.operations",
    "okrctl.cache",
    "okrctl.docs",  # its own pages, which are package data
    "okrctl.files",
    "okrctl.git",
    "okrctl.sources",
    "okrctl.templates",  # reads its own data files
)
WORLD = {"socket", "subprocess", "sqlite3", "tempfile", "time", "urllib.request", "http.client", "random"}
DEEDS = {"open", "print", "input"}
METHODS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir"}
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}


def within(module: str, homes: tuple[str, ...]) -> bool:
    return any(module == home or module.startswith(f"{home}.") for home in homes)


def imports(tree: ast.AST) -> Iterator[str]:
    """The full name of everything that is imported anywhere in a module, parts of modules too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_there_are_few_rooms() -> None:
    """Two people find their way from the names of the folders alone."""
    rooms = {name.split(".")[1] for name in MODULES if "." in name} - {"__main__"}
    assert len(rooms) <= 28


def test_imports_only_go_down() -> None:
    pytest.importorskip("importlinter")
    run = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ended = subprocess.run(
        [sys.executable, "-c", run, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("package", HOMES)
def test_a_package_is_known_at_its_home_only(package: str) -> None:
    strangers = [
        module
        for module, tree in MODULES.items()
        if any(within(name, (package,)) for name in imports(tree)) and not within(module, HOMES[package])
    ]
    assert strangers == []


def test_git_is_imported_inside_functions() -> None:
    """The library cannot even be imported where there is no git, and costs a fifth of a second where there is."""
    for module, tree in MODULES.items():
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not any(within(name, ("git", "gitdb")) for name in imports(node)), module


@pytest.mark.parametrize("module", [module for module in MODULES if not within(module, WORLDLY)])
def test_what_computes_leaves_the_world_alone(module: str) -> None:
    tree = MODULES[module]
    assert WORLD.isdisjoint(imports(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            assert deed(node.func) is None, f"{module}:{node.lineno}: {deed(node.func)}"


def deed(function: ast.expr) -> str | None:
    """The name of a call that reads, writes or asks the clock; None for any other."""
    if isinstance(function, ast.Name):
        return function.id if function.id in DEEDS else None
    if not isinstance(function, ast.Attribute):
        return None
    if isinstance(function.value, ast.Name) and (function.value.id, function.attr) in CLOCKS:
        return f"{function.value.id}.{function.attr}"
    return function.attr if function.attr in METHODS else None


@pytest.mark.parametrize(
    "siblings",
    [
        {module for module, _ in COMMANDS.values()},
        {name for name in MODULES if name.startswith("okrctl.check.rules.")},
    ],
    ids=["commands", "rules"],
)
def test_siblings_do_not_know_each_other(siblings: set[str]) -> None:
    for name in siblings:
        assert siblings.isdisjoint(set(imports(MODULES[name])) - {name})


def test_no_list_names_a_rule() -> None:
    """A new rule is one new file: only the modules that need the code of a certain rule import it."""
    rules = {name for name in MODULES if name.startswith("okrctl.check.rules.")}
    importers = {module for module, tree in MODULES.items() if len(rules.intersection(imports(tree))) > 2}
    assert importers == set()


def test_every_command_is_listed_and_every_listing_is_a_command() -> None:
    commands = {
        module
        for module, tree in MODULES.items()
        if module.startswith("okrctl.cli.commands.")
        and any(function.name.rstrip("_") == module.rpartition(".")[2].rstrip("_") for function in functions(tree))
    }
    assert commands == {module for module, _ in COMMANDS.values()}
    for module, line in COMMANDS.values():
        assert importlib.util.find_spec(module) and line.strip()


def with_function(folder: str, wanted: str) -> set[str]:
    """The modules and packages of a folder that have a function of this name, or with these parameters too."""
    return {
        module
        for module, tree in MODULES.items()
        if module.rpartition(".")[0] == folder
        and any(wanted in (node.name, signature(node)) for node in tree.body if isinstance(node, ast.FunctionDef))
    }


def signature(function: ast.FunctionDef) -> str:
    return f"{function.name}({', '.join(argument.arg for argument in function.args.args)})"


def test_every_format_is_listed() -> None:
    found = with_function("okrctl.outputs", "render(result, look)") | with_function(
        "okrctl.outputs.ci", "render(result, look)"
    )
    assert found == set(FORMATS.values())


@pytest.mark.parametrize(
    ("format", "function"), [("csv", "render"), ("json", "plain"), ("markdown", "page"), ("table", "render")]
)
def test_every_kind_of_result_is_listed_in_its_format(format: str, function: str) -> None:
    folder = f"okrctl.outputs.{format}"
    found = with_function(folder, function)
    listed = {f"{folder}.{writer.partition('.')[0]}" for writer in importlib.import_module(folder).WRITERS.values()}
    assert found and found <= listed.union(*(imports(MODULES[module]) for module in listed))


@pytest.mark.parametrize("format", ["csv", "json", "markdown", "table"])
def test_what_is_listed_writes_the_result_under_whose_name_it_is_listed(format: str) -> None:
    for kind, writer in importlib.import_module(f"okrctl.outputs.{format}").WRITERS.items():
        module, _, name = writer.partition(".")
        function = getattr(importlib.import_module(f"okrctl.outputs.{format}.{module}"), name)
        assert next(iter(inspect.signature(function).parameters.values())).annotation == kind


def test_every_measure_is_listed() -> None:
    assert with_function("okrctl.measures", "progress") == {module.__name__ for module in MEASURES.values()}


def test_every_source_is_listed() -> None:
    assert with_function("okrctl.sources", "fetch(request)") == {f"okrctl.sources.{kind}" for kind in SOURCES}


TESTS = "".join(path.read_text("utf-8") for path in sorted(Path(__file__).parent.rglob("test_*.py")))


@pytest.mark.parametrize("name", [*COMMANDS, *FORMATS, *MEASURES, *SOURCES])
def test_what_a_plural_folder_lists_is_tested(name: str) -> None:
    assert re.search(rf"\b{name}\b", TESTS)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_opens_with_a_sentence(module: str) -> None:
    opening = (ast.get_docstring(MODULES[module]) or "").split("\n\n")[0]
    assert opening.endswith(".") and opening[0].isalpha()


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert [module for module in MODULES if drawers.intersection(module.split("."))] == []


@pytest.mark.slow
@pytest.mark.parametrize("tool", [["mypy"], ["ruff", "check", "okrctl", "tests"]], ids=lambda tool: tool[0])
def test_the_sources_are_clean(tool: list[str]) -> None:
    """Types are checked as strictly as can be; the settings lie in pyproject.toml."""
    if importlib.util.find_spec(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    ended = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr
