"""Completes what is typed in a file: references, names of the settings, the words of a key, and keys.

A text that is being typed is seldom valid. So a mark is put where the person types, as a value, then as a key, then
with what may be missing behind it, until the text can be parsed. The mark then tells the route of the place. Simpler
ways do not do: what a value means follows from the keys above it, which may be in brackets, on other lines, or in the
form of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Literal, NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from okrctl.check.rules import RULES
from okrctl.json_schema import enums
from okrctl.operations import mentions
from okrctl.operations.load import load_readable
from okrctl.operations.project import Project
from okrctl.schema.keys import field_at, is_nested, list_choices, model_at, model_keys
from okrctl.schema.model import KpiFile, OkrFile
from okrctl.schema.settings import COMPANY, SETTINGS_PATH, Config
from okrctl.values.diagnostic import SEVERITIES, Route
from okrctl.workspace import KeyResult, Node, Objective, Workspace
from okrctl.yaml import Document, Source, parse

MARK = "okrctl0cursor"
MAX_CANDIDATES = 500
_CLOSINGS = ("", "]", "}", "}]", "]}", "}}", "]}]", "}]}", '"', "'")
_WORD_BEFORE, _WORD_AFTER = re.compile(r"[\w./-]*\Z"), re.compile(r"[\w./-]*")
_NAME_BEFORE, _NAME_AFTER = re.compile(r"[\w-]*\Z"), re.compile(r"[\w-]*")
_BREAK = re.compile(r"\r\n|[\r\n]")
_ALONE = re.compile(r"[ \t]*(?:- *)*[\w-]*")
RULES_SECTION = ("rules",)
NAMED_SECTIONS = (("teams",), ("people",))  # of the settings, whose keys are names
CandidateKind = Literal["goal", "kpi", "name", "key", "word"]


class Candidate(NamedTuple):
    """What may be written, with what tells a person more about it."""

    text: str
    kind: CandidateKind
    detail: str = ""


class Completion(NamedTuple):
    """What may be written in place of the characters between two offsets; `is_cut` where there is more."""

    start: int
    end: int
    candidates: list[Candidate]
    is_cut: bool = False


class _Place(NamedTuple):
    """Where a person types: the text with the mark, the route of the mark, and whether it is a key there.

    `is_alone`: nothing but a dash is in front of it on its line.
    """

    document: Document
    route: Route
    is_key: bool
    is_alone: bool

    @property
    def shapes(self) -> list[type[BaseModel]]:
        """The models that the file may have."""
        if self.document.path == SETTINGS_PATH:
            return [Config]
        keys = self.document.keys(())
        return [OkrFile] if "objectives" in keys else [KpiFile] if "kpis" in keys else [OkrFile, KpiFile]

    @property
    def field(self) -> FieldInfo | None:
        """The field of the last key of the route."""
        found = (field_at(shape, self.document.data, self.route) for shape in self.shapes)
        return next((field for field in found if field is not None), None)

    @property
    def mapping(self) -> Route | None:
        """The route of the mapping that a key is typed in; None where a value is typed."""
        if self.is_key:
            return self.route[:-1]
        is_named = self.route in NAMED_SECTIONS or self.route[-1:] in (("readings",), ("plan",))
        is_mapping = self.route in ((), RULES_SECTION) or (
            self.field is not None and is_nested(self.field) and not is_named
        )
        return self.route if self.is_alone and is_mapping else None


def complete(project: Project, path: str, offset: int) -> Completion | None:
    """Return what may be written at an offset of a file among the texts of a project; None where nothing is known."""
    text = project.texts[path].decode("utf-8", "replace")
    place = _find_place(path, text, offset)
    if place is None:
        return None
    mapping = place.mapping
    is_name = mapping is not None or place.route[-1:] == ("formula",)
    before, after = (_NAME_BEFORE, _NAME_AFTER) if is_name else (_WORD_BEFORE, _WORD_AFTER)
    typed = before.search(text, max(0, offset - 500), offset)
    rest = after.match(text, offset)
    start, end = typed.start() if typed else offset, rest.end() if rest else offset
    candidates = list(_values(project, place) if mapping is None else _keys(place, mapping, text[end:]))
    if len(candidates) > MAX_CANDIDATES:
        word = text[start:offset].lower()
        fitting = [each for each in candidates if word in each.text.lower() or word in each.detail.lower()]
        return Completion(start, end, fitting[:MAX_CANDIDATES], is_cut=True)
    return Completion(start, end, candidates) if candidates else None


def _find_place(path: str, text: str, offset: int) -> _Place | None:
    """Put the mark into the text so that it can be parsed."""
    line_end = _BREAK.search(text, offset)
    rest_of_line = text[offset : line_end.start() if line_end else len(text)]
    attempts = [
        *((suffix, text[offset:]) for suffix in ("", ":")),
        *((suffix, rest_of_line + closing) for closing, suffix in product(_CLOSINGS, ("", ":"))),
    ]
    for suffix, rest in attempts:
        document = parse(Source(path, text[:offset] + MARK + suffix + rest))
        found = document.scalar_at(offset) if document.data is not None else None
        if found is not None:
            line = re.split(_BREAK, text[:offset])[-1]
            return _as_place(document, *found, is_alone=_ALONE.fullmatch(line) is not None)
    return None


def _as_place(document: Document, route: Route, is_key: bool, *, is_alone: bool) -> _Place | None:
    """The place of the mark, if it is in the scalar that was found, and that is no text of several lines."""
    scalar = None if is_key else document.scalar(route)
    is_block = scalar is not None and scalar.style in ("literal", "folded")
    text = str(route[-1]) if is_key else scalar.text if scalar is not None else ""
    return _Place(document, route, is_key, is_alone) if MARK in text and not is_block else None


def _keys(place: _Place, mapping: Route, rest: str) -> Iterator[Candidate]:
    """The keys that the mapping at a place does not have yet."""
    if place.document.path == SETTINGS_PATH and mapping == RULES_SECTION:
        yield from (Candidate(_with_colon(rule.name, rest), "key", rule.code) for rule in RULES)
        return
    data, taken = place.document.data, set(place.document.keys(mapping))
    for shape in place.shapes:
        inner = model_at(shape, data, mapping)
        for key in model_keys(inner) if inner is not None else ():
            field = field_at(shape, data, (*mapping, key))
            if field is not None and key not in taken:
                text = _with_colon(key, rest, is_nested=is_nested(field))
                yield Candidate(text, "key", field.description or "")


def _with_colon(key: str, rest: str, *, is_nested: bool = False) -> str:
    if re.match(r"[ \t]*:", rest):
        return key
    return f"{key}:" if is_nested else f"{key}: "


def _values(project: Project, place: _Place) -> Iterator[Candidate]:
    """The values that a key takes: names and references, else the words of its type."""
    names = [part for part in place.route if isinstance(part, str)]
    if place.document.path == SETTINGS_PATH and names[:1] == ["rules"]:
        yield from (Candidate(severity, "word") for severity in SEVERITIES)
        return
    kind = "formula" if names[-1:] == ["formula"] else mentions.name_kind(place.route)
    if place.route == ("period",):
        yield from (Candidate(period.id, "name") for period in reversed(_load(project, place).periods))
    elif kind:
        yield from _named(_load(project, place), place, kind)
    yield from (Candidate(word, "word") for word in (list_choices(place.field) if place.field is not None else ()))


def _load(project: Project, place: _Place) -> Workspace:
    marked = replace(project, texts={**project.texts, place.document.path: place.document.text.encode()})
    marked.root = project.root
    return load_readable(marked)


def _named(workspace: Workspace, place: _Place, kind: str) -> Iterator[Candidate]:
    match kind:
        case "owners":
            yield from _owners(workspace)
        case "teams":
            yield from _teams(workspace)
        case "kpis" | "formula":
            kpis = (kpi for kpi in workspace.kpis.values() if kpi.id and not _is_around(place, kpi))
            yield from (Candidate(kpi.id, "kpi", kpi.model.title or "") for kpi in kpis)
        case _:
            yield from _goals(workspace, place, kind)


def _owners(workspace: Workspace) -> Iterator[Candidate]:
    """The people and teams of the settings; without people there, those who own something."""
    config = workspace.config
    if config.people is not None:
        yield from (Candidate(name, "name", person.name or "") for name, person in config.people.items())
    else:
        names = enums.workspace_names(workspace).owners
        yield from (Candidate(owner, "name") for owner in names if MARK not in owner)
    yield from (_team(workspace, team) for team in config.teams or {})


def _teams(workspace: Workspace) -> Iterator[Candidate]:
    """The teams of the settings; without any there, those that have goals."""
    used = {objective.team for objective in workspace.objectives}
    teams = workspace.config.teams if workspace.config.teams is not None else sorted(used)
    yield from (_team(workspace, team) for team in teams if MARK not in team)


def _team(workspace: Workspace, team: str) -> Candidate:
    return Candidate(team, "name", workspace.config.team_name(team) if team != COMPANY else "")


def _is_around(place: _Place, node: Node) -> bool:
    """Whether a node is the one that a person types in, or is around it."""
    return node.file.path == place.document.path and node.route == place.route[: len(node.route)]


def _goals(workspace: Workspace, place: _Place, kind: str) -> Iterator[Candidate]:
    """Objectives and key results in the shortest form that means them there; those nearest in time come first."""
    near = next((objective for objective in workspace.objectives if _is_around(place, objective)), None)
    if "guards" in place.route:
        found = list[Objective | KeyResult](near.key_results if near is not None else ())
    else:
        found = sorted(_goals_of_kind(workspace, near, kind), key=lambda node: _distance(near, node))
    for node in found:
        if node.id and not _is_around(place, node):
            yield Candidate(_shortest(workspace, near, node), "goal", node.model.title or "")


def _goals_of_kind(workspace: Workspace, near: Objective | None, kind: str) -> Iterator[Objective | KeyResult]:
    """Objectives of earlier periods, key results, or both for a parent, which is outside of the objective."""
    for objective in workspace.objectives:
        is_other = objective is not near
        match kind:
            case "objectives" if near is None or objective.period.end < near.period.start:
                yield objective
            case "parents" if is_other:
                yield objective
                yield from objective.key_results
            case "key_results":
                yield from objective.key_results


def _distance(near: Objective | None, node: Objective | KeyResult) -> tuple[bool, bool, int]:
    """How far a goal is: its own objective, then its team, then those of periods close by."""
    if near is None:
        return True, True, -node.period.start.toordinal()
    objective = node.objective if isinstance(node, KeyResult) else node
    days = abs(near.period.start.toordinal() - objective.period.start.toordinal())
    return objective is not near, objective.team != near.team, days


def _shortest(workspace: Workspace, near: Objective | None, node: Objective | KeyResult) -> str:
    """The shortest reference that means a goal where it is written."""
    forms: list[str] = []
    if near is not None:
        forms = [node.ref.rpartition("/")[2], "/".join(node.ref.split("/")[1:])]
        forms = [node.id, *forms] if isinstance(node, KeyResult) and node.objective is near else forms
    return next((form for form in forms if near is not None and workspace.resolve(form, near) is node), node.ref)
