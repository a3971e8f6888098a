"""The recipes of the manual, each against a stand-in with the shape of the real API that checks what it is asked."""

from __future__ import annotations

import base64
import json
import re
import textwrap
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from okrctl.docs import read_page
from tests.running import Result, run, write
from tests.sources.loopback import Site, site
from tests.sources.trusted import trusting

GOALS = """\
period: 2025-Q2
team: growth
objectives:
  - id: launch
    title: Customers order on their phones
    owner: lea
    key_results:
      - id: answered
        title: Requests of customers that are answered
        from: 0
        to: 100
        source: {source}
"""


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


RECIPES = re.findall(r"```yaml\nsource:\n(.*?)```", read_page("sources").text, re.DOTALL)


def recipe(web: Site, part: str) -> str:
    """The recipe of the manual that contains a text, with the stand-in in place of the host."""
    [found] = [text for text in RECIPES if part in text]
    return "\n" + textwrap.indent(re.sub(r"https://[^/]+", web.url(""), found, count=1), 8 * " ").rstrip()


def workspace(root: Path, source: str) -> Path:
    settings = "sources: {hosts: [127.0.0.1]}\n"
    return write(root, {"okrs/growth.yaml": GOALS.replace("{source}", source), "okrctl.yaml": settings})


def refreshed(root: Path, *arguments: str, **env: str) -> Result:
    return run("refresh", "--retries", "0", "--time-limit", "5", *arguments, cwd=root, env=trusting(root) | env)


def readings(root: Path) -> list[str]:
    lines = (root / "okrs/growth.yaml").read_text().splitlines()
    return [line.strip() for line in lines[lines.index("        readings:") + 1 :]]


def gives(root: Path, expected: list[str], *arguments: str, **env: str) -> None:
    result = refreshed(root, *arguments, **env)
    assert result.status == 0, result.out + result.err
    assert readings(root) == [reading.replace("}", ", source: http 127.0.0.1}") for reading in expected]
    assert run("check", cwd=root).status == 0


def fails(root: Path, says: str, **env: str) -> None:
    before = (root / "okrs/growth.yaml").read_bytes()
    result = refreshed(root, **env)
    assert result.status == 2 and says in result.out, result.out + result.err
    assert (root / "okrs/growth.yaml").read_bytes() == before


def answer_json(request: BaseHTTPRequestHandler, data: Any, status: int = 200, **headers: str) -> None:
    body = json.dumps(data).encode()
    request.send_response(status)
    for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | headers).items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def query_of(request: BaseHTTPRequestHandler) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


# --- GitHub ---------------------------------------------------------------------------------------------------------


def requires_github(request: BaseHTTPRequestHandler) -> bool:
    given = request.headers
    is_right = given["Authorization"] == "Bearer gh-secret" and given["X-GitHub-Api-Version"] == "2022-11-28"
    if not is_right or request.command != "GET":
        answer_json(request, {"message": "Bad credentials"}, 401)
    return is_right


def test_github_issues_that_are_closed(tmp_path: Path, web: Site) -> None:
    def search(request: BaseHTTPRequestHandler) -> None:
        if requires_github(request):
            asked = query_of(request)
            assert asked == {"q": "repo:acme/shop is:issue is:closed", "per_page": "1"}
            answer_json(request, {"total_count": 42, "incomplete_results": False, "items": [{"number": 7}]})

    web.answers["/search/issues"] = search
    source = recipe(web, "search/issues")
    gives(workspace(tmp_path, source), ["2025-06-30: {value: 42}"], OKRCTL_GITHUB="gh-secret")
    fails(workspace(tmp_path / "no", source), "responded with 401 Unauthorized", OKRCTL_GITHUB="other")


def test_github_milestones_over_pages(tmp_path: Path, web: Site) -> None:
    pages = [
        [
            {"due_on": "2025-04-30T00:00:00Z", "closed_issues": 3},
            {"due_on": "2025-05-31T00:00:00Z", "closed_issues": 5},
        ],
        [{"due_on": "2025-06-15T00:00:00Z", "closed_issues": 8}],
        [],
    ]

    def milestones(request: BaseHTTPRequestHandler) -> None:
        if not requires_github(request):
            return
        asked = query_of(request)
        number = int(asked.get("page", "1"))
        assert asked["state"] == "all"
        here = web.url("/repos/acme/shop/milestones?state=all")
        links = f'<{here}&page={number + 1}>; rel="next", <{here}&page=3>; rel="last"' if number < 3 else ""
        answer_json(request, pages[number - 1], Link=f'<{here}&page=1>; rel="first", {links}')

    web.answers["/repos/acme/shop/milestones"] = milestones
    expected = ["2025-04-30: {value: 3}", "2025-05-31: {value: 5}", "2025-06-15: {value: 8}"]
    gives(workspace(tmp_path, recipe(web, "milestones")), expected, OKRCTL_GITHUB="gh-secret")
    assert len(web.asked) == 3


# --- GitLab ---------------------------------------------------------------------------------------------------------


def test_gitlab_statistics_of_issues(tmp_path: Path, web: Site) -> None:
    def statistics(request: BaseHTTPRequestHandler) -> None:
        assert request.command == "GET" and query_of(request) == {"labels": "customer"}
        is_right = request.headers["PRIVATE-TOKEN"] == "gl-secret" and request.headers["Authorization"] is None
        counts = {"statistics": {"counts": {"all": 30, "closed": 21, "opened": 9}}}
        answer_json(request, counts if is_right else {"message": "401"}, 200 if is_right else 401)

    web.answers["/api/v4/projects/12/issues_statistics"] = statistics
    gives(workspace(tmp_path, recipe(web, "issues_statistics")), ["2025-06-30: {value: 21}"], OKRCTL_GITLAB="gl-secret")


# --- Jira -----------------------------------------------------------------------------------------------------------


def requires_jira(request: BaseHTTPRequestHandler) -> bool:
    expected = "Basic " + base64.b64encode(b"lea@acme.example:jira-secret").decode()
    is_right = request.headers["Authorization"] == expected and request.command == "GET"
    if not is_right:
        answer_json(request, {}, 401)
    return is_right


def test_jira_issues_of_a_board(tmp_path: Path, web: Site) -> None:
    def issues(request: BaseHTTPRequestHandler) -> None:
        if requires_jira(request):
            assert query_of(request) == {"jql": "statusCategory = Done", "maxResults": "0"}
            answer_json(request, {"startAt": 0, "maxResults": 0, "total": 17, "issues": []})

    web.answers["/rest/agile/1.0/board/4/issue"] = issues
    source = recipe(web, "board/4")
    root = workspace(tmp_path, source)
    gives(root, ["2025-06-30: {value: 17}"], OKRCTL_JIRA="lea@acme.example:jira-secret")
    fails(workspace(tmp_path / "b", source), "not of the form USER:PASSWORD", OKRCTL_JIRA="jira-secret")


def test_jira_pages_by_a_token_in_the_answer(tmp_path: Path, web: Site) -> None:
    def search(request: BaseHTTPRequestHandler) -> None:
        if not requires_jira(request):
            return
        asked = query_of(request)
        assert asked.pop("jql") == "project = SHOP" and asked.pop("fields") == "duedate,customfield_10016"
        issues = {None: ("2025-05-05", 3), "t=1&x": ("2025-06-02", 5.5)}[asked.get("nextPageToken")]
        field = {"fields": {"duedate": issues[0], "customfield_10016": issues[1]}}
        last = {"isLast": True} if asked else {"nextPageToken": "t=1&x", "isLast": False}
        answer_json(request, {"issues": [field], **last})

    web.answers["/rest/api/3/search/jql"] = search
    root = workspace(tmp_path, recipe(web, "search/jql"))
    expected = ["2025-05-05: {value: 3}", "2025-06-02: {value: 5.5}"]
    gives(root, expected, OKRCTL_JIRA="lea@acme.example:jira-secret")


# --- Linear ---------------------------------------------------------------------------------------------------------


def test_linear_by_graphql(tmp_path: Path, web: Site) -> None:
    def graphql(request: BaseHTTPRequestHandler) -> None:
        is_right = request.command == "POST" and request.headers["Authorization"] == "lin-secret"
        assert request.headers["Content-Type"] == "application/json"
        answer_json(request, {"data": {"project": {"progress": 0.25}}} if is_right else {}, 200 if is_right else 401)

    web.answers["/graphql"] = graphql
    root = workspace(tmp_path, recipe(web, "progress"))
    gives(root, ["2025-06-30: {value: 0.25}"], OKRCTL_LINEAR="lin-secret")
    assert [json.loads(body) for body in web.bodies] == [{"query": '{ project(id: "p1") { progress } }'}]


def test_linear_over_pages(tmp_path: Path, web: Site) -> None:
    def graphql(request: BaseHTTPRequestHandler) -> None:
        assert request.command == "POST" and request.headers["Authorization"] == "lin-secret"
        after = json.loads(web.bodies[-1]).get("variables", {}).get("after")
        day, scope = {None: ("2025-05-01T10:00:00.000Z", 4), "c1": ("2025-06-01T10:00:00.000Z", 9)}[after]
        info = {"hasNextPage": after is None, "endCursor": "c1" if after is None else "c2"}
        nodes = [{"completedAt": day, "scope": scope}]
        answer_json(request, {"data": {"projects": {"nodes": nodes, "pageInfo": info}}})

    web.answers["/graphql"] = graphql
    root = workspace(tmp_path, recipe(web, "projects(after"))
    gives(root, ["2025-05-01: {value: 4}", "2025-06-01: {value: 9}"], OKRCTL_LINEAR="lin-secret")
    assert json.loads(web.bodies[1])["variables"] == {"after": "c1"}


def test_graphql_that_refuses_with_200(tmp_path: Path, web: Site) -> None:
    web.gives("/graphql", {"data": {"v": 3}, "errors": [{"message": "SECRET-OF-THE-SERVER"}]})
    root = workspace(tmp_path, f'{{http: "{web.url("/graphql")}", query: "{{ v }}", value: data.v}}')
    fails(root, "the server rejected the query, with 1 error")
    assert "SECRET" not in refreshed(root).out


def test_a_query_is_not_sent_on(tmp_path: Path, web: Site) -> None:
    with site() as other:
        web.gives("/graphql", {}, 307, Location=other.url("/graphql"))
        root = workspace(tmp_path, f'{{http: "{web.url("/graphql")}", query: "{{ v }}", value: data.v}}')
        fails(root, "127.0.0.1 redirects a POST")
        assert other.asked == []


# --- A sheet --------------------------------------------------------------------------------------------------------

SHEET = (
    b'\xef\xbb\xbf"day","answered","note"\r\n"2025-05-05","12","a, b"\r\n'
    b'"2025-05-12","","away"\r\n"2025-06-02","40.5",""\r\n'
)


def test_a_sheet_as_csv(tmp_path: Path, web: Site) -> None:
    web.gives("/spreadsheets/d/ID/gviz/tq", SHEET, Content_Type="text/csv; charset=utf-8")
    root = workspace(tmp_path, recipe(web, "spreadsheets"))
    gives(root, ["2025-05-05: {value: 12}", "2025-06-02: {value: 40.5}"])
    assert web.asked[0][0] == "/spreadsheets/d/ID/gviz/tq?tqx=out:csv&sheet=numbers"


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        (b"day,answered\n2025-05-05,secret-word\n", "expected a number, got a text of 11 characters"),
        (b"day,answered\n\xff,1\n", "the response is not valid CSV"),
        (b"day,answered\n,1\n", "a date is missing at 'day'"),
    ],
)
def test_a_sheet_that_is_none(tmp_path: Path, web: Site, sheet: bytes, says: str) -> None:
    web.gives("/sheet", sheet, Content_Type="text/csv")
    fails(workspace(tmp_path, f'{{http: "{web.url("/sheet")}", date: day, value: answered}}'), says)


# --- Pages and headers ----------------------------------------------------------------------------------------------


def test_pages_end_after_fifty_and_never_go_round(tmp_path: Path, web: Site) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        number = int(query_of(request).get("page", "1"))
        answer_json(request, {"v": [], "next": f"?page={number + 1}"})

    web.answers["/endless"] = endless
    fails(workspace(tmp_path / "a", f'{{http: "{web.url("/endless")}", value: v, next: next}}'), "more than 50 pages")
    assert len(web.asked) == 50
    web.gives("/round", {"v": [], "next": "/round"})
    source = f'{{http: "{web.url("/round")}", value: v, next: next}}'
    fails(workspace(tmp_path / "b", source), "a page names an earlier page as its next page")


def test_a_page_elsewhere_gets_no_secret_and_must_be_listed(tmp_path: Path, web: Site) -> None:
    with site() as other:
        other.gives("/two", {"d": "2025-06-02", "v": 2})
        web.gives("/one", {"d": "2025-06-01", "v": 1, "next": other.url("/two")})
        source = f'{{http: "{web.url("/one")}", date: d, value: v, next: next, headers: {{X-Key: $OKRCTL_K}}}}'
        gives(workspace(tmp_path, source), ["2025-06-01: {value: 1}", "2025-06-02: {value: 2}"], OKRCTL_K="s3cr3t")
        assert web.asked[0][1]["X-Key"] == "s3cr3t" and "X-Key" not in other.asked[0][1]
    web.gives("/one", {"d": "2025-06-01", "v": 1, "next": "https://evil.example/"})
    fails(workspace(tmp_path / "b", source), "the host 'evil.example' is not listed", OKRCTL_K="s3cr3t")


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ("{Host: evil.example}", "the header 'Host' cannot be set"),
        ("{Proxy-Authorization: x}", "the header 'Proxy-Authorization' cannot be set"),
        ("{'X Y': x}", "the header 'X Y' cannot be set"),
        ("{X: $OKRCTL_LINES}", "the header X contains characters that a header cannot have"),
        ("{X: $GITHUB_TOKEN}", "'GITHUB_TOKEN' is not a valid name for a secret"),
        ("{X: '${HOME}'}", "'HOME' is not a valid name for a secret"),
        ("{Authorization: a}, token_env: OKRCTL_T", "only one of `token_env`, `basic_env` and the header"),
        ("{}, basic_env: OKRCTL_T, token_env: OKRCTL_T", "only one of `token_env`, `basic_env` and the header"),
    ],
)
def test_headers_that_are_not_sent(tmp_path: Path, web: Site, headers: str, says: str) -> None:
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v, headers: {headers}}}')
    fails(root, says, OKRCTL_T="a:b", OKRCTL_LINES="a\r\nX: y", GITHUB_TOKEN="t")
    assert web.asked == []


def test_check_reports_a_header_with_a_secret_that_is_not_ours(tmp_path: Path) -> None:
    root = workspace(tmp_path, '{http: "https://evil.example/", value: v, headers: {X: $GITHUB_TOKEN}}')
    result = run("check", "--format", "concise", cwd=root)
    assert "OKR113 source-not-allowed 'GITHUB_TOKEN' is not a valid name for a secret" in result.out
    assert "the host 'evil.example' is not allowed" in result.out


# --- Key results ----------------------------------------------------------------------------------------------------


def test_a_key_result_takes_readings_of_its_own_period_only(tmp_path: Path, web: Site) -> None:
    rows = [{"d": day, "v": number} for number, day in enumerate(("2025-03-31", "2025-04-01", "2025-06-30"))]
    web.gives("/rows", rows)
    root = workspace(tmp_path, f'{{http: "{web.url("/rows")}", date: d, value: v}}')
    gives(root, ["2025-04-01: {value: 1}", "2025-06-30: {value: 2}"], "--since", "2025-01-01")
    assert refreshed(root, "answered").out == "2025-Q2/growth/launch.answered: nothing new\n"
    assert refreshed(root, "launch.answered").status == 0


def test_of_periods_that_do_not_run_nothing_is_fetched(tmp_path: Path, web: Site) -> None:
    web.gives("/v", {"v": 5})
    root = workspace(tmp_path, f'{{http: "{web.url("/v")}", value: v}}')
    for today, why in (("2025-03-31", "2025-Q2 has not begun"), ("2025-07-15", "2025-Q2 is over")):
        result = run("refresh", cwd=root, env=trusting(root), today=today)
        assert (result.status, result.out) == (0, ""), result.err
        result = run("refresh", "answered", cwd=root, env=trusting(root), today=today)
        assert result.status == 2 and f"takes no readings: {why}" in result.err
    assert run("refresh", cwd=root, env=trusting(root), today="2025-07-14").status == 0
    write(root, {"scorecards/2025-Q2.json": "{}"})
    result = run("refresh", "answered", cwd=root, env=trusting(root), today="2025-06-30")
    assert result.status == 2 and "2025-Q2 is sealed" in result.err


@pytest.mark.parametrize(("key", "value"), [("kpi", "mrr"), ("rollup", "{sum: [a, b]}")])
def test_a_source_stands_beside_readings_alone(tmp_path: Path, key: str, value: str) -> None:
    root = workspace(tmp_path, f"{{csv: a.csv}}\n        {key}: {value}")
    result = run("check", "--format", "concise", "--select", "OKR008", cwd=root)
    assert f"'{key}' and 'source' are different sources of the value" in result.out


def test_a_change_of_a_source_is_in_the_diff(tmp_path: Path) -> None:
    from tests.repositories import Repo

    repo = Repo(tmp_path / "repo")
    repo.commit("one", files={"okrs/a.yaml": GOALS.replace("{source}", "{csv: a.csv}")})
    write(tmp_path / "repo", {"okrs/a.yaml": GOALS.replace("{source}", "{csv: b.csv}")})
    [change] = run("diff", "--format", "json", cwd=tmp_path / "repo").json["changes"]
    assert (change["field"], change["effect"]) == ("source", None)
