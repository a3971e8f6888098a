"""Finds out what each column of a table holds, from its name, its cells and the columns beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from okrctl.importers import SourceFile
from okrctl.importers.meaning import PERIOD_PATTERN, headers, is_series_header, phrases
from okrctl.importers.meaning.headers import HeaderColumn
from okrctl.values import slug
from okrctl.values.quantity import truncate

LISTED = "one of several"
JOINED = "a part"
OF_OBJECTIVE = "objective "
_OF_OBJECTIVE = re.compile(r"(?i)(?:objective|goal|ziel|objectif|objetivo|obiettivo|doel)[\W_]+")
_OF_KEY_RESULT = re.compile(r"(?i)(?:kr|key results?|schlüsselergebnis|résultat clé|resultado clave)[\W_]+")
_BEHIND_FIELD = re.compile(  # `Owner (objective)`, `Responsable de l'objectif`
    r"(?i)[\W_]+(?:(?:of|de|do|del|dell|des|der|for|für|van) ?(?:the |l)?)?\W*"
    r"(?:objective|goal|objectif|objetivo|obiettivo|ziels?|doel)\W*$"
)
_LISTED_FIELD = re.compile(r"(?i)(?:kr|key result)\s*#?[0-9]{1,2}\W+(?P<field>[^\W\d_].*)")
_KEY_RESULT_LEVELS = frozenset(
    "kr|result|metric|measure|milestone|schlusselergebnis|schluesselergebnis|ergebnis|resultat cle|resultado clave|"
    "resultado chave|risultato chiave|kernresultaat|sub task|subtask".split("|")
)
_OBJECTIVE_LEVELS = frozenset(
    "goal|o|epic|theme|initiative|ziel|objectif|objetivo|obiettivo|doel|doelstelling|okr".split("|")
)

Kind = Literal["objective", "key-result", "kpi"]


class Row(NamedTuple):
    """A row of a table with the line that it begins on."""

    line: int
    cells: Sequence[str]


class Grid(NamedTuple):
    """A table: where its columns are what, and its rows."""

    columns: Sequence[HeaderColumn | None]
    names: Sequence[str]
    rows: Sequence[Row]


def build_grid(
    names: Sequence[str], rows: Sequence[Row], mapping: Mapping[str, str], source: SourceFile, line: int
) -> Grid:
    """What each column is; columns that nobody knows are reported."""
    unique = _unique_names(names)
    samples = {name: _cells_of(rows[:200], at) for at, name in enumerate(unique)}
    special = _listed_columns(unique) | {
        name: HeaderColumn("series", name) for name in unique if is_series_header(name)
    }
    special = {name: column for name, column in special.items() if name not in mapping}
    found = headers.map_columns([name for name in unique if name not in special], mapping, samples) | special
    _separate_types(found, mapping, samples)
    _separate_objectives(found, mapping, unique)
    _add_second_columns(found, unique)
    _guess_key_results(found, unique, samples)
    _guess_period(found, unique, samples)
    _widen_objective(found, mapping)
    _report_columns(found, unique, source, line)
    columns = [found.get(name) for name in unique]
    _name_section(columns, unique, rows, source, line)
    return Grid(columns, unique, rows)


def kind_of_level(text: str) -> Kind | None:
    """What `Key Result`, `KR` or `Objective` say that a row is."""
    level = headers.normalize(text)
    if level == "kpi":
        return "kpi"
    if "key" in level or level in _KEY_RESULT_LEVELS:
        return "key-result"
    return "objective" if "objective" in level or level in _OBJECTIVE_LEVELS else None


def _widen_objective(found: dict[str, HeaderColumn], mapping: Mapping[str, str]) -> None:
    """Where a column says what a row is or what it is below, `Goal` has the titles of all rows."""
    names = {column.ours: name for name, column in found.items()}
    measure = names.get("title", "")
    if headers.normalize(measure) in headers.MEASURE_NAMES and measure not in mapping:
        del names["title"]
    has_levels = not {"level", "parent"}.isdisjoint(names)
    if not has_levels or not {"key_result", "title"}.isdisjoint(names) or names.get("objective", "") in ("", *mapping):
        return
    found[names["objective"]] = found[names["objective"]]._replace(ours="title")
    if measure:
        found[measure] = HeaderColumn("measure_name")


def _separate_types(
    found: dict[str, HeaderColumn], mapping: Mapping[str, str], samples: Mapping[str, Sequence[str]]
) -> None:
    """A column `Type` that names no level in any row has types of metrics."""
    name = next((name for name, column in found.items() if column.ours == "level" and name not in mapping), "")
    cells = list(filter(None, samples.get(name, ())))
    are_types = bool(cells) and all(map(headers.is_type_word, cells))
    if name and cells and (are_types or not any(map(kind_of_level, cells))):
        del found[name]
        if any(map(headers.is_type_word, cells)) and "metric" not in {column.ours for column in found.values()}:
            found[name] = HeaderColumn("metric")


def _add_second_columns(found: dict[str, HeaderColumn], names: Sequence[str]) -> None:
    """A second id is one that others may refer to; `Year` beside `Quarter` is a part of the period."""
    ours = {column.ours for column in found.values()}
    for name in names:
        column = headers.find_header(name) if name and name not in found else None
        if column and column.ours in ("id", "period") and column.ours in ours and not column.guess:
            found[name] = HeaderColumn("alias" if column.ours == "id" else "period", JOINED)


def _separate_objectives(found: dict[str, HeaderColumn], mapping: Mapping[str, str], names: Sequence[str]) -> None:
    """Where key results have a column, what is called `Objective owner` is of their objective."""
    ours = {column.ours for column in found.values()}
    if "objective" not in ours or {"key_result", "title"}.isdisjoint(ours):
        return
    for name in names:
        own = None if name in mapping else _OF_OBJECTIVE.match(name) or _BEHIND_FIELD.search(name)
        column = headers.find_header(name[: own.start()] or name[own.end() :]) if own else None
        if column and column.ours in ("owner", "description", "status", "weight", "end_date", "priority", "progress"):
            found[name] = HeaderColumn(f"{OF_OBJECTIVE}{column.ours}")
            _give_to_key_results(found, names, column.ours)
    _separate_owners(found, mapping, names)


def _separate_owners(found: dict[str, HeaderColumn], mapping: Mapping[str, str], names: Sequence[str]) -> None:
    """Beside `KR owner`, the column `Owner` is of objectives."""
    of_key_results = [name for name in names if (own := _OF_KEY_RESULT.match(name)) and _is_owner(name[own.end() :])]
    others = [name for name, column in found.items() if column.ours == "owner" and name not in of_key_results]
    if not mapping.keys().isdisjoint((*of_key_results, *others)):
        return
    if len(of_key_results) == len(others) == 1:
        found[others[0]] = HeaderColumn(f"{OF_OBJECTIVE}owner")
        found[of_key_results[0]] = HeaderColumn("owner")


def _is_owner(name: str) -> bool:
    column = headers.find_header(name)
    return column is not None and column.ours == "owner"


def _give_to_key_results(found: dict[str, HeaderColumn], names: Sequence[str], ours: str) -> None:
    """`KR owner`, beside a column of that kind for objectives."""
    if ours in {column.ours for column in found.values()}:
        return
    name = next((name for name in names if name not in found and headers.find_column(name) == ours), None)
    if name is not None:
        found[name] = HeaderColumn(ours)


def _guess_key_results(
    found: dict[str, HeaderColumn], names: Sequence[str], samples: Mapping[str, Sequence[str]]
) -> None:
    """Beside objectives and targets, the first unknown column of texts has the key results."""
    ours = {column.ours for column in found.values()}
    if not {"objective", "target"} <= ours or {"key_result", "title", "level", "parent"} & ours:
        return
    for name in filter(None, names):
        cells = list(filter(None, samples.get(name, ())))
        is_filled = bool(cells) and len(set(cells)) == len(cells) == len(samples[name])
        if name not in found and is_filled and all(re.search(r"[^\W\d_]{3}", cell) for cell in cells):
            found[name] = HeaderColumn("key_result", guess="key result")
            return


def _guess_period(found: dict[str, HeaderColumn], names: Sequence[str], samples: Mapping[str, Sequence[str]]) -> None:
    """An unknown column whose every cell is a period has the period, such as `Fix version` of a tracker."""
    if any(column.ours == "period" for column in found.values()):
        return
    for name in filter(None, names):
        cells = list(filter(None, samples.get(name, ())))
        if name not in found and cells and all(PERIOD_PATTERN.fullmatch(cell.strip()) for cell in cells):
            found[name] = HeaderColumn("period", guess="period")
            return


def _listed_columns(names: Sequence[str]) -> dict[str, HeaderColumn]:
    """`KR1`, `KR2`, `KR3`: each column has a key result of the row's objective, `KR1 owner` what belongs to one."""
    listed = [name for name in names if phrases.NUMBERED_KEY_RESULT.fullmatch(name)]
    if len(listed) < 2:
        return {}
    found = {name: HeaderColumn("key_result", LISTED) for name in listed}
    for name in names:
        numbered = _LISTED_FIELD.fullmatch(name)
        column = headers.find_header(numbered["field"]) if numbered else None
        if column:
            found[name] = HeaderColumn(column.ours, LISTED)
    return found


def _cells_of(rows: Sequence[Row], at: int) -> list[str]:
    return [row.cells[at] for row in rows if at < len(row.cells)]


def _name_section(
    columns: list[HeaderColumn | None], names: Sequence[str], rows: Sequence[Row], source: SourceFile, line: int
) -> None:
    """The first column without a name has numbers of rows, or the titles of objectives; others are reported."""
    ours = {column.ours for column in columns if column}
    has_titles = not ours.isdisjoint(headers.TITLE_COLUMNS) or "target" not in ours
    for at in (at for at, name in enumerate(names) if not name):
        sample = next(filter(None, _cells_of(rows, at)), "")
        if sample and not any(columns[:at]):
            columns[at] = HeaderColumn("section" if has_titles else "title")
        elif sample:
            source.report(line, f"column {at + 1} has no name; it begins with '{truncate(sample)}'")


def _report_columns(found: Mapping[str, HeaderColumn], names: Sequence[str], source: SourceFile, line: int) -> None:
    """Name the columns that nobody knows, and those whose spelling was guessed."""
    for name in filter(None, names):
        column = found.get(name)
        if column is None:
            own = f"x-{slug.slugify(name)}"
            source.report(line, f"unknown column '{truncate(name)}'; --columns FILE can keep it as `{own}`")
        elif column.guess or column.core:
            source.remark(line, f"the column '{name}' read as '{column.guess or column.core}'")


def _unique_names(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for name in names:
        plain = " ".join(phrases.find_status(name)[0].split()) or name.strip()
        seen[plain] = seen.get(plain, 0) + 1
        found.append(plain if seen[plain] == 1 or not plain else f"{plain} ({seen[plain]})")
    return found
