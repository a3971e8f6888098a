"""Adds snippets for editors: an objective, a KPI, and a key result of each measure."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
Snippet = tuple[str, str, dict[str, Any]]
ID_AND_TITLE = {"id": "${1:short-name}", "title": "${2:What should become true}"}
SNIPPETS: dict[str, tuple[Snippet, ...]] = {
    "Objective": (
        (
            "objective",
            "An objective with a first key result",
            {
                **ID_AND_TITLE,
                "owner": "${3:role}",
                "key_results": [
                    {"id": "${4:short-name}", "title": "${5:How you will know}", "from": "${6:0}", "to": "${7:100}"}
                ],
            },
        ),
    ),
    "Kpi": (
        (
            "KPI",
            "A KPI with the direction that is better",
            {
                **ID_AND_TITLE,
                "owner": "${3:role}",
                "better": "${4|higher,lower|}",
                "unit": "${5:%}",
                "cadence": "${6|weekly,monthly,quarterly|}",
            },
        ),
    ),
    "KeyResult": (
        (
            "from one number to another",
            "The way from `from` to `to`",
            {**ID_AND_TITLE, "from": "${3:0}", "to": "${4:100}"},
        ),
        ("change", "A change from the baseline", {**ID_AND_TITLE, "from": "${3:40}", "change": "${4:-7%}"}),
        ("limit", "A limit that should hold", {**ID_AND_TITLE, "at_most": "${3:5%}"}),
        ("done or not", "Done on a date, or not done", {**ID_AND_TITLE, "done": "${3:false}"}),
        (
            "step by step",
            "Milestones, each done or not",
            {**ID_AND_TITLE, "milestones": [{"title": "${3:First step}", "done": "${4:false}"}]},
        ),
        ("graded", "A question that a person grades from 0 to 1", {**ID_AND_TITLE, "graded": "${3:How good is it?}"}),
    ),
}


def add_snippets(definitions: Schema) -> None:
    """Add the snippets to the definitions that have some."""
    for name, snippets in SNIPPETS.items():
        if name in definitions:
            definitions[name]["defaultSnippets"] = [
                {"label": label, "description": description, "markdownDescription": description, "body": body}
                for label, description, body in snippets
            ]
