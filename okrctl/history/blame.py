"""The commits that lines of a workspace come from."""

from __future__ import annotations

from collections.abc import Iterable

from okrctl.git import Repository
from okrctl.values.errors import OkrctlError
from okrctl.workspace import KeyResult, Kpi, Workspace

LinePosition = tuple[str, int]


def find_line_commits(
    repository: Repository, workspace: Workspace, positions: Iterable[LinePosition], commit: str | None
) -> dict[LinePosition, str]:
    """The commit of each position (path and line) that is committed, in the given commit or HEAD.

    A position whose line is not committed is left out.
    """
    texts = {file.path: file.document.text for file in workspace.files}
    nodes: list[KeyResult | Kpi] = [*workspace.key_results, *workspace.kpi_nodes]
    texts |= {node.csv.path: node.csv.text for node in nodes if node.csv is not None and node.csv.text}
    commits: dict[LinePosition, str] = {}
    lines: dict[str, list[str | None]] = {}
    for path, line in positions:
        if path not in lines:
            lines[path] = _blame_file(repository, path, texts.get(path), commit)
        name = lines[path][line - 1] if 0 < line <= len(lines[path]) else None
        if name is not None:
            commits[path, line] = name
    return commits


def _blame_file(repository: Repository, path: str, text: str | None, commit: str | None) -> list[str | None]:
    """The commit of each line; empty where git fails, since an explanation is useful without commits, too."""
    if text is None:
        return []
    try:
        return repository.blame_lines(path, text.encode(), commit or "HEAD")
    except OkrctlError:
        return []
