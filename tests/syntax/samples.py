"""Files as people write them, to be cut, doubled and broken."""

DJANGO = '''\
"""Orders."""
import logging
from celery import chain, shared_task
from celery.utils.log import get_task_logger
from .models import Order

logger = get_task_logger(__name__)
LIMITS = {"soft_time_limit": 60, 'time_limit': 90}


@shared_task(bind=True, acks_late=True, **LIMITS)
def charge(self, order_id: int, *, retry: bool = True) -> dict[str, str]:
    """Charge one order.

    Args:
        order_id: which; "quoted" and 'so' is \\\\ this.
    """
    try:
        order = Order.objects.get(pk=order_id)  # the (unbalanced comment
    except Order.DoesNotExist as exc:
        raise self.retry(exc=exc, countdown=2 ** self.request.retries)
    else:
        logger.info("charged %s", order, extra={"id": order_id})
    finally:
        pass
    return {"status": f"done {order.id!r:>{10}}", "é😀": "ü"}


class Reports:
    @shared_task
    def yearly(year, /, *args, **kwargs): ...

    def start(self):
        with self.lock:
            for year in range(2000, 2030):
                self.yearly.delay(
                    year,
                    verbose=True,  # ]
                )
        return [chain(charge.s(n), charge.si(n)).apply_async() for n in (1, 2) if n]


def later(order): charge.apply_async(args=[order.pk], countdown=10); return None
'''

APP = """\
import os
from celery import Celery
from celery.schedules import crontab
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')
app = Celery('shop')
app.config_from_object('django.conf:settings', namespace='CELERY')
app.conf.update(
    task_acks_late=True,
    beat_schedule={
        'nightly': {
            'task': 'shop.tasks.cleanup',
            'schedule': crontab(hour=3, minute=0),
        },
    },
)
if os.environ.get('DEBUG'):
    app.conf.task_always_eager = True

@app.task(name='shop.cleanup', queue='low',
          max_retries=3)
async def cleanup(days=30):
    match days:
        case {'n': n} | [n]:
            return n
        case _:
            async with lock() as held, other():
                while (left := held - 1) > 0:
                    yield left

@app.on_after_configure.connect
def setup(sender, **kwargs):
    '''Unused.'''
    sender.add_periodic_task(10.0, cleanup.s(days=1), name="x" \\
        "y")
    print(f'''{sender}
        {kwargs["a"]}''')
"""

SAMPLES = [DJANGO, APP, DJANGO.replace("\n", "\r\n"), APP.replace("\n", "\r"), "\ufeff" + APP]
