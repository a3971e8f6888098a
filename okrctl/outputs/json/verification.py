"""Whether seals hold, as plain data."""

from __future__ import annotations

from typing import Any

from okrctl.seals.verify import Verification, Verified


def plain(result: Verification) -> dict[str, Any]:
    """One seal as an object, several under `periods`."""
    if result.single:
        return {"version": 1, **_seal(result.seals[0])}
    return {"version": 1, "periods": [_seal(one) for one in result.seals]}


def _seal(one: Verified) -> dict[str, Any]:
    differences = [
        {"where": each.where, "ref": each.ref, "field": each.field, "sealed": each.sealed, "now": each.now}
        for each in one.differences
    ]
    return {
        "period": one.period,
        "sealed": one.commit,
        "source": one.source,
        "holds": one.holds,
        "differences": differences,
    }
