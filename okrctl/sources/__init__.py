"""Holds one module for each kind of place that readings are fetched from."""
