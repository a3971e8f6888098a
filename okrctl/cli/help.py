"""The help of a command: on one screen, with its options in groups of purpose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from typer.core import TyperCommand

LINES = 40  # of a screen of 80 columns
EPILOG_LINES = 3
COLUMN = 28  # the widest that names of options get before their help goes to the next line
ARGUMENTS, OTHERS = "Arguments", "Options"
PURPOSES: dict[str, tuple[str, ...]] = {
    "Selection": ("ref", "team", "owner", "priority", "tag", "all", "select", "ignore", "level", "whole"),
    "Dates": ("as-of", "known-at", "since", "until", "date", "every", "base", "against"),
    "Writing": ("dry-run", "force", "commit", "confirm-value", "yes", "git-tag"),
    "Output": (
        "format", "output", "ids", "wide", "bands", "watch", "all-findings", "statistics", "color", "quiet", "verbose",
    ),
    "Exit status": ("fail-if", "fail-under", "fail-on", "strict"),
    "Common options": ("C", "version", "help"),
}  # fmt: skip
HIDDEN = ("show_completion",)
RARE = ("no_cache",)  # listed by the help of okrctl alone: it means the same everywhere, and few need it
Row = tuple[str, str]
_CHOICES = re.compile(r" [<[]([^][<>]*\|[^][<>]*)[]>]$")  # Typer 0.29 writes <a|b>, earlier ones [a|b]
_DEFAULT = re.compile(r"\s*\[default:\s*([^\]]*)\]")


class HelpCommand(TyperCommand):
    """A command whose help groups its options by purpose: which, when, how it is written and printed."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words of the usage line; alternatives and fixed sequences of words say themselves what repeats."""
        pieces = super().collect_usage_pieces(ctx)
        return [piece.removesuffix("...") if re.search("[ |]", piece) else piece for piece in pieces]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the groups with their names in one column."""
        groups = list(_groups(self.get_params(ctx), ctx))
        width = min(max(len(name) for _, rows in groups for name, _ in rows), COLUMN)
        write_groups([(title, [(name.ljust(width), text) for name, text in rows]) for title, rows in groups], formatter)


def option_names(params: list[Any], ctx: Any) -> str:
    """The options of a command in one line of text, without their help."""
    records = (param.get_help_record(ctx) for param in params if param.name not in HIDDEN)
    return "; ".join(record[0] for record in records if record is not None)


def write_groups(groups: list[tuple[str, list[Row]]], formatter: Any, more_lines: int = 0) -> None:
    """Write titled rows, without lines between the groups where these would not fit on one screen.

    `more_lines` come below.
    """
    before = len(formatter.buffer)
    for is_airy in (True, False):
        for number, (title, rows) in enumerate(groups):
            if is_airy or number == 0:
                formatter.write_paragraph()
            formatter.write_heading(title)
            formatter.indent()
            formatter.write_dl(rows, col_max=COLUMN)
            formatter.dedent()
        if "".join(formatter.buffer).count("\n") + EPILOG_LINES + more_lines <= LINES:
            return
        if is_airy:
            del formatter.buffer[before:]


def _groups(params: list[Any], ctx: Any) -> Iterator[tuple[str, list[Row]]]:
    """The groups that have members, in the order in which a reader asks for them."""
    rows: dict[str, list[Row]] = {title: [] for title in (ARGUMENTS, OTHERS, *PURPOSES)}
    for param in params:
        record = param.get_help_record(ctx) if param.name not in RARE else None
        if record is not None:
            rows[_purpose(param)].append(_row(*record))
    return ((title, members) for title, members in rows.items() if members)


def _row(name: str, text: str) -> Row:
    """The name and the help, to which choices move that would take a line of their own."""
    found = _CHOICES.search(name)
    if found is None:
        return re.sub(r" <(list\[)?[A-Za-z]+\]?>$", "", name), text
    if not name.startswith("-"):
        return name[: found.start()], text
    default = _DEFAULT.search(text)
    choices = [f"{choice} (default)" if default and choice == default[1] else choice for choice in found[1].split("|")]
    front = _DEFAULT.sub("", text).rstrip().removesuffix(".")
    if default is None and len(f"{name[: found.start()]} {found[1]}") <= COLUMN:
        return f"{name[: found.start()]} {found[1]}", text
    option = re.findall("[a-z]+", name[: found.start()])[-1]
    return f"{name[: found.start()]} {option.upper()}", f"{front}: {', '.join(choices)}."


def _purpose(param: Any) -> str:
    if param.param_type_name == "argument":
        return ARGUMENTS
    name = max(param.opts, key=len).lstrip("-")
    return next((title for title, names in PURPOSES.items() if name in names), OTHERS)
