"""What is raised where git refuses."""


class GitFailed(Exception):
    """git refused or failed; the message is what git said."""
