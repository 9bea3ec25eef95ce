"""The ledger: its identities in every draw, and its parts by plain loops."""

import numpy as np
import pytest

import mmm
from mmm.returns import LEDGER_PARTS, Economics, Valuation, ledger_draws, returns_by_horizon
from mmm.simulate import oracle
from tests.conftest import build_data, build_frame, build_posterior, with_parameters
from tests.returns.conftest import CHANNELS, FORMS, MARGINS, WINDOWS, margin_by_row, oracle_of, posterior_of

every_form = pytest.mark.parametrize(("kind", "order"), FORMS)
every_margin = pytest.mark.parametrize("margin", MARGINS)
every_window = pytest.mark.parametrize("window", WINDOWS)


@every_window
@every_margin
@every_form
def test_what_landed_in_the_window_and_what_its_spend_brings_add_up_in_every_draw(kind, order, margin, window):
    draws = posterior_of(kind, order, margin).draws
    start, stop = WINDOWS[window]
    book = ledger_draws(draws, window=(start, stop))
    np.testing.assert_allclose(book["in_window"] + book["carry_out"], book["cohort_total"], rtol=1e-12)
    value = margin_by_row(margin, stop)[start:]
    landed = (draws.contributions()[:, :, 0, start:stop].values * value[:, None]).sum(axis=2)
    both = (book["carry_in"] + book["in_window"]).sel(channel=list(CHANNELS))
    np.testing.assert_allclose(both, landed, rtol=1e-10)
    for name in (*LEDGER_PARTS, "to_come"):
        assert (book[name] >= 0).all()
        np.testing.assert_allclose(book[name].sel(channel="total"), book[name][..., :-1].sum("channel"), rtol=1e-12)
    assert (book["to_come"] <= book["carry_out"] * (1 + 1e-12)).all()


@every_window
@every_form
def test_units_are_those_of_plain_loops(kind, order, window):
    draws = posterior_of(kind, order, "moving").draws
    start, stop = WINDOWS[window]
    units = Valuation.of(build_posterior(build_data(outcome="orders"), n_draws=2).draws)  # worth one, wherever it lands
    book = ledger_draws(draws, window=(start, stop), valuation=units)
    before = draws.inputs.start
    for chain, draw in ((0, 3), (1, 5)):
        rules, driver, amplitude = oracle_of(draws, "video", chain, draw)
        by_hand = oracle.ledger(driver, rules, weeks_per_period=1.0, start=before + start, stop=before + stop)
        for name in LEDGER_PARTS:
            found = float(book[name].sel(channel="video")[chain, draw])
            assert found == pytest.approx(amplitude * by_hand[name], rel=1e-9, abs=1e-9 * amplitude)


@every_margin
@pytest.mark.parametrize(("kind", "order"), [form for form in FORMS if form[0] != "two_speed"])  # not over by then
def test_all_that_a_window_brings_is_its_return_at_a_very_long_horizon(kind, order, margin):
    draws = posterior_of(kind, order, margin).draws
    for window in WINDOWS.values():
        book, returns = ledger_draws(draws, window=window), returns_by_horizon(draws, horizons=(520.0,), window=window)
        np.testing.assert_allclose(book["cohort_total"], returns["money"][..., 0], rtol=1e-9)
        landed = returns["landed"] / returns["incremental_outcome"]
        if margin == "still":
            share = 1 - book["to_come"] / book["cohort_total"]
            np.testing.assert_allclose(share, landed[..., 0], rtol=1e-9)


def test_forever_is_the_whole_response_however_slow_the_kernel():
    slow = mmm.Channel(carryover=mmm.Geometric(half_life=mmm.LogNormal(median=400, sigma=0.2)))
    draws = build_posterior(build_data(), mmm.ModelSpec(channels={"radio": slow}), n_draws=5).draws
    book = ledger_draws(draws).sel(channel="radio")
    driver = build_data().dataset["driver"].sel(channel="radio").values[0]
    whole = draws.curve("radio", driver / driver.mean()).sum(axis=-1)
    np.testing.assert_allclose(book["cohort_total"], whole, rtol=1e-12)
    assert (book["to_come"] / book["cohort_total"] > 0.8).all()


def test_a_finite_kernel_leaves_nothing_at_all_once_it_has_ended():
    draws = posterior_of("binomial", "saturation_first").draws
    book = ledger_draws(draws, window=(0, 20)).sel(channel=list(CHANNELS))
    assert (book["to_come"] == 0).all()
    assert (book["carry_out"] > 0).all()


def test_steady_spend_carries_in_what_it_carries_out():
    frame = build_frame()
    frame["radio"] = 100 + 1e-6 * (np.arange(len(frame)) % 2)  # a channel that never moves is refused
    for order in ("saturation_first", "adstock_first"):
        spec = mmm.ModelSpec(channels={"radio": mmm.Channel(order=order)})
        steady = with_parameters(
            build_posterior(build_data(frame), spec, n_draws=5), carry_in_level=lambda x: 0 * x + 1
        )
        book = ledger_draws(steady.draws).sel(channel="radio")
        if order == "saturation_first":
            np.testing.assert_allclose(book["carry_in"], book["carry_out"], rtol=1e-6)
        else:  # there the same stock of before and after meets a full and an empty market
            assert (book["carry_in"] > 0).all()


def test_customers_are_worth_the_same_wherever_they_land():
    draws = build_posterior(build_data(outcome="orders"), n_draws=20).draws
    economics = Economics(customer_value=50.0, customer_value_sd=20.0)
    valuation = Valuation.of(draws, economics)
    units, money = ledger_draws(draws), ledger_draws(draws, valuation=valuation)
    for name in LEDGER_PARTS:
        np.testing.assert_allclose(money[name], units[name] * valuation.by_draw[..., None], rtol=1e-12)
