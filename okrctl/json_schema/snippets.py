"""Adds snippets for editors: an objective, a KPI, and a key result of each measure."""

from __future__ import annotations

from typing import Any

from okrctl.measures import MEASURES

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
    "KeyResult": tuple(
        (measure.snippet.label, measure.snippet.description, {**ID_AND_TITLE, **measure.snippet.body})
        for measure in MEASURES.values()
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
