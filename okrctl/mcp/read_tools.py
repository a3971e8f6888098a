"""The tools that look: each is the operation of a command, and returns what its `--format json` prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from okrctl.analysis.explanation import Explanation
from okrctl.check.rule_page import Rulebook, RuleEntry
from okrctl.check.title_explanation import TitleExplanation
from okrctl.kpis.attribution import Attribution
from okrctl.kpis.detail import KpiDetail
from okrctl.mcp.documents import PLAIN, Document, Origin, answer, data
from okrctl.operations import check as check_operation
from okrctl.operations import diff as diff_operation
from okrctl.operations import draft as draft_operation
from okrctl.operations import explain as explain_operation
from okrctl.operations import kpi as kpi_operation
from okrctl.operations import log as log_operation
from okrctl.operations import score as score_operation
from okrctl.operations import show as show_operation
from okrctl.operations import status as status_operation
from okrctl.operations.draft import DraftRequest
from okrctl.operations.load import Filters
from okrctl.operations.project import Project, parse_date
from okrctl.outputs import ci
from okrctl.outputs.ci.json import diagnostic_data
from okrctl.outputs.views import attribution as attribution_view
from okrctl.outputs.views import diff as diff_view
from okrctl.outputs.views import explanation as explanation_view
from okrctl.outputs.views import goal as goal_view
from okrctl.outputs.views import kpi as kpi_view
from okrctl.outputs.views import kpis as kpis_view
from okrctl.outputs.views import log as log_view
from okrctl.outputs.views import rules as rules_view
from okrctl.outputs.views import scorecard as scorecard_view
from okrctl.outputs.views import status as status_view
from okrctl.outputs.views import title as title_view
from okrctl.values.errors import NotFoundError

Day = Annotated[str | None, Field(description="A day as 2026-06-30; today if left out.")]
Revision = Annotated[str | None, Field(description="A commit, tag or date: read the files as they were then.")]
Ref = Annotated[str, Field(description="PERIOD/TEAM/OBJECTIVE, PERIOD/TEAM/OBJECTIVE.KEY_RESULT or its unique end.")]
Objective = Annotated[
    str | dict[str, Any],
    Field(description="The objective as YAML, or as an object with title, owner, key_results and other keys."),
]
PeriodName = Annotated[str, Field(description="A period, such as 2026-Q3.")]
TeamName = Annotated[str | None, Field(description="The id of the team; the company if left out.")]


class ReadingTools:
    """The tools that look. They write nothing, and contact nothing."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin

    def check(
        self,
        base: Annotated[str | None, Field(description="A revision: also check what changed since.")] = None,
        select: Annotated[list[str] | None, Field(description="Only these rules, by code, name or family.")] = None,
        ignore: Annotated[list[str] | None, Field(description="Without these rules.")] = None,
    ) -> Document:
        """Check the OKR and KPI files: findings with rule, severity, place, message and how to fix it."""

        def work(project: Project) -> Document:
            request = check_operation.CheckRequest(select=select or (), ignore=ignore or (), base=base)
            return data(ci.render(check_operation.check(project, request).report, "json", PLAIN))

        return self._answer(work)

    def score(
        self,
        periods: Annotated[list[str] | None, Field(description="Periods; the running ones if left out.")] = None,
        as_of: Day = None,
        known_at: Revision = None,
        teams: Annotated[list[str] | None, Field(description="Only these teams.")] = None,
    ) -> Document:
        """Score periods: scorecards with teams, objectives and key results, their scores and statuses."""

        def work(project: Project) -> Document:
            request = score_operation.ScoreRequest(periods or (), _day(as_of), known_at, Filters(teams or ()))
            result = score_operation.score(project, request)
            return data(scorecard_view.render(result.scorecards, "json", PLAIN))

        return self._answer(work)

    def status(self, as_of: Day = None) -> Document:
        """Say what needs attention, the worst first, each with why and the next command."""

        def work(project: Project) -> Document:
            result = status_operation.status(project, status_operation.StatusRequest(_day(as_of)))
            return data(status_view.render(result.report, "json", PLAIN))

        return self._answer(work)

    def show(self, ref: Ref, as_of: Day = None, known_at: Revision = None) -> Document:
        """Show an objective, key result or KPI in full, with its readings."""

        def work(project: Project) -> Document:
            found = show_operation.show(project, ref, as_of=_day(as_of), known_at=known_at)
            if isinstance(found, KpiDetail):
                return data(kpi_view.render(found, "json", PLAIN))
            return data(goal_view.render(found, "json", PLAIN))

        return self._answer(work)

    def explain(self, ref: Ref, as_of: Day = None, since: Day = None, until: Day = None) -> Document:
        """Explain a score, or why a KPI moved between two days, down to the reading and its commit."""

        def work(project: Project) -> Document:
            request = explain_operation.ExplainRequest(ref, _day(as_of), None, _day(since), _day(until))
            found = explain_operation.explain(project, request)
            if isinstance(found, Explanation):
                return data(explanation_view.render(found, "json", PLAIN))
            if isinstance(found, Attribution):
                return data(attribution_view.render(found, "json", PLAIN))
            raise NotFoundError(f"'{ref}' is not a goal or KPI", "use the tool explain_rule for rules")

        return self._answer(work)

    def kpis(
        self, as_of: Day = None, teams: Annotated[list[str] | None, Field(description="Only these teams.")] = None
    ) -> Document:
        """List the KPIs with value, trend, alarm and signal, the worst first."""

        def work(project: Project) -> Document:
            request = kpi_operation.KpiRequest(_day(as_of), None, Filters(teams or ()))
            return data(kpis_view.render(kpi_operation.kpi(project, request).overview, "json", PLAIN))

        return self._answer(work)

    def diff(
        self,
        revisions: Annotated[str | None, Field(description="REV..REV, or REV and the files; HEAD if left out.")] = None,
    ) -> Document:
        """Show what changed in meaning, whether targets got easier or harder, and what that does to the scores."""

        def work(project: Project) -> Document:
            return data(diff_view.render(diff_operation.diff(project, revisions), "json", PLAIN))

        return self._answer(work)

    def log(self, ref: Ref) -> Document:
        """Show the history of an objective, key result or KPI: values, targets, wording, who and when."""

        def work(project: Project) -> Document:
            return data(log_view.render(log_operation.log(project, ref), "json", PLAIN))

        return self._answer(work)

    def explain_rule(
        self,
        rule: Annotated[str, Field(description="A rule by code or name; `rules` lists all.")],
        title: Annotated[str | None, Field(description="A title: how the rule reads it.")] = None,
    ) -> Document:
        """Explain a rule with a bad and a good example, or how a rule about wording reads a title."""

        def work(project: Project) -> Document:
            found = explain_operation.explain(project, explain_operation.ExplainRequest(rule, title=title))
            match found:
                case TitleExplanation():
                    return data(title_view.render(found, "json", PLAIN))
                case RuleEntry() | Rulebook():
                    return data(rules_view.render(found, "json", PLAIN))
            raise NotFoundError(f"there is no rule '{rule}'", "`rules` lists all")

        return self._answer(work)

    def draft_check(self, objective: Objective, period: PeriodName, team: TeamName = None) -> Document:
        """Say what the rules find in an objective that is not written yet: the words of a coach. Nothing is written."""

        def work(project: Project) -> Document:
            request = DraftRequest(objective_text(objective), period, team)
            found = draft_operation.check_draft(project, request)
            return data(json.dumps({"version": 1, "findings": [diagnostic_data(each) for each in found]}))

        return self._answer(work)

    def _answer(self, work: Callable[[Project], Document]) -> Document:
        return answer(lambda: work(self.origin.project()))


def objective_text(objective: str | dict[str, Any]) -> str:
    """An objective as YAML, which takes JSON too."""
    return objective if isinstance(objective, str) else json.dumps(objective, ensure_ascii=False)


def _day(text: str | None) -> date | None:
    return None if text is None else parse_date(text)
