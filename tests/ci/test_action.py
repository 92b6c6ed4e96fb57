"""The steps of `action.yml`, run as a GitHub runner runs them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.conftest import ROOT, environment
from tests.rules.harness import write

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
TYPO = "from celery import shared_task\n\n\n@shared_task(max_retires=3)\ndef sync(): ...\n"
ONLY = "--select CEL106"


class Runner:
    """As much of GitHub's runner as a composite action of bash steps needs.

    `env` of a step and `$GITHUB_ENV` are variables; `shell: bash` is what GitHub's documentation
    says it is; the only expressions are inputs and the outputs of steps.
    """

    def __init__(self, folder: Path, action: Path) -> None:
        self.workspace = folder / "work"
        self.workspace.mkdir()
        self._folder = folder
        self.todo = list(ACTION["runs"]["steps"])
        self.environment = environment(
            GITHUB_ACTION_PATH=str(action),
            GITHUB_WORKSPACE=str(self.workspace),
            GITHUB_ENV=str(folder / "env"),
            GITHUB_OUTPUT=str(folder / "output"),
            RUNNER_TEMP=str(folder / "temp"),
        )
        (folder / "temp").mkdir()

    def steps(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run the steps `todo` until one fails; the last one that ran."""
        assert inputs.keys() <= ACTION["inputs"].keys()
        given = {name: inputs.get(name, item["default"]) for name, item in ACTION["inputs"].items()}
        done = None
        for step in self.todo:
            done = self._step(step, given)
            if done.returncode:
                break
        assert done is not None
        return done

    def _step(
        self, step: dict[str, Any], inputs: dict[str, str]
    ) -> subprocess.CompletedProcess[str]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an input in a script is code"
        script = self._folder / "step.sh"
        script.write_text(step["run"])
        for name in ("env", "output"):
            (self._folder / name).write_text("")
        env = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], value)
            for name, value in step["env"].items()
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.workspace,
            env={**self.environment, **env},
            capture_output=True,
            text=True,
            check=False,
        )
        self.environment.update(self.written("env"))
        return done

    def written(self, name: str) -> dict[str, str]:
        """What the last step wrote into `$GITHUB_ENV` or `$GITHUB_OUTPUT`."""
        lines = (self._folder / name).read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Runner:
    """A runner on which the action has installed celeryls once."""
    runner = Runner(tmp_path_factory.mktemp("runner"), published)
    done = runner.steps(args=ONLY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == "warning: no Python files in .\n"
    return runner


@pytest.fixture
def runner(installed: Runner, tmp_path: Path, published: Path) -> Runner:
    """A runner that has come to the last step."""
    runner = Runner(tmp_path, published)
    runner.environment["CELERYLS"] = installed.environment["CELERYLS"]
    del runner.todo[0]
    return runner


def test_findings_are_annotations_and_fail_the_job(runner: Runner) -> None:
    write(runner.workspace, {"tasks.py": TYPO})
    done = runner.steps(args=ONLY)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::warning "), done.stdout
    assert "file=tasks.py,line=4," in done.stdout
    assert runner.written("output") == {"exit-code": "1"}


def test_nothing_to_report(runner: Runner) -> None:
    write(runner.workspace, {"tasks.py": TYPO.replace("max_retires", "max_retries")})
    done = runner.steps(args=ONLY)
    assert (done.returncode, done.stderr) == (0, "")
    assert "::" not in done.stdout
    assert runner.written("output") == {"exit-code": "0"}


def test_the_sarif_file_holds_the_findings_too(runner: Runner) -> None:
    write(runner.workspace, {"tasks.py": TYPO})
    done = runner.steps(**{"args": ONLY, "sarif-file": "out put.sarif"})
    assert done.returncode == 1
    assert "::warning " in done.stdout
    sarif = json.loads((runner.workspace / "out put.sarif").read_text())
    assert [found["ruleId"] for found in sarif["runs"][0]["results"]] == ["CEL106"]


def test_paths_are_one_a_line_and_are_no_code(runner: Runner) -> None:
    write(runner.workspace, {"a b/t.py": TYPO, "$(touch pwned)/t.py": TYPO, "c/t.py": TYPO})
    inputs = {"args": ONLY, "paths": "a b\n$(touch pwned)\n", "output-format": "json"}
    done = runner.steps(**inputs)
    found = {item["path"] for item in json.loads(done.stdout)}
    assert found == {"a b/t.py", "$(touch pwned)/t.py"}
    assert not (runner.workspace / "pwned").exists()


def test_what_can_not_run_is_no_finding(runner: Runner) -> None:
    write(runner.workspace, {"tasks.py": TYPO})
    done = runner.steps(**{"args": "--select CEL999", "sarif-file": "out.sarif"})
    assert done.returncode == 2, done.stderr
    assert runner.written("output") == {"exit-code": "2"}
    assert not (runner.workspace / "out.sarif").exists()
    assert 'unknown rule "CEL999"' in done.stderr


def test_another_version_comes_from_the_index(tmp_path: Path, published: Path) -> None:
    wheels = tmp_path / "wheels"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels]
    subprocess.run([*build, published], check=True, stdout=subprocess.DEVNULL)
    (wheel,) = wheels.glob("*.whl")
    runner = Runner(tmp_path, tmp_path / "not the action's own source")
    links = os.environ.get("PIP_FIND_LINKS", "")
    runner.environment |= {"PIP_FIND_LINKS": f"{wheels} {links}".strip(), "PIP_NO_DEPS": "1"}
    del runner.todo[1]
    done = runner.steps(version=wheel.name.split("-")[1])
    assert done.returncode == 0, done.stdout + done.stderr
    assert Path(runner.environment["CELERYLS"]).is_file()
