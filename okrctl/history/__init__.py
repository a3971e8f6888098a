"""Tells what only git knows: how a workspace was at a commit, what was agreed, and the life of one thing."""
