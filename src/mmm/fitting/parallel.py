"""Many fits, one after the other or by any executor; each says when it is done, and none that fails stops another.

What is done in a worker is a plain function of picklable arguments. Its warnings come back with its result, and are
given here, where somebody reads them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, as_completed
from functools import partial
from typing import Any

from mmm.errors import FitInterrupted, MMMError, MMMWarning, SpecError
from mmm.fitting.sampler import Sampler

__all__ = ["check_executor", "for_workers", "run_each"]


def run_each[Result](
    function: Callable[..., Result],
    cases: Iterable[tuple[str, tuple[Any, ...]]],
    *,
    executor: Executor | None,
    progress: bool,
    total: int | None = None,
) -> tuple[dict[str, Result], dict[str, str]]:
    """Call a function for every case.

    Parameters
    ----------
    function : callable
        At the top of a module, so that workers can import it.
    cases : iterable of (str, tuple)
        Name and arguments; without an executor each is made when its turn comes.
    executor : Executor, optional
        Of threads, of processes, or of a cluster; in this process, one after the other, by default.
    progress : bool
        Say when each is done.
    total : int, optional
        Number of cases, where ``cases`` does not know it.

    Returns
    -------
    results : dict
        By name, in the order of the cases; those that failed are not in it.
    failed : dict of str
        What went wrong, by name.
    """
    cases = cases if executor is None else list(cases)
    total = len(cases) if isinstance(cases, list) else total
    results: dict[str, Result] = {}
    failed: dict[str, str] = {}
    order: list[str] = []
    for name, ask in _asked(function, cases, executor, order):
        try:
            results[name], said = ask()
        except (KeyboardInterrupt, FitInterrupted):
            raise
        except Exception as error:
            if executor is None and not isinstance(error, MMMError):
                raise  # a mistake in the program, not in a fit
            # whatever happened to a worker is no reason to lose what the others have done
            failed[name], said = _in_words(error), []
        for category, message in said:
            warnings.warn(f"{name}: {message}", category, stacklevel=3)
        if progress:
            done = len(results) + len(failed)
            how = f"failed: {failed[name]}" if name in failed else "done"
            _say(f"{name}: {how} ({done}{f' of {total}' if total else ''}).")
    return {name: results[name] for name in order if name in results}, failed


def for_workers(sampler: Sampler, executor: Executor | None) -> Sampler:
    """Let a worker run its chains one after the other unless told otherwise: the cores belong to the workers.

    Raises
    ------
    SpecError
        If the executor is none.
    """
    check_executor(executor)
    if executor is None or sampler.cores is not None:
        return sampler
    return sampler.model_copy(update={"cores": 1})


def check_executor(executor: Any) -> None:
    """Refuse what has no ``submit``: a client of a cluster, a number of processes."""
    if executor is None or isinstance(executor, Executor):
        return
    fix = "give executor=client.get_executor()" if hasattr(executor, "get_executor") else (
        "give a concurrent.futures.ProcessPoolExecutor(...), or executor=None to fit one after the other"
    )  # fmt: skip
    raise SpecError(f"executor={executor!r}", "fits are handed to a concurrent.futures.Executor", fix)


def _asked(
    function: Callable[..., Any],
    cases: Iterable[tuple[str, tuple[Any, ...]]],
    executor: Executor | None,
    order: list[str],
) -> Iterable[tuple[str, Callable[[], Any]]]:
    """Give each name with what waits for its result, as they come in; ``order`` gets the names as they were asked."""
    if executor is None:
        for name, arguments in cases:
            order.append(name)
            yield name, partial(_with_warnings, function, *arguments)
        return
    futures: dict[Future[Any], str] = {}
    for name, arguments in cases:
        order.append(name)
        futures[executor.submit(_with_warnings, function, *arguments)] = name
    try:
        for future in as_completed(futures):
            yield futures[future], future.result
    finally:
        for future in futures:  # where somebody stops, nothing is left waiting
            future.cancel()


def _with_warnings(function: Callable[..., Any], *arguments: Any) -> tuple[Any, list[tuple[type[MMMWarning], str]]]:
    """Call it; give what it returns and what of our own it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", MMMWarning)
        result = function(*arguments)
    return result, [(w.category, str(w.message)) for w in caught if issubclass(w.category, MMMWarning)]


def _in_words(error: Exception) -> str:
    if isinstance(error, MMMError):
        return error.what
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - what a person at a notebook or a terminal reads while waiting
