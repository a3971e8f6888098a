"""Text of the files that okrctl writes: starting files, period drafts, the demo company."""
