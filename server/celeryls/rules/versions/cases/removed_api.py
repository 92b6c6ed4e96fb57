from celeryls.rules.cases import Invalid, Valid

_OLD = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = ["celery==4.4.*"]\n'}
_5_2 = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = ["celery==5.2.*"]\n'}

VALID = [
    Valid(
        "what there is",
        "import celery\nfrom celery import shared_task, Task, group\n"
        "from celery.schedules import crontab\nfrom celery.utils.time import maybe_timedelta\n"
        "from celery.utils.log import get_task_logger\n",
    ),
    Valid(
        "for versions that have it",
        "try:\n    from celery.task import task\nexcept ImportError:\n"
        "    from celery import shared_task as task\n",
    ),
    Valid(
        "by the version",
        "import celery\nif celery.VERSION < (5,):\n    from celery.decorators import task\n",
    ),
    Valid("an old project", "from celery.task import task\n\n@task\ndef f(): ...\n", _OLD),
    Valid(
        "names that there are, in modules that lost others",
        "from celery.result import AsyncResult, GroupResult, result_from_tuple\n"
        "from celery.bin.base import CeleryCommand\nfrom celery.app.amqp import AMQP\n"
        "from celery.registry import tasks\nfrom celery.messaging import establish_connection\n"
        "from celery.utils import get_cls_by_name, uuid\nfrom celery.backends import redis\n"
        "from celery.loaders.base import BaseLoader\nfrom celery.worker.request import Request\n",
    ),
    Valid("a name of an old version", "from celery.result import BaseAsyncResult\n", _OLD),
    Valid("a version that may have it", "from celery.five import items\n", _5_2),
    Valid(
        "one's own periodic_task",
        "import celery\nfrom shop.schedule import periodic_task\n\n"
        "@periodic_task(run_every=60)\ndef f(): ...\n",
    ),
    Valid(
        "an app that is called celery",
        "from celery import Celery\ncelery = Celery('shop')\n\n@celery.task\ndef f(): ...\n",
    ),
    Valid("in a text", 'import celery\n\nDOC = """\nfrom celery.task import task\n"""\n'),
    Valid("in a docstring", '"""Instead of\n\nimport celery.task\n"""\nimport celery\n'),
    Valid(
        "a package of one's own with that name",
        "from celery import task\n",
        {"celery/__init__.py": "", "celery/task.py": "import kombu  # celery\n"},
    ),
    Valid(
        "a comment between names",
        "from celery import (\n    Celery,  # the task is elsewhere\n    group,\n)\n",
    ),
    Valid("another package", "import celery\nfrom celery_tasks.task import task\n"),
    Valid("a module beside this one", "import celery\nfrom .celery import task\n"),
]
INVALID = [
    Invalid(
        "from «celery.task» import task\n\n@task\ndef f(): ...\n",
        "Celery has no celery.task.task any more: use celery.shared_task",
        "from celery import shared_task as task\n\n@task\ndef f(): ...\n",
    ),
    Invalid(
        "from «celery.decorators» import task as job  # old\n",
        "Celery has no celery.decorators.task any more",
        "from celery import shared_task as job  # old\n",
    ),
    Invalid(
        "from «celery.task» import Task, task as shared_task, chord\n",
        "Celery has no celery.task any more",
        "from celery import Task, shared_task, chord\n",
    ),
    Invalid(
        "from «celery.task» import task, \\\n    Task  # both\n",
        "celery.task",
        "from celery import shared_task as task, Task  # both\n",
    ),
    Invalid("from «celery.task» import task, \\\n    periodic_task\n", "celery.task", None),
    Invalid("from «celery.task» import *\n", "Celery has no celery.task any more", None),
    Invalid(
        "from celery import Celery, «task», group\n",
        "Celery has no celery.task any more: use celery.shared_task",
        "from celery import Celery, shared_task as task, group\n",
    ),
    Invalid(
        "from celery import (\n    Celery,\n    «task» as job,\n)\n",
        "use celery.shared_task",
        "from celery import (\n    Celery,\n    shared_task as job,\n)\n",
    ),
    Invalid(
        "from «celery.task» import periodic_task\n",
        "celery.task.periodic_task any more: use add_periodic_task or beat_schedule",
        None,
    ),
    Invalid("from «celery.task» import (\n    task,\n    periodic_task,\n)\n", "celery.task", None),
    Invalid(
        "from «celery.task.schedules» import crontab\n",
        "use celery.schedules.crontab",
        "from celery.schedules import crontab\n",
    ),
    Invalid(
        "from «celery.utils.encoding» import safe_str, safe_repr\n",
        "no celery.utils.encoding any more",
        "from kombu.utils.encoding import safe_str, safe_repr\n",
    ),
    Invalid(
        "from celery.result import AsyncResult, «BaseAsyncResult» as Base\n",
        "Celery has no celery.result.BaseAsyncResult any more: use celery.result.AsyncResult",
        None,
    ),
    Invalid("from celery.bin.base import «Option»\n", "no celery.bin.base.Option any more", None),
    Invalid(
        "from «celery.worker.job» import Request\n",
        "use celery.worker.request.Request",
        "from celery.worker.request import Request\n",
    ),
    Invalid("from celery.loaders import «current_loader»\n", "celery.loaders", None),
    Invalid("from «celery.task.control» import inspect\n", "use app.control", None),
    Invalid("import «celery.task»\n\n@celery.task.task\ndef f(): ...\n", "celery.task", None),
    Invalid(
        "import celery\n\n@«celery.task»(name='x')\ndef f(): ...\n",
        "Celery has no celery.task any more: use celery.shared_task",
        None,
    ),
    Invalid(
        "from «celery.task» import task\n",
        "celery.task",
        "from celery import shared_task as task\n",
        _5_2,
    ),
]
