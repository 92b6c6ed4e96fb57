"""How a command says that it could not run."""

COULD_NOT_RUN = 2


class Failure(Exception):
    """The command can't go on; the message says why and what to do, in one line."""
