"""Markdown cut up: blocks, tasks, steps, and the pieces of a step."""
