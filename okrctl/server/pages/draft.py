"""Draft an objective: the rules of `check` answer while one types, and the YAML that will be written is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from starlette.responses import Response

from okrctl.check import rule_page
from okrctl.operations import draft as operation
from okrctl.operations import objective_form
from okrctl.operations.draft import DraftPlaces, DraftRequest
from okrctl.operations.objective_form import KINDS, HypothesisFields, KeyResultFields, ObjectiveFields
from okrctl.outputs.text import scorecard as wording
from okrctl.schema.settings import COMPANY
from okrctl.server.forms import PlannedWrite, WriteForm, respond_to_form, saved_address
from okrctl.server.links import ref_address
from okrctl.server.page import Page
from okrctl.server.pages.week import own_people
from okrctl.server.visit import Visit
from okrctl.values import decimal_comma
from okrctl.values.diagnostic import Diagnostic
from okrctl.values.errors import OkrctlError
from okrctl.values.period import Period
from okrctl.workspace import Kpi, references

MAX_KEY_RESULTS = 20
FIRST_KEY_RESULTS = 2
NUMBERS = ("start", "target", "change", "bound")
KEY_RESULT_FIELDS = ("title", "kind", *NUMBERS, "unit", "steps", "question", "owner", "kpi")
GUARDRAIL = "guardrail"
DIRECTIONS = {"up": "go up", "down": "go down", "steady": "stay steady"}
AMBITIONS = {"aspirational": "most of it is a success", "committed": "all of it is promised"}
# Buttons of the form that make the objective count at once, and what they do otherwise.
ACTIVATING = {"activate": "save", "preview-active": "preview"}


class DraftFinding(NamedTuple):
    """What a rule says: about which key result (empty: about the objective), and an example that it likes."""

    found: Diagnostic
    about: str
    example: str


class DraftAnswer(NamedTuple):
    """What the rules find in what was typed, where it will be written, and the lines that are added there."""

    findings: list[DraftFinding]
    path: str = ""
    lines: str = ""
    error: OkrctlError | None = None


class KeyResultRow(NamedTuple):
    """The fields of one key result, and the end of their names in the form."""

    key: str
    title: str
    fields: KeyResultFields
    kinds: list[tuple[str, str]]


def draft(visit: Visit) -> Response:
    """The form, and what becomes of it."""
    visit.require("draft")
    action = visit.form("action")
    if action in ACTIVATING:
        visit.fields = {**visit.fields, "activate": ["yes"], "action": [ACTIVATING[action]]}
    form = DraftForm(visit)
    if visit.request.method == "GET":
        return form.show(None)
    match visit.form("action"):
        case "add":
            form.add_row()
            return form.show(None)
        case "check":
            return form.show(None, form.answer())
    return respond_to_form(visit, WriteForm(DraftForm.title, form.plan, form.save, form.show))


def check(visit: Visit) -> Response:
    """What the rules find in what is typed, for the script of the form."""
    visit.require("draft")
    return visit.render("draft_answer.html", answer=DraftForm(visit).answer())


class DraftForm:
    """The form, as it was sent, or as it is shown first."""

    title = "Draft an objective"

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.places: DraftPlaces = operation.find_places(visit.project, visit.workspace)
        self.new_row = ""
        if visit.request.method == "GET":
            self._start()
        else:
            self._read()

    # What is in the form

    def _start(self) -> None:
        """Start as the address says: for a KPI, in a period, of a team."""
        visit, likely = self.visit, self.places.likely
        self.is_active = False
        self.row_count = FIRST_KEY_RESULTS
        self.guardrail = KeyResultFields(kind="at_most", is_guardrail=True)
        self.period = visit.query("period") or (likely.id if likely else "")
        own = own_people(visit)
        self.team = visit.query("team") or next((team for team in self.places.teams if team in own), COMPANY)
        self.fields = ObjectiveFields(
            owner=next((name for name in sorted(own) if name in (visit.config.people or {})), "")
        )
        if visit.query("kpi"):
            self._start_for_kpi(visit.query("kpi"))

    def _start_for_kpi(self, name: str) -> None:
        kpi = references.find_node(self.visit.workspace, name, self.visit.today, (Kpi,))
        assert isinstance(kpi, Kpi)
        if self.places.likely is not None:
            self.fields = objective_form.fields_for_kpi(
                self.visit.workspace, kpi, self.places.likely, self.visit.today
            )  # fmt: skip
        if kpi.model.team in self.places.teams:
            self.team = kpi.model.team or COMPANY

    def _read(self) -> None:
        """Take what was sent."""
        form = self.visit.form
        self.period, self.team = form("period"), form("team")
        self.is_active = bool(form("activate"))
        sent = form("rows")
        self.row_count = min(int(sent), MAX_KEY_RESULTS) if sent.isascii() and sent.isdigit() else FIRST_KEY_RESULTS
        results = [self._key_result(str(number)) for number in range(1, self.row_count + 1)]
        self.guardrail = replace(self._key_result(GUARDRAIL), is_guardrail=True)
        hypothesis = HypothesisFields(
            form("hypothesis-kpi"), form("expect"), self._number(form("within")), form("because")
        )
        self.fields = ObjectiveFields(
            form("title"), form("id"), form("owner"), form("ambition"), form("why"), form("parent"), hypothesis, results
        )

    def _key_result(self, key: str) -> KeyResultFields:
        typed: dict[str, Any] = {name: self.visit.form(f"{name}-{key}") for name in KEY_RESULT_FIELDS}
        typed |= {name: self._number(typed[name]) for name in NUMBERS}
        return KeyResultFields(**typed)

    def _number(self, text: str) -> str:
        """A number as the files have it, where people type a comma before the decimals."""
        return decimal_comma.with_point(text) if self.visit.config.numbers == "de" and "," in text else text

    def add_row(self) -> None:
        """Make room for one more key result."""
        self.row_count = min(self.row_count + 1, MAX_KEY_RESULTS)
        self.new_row = str(self.row_count)

    @property
    def rows(self) -> list[KeyResultRow]:
        """The key results of the form, with empty ones at the end."""
        known = list(self.fields.key_results)
        known += [KeyResultFields()] * (self.row_count - len(known))
        kinds = [(key, kind.label) for key, kind in KINDS.items()]
        return [KeyResultRow(str(number), f"Key result {number}", each, kinds) for number, each in enumerate(known, 1)]

    @property
    def guardrail_row(self) -> KeyResultRow:
        """The guardrail of the form."""
        kinds = [(key, kind.label) for key, kind in KINDS.items() if kind.guards]
        return KeyResultRow(GUARDRAIL, "Guardrail", self.guardrail, kinds)

    @property
    def complete(self) -> ObjectiveFields:
        """The objective with its guardrail."""
        return replace(self.fields, key_results=[*self.fields.key_results, self.guardrail])

    @property
    def request(self) -> DraftRequest:
        """What `operations.draft` is asked for."""
        text = objective_form.render_objective(self.complete, self.period)
        return DraftRequest(text, self.period, self.team or None, self.is_active)

    # What becomes of it

    def plan(self) -> PlannedWrite:
        """What would be written."""
        options = self.visit.write_options._replace(dry_run=True, commit=False)
        return PlannedWrite(operation.draft(self.visit.project, self.request, options).changes)

    def save(self) -> str:
        """Insert the objective, as one commit."""
        project, request = self.visit.project, self.request
        ref = operation.planned_reference(project, request)
        result = operation.draft(project, request, self.visit.write_options)
        self.visit.reload()
        return saved_address(ref_address(self.visit.workspace, ref), result.commit, f"the draft {ref}")

    def answer(self) -> DraftAnswer:
        """What the rules find, and what would be written; the error where it cannot be written."""
        if not self.fields.title:
            return DraftAnswer([])
        try:
            planned = self.plan()
            findings = [self._finding(found) for found in operation.check_draft(self.visit.project, self.request)]
        except OkrctlError as error:
            return DraftAnswer([], error=error)
        lines = [line.text[1:] for line in planned.diff if line.kind == "added"]
        return DraftAnswer(findings, planned.changes[0].path, "\n".join(lines))

    def _finding(self, found: Diagnostic) -> DraftFinding:
        """A finding with the key result that it is about, and the example of its rule."""
        results = objective_form.filled_key_results(self.complete)
        id = (found.ref or "").rpartition("/")[2].partition(".")[2]
        about = results[id].title if id in results else ""
        rule = rule_page.find_rule(found.code)
        examples = dict(rule_page.parse_page(rule).examples) if rule is not None else {}
        return DraftFinding(found, about, examples.get("Good", ""))

    def show(self, error: OkrctlError | None, answer: DraftAnswer | None = None) -> Response:
        """The form with what was typed."""
        visit, places = self.visit, self.places
        periods = [(period.id, self._describe(period)) for period in places.periods]
        return visit.render(
            "draft.html", 409 if error is not None else 200, title=self.title, form=self, error=error, answer=answer,
            periods=_with(periods, self.period), teams=_with(list(places.teams.items()), self.team),
            parents=_with([("", "none"), *self._parents()], self.fields.parent),
            kpis=_with([("", "none"), *self._kpis()], self.fields.hypothesis.kpi),
            owners=list(self._owners()), with_choice=_with, directions=list(DIRECTIONS.items()),
            ambitions=list(self._ambitions()), kinds=KINDS, has_room=self.row_count < MAX_KEY_RESULTS,
        )  # fmt: skip

    def _describe(self, period: Period) -> str:
        first, last = (wording.short_day(day, self.visit.today) for day in (period.start, period.end))
        return f"{period.id}, {first} to {last}"

    def _parents(self) -> Iterator[tuple[str, str]]:
        """The objectives that the new one may support."""
        listed = {period.id for period in self.places.periods}
        for objective in self.visit.workspace.objectives:
            if objective.period.id in listed:
                yield objective.ref, f"{objective.model.title or objective.id} ({objective.ref})"

    def _kpis(self) -> Iterator[tuple[str, str]]:
        for kpi in self.visit.workspace.kpi_nodes:
            yield kpi.id, kpi.model.title or kpi.id

    def _ambitions(self) -> Iterator[tuple[str, str]]:
        default = self.visit.config.defaults.ambition
        yield "", f"{default}, as usual here"
        yield from ((name, f"{name}: {words}") for name, words in AMBITIONS.items())

    def _owners(self) -> Iterator[tuple[str, str]]:
        """The people and teams that may own it, by the word in the files; nobody where the settings list no people."""
        config, today = self.visit.config, self.visit.today
        people = config.people or {}
        yield from ((id, person.name or id) for id, person in people.items() if not config.ends_before(id, today))
        yield from self.places.teams.items() if people else ()


def _with(options: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """The options, and what was sent or asked for although it is none of them, so that it is not lost."""
    known = {value for value, _ in options}
    return options if chosen in known else [*options, (chosen, chosen or "none")]


PAGES = (
    Page("/draft", draft, "Draft", ("GET", "POST"), write="draft"),
    Page("/draft/check", check, methods=("POST",), is_question=True),
)
