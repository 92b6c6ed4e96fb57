"""Every dialogue there is, by the command that begins it."""

from collections.abc import Mapping

from celeryls.ide import add_extra, convert_function, create_task, set_up
from celeryls.ide.dialogue import Dialogue

DIALOGUES: Mapping[str, Dialogue] = {
    dialogue.command: dialogue
    for dialogue in (
        create_task.DIALOGUE,
        convert_function.DIALOGUE,
        set_up.DIALOGUE,
        *add_extra.DIALOGUES.values(),
    )
}
