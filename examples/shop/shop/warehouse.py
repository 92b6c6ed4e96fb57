"""The warehouse, which is far away: the first call of each product fails."""

from shop.app import DATA


def stock_of(product_id: int) -> int:
    """How many there are.  Raises `ConnectionError` when the line is down."""
    asked = DATA / f"asked-{product_id}"
    if not asked.exists():
        asked.touch()
        raise ConnectionError("the warehouse does not answer")
    return product_id * 3
