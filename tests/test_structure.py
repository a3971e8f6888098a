"""The shape of the code as tests: no import circle, no tangled function, no module that is a part of another."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.test_architecture import MODULES, ROOT

MAX_COMPLEXITY = 12  # of one function, as radon counts it
MIN_LINES = 40  # of a module that only one other module imports

# Folders whose members are found by their registry: the size of a member says nothing.
REGISTERED = (
    "okrctl.check.rules.",
    "okrctl.cli.commands.",
    "okrctl.measures.",
    "okrctl.operations.",
    "okrctl.outputs.",
    "okrctl.server.pages.",
    "okrctl.sources.",
)


def imported_modules(name: str) -> set[str]:
    """Every module of okrctl that a module imports, inside functions too, but not for type checkers alone.

    Importing a part of a package imports the package; its own ancestors do not count.
    """
    found: set[str] = set()
    for node in runtime_nodes(MODULES[name]):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {other for other in found if other in MODULES and other != name and not name.startswith(f"{other}.")}


def runtime_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node of a syntax tree except those below `if TYPE_CHECKING:`."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from runtime_nodes(child)


IMPORTS = {name: imported_modules(name) for name in MODULES}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected components of more than one node, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            circle = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(circle) > 1:
                found.append(sorted(circle))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circles(IMPORTS) == []


def test_no_small_module_serves_one_other_alone() -> None:
    """A module under 40 lines with a single importer belongs into that importer."""
    importers = Counter(other for imported in IMPORTS.values() for other in imported)
    small = [
        name
        for name in MODULES
        if importers[name] == 1
        and not name.startswith(REGISTERED)
        and not is_package(name)
        and lines_of(name) < MIN_LINES
    ]
    assert small == []


def lines_of(name: str) -> int:
    path = ROOT / f"{name.replace('.', '/')}.py"
    return len(path.read_text("utf-8").splitlines())


def is_package(name: str) -> bool:
    return (ROOT / name.replace(".", "/")).is_dir() or name == "okrctl.__main__"


@pytest.mark.parametrize("name", MODULES)
def test_no_function_is_complex(name: str) -> None:
    radon = pytest.importorskip("radon.complexity")
    path = ROOT / name.replace(".", "/")
    text = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text("utf-8")
    blocks = [block for block in radon.cc_visit(text) if type(block).__name__ == "Function"]
    assert {block.fullname: block.complexity for block in blocks if block.complexity > MAX_COMPLEXITY} == {}
