"""`source.fixAll.celery`: every safe fix of a file at once."""

from celeryls.engine import Diagnostic, FixResult, Selection, check_file, fix_text
from celeryls.project import Project
from celeryls.text import Edit, Span, minimal_edit


def fixed(
    project: Project, path: str, text: str, selection: Selection, *, unsafe: bool = False
) -> FixResult:
    """The text of a file with its fixes applied, to a fixpoint."""

    def check(current: str) -> tuple[Diagnostic, ...] | None:
        return check_file(project.with_text(path, current), path, current, selection)

    return fix_text(path, text, check, unsafe=unsafe)


def fix_all_edits(project: Project, path: str, text: str, selection: Selection) -> tuple[Edit, ...]:
    """The edits of all safe fixes; none if there is nothing to mend.

    Each mended region is an edit of its own, so that the lines between stay untouched.
    """
    result = fixed(project, path, text, selection)
    return line_edits(text, result.text)


def line_edits(before: str, after: str) -> tuple[Edit, ...]:
    """The minimal edits, a run of changed lines each, that lead from one text to the other."""
    if before == after:
        return ()
    import difflib

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    edits = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            was, becomes = "".join(old[i:j]), "".join(new[k:m])
            edit = minimal_edit(Span(starts[i], starts[j]), was, becomes)
            if edit is not None:
                edits.append(edit)
    return tuple(edits)
