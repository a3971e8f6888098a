"""Files in the shapes that goals come in: every fact comes through, and a second time changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.importers.facts import SHAPES, SHARED, TODAY, facts_of, imported, missing, missing_goals
from tests.running import run, write

OWN, BLIND, SHARED_SHAPES = facts_of(SHAPES), facts_of(SHAPES / "blind"), facts_of(SHARED / "import")

MIXED, ASIDE = facts_of(SHAPES / "mixed"), facts_of(SHAPES / "aside")
USUAL = facts_of(SHAPES / "usual")

# How many objectives and key results a person counts in the public files, with the period they are imported for.
# Numbered headings are objectives; of nested lists the first level below an objective is its key results.
COUNTS: dict[str, tuple[str, int, int]] = {
    "chihacknight/2023-07-01-2023-retreat-okrs.md": ("2023", 3, 9),
    "chihacknight/2024-07-01-2024-okrs.md": ("2024", 6, 18),
    "gitlab-okrs/fy20-q3.md": ("FY20-Q3", 3, 24),
    "gitlab-okrs/fy21-q3.md": ("FY21-Q3", 3, 19),
    "ipfs-community/2019-q1.md": ("2019-Q1", 5, 12),
    "ipfs-team-mgmt/BIFROST.md": ("2019-Q4", 5, 18),
    "ipfs-team-mgmt/PACKAGE-MANAGERS.md": ("2019-Q4", 3, 7),
    "ipld-roadmap/2019-q1.md": ("2019-Q1", 4, 11),
    "ipld-roadmap/2019-q2.md": ("2019-Q2", 2, 12),
    "protoschool-roadmap/2019-q2.md": ("2019-Q2", 4, 13),
    "protoschool-roadmap/2019-q3.md": ("2019-Q3", 4, 16),
    "sourcegraph-handbook/2019_q4.0f9f84a90.md": ("FY20-Q3", 24, 42),
    "sourcegraph-handbook/2021_q1.325b7edea.md": ("FY21-Q1", 29, 73),
    "sourcegraph-handbook/2021_q2.62c365dbe.md": ("FY21-Q2", 29, 73),
    "sourcegraph-handbook/2022_q1.62c365dbe.md": ("FY22-Q1", 25, 64),
    "sourcegraph-handbook/2022_q2.62c365dbe.md": ("FY22-Q2", 24, 77),
    "sourcegraph-handbook/2022_q3.55a3b6279.md": ("FY22-Q3", 22, 61),
    "sourcegraph-handbook/2023_Q1.c75def811.md": ("FY23-Q1", 17, 60),
    "src-d-okrs/2018-Q1.md": ("2018-Q1", 30, 47),
    "src-d-okrs/2018-Q3.md": ("2018-Q3", 50, 139),
    "src-d-okrs/2018-Q4.md": ("2018-Q4", 48, 141),
    "src-d-okrs/2019-Q1.md": ("2019-Q1", 27, 59),
    "src-d-okrs/2019-Q1-reviewed.15bcce1.md": ("2019-Q1", 27, 59),
}
FISCAL = ("gitlab-okrs", "sourcegraph-handbook")
NO_GOALS = (
    "leeds-2023/kpi-tracker.md",
    "leeds-2023/lcc_21_22.csv",
    "leeds-2023/lcc_22_24.csv",
    "leeds-2023/monthly_count.csv",
)


@pytest.mark.parametrize("name", OWN)
def test_every_fact_of_our_own_shapes(tmp_path: Path, name: str) -> None:
    imported(tmp_path, SHAPES / name, OWN[name]["args"])
    assert missing(tmp_path, OWN[name]) == []


@pytest.mark.parametrize("name", BLIND)
def test_every_fact_of_the_blind_shapes(tmp_path: Path, name: str) -> None:
    imported(tmp_path, SHAPES / "blind" / name, BLIND[name]["args"])
    assert missing(tmp_path, BLIND[name]) == []


@pytest.mark.parametrize("name", MIXED)
def test_every_fact_of_the_mixed_shapes(tmp_path: Path, name: str) -> None:
    imported(tmp_path, SHAPES / "mixed" / name, MIXED[name]["args"])
    assert missing_goals(tmp_path, MIXED[name]) == []


@pytest.mark.parametrize("name", USUAL)
def test_every_fact_of_the_usual_shapes(tmp_path: Path, name: str) -> None:
    imported(tmp_path, SHAPES / "usual" / name, USUAL[name]["args"])
    assert missing_goals(tmp_path, USUAL[name]) == []


@pytest.mark.parametrize("name", ASIDE)
def test_every_fact_of_the_shapes_that_were_kept_aside(tmp_path: Path, name: str) -> None:
    imported(tmp_path, SHAPES / "aside" / name, ASIDE[name]["args"])
    assert missing_goals(tmp_path, ASIDE[name]) == []


@pytest.mark.parametrize("name", SHARED_SHAPES)
def test_every_fact_of_the_shared_shapes(tmp_path: Path, name: str) -> None:
    imported(tmp_path, SHARED / "import" / name, SHARED_SHAPES[name]["args"])
    assert missing(tmp_path, SHARED_SHAPES[name]) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public files are not here")
@pytest.mark.parametrize("name", COUNTS)
def test_public_files_against_what_a_person_counts(tmp_path: Path, name: str) -> None:
    period, objectives, key_results = COUNTS[name]
    if name.startswith(FISCAL):
        write(tmp_path, {"okrctl.yaml": "fiscal_year: {starts: february, named_by: end}\n"})
    imported(tmp_path, SHARED / name, ["--period", period])
    card: Any = run("score", period, "--format", "json", cwd=tmp_path, today=TODAY).json
    found = [objective for team in card["teams"] for objective in team["objectives"]]
    count = sum(len(objective["key_results"]) for objective in found)
    assert 0.95 * objectives <= len(found) <= 1.05 * objectives
    assert 0.95 * key_results <= count <= 1.05 * key_results


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public files are not here")
@pytest.mark.parametrize("name", NO_GOALS)
def test_public_files_without_goals_are_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"file" + name[-4:].replace("r.md", ".md"): (SHARED / name).read_bytes()})
    file = next(path.name for path in tmp_path.iterdir())
    result = run("import", file, "--period", "2022", cwd=tmp_path, today=TODAY)
    assert result.status == 2 and "error: " in result.err and result.err.count("\n") == 2
