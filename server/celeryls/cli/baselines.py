"""`celeryls check --write-baseline`: live with what is there, and hear of what is new."""

from collections.abc import Iterable

from celeryls.cli.checking import Chosen
from celeryls.cli.failure import Failure
from celeryls.cli.workspaces import Opened, display
from celeryls.config.baseline import read_baseline, write_baseline
from celeryls.engine import Selection, check_file
from celeryls.engine.baseline import entry
from celeryls.text import lines_of


def write_baselines(workspaces: Iterable[Opened], chosen: Chosen) -> str:
    """Write the findings of each project to its baseline.

    What is known of files and by rules that are not checked stays, unless the files are gone.
    Returns what was done, for a person.  Raises `Failure`.
    """
    done = []
    for opened in workspaces:
        loaded = opened.workspace.loaded
        path = loaded.root / loaded.config.baseline
        try:
            before = read_baseline(path)
        except ValueError as error:
            raise Failure(f"{error}; move it away first") from error
        selection = Selection(chosen.over(loaded.config))
        project = opened.workspace.snapshot()
        entries = {
            known: list(listed)
            for known, listed in before.items()
            if (loaded.root / known).exists()
        }
        for file in opened.files:
            name = project.relative(file)
            text = project.text(file) if file in project.files else None
            if text is None:
                entries.pop(name, None)
                continue
            found = check_file(project, file, text, selection)
            if found is None:
                continue  # what is known of it stays
            kept = [known for known in entries.get(name, ()) if not selection.runs(known)]
            entries[name] = kept + [entry(item, lines_of(text)) for item in found]
        try:
            write_baseline(path, entries)
        except OSError as error:
            raise Failure(f"{display(path)} can't be written: {error.strerror}") from error
        total = sum(map(len, entries.values()))
        found_now = "1 finding" if total == 1 else f"{total} findings"
        done.append(f"Wrote {found_now} to {display(path)}; check is silent about them now.")
    return "\n".join(done)
