"""Merges of random histories are what an oracle of plain data says, in both orders, with every other line kept."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrctl.merge import MergedText, Versions, merge_texts
from okrctl.merge.trees import OKR_FILE, build_tree, plain_data
from okrctl.yaml import Source, parse
from tests.merge.histories import Key, Model, base_model, is_within, oracle, person_history, render, values

PATH = "okrs/2026-Q2/trust.yaml"
MEASURE = ("from", "to")
QUICK = settings(max_examples=60, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=600, suppress_health_check=list(HealthCheck))


def reported(merged: MergedText) -> set[Key]:
    """The conflicts in the names of the oracle."""
    found = set()
    for conflict in merged.conflicts:
        _, objective, *rest = conflict.value_path
        if rest[:1] == ["key_results"]:
            _, result, *rest = rest
        else:
            result = ""
        found.add((objective, result, *(["measure"] if rest[:1] and rest[0] in MEASURE else strip_was(rest))))
    return found


def strip_was(rest: list[str]) -> list[str]:
    """The name of a record of an amendment without the keys that it names."""
    return ["amended", rest[1].split()[0]] if rest[:1] == ["amended"] else rest


def values_of(text: str, base: Model) -> dict[Key, Any]:
    """The values of a merged file in the names of the oracle."""
    known = {key[:2]: key for key in values(base)}
    found: dict[Key, Any] = {}
    for objective in parse(Source(PATH, text)).data["objectives"]:  # type: ignore[index]
        top = objective.get("formerly") or objective["id"]
        found[top, "", "id"] = objective["id"]
        found[top, "", "formerly"] = objective.get("formerly", "")
        for result in objective.get("key_results", ()):
            uid = result["formerly"] if (top, result.get("formerly")) in known else result["id"]
            for name in ("id", "title", "owner", "formerly", "aggregate"):
                found[top, uid, name] = result.get(name, "")
            if "milestones" not in result:
                found[top, uid, "measure"] = (int(result.get("from", 0)), int(result["to"]))
            for step in result.get("milestones", ()):
                found |= {(top, uid, "milestones", step["id"], key): step[key] for key in ("title", "done")}
            for day, reading in result.get("readings", {}).items():
                one = {"value": reading} if isinstance(reading, str) else reading
                found |= {(top, uid, "readings", day, key): value for key, value in one.items()}
            for record in result.get("amended", ()):
                found[top, uid, "amended", record["date"]] = (record["date"], record["by"], record["was"]["to"])
    return {key: value for key, value in found.items() if value}


def canonical(text: str) -> Any:
    return plain_data(build_tree(parse(Source(PATH, text)), OKR_FILE))


def in_order_of_ids(goals: Any) -> Any:
    """Goals without their order: what two people add beside a goal that a third one removed follows the merges."""
    if isinstance(goals, dict):
        return {key: in_order_of_ids(value) for key, value in goals.items()}
    if isinstance(goals, list):
        entries = [in_order_of_ids(entry) for entry in goals]
        has_ids = all(isinstance(entry, dict) and "id" in entry for entry in entries)
        return sorted(entries, key=lambda entry: entry["id"]) if has_ids else entries
    return goals


def check_merge(lea: tuple[Model, str], tom: tuple[Model, str]) -> None:
    base = base_model()
    texts = Versions(render(base), render(*lea), render(*tom))
    merged = merge_texts(texts, PATH)
    expected, conflicts = oracle(base, lea[0], tom[0])
    assert reported(merged) == conflicts
    for side in ("ours", "theirs"):
        found = values_of(merged.text_of(side), base)  # type: ignore[arg-type]
        assert {key: value for key, value in found.items() if not is_within(key, conflicts)} == expected
    other = merge_texts(Versions(texts.base, texts.theirs, texts.ours), PATH)
    assert canonical(merged.text_of("ours")) == canonical(other.text_of("theirs"))
    assert canonical(merged.text_of("theirs")) == canonical(other.text_of("ours"))
    check_lines(texts, merged.text_of("ours"))


def check_lines(texts: Versions, merged: str) -> None:
    """Lines that all three versions have are there as they were; comments that somebody wrote are there."""
    is_mixed = any("\r" in text for text in texts)
    split = [Counter(text.replace("\r\n", "\n").split("\n") if is_mixed else text.split("\n")) for text in texts]
    result = Counter(merged.replace("\r\n", "\n").split("\n"))
    if is_mixed:
        breaks = {"\r\n" in text for text in texts[1:]}
        assert ("\r\n" in merged) == (True in breaks)
    else:
        result = Counter(merged.split("\n"))
    for line in split[0]:
        if split[0][line] == split[1][line] == split[2][line] == 1 and line.strip():
            assert result[line] == 1, line


@given(person_history("lea"), person_history("tom"))
@QUICK
def test_two_people_are_merged_as_the_oracle_says(lea: tuple[Model, str], tom: tuple[Model, str]) -> None:
    check_merge(lea, tom)


@pytest.mark.slow
@given(person_history("lea"), person_history("tom"))
@LONG
def test_many_histories_of_two_people_are_merged_as_the_oracle_says(
    lea: tuple[Model, str], tom: tuple[Model, str]
) -> None:
    check_merge(lea, tom)


@pytest.mark.slow
@given(st.permutations(["lea", "tom", "kim"]), st.data())
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
def test_three_people_are_merged_alike_in_any_order(order: list[str], data: st.DataObject) -> None:
    base = render(base_model())
    texts = {name: render(*data.draw(person_history(name))) for name in ("lea", "tom", "kim")}
    results = []
    for first, second, third in (("lea", "tom", "kim"), order):
        pair = merge_texts(Versions(base, texts[first], texts[second]), PATH)
        if pair.conflicts:
            return
        both = merge_texts(Versions(base, pair.text_of("ours"), texts[third]), PATH)
        if both.conflicts:
            return
        results.append(in_order_of_ids(canonical(both.text_of("ours"))))
    assert results[0] == results[1]
