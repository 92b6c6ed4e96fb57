"""CEL106."""

import ast
from collections.abc import Collection, Iterator, Mapping

from celeryls import catalog
from celeryls.facts import ClassDecl, KeywordSite
from celeryls.facts.functions import keyword_site
from celeryls.facts.walk import statements
from celeryls.project import Task
from celeryls.project.symbols import External
from celeryls.rules.base import FileContext, Finding, TaskContext, TaskRule
from celeryls.rules.declaring.handler_signature import TASKS
from celeryls.rules.definitions import Piece, definition
from celeryls.rules.edits import remove_keywords
from celeryls.rules.options import spread_items
from celeryls.rules.passing_on import passes_on
from celeryls.rules.spelling import closest
from celeryls.syntax.expr import Call, Dict, Name, parse_expr
from celeryls.text import Applicability, Edit, Fix, Span

CLOSE = 0.8
"""See `celeryls.rules.spelling`."""
_SHARED = ("celery.shared_task", "celery.app.shared_task")


class UnknownTaskOption(TaskRule):
    """## What it does

    Finds keyword arguments of a task decorator, and attributes of a task class, that Celery does
    not know: misspelled options (`max_retires`), settings in place of options
    (`task_track_started`), and the keys of a *publish* retry policy (`interval_start`). Options in
    a dict of the file that is written out (`**RETRY`), and those of a call that makes a task
    (`task = shared_task(...)(function)`), are reported if they are close to one of Celery's.

    ## Why it matters

    Celery turns any keyword argument into an attribute of the task, without a word. So a
    misspelled option is accepted and has no effect: the default stays in force, and nobody
    notices until it matters.

    Celery's documentation:
    [List of options](https://docs.celeryq.dev/en/stable/userguide/tasks.html#list-of-options)

    ## Example

    ```python
    @shared_task(max_retires=10, task_track_started=True)
    def sync(product_id): ...
    ```

    Use instead:

    ```python
    @shared_task(max_retries=10, track_started=True)
    def sync(product_id): ...
    ```

    ## Known limits

    An attribute that anything in the project reads (`task.my_flag`, `getattr(task,
    "my_flag")`) is meant to be there, and silent. With a base class of one's own, and in a class,
    only names close to an option of Celery's are reported. Silent above a decorator that may have a
    use for what stands in the outer one.

    ## Fix safety

    Safe where the name has exactly one likely meaning: the option then does what its author
    asked for. In a dict it is unsafe, since that may be used for something else too. Otherwise
    the fix removes the argument, which has no effect, or moves an `interval_start` to
    `default_retry_delay`; both are unsafe, since a person should look.
    """

    code = "CEL106"
    name = "unknown-task-option"
    summary = "A task option that Celery does not know is accepted and has no effect."
    severity = "warning"
    since = "0.1.0"
    stability = "stable"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        seen: set[Span] = set()
        for finding in super().check(file):
            if finding.span not in seen:  # a constant may be spread in several
                seen.add(finding.span)
                yield finding
        for name, bindings in file.project.interface(file.path).names.items():
            match bindings:
                case (ClassDecl(bases=(_, *_)) as decl,):
                    yield from self._in_class(file, name, decl)
                case (Call(func=Name(dotted=made), args=(), keywords=(_, *_) as given),):
                    options = {option for option, _ in given if option is not None}
                    if any(map(_is_shared_task, file.project.resolve(file.path, made))):
                        wrong = {o: m for o in options if not _is_known(o) and (m := _meant(o))}
                        yield from self._in_named_call(file, name, name, wrong, options)
        for task in file.project.tasks_in(file.path):
            if task.kind == "register" and task.symbol[0] == file.path:
                yield from self._in_call(file, task)

    def _in_call(self, file: FileContext, task: Task) -> Iterator[Finding]:
        """`task = shared_task(max_retires=3)(function)`."""
        wrong = {name: meant for name in task.options if (meant := _unknown(task, name))}
        yield from self._in_named_call(file, task.symbol[1], task.label, wrong, task.options)

    def _in_named_call(
        self,
        file: FileContext,
        bound: str,
        label: str,
        wrong: Mapping[str, str],
        options: Collection[str],
    ) -> Iterator[Finding]:
        """Names in the call that `bound` stands for, each `wrong` one with what was meant."""
        for name, span in _named_in_call(file, bound) if wrong else ():
            meant = wrong.get(name)
            if meant is None or file.project.mentions(name):
                continue
            edit = Edit(span, meant)
            fix = Fix.in_file(file.path, f'Rename to "{meant}"', Applicability.SAFE, edit)
            message = _message(label, name, meant)
            yield Finding(self.code, message, span, span, span, () if meant in options else (fix,))

    def _in_class(self, file: FileContext, name: str, decl: ClassDecl) -> Iterator[Finding]:
        wrong = {
            attribute: meant
            for attribute in decl.attributes
            if attribute not in decl.methods and not _is_known(attribute)
            if (meant := _meant(attribute)) is not None and meant not in decl.attributes
        }
        if not wrong:
            return
        chain = file.project.chain(file.path, name)
        piece = definition(file.text, name)
        if piece is None or TASKS.isdisjoint(chain.externals) or not chain.complete:
            return
        for attribute, span in _assigned(piece):
            meant = wrong.get(attribute)
            above = any(attribute in one.attributes for _, one in chain.classes[1:])
            if meant is None or above or file.project.mentions(attribute, as_key=False):
                continue
            yield Finding(
                self.code,
                f'"{name}": "{attribute}" is not a task option and has no effect; '
                f'the option is "{meant}"',
                span,
                span,
                span,
                (
                    Fix.in_file(
                        file.path, f'Rename to "{meant}"', Applicability.SAFE, Edit(span, meant)
                    ),
                ),
            )

    def check_task(self, context: TaskContext) -> Iterator[Finding]:
        task = context.task
        below = task.decl.decorators[(task.decorator or 0) + 1 :]
        project = context.file.project
        if not all(passes_on(project, context.file.path, decorator) for decorator in below):
            return  # an inner decorator may read what the outer one was given
        for keyword in context.decorator.keywords:
            name = keyword.name
            if name is None:
                yield from self._in_spread(context, keyword)
                continue
            if _is_known(name):
                continue
            if name in context.site.first_param_attributes:
                continue
            if task.base.attribute(name) is not None or task.base.has_method(name):
                continue
            meant = _meant(name)
            own_base = bool(task.base.classes) or not task.base.complete
            if own_base and meant is None and name not in catalog.retry_policy_keys():
                continue
            if context.file.project.mentions(name, as_key=meant is None):
                continue
            yield context.finding(
                self,
                _message(context.task.label, name, meant),
                span=keyword.name_span,
                fixes=tuple(_fixes(context, keyword, meant)),
            )

    def _in_spread(self, context: TaskContext, keyword: KeywordSite) -> Iterator[Finding]:
        """`@shared_task(**RETRY)`, of a dict that is written out."""
        file, task = context.file, context.task
        written = parse_expr(keyword.value_span.of(file.text))
        value = file.project.evaluate(file.path, written)
        if not isinstance(value, Dict):
            return
        for name, _, span in spread_items(file, keyword.value_span, value):
            meant = _unknown(task, name)
            if meant is None or name in context.site.first_param_attributes:
                continue
            if span == keyword.value_span or file.project.mentions(name, beside=(file.path, span)):
                continue
            fix = Fix.in_file(
                file.path, f'Rename to "{meant}"', Applicability.UNSAFE, Edit(span, meant)
            )
            yield context.finding(
                self,
                _message(task.label, name, meant),
                span=span,
                evidence=span,
                fixes=() if meant in task.options else (fix,),
            )


def _is_shared_task(symbol: object) -> bool:
    return isinstance(symbol, External) and symbol.qualname in _SHARED


def _unknown(task: Task, name: str) -> str | None:
    """The option that a name of a task most likely stands for, where it is none."""
    if _is_known(name) or task.base.attribute(name) is not None or task.base.has_method(name):
        return None
    return _meant(name)


def _named_in_call(file: FileContext, name: str) -> Iterator[tuple[str, Span]]:
    """The keyword arguments of the call, or the two calls, that a name at the top is bound to."""
    if file.parsed.broken:
        return
    for node, _ in statements(file.parsed.tree.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=bound)], value=value) if bound == name:
                while isinstance(value, ast.Call):
                    for keyword in value.keywords:
                        if keyword.arg is not None:
                            yield keyword.arg, keyword_site(file.parsed, keyword).name_span
                    value = value.func


def _is_known(name: str) -> bool:
    return name in catalog.task_options() or _known_later(name)


def _assigned(piece: Piece) -> Iterator[tuple[str, Span]]:
    """The names that the body of a class assigns, with where they stand."""
    for node, _ in statements(piece.node.body):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(targets[0], ast.Name):
            yield targets[0].id, piece.place(piece.parsed.span(targets[0]))


def _known_later(name: str) -> bool:
    return any(name in catalog.task_options(version) for version in catalog.VERSIONS)


def _meant(name: str) -> str | None:
    """The option that a name most likely stands for, if there is exactly one."""
    options = catalog.task_options()
    for option, known in options.items():
        if known.setting == name or (known.setting and name == f"celery_{known.setting}"):
            return option
    return closest(name, options, close=CLOSE)


def _message(label: str, name: str, meant: str | None) -> str:
    if meant is not None:
        return (
            f'task "{label}": "{name}" is not a task option and has no effect; '
            f'the option is "{meant}"'
        )
    if name in catalog.retry_policy_keys():
        return (
            f'task "{label}": "{name}" belongs to the retry_policy of publishing; '
            "as a task option it has no effect"
        )
    return f'task "{label}": "{name}" is not a task option; Celery accepts it without any effect'


def _fixes(context: TaskContext, keyword: KeywordSite, meant: str | None) -> Iterator[Fix]:
    path, text = context.file.path, context.file.text
    options = context.task.options
    name = keyword.name
    if meant is not None and meant not in options:
        edit = Edit(keyword.name_span, meant)
        yield Fix.in_file(path, f'Rename to "{meant}"', Applicability.SAFE, edit)
    elif name == "interval_start" and "default_retry_delay" not in options:
        edit = Edit(keyword.name_span, "default_retry_delay")
        yield Fix.in_file(path, 'Use "default_retry_delay" instead', Applicability.UNSAFE, edit)
    yield Fix.in_file(
        path,
        f'Remove "{name}", which has no effect',
        Applicability.UNSAFE,
        *remove_keywords(text, context.decorator, keyword),
    )
