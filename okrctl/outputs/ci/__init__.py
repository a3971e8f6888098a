"""Writes the findings of a check, in the formats of people, editors and CI servers."""

from __future__ import annotations

from typing import Literal, get_args

from okrctl.check.report import CheckReport, Statistics
from okrctl.outputs.terminal import TerminalStyle

StatisticsFormat = Literal["full", "concise", "json"]
CiFormat = Literal["github", "gitlab", "sarif", "junit", "rdjson", "markdown"]
CheckFormat = StatisticsFormat | CiFormat
STATISTICS_FORMATS: tuple[StatisticsFormat, ...] = get_args(StatisticsFormat)
DOCUMENTS: tuple[CheckFormat, ...] = ("json", "gitlab", "sarif", "junit", "rdjson")  # nothing may stand beside these
FORMATS: tuple[CheckFormat, ...] = (*STATISTICS_FORMATS, *get_args(CiFormat))


def render(result: CheckReport, format: CheckFormat, style: TerminalStyle) -> str:
    """The findings in a format, whose module is imported only now."""
    match format:
        case "full" | "concise" | "json":
            return render_statistics(result, format, style)
        case "github":
            from okrctl.outputs.ci import github

            return github.render(result, style)
        case "gitlab":
            from okrctl.outputs.ci import gitlab

            return gitlab.render(result, style)
        case "sarif":
            from okrctl.outputs.ci import sarif

            return sarif.render(result, style)
        case "junit":
            from okrctl.outputs.ci import junit

            return junit.render(result, style)
        case "rdjson":
            from okrctl.outputs.ci import rdjson

            return rdjson.render(result, style)
        case "markdown":
            from okrctl.outputs.ci import markdown

            return markdown.page(result)


def render_statistics(result: CheckReport | Statistics, format: StatisticsFormat, style: TerminalStyle) -> str:
    """The statistics in a format; these formats have the findings too."""
    match format:
        case "full":
            from okrctl.outputs.ci import full

            return full.render(result, style)
        case "concise":
            from okrctl.outputs.ci import concise

            return concise.render(result, style)
        case "json":
            from okrctl.outputs.ci import json

            return json.render(result, style)
