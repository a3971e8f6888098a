"""The profiles: consistent answers to what the sources of the field disagree on, as severities of rules."""

from __future__ import annotations

from okrctl.values.diagnostic import Severity

PROFILES: dict[str, dict[str, Severity]] = {
    "balanced": {},
    # Objectives without numbers, KPIs without targets, key results that drive instead of indicate.
    "academy": {
        "objective-has-number": "error",
        "objective-evergreen": "error",
        "kpi-has-target": "error",
        "kpi-as-key-result": "warning",
        "monetary-key-result": "info",
        "no-kpi": "info",
        "no-hypothesis": "info",
        "no-leading-kpi": "warning",
        "only-monetary-kpis": "warning",
        "too-many-range-kpis": "warning",
    },
    # Targets for KPIs and KPIs as key results are fine; every push wants a counterweight.
    "databox": {
        "objective-has-number": "ignore",
        "objective-evergreen": "info",
        "kpi-has-target": "ignore",
        "kpi-as-key-result": "ignore",
        "monetary-key-result": "ignore",
        "activity-as-key-result": "ignore",
        "too-few-key-results": "ignore",
        "no-guardrail": "info",
        "no-parent": "info",
    },
    # Few objectives with about three key results each; words of work are outcomes not yet found.
    "google": {
        "objective-is-activity": "warning",
        "objective-business-as-usual": "warning",
        "activity-as-key-result": "warning",
        "too-few-key-results": "warning",
        "kpi-has-target": "ignore",
    },
}
