"""The history of a workspace in git: snapshots, diffs, the agreed baseline, logs and blame."""
