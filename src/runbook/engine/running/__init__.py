"""Phases and series carried out, and foretold."""
