"""Renders templates that others wrote, in a process of its own.

Run by path, as `python -I -S sandboxed.py`: a request on standard input, an answer on standard
output, both JSON (`Request` and `Answer`).  Jinja2's sandbox keeps a template from Python; the
limits of the process, from the machine.  Imports next to nothing, since somebody waits.
"""

import contextlib
import importlib
import json
import sys
import warnings
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import ImmutableSandboxedEnvironment

OPTIONS: dict[str, Any] = {
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
}
"""How all templates, also ours, treat the space around their blocks."""
MAX_SECONDS = 2
"""Of processor time, for compiling and rendering."""
MAX_MEMORY = 256 * 1024 * 1024
"""In bytes, beyond what the process has when it begins."""
MAX_OUTPUT = 500_000
"""In characters."""


class Request(TypedDict):
    """What to render.

    `path` is where to import from; `sources` are all templates by name, those in `own` written
    by others.  With `parses` the text must be Python.
    """

    path: list[str]
    template: str
    sources: dict[str, str]
    own: list[str]
    context: dict[str, Any]
    line_length: int
    parses: bool


class Answer(TypedDict, total=False):
    """Either the `text`, or what is wrong, in words, with the template and the line if known."""

    text: str
    problem: str
    template: str
    line: int


class TooLong(BaseException):
    """The time is over.  Not an `Exception`, so that nothing on the way takes it for its own."""


class Origin(str):
    """A piece of output that knows the template and the line that it came from."""

    template = ""
    line = 0


def main() -> None:
    """Answer one request."""
    request: Request = json.loads(sys.stdin.buffer.read())
    sys.path[:] = request["path"]
    for needed in ("jinja2.sandbox", "celeryls.text.layout"):
        importlib.import_module(needed)  # while there are no limits
    warnings.simplefilter("ignore")
    restrict()
    answer = _answer(request)
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


def restrict() -> None:
    """Limit what is left of this process in time and memory, and let it write no file.

    Windows knows no such limits; there the caller's patience is the only one.
    """
    try:
        import resource
        import signal
    except ImportError:
        return

    def over(*_: object) -> None:
        raise TooLong

    signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    # A single long operation can't be interrupted from within: then the process is ended.
    end = int(spent.ru_utime + spent.ru_stime) + MAX_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (end, end))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (_size() + MAX_MEMORY,) * 2)


def _size() -> int:
    """The size of this process in bytes, as `RLIMIT_AS` counts it."""
    import resource

    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _answer(request: Request) -> Answer:
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    own = frozenset(request["own"])
    try:
        return _rendered(request, own)
    except TemplateSyntaxError as error:
        return _problem(error.message or "no Jinja", error.name or "", error.lineno)
    except TemplateNotFound as error:
        return _located(f"there is no template {error.name}", error, own)
    except TooLong as error:
        return _located(f"takes longer than {MAX_SECONDS} s", error, own)
    except MemoryError as error:
        return _located(f"takes more than {MAX_MEMORY // 1024**2} MB of memory", error, own)
    except Exception as error:
        # Whatever a filter raises for an argument that it can't take.
        return _located(str(error) or type(error).__name__, error, own)


def _rendered(request: Request, own: frozenset[str]) -> Answer:
    from celeryls.text.layout import Page

    template = _environment(request["sources"]).get_template(request["template"])
    helpers = Page(request["line_length"]).helpers()
    context = template.new_context({**request["context"], **helpers})
    pieces: list[Origin] = []
    length = 0
    for piece in template.root_render_func(context):
        assert isinstance(piece, Origin)
        pieces.append(piece)
        length += len(piece)
        if length > MAX_OUTPUT:
            return _problem(
                f"makes more than {MAX_OUTPUT} characters", *_blamed(pieces, len(pieces) - 1, own)
            )
    text = "".join(pieces)
    if request["parses"] and (wrong := _syntax_error(text)) is not None:
        message, offset = wrong
        ends = list(accumulate(map(len, pieces)))
        at = min(bisect(ends, offset), len(pieces) - 1)
        name, line = _blamed(pieces, at, own)
        if pieces[at].template in own:
            # A piece of plain text may be several lines of the template too.
            begin = ends[at] - len(pieces[at])
            line += text.count("\n", begin, offset)
            line = min(line, request["sources"][name].count("\n") + 1)
        return _problem(f"makes code that does not parse: {message}", name, line)
    return {"text": text}


def _environment(sources: dict[str, str]) -> "ImmutableSandboxedEnvironment":
    from jinja2 import DictLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from celeryls.text.layout import quoted

    class Tracing(ImmutableSandboxedEnvironment):
        """Has each piece of output say where it came from."""

        def get_template(self, *args: Any, **kwargs: Any) -> "Template":
            template = super().get_template(*args, **kwargs)
            if not getattr(template, "traced", False):
                template.traced = True  # type: ignore[attr-defined]
                _trace(template)
            return template

    made = Tracing(loader=DictLoader(sources), undefined=StrictUndefined, **OPTIONS)
    made.filters["quote"] = quoted
    return made


def _trace(template: "Template") -> None:
    render = template.root_render_func

    def traced(context: Any) -> Iterator[str]:
        pieces: Any = render(context)
        for piece in pieces:
            if isinstance(piece, Origin):  # of a template that this one includes
                yield piece
                continue
            origin = Origin(piece)
            origin.template = template.name or ""
            origin.line = template.get_corresponding_lineno(pieces.gi_frame.f_lineno)
            yield origin

    template.root_render_func = traced


def _syntax_error(text: str) -> tuple[str, int] | None:
    """What Python says of a text that it can't parse, and where in it."""
    import ast

    try:
        ast.parse(text)
    except SyntaxError as error:
        lines = text.splitlines(keepends=True)
        line = min(max((error.lineno or 1) - 1, 0), len(lines))
        return error.msg, sum(map(len, lines[:line])) + max((error.offset or 1) - 1, 0)
    except (ValueError, RecursionError) as error:
        return str(error), 0
    return None


def _blamed(pieces: list[Origin], at: int, own: frozenset[str]) -> tuple[str, int]:
    """The last piece up to `at` that others wrote, else the first one that they did."""
    for piece in (*reversed(pieces[: at + 1]), *pieces[at + 1 :]):
        if piece.template in own:
            return piece.template, piece.line
    return "", 0


def _located(problem: str, error: BaseException, own: frozenset[str]) -> Answer:
    """A problem with the innermost line of a template that others wrote."""
    found = ("", 0)
    trace = error.__traceback__
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None and template.name in own:
            found = template.name, template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return _problem(problem, *found)


def _problem(problem: str, template: str, line: int) -> Answer:
    return {"problem": problem, "template": template, "line": line}


if __name__ == "__main__":
    main()
