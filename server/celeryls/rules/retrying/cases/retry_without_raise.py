from celeryls.rules.cases import Invalid, Valid


def _task(call: str, options: str = "bind=True") -> str:
    return (
        f"from celery import shared_task\n\n@shared_task({options})\ndef f(self, x):\n    {call}\n"
    )


VALID = [
    Valid("raised", _task("raise self.retry()")),
    Valid("raised from another", _task("raise self.retry() from None")),
    Valid("returned", _task("return self.retry()")),
    Valid("kept", _task("again = self.retry()")),
    Valid("an argument", _task("go(self.retry())")),
    Valid("does not raise", _task("self.retry(throw=False)")),
    Valid("may not raise", _task("self.retry(throw=x)")),
    Valid("may not raise, by place", _task("self.retry((), {}, None, x)")),
    Valid("arguments that are not known", _task("self.retry(*x)")),
    Valid("options that are not known", _task("self.retry(**x)")),
    Valid("the retry of something else", _task("x.retry()")),
    Valid("not bound", _task("self.retry()", "")),
    Valid("an inner function", _task("def later(): self.retry()")),
]

INVALID = [
    Invalid(
        _task("«self.retry()»"),
        'task "shop.tasks.f": retry raises, so what is below it is not run',
        _task("raise self.retry()"),
    ),
    Invalid(
        _task("if x: «self.retry(\n        countdown=5, throw=True)»"),
        '"raise" in front of it would say so',
        _task("if x: raise self.retry(\n        countdown=5, throw=True)"),
    ),
    Invalid(
        _task("try: go(x)\n    except OSError as e:\n        «self.retry(exc=e)»  # later"),
        '"raise" in front of it would say so',
        _task(
            "try: go(x)\n    except OSError as e:\n        raise self.retry(exc=e) from e  # later"
        ),
    ),
    Invalid(_task("(«self.retry()»)"), '"raise" in front of it would say so', None),
]
