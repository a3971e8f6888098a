"""Turns the functions in `commands` into subcommands, each imported only when it is called.

Typer is used through its public interface alone: what it exports, `typer.main.get_command`, and the classes of
`typer.core` with the methods of commands that its documentation overrides. Options are declared with `typer.Option`,
because their classes take other arguments from version to version.
"""

from __future__ import annotations

import gc
import importlib
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from okrctl import __version__
from okrctl.cli.commands import COMMANDS, GROUPS, LOCKED, READING, SYNONYMS
from okrctl.cli.help import HelpCommand, option_names, write_groups
from okrctl.cli.session import COLOR_CHOICES, Session
from okrctl.values.errors import OkrctlError, UsageError

if TYPE_CHECKING:
    from okrctl.cli.answers import KeptAnswers

HELP = "Check, score and explain OKRs and KPIs in git."
EPILOG = "Options can be set in the environment: OKRCTL_QUIET=1 for --quiet."
SHORT_EPILOG = "OKRCTL_QUIET=1 sets --quiet."
ENDLESS = ("serve", "mcp", "lsp")  # commands that come to no end: no progress is shown, garbage is collected as usual
USUAL_GC_THRESHOLDS = (700, 10, 10)  # those of Python, in place of the ones for short runs
OPTION_LINES = 3  # below the commands
TYPER_OPTIONS: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}
COMPLETE_VARIABLE = "_OKRCTL_COMPLETE"
COMMAND_OPTIONS = ("--as-of", "--known-at", "--team", "--owner", "--priority", "--tag", "--format", "-o", "--output")
VALUE_OPTIONS = (*COMMAND_OPTIONS, "-C", "--color")

# The base class of what Typer raises for an invalid command line. Typer exports only this one of its subclasses.
_UsageError: Any = typer.BadParameter.__base__


def run(
    words: Sequence[str], is_redrawing: bool = False, is_json: bool = False, answers: KeptAnswers | None = None
) -> int:
    """Run one command line and return the exit status; raises OkrctlError for a usage error.

    A run that `--watch` redraws does not watch again. With `is_json` the document is written once the run succeeded.
    `answers` is where an answer is kept for the next run.
    """
    group = build_group()
    if os.environ.get(COMPLETE_VARIABLE):
        return _complete_words(group)
    _fix_windows_console()
    session = Session(words=tuple(words), is_redrawing=is_redrawing, is_json=is_json, answers=answers)
    try:
        with group.make_context("okrctl", move_behind_command(words), obj=session) as context:
            status = int(group.invoke(context) or 0)
        session.release()
        return status
    except typer.Exit as end:
        return end.exit_code
    except SystemExit as end:  # how Typer ends after it installed the completion
        return int(end.code or 0)
    except typer.Abort as abort:
        raise KeyboardInterrupt from abort
    except _UsageError as error:
        raise _usage_error(error, "okrctl") from error
    finally:
        session.progress.stop()


def move_behind_command(words: Sequence[str]) -> list[str]:
    """Return the words with options of commands moved behind the command, as they may also be written before it."""
    remaining, kept, moved = list(words), list[str](), list[str]()
    while remaining and remaining[0].startswith("-") and remaining[0] not in ("-", "--"):
        name, equals, _ = remaining[0].partition("=")
        count = 2 if name in VALUE_OPTIONS and not equals else 1
        (moved if name in COMMAND_OPTIONS else kept).extend(remaining[:count])
        del remaining[:count]
    command = remaining[:1] or (["status"] if moved else [])
    return [*kept, *command, *moved, *remaining[1:]]


def _fix_windows_console() -> None:
    """Make old Windows consoles interpret colour codes instead of showing them."""
    if sys.platform == "win32":
        import colorama

        colorama.just_fix_windows_console()


class CommandGroup(TyperGroup):
    """All commands, listed in groups in the help."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name; raises OkrctlError for the name that another tool has for it."""
        if cmd_name in SYNONYMS and not ctx.resilient_parsing:
            command = SYNONYMS[cmd_name]
            raise UsageError(f"no such command '{cmd_name}'", f"did you mean '{command}'?")
        return super().get_command(ctx, cmd_name)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, then the names of the options, which the help of each command explains."""
        self.format_commands(ctx, formatter)
        formatter.write_heading("Options")  # without a line above it, since all of it just fits on one screen
        formatter.indent()
        formatter.write_text(f"{option_names(self.get_params(ctx), ctx)}. {SHORT_EPILOG}")
        formatter.dedent()

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands group by group."""
        grouped = {name for names in GROUPS.values() for name in names}
        others = tuple(name for name in COMMANDS if name not in grouped)
        width = max(map(len, COMMANDS))
        groups = [
            (title, [(name.ljust(width), COMMANDS[name][1]) for name in names if name in COMMANDS])
            for title, names in {**GROUPS, "Other": others}.items()
        ]
        write_groups([(title, rows) for title, rows in groups if rows], formatter, OPTION_LINES)


class WorkingCommand(HelpCommand):
    """A command that shows progress where it asks nothing, and runs again on changes with `--watch`."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command, once or whenever a file changes."""
        session = ctx.obj
        is_watching = ctx.params.pop("watch", False)
        if ctx.params.get("output") is not None:
            from okrctl.cli.formats import choose_format

            choose_format(ctx)
        if is_watching or self.name in ENDLESS:
            gc.set_threshold(*USUAL_GC_THRESHOLDS)
        if is_watching and not session.is_redrawing:
            from okrctl.cli.watch import redraw_on_change

            return redraw_on_change(session, lambda: run(session.words, is_redrawing=True, is_json=session.is_json))
        is_shown = not session.quiet and self.name not in ENDLESS
        if is_shown and self.name in (*GROUPS["Look"], *GROUPS["Guard"]):
            session.progress.start(self.name)
        compute = partial(super().invoke, ctx)
        if self.name in LOCKED:
            from okrctl.operations.transaction import hold_lock

            with hold_lock(session):
                return compute()
        is_kept = session.answers is not None and self.name in READING
        return session.answers.compute(session, compute) if is_kept else compute()


class LazyCommand(TyperCommand):
    """A command's name and help line; it imports the command when that is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Return the context of the real command."""
        assert self.name is not None
        try:
            return _load_command(self.name).make_context(info_name, args, parent=parent, **extra)
        except _UsageError as error:
            raise _usage_error(error, f"okrctl {self.name}") from error


def build_group() -> CommandGroup:
    """Return the command line with all commands, none of which is imported yet."""
    app = typer.Typer(cls=CommandGroup, context_settings=CONTEXT_SETTINGS, help=HELP, **TYPER_OPTIONS)
    app.callback(invoke_without_command=True)(_run_default)
    group = typer.main.get_command(app)
    assert isinstance(group, CommandGroup)
    group.params[:0] = _common_options()
    group.context_settings = {**CONTEXT_SETTINGS, "default_map": _environment_values(group)}
    group.commands = {name: LazyCommand(name, short_help=line) for name, (_, line) in COMMANDS.items()}
    return group


def _load_command(name: str) -> TyperCommand:
    module, line = COMMANDS[name]
    command = _build_command(getattr(importlib.import_module(module), module.rpartition(".")[2]), name, short_help=line)
    # Without the common options: the group has these too, and what is written before the command outranks a variable.
    command.context_settings = {**CONTEXT_SETTINGS, "default_map": _environment_values(command)}
    command.params += _common_options()
    return command


def _build_command(function: Callable[..., Any], name: str, **settings: Any) -> TyperCommand:
    app = typer.Typer(add_completion=False, **TYPER_OPTIONS)
    app.command(name, cls=WorkingCommand, context_settings=CONTEXT_SETTINGS, epilog=EPILOG, **settings)(function)
    command = typer.main.get_command(app)
    assert isinstance(command, TyperCommand)
    return command


def _run_default(context: typer.Context) -> Any:
    """Show the status of the workspace, or the help where there is none."""
    if context.invoked_subcommand is not None:
        return None
    session: Session = context.obj
    if not session.has_workspace() or "status" not in COMMANDS:
        typer.echo(context.get_help())
        return 0
    command = _load_command("status")
    with command.make_context("status", [], parent=context) as status:
        return command.invoke(status)


def _environment_values(command: Any) -> dict[str, Any]:
    """Return the values that the environment has for the options of a command, by the names of its parameters.

    An option means the same everywhere, so its variable is named after the option and not after the command. Typer
    splits the value of a variable at blanks, but names of people contain blanks: commas separate several values here.
    """
    values: dict[str, Any] = {}
    for option in command.params:
        if option.param_type_name != "option" or option.is_eager:
            continue
        name = max(option.opts, key=len).lstrip("-")
        value = os.environ.get(f"OKRCTL_{(name if len(name) > 1 else option.name).replace('-', '_').upper()}")
        if value:
            values[option.name] = value.split(",") if option.multiple else value
    return values


def _change_directory(context: typer.Context, value: Path | None) -> None:
    if value is not None and not context.resilient_parsing:
        context.obj.directory = value.absolute()
        context.obj.is_directory_given = True


def _set_color(context: typer.Context, value: str | None) -> None:
    if value is None or context.resilient_parsing:
        return
    if value not in COLOR_CHOICES:
        raise UsageError(f"{value!r} is not a valid value for --color", f"choose one of {', '.join(COLOR_CHOICES)}")
    context.obj.color = value


def _set_quiet(context: typer.Context, value: bool) -> None:
    if value and not context.resilient_parsing:
        context.obj.quiet = True


def _set_verbose(context: typer.Context, value: bool) -> None:
    if value and not context.resilient_parsing:
        context.obj.verbose = True


def _set_no_cache(context: typer.Context, value: bool) -> None:
    if value and not context.resilient_parsing:
        context.obj.uses_cache = False


def _print_version(context: typer.Context, value: bool) -> None:
    if value and not context.resilient_parsing:
        typer.echo(f"okrctl {__version__}")
        raise typer.Exit


def _session_option(*names: str, callback: Callable[..., None], **details: Any) -> Any:
    """Return an option that sets something on the session and is no argument of the command."""
    return typer.Option(*names, callback=callback, expose_value=False, **details)


COLORS = "|".join(COLOR_CHOICES)
Directory = Annotated[
    Path | None,
    _session_option("-C", callback=_change_directory, metavar="DIR", help="Run as if started in this folder."),
]
Color = Annotated[
    str | None,
    _session_option(
        "--color",
        callback=_set_color,
        metavar=COLORS,
        autocompletion=lambda: list(COLOR_CHOICES),
        help="Colour the output; auto colours on a terminal.",
    ),
]
Quiet = Annotated[bool, _session_option("--quiet", "-q", callback=_set_quiet, help="Suppress messages.")]
Verbose = Annotated[
    bool, _session_option("--verbose", "-v", callback=_set_verbose, help="Show details, such as which files were read.")
]
NoCache = Annotated[bool, _session_option("--no-cache", callback=_set_no_cache, help="Ignore the cache.")]
Version = Annotated[
    bool, _session_option("--version", callback=_print_version, is_eager=True, help="Show the version.")
]


def _common(
    directory: Directory = None,
    color: Color = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_cache: NoCache = False,
    version: Version = False,
) -> None:
    """The options that are valid before and after the command; the later one wins."""


def _common_options() -> list[Any]:
    return list(_build_command(_common, "common").params)


_EXTRA_ARGUMENTS = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)\.?")


def _usage_error(error: Any, command: str) -> OkrctlError:
    """Return a usage error of Typer in our form: what is wrong, and how to fix it."""
    text = error.format_message() if not getattr(error, "possibilities", None) else error.message
    message, _, guess = text.partition(". Did you mean ")
    guess = guess or ", ".join(sorted(getattr(error, "possibilities", None) or ())) + "?"
    hint = f"did you mean {guess}" if guess != "?" else f"see {command} --help"
    message = message.replace(": Value error, ", ": ")  # since 0.29 Typer lets Pydantic parse values
    if extra := _EXTRA_ARGUMENTS.fullmatch(message):
        message = f"unexpected argument '{extra[1]}'"
        hint = f"one KPI: okrctl show {extra[1]}" if command == "okrctl kpi" else hint
    return UsageError((message[:1].lower() + message[1:]).rstrip("."), hint)


def _complete_words(group: TyperGroup) -> int:
    """Answer the shell; an error is not shown to the person who pressed Tab."""
    from okrctl.cli.completion import adapt_to_bash, current_word, join_words

    is_bash = os.environ[COMPLETE_VARIABLE] == "complete_bash"
    printed, status = io.StringIO(), 0
    try:
        if is_bash:
            os.environ |= join_words(os.environ)
        with redirect_stdout(printed), redirect_stderr(io.StringIO()):
            group.main(prog_name="okrctl", complete_var=COMPLETE_VARIABLE, obj=Session())
    except SystemExit as end:
        status = int(end.code or 0)
    except Exception:
        return 1
    text = printed.getvalue()
    if is_bash:
        text = "".join(f"{line}\n" for line in adapt_to_bash(text.splitlines(), current_word(os.environ)))
    sys.stdout.write(text)
    return status
