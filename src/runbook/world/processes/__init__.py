"""Commands and services, supervised."""
