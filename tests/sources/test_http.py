"""JSON over HTTP: values are written where they belong, and a server that fails or lies writes nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from okrctl.sources import fetch
from okrctl.sources.http_client import find_proxy
from okrctl.sources.policy import parse_address
from tests.running import Result, run, write
from tests.sources.loopback import Site, closed_port, site
from tests.sources.trusted import own_files, trusting

TOKEN = "s3cr3t-t0k3n/with=signs"
KPI = """\
kpis:
  - id: mrr
    title: Recurring revenue   # by finance
    owner: cfo
    better: higher
    unit: EUR
    source: {SOURCE}
    readings:
      2025-06-01: 100
"""


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


def workspace(root: Path, source: str, *hosts: str, kpi: str = KPI) -> Path:
    listed = ", ".join(f'"{host}"' for host in hosts)
    return write(
        root, {"kpis/a.yaml": kpi.replace("{SOURCE}", source), "okrctl.yaml": f"sources: {{hosts: [{listed}]}}\n"}
    )


def refreshed(root: Path, *arguments: str, **env: str) -> Result:
    return run("refresh", "--retries", "0", "--time-limit", "5", *arguments, cwd=root, env=trusting(root) | env)


def fails(root: Path, says: str, *arguments: str, **env: str) -> Result:
    before = own_files(root)
    result = refreshed(root, *arguments, **env)
    assert result.status == 2, result.out
    assert says in result.out and result.out.startswith("mrr: failed: ")
    assert result.err.startswith("error: the source failed\nhint: nothing was written")
    assert own_files(root) == before
    return result


def test_one_value_is_that_of_today(tmp_path: Path, web: Site) -> None:
    web.gives("/mrr.json", {"data": {"mrr": 120.50}})
    root = workspace(tmp_path, f'{{http: "{web.url("/mrr.json")}", value: data.mrr}}', web.host)
    result = refreshed(root)
    assert (result.status, result.out) == (0, "mrr: 1 new reading, the newest 120.5 on 2025-06-30\n"), result.err
    expected = KPI.replace("{SOURCE}", f'{{http: "{web.url("/mrr.json")}", value: data.mrr}}')
    assert (root / "kpis/a.yaml").read_text() == expected + "      2025-06-30: {value: 120.5, source: http 127.0.0.1}\n"
    assert run("check", cwd=root).status == 0
    again = refreshed(root)
    assert (again.status, again.out) == (0, "mrr: nothing new\n")


def test_a_list_has_days_and_only_what_is_asked_is_taken(tmp_path: Path, web: Site) -> None:
    rows: list[dict[str, Any]] = [{"d": f"2025-0{month}-03T10:00:00Z", "v": str(month)} for month in range(1, 7)]
    web.gives("/all", {"rows": [*rows, {"d": "2025-06-09", "v": None}]})
    root = workspace(tmp_path, f'{{http: "{web.url("/all")}", date: rows.d, value: rows.v}}', web.host)
    assert refreshed(root).status == 0
    assert (root / "kpis/a.yaml").read_text().count("source: http") == 1  # the newest reading is of June
    assert refreshed(root, "--since", "2025-03-01").status == 0
    assert (root / "kpis/a.yaml").read_text().count("source: http") == 4


def test_the_token_goes_to_the_host_that_was_named(tmp_path: Path, web: Site) -> None:
    with site() as other:
        other.gives("/new", {"v": 7})
        web.gives("/old", {}, 302, Location=other.url("/new"))
        source = f'{{http: "{web.url("/old")}", value: v, token_env: OKRCTL_T}}'
        root = workspace(tmp_path, source, "127.0.0.1")
        assert refreshed(root, OKRCTL_T=TOKEN).status == 0
        assert web.asked[0][1]["Authorization"] == f"Bearer {TOKEN}"
        assert "Authorization" not in other.asked[0][1]


def test_a_redirect_to_a_host_that_is_not_listed_is_not_followed(tmp_path: Path, web: Site) -> None:
    with site() as other:
        web.gives("/old", {}, 307, Location=other.url("/new"))
        root = workspace(tmp_path, f'{{http: "{web.url("/old")}", value: v}}', web.host)
        fails(root, "the host '127.0.0.1' is not listed")
        assert other.asked == []


@pytest.mark.parametrize("place", ["http://example.org/x", "file:///etc/passwd", "//example.org/x", "ftp://127.0.0.1/"])
def test_a_redirect_elsewhere_is_not_followed(tmp_path: Path, web: Site, place: str) -> None:
    web.gives("/old", {}, 301, Location=place)
    fails(workspace(tmp_path, f'{{http: "{web.url("/old")}", value: v}}', web.host), "mrr: failed: ")


def test_a_ring_of_redirects_ends(tmp_path: Path, web: Site) -> None:
    web.gives("/ring", {}, 302, Location="/ring")
    fails(workspace(tmp_path, f'{{http: "{web.url("/ring")}", value: v}}', web.host), "more than 5 redirects")
    assert len(web.asked) == 6


@pytest.mark.parametrize(
    ("address", "hosts", "says"),
    [
        ("https://metrics.example/x", [], "the host 'metrics.example' is not listed"),
        ("https://metrics.example:8443/x", ["metrics.example:443"], "the host 'metrics.example' is not listed"),
        ("https://metrics.example.evil/x", ["metrics.example"], "not listed"),
        ("https://metrics.example@evil.example/x", ["metrics.example"], "the address is not valid"),
        ("https://evil.example\\\\@metrics.example/x", ["metrics.example"], "the address is not valid"),
        ("http://metrics.example/x", ["metrics.example"], "is not encrypted"),
        ("http://127.0.0.1.evil.example/", ["127.0.0.1.evil.example"], "is not encrypted"),
        ("file:///etc/passwd", ["localhost"], "the address is not valid"),
        ("https://mètrics.example/", ["mètrics.example"], "the address is not valid"),
    ],
)
def test_what_is_not_allowed_is_refused_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, hosts: list[str], says: str
) -> None:
    forbid_connections(monkeypatch)
    root = workspace(tmp_path, f'{{http: "{address}", value: v, token_env: OKRCTL_T}}', *hosts)
    result = fails(root, says, OKRCTL_T=TOKEN)
    assert TOKEN not in result.out + result.err


def forbid_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **keywords: Any) -> Any:
        raise AssertionError("a connection was tried")

    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.mark.parametrize(
    "command", [["check"], ["score"], ["report"], ["kpi"], ["status"], ["show", "mrr"], ["export"]], ids=str
)
def test_no_other_command_makes_a_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    forbid_connections(monkeypatch)
    root = workspace(tmp_path, '{http: "https://metrics.example/x", value: v, token_env: OKRCTL_T}', "metrics.example")
    goals = "period: 2025-Q2\nobjectives: [{id: o, title: A, key_results: [{id: k, title: K, to: 200, kpi: mrr}]}]\n"
    write(root, {"okrs/a.yaml": goals})
    assert run(*command, cwd=root, env={"OKRCTL_T": TOKEN}).status == 0


LIES: list[tuple[Any, str]] = [
    ({"v": True}, "expected a number, got a value of the type bool"),
    ({"v": "lots"}, "expected a number, got a text of 4 characters"),
    ({"v": {"deep": 1}}, "got an object of 1 value"),
    ({"v": None}, "no value at 'v'"),
    ({"w": 1}, "no value at 'v'"),
    ({"v": [1, 2]}, "2 values at 'v', expected one"),
    ([], "no value at 'v'"),
    (b"<html>", "the response is not valid JSON"),
    (b"", "the response is not valid JSON"),
    (b"\xff\xfe", "the response is not valid JSON"),
    (b'{"v": NaN}', "NaN"),
    (b'{"v": 1e999}', "got a text of 5 characters"),
    (b'{"v": ' + b"9" * 5000 + b"}", "got a text of 5000 characters"),
    (b"[" * 100_000, "the response is not valid JSON"),
    ({"v": "12 USD"}, "expected numbers in EUR, got a text of 6 characters"),
    ({"v": "1: 2\n  - evil: yes"}, "expected a number, got a text of"),
]


@pytest.mark.parametrize(("answer", "says"), LIES)
def test_a_server_that_lies(tmp_path: Path, web: Site, answer: Any, says: str) -> None:
    web.gives("/x", answer)
    fails(workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host), says)


DATED_LIES: list[tuple[Any, str]] = [
    ([{"d": "2025-07-09", "v": 1}], "the value for 2025-07-09 is in the future"),
    ([{"d": "2025-06-09", "v": 1}, {"d": "2025-06-09", "v": 2}], "two different values for 2025-06-09"),
    ([{"d": "yesterday", "v": 1}], "expected a date, got a text of 9 characters"),
    ([{"d": 1750000000, "v": 1}], "expected a date, got a text of 10 characters"),
    ([{"v": 1}], "a date is missing"),
    ([{"d": "2025-06-09", "v": 1}, {"d": "2025-06-10", "v": False}], "expected a number, got a value of the type bool"),
    ([{"d": "0001-01-01", "v": None}] * 10_001, "more than 10,000 rows"),
]


@pytest.mark.parametrize(("answer", "says"), DATED_LIES)
def test_a_server_that_lies_about_days(tmp_path: Path, web: Site, answer: Any, says: str) -> None:
    web.gives("/x", answer)
    fails(workspace(tmp_path, f'{{http: "{web.url("/x")}", date: d, value: v}}', web.host), says)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "responded with 401"),
        (404, "responded with 404"),
        (500, "responded with 500"),
        (204, "responded with 204"),
    ],
)
def test_a_server_that_refuses(tmp_path: Path, web: Site, status: int, says: str) -> None:
    web.gives("/x", {"v": 1}, status)
    fails(workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host), says)


def test_a_server_that_is_down(tmp_path: Path) -> None:
    port = closed_port()
    root = workspace(tmp_path, f'{{http: "http://localhost:{port}/", value: v}}', "localhost")
    fails(root, "no response from localhost")


def test_a_server_without_tls(tmp_path: Path, web: Site) -> None:
    source = f'{{http: "https://{web.host}/x", value: v}}'
    fails(workspace(tmp_path, source, web.host), "no trusted connection to 127.0.0.1")
    assert web.asked == []


def test_an_answer_without_end_is_cut(tmp_path: Path, web: Site) -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not web.over.is_set():
            request.wfile.write(b" " * 65536)

    web.answers["/x"] = endless
    fails(workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host), "the response is larger than 10 MB")


def test_an_answer_that_ends_early_is_no_smaller_number(tmp_path: Path, web: Site) -> None:
    web.gives("/x", b'{"v": 1}', Content_Length="500")
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host)
    fails(root, "the response ended early")


def test_a_compressed_answer_is_not_unpacked(tmp_path: Path, web: Site) -> None:
    web.gives("/x", b"x" * 100, Content_Encoding="gzip")
    fails(workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host), "the response is compressed")


def silent(web: Site, request: BaseHTTPRequestHandler) -> None:
    web.over.wait(30)


def dripping_head(web: Site, request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not web.over.wait(0.02):
        request.wfile.write(b"X-A: b\r\n"[:4])


def dripping_body(web: Site, request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    while not web.over.wait(0.02):
        request.wfile.write(b" ")


@pytest.mark.parametrize("manner", [silent, dripping_head, dripping_body])
def test_a_server_that_never_ends(tmp_path: Path, web: Site, manner: Any) -> None:
    web.answers["/x"] = lambda request: manner(web, request)
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host)
    fails(root, "took longer than 0.3 seconds", "--time-limit", "0.3")


def test_another_attempt_helps(tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(fetch.time, "sleep", pauses.append)

    def moody(request: BaseHTTPRequestHandler) -> None:
        if len(web.asked) < 3:
            request.send_error(503)
        else:
            web.gives("/ok", {"v": 5})
            web.answers["/ok"](request)

    web.answers["/x"] = moody
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host)
    assert run("refresh", cwd=root, env=trusting(root)).status == 0
    assert len(web.asked) == 3 and pauses == [0.5, 1.0]


def moody_until(web: Site, count: int, status: int, after: str) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        if len(web.asked) > count:
            web.gives("/ok", {"v": 5})
            return web.answers["/ok"](request)
        web.gives("/moody", {}, status, **({"Retry_After": after} if after else {}))
        web.answers["/moody"](request)

    web.answers["/x"] = answer


@pytest.mark.parametrize(
    ("status", "after", "expected"),
    [
        (429, "7", 7.0),
        (503, "0", 0.5),
        (403, "3", 3.0),
        (503, "Thu, 01 Jan 1970 00:00:00 GMT", 0.5),
        (503, "soon", 0.5),
    ],
)
def test_a_server_says_how_long_to_wait(
    tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch, status: int, after: str, expected: float
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(fetch.time, "sleep", pauses.append)
    moody_until(web, 1, status, after)
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host)
    assert run("refresh", cwd=root, env=trusting(root)).status == 0
    assert len(web.asked) == 2 and pauses == [expected]


def test_a_server_that_asks_to_wait_too_long_is_given_up(
    tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(fetch.time, "sleep", pauses.append)
    moody_until(web, 1, 429, "3600")
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host)
    result = run("refresh", cwd=root, env=trusting(root))
    assert result.status == 2 and "responded with 429 Too Many Requests and asks to wait 3600 seconds" in result.out
    assert len(web.asked) == 1 and pauses == []


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({"HTTPS_PROXY": "http://p.example:1"}, "http://p.example:1"),
        ({"https_proxy": "p.example:1", "HTTPS_PROXY": "http://q.example"}, "http://p.example:1"),
        ({"ALL_PROXY": "http://p.example"}, "http://p.example"),
        ({"HTTP_PROXY": "http://p.example"}, None),
        ({"HTTPS_PROXY": "http://p.example", "NO_PROXY": "a.example, metrics.example"}, None),
        ({"HTTPS_PROXY": "http://p.example", "no_proxy": ".example"}, None),
        ({"HTTPS_PROXY": "http://p.example", "no_proxy": "metrics.example:443"}, None),
        ({"HTTPS_PROXY": "http://p.example", "no_proxy": "metrics.example:80"}, "http://p.example"),
        ({"HTTPS_PROXY": "http://p.example", "no_proxy": "*"}, None),
        ({"HTTPS_PROXY": "http://p.example", "no_proxy": "trics.example,,"}, "http://p.example"),
    ],
)
def test_which_proxy_the_environment_names(environment: dict[str, str], proxy: str | None) -> None:
    address = parse_address("https://metrics.example/x")
    assert address is not None and find_proxy(address, environment) == proxy


def test_without_the_extra_the_message_says_how_to_get_it(
    tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "urllib3", None)
    fails(workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host), "pip install 'okrctl[http]'")


def test_a_refusal_is_not_asked_again(tmp_path: Path, web: Site) -> None:
    root = workspace(tmp_path, f'{{http: "{web.url("/none")}", value: v}}', web.host)
    assert run("refresh", cwd=root, env=trusting(root)).status == 2
    assert len(web.asked) == 1


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path, web: Site) -> None:
    web.gives("/good", {"v": 5})
    web.answers["/slow"] = lambda request: silent(web, request)
    lines = ["kpis:"]
    for name in ("good", "slow", "none"):
        source = f"{{http: '{web.url('/' + name)}', value: v}}"
        lines += [f"  - {{id: {name}, title: T, owner: cfo, better: higher, source: {source}}}"]
    root = write(tmp_path, {"kpis/a.yaml": "\n".join(lines) + "\n", "okrctl.yaml": "sources: {hosts: [127.0.0.1]}\n"})
    result = refreshed(root, "--time-limit", "0.5")
    assert result.status == 2
    assert result.out.splitlines() == [
        "good: 1 new reading, the newest 5 on 2025-06-30",
        "slow: failed: 127.0.0.1 took longer than 0.5 seconds",
        "none: failed: 127.0.0.1 responded with 404 Not Found",
    ]
    assert "error: 2 of 3 sources failed" in result.err and "okrctl refresh slow none" in result.err
    assert (root / "kpis/a.yaml").read_text().count("2025-06-30") == 1
    assert run("check", cwd=root).status == 0


@pytest.mark.parametrize("name", ["OKRCTL_NONE", "GITHUB_TOKEN", "PATH"])
def test_a_secret_that_is_not_ours_is_not_read(tmp_path: Path, web: Site, name: str) -> None:
    source = f'{{http: "{web.url("/x")}", value: v, token_env: {name}}}'
    fails(workspace(tmp_path, source, web.host), name, GITHUB_TOKEN="abc")
    assert web.asked == []


def test_no_secret_comes_out_again(tmp_path: Path, web: Site) -> None:
    web.gives("/reason", {}, 403, TOKEN)
    web.gives("/day", [{"d": TOKEN, "v": 1}])
    web.gives("/value", {"v": TOKEN})
    for path, extra in (("/reason", ""), ("/day", "date: d, "), ("/value", "")):
        root = tmp_path / path[1:]
        source = f'{{http: "{web.url(path)}", {extra}value: v, token_env: OKRCTL_T}}'
        result = fails(workspace(root, source, web.host), "", OKRCTL_T=TOKEN)
        assert TOKEN not in result.out + result.err


def test_a_token_that_would_split_the_request_is_not_sent(tmp_path: Path, web: Site) -> None:
    source = f'{{http: "{web.url("/x")}", value: v, token_env: OKRCTL_T}}'
    result = fails(
        workspace(tmp_path, source, web.host), "characters that a header cannot have", OKRCTL_T="abc\r\nX: y"
    )
    assert web.asked == [] and "abc" not in result.out + result.err


def test_dry_run_shows_and_writes_nothing(tmp_path: Path, web: Site) -> None:
    web.gives("/x", {"v": 5})
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host)
    before = (root / "kpis/a.yaml").read_bytes()
    result = refreshed(root, "--dry-run")
    assert "+      2025-06-30: {value: 5, source: http 127.0.0.1}" in result.out
    assert (root / "kpis/a.yaml").read_bytes() == before


def test_what_a_person_typed_is_kept(tmp_path: Path, web: Site) -> None:
    web.gives("/x", [{"d": "2025-06-01", "v": 90}, {"d": "2025-06-02", "v": 91}])
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", date: d, value: v}}', web.host)
    result = refreshed(root)
    kept = "kept as entered: 2025-06-01 (100, fetched 90)"
    assert result.out == f"mrr: 1 new reading, the newest 91 on 2025-06-02; {kept}\n"
    web.gives("/x", [{"d": "2025-06-01", "v": 90}, {"d": "2025-06-02", "v": 92}])
    assert refreshed(root, "--force", "--since", "2025-06-01").status == 0
    assert (
        (root / "kpis/a.yaml")
        .read_text()
        .endswith(
            "      2025-06-01: {value: 90, source: http 127.0.0.1}\n"
            "      2025-06-02: {value: 92, source: http 127.0.0.1}\n"
        )
    )


def test_readings_kept_as_csv_stay_there(tmp_path: Path, web: Site) -> None:
    web.gives("/x", {"v": 5})
    kpi = KPI.partition("    readings:")[0] + "    readings: ../data/mrr.csv\n"
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host, kpi=kpi)
    write(root, {"data/mrr.csv": "day;value\r\n2025-06-01;100\r\n"})
    assert refreshed(root).status == 0
    assert (root / "data/mrr.csv").read_bytes() == b"day;value\r\n2025-06-01;100\r\n2025-06-30;5\r\n"


def test_many_readings_at_once_go_where_they_belong_in_a_csv(tmp_path: Path, web: Site) -> None:
    days = ("2025-06-20", "2025-05-01", "2025-06-08", "2025-06-02", "2025-06-01")
    web.gives("/x", [{"d": day, "v": place} for place, day in enumerate(days)])
    kpi = KPI.partition("    readings:")[0] + "    readings: ../data/mrr.csv\n"
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", date: d, value: v}}', web.host, kpi=kpi)
    write(root, {"data/mrr.csv": "day,value,who\n2025-06-01,100,lea\n2025-06-05,7,tom"})
    assert refreshed(root, "--since", "2025-05-01", "--force").status == 0
    assert (root / "data/mrr.csv").read_text() == (
        "day,value,who\n2025-05-01,1,\n2025-06-01,4,lea\n2025-06-02,3,\n2025-06-05,7,tom\n2025-06-08,2,\n2025-06-20,0,"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nrr"], "no such KPI or key result: 'nrr', did you mean 'mrr'?"),
        (["other"], "'other' has no `source:`"),
        (["mrr", "--since", "2031-01-01"], "2031-01-01 is in the future"),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, arguments: list[str], says: str) -> None:
    root = workspace(tmp_path, "{csv: a.csv}")
    write(root, {"kpis/b.yaml": "kpis: [{id: other, title: O, better: higher}]\n"})
    result = run("refresh", *arguments, cwd=root)
    assert (result.status, result.out) == (2, "") and says in result.err


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_terminal_sees_how_far_it_is(tmp_path: Path, web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    web.gives("/x", {"v": 5})
    root = workspace(tmp_path, f'{{http: "{web.url("/x")}", value: v}}', web.host)
    monkeypatch.setattr("tests.running._stream", terminal)
    result = refreshed(root)
    assert result.status == 0 and "mrr: 1 new reading" in result.out


def terminal() -> Any:
    import io

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    return Terminal(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
