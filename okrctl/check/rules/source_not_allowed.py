"""Finds sources with a secret or a host that the settings do not allow.

`okrctl refresh` sends a token to the host that a file names. A pull request must not be able to send another secret
there, or the same one elsewhere. Therefore names of environment variables begin with `OKRCTL_`, and hosts are listed
in okrctl.yaml, where reviewers see a change.

Bad:

    kpis:
      - id: mrr
        title: Recurring revenue
        owner: cfo
        better: higher
        source: {http: "https://elsewhere.example/mrr.json", value: mrr, token_env: GITHUB_TOKEN}

Good:

    # FILE: okrctl.yaml
    sources: {hosts: [metrics.example]}
    # FILE: kpis/company.yaml
    kpis:
      - id: mrr
        title: Recurring revenue
        owner: cfo
        better: higher
        source: {http: "https://metrics.example/mrr.json", value: mrr, token_env: OKRCTL_METRICS_TOKEN}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from okrctl.check.finding import Context, Finding
from okrctl.check.rule import Rule
from okrctl.sources.policy import SECRET_NAME, is_loopback, parse_host, secret_names
from okrctl.workspace import File, KeyResult, Kpi


def check(file: File, context: Context) -> Iterator[Finding]:
    """The variables and hosts of every source that are not allowed."""
    for node in file.nodes_with_readings():
        source = getattr(node.model, "source", None)
        if source is not None:
            yield from _check_secrets(node, dict(source))
            yield from _check_hosts(node, {host.strip().lower() for host in context.config.sources.hosts})


def _check_secrets(node: KeyResult | Kpi, source: Mapping[str, object]) -> Iterator[Finding]:
    for keys, name in secret_names(source):
        if not SECRET_NAME.fullmatch(name):
            message = f"'{name}' is not a valid name for a secret"
            help = "names of environment variables begin with `OKRCTL_`"
            yield Finding((*node.route, "source", *keys), message, help, ref=node.ref)


def _check_hosts(node: KeyResult | Kpi, allowed: set[str]) -> Iterator[Finding]:
    for key in ("http", "prometheus"):
        address = getattr(node.model.source, key)
        if address is None:
            continue
        host = parse_host(address)
        route = (*node.route, "source", key)
        if host is None:
            help = "write `https://HOST/PATH`, without a user name, a password or spaces"
            yield Finding(route, "the URL is not valid", help, ref=node.ref)
        elif not allowed & set(host):
            help = f"add it to okrctl.yaml: `sources: {{hosts: [{host[0]}]}}`"
            yield Finding(route, f"the host '{host[0]}' is not allowed", help, ref=node.ref)
        elif address.strip().startswith("http:") and not is_loopback(host[0]):
            yield Finding(route, "the URL is not encrypted", "write `https://`", ref=node.ref)


RULE = Rule(code="OKR113", name="source-not-allowed", severity="error", check_file=check)
