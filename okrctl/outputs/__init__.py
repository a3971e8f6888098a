"""Turns results into text: one module per result in `views`, the findings of a check in `ci`, pages in `html`.

A view has a function `render(result, format, style)` whose types say which formats the result has, so a command that
offers a format without a renderer does not pass mypy. Nothing is looked up by name at run time: a command imports the
view of its result, and the view imports what its formats need.
"""

from __future__ import annotations

from typing import Literal, get_args

Format = Literal[
    "table", "markdown", "html", "json", "jsonl", "csv", "parquet",
    "text", "slack", "msteams",
    "full", "concise", "github", "gitlab", "sarif", "junit", "rdjson",
]  # fmt: skip
FORMATS: tuple[Format, ...] = get_args(Format)
