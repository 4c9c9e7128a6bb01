"""The one error of the launcher and its keeper."""

from __future__ import annotations


class ServerError(Exception):
    """PostgreSQL cannot be had or did not stay; the message is meant for the user."""
