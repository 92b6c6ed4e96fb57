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
        "some task's name is not known, and it may be that one",
        _HEAD + "@app.task(name=f())\ndef charges(): ...\napp.send_task('shop.tasks.charges')\n",
    ),
    Valid(
        "some task's name is not known, and the name is not the same",
        _HEAD + "@app.task(name=f())\ndef g(): ...\napp.send_task('shp.task.charg')\n",
    ),
    Valid("registered", _HEAD + "app.tasks['mail'].delay()\n"),
    Valid("another registry", _HEAD + "jobs.tasks['shop.taks.charge'].delay(1)\n"),
    Valid("a task of another package", _HEAD + "app.tasks['celery.chord'].s()\n"),
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
    Invalid(
        _HEAD + "@app.task(name=f())\ndef g(): ...\napp.send_task(«'shop.taks.charge'»)\n",
        'there is "shop.tasks.charge"',
        _HEAD + "@app.task(name=f())\ndef g(): ...\napp.send_task('shop.tasks.charge')\n",
    ),
    Invalid(
        _HEAD + "app.tasks[«'shop.taks.charge'»].delay(1)\n",
        'no task is named "shop.taks.charge"; there is "shop.tasks.charge"',
        _HEAD + "app.tasks['shop.tasks.charge'].delay(1)\n",
    ),
    Invalid(
        "from celery import current_app\n"
        + _HEAD
        + "def go():\n    current_app.tasks[«'shop.taks.charge'»].apply_async((1,))\n",
        'there is "shop.tasks.charge"',
        "from celery import current_app\n"
        + _HEAD
        + "def go():\n    current_app.tasks['shop.tasks.charge'].apply_async((1,))\n",
    ),
]
