"""KPIs and the hypotheses about them as Markdown, for a chat, a wiki or a comment."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.analysis.hypotheses import NO_PROOF, Impact, Tested
from okrctl.kpis.attribution import Drivers, Part
from okrctl.kpis.overview import Board, Gauge
from okrctl.kpis.trend import turn
from okrctl.outputs.markdown.text import code, plain
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import kpi as gauging
from okrctl.outputs.text import scorecard

HYPOTHESES = (
    "| Objective | Score | KPI | Expected | Before | After | Noise | Verdict |\n|---|--:|---|---|--:|--:|--:|---|\n"
)
SIGNS = {"better": "🟢", "worse": "🔴", "steady": "⚪"}


def board(result: Board) -> str:
    """A table of all KPIs, the worst first; alarms stand in the first column."""
    head = f"### {plain(gauging.heading(result))}\n\nAs of {result.as_of}.\n"
    if not result.gauges:
        return head
    since = plain(gauging.since(result.period))
    columns = f"\n| KPI | Value | Change | {since[0].upper()}{since[1:]} | Course | Age | Taken up by |\n"
    return head + columns + "|---|--:|--:|--:|---|--:|---|\n" + "".join(map(_gauge, result.gauges))


def _gauge(one: Gauge) -> str:
    alarm = f"<br>🚨 {plain(gauging.alarmed(one))}" if one.alarm else ""
    course = gauging.spark(one.recent, UNICODE, 12)
    refs = "<br>".join(code(objective.ref) for objective in one.objectives) or "-"
    cells = [
        f"{plain(one.kpi.model.title or one.kpi.id)} ({code(one.kpi.id)}){alarm}",
        plain(gauging.value(one)),
        f"{SIGNS.get(one.trend or '', '')} {plain(gauging.moved(one.change, one.trend))}".strip(),
        plain(gauging.moved(one.period_change, one.period_trend)),
        course,
        plain(gauging.age(one)),
        refs,
    ]
    return f"| {' | '.join(cells)} |\n"


def drivers(result: Drivers) -> str:
    """The change of a KPI and a table of its parts, which are indented level by level."""
    kpi = result.kpi
    old, new = gauging.amount(result.old, kpi), gauging.amount(result.new, kpi)
    lines = [f"### Why {code(kpi.id)} moved", f"{plain(old)} on {result.since} → {plain(new)} on {result.until}"]
    if result.change is not None:
        lines[1] += f": **{plain(gauging.moved(result.change, turn(kpi, result.old, result.new)))}**"
    if result.parts:
        head = f"| Input | {result.since} | {result.until} | Part |\n|---|--:|--:|--:|"
        lines.append("\n".join([head, *_parts(result.parts, 0)]))
    return "\n\n".join([*lines, *map(plain, gauging.closing(result))]) + "\n"


def _parts(parts: list[Part], depth: int) -> Iterator[str]:
    for one in parts:
        old, new = gauging.amount(one.old, one.kpi), gauging.amount(one.new, one.kpi)
        remark = f"<br>{plain(one.remark)}" if one.remark else ""
        name = "&nbsp;" * 4 * depth + code(one.kpi.id) + remark
        yield f"| {name} | {plain(old)} | {plain(new)} | {plain(gauging.signed(one.part))} |"
        yield from _parts(one.parts, depth + 1)


def impact(result: Impact) -> str:
    """A table of the hypotheses with their verdicts."""
    period = result.period
    head = f"### Hypotheses of {plain(period.id)}, {period.start} to {period.end}\n\n"
    if not result.hypotheses:
        return f"{head}No objective of this period has a hypothesis.\n"
    rows = "".join(map(_hypothesis, result.hypotheses))
    return f"{head}{HYPOTHESES}{rows}\n{NO_PROOF[0].upper()}{NO_PROOF[1:]}.\n"


def _hypothesis(one: Tested) -> str:
    before, after = (
        gauging.amount(value, one.kpi) if one.kpi else scorecard.NOTHING for value in (one.before, one.after)
    )
    noise = scorecard.NOTHING if one.noise is None else scorecard.amount(one.noise)
    node = one.objective.node
    cells = [
        f"{plain(node.model.title or node.id)} ({code(node.ref)})", scorecard.score(one.objective.score),
        code(one.guess.kpi), one.guess.expect, plain(before), plain(after), plain(noise),
        f"**{one.verdict or 'open'}**: {plain(one.why)}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |\n"
