"""CEL611."""

from collections.abc import Iterator

from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.configuring.urls import Url, urls_of
from celeryls.syntax.expr import Const, Dict
from celeryls.text import Applicability, Edit, Fix, Span

_REQUIRED = "ssl_cert_reqs=CERT_REQUIRED"


class RedissWithoutCertReqs(Rule):
    """## What it does

    Finds a result backend at `rediss://` that does not say what to do with the server's
    certificate.

    ## Why it matters

    Celery refuses it: `ValueError: A rediss:// URL must have parameter ssl_cert_reqs`. The first
    look at the result backend fails, which is when the first task is sent.

    Celery's documentation:
    [Redis backend settings](https://docs.celeryq.dev/en/stable/userguide/configuration.html#redis-backend-settings)

    ## Example

    ```python
    app = Celery("shop", backend="rediss://redis.example.com:6379/0")
    ```

    Use instead:

    ```python
    app = Celery("shop", backend="rediss://redis.example.com:6379/0?ssl_cert_reqs=CERT_REQUIRED")
    ```

    ## Known limits

    Only URLs that are written out are judged. Silent where `redis_backend_use_ssl` is set, which
    may say the same, and for brokers, which need not be told.

    ## Fix safety

    Unsafe: `CERT_REQUIRED` refuses a server whose certificate the machine does not trust.
    """

    code = "CEL611"
    name = "rediss-without-cert-reqs"
    summary = "A result backend at rediss:// lacks ssl_cert_reqs, so Celery refuses it."
    severity = "error"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if "rediss://" not in file.text:
            return
        for url in urls_of(file):
            if url.key != "result_backend" or not url.text.startswith("rediss://"):
                continue
            if "ssl_cert_reqs=" in url.text or not _is_default(file, url):
                continue
            message = "Celery refuses a result backend at rediss:// without ssl_cert_reqs"
            whole = Span(0, len(file.text))
            yield Finding(self.code, message, url.span, url.span, whole, tuple(_fixes(file, url)))


def _is_default(file: FileContext, url: Url) -> bool:
    """Whether nothing else says what Celery asks for."""
    setting = file.project.setting(url.app, "redis_backend_use_ssl")
    return setting.value in (Const(None), Const(False), Dict(()))


def _fixes(file: FileContext, url: Url) -> Iterator[Fix]:
    if url.literal and "#" not in url.text:
        joint = "&" if "?" in url.text else "?"
        edit = Edit(Span(url.span.end, url.span.end), joint + _REQUIRED)
        yield Fix.in_file(file.path, f"Add {_REQUIRED}", Applicability.UNSAFE, edit)
