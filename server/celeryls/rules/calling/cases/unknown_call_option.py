from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(order_id): ...\n\n"

_ON_APP = "from celery import Celery\napp = Celery('x')\n@app.task\ndef f(order_id): ...\n\n"
VALID = [
    Valid(
        "what send_task and signature take",
        _ON_APP + "app.send_task(name='shop.tasks.f', args=(1,), countdown=5, router=None)\n"
        "f.signature((1,), immutable=True, countdown=5, options={})\n",
    ),
    Valid("options", _HEAD + "f.apply_async((1,), countdown=5, link_error=x, expiration=3)\n"),
    Valid("a property of the transport", _HEAD + "f.apply_async((1,), MessageGroupId='x')\n"),
    Valid("delay hands it to the task", _HEAD + "f.delay(order_id=1)\n"),
    Valid(
        "an apply_async of its own",
        "from celery import Task, shared_task\nclass B(Task):\n"
        "    def apply_async(self, *a, count_down=0, **o): ...\n"
        "@shared_task(base=B)\ndef f(x): ...\nf.apply_async((1,), count_down=5)\n",
    ),
    Valid(
        "a base that can't be read",
        "from celery import shared_task\nfrom x import B\n"
        "@shared_task(base=B)\ndef f(x): ...\nf.apply_async((1,), count_down=5)\n",
    ),
]
INVALID = [
    Invalid(
        _HEAD + "f.apply_async((1,), «count_down»=5)\n",
        '"count_down" is not an option of apply_async and has no effect; the option is "countdown"',
        _HEAD + "f.apply_async((1,), countdown=5)\n",
    ),
    Invalid(
        _HEAD + "f.apply_async((1,), «expire»=5, expires=6)\n",
        'the option is "expires"',
        None,
    ),
    Invalid(
        _HEAD + "f.apply_async(«order_id»=1)\n",
        '"order_id" is a parameter of task "shop.tasks.f", which does not get it',
        None,
    ),
    Invalid(
        _ON_APP + "app.send_task('shop.tasks.f', (1,), «cuntdown»=5)\n",
        '"cuntdown" is not an option of send_task and has no effect; the option is "countdown"',
        _ON_APP + "app.send_task('shop.tasks.f', (1,), countdown=5)\n",
    ),
    Invalid(
        _ON_APP + "f.signature((1,), «priorty»=5).delay()\n",
        'the option is "priority"',
        _ON_APP + "f.signature((1,), priority=5).delay()\n",
    ),
]
