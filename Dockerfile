# okrctl as an image for CI: git and curl, which jobs need, and no entry point, since GitLab runs a shell in it.
FROM python:3.14-slim AS build
COPY pyproject.toml README.md LICENSE /src/
COPY okrctl /src/okrctl
RUN python -m venv /opt/okrctl && /opt/okrctl/bin/pip install --no-cache-dir '/src[http,sql,xlsx]'

FROM python:3.14-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl git \
    && rm -rf /var/lib/apt/lists/* \
    # The clone belongs to whoever made it, often not to the user of the job.
    && git config --system --add safe.directory '*' \
    && useradd --create-home okrctl
COPY --from=build /opt/okrctl /opt/okrctl
ENV PATH=/opt/okrctl/bin:$PATH
USER okrctl
WORKDIR /goals
CMD ["okrctl", "--help"]
