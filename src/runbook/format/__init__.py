"""The one table of the format: every key with how it is read, written, described and said."""
