"""What happens around the sampler: it is stopped, it fails, it returns too little. nutpie is played by a stand-in."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

import mmm
from mmm.errors import FitError, FitInterrupted, SpecError
from mmm.fitting.program import CompiledModel
from mmm.fitting.sampler import sample
from tests.fitting.conftest import Table, Trace


class StandIn:
    """Plays nutpie: returns, or raises, what it was told to."""

    def __init__(self, outcome):
        self.outcome, self.cancelled, self.settings = outcome, False, None

    def sample(self, compiled, **settings):
        self.settings = settings
        return self

    def wait(self):
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome

    def cancel(self):
        self.cancelled = True


def traced(values):
    """One table of draws and one of statistics by chain, 7 draws of tuning before those that are kept."""
    whole = np.concatenate([np.zeros((len(values), 7)), values], axis=1)
    tuning = np.arange(whole.shape[1]) < 7
    stats = [Table(tuning=tuning, diverging=~tuning, energy=1.0 * chain, unwanted=chain) for chain in whole]
    return Trace([Table(sigma=chain, sigma_log__=chain) for chain in whole], stats)


def run(monkeypatch, outcome, **settings):
    stand_in = StandIn(outcome)
    monkeypatch.setitem(sys.modules, "nutpie", stand_in)
    sampler = mmm.Sampler(**{"draws": 100, "tune": 100, "chains": 2, **settings})
    return stand_in, lambda seed=1: sample(
        CompiledModel(SimpleNamespace(coords={}), ("sigma",)), sampler, seed=seed, progress=False
    )


def test_it_returns_the_variables_of_the_program_and_the_statistics_that_are_kept(monkeypatch):
    _, go = run(monkeypatch, traced(np.ones((2, 100))))
    parameters, stats = go()
    assert list(parameters) == ["sigma"]
    assert set(stats) == {"diverging", "energy"}


def test_stopping_by_hand_is_a_clear_error_and_leaves_nothing_running(monkeypatch):
    stand_in, go = run(monkeypatch, KeyboardInterrupt())
    with pytest.raises(FitInterrupted, match="stopped before it had finished"):
        go()
    assert stand_in.cancelled


def test_a_sampler_that_gives_up_is_a_clear_error(monkeypatch):
    _, go = run(monkeypatch, RuntimeError("no valid starting point"))
    with pytest.raises(FitError, match="gave up: no valid starting point"):
        go()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ones((2, 99)), "returned 2 chains x 99 draws; 2 x 100 were asked for"),
        (np.ones((1, 100)), "returned 1 chains x 100 draws; 2 x 100 were asked for"),
        (np.where(np.arange(200).reshape(2, 100) < 190, 1.0, np.nan), "some of them not finite"),
    ],
)
def test_a_padded_or_short_result_is_refused(monkeypatch, values, message):
    _, go = run(monkeypatch, traced(values))
    with pytest.raises(FitError, match=message):
        go()


def test_one_seed_decides_the_sampler_s_seed(monkeypatch):
    stand_in, go = run(monkeypatch, traced(np.ones((2, 100))))
    seeds = []
    for seed in (1, 1, 2):
        go(seed)
        seeds.append(stand_in.settings["seed"])
    assert seeds[0] == seeds[1] != seeds[2]


def test_never_more_cores_than_chains(monkeypatch):
    stand_in, go = run(monkeypatch, traced(np.ones((2, 100))), cores=16)
    go()
    assert stand_in.settings["cores"] == 2


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"chains": 1}, "greater than or equal to 2"),
        ({"draws": 10}, "greater than or equal to 100"),
        ({"target_accept": 1.0}, "less than 1"),
        ({"draw": 500}, "did you mean 'draws'"),
    ],
)
def test_settings_that_could_not_be_judged_are_refused(settings, message):
    with pytest.raises(SpecError, match=message):
        mmm.Sampler(**settings)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": "frame"}, "data is a str"),
        ({"spec": {"tv": 1}}, "spec is a dict"),
        ({"sampler": {"draws": 500}}, "sampler is a dict"),
        ({"seed": 1.5}, "seed=1.5"),
        ({"seed": -1}, "seed=-1"),
        ({"seed": True}, "seed=True"),
    ],
)
def test_fit_takes_what_was_checked_and_nothing_else(national_data, arguments, message):
    with pytest.raises(SpecError, match=message):
        mmm.fit(**{"data": national_data, "seed": 1, **arguments})
