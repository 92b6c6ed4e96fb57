"""Projects of many kinds, for plans that reach into settings."""

from tests.generate.projects import SHOP

_PYPROJECT = '[project]\nname = "shop"\ndependencies = ["celery>=5.7"]\n'
_TASKS = (
    '"""Tasks."""\n\nfrom celery import shared_task\n\n\n'
    '@shared_task(bind=True, name="{module}.fetch", acks_late=True, max_retries=0)\n'
    "def fetch(self, order_id: int) -> dict[str, int]:\n"
    '    """Fetch an order."""\n    return {{"order": order_id}}\n\n\n'
    '@shared_task(bind=True, name="{module}.notify", acks_late=True, max_retries=0)\n'
    "def notify(self, text: str, channel: str) -> None:\n"
    '    """Tell somebody."""\n    print(text, channel)\n'
)

PLAIN = {
    **SHOP,
    "shop/tasks.py": _TASKS.format(module="shop.tasks"),
}
WITH_SETTINGS = {
    **PLAIN,
    "shop/app.py": (
        '"""The app."""\n\nfrom datetime import timedelta\n\nfrom celery import Celery\n\n'
        'app = Celery("shop", include=["shop.tasks"])\n'
        "app.conf.update(\n"
        "    # Where what goes.\n"
        '    task_routes={"shop.tasks.fetch": {"queue": "io_bound"}},\n'
        "    beat_schedule={\n"
        '        "fetch_all": {\n'
        '            "task": "shop.tasks.fetch",\n'
        '            "schedule": timedelta(hours=1),  # the shop is slow\n'
        '            "args": (1,),\n'
        "        },\n"
        "    },\n"
        ")\n"
    ),
}
MODULE_CONFIG = {
    "pyproject.toml": _PYPROJECT,
    "celeryconfig.py": (
        '"""Settings."""\n\nbroker_url = "memory://"\n'
        'imports = ["tasks"]\ntask_acks_late = True  # idempotent, all of them\n\n\n'
        "def helper() -> None: ...\n"
    ),
    "worker.py": (
        '"""The app."""\n\nfrom celery import Celery\n\n'
        'queueing = Celery("worker")\nqueueing.config_from_object("celeryconfig")\n'
    ),
    "tasks.py": _TASKS.format(module="tasks"),
}
ONE_FILE = {
    "pyproject.toml": _PYPROJECT,
    "worker.py": (
        '"""All of it."""\n\nfrom celery import Celery\n\napp = Celery("worker")\n\n\n'
        '@app.task(bind=True, name="worker.fetch", acks_late=True, max_retries=0)\n'
        "def fetch(self, order_id: int) -> dict[str, int]:\n"
        '    """Fetch an order."""\n    return {"order": order_id}\n'
    ),
}
SRC = {
    "pyproject.toml": _PYPROJECT,
    **{f"src/{path}": text for path, text in PLAIN.items() if path != "pyproject.toml"},
}
OLDER = {
    **PLAIN,
    "pyproject.toml": _PYPROJECT.replace("5.7", "5.4"),
}
DJANGO = {
    "pyproject.toml": _PYPROJECT,
    "manage.py": '"""Django."""\n',
    "proj/__init__.py": 'from .celery import app as celery_app\n\n__all__ = ("celery_app",)\n',
    "proj/celery.py": (
        '"""The app."""\n\nimport os\n\nfrom celery import Celery\n\n'
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proj.settings")\n\n'
        'app = Celery("proj")\napp.config_from_object("django.conf:settings", namespace="CELERY")\n'
        "app.autodiscover_tasks()\n"
    ),
    "proj/settings.py": (
        '"""Settings."""\n\nINSTALLED_APPS = ["shop"]\n\n'
        'CELERY_BROKER_URL = "memory://"\nCELERY_TASK_ACKS_LATE = True\n\nUSE_TZ = True\n'
    ),
    "shop/__init__.py": "",
    "shop/apps.py": '"""The Django app."""\n',
    "shop/tasks.py": _TASKS.format(module="shop.tasks"),
}

LAYOUTS = {
    "plain": PLAIN,
    "settings": WITH_SETTINGS,
    "module": MODULE_CONFIG,
    "one file": ONE_FILE,
    "src": SRC,
    "older": OLDER,
    "django": DJANGO,
}
FILES = {
    "plain": ("shop/tasks.py", "shop/jobs/mail.py", "shop/reports.py"),
    "settings": ("shop/tasks.py", "shop/reports.py"),
    "module": ("tasks.py", "more.py"),
    "one file": ("worker.py", "more.py"),
    "src": ("src/shop/tasks.py", "src/shop/jobs/mail.py"),
    "older": ("shop/tasks.py", "shop/reports.py"),
    "django": ("shop/tasks.py", "shop/reports.py", "proj/tasks.py"),
}
"""Files that a task may go to, some of them new."""
APPS = {
    "plain": "shop.app:app",
    "settings": "shop.app:app",
    "module": "worker:queueing",
    "one file": "worker:app",
    "src": "shop.app:app",
    "older": "shop.app:app",
}
"""What to import of those that need nothing but Celery."""
