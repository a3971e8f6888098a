"""The command that changes what was agreed."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from okrctl.cli import completion, io
from okrctl.cli.options import FORMAT, Commit, ConfirmValue, DryRun, WriteFormat
from okrctl.cli.session import Session
from okrctl.measures import AMEND_OPTIONS
from okrctl.operations.amend import amend as plan_amendment
from okrctl.operations.apply import WriteOptions
from okrctl.operations.doubts import Doubt, replace_doubted
from okrctl.yaml_edit.amendments import STATES
from okrctl.yaml_edit.checkins import PlannedEdit


def amend(
    context: typer.Context,
    ref: Annotated[
        str,
        typer.Argument(
            metavar="REF", autocompletion=completion.complete_open_references, help="A key result or an objective."
        ),
    ],
    weight: Annotated[
        str | None, typer.Option("--weight", metavar="N", help="The new weight in the mean (default: 1).")
    ] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="The new due date.")] = None,
    state: Annotated[
        str | None,
        typer.Option(
            "--state", metavar="STATE", autocompletion=lambda: list(STATES), help=f"One of {', '.join(STATES)}."
        ),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="The reason for the change.")] = "",
    commit: Commit = False,
    force: Annotated[bool, typer.Option("--force", help="Change it even if the period is sealed.")] = False,
    confirm_value: ConfirmValue = False,
    dry_run: DryRun = False,
    format: Annotated[WriteFormat, FORMAT] = "table",
    **targets: Any,
) -> int:
    """Change what was agreed, and record what it was before and why."""
    session = Session.of(context)
    given = {name: targets[_parameter_name(name)] for name in AMEND_OPTIONS}
    given |= {"weight": weight, "due": due, "state": state}
    values = {name: value.strip() for name, value in given.items() if value is not None}
    amendment = plan_amendment(session, ref, values, reason)
    options = WriteOptions(commit, force, dry_run, confirm_value)

    def replan(answers: Mapping[Doubt, str]) -> list[PlannedEdit]:
        return [plan_amendment(session, ref, replace_doubted(values, answers), reason).edit]

    io.write_edits(session, amendment.workspace, [amendment.edit], options, amendment.commit_message, replan, format)
    return 0


def _parameter_name(option: str) -> str:
    return f"new_{option.replace('-', '_')}"


def _with_target_options(signature: inspect.Signature) -> inspect.Signature:
    """The signature with an option for each value that a measure is agreed by, in the place of `**targets`."""
    ref, *others = list(signature.parameters.values())[1:-1]
    targets = [
        inspect.Parameter(
            _parameter_name(name),
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None,
            annotation=Annotated[str | None, typer.Option(f"--{name}", metavar=option.metavar, help=option.help)],
        )
        for name, option in AMEND_OPTIONS.items()
    ]
    context = next(iter(signature.parameters.values()))
    return signature.replace(parameters=[context, ref, *targets, *others])


# Typer reads the options from the signature; those of measures come from their registry, so that a new measure has its
# own without an edit here.
amend.__signature__ = _with_target_options(inspect.signature(amend, eval_str=True))  # type: ignore[attr-defined]
