"""docs/schema.md and schema.py say the same, and what leaves the library is what they say."""

import ast
import inspect
import re
from pathlib import Path

import h5py
import pytest

import mmm
from mmm import schema
from mmm.data.dataset import VARIABLES
from mmm.fitting.trace import KEPT_STATISTICS
from tests.conftest import build_data, build_posterior, build_tracker

PAGE = (Path(__file__).parent.parent / "docs" / "schema.md").read_text()
CONSTANTS = {name: value for name, value in vars(schema).items() if name.isupper()}
FUNCTIONS = {name for name, value in vars(schema).items() if inspect.isfunction(value)}


def read_tables(text):
    """Cells of tables by heading, header rows and rulers left out; two tables under one heading are joined."""
    found, heading, previous = {}, "", ""
    for line in text.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        is_row = line.startswith("|")
        if is_row and previous.startswith("|") and not line.startswith("|---"):
            found.setdefault(heading, []).append([cell.strip() for cell in line.strip("|").split("|")])
        previous = line
    return found


TABLES = read_tables(PAGE)


def code(cell):
    """What a cell holds in backticks, which must be all of it."""
    match = re.fullmatch(r"`([^`]+)`", cell)
    assert match, f"{cell!r} is not a name in backticks"
    return match[1]


def first_column(heading):
    return [code(row[0]) for row in TABLES[heading]]


NAMED = (
    "Dims and coordinates",
    "Reserved names",
    "Data variables",
    "Posterior variables",
    "Derived quantities",
    "The warning column",
)
VALUED = ("Gates", "Defaults and versions")
COLUMNS = {
    "`roi()`": schema.ROI_COLUMNS,
    "`roi()` without a money value": schema.OUTCOME_PER_SPEND_COLUMNS,
    "`payback()`": schema.PAYBACK_COLUMNS,
    "`ledger()`": schema.LEDGER_COLUMNS,
    "`ltv_cac()`": schema.LTV_CAC_COLUMNS,
    "`shares()`": schema.SHARES_COLUMNS,
    "`composition()`": schema.COMPOSITION_COLUMNS,
    "`half_lives()`": schema.HALF_LIFE_COLUMNS,
    "`contributions()`": schema.CONTRIBUTION_COLUMNS,
    "`evidence()`": schema.EVIDENCE_COLUMNS,
    "`Comparison.table()`": schema.COMPARISON_COLUMNS,
    "`Backtest.table()`": schema.BACKTEST_COLUMNS,
    "`Backtest.coverage()`": schema.BACKTEST_COVERAGE_COLUMNS,
    "`Recovery.table()`": schema.RECOVERY_COLUMNS,
    "`Placebo.table()`": schema.PLACEBO_COLUMNS,
    "`ResidualChecks.table()`": schema.RESIDUAL_COLUMNS,
    "`PriorSensitivity.table()`": schema.SENSITIVITY_COLUMNS,
    "`SimulationBasedCalibration.table()`": schema.CALIBRATION_COLUMNS,
    "`Refresh.restatements()`": schema.RESTATEMENT_COLUMNS,
    "`Refresh.drift()`": schema.DRIFT_COLUMNS,
    "`Preview.table()`": schema.PREVIEW_COLUMNS,
    "`Refresh.decomposition()`": schema.DECOMPOSITION_COLUMNS,
    "`ForecastCheck.by_channel()`": schema.CHANNEL_CHECK_COLUMNS,
    "`History.table()`": schema.HISTORY_COLUMNS,
}


@pytest.fixture(scope="module")
def kinds_of_posterior(national_data):
    """Posteriors that between them have every variable."""
    curves = {"tv": mmm.Channel(saturation=mmm.Root(), carryover=mmm.Delayed())}
    curves["video"] = mmm.Channel(carryover=mmm.Weibull())
    curves["radio"] = mmm.Channel(carryover=mmm.Binomial())
    return [
        build_posterior(national_data, n_draws=5),
        build_posterior(national_data, mmm.ModelSpec(channels=curves), n_draws=5),
        build_posterior(build_data(outcome="orders"), n_draws=5),
        *(
            build_posterior(build_data(tracker=build_tracker(unit=unit)), brand(tracker), n_draws=5)
            for unit, tracker in (
                ("share", mmm.TrackerModel(value_per_point=mmm.LogNormal(median=500, sigma=0.7))),
                ("index", None),
            )
        ),
    ]


def brand(tracker):
    return mmm.ModelSpec(channels={"tv": mmm.Channel(brand=True)}, tracker=tracker)


def test_every_constant_and_function_of_the_schema_is_on_the_page_and_the_other_way_round():
    assert set(re.findall(r"`schema\.(\w+)`", PAGE)) == CONSTANTS.keys() | FUNCTIONS


def test_every_table_of_the_page_is_checked_below():
    checked = {*NAMED, *VALUED, *COLUMNS, "Sample statistics", "`diagnosis.table()`", "Groups", "Attributes", "Helpers"}
    assert TABLES.keys() == checked


@pytest.mark.parametrize("heading", NAMED)
def test_names_are_the_values_of_their_constants(heading):
    for name, constant, *_ in TABLES[heading]:
        assert code(name) == CONSTANTS[code(constant).removeprefix("schema.")]


@pytest.mark.parametrize("heading", VALUED)
def test_limits_are_the_values_of_their_constants(heading):
    for constant, value, _ in TABLES[heading]:
        assert ast.literal_eval(value) == CONSTANTS[code(constant).removeprefix("schema.")]


@pytest.mark.parametrize("heading", COLUMNS)
def test_columns_are_those_of_the_schema_in_order(heading):
    assert tuple(first_column(heading)) == COLUMNS[heading]


def test_data_variables_and_their_dims_are_those_of_the_door(national_data):
    documented = {code(row[0]): tuple(code(row[2]).split(", ")) for row in TABLES["Data variables"]}
    assert documented == VARIABLES
    assert {name: array.dims for name, array in national_data.dataset.data_vars.items()} == documented


def test_posterior_variables_and_their_dims_are_those_of_posteriors(kinds_of_posterior):
    rows = {code(row[0]): row[2].strip("`") for row in TABLES["Posterior variables"]}
    derived = {schema.COEFFICIENTS, schema.WALK}
    seen = set()
    for posterior in kinds_of_posterior:
        for name, array in posterior.draws.parameters.items():
            seen.add(name)
            own = f"{schema.CHANNEL}_{name}"
            expected = [own if own in array.dims else rows[name]] if rows[name] else []
            assert array.dims == (schema.CHAIN, schema.DRAW, *expected)
            if own in array.dims:
                assert array.sizes[own] < len(posterior.data.channels)
    assert seen == rows.keys() - derived
    assert set(schema.CHANNEL_PARAMETERS) < seen
    assert [name for name in rows if name in schema.CHANNEL_PARAMETERS] == list(schema.CHANNEL_PARAMETERS)


def test_derived_variables_have_the_dims_of_the_page(posterior):
    assert posterior.draws.coefficients().dims == (schema.CHAIN, schema.DRAW, schema.TERM)
    walk = posterior.draws.baseline().sel({schema.PART: schema.WALK})
    assert walk.dims == (schema.CHAIN, schema.DRAW, schema.GEO, schema.DATE)
    assert posterior.draws.coefficients().name == schema.COEFFICIENTS


def test_sample_statistics_are_those_that_are_kept():
    assert tuple(first_column("Sample statistics")) == KEPT_STATISTICS


def test_the_tables_that_reports_make_have_these_columns(posterior):
    report = mmm.Report(posterior)
    made = [report.roi(horizon_weeks=13), report.contributions(), report.evidence(), posterior.diagnosis.table()]
    made += [report.payback(), report.ledger(), report.shares(), report.composition(), report.half_lives()]
    headings = ["`roi()`", "`contributions()`", "`evidence()`", "`diagnosis.table()`", "`payback()`", "`ledger()`"]
    headings += ["`shares()`", "`composition()`", "`half_lives()`"]
    assert [list(table.columns) for table in made] == [first_column(heading) for heading in headings]
    assert made[0].columns.name == "revenue ROI; 90% equal-tailed credible intervals"


def test_the_quantities_of_evidence_are_posterior_variables(kinds_of_posterior):
    derived = set(first_column("Derived quantities"))
    shown = {name for p in kinds_of_posterior for name in mmm.Report(p).evidence()["quantity"]}
    assert derived <= shown <= set(first_column("Posterior variables")) | derived


def test_the_saved_file_has_these_groups_and_attributes(posterior, tmp_path):
    posterior.save(tmp_path / "fit.nc")
    with h5py.File(tmp_path / "fit.nc") as file:
        assert set(file) == set(first_column("Groups"))
        assert set(file.attrs) - {"_NCProperties"} == set(first_column("Attributes"))
        assert file.attrs["format"] == "mmm posterior"
        assert file.attrs["file_version"] == str(schema.FILE_VERSION)


def test_helpers_are_the_functions():
    assert {name.removeprefix("schema.") for name in first_column("Helpers")} == FUNCTIONS


@pytest.mark.parametrize(("prob", "words"), [(0.9, "90%"), (0.95, "95%"), (0.975, "97.5%"), (0.5, "50%")])
def test_an_interval_is_named_by_its_probability_and_kind(prob, words):
    assert schema.interval_header(prob) == f"{words} equal-tailed credible intervals"


def test_names_do_not_collide():
    names = [value for value in CONSTANTS.values() if isinstance(value, str)]
    assert len(names) == len(set(names))
