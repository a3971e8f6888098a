"""Makes the seal of a period: its figures, where they come from, and a digest over all of it; reads and opens it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from okrctl import __version__
from okrctl.analysis.hypotheses import HypothesisResult, Impact
from okrctl.scoring.scorecard import ObjectiveScore, Scorecard
from okrctl.seals.payload import seal_figures
from okrctl.values import quantity
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Kind, Period, looks_like_period
from okrctl.workspace import Workspace

SEAL_FOLDER = "scorecards"
OUTCOMES = ("reached", "missed", "unclear")

Sealed = dict[str, Any]


def seal_path(period_id: str) -> str:
    """Where the seal of a period lies."""
    return f"{SEAL_FOLDER}/{period_id}.json"


@dataclass(frozen=True, slots=True)
class SealContext:
    """What a seal records beside the figures: the commit, the day, the findings, earlier seals that were opened."""

    commit: str | None
    closed: date
    findings: tuple[str, ...] = ()
    reopened: tuple[Mapping[str, Any], ...] = ()


def build_seal(workspace: Workspace, card: Scorecard, around: SealContext) -> Sealed:
    """The sealed scorecard: every figure with what it was worked out from, and the digest of all that."""
    sealed = {
        "version": 1,
        "period": {"id": card.period.id, "start": str(card.period.start), "end": str(card.period.end)},
        "closed": str(around.closed),
        "commit": around.commit,
        "okrctl": __version__,
        "findings": list(around.findings),
        "reopened": [dict(one) for one in around.reopened],
        **seal_figures(workspace, card),
    }
    return {**sealed, "digest": digest(sealed)}


def digest(sealed: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON (keys in order, no blanks, UTF-8) of everything but the digest."""
    rest = {key: value for key, value in sealed.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def render_seal(sealed: Mapping[str, Any]) -> str:
    """The text of a seal's file."""
    return json.dumps(sealed, indent=2, ensure_ascii=False) + "\n"


def parse_seal(path: str, text: str) -> Sealed:
    """The seal that a file holds; OkrctlError where it is none."""
    try:
        found = json.loads(text)
        if (
            isinstance(found, dict)
            and found["version"] == 1
            and sealed_period(found)
            and date.fromisoformat(found["as_of"])
        ):
            return found
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise OkrctlError(f"{path} is no sealed scorecard", "git log shows when it still was; `okrctl close` writes one")


def sealed_period(sealed: Mapping[str, Any]) -> Period:
    """The period that a seal is for."""
    said = sealed["period"]
    name = str(said["id"])
    kind: Kind = "quarter" if looks_like_period(name) else "custom"  # all that matters is whether it has a plain name
    return Period(name, date.fromisoformat(said["start"]), date.fromisoformat(said["end"]), kind)


def build_reopening(sealed: Sealed, on: date, by: str, reason: str) -> Sealed:
    """The record of a seal that was opened: the seal as it was, and who opened it when, and why."""
    if not reason.strip():
        raise OkrctlError("a seal is not opened without a reason", "give --reason TEXT")
    return {"version": 1, "reopened": {"date": str(on), "by": by, "reason": reason.strip()}, "seal": sealed}


def parse_reopening(text: str) -> Mapping[str, Any] | None:
    """Who opened the seal that a record holds, when and why, with the digest it had; None for another file."""
    try:
        found = json.loads(text)
        return {**found["reopened"], "digest": found["seal"]["digest"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def verdict_lines(found: Impact) -> list[str]:
    """The verdicts on the hypotheses, a line for each."""
    return [f"{one.objective.node.ref}: {one.hypothesis.kpi} {_describe_move(one)}: {one.verdict} ({one.why})"
            for one in found.hypotheses]  # fmt: skip


def _describe_move(one: HypothesisResult) -> str:
    unit = one.kpi.unit if one.kpi else None
    before, after = ("?" if value is None else quantity.format_number(value, unit) for value in (one.before, one.after))
    return f"expected {one.hypothesis.expect}, {before} -> {after}"


def objectives_without_outcome(card: Scorecard) -> list[ObjectiveScore]:
    """The active objectives without a person's verdict."""
    return [one for one in card.objectives if one.state == "active" and one.node.model.outcome is None]
