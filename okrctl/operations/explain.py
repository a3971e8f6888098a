"""Explains a score with its arithmetic, why a KPI moved, or a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from okrctl import docs
from okrctl.analysis import explanation
from okrctl.analysis.explanation import Explanation
from okrctl.check import rule_page
from okrctl.check.rule_page import Rulebook, RuleEntry
from okrctl.check.title_explanation import TitleExplanation, explain_title
from okrctl.history import blame
from okrctl.kpis import attribution
from okrctl.kpis.attribution import Attribution
from okrctl.kpis.series import KpiValues
from okrctl.kpis.signals import find_signal
from okrctl.kpis.slots import slot_of
from okrctl.operations.load import Loaded, find_repository, load_at_revision
from okrctl.operations.project import Project
from okrctl.values.errors import NotFoundError, OkrctlError
from okrctl.workspace import KeyResult, Kpi, Objective, Workspace, disk, references

RULE_LIST = "rules"
TOPIC_LIST = "topics"
LISTS_HINT = "`okrctl explain topics` and `okrctl explain rules` list the rest"


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """What to explain: a reference, KPI, rule or topic, `rules` or `topics`.

    `since` and `until` limit the change of a KPI; `title` is what a rule about wording is asked about.
    """

    subject: str
    as_of: date | None = None
    known_at: str | None = None
    since: date | None = None
    until: date | None = None
    title: str | None = None


def explain(
    project: Project, request: ExplainRequest
) -> Explanation | Attribution | RuleEntry | Rulebook | TitleExplanation | docs.ManualPage | docs.ManualIndex:
    """Return the explanation of a score, a KPI, a rule or a topic of the manual, or the list of rules or topics."""
    if request.title is not None:
        return _explain_title(project, request.subject, request.title)
    return (
        _explain_topic(project, request) or _explain_rule(project, request.subject) or _explain_node(project, request)
    )


def _explain_topic(project: Project, request: ExplainRequest) -> docs.ManualPage | docs.ManualIndex | None:
    """Return a page or word of the manual, or the list of all; a goal or KPI with the same name comes first.

    The manual needs no workspace and no valid settings. The list of rules is not its page: it has the severities here.
    """
    name = request.subject.casefold()
    index = docs.build_index() if name == TOPIC_LIST else None
    page = None if name == RULE_LIST else docs.find_topic(request.subject)
    if (index or page) and project.has_workspace():
        try:
            loaded = load_at_revision(project, request.known_at)
            references.find_node(loaded.workspace, request.subject, loaded.today, (Objective, KeyResult, Kpi))
        except OkrctlError:
            return index or page
        return None
    return index or page


def _explain_rule(project: Project, name: str) -> RuleEntry | Rulebook | None:
    """Return the list of rules, or the rule of this code or name; None where there is none."""
    config, _ = disk.read_settings(project.root, index=project.index)
    if name.casefold() == RULE_LIST:
        return rule_page.build_rulebook(config)
    rule = rule_page.find_rule(name)
    return rule_page.build_entry(rule, config) if rule else None


def _explain_title(project: Project, name: str, title: str) -> TitleExplanation:
    rule = rule_page.find_rule(name)
    if rule is None:
        raise _unknown_rule(name)
    config, _ = disk.read_settings(project.root, index=project.index)
    return explain_title(rule, title, config.language)


def _explain_node(project: Project, request: ExplainRequest) -> Explanation | Attribution:
    """Return the arithmetic of a score or KPI; raises OkrctlError where the subject is neither rule nor node."""
    looks_like_rule = _looks_like_rule(request.subject)
    if looks_like_rule and not project.has_workspace():
        raise _unknown_rule(request.subject)
    loaded = load_at_revision(project, request.known_at)
    workspace = loaded.workspace
    try:
        node = references.find_node(workspace, request.subject, loaded.today, (Objective, KeyResult, Kpi))
    except OkrctlError as error:
        raise (_unknown_rule(request.subject) if looks_like_rule else _unknown_subject(error)) from error
    if isinstance(node, Kpi):
        return explain_kpi(workspace, node, request.since, request.until, request.as_of or loaded.today)
    if request.since is not None or request.until is not None:
        raise OkrctlError(f"--since and --until need a KPI, and {node.ref} is not one", "choose a day with --as-of")
    return explain_goal(project, loaded, node, request.as_of)


def explain_goal(project: Project, loaded: Loaded, node: Objective | KeyResult, as_of: date | None) -> Explanation:
    """Return the arithmetic of the score of a loaded goal, with the commits that its numbers come from."""
    workspace = loaded.workspace
    found = explanation.explain_score(workspace, node, loaded.day_of(node.period, as_of))
    repository = find_repository(project)
    if repository is None:
        return found
    places = explanation.input_places(found)
    lines = blame.find_line_commits(repository, workspace, places, loaded.commit)
    if lines.problem:
        project.notify(lines.problem)
    return explanation.with_commits(found, lines.commits)


def explain_kpi(workspace: Workspace, kpi: Kpi, since: date | None, until: date | None, day: date) -> Attribution:
    """Return why a KPI moved, and its signal, by what is known on a day.

    By default since the day before the shortest period on the day, until the day.
    """
    until = until or day
    values = KpiValues(workspace, until)
    if since is None:
        return replace(attribution.attribute_period(values, kpi), judged=find_signal(values, kpi))
    if since >= until:
        raise OkrctlError(
            f"--since {since} must be before --until {until}", "use an earlier --since or a later --until"
        )
    if values.figures.is_computed_flow(kpi):
        end = slot_of(until, values.figures.cadence(kpi)).last
        if until < end <= day:  # the slot is over, so it counts whole
            values = KpiValues(workspace, end)
    return replace(attribution.attribute_change(values, kpi, since, until), judged=find_signal(values, kpi))


def _looks_like_rule(text: str) -> bool:
    return bool(rule_page.closest_rule_name(text) or re.fullmatch(r"(?i)okr[0-9]+", text))


def _unknown_subject(error: OkrctlError) -> OkrctlError:
    return OkrctlError(error.message, f"{error.hint}; {LISTS_HINT}" if error.hint else LISTS_HINT)


def _unknown_rule(text: str) -> OkrctlError:
    closest = rule_page.closest_rule_name(text)
    return NotFoundError(f"no such rule: '{text}'", f"did you mean '{closest}'?" if closest else rule_page.LIST_HINT)
