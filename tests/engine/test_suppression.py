"""Suppression comments: where they count, what they name, what only looks like one."""

from pathlib import Path

import pytest

from tests.rules.harness import check

_HEAD = "from celery import shared_task\n"

# The file, the rules that are still reported in it.
SILENT = {
    "own, on the decorator": "@shared_task  # celeryls: ignore[CEL101]\ndef f(): ...\n",
    "own, on the function": "@shared_task\ndef f(): ...  # celeryls: ignore[CEL101]\n",
    "own, above": "# celeryls: ignore[CEL101]\n@shared_task\ndef f(): ...\n",
    "own, above the function": "@shared_task\n# celeryls: ignore[CEL101]\ndef f(): ...\n",
    "own, by name": "@shared_task  # celeryls: ignore[missing-acks-late]\ndef f(): ...\n",
    "own, any case": "@shared_task  # CELERYLS: IGNORE[cel101]\ndef f(): ...\n",
    "own, everything": "@shared_task  # celeryls: ignore\ndef f(): ...\n",
    "own, several": "@shared_task  # celeryls: ignore[CEL104, CEL101]\ndef f(): ...\n",
    "own, spaces": "@shared_task  #celeryls:ignore [ CEL101 ]\ndef f(): ...\n",
    "own, after words": "@shared_task  # idempotent not, celeryls: x # celeryls: ignore[CEL101]\n"
    "def f(): ...\n",
    "own, with a reason": "@shared_task  # celeryls: ignore[CEL101] it is cheap\ndef f(): ...\n",
    "own, the file": "@shared_task\ndef f(): ...\n\n# celeryls: ignore-file[CEL101]\n",
    "own, the file, everything": "# celeryls: ignore-file\n@shared_task\ndef f(): ...\n",
    "own, below an outer decorator": (
        "def o(f): return f\n@o\n# celeryls: ignore[CEL101]\n@shared_task\ndef f(): ...\n"
    ),
    "noqa": "@shared_task  # noqa\ndef f(): ...\n",
    "noqa with the code": "@shared_task  # noqa: CEL101\ndef f(): ...\n",
    "noqa with several": "@shared_task  # noqa: E501, CEL101\ndef f(): ...\n",
    "noqa with several, spaces": "@shared_task  # noqa: E501 CEL101\ndef f(): ...\n",
    "noqa on the function": "@shared_task\ndef f(): ...  # noqa: CEL101\n",
    "noqa, tight": "@shared_task  #noqa:CEL101\ndef f(): ...\n",
    "noqa with a reason": "@shared_task  # noqa: CEL101 it is cheap\ndef f(): ...\n",
    "multi-line decorator, first line": (
        "@shared_task(  # celeryls: ignore[CEL101]\n    queue='x',\n)\ndef f(): ...\n"
    ),
    "multi-line decorator, inside": (
        "@shared_task(\n    queue='x',  # noqa: CEL101\n)\ndef f(): ...\n"
    ),
    "multi-line decorator, last line": (
        "@shared_task(\n    queue='x',\n)  # celeryls: ignore[CEL101]\ndef f(): ...\n"
    ),
    "multi-line parameters, last line": (
        "@shared_task\ndef f(\n    a,\n):  # celeryls: ignore[CEL101]\n    ...\n"
    ),
    "with CRLF": "@shared_task  # celeryls: ignore[CEL101]\r\ndef f(): ...\r\n",
    "after a string with a hash": "@shared_task(queue='#x')  # noqa: CEL101\ndef f(): ...\n",
}

REPORTED = {
    "nothing": "@shared_task\ndef f(): ...\n",
    "another code": "@shared_task  # celeryls: ignore[CEL102]\ndef f(): ...\n",
    "noqa with another code": "@shared_task  # noqa: E501\ndef f(): ...\n",
    "part of a code": "@shared_task  # celeryls: ignore[CEL10]\ndef f(): ...\n",
    "an empty list": "@shared_task  # celeryls: ignore[]\ndef f(): ...\n",
    "in the body": "@shared_task\ndef f():\n    pass  # celeryls: ignore[CEL101]\n",
    "two lines above": "# celeryls: ignore[CEL101]\n\n@shared_task\ndef f(): ...\n",
    "behind code of the line above": (
        "x = 1  # celeryls: ignore[CEL101]\n@shared_task\ndef f(): ...\n"
    ),
    "noqa above": "# noqa: CEL101\n@shared_task\ndef f(): ...\n",
    "after": "@shared_task\ndef f(): ...\n# celeryls: ignore[CEL101]\n",
    "inside a string": "@shared_task(queue='# celeryls: ignore[CEL101]')\ndef f(): ...\n",
    "inside a string of three lines": (
        "@shared_task(queue='''\n# celeryls: ignore[CEL101]\n''')\ndef f(): ...\n"
    ),
    "inside the docstring": '@shared_task\ndef f():\n    """# celeryls: ignore-file[CEL101]"""\n',
    "another tool's": "@shared_task  # pylint: disable=CEL101\ndef f(): ...\n",
    "no hash": "@shared_task\ndef f(): 'celeryls: ignore[CEL101]'\n",
    "noqa as part of a word": "@shared_task  # noqaCEL101\ndef f(): ...\n",
    "the file, another code": "# celeryls: ignore-file[CEL102]\n@shared_task\ndef f(): ...\n",
}


@pytest.mark.parametrize("where", SILENT)
def test_a_comment_silences_what_it_names(where: str, tmp_path: Path) -> None:
    assert check(tmp_path, {"t.py": _HEAD + SILENT[where]}, "t.py", "CEL101") == ()


@pytest.mark.parametrize("where", REPORTED)
def test_what_is_no_such_comment_silences_nothing(where: str, tmp_path: Path) -> None:
    found = check(tmp_path, {"t.py": _HEAD + REPORTED[where]}, "t.py", "CEL101")
    assert [item.rule.code for item in found] == ["CEL101"]


def test_the_wrong_task_is_still_reported(tmp_path: Path) -> None:
    text = _HEAD + (
        "@shared_task  # celeryls: ignore[CEL101]\ndef f(): ...\n@shared_task\ndef g(): ...\n"
    )
    (found,) = check(tmp_path, {"t.py": text}, "t.py", "CEL101")
    assert '"t.g"' in found.finding.message


def test_one_code_leaves_the_others(tmp_path: Path) -> None:
    text = _HEAD + "@shared_task(bind=True)  # celeryls: ignore[CEL101]\ndef f(): ...\n"
    found = check(tmp_path, {"t.py": text}, "t.py")
    assert [item.rule.code for item in found] == ["CEL102", "CEL104"]
