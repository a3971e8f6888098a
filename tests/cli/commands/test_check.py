"""What `check` shows, fails on, writes and fixes, through the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from okrctl.outputs.ci import DOCUMENTS
from tests.running import Result, run, write

TODAY = "2026-05-15"
GOOD = """\
period: 2026-Q2
objectives:
  - id: origin
    title: Customers know where their products come from
    owner: lea
    key_results:
      - {id: codes, title: Codes requested, to: 25000}
      - {id: farms, title: Farms shown, to: 12}
"""
NO_OWNER = GOOD.replace("    owner: lea\n", "")
OTHER = """\
period: 2026-Q2
objectives:
  - id: origin
    title: Restaurants cook with what grows nearby
    owner: lea
    key_results:
      - {id: kitchens, title: Kitchens supplied, to: 40}
      - {id: dishes, title: Dishes on the menu, to: 9}
"""
BROKEN = OTHER.replace("owner:", "onwer:")


def check(root: Path, *arguments: str, **environment: str) -> Result:
    return run("check", *arguments, cwd=root, env=environment, today=TODAY)


def found(root: Path, *arguments: str) -> list[str]:
    """CODE of every finding, in order."""
    return [one["code"] for one in check(root, "--format", "json", *arguments).json["diagnostics"]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, {"okrctl.yaml": "organisation: Acme\n", "okrs/a.yaml": NO_OWNER, "okrs/b/c.yaml": BROKEN})


# what is shown


def test_paths_select_findings(root: Path) -> None:
    assert found(root) == ["OKR105", "OKR101", "OKR002"]
    assert found(root, "okrs/a.yaml") == ["OKR105"]
    assert found(root, "okrs/b") == ["OKR101", "OKR002"]
    assert found(root, str(root / "okrs" / "b")) == ["OKR101", "OKR002"]
    assert found(root, ".") == found(root)
    assert check(root, "okrs/a.yaml").status == 0
    assert check(root, "okrs/b").status == 1


def test_paths_are_those_of_the_folder_of_the_run(root: Path) -> None:
    inner = root / "okrs" / "b"
    assert found(inner, "c.yaml") == found(inner, ".") == ["OKR101", "OKR002"]
    assert check(inner, "../a.yaml", "--format", "concise").out.startswith("../a.yaml:4:12: OKR105 missing-owner")


@pytest.mark.parametrize("arguments", [["okrs/none.yaml"], ["-C", ".", ".."], ["-C", ".", "/"]])
def test_a_path_that_is_not_read_is_an_error(root: Path, arguments: list[str]) -> None:
    result = check(root, *arguments)
    assert result.status == 2
    assert result.err.startswith("error: ") and "\nhint: " in result.err


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["--select", "OKR105"], ["OKR105"]),
        (["--select", "okr1"], ["OKR105", "OKR101"]),
        (["--select", "missing-owner,OKR002"], ["OKR105", "OKR002"]),
        (["--select", "OKR0", "--select", "missing_owner"], ["OKR105", "OKR002"]),
        (["--ignore", "OKR1"], ["OKR002"]),
        (["--select", "OKR1", "--ignore", "duplicate-id"], ["OKR105"]),
    ],
)
def test_rules_are_chosen_by_code_family_and_name(root: Path, arguments: list[str], codes: list[str]) -> None:
    assert found(root, *arguments) == codes


def test_a_rule_that_is_off_runs_when_it_is_selected_by_name(root: Path) -> None:
    assert "OKR108" not in found(root)
    assert found(root, "--select", "no-kpi", "okrs/a.yaml") == ["OKR108"]
    assert found(root, "--select", "OKR1", "okrs/a.yaml") == ["OKR105"]


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_an_error_with_a_suggestion(root: Path, option: str) -> None:
    result = check(root, option, "missing-ownr")
    assert (result.status, result.out) == (2, "")
    assert "hint: did you mean 'missing-owner'?" in result.err


@pytest.mark.parametrize(
    ("arguments", "status"),
    [([], 0), (["--strict"], 1), (["--fail-on", "warning"], 1), (["--fail-on", "error"], 0), (["--fail-on", "info"], 1),
     (["--strict", "--fail-on", "error"], 1)],
)  # fmt: skip
def test_the_lowest_severity_that_fails(root: Path, arguments: list[str], status: int) -> None:
    assert check(root, "okrs/a.yaml", *arguments).status == status


def test_the_settings_decide_what_fails_unless_options_do(root: Path) -> None:
    write(root, {"okrctl.yaml": "fail_on: warning\n"})
    assert check(root, "okrs/a.yaml").status == 1
    assert check(root, "okrs/a.yaml", "--fail-on", "error").status == 0


def test_statistics_count_what_each_rule_found(root: Path) -> None:
    rules = check(root, "--statistics", "--format", "json").json["rules"]
    assert [(one["code"], one["count"], one["fixable"]) for one in rules] == [
        ("OKR002", 1, 1), ("OKR101", 1, 0), ("OKR105", 1, 0),
    ]  # fmt: skip
    assert check(root, "--statistics").out.splitlines()[0] == "     1  error    OKR002  unknown-key, 1 with a fix"
    assert check(root, "--statistics", "--format", "sarif").status == 2


def test_an_empty_folder_is_an_error_that_leads_to_init(tmp_path: Path) -> None:
    for words in ([], ["-q"], ["--format", "json"], ["."]):
        result = check(tmp_path, *words)
        assert result.status == 2 and "okrctl init" in result.err
        assert result.out == "" if "json" not in words else result.json["error"]["code"] == "not-found"


def test_broken_settings_are_findings_and_hide_nothing(root: Path) -> None:
    write(root, {"okrctl.yaml": "fail_on: [\n"})
    assert found(root) == ["OKR001", "OKR105", "OKR101", "OKR002"]
    assert check(root).status == 1


def test_a_sealed_period_is_not_checked_again(root: Path) -> None:
    write(root, {"okrs/a.yaml": NO_OWNER.replace("12}", "12, from: 12}"), "scorecards/2026-Q2.json": "{}"})
    assert "OKR301" not in found(root) and "OKR105" in found(root)


# formats


@pytest.mark.parametrize("format", DOCUMENTS)
def test_nothing_stands_beside_a_document(root: Path, format: str) -> None:
    result = check(root, "--format", format, "--format", "github")
    assert result.status == 2 and f"{format} must be the only format on standard output" in result.err
    assert check(root, "--format", "github", "--format", "concise").status == 1


def test_several_formats_at_once(root: Path) -> None:
    result = check(root, "--format", "github", "--format", "sarif=out.sarif", "--format", "junit=j.xml")
    assert result.status == 1
    assert result.out.startswith("::error ")
    assert json.loads((root / "out.sarif").read_text())["version"] == "2.1.0"
    assert (root / "j.xml").read_text().startswith("<?xml")


def test_an_unknown_format_is_an_error_with_a_suggestion(root: Path) -> None:
    assert "did you mean 'sarif'" in check(root, "--format", "sarf=x").err
    assert check(root, "--format", "github", "--format", "full", "-o", "x").status == 2


def test_the_summary_of_a_job_is_appended_within_its_limit(root: Path) -> None:
    place = root / "summary.md"
    place.write_text("before\n")
    assert check(root, GITHUB_STEP_SUMMARY=str(place)).status == 1
    said = place.read_text()
    assert said.startswith("before\n### okrctl check") and "missing-owner" in said
    place.write_bytes(b"x" * 1_048_000)
    check(root, GITHUB_STEP_SUMMARY=str(place))
    assert place.stat().st_size == 1_048_000


# standard input


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))


def test_a_text_from_an_editor_replaces_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, GOOD)
    assert found(root, "--stdin-filename", "okrs/a.yaml") == []
    piped(monkeypatch, NO_OWNER.replace("id: origin", "id: another"))
    assert "OKR105" in found(root, "--stdin-filename", "okrs/new.yaml")
    piped(monkeypatch, "fail_on: never\n")
    assert found(root, "--stdin-filename", "okrctl.yaml") == ["OKR004"]


def test_a_text_from_an_editor_is_seen_by_the_other_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, GOOD.replace("id: origin", "id: another"))
    assert found(root, "--stdin-filename", "okrs/a.yaml", "okrs/b", "--select", "OKR0,OKR1") == ["OKR002"]


def test_standard_input_is_not_fixed(root: Path) -> None:
    assert check(root, "--stdin-filename", "okrs/a.yaml", "--fix").status == 2


# --fix


def fixed_text(tmp_path: Path, text: str, *arguments: str) -> str:
    write(tmp_path, {"okrs/a.yaml": text})
    check(tmp_path, "--fix", *arguments)
    return (tmp_path / "okrs" / "a.yaml").read_bytes().decode()


def test_a_fix_shows_its_diff_first(root: Path) -> None:
    before = (root / "okrs/b/c.yaml").read_bytes()
    result = check(root, "--fix", "--dry-run")
    assert result.status == 1
    assert "--- a/okrs/b/c.yaml\n+++ b/okrs/b/c.yaml\n" in result.out
    assert "-    onwer: lea\n+    owner: lea\n" in result.out
    assert "would fix okrs/b/c.yaml:5: OKR002" in result.err
    assert (root / "okrs/b/c.yaml").read_bytes() == before


def test_a_fix_is_written_and_what_remains_is_shown(root: Path) -> None:
    result = check(root, "--fix", "--format", "json")
    assert [one["code"] for one in result.json["diagnostics"]] == ["OKR105", "OKR101"]
    assert (root / "okrs/b/c.yaml").read_text() == OTHER
    assert (root / "okrs/a.yaml").read_text() == NO_OWNER


def test_only_selected_findings_are_fixed(root: Path) -> None:
    check(root, "--fix", "--select", "OKR010")
    check(root, "--fix", "okrs/a.yaml")
    assert (root / "okrs/b/c.yaml").read_text() == BROKEN


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_missing_id_is_made_from_the_title(tmp_path: Path, newline: str, mark: str) -> None:
    text = mark + GOOD.replace("  - id: origin\n    title:", "  - title:").replace("\n", newline)
    after = GOOD.replace("id: origin", "id: customers-know-where-their-products-come-from")
    assert fixed_text(tmp_path, text) == mark + after.replace("\n", newline)


def test_ids_are_transliterated_and_differ(tmp_path: Path) -> None:
    text = GOOD.replace("{id: codes, title: Codes requested", "{title: Größe & Maß").replace(
        "{id: farms, title: Farms shown", '{title: "Größe & Maß"'
    )
    after = fixed_text(tmp_path, text)
    assert "- {id: groesse-and-mass, title: Größe & Maß, to: 25000}" in after
    assert '- {id: groesse-and-mass-2, title: "Größe & Maß", to: 12}' in after


def test_an_id_of_a_title_without_letters_is_numbered(tmp_path: Path) -> None:
    after = fixed_text(tmp_path, GOOD.replace("id: codes, title: Codes requested", "title: 注文"))
    assert "- {id: key-result, title: 注文, to: 25000}" in after


def test_texts_are_quoted_and_comments_left_alone(tmp_path: Path) -> None:
    text = GOOD.replace("from\n", "from #1\n    tags: [no, x] # a comment: no\n")
    after = fixed_text(tmp_path, text)
    assert 'title: "Customers know where their products come from #1"\n    tags: ["no", x] # a comment: no\n' in after


def test_a_misspelled_name_is_corrected(tmp_path: Path) -> None:
    write(tmp_path, {"kpis/k.yaml": "kpis: [{id: visits, title: V, owner: lea, better: higher}]\n"})
    after = fixed_text(tmp_path, GOOD.replace("    owner: lea\n", "    owner: lea\n    kpis: [vistis]\n    kpi: 3\n"))
    assert "kpis: [visits]\n" in after


def test_a_name_with_two_candidates_is_not_corrected(tmp_path: Path) -> None:
    kpis = ", ".join(f"{{id: {name}, title: {name}, owner: lea, better: higher}}" for name in ("visits-a", "visits-b"))
    write(tmp_path, {"kpis/k.yaml": f"kpis: [{kpis}]\n"})
    text = GOOD.replace("    owner: lea\n", "    owner: lea\n    kpis: visits-c\n")
    assert fixed_text(tmp_path, text) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    owner: lea  # okrctl: ignore[missing-owner]\n", "    owner: lea\n"),
        ("    # okrctl: ignore[missing-owner, OKR201]\n    owner: lea\n", "    owner: lea\n"),
        ("    owner: lea  # okrctl: ignore[missing-ownr]\n", "    owner: lea\n"),
    ],
)
def test_an_unused_suppression_is_removed(tmp_path: Path, before: str, after: str) -> None:
    text = GOOD.replace("    owner: lea\n", before)
    assert fixed_text(tmp_path, text) == GOOD.replace("    owner: lea\n", after)


def test_the_other_names_of_a_suppression_stay(tmp_path: Path) -> None:
    text = NO_OWNER.replace("from\n", "from  # okrctl: ignore[OKR201, missing-owner, OKR301]\n")
    assert fixed_text(tmp_path, text) == NO_OWNER.replace("from\n", "from  # okrctl: ignore[missing-owner]\n")


def test_a_fix_that_makes_things_worse_is_refused_and_the_others_are_kept(tmp_path: Path) -> None:
    text = (
        GOOD.replace("to: 25000}", "targt: many}")
        .replace("owner:", "onwer:")
        .replace("to: 12}", "status: green, to: 12}")
    )
    write(tmp_path, {"okrs/a.yaml": text})
    result = check(tmp_path, "--fix")
    after = (tmp_path / "okrs/a.yaml").read_text()
    assert "owner: lea" in after
    assert "status: green" in after
    assert "leave okrs/a.yaml:8: OKR002 unknown key 'status'" in result.err


def test_fixing_twice_changes_nothing_more(tmp_path: Path) -> None:
    text = BROKEN.replace("  - id: origin\n    title:", "  - title:")
    once = fixed_text(tmp_path, text)
    assert fixed_text(tmp_path, once) == once


def test_an_alias_is_not_given_two_ids(tmp_path: Path) -> None:
    text = """\
period: 2026-Q2
objectives:
  - id: a
    title: Users stay
    owner: lea
    key_results: [&one {title: Users who stay, to: 3}, *one]
"""
    after = fixed_text(tmp_path, text)
    assert after == text or after.count("id: users-who-stay") == 1


# --add-ignore


MESSY = """\
period: 2026-Q2
objectives:
  - id: origin  # the first
    title: >
      Customers know where
      their products come from
    key_results:
      - {id: codes, title: Codes, targt: 25000}
      - id: farms
        title: "Farms
          shown"
        to: 5
        from: 5
        tags: [no,
          yes]
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_after_adding_suppressions_the_check_is_clean(tmp_path: Path, newline: str) -> None:
    write(tmp_path, {"okrs/a.yaml": MESSY.replace("\n", newline), "okrs/b.yaml": NO_OWNER})
    assert len(found(tmp_path)) > 5
    first = check(tmp_path, "--add-ignore")
    assert first.status == 0, first.out
    assert found(tmp_path) == []
    text = (tmp_path / "okrs/a.yaml").read_bytes().decode()
    assert text.count("\n") == text.count(newline)
    assert check(tmp_path, "--add-ignore").err == ""
    assert (tmp_path / "okrs/a.yaml").read_bytes().decode() == text


def test_suppressions_are_added_at_the_end_of_the_line_to_those_that_exist(tmp_path: Path) -> None:
    text = NO_OWNER.replace("from\n", "from  # okrctl: ignore[missing-owner]\n").replace("from  #", "from 3 times  #")
    write(tmp_path, {"okrs/a.yaml": text})
    check(tmp_path, "--add-ignore")
    line = (tmp_path / "okrs/a.yaml").read_text().splitlines()[3]
    assert line.endswith("from 3 times  # okrctl: ignore[missing-owner, objective-has-number]")


def test_a_file_that_cannot_be_read_is_not_suppressed(tmp_path: Path) -> None:
    write(tmp_path, {"okrs/a.yaml": "owner: @lea\n"})
    result = check(tmp_path, "--add-ignore")
    assert result.status == 1
    assert (tmp_path / "okrs/a.yaml").read_text() == "owner: @lea\n"
    assert "leave okrs/a.yaml:1: OKR001" in result.err


def test_findings_in_a_csv_file_are_suppressed_where_the_file_is_named(tmp_path: Path) -> None:
    text = GOOD.replace("to: 12}", "to: 12, readings: ../farms.csv}")
    write(tmp_path, {"okrs/a.yaml": text, "farms.csv": "date,value\n2026-04-31,3\n2026-04-12,many\n"})
    assert found(tmp_path) == ["OKR015", "OKR015"]
    assert check(tmp_path, "--add-ignore").status == 0
    assert found(tmp_path) == []
    assert (tmp_path / "okrs/a.yaml").read_text() == text.replace("csv}", "csv}  # okrctl: ignore[invalid-csv]")


def test_suppressions_can_be_shown_first(root: Path) -> None:
    result = check(root, "--add-ignore", "--dry-run")
    assert "# okrctl: ignore[missing-owner]" in result.out
    assert (root / "okrs/a.yaml").read_text() == NO_OWNER


def test_a_dry_run_needs_fix_or_add_ignore(root: Path) -> None:
    assert check(root, "--dry-run").status == 2
