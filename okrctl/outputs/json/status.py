"""The weekly look as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.analysis.attention import StatusReport
from okrctl.outputs.json.scorecard import day, period


def plain(result: StatusReport) -> dict[str, Any]:
    """The periods looked at, and what needs a person, the worst first."""
    return {
        "version": 1,
        "periods": [period(card) for card in result.cards],
        "as_of": day(result.as_of),
        "attention": [
            {"ref": one.ref, "status": one.status, "why": one.why, "next": one.next} for one in result.attention
        ],
    }
