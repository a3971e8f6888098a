"""The tools that write, with `--write` alone: a person sees the diff and accepts it, or nothing is written.

The SDK calls a tool in two steps: first the question (`ask_...`), which plans the change and asks the client's person,
then the tool, which plans it again and writes it only if the person accepted this very plan. The SDK finds the question
by evaluating annotations, which are therefore no strings here.
"""

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple

from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, ElicitationResult, MCPServer, Resolve
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field

from okrctl.mcp.confirmations import Confirmations, plan_digest
from okrctl.mcp.documents import Document, Origin, answer, data
from okrctl.mcp.read_tools import Day, Objective, PeriodName, Ref, TeamName, objective_text
from okrctl.operations import amend as amend_operation
from okrctl.operations import checkin as checkin_operation
from okrctl.operations import draft as draft_operation
from okrctl.operations import record
from okrctl.operations.apply import WriteOptions, apply_plan
from okrctl.operations.checkin import CheckinDetails
from okrctl.operations.draft import DraftRequest
from okrctl.operations.load import load_workspace
from okrctl.operations.project import Project, parse_date
from okrctl.outputs.terminal import sanitize
from okrctl.outputs.views import written
from okrctl.values.errors import ConflictError, RefusedError
from okrctl.workspace import disk
from okrctl.yaml_edit import WritePlan
from okrctl.yaml_edit.preview import ScoreEffect

TRAILER = "Assisted-by: mcp"
DESTRUCTIVE = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=False, open_world_hint=False)
Arguments = dict[str, Any]
Values = Annotated[dict[str, str], Field(description="Values by reference: a number, `done`, a milestone or a grade.")]
NewValues = Annotated[
    dict[str, str],
    Field(description="New values by name: to, from, at-least, at-most, between, weight, due, state"),
]


class Decision(BaseModel):
    """What the person decides."""

    write: bool = Field(description="Write this change and commit it")


class NobodyToAsk(BaseModel):
    """The client cannot ask its person: what would be written, and the command that does it."""

    diff: str
    command: str


class PlannedChange(NamedTuple):
    """What a tool would write: the plan, its effects in words, and the command line that does the same."""

    plan: WritePlan
    effects: tuple[ScoreEffect, ...]
    command: str


class WritingTools:
    """The tools that write, with the questions that are open."""

    def __init__(self, origin: Origin, confirmations: Confirmations) -> None:
        self.origin = origin
        self.confirmations = confirmations

    def question(self, tool: str, arguments: Arguments, context: Context) -> Elicit[Decision] | NobodyToAsk:
        """Ask the person about the change that a tool plans."""
        project, change = self._plan(tool, arguments)
        if not _can_ask(context):
            return NobodyToAsk(diff=change.plan.diff(), command=change.command)
        number = self.confirmations.ask(plan_digest(tool, arguments, str(project.today), change.plan))
        return Elicit(_question_text(change, _signature(project), number), Decision)

    def write(self, tool: str, arguments: Arguments, decision: Any) -> Document:
        """Write what the person accepted; raises for anything else."""
        found = decision.data if isinstance(decision, AcceptedElicitation) else None
        if isinstance(found, NobodyToAsk):
            return data(json.dumps({"version": 1, "written": False, "diff": found.diff, "command": found.command}))
        is_accepted = isinstance(found, Decision) and found.write
        return answer(lambda: self._write_accepted(tool, arguments, is_accepted))

    def _write_accepted(self, tool: str, arguments: Arguments, is_accepted: bool) -> Document:
        project, change = self._plan(tool, arguments)
        is_asked = self.confirmations.take(plan_digest(tool, arguments, str(project.today), change.plan))
        if not is_accepted:
            raise RefusedError("the user did not accept the change: nothing was written", "do not retry unless asked")
        if not is_asked:
            raise ConflictError(
                "the files changed, or the approval expired or was already used: nothing was written", "ask again"
            )
        plan = change.plan._replace(message=f"{change.plan.message.rstrip()}\n\n{TRAILER}")
        result = apply_plan(project, plan, WriteOptions(commit=project.repository is not None))
        config = disk.read_settings(project.root)[0]
        return data(written.render(result.changes, result.commit, change.effects, config, "json"))

    def _plan(self, tool: str, arguments: Arguments) -> tuple[Project, PlannedChange]:
        project = self.origin.project()
        return project, answer(lambda: _PLANS[tool](project, arguments))


def _can_ask(context: Context) -> bool:
    """Whether the client can show a form to a person."""
    capabilities = context.client_capabilities
    elicitation = capabilities.elicitation if capabilities is not None else None
    return elicitation is not None and (elicitation.form is not None or elicitation.url is None)


def _signature(project: Project) -> str | None:
    """Whose commit it will be; None without a repository."""
    if project.repository is None:
        return None
    return f"{project.repository.get_setting('user.name')} <{project.repository.user_email()}>"


def _question_text(change: PlannedChange, signature: str | None, number: str) -> str:
    goal = "write this, without a commit" if signature is None else f"commit this as {signature}"
    lines = [f"An assistant wants to {goal}:", "", *change.plan.diff().split("\n")]
    lines += ["What it does:", *(effect.sentence for effect in change.effects), ""] if change.effects else []
    return "\n".join([*map(sanitize, lines), f"Question {number}, for ten minutes."])


def _plan_checkin(project: Project, arguments: Arguments) -> PlannedChange:
    workspace = load_workspace(project)
    day, confidence, note = (arguments.get(name) for name in ("day", "confidence", "note"))
    details = CheckinDetails(None if day is None else parse_date(day), confidence, note)
    requested = [
        checkin_operation.build_checkin(project, workspace, ref, value, details)
        for ref, value in arguments["values"].items()
    ]
    edits = checkin_operation.checkin(project, workspace, requested)
    result = record.plan_edits(project, workspace, edits)
    words = [f"{ref}={value}" for ref, value in arguments["values"].items()]
    options = {"--date": day, "--confidence": confidence, "-m": note}
    return _make_change(result.write.plan, result.effects, ["checkin", *words], options)


def _plan_amendment(project: Project, arguments: Arguments) -> PlannedChange:
    amendment = amend_operation.amend(project, arguments["ref"], arguments["values"], arguments["reason"])
    result = record.plan_edits(project, amendment.workspace, [amendment.edit], amendment.commit_message)
    options = {f"--{name}": value for name, value in arguments["values"].items()}
    options["--reason"] = arguments["reason"]
    return _make_change(result.write.plan, result.effects, ["amend", arguments["ref"]], options)


def _plan_draft(project: Project, arguments: Arguments) -> PlannedChange:
    request = DraftRequest(objective_text(arguments["objective"]), arguments["period"], arguments["team"])
    result = draft_operation.draft(project, request, WriteOptions(dry_run=True))
    options = {"--team": arguments["team"], "--objective": "FILE"}
    return _make_change(result.plan, (), ["new", arguments["period"]], options)


def _make_change(
    plan: WritePlan | None, effects: Any, words: list[str], options: Mapping[str, str | None]
) -> PlannedChange:
    if plan is None or not plan.changes:
        raise ConflictError("nothing would change", "the files contain this already")
    given = [word for name, value in options.items() if value is not None for word in (name, value)]
    return PlannedChange(plan, tuple(effects), shlex.join(["okrctl", *words, *given, "--commit"]))


_PLANS: Mapping[str, Callable[[Project, Arguments], PlannedChange]] = {
    "checkin": _plan_checkin,
    "amend": _plan_amendment,
    "draft": _plan_draft,
}


def add_writing_tools(server: MCPServer, tools: WritingTools) -> None:
    """Give a server the tools that write."""

    def ask_checkin(
        context: Context, values: dict[str, str], day: str | None, confidence: str | None, note: str | None
    ) -> Elicit[Decision] | NobodyToAsk:
        return tools.question("checkin", _arguments(values=values, day=day, confidence=confidence, note=note), context)

    def checkin(
        values: Values,
        decision: Annotated[ElicitationResult[Decision], Resolve(ask_checkin)],
        day: Day = None,
        confidence: Annotated[str | None, Field(description="Confidence from 0 to 10.")] = None,
        note: Annotated[str | None, Field(description="A note for people.")] = None,
    ) -> Document:
        """Record readings, after the person accepted the diff."""
        return tools.write("checkin", _arguments(values=values, day=day, confidence=confidence, note=note), decision)

    def ask_amend(context: Context, ref: str, values: dict[str, str], reason: str) -> Elicit[Decision] | NobodyToAsk:
        return tools.question("amend", _arguments(ref=ref, values=values, reason=reason), context)

    def amend(
        ref: Ref,
        values: NewValues,
        reason: Annotated[str, Field(description="Why it changes; it is written into the file.")],
        decision: Annotated[ElicitationResult[Decision], Resolve(ask_amend)],
    ) -> Document:
        """Change what was agreed, with a record of what it was and why, after the person accepted the diff."""
        return tools.write("amend", _arguments(ref=ref, values=values, reason=reason), decision)

    def ask_draft(
        context: Context, objective: str | dict[str, Any], period: str, team: str | None
    ) -> Elicit[Decision] | NobodyToAsk:
        return tools.question("draft", _arguments(objective=objective, period=period, team=team), context)

    def draft(
        objective: Objective,
        period: PeriodName,
        decision: Annotated[ElicitationResult[Decision], Resolve(ask_draft)],
        team: TeamName = None,
    ) -> Document:
        """Insert an objective as a draft, which does not count yet, after the person accepted the diff."""
        return tools.write("draft", _arguments(objective=objective, period=period, team=team), decision)

    for function in (checkin, amend, draft):
        server.add_tool(function, annotations=DESTRUCTIVE)


def _arguments(**values: Any) -> Arguments:
    return values
