"""Lists every command with its module and its line of help; a module is imported only when its command is called."""

COMMANDS: dict[str, tuple[str, str]] = {
    "amend": ("okrctl.cli.commands.amend", "Change what was agreed, with a record of why."),
    "check": ("okrctl.cli.commands.check", "Check the OKR and KPI files."),
    "checkin": ("okrctl.cli.commands.checkin", "Record readings."),
    "close": ("okrctl.cli.commands.close", "Close a period and seal its scorecard."),
    "diff": ("okrctl.cli.commands.diff", "Show what changed and whether targets got easier or harder."),
    "digest": ("okrctl.cli.commands.digest", "Write a digest of what moved, what is due and what was decided."),
    "explain": ("okrctl.cli.commands.explain", "Explain a score, a KPI or a rule."),
    "export": ("okrctl.cli.commands.export", "Export readings, scores, KPIs or objectives as rows."),
    "impact": ("okrctl.cli.commands.impact", "Show the hypotheses of a period and their verdicts."),
    "import": ("okrctl.cli.commands.import_", "Import goals from a table, Markdown, YAML or JSON."),
    "init": ("okrctl.cli.commands.init", "Start a workspace."),
    "kpi": ("okrctl.cli.commands.kpi", "List the KPIs, the worst first."),
    "log": ("okrctl.cli.commands.log", "Show the history of an objective, key result or KPI."),
    "lsp": ("okrctl.cli.commands.lsp", "Serve editors with findings, completion and renames."),
    "serve": ("okrctl.cli.commands.serve", "Serve pages to a browser."),
    "mcp": ("okrctl.cli.commands.mcp", "Serve the workspace to AI assistants (MCP)."),
    "merge": ("okrctl.cli.commands.merge", "Merge what several people changed, value by value."),
    "new": ("okrctl.cli.commands.new", "Write the files of a new period."),
    "refresh": ("okrctl.cli.commands.refresh", "Fetch readings from the declared sources."),
    "reopen": ("okrctl.cli.commands.reopen", "Reopen a closed period."),
    "report": ("okrctl.cli.commands.report", "Write a report as a page or a site."),
    "schema": ("okrctl.cli.commands.schema", "Print the JSON Schema of a file or of a command's JSON output."),
    "score": ("okrctl.cli.commands.score", "Show the scorecard of a period."),
    "show": ("okrctl.cli.commands.show", "Show an objective, key result or KPI in full."),
    "status": ("okrctl.cli.commands.status", "Show what needs attention this week."),
    "tree": ("okrctl.cli.commands.tree", "Show what supports what, or the formula of a KPI."),
    "verify": ("okrctl.cli.commands.verify", "Verify sealed scorecards."),
}

# The order in which `okrctl --help` lists them.
GROUPS: dict[str, tuple[str, ...]] = {
    "Look": ("status", "score", "show", "tree", "kpi", "impact", "explain", "log", "diff", "report", "digest", "serve"),
    "Write": ("checkin", "amend", "new", "close", "reopen", "refresh", "import", "merge"),
    "Guard": ("check", "verify", "schema"),
    "Set up": ("init", "mcp", "lsp", "export"),
}

# Commands that hold the lock of the work tree from their start, so that what they read is what they change.
LOCKED = ("amend", "checkin", "close", "import", "new", "reopen")

# Names that people know from other tools.
SYNONYMS = {"lint": "check", "validate": "check"}

# These compute what they print from files and from git alone, so that the same question has the same answer.
READING = (
    "check", "diff", "digest", "explain", "export", "impact", "kpi", "log", "report", "score", "show", "status", "tree",
)  # fmt: skip
