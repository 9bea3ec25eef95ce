"""Numbers as charts write them."""

import pytest

from mmm.charting import amount, decimals_of, short_number, with_ends


@pytest.mark.parametrize(
    ("number", "digits"), [(1.2, 2), (0.0, 2), (float("nan"), 2), (float("inf"), 2), (0.0123, 3), (-0.00042, 5)]
)
def test_small_numbers_keep_two_digits(number, digits):
    assert decimals_of(number) == digits


def test_an_interval_has_the_decimals_of_its_median():
    assert with_ends(0.0441, 0.002, 0.0916) == "0.044  (0.002 to 0.092)"
    assert with_ends(1, 0.25, 3.97) == "1.00  (0.25 to 3.97)"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (9_960_000, "10 M"),
        (-12_345, "-12 k"),
        (999_999, "1.0 M"),
        (123, "123"),
        (0.5, "0.5"),
        (-0.04412, "-0.044"),
    ],
)
def test_amounts_have_two_digits(value, said):
    assert amount(value).replace("\N{MINUS SIGN}", "-") == said


def test_ticks_are_short():
    assert [short_number()(value) for value in (1_500_000, 20, 0.5, 0)] == ["1.5 M", "20", "0.5", "0"]
