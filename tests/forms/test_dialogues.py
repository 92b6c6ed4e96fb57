"""What holds for every dialogue."""

from celeryls.ide.dialogues import DIALOGUES
from celeryls.ide.vocabulary import DIALOGUE_COMMANDS


def test_the_server_offers_every_dialogue() -> None:
    """The commands are listed apart: `initialize` is answered before forms are imported."""
    assert tuple(DIALOGUES) == DIALOGUE_COMMANDS
