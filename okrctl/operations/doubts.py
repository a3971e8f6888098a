"""Finds the values of a call that are probably not what was meant, before they are written.

`checkin`, `amend`, `refresh` and `import` ask about each on a terminal. Elsewhere nothing is written and all are
listed, unless `--confirm-value` is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from okrctl.analysis.suspects import find_in_workspace, is_scale_of_one
from okrctl.values import slips
from okrctl.values.diagnostic import Route
from okrctl.values.errors import ConfirmError
from okrctl.values.quantity import Quantity, format_number
from okrctl.workspace import KeyResult, Kpi, Node, Objective, Workspace
from okrctl.workspace.nodes import dated_readings
from okrctl.yaml_edit.checkins import PlannedEdit


class Doubt(NamedTuple):
    """A value that is probably not what was meant: where it is, why, and how to write what it may mean.

    `place` is the day of a reading, or the route to another number from its node; the likely way comes first.
    """

    ref: str
    place: date | Route
    text: str
    reason: str
    ways: tuple[str, ...]
    is_confidence: bool = False

    @property
    def message(self) -> str:
        """The value with its place, and why it is doubted."""
        where = f" on {self.place}" if isinstance(self.place, date) else f", {self.place[0]}"
        return f"{self.ref}{where}: {self.reason}"

    @property
    def advice(self) -> str:
        """What to write, and the option that keeps the value."""
        if len(self.ways) == 1:
            return f"write {self.ways[0]}, or keep {self.text} with --confirm-value"
        return f"write {self.ways[0]}, or {self.ways[1]} if the decimals are meant; --confirm-value keeps {self.text}"

    def replace_in(self, text: str, answer: str) -> str:
        """A text that a person gave, with an answer in place of the doubted number, where it has that."""
        number = re.compile(rf"(?<![0-9.]){re.escape(slips.digits_of(self.text))}(?![0-9.])")
        return number.sub(slips.digits_of(answer), text, count=1)


def find_doubts(after: Workspace, edits: Sequence[PlannedEdit]) -> list[Doubt]:
    """The doubts about what these edits write; `after` is the workspace with their texts."""
    nodes_after = _nodes_by_ref(after, {edit.node.ref for edit in edits})
    doubts = [doubt for edit in edits for doubt in edit_doubts(edit)]
    doubts += value_doubts({edit.node.ref: edit.node for edit in edits}, after, nodes_after.values())
    for edit in edits:
        if edit.node.ref in nodes_after:
            doubts += _confidence_doubts(edit, nodes_after[edit.node.ref])
    unique = {(doubt.ref, doubt.place, doubt.is_confidence): doubt for doubt in reversed(doubts)}
    return list(reversed(unique.values()))


def edit_doubts(edit: PlannedEdit) -> Iterator[Doubt]:
    """The doubts about arguments that may mean two numbers, since people type 1.240 for 1240 in this workspace."""
    for place, text, ways in edit.two_meanings:
        reason = f"'{text}' may mean {ways[0]} or {slips.read_as(ways[1])} (`numbers: de`)"
        yield Doubt(edit.node.ref, place, text, reason, ways)


def value_doubts(before: Mapping[str, Node], after: Workspace, nodes: Iterable[Node]) -> Iterator[Doubt]:
    """The suspected numbers of nodes that they did not have before; `before` has the earlier nodes by reference."""
    for node in nodes:
        if isinstance(node, Objective):
            continue
        old = before.get(node.ref)
        known = dict(_written_numbers(old)) if old is not None and not isinstance(old, Objective) else {}
        for suspect in find_in_workspace(after, node):
            number = suspect.number
            place = number.route if number.reading is None else number.reading.day
            written = known.get(place)
            is_new = written is None or (written.number, written.text) != (number.quantity.number, number.quantity.text)
            if suspect.node is node and is_new:
                yield Doubt(node.ref, place, suspect.text, suspect.message, suspect.ways)


def _written_numbers(node: KeyResult | Kpi) -> Iterator[tuple[date | Route, Quantity]]:
    yield from ((reading.day, reading.value) for reading in node.readings if reading.value is not None)
    if isinstance(node, KeyResult):
        yield from node.measure.numbers(node.model)


def _confidence_doubts(edit: PlannedEdit, node: Node) -> Iterator[Doubt]:
    """A confidence between 0 and 1, which is rarely meant where 10 is the highest."""
    if isinstance(node, Kpi) or edit.confidence is None or not 0 < edit.confidence < 1:
        return
    readings = dated_readings(node.model.readings)
    if is_scale_of_one([reading.confidence for reading in readings if reading.confidence is not None]):
        shown, likely = format_number(edit.confidence), format_number(edit.confidence * 10)
        reason = f"the confidence {shown} is on a scale from 0 to 10, did you mean {likely}?"
        yield Doubt(edit.node.ref, edit.day, shown, reason, (likely,), is_confidence=True)


def _nodes_by_ref(workspace: Workspace, refs: set[str]) -> dict[str, Node]:
    goals: list[Node] = [*workspace.objectives, *workspace.key_results, *workspace.kpis.values()]
    return {node.ref: node for node in goals if node.ref in refs}


def replace_doubted(values: Mapping[str, str], answers: Mapping[Doubt, str]) -> dict[str, str]:
    """The values that a person gave, by key, with answers in place of the doubted numbers."""
    replaced = dict(values)
    for doubt, answer in answers.items():
        replaced = {key: doubt.replace_in(text, answer) for key, text in replaced.items()}
    return replaced


def require_confirmed(doubts: Sequence[Doubt]) -> None:
    """Raise OkrctlError that lists all doubts, where there are any."""
    if not doubts:
        return
    if len(doubts) == 1:
        raise ConfirmError(doubts[0].message, doubts[0].advice)
    listed = "; ".join(doubt.message for doubt in doubts)
    raise ConfirmError(
        f"{len(doubts)} values look like typos: {listed}",
        "nothing was written; --confirm-value keeps them as they are",
    )
