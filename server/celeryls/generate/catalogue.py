"""What there is to know about our templates: what each is for, its variables, its examples.

Beside `x.py.j2` stands `x.toml`, which says what the template is for and shows what it makes;
`variables.toml` says what all templates of a folder, and of those below it, may be given.
CONTRIBUTING.md says how to add one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celeryls.config.load import read_toml
from celeryls.generate.templates import environment, template_folder

if TYPE_CHECKING:
    from jinja2 import nodes

VARIABLES = "variables.toml"
HELPERS = ("layout", "comment", "prose", "fits")
"""What every template may call; see `celeryls.text.layout.Page`."""
LINE_LENGTH = 88
"""In columns: that of an example that says none."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Something a template is given.

    `name` is dotted for what is in a table.  `type` is one of `str`, `int`, `bool`, `list[str]`,
    `table` and `list[table]`.  `example` is the value in examples that say no other.
    """

    name: str
    type: str
    about: str
    example: Any


@dataclass(frozen=True, slots=True)
class Example:
    """What a template makes of some values.

    `about` says what is special, empty for the usual.  `context` has the variables by name,
    those in tables nested.
    """

    about: str
    line_length: int
    context: Mapping[str, Any]
    expected: str


@dataclass(frozen=True, slots=True)
class Template:
    """One of our templates.

    `name` is its path below `templates/`, with `/`.  A `part` is for the inside of other code,
    and does not parse alone.  `includes` are the templates it includes itself; `variables` what
    it and all that it includes use.
    """

    name: str
    about: str
    source: str
    part: bool
    variables: tuple[Variable, ...]
    includes: tuple[str, ...]
    examples: tuple[Example, ...]


@dataclass(slots=True)
class _Usage:
    """What a template's source uses: names, dotted where it looks into a table; templates."""

    names: set[str] = field(default_factory=set)
    includes: list[str] = field(default_factory=list)


class BadTemplate(Exception):
    """A template of ours, or what stands beside it, is not as it must be."""


@lru_cache(maxsize=1)
def our_templates() -> "Catalogue":
    """The templates that come with celeryls."""
    return Catalogue(template_folder())


class Catalogue:
    """The templates of a folder.  What is wrong with one raises `BadTemplate` when it is read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._usages: dict[str, _Usage] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the templates."""
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.j2"))
        return tuple(sorted(found))

    def __iter__(self) -> Iterator[Template]:
        return (self.template(name) for name in self.names)

    def find(self, name: str) -> str | None:
        """The full name of a template that somebody names: `task/body` is `task/body.py.j2`."""
        if name in self.names:
            return name
        found = [known for known in self.names if _stem(known) == name]
        return found[0] if len(found) == 1 else None

    def template(self, name: str) -> Template:
        """All about one template."""
        path = self.metadata_path(name)
        data = _read(path)
        unknown = set(data) - {"about", "part", "variables", "examples"}
        if unknown:
            raise BadTemplate(f"{path}: unknown keys: {sorted(unknown)}")
        if not isinstance(data.get("about"), str) or not data.get("examples"):
            raise BadTemplate(f"{path}: needs about, and at least one [[examples]]")
        variables = self._used(name)
        return Template(
            name=name,
            about=data["about"],
            source=(self.folder / name).read_text("utf-8"),
            part=bool(data.get("part", False)),
            variables=tuple(variables.values()),
            includes=tuple(self._usage(name).includes),
            examples=tuple(_examples(data["examples"], variables, path)),
        )

    def closure(self, name: str) -> frozenset[str]:
        """A template and all that it includes, directly or not."""
        found: set[str] = set()
        left = [name]
        while left:
            at = left.pop()
            if at not in found:
                found.add(at)
                left += self._usage(at).includes
        return frozenset(found)

    def metadata_path(self, name: str) -> Path:
        """The file that describes a template: `task/body.toml` for `task/body.py.j2`."""
        return self.folder / f"{_stem(name)}.toml"

    def declared(self, name: str) -> dict[str, Variable]:
        """What a template may use, by dotted name; what is written nearer to it wins."""
        found: dict[str, Variable] = {}
        for parent in reversed((self.folder / name).parents):
            path = parent / VARIABLES
            if parent.is_relative_to(self.folder) and path.is_file():
                found |= {variable.name: variable for variable in _variables(_read(path), path)}
        own = self.metadata_path(name)
        table = _read(own).get("variables", {})
        return found | {variable.name: variable for variable in _variables(table, own)}

    def _used(self, name: str) -> dict[str, Variable]:
        """What a template and all that it includes use, in the order of its declarations."""
        found: dict[str, Variable] = {}
        declared_here = self.declared(name)
        for other in (name, *sorted(self.closure(name) - {name})):
            declared = self.declared(other)
            for used in sorted(self._usage(other).names):
                known = _behind(used, declared)
                if known is None:
                    raise BadTemplate(f"{other} uses {used}, which is declared nowhere")
                if found.setdefault(known.name, known) != known:
                    raise BadTemplate(f"{name} includes {other}, which means another {used}")
        ordered = dict.fromkeys((*declared_here, *found))
        return {key: found[key] for key in ordered if key in found}

    def _usage(self, name: str) -> _Usage:
        if name not in self._usages:
            self._usages[name] = _usage(self.folder, name)
        return self._usages[name]


def _usage(folder: Path, name: str) -> _Usage:
    from jinja2 import TemplateError, meta, nodes

    known = environment(folder)
    try:
        tree = known.parse((folder / name).read_text("utf-8"), name)
    except (OSError, TemplateError) as error:
        raise BadTemplate(f"{name}: {error}") from error
    free = meta.find_undeclared_variables(tree) - set(HELPERS) - set(known.globals)
    usage = _Usage()
    for included in meta.find_referenced_templates(tree):
        if included is None:
            raise BadTemplate(f"{name} includes by a computed name: write an if around each")
        usage.includes.append(included)
    inner = {id(node.node) for node in tree.find_all(nodes.Getattr)}
    for node in tree.find_all((nodes.Getattr, nodes.Name)):
        dotted = "" if id(node) in inner else _dotted(node)
        if dotted.partition(".")[0] in free:
            usage.names.add(dotted)
    return usage


def _stem(name: str) -> str:
    """`task/body` for `task/body.py.j2`."""
    folder, slash, file = name.rpartition("/")
    return folder + slash + file.partition(".")[0]


def _dotted(node: "nodes.Node") -> str:
    """`a.b.c` as a text; empty for what begins with something else than a name."""
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        before = _dotted(node.node)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _behind(used: str, declared: Mapping[str, Variable]) -> Variable | None:
    """The variable behind `a.b.c`: the longest beginning that is declared."""
    parts = used.split(".")
    for count in range(len(parts), 0, -1):
        if (known := declared.get(".".join(parts[:count]))) is not None:
            return known
    return None


def _examples(
    entries: list[Mapping[str, Any]], variables: Mapping[str, Variable], path: Path
) -> Iterator[Example]:
    for entry in entries:
        unknown = set(entry) - {"about", "line_length", "context", "expected"}
        if unknown:
            raise BadTemplate(f"{path}: an example has unknown keys: {sorted(unknown)}")
        context: dict[str, Any] = {}
        for variable in variables.values():
            _put(context, variable.name.split("."), variable.example)
        for name, value in _leaves(entry.get("context", {}), variables):
            if name not in variables:
                raise BadTemplate(f"{path}: an example has {name}, which is not used")
            _put(context, name.split("."), value)
        yield Example(
            about=entry.get("about", ""),
            line_length=entry.get("line_length", LINE_LENGTH),
            context=context,
            expected=entry.get("expected", ""),
        )


def _leaves(
    table: Mapping[str, Any], variables: Mapping[str, Variable], before: str = ""
) -> Iterator[tuple[str, Any]]:
    """The values of nested tables by dotted name, as deep as variables are declared."""
    for key, value in table.items():
        name = before + key
        if isinstance(value, Mapping) and name not in variables:
            yield from _leaves(value, variables, f"{name}.")
        else:
            yield name, value


def _put(context: dict[str, Any], parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        context = context.setdefault(part, {})
    context[parts[-1]] = value


def _variables(table: Mapping[str, Any], path: Path, before: str = "") -> Iterator[Variable]:
    for key, value in table.items():
        if not isinstance(value, Mapping):
            raise BadTemplate(f"{path}: {before}{key} is no table")
        if isinstance(value.get("about"), str):
            if set(value) != {"type", "example", "about"}:
                raise BadTemplate(f"{path}: {before}{key} needs type, example and about")
            yield Variable(before + key, value["type"], value["about"], value["example"])
        else:
            yield from _variables(value, path, f"{before}{key}.")


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path)
    except (OSError, ValueError) as error:
        raise BadTemplate(str(error)) from error
