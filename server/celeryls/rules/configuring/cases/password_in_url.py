from celeryls.rules.cases import Invalid, Valid

_IMPORT = "from celery import Celery\n\n"
_APP = _IMPORT + "app = Celery('shop')\n"


def _broker(url: str) -> str:
    return f"{_IMPORT}app = Celery('shop', broker={url!r})\n"


VALID = [
    Valid("no password", _broker("amqp://mq.shop.org//")),
    Valid("a user only", _broker("amqp://shop@mq.shop.org//")),
    Valid("the one that everybody knows", _broker("amqp://guest:guest@rabbitmq:5672//")),
    Valid("the name of the user", _broker("amqp://shop:shop@rabbitmq//")),
    Valid("on this machine", _broker("redis://:hoh7eiCh@localhost:6379/0")),
    Valid("a word that stands for one", _broker("amqp://user:mypassword@mq.shop.org//")),
    Valid("in angles", _broker("amqp://user:<pw>@mq.shop.org//")),
    Valid("one that is put in", _broker("amqp://user:%(pw)s@mq.shop.org//")),
    Valid("blackened", _broker("amqp://user:xxxxx@mq.shop.org//")),
    Valid(
        "from the environment",
        "import os\n"
        + _IMPORT
        + "app = Celery('shop', broker=f'redis://:{os.environ[\"PW\"]}@redis.shop.org/0')\n",
    ),
    Valid(
        "a default for the environment",
        "import os\n"
        + _IMPORT
        + "app = Celery('shop', broker=os.getenv('B', 'redis://:hoh7eiCh@redis/0'))\n",
    ),
    Valid("another setting", _APP + "app.conf.shop_db = 'db://me:hoh7eiCh@db.shop.org'\n"),
    Valid("a test", _broker("redis://:hoh7eiCh@redis.shop.org/0"), path="tests/app.py"),
    Valid("an at sign in a path", _broker("sqla+sqlite:///a:b/c@d.sqlite")),
    Valid(
        "words that stand for one, with a little beside",
        _broker("redis://:password123@cache:6379") + _broker("redis://:my-secret-key1@cache:6379"),
    ),
]
INVALID = [
    Invalid(
        _broker("amqp://shop:«hoh7eiCh»@mq.shop.org//"),
        'the password of "mq.shop.org" is written in the code',
        "import os\n\nfrom celery import Celery\n\n"
        "app = Celery('shop', broker=os.environ[\"CELERY_BROKER_URL\"])\n",
    ),
    Invalid(
        _APP + "app.conf.update(\n    result_backend='redis://:«hoh7eiCh»@redis:6379/0',\n)\n",
        'password of "redis"',
        "import os\n\n"
        + _APP
        + 'app.conf.update(\n    result_backend=os.environ["CELERY_RESULT_BACKEND"],\n)\n',
    ),
    Invalid(
        "URL = 'redis://:«hoh7eiCh»@redis.shop.org/0'\n"
        + _IMPORT
        + "app = Celery('shop', broker=URL, backend=URL)\n",
        "redis.shop.org",
        None,
    ),
    Invalid(
        "CELERY_BROKER_URL = («'amqp://shop:hoh7eiCh@' 'mq.shop.org'»)\n",
        "mq.shop.org",
        None,
        {
            "shop/__init__.py": "",
            "shop/celery.py": _APP + "app.config_from_object('shop.config', namespace='CELERY')\n",
        },
        path="shop/config.py",
    ),
    Invalid(
        _APP + "app.conf.result_backend = 'redis://:«hunter22secret»@cache:6379/0'\n",
        'the password of "cache" is written in the code',
        "import os\n\n" + _APP + 'app.conf.result_backend = os.environ["CELERY_RESULT_BACKEND"]\n',
    ),
]
