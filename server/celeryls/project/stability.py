"""What a change of one file's interface may mean for others."""

from dataclasses import replace

from celeryls.facts import Binding, FunctionDecl, Interface


def only_functions_differ(before: Interface, after: Interface) -> bool:
    """Whether nothing changed but functions that make no app and no task for others.

    Their parameters, decorators and options matter to those who look at them, and change the
    meaning of no other name.
    """
    if before.names.keys() != after.names.keys():
        return False
    if [decl.qualname for decl in before.functions] != [decl.qualname for decl in after.functions]:
        return False  # what may be a task may be one by a call in another file
    if replace(before, names=after.names, functions=after.functions) != after:
        return False
    return all(_same(before.names[name], after.names[name]) for name in after.names)


def _same(before: tuple[Binding, ...], after: tuple[Binding, ...]) -> bool:
    if before == after:
        return True
    return len(before) == len(after) and all(
        one == other or (_is_plain(one) and _is_plain(other))
        for one, other in zip(before, after, strict=True)
    )


def _is_plain(binding: Binding) -> bool:
    return isinstance(binding, FunctionDecl) and not (
        binding.returns or binding.inner or binding.changes
    )
