"""Shows the hypotheses of a period and their verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from okrctl.analysis import arithmetic
from okrctl.analysis.hypotheses import DISCLAIMER, HypothesisResult, Impact
from okrctl.outputs import grid, json
from okrctl.outputs.documents import HypothesesDocument, HypothesisData, UsualData
from okrctl.outputs.grid import heading, layout_row, paragraph
from okrctl.outputs.markdown import escape, view_table
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.outputs.text import kpi as wording
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Cell, Column, Row, Table

COLORS = {"supported": "green", "refuted": "red", "untested": "yellow", "no verdict": "yellow"}
VERDICT = 10
NO_HYPOTHESIS = "no objective of this period has a hypothesis"
EXPECTATIONS = {"up": "to rise", "down": "to fall", "steady": "to stay where it is"}


def render(result: Impact, format: Literal["table", "markdown", "json"], style: TerminalStyle) -> str:
    """The hypotheses in a format; in JSON a verdict is null until the period is over."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "markdown":
            return markdown(result)
        case "json":
            return json.document(document(result))


def document(result: Impact) -> HypothesesDocument:
    """The period and its hypotheses."""
    period = result.period
    return {
        "period": {"id": period.id, "start": period.start, "end": period.end, "state": result.state},
        "hypotheses": [data(each) for each in result.hypotheses],
    }


def data(each: HypothesisResult) -> HypothesisData:
    """One hypothesis with its verdict, which is null until the period is over."""
    return {
        "ref": each.objective.node.ref,
        "kpi": each.hypothesis.kpi,
        "expect": each.hypothesis.expect,
        "within": each.hypothesis.within,
        "because": each.hypothesis.because,
        "score": each.objective.score,
        "succeeded": each.succeeded,
        "before": each.before,
        "after": each.after,
        "usual": _usual_data(each),
        "verdict": each.verdict,
        "why": each.why,
    }


def _usual_data(each: HypothesisResult) -> UsualData | None:
    usual = each.usual
    return None if usual is None else {"low": usual.low, "high": usual.high, "spans": usual.spans}


def markdown(result: Impact) -> str:
    """A heading and the table."""
    period = result.period
    head = f"### Hypotheses of {escape(period.id)}, {period.start} to {period.end}\n\n"
    if not result.hypotheses:
        return f"{head}{NO_HYPOTHESIS[0].upper()}{NO_HYPOTHESIS[1:]}.\n"
    table = view(result)
    return f"{head}{view_table(table)}\n\n{table.caption}\n"


def view(result: Impact) -> Table:
    """A row per hypothesis."""
    columns = (
        Column("Objective"),
        Column("Score", "score", True),
        Column("KPI", "kpi"),
        Column("Expected", "expected"),
        Column("Before", "before", True),
        Column("After", "after", True),
        Column("Usual change", "usual", True),
        Column("Verdict", "verdict"),
    )
    rows = [Row(tuple(_cells(each))) for each in result.hypotheses]
    return Table(columns, rows, f"{DISCLAIMER[0].upper()}{DISCLAIMER[1:]}.")


def _cells(each: HypothesisResult) -> Iterator[Cell]:
    node, hypothesis = each.objective.node, each.hypothesis
    yield Cell(scorecard.title(node), "name", notes=(Cell(node.ref, "ref"),))
    yield Cell(scorecard.score(each.objective.score, each.objective.precision))
    yield Cell(hypothesis.kpi, "ref")
    yield Cell(
        arithmetic.describe_expectation(hypothesis),
        notes=(Cell(hypothesis.because, "name"),) if hypothesis.because else (),
    )
    yield Cell(scorecard.NOTHING if each.before is None else wording.bare_amount(each.before))
    change = (Cell(wording.signed_amount(each.change)),) if each.change is not None else ()
    yield Cell(wording.amount(each.after, each.kpi), notes=change)
    yield Cell(scorecard.NOTHING if each.usual is None else arithmetic.describe_usual(each.usual))
    yield Cell(status=each.verdict or "open", notes=(Cell(each.why),))


def _lines(result: Impact, style: TerminalStyle) -> Iterator[str]:
    """Each hypothesis with its verdict in front, then what was expected and what happened."""
    period = result.period
    closing = ", the last closing day" if result.is_last_closing_day else ""
    yield from heading(f"{period.id}  {period.start} to {period.end}", f"as of {result.as_of}{closing}", style)
    if not result.hypotheses:
        yield NO_HYPOTHESIS
        return
    for each in result.hypotheses:
        yield ""
        yield from _hypothesis(each, style)
    yield ""
    disclaimer = f"{DISCLAIMER[0].upper()}{DISCLAIMER[1:]}: something else may have moved the KPI."
    yield from paragraph(disclaimer, style, "dim")


def _hypothesis(each: HypothesisResult, style: TerminalStyle) -> Iterator[str]:
    verdict = each.verdict or "open"
    node = each.objective.node
    title = grid.Cell(sanitize(scorecard.title(node)), "bold", tail=node.ref)
    rest = style.width - VERDICT - 2 if style.width else 0
    color = f"bold {COLORS.get(verdict, 'cyan')}"
    yield from layout_row([grid.Cell(verdict, color), title], [VERDICT, rest], style)
    for text in (_expectation(each), _outcome(each)):
        yield from paragraph(text, style, "", VERDICT + 2)


def summary(each: HypothesisResult) -> str:
    """One hypothesis on one line: what was expected, what the KPI did, the verdict and why."""
    because = f", because {each.hypothesis.because}" if each.hypothesis.because else ""
    expected = f"{each.hypothesis.kpi} {arithmetic.describe_expectation(each.hypothesis)}{because}"
    change = f" {wording.signed_amount(each.change)}," if each.change is not None and each.verdict else ""
    return sanitize(f"{expected}:{change} {each.verdict or 'open'} ({each.why})")


def _expectation(each: HypothesisResult) -> str:
    because = f": {sanitize(each.hypothesis.because)}" if each.hypothesis.because else ""
    expected = EXPECTATIONS[each.hypothesis.expect]
    if each.hypothesis.within:
        expected = f"to change by at most {sanitize(each.hypothesis.within.text)}"
    return f"expected '{each.hypothesis.kpi}' {expected}{because}"


def _outcome(each: HypothesisResult) -> str:
    """The score of the objective, what the KPI did, and what decided."""
    parts = [f"score {scorecard.score(each.objective.score, each.objective.precision)}"]
    if each.kpi is not None and each.before is not None and each.after is not None:
        before, after = wording.amount(each.before, each.kpi), wording.amount(each.after, each.kpi)
        parts.append(f"{before} before, {after} after ({wording.signed_amount(each.after - each.before)})")
    if each.usual is not None:
        parts.append(f"usual change {arithmetic.describe_usual(each.usual)}")
    return f"{', '.join(parts)}: {sanitize(each.why)}"
