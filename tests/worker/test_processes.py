"""What CEL323 says of tasks that start processes, asked of a worker with its default pool."""

from pathlib import Path

from tests.worker.running import Project, wait_for

TASKS = """\
from shop.app import app


def double(number):
    return number * 2


@app.task(bind=True)
def pool(self):
    from multiprocessing import Pool
    with Pool(1) as processes:
        return processes.map(double, [1])


@app.task
def process():
    from multiprocessing import Process
    Process(target=double, args=(1,)).start()


@app.task
def manager():
    from multiprocessing import Manager
    return list(Manager().list())


@app.task
def executor():
    from concurrent.futures import ProcessPoolExecutor
    with ProcessPoolExecutor(1) as processes:
        return list(processes.map(double, [1]))


@app.task
def billiard_pool():
    from billiard import Pool
    return Pool(1).map(double, [1])


@app.task
def billiard_process():
    from billiard import Process
    process = Process(target=double, args=(1,))
    process.start()
    process.join()
    return process.exitcode
"""


def test_daemons_have_no_children_but_those_of_billiard(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.tasks.write_text(TASKS)
    with project.worker("--concurrency", "1"):
        for name in ("pool", "process", "manager", "executor"):
            sent = project.send(f"{name}.delay()")
            wait_for(lambda sent=sent: project.state(sent) == "FAILURE", f"the failure of {name}")
            assert project.outcome(sent)["result"]["exc_type"] == "AssertionError"
        assert project.result("billiard_pool.delay()") == [2]
        assert project.result("billiard_process.delay()") == 0
