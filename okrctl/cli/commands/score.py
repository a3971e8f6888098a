"""The command that shows scorecards."""

from __future__ import annotations

import os
from typing import Annotated, Literal

import typer

from okrctl.cli import completion
from okrctl.cli.options import (
    FORMAT,
    AsOf,
    FailIf,
    Ids,
    KnownAt,
    Output,
    Owners,
    Periods,
    Priorities,
    Strings,
    Tags,
    Teams,
    Watch,
    Wide,
)
from okrctl.cli.session import Session
from okrctl.operations.commit_results import CachedResult, cached_result

BANDS_HELP = "Show colour bands before the period ends."
FAIL_UNDER_HELP = "Exit with 1 if the period or --team is below N."
WHAT_IF_HELP = "Score as if REF had this value; repeatable."


def score(
    context: typer.Context,
    periods: Periods = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    team: Teams = None,
    owner: Owners = None,
    priority: Priorities = None,
    tag: Tags = None,
    agreed: Annotated[bool, typer.Option("--agreed", help="Score against the agreed version.")] = False,
    level: Annotated[
        Literal["team", "objective", "key-result"], typer.Option("--level", help="Show lines down to this level.")
    ] = "key-result",
    bands: Annotated[bool, typer.Option("--bands", help=BANDS_HELP)] = False,
    ids: Ids = False,
    wide: Wide = False,
    what_if: Annotated[
        Strings,
        typer.Option("--what-if", metavar="REF=VALUE", autocompletion=completion.complete_what_if, help=WHAT_IF_HELP),
    ] = None,
    fail_under: Annotated[str | None, typer.Option("--fail-under", metavar="N", help=FAIL_UNDER_HELP)] = None,
    fail_if: FailIf = None,
    watch: Watch = False,
    format: Annotated[Literal["table", "markdown", "csv", "json"], FORMAT] = "table",
    output: Output = None,
) -> int:
    """Show the scorecards of periods (default: the running ones). Several are compared side by side."""
    session = Session.of(context)

    def compute() -> CachedResult:
        # Imported here: a cached result needs neither scoring nor tables.
        from okrctl.operations.load import Filters
        from okrctl.operations.score import ScoreRequest
        from okrctl.operations.score import score as build_scorecards
        from okrctl.outputs.views.scorecard import render

        filters = Filters(team or (), owner or (), priority or (), tag or ())
        request = ScoreRequest(
            periods or (), as_of, known_at, filters, agreed, level, what_if or (), fail_under, fail_if or (), bands
        )  # fmt: skip
        result = build_scorecards(session, request)
        text = render(result.scorecards, format, session.style_for(wide), ids)
        return CachedResult(text, int(result.has_failed), result.commit)

    asked = (
        periods, str(as_of), team, owner, priority, tag, agreed, bands, level, what_if, fail_under, fail_if, format,
        ids, wide, session.style, _libraries_changed_at(),
    )  # fmt: skip
    result = cached_result(session, known_at, asked, compute)
    session.deliver(result.text, output)
    return result.status


def _libraries_changed_at() -> int:
    """Return when a library was last installed: another version may draw tables differently."""
    return os.stat(os.path.dirname(os.path.dirname(typer.__file__))).st_mtime_ns
