"""The hypotheses of a period and their verdicts, for people."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.hypotheses import DISCLAIMER, HypothesisResult, Impact
from okrctl.outputs.table.grid import Cell, fold_text, layout_row
from okrctl.outputs.terminal import TerminalStyle, paint, sanitize
from okrctl.outputs.text import kpi, scorecard

COLORS = {"supported": "green", "refuted": "red", "untested": "yellow", "no verdict": "yellow"}
VERDICT = 10


def render(result: Impact, look: TerminalStyle) -> str:
    """Each hypothesis with its verdict in front, then what it was and how it came out."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: Impact, look: TerminalStyle) -> Iterator[str]:
    period = result.period
    head = f"{period.id}  {period.start} to {period.end}"
    yield from layout_row([Cell(head, "bold", tail=f"as of {result.as_of}")], [look.width or 0], look)
    if not result.hypotheses:
        yield "no objective of this period has a hypothesis"
        return
    for one in result.hypotheses:
        yield ""
        yield from _hypothesis(one, look)
    yield ""
    warning = f"{DISCLAIMER[0].upper()}{DISCLAIMER[1:]}: something else may have moved the KPI."
    yield from (paint(line, "dim", look) for line in (fold_text(warning, look.width) if look.width else [warning]))


def _hypothesis(one: HypothesisResult, look: TerminalStyle) -> Iterator[str]:
    rest = look.width - VERDICT - 2 if look.width else 0
    verdict = one.verdict or "open"
    node = one.objective.node
    title = Cell(sanitize(node.model.title or node.id), "bold", tail=node.ref)
    yield from layout_row([Cell(verdict, f"bold {COLORS.get(verdict, 'cyan')}"), title], [VERDICT, rest], look)
    for text in (expectation(one), *outcome(one)):
        for line in fold_text(text, rest) if look.width else [text]:
            yield " " * (VERDICT + 2) + line


def expectation(one: HypothesisResult) -> str:
    """What was expected, and why."""
    ways = {"up": "to rise", "down": "to fall", "steady": "to stay where it is"}
    because = f": {sanitize(one.hypothesis.because)}" if one.hypothesis.because else ""
    return f"expected '{one.hypothesis.kpi}' {ways[one.hypothesis.expect]}{because}"


def outcome(one: HypothesisResult) -> Iterator[str]:
    """How the objective ended and what the KPI did, and what decided."""
    said = [f"score {scorecard.score(one.objective.score)}"]
    if one.kpi is not None and one.before is not None and one.after is not None:
        moved = f"{kpi.amount(one.before, one.kpi)} before, {kpi.amount(one.after, one.kpi)} after"
        said.append(f"{moved} ({kpi.signed_amount(one.after - one.before)})")
    if one.noise is not None:
        said.append(f"noise {scorecard.amount(one.noise)}")
    yield f"{', '.join(said)}: {sanitize(one.why)}"
