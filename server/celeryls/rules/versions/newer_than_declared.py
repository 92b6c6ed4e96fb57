"""CEL903."""

from collections.abc import Iterator

from celeryls import catalog
from celeryls.catalog import Version
from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.configuring.sites import SettingContext, settings_of


class NewerThanDeclared(Rule):
    """## What it does

    Finds task options and settings that came with a newer Celery than the project has.

    ## Why it matters

    Celery takes any option and any setting, without a word. One that it doesn't know yet has no
    effect.

    Celery's documentation:
    [Configuration and defaults](https://docs.celeryq.dev/en/stable/userguide/configuration.html)

    ## Example

    ```python
    # requirements.txt: celery==5.4.0
    @shared_task(pydantic=True)
    def ship(order: Order): ...
    ```

    Use instead:

    ```python
    # requirements.txt: celery==5.5.3
    @shared_task(pydantic=True)
    def ship(order: Order): ...
    ```

    ## Known limits

    The version is the newest that the project may run with: what a lock file, a pin or an upper
    bound says, or what is installed. Without any of these the rule is silent. So it is for what
    stands under a condition, which may ask for the version. Versions up to 5.3 count as 5.3.

    ## Fix safety

    There is no fix: either the version or the code is to be changed.
    """

    code = "CEL903"
    name = "newer-than-declared"
    summary = "An option or a setting needs a newer Celery than the project has."
    severity = "warning"
    since = "0.1.0"
    fix = "none"

    def check(self, file: FileContext) -> Iterator[Finding]:
        version = file.project.newest_celery
        if version is None or version >= catalog.NEWEST:
            return
        options, settings = _newer("task_options", version), _newer("settings", version)
        for task in file.tasks():
            if _is_indented(file, task.scope.start):
                continue
            for keyword in task.decorator.keywords:
                if keyword.name in options and task.task.base.attribute(keyword.name) is None:
                    message = _message(keyword.name, options[keyword.name], version)
                    yield task.finding(self, message, span=keyword.name_span)
        written = tuple(settings_of(file.project, file.path))
        for one in written:
            if one.key in settings and not one.site.conditional:
                message = _message(one.site.name, settings[one.key], version)
                yield SettingContext(file, one, written).finding(self, message)


def _newer(section: catalog.Section, version: Version) -> dict[str, Version]:
    """What came after a version, with the version that brought it."""
    return {name: since for name, since in catalog.since(section).items() if since > version}


def _is_indented(file: FileContext, at: int) -> bool:
    """Whether a task stands in a class, a function, or under a condition."""
    return file.lines.line_start(file.lines.line_at(at)) != at


def _message(name: str, since: Version, version: Version) -> str:
    needs, has = (".".join(map(str, one)) for one in (since, version))
    return f'"{name}" needs Celery {needs}; in {has}, which the project has, it has no effect'
