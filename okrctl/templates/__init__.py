"""Text of the files that okrctl writes: starting files, period drafts, the demo company.

The texts are data files beside the code, each in its own format, so that a linter of that format can read them.
Placeholders such as `<team>` are plain YAML scalars for the same reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources

_PLACEHOLDER = re.compile(r"<([a-z-]+)>")


def read_template(path: str) -> str:
    """The text of a data file, by its path below this package."""
    return resources.files(__name__).joinpath(path).read_text("utf-8")


def fill_template(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced in one pass, so that a value may itself look like a placeholder."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)
