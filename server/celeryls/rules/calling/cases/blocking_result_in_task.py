from celeryls.rules.cases import Invalid, Valid

_HEAD = "from celery import shared_task\n\n@shared_task\ndef f(x=1): ...\n\n"

VALID = [
    Valid(
        "a variable that may hold another result",
        _HEAD + "@shared_task\ndef g(x):\n    r = f.delay()\n    if x:\n        r = cached(x)\n"
        "    return r.get()\n",
    ),
    Valid("its id", _HEAD + "@shared_task\ndef g():\n    r = f.delay()\n    return r.id\n"),
    Valid(
        "the variable of another function",
        _HEAD + "def view():\n    r = f.delay()\n    return r.id\n"
        "@shared_task\ndef g(r):\n    return r.get('x')\n",
    ),
    Valid("not in a task", _HEAD + "def view():\n    return f.delay(1).get(timeout=5)\n"),
    Valid("sent only", _HEAD + "@shared_task\ndef g():\n    return f.delay(1).id\n"),
    Valid(
        "allowed",
        _HEAD + "from celery.result import allow_join_result\n@shared_task\ndef g():\n"
        "    with allow_join_result():\n        return f.delay(1).get()\n",
    ),
    Valid(
        "asked for",
        _HEAD + "@shared_task\ndef g():\n    f.delay().get(disable_sync_subtasks=False)\n",
    ),
    Valid("run here", _HEAD + "@shared_task\ndef g():\n    return f.apply().result\n"),
]
_G = "@shared_task\ndef g(x, y=0): ...\n\n"
_OUTER = _HEAD + _G + "@shared_task\ndef h(a):\n"
_BOUND = _HEAD + "@shared_task(bind=True)\ndef g(self, a):\n"
_MESSAGE = "send a chain"

_WORK = _HEAD.replace("import ", "import chain, chord, group, ", 1)
_TASK = _WORK + "@shared_task\ndef g(ids):\n"
_VIEW = _WORK + "def g(ids):\n"
VALID += [
    Valid("a workflow outside of a task", _VIEW + "    return group(f.s(1), f.s(2))().get()\n"),
    Valid("a workflow that is sent only", _TASK + "    res = group(f.s(1))()\n    return res.id\n"),
    Valid(
        "a function of the same name",
        _HEAD
        + "from mine import group\n@shared_task\ndef g(ids):\n    return group(f.s(1))().get()\n",
    ),
    Valid(
        "a workflow's own get",
        _TASK + "    job = group(f.s(1))\n    job.get('task')\n    job.apply_async()\n",
    ),
    Valid(
        "what may be another result",
        _TASK
        + "    res = group(f.s(1))()\n    if ids:\n        res = ids\n    return res.get(1)\n",
    ),
    Valid(
        "in a function of the task",
        _TASK + "    def later():\n        return group(f.s(1))().get()\n    return keep(later)\n",
    ),
    Valid("another `~`", _TASK + "    mask = 3\n    group(f.s(1))()\n    return ~mask | ids\n"),
    Valid("another `|`", _TASK + "    job = ids | {1}\n    return job.apply_async().get()\n"),
    Valid("a signature that runs here", _TASK + "    return f.s(1)().get('x')\n"),
    Valid(
        "a wait that is allowed",
        _TASK + "    return group(f.s(1))().get(disable_sync_subtasks=False)\n",
    ),
]
INVALID = [
    Invalid(_TASK + "    «group(f.s(i) for i in ids)()».join()\n", "waiting for a group", None),
    Invalid(_TASK + "    return «group([f.s(1)])()».get()\n", "waiting for a group", None),
    Invalid(_TASK + "    «chain(f.s(), f.s())()».get()\n", "waiting for a chain", None),
    Invalid(_TASK + "    return «(f.s() | f.s()).delay()».get()\n", "waiting for a chain", None),
    Invalid(_TASK + "    «chord([f.s(1)])(f.s())».get()\n", "waiting for a", None),
    Invalid(
        _TASK + "    job = group(f.s(i) for i in ids)\n    res = job.apply_async()\n"
        "    return «res.get»()\n",
        "waiting for a group within a task: Celery refuses it, hand its result to one more task",
        None,
    ),
    Invalid(_TASK + "    return «~f.s(1)»\n", "waiting for a signature", None),
    Invalid(_TASK + "    job = f.s() | f.si()\n    return «~job»\n", "waiting for a chain", None),
    Invalid(  # not bound: there is nothing to call replace on
        _HEAD + "@shared_task\ndef g():\n    return «f.delay(1)».get()\n",
        'waiting for task "shop.tasks.f" within a task',
        None,
    ),
    Invalid(
        _HEAD
        + "@shared_task(bind=True)\ndef g(self):\n    x = «f.apply_async((1,))».get(timeout=5)\n",
        _MESSAGE,
        None,
    ),
    Invalid(
        _HEAD + "@shared_task\ndef g():\n    return «f.apply()».get()\n",
        'the result of task "shop.tasks.f" within a task: Celery refuses it, call the task itself',
        None,
    ),
    # --- `g.delay(f.delay(a).get())` ----------------------------------------------------
    Invalid(
        _OUTER + "    g.delay(«f.delay(a)».get())  # on\n",
        _MESSAGE,
        _OUTER + "    (f.s(a) | g.s()).delay()  # on\n",
    ),
    Invalid(
        _OUTER
        + "    if a:\n        g.delay(\n            «f.delay(\n                a,  # the first\n"
        + "            )».get(timeout=5),\n            1,\n        )\n    else:\n        print()\n",
        _MESSAGE,
        _OUTER
        + "    if a:\n        (f.s(\n                a,  # the first\n            ) | g.s(1))"
        + ".delay()\n    else:\n        print()\n",
    ),
    Invalid(
        _OUTER + "    g.delay(«f.apply_async((a,), queue='x')».get(), y=a)",
        _MESSAGE,
        _OUTER + "    (f.signature((a,), queue='x') | g.s(y=a)).delay()",
    ),
    Invalid(  # a comment would be lost
        _OUTER + "    g.delay(\n        «f.delay(a)».get(),  # first\n        1,\n    )\n",
        _MESSAGE,
        None,
    ),
    Invalid(  # something else follows
        _OUTER + "    g.delay(«f.delay(a)».get())\n    print(a)\n", _MESSAGE, None
    ),
    Invalid(
        _OUTER + "    if a:\n        g.delay(«f.delay(a)».get())\n    print(a)\n", _MESSAGE, None
    ),
    Invalid(_OUTER + "    for b in a:\n        g.delay(«f.delay(b)».get())\n", _MESSAGE, None),
    Invalid(
        _OUTER
        + "    try:\n        g.delay(«f.delay(a)».get())\n    except ValueError:\n        pass\n",
        _MESSAGE,
        None,
    ),
    Invalid(_OUTER + "    print(«f.delay(a)».get())\n", _MESSAGE, None),
    Invalid(_OUTER + "    g.delay(1, «f.delay(a)».get())\n", _MESSAGE, None),
    Invalid(_OUTER + "    g.delay(x=«f.delay(a)».get())\n", _MESSAGE, None),
    Invalid(_OUTER + "    g.delay(«f.delay(a)».get(), *a)\n", _MESSAGE, None),
    Invalid(_OUTER + "    g.delay(«f.delay(a)».get(), make())\n", _MESSAGE, None),
    Invalid(_OUTER + "    g.delay(«f.delay(a)».get(propagate=False))\n", _MESSAGE, None),
    Invalid(_OUTER + "    g.delay(«f.delay(a)».get()['x'])\n", _MESSAGE, None),
    Invalid(  # an option that a signature does not have
        _OUTER + "    g.delay(«f.apply_async((a,), task_id=a)».get())\n", _MESSAGE, None
    ),
    Invalid(_OUTER + "    other.delay(«f.delay(a)».get())\n", _MESSAGE, None),
    Invalid(
        _HEAD + _G + "@shared_task\nasync def h(a):\n    g.delay(«f.delay(a)».get())\n",
        _MESSAGE,
        None,
    ),
    # --- the same in two statements -----------------------------------------------------
    Invalid(
        _OUTER + "    x = «f.delay(a)».get()\n    g.delay(x)\n",
        _MESSAGE,
        _OUTER + "    (f.s(a) | g.s()).delay()\n",
    ),
    Invalid(
        (
            _OUTER
            + "\tx = «f.delay(a)».get()  # the page\n\n\t# then\n\tg.delay(x, y=a)  # later\n"
        ).replace("\n", "\r\n"),
        _MESSAGE,
        (_OUTER + "\t# the page\n\n\t# then\n\t(f.s(a) | g.s(y=a)).delay()  # later\n").replace(
            "\n", "\r\n"
        ),
    ),
    Invalid(
        _OUTER
        + "    print(a)\n    x = (\n        «f.delay(a)»\n        .get(timeout=5)\n    )\n"
        + "    g.delay(x)\n",
        _MESSAGE,
        _OUTER + "    print(a)\n    (f.s(a) | g.s()).delay()\n",
    ),
    Invalid(  # a comment would be lost
        _OUTER + "    x = (\n        «f.delay(a)»\n        .get()  # wait\n    )\n    g.delay(x)\n",
        _MESSAGE,
        None,
    ),
    Invalid(
        _OUTER + "    x = (  # wait\n        «f.delay(a)».get()\n    )\n    g.delay(x)\n",
        _MESSAGE,
        None,
    ),
    Invalid(  # the result is used otherwise, too
        _OUTER + "    x = «f.delay(a)».get()\n    g.delay(x, x)\n", _MESSAGE, None
    ),
    Invalid(_OUTER + "    x = 1\n    x = «f.delay(a)».get()\n    g.delay(x)\n", _MESSAGE, None),
    Invalid(_OUTER + "    x = «f.delay(a)».get()\n    print(a)\n    g.delay(x)\n", _MESSAGE, None),
    Invalid(_OUTER + "    x = «f.delay(a)».get(); g.delay(x)\n", _MESSAGE, None),
    Invalid(_OUTER + "    a = «f.delay(a)».get()\n    g.delay(a)\n", _MESSAGE, None),
    Invalid(_OUTER + "    global x\n    x = «f.delay(a)».get()\n    g.delay(x)\n", _MESSAGE, None),
    # --- `return f.delay(a).get()` of a bound task --------------------------------------
    Invalid(
        _BOUND + "    return «f.delay(a)».get()  # its result\n",
        _MESSAGE,
        _BOUND + "    return self.replace(f.s(a))  # its result\n",
    ),
    Invalid(
        _BOUND
        + "    if a:\n        return «f.delay(\n            x=a,  # x\n        )».get(timeout=5)\n"
        + "    print(a)\n",
        _MESSAGE,
        _BOUND
        + "    if a:\n        return self.replace(f.s(\n            x=a,  # x\n        ))\n"
        + "    print(a)\n",
    ),
    Invalid(
        _BOUND.replace("self", "task") + "    return «f.apply_async((a,))».wait(5)\n",
        _MESSAGE,
        _BOUND.replace("self", "task") + "    return task.replace(f.signature((a,)))\n",
    ),
    Invalid(  # `replace` raises, and this would catch it
        _BOUND
        + "    try:\n        return «f.delay(a)».get()\n    except Exception:\n        return 1\n",
        _MESSAGE,
        None,
    ),
    Invalid(_BOUND + "    with lock():\n        return «f.delay(a)».get()\n", _MESSAGE, None),
    Invalid(_BOUND + "    return «f.delay(a)».get() + 1\n", _MESSAGE, None),
    Invalid(  # a comment would be lost
        _BOUND + "    return «f.delay(a)».get(\n        timeout=5,  # seconds\n    )\n",
        _MESSAGE,
        None,
    ),
    Invalid(  # whose result is nowhere
        _BOUND.replace("@shared_task\n", "@shared_task(ignore_result=True)\n")
        + "    return «f.delay(a)».get()\n",
        _MESSAGE,
        None,
    ),
    Invalid(
        _BOUND.replace("def g", "@timed\ndef g") + "    return «f.delay(a)».get()\n",
        _MESSAGE,
        None,
    ),
    Invalid(_BOUND + "    self = None\n    return «f.delay(a)».get()\n", _MESSAGE, None),
    Invalid(
        _HEAD + "@shared_task\ndef g():\n    r = f.apply_async((1,))\n    log(r.id)\n"
        "    return «r.get»(timeout=3)\n",
        'waiting for task "shop.tasks.f" within a task',
        None,
    ),
]
