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
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from okrctl.cli.commands import COMMANDS
from okrctl.measures import MEASURES
from okrctl.outputs.ci import FORMATS as CHECK_FORMATS
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
    "jinja2": ("okrctl.outputs.reports",),
    "markupsafe": ("okrctl.outputs.reports",),
    "click": (),
    "lsprotocol": ("okrctl.lsp",),
    "mcp": ("okrctl.mcp",),
    "mcp_types": ("okrctl.mcp",),
    "pygls": ("okrctl.lsp",),
    "urllib3": ("okrctl.sources",),
    "starlette": ("okrctl.server",),
    "uvicorn": ("okrctl.server",),
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
    "okrctl.lsp",  # a front door
    "okrctl.mcp",  # a front door
    "okrctl.server",  # a front door
    "okrctl.sources",
    "okrctl.text.lexicon",  # reads its own data files
    "okrctl.templates",  # reads its own data files
)
WORLD = {"socket", "subprocess", "sqlite3", "tempfile", "time", "urllib.request", "http.client", "random"}
DEEDS = {"open", "print", "input"}
METHODS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir"}
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow")}


FRONT_DOORS = {"lsp": "okrctl.lsp", "mcp": "okrctl.mcp", "serve": "okrctl.server"}


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


@pytest.mark.parametrize("module", [module for module, _ in COMMANDS.values()])
def test_every_command_calls_its_operation(module: str) -> None:
    """What a command does is a function that any front door can call; the command parses and renders.

    A command that opens another front door starts it instead.
    """
    name = module.rpartition(".")[2]
    done = FRONT_DOORS.get(name, f"okrctl.operations.{name}")
    assert done in MODULES
    assert any(within(imported, (done,)) for imported in imports(MODULES[module]))


def test_assistants_call_the_operations_of_the_commands() -> None:
    """A tool is the command of its name, or what its name says of one: the same function, with the same request."""
    others = {"kpis": "kpi", "explain_rule": "explain", "draft_check": "draft"}
    for module, names in {
        "okrctl.mcp.read_tools": "check score status show explain kpis diff log explain_rule draft_check".split(),
        "okrctl.mcp.write_tools": "checkin amend draft".split(),
    }.items():
        imported = set(imports(MODULES[module]))
        assert {f"okrctl.operations.{others.get(name, name)}" for name in names} <= imported
        assert not any(within(name, ("typer", "rich", "okrctl.cli", "okrctl.api")) for name in imported)


def test_editors_call_the_operations() -> None:
    """What an editor shows are the findings, the goals and the fixes of the commands, by the same functions."""
    modules = [name for name in MODULES if within(name, ("okrctl.lsp",))]
    imported = {name for module in modules for name in imports(MODULES[module])}
    wanted = {"check", "complete", "load", "mentions", "project", "rename", "show", "workspaces"}
    assert {f"okrctl.operations.{name}" for name in wanted} <= imported
    assert not any(within(name, ("typer", "rich", "okrctl.cli", "okrctl.api")) for name in imported)
    below = ("okrctl.workspace.disk", "okrctl.check.runner", "okrctl.check.fixes", "okrctl.yaml_edit", "okrctl.git")
    found = {name for name in imported if within(name, below)} - {
        "okrctl.workspace.disk",
        "okrctl.workspace.disk.ParsedFiles",
    }
    assert found == set(), "the check, the fixes and the edits are those of the operations"


def test_the_api_calls_the_operations_of_the_commands() -> None:
    """A method of the public Project is the command of its name: the same function, with the same request."""
    [project] = [node for node in MODULES["okrctl.api.project"].body if getattr(node, "name", "") == "Project"]
    assert isinstance(project, ast.ClassDef)
    names = {node.name for node in project.body if isinstance(node, ast.FunctionDef)}
    methods = {name for name in names if not name.startswith("_")}
    methods = {{"scores": "score", "kpis": "kpi"}.get(name, name) for name in methods}
    assert methods <= COMMANDS.keys()
    imported = set(imports(MODULES["okrctl.api.project"]))
    assert {f"okrctl.operations.{name}" for name in methods} <= imported
    assert not any(within(name, ("typer", "rich", "okrctl.cli")) for name in imported)


@pytest.mark.parametrize("module", [module for module in MODULES if within(module, ("okrctl.operations",))])
def test_an_operation_knows_no_terminal(module: str) -> None:
    strangers = ("typer", "rich", "okrctl.cli")
    assert [name for name in imports(MODULES[module]) if within(name, strangers)] == []
    for node in ast.walk(MODULES[module]):
        assert not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input")
        )


def test_the_terminal_holds_only_its_own() -> None:
    """What belongs to no command is the frame around all of them; all else is an operation."""
    frame = (
        "answers app checkin_prompt completion formats help import_prompt io main merge_driver options pager progress "
        "prompts retrospective_prompt session streams unencodable watch"
    ).split()
    found = {name for name in MODULES if name.startswith("okrctl.cli.") and not name.startswith("okrctl.cli.commands")}
    assert found == {f"okrctl.cli.{name}" for name in frame}
    listed = {module for module, _ in COMMANDS.values()}
    assert {name for name in MODULES if name.startswith("okrctl.cli.commands.")} == listed


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


def offered_formats() -> Iterator[str]:
    """The formats that any command offers, by the annotation of its parameter `format`, and those of `check`."""
    for module, _ in COMMANDS.values():
        for function in vars(importlib.import_module(module)).values():
            if inspect.isfunction(function) and function.__module__ == module and "format" in function.__annotations__:
                hint = get_type_hints(function)["format"]
                yield from get_args(hint) if get_origin(hint) is Literal else ()
    yield from CHECK_FORMATS


def test_every_format_of_a_check_has_a_module() -> None:
    assert {f"okrctl.outputs.ci.{format}" for format in CHECK_FORMATS} == with_function(
        "okrctl.outputs.ci", "render(result, style)"
    ) | {"okrctl.outputs.ci.markdown"}


def test_every_view_renders_its_result_in_known_formats() -> None:
    views = [module for module in MODULES if module.rpartition(".")[0] == "okrctl.outputs.views"]
    formats = {}
    for module in views:
        render = getattr(importlib.import_module(module), "render", None)
        if render is not None:
            formats[module] = get_args(get_type_hints(render)["format"])
    assert len(formats) >= len(views) - 2  # the table of scorecards and its columns are parts of their view
    offered = set(offered_formats())
    assert {name: set(names) - offered for name, names in formats.items() if set(names) - offered} == {}, (
        "formats that a view renders and no command offers"
    )


def sets(node: ast.stmt, name: str) -> bool:
    """Whether a statement assigns a name."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def test_every_measure_is_listed() -> None:
    found = {
        module
        for module, tree in MODULES.items()
        if module.startswith("okrctl.measures.") and any(sets(node, "MEASURE") for node in tree.body)
    }
    assert found == {type(measure).__module__ for measure in MEASURES.values()}


def test_every_source_is_listed() -> None:
    assert with_function("okrctl.sources", "fetch(request)") == {f"okrctl.sources.{kind}" for kind in SOURCES}


TESTS = "".join(path.read_text("utf-8") for path in sorted(Path(__file__).parent.rglob("test_*.py")))


@pytest.mark.parametrize("name", [*sorted(set(offered_formats())), *MEASURES, *SOURCES])
def test_what_a_plural_folder_lists_is_tested(name: str) -> None:
    assert re.search(rf"\b{name}\b", TESTS), f"no test says {name}: write one in the folder that mirrors its room"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_run_by_a_test(name: str) -> None:
    called = rf"""["'(]{name}["' ]"""
    assert re.search(called, TESTS), f"no test runs `okrctl {name}`: write tests/cli/commands/test_{name}.py"


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
