"""Readings from a Prometheus server: the value of a query now, and at the end of earlier days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from okrctl.sources.http import read_headers
from okrctl.sources.http_client import HttpClient
from okrctl.sources.policy import SourceError, parse_host
from okrctl.sources.request import RawReadings, Request
from okrctl.values.dates import days_before

DAY = timedelta(days=1)
MAX_DAYS = 10_000


def fetch(request: Request) -> RawReadings:
    """The value of today; with --since also those of the earlier days, each at the end of the day (UTC)."""
    base = (request.get_text("prometheus") or "").strip().rstrip("/")
    if "?" in base or "#" in base:
        raise SourceError("the address of a Prometheus server must not contain '?' or '#'")
    client = HttpClient(request.access, base, read_headers(request))
    yield from ((None, value) for _, value in _query(request, client, f"{base}/api/v1/query", {}))
    first, last = request.since, days_before(request.today, 1)
    if first is not None and first <= last:
        first = max(first, last - MAX_DAYS * DAY)
        span = {"start": _end_timestamp(first), "end": _end_timestamp(last), "step": "86400"}
        for moment, value in _query(request, client, f"{base}/api/v1/query_range", span):
            yield datetime.fromtimestamp(moment, UTC).date(), value


def describe(spec: Mapping[str, object]) -> str:
    """The host of the server."""
    host = parse_host(str(spec["prometheus"]))
    return f"prometheus {host[0]}" if host else "prometheus"


def _end_timestamp(day: date) -> str:
    return str(int(datetime.combine(day, time(23, 59, 59), UTC).timestamp()))


def _query(
    request: Request, client: HttpClient, address: str, parameters: dict[str, str]
) -> Iterator[tuple[float, str | None]]:
    query = request.get_text("query")
    if not query:
        raise SourceError("`query:` is missing")
    response = client.fetch(f"{address}?{urlencode({'query': query, **parameters})}").document
    try:
        points = _parse_points(response)
        for moment, value in points:
            yield float(moment), _parse_value(value, is_range="start" in parameters)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        raise SourceError("not a valid Prometheus response") from None


def _parse_points(response: Any) -> list[Any]:
    if response["status"] != "success":
        raise SourceError("Prometheus rejected the query")
    data = response["data"]
    if data["resultType"] == "scalar":
        return [data["result"]]
    series = data["result"]
    if len(series) != 1:
        raise SourceError(f"the query returns {len(series)} series, expected one; combine them with sum(...)")
    return list(series[0]["values"]) if data["resultType"] == "matrix" else [series[0]["value"]]


def _parse_value(value: Any, is_range: bool) -> str | None:
    """The number as text. NaN or infinity is an error for the current value, and a gap for an earlier day."""
    if value in ("NaN", "+Inf", "-Inf"):
        if not is_range:
            raise SourceError(f"the query returns {value}, expected a number")
        return None
    if not isinstance(value, str):
        raise TypeError
    return value
