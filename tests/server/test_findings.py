"""The page of what the linter finds: the lines, the rules, and fixes that are shown before they are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from okrctl.server.visit import Options
from tests.repositories import Repo
from tests.server.client import Client, forms, start
from tests.server.quarters import words
from tests.server.worlds import GOALS, KPIS, small_company

PATH = "okrs/2026-Q2/shop.yaml"
TYPOS = GOALS.replace("owner: tom", "ownr: tom", 1).replace("unit: customers", "unti: customers")


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = small_company(tmp_path / "acme", monkeypatch)
    repo.commit("Slip", "2026-05-18", files={PATH: TYPOS})
    return repo


@pytest.fixture
def client(repo: Repo) -> Client:
    return start(repo.path)


def test_findings_show_their_line_and_their_rule(client: Client) -> None:
    text = client.get("/findings").text
    assert "Unknown key &#39;ownr&#39;" in text
    assert "<mark>ownr</mark>" in text
    assert "What unknown-key means" in text
    assert "Bad example" in text or "Bad" in text


def test_other_pages_lead_to_the_findings_of_broken_files_and_this_one_does_not(client: Client) -> None:
    assert "Show the findings" in client.get("/kpis").text
    assert "Show the findings" not in client.get("/findings").text


def test_findings_are_filtered_by_the_address(client: Client) -> None:
    assert "<mark>ownr</mark>" in client.get("/findings?rule=unknown-key").text
    assert "No finding fits" in client.get("/findings?rule=OKR001").text
    assert "<mark>ownr</mark>" not in client.get("/findings?severity=warning").text
    assert "<mark>ownr</mark>" in client.get("/findings?severity=nonsense").text


def test_one_finding_is_fixed_after_its_diff_was_shown(client: Client, repo: Repo) -> None:
    form = next(
        form for form in forms(client.get("/findings").text) if dict(form.fields).get("message", "").count("ownr")
    )
    before = repo.git("rev-parse", "HEAD")
    preview = client.submit(form, form.fields, "preview")
    assert preview.status == 200
    assert "-    ownr: tom" in preview.text
    assert "+    owner: tom" in preview.text
    assert "+        unit: customers" not in preview.text
    assert (repo.path / PATH).read_text() == TYPOS
    assert repo.git("rev-parse", "HEAD") == before
    [save] = forms(preview.text)
    saved = client.submit(save, save.fields, "save")
    assert saved.status == 303, saved.text[:2000]
    assert saved.header("location").startswith("/findings?saved=")
    assert (repo.path / PATH).read_text() == TYPOS.replace("ownr:", "owner:")
    assert "Fix OKR002 unknown-key in okrs/2026-Q2/shop.yaml" in repo.git("log", "-1", "--format=%s")
    assert repo.git("status", "--porcelain") == ""
    assert "Saved 1 fix in" in client.get(saved.header("location")).text


def test_all_findings_of_a_file_are_fixed_by_one_commit(client: Client, repo: Repo) -> None:
    form = next(form for form in forms(client.get("/findings").text) if "code" not in dict(form.fields))
    [save] = forms(client.submit(form, form.fields, "preview").text)
    assert client.submit(save, save.fields, "save").status == 303
    assert (repo.path / PATH).read_text() == GOALS
    assert repo.git("rev-list", "--count", "HEAD").strip() == "3"


def test_a_finding_that_is_gone_is_a_conflict(client: Client, repo: Repo) -> None:
    form = next(form for form in forms(client.get("/findings").text) if "code" in dict(form.fields))
    (repo.path / PATH).write_text(GOALS)
    answer = client.submit(form, form.fields, "save")
    assert answer.status == 409
    assert "no longer exists" in answer.text
    assert repo.git("rev-list", "--count", "HEAD").strip() == "2"


def test_nothing_is_fixed_where_the_server_does_not_offer_it(client: Client, repo: Repo) -> None:
    form = forms(client.get("/findings").text)[0]
    closed = start(repo.path, options=Options(frozenset({"checkin"}), None, commits=True))
    assert forms(closed.get("/findings").text) == []
    fields = [(name, value) for name, value in form.fields if name != "token"]
    fields.append(("token", _token(closed)))
    answer = closed.post("/findings", [*fields, ("action", "save")])
    assert answer.status == 403
    assert (repo.path / PATH).read_text() == TYPOS


def _token(client: Client) -> str:
    text = client.get("/findings").text
    return text.partition('name="okrctl-token" content="')[2].partition('"')[0]


def test_broken_files_and_settings_have_their_findings_too(client: Client, repo: Repo) -> None:
    (repo.path / PATH).write_text("period: 2026-Q2\nobjectives:\n  - id: a: b\n")
    assert "yaml-syntax" in client.get("/findings").text
    (repo.path / "okrctl.yaml").write_text("teams: [\n")
    answer = client.get("/findings")
    assert answer.status == 200
    assert "okrctl.yaml" in answer.text


def test_text_of_files_is_text(client: Client, repo: Repo) -> None:
    (repo.path / PATH).write_text(GOALS.replace("owner: tom", "<script>alert(1)</script>: tom"))
    text = client.get("/findings").text
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_clean_workspace_has_no_findings(client: Client, repo: Repo) -> None:
    (repo.path / PATH).write_text(GOALS)
    text = client.get("/findings?severity=error").text
    assert "OKR002" not in text


def test_a_lower_target_is_told_in_words_and_leads_to_the_form_for_its_reason(client: Client, repo: Repo) -> None:
    repo.commit("Lower a target", "2026-05-19", files={PATH: GOALS.replace("to: 200", "to: 150")})
    text = client.get("/findings").text
    shown = words(text)
    assert "Customers with a second order Record the reason" in shown
    assert "The target was 200 customers and is now 150 customers, which is easier than agreed" in shown
    assert 'href="/amend/2026-Q2/shop/retention.orders"' in text
    assert 'href="/key-results/2026-Q2/shop/retention.orders"' in text
    assert shown.index("without a recorded reason") < shown.index("In the files") < shown.index("okrctl amend")
    closed = start(repo.path, options=Options(frozenset({"checkin"}), None, commits=True))
    assert "Record the reason" not in closed.get("/findings").text


@pytest.mark.parametrize(("written", "suggested"), [("tm", "tom"), ("somebody", "")])
def test_an_unknown_owner_is_replaced_by_one_of_a_list(
    client: Client, repo: Repo, written: str, suggested: str
) -> None:
    repo.write(PATH, GOALS.replace("owner: tom", f"owner: {written}"))
    text = client.get("/findings").text
    assert f"The owner “{written}” is not known" in text
    assert ("did you mean Tom?" in text) == bool(suggested)
    form = next(form for form in forms(text) if dict(form.fields).get("ref"))
    assert dict(form.fields)["owner"] == suggested and "kim" not in text.partition('<select id="owner-1"')[2]
    if not suggested:
        assert "No owner is chosen." in client.submit(form, form.fields, "preview").text
    preview = client.submit(form, form.filled(owner="tom"), "preview")
    assert f"-    owner: {written}" in preview.text and "+    owner: tom" in preview.text
    [save] = forms(preview.text)
    saved = client.submit(save, save.fields, "save")
    assert saved.status == 303 and "Tom+as+the+owner" in saved.header("location")
    assert (repo.path / PATH).read_text() == GOALS
    assert repo.git("log", "-1", "--format=%s") == "assign 2026-Q2/shop/retention to tom"


def test_the_owner_of_a_kpi_is_chosen_too(client: Client, repo: Repo) -> None:
    repo.commit("x", files={PATH: GOALS, "kpis/money.yaml": KPIS.replace("owner: lea", "owner: le")})
    form = next(form for form in forms(client.get("/findings").text) if dict(form.fields).get("ref") == "revenue")
    assert client.submit(form, form.fields, "save").status == 303
    assert (repo.path / "kpis/money.yaml").read_text() == KPIS
    assert "No such person or team" in client.submit(form, form.filled(owner="nobody"), "save").text


def test_somebody_is_chosen_for_what_nobody_owns(client: Client, repo: Repo) -> None:
    repo.commit("x", files={PATH: GOALS.replace("    owner: tom\n", "")})
    text = client.get("/findings").text
    assert words(text).count("has no owner") == 1
    form = next(form for form in forms(text) if dict(form.fields).get("ref") == "2026-Q2/shop/retention")
    assert dict(form.fields)["owner"] == ""
    assert client.submit(form, form.filled(owner="tom"), "save").status == 303
    assert "    title: Customers come back\n    owner: tom\n" in (repo.path / PATH).read_text()
