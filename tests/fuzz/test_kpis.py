"""Whatever the KPI files hold, the commands about KPIs answer or say why not: never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.strategies import mutated
from tests.fuzz.valid import WORKSPACE
from tests.running import run, write

EXAMPLES = 2000 if settings.get_current_profile_name() == "deep" else 40
KPIS = sorted(place for place in WORKSPACE if place.startswith("kpis/"))
NUMBERS = st.sampled_from(["0", "1", "-3", "2.5", "999999999999999999999999999999", "-0.000001", "40", ""])
FORMULAS = st.lists(st.sampled_from("a b c load 0 2 + - * / ( )".split()), min_size=1, max_size=9).map(" ".join)
COMMANDS = (
    ["kpi"], ["kpi", "--format", "json"], ["kpi", "--format", "markdown"], ["show", "load"], ["tree", "load"],
    ["explain", "load", "--since", "2025-04-01"], ["impact"], ["status"],
)  # fmt: skip
fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def answer(root: Path, words: list[str]) -> None:
    done = run(*words, cwd=root)
    assert done.status in (0, 1, 2), (words, done.err)
    assert (done.status == 2) == done.err.startswith("error: "), (words, done.err)


@pytest.mark.parametrize("place", KPIS)
@fuzzing
@given(data=st.data(), words=st.sampled_from(COMMANDS))
def test_slips_of_the_hand(tmp_path: Path, place: str, data: st.DataObject, words: list[str]) -> None:
    content = data.draw(mutated(WORKSPACE[place]))
    write(tmp_path, {**{path: text for path, text in WORKSPACE.items() if path != place}, place: content})
    answer(tmp_path, words)


@fuzzing
@given(
    st.lists(st.tuples(st.sampled_from("abc"), FORMULAS | st.none(), st.lists(NUMBERS, max_size=5)), max_size=4),
    FORMULAS,
    st.sampled_from(["better: higher", "better: lower", "between: [1, 3]", "better: higher, aggregate: sum"]),
    st.sampled_from(COMMANDS),
)
def test_formulas_over_each_other_and_odd_numbers(
    tmp_path: Path, others: list[tuple[str, str | None, list[str]]], formula: str, more: str, words: list[str]
) -> None:
    lines = [f'{{id: load, title: L, {more}, watch: {{below: 2}}, formula: "{formula}"}}']
    for id, own, numbers in others:
        readings = ", ".join(f"2025-{4 + month:02}-07: {number}" for month, number in enumerate(numbers))
        said = f', formula: "{own}"' if own else ""
        lines.append(f"{{id: {id}, title: T, better: lower{said}, readings: {{{readings}}}}}")
    write(tmp_path, {"okrctl.yaml": "", "kpis/all.yaml": "kpis:\n" + "".join(f"  - {line}\n" for line in lines)})
    answer(tmp_path, words)
