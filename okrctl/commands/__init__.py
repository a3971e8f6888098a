"""Names every command with its module and its one line of help; the modules are imported only when called."""

COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("okrctl.commands.check", "Validate the OKR and KPI files."),
    "explain": ("okrctl.commands.explain", "Explain a rule."),
    "score": ("okrctl.commands.score", "Show the scorecard of a period."),
}
