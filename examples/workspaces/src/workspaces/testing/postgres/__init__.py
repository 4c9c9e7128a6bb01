"""A throw-away PostgreSQL in the foreground: `python -m workspaces.testing.postgres`.

Three processes: the launcher (`__main__`) is what the user sees, signals or kills. The keeper
owns PostgreSQL and its folder, in a session of its own, and removes both as soon as the launcher
is gone, however it went. Should the keeper itself be killed, the kernel tells PostgreSQL to stop,
and the next keeper removes the folder.
"""
