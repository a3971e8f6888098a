"""What an editor shows for a place: the goal or KPI that is named there, or what the key means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from lsprotocol import types

from okrctl.analysis.detail import Detail
from okrctl.json_schema import KINDS
from okrctl.kpis.detail import KpiDetail
from okrctl.lsp.buffers import View
from okrctl.operations import mentions
from okrctl.operations import show as show_operation
from okrctl.operations.load import load_readable
from okrctl.outputs import markdown
from okrctl.outputs.grid import Fact
from okrctl.outputs.terminal import TerminalStyle, sanitize
from okrctl.outputs.text import scorecard
from okrctl.outputs.views.goal import goal_facts
from okrctl.outputs.views.kpi import kpi_facts
from okrctl.schema.keys import field_at, list_choices
from okrctl.values.errors import OkrctlError
from okrctl.workspace import DatedReading, File, Node

STYLE = TerminalStyle(unicode=True)
GOAL_FACTS = ("status", "score", "value", "range", "projected", "due", "owner", "reads")
KPI_FACTS = ("value", "alarm", "signal", "usual limits", "change", "direction", "owner", "formula", "addressed by")
MAX_READINGS = 5


class Markup(NamedTuple):
    """How a text is written so that it reads as it is, as code, and in bold."""

    kind: types.MarkupKind
    text: Callable[[str], str]
    code: Callable[[str], str]
    bold: Callable[[str], str]


MARKDOWN = Markup(
    types.MarkupKind.Markdown, markdown.escape, markdown.code_span, lambda text: f"**{markdown.escape(text)}**"
)
PLAIN = Markup(types.MarkupKind.PlainText, sanitize, sanitize, sanitize)


def choose_markup(formats: Iterable[types.MarkupKind] | None) -> Markup:
    """The markup for an editor that shows these formats; None where it does not say which."""
    return PLAIN if formats is not None and types.MarkupKind.Markdown not in formats else MARKDOWN


def describe_place(view: View, path: str, offset: int, markup: Markup = MARKDOWN) -> types.Hover | None:
    """What there is to say about a place; None where it is nothing."""
    workspace = load_readable(view.project)
    file = mentions.find_file(workspace, path)
    if file is None:
        return None
    positions = view.positions(path, file.document.text)
    mention = mentions.find_mention(workspace, path, offset)
    if mention is not None:
        text, place = _describe_node(view, mention.node, markup), positions.range(mention.start, mention.end)
        return types.Hover(types.MarkupContent(markup.kind, text), place)
    found = file.document.scalar_at(offset)
    text = _describe_key(file, found[0], markup) if found is not None and found[1] else ""
    if found is None or not text:
        return None
    return types.Hover(types.MarkupContent(markup.kind, text), positions.span_range(file.document.key_span(found[0])))


def _describe_key(file: File, route: tuple[str | int, ...], markup: Markup) -> str:
    """What the schema says of a key, and the words that it takes; empty for what is no key of the format."""
    field = field_at(KINDS[file.kind][0], file.document.data, route) if file.kind is not None else None
    if field is None or not field.description:
        return ""
    words = list_choices(field)
    lines = [f"{markup.code(str(route[-1]))}: {markup.text(field.description)}"]
    return "\n\n".join([*lines, *(["One of " + ", ".join(map(markup.code, words))] if words else [])])


def _describe_node(view: View, node: Node, markup: Markup) -> str:
    head = [markup.bold(scorecard.title(node)), markup.code(node.ref)]
    try:
        found = show_operation.show(view.project, node.ref)
    except OkrctlError as error:  # it does not exist on this day, another one has its id, or its file is broken
        is_broken = any(text.startswith(f"{node.file.path}: ") for text in view.project.broken_files)
        message = f"not scored while {node.file.path} has errors" if is_broken else error.message
        return "\n\n".join([*head, markup.text(message)])
    if isinstance(found, KpiDetail):
        facts, unit = list(_chosen(kpi_facts(found), KPI_FACTS, markup)), found.status.kpi.unit
        readings = [reading for reading in found.status.kpi.readings if reading.day <= found.as_of]
    else:
        facts = [*_chosen(goal_facts(found, STYLE), GOAL_FACTS, markup), *_key_result_lines(found, markup)]
        unit, readings = found.key_result.unit if found.key_result else None, found.readings
    blocks = [*head, _list(facts), _list(_reading_lines(readings, unit, markup))]
    return "\n\n".join(filter(None, blocks))


def _chosen(facts: Iterable[Fact], labels: tuple[str, ...], markup: Markup) -> Iterator[str]:
    return (f"{fact.label}: {markup.text(fact.text)}" for fact in facts if fact.label in labels and fact.text)


def _key_result_lines(found: Detail, markup: Markup) -> Iterator[str]:
    """A line for each key result of an objective."""
    for result in found.objective.key_results if found.key_result is None else ():
        target, status = scorecard.target_range(result, STYLE.glyphs), scorecard.status_text(result)
        text = f"{scorecard.title(result.node)}: {scorecard.full_value(result)}, {target}"
        yield markup.text(", ".join(filter(None, (text, status))))


def _reading_lines(readings: Iterable[DatedReading], unit: str | None, markup: Markup) -> Iterator[str]:
    """The newest readings, the newest first."""
    for reading in sorted(readings, key=lambda each: each.day, reverse=True)[:MAX_READINGS]:
        value = "" if reading.value is None else f" {scorecard.amount(reading.value.number, unit)}"
        yield markup.text(f"{reading.day}{value}" + (f": {reading.note}" if reading.note else ""))


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
