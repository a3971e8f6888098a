"""Whether seals hold, a line for each, and below it what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from okrctl.outputs.terminal import TerminalStyle, paint, sanitize
from okrctl.seals.verify import SealDifference, SealVerification, Verification

WHERE = {"seal": "in the seal itself", "commit": "recomputed", "files": "in today's files"}


def render(result: Verification, look: TerminalStyle) -> str:
    """The seals one after the other."""
    return "\n".join(line for one in result.results for line in _seal(one, look))


def _seal(one: SealVerification, look: TerminalStyle) -> Iterator[str]:
    word = paint("holds", "green bold", look) if one.is_valid else paint("does not hold", "red bold", look)
    yield f"{sanitize(one.period)} {word}  (recomputed from {sanitize(one.source)})"
    yield from (f"  {_difference(each, look)}" for each in one.differences)


def _difference(one: SealDifference, look: TerminalStyle) -> str:
    was, now = (_value(value) for value in (one.sealed, one.now))
    return f"{sanitize(one.ref)}: {sanitize(one.field)} {was} {look.glyphs.arrow} {now}  ({WHERE[one.origin]})"


def _value(value: Any) -> str:
    return "nothing" if value is None else sanitize(value if isinstance(value, str) else json.dumps(value))
