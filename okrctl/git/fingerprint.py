"""Says what a past commit's history depends on beside the commit itself: what of this repository may change it."""

from __future__ import annotations

import os

from okrctl.git.repository import Repository


def repository_fingerprint(repository: Repository) -> tuple[object, ...]:
    """Where the workspace lies in it, what stands in for its objects, where it is cut off, its settings.

    As long as this stays the same, so does everything that can be read of a commit and of those before it.
    """
    ask = repository.runner.run
    paths = ask("rev-parse", "--git-path", "shallow", "--git-path", "info/grafts")[1].splitlines()
    cuts = [_read_file(os.path.join(repository.root, os.fsdecode(path))) for path in paths]
    variables = sorted(item for item in os.environ.items() if item[0].startswith("GIT_"))
    replaced, settings = ask("replace", "--list", "--format=medium"), ask("config", "--list", "-z")
    return str(repository.root), repository.prefix, cuts, replaced, settings, variables


def _read_file(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None
