"""What a writing method is about to do: shown before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from okrctl.api.results import Json, to_document
from okrctl.git.commits import Commit
from okrctl.operations.apply import WriteOptions, WriteResult
from okrctl.operations.load import require_repository
from okrctl.operations.project import Project
from okrctl.outputs.views import written
from okrctl.schema.settings import Config
from okrctl.yaml_edit import FileChange
from okrctl.yaml_edit.field_changes import FieldChange, list_field_changes
from okrctl.yaml_edit.preview import ScoreEffect

__all__ = ["Effect", "FieldChange", "Plan", "build_plan"]

Write = Callable[[WriteOptions], Sequence[WriteResult]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What the plan does to the score of an objective: from `old` to `new`, shares of 1; `text` says it in words."""

    ref: str
    text: str
    old: Fraction | None
    new: Fraction | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written: field by field, as a unified diff that `git apply` takes, and the effects on scores.

    Nothing is written before `apply`.
    """

    changes: tuple[FieldChange, ...]
    diff: str
    effects: tuple[Effect, ...]
    _project: Project = field(repr=False, compare=False)
    _files: tuple[FileChange, ...] = field(repr=False, compare=False)
    _effects: tuple[ScoreEffect, ...] = field(repr=False, compare=False)
    _config: Config = field(repr=False, compare=False)
    _write: Write = field(repr=False, compare=False)

    def apply(self, *, commit: bool = False) -> Commit | None:
        """Write all files or none; with `commit` commit exactly these changes, and return the commit, else None.

        Raises ConflictError where a file changed since the plan was made, DiskError where one cannot be written,
        GitError or RefusedError where git or a hook does not take the commit: then nothing is written.
        """
        results = self._write(WriteOptions(commit=commit))
        made = next((result.commit for result in reversed(results) if result.commit), None)
        return None if made is None else require_repository(self._project).resolve(made)

    def to_dict(self) -> dict[str, Json]:
        """What the command prints with `--dry-run --format json`."""
        return to_document(written.data(self._files, None, self._effects, self._config))


def build_plan(
    project: Project, config: Config, results: Sequence[WriteResult], effects: Sequence[ScoreEffect], write: Write
) -> Plan:
    """The plan of a dry run with these results; `write` does what was planned."""
    changes = tuple(change for result in results for change in result.changes)
    told = tuple(
        Effect(
            each.ref, each.sentence, None if each.before is None else each.before.score,
            None if each.after is None else each.after.score,
        )
        for each in effects
    )  # fmt: skip
    diff = "".join(result.diff or "" for result in results)
    fields = tuple(list_field_changes(changes, config))
    return Plan(fields, diff, told, project, changes, tuple(effects), config, write)
