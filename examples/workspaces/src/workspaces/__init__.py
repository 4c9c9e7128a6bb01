"""Workspaces hold documents and may belong to a course."""
