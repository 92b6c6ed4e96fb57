from celeryls.rules.cases import Invalid, Valid

_HEAD = """\
from celery import Celery, signature

app = Celery("shop")

@app.task
def charge(x): ...

@app.task(name="mail")
def send(): ...

"""

VALID = [
    Valid("a name there is", _HEAD + "app.send_task('shop.tasks.charge')\nsignature('mail')\n"),
    Valid("a task of another service", _HEAD + "app.send_task('billing.invoices.create')\n"),
    Valid("a computed name", _HEAD + "app.send_task(name)\n"),
    Valid(
        "some task's name is not known",
        _HEAD + "@app.task(name=f())\ndef g(): ...\napp.send_task('shop.taks.charge')\n",
    ),
    Valid("no app", _HEAD + "mailer.send_task('shop.taks.charge')\n".replace("send_task", "send")),
]
INVALID = [
    Invalid(
        _HEAD + "app.send_task(«'shop.taks.charge'», (1,))\n",
        'no task is named "shop.taks.charge"; there is "shop.tasks.charge"',
        _HEAD + "app.send_task('shop.tasks.charge', (1,))\n",
    ),
    Invalid(
        _HEAD + "NAME = 'shop.task.charge'\nsignature(«NAME»)\n",
        'there is "shop.tasks.charge"',
        None,
    ),
]
