"""Tests of what an editor makes of the schemas."""
