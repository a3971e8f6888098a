"""Tests of what teams install: a hook, an action, the files of pipelines."""
