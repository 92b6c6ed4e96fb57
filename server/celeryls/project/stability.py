"""What a change of one file's interface may mean for others."""

from dataclasses import replace

from celeryls import catalog
from celeryls.facts import Binding, FunctionDecl, Import, Interface
from celeryls.syntax.expr import Const, Unknown


def changed_names(before: Interface, after: Interface) -> frozenset[str] | None:
    """The names that an edit changed, if it changed nothing but plain ones.

    Plain are imports, constants, and functions that make no app and no task for others.  `None`
    stands for all else: an app may have been made, a setting written, a class given a base.
    """
    if replace(before, names=after.names, functions=after.functions) != after:
        return None
    changed = {
        name
        for name in before.names.keys() | after.names.keys()
        if before.names.get(name) != after.names.get(name)
    }
    for name in changed:
        bindings = (*before.names.get(name, ()), *after.names.get(name, ()))
        if not all(map(_is_plain, bindings)) or _may_be_setting(name):
            return None
    return frozenset(changed)


def _is_plain(binding: Binding) -> bool:
    if isinstance(binding, FunctionDecl):
        return not (binding.returns or binding.inner or binding.changes)
    return isinstance(binding, Import | Const | Unknown)


def _may_be_setting(name: str) -> bool:
    """Whether a module that has this name may be one that settings are read from."""
    if catalog.setting_for_old_name(name) is not None:
        return True
    lower = name.lower()
    return any(lower.endswith(key) for key in catalog.settings())
