"""Runs the rules about periods that are over; scorecards show their findings, `check` does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from okrctl.analysis.kpi_outcomes import objective_outcomes
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.check.rules import RULES
from okrctl.scoring.scorecard import Scorecard
from okrctl.workspace import File, Workspace


class RetrospectiveFinding(NamedTuple):
    """A finding of a rule in a file. It has no place, which the text would have to be parsed again for."""

    rule: Rule
    file: File
    finding: Finding

    @property
    def line(self) -> str:
        """The finding in one line of text."""
        return f"{self.rule.code} {self.rule.name}: {self.finding.ref}: {self.finding.message}"


def run_retrospective_rules(
    workspace: Workspace, cards: Iterable[Scorecard], context: Context
) -> Iterator[RetrospectiveFinding]:
    """The findings on the objectives of these scorecards, in their order, without suppressed ones."""
    active = [rule for rule in RULES if rule.severity_in(context.config) != "ignore"]
    checks = [(rule, rule.check_outcome) for rule in active if rule.check_outcome is not None]
    for outcome in chain.from_iterable(objective_outcomes(workspace, card) for card in cards):
        file = outcome.objective.node.file
        for rule, check in checks:
            for finding in check(outcome, context):
                if not _is_suppressed(file, finding, rule):
                    yield RetrospectiveFinding(rule, file, finding)


def _is_suppressed(file: File, finding: Finding, rule: Rule) -> bool:
    """Whether a comment on the line of the finding, or alone above it, suppresses the rule."""
    if not file.document.ignore_comments:
        return False
    line = file.document.span_at(finding.route).line
    comments = (comment for comment in file.document.ignore_comments if line in (comment.line, comment.target))
    return any(word in (rule.code, rule.name) for comment in comments for word, _ in comment.names)
