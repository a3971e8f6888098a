"""Shows what `okrctl merge` did: the files that it merged, and what is left to a person, one line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from okrctl.merge.moves import GoalPlace
from okrctl.merge.result import LeftConflict, WorkTreeMerge
from okrctl.outputs import json
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize


def render(result: WorkTreeMerge, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """The result of a merge in a format."""
    match format:
        case "table":
            return "\n".join(_lines(result, style))
        case "json":
            return json.document(_data(result))


def render_installation(driver: str, path: str, attributes: str, *, is_changed: bool, is_dry_run: bool) -> str:
    """The document of an installation of the merge driver; `attributes` is the content of the file at `path`."""
    return json.document(
        {"driver": driver, "path": path, "attributes": attributes, "changed": is_changed, "dry_run": is_dry_run}
    )


def _lines(result: WorkTreeMerge, style: TerminalStyle) -> Iterator[str]:
    if not (result.merged or result.removed or result.left or result.others):
        yield "nothing to merge: no file is in conflict"
        return
    done = "would be merged" if result.is_dry_run else "merged"
    for before, after in result.moves:
        yield sanitize(f"{_ref(before)} is now {_ref(after)} in {after.path}")
    yield from (f"{paint(done, 'green', style)} {sanitize(path)}" for path in result.merged)
    yield from (f"{paint('removed', 'green', style)} {sanitize(path)}" for path in result.removed)
    if result.left:
        yield from _left_lines(result, style)
    if result.others:
        yield f"not goals, left to git: {', '.join(map(sanitize, result.others))}"


def _left_lines(result: WorkTreeMerge, style: TerminalStyle) -> Iterator[str]:
    count = "1 conflict" if len(result.left) == 1 else f"{len(result.left)} conflicts"
    yield f"{paint(f'{count} left for you', 'red bold', style)}:"
    for path in dict.fromkeys(left.conflict.path for left in result.left):
        yield f"  {sanitize(path)}"
        found = (left for left in result.left if left.conflict.path == path)
        yield from (f"    {sanitize(left.describe(result.names))}" for left in found)
    yield "Edit the lines between <<<<<<< and >>>>>>>, then stage each file with git add."


def _ref(place: GoalPlace) -> str:
    *above, last = (*place.owner, place.id)
    return f"{'/'.join(above)}.{last}" if len(above) > 2 else "/".join((*above, last))


def _data(result: WorkTreeMerge) -> dict[str, Any]:
    return {
        "ours": result.names[0],
        "theirs": result.names[1],
        "complete": result.is_complete,
        "dry_run": result.is_dry_run,
        "merged": result.merged,
        "removed": result.removed,
        "moved": [
            {"from": _ref(before), "to": _ref(after), "old_path": before.path, "path": after.path}
            for before, after in result.moves
        ],
        "left": [_conflict(left, result.names) for left in result.left],
        "others": result.others,
    }


def _conflict(left: LeftConflict, names: tuple[str, str]) -> dict[str, Any]:
    conflict = left.conflict
    return {
        "path": conflict.path,
        "ref": conflict.ref,
        "field": conflict.field or None,
        "kind": conflict.kind,
        "base": conflict.base,
        "ours": conflict.ours,
        "theirs": conflict.theirs,
        "ours_author": left.authors[0],
        "theirs_author": left.authors[1],
        "message": left.describe(names),
    }
