"""Formats of CI servers keep to their schemas and limits."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.check.report import CheckReport, join_reports
from okrctl.check.rule import Rule
from okrctl.check.rules import RULES
from okrctl.outputs.ci import github, gitlab, junit, markdown, rdjson, sarif
from okrctl.outputs.markdown import COMMENT_LIMIT, code_span, escape
from okrctl.values.addresses import rule_url
from okrctl.values.diagnostic import Related, Replacement, Span
from tests.outputs.reports import PATH, PLAIN, finding, report


def in_folder(folder: str, found: CheckReport, current_folder: str = "") -> CheckReport:
    """The report of a workspace in a folder below git's top."""
    return join_reports({folder: found}, current_folder, ())


NASTY = "100 %, a: b\n::set-output name=x::y\r\x00\x1b[31m @lea ##[group]x"


# GitHub


def test_github_gets_one_command_for_each_finding() -> None:
    one = finding("no owner", span=Span(3, 5, 3, 9), severity="error", help="add one")
    line = github.render(in_folder("goals", report(one)), PLAIN)
    place = f"file=goals/{PATH},line=3,endLine=3,col=5,endColumn=9"
    assert line == f"::error title=OKR105 missing-owner,{place}::no owner%0Ahelp: add one"


@pytest.mark.parametrize("infos", [0, 3, 10, 12])
def test_what_was_not_compared_is_said_in_comments_and_on_github(infos: int) -> None:
    found = replace(
        report(*(finding(f"info {number}", severity="info") for number in range(infos))), left_out="shallow"
    )
    lines = github.render(found, PLAIN).splitlines()
    assert len(lines) <= 10 and lines[-1].endswith("not compared with the agreed version: shallow")
    shown = sum("info " in line and "not shown" not in line for line in lines)
    assert f"{infos - shown} more of severity info" in lines[-1] or shown == infos
    assert markdown.page(found).endswith("\nNot compared with the agreed version: shallow.\n")
    room = 2000
    assert len(markdown.page(replace(found, left_out="x" * 900), room).encode()) <= room


def test_github_commands_escape_titles() -> None:
    lines = github.render(report(finding(NASTY, path="okrs/a,b:c%.yaml")), PLAIN).splitlines()
    assert len(lines) == 1
    properties, message = re.fullmatch(r"::warning (.*?)::(.*)", lines[0]).groups()  # type: ignore[union-attr]
    assert "file=okrs/a%2Cb%3Ac%25.yaml" in properties
    assert message.startswith("100 %25, a: b ::set-output")
    assert "\x1b" not in message and "\x00" not in message


def test_github_shows_ten_of_each_the_most_severe_first_and_counts_the_rest() -> None:
    ones = [finding(f"info {n}", severity="info") for n in range(12)]
    ones += [finding(f"warning {n}") for n in range(11)]
    ones += [finding(f"error {n}", severity="error") for n in range(13)]
    lines = github.render(report(*ones), PLAIN).splitlines()
    kinds = [line.split(" ")[0] for line in lines]
    assert kinds == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"] * 10
    last = "not shown here: 3 more of severity error, 1 more of severity warning, 3 more of severity info"
    assert lines[-1] == f"::notice title=okrctl::{last}"


def test_github_says_nothing_about_nothing() -> None:
    assert github.render(report(), PLAIN) == ""


# GitLab


def gitlab_names(*ones: Any) -> list[str]:
    return [one["fingerprint"] for one in json.loads(gitlab.render(report(*ones), PLAIN))]


def test_gitlab_fingerprints_differ_and_stay_when_lines_move() -> None:
    before = [finding(ref="2026-Q2/a/b", span=Span(n, 1, n, 2)) for n in (1, 2)] + [finding(ref="2026-Q2/a/c")]
    after = [finding(ref="2026-Q2/a/b", span=Span(n, 3, n, 4)) for n in (7, 9)] + [finding(ref="2026-Q2/a/c")]
    assert gitlab_names(*before) == gitlab_names(*after)
    assert len(set(gitlab_names(*before))) == 3


def test_gitlab_fingerprints_stay_when_a_message_names_another_line_or_the_file_is_moved() -> None:
    here = finding("2026-04-06 stands in line 2 already", ref="a/b")
    there = finding("2026-04-06 stands in line 5 already", ref="a/b", path="okrs/else.yaml")
    assert gitlab_names(here) == gitlab_names(there)


def test_gitlab_places_are_those_of_the_repository() -> None:
    issue = json.loads(gitlab.render(in_folder("goals", report(finding())), PLAIN))[0]
    assert issue["location"]["path"] == f"goals/{PATH}"
    assert issue["location"]["lines"] == {"begin": 1, "end": 1}
    assert issue["severity"] == "minor"
    assert {"description", "check_name", "fingerprint"} < issue.keys()


# SARIF: the part of the official schema of 2.1.0 that speaks of what is written here


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


TEXT = {"type": "string"}
MANY_FORMATS = closed(["text"], text=TEXT, markdown=TEXT)
MESSAGE = closed(["text"], text=TEXT, markdown=TEXT)
FROM_ONE = {"type": "integer", "minimum": 1}
TEXT_OF_FILE = closed([], text=TEXT)
REGION = closed(
    ["startLine"], snippet=TEXT_OF_FILE, startLine=FROM_ONE, startColumn=FROM_ONE, endLine=FROM_ONE, endColumn=FROM_ONE
)
RELATIVE = {"type": "string", "pattern": r"^[A-Za-z0-9_.~%-][A-Za-z0-9_.~%/-]*$"}  # within "uri-reference"
ARTIFACT = closed(["uri"], uri=RELATIVE, uriBaseId=TEXT)
LOCATION = closed(
    [],
    id={"type": "integer", "minimum": -1},
    physicalLocation=closed(["artifactLocation"], artifactLocation=ARTIFACT, region=REGION, contextRegion=REGION),
    message=MESSAGE,
)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = closed(
    ["id"], id=TEXT, name=TEXT, shortDescription=MANY_FORMATS, fullDescription=MANY_FORMATS, help=MANY_FORMATS,
    helpUri={"type": "string", "format": "uri"},
    properties={"type": "object", "properties": {"tags": {"type": "array", "uniqueItems": True, "items": TEXT}}},
    defaultConfiguration=closed([], level=LEVEL, enabled={"type": "boolean"}),
)  # fmt: skip
DRIVER = closed(
    ["name"], name=TEXT, version=TEXT, semanticVersion=TEXT, informationUri={"type": "string", "format": "uri"},
    rules={"type": "array", "items": RULE, "uniqueItems": True},
)  # fmt: skip
REPLACEMENT = closed(["deletedRegion"], deletedRegion=REGION, insertedContent=closed([], text=TEXT))
CHANGE = closed(
    ["artifactLocation", "replacements"], artifactLocation=ARTIFACT,
    replacements={"type": "array", "minItems": 1, "items": REPLACEMENT},
)  # fmt: skip
FIX = closed(
    ["artifactChanges"], description=MESSAGE,
    artifactChanges={"type": "array", "minItems": 1, "uniqueItems": True, "items": CHANGE},
)  # fmt: skip
RESULT = closed(
    ["message"], ruleId=TEXT, ruleIndex={"type": "integer", "minimum": -1}, level=LEVEL, message=MESSAGE,
    locations={"type": "array", "items": LOCATION},
    relatedLocations={"type": "array", "uniqueItems": True, "items": LOCATION},
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    fixes={"type": "array", "uniqueItems": True, "items": FIX},
)  # fmt: skip
NOTIFICATION = closed(["message"], message=MESSAGE, level=LEVEL)
INVOCATION = closed(
    ["executionSuccessful"], executionSuccessful={"type": "boolean"},
    toolExecutionNotifications={"type": "array", "items": NOTIFICATION},
)  # fmt: skip
RUN = closed(
    ["tool"], invocations={"type": "array", "items": INVOCATION}, tool=closed(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)  # fmt: skip
SARIF = closed(
    ["version", "runs"], **{"$schema": {"type": "string", "format": "uri"}}, version={"enum": ["2.1.0"]},
    runs={"type": "array", "items": RUN},
)  # fmt: skip


def run_of(result: CheckReport) -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    found = json.loads(sarif.render(result, PLAIN))
    jsonschema.validate(found, SARIF)
    return found["runs"][0]


def test_sarif_keeps_to_its_schema() -> None:
    related = Related("okrs/other.yaml", Span(2, 1, 2, 5), "the other one")
    fix = (Replacement(Span(1, 1, 1, 1), "id: a\n"),)
    ones = (finding(NASTY, severity="error", help="mend it", ref="a/b", related=(related,), fix=fix), finding())
    run = run_of(in_folder("my goals", report(*ones)))
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"][0]["level"] == "error"
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == f"my%20goals/{PATH}"
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "OKR105"
    assert "```yaml" in run["tool"]["driver"]["rules"][0]["help"]["markdown"]


def test_sarif_is_what_the_models_of_its_official_schema_take() -> None:
    """These are made from the schema that OASIS publishes, and allow no key that it does not name."""
    models = pytest.importorskip("pydantic_sarif.model")
    related = Related("okrs/other.yaml", Span(2, 1, 2, 5), "the other one")
    fix = (Replacement(Span(1, 1, 1, 1), "id: a\n"),)
    one = finding(NASTY, severity="error", help="mend it", ref="a/b", related=(related,), fix=fix)
    text = sarif.render(report(one, finding(span=Span(2, 1, 2, 2)), text="a: 1\nb: 2\nc: 3\n"), PLAIN)
    assert '"contextRegion"' in text
    models.StaticAnalysisResultsFormatSarifVersion210JsonSchema.model_validate_json(text)


def test_sarif_paths_are_uris() -> None:
    place = run_of(report(finding(path="okrs/a:b #1 %20 ü.yaml")))["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "okrs/a%3Ab%20%231%20%2520%20%C3%BC.yaml"


def test_sarif_titles_do_not_become_links() -> None:
    link = "see [this](1) and [that](https://evil.example)"
    fix = (Replacement(Span(1, 1, 1, 1), link),)
    one = finding(link, help=link, related=(Related(PATH, Span(1, 1, 1, 2), link),), fix=fix)
    result = run_of(report(one))["results"][0]
    said = (result["message"], result["relatedLocations"][0]["message"], result["fixes"][0]["description"])
    assert not [text for text in said if "](" in text["text"]]
    inserted = result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"]
    assert inserted == link  # what is put into a file stays as it is


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    assert run_of(report())["results"] == []


def test_sarif_columns_end_one_past_the_last_character() -> None:
    region = run_of(report(finding(span=Span(1, 8, 1, 11)), text="title: 日本の"))["results"][0]["locations"][0]
    assert region["physicalLocation"]["region"] == {"startLine": 1, "startColumn": 8, "endLine": 1, "endColumn": 11}


def test_sarif_names_a_finding_by_what_stays_when_lines_move() -> None:
    before = run_of(report(finding(ref="a/b", span=Span(1, 1, 1, 2))))["results"][0]["partialFingerprints"]
    after = run_of(report(finding(ref="a/b", span=Span(9, 1, 9, 2))))["results"][0]["partialFingerprints"]
    assert before == after and before["primaryLocationLineHash"]


def test_sarif_shows_the_lines_around_a_finding() -> None:
    text = "\ufeffperiod: 2026-Q2\nteam: a\nobjectives: []\nlast: 日本\n"
    place = run_of(report(finding(span=Span(2, 1, 3, 2)), text=text))["results"][0]["locations"][0]["physicalLocation"]
    snippet = {"text": "period: 2026-Q2\nteam: a\nobjectives: []\nlast: 日本"}
    assert place["contextRegion"] == {"startLine": 1, "endLine": 4, "snippet": snippet}
    long = f"a: 1\nb: {'x' * sarif.MAX_CONTEXT}\n"
    for span, text in ((Span(1, 1, 1, 7), "a: 1"), (Span(7, 1, 7, 1), "a: 1"), (Span(1, 1, 1, 2), long)):
        [result] = run_of(report(finding(span=span), text=text))["results"]
        assert "contextRegion" not in result["locations"][0]["physicalLocation"], text[:20]


def test_sarif_has_no_more_results_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MAX_RESULTS", 3)
    ones = [finding(f"info {n}", severity="info") for n in range(3)] + [
        finding("error", severity="error", code="OKR002")
    ]
    run = run_of(report(*ones))
    assert [each["message"]["text"] for each in run["results"]] == ["error", "info 0", "info 1"]
    [notification] = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("4 findings: the 1 least severe are left out")
    assert "invocations" not in run_of(report(*ones[1:]))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_sarif_tags_a_rule_with_its_group(rule: Rule) -> None:
    [found] = run_of(report(finding(code=rule.code, name=rule.name)))["tool"]["driver"]["rules"]
    group = sarif.GROUPS[int(rule.code[3])]
    assert found["properties"]["tags"] == ["okr", group] and found["helpUri"] == rule_url(rule.code)


# JUnit: the elements and attributes of junit-10.xsd of the xUnit plugin of Jenkins

ELEMENTS = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set[str](), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id", "package",
         "file", "log", "url"},
        {"name", "tests", "failures", "errors"}, {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "time", "classname", "group"}, {"name"},
        {"skipped", "error", "failure", "rerunFailure", "rerunError", "flakyFailure", "flakyError", "system-out",
         "system-err"},
    ),
    "failure": ({"type", "message"}, set[str](), set[str]()),
    "system-out": (set[str](), set[str](), set[str]()),
}  # fmt: skip


def suites_of(result: CheckReport) -> ElementTree.Element:
    """The report as JUnit, in which every element is as Jenkins allows, and no two cases have one class and name."""
    suites = ElementTree.fromstring(junit.render(result, PLAIN))
    for element in suites.iter():
        attributes, required, children = ELEMENTS[element.tag]
        assert required <= element.attrib.keys() <= attributes, element.tag
        assert {child.tag for child in element} <= children
    for suite in suites.iter("testsuite"):
        cases = suite.findall("testcase")
        assert suite.attrib["tests"] == str(len(cases))
        assert suite.attrib["failures"] == str(sum(case.find("failure") is not None for case in cases))
        assert len({(case.attrib["classname"], case.attrib["name"]) for case in cases}) == len(cases)
    return suites


def test_junit_names_stay_when_lines_move() -> None:
    def names(*ones: Any) -> list[str]:
        return [case.attrib["name"] for case in suites_of(report(*ones)).iter("testcase")]

    before = [finding(ref="2026-Q2/a/b", span=Span(n, 1, n, 2)) for n in (1, 2)] + [finding()]
    after = [finding(ref="2026-Q2/a/b", span=Span(n, 3, n, 4)) for n in (7, 9)] + [finding()]
    first = "OKR105 missing-owner 2026-Q2/a/b"
    assert names(*before) == names(*after) == [first, f"{first} (2)", "OKR105 missing-owner"]


def test_junit_says_where_a_finding_is() -> None:
    suites = suites_of(in_folder("goals", report(finding(severity="error", span=Span(3, 5, 3, 9)))))
    failure = suites.find("testsuite/testcase/failure")
    assert failure is not None and str(failure.text).startswith(f"goals/{PATH}:3:5: error: ")
    assert suites[0].attrib["file"] == f"goals/{PATH}"


def test_junit_fails_what_fails_the_check() -> None:
    ones = (finding(severity="error"), finding(), finding(severity="info"))
    suites = suites_of(report(*ones))
    assert suites.attrib == {"name": "okrctl", "tests": "3", "failures": "1", "errors": "0"}
    assert [case.find("failure") is not None for case in suites.iter("testcase")] == [True, False, False]
    strict = ElementTree.fromstring(junit.render(report(*ones, fail_on="warning"), PLAIN))
    assert strict.attrib["failures"] == "2"


def test_junit_of_nothing_is_a_case_that_passed() -> None:
    suites = suites_of(report())
    assert [case.attrib["name"] for case in suites.iter("testcase")] == ["okrctl check"]


@given(st.text(st.characters(codec=None), max_size=50))
def test_junit_is_xml_whatever_is_in_a_message(text: str) -> None:
    suites = ElementTree.fromstring(junit.render(report(finding(text, help=text)), PLAIN).encode())
    assert len(list(suites.iter("testcase"))) == 1


# reviewdog


def test_rdjson_counts_bytes() -> None:
    text = "\ufefftitle: 日本 ok\nnote: ä😀z\n"
    ones = (finding(span=Span(1, 8, 1, 10)), finding(span=Span(2, 9, 2, 10)))
    ranges = [
        one["location"]["range"] for one in json.loads(rdjson.render(report(*ones, text=text), PLAIN))["diagnostics"]
    ]
    lines = text.encode().splitlines()
    meant = [
        lines[place["start"]["line"] - 1][place["start"]["column"] - 1 : place["end"]["column"] - 1].decode()
        for place in ranges
    ]
    assert meant == ["日本", "z"]


def test_rdjson_names_paths_from_the_top_of_git() -> None:
    fix = (Replacement(Span(1, 1, 1, 7), "cycle"),)
    found = in_folder("goals", report(finding(fix=fix)), current_folder="goals/okrs")
    one = json.loads(rdjson.render(found, PLAIN))["diagnostics"][0]
    assert one["location"]["path"] == f"goals/{PATH}"
    assert one["severity"] == "WARNING"
    assert one["code"] == {"value": "OKR105", "url": rule_url("OKR105")}
    assert one["suggestions"][0]["text"] == "cycle"


# Markdown


def test_markdown_shows_the_most_severe_first_and_notifies_nobody() -> None:
    ones = (finding("@lea, see #12 and https://evil.example <b>|x|"), finding("worse", severity="error"))
    text = markdown.page(report(*ones))
    rows = [line for line in text.splitlines() if line.startswith("|")][2:]
    assert "worse" in rows[0]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
    assert not re.search(r"@\w|#\d|https?://|<b>", rows[1])


def test_markdown_keeps_to_the_limit_of_a_comment() -> None:
    ones = [finding(f"{n} " + "日本" * 50) for n in range(2000)]
    text = markdown.page(report(*ones))
    assert len(text) <= COMMENT_LIMIT and len(text.encode()) <= COMMENT_LIMIT
    shown = sum(line.startswith("| ⚠️") for line in text.splitlines())
    assert text.endswith(f"and {2000 - shown} more findings\n") and shown > 50


@pytest.mark.parametrize(
    ("text", "written"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("``x`", "``` ``x` ```"), ("a|b", r"`a\|b`"), ("", "")],
)
def test_code_spans_hold_any_text(text: str, written: str) -> None:
    assert code_span(text) == written


@given(st.text(max_size=60))
def test_plain_text_has_no_markup_left(text: str) -> None:
    found = escape(text)
    assert "\n" not in found
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_\[\]<>|`]", found)
    assert not re.search(r"@\w", found)
