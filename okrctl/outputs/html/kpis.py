"""KPIs in HTML: all in a table with their courses, formulas as trees, the waterfall of why one moved, hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate

from okrctl.analysis.hypotheses import DISCLAIMER, HypothesisResult
from okrctl.analysis.period_report import KpiStory, PeriodReport
from okrctl.kpis.attribution import Attribution, Contribution
from okrctl.kpis.overview import KpiStatus
from okrctl.kpis.tree import KpiTreeNode
from okrctl.kpis.trend import trend_of
from okrctl.outputs.html import charts, markup
from okrctl.outputs.html.markup import chip, name, text
from okrctl.outputs.text import kpi as gauging
from okrctl.outputs.text import scorecard
from okrctl.workspace import Kpi

DEEPEST = 3
Ends = tuple[Fraction, Fraction]
TOLD = {"rise": " <small>helps</small>", "fall": " <small>hurts</small>", "same": ""}
PULLS = {"up": "pulls it up when it rises", "down": "pulls it down when it rises"}


def board(result: PeriodReport) -> str:
    """A table of all KPIs, the worst first."""
    if not result.kpi_overview.statuses:
        return '<p class="soft">No KPIs.</p>'
    since = gauging.since_label(result.kpi_overview.period)
    heads = (
        ("KPI", ""),
        ("Value", ""),
        ("Change", ""),
        (since[0].upper() + since[1:], ""),
        ("Course", "c"),
        ("Age", "a"),
        ("Taken up by", ""),
    )
    caption = text(f"{gauging.heading(result.kpi_overview)} as of {result.kpi_overview.as_of}")
    return markup.table(caption, heads, (_gauge(one, result) for one in result.kpi_overview.statuses), "stack")


def _gauge(one: KpiStatus, result: PeriodReport) -> str:
    alarm = f" {chip('alarm')}<small>{text(one.alarm)}</small>" if one.alarm else ""
    said = [name(result.owner_name(one.kpi.owner))] if one.kpi.owner else []
    owner = f"<small>{' · '.join([*said, markup.link(result.link_base, *result.location(one.kpi))])}</small>"
    label = f"Course of the last readings, now {gauging.value(one)}"
    refs = "".join(f"<small>{text(objective.ref)}</small>" for objective in one.objectives)
    cells = [
        (text(gauging.value(one)) + alarm, ""),
        (_moved(one.change, one.trend), "ch"),
        (_moved(one.period_change, one.period_trend), "si"),
        (charts.sparkline(one.sparkline, label), "c"),
        (text(gauging.reading_age(one)), "a"),
        (refs or '<small class="soft">nobody</small>', "tk"),
    ]
    return markup.row(name(one.kpi.model.title or one.kpi.id) + owner, cells)


def _moved(change: Fraction | None, trend: str | None) -> str:
    if change is None:
        return scorecard.NOTHING
    if not change:
        return "steady"
    return text(gauging.signed_amount(change)) + (f" {chip(trend)}" if trend else "")


def story(one: KpiStory) -> str:
    """Why a KPI moved as a waterfall, and what it is made of."""
    kpi = one.tree.status.kpi
    title = name(kpi.model.title or kpi.id)
    closing = "".join(f"<p>{text(line)}</p>" for line in gauging.attribution_notes(one.attribution))
    formula = f"<p><code>{text(kpi.id)} = {text(kpi.model.formula or '')}</code></p>"
    tree = f'<ul class="tree">{_branch(one.tree)}</ul>'
    made = f"<details open><summary>What it is made of</summary>{formula}{tree}</details>"
    return f"<h3>{title}</h3>\n{_waterfall(one.attribution)}{closing}{made}"


def _waterfall(told: Attribution) -> str:
    old, new = gauging.amount(told.old, told.kpi), gauging.amount(told.new, told.kpi)
    caption = f"Why it moved: {old} on {told.since}, {new} on {told.until}"
    if told.change is not None:
        caption += f", {gauging.change_with_trend(told.change, trend_of(told.kpi, told.old, told.new))}"
    if not told.contributions:
        return f"<p>{text(caption)}</p>"
    heads = (("Input", ""), (str(told.since), "n"), (str(told.until), "n"), ("Part", "n"), ("Step", "w"))
    return markup.table(text(caption), heads, _steps(told, old, new), "stack")


def _steps(told: Attribution, old: str, new: str) -> Iterator[str]:
    """The value before, the parts that lead away from it, the value after; all on one scale that begins at 0."""
    before, after = told.old or Fraction(0), told.new or Fraction(0)
    heights = _heights(told.contributions, before)
    ends = min(Fraction(0), *heights), max(Fraction(0), *heights)
    title = name(told.kpi.model.title or told.kpi.id)
    first, last = (charts.waterfall_step(Fraction(0), height, *ends, "same") for height in (before, after))
    yield markup.row(f"{title}, before", [(text(old), "n"), ("", "n"), ("", "n"), (first, "w")])
    yield from _parts(told.contributions, 0, before, told.kpi, ends)
    yield markup.row(f"{title}, after", [("", "n"), (text(new), "n"), ("", "n"), (last, "w")])


def _heights(parts: list[Contribution], start: Fraction) -> list[Fraction]:
    return list(accumulate((one.amount for one in parts), initial=start))


def _parts(parts: list[Contribution], level: int, start: Fraction, of: Kpi, ends: Ends | None = None) -> Iterator[str]:
    """A row for each part; its step begins where the one above it ended, on the scale of its own level."""
    heights = _heights(parts, start)
    low, high = ends or (min(heights), max(heights))
    better = {"higher": 1, "lower": -1}.get(of.model.better or "", 0)
    for number, one in enumerate(parts):
        gain = one.amount * better
        tone = "rise" if gain > 0 else "fall" if gain < 0 else "same"
        drawn = charts.waterfall_step(heights[number], heights[number + 1], low, high, tone) if high > low else ""
        remark = f"<small>{text(one.remark)}</small>" if one.remark else ""
        cells = [
            (text(gauging.amount(one.old, one.kpi)), "n was"),
            (text(gauging.amount(one.new, one.kpi)), "n is"),
            (text(gauging.signed_amount(one.amount)) + TOLD[tone], "n pt"),
            (drawn, "w"),
        ]
        kind = f' class="level-{min(level, DEEPEST)}"' if level else ""
        yield markup.row(name(one.kpi.model.title or one.kpi.id) + remark, cells, kind)
        yield from _parts(one.contributions, level + 1, one.old, one.kpi)


def _branch(one: KpiTreeNode) -> str:
    kpi = one.status.kpi
    pull = f' <span class="soft">{PULLS[one.effect]}</span>' if one.effect else ""
    repeated = ' <span class="soft">see above</span>' if one.is_repeated else ""
    head = f"{name(kpi.model.title or kpi.id)}: {text(gauging.value(one.status))}{pull}{repeated}"
    inner = "".join(map(_branch, one.children))
    return f"<li>{head}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def hypotheses(result: PeriodReport) -> str:
    """A table of what was expected of KPIs and what came of it."""
    heads = (
        ("Objective", ""),
        ("KPI", ""),
        ("Expected", ""),
        ("Before", "n"),
        ("After", "n"),
        ("Noise", "n"),
        ("Verdict", ""),
    )
    rows = map(_tested, result.impact.hypotheses)
    return markup.table(f"{DISCLAIMER[0].upper()}{DISCLAIMER[1:]}.", heads, rows, "stack")


def _tested(one: HypothesisResult) -> str:
    node = one.objective.node
    kpi = one.kpi.model.title or one.kpi.id if one.kpi else one.hypothesis.kpi
    amounts = [gauging.amount(value, one.kpi) if one.kpi else scorecard.NOTHING for value in (one.before, one.after)]
    noise = scorecard.NOTHING if one.noise is None else scorecard.amount(one.noise)
    because = f"<small>{name(one.hypothesis.because)}</small>" if one.hypothesis.because else ""
    cells = [
        (name(kpi), ""),
        (text(one.hypothesis.expect) + because, ""),
        (text(amounts[0]), "n be"),
        (text(amounts[1]), "n af"),
        (text(noise), "n no"),
        (f"{chip(one.verdict or 'open')}<small>{text(one.why)}</small>", ""),
    ]
    return markup.row(name(node.model.title or node.id), cells)
