"""Helpers for the tests of this package; the service itself imports nothing from here."""
