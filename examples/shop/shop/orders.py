"""Orders, as the web part sees them."""

from shop.tasks import charge, restock, send_mail


def place(order_id: int, user_id: int, product_id: int) -> None:
    """Take an order."""
    charge.delay(order_id, amount=100)
    send_mail.delay(user_id)
    restock(product_id)
