"""Tests of the comparison of two states in meaning."""
