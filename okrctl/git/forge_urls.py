"""Web addresses of files at a forge, made from the address of a remote."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

SCP_ADDRESS = re.compile(r"(?:[^@/:]+@)?(?P<host>[^/:]{2,}):(?P<path>(?!/).+)")
FORGES = (
    (re.compile("github"), "blob"),
    (re.compile("gitlab"), "-/blob"),
    (re.compile("codeberg|gitea|forgejo"), "src/commit"),
)


def forge_base_url(remote: str, commit: str, prefix: str = "") -> str | None:
    """The address to which a path and `#L12` are appended; None for a host that is not a known forge.

    `prefix` is the folder of the workspace in the repository (`Repository.prefix`). Users and passwords are dropped.
    """
    place = _host_and_path(remote)
    style = place and next((style for known, style in FORGES if known.search(place[0])), None)
    if not place or not style:
        return None
    host, path = place
    return f"https://{host}/{path}/{style}/{commit}/{quote(prefix)}"


def repository_name(remote: str, prefix: str = "") -> str:
    """Host and path of a remote without user, password and `.git`, with the folder of the workspace in it.

    It is the same for a clone by SSH and one by HTTPS. Of a remote that is a path on this machine it is the last
    folder, since no row is to say where somebody keeps things.
    """
    place = _host_and_path(remote)
    name = "/".join(place) if place else re.sub(r"/?\.git/*$", "", remote.rstrip("/")).rpartition("/")[2]
    return f"{name}/{prefix}".rstrip("/")


def _host_and_path(remote: str) -> tuple[str, str] | None:
    """Host (with the port of a web address) and path of a repository; None for another address."""
    if short := SCP_ADDRESS.fullmatch(remote) if "://" not in remote else None:
        host, path = short["host"], short["path"]
    else:
        try:
            parts = urlsplit(remote)
            port = f":{parts.port}" if parts.port and parts.scheme in ("http", "https") else ""
        except ValueError:
            return None
        if parts.scheme not in ("http", "https", "ssh", "git"):
            return None
        host, path = (parts.hostname or "") + port, parts.path
    path = path.strip("/").removesuffix(".git")
    return (host.lower(), quote(path, safe="/%~")) if re.fullmatch(r"[A-Za-z0-9.:-]+", host) and path else None
