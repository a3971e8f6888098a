"""The hypotheses of a period and their verdicts, for people."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.hypotheses import NO_PROOF, Impact, Tested
from okrctl.outputs.table.grid import Cell, broken, row
from okrctl.outputs.terminal import Look, painted, safe
from okrctl.outputs.text import kpi, scorecard

COLORS = {"supported": "green", "refuted": "red", "untested": "yellow", "no verdict": "yellow"}
VERDICT = 10


def render(result: Impact, look: Look) -> str:
    """Each hypothesis with its verdict in front, then what it was and how it came out."""
    return "\n".join(_lines(result, look)) + "\n"


def _lines(result: Impact, look: Look) -> Iterator[str]:
    period = result.period
    head = f"{period.id}  {period.start} to {period.end}"
    yield from row([Cell(head, "bold", tail=f"as of {result.as_of}")], [look.width or 0], look)
    if not result.hypotheses:
        yield "no objective of this period has a hypothesis"
        return
    for one in result.hypotheses:
        yield ""
        yield from _hypothesis(one, look)
    yield ""
    warning = f"{NO_PROOF[0].upper()}{NO_PROOF[1:]}: something else may have moved the KPI."
    yield from (painted(line, "dim", look) for line in (broken(warning, look.width) if look.width else [warning]))


def _hypothesis(one: Tested, look: Look) -> Iterator[str]:
    rest = look.width - VERDICT - 2 if look.width else 0
    verdict = one.verdict or "open"
    node = one.objective.node
    title = Cell(safe(node.model.title or node.id), "bold", tail=node.ref)
    yield from row([Cell(verdict, f"bold {COLORS.get(verdict, 'cyan')}"), title], [VERDICT, rest], look)
    for text in (expected(one), *came_out(one)):
        for line in broken(text, rest) if look.width else [text]:
            yield " " * (VERDICT + 2) + line


def expected(one: Tested) -> str:
    """What was expected, and why."""
    ways = {"up": "to rise", "down": "to fall", "steady": "to stay where it is"}
    because = f": {safe(one.guess.because)}" if one.guess.because else ""
    return f"expected '{one.guess.kpi}' {ways[one.guess.expect]}{because}"


def came_out(one: Tested) -> Iterator[str]:
    """How the objective ended and what the KPI did, and what decided."""
    said = [f"score {scorecard.score(one.objective.score)}"]
    if one.kpi is not None and one.before is not None and one.after is not None:
        moved = f"{kpi.amount(one.before, one.kpi)} before, {kpi.amount(one.after, one.kpi)} after"
        said.append(f"{moved} ({kpi.signed(one.after - one.before)})")
    if one.noise is not None:
        said.append(f"noise {scorecard.amount(one.noise)}")
    yield f"{', '.join(said)}: {safe(one.why)}"
