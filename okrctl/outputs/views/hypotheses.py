"""Shows the hypotheses of a period and their verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from okrctl.analysis import arithmetic
from okrctl.analysis.hypotheses import DISCLAIMER, HypothesisResult, Impact, Verdict
from okrctl.analysis.verdicts import MIN_LEVELS
from okrctl.outputs import grid, json
from okrctl.outputs.documents import HypothesesDocument, HypothesisData, UsualData
from okrctl.outputs.grid import GAP, heading, layout_row, one_line, paragraph
from okrctl.outputs.markdown import escape, view_table
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize
from okrctl.outputs.text import kpi as wording
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Cell, Column, Row, Table

COLORS = {"supported": "green", "refuted": "red", "untested": "yellow", "no verdict": "yellow"}
GROUPS: tuple[Verdict, ...] = ("refuted", "supported", "no verdict", "untested")
VERDICT = 10
INDENT, WIDE = 2, 110  # columns from which references and levels stand beside the titles
MIN_TITLE, WIDE_TITLE, MIN_REASON, MAX_UNIT = 20, 40, 21, 3
HEADS = {"kpi": "expected", "levels": "before and after", "change": "change", "usual": "usual change"}
JOINING = ("usual", "levels", "ref")
DROPPED = (*JOINING, "why", "change", "kpi")  # the earlier ones go first where the titles have no room
NO_HYPOTHESIS = "no objective of this period has a hypothesis"
EXPECTATIONS = {"up": "to rise", "down": "to fall", "steady": "to stay where it is"}


def render(
    result: Impact, format: Literal["table", "markdown", "json"], style: TerminalStyle, with_ids: bool = False
) -> str:
    """The hypotheses in a format; in JSON a verdict is null until the period is over."""
    match format:
        case "table":
            return "\n".join(_lines(result, style, with_ids)) + "\n"
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


def _lines(result: Impact, style: TerminalStyle, with_ids: bool) -> Iterator[str]:
    """On a terminal a line for each hypothesis below its verdict; elsewhere all there is to say of each."""
    yield from _head(result, style)
    if not result.hypotheses:
        yield from paragraph(NO_HYPOTHESIS, style)
        if style.width is not None:
            yield from paragraph("An objective names one with `hypothesis:`: okrctl explain hypothesis", style, "dim")
        return
    if style.width is None:
        for each in result.hypotheses:
            yield ""
            yield from _hypothesis(each, style)
    else:
        yield from _groups(result, style, with_ids)
    yield ""
    disclaimer = f"{DISCLAIMER[0].upper()}{DISCLAIMER[1:]}: something else may have moved the KPI."
    yield from paragraph(disclaimer, style, "dim")
    if style.width is not None:
        yield from paragraph(f"Details: okrctl show REF{'' if with_ids else ', --ids'}, --wide", style, "dim")


def _head(result: Impact, style: TerminalStyle) -> Iterator[str]:
    period = result.period
    closing = ", the last closing day" if result.is_last_closing_day else ""
    if style.width is None:
        yield from heading(f"{period.id}  {period.start} to {period.end}", f"as of {result.as_of}{closing}", style)
    else:
        yield from heading(period.id, f"{scorecard.period_days(result)}{closing}", style)


# On a terminal


def _groups(result: Impact, style: TerminalStyle, with_ids: bool) -> Iterator[str]:
    """The hypotheses by verdict, what was refuted first, in columns for all."""
    rows = [_texts(each, style, with_ids) for each in result.hypotheses]
    widths = _widths(rows, style, with_ids)
    heads = [grid.Cell(HEADS.get(name, ""), "dim", right=name == "change") for name in widths]
    yield ""
    yield from [one_line(heads, list(widths.values()), style, INDENT)] if len(widths) > 1 else []
    for verdict in (*GROUPS, None):
        members = [row for each, row in zip(result.hypotheses, rows, strict=True) if each.verdict == verdict]
        if members:
            title = verdict or f"open until {result.period.end}"
            yield from paragraph(title.capitalize(), style, f"bold {COLORS.get(title, '')}".strip())
        for row in members:
            colors = {"ref": "dim", "usual": "dim", "change": "bold"}
            cells = [grid.Cell(row[name], colors.get(name, ""), right=name == "change") for name in widths]
            yield one_line(cells, list(widths.values()), style, INDENT)


def _texts(each: HypothesisResult, style: TerminalStyle, with_ids: bool) -> dict[str, str]:
    """What stands in each column of a hypothesis."""
    node, is_wide = each.objective.node, style.is_wide(WIDE)
    return {
        "title": node.ref if with_ids else sanitize(scorecard.title(node)),
        "ref": node.ref if is_wide and not with_ids else "",
        "kpi": sanitize(f"{each.hypothesis.kpi} {each.hypothesis.expect}"),
        "levels": _levels(each, style.glyphs.arrow) if is_wide else "",
        "change": "" if each.change is None else _change(each, is_wide),
        "usual": arithmetic.describe_usual(each.usual) if each.usual is not None and is_wide else "",
        "why": sanitize(_short_reason(each)),
    }


def _change(each: HypothesisResult, is_wide: bool) -> str:
    """The change of the KPI, with its unit where that is short or there is room; that of a share is in points."""
    unit = each.kpi.unit if each.kpi is not None else None
    if unit == "%":
        return f"{wording.signed_amount(each.change or Fraction(0))} points"
    has_room = unit is not None and (is_wide or len(unit) <= MAX_UNIT)
    return wording.signed_amount(each.change or Fraction(0), unit if has_room else None)


def _levels(each: HypothesisResult, arrow: str) -> str:
    """The level of the KPI before the period and at its end."""
    if each.before is None or each.after is None:
        return ""
    return f"{wording.bare_amount(each.before)} {arrow} {wording.bare_amount(each.after)}"


def _short_reason(each: HypothesisResult) -> str:
    """What decided, in a few words; what the verdict says itself is left out."""
    match each.verdict:
        case None:
            return ""
        case "untested":
            return f"score only {scorecard.score(each.objective.score, each.objective.precision)}"
        case "no verdict" if each.kpi is None:
            return "no such KPI"
        case "no verdict" if each.before is None or each.after is None:
            return f"no reading {'before' if each.before is None else 'at the end'}"
        case "no verdict" if each.usual is None:
            return f"{len(each.levels)} of {MIN_LEVELS} earlier spans"
        case "refuted" if each.change and each.hypothesis.expect == ("down" if each.change > 0 else "up"):
            return "moved the other way"
    return each.why


def _widths(rows: list[dict[str, str]], style: TerminalStyle, with_ids: bool) -> dict[str, int]:
    """The columns that have a text: others join while titles and reasons keep room, and go where there is none."""
    natural = _natural_widths(rows)
    shown = {name: width for name, width in natural.items() if width}
    longest, reason = natural["title"], min(natural["why"], MIN_REASON)
    for name in DROPPED:
        least = longest if with_ids else min(longest, WIDE_TITLE if name in JOINING else MIN_TITLE)
        if _room(shown, style) < least + (reason if "why" in shown else 0):
            shown.pop(name, None)
    room = _room(shown, style)
    if "why" in shown:
        shown["why"] = max(min(shown["why"], room - longest), reason)
        room -= shown["why"]
    return shown | {"title": max(min(longest, room), 1)}


def _natural_widths(rows: list[dict[str, str]]) -> dict[str, int]:
    """The widest text of each column with its heading, 0 where there is none."""
    widths = {name: max(display_width(row[name]) for row in rows) for name in rows[0]}
    return {name: width and max(width, len(HEADS.get(name, ""))) for name, width in widths.items()}


def _room(shown: dict[str, int], style: TerminalStyle) -> int:
    """What the columns leave for titles and reasons."""
    others = sum(width for name, width in shown.items() if name not in ("title", "why"))
    return (style.width or 0) - INDENT - others - len(GAP) * (len(shown) - 1)


# Elsewhere


def _hypothesis(each: HypothesisResult, style: TerminalStyle) -> Iterator[str]:
    verdict = each.verdict or "open"
    node = each.objective.node
    title = grid.Cell(sanitize(scorecard.title(node)), "bold", tail=node.ref)
    color = f"bold {COLORS.get(verdict, 'cyan')}"
    yield from layout_row([grid.Cell(verdict, color), title], [VERDICT, 0], style)
    for text in (_expectation(each), _outcome(each)):
        yield from paragraph(text, style, "", VERDICT + 2)


def summary(each: HypothesisResult) -> str:
    """One hypothesis on one line: what was expected, the verdict and why, what the KPI did and usually does."""
    because = f", because {each.hypothesis.because}" if each.hypothesis.because else ""
    expected = f"{each.hypothesis.kpi} {arithmetic.describe_expectation(each.hypothesis)}{because}"
    figures = ", ".join(_figures(each))
    return sanitize(f"{expected}: {each.verdict or 'open'} ({each.why}){f'; {figures}' if figures else ''}")


def _figures(each: HypothesisResult) -> Iterator[str]:
    """What the KPI did, and what it usually does."""
    if each.kpi is not None and each.before is not None and each.after is not None:
        before, after = wording.amount(each.before, each.kpi), wording.amount(each.after, each.kpi)
        yield f"{before} before, {after} after ({wording.signed_amount(each.after - each.before)})"
    if each.usual is not None:
        yield f"usual change {arithmetic.describe_usual(each.usual)}"


def _expectation(each: HypothesisResult) -> str:
    because = f": {sanitize(each.hypothesis.because)}" if each.hypothesis.because else ""
    expected = EXPECTATIONS[each.hypothesis.expect]
    if each.hypothesis.within:
        expected = f"to change by at most {sanitize(each.hypothesis.within.text)}"
    return f"expected '{each.hypothesis.kpi}' {expected}{because}"


def _outcome(each: HypothesisResult) -> str:
    """The score of the objective, what the KPI did, and what decided."""
    parts = [f"score {scorecard.score(each.objective.score, each.objective.precision)}", *_figures(each)]
    return f"{', '.join(parts)}: {sanitize(each.why)}"
