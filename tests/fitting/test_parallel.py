"""Many fits: in order, by executors, with failures named and the rest kept; fits are played by small functions."""

import os
import time
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

import mmm
from mmm.errors import DataWarning, FitError, FitInterrupted, SpecError
from mmm.fitting.parallel import check_executor, for_workers, run_each

THREADS, PROCESSES = "threads", "processes"

#: Forks are fast, and these workers compute nothing that threads of their parent could have locked.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


def double(number):
    if number == 13:
        raise FitError("thirteen", "it is unlucky", "leave it out")
    if number < 0:
        raise ZeroDivisionError("below zero")
    if number == 7:
        warnings.warn("seven is odd", DataWarning, stacklevel=1)
        warnings.warn("and so is this", UserWarning, stacklevel=1)
    time.sleep(0.02 * (number == 1))  # the first asked is not the first done
    return 2 * number


def end_the_worker(number):
    if number == 2:
        os._exit(1)
    return number


def cases(*numbers):
    return [(f"case {number}", (number,)) for number in numbers]


@pytest.fixture(params=[None, THREADS, PROCESSES])
def executor(request):
    if request.param is None:
        yield None
        return
    with (ThreadPoolExecutor if request.param == THREADS else ProcessPoolExecutor)(2) as made:
        yield made


def test_results_are_in_the_order_of_the_cases_whoever_was_done_first(executor):
    results, failed = run_each(double, cases(1, 2, 3), executor=executor, progress=False)
    assert list(results.items()) == [("case 1", 2), ("case 2", 4), ("case 3", 6)]
    assert failed == {}


def test_one_that_fails_is_named_and_the_rest_is_kept(executor, capsys):
    results, failed = run_each(double, cases(1, 13, 3), executor=executor, progress=True)
    assert list(results) == ["case 1", "case 3"]
    assert failed == {"case 13": "thirteen"}
    said = capsys.readouterr().out
    assert "case 13: failed: thirteen (" in said
    assert said.count(": done (") == 2
    assert "(3 of 3)" in said


def test_warnings_come_back_with_the_name_of_the_case(executor):
    # threads share what catches warnings: there they may be given by another case, or more than once
    with pytest.warns(DataWarning, match="case 7: seven is odd"):
        run_each(double, cases(7), executor=executor, progress=False)


def test_a_mistake_in_the_program_is_not_taken_for_a_fit_that_failed():
    with pytest.raises(ZeroDivisionError):
        run_each(double, cases(1, -1), executor=None, progress=False)


def test_in_a_worker_everything_is_kept_apart():
    with ThreadPoolExecutor(1) as threads:
        results, failed = run_each(double, cases(1, -1), executor=threads, progress=False)
    assert results == {"case 1": 2}
    assert failed == {"case -1": "ZeroDivisionError: below zero"}


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), FitInterrupted("stopped by hand")])
def test_who_stops_stops_everything(stop):
    class Stopping(Executor):
        def submit(self, *_):
            future = Future()
            if not asked:
                future.set_exception(stop)
            asked.append(future)
            return future

    asked = []
    with pytest.raises(type(stop)):
        run_each(double, cases(1, 2, 3), executor=Stopping(), progress=False)
    assert [future.cancelled() for future in asked] == [False, True, True]


def test_a_worker_that_dies_costs_its_pool_and_is_said():
    with ProcessPoolExecutor(1) as processes:
        results, failed = run_each(end_the_worker, cases(1, 2), executor=processes, progress=False)
    assert set(results) | set(failed) == {"case 1", "case 2"}
    assert failed["case 2"].startswith("BrokenProcessPool: ")


def test_without_an_executor_each_case_is_made_when_its_turn_comes(capsys):
    made = []

    def lazily():
        for number in (1, 2):
            made.append(number)
            yield f"case {number}", (number,)

    def seen(number):
        assert made[-1] == number
        return number

    run_each(seen, lazily(), executor=None, progress=True, total=2)
    assert capsys.readouterr().out == "case 1: done (1 of 2).\ncase 2: done (2 of 2).\n"


def test_workers_run_their_chains_one_after_the_other_unless_told_otherwise():
    with ThreadPoolExecutor(1) as threads:
        assert for_workers(mmm.Sampler(), threads).cores == 1
        assert for_workers(mmm.Sampler(cores=3), threads).cores == 3
        assert for_workers(mmm.Sampler(), None).cores is None


def test_what_is_no_executor_is_refused_with_the_way_out():
    class Client:
        def get_executor(self):
            """As a client of a cluster has it."""

    with pytest.raises(SpecError, match=r"executor=client\.get_executor\(\)"):
        check_executor(Client())
    with pytest.raises(SpecError, match=r"ProcessPoolExecutor"):
        check_executor(4)
