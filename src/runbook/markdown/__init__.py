"""Markdown plans."""
