"""CEL214."""

import re
from collections.abc import Iterator

from celeryls.facts import DecoratorSite, RetrySite
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.edits import add_keywords
from celeryls.rules.retrying.swallowed import finding, is_retry, may_not_raise, raising
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Edit, Fix, Span

_GIVES_UP = "MaxRetriesExceededError"


class RetryWithoutExc(TaskRule):
    """## What it does

    Finds calls of `self.retry()` in an `except` that do not say `exc=`.

    ## Why it matters

    When the last retry is used up `retry` raises the exception that it is given. Without one it
    raises `MaxRetriesExceededError`, so that the failure that is stored, and that monitoring
    counts, is the same for every cause. `exc` is also what the logs of each retry show.

    Celery's documentation:
    [Retrying](https://docs.celeryq.dev/en/stable/userguide/tasks.html#retrying)

    ## Example

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        try:
            fetch(product_id)
        except TimeoutError:
            raise self.retry(countdown=60)
    ```

    Use instead:

    ```python
    @shared_task(bind=True)
    def sync(self, product_id):
        try:
            fetch(product_id)
        except TimeoutError as exc:
            raise self.retry(countdown=60, exc=exc) from exc
    ```

    ## Known limits

    A file that mentions `MaxRetriesExceededError` relies on it, and is silent. So is a base class
    with an `on_failure`, and a task that is retried for ever.

    ## Fix safety

    Safe: the last failure is the cause, which is what the rule is about. The name `exc` is given
    to the exception where it has none, and the call becomes `raise … from exc`, as linters want it
    (B904). There is no fix in a bare `except`.
    """

    code = "CEL214"
    name = "retry-without-exc"
    summary = "The last failure of a retried task does not name its cause."
    severity = "info"
    since = "0.1.0"
    fix = "safe"
    gives_way_to = ("CEL215",)

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task, text = context.task, context.file.text
        sites = [site for site in context.site.retries if _lacks_exc(context, site)]
        if not sites or _GIVES_UP in text or task.base.has_method("on_failure"):
            return
        if context.file.project.effective(task, "max_retries").value == Const(None):
            return
        for site in sites:
            yield finding(
                self,
                context,
                site,
                f'task "{task.label}": without exc= the last failure is a {_GIVES_UP}, '
                "whatever the cause",
                fixes=_fixes(context, site),
            )


def _lacks_exc(context: TaskContext, site: RetrySite) -> bool:
    if not site.handlers or not is_retry(context, site):
        return False
    if any(keyword.name in ("exc", None) for keyword in site.keywords):
        return False
    # exc is the third parameter.
    starred = any(span.of(context.file.text).startswith("*") for span in site.args)
    return len(site.args) < 3 and not starred


def _fixes(context: TaskContext, site: RetrySite) -> Iterator[Fix]:
    path, text, handler = context.file.path, context.file.text, site.handlers[0]
    name = handler.name
    edits: tuple[Edit, ...] = ()
    if name is None:
        caught = handler.span.of(text).rstrip()
        listed = len(handler.types) > 1 and not caught.endswith(")")
        if not handler.types or listed or any(c in caught for c in "\n\r#\\"):
            return
        name = "exc"
        if re.search(r"\bexc\b", context.site.span.of(text)):
            return
        end = handler.span.start + len(caught)
        edits = (Edit(Span(end, end), f" as {name}"),)
    callee = Span(site.span.start, text.index("(", site.span.start))
    call = DecoratorSite(site.span, callee, called=True, args=site.args, keywords=site.keywords)
    edits = (*edits, *add_keywords(text, call, f"exc={name}"))
    if site.raised or (site.alone and not may_not_raise(context, site)):
        edits = (*edits, *raising(text, site, name))
    yield Fix.in_file(path, f"Add exc={name}", Applicability.SAFE, *edits)
