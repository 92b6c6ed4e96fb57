"""From a tree to facts: one walk over the statements of a file."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from celeryls.facts.calls import Uses
from celeryls.facts.configuration import MUTATORS, Configuration
from celeryls.facts.crontabs import crontab_sites
from celeryls.facts.functions import (
    calls_retry,
    function_decl,
    function_site,
    params_of,
    returns_value,
)
from celeryls.facts.model import (
    Binding,
    ClassDecl,
    FileFacts,
    FunctionDecl,
    Import,
    Interface,
    Param,
)
from celeryls.facts.retries import WORDS, last_handlers, loop_handlers, retry_sites
from celeryls.facts.scopes import assigned_globals, bound_by, local_values, own_nodes
from celeryls.facts.settings import setting_sites
from celeryls.facts.sites import Body, CallSite, CanvasSite, FunctionSite, ScheduleSite
from celeryls.facts.transactions import transaction_sites
from celeryls.facts.walk import Function, any_in, header, lines_with, stands_on, statements
from celeryls.facts.wrapping import only_wraps
from celeryls.syntax import Parsed, parse
from celeryls.syntax.expr import UNKNOWN, Const, Expr, Name, dotted_name, to_expr
from celeryls.text import Span


def extract(text: str, parsed: Parsed | None = None) -> FileFacts:
    """The facts of one file; never raises.  `parsed` saves parsing again."""
    parsed = parsed or parse(text)
    extractor = _Extractor(parsed)
    extractor.block(parsed.tree.body)
    configuration = extractor.configuration
    uses = Uses(parsed)
    return FileFacts(
        Interface(
            names={name: tuple(bound) for name, bound in extractor.names.items()},
            star_imports=tuple(extractor.stars),
            functions=tuple(decl for decl, _ in extractor.functions),
            conf_writes=tuple(configuration.conf_writes),
            app_calls=tuple(configuration.app_calls),
            annotated_apps=extractor.annotated_apps,
            django_settings=configuration.django_settings,
        ),
        Body(
            functions=tuple(site for _, site in extractor.functions),
            calls=tuple(sorted(uses.calls, key=_place)),
            canvases=tuple(sorted(uses.canvases, key=_place)),
            schedules=tuple(sorted(uses.schedules, key=_place)),
            crontabs=crontab_sites(parsed),
            settings=setting_sites(parsed),
            transactions=transaction_sites(parsed),
            holes=parsed.holes,
        ),
        hopeless=parsed.hopeless,
    )


def _passed(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The names that calls at module level are given first: `task = app.task(name)`."""
    for node in body:
        match node:
            case (
                ast.Assign(value=ast.Call(args=[ast.Name(id=name), *_]))
                | ast.AnnAssign(value=ast.Call(args=[ast.Name(id=name), *_]))
                | ast.Expr(value=ast.Call(args=[ast.Name(id=name), *_]))
            ):
                yield name


def _is_task_class(node: ast.ClassDef) -> bool:
    names = (dotted_name(base) or "" for base in node.bases)
    return any(name.rpartition(".")[2] == "Task" for name in names)


def _place(site: CallSite | CanvasSite | ScheduleSite) -> Span:
    return site.span


class _Inside:
    """Where a block is: in which functions and classes."""

    def __init__(self, node: Function | ast.ClassDef, outer: "_Inside | None") -> None:
        self.node = node
        self.outer = outer
        self.in_class = isinstance(node, ast.ClassDef)
        self.in_function: bool = not self.in_class or (outer is not None and outer.in_function)
        around: str = outer.prefix if outer else ""
        self.prefix: str = around + (f"{node.name}." if self.in_class else f"{node.name}.<locals>.")

    @cached_property
    def scope(self) -> dict[str, Expr]:
        """What the functions around the block assign."""
        outer = self.outer.scope if self.outer else {}
        if isinstance(self.node, ast.ClassDef):
            return outer
        return {**outer, **local_values(self.node)}


class _Extractor:
    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.names: dict[str, list[Binding]] = {}
        self.stars: list[Import] = []
        self.annotated_apps: dict[str, Expr] = {}
        self.functions: list[tuple[FunctionDecl, FunctionSite]] = []
        self.configuration = Configuration(self.names)
        # Few lines have these words: only there is a closer look worth its time.
        self.notable = lines_with(
            parsed, "@", "conf", "environ", "autodiscover_tasks", "register_task", "global", ".Task"
        )
        self.yields = lines_with(parsed, "yield")
        self.retries = lines_with(parsed, "retry")
        self.ends = lines_with(parsed, *WORDS)
        self.returns = lines_with(parsed, "return")
        self.excepts = lines_with(parsed, "except")
        self.walruses = lines_with(parsed, ":=")
        self.globals = lines_with(parsed, "global")
        self.passed = frozenset(_passed(parsed.tree.body))

    def block(
        self, body: Sequence[ast.stmt], inside: _Inside | None = None, conditional: bool = False
    ) -> None:
        """Read the statements of a module, function or class."""
        top = inside is None
        for node, may_not in statements(body, conditional):
            self.configuration.around = dict if inside is None else lambda: inside.scope
            if top and self.walruses and stands_on(node, self.walruses):
                self._walrus(node)
            match node:
                case ast.Assign(targets=targets, value=value):
                    self._assign(targets, value, top, may_not)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._assign([target], value, top, may_not)
                    if top and isinstance(target, ast.Name):
                        self._annotated(target.id, node.annotation)
                case ast.AugAssign(target=target):
                    self._assign([target], None, top, may_not)
                case ast.Expr(value=ast.Call() as call):
                    self._call(call, top, may_not)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._function(node, inside)
                case ast.ClassDef():
                    if top:
                        self._bind(node.name, self._class_decl(node))
                    elif inside is not None and not inside.in_class and _is_task_class(node):
                        # The base that a factory gives to the tasks of its app.
                        self.names.setdefault(node.name, [self._class_decl(node)])
                    self.block(node.body, _Inside(node, inside), may_not)
                case ast.Import() | ast.ImportFrom() if top:
                    self._import(node)
                case ast.For(target=target) | ast.AsyncFor(target=target) if top:
                    self._bind_target(target, UNKNOWN)
                case ast.With(items=items) | ast.AsyncWith(items=items) if top:
                    for item in items:
                        if item.optional_vars is not None:
                            self._bind_target(item.optional_vars, UNKNOWN)
                case ast.Delete(targets=targets) if top:
                    for target in targets:
                        if isinstance(target, ast.Subscript):
                            self._bind_target(target, UNKNOWN)

    def _function(self, node: Function, inside: _Inside | None) -> None:
        decorated = bool(node.decorator_list)
        may_be_task = decorated or (
            node.name in self.passed if inside is None else node.name == "run" and inside.in_class
        )
        if may_be_task or inside is None:
            decl = function_decl(
                self.parsed,
                node,
                (inside.prefix if inside else "") + node.name,
                scope=inside.scope if inside and decorated else {},
                yields=self.yields,
                in_class=inside is not None and inside.in_class,
                in_function=inside is not None and inside.in_function,
            )
            if inside is None:
                self._bind(node.name, decl)
            if may_be_task:
                site = function_site(self.parsed, node, self.retries)
                self.functions.append((decl, self._with_handlers(site, node)))
        if self.globals and stands_on(node, self.globals):
            for name in assigned_globals(self.parsed, node, self.globals):
                self._bind(name, UNKNOWN)
        if any_in(self.notable, node.lineno, node.end_lineno):
            self.block(node.body, _Inside(node, inside))

    def _with_handlers(self, site: FunctionSite, node: Function) -> FunctionSite:
        return replace(
            site,
            retries=retry_sites(self.parsed, node, self.ends),
            loops=loop_handlers(self.parsed, node, self.excepts),
            last=last_handlers(self.parsed, node, self.excepts),
            returns_value=returns_value(node.body, self.returns),
        )

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                if alias.asname:
                    self._bind(alias.asname, Import(alias.name, None))
                else:
                    head = alias.name.partition(".")[0]
                    self._bind(head, Import(head, None))
            elif alias.name == "*":
                self.stars.append(Import(node.module or "", None, node.level))
            else:
                self._bind(
                    alias.asname or alias.name,
                    Import(node.module or "", alias.name, node.level),
                )

    def _assign(
        self, targets: list[ast.expr], value: ast.expr | None, top: bool, conditional: bool
    ) -> None:
        """Read `targets = value`; a `value` of `None` is one that can't be known."""
        for target in targets:
            if top:
                self._bind_target(target, to_expr(value))
            self.configuration.assign(target, value, conditional)
        if isinstance(value, ast.Call):
            self._call(value, top, conditional)

    def _annotated(self, name: str, annotation: ast.expr) -> None:
        match to_expr(annotation):
            case Const(value=str(text)) if text.endswith("Celery"):
                self.annotated_apps[name] = Name(text)
            case Name(dotted=dotted) as named if dotted.endswith("Celery"):
                self.annotated_apps[name] = named

    def _call(self, call: ast.Call, top: bool, conditional: bool) -> None:
        self.configuration.call(call, conditional)
        if top and isinstance(call.func, ast.Attribute) and call.func.attr in MUTATORS:
            self._changed(call.func.value)

    def _bind_target(self, target: ast.expr, value: Expr) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(name, value)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                for item in items:
                    self._bind_target(item, UNKNOWN)
            case ast.Starred(value=inner):
                self._bind_target(inner, UNKNOWN)
            case ast.Subscript(value=owner):
                self._changed(owner)

    def _changed(self, owner: ast.expr) -> None:
        """SETTINGS["x"] = ..., SETTINGS.update(...): the display alone no longer tells it all."""
        while isinstance(owner, ast.Subscript):
            owner = owner.value
        if isinstance(owner, ast.Name):
            self._bind(owner.id, UNKNOWN)

    def _walrus(self, node: ast.stmt) -> None:
        """Bind what `:=` does in the expressions of one statement."""
        for found in own_nodes(header(node)):
            if isinstance(found, ast.NamedExpr) and isinstance(found.target, ast.Name):
                self._bind(found.target.id, to_expr(found.value))

    def _bind(self, name: str, value: Binding) -> None:
        self.names.setdefault(name, []).append(value)

    def _class_decl(self, node: ast.ClassDef) -> ClassDecl:
        attributes: dict[str, Expr] = {}
        methods: dict[str, tuple[Param, ...]] = {}
        retries = False
        for statement, conditional in statements(node.body):
            match statement:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    retries = retries or calls_retry(statement.body, self.retries)
                    if name == "__call__" and only_wraps(statement):
                        continue
                    methods[name] = params_of(statement.args)
                    if statement.decorator_list or name in attributes:
                        # A property may compute an option.
                        attributes[name] = UNKNOWN
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    attributes[name] = UNKNOWN if conditional else to_expr(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    attributes[name] = UNKNOWN if conditional else to_expr(value)
                case ast.ClassDef() | ast.Expr() | ast.Pass() | ast.AnnAssign(value=None):
                    pass
                case ast.Import() | ast.ImportFrom():
                    attributes.update(dict.fromkeys(bound_by([statement]).counts, UNKNOWN))
                case _:
                    attributes.update(dict.fromkeys(bound_by(header(statement)).counts, UNKNOWN))
        return ClassDecl(
            name=node.name,
            bases=tuple(to_expr(base) for base in node.bases),
            attributes=attributes,
            methods=methods,
            retries=retries,
        )
