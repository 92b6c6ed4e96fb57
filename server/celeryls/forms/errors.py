"""Saying no to an answer."""


class AnswerError(ValueError):
    """An answer can't be used; the message tells a person what would be right.

    `field` is the id of the form field that it came from, where that is known.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
