"""Real fits by real workers: processes, and a Dask cluster that loses one of its workers on the way."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import distributed
import numpy as np
import pytest

import mmm
from mmm.fitting.parallel import run_each

pytestmark = pytest.mark.slow

SAMPLER = mmm.Sampler(draws=200, tune=300, chains=2)


@pytest.fixture(scope="module")
def brands():
    return {
        name: mmm.simulate.world(seed=k, n_periods=104, n_channels=2, spend_share=0.06)[0]
        for k, name in enumerate(["uk", "fr", "de"])
    }


@pytest.mark.filterwarnings("ignore::mmm.errors.ConvergenceWarning")  # few draws suffice to compare bits
def test_processes_give_the_bits_that_this_one_gives(brands):
    alone = mmm.fit_many(brands, seed=3, sampler=SAMPLER, progress=False)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        together = mmm.fit_many(brands, seed=3, sampler=SAMPLER, executor=processes, progress=False)
    assert not together.failed
    for name, posterior in alone.items():
        roi = posterior.draws.parameters["roi"].values
        np.testing.assert_array_equal(together[name].draws.parameters["roi"].values, roi)


def fit_or_kill(data, killed, seed):
    """The first to come here takes its worker with it."""
    try:
        Path(killed).touch(exist_ok=False)
    except FileExistsError:
        return mmm.fit(data, seed=seed, sampler=SAMPLER, progress=False).draws.parameters["roi"].values
    os.kill(os.getpid(), signal.SIGKILL)
    return None


@pytest.mark.filterwarnings("ignore::mmm.errors.ConvergenceWarning")
def test_a_cluster_that_loses_a_worker_gives_every_fit_all_the_same(brands, tmp_path):
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        killed = tmp_path / "killed"
        results, failed = run_each(
            fit_or_kill,
            [(name, (data, str(killed), 3)) for name, data in brands.items()],
            executor=client.get_executor(),
            progress=False,
        )
        assert killed.exists()
        assert failed == {}
        assert list(results) == list(brands)
        for name, data in brands.items():
            roi = mmm.fit(data, seed=3, sampler=SAMPLER, progress=False).draws.parameters["roi"].values
            np.testing.assert_array_equal(results[name], roi)

        # the verbs of validation take it as they come
        posterior = mmm.fit(brands["uk"], seed=3, progress=False)
        recovered = mmm.recovery(posterior, worlds=3, executor=client.get_executor(), progress=False)
        alone = mmm.recovery(posterior, worlds=3, progress=False)
        np.testing.assert_array_equal(recovered.estimate.values, alone.estimate.values)
