"""What a person allows a source to do: its digest covers all that it does, so that any change of it asks again.

A source that reads only files of the workspace needs no trust. What a person trusts is kept in their own settings, by
the real path of the repository, so that no repository can trust its own sources, and none those of another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from okrctl import files
from okrctl.sources.policy import secret_names
from okrctl.values.errors import DiskError

TRUSTED_VARIABLE = "OKRCTL_TRUSTED_SOURCES"
FILE_NAME = "trusted-sources.json"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SHOWN_FIRST = ("http", "prometheus", "sql", "url_env", "token_env", "basic_env", "headers")


def needs_trust(spec: Mapping[str, object]) -> bool:
    """Whether a source reaches beyond the files of the workspace."""
    return not ("csv" in spec or ("sql" in spec and "url_env" not in spec)) or any(secret_names(spec))


def source_digest(spec: Mapping[str, object]) -> str:
    """64 hexadecimal digits that differ for any two sources: address, headers, query, names of secrets and the rest."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=True, default=str, separators=(",", ":"))
    return hashlib.sha256(f"okrctl source 1\n{text}".encode()).hexdigest()


def parse_digests(text: str) -> frozenset[str]:
    """The digests in the value of OKRCTL_TRUSTED_SOURCES, separated by commas, blanks or line breaks."""
    return frozenset(word for word in re.split(r"[\s,]+", text.lower()) if _DIGEST.fullmatch(word))


def describe_use(spec: Mapping[str, object]) -> list[str]:
    """What a source sends where, line by line, with the names of secrets in place of their values."""
    return [*_describe_address(spec), *_describe_credentials(spec), *_describe_rest(spec)]


def _describe_address(spec: Mapping[str, object]) -> Iterator[str]:
    if "http" in spec:
        yield f"{'POST' if 'query' in spec else 'GET'} {spec['http']}"
    elif "prometheus" in spec:
        yield f"GET {spec['prometheus']}"
    elif "sql" in spec:
        yield f"the database at ${spec.get('url_env')}: {spec['sql']}"
    else:
        yield "a package that is installed here"


def _describe_credentials(spec: Mapping[str, object]) -> Iterator[str]:
    for key, scheme in (("token_env", "Bearer"), ("basic_env", "Basic")):
        if key in spec:
            yield f"Authorization: {scheme} ${spec[key]}"
    headers = spec.get("headers")
    if isinstance(headers, dict):
        yield from (f"{name}: {value}" for name, value in headers.items())


def _describe_rest(spec: Mapping[str, object]) -> Iterator[str]:
    for key, value in spec.items():
        if key not in _SHOWN_FIRST:
            yield f"{key}: {value if isinstance(value, str) else json.dumps(value, default=str)}"


def load_trusted(repository: Path) -> frozenset[str]:
    """The digests that the person trusts in the repository at a real path; DiskError where the file is broken."""
    return frozenset(_read_file()[1].get(str(repository), ()))


def save_trusted(repository: Path, digests: Iterable[str]) -> Path:
    """Trust more sources in a repository, and return the file that says so; DiskError where it cannot be written."""
    old, known = _read_file()
    known[str(repository)] = sorted({*known.get(str(repository), ()), *digests})
    text = json.dumps({"version": 1, "trusted": known}, indent=2, sort_keys=True) + "\n"
    folder = files.config_dir()
    if folder is None:
        raise DiskError("there is no folder for your settings", f"set HOME, or {TRUSTED_VARIABLE}")
    files.write_atomically(folder / FILE_NAME, text.encode(), old)
    return folder / FILE_NAME


def _read_file() -> tuple[bytes | None, dict[str, list[str]]]:
    """The bytes of the file, None where there is none, and the digests by repository."""
    folder = files.config_dir()
    if folder is None:
        return None, {}
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None, {}
    except OSError as error:
        raise DiskError(f"cannot read {path}: {error.strerror}", "check its permissions") from error
    try:
        trusted = json.loads(content)["trusted"]
        return content, {str(name): [str(digest) for digest in digests] for name, digests in trusted.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DiskError(f"{path} is not valid", "delete it, and trust the sources again") from None
