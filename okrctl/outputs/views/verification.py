"""Shows whether seals are valid: a line for each, and below it the causes of what differs."""

from __future__ import annotations

import json as standard_json
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from okrctl.history.seals.causes import SealCause, group_by_cause
from okrctl.history.seals.renames import Rename
from okrctl.history.seals.verify import SealDifference, SealVerification, Verification
from okrctl.outputs import json
from okrctl.outputs.documents import SealDifferenceData, SealDocument, SealsDocument
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize

MAX_SCORES = 5
ORIGINS = {"seal": "in the seal itself", "commit": "recomputed", "files": "in today's files"}


def render(result: Verification, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """Verified seals in a format; in JSON one seal is an object, several are under `periods`."""
    match format:
        case "table":
            return "\n".join(line for verified in result.results for line in _lines(verified, style))
        case "json":
            return json.document(data(result))


def data(result: Verification) -> SealDocument | SealsDocument:
    """One seal as an object, several under `periods`."""
    seals = [_data(verified) for verified in result.results]
    return seals[0] if result.is_single else {"periods": seals}


def _lines(verified: SealVerification, style: TerminalStyle) -> Iterator[str]:
    word = paint("seal valid", "green bold", style)
    if not verified.is_valid:
        word = paint("seal not valid", "red bold", style)
    yield f"{sanitize(verified.period)} {word}  (recomputed from {sanitize(verified.source)})"
    yield from (f"  {describe_cause(cause, style)}" for cause in group_by_cause(verified.differences))
    yield from (f"  {sanitize(describe_rename(rename))}" for rename in verified.renames)
    yield from (f"  {sanitize(line)}  (when it was closed)" for line in verified.unrecorded)


def describe_rename(rename: Rename) -> str:
    """What a goal or team was called in the seal."""
    if "/" not in rename.ref:
        return f"the team '{rename.ref}' was '{rename.was}'"
    for separator in "./":
        owner, _, _ = rename.ref.rpartition(separator)
        former, _, old = rename.was.rpartition(separator)
        if owner == former and owner:
            return f"{rename.ref}: id was {old}"
    return f"{rename.ref} was {rename.was}"


def describe_cause(cause: SealCause, style: TerminalStyle) -> str:
    """One line: a sentence, the figures of one node that differ, or the scores that follow from all of these."""
    if not cause.differences:
        text = sanitize(cause.text)
    elif cause.text:
        changes = (f"{sanitize(each.field)} {_change(each, style)}" for each in cause.differences)
        text = f"{sanitize(cause.text)}: {', '.join(changes)}"
    else:
        text = _consequences(cause.differences, style)
    return f"{text}  ({ORIGINS[cause.origin]})"


def _consequences(differences: Sequence[SealDifference], style: TerminalStyle) -> str:
    """The first scores that changed, and how many other figures."""
    shown = [each for each in differences if each.field == "score"][:MAX_SCORES]
    scores = [f"{sanitize(each.ref)} {_change(each, style)}" for each in shown]
    more = len(differences) - len(shown)
    others = [f"{more} figure{'s' * (more != 1)} that follow{'s' * (more == 1)}"] if more else []
    return f"differing with that: {', '.join(scores + others)}"


def _change(difference: SealDifference, style: TerminalStyle) -> str:
    return f"{_format(difference.sealed)} {style.glyphs.arrow} {_format(difference.now)}"


def _format(value: Any) -> str:
    if value is None:
        return "nothing"
    return sanitize(value if isinstance(value, str) else standard_json.dumps(value))


def _data(verified: SealVerification) -> SealDocument:
    differences: list[SealDifferenceData] = [
        {"where": each.origin, "ref": each.ref, "field": each.field, "sealed": each.sealed, "now": each.now}
        for each in verified.differences
    ]
    return {
        "period": verified.period,
        "sealed": verified.commit,
        "source": verified.source,
        "holds": verified.is_valid,
        "differences": differences,
        "unrecorded": list(verified.unrecorded),
        "renamed": [{"ref": each.ref, "was": each.was} for each in verified.renames],
    }
