"""Allows the sources of a workspace, as a person does with `okrctl refresh --trust` before the test begins."""

from __future__ import annotations

from pathlib import Path

from okrctl.operations.fetched_readings import nodes_with_source, source_spec
from okrctl.operations.load import load_workspace
from okrctl.operations.project import Project
from okrctl.sources.trust import TRUSTED_VARIABLE, source_digest


def trusting(root: Path) -> dict[str, str]:
    """The variable that allows every source of a workspace as it is now."""
    nodes = nodes_with_source(load_workspace(Project(root)))
    return {TRUSTED_VARIABLE: ",".join(source_digest(source_spec(node)) for node in nodes.values())}


def own_files(root: Path) -> dict[Path, bytes]:
    """The files of a folder by their paths, without those of git, where the lock is."""
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts}
