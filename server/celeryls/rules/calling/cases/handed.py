"""Arguments that do not stand in the call itself, and decorators below a task, for CEL301."""

_APP = "from celery import Celery, shared_task, signature\napp = Celery('shop')\n"
_PAIR = _APP + "@app.task\ndef f(a, b): ...\n"
SEND = _PAIR + "def send(x):\n    "
FITS = {
    "a list that grows": "args = [1]\n    args.append(x)\n    f.apply_async(args=args)\n",
    "a dict that is filled": "data = {'a': 1}\n    data['b'] = x\n    f.delay(**data)\n",
    "a dict that may be filled": "data = {'a': 1}\n    fill(data)\n    f.delay(**data)\n",
    "a list with two names": "a = [1]\n    other = a\n    other += [x]\n    f.apply_async(a)\n",
    "a dict that fits": "data = dict(a=1, b=x)\n    log.info(data)\n    f.delay(**data)\n",
    "a dict that fits, applied": "data = dict(a=1, b=x)\n    f.apply(kwargs=data)\n",
    "one of two": "data = {}\n    if x:\n        data = {'a': 1, 'b': 2}\n    f.delay(**data)\n",
    "sent by name": "app.send_task('shop.tasks.f', (1,), {'b': 2}, countdown=3)\n",
    "sent by another name": "app.send_task('shop.other', (1,))\n",
    "a part of a named signature": "signature('shop.tasks.f', (1,)).delay(2)\n",
    "a part of a signature": "f.signature((1,)).delay(2)\n",
    "from the registry": "app.tasks['shop.tasks.f'].delay(1, 2)\n",
}
"""What is sent from inside a function, and is what the task takes."""
WRONG = {
    "data = {'a': 1}\n    log.info(data)\n    «f.apply_async(kwargs=data)»\n": 'needs "b"',
    "data = dict(a=1, c=x)\n    «f.delay(**data)»\n": 'has no parameter "c"',
    "«f.apply_async(kwargs=dict(a=1))»\n": 'needs "b"',
    "args = (1, 2, x)\n    «f.apply_async(args, countdown=3)»\n": "takes 2 arguments, 3 given",
    "args = [1]\n    «f.delay(*args)»\n": 'needs "b"',
    "«f.apply(args=(1,))»\n": 'needs "b"',
    "«f.signature((1,), {'c': 2})».delay()\n": 'has no parameter "c"',
    "«app.send_task('shop.tasks.f', args=[1])»\n": 'needs "b"',
    "«signature('shop.tasks.f', args=(1, 2, 3))».delay()\n": "takes 2 arguments, 3 given",
    "«app.tasks['shop.tasks.f'].delay(1)»\n": 'needs "b"',
}
"""The same, and is not; there is no fix, as what is wrong stands elsewhere or goes with a name."""
PASSED = (
    "from functools import wraps\nfrom celery import shared_task\n"
    "from django.db import transaction\n"
    "def plain(fn):\n    @wraps(fn)\n    def wrapper(*args, **kwargs):\n        if ready():\n"
    "            return fn(*args, **kwargs)\n    return wrapper\n"
    "def logged(level):\n    def decorator(fn):\n        @wraps(fn)\n"
    "        def wrapper(*a, **k):\n            return fn(*a, **k)\n        return wrapper\n"
    "    return decorator\n"
    "def adds(fn):\n    @wraps(fn)\n    def wrapper(*args, **kwargs):\n"
    "        return fn(*args, user=1, **kwargs)\n    return wrapper\n"
    "def fills(fn):\n    @wraps(fn)\n    def wrapper(*args, **kwargs):\n        kwargs['b'] = 1\n"
    "        return fn(*args, **kwargs)\n    return wrapper\n"
    "def puts_first(fn):\n    @wraps(fn)\n    def wrapper(*args, **kwargs):\n"
    "        args = (1, *args)\n        return fn(*args, **kwargs)\n    return wrapper\n"
)
_TASK = "@shared_task\n@{}\ndef f(a, b): ...\n"
SAME_BELOW = [
    _TASK.format(decorator) + "«f.delay(1)»\n"
    for decorator in ("plain", "logged('info')", "transaction.atomic", "transaction.atomic()")
]
OTHER_BELOW = [
    _TASK.format(decorator) + "f.delay(1)\n"
    for decorator in ("adds", "fills", "puts_first", "vendored", "logged", "plain(1)")
]
"""Decorators that hand all arguments on as they are, and others."""
