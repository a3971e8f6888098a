"""Whether seals hold, as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.seals.verify import SealVerification, Verification


def plain(result: Verification) -> dict[str, Any]:
    """One seal as an object, several under `periods`."""
    if result.is_single:
        return {"version": 1, **_seal(result.results[0])}
    return {"version": 1, "periods": [_seal(one) for one in result.results]}


def _seal(one: SealVerification) -> dict[str, Any]:
    differences = [
        {"where": each.origin, "ref": each.ref, "field": each.field, "sealed": each.sealed, "now": each.now}
        for each in one.differences
    ]
    return {
        "period": one.period,
        "sealed": one.commit,
        "source": one.source,
        "holds": one.is_valid,
        "differences": differences,
    }
