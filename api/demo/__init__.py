"""The demo: companies that do not exist, and orders of theirs at every stage, made by the real verbs."""
