"""Turns the functions in `commands` into subcommands, each imported only when it is called."""

from __future__ import annotations

import copy
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from okrctl import __version__
from okrctl.cli.commands import COMMANDS
from okrctl.cli.session import COLOR_CHOICES, Session
from okrctl.values.errors import OkrctlError

HELP = "Objectives, key results and KPIs as plain text in git: checked, scored, explained."
EPILOG = "Each option may be given in the environment too: --as-of as OKRCTL_AS_OF; several values with commas."
TYPER_OPTIONS = {"rich_markup_mode": None, "pretty_exceptions_enable": False}
CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}
COMPLETE_VARIABLE = "_OKRCTL_COMPLETE"
COMMAND_OPTIONS = ("--as-of", "--known-at", "--team", "--owner", "--priority", "--tag", "--format", "-o", "--output")
VALUE_OPTIONS = (*COMMAND_OPTIONS, "-C", "--color")


def run(words: list[str]) -> int:
    """Runs one command line and returns the exit status its command decided on; raises OkrctlError on wrong usage."""
    group = build_group()
    if os.environ.get(COMPLETE_VARIABLE):
        return _complete_words(group)
    _fix_windows_console()
    try:
        with group.make_context("okrctl", move_behind_command(words), obj=Session()) as context:
            return int(group.invoke(context) or 0)
    except typer.Exit as done:
        return done.exit_code
    except SystemExit as done:  # how typer ends after it installed the completion
        return int(done.code or 0)
    except typer.Abort as stop:
        raise KeyboardInterrupt from stop
    except TyperException as error:
        raise _usage_error(error, "okrctl") from error


def move_behind_command(words: Sequence[str]) -> list[str]:
    """The same words with the options that commands share behind the command, before which they may stand too."""
    remaining, kept, moved = list(words), list[str](), list[str]()
    while remaining and remaining[0].startswith("-") and remaining[0] not in ("-", "--"):
        name, equals, _ = remaining[0].partition("=")
        count = 2 if name in VALUE_OPTIONS and not equals else 1
        (moved if name in COMMAND_OPTIONS else kept).extend(remaining[:count])
        del remaining[:count]
    command = remaining[:1] or (["status"] if moved else [])
    return [*kept, *command, *moved, *remaining[1:]]


def _fix_windows_console() -> None:
    """Old Windows consoles show colour codes as text unless told otherwise."""
    if sys.platform == "win32":
        import colorama

        colorama.just_fix_windows_console()


def build_group() -> TyperGroup:
    """The whole command line; it knows every command by name and has imported none of them."""
    app = typer.Typer(cls=TyperGroup, context_settings=CONTEXT_SETTINGS, help=HELP, epilog=EPILOG, **TYPER_OPTIONS)  # type: ignore[arg-type]
    app.callback(invoke_without_command=True)(_run_default)
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    group.params[:0] = _build_common_options()
    group.commands = {name: LazyCommand(name, short_help=short) for name, (_, short) in COMMANDS.items()}
    return group


class LazyCommand(TyperCommand):
    """Stands for a command in help, completion and suggestions, and becomes it when it is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the real command: from here on this one is out of the way."""
        assert self.name is not None
        try:
            return _load_command(self.name).make_context(info_name, args, parent=parent, **extra)
        except TyperException as error:
            raise _usage_error(error, f"okrctl {self.name}") from error


def _load_command(name: str) -> TyperCommand:
    module, short = COMMANDS[name]
    function = getattr(importlib.import_module(module), module.rpartition(".")[2])
    app = typer.Typer(add_completion=False, **TYPER_OPTIONS)  # type: ignore[arg-type]
    app.command(name, short_help=short, context_settings=CONTEXT_SETTINGS, epilog=EPILOG)(function)
    command = typer.main.get_command(app)
    assert isinstance(command, TyperCommand)
    for parameter in command.params:
        if isinstance(parameter, TyperOption):
            _set_environment_variable(parameter)
    command.params += _build_common_options()
    return command


def _run_default(context: typer.Context) -> Any:
    """Shows the status of the workspace, or the help where there is none."""
    if context.invoked_subcommand is not None:
        return None
    session: Session = context.obj
    if not session.in_workspace() or "status" not in COMMANDS:
        typer.echo(context.get_help())
        return 0
    with _load_command("status").make_context("status", [], parent=context) as status:
        return status.command.invoke(status)


def _build_common_options() -> list[TyperOption]:
    """The options that may stand before the command and after it; what stands later wins."""
    options = [
        _build_option(["directory", "-C"], _change_directory, metavar="DIR", help="Run as if started in this folder."),
        _build_option(
            ["color", "--color"],
            _set_color,
            metavar="|".join(COLOR_CHOICES),
            autocompletion=lambda *_: list(COLOR_CHOICES),
            help="Colour the output; auto: on a terminal.",
        ),
        _build_option(["quiet", "-q", "--quiet"], _set_quiet, is_flag=True, help="No talk, only data and errors."),
    ]
    for option in options:
        _set_environment_variable(option)
    version = _build_option(
        ["version", "--version"], _print_version, is_flag=True, is_eager=True, help="Show the version."
    )
    return [*options, version]


def _build_option(names: list[str], callback: Any, **details: Any) -> TyperOption:
    return TyperOption(param_decls=names, callback=callback, expose_value=False, **details)


def _set_environment_variable(option: TyperOption) -> None:
    """An option means the same everywhere, so its variable carries its own name and not the command's."""
    name = max(option.opts, key=len).lstrip("-")
    option.envvar = f"OKRCTL_{(name if len(name) > 1 else option.name or name).replace('-', '_').upper()}"
    option.show_envvar = False
    if option.multiple:  # names of people hold spaces, so commas part the values there
        option.type = copy.copy(option.type)
        setattr(option.type, "envvar_list_splitter", ",")  # noqa: B010


def _change_directory(context: typer.Context, _: Any, value: str | None) -> None:
    if value is not None and not context.resilient_parsing:
        context.obj.directory = Path(value).absolute()


def _set_color(context: typer.Context, _: Any, value: str | None) -> None:
    if value is None or context.resilient_parsing:
        return
    if value not in COLOR_CHOICES:
        raise OkrctlError(f"--color cannot be {value!r}", f"choose one of {', '.join(COLOR_CHOICES)}")
    context.obj.color = value


def _set_quiet(context: typer.Context, _: Any, value: bool | None) -> None:
    if value and not context.resilient_parsing:
        context.obj.quiet = True


def _print_version(context: typer.Context, _: Any, value: bool | None) -> None:
    if value and not context.resilient_parsing:
        typer.echo(f"okrctl {__version__}")
        raise typer.Exit


def _usage_error(error: TyperException, command: str) -> OkrctlError:
    """The parser's complaint in our form: what is wrong, and the way out of it."""
    text = error.format_message() if not getattr(error, "possibilities", None) else error.message
    message, _, guess = text.partition(". Did you mean ")
    guess = guess or ", ".join(sorted(getattr(error, "possibilities", None) or ())) + "?"
    hint = f"did you mean {guess}" if guess != "?" else f"see {command} --help"
    return OkrctlError((message[:1].lower() + message[1:]).rstrip("."), hint)


def _complete_words(group: TyperGroup) -> int:
    """Answers the shell; whatever goes wrong, the person who pressed Tab is told nothing."""
    try:
        group.main(prog_name="okrctl", complete_var=COMPLETE_VARIABLE, obj=Session())
    except SystemExit as done:
        return int(done.code or 0)
    except Exception:
        return 1
    return 0
