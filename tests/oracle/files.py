"""Writes the plain data as the YAML files of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.oracle.values import Formula, KeyResult, Kpi, Milestone, Objective, Period, Settings, Sheet, Typed, Workspace

Data = dict[str, Any]


def files(workspace: Workspace) -> dict[str, str]:
    """The workspace's files by path."""
    found = {"okrctl.yaml": text(_settings(workspace.settings))}
    for sheet in workspace.sheets:
        if sheet.objectives:
            found[f"okrs/{sheet.period.id}/{sheet.team}.yaml"] = text(_sheet(workspace, sheet))
    if workspace.kpis:
        found["kpis/all.yaml"] = text({"kpis": [_kpi(kpi) for kpi in workspace.kpis]})
    return found


def text(data: Data) -> str:
    """Block YAML; mappings whose keys are days, and lists of plain values, stand on one line."""
    return "\n".join(_lines(data)) + "\n"


def formula_text(formula: Formula) -> str:
    """A formula as people write it, every operation in brackets."""
    if isinstance(formula, tuple):
        sign, left, right = formula
        return f"({formula_text(left)} {sign} {formula_text(right)})"
    return str(formula)


def _settings(settings: Settings) -> Data:
    none = "none"
    return {
        "organisation": "Acme",
        "scoring": {
            "missing": settings.missing,
            "cap": none if settings.cap is None else settings.cap,
            "floor": none if settings.floor is None else settings.floor,
            "success": settings.success,
            "closing_days": settings.closing_days,
            "agree_days": settings.agree_days,
        },
        "pace": {"behind": settings.behind, "at_risk": settings.at_risk, "grace_days": settings.grace_days},
    }


def _sheet(workspace: Workspace, sheet: Sheet) -> Data:
    data: Data = {"period": _period(sheet.period)}
    if sheet.team != "company":
        data["team"] = sheet.team
    data["objectives"] = [_objective(workspace, one) for one in sheet.objectives]
    return data


def _period(period: Period) -> Any:
    return {"id": period.id, "start": period.start, "end": period.end} if period.custom else period.id


def _objective(workspace: Workspace, objective: Objective) -> Data:
    data: Data = {"id": objective.id, "title": f"Customers trust us in way {objective.uid}", "owner": "lea"}
    data |= _common(objective)
    if objective.hypothesis:
        data["hypothesis"] = {"kpi": objective.hypothesis, "expect": "up"}
    if objective.key_results:
        data["key_results"] = [_key_result(workspace, one) for one in objective.key_results]
    return data


def _common(thing: Objective | KeyResult) -> Data:
    data: Data = {"ambition": thing.ambition, "weight": thing.weight, "added": thing.added, "formerly": thing.formerly}
    if thing.state != "active":
        data["state"] = thing.state
        data |= {"since": thing.since, "reason": "Other things first"} if thing.since else {}
    if thing.score:
        data["score"] = _typed(thing.score)
    return {key: value for key, value in data.items() if value is not None}


def _typed(score: Typed) -> Data:
    data: Data = {"value": score.value, "by": "lea", "reason": "Seen with my own eyes"}
    return data | ({"date": score.date} if score.date else {})


def _key_result(workspace: Workspace, one: KeyResult) -> Data:
    data: Data = {"id": one.id, "title": f"Letters answered in way {one.uid}"}
    data |= _measure(one)
    data |= _common(one)
    data |= {"due": one.due, "cadence": one.cadence, "plan": one.plan or None}
    data["guards"] = "all" if one.guards else None
    data["aggregate"] = one.aggregate if one.aggregate != "latest" else None
    if one.kpi:
        data["kpi"] = one.kpi
    elif one.rollup:
        places = [workspace.place(uid) for uid in one.members]
        data["rollup"] = {one.rollup: [place.ref for place in places if place]}
    else:
        data["readings"] = {day: _reading(value) for day, value in sorted(one.readings.items())} or None
    return {key: value for key, value in data.items() if value is not None}


def _reading(value: Decimal | None) -> Any:
    return {"note": "Nothing new"} if value is None else value


def _measure(one: KeyResult) -> Data:
    match one.measure:
        case "metric":
            return {"from": one.start, "to": "TBD" if one.to is None else one.to}
        case "change":
            return {"from": one.start, "change": one.change} | ({"unit": "%"} if str(one.change).endswith("pp") else {})
        case "limit":
            both = one.at_least is not None and one.at_most is not None
            bounds: Data = {"between": [one.at_least, one.at_most]} if both else {}
            bounds |= {} if both else {"at_least": one.at_least, "at_most": one.at_most}
            return bounds | ({"judge": "held"} if one.judge == "held" else {})
        case "done":
            return {"done": one.done}
        case "milestones":
            return {"milestones": [_milestone(step) for step in one.milestones]}
        case "graded":
            return {"graded": {step: f"Step at {step}" for step in one.steps} if one.steps else True}


def _milestone(step: Milestone) -> Data:
    data: Data = {"title": step.title, "weight": step.weight, "due": step.due, "done": step.done}
    return {key: value for key, value in data.items() if value is not None}


def _kpi(kpi: Kpi) -> Data:
    data: Data = {"id": kpi.id, "title": f"Figure {kpi.id}", "owner": "lea", "better": kpi.better}
    data |= {"aggregate": kpi.aggregate} if kpi.aggregate != "latest" else {}
    data |= {"cadence": kpi.cadence} if kpi.cadence else {}
    if kpi.formula is not None:
        return data | {"formula": formula_text(kpi.formula)}
    return data | {"readings": dict(sorted(kpi.readings.items()))}


def _lines(data: Mapping[Any, Any]) -> list[str]:
    lines: list[str] = []
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{key}:")
            for item in value:
                first, *rest = _lines(item)
                lines += [f"  - {first}", *(f"    {line}" for line in rest)]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) and "%" in value else str(value)
