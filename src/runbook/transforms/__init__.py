"""Edits that need a library or git: patches, values of data files, structural edits."""
