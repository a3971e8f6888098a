"""The addresses of the project: all of them follow from where its repository is.

`REPOSITORY` is the one setting. A project that moves changes it here and in the URLs of pyproject.toml, which a test
holds equal.
"""

from __future__ import annotations

REPOSITORY = "https://github.com/okrctl/okrctl"
_OWNER, _NAME = REPOSITORY.split("/")[-2:]
ISSUES = f"{REPOSITORY}/issues"
SITE = f"https://{_OWNER}.github.io/{_NAME}"  # where GitHub Pages serves the documentation


def rule_url(code: str) -> str:
    """The page of a rule, by its code: a code never changes its meaning, so its address stays too."""
    return f"{SITE}/rules/{code}/"


def schema_url(name: str) -> str:
    """The JSON Schema of a kind of file, or of the output of a command."""
    return f"{SITE}/schemas/{name}.json"
