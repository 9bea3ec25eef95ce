"""The verdict: each gate by itself, at its edge, and in words."""

import math

import pytest

from mmm.posterior import Diagnosis, QuantityCheck

GOOD = {"quantity": "return tv 104w", "rhat": 1.002, "ess_bulk": 1500.0, "ess_tail": 1200.0}


def diagnosis_of(*, divergences=0, draws=4000, ebfmi=(0.9, 1.0), **changed):
    checks = (QuantityCheck(**GOOD | {"quantity": "parameter sigma"}), QuantityCheck(**GOOD | changed))
    return Diagnosis(checks=checks, divergences=divergences, draws=draws, ebfmi=ebfmi)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"rhat": 1.0099},
        {"ess_bulk": 400.0},
        {"ess_tail": 400.0},
        {"divergences": 4},
        {"ebfmi": (0.3, 0.31)},
    ],
)
def test_a_sound_fit_passes_up_to_the_edge(changed):
    diagnosis = diagnosis_of(**changed)
    assert diagnosis.ok
    assert diagnosis.problems == ()
    assert diagnosis.verdict.startswith("Converged: ")
    assert "all 2 reported quantities" in diagnosis.verdict


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"rhat": 1.01}, "worst R-hat 1.010 for 'return tv 104w'"),
        ({"ess_bulk": 399.0}, "fewest effective draws 399 for 'return tv 104w'"),
        ({"ess_tail": 399.0}, "1 of 2 reported quantities"),
        ({"rhat": math.nan}, "1 of 2 reported quantities"),
        ({"ess_bulk": math.nan}, "1 of 2 reported quantities"),
        ({"ess_tail": math.nan}, "1 of 2 reported quantities"),
        ({"divergences": 5}, "5 of 4000 draws diverged"),
        ({"ebfmi": (0.9, 0.29)}, "E-BFMI is 0.29"),
        ({"ebfmi": (0.9, math.nan)}, "E-BFMI is nan"),
    ],
)
def test_each_gate_closes_by_itself_and_says_so(changed, words):
    diagnosis = diagnosis_of(**changed)
    assert not diagnosis.ok
    assert len(diagnosis.problems) == 1
    assert words in diagnosis.problems[0]
    assert diagnosis.verdict == "NOT CONVERGED: " + diagnosis.problems[0]
    assert diagnosis.verdict in repr(diagnosis)


def test_problems_add_up():
    assert len(diagnosis_of(rhat=1.5, divergences=900, ebfmi=(0.1,)).problems) == 3


def test_the_table_has_a_row_for_every_check():
    table = diagnosis_of(rhat=1.2).table()
    assert list(table.columns) == ["quantity", "rhat", "ess_bulk", "ess_tail", "ok"]
    assert table["ok"].tolist() == [True, False]
    assert table.loc[1, "rhat"] == 1.2


@pytest.mark.parametrize("rhat", [1.002, 1.2, math.nan, math.inf])
def test_it_survives_json(rhat):
    diagnosis = diagnosis_of(rhat=rhat)
    again = Diagnosis.model_validate_json(diagnosis.model_dump_json())
    assert repr(again) == repr(diagnosis)
    assert again.table().equals(diagnosis.table())
