"""Tests that a file with more mistakes than anybody reads costs no more than one with a thousand."""

from __future__ import annotations

from okrctl.schema import model, validate


def test_problems_beyond_the_limit_are_not_listed() -> None:
    keys = {f"key{number}": "x" for number in range(validate.MAX_PROBLEMS + 500)}
    objective = {"id": "a", "title": "Customers trust us", **keys}
    read, problems, _ = validate.read_model({"period": "2026-Q2", "objectives": [objective]}, model.OkrFile)
    assert read is not None
    assert [one.id for one in read.objectives] == ["a"]
    assert len(problems) == validate.MAX_PROBLEMS + 1
    assert [problem.message for problem in problems if "not listed" in problem.message] == [
        "unknown key 'key1000'; further problems are not listed"
    ]
