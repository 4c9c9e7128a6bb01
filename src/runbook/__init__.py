"""runbook executes migration runbooks: edits, evidence, commits, resumable after any stop."""

__version__ = "0.1.0"
