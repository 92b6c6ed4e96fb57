from celeryls.rules.cases import Invalid, Valid

_APP = """\
from celery import Celery

app = Celery("shop")

@app.task
def charge(x): ...

@app.task(name="mail")
def send(): ...

"""

_EITHER = """\
from celery import Celery

app = Celery("shop")

if DRY:

    @app.task
    def charge(x): ...

else:

    @app.task
    def charge(x): ...

"""
"""One task, of two definitions."""

VALID = [
    Valid(
        "routes that fit",
        _APP + "app.conf.task_routes = {'shop.tasks.*': 'q', 'mail': 'q'}\n",
    ),
    Valid("a task of another package", _APP + "app.conf.task_routes = {'billing.*': 'q'}\n"),
    Valid("a pattern", _APP + "app.conf.task_routes = {'shop.taks*': 'q', 'sho?.taks.*': 'q'}\n"),
    Valid(
        "a regular expression",
        _APP + "import re\napp.conf.task_routes = {re.compile('shop.taks'): 'q'}\n",
    ),
    Valid("a function", _APP + "app.conf.task_routes = (route, 'shop.taks.route')\n"),
    Valid("another word", _APP + "app.conf.task_routes = {'shop.tasks.refund': 'q'}\n"),
    Valid(
        "some task's name is not known",
        _APP + "@app.task(name=f())\ndef g(): ...\napp.conf.task_routes = {'shop.taks.*': 'q'}\n",
    ),
    Valid("not a setting", _APP + "task_routes = {'shop.taks.*': 'q'}\n"),
    Valid(
        "numbered siblings",
        _APP.replace("charge", "charge1") + "app.conf.task_routes = {'shop.tasks.charge2': 'q'}\n",
    ),
]

INVALID = [
    Invalid(
        _APP + "app.conf.task_routes = {'«shop.taks.*»': {'queue': 'q'}}\n",
        'no task fits the route "shop.taks.*"; there is "shop.tasks.*"',
        _APP + "app.conf.task_routes = {'shop.tasks.*': {'queue': 'q'}}\n",
    ),
    Invalid(
        _APP + "app.conf.update(task_routes=([('mail', 'q'), ('«shop.tasks.chrage»', 'q')],))\n",
        'there is "shop.tasks.charge"',
        _APP + "app.conf.update(task_routes=([('mail', 'q'), ('shop.tasks.charge', 'q')],))\n",
    ),
    Invalid(
        _APP + "app.conf.CELERY_ROUTES = {'«mial»': 'q'}\n".replace("mial", "shop.task.charge"),
        'there is "shop.tasks.charge"',
        _APP + "app.conf.CELERY_ROUTES = {'shop.tasks.charge': 'q'}\n",
    ),
    Invalid(
        _EITHER + "app.conf.task_routes = {'«shop.tasks.chrage»': 'q'}\n",
        'there is "shop.tasks.charge"',
        _EITHER + "app.conf.task_routes = {'shop.tasks.charge': 'q'}\n",
    ),
    Invalid(
        _APP
        + "@app.task(name=f())\ndef g(): ...\n"
        + "app.conf.task_routes = {'«shop.taks.charge»': 'q', 'shop.taks.*': 'q'}\n",
        'there is "shop.tasks.charge"',
        _APP
        + "@app.task(name=f())\ndef g(): ...\n"
        + "app.conf.task_routes = {'shop.tasks.charge': 'q', 'shop.taks.*': 'q'}\n",
    ),
]
