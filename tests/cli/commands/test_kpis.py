"""The commands about KPIs: kpi, show, tree, explain, impact, status; as tables of any width, JSON and Markdown."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from okrctl.outputs.terminal import TerminalStyle, display_width
from tests.running import Result, run, write

TODAY = "2026-06-30"
FILES = {
    "okrctl.yaml": "teams: {growth: {name: Growth}}\n",
    "okrs/q2.yaml": """
period: 2026-Q2
team: growth
objectives:
  - id: visit
    title: Visitors stay because they find what they want
    owner: lea
    kpis: visitors
    hypothesis: {kpi: price, expect: up}
    key_results: [{id: pages, title: Pages seen, to: 10, readings: {2026-06-29: 9}}]
""",
    "kpis/all.yaml": """
kpis:
  - {id: success, title: Success | of *all*, owner: cfo, better: higher, unit: EUR, formula: visitors * price - costs}
  - id: visitors
    title: Visitors
    owner: lea
    better: higher
    watch: {below: 25}
    readings: {2026-03-30: 10, 2026-06-22: 30, 2026-06-29: 20}
  - id: price
    title: Price
    owner: tom
    tags: [money]
    better: higher
    unit: EUR
    readings: {2026-03-30: 5, 2026-06-08: 9, 2026-06-15: 8, 2026-06-22: 7, 2026-06-29: 6}
  - id: costs
    title: Costs
    owner: tom
    team: growth
    better: lower
    unit: EUR
    readings: {2026-03-30: 20, 2026-06-29: 30}
""",
}
PRICES = "2026-03-30: 5, 2026-06-08: 9, 2026-06-15: 8, 2026-06-22: 7, 2026-06-29: 6"
KEYS = [
    "id", "title", "team", "better", "unit", "value", "value_date", "previous", "change", "trend", "period_change",
    "period_trend", "age_days", "alarm", "signal", "limits", "computed", "objectives",
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def okrctl(folder: Path, *words: str) -> Result:
    done = run(*words, cwd=folder, today=TODAY)
    assert done.status in (0, 1), done.err
    return done


def test_all_kpis_as_data_the_worst_first(shop: Path) -> None:
    found = okrctl(shop, "kpi", "--format", "json").json
    assert (found["version"], found["as_of"]) == (1, TODAY)
    assert [one["id"] for one in found["kpis"]] == ["visitors", "costs", "success", "price"]
    by_id = {one["id"]: one for one in found["kpis"]}
    assert all(set(KEYS) <= set(one) for one in found["kpis"])
    expected = {
        "value": 20, "value_date": "2026-06-29", "previous": 30, "change": -10, "trend": "worse", "period_change": 10,
        "period_trend": "better", "age_days": 1, "alarm": "below 25", "computed": False,
        "objectives": ["2026-Q2/growth/visit"],
    }  # fmt: skip
    assert {key: by_id["visitors"][key] for key in expected} == expected
    # 20 * 6 - 30 today; 30 * 7 - 20 a week before; 10 * 5 - 20 before the period
    assert (by_id["success"]["value"], by_id["success"]["change"], by_id["success"]["period_change"]) == (90, -100, 60)
    assert by_id["success"]["computed"] is True


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--owner", "tom"], ["costs", "price"]),
        (["--tag", "money"], ["price"]),
        (["--team", "growth"], ["costs"]),
        (["--team", "company", "--owner", "lea"], ["visitors"]),
    ],
)
def test_filters_select_lines(shop: Path, words: list[str], ids: list[str]) -> None:
    found = okrctl(shop, "kpi", "--format", "json", *words).json
    assert [one["id"] for one in found["kpis"]] == ids


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--fail-if", "alarm"], 1),
        (["--fail-if", "alarm", "--owner", "tom"], 0),
        (["--fail-if", "worse", "--owner", "tom"], 1),
        (["--fail-if", "alarm,stale", "--as-of", "2026-04-01"], 1),
        (["--fail-if", "stale"], 0),
        ([], 0),
    ],
)
def test_alarms_and_worse_trends_can_fail(shop: Path, words: list[str], status: int) -> None:
    assert okrctl(shop, "kpi", *words).status == status


def test_an_unknown_failure_is_refused(shop: Path) -> None:
    done = run("kpi", "--fail-if", "alarms", cwd=shop, today=TODAY)
    assert done.status == 2 and "did you mean 'alarm'?" in done.err


def test_markdown_holds_no_markup_of_the_files(shop: Path) -> None:
    text = okrctl(shop, "kpi", "--format", "markdown").out
    assert "Success \\| of \\*all\\* (`success`)" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {8}
    assert "🔴 alarm<br>below 25" in text


def test_why_it_moved(shop: Path) -> None:
    found = okrctl(shop, "explain", "success", "--format", "json").json
    assert found["from"] == {"date": "2026-03-31", "value": 30}  # the day before the period
    assert found["to"] == {"date": TODAY, "value": 90}
    assert (found["change"], found["remark"]) == (60, None)
    # 10 more at a mean price of 5.5, 1 more at a mean of 15 visitors, 10 more of costs
    assert [(part["id"], part["old"], part["new"], part["part"]) for part in found["parts"]] == [
        ("visitors", 10, 20, 55), ("price", 5, 6, 15), ("costs", 20, 30, -10),
    ]  # fmt: skip
    text = okrctl(shop, "explain", "success", "--since", "2026-03-31").out
    assert "30 EUR on 2026-03-31" in text and "+60 better" in text
    assert "What hurt most: costs (-10)" in text
    assert (
        "(`costs`) | 20 EUR | 30 EUR | -10<br>hurts |" in okrctl(shop, "explain", "success", "--format", "markdown").out
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["success", "--since", "2026-06-30"], "--since 2026-06-30 must be before --until"),
        (["visit", "--since", "2026-03-31"], "--since and --until need a KPI"),
        (["sucess"], "did you mean 'success'?"),
    ],
)
def test_what_cannot_be_explained(shop: Path, words: list[str], message: str) -> None:
    done = run("explain", *words, cwd=shop, today=TODAY)
    assert done.status == 2 and message in done.err


def test_a_kpi_without_a_formula_says_so(shop: Path) -> None:
    assert "'price' has no formula that explains the change" in okrctl(shop, "explain", "price").out


def test_one_kpi_in_full(shop: Path) -> None:
    text = okrctl(shop, "show", "visitors").out
    for said in ("20 on 2026-06-29", "-10 worse, from 30", "below 25", "used in       success", "growth/visit", "●"):
        assert said in text
    found = okrctl(shop, "show", "visitors", "--format", "json").json
    assert [one["value"] for one in found["readings"]] == [10, 30, 20]
    assert found["used_in"] == ["success"]
    assert found["named_in"] == [{"ref": "2026-Q2/growth/visit", "state": "active"}]


def test_a_formula_as_a_tree(shop: Path) -> None:
    lines = okrctl(shop, "tree", "success").out.splitlines()
    assert [" ".join(line.split()[:3]) for line in lines[1:4]] == ["├─ + visitors", "├─ + price", "└─ - costs"]
    found = okrctl(shop, "tree", "success", "--format", "json").json
    assert [(one["id"], one["pull"], one["trend"]) for one in found["inputs"]] == [
        ("visitors", "up", "worse"), ("price", "up", "worse"), ("costs", "down", "worse"),
    ]  # fmt: skip
    assert okrctl(shop, "tree", "2026-Q2").out != okrctl(shop, "tree", "success").out


def test_a_name_of_neither_a_kpi_nor_a_period_or_of_both(shop: Path) -> None:
    assert "did you mean 'success'?" in run("tree", "sucess", cwd=shop, today=TODAY).err
    write(shop, {"kpis/more.yaml": "kpis: [{id: q2, title: Quality, better: higher}]\n"})
    done = run("tree", "q2", cwd=shop, today=TODAY)
    assert done.status == 2 and "'q2' is ambiguous: a KPI and the period 2026-Q2" in done.err
    assert okrctl(shop, "tree", "2026-Q2").status == 0


def test_a_formula_without_a_value_names_the_missing_input(shop: Path) -> None:
    write(shop, {"kpis/more.yaml": "kpis: [{id: rate, title: R, better: higher, formula: visitors / none},"
                                   " {id: none, title: N, better: higher, readings: {2026-06-01: 0}}]\n"})  # fmt: skip
    assert "division by zero: none is 0" in okrctl(shop, "show", "rate").out
    assert "division by zero: none is 0" in okrctl(shop, "kpi").out


def test_status_names_unaddressed_kpis_and_their_causes(shop: Path) -> None:
    found = {one["ref"]: one for one in okrctl(shop, "status", "--format", "json").json["attention"]}
    assert found["visitors"]["status"] == "alarm"
    assert found["visitors"]["next"] == "okrctl show visitors"
    assert "price" not in found  # few readings, and the objective's hypothesis addresses it
    alone = {**FILES, "okrs/q2.yaml": FILES["okrs/q2.yaml"].replace("    hypothesis: {kpi: price, expect: up}\n", "")}
    falling = "2026-03-30: 5, 2026-06-08: 9, 2026-06-15: 8, 2026-06-22: 7, 2026-06-25: 6, 2026-06-29: 4"
    alone["kpis/all.yaml"] = (
        FILES["kpis/all.yaml"]
        .replace(PRICES, falling)
        .replace("2026-03-30: 20", "2026-03-30: 20, 2026-06-08: 20, 2026-06-15: 20, 2026-06-22: 20, 2026-06-25: 20")
    )
    alone["kpis/more.yaml"] = 'kpis: [{id: double, title: Twice, better: higher, formula: "2 * price - costs"}]\n'
    alone["kpis/more.yaml"] = alone["kpis/more.yaml"].replace("better", "cadence: 1 day, better")
    found = {one["ref"]: one for one in okrctl(write(shop, alone), "status", "--format", "json").json["attention"]}
    assert found["price"]["status"] == "at its worst"
    fact = "4 EUR, the lowest of 6 readings; signals from 20 readings on"
    assert found["price"]["why"] == f"{fact}; not addressed by any active objective"
    assert found["price"]["next"] == "okrctl new 2026-Q2 --for price"
    # 2 * 6 - 20 on 25 June, 2 * 4 - 30 on 29 June: price gives -4, costs -10.
    assert found["double"]["why"].startswith("-22 on 2026-06-29, the lowest of 6 readings; ")
    assert "; mainly because of costs (-10); " in found["double"]["why"]


def test_a_signal_in_every_view(shop: Path) -> None:
    """Twelve readings of mean 10, eight set aside, the newest at 15: above 10 + 3 * root(30 / 11) = 14.95."""
    numbers = [7, 13, 8, 12, 9, 11, 9, 11, 10, 10, 10, 10, *[10] * 7, 15]
    first = date(2026, 6, 29) - timedelta(days=7 * 19)
    readings = ", ".join(f"{first + timedelta(days=7 * place)}: {number}" for place, number in enumerate(numbers))
    text = f"kpis: [{{id: faults, title: Faults, better: lower, unit: faults, readings: {{{readings}}}}}]\n"
    write(shop, {"kpis/more.yaml": text})
    (found,) = [one for one in okrctl(shop, "kpi", "--format", "json").json["kpis"] if one["id"] == "faults"]
    assert found["signal"] == "beyond-limit"
    low, high = float(found["limits"].pop("low")), float(found["limits"].pop("high"))
    assert (low, high) == pytest.approx((10 - 3 * (30 / 11) ** 0.5, 10 + 3 * (30 / 11) ** 0.5), abs=1e-6)
    assert found["limits"] == {"mean": 10, "from": "2026-02-16", "to": "2026-05-04", "readings": 12}
    words = "above its usual limit of 14.95 faults"
    status = {one["ref"]: one for one in okrctl(shop, "status", "--format", "json").json["attention"]}["faults"]
    assert status == {
        "ref": "faults", "status": "signal", "why": f"15 faults, {words}; not addressed by any active objective",
        "next": "okrctl new 2026-Q2 --for faults",
    }  # fmt: skip
    limits = (
        "5.05 to 14.95 faults: mean 10 faults ± 3 standard deviations of the 12 readings from 2026-02-16 to 2026-05-04"
    )
    assert (
        f"signal: {words}" in okrctl(shop, "kpi").out and "usual limits 5.05 to 14.95 faults" in okrctl(shop, "kpi").out
    )
    markdown = okrctl(shop, "kpi", "--format", "markdown").out
    assert f"- `faults`: signal: {words}; usual limits {limits}" in markdown
    shown = okrctl(shop, "show", "faults").out
    assert (
        f"signal        {words}\nusual limits  {limits}" in shown
        and "░ reference readings  ─ mean and usual limits" in shown
    )
    explained = okrctl(shop, "explain", "faults").out
    assert "mean 10, standard deviation 1.65" in explained and f"signal (beyond-limit): {words}" in explained
    assert okrctl(shop, "kpi", "--fail-if", "signal").status == 1
    assert okrctl(shop, "status", "--fail-if", "signal").status == 1
    assert okrctl(shop, "status", "--fail-if", "at-its-worst").status == 0


def test_an_addressed_kpi_is_in_the_status_for_its_alarm_and_not_for_its_signal(shop: Path) -> None:
    falling = "2026-03-30: 5, 2026-06-08: 9, 2026-06-15: 8, 2026-06-22: 7, 2026-06-25: 6, 2026-06-29: 4"
    write(shop, {"kpis/all.yaml": FILES["kpis/all.yaml"].replace(PRICES, falling)})
    found = {one["ref"]: one["status"] for one in okrctl(shop, "status", "--format", "json").json["attention"]}
    assert "price" not in found and found["visitors"] == "alarm"
    assert "the lowest of 6 readings; signals from 20 readings on" in okrctl(shop, "show", "price").out


def test_hypotheses_and_the_warning_that_goes_with_them(shop: Path) -> None:
    done = run("impact", cwd=shop, today="2026-07-20")
    assert "A move is not a proof" in done.out and "no verdict" in done.out
    assert "2026-04-01 to 2026-06-30" in done.out
    found = run("impact", "2026-Q2", "--format", "json", cwd=shop, today="2026-07-20").json
    assert found["period"] == {"id": "2026-Q2", "start": "2026-04-01", "end": "2026-06-30", "state": "over"}
    (one,) = found["hypotheses"]
    expected = {"kpi": "price", "expect": "up", "before": 5, "after": 7.5, "usual": None, "verdict": "no verdict"}
    assert {key: one[key] for key in expected} == expected
    text = run("impact", "--format", "markdown", cwd=shop, today="2026-07-20").out
    assert "A move is not a proof." in text and "**no verdict**" in text
    assert "expected 'price' to rise" in okrctl(shop, "impact", "2026-Q2").out  # open while the period runs
    assert "Hypotheses: 1 no verdict" in run("score", "2026-Q2", cwd=shop, today="2026-07-20").out
    assert "Hypotheses" not in okrctl(shop, "score", "2026-Q2").out


def test_a_workspace_without_kpis_or_periods(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "", "kpis/all.yaml": FILES["kpis/all.yaml"]})
    assert okrctl(tmp_path, "kpi", "--format", "json").json["kpis"][0]["period_change"] is None
    assert "since" not in okrctl(tmp_path, "kpi").out
    assert run("impact", cwd=tmp_path, today=TODAY).status == 2
    empty = write(tmp_path / "empty", {"okrctl.yaml": ""})
    assert okrctl(empty, "kpi", "--format", "json").json["kpis"] == []


def test_the_heading_counts_what_its_columns_show(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Visitors, price and what follows from them fell since the reading before; all three rose since April."""
    assert okrctl(shop, "kpi").out.startswith("4 KPIs, 1 with an alarm, 4 worse  as of")
    monkeypatch.setattr("okrctl.cli.session.detect_style", lambda *_: TerminalStyle(width=80))
    assert okrctl(shop, "kpi", "--no-cache").out.startswith("4 KPIs, 1 with an alarm, 1 worse since 1 Apr  as of")


def test_without_a_reading_in_the_period_nothing_is_said_to_be_steady(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("okrctl.cli.session.detect_style", lambda *_: TerminalStyle(width=80))
    (line,) = (line for line in run("kpi", cwd=shop, today="2026-04-02").out.splitlines() if "Price" in line)
    assert line.split() == ["Price", "5", "EUR", "-", "3", "d"]


@pytest.mark.parametrize("width", [40, 60, 80, 140])
@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("words", ["kpi", "show visitors", "tree success", "explain success", "impact 2026-Q2"])
def test_every_width_keeps_its_lines(
    shop: Path, monkeypatch: pytest.MonkeyPatch, width: int, unicode: bool, words: str
) -> None:
    style = TerminalStyle(width=width, unicode=unicode)
    monkeypatch.setattr("okrctl.cli.session.detect_style", lambda *_: style)
    text = okrctl(shop, *words.split()).out
    assert max(map(display_width, text.splitlines())) <= width
    assert unicode or text.isascii()


def test_a_csv_file_gives_its_findings_with_its_own_lines(tmp_path: Path) -> None:
    lines = "date,value 2026-05-08,1 2026-05-01,2 2026-05-15, 2026-05-08,3 2027-01-01,4 2026-05-33,4 2026-05-22,x"
    kpis = "kpis: [{id: a, title: A, owner: lea, better: higher, indicator: leading, readings: a.csv}]\n"
    write(tmp_path, {"kpis/all.yaml": kpis, "kpis/a.csv": "\n".join(lines.split()) + "\n"})
    found = run("check", "--format", "json", cwd=tmp_path, today=TODAY).json["diagnostics"]
    assert [(one["path"], one["line"], one["code"]) for one in found] == [
        ("kpis/a.csv", 4, "OKR016"),  # a day without a value
        ("kpis/a.csv", 4, "OKR016"),  # a day out of order
        ("kpis/a.csv", 5, "OKR015"),  # a day twice
        ("kpis/a.csv", 6, "OKR501"),  # in the future
        ("kpis/a.csv", 7, "OKR015"),  # no day
        ("kpis/a.csv", 8, "OKR015"),  # no number
    ]
    shown = okrctl(tmp_path, "show", "a", "--format", "json").json["readings"]
    assert [(one["date"], one["value"]) for one in shown] == [("2026-05-01", 2), ("2026-05-08", 1)]
