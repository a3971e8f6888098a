"""The linter: runs the rules, places findings, applies fixes and suppressions."""
