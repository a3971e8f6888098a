"""Readings from JSON or CSV documents at a web address: with headers, by a query (GraphQL), over several pages."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from okrctl.sources.http_client import Answer, HttpClient
from okrctl.sources.policy import SourceError, parse_host
from okrctl.sources.request import RawReadings, Request
from okrctl.values.nouns import count_noun

MAX_PAGES = 50
LINK = "link"
CURSOR_VARIABLE = "after"
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# What decides where a request ends, or who speaks with whom, is not for a file to say.
_RESERVED_HEADERS = frozenset(
    "accept-encoding connection content-length expect host keep-alive te trailer transfer-encoding upgrade".split()
)


def fetch(request: Request) -> RawReadings:
    """The value at the path `value`, for today; with `date`, all dates and values of a list. Raises SourceError."""
    value_path, date_path = request.get_text("value") or "", request.get_text("date")
    values: list[object] = []
    dates: list[object] = []
    for document in _documents(request):
        values += values_at(document, value_path)
        dates += values_at(document, date_path) if date_path is not None else []
    if date_path is None:
        if len(values) > 1:
            raise SourceError(f"{len(values)} values at '{value_path}', expected one")
        if not values or values[0] is None:
            raise SourceError(f"no value at '{value_path}'")
        return [(None, values[0])]
    if len(dates) != len(values):
        raise SourceError(f"{len(dates)} dates but {len(values)} values")
    if None in dates:
        raise SourceError(f"a date is missing at '{date_path}'")
    return list(zip(dates, values, strict=True))


def describe(spec: Mapping[str, object]) -> str:
    """The host of the address."""
    host = parse_host(str(spec["http"]))
    return f"http {host[0]}" if host else "http"


def read_headers(request: Request) -> dict[str, str]:
    """The headers of a source, with its secrets filled in. Raises SourceError for one that cannot be sent."""
    raw = request.spec.get("headers")
    headers = {str(name): str(value) for name, value in raw.items()} if isinstance(raw, dict) else {}
    filled = {name: request.access.fill_in(value) for name, value in headers.items()}
    for key, scheme in (("token_env", "Bearer"), ("basic_env", "Basic")):
        variable = request.get_text(key)
        if variable is None:
            continue
        if any(name.lower() == "authorization" for name in filled):
            raise SourceError("only one of `token_env`, `basic_env` and the header Authorization can be sent")
        filled["Authorization"] = f"{scheme} {_read_credential(request, variable, scheme)}"
    for name, value in filled.items():
        _require_valid_header(name, value)
    return filled


def _read_credential(request: Request, variable: str, scheme: str) -> str:
    secret = request.access.read_secret(variable)
    if scheme == "Bearer":
        return secret
    if ":" not in secret:
        raise SourceError(f"the environment variable {variable} is not of the form USER:PASSWORD")
    encoded = base64.b64encode(secret.encode()).decode()
    request.access.hide(encoded)
    request.access.hide(secret.partition(":")[2])
    return encoded


def _require_valid_header(name: str, value: str) -> None:
    lower = name.lower()
    if not _HEADER_NAME.fullmatch(name) or lower in _RESERVED_HEADERS or lower.startswith("proxy-"):
        raise SourceError(f"the header '{name}' cannot be set")
    if not (value.isascii() and value.isprintable()):
        raise SourceError(f"the header {name} contains characters that a header cannot have")


def _documents(request: Request) -> Iterator[object]:
    """The document at the address, and those of the next pages where `next` says how to find them."""
    address, query = (request.get_text("http") or "").strip(), request.get_text("query")
    client = HttpClient(request.access, address, read_headers(request))
    variables: dict[str, str] = {}
    seen = set()
    for _ in range(MAX_PAGES):
        seen.add((address, *variables.values()))
        answer = client.fetch(address, None if query is None else _query_body(query, variables))
        _require_answered(answer.document, query)
        yield answer.document
        following = _next_page(request, answer)
        if following is None:
            return
        if query is None:
            address = following
        else:
            variables = {CURSOR_VARIABLE: following}
        if (address, *variables.values()) in seen:
            raise SourceError("a page names an earlier page as its next page")
    raise SourceError(f"more than {MAX_PAGES} pages; narrow the request")


def _query_body(query: str, variables: Mapping[str, str]) -> bytes:
    return json.dumps({"query": query, "variables": variables} if variables else {"query": query}).encode()


def _require_answered(document: object, query: str | None) -> None:
    """GraphQL answers with 200 also where it refuses; the reasons may quote anything and are only counted."""
    errors = document.get("errors") if query is not None and isinstance(document, dict) else None
    if errors:
        count = len(errors) if isinstance(errors, list) else 1
        raise SourceError(f"the server rejected the query, with {count_noun(count, 'error')}")


def _next_page(request: Request, answer: Answer) -> str | None:
    """The address of the next page, for a query its cursor; None after the last page.

    `next: link` takes the Link header, any other the field at this path. A field that is no address is a cursor, which
    is sent back as a parameter of the same name; `hasNextPage: false` or `isLast: true` beside it ends the pages.
    """
    path = request.get_text("next")
    if path is None:
        return None
    if path == LINK:
        return answer.next_link and urljoin(answer.address, answer.next_link)
    cursor = _next_field(answer.document, path)
    if cursor is None or "query" in request.spec:
        return cursor
    if cursor.startswith(("http://", "https://", "/", "?")):
        return urljoin(answer.address, cursor)
    return _with_parameter(answer.address, path.rpartition(".")[2], cursor)


def _next_field(document: object, path: str) -> str | None:
    """The text at a path; None where there is none, or where the object around it says that this is the last page."""
    parent = path.rpartition(".")[0]
    around = next(iter(values_at(document, parent)), None) if parent else document
    if isinstance(around, dict) and (around.get("hasNextPage") is False or around.get("isLast") is True):
        return None
    field = next(iter(values_at(document, path)), None)
    return field if isinstance(field, str) and field else None


def _with_parameter(address: str, name: str, value: str) -> str:
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    return parts._replace(query=urlencode([*kept, (name, value)])).geturl()


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
