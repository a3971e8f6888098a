"""An oracle of scores and KPIs that shares no code with okrctl, and a random test that holds the program to it."""
