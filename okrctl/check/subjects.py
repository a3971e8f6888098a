"""Says which things of a workspace the rules on quality look at."""

from __future__ import annotations

from collections.abc import Iterator

from okrctl.schema.settings import Config
from okrctl.text import words
from okrctl.workspace import File, KeyResult, Objective, Workspace


def is_active(node: Objective | KeyResult) -> bool:
    """Neither a draft nor given up, and its objective neither."""
    above = node.objective.model.state if isinstance(node, KeyResult) else "active"
    return bool(node.model.state == "active" and above == "active")


def agreed_nodes(file: File) -> Iterator[Objective | KeyResult]:
    """Every objective of a file, each followed by its key results."""
    for node in file.nodes:
        if isinstance(node, Objective):
            yield node
            yield from node.key_results


def checked_title(objective: Objective, config: Config) -> str:
    """The title of an active objective in a language whose words we know; empty for any other."""
    judged = is_active(objective) and words.is_supported_language(config.language)
    return objective.model.title or "" if judged else ""


def active_objectives(workspace: Workspace) -> Iterator[Objective]:
    """The active objectives that have a title."""
    return (one for one in workspace.objectives if is_active(one) and one.model.title)


def active_key_results(workspace: Workspace) -> Iterator[KeyResult]:
    """The active key results that could be read whole."""
    return (
        kr for kr in workspace.key_results
        if is_active(kr) and kr.is_measured and kr.model.title and not kr.file.is_broken_at(kr.route)
    )  # fmt: skip


def scored_key_results(objective: Objective) -> list[KeyResult]:
    """The key results of an objective that count for its score: active, and no guardrails."""
    return [kr for kr in objective.key_results if kr.model.state == "active" and not kr.is_guardrail]
