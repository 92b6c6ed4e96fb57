"""`source.fixAll.celery`: every safe fix of a file at once; and of a whole project."""

from collections.abc import Mapping

from celeryls.engine import Diagnostic, FixResult, Selection, check_file, fix_files
from celeryls.project import Project
from celeryls.text import Edit, Span, minimal_edit


def fixed(
    project: Project,
    texts: Mapping[str, str],
    selection: Selection,
    *,
    unsafe: bool = False,
    only: str | None = None,
) -> FixResult:
    """These files of a project, which have these texts there, with their fixes applied.

    `only` is the code of the rule whose findings are to be fixed, if not those of all.
    """
    current = project

    def check(changed: Mapping[str, str], path: str) -> tuple[Diagnostic, ...] | None:
        nonlocal current
        for other, text in changed.items():
            current = current.with_text(other, text)
        found = check_file(current, path, changed.get(path, texts[path]), selection)
        return found and tuple(item for item in found if only in (None, item.rule.code))

    return fix_files(texts, check, unsafe=unsafe)


def fix_all_edits(project: Project, path: str, text: str, selection: Selection) -> tuple[Edit, ...]:
    """The edits of all safe fixes of one file; none if there is nothing to mend.

    Each mended region is an edit of its own, so that the lines between stay untouched.
    """
    result = fixed(project, {path: text}, selection)
    return line_edits(text, result.texts.get(path, text))


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
