"""A `__call__` that only does something around a task is none of its class's methods."""

from textwrap import indent

import pytest

from celeryls.facts import ClassDecl, extract

_HEAD = "def __call__(self, *args, **kwargs):\n"

WRAPS = [
    "with app.app_context():\n    return self.run(*args, **kwargs)\n",
    "return super().__call__(*args, **kwargs)\n",
    "return Task.__call__(self, *args, **kwargs)\n",
    "log.info('begins')\ntry:\n    return super().__call__(*args, **kwargs)\nfinally:\n    end()\n",
    "if not flask.has_app_context():\n    with app.app_context():\n"
    "        return super().__call__(*args, **kwargs)\n"
    "return super().__call__(*args, **kwargs)\n",
]
CHANGES = [
    "return super().__call__(*args[1:], **kwargs)\n",
    "kwargs.pop('user')\nreturn super().__call__(*args, **kwargs)\n",
    "super().__call__(*args, **kwargs)\n",
    "return self.helper.start(*args, **kwargs)\n",
    "return self.helper.inner.run(*args, **kwargs)\n",
    "return wrap(super().__call__(*args, **kwargs))\n",
    "try:\n    return super().__call__(*args, **kwargs)\nexcept OSError:\n    return None\n",
    "with suppress(OSError):\n    return super().__call__(*args, **kwargs)\n",
    "for _ in range(3):\n    return super().__call__(*args, **kwargs)\n",
    "return super().__call__(self, *args, **kwargs)\n",
]


def _methods(code: str) -> set[str]:
    text = "from celery import Task\n\nclass Base(Task):\n" + indent(code, "    ")
    (found,) = extract(text).interface.names["Base"]
    assert isinstance(found, ClassDecl)
    return set(found.methods)


@pytest.mark.parametrize("body", WRAPS)
def test_what_only_wraps_is_left_out(body: str) -> None:
    assert _methods(_HEAD + indent(body, "    ")) == set()


@pytest.mark.parametrize("body", CHANGES)
def test_what_may_change_something_is_a_method(body: str) -> None:
    assert _methods(_HEAD + indent(body, "    ")) == {"__call__"}


@pytest.mark.parametrize(
    "head",
    [
        "def __call__(self, first, *args, **kwargs):\n",
        "async def __call__(self, *args, **kwargs):\n",
        "@traced\ndef __call__(self, *args, **kwargs):\n",
        "def run(self, *args, **kwargs):\n",
    ],
)
def test_only_plain_ones_are_left_out(head: str) -> None:
    assert len(_methods(head + "    return super().__call__(*args, **kwargs)\n")) == 1
