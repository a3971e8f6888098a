"""Shows to programs what a command wrote, or would write: the fields, the diff, the commit, the effects on scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from okrctl.outputs import json
from okrctl.outputs.documents import EffectData, FieldChangeData, WriteDocument
from okrctl.outputs.views import error as error_view
from okrctl.schema.settings import Config
from okrctl.values.errors import OkrctlError
from okrctl.yaml_edit import FileChange, WritePlan
from okrctl.yaml_edit.field_changes import list_field_changes
from okrctl.yaml_edit.preview import ScoreEffect


def render(
    changes: Sequence[FileChange],
    commit: str | None,
    effects: Sequence[ScoreEffect],
    config: Config,
    format: Literal["json"],
    error: OkrctlError | None = None,
) -> str:
    """The document as text; `changes` are those of all plans of the command. For people there is the diff alone.

    With an error, it is the document of the error, which says also what was written all the same.
    """
    result: dict[str, object] = {**data(changes, commit, effects, config)}
    return json.document(result if error is None else result | error_view.document(error))


def data(
    changes: Sequence[FileChange], commit: str | None, effects: Sequence[ScoreEffect], config: Config
) -> WriteDocument:
    """The changes field by field and as a diff, with the commit and the effects."""
    fields: list[FieldChangeData] = [
        {"path": each.path, "ref": each.ref, "field": each.field, "old": each.old, "new": each.new}
        for each in list_field_changes(changes, config)
    ]
    return {
        "changes": fields,
        "diff": WritePlan(tuple(changes), (), "").diff(),
        "commit": commit,
        "effects": [_effect_data(effect) for effect in effects],
    }


def _effect_data(effect: ScoreEffect) -> EffectData:
    before, after = effect.before, effect.after
    goal = before if after is None else after
    return {
        "ref": effect.ref,
        "text": effect.sentence,
        "objective": None if goal is None else goal.node.ref,
        "old": None if before is None else before.score,
        "new": None if after is None else after.score,
        "status": None if after is None else after.status,
    }
