"""Shows all KPIs, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.trend import Trend
from okrctl.outputs import grid, json
from okrctl.outputs.documents import ComparisonData, KpiData, KpisDocument, LimitsData
from okrctl.outputs.grid import GAP, heading, one_line, paragraph
from okrctl.outputs.markdown import code_span, escape, view_table
from okrctl.outputs.plot import sparkline
from okrctl.outputs.terminal import TerminalStyle, display_width, sanitize
from okrctl.outputs.text import kpi as wording
from okrctl.outputs.text import scorecard
from okrctl.outputs.view import Cell, Column, Row, Table
from okrctl.values.period import Period
from okrctl.workspace import Kpi

MIN_TITLE, WIDE_TITLE, MAX_TITLE = 10, 34, 70
SPARKLINE_CELLS = (8, 16)  # on a narrow and on a roomy terminal
ROOMY = 110
ORDER = ("title", "id", "value", "trend", "change", "since", "age", "alarm", "owner", "addressed", "usual", "notes")
NARROW = ("value", "trend", "since", "age", "alarm")
JOINING = ("id", "change", "owner", "addressed", "usual", "notes")  # the earlier ones join first
DROPPED = ("trend", "age", "since", "alarm", "value")  # on a narrow terminal the earlier ones go first
RIGHT = ("value", "change", "since")
TREND_COLORS = {"better": "green", "worse": "red", "steady": "dim"}


def render(
    result: KpiOverview, format: Literal["table", "markdown", "json"], style: TerminalStyle, with_ids: bool = False
) -> str:
    """All KPIs in a format."""
    match format:
        case "table":
            return "\n".join(_lines(result, style, with_ids)) + "\n"
        case "markdown":
            return markdown(result)
        case "json":
            return json.document(document(result))


def markdown(result: KpiOverview) -> str:
    """A heading, the table, and the usual limits of each KPI."""
    blocks = [f"### {escape(wording.heading(result))}", f"As of {result.as_of}."]
    if result.statuses:
        blocks.append(view_table(view(result)))
        blocks += ["\n".join(lines)] if (lines := [*_limit_lines(result)]) else []
    return "\n\n".join(blocks) + "\n"


def _limit_lines(result: KpiOverview) -> Iterator[str]:
    for status in result.statuses:
        words = "; ".join(filter(None, (wording.signal_text(status), wording.limits_text(status))))
        if words:
            yield f"- {code_span(status.kpi.id)}: {escape(words)}"


def document(result: KpiOverview) -> KpisDocument:
    """The day and the KPIs."""
    return {"as_of": result.as_of, "kpis": [data(status) for status in result.statuses]}


def data(status: KpiStatus) -> KpiData:
    """The figures of one KPI."""
    kpi = status.kpi
    return {
        "id": kpi.id,
        "title": kpi.model.title,
        "team": kpi.model.team,
        "owner": kpi.owner,
        "better": direction(kpi),
        "unit": kpi.unit,
        "value": status.value,
        "value_date": status.value_date,
        "previous": status.previous,
        "change": status.change,
        "trend": status.trend,
        "period_change": status.period_change,
        "period_trend": status.period_trend,
        "compared": _comparison_data(status),
        "age_days": status.age_days,
        "alarm": status.alarm,
        "signal": status.signal,
        "limits": _limits_data(status),
        "computed": status.is_computed,
        "objectives": [objective.ref for objective in status.objectives],
    }


def _limits_data(status: KpiStatus) -> LimitsData | None:
    """The usual limits as they are drawn, and the days of the baseline."""
    limits = status.judged.drawn
    if limits is None:
        return None
    return {
        "mean": limits.mean, "low": limits.low, "high": limits.high, "from": limits.first, "to": limits.last,
        "readings": limits.readings,
    }  # fmt: skip


def _comparison_data(status: KpiStatus) -> ComparisonData | None:
    comparison = status.comparison
    if comparison is None or not comparison.before_slots:
        return None
    return {"slots": comparison.slots, "now": comparison.now.value, "before": comparison.before.value}


def direction(kpi: Kpi) -> str | None:
    """Which values are better, as a word of JSON."""
    return "between" if kpi.model.between else kpi.model.better


def view(result: KpiOverview) -> Table:
    """A row per KPI."""
    since = wording.change_heading(result, wording.since_label(result.period))
    columns = (
        Column("KPI"),
        Column("Value", "value", True),
        Column("Change", "change", True),
        Column(since[0].upper() + since[1:], "since", True),
        Column("Trend", "chart"),
        Column("Age", "age", True),
        Column("Addressed by", "addressed"),
    )
    caption = f"{wording.heading(result)}, as of {result.as_of}"
    return Table(columns, [Row(tuple(_cells(status))) for status in result.statuses], caption)


def _cells(status: KpiStatus) -> Iterator[Cell]:
    kpi = status.kpi
    yield Cell(kpi.model.title or kpi.id, "name", notes=(Cell(kpi.id, "ref"),))
    alarm = (Cell(status.alarm),) if status.alarm else ()
    mark = "alarm" if alarm else "signal" if status.signal else None
    yield Cell(wording.value(status), status=mark, notes=alarm)
    yield _change_cell(status, status.change, status.trend)
    yield _change_cell(status, status.period_change, status.period_trend)
    yield Cell(values=status.sparkline)
    yield Cell(wording.reading_age(status))
    refs = [Cell(objective.ref, "ref") for objective in status.objectives]
    yield refs[0]._replace(notes=tuple(refs[1:])) if refs else Cell(scorecard.NOTHING)


def _change_cell(status: KpiStatus, change: Fraction | None, trend: Trend | None) -> Cell:
    return Cell(wording.change_of(status, change, None), status=trend if change else None)


def _lines(result: KpiOverview, style: TerminalStyle, with_ids: bool) -> Iterator[str]:
    """A line for each KPI, then those without a value or an objective."""
    heads = _heads(result, style)
    yield from heading(_count_line(result, heads["since"], style), f"as of {result.as_of}", style)
    if not result.statuses:
        yield from paragraph("A file with `kpis:` defines KPIs: okrctl explain format", style, "dim")
        return
    for has_reasons in (True, False):
        rows = [_texts(status, result.period, style, with_ids, has_reasons) for status in result.statuses]
        widths = _widths([*rows, heads], style, with_ids)
        if widths["title"] >= min(max(display_width(row["title"]) for row in rows), WIDE_TITLE):
            break
    right = RIGHT if style.width is None else (*RIGHT, "trend")  # the newest values below each other
    yield ""
    yield one_line([grid.Cell(heads[name], "dim", name in right) for name in widths], [*widths.values()], style)
    for status, texts in zip(result.statuses, rows, strict=True):
        colors = _colors(status)
        cells = [grid.Cell(texts[name], colors.get(name, "dim"), name in right) for name in widths]
        yield one_line(cells, [*widths.values()], style)
    yield from _notes(result, style, "trend" in widths and bool(heads["trend"]))


def _count_line(result: KpiOverview, since: str, style: TerminalStyle) -> str:
    """How many KPIs there are; on a terminal those that got worse in the period, as the column beside says."""
    is_in_period = style.width is not None and result.period is not None
    return wording.heading(result, since if is_in_period else "")


def _heads(result: KpiOverview, style: TerminalStyle) -> dict[str, str]:
    """The heading of each column."""
    day = scorecard.short_day(result.period.start, result.as_of) if result.period else ""
    since = wording.change_heading(result, f"since {day}" if day else "in the period")
    trend = "trend" if style.width is not None and any(status.sparkline for status in result.statuses) else ""
    return dict.fromkeys(ORDER, "") | {
        "value": "value", "trend": trend, "change": "change", "since": since, "age": "age",
    }  # fmt: skip


def _texts(
    status: KpiStatus, period: Period | None, style: TerminalStyle, with_ids: bool, has_reasons: bool
) -> dict[str, str]:
    """What stands in each column of a KPI; alarms and signals are words alone where reasons have no room."""
    kpi, is_wide = status.kpi, style.is_wide(ROOMY)
    notes = (wording.comparison_note(status), wording.figure_note(status))
    return {
        "title": kpi.id if with_ids else sanitize(kpi.model.title or kpi.id),
        "id": kpi.id,
        "value": wording.value(status) if is_wide else wording.short_value(status),
        "trend": sparkline(status.sparkline, style.glyphs, SPARKLINE_CELLS[is_wide]),
        "change": wording.change_of(status, status.change, status.trend),
        "since": _since(status, period),
        "age": wording.reading_age(status),
        "alarm": _warning(status, is_wide and has_reasons),
        "owner": sanitize(kpi.owner or ""),
        "addressed": wording.addressed_by(status),
        "usual": wording.usual_range(status) or "",
        "notes": ", ".join(filter(None, notes)),
    }


def _since(status: KpiStatus, period: Period | None) -> str:
    """The change within the period; a dash where it has no reading yet."""
    if period is not None and status.value_date is not None and status.value_date < period.start:
        return scorecard.NOTHING
    return wording.change_of(status, status.period_change, status.period_trend)


def _warning(status: KpiStatus, has_reason: bool) -> str:
    """The alarm, else the signal: with its reason, or the word alone."""
    if status.alarm:
        return wording.alarm_text(status) if has_reason else "alarm"
    if status.signal:
        return wording.signal_text(status) if has_reason else "signal"
    return ""


def _colors(status: KpiStatus) -> dict[str, str]:
    """The colours of the columns that are not dim."""
    return {
        "title": "",
        "value": "bold",
        "change": TREND_COLORS.get(status.trend or "", "") if status.change else "",
        "since": TREND_COLORS.get(status.period_trend or "", "") if status.period_change else "",
        "trend": "cyan",
        "age": "yellow" if status.is_stale else "dim",
        "alarm": "red" if status.alarm else "yellow",
    }


def _widths(rows: list[dict[str, str]], style: TerminalStyle, with_ids: bool) -> dict[str, int]:
    """The columns in their order: the narrow ones, then those that leave the titles enough room."""
    natural = _natural_widths(rows)
    longest = min(natural["title"], MAX_TITLE)
    shown = _joined_columns(natural, longest, style, with_ids)
    for name in DROPPED:
        if _title_room(shown, style) < MIN_TITLE:
            shown.pop(name, None)
    shown["title"] = max(min(longest, _title_room(shown, style)), 1)
    return {name: shown[name] for name in ORDER if name in shown}


def _joined_columns(natural: dict[str, int], longest: int, style: TerminalStyle, with_ids: bool) -> dict[str, int]:
    """The narrow columns, and on a wide terminal those that leave the titles enough room."""
    shown = {name: natural[name] for name in NARROW if natural[name]}
    joining = [name for name in JOINING if natural[name] and not (name == "id" and with_ids)]
    for name in joining if style.is_wide(ROOMY) else ():
        joined = {**shown, name: natural[name]}
        shown = joined if _title_room(joined, style) >= min(longest, WIDE_TITLE) else shown
    return shown


def _natural_widths(rows: list[dict[str, str]]) -> dict[str, int]:
    return {name: max(display_width(row[name]) for row in rows) for name in ORDER}


def _title_room(shown: dict[str, int], style: TerminalStyle) -> int:
    """What these columns leave for the titles; enough where lines are never cut."""
    return MAX_TITLE if style.width is None else style.width - sum(shown.values()) - len(GAP) * len(shown)


def _notes(result: KpiOverview, style: TerminalStyle, has_trend: bool) -> Iterator[str]:
    """The KPIs without a value, and on a terminal those that nobody addresses and what the small charts show."""
    lines = [
        f"{status.kpi.id}: {sanitize(status.missing_reason)}"
        for status in result.statuses
        if status.missing_reason and status.kpi.model.formula
    ]
    unaddressed = [status.kpi.id for status in result.statuses if not status.objectives]
    if unaddressed and style.width is not None:
        lines.append(f"No active objective addresses {', '.join(unaddressed)}.")
    if has_trend:
        cells = SPARKLINE_CELLS[style.is_wide(ROOMY)]
        lines.append(f"trend: the last {cells} days, weeks or months, from the lowest to the highest value")
    yield from [""] if lines else []
    for line in lines:
        yield from paragraph(line, style, "dim")


def title(kpi: Kpi) -> grid.Cell:
    """A KPI's title followed by its id."""
    return grid.Cell(sanitize(kpi.model.title or kpi.id), "bold", tail=kpi.id)
