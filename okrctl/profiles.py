"""The profiles: consistent answers to what the sources of the field disagree on, as severities of rules."""

from __future__ import annotations

from okrctl.diagnostic import Severity

PROFILES: dict[str, dict[str, Severity]] = {
    "balanced": {},
    "academy": {
        "objective-has-number": "error",
        "objective-evergreen": "error",
        "kpi-has-target": "error",
        "kpi-as-key-result": "warning",
        "monetary-key-result": "info",
        "no-kpi": "info",
        "no-hypothesis": "info",
        "activity-as-key-result": "info",
    },
    "databox": {
        "objective-has-number": "ignore",
        "kpi-has-target": "ignore",
        "kpi-as-key-result": "ignore",
        "no-guardrail": "info",
        "no-parent": "info",
        "no-leading-kpi": "ignore",
    },
    "google": {
        "objective-is-activity": "warning",
        "activity-as-key-result": "warning",
        "too-few-key-results": "warning",
        "objective-business-as-usual": "warning",
        "kpi-has-target": "ignore",
    },
}
