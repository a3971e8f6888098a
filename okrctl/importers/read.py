"""Finds out what kind of file it is, and has it read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from okrctl.importers import (
    ImportDraft,
    MissingAnswer,
    SourceFile,
    encoding,
    markdown,
    meaning,
    okrctl_rows,
    structure,
    table,
    xlsx,
)  # fmt: skip
from okrctl.importers.columns import Row
from okrctl.importers.options import ImportOptions
from okrctl.values.errors import OkrctlError
from okrctl.values.nouns import count_noun

__all__ = ["ImportOptions", "read"]

MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".txt", ".mdx")
STRUCTURE_ENDINGS = (".yaml", ".yml", ".json", ".jsonl", ".ndjson")


def read(name: str, data: bytes | str, options: ImportOptions, columns: Mapping[str, str]) -> ImportDraft:
    """What a file says; `columns` has our names for its columns. OkrctlError where it is nothing that can be read."""
    ending = name.lower()
    if isinstance(data, bytes) and (ending.endswith((".xlsx", ".xlsm")) or xlsx.is_workbook(data)):
        source = xlsx.read(name, data, options, columns)
        return _understand(name, source, options)
    if options.sheet is not None:
        raise OkrctlError(f"{name} has no sheets", "--sheet is for .xlsx files")
    text, remark = encoding.decode(name, data) if isinstance(data, bytes) else (data.removeprefix("\ufeff"), "")
    draft = _read_text(name, text, options, columns)
    if remark:
        draft.remark(1, remark)
    return draft


def _read_text(name: str, text: str, options: ImportOptions, columns: Mapping[str, str]) -> ImportDraft:
    kind = _kind(name, text)
    if kind == "markdown":
        spelled, trimester = meaning.spell_trimesters(text, text.splitlines())
        draft = _understand(name, markdown.read(name, spelled, options, columns), options)
        if trimester:
            draft.remark(1, trimester)
        return draft
    if kind == "structure":
        rows = _export_rows(text) if not name.lower().endswith((".yaml", ".yml")) else None
        if rows is not None:
            return okrctl_rows.read(rows, options.config.fiscal)
        return _understand(name, structure.read(name, text, columns), options)
    rows_of_cells = table.parse_delimited(name, text)
    header = next((row.cells for row in rows_of_cells if any(row.cells)), [])
    if set(okrctl_rows.REQUIRED_COLUMNS) <= set(header):
        if columns:
            raise OkrctlError(f"{name} is an export of okrctl", "omit --columns")
        return okrctl_rows.read(_export_cells(rows_of_cells), options.config.fiscal)
    return _understand(name, table.read(name, rows_of_cells, options, columns), options)


def _kind(name: str, text: str) -> str:
    ending, begin = name.lower(), text.lstrip()[:1]
    if ending.endswith(STRUCTURE_ENDINGS) or (name == "-" and begin in ("{", "[")):
        return "structure"
    if ending.endswith(".txt") and _looks_like_table(text):
        return "table"
    if ending.endswith(MARKDOWN_ENDINGS):
        return "markdown"
    if name != "-":
        return "table"
    looks_like_markdown = any(line.lstrip().startswith(("#", "|", "* ", "- ", "**")) for line in text.splitlines()[:40])
    return "markdown" if looks_like_markdown else "table"


def _looks_like_table(text: str) -> bool:
    """Whether the first lines have as many tabs each: spreadsheets save "Unicode text" so, as .txt."""
    counts = {line.count("\t") for line in text.splitlines()[:5] if line.strip()}
    return len(counts) == 1 and counts.pop() >= 2


def _understand(name: str, source: SourceFile, options: ImportOptions) -> ImportDraft:
    draft = meaning.understand(source, options)
    if not any(True for _ in draft.goals()):
        counts = [count_noun(count, kind.removesuffix("s")) for kind, count in draft.seen.items() if count]
        found = " and ".join(counts) or "no objective and no key result"
        reasons = [
            f"{name}:{result.line}: {result.message}" for result in draft.results if result.outcome == "not-placed"
        ]
        more = f"; {reasons[0]}" if reasons else ""
        message = f"nothing in {name} can be imported: found {found}{more}"
        hint = (
            "an objective is a heading, a bold line, a row or a mapping with key results; --columns FILE names columns"
        )
        raise MissingAnswer(message, hint, draft.questions[0]) if draft.questions else OkrctlError(message, hint)
    return draft


def _export_cells(rows: list[Row]) -> list[tuple[int, dict[str, str]]]:
    """The rows of an export without the quotation mark that keeps a spreadsheet from taking a text for a formula."""
    filled = [row for row in rows if any(row.cells)]
    header = filled[0].cells
    return [
        (
            row.line,
            {
                name: cell.removeprefix("'")
                for name, cell in zip(header, [*row.cells, *[""] * len(header)], strict=False)
            },
        )
        for row in filled[1:]
    ]


def _export_rows(text: str) -> list[tuple[int, dict[str, str]]] | None:
    """The rows of an export, numbered from 1; None for any other JSON."""
    try:
        rows = _load_rows(text)
        if not rows or not all(set(okrctl_rows.REQUIRED_COLUMNS) <= set(row) for row in rows):
            return None
        return [
            (number, {key: "" if value is None else str(value) for key, value in row.items()})
            for number, row in enumerate(rows, 1)
        ]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _load_rows(text: str) -> list[dict[str, Any]]:
    try:
        whole = json.loads(text)
        rows = whole.get("rows", [whole])
    except ValueError:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    return list(rows)
