"""Finds the goals of a period that became easier since they were agreed, without a record of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from okrctl.check.goal_changes import describe_unrecorded, is_unrecorded
from okrctl.check.rules.goalpost_moved import RULE
from okrctl.history.baseline import Baselines
from okrctl.history.diff.change import Change
from okrctl.operations.project import Project
from okrctl.values.period import Period
from okrctl.workspace import KeyResult, Objective


class UnrecordedGoal(NamedTuple):
    """A goal that is easier than agreed: in words how, and the changes that made it so."""

    node: Objective | KeyResult
    text: str
    changes: Sequence[Change] = ()

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
    """Return the goals of a period that became easier without a record; none where its agreed form is not known.

    A message says so where git has the form, but it cannot be read here.
    """
    baseline = baselines.find(period)
    if isinstance(baseline, str):
        if not baselines.is_certain and baselines.repository is not None:
            project.notify(f"not compared with what was agreed: {baseline}")
        return []
    changes = [change for change in baseline.changes if is_unrecorded(change, "relaxed")]
    found = []
    for _, group in groupby(changes, lambda change: change.ref):
        same = list(group)
        node = same[0].after
        assert isinstance(node, Objective | KeyResult)
        found.append(UnrecordedGoal(node, describe_unrecorded(same, "easier"), same))
    return found
