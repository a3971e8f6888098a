"""Whatever the files hold, mending makes them no worse and suppressing leaves their data as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrctl.check import fixes, runner, suppressions
from okrctl.check.finding import Context
from okrctl.check.report import CheckReport
from okrctl.outputs.ci import FORMATS, CheckFormat, render
from okrctl.outputs.terminal import TerminalStyle
from okrctl.values.diagnostic import START, Diagnostic, FileProblem
from okrctl.workspace import build_workspace, read_settings
from okrctl.yaml import Source, parse
from tests.fuzz.strategies import mutated, schema_shaped
from tests.fuzz.valid import WORKSPACE

EXAMPLES = 1500 if settings.get_current_profile_name() == "deep" else 40
fuzzing = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
PLACES = st.sampled_from(sorted(WORKSPACE))


def checker(files: Mapping[str, str]) -> fixes.CheckTexts:
    def check(texts: Mapping[str, str]) -> CheckReport:
        now = {**files, **texts}
        config, settled = read_settings(Source("okrctl.yaml", now["okrctl.yaml"]) if "okrctl.yaml" in now else None)
        sources = [Source(path, text) for path, text in now.items() if path != "okrctl.yaml"]
        workspace = build_workspace(
            sources, config, lambda path: FileProblem("OKR009", "there is no such file", START), settled
        )
        return runner.build_report(workspace, Context(config, date(2025, 6, 30)))

    return check


def everything(one: Diagnostic) -> bool:
    return True


def shaped(report: CheckReport) -> Counter[tuple[str, str]]:
    errors = [one for one in report.diagnostics if one.severity == "error" and one.code.startswith(("OKR0", "OKR1"))]
    return Counter((one.path, one.code) for one in errors)


@st.composite
def workspaces(draw: st.DrawFn) -> dict[str, str]:
    place = draw(PLACES)
    text = draw(
        st.one_of(mutated(WORKSPACE[place]).map(lambda found: found.decode("utf-8", "replace")), schema_shaped())
    )
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    return {**WORKSPACE, place: draw(st.sampled_from(["", "", "\ufeff"])) + text.replace("\n", newline)}


@fuzzing
@given(workspaces())
def test_mending_makes_nothing_worse_and_ends(files: dict[str, str]) -> None:
    check = checker(files)
    done = fixes.apply_fixes(check, everything)
    assert not shaped(done.after) - shaped(done.before)
    assert len(done.fixed) == 0 or done.texts
    again = fixes.apply_fixes(checker({**files, **{path: new for path, (_, new) in done.texts.items()}}), everything)
    assert not again.texts
    for old, new in done.texts.values():
        assert new.startswith("\ufeff") == old.startswith("\ufeff")
        assert new.count("\n") - new.count("\r\n") <= old.count("\n") - old.count("\r\n") or "\r\n" not in old


@fuzzing
@given(workspaces())
def test_suppressing_silences_all_that_can_be_and_touches_no_data(files: dict[str, str]) -> None:
    check = checker(files)
    done = suppressions.suppress_findings(check, everything)
    for path, (old, new) in done.texts.items():
        assert parse(Source(path, old)).data == parse(Source(path, new)).data
    loud = [
        one
        for one in done.after.diagnostics
        if one.suppression_location and one.code not in suppressions.NEVER_SUPPRESSED
    ]
    assert loud == []
    again = suppressions.suppress_findings(
        checker({**files, **{path: new for path, (_, new) in done.texts.items()}}), everything
    )
    assert not again.texts


@pytest.mark.parametrize("format", FORMATS)
@settings(fuzzing, max_examples=EXAMPLES // 2)
@given(workspaces(), st.sampled_from([TerminalStyle(), TerminalStyle(True, 40, False), TerminalStyle(True, 100, True)]))
def test_every_format_takes_every_report(format: CheckFormat, files: dict[str, str], style: TerminalStyle) -> None:
    render(checker(files)({}), format, style).encode("utf-8", "strict")
