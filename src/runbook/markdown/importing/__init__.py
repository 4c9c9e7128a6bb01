"""Markdown plans of anybody's, as phases, with an account of what was left to a person."""
