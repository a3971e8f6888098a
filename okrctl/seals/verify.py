"""Holds a seal against what the files say: in itself, at the commit that was sealed, and today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from okrctl import scoring
from okrctl.seals.payload import seal_figures
from okrctl.seals.seal import Sealed, digest, sealed_period
from okrctl.values import period
from okrctl.workspace import ReadText, Workspace, build_workspace
from okrctl.yaml import Source

# What no figure depends on.
METADATA_KEYS = ("version", "period", "digest", "commit", "closed", "okrctl", "findings", "reopened")

# Lists whose elements have names of their own.
NODE_LISTS = ("teams", "objectives", "key_results")

Origin = Literal["seal", "commit", "files"]


class SealDifference(NamedTuple):
    """One figure that is no longer what was sealed: in the seal itself, in the sealed commit, or in today's files."""

    origin: Origin
    ref: str
    field: str
    sealed: Any
    now: Any


@dataclass(frozen=True, slots=True)
class SealVerification:
    """What became of the seal of one period; `source` says in words what it was recomputed from."""

    period: str
    commit: str | None
    source: str
    differences: tuple[SealDifference, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether everything is as it was sealed."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Verification:
    """The seals asked for; `single` where one period was named."""

    results: tuple[SealVerification, ...]
    is_single: bool = False


def verify_seal(
    sealed: Sealed, at_commit: Workspace | None, on_disk: Workspace, commit: str | None, source: str
) -> SealVerification:
    """The seal against its own digest, against the workspace that was sealed, and against the period's files today."""
    before = {key: value for key, value in sealed.items() if key not in METADATA_KEYS}
    found = []
    if digest(sealed) != sealed.get("digest"):
        found.append(SealDifference("seal", sealed_period(sealed).id, "digest", sealed.get("digest"), digest(sealed)))
    places: list[tuple[Origin, Workspace]] = [("commit", at_commit)] if at_commit is not None else []
    for where, workspace in (*places, ("files", on_disk)):
        known = {(one.ref, one.field) for one in found}
        found += [
            one for one in _find_differences(where, sealed, before, workspace) if (one.ref, one.field) not in known
        ]
    return SealVerification(sealed_period(sealed).id, commit, source, tuple(found))


def _find_differences(where: Origin, sealed: Sealed, before: Sealed, workspace: Workspace) -> Iterator[SealDifference]:
    meant = sealed_period(sealed)
    known = next((one for one in workspace.periods if one.id == meant.id), None)
    if known is None:
        yield SealDifference(where, meant.id, "period", meant.id, None)
        return
    if (known.start, known.end) != (meant.start, meant.end):
        yield SealDifference(where, meant.id, "period", period.describe(meant), period.describe(known))
    card = scoring.build_scorecard(workspace, known, date.fromisoformat(sealed["as_of"]))
    old, new = (dict(_flatten(tree, meant.id, "")) for tree in (before, seal_figures(workspace, card)))
    for place in dict.fromkeys((*old, *new)):
        if old.get(place) != new.get(place):
            yield SealDifference(where, *place, old.get(place), new.get(place))


def _flatten(tree: Any, ref: str, path: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """Every leaf with the thing it belongs to and its field there."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in NODE_LISTS and isinstance(value, list):
                for one in value:
                    yield from _flatten(one, _node_name(one), "")
            else:
                yield from _flatten(value, ref, f"{path}.{key}" if path else key)
    elif isinstance(tree, list) and any(isinstance(one, dict) for one in tree):
        for number, one in enumerate(tree, 1):
            name = one.get("date") if isinstance(one, dict) else None
            yield from _flatten(one, ref, f"{path}.{name or number}")
    else:
        yield (ref, path), tree


def _node_name(thing: Any) -> str:
    return str(thing.get("ref") or thing.get("team")) if isinstance(thing, dict) else "?"


def with_current_files(
    sealed_state: Workspace, today: Workspace, ident: str, now: ReadText, then: ReadText
) -> Workspace:
    """The workspace that was sealed, but with the goals of the period as they are today.

    KPIs and settings may change later; what people agreed and read in a closed period may not. `now` and `then` give
    the text of a CSV file today and as sealed.
    """
    kept = [file for file in sealed_state.files if file.period is None or file.period.id != ident]
    fresh = [file for file in today.files if file.period is not None and file.period.id == ident]
    own = {one.csv.path for one in today.key_results if one.csv is not None and one.period.id == ident}
    sources = [Source(file.path, file.document.text) for file in (*kept, *fresh)]
    return build_workspace(
        sources, sealed_state.config, lambda path: (now if path in own else then)(path), sealed_state.settings
    )
