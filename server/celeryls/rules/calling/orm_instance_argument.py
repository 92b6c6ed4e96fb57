"""CEL312."""

import re
from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding
from celeryls.rules.calling.models import held
from celeryls.rules.calls import CHANGES_CALLS, CallContext, CallRule
from celeryls.syntax.expr import Const
from celeryls.text import Applicability, Edit, Fix, Span

_NAME = re.compile(r"\w+(?:\.\w+)*")


class OrmInstanceArgument(CallRule):
    """## What it does

    Finds tasks that are sent an object of a Django model, or a query set, where JSON has to carry
    it.

    ## Why it matters

    The call raises `EncodeError: Object of type Order is not JSON serializable`. A serializer that
    could carry the object would not help: the task would work on what the row was when the message
    was sent, and overwrite what has changed since. Send the key, and read the row in the task.

    Celery's documentation:
    [State](https://docs.celeryq.dev/en/stable/userguide/tasks.html#state)

    ## Example

    ```python
    from django.db import models


    class Order(models.Model): ...


    def place(user):
        order = Order.objects.create(user=user)
        charge.delay(order)
    ```

    Use instead:

    ```python
    from django.db import models


    class Order(models.Model): ...


    def place(user):
        order = Order.objects.create(user=user)
        charge.delay(order.pk)
    ```

    ## Known limits

    Only what is certainly such an object: made or fetched in the same function, `self` in a method
    of the model, or a parameter annotated with the model. Silent unless the serializer in force is
    known to be JSON, for models with `__json__`, where a base of the task sends in its own way, and
    in tests.

    ## Fix safety

    Unsafe: an object that has a name becomes its `pk`, and the task has to change as well, to
    fetch the object. There is no fix for query sets and for objects that have no name.
    """

    code = "CEL312"
    name = "orm-instance-argument"
    summary = "A task is sent a database object; JSON can't carry it, and it would be stale."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if not file.project.is_test(file.path):
            yield from super().check(file)

    def check_call(self, context: CallContext) -> Iterator[Finding]:
        task, project = context.task, context.file.project
        if task is None or not context.dispatch.is_direct or not task.is_plain:
            return
        if not task.base.complete or task.base.has_method(*CHANGES_CALLS):
            return
        names_options = not context.site.method.startswith("delay")
        if names_options and ("serializer" in context.keywords or context.spreads):
            return
        within = context.site.within
        for span, written, value in context.arguments():
            what = held(context.file, within, written, value)
            if what is None or project.effective(task, "serializer").value != Const("json"):
                continue
            if project.mentioned_beside("", "register_type"):
                return  # somebody teaches Kombu what to make of objects
            message = f'task "{task.label}" is sent {what}, which JSON can\'t carry'
            hint = ": send its pk" if what.startswith("an object") else ": send the keys"
            fixes: tuple[Fix, ...] = ()
            if what.startswith("an object") and _NAME.fullmatch(span.of(context.file.text)):
                title = "Send its pk (the task has to fetch the object)"
                edit = Edit(Span(span.end, span.end), ".pk")
                fixes = (Fix.in_file(context.file.path, title, Applicability.UNSAFE, edit),)
            yield context.finding(self, message + hint, span=span, fixes=fixes)
