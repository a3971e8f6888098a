"""Completes periods, teams, references, KPIs, revisions and rules for the shell, from the files without checking them.

The shell runs this on every Tab, in any folder, on files that may be broken or somebody else's. So it reads a limited
amount, runs nothing but git, which reads the names of branches and tags, and prints nothing but words that no shell
takes for anything else: the zsh of Typer evaluates what it is given.
"""

from __future__ import annotations

import os
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import typer

MAX_SUGGESTIONS = 400
MAX_BYTES = 2_000_000  # of all files together; parsing more takes longer than a person waits for Tab
_SAFE = re.compile(r"\w[\w./=@%+,-]*(?: [\w./=@%+,-]+)*")
_PLAIN_VALUE = re.compile(r"[\w.%+-]+")
_LINE = "COMP_WORDS"  # the variables in which Typer's function for bash hands over the line
_PLACE = "COMP_CWORD"

Goal = dict[str, Any]


class _Node(NamedTuple):
    """An objective or key result as its file has it."""

    reference: str
    period: str
    data: Goal
    is_objective: bool


def complete_periods(incomplete: str) -> list[str]:
    """Return the periods that have files, the newest first."""
    return _match(incomplete, _periods(_read_data()))


def complete_sealed_periods(incomplete: str) -> list[str]:
    """Return the periods that have a seal, the newest first."""
    return _match(incomplete, sorted(_sealed_periods(), reverse=True))


def complete_teams(incomplete: str) -> list[str]:
    """Return the teams of the settings and of the files."""
    teams = {str(data["team"]) for data in _read_data() if isinstance(data.get("team"), str)}
    return _match(incomplete, sorted({*teams, *_settings_keys("teams"), "company"}))


def complete_owners(incomplete: str) -> list[str]:
    """Return the people of the settings and the owners of objectives and key results."""
    owners = {str(goal["owner"]) for data in _read_data() for goal in _goals(data) if "owner" in goal}
    return _match(incomplete, sorted({*_settings_keys("people"), *owners}))


def complete_open_references(incomplete: str) -> list[str]:
    """Return the references of periods that are not closed, whose goals can be changed."""
    return _references(incomplete, _nodes(_read_data()), _in_open_period())


def complete_objectives(incomplete: str) -> list[str]:
    """Return the references of objectives."""
    return _references(incomplete, _nodes(_read_data()), lambda node: node.is_objective)


def complete_references_and_kpis(incomplete: str) -> list[str]:
    """Return the shortest unique ending of each reference, longer ones once a slash is typed, and the ids of KPIs."""
    data = list(_read_data())
    return [*_references(incomplete, _nodes(data)), *_kpis(incomplete, data)]


def complete_kpis(incomplete: str) -> list[str]:
    """Return the ids of KPIs."""
    return _kpis(incomplete, _read_data())


def complete_periods_and_kpis(incomplete: str) -> list[str]:
    """Return periods, and the ids of KPIs with a formula, whose tree can be shown."""
    data = list(_read_data())
    return [*_match(incomplete, _periods(data)), *_kpis(incomplete, data, lambda kpi: "formula" in kpi)]


def complete_sources(incomplete: str) -> list[str]:
    """Return the key results and KPIs that have a source."""
    data = list(_read_data())
    found = _references(incomplete, _nodes(data), lambda node: "source" in node.data)
    return [*found, *_kpis(incomplete, data, lambda kpi: "source" in kpi)]


def complete_checkin(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return what takes readings; behind a reference without a value, the words that it takes as its value."""
    given = [str(word) for word in ctx.params.get("words") or ()]
    data = list(_read_data())
    nodes = _nodes(data)
    if given and "=" not in given[0]:
        return _match(incomplete, _values(given[0], nodes)) if len(given) == 1 else []
    reference, sign, _ = incomplete.partition("=")
    if sign:
        return _match(incomplete, [f"{reference}={value}" for value in _values(reference, nodes)])
    is_open = _in_open_period()
    kpis = _kpis(incomplete, data, lambda kpi: "formula" not in kpi)
    return [*_references(incomplete, nodes, lambda node: _takes_readings(node) and is_open(node)), *kpis]


def complete_what_if(incomplete: str) -> list[str]:
    """Return each key result with a value to begin with: its target, or done."""
    nodes = _nodes(_read_data())
    return _complete_assignment(incomplete, nodes, lambda node: [_target(node.data)] if _takes_readings(node) else [])


def complete_outcomes(incomplete: str) -> list[str]:
    """Return each objective with each outcome."""
    from okrctl.history.seals.seal import OUTCOMES

    is_open = _in_open_period()
    nodes = [node for node in _nodes(_read_data()) if node.is_objective and is_open(node)]
    return _complete_assignment(incomplete, nodes, lambda node: list(OUTCOMES))


def complete_revisions(incomplete: str) -> list[str]:
    """Return branches, tags and HEAD."""
    return _match(incomplete, _revisions())


def complete_revision_ranges(incomplete: str) -> list[str]:
    """Return branches, tags and HEAD, also behind the dots of a range."""
    old, dots, _ = incomplete.rpartition("..")
    return _match(incomplete, [f"{old}{dots}{name}" for name in _revisions()])


def complete_statuses(incomplete: str) -> list[str]:
    """Return the statuses of goals, also behind a comma."""
    from okrctl.analysis.thresholds import FAIL_IF_STATUSES

    return _match(incomplete, _behind_commas(incomplete, FAIL_IF_STATUSES))


def complete_kpi_statuses(incomplete: str) -> list[str]:
    """Return the statuses of KPIs, also behind a comma."""
    from okrctl.kpis.overview import FAIL_IF_WORDS

    return _match(incomplete, _behind_commas(incomplete, FAIL_IF_WORDS))


def complete_rules(incomplete: str) -> list[str]:
    """Return the codes and names of rules."""
    from okrctl.check.rules import BY_NAME

    return _match(incomplete, [*sorted(BY_NAME), "rules"])


def complete_rule_selection(incomplete: str) -> list[str]:
    """Return the names of rules, then their families and codes, also behind a comma."""
    from okrctl.check.rules import RULES

    families = sorted({rule.code[:4] for rule in RULES})
    words = [*(rule.name for rule in RULES), *families, *(rule.code for rule in RULES)]
    return _match(incomplete, _behind_commas(incomplete, words))


def complete_explainable(incomplete: str) -> list[str]:
    """Return what `explain` explains: references, KPIs, rules, topics of the manual."""
    from okrctl import docs

    topics = _match(incomplete, ["topics", *docs.topic_names()])
    return [*complete_references_and_kpis(incomplete), *complete_rules(incomplete), *topics]


def join_words(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of bash with `REF=VALUE` as one word again, which bash breaks at `=` into three."""
    words, place = environment[_LINE].split("\n"), environment[_PLACE]
    if len(words) == 1 or not place.isdecimal():
        return {}
    joined: list[str] = []
    current = int(place)
    for number, word in enumerate(words):
        is_part = number > 1 and (word == "=" or words[number - 1] == "=")
        if is_part and joined:
            joined[-1] += word
            current -= number <= int(place)
        else:
            joined.append(word)
    return {_LINE: "\n".join(joined), _PLACE: str(current)}


def adapt_to_bash(lines: Iterable[str], word: str) -> Iterator[str]:
    """Yield candidates as bash inserts them: behind the `=` of the word, at which bash has broken it, and quoted."""
    before, sign, _ = word.rpartition("=")
    for line in lines:
        yield line.removeprefix(before + sign).replace(" ", "\\ ")


def current_word(environment: Mapping[str, str]) -> str:
    """Return the word that bash completes."""
    words = environment.get(_LINE, "").split("\n")
    place = environment.get(_PLACE, "")
    return words[int(place)] if place.isdecimal() and int(place) < len(words) else ""


def _match(incomplete: str, words: Iterable[str]) -> list[str]:
    safe = (word for word in dict.fromkeys(words) if word.startswith(incomplete) and _SAFE.fullmatch(word))
    return [word for word, _ in zip(safe, range(MAX_SUGGESTIONS), strict=False)]


def _behind_commas(incomplete: str, words: Iterable[str]) -> list[str]:
    before, comma, _ = incomplete.rpartition(",")
    return [f"{before}{comma}{word}" for word in words]


def _periods(files: Iterable[dict[str, Any]]) -> list[str]:
    periods = {str(_period_id(data)) for data in files if _period_id(data)}
    return [*sorted(periods, reverse=True), "this", "last", "next"]


def _kpis(
    incomplete: str, files: Iterable[dict[str, Any]], is_wanted: Callable[[Goal], bool] = lambda kpi: True
) -> list[str]:
    kpis = (kpi for data in files for kpi in _mappings(data.get("kpis")))
    return _match(incomplete, sorted(str(kpi.get("id")) for kpi in kpis if is_wanted(kpi)))


def _references(
    incomplete: str, nodes: list[_Node], is_wanted: Callable[[_Node], bool] = lambda node: True
) -> list[str]:
    shown = _shortest_endings(nodes, "/" in incomplete)
    return _match(incomplete, sorted(ending for node in filter(is_wanted, nodes) for ending in shown[node.reference]))


def _complete_assignment(incomplete: str, nodes: list[_Node], values_of: Callable[[_Node], list[str]]) -> list[str]:
    """Return words such as REF=VALUE, with the reference as it is typed already, else in its shortest form."""
    typed, sign, _ = incomplete.partition("=")
    shown = _shortest_endings(nodes, "/" in typed)
    words = []
    for node in nodes:
        references = [typed] if sign and _is_ending(typed, node.reference) else [] if sign else shown[node.reference]
        words += [f"{reference}={value}" for reference in references for value in values_of(node)]
    return _match(incomplete, sorted(words))


def _sealed_periods() -> set[str]:
    from okrctl import files

    return {Path(path).stem for path, _ in files.find(_root(), ["scorecards/*.json"])}


def _in_open_period() -> Callable[[_Node], bool]:
    sealed = _sealed_periods()
    return lambda node: node.period not in sealed


def _takes_readings(node: _Node) -> bool:
    return not node.is_objective and not {"kpi", "rollup"} & node.data.keys()


def _target(key_result: Goal) -> str:
    """Return a value to begin with: the target where it is a plain number."""
    if "done" in key_result:
        return "done"
    target = next((str(key_result[key]) for key in ("to", "at_least", "at_most") if key in key_result), "")
    return target if _PLAIN_VALUE.fullmatch(target) else ""


def _values(reference: str, nodes: list[_Node]) -> list[str]:
    """Return the words that a key result takes as its value: done and open, or its milestones."""
    found = next((node.data for node in reversed(nodes) if _is_ending(reference, node.reference)), {})
    if "done" in found:
        return ["done", "open"]
    return [str(milestone.get("id", number)) for number, milestone in enumerate(_mappings(found.get("milestones")), 1)]


def _is_ending(ending: str, reference: str) -> bool:
    from okrctl.workspace.references import matches_ending

    return matches_ending(reference, ending)


def _revisions() -> list[str]:
    from okrctl.git.process import list_ref_names

    return ["HEAD", *list_ref_names(_root())]


def _read_data() -> Iterator[dict[str, Any]]:
    """Yield the data of every readable file that the `include` and `exclude` of the settings choose, up to MAX_BYTES.

    The last ones in the order of their names come first: these are the newest periods.
    """
    from okrctl import files
    from okrctl.yaml import Source, decode, parse

    root = _root()
    settings = _read_settings(root)
    include = settings.get("include", ["okrs/**/*.y{a,}ml", "kpis/**/*.y{a,}ml"])
    found = files.find(root, _as_list(include), _as_list(settings.get("exclude", [])))
    left = MAX_BYTES
    for path, problem in reversed(found):
        content = problem or files.read(root, path)
        source = decode(path, content) if isinstance(content, bytes) else content
        if not isinstance(source, Source):
            continue
        left -= len(source.text)
        if left < 0:
            return
        data = parse(source).data
        if isinstance(data, dict):
            yield data


def _root() -> Path:
    from okrctl.operations import workspaces

    return workspaces.find_root(_completion_directory()).folder


def _as_list(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]


def _settings_keys(key: str) -> list[str]:
    value = _read_settings(_root()).get(key)
    return [str(name) for name in value] if isinstance(value, dict) else _as_list(value) if value else []


def _read_settings(root: Path) -> dict[str, Any]:
    from okrctl import files
    from okrctl.yaml import Source, decode, parse

    content = files.read(root, files.SETTINGS_NAME)
    source = decode(files.SETTINGS_NAME, content) if isinstance(content, bytes) else content
    data = parse(source).data if isinstance(source, Source) else None
    if not isinstance(data, dict):
        return {}
    return {**data, **_extended_settings(root)} if "extends" in data else data


def _extended_settings(root: Path) -> dict[str, Any]:
    """Return the names of teams and people, and the fiscal year, with what the settings extend."""
    from okrctl.workspace import disk

    config, _ = disk.read_settings(root)
    names = {"teams": config.teams, "people": config.people}
    return {**names, "fiscal_year": {"starts": config.fiscal_year.starts}}


def _completion_directory() -> Path:
    """Return the folder that the command line names with -C, else the current one."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get(_LINE) or ""
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    folders = [words[number + 1] for number, word in enumerate(words[:-1]) if word == "-C"]
    return Path(folders[-1]).expanduser().absolute() if folders else Path.cwd()


def _period_id(data: dict[str, Any]) -> object:
    period = data.get("period")
    return period.get("id") if isinstance(period, dict) else period


def _mappings(value: object) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else [value]
    return [entry for entry in entries if isinstance(entry, dict)]


def _goals(data: dict[str, Any]) -> Iterator[Goal]:
    for objective in _mappings(data.get("objectives")):
        yield objective
        yield from _mappings(objective.get("key_results"))


def _nodes(files: Iterable[dict[str, Any]]) -> list[_Node]:
    """Return every objective and key result."""
    nodes = []
    for data in files:
        period = str(_period_id(data))
        for objective in _mappings(data.get("objectives")):
            reference = f"{period}/{data.get('team', 'company')}/{objective.get('id')}"
            nodes.append(_Node(reference, period, objective, True))
            nodes += [
                _Node(f"{reference}.{result.get('id')}", period, result, False)
                for result in _mappings(objective.get("key_results"))
            ]
    return nodes


def _shortest_endings(nodes: list[_Node], with_paths: bool) -> dict[str, list[str]]:
    """Return the endings to show for each reference: the shortest that means it alone, with paths also longer ones.

    Of several goals of one name, those of a running period win.
    """
    from okrctl.workspace.references import ref_endings

    running = _running_periods({node.period for node in nodes})
    counts = _count_endings(nodes)
    running_counts = _count_endings(node for node in nodes if node.period in running)
    shown = {}
    for node in nodes:
        endings = ref_endings(node.reference)
        own_counts = running_counts if node.period in running else counts
        shortest = next((each for each in endings if 1 in (counts[each], own_counts[each])), node.reference)
        shown[node.reference] = [shortest, *(each for each in endings if with_paths and "/" in each)]
    return shown


def _count_endings(nodes: Iterable[_Node]) -> Counter[str]:
    from okrctl.workspace.references import ref_endings

    return Counter(ending for node in nodes for ending in ref_endings(node.reference))


def _running_periods(names: Iterable[str]) -> set[str]:
    """Return the periods that run today, as far as they can be read without the settings."""
    from okrctl.cli.session import Session
    from okrctl.schema.settings import MONTHS
    from okrctl.values import period
    from okrctl.values.period import FiscalYear

    root = _root()
    start = _read_settings(root).get("fiscal_year")
    month = start.get("starts") if isinstance(start, dict) else None
    fiscal = FiscalYear(MONTHS.index(month) + 1 if month in MONTHS else 1)
    today = Session().today
    running = set()
    for name in names:
        try:
            if period.parse(name, fiscal).runs_on(today):
                running.add(name)
        except ValueError:
            continue
    return running
