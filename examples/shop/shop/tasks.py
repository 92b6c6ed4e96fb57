"""What the shop does behind the scenes."""

from shop.app import app


@app.task(max_retires=5)
def charge(order_id: int, amount: int) -> str:
    """Charge the card of an order."""
    return f"order {order_id}: {amount} charged"


@app.task(bind=True)
def clean_up():
    """Throw away carts that nobody came back to."""


@app.task
def send_mail(self, user_id: int) -> None:
    """Send a mail, again if it did not work."""
    try:
        print(f"mail to {user_id}")
    except OSError as exc:
        raise self.retry(exc=exc)


def restock(product_id: int, count: int = 10) -> int:
    """Order more of a product."""  # the supplier takes tens only
    return product_id * 1000 + count
