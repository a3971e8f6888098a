"""Settings that extend those of another file: what is taken over, and what is said where that fails."""

from __future__ import annotations

from fractions import Fraction

import pytest

from okrctl.schema.settings import Config
from okrctl.workspace import read_settings
from okrctl.workspace.inheritance import MAX_CHAIN, extend_settings
from okrctl.yaml import Source


def inherit(own: str, **shared: str) -> tuple[Config, list[str]]:
    """The settings of a text that extends `NAME.yaml`, and what is wrong."""
    texts = {f"{name}.yaml": Source(f"{name}.yaml", text) for name, text in shared.items()}
    config, file = read_settings(Source("okrctl.yaml", own))
    assert file is not None
    config, file = extend_settings(config, file, texts.get, read_settings)
    return config, [problem.message for problem in file.schema_problems]


def test_own_keys_win_and_the_others_are_taken_over() -> None:
    config, problems = inherit(
        "extends: a.yaml\nprofile: google\n", a="organisation: Acme\nprofile: academy\nfail_on: warning\n"
    )
    assert (config.organisation, config.profile, config.fail_on, problems) == ("Acme", "google", "warning", [])


def test_tables_are_joined_key_by_key() -> None:
    config, _ = inherit(
        "extends: a.yaml\nteams: {web: {name: Web}, ops: {lead: lea}}\npeople: [kim]\nscoring: {cap: none}\n"
        "rules: {objective-has-number: error}\n",
        a="teams: {ops: {name: Operations, lead: tom}, tax: {}}\npeople: {lea: {name: Lea}}\n"
        "scoring: {cap: 2, success: 0.8}\nrules: {objective-has-number: ignore, kpi-has-target: ignore}\n",
    )
    assert config.teams is not None and config.people is not None
    assert {*config.teams} == {"web", "ops", "tax"}
    assert (config.teams["ops"].name, config.teams["ops"].lead) == ("Operations", "lea")
    assert {*config.people} == {"kim", "lea"}
    assert (config.scoring.cap, config.scoring.success) == (None, Fraction(4, 5))
    assert config.rules == {"objective-has-number": "error", "kpi-has-target": "ignore"}


def test_lists_are_replaced() -> None:
    config, _ = inherit(
        "extends: a.yaml\nscoring: {bands: [0.5, 0.6]}\n",
        a="scoring: {bands: [0.1, 0.2]}\nsources: {hosts: [a.example]}\n",
    )
    assert config.bands == (Fraction(1, 2), Fraction(3, 5))
    assert config.sources.hosts == ["a.example"]


def test_what_is_about_the_files_of_a_workspace_stays_its_own() -> None:
    config, _ = inherit("extends: a.yaml\n", a="include: [x.yaml]\nexclude: [y.yaml]\nelsewhere: [company]\n")
    plain = Config()
    assert (config.include, config.exclude, config.elsewhere) == (plain.include, plain.exclude, [])


def test_a_chain_is_followed_from_the_folder_of_each_file() -> None:
    texts = {
        "a/b.yaml": Source("a/b.yaml", "extends: ../c/d.yaml\nprofile: google\n"),
        "c/d.yaml": Source("c/d.yaml", "profile: academy\norganisation: Acme\n"),
    }
    config, file = read_settings(Source("okrctl.yaml", "extends: a\\b.yaml\n"))
    assert file is not None
    config, file = extend_settings(config, file, texts.get, read_settings)
    assert (config.profile, config.organisation) == ("google", "Acme")
    assert [path for path, _ in file.extended] == ["a/b.yaml", "c/d.yaml"]


@pytest.mark.parametrize(
    ("own", "shared", "message"),
    [
        ("extends: gone.yaml", {}, "okrctl.yaml extends 'gone.yaml', which does not exist; its settings are left out"),
        ("extends: /etc/okrctl.yaml", {}, "okrctl.yaml extends '/etc/okrctl.yaml', which is not a path from that file"),
        ("extends: C:\\okrctl.yaml", {}, "okrctl.yaml extends 'C:\\okrctl.yaml', which is not a path from that file"),
        ("extends: okrctl.yaml", {}, "settings extend each other: okrctl.yaml extends okrctl.yaml"),
        (
            "extends: a.yaml",
            {"a": "extends: b.yaml\n", "b": "extends: a.yaml\n"},
            "settings extend each other: okrctl.yaml extends 'a.yaml', which extends 'b.yaml', which extends 'a.yaml'",
        ),
        (
            "extends: a.yaml",
            {"a": "organisation: Acme\nprofil: google\nfail_on: never\n"},
            "okrctl.yaml extends 'a.yaml', which has errors: line 2: unknown key 'profil', did you mean 'profile'?, "
            "and 1 more",
        ),
        ("extends: a.yaml", {"a": "x: [\n"}, "okrctl.yaml extends 'a.yaml', which has errors: line 1: the bracket"),
    ],
)
def test_what_cannot_be_followed_is_said_once(own: str, shared: dict[str, str], message: str) -> None:
    _, problems = inherit(f"{own}\n", **shared)
    assert len(problems) == 1 and problems[0].startswith(message)


def test_the_valid_settings_of_a_file_with_errors_count() -> None:
    config, problems = inherit(
        "extends: a.yaml\n", a="organisation: Acme\nprofil: x\nextends: b.yaml\n", b="fail_on: info\n"
    )
    assert (config.organisation, config.fail_on, len(problems)) == ("Acme", "info", 1)


def test_a_long_chain_ends() -> None:
    shared = {f"a{number}": f"extends: a{number + 1}.yaml\n" for number in range(MAX_CHAIN)}
    assert inherit("extends: a1.yaml\n", **shared)[1][0].startswith("okrctl.yaml extends 'a1.yaml', which extends")
    shared[f"a{MAX_CHAIN}"] = shared[f"a{MAX_CHAIN + 1}"] = f"extends: a{MAX_CHAIN + 1}.yaml\n"
    [problem] = inherit("extends: a0.yaml\n", **shared)[1]
    assert problem.startswith(f"more than {MAX_CHAIN} files extend one another, from okrctl.yaml to a{MAX_CHAIN}.yaml")
