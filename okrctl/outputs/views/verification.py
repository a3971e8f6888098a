"""Shows whether seals are valid: a line for each, and below it what differs."""

from __future__ import annotations

import json as standard_json
from collections.abc import Iterator
from typing import Any, Literal

from okrctl.outputs import json
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize
from okrctl.seals.verify import SealDifference, SealVerification, Verification

ORIGINS = {"seal": "in the seal itself", "commit": "recomputed", "files": "in today's files"}


def render(result: Verification, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """Verified seals in a format; in JSON one seal is an object, several are under `periods`."""
    match format:
        case "table":
            return "\n".join(line for verified in result.results for line in _lines(verified, style))
        case "json":
            seals = [_data(verified) for verified in result.results]
            return json.document(seals[0] if result.is_single else {"periods": seals})


def _lines(verified: SealVerification, style: TerminalStyle) -> Iterator[str]:
    word = paint("seal valid", "green bold", style)
    if not verified.is_valid:
        word = paint("seal not valid", "red bold", style)
    yield f"{sanitize(verified.period)} {word}  (recomputed from {sanitize(verified.source)})"
    yield from (f"  {_difference(difference, style)}" for difference in verified.differences)


def _difference(difference: SealDifference, style: TerminalStyle) -> str:
    change = f"{_format(difference.sealed)} {style.glyphs.arrow} {_format(difference.now)}"
    return f"{sanitize(difference.ref)}: {sanitize(difference.field)} {change}  ({ORIGINS[difference.origin]})"


def _format(value: Any) -> str:
    if value is None:
        return "nothing"
    return sanitize(value if isinstance(value, str) else standard_json.dumps(value))


def _data(verified: SealVerification) -> dict[str, Any]:
    differences = [
        {"where": each.origin, "ref": each.ref, "field": each.field, "sealed": each.sealed, "now": each.now}
        for each in verified.differences
    ]
    return {
        "period": verified.period,
        "sealed": verified.commit,
        "source": verified.source,
        "holds": verified.is_valid,
        "differences": differences,
    }
