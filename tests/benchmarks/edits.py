"""Writes one reading into a file many times over, as okrctl edits or with ruamel; the argument says which."""

import io
import sys

from okrctl.yaml import Source
from okrctl.yaml_edit import SetValue, edit
from tests.benchmarks import corpus

TIMES = 100
PATH, TEXT = next((path, text) for path, text in corpus.workspace(9) if path.startswith("okrs/"))
ROUTE = ("objectives", 1, "key_results", 1, "readings", "2025-03-30")


def ours() -> int:
    """With a splice of the text."""
    return len(edit(Source(PATH, TEXT), [SetValue(ROUTE, "77")]).text)


def ruamel() -> int:
    """With ruamel's round trip, which keeps comments too."""
    from ruamel.yaml import YAML

    yaml = YAML()
    data = yaml.load(TEXT)
    data["objectives"][1]["key_results"][1].setdefault("readings", {})["2025-03-30"] = 77
    out = io.StringIO()
    yaml.dump(data, out)
    return len(out.getvalue())


if __name__ == "__main__":
    way = {"ours": ours, "ruamel": ruamel, "nothing": int}[sys.argv[1]]
    for _ in range(TIMES):
        way()
