"""CEL802."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from urllib.parse import unquote

from celeryls.rules.base import FileContext, Finding, Rule
from celeryls.rules.configuring.urls import Url, urls_of
from celeryls.syntax import parse
from celeryls.syntax.imports import add_import
from celeryls.text import Applicability, Edit, Fix, Span

_LOGIN = re.compile(r"[\w+.-]+://(?P<user>[^:@/]*):(?P<password>[^@/]+)@(?P<host>[^:/?#;]*)")
_WORDS = re.compile(
    r"guest|pass(?:word)?|pwd|secret|change.?me|example|your|test|dummy|placeholder|todo|none|token"
    r"|key",
    re.I,
)
"""Words that stand for a password rather than being one."""
_NONE = re.compile(r"[<>{}$*%()\[\]]|^(.)\1*$")
"""What is put in later, and what hides nothing."""
_LONG = 7
"""Letters and digits beside such words, both of them, that make a password all the same."""
_HERE = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "[", "host.docker.internal"})


class PasswordInUrl(Rule):
    """## What it does

    Finds a password that is written out in the URL of a broker or a result backend.

    ## Why it matters

    Whoever can read the code, or its history, can send tasks to the workers. The password can't
    be changed without a release.

    Celery's documentation:
    [Security](https://docs.celeryq.dev/en/stable/userguide/security.html#broker)

    ## Example

    ```python
    app = Celery("shop", broker="amqp://shop:hoh7eiCh@mq.example.com//")
    ```

    Use instead:

    ```python
    app = Celery("shop", broker=os.environ["CELERY_BROKER_URL"])
    ```

    ## Known limits

    Silent for what is no secret: a default of an environment variable, a broker on the same
    machine, `guest`, a password that is the name of its user, and words such as `password` that
    stand for one. A word of that kind in a password makes it a placeholder, unless it has seven
    letters and digits beside that.

    ## Fix safety

    Unsafe: the URL has to be in the environment of all that runs, and the password is still in
    the history of the repository. There is no fix where the text is put together, or stands for
    two settings.
    """

    code = "CEL802"
    name = "password-in-url"
    summary = "The password of a broker or a result backend is written in the code."
    severity = "warning"
    since = "0.1.0"
    fix = "sometimes"

    def check(self, file: FileContext) -> Iterator[Finding]:
        if "@" not in file.text or re.search("example|sample", PurePath(file.path).name):
            return
        seen: set[Span] = set()
        urls = list(urls_of(file))
        for url in urls:
            for one in _LOGIN.finditer(url.text):
                if not _is_secret(one):
                    continue
                span = url.span
                if url.literal:
                    span = Span(
                        span.start + one.start("password"), span.start + one.end("password")
                    )
                if span not in seen:
                    seen.add(span)
                    message = f'the password of "{one["host"]}" is written in the code'
                    alone = sum(other.span == url.span for other in urls) == 1
                    fixes = tuple(_fixes(file, url)) if alone else ()
                    yield Finding(self.code, message, span, span, span, fixes)


def _fixes(file: FileContext, url: Url) -> Iterator[Fix]:
    """Read it from the variable that Celery itself looks at (celery/app/utils.py, `Settings`)."""
    text, span = file.text, Span(url.span.start - 1, url.span.end + 1)
    before = text[span.start - 1 : span.start]
    if not url.literal or before.isalnum() or before == text[span.start]:
        return
    parsed = parse(text)
    if parsed.broken:
        return
    added = add_import(parsed, "os")
    variable = f"CELERY_{url.key.upper()}"
    edit = Edit(span, f'{added.local_name}.environ["{variable}"]')
    title = f"Read it from the environment: {variable}"
    yield Fix.in_file(file.path, title, Applicability.UNSAFE, *added.edits, edit)


def _is_secret(login: re.Match[str]) -> bool:
    password = unquote(login["password"])
    if login["host"].lower() in _HERE or password == login["user"]:
        return False
    return bool(login["host"]) and not _NONE.search(password) and not _stands_for_one(password)


def _stands_for_one(password: str) -> bool:
    """Whether a text has a word of that kind, and nothing beside it that would be a secret."""
    if not _WORDS.search(password):
        return False
    rest = "".join(filter(str.isalnum, _WORDS.sub("", password)))
    return len(rest) < _LONG or rest.isalpha() or rest.isdigit()
