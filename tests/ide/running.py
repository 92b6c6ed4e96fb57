"""A task of a project on disk, asked about and run as somebody would in a terminal."""

import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from celeryls.forms import Form
from celeryls.generate.run_line import RunLine
from celeryls.ide import run_task
from celeryls.ide.dialogue import Place
from celeryls.project import Project, Task
from tests.generate.projects import project

SCRIPTS = sysconfig.get_path("scripts")


def place_of(task: Task) -> Place:
    return Place(task.path, None, {"function": task.decl.qualname})


def found(snapshot: Project, name: str) -> Task:
    """The task of a function's name."""
    (task,) = (task for task in snapshot.tasks() if task.decl.name == name)
    return task


def asked(root: Path, name: str, answers: dict[str, object] | None = None) -> Form[Any]:
    """The form about a task of the project in a folder."""
    snapshot = project(root, {})
    return run_task.form(snapshot, place_of(found(snapshot, name)), answers)


def line(root: Path, name: str, **answers: object) -> RunLine:
    """The line to type; answers to `argument_x` go by `x`, others by their own id."""
    snapshot = project(root, {})
    own = ("how", "app", "queue", "countdown", "arguments", "keyword_arguments")
    given = {key if key in own else f"argument_{key}": value for key, value in answers.items()}
    return run_task.line(snapshot, place_of(found(snapshot, name)), given)


def typed(run: RunLine, seconds: float = 60) -> str:
    """What a shell prints that is given the line, with the project's environment on its path."""
    done = subprocess.run(
        ["/bin/sh", "-c", run.command],
        cwd=run.cwd,
        env={**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{run.command}\n{done.stdout}{done.stderr}"
    return done.stdout.strip()
