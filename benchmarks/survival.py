"""How much of a file survives while a line is half typed.

    python benchmarks/survival.py DIR...

Breaks real files in several hundred places, one at a time: every other place gets an unfinished
line, the others have their own line cut off in the middle.  Counts the broken files in which
every function and every decorator is still found.  Exits 1 below 95 %.
"""

import argparse
import ast
import random
import time
from pathlib import Path

from celeryls.syntax import parse

UNFINISHED = (
    "add.delay(",
    "@shared_task(",
    "@app.task(bind=True, ",
    "x = {",
    "if foo.",
    "for x in ",
    "raise self.retry(exc=exc, ",
    "import ",
    "from celery import ",
    "def f(",
    "result = chain(a.s(1), ",
    "return [",
    "x = 'unfinished",
    "with open(",
    "self.",
)
CUT = "(the line that is there, cut off)"


def definitions(tree: ast.Module) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (node.name, tuple(ast.unparse(d) for d in node.decorator_list))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]


def contains(found: list, wanted: list) -> bool:
    left = list(found)
    for item in wanted:
        if item not in left:
            return False
        left.remove(item)
    return True


def places(text: str, count: int, rng: random.Random) -> list[tuple[int, str]]:
    """Line numbers between statements, each with the indentation that a person would have."""
    tree = ast.parse(text)
    starts = [
        (node.lineno, node.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
        and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    rng.shuffle(starts)
    return [(line, " " * column) for line, column in starts[:count]]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--files", type=int, default=45)
    arguments.add_argument("--places", type=int, default=30)
    options = arguments.parse_args()
    rng = random.Random(20261125)
    paths = [
        path
        for folder in options.folders
        for path in sorted(folder.rglob("*.py"))
        if 2_000 < path.stat().st_size < 60_000 and b"celery" in path.read_bytes()
    ]
    rng.shuffle(paths)
    whole = total = 0
    spent = 0.0
    by_line: dict[str, list[int]] = {line: [] for line in (*UNFINISHED, CUT)}
    for path in paths[: options.files]:
        text = path.read_text("utf-8")
        wanted = definitions(ast.parse(text))
        lines = text.split("\n")
        for at, (line, indent) in enumerate(places(text, options.places, rng)):
            typed = UNFINISHED[at % len(UNFINISHED)] if at % 2 else CUT
            text_there = lines[line - 1]
            cut = text_there[: len(indent) + max(1, len(text_there.strip()) // 2)]
            now = [indent + typed, text_there] if at % 2 else [cut]
            broken = "\n".join([*lines[: line - 1], *now, *lines[line:]])
            began = time.perf_counter()
            parsed = parse(broken)
            spent += time.perf_counter() - began
            survived = contains(definitions(parsed.tree), wanted)
            by_line[typed].append(survived)
            whole += survived
            total += 1
    for typed, results in by_line.items():
        if results:
            print(f"{sum(results):4} of {len(results):4}  {typed}")
    share = whole / total
    print(f"{whole} of {total} whole ({share:.1%}), {spent / total * 1000:.1f} ms on average")
    return 0 if share >= 0.95 else 1


if __name__ == "__main__":
    raise SystemExit(main())
