"""`refresh` against real servers: they answer, are down, slow, or lie; what is wrong is never written."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.running import Result, run, write
from tests.servers import houses
from tests.sources.loopback import closed_port, proxy
from tests.sources.trusted import trusting

pytestmark = [pytest.mark.server]
needs_postgres = pytest.mark.skipif(not houses.POSTGRES, reason="there is no PostgreSQL")
needs_prometheus = pytest.mark.skipif(houses.PROMETHEUS is None, reason="there is no Prometheus")
needs_nginx = pytest.mark.skipif(houses.NGINX is None or not shutil.which("openssl"), reason="there is no nginx")
TOKEN = "s3cr3t-t0k3n"


def workspace(root: Path, source: str, hosts: str = "localhost, 127.0.0.1") -> Path:
    kpi = f"kpis:\n  - id: mrr\n    title: Revenue\n    owner: cfo\n    better: higher\n    source: {source}\n"
    return write(root, {"kpis/a.yaml": kpi, "okrctl.yaml": f"sources: {{hosts: [{hosts}]}}\n"})


def refreshed(root: Path, *arguments: str, **env: str) -> Result:
    return run("refresh", "--retries", "0", "--time-limit", "20", *arguments, cwd=root, env=trusting(root) | env)


def gives(root: Path, readings: list[str], *arguments: str, **env: str) -> None:
    result = refreshed(root, *arguments, **env)
    assert result.status == 0, result.out + result.err
    lines = (root / "kpis/a.yaml").read_text().splitlines()
    assert [line.strip() for line in lines[lines.index("    readings:") + 1 :]] == readings
    assert run("check", cwd=root).status == 0


def fails(root: Path, says: str, *arguments: str, **env: str) -> Result:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    result = refreshed(root, *arguments, **env)
    assert result.status == 2 and says in result.out, result.out + result.err
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert not any(secret in result.out + result.err for secret in (TOKEN, houses.PASSWORD))
    return result


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a database with a table."""
    alchemy = pytest.importorskip("sqlalchemy", reason="there is no SQLAlchemy")
    pytest.importorskip("psycopg", reason="there is no psycopg")
    with houses.postgres() as (port, _):
        address = f"postgresql+psycopg://postgres:{quote(houses.PASSWORD, safe='')}@127.0.0.1:{port}/postgres"
        engine = alchemy.create_engine(address)
        with engine.begin() as connection:
            connection.exec_driver_sql("create table mrr (day date, value numeric(12, 4), note text)")
            connection.exec_driver_sql("create sequence counter")
            rows = "('2025-05-01', 90.25, 'a'), ('2025-06-01', 91.5, 'b'), ('2025-06-08', null, 'c')"
            connection.exec_driver_sql(f"insert into mrr values {rows}")
        engine.dispose()
        yield address


def asking(root: Path, query: str) -> Path:
    return workspace(root, f'{{sql: "{query}", url_env: OKRCTL_URL}}')


@needs_postgres
def test_postgres_answers(tmp_path: Path, database: str) -> None:
    root = asking(tmp_path, "select day, value from mrr where day >= :since order by day")
    gives(root, ["2025-06-01: {value: 91.5, source: sql OKRCTL_URL}"], "--since", "2025-05-15", OKRCTL_URL=database)
    assert refreshed(root, OKRCTL_URL=database).out == "mrr: nothing new\n"
    one = asking(tmp_path / "one", "select sum(value) from mrr")
    gives(one, ["2025-06-30: {value: 181.75, source: sql OKRCTL_URL}"], OKRCTL_URL=database)


@needs_postgres
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("select day, note from mrr", "expected a number, got a text of 1 character"),
        ("select note, value from mrr", "expected a date, got a text of 1 character"),
        ("select day, value > 1 from mrr", "got a value of the type bool"),
        ("select current_date + n, n from generate_series(1, 1000000) n", "more than 10,000 rows"),
        ("select value from mrr", "3 rows with one column"),
        ("select day, value from mrr union all select day, value + 1 from mrr", "two different values for 2025-0"),
        ("select nothing from mrr", "the database reports UndefinedColumn"),
        (
            "with gone as (delete from mrr returning value) select sum(value) from gone",
            "the database reports FeatureNotSupported",
        ),
        ("select nextval('counter')", "the database reports ReadOnlySqlTransaction"),
        ("select pg_sleep(30)", "the database reports QueryCanceled"),
        ("select 'NaN'::numeric", "expected a number, got a value of the type Decimal"),
    ],
)
def test_postgres_lies_or_is_asked_too_much(tmp_path: Path, database: str, query: str, says: str) -> None:
    limit = "0.5" if "sleep" in query else "20"
    fails(asking(tmp_path, query), says, "--time-limit", limit, OKRCTL_URL=database)


@needs_postgres
def test_postgres_is_down_or_refuses(tmp_path: Path, database: str) -> None:
    root = asking(tmp_path, "select 1")
    port = database.rpartition(":")[2].partition("/")[0]
    fails(root, "cannot connect to the database at OKRCTL_URL", OKRCTL_URL=database.replace(port, str(closed_port())))
    wrong = fails(
        root,
        "cannot connect to the database at OKRCTL_URL: OperationalError",
        OKRCTL_URL=database.replace("p4ss", "guess"),
    )
    assert "guess" not in wrong.out + wrong.err


# --- Prometheus -----------------------------------------------------------------------------------------------------


@needs_prometheus
def test_prometheus(tmp_path: Path) -> None:
    with houses.prometheus() as (port, process):

        def asking(query: str, name: str) -> Path:
            return workspace(tmp_path / name, f'{{prometheus: "http://127.0.0.1:{port}", query: "{query}"}}')

        source = "source: prometheus 127.0.0.1"
        gives(asking("vector(42.5)", "now"), [f"2025-06-30: {{value: 42.5, {source}}}"])
        days = [f"2025-06-{day}: {{value: {day}, {source}}}" for day in (28, 29)]
        root = asking("day_of_month(vector(time()))", "days")
        assert refreshed(root, "--since", "2025-06-28").status == 0
        assert all(f"      {day}\n" in (root / "kpis/a.yaml").read_text() for day in days)
        fails(asking("vector(0) / 0", "nan"), "the query returns NaN")
        fails(asking("up", "none"), "0 series")
        fails(asking("sum(", "syntax"), "responded with 400")
        process.send_signal(signal.SIGSTOP)
        fails(asking("vector(1)", "slow"), "took longer than 0.5 seconds", "--time-limit", "0.5")
        process.send_signal(signal.SIGCONT)
    fails(workspace(tmp_path / "down", f'{{prometheus: "http://127.0.0.1:{port}", query: up}}'), "no response from")


# --- nginx ----------------------------------------------------------------------------------------------------------

SERVER = f"""
location /token {{ if ($http_authorization != "Bearer {TOKEN}") {{ return 401; }} default_type application/json; }}
location /away {{ return 302 https://evil.example/x; }}
location /down {{ return 302 http://localhost.evil.example/x; }}
location /slow {{ limit_rate 1; }}
"""


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[int, int, Path]]:
    """nginx with documents, one of 10 GB."""
    with houses.nginx(SERVER) as (plain, secure, place):
        (place / "www/token").write_text('{"data": {"mrr": 1234.50}}')
        (place / "www/slow").write_text(" " * 5000)
        with (place / "www/huge").open("wb") as file:
            os.truncate(file.fileno(), 10**10)
        yield plain, secure, place


def at(root: Path, address: str, hosts: str = "localhost, 127.0.0.1") -> Path:
    return workspace(root, f'{{http: "{address}", value: data.mrr, token_env: OKRCTL_T}}', hosts)


@needs_nginx
def test_nginx_answers_who_has_the_token(tmp_path: Path, site: tuple[int, int, Path]) -> None:
    plain, secure, place = site
    trusted = {"SSL_CERT_FILE": str(place / "cert.pem"), "OKRCTL_T": TOKEN}
    reading = ["2025-06-30: {value: 1234.5, source: http localhost}"]
    gives(at(tmp_path / "tls", f"https://localhost:{secure}/token"), reading, **trusted)
    gives(at(tmp_path / "plain", f"http://localhost:{plain}/token"), reading, **trusted)
    fails(at(tmp_path / "no", f"http://localhost:{plain}/token"), "responded with 401", OKRCTL_T="other")


@needs_nginx
def test_bad_certificates_are_not_trusted(tmp_path: Path, site: tuple[int, int, Path]) -> None:
    plain, secure, place = site
    unsigned = at(tmp_path / "unsigned", f"https://localhost:{secure}/token")
    fails(unsigned, "no trusted connection to localhost: self-signed certificate", OKRCTL_T=TOKEN)
    trusted = {"SSL_CERT_FILE": str(place / "cert.pem"), "OKRCTL_T": TOKEN}
    fails(at(tmp_path / "name", f"https://127.0.0.1:{secure}/token"), "no trusted connection to 127.0.0.1", **trusted)
    fails(at(tmp_path / "plain", f"https://localhost:{plain}/token"), "no trusted connection to localhost", **trusted)


@needs_nginx
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/huge", "the response is larger than 10 MB"),
        ("/away", "the host 'evil.example' is not listed"),
        ("/down", "the host 'localhost.evil.example' is not listed"),
        ("/none", "responded with 404"),
        ("/slow", "took longer than 0.5 seconds"),
    ],
)
def test_nginx_lies_or_is_slow(tmp_path: Path, site: tuple[int, int, Path], path: str, says: str) -> None:
    limit = "0.5" if path == "/slow" else "20"
    fails(at(tmp_path, f"http://127.0.0.1:{site[0]}{path}"), says, "--time-limit", limit, OKRCTL_T=TOKEN)


# --- a proxy --------------------------------------------------------------------------------------------------------

SECRET_WAY = "lea:pr0xy-p4ss@"


@needs_nginx
def test_through_a_proxy_the_token_reaches_the_server_alone(tmp_path: Path, site: tuple[int, int, Path]) -> None:
    _, secure, place = site
    root = at(tmp_path, "https://metrics.example/token", "metrics.example")
    with proxy(secure, "lea:pr0xy-p4ss") as way:
        trusted = {"SSL_CERT_FILE": str(place / "cert.pem"), "OKRCTL_T": TOKEN}
        named = {"HTTPS_PROXY": f"http://{SECRET_WAY}127.0.0.1:{way.port}"}
        gives(root, ["2025-06-30: {value: 1234.5, source: http metrics.example}"], **trusted, **named)
        [(where, credentials)] = way.asked
        assert where == "metrics.example:443" and credentials is not None
        refused = fails(root, "cannot reach metrics.example through the proxy", **trusted,
                        https_proxy=f"http://lea:other-p4ss@127.0.0.1:{way.port}")  # fmt: skip
        assert "other-p4ss" not in refused.out + refused.err
        way.asked.clear()
        local = at(tmp_path / "local", f"https://localhost:{secure}/token")
        assert refreshed(local, **trusted, **named).status == 0
        assert way.asked == [], "what is sent to this machine stays on it"


@needs_nginx
def test_a_proxy_that_is_down_or_of_another_kind(tmp_path: Path, site: tuple[int, int, Path]) -> None:
    root = at(tmp_path, "https://metrics.example/token", "metrics.example")
    down = {"OKRCTL_T": TOKEN, "ALL_PROXY": f"127.0.0.1:{closed_port()}"}
    fails(root, "cannot reach metrics.example through the proxy: connection refused", **down)
    fails(
        root, "the proxy in the environment is neither http nor https", OKRCTL_T=TOKEN, all_proxy="socks5://127.0.0.1:1"
    )


@needs_nginx
def test_a_proxy_with_another_certificate_behind_it_is_not_trusted(tmp_path: Path, site: tuple[int, int, Path]) -> None:
    root = at(tmp_path, "https://other.example/token", "other.example")
    with proxy(site[1]) as way:
        trusted = {"SSL_CERT_FILE": str(site[2] / "cert.pem"), "OKRCTL_T": TOKEN}
        named = {"https_proxy": f"http://127.0.0.1:{way.port}"}
        fails(root, "no trusted connection to other.example", **trusted, **named)
