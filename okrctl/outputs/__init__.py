"""Holds one module for each output format: a result goes in, text comes out."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from okrctl.outputs.terminal import TerminalStyle

FORMATS = {
    "table": "okrctl.outputs.table",
    "full": "okrctl.outputs.ci.full",
    "concise": "okrctl.outputs.ci.concise",
    "json": "okrctl.outputs.json",
    "jsonl": "okrctl.outputs.jsonl",
    "github": "okrctl.outputs.ci.github",
    "gitlab": "okrctl.outputs.ci.gitlab",
    "sarif": "okrctl.outputs.ci.sarif",
    "junit": "okrctl.outputs.ci.junit",
    "rdjson": "okrctl.outputs.ci.rdjson",
    "markdown": "okrctl.outputs.markdown",
    "csv": "okrctl.outputs.csv",
    "html": "okrctl.outputs.html",
}


def render(result: object, format: str, look: TerminalStyle) -> str:
    """A result in a format; the format's module is imported only now."""
    module = importlib.import_module(FORMATS[format])
    text: str = module.render(result, look)
    return text


def of_kind(result: object, package: str, known: Mapping[str, str]) -> Callable[..., Any]:
    """The function of a format's package that writes this kind of result; only its own module is imported."""
    module, _, function = known[type(result).__name__].partition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(f"{package}.{module}"), function)
    return found
