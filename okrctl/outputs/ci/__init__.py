"""Formats of findings for CI systems, editors and code review."""
