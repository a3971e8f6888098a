"""Pydantic models of what users write, the settings, and the checks of required keys."""
