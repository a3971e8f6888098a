"""Joins settings with the files that they extend: `extends:` of okrctl.yaml.

Models: `extend` of ruff. What a file says itself counts; tables, such as `teams:` and `rules:`, are joined key by key.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel

from okrctl.schema.settings import SETTINGS_PATH, Config
from okrctl.schema.validate import SchemaProblem
from okrctl.values.diagnostic import FileProblem
from okrctl.workspace.nodes import File
from okrctl.workspace.reader import INVALID_EXTENDS
from okrctl.yaml import Source

MAX_CHAIN = 10  # files that extend one another
OWN_KEYS = frozenset({"include", "exclude", "extends", "elsewhere"})  # about the files of one workspace
MISSING_HELP = "correct the path, which is relative to the folder of the file with `extends:`, or fetch the file"
OUTSIDE_HELP = (
    "settings may extend a file of their own repository, or of the one that has it as a submodule and is checked out "
    "around it"
)

ReadExtended = Callable[[str], Source | FileProblem | None]
ReadSettings = Callable[[Source | FileProblem], tuple[Config, File | None]]
M = TypeVar("M", bound=BaseModel)


def extend_settings(config: Config, file: File, read: ReadExtended, parse: ReadSettings) -> tuple[Config, File]:
    """The settings of a file with those that it extends, and the file with what is wrong with these.

    `read` returns the text of a file by its path from the root, None for a missing one, or what is wrong with it.
    """
    joined, path, extends, paths = config, SETTINGS_PATH, config.extends, [SETTINGS_PATH]
    extended: list[tuple[str, str | None]] = []
    problems: list[SchemaProblem] = []
    while extends is not None:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), extends.replace("\\", "/")))
        problem = _path_problem(path, extends, paths)
        if problem is not None:
            problems.append(problem)
            break
        paths.append(path)
        source = read(path)
        extended.append((path, source.text if isinstance(source, Source) else None))
        if not isinstance(source, Source):
            problems.append(_unread_problem(paths, source))
            break
        base, base_file = parse(source)
        problems += _content_problems(paths, base_file)
        joined, extends = _join(joined, base, OWN_KEYS), base.extends
    file.extended = tuple(extended)
    file.schema_problems += problems
    return joined, file


def _path_problem(path: str, extends: str, paths: list[str]) -> SchemaProblem | None:
    if posixpath.isabs(path) or "\0" in path or path[1:2] == ":" or "://" in extends:
        return _problem(f"{_chain([*paths, extends])}, which is not a path from that file", OUTSIDE_HELP)
    if path in paths:
        return _problem(f"settings extend each other: {_chain([*paths, path])}", "remove one `extends:`")
    if len(paths) > MAX_CHAIN:
        message = f"more than {MAX_CHAIN} files extend one another, from {paths[0]} to {path}"
        return _problem(f"{message}; the settings from there on are left out", "extend fewer files")
    return None


def _unread_problem(paths: list[str], source: FileProblem | None) -> SchemaProblem:
    chain = f"{_chain(paths)}, which"
    if source is None:
        return _problem(f"{chain} does not exist; its settings are left out", MISSING_HELP)
    if source.code == INVALID_EXTENDS:
        return _problem(f"{chain} {source.message}; its settings are left out", OUTSIDE_HELP)
    return _problem(f"{chain} cannot be used: {source.message}; its settings are left out", source.help)


def _content_problems(paths: list[str], base: File | None) -> Iterator[SchemaProblem]:
    """What is wrong in an extended file, of which the valid settings count."""
    if base is None:
        return
    found = [(base.document.span_at(each.route).line, each.message) for each in base.schema_problems]
    found += [(each.span.line, each.message) for each in base.file_problems]
    if found:
        line, message = min(found)
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        yield _problem(
            f"{_chain(paths)}, which has errors: line {line}: {message}{more}",
            "fix them there; its valid settings count",
        )


def _problem(message: str, help: str) -> SchemaProblem:
    return SchemaProblem(INVALID_EXTENDS, ("extends",), message, help)


def _chain(paths: list[str]) -> str:
    shown = [path if path == SETTINGS_PATH else f"'{path}'" for path in paths]
    return f"{shown[0]} extends {', which extends '.join(shown[1:])}"


def _join(own: M, base: M, own_keys: frozenset[str] = frozenset()) -> M:
    """The first model with what the second one says and it does not."""
    update = {
        name: _join_values(getattr(own, name), getattr(base, name)) if name in own.model_fields_set
        else getattr(base, name)
        for name in base.model_fields_set - own_keys
    }  # fmt: skip
    return own.model_copy(update=update)


def _join_values(own: Any, base: Any) -> Any:
    if isinstance(own, BaseModel) and type(own) is type(base):
        return _join(own, base)
    if isinstance(own, dict) and isinstance(base, dict):
        others = {key: value for key, value in base.items() if key not in own}
        return others | {key: _join_values(value, base[key]) if key in base else value for key, value in own.items()}
    return own
