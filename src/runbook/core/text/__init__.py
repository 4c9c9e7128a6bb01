"""Text as it is shown: output, escapes, secrets."""
