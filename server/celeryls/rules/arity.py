"""Whether a function takes what a call hands to it, in the words of a person.

Says what Python would say if the function were called so.
"""

from collections.abc import Sequence

from celeryls.facts import Param, ParamKind
from celeryls.rules.calls import Handed

BY_PLACE = (ParamKind.POSITIONAL_ONLY, ParamKind.NORMAL)
BY_NAME = (ParamKind.NORMAL, ParamKind.KEYWORD_ONLY)


def mismatch(params: Sequence[Param], handed: Handed, *, final: bool = True) -> str | None:
    """What is wrong with the arguments: "takes 2 arguments, 3 given: ..."; `None` if nothing.

    `params` are those of the function without what Celery passes itself.  Unless `final` there
    may be more arguments in the end: a chain puts the result before those of a signature.
    """
    kinds = {param.kind for param in params}
    positional = [param for param in params if param.kind in BY_PLACE]
    count = len(handed.positional)
    if count > len(positional) and ParamKind.VAR_POSITIONAL not in kinds:
        return f"takes {_counted(positional)}, {count} given{_named(positional)}"
    by_position = {param.name for param in positional[:count] if param.kind is ParamKind.NORMAL}
    by_name = {param.name for param in params if param.kind in BY_NAME}
    for name in handed.named:
        if name in by_position:
            return f'gets "{name}" twice: by its place and by its name'
        if name not in by_name and ParamKind.VAR_KEYWORD not in kinds:
            return f'has no parameter "{name}"{_named([p for p in params if p.name in by_name])}'
    if not final or handed.more_named:
        return None
    missing = [f'"{param.name}"' for param in lacking(params, handed)]
    return f"needs {' and '.join(missing)}" if missing else None


def lacking(params: Sequence[Param], handed: Handed) -> list[Param]:
    """The parameters without a default that get nothing."""
    count = len(handed.positional)
    return [
        param
        for at, param in enumerate(params)
        if not param.has_default
        and not (param.kind in BY_NAME and param.name in handed.named)
        and not (param.kind in BY_PLACE and (at < count or handed.more_positional))
        and param.kind not in (ParamKind.VAR_POSITIONAL, ParamKind.VAR_KEYWORD)
    ]


def _counted(params: Sequence[Param]) -> str:
    count = len(params)
    return f"{count or 'no'} argument{'' if count == 1 else 's'}"


def _named(params: Sequence[Param]) -> str:
    return f": it takes {', '.join(param.name for param in params)}" if params else ""
