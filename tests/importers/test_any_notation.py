"""One table in every encoding, notation and language: all facts come through, or the refusal names what decides."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from okrctl.importers import merge, read
from okrctl.values import period
from okrctl.values.errors import OkrctlError
from okrctl.values.quantity import Quantity
from okrctl.workspace import KeyResult, Workspace, build_workspace, read_settings
from okrctl.yaml import Source

HEADERS = {
    "en": ("Objective", "Key Result", "Owner", "Baseline", "Target", "Current", "Due date"),
    "de": ("Ziel", "Schlüsselergebnis", "Verantwortlich", "Startwert", "Zielwert", "Istwert", "Fällig"),
    "fr": (
        "Objectif",
        "Résultat clé",
        "Responsable",
        "Valeur de départ",
        "Valeur cible",
        "Valeur actuelle",
        "Échéance",
    ),
    "es": ("Objetivo", "Resultado clave", "Responsable", "Valor inicial", "Meta", "Valor actual", "Fecha límite"),
    "pt": ("Objetivo", "Resultado-chave", "Responsável", "Valor inicial", "Meta", "Valor atual", "Prazo"),
    "it": (
        "Obiettivo",
        "Risultato chiave",
        "Responsabile",
        "Valore iniziale",
        "Traguardo",
        "Valore attuale",
        "Scadenza",
    ),
    "nl": ("Doel", "Kernresultaat", "Eigenaar", "Beginwaarde", "Streefwaarde", "Huidige waarde", "Einddatum"),
}
NUMBERS = st.builds(
    lambda whole, part: Fraction(whole * 1000 + part, 1000), st.integers(1, 9_999_999), st.integers(0, 999)
)
BLANKS = st.frozensets(st.sampled_from(["owner", "start", "target", "current", "due"]))
DAYS = st.dates(date(2026, 4, 1), date(2026, 6, 30))


@dataclass(frozen=True)
class Fact:
    """One row of the table."""

    objective: str
    title: str
    owner: str
    start: Fraction
    target: Fraction
    current: Fraction
    due: date
    blank: frozenset[str]  # fields whose cells are blank


Row = tuple[Fraction, Fraction, Fraction, date, frozenset[str]]


def facts_of(rows: list[Row]) -> list[Fact]:
    return [
        Fact(f"Größe {place // 2}", f"Ergebnis für alle {place}", ("Änne", "Zoé", "Iñaki")[place % 3], *row)
        for place, row in enumerate(rows)
    ]


@dataclass(frozen=True)
class Style:
    """How a table is written."""

    language: str
    encoding: str
    delimiter: str
    decimal: str
    group: str
    day: str
    places: int
    repeats_objective: bool
    blank_rows: bool


STYLES = st.builds(
    Style,
    st.sampled_from(sorted(HEADERS)),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["", "separator", "\u00a0", "'"]),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d/%m/%y"]),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)


def written(number: Fraction, style: Style) -> str:
    text = f"{float(round(number, style.places)):,.{style.places}f}"
    group = {"separator": "," if style.decimal == "." else "."}.get(style.group, style.group)
    return text.replace(",", "\0").replace(".", style.decimal).replace("\0", group)


def table(facts: list[Fact], style: Style) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow(HEADERS[style.language])
    last = ""
    for fact in facts:
        objective = fact.objective if style.repeats_objective or fact.objective != last else ""
        last = fact.objective
        numbers = {name: written(getattr(fact, name), style) for name in ("start", "target", "current")}
        cells = {"owner": fact.owner, **numbers, "due": fact.due.strftime(style.day)}
        writer.writerow([objective, fact.title, *("" if name in fact.blank else cells[name] for name in cells)])
        if style.blank_rows:
            writer.writerow([""] * 7)
    return out.getvalue().encode(style.encoding)


def imported(data: bytes) -> tuple[Workspace, list[str]]:
    config = read_settings(None)[0]
    empty = build_workspace([], config, lambda path: "")
    options = read.ImportOptions(period.parse("2026-Q2"), None, date(2026, 7, 10), config)
    placed = merge.merge_draft(empty, read.read("goals.csv", data, options, {}))
    after = build_workspace([Source(path, text) for path, text in placed.new.items()], config, lambda path: "")
    again = merge.merge_draft(after, read.read("goals.csv", data, options, {}))
    assert again.new == {}
    return after, [result.message for result in placed.results if result.outcome == "not-placed"]


def number_of(value: object) -> Fraction:
    assert isinstance(value, Quantity)
    return value.number


def check_fact(node: KeyResult, fact: Fact, style: Style) -> None:
    model, there = node.model, {"owner", "start", "target", "current", "due"} - fact.blank
    numbers = {name: round(getattr(fact, name), style.places) for name in ("start", "target", "current")}
    assert (model.owner or node.objective.model.owner) == (fact.owner if "owner" in there else None)
    if "current" in there:
        assert number_of(node.readings[-1].value) == numbers["current"]
    else:
        assert not node.readings
    assert getattr(model, "due", None) in (fact.due, None) if "due" in there else getattr(model, "due", None) is None
    if "due" in there and fact.due != date(2026, 6, 30):
        assert getattr(model, "due", None) == fact.due
    if there.isdisjoint(numbers):
        assert hasattr(model, "graded")
    elif numbers["start"] != numbers["target"]:
        keys = {"from_": "start", "to": "target"}
        found = {name: getattr(model, key) for key, name in keys.items()}
        assert {name: number_of(found[name]) for name in there & found.keys()} == {
            name: numbers[name] for name in there & found.keys()
        }
        assert all(found[name] == "TBD" for name in found.keys() - there)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, DAYS, BLANKS), min_size=1, max_size=5).map(facts_of), STYLES)
@settings(max_examples=200, deadline=None)
def test_all_facts_come_through_or_the_refusal_names_the_option(facts: list[Fact], style: Style) -> None:
    try:
        workspace, missed = imported(table(facts, style))
    except OkrctlError as refused:
        assert "may be" in refused.message
        assert "--decimal" in refused.hint or "--dates" in refused.hint
        return
    assert all("start and target are both" in message for message in missed)
    assert workspace.broken_files == []
    nodes = {node.model.title: node for objective in workspace.objectives for node in objective.key_results}
    assert len(workspace.objectives) == len({fact.objective for fact in facts})
    assert len(nodes) == len(facts)
    for fact in facts:
        check_fact(nodes[fact.title], fact, style)
        assert nodes[fact.title].objective.model.title == fact.objective
