"""The world: processes, files, git and the journal, each behind one small class."""
