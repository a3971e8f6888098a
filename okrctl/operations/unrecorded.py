"""Finds the goals of a period that became easier since they were agreed, without a record of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from okrctl.check.goal_changes import describe_unrecorded, is_unrecorded, summarize_unrecorded
from okrctl.check.rules.goalpost_moved import RULE
from okrctl.history.baseline import Baselines
from okrctl.history.diff.change import Change
from okrctl.operations.amend import Amendment, current_person
from okrctl.operations.load import Loaded, load_baselines
from okrctl.operations.project import Project
from okrctl.values.period import Period
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Objective, Workspace
from okrctl.yaml_edit.amendments import plan_record
from okrctl.yaml_edit.checkins import PlannedEdit


class UnrecordedGoal(NamedTuple):
    """A goal that is easier than agreed: in words how, and the changes that made it so."""

    node: Objective | KeyResult
    text: str
    changes: Sequence[Change] = ()

    @property
    def summary(self) -> str:
        """How it is easier, in a few words."""
        return summarize_unrecorded(self.changes)

    @property
    def was(self) -> dict[str, str]:
        """The agreed values as they were written, by their keys; empty where one of them is not a single number."""
        pairs = [(change.field or "", change.old) for change in self.changes if isinstance(self.node, KeyResult)]
        values = {field: old.text for field, old in pairs if isinstance(old, Quantity) and "." not in field}
        return values if len(values) == len(self.changes) else {}

    @property
    def ref(self) -> str:
        """The reference of the goal."""
        return self.node.ref

    def finding(self, reason: str | None) -> str:
        """The line of a seal, with the reason that a person gave."""
        given = f"reason: {reason}" if reason else "no reason given"
        return f"{FINDING_PREFIX}{self.ref}: {self.text}; {given}"


FINDING_PREFIX = f"{RULE.code} {RULE.name}: "


def unrecorded_goals(project: Project, baselines: Baselines, period: Period) -> list[UnrecordedGoal]:
    """Return the goals of a period that became easier without a record; none where its agreed version is not known.

    A message says so where git has the form, but it cannot be read here.
    """
    baseline = baselines.find(period)
    if isinstance(baseline, str):
        if not baselines.is_certain and baselines.repository is not None:
            project.notify(f"not compared with the agreed version: {baseline}")
        return []
    changes = [change for change in baseline.changes if is_unrecorded(change, "relaxed")]
    found = []
    for _, group in groupby(changes, lambda change: change.ref):
        same = list(group)
        node = same[0].after
        assert isinstance(node, Objective | KeyResult)
        found.append(UnrecordedGoal(node, describe_unrecorded(same, "easier"), same))
    return found


def find_unrecorded(project: Project, workspace: Workspace, node: KeyResult) -> UnrecordedGoal | None:
    """Return how a key result is easier than agreed without a record; None where it is not, or cannot be recorded."""
    baselines = load_baselines(project, Loaded(workspace, None, project.today))
    found = next((goal for goal in unrecorded_goals(project, baselines, node.period) if goal.ref == node.ref), None)
    return found if found is not None and found.was else None


def record_reason(project: Project, workspace: Workspace, goal: UnrecordedGoal, reason: str) -> Amendment:
    """Plan the record of a change that is made already; raises OkrctlError where git does not know who records it."""
    by, day, was = current_person(project, workspace), project.today, goal.was
    edit = PlannedEdit(
        goal.node, day, goal.node.file.path, tuple(plan_record(goal.node, was, reason, by, day)),
        new_value=f"recorded that {', '.join(f'{key} was {value}' for key, value in was.items())}", has_value=False,
    )  # fmt: skip
    return Amendment(workspace, edit, reason)
