"""Combinations of which every two values meet, without having to try all."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Row = dict[str, Any]


def paired(rows: Iterable[Row], more: Mapping[str, Sequence[Any]]) -> Iterator[Row]:
    """`rows` with a value of each further dimension, so that new pairs come first."""
    seen: set[tuple[str, Any, str, Any]] = set()
    for row in rows:
        row = dict(row)
        for name, values in more.items():
            uses = [
                sum((other, row[other], name, value) not in seen for other in row)
                for value in values
            ]
            # Of equals another one each time, so that none is favoured.
            turn = len(seen) % len(values)
            order = [*range(turn, len(values)), *range(turn)]
            row[name] = values[max(order, key=lambda at: uses[at])]
            seen |= {(other, row[other], name, row[name]) for other in row if other != name}
        yield row


def missing(rows: Sequence[Row], dimensions: Mapping[str, Sequence[Any]]) -> list[str]:
    """The pairs of values that no row has."""
    return [
        f"{one}={first!r}, {two}={second!r}"
        for one, two in itertools.combinations(dimensions, 2)
        for first, second in itertools.product(dimensions[one], dimensions[two])
        if not any(row[one] == first and row[two] == second for row in rows)
    ]
