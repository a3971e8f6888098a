"""Runs the rules that look back on periods which are over; what they find stands below scorecards, never in `check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from okrctl.analysis.kpi_outcomes import ObjectiveOutcome, objective_outcomes
from okrctl.check import rules
from okrctl.check.finding import Context, Finding
from okrctl.scoring.scorecard import Scorecard
from okrctl.values.diagnostic import Diagnostic
from okrctl.workspace import File, Workspace

LOOKS_AT = "scorecard"


def run_retrospective_rules(workspace: Workspace, cards: Iterable[Scorecard], context: Context) -> list[Diagnostic]:
    """What there is to say of the objectives on these scorecards, in their order; suppressed findings left out."""
    backward = [rule for rule in rules.RULES if rule.LOOKS_AT == LOOKS_AT]
    found = []
    for card in cards:
        for subject in objective_outcomes(workspace, card):
            for rule in backward:
                severity = rules.severity_of(rule, context.config)
                if severity != "ignore":
                    placed = _unsuppressed(
                        subject.objective.node.file, rule.check(subject, context), (rule.CODE, rule.NAME)
                    )
                    found += [_build_diagnostic(one, subject, rule.CODE, rule.NAME, severity) for one in placed]
    return found


def format_lines(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """The findings as lines for people."""
    return [f"{one.code} {one.name}: {one.ref}: {one.message}" for one in diagnostics]


def _unsuppressed(file: File, findings: Iterator[Finding], names: tuple[str, str]) -> Iterator[Finding]:
    """The findings that no comment beside their place suppresses."""
    for one in findings:
        line = file.document.span_at(one.route).line
        here = [ignore for ignore in file.document.ignore_comments if line in (ignore.line, ignore.target)]
        if not any(word in names for ignore in here for word, _ in ignore.names):
            yield one


def _build_diagnostic(one: Finding, subject: ObjectiveOutcome, code: str, name: str, severity: object) -> Diagnostic:
    file = subject.objective.node.file
    return Diagnostic(
        file.path, file.document.span_at(one.route), code, name, severity, one.message, one.help, one.ref  # type: ignore[arg-type]
    )  # fmt: skip
