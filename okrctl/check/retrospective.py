"""Runs the rules about periods that are over; scorecards show their findings, `check` does not."""

from __future__ import annotations

from collections.abc import Iterable

from okrctl.analysis.kpi_outcomes import objective_outcomes
from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.check.rules import RULES
from okrctl.scoring.scorecard import Scorecard
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import File, Workspace


def run_retrospective_rules(workspace: Workspace, cards: Iterable[Scorecard], context: Context) -> list[Diagnostic]:
    """The diagnostics of the objectives on these scorecards, in their order, without suppressed ones."""
    diagnostics = []
    for card in cards:
        for outcome in objective_outcomes(workspace, card):
            file = outcome.objective.node.file
            for rule in RULES:
                severity = rule.severity_in(context.config)
                if rule.check_outcome is None or severity == "ignore":
                    continue
                for finding in rule.check_outcome(outcome, context):
                    if not _is_suppressed(file, finding, rule):
                        span = file.document.span_at(finding.route)
                        diagnostics.append(
                            Diagnostic(
                                file.path, span, rule.code, rule.name, severity,
                                finding.message, finding.help, finding.ref,
                            )
                        )  # fmt: skip
    return diagnostics


def format_lines(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """One line of text for each diagnostic."""
    return [f"{found.code} {found.name}: {found.ref}: {found.message}" for found in diagnostics]


def _is_suppressed(file: File, finding: Finding, rule: Rule) -> bool:
    """Whether a comment on the line of the finding, or alone above it, suppresses the rule."""
    line = file.document.span_at(finding.route).line
    comments = (comment for comment in file.document.ignore_comments if line in (comment.line, comment.target))
    return any(word in (rule.code, rule.name) for comment in comments for word, _ in comment.names)
