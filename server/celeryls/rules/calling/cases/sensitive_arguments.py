from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\n"
VALID = [
    Valid("keys", _HEAD + "def charge(order_id, card_id, password_reset_id): ...\n"),
    Valid("words that only look like it", _HEAD + "def f(token, key, secretary, pin, keys): ...\n"),
    Valid("no task", "import celery\ndef login(password): ...\n"),
    Valid(
        "hidden where it is sent",
        _HEAD + "def login(password): ...\nlogin.apply_async(('x',), argsrepr='(***)')\n",
    ),
]
INVALID = [
    Invalid(
        _HEAD + "def login(user, «password»): ...\n",
        '"password" of task "shop.tasks.login" is shown in logs and monitors',
        None,
    ),
    Invalid(_HEAD + "def call(*, «api_key: str» = ''): ...\n", '"api_key"', None),
    Invalid(_HEAD + "def pay(«card_number», month): ...\n", '"card_number"', None),
]
