"""What holds for every command on every workspace, however broken."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from okrctl.yaml import Source, parse
from tests.running import Result

Tree = Mapping[str, bytes]

ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
LINES_LOST = {"checkin": 4, "amend": 6, "close": 12}  # lines of a file that the command may replace


class Broken(AssertionError):
    """A property that does not hold: its name, and what was seen."""

    def __init__(self, name: str, seen: str) -> None:
        super().__init__(f"{name}: {seen[:2000]}")
        self.name = name
        self.seen = seen


def require_answer(words: list[str], result: Result) -> None:
    """A status with a meaning, no traceback, an error and a hint, and nothing that acts on a terminal."""
    if result.status not in (0, 1, 2) or "Traceback" in result.err + result.out:
        raise Broken("traceback", result.err[-3000:])
    last = [line.partition(":")[0] for line in result.err.splitlines()][-2:]
    if result.status == 2 and last != ["error", "hint"]:
        raise Broken("no error and hint", result.err[-500:])
    found = ACTING.search(result.out) or ACTING.search(result.err)
    if found:
        raise Broken("control character", repr(found.string[max(found.start() - 80, 0) : found.end() + 20]))


def require_old_or_new(words: list[str], status: int, old: Tree, new: Tree) -> None:
    """A command that could not run, or only shows, writes nothing; another keeps each line that it need not touch."""
    changed = {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
    if changed and ("--dry-run" in words or (status == 2 and words[0] not in ("refresh", "check"))):
        raise Broken("written all the same", repr(sorted(changed)))
    left = [path for path in new if path.rpartition("/")[2].startswith(".okrctl-") and path.endswith(".tmp")]
    if left:
        raise Broken("temporary file", repr(left))
    for path in changed & old.keys() & new.keys():
        _require_kept(words[0], path, old[path], new[path])


def _require_kept(command: str, path: str, old: bytes, new: bytes) -> None:
    if command in LINES_LOST and path.endswith((".yaml", ".csv")):
        lost = Counter(old.splitlines()) - Counter(new.splitlines())
        if lost.total() > LINES_LOST[command]:
            raise Broken("lines lost", f"{path}: {list(lost)[:20]}")
    if path.endswith(".yaml") and command not in ("init", "merge"):
        if old.startswith(b"\xef\xbb\xbf") != new.startswith(b"\xef\xbb\xbf"):
            raise Broken("byte order mark", path)
        comments = Counter(re.findall(rb"(?m)^\s*#.*$", old)) - Counter(re.findall(rb"(?m)^\s*#.*$", new))
        if comments and command != "check":
            raise Broken("comments lost", f"{path}: {list(comments)[:5]}")


def require_same_scores(before: Result, after: Result) -> None:
    """`check --fix` changes no score."""
    if before.status == 0 and (after.status != 0 or _figures(before.json) != _figures(after.json)):
        raise Broken("score changed by --fix", after.err[-500:] or after.out[:500])


def _figures(document: Any) -> Any:
    """All scores of a document by reference."""
    found = []
    pending = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            found.append((str(node.get("ref")), str(node.get("score")), str(node.get("progress"))))
            pending += node.values()
        elif isinstance(node, list):
            pending += node
    return sorted(found)


def require_same_answer(words: list[str], first: Result, others: Mapping[str, Result]) -> None:
    """A kept answer is the one that is computed."""
    for name, result in others.items():
        if result != first:
            seen = f"{first.status} {first.out[:500]} {first.err[:200]} / {result.status} {result.out[:500]}"
            raise Broken(f"{name} answer differs", f"{words}: {seen} {result.err[:200]}")


def require_same_data(path: str, data: bytes) -> None:
    """An accepted file has the data that other readers of YAML see, all scalars taken as text."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    document = parse(Source(path, text))
    if document.problems or document.data is None or len(text) > 20_000:
        return
    for name, read in READERS.items():
        theirs = read(text.removeprefix("\ufeff"))
        if theirs != document.data:
            raise Broken(f"data of {name}", f"{path}: {document.data!r} / {theirs!r}")


def _ruamel(text: str) -> Any:
    from ruamel.yaml import YAML

    # Its reader takes no tab for a blank, and a mark of byte order for a text.
    yaml = YAML(pure=True)
    try:
        node = yaml.compose(text)
    except Exception as error:
        if "\t" in text:
            return parse(Source("a.yaml", text)).data
        return f"{type(error).__name__}: {error}"
    return _plain(node, {})


def _pyyaml(text: str) -> Any:
    import yaml  # type: ignore[import-untyped]

    if re.search(
        r"[\x85\u2028\u2029\ufeff\t]|[&*][\w-]+[?:%@`]|:[^\s]|\?\S|\S\?", text
    ):  # YAML 1.1 reads these otherwise
        return parse(Source("a.yaml", text)).data
    try:
        return _plain(yaml.compose(text, Loader=yaml.BaseLoader), {})
    except Exception as error:
        if "found duplicate anchor" in str(error):  # which YAML allows
            return parse(Source("a.yaml", text)).data
        return f"{type(error).__name__}: {error}"


def _plain(node: Any, seen: dict[int, Any]) -> Any:
    """The data of a node as okrctl has it: text, no blank values, merged mappings."""
    if id(node) in seen:
        return seen[id(node)]
    kind = type(node).__name__
    if kind == "ScalarNode":
        value = node.value.replace("\a", "") if node.style == ">" else node.value  # where ruamel.yaml marks folds
        is_plain = node.style not in ("'", '"', "|", ">")
        result: Any = None if is_plain and value in ("", "~", "null", "Null", "NULL") else value
    elif kind == "SequenceNode":
        result = [_plain(item, seen) for item in node.value]
    else:
        result = {}
        merges = []
        for key, value in node.value:
            if key.value == "<<" and key.style not in ("'", '"'):
                merges += value.value if type(value).__name__ == "SequenceNode" else [value]
                continue
            inner = _plain(value, seen)
            if inner is not None and key.value not in result:
                result[key.value] = inner
        for source in merges:
            for name, inner in (_plain(source, seen) or {}).items():
                result.setdefault(name, inner)
    seen[id(node)] = result
    return result


READERS = {"ruamel.yaml": _ruamel} | ({"PyYAML": _pyyaml} if find_spec("yaml") else {})


def describe_codes(checked: Result) -> frozenset[str]:
    """The codes that a check in JSON found."""
    try:
        return frozenset(found["code"] for found in json.loads(checked.out)["diagnostics"])
    except (ValueError, KeyError):
        return frozenset()
