"""CEL324."""

import re
from collections.abc import Iterator

from celeryls.rules.base import Finding, TaskContext, TaskRule

_SECRET = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|secret|credentials?|cvv|cvc|ssn|iban"
    r"|(?:api|private|secret|access)_key|(?:access|refresh|auth|bearer)_token|card_number"
    r"|credit_card)(?:$|_(?:value|text|plain|data))"
)


class SensitiveArguments(TaskRule):
    """## What it does

    Finds parameters of tasks whose names say that they are secret: `password`, `api_key`,
    `card_number`.

    ## Why it matters

    Arguments of tasks stand in the broker, in the logs of workers, in events and monitors, and with
    `result_extended` among the results. Send a key under which the task finds the secret, or hide
    it with `argsrepr` and `kwargsrepr` when the task is sent.

    Celery's documentation:
    [Hiding sensitive information in arguments](https://docs.celeryq.dev/en/stable/userguide/tasks.html#hiding-sensitive-information-in-arguments)

    ## Example

    ```python
    @shared_task
    def charge(order_id, card_number): ...
    ```

    Use instead:

    ```python
    @shared_task
    def charge(order_id, card_id): ...
    ```

    ## Known limits

    A name is all that it goes by, so the rule is off. Silent where `argsrepr` or `kwargsrepr` is
    used anywhere in the project.

    ## Fix safety

    There is no fix: the task has to find the secret by itself.
    """

    code = "CEL324"
    name = "sensitive-arguments"
    summary = "A task gets a secret as an argument, which logs and monitors show."
    severity = "warning"
    enabled = False
    since = "0.1.0"
    fix = "none"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, site, file = context.task, context.site, context.file
        for param, span in zip(task.decl.params, site.params, strict=False):
            if _SECRET.search(param.name) is None:
                continue
            if any(file.project.mentioned_beside("", word) for word in ("argsrepr", "kwargsrepr")):
                return
            message = f'"{param.name}" of task "{task.label}" is shown in logs and monitors'
            yield context.finding(self, message, span=span)
