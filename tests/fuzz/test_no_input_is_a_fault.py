"""Whatever the files hold, check and score answer: never a traceback, only the statuses that mean something.

`pytest tests/fuzz --hypothesis-profile=deep` tries far more.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.strategies import FLOW, RAW, TEXT, mutated, schema_shaped
from tests.fuzz.valid import WORKSPACE
from tests.running import Result, run, write

EXAMPLES = 3000 if settings.get_current_profile_name() == "deep" else 60

fuzzing = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)

PLACES = st.sampled_from(sorted(WORKSPACE))
SHOWN = st.sampled_from(("json", "json", "full", "concise"))


@fuzzing
@given(place=PLACES, content=RAW)
def test_bytes(tmp_path: Path, place: str, content: bytes) -> None:
    answers(tmp_path, place, content)


@fuzzing
@given(place=PLACES, content=TEXT)
def test_text(tmp_path: Path, place: str, content: str) -> None:
    answers(tmp_path, place, content.encode())


@fuzzing
@given(place=PLACES, content=schema_shaped() | FLOW, form=SHOWN)
def test_known_keys_with_anything_in_them(tmp_path: Path, place: str, content: str, form: str) -> None:
    answers(tmp_path, place, content.encode("utf-8", "surrogatepass"), form)


@pytest.mark.parametrize("place", sorted(WORKSPACE))
@fuzzing
@given(data=st.data(), form=SHOWN)
def test_slips_of_the_hand(tmp_path: Path, place: str, data: st.DataObject, form: str) -> None:
    answers(tmp_path, place, data.draw(mutated(WORKSPACE[place])), form)


@fuzzing
@given(content=RAW | TEXT.map(str.encode) | mutated("day,value\n2025-04-14,12\n2025-05-12,15\n"))
def test_readings_as_csv(tmp_path: Path, content: bytes) -> None:
    okrs = (
        "period: 2025-Q2\nobjectives: [{id: o, title: T, owner: ada, key_results: "
        "[{id: k, title: R, to: 20, readings: {csv: r.csv, date: day, value: value}}]}]\n"
    )
    write(tmp_path, {"okrs/o.yaml": okrs})
    answers(tmp_path, "okrs/r.csv", content)


def test_the_valid_workspace_is_valid(tmp_path: Path) -> None:
    write(tmp_path, WORKSPACE)
    checked = run("check", "--format", "json", cwd=tmp_path)
    assert [one for one in checked.json["diagnostics"] if one["severity"] == "error"] == []
    assert checked.status == 0
    assert run("score", "2025-Q2", "--format", "json", cwd=tmp_path).status == 0


def answers(root: Path, place: str, content: bytes, form: str = "json") -> None:
    """Writes the workspace with this content in one place, checks and scores it, and looks at how they answer."""
    if not place.endswith(".csv"):
        write(root, WORKSPACE)
    write(root, {place: content})
    checked = run("check", "--format", form, cwd=root)
    sound(checked, form)
    has_files = "nothing to check" not in checked.err  # a mutated `include:` may match no file
    assert checked.status in ((0, 1) if has_files else (2,)), checked.err
    if form == "json" and has_files:
        whole(checked, place, content)
    scored = run("score", "--as-of", "2025-05-31", "--format", "json" if form == "json" else "table", cwd=root)
    sound(scored, form)
    assert scored.status in (0, 2)
    if scored.status == 0 and form == "json":
        json.loads(scored.out, parse_constant=refused)


def sound(result: Result, form: str) -> None:
    """A status that is no fault, no traceback, and where it could not run one line each of error and hint."""
    assert result.status in (0, 1, 2), result.err
    assert "Traceback" not in result.err + result.out
    if result.status == 2:
        assert [line.partition(":")[0] for line in result.err.splitlines()] == ["error", "hint"], result.err
    # Tabs and line breaks are layout; any other control character would reach the terminal as a command.
    for text in (result.out if form != "json" else "", result.err):
        assert not set(re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text))


def whole(result: Result, place: str, content: bytes) -> None:
    """The JSON of check is complete, counted right, in order, and every place lies in its file."""
    answer = json.loads(result.out, parse_constant=refused)
    found = answer["diagnostics"]
    counted = {level: sum(one["severity"] == level for one in found) for level in ("error", "warning", "info")}
    assert {level: answer["summary"][level] for level in counted} == counted
    if place != "okrctl.yaml":  # which may say what fails
        assert result.status == (1 if counted["error"] else 0)
    last = len(re.findall(r"\r\n|[\n\r\x85\u2028\u2029]", content.decode("utf-8", "replace"))) + 1
    places = [(one["path"], one["line"], one["column"], one["code"]) for one in found]
    assert places == sorted(places)
    for one in found:
        assert one["message"]
        assert 1 <= one["line"] <= one["end_line"]
        assert one["column"] >= 1
        assert one["path"] != place or one["end_line"] <= last + 1
        assert (one["line"], one["column"]) <= (one["end_line"], one["end_column"])


def refused(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")
