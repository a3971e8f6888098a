"""The commits that lines of a workspace come from."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from okrctl.git import Repository
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Workspace

LinePosition = tuple[str, int]


class LineCommits(NamedTuple):
    """The commit of each line, and why those of others are not known; empty where all are."""

    commits: dict[LinePosition, str]
    problem: str = ""


def find_line_commits(
    repository: Repository, workspace: Workspace, positions: Iterable[LinePosition], commit: str | None
) -> LineCommits:
    """The commit of each position (path and line) that is committed, in the given commit or HEAD.

    A position whose line is not committed is left out, and so is one whose commit is missing in this clone.
    """
    texts = {file.path: file.document.text for file in workspace.files}
    nodes: list[KeyResult | Kpi] = [*workspace.key_results, *workspace.kpi_nodes]
    texts |= {node.csv.path: node.csv.text for node in nodes if node.csv is not None and node.csv.text}
    known: dict[LinePosition, str] = {}
    lines: dict[str, list[str | None]] = {}
    problems: list[str] = []
    explain_end = cache(repository.explain_end)
    for path, line in positions:
        if path not in lines:
            lines[path], problem = _blame_file(repository, path, texts.get(path), commit)
            problems.append(problem)
        name = lines[path][line - 1] if 0 < line <= len(lines[path]) else None
        end = explain_end(name) if name is not None else ""
        problems.append(end)
        if name is not None and not end:
            known[path, line] = name
    return LineCommits(known, next(filter(None, problems), ""))


def _blame_file(
    repository: Repository, path: str, text: str | None, commit: str | None
) -> tuple[list[str | None], str]:
    """The commit of each line; empty, with the reason, where git fails: an explanation is useful without it, too."""
    if text is None:
        return [], ""
    try:
        return repository.blame_lines(path, text.encode(), commit or "HEAD"), ""
    except OkrctlError as error:
        return [], f"the commits of {path} are not known: {error.message}; {error.hint}"
