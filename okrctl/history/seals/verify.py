"""The verification of a seal: against its digest, against the sealed commit, and against today's files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from okrctl import scoring
from okrctl.history.diff.identity import NO_LATER_REFS, LaterRefs
from okrctl.history.seals.payload import PlainData, seal_figures
from okrctl.history.seals.renames import NO_KPIS, Rename, SealRenames
from okrctl.history.seals.seal import Sealed, digest, sealed_period
from okrctl.values import period
from okrctl.workspace import ReadText, Workspace, build_workspace
from okrctl.yaml import Source

# Keys that no figure depends on.
METADATA_KEYS = ("version", "period", "digest", "commit", "closed", "okrctl", "findings", "reopened")

# Lists of nodes, whose differences are reported under their own names.
NODE_LISTS = ("teams", "objectives", "key_results")

Origin = Literal["seal", "commit", "files"]


class SealDifference(NamedTuple):
    """A figure that differs from the sealed one: in the seal itself, in the sealed commit, or in today's files."""

    origin: Origin
    ref: str
    field: str
    sealed: Any
    now: Any


@dataclass(frozen=True, slots=True)
class SealVerification:
    """The result for the seal of one period; `source` says in words what it was recomputed from.

    `unrecorded` are the goals that were easier than agreed when the period was closed, as the seal says. `renames` are
    goals and teams that have another name in the files, which is no difference.
    """

    period: str
    commit: str | None
    source: str
    differences: tuple[SealDifference, ...] = ()
    unrecorded: tuple[str, ...] = ()
    renames: tuple[Rename, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether nothing differs from the seal."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Verification:
    """The requested seals; `is_single` where one period was named."""

    results: tuple[SealVerification, ...]
    is_single: bool = False


def verify_seal(
    sealed: Sealed, at_commit: Workspace | None, on_disk: Workspace, commit: str | None, source: str,
    later: LaterRefs = NO_LATER_REFS, kpis: Mapping[str, str] = NO_KPIS,
) -> SealVerification:  # fmt: skip
    """Compare a seal with its own digest, with the sealed workspace, and with the period's files today.

    `later` and `kpis` are what history knows of goals and KPIs that were renamed since, for `SealRenames`.
    """
    figures = {key: value for key, value in sealed.items() if key not in METADATA_KEYS}
    differences = []
    if digest(sealed) != sealed.get("digest"):
        differences.append(
            SealDifference("seal", sealed_period(sealed).id, "digest", sealed.get("digest"), digest(sealed))
        )
    if at_commit is not None:
        differences += _new_differences(differences, _find_differences("commit", sealed, figures, at_commit, None))
    now = _figures_of(sealed, on_disk)
    renames = None if now is None else SealRenames(sealed, now, on_disk, later, kpis)
    differences += _new_differences(differences, _find_differences("files", sealed, figures, on_disk, renames))
    names = tuple(renames.all) if renames is not None else ()
    return SealVerification(sealed_period(sealed).id, commit, source, tuple(differences), renames=names)


def _new_differences(known: Iterable[SealDifference], found: Iterable[SealDifference]) -> list[SealDifference]:
    """Those of the differences that are of no figure that differs already."""
    seen = {(difference.ref, difference.field) for difference in known}
    return [difference for difference in found if (difference.ref, difference.field) not in seen]


def _figures_of(sealed: Sealed, workspace: Workspace) -> PlainData | None:
    """The figures of the sealed period in a workspace; None where it has no such period."""
    span = sealed_period(sealed)
    current = next((candidate for candidate in workspace.periods if candidate.id == span.id), None)
    if current is None:
        return None
    return seal_figures(workspace, scoring.build_scorecard(workspace, current, date.fromisoformat(sealed["as_of"])))


def _find_differences(
    origin: Origin, sealed: Sealed, figures: Sealed, workspace: Workspace, renames: SealRenames | None
) -> Iterator[SealDifference]:
    span = sealed_period(sealed)
    current = next((candidate for candidate in workspace.periods if candidate.id == span.id), None)
    now = _figures_of(sealed, workspace)
    if current is None or now is None:
        yield SealDifference(origin, span.id, "period", span.id, None)
        return
    if (current.start, current.end) != (span.start, span.end):
        yield SealDifference(origin, span.id, "period", period.describe(span), period.describe(current))
    if renames is not None:
        now = renames.apply(now)
    old, new = (dict(_flatten(tree, span.id, "")) for tree in (figures, now))
    for field in dict.fromkeys((*old, *new)):
        if old.get(field) != new.get(field):
            yield SealDifference(origin, *field, old.get(field), new.get(field))


def _flatten(tree: Any, ref: str, path: str) -> Iterator[tuple[tuple[str, str], Any]]:
    """Every leaf as ((reference of its node, field), value)."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _flatten_entry(key, value, ref, path)
    elif isinstance(tree, list) and any(isinstance(entry, dict) for entry in tree):
        for number, entry in enumerate(tree, 1):
            name = entry.get("date") if isinstance(entry, dict) else None
            yield from _flatten(entry, ref, f"{path}.{name or number}")
    else:
        yield (ref, path), tree


def _flatten_entry(key: str, value: Any, ref: str, path: str) -> Iterator[tuple[tuple[str, str], Any]]:
    if key in NODE_LISTS and isinstance(value, list):
        for node in value:
            yield from _flatten(node, _node_name(node), "")
    else:
        yield from _flatten(value, ref, f"{path}.{key}" if path else key)


def _node_name(node: Any) -> str:
    return str(node.get("ref") or node.get("team")) if isinstance(node, dict) else "?"


def with_current_files(
    sealed_state: Workspace, today: Workspace, ident: str, now: ReadText, then: ReadText
) -> Workspace:
    """The sealed workspace, but with the goals of the period as they are today.

    KPIs and settings may change later; the goals and readings of a closed period may not. `now` and `then` give
    the text of a CSV file today and as sealed.
    """
    kept = [file for file in sealed_state.files if file.period is None or file.period.id != ident]
    fresh = [file for file in today.files if file.period is not None and file.period.id == ident]
    own = {kr.csv.path for kr in today.key_results if kr.csv is not None and kr.period.id == ident}
    sources = [Source(file.path, file.document.text) for file in (*kept, *fresh)]
    return build_workspace(
        sources, sealed_state.config, lambda path: (now if path in own else then)(path), sealed_state.settings
    )
