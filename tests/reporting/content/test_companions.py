"""What stands beside a fit in a document must be of that fit."""

import pytest

import mmm
from mmm.errors import ReportError
from mmm.refreshing.vintages import Vintages
from mmm.reporting.content import Companions
from tests.conftest import build_data, build_posterior


def refresh_of(posterior):
    return mmm.Refresh(posterior, posterior, Vintages(posterior.data, posterior.data))


def comparison_of(posterior):
    cases = {"default": posterior, "sceptic": posterior}
    return mmm.Comparison(posteriors=cases, assumptions=dict.fromkeys(cases, "-"), reference="default", remedy="-")


def test_what_belongs_to_the_fit_passes(posterior):
    Companions(refresh=refresh_of(posterior), priors=comparison_of(posterior)).check(posterior)
    Companions().check(posterior)


@pytest.mark.parametrize("name", ["refresh", "backtest", "priors"])
def test_what_cannot_be_read_is_refused(posterior, name):
    with pytest.raises(ReportError, match=rf"{name}=str(.|\n)*leave {name} out"):
        Companions(**{name: "last quarter"}).check(posterior)


@pytest.mark.parametrize(("name", "make"), [("refresh", refresh_of), ("priors", comparison_of)])
def test_numbers_of_another_fit_are_refused(posterior, name, make):
    other = build_posterior(build_data(), seed=8)
    with pytest.raises(ReportError, match=rf"{name}= belongs to a fit of(.|\n)*two fits as if they were one"):
        Companions(**{name: make(other)}).check(posterior)
