"""Names every command with its module and its one line of help; the modules are imported only when called."""

COMMANDS: dict[str, tuple[str, str]] = {
    "amend": ("okrctl.commands.amend", "Change what was agreed, and record it."),
    "check": ("okrctl.commands.check", "Validate the OKR and KPI files."),
    "checkin": ("okrctl.commands.checkin", "Record readings: what is where today."),
    "close": ("okrctl.commands.close", "End a period and seal its scorecard."),
    "diff": ("okrctl.commands.diff", "Show what changed, easier or harder."),
    "explain": ("okrctl.commands.explain", "Explain a score, a KPI or a rule."),
    "export": ("okrctl.commands.export", "Write all readings as CSV, JSON, JSON Lines or Parquet."),
    "impact": ("okrctl.commands.impact", "Show the hypotheses of a period and their verdicts."),
    "import": ("okrctl.commands.importing", "Read objectives and key results from CSV and Markdown."),
    "init": ("okrctl.commands.init", "Start a workspace."),
    "kpi": ("okrctl.commands.kpi", "Show all KPIs, the worst first."),
    "new": ("okrctl.commands.new", "Begin the next period."),
    "reopen": ("okrctl.commands.reopen", "Open a closed period again."),
    "report": ("okrctl.commands.report", "Write a page, or a site, for people who read no YAML."),
    "status": ("okrctl.commands.status", "Show what needs a person this week."),
    "show": ("okrctl.commands.show", "Show one objective, key result or KPI in full."),
    "tree": ("okrctl.commands.tree", "Show who supports what, or what a KPI is made of."),
    "score": ("okrctl.commands.score", "Show the scorecard of a period."),
    "verify": ("okrctl.commands.verify", "Say whether sealed scorecards still hold."),
}
