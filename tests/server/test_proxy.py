"""Behind a real nginx: the person that the proxy names is the one who writes, and nobody else comes in."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

pytest.importorskip("uvicorn")

from tests.repositories import Repo
from tests.server.client import forms
from tests.server.processes import WAIT_SECONDS, Served, free_port, serving
from tests.servers.houses import NGINX, nginx

URL = "https://goals.example.com"
FORM = "application/x-www-form-urlencoded"
# The header that stands for what a login at the proxy found; what a browser sends as X-User is replaced by it.
ALLOWED = "proxy_set_header X-User $http_x_login;"
TWICE = 'proxy_set_header X-User $http_x_login; proxy_set_header X-User "tom";'
PASSED_ON = ""

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="there is no nginx"),
]


def location(path: str, target: str, user: str) -> str:
    return (
        f"location {path} {{ {user} proxy_set_header Host goals.example.com; "
        f"proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; rewrite ^{path}(.*)$ /$1 break; "
        f"proxy_pass {target}; }}"
    )


@pytest.fixture
def house(repo: Repo, tmp_path: Path) -> Iterator[tuple[int, Served]]:
    """The port of nginx, and the server behind it, which takes nginx alone for its proxy."""
    port = free_port()
    options = ("--url", URL, "--user-header", "X-User", "--trusted-proxy", "127.0.0.1", "--allow", "amend")
    target = f"http://127.0.0.1:{port}"
    locations = [location(f"/{name}/", target, user) for name, user in PLACES.items()]
    with serving(repo.path, tmp_path, *options, port=port) as served, nginx(" ".join(locations)) as (plain, _, _):
        yield plain, served


PLACES = {"good": ALLOWED, "twice": TWICE, "open": PASSED_ON}


def ask(
    port: int, path: str, login: str | None = None, body: bytes | None = None, **headers: str
) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if login is not None:
            sent["X-Login"] = login
        connection.request("POST" if body is not None else "GET", path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.getheader("location") or "", answer.read().decode()
    finally:
        connection.close()


def test_the_proxy_says_who_a_person_is(house: tuple[int, Served]) -> None:
    port, _ = house
    status, _, text = ask(port, "/good/", "tom@acme.example")
    assert status == 200 and '<span class="me">' in text and "<bdi>Tom</bdi>" in text
    assert ask(port, "/good/", "lea")[0] == 200


def test_everybody_else_is_refused(house: tuple[int, Served]) -> None:
    port, _ = house
    assert ask(port, "/good/")[0] == 403
    assert ask(port, "/good/", "nobody")[0] == 403
    assert ask(port, "/good/", "kim")[0] == 403  # who has left
    assert ask(port, "/twice/", "tom")[0] == 403
    assert ask(port, "/good/", X_User="tom")[0] == 403
    assert ask(port, "/good/", X_User="tom", X_Forwarded_For="127.0.0.1")[0] == 403


def test_a_direct_connection_is_for_another_name(house: tuple[int, Served]) -> None:
    _, served = house
    assert ask(served.port, "/", X_User="tom")[0] == 403


def test_a_connection_that_is_not_from_the_proxy_is_refused(repo: Repo, tmp_path: Path) -> None:
    options = ("--url", URL, "--user-header", "X-User", "--trusted-proxy", "10.9.8.7")
    with serving(repo.path, tmp_path, *options) as served:
        headers = {"Host": "goals.example.com", "X_User": "tom", "X_Forwarded_For": "10.9.8.7"}
        assert ask(served.port, "/", **headers)[0] == 403


def test_a_write_is_by_the_person_and_from_the_public_address(house: tuple[int, Served], repo: Repo) -> None:
    port, _ = house
    [form] = forms(ask(port, "/good/check-in", "tom")[2])
    body = urlencode([*form.with_values({"value:2026-Q2/shop/retention.orders": "150"}), ("action", "save")]).encode()
    for origin in (None, "null", "http://goals.example.com", f"http://127.0.0.1:{port}"):
        extra = {} if origin is None else {"Origin": origin}
        assert ask(port, "/good/check-in", "tom", body, Content_Type=FORM, **extra)[0] == 403
    assert ask(port, "/good/check-in", "lea", body, Content_Type=FORM, Origin=URL)[0] == 403
    status, address, _ = ask(port, "/good/check-in", "tom", body, Content_Type=FORM, Origin=URL)
    assert status == 303 and "/check-in?saved=" in address
    assert repo.git("log", "-1", "--format=%an <%ae>, %cn") == "Tom <tom@acme.example>, Lea"
