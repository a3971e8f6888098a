"""Tests of the JSON Schemas in editors."""
