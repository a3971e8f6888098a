"""The model of a source of readings, which KPIs and key results share."""

from __future__ import annotations

from okrctl.values.fields import StrictModel, Text, optional


class SourceSpec(StrictModel):
    """Where `okrctl refresh` fetches readings."""

    csv: Text | None = optional(description="A CSV file in the workspace")
    date: Text | None = optional(description="Column or field with the dates")
    value: Text | None = optional(description="Column or field with the values")
    sql: Text | None = optional(description="A query for dates and values")
    url_env: Text | None = optional(
        description="Environment variable with the URL of the database; starts with OKRCTL_"
    )
    http: Text | None = optional(description="A URL that returns JSON or CSV")
    headers: dict[Text, Text] | None = optional(
        description="Headers to send; $OKRCTL_NAME in a value stands for that environment variable"
    )
    token_env: Text | None = optional(description="Environment variable with the token; starts with OKRCTL_")
    basic_env: Text | None = optional(description="Environment variable with USER:PASSWORD; starts with OKRCTL_")
    prometheus: Text | None = optional(description="URL of a Prometheus server")
    query: Text | None = optional(description="A PromQL query; with `http`, a GraphQL query, sent by POST")
    next: Text | None = optional(description="Where the next page is: `link` for the Link header, or a field")
