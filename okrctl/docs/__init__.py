"""The manual: Markdown pages, and a glossary with one section for each word that output prints.

The pages are package data, so `okrctl explain TOPIC` works without a network and fits the installed version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

# In the order in which the list of topics shows them.
PAGES = (
    "tutorial", "format", "scoring", "statistics", "commands", "rules", "wording", "git-and-ci", "merge", "editors",
    "import-and-export", "sources", "dashboards", "server", "python", "assistants", "stability", "security", "words",
)  # fmt: skip
GLOSSARY = "words"
_COMMENT = re.compile(r"^<!--.*?-->\n\n?", re.MULTILINE)
_SECTION = re.compile(r"^## (.+)\n\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ManualPage:
    """A page, or the section of one word; `text` is Markdown without the title."""

    topic: str
    title: str
    text: str

    @property
    def summary(self) -> str:
        """The first sentence."""
        paragraph = " ".join(self.text.split("\n\n", 1)[0].split())
        return re.split(r"(?<=[.?!]) (?=[A-Z`])", paragraph, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class ManualIndex:
    """All topics: pages in the order of reading, words in the order of the alphabet."""

    pages: tuple[ManualPage, ...]
    words: tuple[ManualPage, ...]


def find_topic(name: str) -> ManualPage | None:
    """The page or word of this name, in any case; blanks and underscores do for dashes."""
    topic = normalize_topic(name)
    return read_page(topic) if topic in PAGES else _sections().get(topic)


def build_index() -> ManualIndex:
    """All pages and words."""
    sections = {page.topic: page for page in _sections().values()}
    return ManualIndex(tuple(read_page(name) for name in PAGES), tuple(sections[name] for name in sorted(sections)))


def topic_names() -> list[str]:
    """Everything that `find_topic` knows, other names of a word too."""
    return [*PAGES, *sorted(_sections())]


def normalize_topic(name: str) -> str:
    """A name as topics are written: `At risk` is `at-risk`."""
    return re.sub(r"[\s_]+", "-", name.strip().casefold())


@cache
def read_page(name: str) -> ManualPage:
    """One page; comments, which mark generated parts, are left out."""
    text = (resources.files(__name__) / f"{name}.md").read_text("utf-8")
    heading, _, body = _COMMENT.sub("", text).partition("\n\n")
    return ManualPage(name, heading.removeprefix("# "), body.strip("\n") + "\n")


@cache
def _sections() -> dict[str, ManualPage]:
    """The sections of the glossary by each of their names: a heading lists them with commas, the main one first."""
    _, *parts = _SECTION.split(read_page(GLOSSARY).text)
    found = {}
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        names = [normalize_topic(name) for name in heading.split(",")]
        page = ManualPage(names[0], heading, text.strip("\n") + "\n")
        found.update(dict.fromkeys(names, page))
    return found
