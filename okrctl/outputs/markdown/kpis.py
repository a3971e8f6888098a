"""KPIs and the hypotheses about them as Markdown, for a chat, a wiki or a comment."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.hypotheses import DISCLAIMER, HypothesisResult, Impact
from okrctl.kpis.attribution import Attribution, Contribution
from okrctl.kpis.overview import KpiOverview, KpiStatus
from okrctl.kpis.trend import trend_of
from okrctl.outputs.markdown.text import code_span, escape
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import kpi as gauging
from okrctl.outputs.text import scorecard

HYPOTHESES = (
    "| Objective | Score | KPI | Expected | Before | After | Noise | Verdict |\n|---|--:|---|---|--:|--:|--:|---|\n"
)
SIGNS = {"better": "🟢", "worse": "🔴", "steady": "⚪"}


def overview(result: KpiOverview) -> str:
    """A table of all KPIs, the worst first; alarms stand in the first column."""
    head = f"### {escape(gauging.heading(result))}\n\nAs of {result.as_of}.\n"
    if not result.statuses:
        return head
    since = escape(gauging.since_label(result.period))
    columns = f"\n| KPI | Value | Change | {since[0].upper()}{since[1:]} | Course | Age | Taken up by |\n"
    return head + columns + "|---|--:|--:|--:|---|--:|---|\n" + "".join(map(_status, result.statuses))


def _status(one: KpiStatus) -> str:
    alarm = f"<br>🚨 {escape(gauging.alarm_text(one))}" if one.alarm else ""
    course = gauging.sparkline(one.sparkline, UNICODE, 12)
    refs = "<br>".join(code_span(objective.ref) for objective in one.objectives) or "-"
    cells = [
        f"{escape(one.kpi.model.title or one.kpi.id)} ({code_span(one.kpi.id)}){alarm}",
        escape(gauging.value(one)),
        f"{SIGNS.get(one.trend or '', '')} {escape(gauging.change_with_trend(one.change, one.trend))}".strip(),
        escape(gauging.change_with_trend(one.period_change, one.period_trend)),
        course,
        escape(gauging.reading_age(one)),
        refs,
    ]
    return f"| {' | '.join(cells)} |\n"


def attribution(result: Attribution) -> str:
    """The change of a KPI and a table of its parts, which are indented level by level."""
    kpi = result.kpi
    old, new = gauging.amount(result.old, kpi), gauging.amount(result.new, kpi)
    lines = [f"### Why {code_span(kpi.id)} moved", f"{escape(old)} on {result.since} → {escape(new)} on {result.until}"]
    if result.change is not None:
        lines[1] += f": **{escape(gauging.change_with_trend(result.change, trend_of(kpi, result.old, result.new)))}**"
    if result.contributions:
        head = f"| Input | {result.since} | {result.until} | Part |\n|---|--:|--:|--:|"
        lines.append("\n".join([head, *_parts(result.contributions, 0)]))
    return "\n\n".join([*lines, *map(escape, gauging.attribution_notes(result))]) + "\n"


def _parts(parts: list[Contribution], depth: int) -> Iterator[str]:
    for one in parts:
        old, new = gauging.amount(one.old, one.kpi), gauging.amount(one.new, one.kpi)
        remark = f"<br>{escape(one.remark)}" if one.remark else ""
        name = "&nbsp;" * 4 * depth + code_span(one.kpi.id) + remark
        yield f"| {name} | {escape(old)} | {escape(new)} | {escape(gauging.signed_amount(one.amount))} |"
        yield from _parts(one.contributions, depth + 1)


def impact(result: Impact) -> str:
    """A table of the hypotheses with their verdicts."""
    period = result.period
    head = f"### Hypotheses of {escape(period.id)}, {period.start} to {period.end}\n\n"
    if not result.hypotheses:
        return f"{head}No objective of this period has a hypothesis.\n"
    rows = "".join(map(_hypothesis, result.hypotheses))
    return f"{head}{HYPOTHESES}{rows}\n{DISCLAIMER[0].upper()}{DISCLAIMER[1:]}.\n"


def _hypothesis(one: HypothesisResult) -> str:
    before, after = (
        gauging.amount(value, one.kpi) if one.kpi else scorecard.NOTHING for value in (one.before, one.after)
    )
    noise = scorecard.NOTHING if one.noise is None else scorecard.amount(one.noise)
    node = one.objective.node
    cells = [
        f"{escape(node.model.title or node.id)} ({code_span(node.ref)})", scorecard.score(one.objective.score),
        code_span(one.hypothesis.kpi), one.hypothesis.expect, escape(before), escape(after), escape(noise),
        f"**{one.verdict or 'open'}**: {escape(one.why)}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |\n"
