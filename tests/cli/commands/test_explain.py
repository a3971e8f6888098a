"""How `explain` explains rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.check import rules
from okrctl.check.rule import Rule
from okrctl.outputs.terminal import display_width
from tests.running import run, write


def test_a_page_has_everything_about_the_rule(tmp_path: Path) -> None:
    text = run("explain", "OKR013", cwd=tmp_path).out
    assert text.startswith("OKR013 value-truncated-by-comment (warning)\n\nFinds texts that are cut short by ` #`.\n\n")
    assert "\nBad:\n\n    period: 2026-Q2\n" in text and "\nGood:\n\n    period: 2026-Q2\n" in text
    assert "rules: {value-truncated-by-comment: ignore}" in text


@pytest.mark.parametrize(
    "word", ["okr013", "value-truncated-by-comment", "VALUE-TRUNCATED-BY-COMMENT", "value_truncated_by_comment"]
)
def test_a_rule_is_found_by_code_and_name_in_any_case(tmp_path: Path, word: str) -> None:
    assert run("explain", word, cwd=tmp_path).out == run("explain", "OKR013", cwd=tmp_path).out


def test_an_unknown_rule_is_an_error_with_a_suggestion(tmp_path: Path) -> None:
    result = run("explain", "missing-ownr", cwd=tmp_path)
    assert (result.status, result.out) == (2, "")
    assert "did you mean 'missing-owner'?" in result.err


def test_the_list_has_every_rule_with_its_severity_here(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "profile: academy\nrules: {missing-owner: ignore}\n"})
    lines = run("explain", "rules", cwd=tmp_path).out.splitlines()
    shown = {line.split()[0]: line.split()[1:3] for line in lines if line.startswith("OKR")}
    assert list(shown) == [rule.code for rule in rules.RULES]
    assert shown["OKR105"] == ["ignore", "missing-owner"]
    assert shown["OKR201"] == ["error", "objective-has-number"]
    assert lines[-1].endswith("with the profile academy")


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_page_in_every_format(tmp_path: Path, rule: Rule) -> None:
    code, name = rule.code, rule.name
    page = run("explain", code, "--format", "json", cwd=tmp_path).json
    assert (page["code"], page["name"]) == (code, name)
    assert page["summary"].startswith("Finds ") and page["summary"].endswith(".")
    assert [one["label"] for one in page["examples"]][:2] == ["Bad", "Good"]
    assert run("explain", name, "--format", "markdown", cwd=tmp_path).out.startswith(f"# {code} {name}\n")


def test_the_list_as_data_and_as_a_table(tmp_path: Path) -> None:
    found = run("explain", "rules", "--format", "json", cwd=tmp_path).json
    assert found["profile"] == "balanced"
    assert len(found["rules"]) == len(rules.RULES)
    table = run("explain", "rules", "--format", "markdown", cwd=tmp_path).out.splitlines()
    assert len(table) == len(rules.RULES) + 2


@pytest.mark.parametrize("width", [50, 60, 80, 140])
@pytest.mark.parametrize("what", ["rules", "OKR013"])
def test_text_fits_the_terminal(width: int, what: str) -> None:
    from okrctl.check import rule_page
    from okrctl.outputs.terminal import TerminalStyle
    from okrctl.outputs.views.rules import render
    from okrctl.schema.settings import Config

    result = (
        rule_page.build_rulebook(Config()) if what == "rules" else rule_page.build_entry(rules.BY_NAME[what], Config())
    )
    lines = render(result, "table", TerminalStyle(width=width)).splitlines()
    assert all(
        display_width(line) <= width
        for line in lines
        if not line.startswith(("    ", "Turn off", "Suppress one", "On the web"))
    )


def test_how_a_title_is_read(tmp_path: Path) -> None:
    shown = run("explain", "OKR204", "--title", "Launch a new shop and improve quality", cwd=tmp_path)
    assert shown.status == 0
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert "verb launch (work)" in lines
    assert "about a new shop (head noun: shop)" in lines
    assert lines[6] == "OKR204 objective-is-activity 'launch' describes work; an objective states what the work is for"
    assert "OKR202 objective-evergreen no finding" in lines
    data = run("explain", "OKR204", "--title", "Launch pads never wait", "--format", "json", cwd=tmp_path).json
    assert data["verb"] is None
    assert {rule["message"] for rule in data["rules"]} == {None}


def test_a_title_in_german_and_in_a_language_without_words(tmp_path: Path) -> None:
    write(tmp_path, {"okrctl.yaml": "language: de\n"})
    data = run(
        "explain", "objective-is-activity", "--title", "Neue App einführen", "--format", "json", cwd=tmp_path
    ).json
    assert data["verb"] == {"lemma": "einführen", "class": "work"}
    write(tmp_path, {"okrctl.yaml": "organisation: Acme\n"})
    refused = run("explain", "OKR204", "--title", "La vente de la maison et le reste", cwd=tmp_path)
    assert (refused.status, refused.err.splitlines()[0]) == (
        2,
        "error: no rule checks the wording of titles in the language 'fr'",
    )


def test_a_rule_that_does_not_judge_titles(tmp_path: Path) -> None:
    refused = run("explain", "OKR101", "--title", "Anything", cwd=tmp_path)
    assert refused.status == 2
    assert "duplicate-id does not check the wording of titles" in refused.err
