"""Checks made before their turn, in views of the worktree as it will be."""
