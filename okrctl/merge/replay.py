"""Makes an edit of one version of a file in another version of it: that of the last commit, or of git's index.

Edits name places by indexes of lists. Another version may have its goals in another order, so a place is looked up by
the identities that a merge uses: ids, dates. Where only the texts before and after are known, they are merged.
"""

from __future__ import annotations

from dataclasses import replace

from okrctl.merge import MergeError, Versions, detect_shape, merge_texts
from okrctl.merge.trees import Atom, Table, Tree, build_tree
from okrctl.values.diagnostic import Route
from okrctl.values.errors import OkrctlError, RefusedError
from okrctl.values.period import PeriodError, parse_reading_day
from okrctl.yaml import Document, Source, parse
from okrctl.yaml_edit import Edit, csv_readings, edit
from okrctl.yaml_edit.plan import CsvEdit, FileChange, FileEdit


def replay_edit(made: FileEdit | CsvEdit, text: str) -> str:
    """The text with an edit that was planned for another one; raises RefusedError where its place is missing there."""
    try:
        if isinstance(made, CsvEdit):
            return csv_readings.write_readings(made.reference, text, made.readings)
        edits = made.edits if text == made.text else _translate(made, text)
        return edit(Source(made.path, text), edits).text
    except OkrctlError as error:
        raise _other_changes_error(made.path) from error


def replay_change(change: FileChange, text: str | None) -> str | None:
    """The text with the difference between two others; raises RefusedError where they are about the same values."""
    if text == change.old:
        return change.new
    if text is None or change.old is None or change.new is None:
        raise _other_changes_error(change.path)
    try:
        merged = merge_texts(Versions(change.old, text, change.new), change.path)
    except MergeError as error:
        raise _other_changes_error(change.path) from error
    if merged.conflicts:
        raise _other_changes_error(change.path)
    return merged.text_of("ours")


def _other_changes_error(path: str) -> OkrctlError:
    return RefusedError(
        f"{path} has other uncommitted changes to this goal", "commit them first, or leave out --commit"
    )


def _translate(made: FileEdit, text: str) -> list[Edit]:
    """The edits with the routes that their places have in another text."""
    origin, target = (_parse(made.path, version) for version in (made.text, text))
    shape = detect_shape(made.path, (origin, target))
    known = build_tree(origin, shape)
    other = build_tree(target, shape, known)
    return [replace(change, route=_translate_route(change.route, known, other)) for change in made.edits]


def _parse(path: str, text: str) -> Document:
    document = parse(Source(path, text))
    if document.problems:
        raise MergeError(document.problems[0].message)
    return document


def _translate_route(route: Route, origin: Tree, target: Tree) -> Route:
    """The route to the same value; keys that the other version lacks stay as they are, an element must be there."""
    translated: list[str | int] = []
    for position, step in enumerate(route):
        name = _identify(origin, step)
        if isinstance(target, Atom) and isinstance(origin, Atom):
            return (*translated, *route[position:])
        if not isinstance(target, Table) or name not in target.children:
            if any(isinstance(rest, int) for rest in route[position:]):
                raise MergeError("the other version lacks an element")
            return (*translated, *route[position:])
        translated.append(target.steps[name])
        target = target.children[name]
        origin = origin.children[name] if isinstance(origin, Table) and name in origin.children else Atom(None)
    return tuple(translated)


def _identify(tree: Tree, step: str | int) -> str:
    """The identity of the value at a step; a new day has none yet but itself."""
    if isinstance(tree, Table):
        found = next((name for name, own in tree.steps.items() if own == step), None)
        if found is not None:
            return found
    try:
        return str(parse_reading_day(step)) if isinstance(step, str) else ""
    except PeriodError:
        return str(step)
