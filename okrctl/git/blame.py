"""Says which commit each line of a file comes from, out of what `git blame --porcelain` prints."""

from __future__ import annotations

from collections.abc import Sequence

BlamedLines = Sequence[tuple[bytes, str]]


def parse_blame(output: bytes) -> list[tuple[bytes, str]]:
    """Each line with the id of its commit; blame prints headings, the first of which names it, then the line."""
    found = []
    name = ""
    opening = True
    for line in output.split(b"\n")[:-1]:
        if line.startswith(b"\t"):
            found.append((line[1:], name))
        elif opening:
            name = line.split(b" ", 1)[0].decode()
        opening = line.startswith(b"\t")
    return found


def match_lines(committed: BlamedLines, data: bytes) -> list[str | None]:
    """For each line of `data` the commit of the committed line that it still is, but for its end; else None."""
    import difflib

    now = [line.rstrip(b"\r") for line in data.removesuffix(b"\n").split(b"\n")]
    before = [line.rstrip(b"\r") for line, _ in committed]
    names: list[str | None] = [None] * len(now)
    for start, other, count in difflib.SequenceMatcher(None, before, now, autojunk=False).get_matching_blocks():
        names[other : other + count] = [name for _, name in committed[start : start + count]]
    return names
