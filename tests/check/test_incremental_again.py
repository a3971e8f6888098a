"""After a change only affected files are checked again, with the result of a full check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrctl.check import rules
from okrctl.check.incremental import plan, workers
from okrctl.check.incremental.scan import IncrementalCheck
from tests.running import run, write

TODAY = "2026-11-22"
TEAMS = ("web", "ops", "tax", "hut", "sea", None)
PERIODS = ("2026-Q3", "2026-Q4", "2026")
IDS = ("grow", "calm", "open")
KPIS = ("visits", "costs", "share", "faults", "noise", "heat")
TITLES = (
    "Riders find every repair shop of the town", "Riders find each repair shop of the town",
    "Shops answer within the hour", "Shops answer all riders within the hour", "Warm hands in Münster", "Dry feet",
    "Bakers know their flour", "Each harbour has light", "Teachers try new books", "Trains leave when they should",
    "Letters find their people", "Swimmers trust the lake", "Roofs hold the snow", "Mills turn with little water",
)  # fmt: skip
PATHS = tuple(f"okrs/{name}.yaml" for name in "abcdefghij") + tuple(f"kpis/{name}.yaml" for name in "abc")

few = st.sampled_from


def lines(**values: object) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in values.items() if value is not None) + "}"


@st.composite
def references(draw: st.DrawFn) -> str:
    if draw(few((True, True, False))):
        return f"company/{draw(few(IDS))}{draw(few(('', '.one')))}"
    team, period = draw(few(TEAMS)), draw(few((None, None, *PERIODS)))
    front = f"{period}/{team or 'company'}/" if period else f"{team}/" if team else ""
    return f"{front}{draw(few((*IDS, *IDS, 'lost')))}{draw(few(('', '.one', '.two')))}"


@st.composite
def key_results(draw: st.DrawFn, name: str) -> str:
    kind = draw(few(("plain", "plain", "plain", "kpi", "rollup", "change", "limit")))
    said: dict[str, object] = {
        "id": name,
        "title": draw(few(TITLES)),
        "unit": draw(few((None, "visits", "'%'", "EUR"))),
    }
    if kind == "rollup":
        said["rollup"] = "{sum: [" + ", ".join(draw(st.lists(references(), min_size=1, max_size=2))) + "]}"
        said["to"] = 9
    elif kind == "change":
        said |= {"from": 3, "change": "+2", "kpi": draw(few((None, *KPIS)))}
    elif kind == "limit":
        said |= {"at_most": 7, "guards": draw(few((None, "all")))}
    else:
        said |= {"from": draw(few((None, 3))), "to": draw(few((2, 9)))}
        said["kpi"] = draw(few(KPIS)) if kind == "kpi" else None
    said["score"] = draw(few((None,) * 30 + (0.4,)))
    said["state"] = draw(few((None, None, None, "draft")))
    if kind in ("plain", "limit"):
        said["readings"] = draw(few((None, "{2026-10-04: 4}", "{2026-07-08: '4 visits'}")))
    return lines(**said)


@st.composite
def okr_files(draw: st.DrawFn) -> str:
    team, found = draw(few(TEAMS)), [f"period: {draw(few(PERIODS))}"]
    found += [f"team: {team}"] if team else []
    found.append("objectives:")
    for name in draw(st.lists(few(IDS), min_size=1, max_size=2)):
        found += [f"  - id: {name}", f"    title: {draw(few(TITLES))}", "    owner: ada"]
        found += draw(few(([], [], ["    weight: 2"], ["    state: draft"], ["    onwer: bo"])))
        found += [f"    parent: {draw(references())}"] if draw(few((True, False, False))) else []
        found += [f"    carried_from: {draw(references())}"] if draw(few((True, False, False))) else []
        found += [f"    kpis: [{draw(few(KPIS))}]"] if draw(few((True, False, False))) else []
        found.append("    key_results:")
        found += [f"      - {draw(key_results(name))}" for name in draw(few((("one",), ("one", "two"))))]
    found += draw(few(([], [], [], [], [], ["# okrctl: ignore[objective-duplicate]"], ["x: ["])))
    return "\n".join(found) + "\n"


@st.composite
def kpi_files(draw: st.DrawFn) -> str:
    found = ["kpis:"]
    for name in draw(st.lists(few(KPIS), min_size=1, max_size=2)):
        said: dict[str, object] = {"id": name, "title": "V", "owner": "ada", "better": draw(few(("higher", "lower")))}
        said |= {"unit": draw(few((None, "visits", "'%'", "EUR"))), "indicator": draw(few((None, "leading")))}
        said["aggregate"] = draw(few((None, None, "sum")))
        if draw(few((True, False, False))):
            said["formula"] = f"{draw(few(KPIS))} {draw(few('+-/'))} {draw(few(KPIS))}"
        else:
            said["readings"] = draw(few((None, "{2026-07: 9, 2026-09: 8}", "{2026-09: -3}", "a.csv")))
        if draw(few((True, False, False))):
            said = {key: value for key, value in said.items() if key != "better"} | {"between": "[1, 9]"}
        found.append(f"  - {lines(**said)}")
    return "\n".join(found) + "\n"


def texts(path: str) -> st.SearchStrategy[str]:
    return kpi_files() if path.startswith("kpis") else okr_files()


ROOTS = {
    "kpis/z.yaml": "kpis:\n"
    + "".join(f"  - {{id: {name}, title: V, owner: ada, better: higher, readings: {{2026-07: 9}}}}\n" for name in KPIS),
    "okrs/z.yaml": "period: 2026\nobjectives:\n"
    + "".join(
        f"  - {{id: {name}, title: Whole {name}, owner: ada, key_results: [{{id: one, title: One {name}, to: 3}}]}}\n"
        for name in IDS
    ),
}


whole = st.fixed_dictionaries({path: texts(path) for path in PATHS[:7] + PATHS[10:12]}).flatmap(
    lambda files: st.fixed_dictionaries({path: st.just(text) for path, text in files.items()})
)
edits = few(PATHS).flatmap(lambda path: st.tuples(st.just(path), st.one_of(texts(path), texts(path), st.none())))
SETTINGS = "limits: {kpis: 2, objectives: 1}\nrules: {monetary-key-result: warning, only-monetary-kpis: warning}\n"
OF_ONE_FILE = [
    rule.name for rule in rules.RULES if rule.check_workspace is None and rule.severity in ("info", "warning")
]
OF_ONE_FILE.remove("unused-ignore")
QUIET = f"rules: {{{', '.join(f'{name}: ignore' for name in OF_ONE_FILE)}, monetary-key-result: warning}}\n"


def alone(self: object, work: Callable[[Any], Any], asked: Sequence[Any], *, parallel: bool) -> Iterable[Any]:
    """Do all work in this process."""
    return map(work, asked)


@contextmanager
def large(answers: list[object]) -> Iterator[None]:
    """Treat every workspace as a large one, and record the results of renewing the last diagnostics."""
    real = plan._recheck_affected

    def noted(sweep: IncrementalCheck) -> object:
        answers.append(real(sweep))
        return answers[-1]

    with (
        patch.multiple(workers, MIN_PARALLEL=1),
        patch.multiple(plan, _recheck_affected=noted, BATCH_COUNT=3),
        patch.object(workers.WorkerPool, "map", alone),
        patch("os.cpu_count", lambda: 2),
    ):
        yield


def findings(root: Path, *words: str) -> str:
    return run("check", "--format", "json", *words, cwd=root, today=TODAY).out


def change(root: Path, path: str, text: str | None) -> None:
    if text is not None:
        write(root, {path: text})
    else:
        (root / path).unlink(missing_ok=True)


@given(whole, st.lists(edits, min_size=1, max_size=4), few((SETTINGS, QUIET, f"{QUIET}elsewhere: [web, ops]\n")))
def test_an_incremental_check_equals_a_full_one(
    files: dict[str, str], changes: list[tuple[str, str | None]], settings: str
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, {"okrctl.yaml": settings, "kpis/a.csv": "date,value\n2026-09-04,3\n", **ROOTS, **files})
        with large([]):
            first = findings(root)
        assert first == findings(root, "--no-cache")
        for path, text in changes:
            change(root, path, text)
            with large([]):
                mended = findings(root)
            assert mended == findings(root, "--no-cache")


def test_what_a_broken_file_hid_is_missed_once_it_is_whole(tmp_path: Path) -> None:
    broken = "period: 2026\nteam: ops\nobjectives: [{id: lost, title: Dry feet\n"
    files = {"okrs/a.yaml": "period: 2026\nobjectives: {id: grow, title: Warm hands, owner: ada, parent: ops/lost}\n"}
    write(tmp_path, {"okrctl.yaml": "", **ROOTS, **files, "okrs/b.yaml": broken})
    with large([]):
        assert "OKR102" not in findings(tmp_path)
        write(tmp_path, {"okrs/b.yaml": broken.replace("lost", "calm") + "}]"})
        mended = findings(tmp_path)
    assert "OKR102" in mended
    assert mended == findings(tmp_path, "--no-cache")


EDITS = {
    "another title": ("okrs/b.yaml", "Dry feet", "Riders find every repair shop of the town"),
    "a reading": ("kpis/z.yaml", "2026-07: 9", "2026-07: -9"),
    "another unit": ("okrs/b.yaml", "unit: visits", "unit: EUR"),
    "a comment": ("okrs/a.yaml", "period", "# A comment\n\nperiod"),
    "another period": ("okrs/b.yaml", "2026-Q4", "2026-Q3"),
    "a file less": ("okrs/a.yaml", None, None),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_change_leads_to_few_files(tmp_path: Path, edit: str) -> None:
    """The others keep their findings, of which there are some in files near by and far away."""
    one = "period: 2026-Q4\nteam: {}\nobjectives:\n  - id: grow\n    title: {}\n    owner: ada\n    key_results:\n"
    one += "      - {{id: one, title: Swimmers trust the lake, to: 9, unit: visits, kpi: {}}}\n"
    titles = ("Riders find every repair shop of the town", "Dry feet", *TITLES[6:], "Dry feet")
    kpis = ("visits", "visits", *["costs"] * len(TITLES))
    told = zip("abcdefghijkl", TEAMS[:5] * 3, titles, kpis, strict=False)
    write(tmp_path, {f"okrs/{name}.yaml": one.format(team + name, title, kpi) for name, team, title, kpi in told})
    write(tmp_path, {"okrctl.yaml": SETTINGS, **ROOTS})
    answers: list[object] = []
    with large(answers):
        findings(tmp_path)
        path, old, new = EDITS[edit]
        text = (tmp_path / path).read_text("utf-8")
        assert old is None or old in text
        change(tmp_path, path, text.replace(old, new or "") if old else None)
        mended = findings(tmp_path)
    assert mended == findings(tmp_path, "--no-cache")
    assert [type(answer) for answer in answers] == [type(None), list]
