"""The manual as plain data; texts stay Markdown."""

from __future__ import annotations

from typing import Any

from okrctl.docs import ManualIndex, ManualPage


def plain_page(result: ManualPage) -> dict[str, Any]:
    """One page or word."""
    return {"version": 1, "topic": result.topic, "title": result.title, "text": result.text}


def plain_index(result: ManualIndex) -> dict[str, Any]:
    """All topics with their first sentences."""
    kinds = (("page", result.pages), ("word", result.words))
    topics = [
        {"topic": page.topic, "kind": kind, "title": page.title, "summary": page.summary}
        for kind, pages in kinds
        for page in pages
    ]
    return {"version": 1, "topics": topics}
