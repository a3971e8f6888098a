"""Keeps only part of a valid file in memory or in the cache, and reads the rest when it is needed.

A large workspace has thousands of files, and most commands look closely at few of them. There are two ways to keep
less of a file than all of its models. Both replace the document by a `LazyDocument`, which parses the text again when
the place of a value is needed. A deferred file on the disk does not hold its text either, nor do the others that were
read with it: the text is read again, and has to be the same.

* A *deferred* file (`reduce_file`) keeps its period and team, but no objectives. A command that scores one period loads
  the objectives of another period only if a reference leads there (`Workspace.load_period`).
* A *packed* file (`pack`, `unpack`) is what the index of the workspace and the check of a large one keep of a file
  between runs: the names of its nodes, and their models as JSON. Its nodes are the usual ones; the models are made when
  the first of them is used, all of one file at once, and without validating again. A file that is new to the index is
  held in the same way at once.

Making all models at once would be simpler, but takes longer than anything else that most commands do, and rules on
references, duplicate ids and similar titles need the names in all files. JSON takes no longer than `marshal` here, and
can be read from a folder that others may write: it runs no code and cannot crash Python.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from okrctl.schema import plain
from okrctl.schema.settings import Config
from okrctl.values.period import Period
from okrctl.values.readings import CsvReadings
from okrctl.workspace.models import BROKEN_ENTRY, PackedModels, names_of, pack_json, unpack_json
from okrctl.workspace.nodes import File, Objective
from okrctl.workspace.reader import assign_period, read_file
from okrctl.yaml import Document, LazyDocument, Source, parse

PeriodFilter = Callable[[Period], bool]
ReadAgain = Callable[[str], str]  # the text of a path


def reduce_file(file: File, is_needed: PeriodFilter, read_again: ReadAgain | None = None) -> File:
    """The file without its parsed document, if it is valid; it is deferred if its period is not needed now.

    With `read_again`, which returns the text of a path, the text is not held either.
    """
    if file.is_deferred or not is_valid(file):
        return file
    if read_again is not None:
        file.document = LazyDocument(file.path, read_again, digest=file.document.digest)
    elif not isinstance(file.document, LazyDocument):
        text = file.document.text
        file.document = LazyDocument(file.path, lambda _: text)
    if file.kind == "okr" and file.period is not None and not is_needed(file.period):
        file.model, file.is_deferred = None, True
    return file


def is_valid(file: File) -> bool:
    """Whether nothing was wrong with a file when it was read."""
    return not (file.file_problems or file.schema_problems or file.omitted)


def pack(file: File, *, with_data: bool = False) -> bytes:
    """What is known of a valid file beside its text: a line of JSON for what every run needs, then its models.

    `with_data` adds the data that they were made of, unless the text repeats parts of itself by aliases: written out,
    these may be any number of times as long.
    """
    entries = file.entries
    nodes = [node for entry in entries for node in vars(entry).get("key_results", (entry,))]
    has_csv = any(isinstance(node.readings, CsvReadings) for node in nodes)
    written = file.model.period if file.kind == "okr" else None
    team = file.model.team if file.kind == "okr" else None
    names, models = json.dumps(names_of(entries)).encode(), pack_json(plain.to_plain(entries))
    data = pack_json(file.document.data) if with_data and "*" not in file.document.text else b""
    head = [file.kind, plain.to_plain(written), team, file.language, has_csv, len(names), len(models)]
    return b"%s\n%s%s%s" % (json.dumps(head).encode(), names, models, data)


def unpack(path: str, packed: bytes, config: Config, read_text: ReadAgain) -> File:
    """The file of what `pack` returned; `read_text` returns its text when that is needed.

    Other bytes raise one of BROKEN_ENTRY.
    """
    head, _, rest = packed.partition(b"\n")
    kind, written, team, language, has_csv, names_end, size = json.loads(head)
    names, models, data = rest[:names_end], rest[names_end : names_end + size], rest[names_end + size :]

    def read_data() -> object:
        with suppress(*BROKEN_ENTRY):
            return unpack_json(data)
        return parse(Source(path, read_text(path))).data

    document = LazyDocument(path, read_text, read_data if data else None)
    models_of = PackedModels(names, has_csv, models, partial(_read_entries, config))
    file = File(path, document, kind, language=language, packed=models_of)
    if kind == "okr":
        assign_period(file, plain.from_plain(written), team, config)
    return file


def _read_entries(config: Config, document: Document) -> Sequence[Any]:
    return read_file(Source(document.path, document.text), config).entries


def pack_settings(config: Config) -> bytes:
    """Valid settings as bytes."""
    return pack_json(plain.to_plain(config))


def unpack_settings(packed: bytes) -> Config:
    """The settings of what `pack_settings` returned. Other bytes raise one of BROKEN_ENTRY."""
    config = plain.from_plain(unpack_json(packed))
    if not isinstance(config, Config):
        raise TypeError(f"expected settings, found {type(config).__name__}")
    return config


def is_sufficient(files: Iterable[File]) -> bool:
    """Whether packed files hold all that the rules need: no file that was read again has a manual score."""
    return not any(_has_manual_score(node) for file in files if not file.is_clean for node in file.nodes)


def _has_manual_score(node: Any) -> bool:
    if not isinstance(node, Objective):
        return False
    return bool(node.model.score) or any(key_result.model.score for key_result in node.key_results)
