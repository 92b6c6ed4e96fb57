"""Templates are found in a checkout and in a wheel, and jinja2 only when they are rendered."""

import subprocess
import sys
import zipfile
from pathlib import Path

from celeryls.generate.templates import template_folder

ROOT = Path(__file__).parents[2]


def test_found_in_a_checkout():
    assert template_folder() == ROOT / "templates"


def test_found_in_a_wheel(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    script = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r})\n"
        "from celeryls.forms import TaskSpec\n"
        "from celeryls.generate import write_task\n"
        "from celeryls.generate.templates import template_folder\n"
        "from celeryls.project.conventions import Conventions\n"
        "print(template_folder())\n"
        "print(write_task(TaskSpec('sync'), Conventions(), text='').code)\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert found.stdout.startswith(str(unpacked / "celeryls" / "templates"))
    assert "def sync(self" in found.stdout


def test_jinja2_is_not_imported_before_something_is_rendered():
    script = "import sys, celeryls.generate, celeryls.forms\nassert 'jinja2' not in sys.modules\n"
    subprocess.run([sys.executable, "-c", script], check=True)
