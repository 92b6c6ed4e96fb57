"""How long "Convert to bound Celery task" takes in a file of 780 lines.

    python benchmarks/convert.py

Times what an editor waits for, from the text to the edits, in one process: once with the
import of libcst, then warm, for every function of the file.  Exits 1 above 150 ms warm.
"""

import statistics
import sys
import time

from celeryls.project.conventions import Conventions
from celeryls.refactor.convert_function import convert, find_function, refusal
from celeryls.syntax import parse
from celeryls.text import apply_edits

LINES = 780
LIMIT = 0.150
HOUSE = Conventions(module="shop.orders")

HEAD = '''\
"""Orders of the shop."""

import logging
from collections.abc import Iterable
from datetime import datetime

logger = logging.getLogger(__name__)
'''

PIECE = '''

def sync_orders_{n}(
    shop: str,
    since: datetime | None = None,  # all of them without
    *extra: str,
    limit: int = 100,
    dry_run: bool = False,
) -> dict[str, int]:
    """Fetch the orders of a shop.

    Args:
        shop: whose orders.
        since: the oldest that are wanted.
    """
    counts = {{"seen": 0, "new": 0}}
    for order in fetch_{n}(shop, since, limit=limit):
        counts["seen"] += 1
        if order["state"] in ("open", "paid") and not dry_run:
            # Only what the warehouse can act on.
            counts["new"] += store_{n}([order for _ in range(1)], extra)
    logger.info("synced %s: %r", shop, {{key: value for key, value in counts.items() if value}})
    return counts


def fetch_{n}(shop, since, *, limit):
    with open(f"/orders/{{shop}}/{{since:%Y-%m-%d}}") as file:
        lines = [line.strip().split(";") for line in file if not line.startswith("#")]
    return [{{"id": int(line[0]), "state": line[1]}} for line in lines[:limit]]


class Store_{n}(dict):
    def put(self, orders: Iterable[dict[str, str]], *, replace: bool = True) -> int:
        before = len(self)
        for order in orders:
            if replace or order["id"] not in self:
                self[order["id"]] = dict(order, at=datetime.now())
        return len(self) - before


def store_{n}(orders, extra=()):
    return Store_{n}().put(orders) + len(extra)
'''


def source() -> str:
    count = (LINES - HEAD.count("\n")) // PIECE.count("\n")
    text = HEAD + "".join(PIECE.format(n=n) for n in range(count))
    return text + "# The end.\n" * (LINES - text.count("\n"))


def timed(text: str, offset: int) -> float:
    """Seconds from the text to the edits."""
    begin = time.perf_counter()
    parsed = parse(text)
    target = find_function(parsed, offset)
    assert target is not None and refusal(parsed, target, is_task=False) is None
    conversion = convert(parsed, target, HOUSE)
    seconds = time.perf_counter() - begin
    assert "@shared_task(" in apply_edits(text, conversion.edits)
    return seconds


def main() -> int:
    text = source()
    offsets, at = [], text.find("\ndef ")
    while at >= 0:
        offsets.append(at + 1)
        at = text.find("\ndef ", at + 1)
    assert "libcst" not in sys.modules
    cold = timed(text, offsets[0])
    warm = [timed(text, offset) for offset in offsets for _ in range(3)]
    typical = statistics.median(warm)
    print(f"{text.count(chr(10))} lines, {len(offsets)} functions")
    print(f"cold, with the import of libcst: {cold * 1000:6.1f} ms")
    print(f"warm, median:                    {typical * 1000:6.1f} ms")
    print(f"warm, slowest of {len(warm):3}:             {max(warm) * 1000:6.1f} ms")
    if typical > LIMIT:
        print(f"warm is over {LIMIT * 1000:.0f} ms", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
