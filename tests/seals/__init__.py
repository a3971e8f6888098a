"""Tests of sealed scorecards."""
