"""Shows the formula of a KPI as a tree: values, changes, how each input affects the KPI above it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from okrctl.kpis.tree import KpiTreeNode
from okrctl.outputs import json
from okrctl.outputs.documents import KpiTreeDocument
from okrctl.outputs.grid import GAP, Cell, layout_row, paragraph
from okrctl.outputs.terminal import TerminalStyle, display_width, paint, sanitize
from okrctl.outputs.text import kpi as wording
from okrctl.outputs.views.kpis import TREND_COLORS, direction

EFFECT_SIGNS = {"up": "+", "down": "-", None: "?"}
LEGEND = "+ raises the KPI above when it rises, - lowers it, ? depends on the values"


def render(result: KpiTreeNode, format: Literal["table", "json"], style: TerminalStyle) -> str:
    """The tree in a format."""
    match format:
        case "table":
            return "\n".join(_lines(result, style)) + "\n"
        case "json":
            return json.document(data(result))


def data(node: KpiTreeNode) -> KpiTreeDocument:
    """A KPI with its inputs."""
    status, kpi = node.status, node.status.kpi
    return {
        "id": kpi.id,
        "title": kpi.model.title,
        "owner": kpi.owner,
        "better": direction(kpi),
        "pull": node.effect,
        "unit": kpi.unit,
        "value": status.value,
        "value_date": status.value_date,
        "change": status.change,
        "trend": status.trend,
        "alarm": status.alarm,
        "formula": kpi.model.formula,
        "repeated": node.is_repeated,
        "inputs": [data(child) for child in node.children],
    }


def _lines(root: KpiTreeNode, style: TerminalStyle) -> Iterator[str]:
    """A line per KPI; on a narrow terminal the figures stand below the name."""
    branches = list(_branches(root, "", "", style))
    figures = [_figures(node) for _, _, node in branches]
    widths = [max(display_width(cells[column].full_text) for cells in figures) for column in range(4)]
    longest = max(display_width(name) for name, _, _ in branches)
    has_room = style.width is None or longest + sum(widths) + 4 * len(GAP) <= style.width
    for (name, below, _), cells in zip(branches, figures, strict=True):
        if has_room:
            yield from layout_row([Cell(name, "bold"), *cells], [longest, *widths], style)
        else:
            yield paint(name, "bold", style)
            yield from _stack(cells, below, style)
    yield ""
    yield from paragraph(LEGEND, style, "dim")


def _stack(cells: list[Cell], below: str, style: TerminalStyle) -> Iterator[str]:
    """The figures below a name, beside the lines that lead to the names further down."""
    text = GAP.join(cell.full_text for cell in cells if cell.full_text)
    width = max((style.width or 0) - display_width(below) - 2, 20)
    yield from (f"{below}  {line}" for line in paragraph(text, TerminalStyle(width=width)))


def _branches(
    node: KpiTreeNode, front: str, below: str, style: TerminalStyle
) -> Iterator[tuple[str, str, KpiTreeNode]]:
    """Every name with the lines in front of it, the lines in front of what stands below it, and its KPI."""
    glyphs = style.glyphs
    sign = f"{EFFECT_SIGNS[node.effect]} " if front else ""
    yield f"{front}{sign}{node.status.kpi.id}", below + (glyphs.vertical if node.children else ""), node
    for number, child in enumerate(node.children):
        is_last = number == len(node.children) - 1
        deeper = below + (" " * len(glyphs.vertical) if is_last else glyphs.vertical)
        yield from _branches(child, below + (glyphs.last_branch if is_last else glyphs.branch), deeper, style)


def _figures(node: KpiTreeNode) -> list[Cell]:
    status = node.status
    notes = (
        sanitize(status.kpi.owner or ""),
        wording.alarm_text(status),
        "stale" if status.is_stale else "",
        "inputs: see above" if node.is_repeated else "",
    )
    trend_color = TREND_COLORS.get(status.trend or "", "")
    return [
        Cell(wording.value(status), right=True),
        Cell(wording.change_with_trend(status.change, status.trend), trend_color, right=True),
        Cell(wording.direction(status.kpi), "dim"),
        Cell(", ".join(filter(None, notes)), "red" if status.alarm else "dim"),
    ]
