"""CEL109."""

from collections.abc import Iterator

from celeryls.facts import Import, ParamKind
from celeryls.project.symbols import External, Module
from celeryls.rules.base import Finding, TaskContext, TaskRule
from celeryls.rules.declaring.surroundings import is_run_by_celery_alone, setting_in_force
from celeryls.syntax.expr import Const, Name
from celeryls.syntax.scan import TokenKind, scan
from celeryls.text import Applicability, Edit, Fix, Span

_RUN_COROUTINES = ("celery_aio_pool", "celery_pool_asyncio", "celery_asyncio", "aio_celery")
"""Packages that make workers await what a task returns."""
_PATCHES = (*_RUN_COROUTINES, "build_tracer", "custom_worker_pool", "CELERY_CUSTOM_WORKER_POOL")
"""Words in code that changes how workers run tasks."""
_POOLS = frozenset({"prefork", "processes", "solo", "threads", "eventlet", "gevent"})
_STARS = {ParamKind.VAR_POSITIONAL: "*", ParamKind.VAR_KEYWORD: "**"}


class AsyncTask(TaskRule):
    """## What it does

    Finds tasks that are `async def`.

    ## Why it matters

    A worker calls the function and awaits nothing. All that happens is that a coroutine is
    made: the body does not run, and the worker fails to store the coroutine as a result
    (`Object of type coroutine is not JSON serializable`). If results are ignored, the task even
    counts as a success.

    Celery's issue:
    [#7743](https://github.com/celery/celery/issues/7743)

    ## Example

    ```python
    @shared_task
    async def fetch(url):
        await download(url)
    ```

    Use instead:

    ```python
    async def _fetch(url):
        await download(url)


    @shared_task
    def fetch(url):
        return asyncio.run(_fetch(url))
    ```

    ## Known limits

    Silent where something may await the coroutine: a decorator below the task's, a base class
    that can't be read or has a `__call__`, an app of a class of one's own, a pool that is not
    Celery's, a package such as `celery-aio-pool` that is installed or named in the code.

    ## Fix safety

    Unsafe: `asyncio.run` makes an event loop for each run, which doesn't suit objects that live
    longer than one. There is no fix inside classes and functions.
    """

    code = "CEL109"
    name = "async-task"
    summary = "A task is a coroutine function, which no worker awaits, so its body never runs."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task = context.task
        if not task.decl.is_async or not is_run_by_celery_alone(context):
            return
        if _awaits(context):
            return
        yield context.finding(
            self,
            f'task "{task.label}" is async: a worker makes its coroutine and never awaits it, '
            "so its body does not run; call asyncio.run in a plain function",
            fixes=tuple(_fixes(context)),
        )


def _awaits(context: TaskContext) -> bool:
    """Whether anything makes workers await coroutines."""
    pool = setting_in_force(context, "worker_pool") if context.file.project.apps else Const("solo")
    if not isinstance(pool, Const) or pool.value not in _POOLS:
        return True
    project, path = context.file.project, context.file.path
    for package in _RUN_COROUTINES:
        if any(isinstance(s, Module) for s in project.module_symbols(path, Import(package, None))):
            return True
    return any(
        word in context.file.text or project.mentioned_beside(path, word) for word in _PATCHES
    )


def _colon(text: str, start: int) -> int | None:
    """The colon that ends the signature of a function, of which `start` is behind the brackets."""
    depth = 0
    for token in scan(text, start):
        found = text.find(":", start, token.span.start) if depth == 0 else -1
        if found >= 0:
            return found
        depth += (token.kind is TokenKind.OPEN) - (token.kind is TokenKind.CLOSE)
        start = token.span.end
    found = text.find(":", start)
    return found if found >= 0 else None


def _fixes(context: TaskContext) -> Iterator[Fix]:
    task, site, file = context.task, context.site, context.file
    text, lines, decl = file.text, file.lines, task.decl
    inner = f"_{decl.name}"
    colon = _colon(text, site.parens.end)
    if decl.in_class or decl.in_function or decl.is_generator or colon is None:
        return
    start = site.decorators[0].span.start - 1
    if inner in text or lines.line_start(lines.line_at(start)) != start:
        return
    last = lines.line_at(site.span.end)
    end = lines.line_span(last).end
    newline = "\r\n" if "\r\n" in text else "\n"
    given = ", ".join(
        f"{p.name}={p.name}"
        if p.kind is ParamKind.KEYWORD_ONLY
        else _STARS.get(p.kind, "") + p.name
        for p in decl.params
    )
    body = f"return asyncio.run({inner}({given}))"
    if file.project.meaning(file.path, Name("asyncio")) != (External("asyncio"),):
        body = f"import asyncio{newline}{newline}    {body}"
    head = text[start : site.span.start]
    signature = text[site.name.start : colon]
    added = f"{newline * 3}{head}def {signature}:{newline}    {body}"
    yield Fix.in_file(
        file.path,
        f'Run it with asyncio.run, as "{inner}"',
        Applicability.UNSAFE,
        Edit(Span(start, site.name.end), f"async def {inner}"),
        Edit(Span(end, end), added),
    )
