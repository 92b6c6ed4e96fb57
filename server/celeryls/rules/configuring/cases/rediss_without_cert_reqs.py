from celeryls.rules.cases import Invalid, Valid

_IMPORT = "from celery import Celery\n\n"
_APP = _IMPORT + "app = Celery('shop')\n"

VALID = [
    Valid(
        "said in the URL", _APP + "app.conf.result_backend = 'rediss://h/0?ssl_cert_reqs=none'\n"
    ),
    Valid(
        "said in a setting",
        _APP + "app.conf.result_backend = 'rediss://h/0'\n"
        "app.conf.redis_backend_use_ssl = {'ssl_cert_reqs': 'required'}\n",
    ),
    Valid(
        "perhaps said in a setting",
        "from shop.ssl import OPTIONS\n"
        + _APP
        + "app.conf.update(result_backend='rediss://h/0', redis_backend_use_ssl=OPTIONS)\n",
    ),
    Valid("a broker need not say it", _IMPORT + "app = Celery('shop', broker='rediss://h/0')\n"),
    Valid("without encryption", _IMPORT + "app = Celery('shop', backend='redis://h/0')\n"),
    Valid(
        "the environment",
        "import os\n"
        + _IMPORT
        + "app = Celery('shop', backend=os.environ.get('R', 'rediss://h/0'))\n",
    ),
    Valid("in a comment", _APP + "# app.conf.result_backend = 'rediss://h/0'\n"),
    Valid("another setting", _APP + "app.conf.shop_cache = 'rediss://h/0'\n"),
    Valid(
        "a test", _IMPORT + "app = Celery('shop', backend='rediss://h/0')\n", path="tests/app.py"
    ),
]
INVALID = [
    Invalid(
        _IMPORT + "app = Celery('shop', broker='rediss://b/0', backend='«rediss://h/0»')  # x\n",
        "Celery refuses a result backend at rediss:// without ssl_cert_reqs",
        _IMPORT + "app = Celery('shop', broker='rediss://b/0', "
        "backend='rediss://h/0?ssl_cert_reqs=CERT_REQUIRED')  # x\n",
    ),
    Invalid(
        _APP + 'app.conf.result_backend = (\n    "«rediss://h/0?timeout=3»"  # far away\n)\n',
        "ssl_cert_reqs",
        _APP + "app.conf.result_backend = (\n"
        '    "rediss://h/0?timeout=3&ssl_cert_reqs=CERT_REQUIRED"  # far away\n)\n',
    ),
    Invalid(
        "URL = '«rediss://h/0»'\n" + _IMPORT + "app = Celery('shop', broker=URL, backend=URL)\n",
        "ssl_cert_reqs",
        "URL = 'rediss://h/0?ssl_cert_reqs=CERT_REQUIRED'\n"
        + _IMPORT
        + "app = Celery('shop', broker=URL, backend=URL)\n",
    ),
    Invalid(
        _APP + "app.conf.result_backend = «'rediss://' 'h/0'»\n",
        "ssl_cert_reqs",
        None,
    ),
]
