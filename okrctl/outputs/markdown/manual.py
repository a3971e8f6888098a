"""The manual in Markdown, as its pages are written."""

from __future__ import annotations

from okrctl.docs import ManualIndex, ManualPage


def page(result: ManualPage) -> str:
    """One page or word."""
    return f"# {result.title}\n\n{result.text}"


def index(result: ManualIndex) -> str:
    """Pages with their titles, words with their first sentences."""
    pages = "".join(f"* `{page.topic}`: {page.title}\n" for page in result.pages)
    words = "".join(f"* `{page.topic}`: {page.summary}\n" for page in result.words)
    return f"# Pages\n\n{pages}\n# Words\n\n{words}"
