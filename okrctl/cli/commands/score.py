"""Shows the scorecards of periods, one or several side by side."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NamedTuple

import typer

from okrctl.cli import commit_results
from okrctl.cli.options import FORMAT, AsOf, FailIf, KnownAt, Output, Owners, Periods, Priorities, Tags, Teams
from okrctl.cli.session import Session

Level = Literal["team", "objective", "key-result"]
Format = Literal["table", "markdown", "csv", "json"]
Strings = list[str] | None


class ScoreRequest(NamedTuple):
    """What the command line asks for."""

    periods: Strings
    as_of: date | None
    teams: Strings
    owners: Strings
    priorities: Strings
    tags: Strings
    agreed: bool
    level: Level
    what_if: Strings
    fail_under: str | None
    fail_if: Strings
    format: Format


def score(
    context: typer.Context,
    periods: Periods = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    team: Teams = None,
    owner: Owners = None,
    priority: Priorities = None,
    tag: Tags = None,
    agreed: Annotated[bool, typer.Option("--agreed", help="Score against what was agreed.")] = False,
    level: Annotated[Level, typer.Option("--level", help="How far down the lines go.")] = "key-result",
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", metavar="REF=VALUE", help="Score as if this were so; may be repeated."),
    ] = None,
    fail_under: Annotated[
        str | None,
        typer.Option("--fail-under", metavar="N", help="End with 1 below this score of the period, or of --team."),
    ] = None,
    fail_if: FailIf = None,
    format: Annotated[Format, FORMAT] = "table",
    output: Output = None,
) -> int:
    """Show the scorecard of a period: the running ones where none is named, several side by side."""
    session = Session.of(context)
    asked = ScoreRequest(
        periods, as_of, team, owner, priority, tag, agreed, level, what_if, fail_under, fail_if, format
    )  # fmt: skip

    def afresh() -> commit_results.CachedResult:
        from okrctl.cli import score_answer

        return score_answer.score_text(session, known_at, asked)

    found = commit_results.cached_result(session, known_at, asked, afresh)
    session.deliver(found.text, output)
    return found.status
