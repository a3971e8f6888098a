"""A client of the SDK in front of the server of a workspace, with a person who answers as the test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from mcp import Client
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult

from okrctl.mcp.confirmations import Confirmations
from okrctl.mcp.documents import Origin
from okrctl.mcp.server import build_server
from tests.repositories import clean_environment

TODAY = "2026-05-20"
MODES = ("auto", "legacy")  # questions in results (protocol 2026-07-28), and questions in the midst of a call
GOALS = """\
period: 2026-Q2
team: web
objectives:
  - id: fast
    title: Pages load before people lose patience
    owner: ana
    retrospective: We measured too late
    key_results:
      - id: share
        title: Pages below a second
        from: 0
        to: 100
        readings:
          2026-04-20: 20
"""
KPIS = """\
kpis:
  - {id: visits, title: Visits, owner: ana, better: higher, readings: {2026-04-20: 7, 2026-05-04: 9}}
"""
FILES = {"okrs/2026-Q2/web.yaml": GOALS, "kpis/a.yaml": KPIS, "okrctl.yaml": "teams: {web: {name: Web}}\n"}
Person = Callable[[str], ElicitResult]
Work = Callable[[Client], Awaitable[Any]]


def accepting(message: str) -> ElicitResult:
    """A person who accepts everything."""
    return ElicitResult(action="accept", content={"write": True})


def talk(
    root: Path, work: Work, *, write: bool = False, person: Person | None = None, mode: str = "auto",
    confirmations: Confirmations | None = None,
) -> Any:  # fmt: skip
    """What the work gives that a client does; without a person the client cannot ask."""

    async def ask(context: Any, params: ElicitRequestParams) -> ElicitResult:
        assert person is not None
        return person(params.message)

    async def run() -> Any:
        origin = Origin(root, clean_environment() | {"OKRCTL_TODAY": TODAY})
        server = build_server(origin, can_write=write, confirmations=confirmations)
        async with Client(server, elicitation_callback=ask if person else None, mode=mode) as client:
            return await work(client)

    return asyncio.run(run())


def call(root: Path, tool: str, arguments: Mapping[str, Any], **options: Any) -> CallToolResult:
    """The result of one call of a tool."""

    async def work(client: Client) -> CallToolResult:
        return await client.call_tool(tool, dict(arguments))

    result: CallToolResult = talk(root, work, **options)
    return result


def document(result: CallToolResult) -> Any:
    """The document in a result that succeeded."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


def error(result: CallToolResult) -> Any:
    """The error document in a result that failed."""
    assert result.is_error
    text = result.content[0].text  # type: ignore[union-attr]
    return json.loads(text[text.index("{") :])["error"]
