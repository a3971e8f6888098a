"""Readings from a JSON document at a web address."""

from __future__ import annotations

from collections.abc import Mapping

from okrctl.sources import http_client
from okrctl.sources.policy import SourceError, parse_host
from okrctl.sources.request import RawReadings, Request


def fetch(request: Request) -> RawReadings:
    """The value at the path `value`, for today; with `date`, all dates and values of a list. Raises SourceError."""
    token = request.get_text("token_env")
    secret = request.access.read_secret(token) if token else None
    document = http_client.fetch_json(request.access, request.get_text("http") or "", secret)
    value_path, date_path = request.get_text("value") or "", request.get_text("date")
    values = values_at(document, value_path)
    if date_path is None:
        if len(values) > 1:
            raise SourceError(f"{len(values)} values at '{value_path}', expected one")
        if not values or values[0] is None:
            raise SourceError(f"no value at '{value_path}'")
        return [(None, values[0])]
    dates = values_at(document, date_path)
    if len(dates) != len(values):
        raise SourceError(f"{len(dates)} dates but {len(values)} values")
    if None in dates:
        raise SourceError(f"a date is missing at '{date_path}'")
    return list(zip(dates, values, strict=True))


def describe(spec: Mapping[str, object]) -> str:
    """The host of the address."""
    host = parse_host(str(spec["http"]))
    return f"http {host[0]}" if host else "http"


def values_at(data: object, path: str) -> list[object]:
    """The values at a path such as `data.points.value`: keys or list indexes, separated by dots.

    A key applies to every element of a list, so that a path may have several values; a missing key gives None.
    """
    nodes = [data]
    for part in path.split(".") if path else []:
        nodes = [child for node in nodes for child in _descend(node, part)]
    return [value for node in nodes for value in (node if isinstance(node, list) else [node])]


def _descend(data: object, part: str) -> list[object]:
    if isinstance(data, list) and part.isdecimal() and len(part) < 9:
        return [data[int(part)]] if int(part) < len(data) else [None]
    if isinstance(data, list):
        return [child for node in data for child in _descend(node, part)]
    return [data.get(part)] if isinstance(data, dict) else [None]
