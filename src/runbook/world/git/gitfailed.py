"""What is raised where git refuses."""


class GitFailed(Exception):
    """git refused or failed; the message is what git said."""


class GitKilled(GitFailed):
    """git was killed before it could answer: what was asked is not known."""

    def __init__(self, number: int) -> None:
        import signal  # git is seldom killed

        super().__init__(f"git was killed ({signal.Signals(number).name}) before it answered")
