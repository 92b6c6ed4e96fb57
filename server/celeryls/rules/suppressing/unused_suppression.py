"""CEL000."""

from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding, Rule


class UnusedSuppression(Rule):
    """## What it does

    Finds comments that silence nothing: `# celeryls: ignore[CEL301]` and `# noqa: CEL301` where
    there is no such finding, and own comments that name a rule that does not exist.

    ## Why it matters

    The code below was mended, or moved, and the comment stayed. The next mistake of that kind
    on this line would go unseen.

    ## Example

    ```python
    charge.delay(order_id)  # celeryls: ignore[CEL301]
    ```

    Use instead:

    ```python
    charge.delay(order_id)
    ```

    ## Known limits

    Rules that do not run here are not judged, so a comment for one that is off stays. A `# noqa`
    without codes is for other tools too, and so are codes such as `CEL017`, which celery-audit
    has: they are left alone. Silent while a line of the file is half typed.

    ## Fix safety

    Safe: it takes out what silences nothing, and leaves other words and other tools' codes.
    """

    code = "CEL000"
    name = "unused-suppression"
    summary = "A comment silences a finding that is not there."
    severity = "warning"
    since = "0.1.0"
    fix = "safe"
    tags = ("unnecessary",)

    def check(self, file: FileContext) -> Iterator[Finding]:
        """Nothing: what the other rules found must be known, so the engine finds these."""
        yield from ()
