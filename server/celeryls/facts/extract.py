"""From a tree to facts: one walk over the statements of a file."""

import ast
from collections.abc import Iterator, Sequence

from celeryls.facts.functions import (
    function_decl,
    function_site,
    keyword_site,
    local_values,
    own_nodes,
)
from celeryls.facts.model import (
    AppCall,
    Binding,
    Body,
    CallSite,
    ClassDecl,
    ConfWrite,
    FileFacts,
    FunctionDecl,
    FunctionSite,
    Import,
    Interface,
)
from celeryls.syntax import Parsed, parse
from celeryls.syntax.expr import UNKNOWN, Call, Const, Dict, Expr, dotted_name, to_expr

_APP_METHODS = frozenset({"config_from_object", "config_from_envvar", "autodiscover_tasks"})
_DISPATCH = frozenset({"delay", "apply_async"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def extract(text: str, parsed: Parsed | None = None) -> FileFacts:
    """The facts of one file; never raises.  `parsed` saves parsing again."""
    parsed = parsed or parse(text)
    extractor = _Extractor(parsed)
    extractor.module()
    return FileFacts(
        Interface(
            names={name: tuple(bound) for name, bound in extractor.names.items()},
            star_imports=tuple(extractor.stars),
            functions=tuple(decl for decl, _ in extractor.functions),
            conf_writes=tuple(extractor.conf_writes),
            app_calls=tuple(extractor.app_calls),
            django_settings=extractor.django_settings,
        ),
        Body(
            functions=tuple(site for _, site in extractor.functions),
            calls=tuple(extractor.calls),
            holes=parsed.holes,
        ),
        hopeless=parsed.hopeless,
    )


class _Extractor:
    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.names: dict[str, list[Binding]] = {}
        self.stars: list[Import] = []
        self.functions: list[tuple[FunctionDecl, FunctionSite]] = []
        self.conf_writes: list[ConfWrite] = []
        self.app_calls: list[AppCall] = []
        self.calls: list[CallSite] = []
        self.django_settings: str | None = None

    def module(self) -> None:
        self._block(self.parsed.tree.body, "", (), in_class=False, conditional=False)
        self._find_calls(self.parsed.tree.body, frozenset())

    # --- statements -------------------------------------------------------------------

    def _block(
        self,
        body: Sequence[ast.stmt],
        prefix: str,
        scope: tuple[tuple[str, Expr], ...],
        *,
        in_class: bool,
        conditional: bool,
        in_function: bool = False,
    ) -> None:
        """Read statements; `scope` holds what the functions around them assign."""
        top = not prefix
        for node in body:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._function(node, prefix, scope, in_class, in_function)
                case ast.ClassDef():
                    if top:
                        self._bind(node.name, _class_decl(node))
                    self._block(
                        node.body,
                        f"{prefix}{node.name}.",
                        scope,
                        in_class=True,
                        conditional=conditional,
                        in_function=in_function,
                    )
                case ast.Import() | ast.ImportFrom():
                    if top:
                        self._import(node)
                case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                    self._assign(node, top, conditional)
                case ast.Expr(value=ast.Call() as call):
                    self._statement_call(call, conditional)
                case ast.Delete():
                    pass
                case _:
                    if top and isinstance(node, ast.For | ast.AsyncFor):
                        self._bind_target(node.target, UNKNOWN)
                    if top and isinstance(node, ast.With | ast.AsyncWith):
                        for item in node.items:
                            if item.optional_vars is not None:
                                self._bind_target(item.optional_vars, UNKNOWN)
                    branches = isinstance(node, ast.If | ast.For | ast.While | ast.Match)
                    for inner in _blocks(node):
                        self._block(
                            inner,
                            prefix,
                            scope,
                            in_class=in_class,
                            conditional=conditional or branches,
                            in_function=in_function,
                        )

    def _function(
        self,
        node: _Function,
        prefix: str,
        scope: tuple[tuple[str, Expr], ...],
        in_class: bool,
        in_function: bool,
    ) -> None:
        locals_ = local_values(node)
        if node.decorator_list or not prefix:
            decl = function_decl(
                node,
                prefix + node.name,
                locals_,
                scope=scope if node.decorator_list else (),
                in_class=in_class,
                in_function=in_function,
            )
            if not prefix:
                self._bind(node.name, decl)
            if node.decorator_list:
                self.functions.append((decl, function_site(self.parsed, node)))
        inner_scope = dict(scope)
        inner_scope.update(locals_)
        self._block(
            node.body,
            f"{prefix}{node.name}.<locals>.",
            tuple(inner_scope.items()),
            in_class=False,
            conditional=False,
            in_function=True,
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
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign, top: bool, conditional: bool
    ) -> None:
        if node.value is None:
            return
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        value = UNKNOWN if isinstance(node, ast.AugAssign) else to_expr(node.value)
        for target in targets:
            if top:
                self._bind_target(target, value)
            self._conf_assignment(target, value, conditional)
        if isinstance(node, ast.Assign):
            self._environment(node)
        if isinstance(node.value, ast.Call):
            self._statement_call(node.value, conditional)

    def _bind_target(self, target: ast.expr, value: Expr) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(name, value)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                for item in items:
                    self._bind_target(item, UNKNOWN)
            case ast.Starred(value=inner):
                self._bind_target(inner, UNKNOWN)
            case ast.Subscript(value=ast.Name(id=name)):
                # SETTINGS["x"] = ...: the display alone no longer tells its value.
                self._bind(name, UNKNOWN)

    def _bind(self, name: str, value: Binding) -> None:
        self.names.setdefault(name, []).append(value)

    # --- settings on an app -----------------------------------------------------------

    def _conf_assignment(self, target: ast.expr, value: Expr, conditional: bool) -> None:
        if isinstance(target, ast.Attribute):
            owner = dotted_name(target.value)
            key: str | None = target.attr
        elif isinstance(target, ast.Subscript):
            owner = dotted_name(target.value)
            index = to_expr(target.slice)
            key = index.value if isinstance(index, Const) and isinstance(index.value, str) else None
        else:
            return
        if owner and owner.endswith(".conf"):
            self.conf_writes.append(ConfWrite(owner[: -len(".conf")], key, value, conditional))

    def _statement_call(self, call: ast.Call, conditional: bool) -> None:
        name = dotted_name(call.func)
        if name is None:
            return
        owner, _, method = name.rpartition(".")
        if method == "update" and owner.endswith(".conf"):
            self._conf_update(owner[: -len(".conf")], call, conditional)
        elif method in _APP_METHODS and owner:
            value = to_expr(call)
            assert isinstance(value, Call)
            self.app_calls.append(AppCall(owner, method, value.args, value.keywords))
        elif method == "setdefault" and owner.endswith("environ") and len(call.args) == 2:
            self._environment_value(to_expr(call.args[0]), to_expr(call.args[1]))

    def _conf_update(self, app: str, call: ast.Call, conditional: bool) -> None:
        def write(key: str | None, value: Expr) -> None:
            self.conf_writes.append(ConfWrite(app, key, value, conditional))

        for argument in call.args:
            value = to_expr(argument)
            if not isinstance(value, Dict):
                write(None, value)
                continue
            for key, item in value.items:
                known = isinstance(key, Const) and isinstance(key.value, str)
                write(key.value if known else None, item)  # type: ignore[union-attr,arg-type]
        for keyword in call.keywords:
            write(keyword.arg, to_expr(keyword.value))

    def _environment(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript) and (dotted_name(target.value) or "").endswith(
                "environ"
            ):
                self._environment_value(to_expr(target.slice), to_expr(node.value))

    def _environment_value(self, key: Expr, value: Expr) -> None:
        if key == Const("DJANGO_SETTINGS_MODULE") and isinstance(value, Const):
            self.django_settings = str(value.value)

    # --- calls ------------------------------------------------------------------------

    def _find_calls(self, body: Sequence[ast.stmt], bound: frozenset[str]) -> None:
        nested: list[_Function | ast.Lambda] = []
        for node in own_nodes(body, nested):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _DISPATCH
            ):
                target = dotted_name(node.func.value)
                if target is not None:
                    self._call(node, node.func, target, bound)
        for function in nested:
            inner = bound | _bound_names(function)
            statements = (
                [ast.Expr(function.body)] if isinstance(function, ast.Lambda) else function.body
            )
            self._find_calls(statements, inner)

    def _call(
        self, node: ast.Call, func: ast.Attribute, target: str, bound: frozenset[str]
    ) -> None:
        span = self.parsed.span
        self.calls.append(
            CallSite(
                target=target,
                method=func.attr,
                span=span(node),
                target_span=span(func.value),
                args=tuple(span(argument) for argument in node.args),
                keywords=tuple(keyword_site(self.parsed, keyword) for keyword in node.keywords),
                local=target.partition(".")[0] in bound,
            )
        )


def _blocks(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if block:
            yield block
    for handler in getattr(node, "handlers", ()):
        yield handler.body
    for case in getattr(node, "cases", ()):
        yield case.body


def _bound_names(function: _Function | ast.Lambda) -> frozenset[str]:
    arguments = function.args
    names = {
        argument.arg
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    }
    names.update(a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None)
    if isinstance(function, ast.Lambda):
        return frozenset(names)
    for node in own_nodes(function.body, []):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((a.asname or a.name).partition(".")[0] for a in node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return frozenset(names)


def _class_decl(node: ast.ClassDef) -> ClassDecl:
    attributes: dict[str, Expr] = {}
    methods: set[str] = set()
    retries = False
    for statement in node.body:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        attributes[target.id] = to_expr(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                attributes[name] = to_expr(value)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                methods.add(name)
                if statement.decorator_list:
                    # A property may compute an option.
                    attributes.setdefault(name, UNKNOWN)
                retries = retries or any(
                    isinstance(inner, ast.Call)
                    and isinstance(inner.func, ast.Attribute)
                    and inner.func.attr == "retry"
                    for inner in ast.walk(statement)
                )
            case ast.ClassDef() | ast.Expr() | ast.Pass():
                pass
            case _:
                # An `if` in a class body: what it assigns may or may not be there.
                for inner in ast.walk(statement):
                    if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                        attributes[inner.id] = UNKNOWN
    return ClassDecl(
        name=node.name,
        bases=tuple(to_expr(base) for base in node.bases),
        attributes=attributes,
        methods=frozenset(methods),
        retries=retries,
    )
