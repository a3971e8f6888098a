"""Tests of the rules about ids and references: duplicates, cycles and suggestions."""

from __future__ import annotations

import pytest

from okrctl.values.diagnostic import Diagnostic
from tests.check.rules.pages import characters, check, codes, found, marked, okr

TWO = "{id: codes, title: Codes, to: 5}\n{id: shops, title: Shops, to: 6}"


def objective(name: str, more: str = "", period: str = "2026-Q2", team: str = "") -> str:
    """A file with one objective."""
    said = f"period: {period}\n" + (f"team: {team}\n" if team else "")
    said += f"objectives:\n  - id: {name}\n    title: People trust us\n    owner: lea\n"
    said += f"    {more}\n" if more else ""
    return said + "    key_results: [{id: one, title: One, to: 5}, {id: two, title: Two, to: 7}]\n"


def only(files: dict[str, str], code: str) -> Diagnostic:
    (one,) = found(files, code)
    return one


# OKR101


def test_two_objectives_of_one_team_and_period_in_two_files_name_each_other() -> None:
    files = {"okrs/a.yaml": objective("trust"), "okrs/b.yaml": objective("trust")}
    one = only(files, "OKR101")
    (other,) = one.related
    assert (one.path, one.span[:2], other.path, other.span[:2]) == ("okrs/b.yaml", (3, 9), "okrs/a.yaml", (3, 9))
    assert "'trust'" in one.message and one.ref == "2026-Q2/company/trust"


@pytest.mark.parametrize("other", [{"period": "2026-Q3"}, {"team": "sales"}])
def test_another_team_or_period_may_use_the_name_again(other: dict[str, str]) -> None:
    assert found({"okrs/a.yaml": objective("trust"), "okrs/b.yaml": objective("trust", **other)}, "OKR101") == []


def test_names_are_unique_among_key_results_milestones_and_kpis() -> None:
    steps = "milestones: [{id: s, title: S, done: false}, {id: s, title: T, done: false}]"
    text = okr(f"{{id: a, title: A, to: 5}}\n{{id: a, title: B, to: 5}}\n{{id: c, title: C, {steps}}}")
    twice = found(text, "OKR101")
    assert [marked(text, one) for one in twice] == ["a", "s"]
    assert [characters(text, one.related[0].span) for one in twice] == ["a", "s"]
    kpis = "kpis: [{id: k, title: K, owner: x, better: higher}, {id: k, title: L, owner: x, better: lower}]\n"
    assert len(found({"kpis/a.yaml": kpis}, "OKR101")) == 1


def test_three_of_a_name_are_two_findings_with_the_first() -> None:
    text = okr("\n".join(["{id: a, title: A, to: 5}"] * 3))
    assert [one.related[0].span.line for one in found(text, "OKR101")] == [7, 7]


def test_nodes_without_an_id_are_not_duplicates() -> None:
    draft = "{title: A, to: 5, state: draft}\n{title: B, to: 5, state: draft}\n{id: c, title: C, to: 7}"
    assert found(okr(draft), "OKR101") == []


# OKR102


@pytest.mark.parametrize(
    ("more", "words", "meant"),
    [
        ("parent: brnd", "brnd", "'brand'"),
        ("parent: company/brnd", "company/brnd", "'company/brand'"),
        ("parent: brand.on", "brand.on", "'brand.one'"),
        ("parent: 2026-Q2/company/brand.on", "2026-Q2/company/brand.on", "'2026-Q2/company/brand.one'"),
        ("parent: compny/brand", "compny/brand", "'company/brand'"),
        ("parent: 2026-q2/company/brand", "2026-q2/company/brand", "'2026-Q2/company/brand'"),
        ("parent: shelf", "shelf", "'sales/shelf'"),
        ("parent: old", "old", "'2026-Q1/sales/old'"),
        ("kpis: [sales, turnovr]", "turnovr", "'turnover'"),
        ("hypothesis: {kpi: turnovr, expect: up}", "turnovr", "'turnover'"),
        ("hypothesis: [{kpi: sales, expect: up}, {kpi: turnovr, expect: up}]", "turnovr", "'turnover'"),
        ("initiatives: [{title: Do it, moves: [one, twoo]}]", "twoo", "'two'"),
        ("initiatives: {title: Do it, kpis: turnovr}", "turnovr", "'turnover'"),
        ("carried_from: 2026-Q1/sales/olds", "2026-Q1/sales/olds", "'2026-Q1/sales/old'"),
    ],
)
def test_an_unresolved_reference_is_marked_with_a_suggestion(more: str, words: str, meant: str) -> None:
    files = {
        "kpis/k.yaml": "kpis:\n"
        + "".join(f"  - {{id: {k}, title: K, owner: x, better: higher}}\n" for k in ("sales", "turnover")),
        "okrs/a.yaml": objective("brand"),
        "okrs/b.yaml": objective("trust", more),
        "okrs/c.yaml": objective("shelf", team="sales"),
        "okrs/d.yaml": objective("old", period="2026-Q1", team="sales"),
    }
    one = only(files, "OKR102")
    assert (marked(files, one), one.severity) == (words, "error")
    assert f"did you mean {meant}?" in one.message


@pytest.mark.parametrize(
    "more",
    [
        "parent: brand",
        "parent: company/brand",
        "parent: brand.one",
        "parent: year",
        "parent: 2026/company/year.one",
        "carried_from: 2026-Q1/sales/old",
        "initiatives: [{title: Do it, moves: [one, trust.two, company/brand.one]}]",
    ],
)
def test_resolved_references_are_fine(more: str) -> None:
    files = {
        "okrs/a.yaml": objective("brand"),
        "okrs/b.yaml": objective("trust", more),
        "okrs/c.yaml": objective("year", period="2026"),
        "okrs/d.yaml": objective("old", period="2026-Q1", team="sales"),
    }
    assert codes(files) == []


def test_the_longer_period_around_wins_over_another_quarter() -> None:
    files = {
        "okrs/a.yaml": objective("brand", period="2026"),
        "okrs/b.yaml": objective("brand", period="2026-Q1"),
        "okrs/c.yaml": objective("trust", "parent: brand"),
    }
    assert found(files, "OKR102") + found(files, "OKR106") == []


def test_a_guardrail_guards_key_results_of_its_own_objective() -> None:
    text = okr(TWO + "\n{id: g, title: G, at_most: 5, guards: [codes, shop]}")
    one = only({"okrs/page.yaml": text}, "OKR102")
    assert (marked(text, one), "'shops'" in one.message) == ("shop", True)
    assert found(okr(TWO + "\n{id: g, title: G, at_most: 5, guards: all}"), "OKR102") == []


def test_references_of_rollups_and_key_results_are_checked() -> None:
    text = okr(TWO + "\n{id: r, title: R, to: 5, rollup: {sum: [codes, shosp]}}\n{id: k, title: K, to: 5, kpi: mrr}")
    first, second = found(text, "OKR102")
    assert (marked(text, first), marked(text, second)) == ("shosp", "mrr")


def test_an_unknown_name_is_marked_in_the_formula() -> None:
    text = (
        "kpis:\n"
        "  - {id: turnover, title: T, owner: x, better: higher}\n"
        "  - {id: costs, title: C, owner: x, better: lower}\n"
        '  - {id: m, title: Ä, owner: x, better: higher, formula: "turnover - (cost + turnover-costs)"}\n'
    )
    first, second = found({"kpis/k.yaml": text}, "OKR102")
    assert [characters(text, one.span) for one in (first, second)] == ["cost", "turnover-costs"]
    assert "'costs'" in first.message
    assert "`turnover - costs`" in second.help


def test_carried_from_itself_needs_the_period() -> None:
    files = {"okrs/a.yaml": objective("brand", "carried_from: brand")}
    assert "PERIOD/company/brand" in only(files, "OKR102").help


def test_teams_are_checked_if_they_are_listed() -> None:
    files = {
        "okrctl.yaml": "teams:\n  trust: {parent: prodct}\n  product: {}\n",
        "okrs/a.yaml": objective("a", team="trst"),
    }
    files["kpis/k.yaml"] = "kpis: [{id: k, title: K, owner: x, team: sales, better: higher}]\n"
    places = [(one.path, marked(files, one)) for one in found(files, "OKR102")]
    assert places == [("kpis/k.yaml", "sales"), ("okrctl.yaml", "prodct"), ("okrs/a.yaml", "trst")]
    del files["okrctl.yaml"]
    assert found(files, "OKR102") == []


@pytest.mark.parametrize(
    "broken",
    [
        objective("brand") + "  - title: Faster: in all\n",  # no YAML
        objective("brand").replace("title: People", "onwer: x\n    title: People"),
        objective("brand").replace("id: brand", "id: brand\n    id: brand"),
        objective("brand", period="2026-Q9"),
        objective("brand").replace("objectives", "objektives"),
    ],
)
def test_names_in_unreadable_files_are_not_reported(broken: str) -> None:
    files = {"okrs/a.yaml": broken, "okrs/b.yaml": objective("trust", "parent: brand")}
    assert found(files, "OKR102") == []
    assert "error" in {one.severity for one in check(files)}
    files["okrs/b.yaml"] = objective("trust", "parent: brend")
    assert len(found(files, "OKR102")) == 1


def test_a_kpi_may_be_in_a_file_that_cannot_be_read() -> None:
    files = {"kpis/k.yaml": "kpis:\n  - id: mrr\n title: x\n", "okrs/a.yaml": objective("a", "kpis: [mrr, arr]")}
    assert [marked(files, one) for one in found(files, "OKR102")] == ["arr"]
    files["kpis/k.yaml"] = ""  # as where a file is too large or no text: it may hold anything
    assert found(files, "OKR102") == []


# OKR103


def test_a_cycle_of_parents_is_printed_in_full_and_once() -> None:
    files = {
        "okrs/c.yaml": objective("c", "parent: a.one"),
        "okrs/b.yaml": objective("b", "parent: c"),
        "okrs/a.yaml": objective("a", "parent: b"),
        "okrs/d.yaml": objective("d", "parent: a"),
    }
    one = only(files, "OKR103")
    assert one.message.endswith(" -> ".join(f"2026-Q2/company/{name}" for name in "abca"))
    assert (one.path, marked(files, one)) == ("okrs/a.yaml", "b")
    assert [(other.path, characters(files[other.path], other.span)) for other in one.related] == [
        ("okrs/b.yaml", "c"),
        ("okrs/c.yaml", "a.one"),
    ]


def test_a_self_reference_is_a_cycle() -> None:
    files = {"okrs/a.yaml": objective("a", "parent: a")}
    assert only(files, "OKR103").message.endswith("2026-Q2/company/a -> 2026-Q2/company/a")


def test_cycles_of_rollups_and_formulas() -> None:
    text = okr("{id: a, title: A, to: 5, rollup: {sum: [c, b]}}\n{id: b, title: B, to: 5, rollup: {max: a}}\n"
               "{id: c, title: C, to: 5, rollup: {sum: [d]}}\n{id: d, title: D, to: 5}")  # fmt: skip
    one = only({"okrs/page.yaml": text}, "OKR103")
    assert marked(text, one) == "b"
    assert "origin.a -> 2026-Q2/company/origin.b -> 2026-Q2/company/origin.a" in one.message
    formulas = {"a": "b + 1", "b": "c * 2", "c": "a - d", "d": "1 + 1"}
    kpis = "".join(f"  - {{id: {k}, title: K, owner: x, better: higher, formula: {v}}}\n" for k, v in formulas.items())
    assert "a -> b -> c -> a" in only({"kpis/k.yaml": f"kpis:\n{kpis}"}, "OKR103").message


def test_a_diamond_is_not_a_cycle() -> None:
    formulas = {"a": "b + c", "b": "d * 2", "c": "d - 1"}
    kpis = "".join(f"  - {{id: {k}, title: K, owner: x, better: higher, formula: {v}}}\n" for k, v in formulas.items())
    assert found({"kpis/k.yaml": f"kpis:\n{kpis}  - {{id: d, title: D, owner: x, better: higher}}\n"}, "OKR103") == []


def test_a_long_chain_of_parents_is_followed_to_its_end() -> None:
    head = "period: 2026-Q2\nobjectives:\n"
    chain = "".join(f"  - {{id: o{n}, title: T, owner: x, parent: o{(n + 1) % 1200}}}\n" for n in range(1200))
    assert only({"okrs/a.yaml": head + chain}, "OKR103").message.count(" -> ") == 1200


# OKR104 to OKR113


def test_owners_are_people_or_teams_if_people_are_listed() -> None:
    files = {
        "okrctl.yaml": "people: [lea, tom]\nteams: {trust: {lead: leah}}\n",
        "okrs/a.yaml": objective("a", "initiatives: [{title: Do it, owner: tmo, moves: one}]").replace("lea", "trust"),
    }
    unknown = found(files, "OKR104")
    assert [(marked(files, one), one.severity) for one in unknown] == [("leah", "warning"), ("tmo", "warning")]
    assert "'lea'" in unknown[0].message and "'tom'" in unknown[1].message


def test_a_parent_of_another_quarter_is_reported_with_its_place() -> None:
    files = {
        "okrs/a.yaml": objective("a", period="2026-Q1"),
        "okrs/b.yaml": objective("b", "parent: 2026-Q1/company/a.one"),
    }
    one = only(files, "OKR106")
    assert (marked(files, one), characters(files["okrs/a.yaml"], one.related[0].span)) == (
        "2026-Q1/company/a.one",
        "2026-Q1",
    )


def test_either_all_siblings_have_a_weight_or_none() -> None:
    rest = "{id: g, title: G, at_most: 5, guards: a}\n{id: d, title: D, to: 5, state: draft}"
    text = okr("{id: a, title: A, to: 5, weight: 2}\n{id: b, title: Bee, to: 5}\n" + rest)
    one = only({"okrs/page.yaml": text}, "OKR110")
    assert (marked(text, one), one.related[0].span.line) == ("Bee", 7)
    files = {"okrs/a.yaml": objective("a", "weight: 2"), "okrs/b.yaml": objective("b"), "okrs/c.yaml": objective("c")}
    assert [one.path for one in found(files, "OKR110")] == ["okrs/b.yaml", "okrs/c.yaml"]
    files["okrs/a.yaml"] = objective("a", "wieght: 2")
    assert found(files, "OKR110") == []


@pytest.mark.parametrize(
    ("path", "period", "fits"),
    [
        ("okrs/2026-Q3/a.yaml", "2026-Q2", False),
        ("okrs/2026-q3/a.yaml", "2026-Q2", False),
        ("okrs/2026-Q3.yaml", "2026-Q2", False),
        ("okrs/2025/a.yaml", "2026-Q2", False),
        ("okrs/2026-Q2/a.yaml", "2026", False),
        ("okrs/2026/a.yaml", "2026-Q2", True),
        ("okrs/2026/2026-Q2/2026-05.yaml", "2026-05", True),
        ("okrs/FY26-Q1/a.yaml", "2026-Q2", True),  # no period here, since the year begins in January
        ("okrs/trust/a.yaml", "2026-Q2", True),
        ("okrs/2026-Q2/a.yaml", "{id: cycle-7, start: 2026-06-13, end: 2026-07-24}", True),
        ("okrs/2026-Q1/a.yaml", "{id: cycle-7, start: 2026-06-13, end: 2026-07-24}", False),
    ],
)
def test_the_path_agrees_with_the_period(path: str, period: str, fits: bool) -> None:
    files = {path: objective("a", period=period)}
    assert len(found(files, "OKR111")) == (not fits)


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ('http: "https://ok.example/a"', []),
        ('http: "https://OK.example:443/a"', []),
        ('http: "https://port.example:8443/a"', []),
        ('http: "https://port.example/a"', ["https://port.example/a"]),
        ('http: "https://ok.example.evil.example/a"', ["https://ok.example.evil.example/a"]),
        ('http: "https://ok.example@evil.example/a"', ["https://ok.example@evil.example/a"]),
        ('http: "https://me:pa55@ok.example/a"', ["https://me:pa55@ok.example/a"]),
        (r"http: 'https://evil.example\@ok.example/'", [r"https://evil.example\@ok.example/"]),
        ('http: "file:///etc/passwd"', ["file:///etc/passwd"]),
        ('http: "https://[bad/"', ["https://[bad/"]),
        ('prometheus: "http://evil.example", query: up', ["http://evil.example"]),
        ('http: "https://ok.example/a", token_env: HOME', ["HOME"]),
        ('http: "https://ok.example/a", token_env: OKRCTL_', ["OKRCTL_"]),
        ("sql: select 1, url_env: AWS_SECRET", ["AWS_SECRET"]),
        ("sql: select 1, url_env: OKRCTL_WAREHOUSE", []),
        ("csv: a.csv", []),
    ],
)
def test_sources_name_only_what_the_settings_allow(source: str, marks: list[str]) -> None:
    kpi = f"kpis:\n  - id: k\n    title: K\n    owner: x\n    better: higher\n    source: {{{source}}}\n"
    files = {"okrctl.yaml": 'sources: {hosts: [ok.example, "port.example:8443"]}\n', "kpis/k.yaml": kpi}
    refused = found(files, "OKR113")
    assert [marked(files, one).strip("\"'") for one in refused] == marks
    assert not any("pa55" in one.message + one.help for one in refused)
