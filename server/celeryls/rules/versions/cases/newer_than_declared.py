from celeryls.rules.cases import Invalid, Valid

_APP = "from celery import Celery\n\napp = Celery('shop')\n"


def _requires(specifier: str) -> dict[str, str]:
    return {"requirements.txt": f"celery{specifier}\n"}


_OLD = _requires("==5.4.0")
_PYDANTIC = "@app.task(pydantic=True)\ndef ship(order): ...\n"
_DISABLE = "app.conf.worker_disable_prefetch = True\n"

VALID = [
    Valid("a new enough one", _APP + _DISABLE + _PYDANTIC, _requires("==5.6.2")),
    Valid("no version said", _APP + _DISABLE + _PYDANTIC),
    Valid("only a lower bound: it may run with a newer one", _APP + _DISABLE, _requires(">=5.3")),
    Valid("a ceiling above", _APP + _DISABLE, _requires(">=5.3,<6")),
    Valid("what there was", _APP + "app.conf.task_acks_late = True\n", _OLD),
    Valid(
        "by the version",
        "import celery\n"
        + _APP
        + "if celery.VERSION >= (5, 6):\n    app.conf.worker_disable_prefetch = True\n"
        + "if celery.VERSION >= (5, 5):\n    @app.task(pydantic=True)\n    def ship(order): ...\n",
        _OLD,
    ),
    Valid(
        "an option that a base reads",
        _APP + "class Typed(app.Task):\n    pydantic = False\n\n"
        "@app.task(base=Typed, pydantic=True)\ndef ship(order): ...\n",
        _OLD,
    ),
    Valid("a test", _APP + _DISABLE, _OLD, path="tests/app.py"),
    Valid(
        "a lock file wins over a lower bound",
        _APP + _DISABLE,
        {
            "pyproject.toml": '[project]\ndependencies = ["celery>=5.3"]\n',
            "uv.lock": '[[package]]\nname = "celery"\nversion = "5.6.2"\n',
        },
    ),
    Valid("something else of that name", _APP + "@job(pydantic=True)\ndef ship(o): ...\n", _OLD),
]
INVALID = [
    Invalid(
        _APP + "@app.task(\n    «pydantic»=True,  # checked\n)\ndef ship(order): ...\n",
        '"pydantic" needs Celery 5.5; in 5.4, which the project has, it has no effect',
        None,
        _OLD,
    ),
    Invalid(
        "from celery import shared_task\n\n@shared_task(«acks_on_failure»=False)\ndef f(): ...\n",
        "needs Celery 5.7; in 5.5",
        None,
        _requires(">=5.3,<5.6"),
    ),
    Invalid(_APP + "app.conf.«worker_disable_prefetch» = True\n", "needs Celery 5.6", None, _OLD),
    Invalid(
        "«CELERY_RESULT_CHORD_EXPIRES» = 60\n",
        '"CELERY_RESULT_CHORD_EXPIRES" needs Celery 5.7; in 5.5',
        None,
        {
            "uv.lock": '[[package]]\nname = "celery"\nversion = "5.5.3"\n',
            "shop/__init__.py": "",
            "shop/celery.py": _APP + "app.config_from_object('shop.config', namespace='CELERY')\n",
        },
        path="shop/config.py",
    ),
]
