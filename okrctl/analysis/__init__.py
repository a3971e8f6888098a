"""What is read out of scores: trajectories, what-if, filters, attention list, alignment, explanations, verdicts."""
