"""The seal of a period: its figures, their inputs, and a digest of all that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from okrctl import __version__
from okrctl.analysis.arithmetic import round_figure
from okrctl.analysis.hypotheses import HypothesisResult, Impact
from okrctl.history.seals.payload import seal_figures
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.values import quantity
from okrctl.values.errors import ConfirmError, FilesError
from okrctl.values.period import Kind, Period, looks_like_period
from okrctl.workspace import Workspace

SEAL_FOLDER = "scorecards"
OUTCOMES = ("reached", "missed", "unclear")

Sealed = dict[str, Any]


def seal_path(period_id: str) -> str:
    """The path of the seal of a period."""
    return f"{SEAL_FOLDER}/{period_id}.json"


@dataclass(frozen=True, slots=True)
class SealContext:
    """What a seal records beside the figures: the commit, the day, the findings, earlier reopenings."""

    commit: str | None
    closed: date
    findings: tuple[str, ...] = ()
    reopened: tuple[Mapping[str, Any], ...] = ()


def build_seal(workspace: Workspace, card: Scorecard, context: SealContext) -> Sealed:
    """The sealed scorecard: every figure with its inputs, and the digest of all that."""
    sealed = {
        "version": 1,
        "period": {"id": card.period.id, "start": str(card.period.start), "end": str(card.period.end)},
        "closed": str(context.closed),
        "commit": context.commit,
        "okrctl": __version__,
        "findings": list(context.findings),
        "reopened": [dict(reopening) for reopening in context.reopened],
        **seal_figures(workspace, card),
    }
    return {**sealed, "digest": digest(sealed)}


def digest(sealed: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (keys in order, no blanks, UTF-8) of everything but the digest."""
    rest = {key: value for key, value in sealed.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def render_seal(sealed: Mapping[str, Any]) -> str:
    """The text of a seal's file."""
    return json.dumps(sealed, indent=2, ensure_ascii=False) + "\n"


def parse_seal(path: str, text: str) -> Sealed:
    """The seal in a file. Raises OkrctlError for anything else."""
    try:
        sealed = json.loads(text)
        if isinstance(sealed, dict) and sealed["version"] == 1:
            sealed_period(sealed)
            date.fromisoformat(sealed["as_of"])
            _require_form(sealed)
            return sealed
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise FilesError(f"{path} is not a sealed scorecard", "restore it from git; `okrctl close` writes one")


def _require_form(sealed: Mapping[str, Any]) -> None:
    """Raise TypeError or KeyError unless the goals have the form that everything that reads seals counts on.

    Anyone may have edited the file. What its values are is not judged here, `okrctl verify` compares them.
    """
    _require_text(sealed.get("commit"))
    _mappings(sealed.get("reopened"))
    for team in _mappings(sealed.get("teams")):
        for objective in _mappings(team.get("objectives")):
            for goal in (objective, *_present_mappings(objective["key_results"])):
                _require_goal(goal)


def _require_goal(goal: Mapping[str, Any]) -> None:
    if not isinstance(goal["ref"], str):
        raise TypeError("ref")
    if goal.get("by_hand") is not None:
        _ = _mappings([goal["by_hand"]])[0]["value"]
    for step in _present_mappings(goal.get("steps", [])):
        _require_text(step.get("done"))
    for reading in _mappings(goal.get("readings")):
        _require_text(reading["date"])
        _ = reading["value"]


def _require_text(value: object) -> None:
    if not isinstance(value, str | None):
        raise TypeError("text")


def _present_mappings(value: Any) -> list[Mapping[str, Any]]:
    """A list of mappings. Raises TypeError for anything else, and for nothing."""
    if value is None:
        raise TypeError("list")
    return _mappings(value)


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    """A list of mappings, an empty one for nothing. Raises TypeError for anything else."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise TypeError("list")
    return value


def sealed_period(sealed: Mapping[str, Any]) -> Period:
    """The period that a seal is for."""
    period = sealed["period"]
    name = str(period["id"])
    kind: Kind = "quarter" if looks_like_period(name) else "custom"  # all that matters is whether it has a plain name
    return Period(name, date.fromisoformat(period["start"]), date.fromisoformat(period["end"]), kind)


def build_reopening(sealed: Sealed, on: date, by: str, reason: str) -> Sealed:
    """The record of a reopened seal: the seal as it was, and who reopened it when, and why."""
    if not reason.strip():
        raise ConfirmError("reopening a period needs a reason", "use --reason TEXT")
    return {"version": 1, "reopened": {"date": str(on), "by": by, "reason": reason.strip()}, "seal": sealed}


def parse_reopening(text: str) -> Mapping[str, Any] | None:
    """Who reopened a seal, when and why, and the digest it had; None for a file that is no record of that."""
    try:
        record = json.loads(text)
        return {**record["reopened"], "digest": record["seal"]["digest"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def verdict_lines(impact: Impact) -> list[str]:
    """The verdicts on the hypotheses, a line for each."""
    return [_describe_result(result) for result in impact.hypotheses]


def _describe_result(result: HypothesisResult) -> str:
    unit = result.kpi.unit if result.kpi else None
    before, after = (
        "?" if value is None else quantity.format_number(round_figure(value), unit)
        for value in (result.before, result.after)
    )
    hypothesis = result.hypothesis
    within = f" within {hypothesis.within.text}" if hypothesis.within else ""
    move = f"{hypothesis.kpi} expected {hypothesis.expect}{within}, {before} -> {after}"
    verdict = result.verdict or "no verdict yet"
    return f"{result.objective.node.ref}: {move}: {verdict} ({result.why})"


def objectives_without_outcome(card: Scorecard) -> list[ObjectiveScore]:
    """The active objectives without a typed outcome."""
    active = (objective for objective in card.objectives if objective.state == "active")
    return [objective for objective in active if objective.node.model.outcome is None]
