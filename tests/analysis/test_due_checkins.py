"""What is due for a check-in, and whose it is."""

from __future__ import annotations

from datetime import date, timedelta

from okrctl import workspace
from okrctl.analysis.due_checkins import due_checkins, owner_names, signature
from okrctl.workspace import Workspace
from okrctl.yaml import Source
from tests.cli.commands.trust import KPIS, ORDERS, SETTINGS, TRUST

TODAY = date(2026, 5, 4)


def opened(trust: str = TRUST, settings: str = SETTINGS) -> Workspace:
    config, file = workspace.read_settings(Source("okrctl.yaml", settings))
    sources = [Source("okrs/trust.yaml", trust), Source("kpis/company.yaml", KPIS)]
    return workspace.build_workspace(sources, config, lambda _: ORDERS, file)


def ids(found: Workspace, today: date = TODAY, owners: set[str] | None = None) -> list[str]:
    return [one.id for one in due_checkins(found, today, owners)]


def test_what_has_no_reading_or_an_old_one_is_due() -> None:
    assert ids(opened()) == ["tracking-codes", "profiles", "docs", "steps", "trust-grade", "complaints", "signups"]


def test_the_cadence_decides_to_the_day() -> None:
    """Fortnightly by default: the reading of 20 April is due again on 4 May."""
    assert "tracking-codes" in ids(opened(), TODAY)
    assert "tracking-codes" not in ids(opened(), TODAY - timedelta(days=1))
    daily = TRUST.replace("unit: users", "unit: users\n        cadence: daily")
    assert "tracking-codes" in ids(opened(daily), date(2026, 4, 21))


def test_words_count_as_a_check_in() -> None:
    spoken = TRUST.replace(
        "done: false\n      - id: steps", "done: false\n        readings: {2026-05-01: {note: x}}\n      - id: steps"
    )
    assert "docs" not in ids(opened(spoken))


def test_what_is_done_put_off_or_over_is_not_due() -> None:
    assert "docs" not in ids(opened(TRUST.replace("owner: tom\n        done: false", "done: 2026-04-15")))
    put_off = TRUST.replace("owner: lea\n", "owner: lea\n    state: postponed\n    reason: x\n    since: 2026-04-02\n")
    assert ids(opened(put_off)) == ["signups"]
    assert ids(opened(), date(2026, 7, 1)) == ["signups"]


def test_owners_are_people_or_the_leads_of_teams() -> None:
    assert ids(opened(), owners={"tom"}) == ["docs", "signups"]
    nobodys = opened(TRUST.replace("    owner: lea\n", ""))
    config = nobodys.config
    assert owner_names(config, "LEA@acme.example", "Lea L.") == {"lea", "trust"}
    assert "profiles" in ids(nobodys, owners={"lea", "trust"}) and "profiles" not in ids(nobodys, owners={"lea"})


def test_without_people_the_name_in_git_will_do() -> None:
    config = opened(settings="organisation: Acme\n").config
    assert owner_names(config, "lea@acme.example", "Lea") == {"lea", "Lea"}
    assert signature(config, "lea@acme.example", "Lea") == "Lea"
    assert owner_names(opened().config, "who@acme.example", "Lea") == set()
    assert signature(opened().config, "tom@acme.example", "T.") == "tom"
