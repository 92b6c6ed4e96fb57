"""Whether all names of a configuration are in sight, so that all can be renamed together.

Celery refuses old names beside new ones.
"""

import re
from collections.abc import Collection

from celeryls import catalog
from celeryls.rules.base import FileContext
from celeryls.rules.configuring.sites import SettingContext, Written, in_comment
from celeryls.syntax.expr import Call, Const, Dict
from celeryls.text import Span

_OLD = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b")


def is_whole(context: SettingContext, all_of: list[Written]) -> bool:
    """Whether `all_of` are all old names that the configuration of a setting may have."""
    file, written = context.file, context.written
    if _others(file, {span for one in all_of for span in _places(context, one)}):
        return False
    if written.on_conf:
        return not _is_written_elsewhere(file)
    interface, name = file.project.interface(file.path), written.site.owner
    match written.site.where:
        case "module":
            return not interface.star_imports
        case "class":
            chain = file.project.chain(file.path, name)
            return chain.complete and all(path == file.path for path, _ in chain.classes)
        case "dict":
            bound = interface.names.get(name, ())
            return len(bound) == 1 and _is_plain(bound[0])
        case "object":
            given = [c.args[:1] for c in interface.app_calls if c.method == "config_from_object"]
            return all(len(args) == 1 and _is_plain(args[0]) for args in given)
    return False


def _places(context: SettingContext, one: Written) -> Collection[Span]:
    """Where a name stands that is renamed."""
    same = [other.site for other in context.same_config if other.site.name == one.site.name]
    return {span for site in same for span in (site.span, *site.uses)}


def _others(file: FileContext, ours: Collection[Span]) -> bool:
    """Whether an old name stands anywhere else in a file."""
    return any(
        catalog.setting_for_old_name(found[0]) is not None
        and Span(*found.span()) not in ours
        and not in_comment(file.text, found.start())
        for found in _OLD.finditer(file.text)
    )


def _is_written_elsewhere(file: FileContext) -> bool:
    """Whether something else is written on the `conf` of an app that may have old names."""
    return any(
        write.key is None
        or (path != file.path and catalog.setting_for_old_name(write.key) is not None)
        for path, facts in file.project.files.items()
        for write in facts.interface.conf_writes
    )


def _is_plain(value: object) -> bool:
    """Whether a dict has no keys but those that are written out."""
    match value:
        case Dict(items=items):
            return all(
                isinstance(key, Const) or (key is None and _is_plain(item)) for key, item in items
            )
        case Call(args=args, keywords=keywords):
            named = [item for name, item in keywords if name is None]
            return all(_is_plain(item) for item in (*args, *named))
    return False
