"""Tests of what only git knows, on real repositories with dated commits."""
