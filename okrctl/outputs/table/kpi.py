"""One KPI in full for people: its figures, what it is about, its course."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.kpis.detail import KpiDetail
from okrctl.kpis.overview import KpiStatus
from okrctl.outputs.plot import Plot, draw_plot, value_range
from okrctl.outputs.table.grid import GAP, Cell, layout_row
from okrctl.outputs.table.kpis import title
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.outputs.text import kpi

PLAIN_WIDTH = 100
LABEL = 12


def render(result: KpiDetail, look: TerminalStyle) -> str:
    """Figures, facts and a chart."""
    one = result.status
    lines = list(layout_row([title(one.kpi)], [look.width or 0], look))
    for label, text, style in _facts(result):
        lines += _fact(label, text, style, look)
    drawn = _course(one, look)
    return "\n".join([*lines, "", *drawn] if drawn else lines) + "\n"


def _course(one: KpiStatus, look: TerminalStyle) -> list[str]:
    """All values as a picture, with the bounds that are watched."""
    watch = one.kpi.model.watch
    bounds = [bound.number for bound in (watch.below, watch.above) if bound] if watch else []
    values = [(step.day, step.value) for step in one.series]
    ends = value_range(values, (), bounds, None)
    if len(values) < 2:
        return []
    labels = kpi.amount(ends[0], one.kpi), kpi.amount(ends[1], one.kpi)
    picture = Plot(values[0][0], values[-1][0], values, (), bounds, None, labels)
    return draw_plot(picture, look.width or PLAIN_WIDTH, look.glyphs)


def _facts(result: KpiDetail) -> Iterator[tuple[str, str, str]]:
    one, model = result.status, result.status.kpi.model
    on = f" on {one.value_date}" if one.value_date else ""
    how = f" of {result.period.id}" if result.period and one.kpi.aggregate != "latest" else ""
    yield "value", f"{kpi.value(one)}{how}{on}, {kpi.reading_age(one)}", "bold"
    yield "", sanitize(one.missing_reason or ""), "yellow"
    if one.previous is not None:
        moved = f"{kpi.change_with_trend(one.change, one.trend)}, from {kpi.amount(one.previous, one.kpi)}"
        yield "change", moved, kpi.TREND_COLORS.get(one.trend or "", "")
    if one.period_change is not None:
        yield "", f"{kpi.change_with_trend(one.period_change, one.period_trend)} {kpi.since_label(result.period)}", ""
    if one.is_getting_worse:
        yield "", f"worse {one.worsening_count} readings in a row", "red"
    yield "alarm", sanitize(one.alarm or ""), "red"
    yield "direction", ", ".join(part for part in (kpi.direction(one.kpi), model.indicator or "") if part), ""
    yield "owner", sanitize(", ".join(part for part in (model.owner, model.team) if part)), ""
    yield "formula", sanitize(model.formula or ""), ""
    yield "used in", ", ".join(result.used_in), ""
    yield "why", sanitize(model.why or ""), ""
    yield "about", sanitize(model.description or ""), ""
    yield "taken up", ", ".join(sanitize(one.ref) for one in one.objectives) or "by no active objective", ""
    others = [found for found in result.objectives if found not in one.objectives]
    yield "also named", ", ".join(sanitize(found.ref) for found in others), ""
    for link in model.links:
        yield "link", sanitize(link), ""


def _fact(label: str, text: str, style: str, look: TerminalStyle) -> Iterator[str]:
    if text:
        rest = look.width - LABEL - len(GAP) if look.width else 0
        yield from layout_row([Cell(label, "dim"), Cell(text, style)], [LABEL, rest], look)
