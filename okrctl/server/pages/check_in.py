"""The weekly round: one line for each reading that is due, saved all at once as one commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from starlette.responses import JSONResponse, Response

from okrctl import scoring
from okrctl.analysis.detail import expected_value
from okrctl.operations import checkin as operation
from okrctl.operations import record
from okrctl.operations.project import parse_date
from okrctl.outputs.reports.numbers import KpiNumbers, write_number
from okrctl.outputs.terminal import UNICODE
from okrctl.outputs.text import scorecard as wording
from okrctl.scoring.scorecard import KeyResultScore
from okrctl.server.forms import PlannedWrite, WriteForm, respond_to_form, saved_address
from okrctl.server.links import node_address, owner_name
from okrctl.server.page import Page
from okrctl.server.pages.week import chosen_who, keep_choice, own_people
from okrctl.server.visit import Visit, describe
from okrctl.values import decimal_comma, quantity
from okrctl.values.errors import ConfirmError, ConflictError, OkrctlError
from okrctl.values.nouns import count_noun
from okrctl.workspace import KeyResult, Kpi, references
from okrctl.yaml_edit.checkins import Checkin, PlannedEdit
from okrctl.yaml_edit.preview import ScoreEffect

MAX_ROWS = 200
ROW_FIELDS = ("value", "day", "confidence", "note")


@dataclass
class Row:
    """One reading that may be recorded, with what was typed for it.

    `seen` are the values of its days as the form shows them, by which a value that somebody else wrote meanwhile is
    noticed; `theirs` is such a value.
    """

    ref: str
    title: str
    owner: str
    is_own: bool
    href: str
    kind: str
    label: str
    last: str
    expected: str
    goal: str
    has_note: bool
    has_confidence: bool = False
    steps: Sequence[str] = ()
    seen: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    theirs: str = ""
    keep: str = ""

    @property
    def has_input(self) -> bool:
        """Whether anything is to be recorded."""
        return any(self.typed.get(name) for name in ("value", "confidence", "note"))


class RowGroup(NamedTuple):
    """The rows of one person below their name; without a name where all rows belong together."""

    title: str
    rows: list[tuple[int, Row]]


def check_in(visit: Visit) -> Response:
    """The form, and what becomes of it."""
    if visit.request.method == "GET":
        response = _show(visit, _rows(visit, _chosen_nodes(visit)), None)
        keep_choice(visit, response)
        return response
    visit.require("checkin")
    sent = Round(visit)
    return respond_to_form(visit, WriteForm("Check in", sent.plan, sent.save, sent.show))


def effect(visit: Visit) -> Response:
    """What one typed value does, for the script of the form: a sentence, or what is wrong with it."""
    rows = [row for row in _rows(visit, _sent_nodes(visit)) if row.has_input]
    try:
        visit.require("checkin")
        prepared = record.prepare_edits(visit.project, visit.workspace, _edits(visit, rows))
        planned = record.write_prepared(
            visit.project, visit.workspace, prepared, visit.write_options._replace(dry_run=True, commit=False)
        )
    except OkrctlError as error:
        return JSONResponse({"problem": describe(error)})
    doubt = prepared.doubts[0].reason if prepared.doubts else ""
    return JSONResponse({"effect": " ".join(map(describe_effect, planned.effects)), "doubt": doubt})


def describe_effect(effect: ScoreEffect) -> str:
    """What a reading does to the score of its objective, in a few words."""
    text = effect.sentence.removeprefix(f"{effect.ref}: ")
    before, after = effect.before, effect.after
    if before is None or after is None:
        return text
    old, new = (wording.score(each.score, each.precision) for each in (before, after))
    return f"{text}; objective {old}" if old == new else f"{text}; objective {old} → {new}"


# The rows


def _chosen_nodes(visit: Visit) -> list[KeyResult | Kpi]:
    """What the address asks for: some references, else what is due, one's own or of all."""
    refs = visit.queries("ref")
    if refs:
        found = [references.find_node(visit.workspace, ref, visit.today) for ref in refs[:MAX_ROWS]]
        return [node for node in found if isinstance(node, KeyResult | Kpi)]
    own = own_people(visit) if chosen_who(visit) == "mine" else set()
    return operation.find_due(visit.project, visit.workspace, own or None)[:MAX_ROWS]


def _sent_nodes(visit: Visit) -> list[KeyResult | Kpi]:
    refs = dict.fromkeys(visit.form_all("ref"))
    found = [references.find_node(visit.workspace, ref, visit.today) for ref in list(refs)[:MAX_ROWS]]
    return [node for node in found if isinstance(node, KeyResult | Kpi)]


def _rows(visit: Visit, nodes: Sequence[KeyResult | Kpi]) -> list[Row]:
    scored, own = _scored(visit, nodes), own_people(visit)
    rows = [_row(visit, node, scored.get(node.ref), is_own=node.owner in own) for node in nodes]
    return sorted(rows, key=lambda row: (not row.is_own, not row.owner, "" if row.is_own else row.owner.casefold()))


def _groups(rows: Sequence[Row], *, is_mixed: bool) -> list[RowGroup]:
    """The rows with their numbers: one's own, then those of each other person where there are such."""
    numbered = enumerate(rows, 1)
    if not is_mixed:
        return [RowGroup("", list(numbered))]

    def title(row: Row) -> str:
        return "Mine" if row.is_own else row.owner or "Nobody's"

    return [RowGroup(name, list(group)) for name, group in groupby(numbered, lambda pair: title(pair[1]))]


def _scored(visit: Visit, nodes: Sequence[KeyResult | Kpi]) -> dict[str, KeyResultScore]:
    periods = {node.period.id: node.period for node in nodes if isinstance(node, KeyResult)}
    cards = [scoring.build_scorecard(visit.workspace, period, visit.today) for period in periods.values()]
    return {each.node.ref: each for card in cards for objective in card.objectives for each in objective.key_results}


def _row(visit: Visit, node: KeyResult | Kpi, scored: KeyResultScore | None, *, is_own: bool) -> Row:
    unit = node.unit if isinstance(node, Kpi) else visit.workspace.unit(node)
    row = Row(
        ref=node.ref, title=node.model.title or node.id, owner=_owner(visit, node),
        is_own=is_own, href=node_address(node), kind="numbers", label=f"Value in {unit}" if unit else "Value",
        last=_describe_last(visit, node, unit), expected=_describe_expected(scored, visit.today),
        goal=wording.target_range(scored, UNICODE) if scored is not None else "", has_note=node.csv is None,
        seen=_readings_text(node),
    )  # fmt: skip
    if isinstance(node, KeyResult):
        _describe_measure(row, node)
    _fill_in(visit, row, node)
    return row


def _owner(visit: Visit, node: KeyResult | Kpi) -> str:
    """Who owns it; a name that the settings do not know is likely a typing mistake."""
    name = owner_name(visit.config, node.owner)
    return f"{name} (unknown)" if node.owner and not visit.config.is_known_owner(node.owner) else name


def _describe_measure(row: Row, node: KeyResult) -> None:
    row.kind, row.has_confidence = node.measure.records, row.has_note
    row.label = {"steps": "Done milestone", "date": "Done?", "grades": "Grade"}.get(row.kind, row.label)
    if row.kind == "steps":
        row.steps = [step.title or "" for step in node.measure.steps(node.model) if not step.done]


def _fill_in(visit: Visit, row: Row, node: KeyResult | Kpi) -> None:
    """Put into a row what the form was sent with."""
    row.typed = {name: visit.form(f"{name}:{node.ref}") for name in ROW_FIELDS}
    row.typed["day"] = row.typed["day"] or visit.today.isoformat()
    row.keep = visit.form(f"keep:{node.ref}")
    sent = visit.form(f"seen:{node.ref}")
    if sent:
        row.seen = sent
        row.theirs = _value_written_meanwhile(node, sent, row) if row.typed["value"] else ""


def _readings_text(node: KeyResult | Kpi) -> str:
    """The newest readings as the form was made from them."""
    newest = [reading for reading in node.readings if reading.value is not None][-8:]
    return ";".join(f"{reading.day}={reading.value.text if reading.value else ''}" for reading in newest) or "none"


def _value_written_meanwhile(node: KeyResult | Kpi, seen: str, row: Row) -> str:
    """The value that somebody else wrote for the same day since the form was made; empty where there is none."""
    day = row.typed["day"]
    for reading in node.readings:
        if str(reading.day) == day and reading.value is not None:
            is_new = f"{day}={reading.value.text}" not in seen.split(";")
            return reading.value.text if is_new and reading.value.text != row.typed["value"] else ""
    return ""


def _describe_last(visit: Visit, node: KeyResult | Kpi, unit: str | None) -> str:
    for reading in reversed(node.readings):
        if reading.value is not None and reading.day <= visit.today:
            age = (visit.today - reading.day).days
            ago = {0: "today", 1: "yesterday"}.get(age, f"{age} days ago")
            return f"{_amount(reading.value.number, unit, node)}, {ago}"
    return "no reading yet"


def _describe_expected(scored: KeyResultScore | None, today: date) -> str:
    if scored is None or scored.node.measure.records != "numbers" or scored.node.measure.has_bounds:
        return ""
    value = expected_value(scored, min(today, scored.series.last))
    if value is None or scored.target is None:
        return ""
    return _amount(wording.round_estimate(value), scored.unit, scored.node)


def _amount(number: Fraction, unit: str | None, node: KeyResult | Kpi) -> str:
    if isinstance(node, Kpi):
        return KpiNumbers().amount(number, node)
    return write_number(number, unit, None if quantity.is_exact(number) else 2)


# Writing


class Round:
    """The rows of one form, as they were sent."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.rows = _rows(visit, _sent_nodes(visit))

    def plan(self) -> PlannedWrite:
        """What would be written."""
        result = self._prepare()
        return PlannedWrite(result.write.changes, result.effects)

    def save(self) -> str:
        """Write the readings, as one commit."""
        self.visit.reload()
        self.rows = _rows(self.visit, _sent_nodes(self.visit))
        self._prepare()
        edits = _edits(self.visit, self.rows)
        options = self.visit.write_options._replace(force=True, confirm_value=True)
        result = record.write_edits(self.visit.project, self.visit.workspace, edits, options)
        return saved_address("/check-in", result.write.commit, count_noun(len(edits), "reading"))

    def show(self, error: OkrctlError | None) -> Response:
        """The form with what was typed; after a conflict, beside the values that are there now."""
        if isinstance(error, ConflictError) and not any(row.theirs for row in self.rows):
            self.visit.reload()
            self.rows = _rows(self.visit, _sent_nodes(self.visit))
        return _show(self.visit, self.rows, error)

    def _prepare(self) -> record.RecordResult:
        """What the rows write; raises OkrctlError for what must be answered first, which is noted in its row."""
        visit = self.visit
        if not any(row.has_input for row in self.rows):
            raise ConfirmError("nothing was typed", "type a value, a confidence or a note")
        self._require_choices()
        edits = _edits(visit, self.rows)
        self._require_overwriting(edits)
        prepared = record.prepare_edits(visit.project, visit.workspace, edits)
        if prepared.doubts and not visit.form("confirm"):
            for doubt in prepared.doubts:
                self._note_problem(doubt.ref, doubt.reason)
            raise ConfirmError("a value looks like a typo", "correct it, or tick “The values are right”")
        options = visit.write_options._replace(dry_run=True, commit=False)
        return record.write_prepared(visit.project, visit.workspace, prepared, options)

    def _require_choices(self) -> None:
        """Raise ConflictError where somebody else wrote another value, and nobody has chosen yet."""
        open_rows = [row for row in self.rows if row.theirs and row.keep not in ("mine", "theirs")]
        for row in open_rows:
            row.problem = f"Somebody wrote {row.theirs} for {row.typed['day']} meanwhile."
        if open_rows:
            raise ConflictError(
                "a reading changed while you typed", "choose which value is right; nothing is saved yet"
            )

    def _require_overwriting(self, edits: Sequence[PlannedEdit]) -> None:
        """Raise ConfirmError where an edit is likely a mistake, and nobody has said that it is none."""
        chosen = {row.ref for row in self.rows if row.keep == "mine"}
        for edit in edits:
            if edit.warnings and edit.node.ref not in chosen and not self.visit.form("overwrite"):
                self._note_problem(edit.node.ref, edit.warnings[0])
                raise ConfirmError(edit.warnings[0], "tick “Write it anyway”, or change it")

    def _note_problem(self, ref: str, text: str) -> None:
        for row in self.rows:
            if row.ref == ref:
                row.problem = text


def _edits(visit: Visit, rows: Sequence[Row]) -> list[PlannedEdit]:
    """The edits of all rows; what is wrong with a row is noted in it, and the first problem is raised."""
    edits: list[PlannedEdit] = []
    first: OkrctlError | None = None
    for row in rows:
        try:
            edits += operation.checkin(visit.project, visit.workspace, list(_checkins(visit, row)))
        except OkrctlError as error:
            row.problem = describe(error)
            first = first or error
    if first is not None:
        raise first
    return edits


def _checkins(visit: Visit, row: Row) -> Iterator[Checkin]:
    if not row.has_input or row.keep == "theirs":
        return
    node = references.find_node(visit.workspace, row.ref, visit.today)
    value, confidence = row.typed["value"], row.typed["confidence"]
    if visit.config.numbers == "de":
        confidence = decimal_comma.with_point(confidence)
        value = decimal_comma.with_point(value) if row.kind in ("numbers", "grades") and "," in value else value
    yield Checkin(
        node, parse_date(row.typed["day"]), value or None, confidence or None, row.typed["note"] or None,
        is_argument=True,
    )  # fmt: skip


def _show(visit: Visit, rows: Sequence[Row], error: OkrctlError | None) -> Response:
    knows_me = bool(own_people(visit))
    is_mine, is_chosen = chosen_who(visit) == "mine" and knows_me, bool(visit.queries("ref"))
    return visit.render(
        "check_in.html",
        409 if error is not None else 200,
        title="Check in",
        rows=rows,
        groups=_groups(rows, is_mixed=not is_mine and not is_chosen),
        error=error,
        knows_me=knows_me,
        is_mine=is_mine,
        is_chosen=is_chosen,
        needs_confirm=isinstance(error, ConfirmError),
        everything=_others(visit, rows),
    )


def _others(visit: Visit, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """What else takes readings in the running periods: reference and title, for those who look for another one."""
    listed = {row.ref for row in rows}
    goals = [
        node
        for node in visit.workspace.key_results
        if node.period.runs_on(visit.today) and node.is_active and node.is_measured and not _is_derived(node)
    ]
    kpis = [kpi for kpi in visit.workspace.kpi_nodes if kpi.model.formula is None]
    nodes: list[KeyResult | Kpi] = [*goals, *kpis]
    return [(node.ref, node.model.title or node.id) for node in nodes if node.ref not in listed]


def _is_derived(node: KeyResult) -> bool:
    return bool(getattr(node.model, "kpi", None) or getattr(node.model, "rollup", None))


PAGES = (
    Page("/check-in", check_in, "Check in", ("GET", "POST"), write="checkin"),
    Page("/check-in/effect", effect, methods=("POST",), is_question=True),
)
