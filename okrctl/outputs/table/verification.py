"""Whether seals hold, a line for each, and below it what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from okrctl.outputs.terminal import Look, painted, safe
from okrctl.seals.verify import Difference, Verification, Verified

WHERE = {"seal": "in the seal itself", "commit": "recomputed", "files": "in today's files"}


def render(result: Verification, look: Look) -> str:
    """The seals one after the other."""
    return "\n".join(line for one in result.seals for line in _seal(one, look))


def _seal(one: Verified, look: Look) -> Iterator[str]:
    word = painted("holds", "green bold", look) if one.holds else painted("does not hold", "red bold", look)
    yield f"{safe(one.period)} {word}  (recomputed from {safe(one.source)})"
    yield from (f"  {_difference(each, look)}" for each in one.differences)


def _difference(one: Difference, look: Look) -> str:
    was, now = (_value(value) for value in (one.sealed, one.now))
    return f"{safe(one.ref)}: {safe(one.field)} {was} {look.glyphs.arrow} {now}  ({WHERE[one.where]})"


def _value(value: Any) -> str:
    return "nothing" if value is None else safe(value if isinstance(value, str) else json.dumps(value))
