"""Holds a seal against what the files say: in itself, at the commit that was sealed, and today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from okrctl import scoring
from okrctl.seals.payload import figures
from okrctl.seals.seal import Sealed, digest, span
from okrctl.values import period
from okrctl.workspace import Load, Workspace, build
from okrctl.yaml import Source

# What no figure depends on.
ABOUT = ("version", "period", "digest", "commit", "closed", "okrctl", "findings", "reopened")

# Lists whose elements have names of their own.
THINGS = ("teams", "objectives", "key_results")

Where = Literal["seal", "commit", "files"]


class Difference(NamedTuple):
    """One figure that is no longer what was sealed: in the seal itself, in the sealed commit, or in today's files."""

    where: Where
    ref: str
    field: str
    sealed: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of the seal of one period; `source` says in words what it was recomputed from."""

    period: str
    commit: str | None
    source: str
    differences: tuple[Difference, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything is as it was sealed."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Verification:
    """The seals asked for; `single` where one period was named."""

    seals: tuple[Verified, ...]
    single: bool = False


def held(sealed: Sealed, at_commit: Workspace | None, on_disk: Workspace, commit: str | None, source: str) -> Verified:
    """The seal against its own digest, against the workspace that was sealed, and against the period's files today."""
    before = {key: value for key, value in sealed.items() if key not in ABOUT}
    found = []
    if digest(sealed) != sealed.get("digest"):
        found.append(Difference("seal", span(sealed).id, "digest", sealed.get("digest"), digest(sealed)))
    places: list[tuple[Where, Workspace]] = [("commit", at_commit)] if at_commit is not None else []
    for where, workspace in (*places, ("files", on_disk)):
        known = {(one.ref, one.field) for one in found}
        found += [one for one in _compared(where, sealed, before, workspace) if (one.ref, one.field) not in known]
    return Verified(span(sealed).id, commit, source, tuple(found))


def _compared(where: Where, sealed: Sealed, before: Sealed, workspace: Workspace) -> Iterator[Difference]:
    meant = span(sealed)
    known = next((one for one in workspace.periods if one.id == meant.id), None)
    if known is None:
        yield Difference(where, meant.id, "period", meant.id, None)
        return
    if (known.start, known.end) != (meant.start, meant.end):
        yield Difference(where, meant.id, "period", period.described(meant), period.described(known))
    card = scoring.scorecard(workspace, known, date.fromisoformat(sealed["as_of"]))
    old, new = (dict(_flat(tree, meant.id, "")) for tree in (before, figures(workspace, card)))
    for place in dict.fromkeys((*old, *new)):
        if old.get(place) != new.get(place):
            yield Difference(where, *place, old.get(place), new.get(place))


def _flat(tree: Any, ref: str, path: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """Every leaf with the thing it belongs to and its field there."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in THINGS and isinstance(value, list):
                for one in value:
                    yield from _flat(one, _name(one), "")
            else:
                yield from _flat(value, ref, f"{path}.{key}" if path else key)
    elif isinstance(tree, list) and any(isinstance(one, dict) for one in tree):
        for number, one in enumerate(tree, 1):
            name = one.get("date") if isinstance(one, dict) else None
            yield from _flat(one, ref, f"{path}.{name or number}")
    else:
        yield (ref, path), tree


def _name(thing: Any) -> str:
    return str(thing.get("ref") or thing.get("team")) if isinstance(thing, dict) else "?"


def with_files_of(sealed_state: Workspace, today: Workspace, ident: str, now: Load, then: Load) -> Workspace:
    """The workspace that was sealed, but with the goals of the period as they are today.

    KPIs and settings may change later; what people agreed and read in a closed period may not. `now` and `then` give
    the text of a CSV file today and as sealed.
    """
    kept = [file for file in sealed_state.files if file.period is None or file.period.id != ident]
    fresh = [file for file in today.files if file.period is not None and file.period.id == ident]
    own = {one.csv.path for one in today.key_results if one.csv is not None and one.period.id == ident}
    sources = [Source(file.path, file.document.text) for file in (*kept, *fresh)]
    return build(sources, sealed_state.config, lambda path: (now if path in own else then)(path), sealed_state.settings)
