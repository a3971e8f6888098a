"""Who may come in: codes, cookies, names, origins, tokens, and the proxy."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.server import client
from tests.server.client import HOST, ORIGIN, Client, proxy_access, start
from tests.server.worlds import DAY, small_company

pytest.importorskip("starlette")

from okrctl.server.access import Codes, hosts_of_url, is_loopback
from okrctl.server.start import ServeRequest, check_request
from okrctl.values.errors import UsageError

VALUE = "value:2026-Q2/shop/retention.orders"


def stranger(server: Client) -> Client:
    return Client(server.server, cookie="")


def test_without_a_cookie_nothing_is_shown(server: Client) -> None:
    for path in ("/", "/check-in", "/nowhere", "/events", "/assets/style.css"):
        answer = stranger(server).get(path)
        assert answer.status == 401
        assert "Customers" not in answer.text and "retention" not in answer.text


def test_a_code_opens_the_same_page_once(server: Client) -> None:
    codes = server.server.access.codes
    assert codes is not None
    code = codes.create()
    answer = stranger(server).get(f"/check-in?who=all&code={code}")
    assert (answer.status, answer.header("location")) == (303, "/check-in?who=all")
    cookie = answer.header("set-cookie")
    assert cookie.startswith("okrctl_8765=") and "HttpOnly; SameSite=Lax; Path=/" in cookie and "Secure" not in cookie
    name = cookie.partition(";")[0]
    assert Client(server.server, cookie=name).get("/").status == 200
    assert stranger(server).get(f"/?code={code}").status == 401


def test_a_code_is_good_for_a_minute(server: Client) -> None:
    codes = server.server.access.codes
    assert codes is not None
    for until in (0, 99999999999, "soon", None):
        code = codes.create()
        [path] = codes.folder.iterdir()
        path.write_text(json.dumps({"until": until}))
        assert stranger(server).get(f"/?code={code}").status == 401
        assert not list(codes.folder.iterdir())


@pytest.mark.parametrize("code", ["", "wrong", "../../etc/passwd", "%00", "a" * 5000, "ü"])
def test_a_wrong_code_opens_nothing(server: Client, code: str) -> None:
    assert stranger(server).get(f"/?code={code}").status == 401


def test_a_code_of_others_is_no_code(tmp_path: Path) -> None:
    codes = Codes(tmp_path)
    code = codes.create()
    [path] = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert not codes.use(code)
    target = tmp_path / "target"
    target.write_text(json.dumps({"until": 9e9}))
    code = codes.create()
    [path] = [each for each in tmp_path.iterdir() if each != target]
    path.unlink()
    path.symlink_to(target)
    assert not codes.use(code)


def test_the_opening_page_is_private_and_has_the_code_in_no_argument(tmp_path: Path) -> None:
    codes = Codes(tmp_path)
    page = codes.write_opening_page('http://127.0.0.1:1/?code=a&b="')
    assert page.stat().st_mode & 0o777 == 0o600
    assert 'url=http://127.0.0.1:1/?code=a&amp;b=&quot;"' in page.read_text()


def test_the_cookie_of_another_port_opens_nothing(server: Client) -> None:
    session = server.server.access.session
    assert Client(server.server, cookie=f"okrctl_9999={session}").get("/").status == 401
    assert Client(server.server, cookie=f"okrctl_8765={session[:-1]}x").get("/").status == 401
    assert Client(server.server, cookie=f"a=b; okrctl_8765=x; okrctl_8765={session}").get("/").status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:9999", "127.0.0.1", "localhost.evil.example:8765", ""])
def test_another_host_is_refused(server: Client, host: str) -> None:
    assert server.send("GET", "/", [("host", host), ("cookie", server.cookie)]).status == 403
    two = [("host", HOST), ("host", host), ("cookie", server.cookie)]
    assert server.send("GET", "/", two).status == 403


def fields(server: Client) -> list[tuple[str, str]]:
    return [*server.form("/check-in?who=all").with_values({VALUE: "150"}), ("action", "save")]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("origin", "null")],
        [("origin", "http://evil.example")],
        [("origin", "http://127.0.0.1:9999")],
        [("origin", f"{ORIGIN}.evil.example")],
        [("origin", ORIGIN), ("origin", ORIGIN)],
        [("origin", ORIGIN), ("sec-fetch-site", "cross-site")],
        [("origin", ORIGIN), ("sec-fetch-site", "same-site")],
        [("origin", ORIGIN), ("sec-fetch-site", "none")],
    ],
)
def test_a_write_from_elsewhere_is_refused(server: Client, headers: list[tuple[str, str]]) -> None:
    before = (server.server.served.root / "okrs/2026-Q2/shop.yaml").read_bytes()
    assert server.post("/check-in", fields(server), headers).status == 403
    assert (server.server.served.root / "okrs/2026-Q2/shop.yaml").read_bytes() == before


def test_a_write_from_a_browser_without_fetch_headers_is_taken(server: Client) -> None:
    assert server.post("/check-in?who=all", fields(server), [("origin", ORIGIN)]).status == 303


@pytest.mark.parametrize("token", ["", "x", "ü", "0" * 64])
def test_a_form_without_its_token_is_refused(server: Client, token: str) -> None:
    sent = [(name, token if name == "token" else value) for name, value in fields(server)]
    assert server.post("/check-in", sent).status == 403
    assert server.post("/check-in", [pair for pair in sent if pair[0] != "token"]).status == 403
    body = b'{"token": "x"}'
    own = [("host", HOST), ("cookie", server.cookie), ("origin", ORIGIN), ("content-type", "application/json")]
    assert server.send("POST", "/check-in", own, body).status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/../okrctl.yaml", "/%2e%2e/okrctl.yaml", "/assets/../okrctl.yaml", "/assets/..%2f..%2fokrctl.yaml",
        "/assets/server%2fbase.html", "/assets/server/base.html", "/okrctl.yaml", "/.git/config", "/assets/%00",
        "/check-in/../../etc/passwd", "//evil.example/", "/assets//etc/passwd",
    ],
)  # fmt: skip
def test_no_path_reaches_the_files(server: Client, path: str) -> None:
    answer = server.get(path)
    assert answer.status == 404, path
    assert "Acme" not in answer.text and "root:" not in answer.text


def test_every_answer_says_what_a_page_may_do(server: Client) -> None:
    for answer in (server.get("/"), server.get("/nowhere"), stranger(server).get("/"), server.post("/check-in", [])):
        policy = answer.header("content-security-policy")
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("referrer-policy") == "same-origin"
        assert answer.header("cache-control") == "no-store"


# Behind a proxy


@pytest.fixture
def proxied(server: Client) -> Client:
    root = server.server.served.root
    return start(root, today=DAY, access=proxy_access())


def ask(proxied: Client, *names: str) -> int:
    headers = [("host", HOST), *(("x-user", name) for name in names)]
    return proxied.send("GET", "/", headers).status


def test_the_proxy_names_exactly_one_person(proxied: Client) -> None:
    assert ask(proxied, "tom") == 200
    assert ask(proxied, "TOM@acme.example") == 200
    for names in ((), ("",), ("tom", "tom"), ("tom", "lea"), ("nobody",), ("kim",), ("tom<x>",), ("tom\nlea",)):
        assert ask(proxied, *names) == 403, names


def test_an_address_that_two_people_share_names_neither(proxied: Client) -> None:
    settings = proxied.server.served.root / "okrctl.yaml"
    settings.write_text(settings.read_text().replace("lea@acme.example", "tom@acme.example"))
    assert ask(proxied, "tom@acme.example") == 403
    assert ask(proxied, "lea") == 200


def test_only_the_proxy_may_connect(proxied: Client) -> None:
    for peer in (("10.0.0.9", 1), None, ("::1", 1)):
        proxied.peer = peer
        assert ask(proxied, "tom") == 403, peer
    proxied.peer = ("::ffff:127.0.0.1", 1)
    assert ask(proxied, "tom") == 200


def test_forwarded_headers_change_nothing(proxied: Client) -> None:
    proxied.peer = ("10.0.0.9", 1)
    headers = [("host", HOST), ("x-user", "tom"), ("x-forwarded-for", "127.0.0.1"), ("forwarded", "for=127.0.0.1")]
    assert proxied.send("GET", "/", headers).status == 403


def test_a_form_is_of_the_person_who_got_it(proxied: Client) -> None:
    tom, lea = [("host", HOST), ("x-user", "tom")], [("host", HOST), ("x-user", "lea")]
    [form] = client.forms(proxied.send("GET", "/check-in?who=all", tom).text)
    sent = [*form.with_values({VALUE: "150"}), ("action", "save")]
    own = [("origin", ORIGIN), ("content-type", "application/x-www-form-urlencoded")]
    from urllib.parse import urlencode

    body = urlencode(sent).encode()
    assert proxied.send("POST", "/check-in", [*lea, *own], body).status == 403
    assert proxied.send("POST", "/check-in", [*tom, *own], body).status == 303


# How a server may be started


@pytest.mark.parametrize(
    "options",
    [
        {"host": "0.0.0.0"},
        {"host": "0.0.0.0", "url": "https://goals.example.com"},
        {"host": "::", "url": "https://goals.example.com"},
        {"host": "192.168.1.5", "user_header": "X-User"},
        {"host": "0.0.0.0", "user_header": "X-User", "trusted_proxy": "10.0.0.1"},
        {"host": "0.0.0.0", "is_read_only": True},
        {"is_public": True},
        {"user_header": "X-User"},
        {"user_header": "X-User", "trusted_proxy": "127.0.0.1"},
        {"trusted_proxy": "10.0.0.1"},
        {"unix_socket": Path("s")},
        {"url": "https://goals.example.com/okr"},
        {"url": "goals.example.com"},
        {"url": "https://tom:secret@goals.example.com"},
        {"allow": ("everything",)},
        {"allow": ("amend",), "is_read_only": True},
        {"syncs": True, "is_read_only": True},
        {"syncs": True, "commits": False},
    ],
)
def test_doors_that_stand_open_are_refused(tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        check_request(ServeRequest(root=tmp_path, environment={}, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"host": "::1"},
        {"host": "localhost"},
        {"host": "0.0.0.0", "url": "https://goals.example.com", "is_read_only": True},
        {"host": "0.0.0.0", "url": "https://goals.example.com", "is_read_only": True, "is_public": True},
        {"host": "0.0.0.0", "url": "https://g.example", "user_header": "X-User", "trusted_proxy": "10.0.0.1"},
        {"unix_socket": Path("s"), "url": "https://g.example", "user_header": "X-User"},
        {"url": "https://g.example", "user_header": "X-User", "trusted_proxy": "127.0.0.1", "allow": ("amend,close",)},
    ],
)
def test_other_ways_are_taken(tmp_path: Path, options: dict[str, object]) -> None:
    check_request(ServeRequest(root=tmp_path, environment={}, **options))  # type: ignore[arg-type]


def test_names_of_an_address() -> None:
    assert hosts_of_url("https://Goals.example.com") == {"goals.example.com", "goals.example.com:443"}
    assert hosts_of_url("http://g.example:8080") == {"g.example:8080"}
    assert is_loopback("127.0.0.2") and is_loopback("::1") and not is_loopback("0.0.0.0") and not is_loopback("::")


def test_pages_are_read_only_where_git_knows_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from okrctl.server.start import build_access, build_options
    from okrctl.server.workspace import ServedWorkspace

    repo = small_company(tmp_path / "acme", monkeypatch)
    monkeypatch.setenv("HOME", str(tmp_path))
    repo.git("config", "user.useConfigOnly", "true")
    repo.git("config", "--unset", "user.name")
    repo.git("config", "--unset", "user.email")
    request = ServeRequest(root=repo.path, environment=dict(os.environ))
    served = ServedWorkspace(repo.path, dict(os.environ))
    options = build_options(request, served, build_access(request))
    assert options.why_read_only is not None and "git" in options.why_read_only
    server = start(repo.path, today=DAY, options=options)
    assert "git config user.name" in server.get("/").text
    assert "Check in" not in server.get("/").text.partition("<main")[0]
