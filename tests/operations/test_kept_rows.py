"""The rows of an export are kept by what they follow from: no edit leaves an old row, and it costs what it changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from okrctl.analysis import export_series
from tests.running import Result, run, write

PLAIN = """\
period: 2025-Q1
team: web
objectives:
  - id: fast
    title: Pages load fast
    key_results:
      - {id: share, title: Pages below a second, from: 0, to: 100, readings: {2025-02-02: 20, 2025-03-10: 60}}
"""
LEANING = """\
period: 2025-Q2
team: web
objectives:
  - id: calm
    title: Nobody waits
    owner: ana
    key_results:
      - {id: calls, title: Calls, kpi: calls, to: 10}
      - {id: all, title: All pages, rollup: {sum: [2025-Q1/web/fast.share]}, to: 100}
"""
KPIS = (
    "kpis:\n  - {id: calls, title: Calls, better: lower, readings: {2025-03-20: 40, 2025-04-20: 30, 2025-05-20: 20}}\n"
)
WORKSPACE = {"okrctl.yaml": "organisation: Acme\n", "okrs/q1.yaml": PLAIN, "okrs/q2.yaml": LEANING, "kpis/k.yaml": KPIS}
SHEET = "date,value\n2025-02-02,20\n2025-03-10,70\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace whose rows are kept."""
    root = write(tmp_path, WORKSPACE)
    assert ask(root).status == 0
    return root


def ask(root: Path, *more: str, what: str = "scores", today: str = "2025-06-11") -> Result:
    return run("export", "--what", what, *more, cwd=root, today=today)


def replace(path: str, old: str, new: str) -> Callable[[Path], object]:
    def edit(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        write(root, {path: text.replace(old, new)})

    return edit


EDITS: dict[str, Callable[[Path], object]] = {
    "a reading": replace("okrs/q1.yaml", "2025-03-10: 60", "2025-03-10: 70"),
    "a title": replace("okrs/q2.yaml", "Nobody", "No one"),
    "a KPI": replace("kpis/k.yaml", "2025-04-20: 30", "2025-04-20: 35"),
    "a KPI without readings": replace(
        "kpis/k.yaml", ", readings: {2025-03-20: 40, 2025-04-20: 30, 2025-05-20: 20}", ""
    ),
    "a file more": lambda root: write(root, {"okrs/q1b.yaml": PLAIN.replace("web", "app")}),
    "a file less": lambda root: (root / "okrs/q1.yaml").unlink(),
    "the settings": replace("okrctl.yaml", "Acme", "Acme\npace: {behind: 1}"),
    "the organisation": replace("okrctl.yaml", "Acme", "Others"),
    "the period": replace("okrs/q1.yaml", "2025-Q1", "2025-Q3"),
    "readings in a CSV file": lambda root: write(
        root,
        {
            "okrs/q1.yaml": PLAIN.replace("{2025-02-02: 20, 2025-03-10: 60}", "{csv: ../data.csv}"),
            "data.csv": SHEET,
        },
    ),
}


@pytest.mark.parametrize("format", ["csv", "jsonl", "json"])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_no_edit_leaves_an_old_row(root: Path, edit: Callable[[Path], object], format: str) -> None:
    before = ask(root, "--format", format, "--no-cache")
    assert ask(root, "--format", format) == before
    edit(root)
    after = ask(root, "--format", format, "--no-cache")
    assert (after.status, after == before) == (0, False)
    assert ask(root, "--format", format) == after == ask(root, "--format", format)


def test_a_sheet_of_readings_is_part_of_what_rows_follow_from(root: Path) -> None:
    EDITS["readings in a CSV file"](root)
    before = ask(root)
    write(root, {"data.csv": SHEET.replace("70", "80")})
    assert ask(root) == ask(root, "--no-cache") != before


@pytest.mark.parametrize(
    "more", [("--every", "month"), ("--since", "2025-03-01"), ("--owner", "ana"), ("--until", "2025-05-01")]
)
def test_another_question_has_its_own_rows(root: Path, more: tuple[str, ...]) -> None:
    assert ask(root, *more) == ask(root, *more, "--no-cache") != ask(root)


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_no_edit_leaves_an_old_reading(root: Path, edit: Callable[[Path], object]) -> None:
    assert ask(root, what="readings") == ask(root, "--no-cache", what="readings")
    edit(root)
    fresh = ask(root, "--no-cache", what="readings")
    assert ask(root, what="readings") == fresh == ask(root, what="readings")


@pytest.mark.parametrize("more", [("--since", "2025-03-01"), ("--until", "2025-03-01"), ("--as-of", "2025-03-01")])
def test_readings_of_other_days_are_other_rows(root: Path, more: tuple[str, ...]) -> None:
    whole = ask(root, what="readings")
    assert ask(root, *more, what="readings") == ask(root, *more, "--no-cache", what="readings") != whole
    assert ask(root, what="readings") == whole


def test_a_key_result_without_readings_is_as_of_today(root: Path) -> None:
    """A rollup has no readings of its own; its row has the progress of the day."""
    write(root, {"okrs/q2.yaml": LEANING.replace("2025-Q1/web/fast.share", "calm.calls")})
    days = ("2025-04-10", "2025-04-21", "2025-05-21")
    for today in days:
        assert ask(root, what="readings", today=today) == ask(root, "--no-cache", what="readings", today=today)
    assert len({ask(root, what="readings", today=today).out.replace(today, "") for today in days}) == len(days)


def test_another_day_has_its_own_rows(root: Path) -> None:
    for today in ("2025-06-12", "2025-06-15", "2025-07-30"):
        assert ask(root, today=today) == ask(root, "--no-cache", today=today)


@pytest.mark.parametrize(
    ("edit", "periods"),
    [("a title", {"2025-Q2"}), ("a KPI", {"2025-Q2"}), ("a reading", {"2025-Q1", "2025-Q2"})],
)
def test_only_what_an_edit_can_change_is_worked_out(
    root: Path, edit: str, periods: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first period takes no number from elsewhere, the second one does."""
    built = set()
    real = export_series.scoring.build_scorecard

    def count(workspace: object, period: object, *more: object) -> object:
        built.add(period.id)  # type: ignore[attr-defined]
        return real(workspace, period, *more)  # type: ignore[arg-type]

    EDITS[edit](root)
    monkeypatch.setattr(export_series.scoring, "build_scorecard", count)
    assert ask(root).status == 0
    assert built == periods


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_damage_changes_no_row(root: Path, own_surroundings: Path, content: bytes | None) -> None:
    fresh = ask(root, "--no-cache")
    path = own_surroundings / "okrctl/rows.db"
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] if content is None else content)
    replace("okrs/q2.yaml", "Nobody", "No one")(root)  # so that the whole answer is another one
    assert ask(root).out == fresh.out.replace("Nobody", "No one")
