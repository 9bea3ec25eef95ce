"""Each command reads, calls the library, saves and prints; fits are made up."""

import os
import shutil
from pathlib import Path

import pytest

import mmm
from mmm.command_line import texts
from tests.command_line.conftest import CONFIG
from tests.conftest import build_data, build_frame, build_posterior
from tests.reporting.companions import parts_of

SAVED = "fits/2024-02.nc"


def forbidden(*_, **__):
    raise AssertionError("this must not be called")


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_says_what_would_be_fitted_and_samples_nothing(folder, monkeypatch, capsys):
    monkeypatch.setattr(mmm, "fit", forbidden)
    assert folder.run("check", folder.config) == 0
    said, warned = capsys.readouterr()
    assert "channels: tv, video, radio" in said
    assert "two_speed" in said
    assert "Before the data, media bring in" in said
    assert f"A fit would be saved as {folder.path / SAVED}.\n" in said
    assert "Warning: " in warned  # the data are short
    assert not (folder.path / "fits").exists()


def test_check_sees_what_the_spec_cannot_be(folder, capsys):
    folder.write_config(CONFIG.replace("    tv: {brand: true}", "    tvv: {brand: true}"))
    assert folder.run("check", folder.config) == 2
    assert "did you mean 'tv'" in capsys.readouterr().err


def test_check_says_that_a_fit_is_there(with_last, capsys):
    shutil.copy(with_last.path / "fits" / "2024-01.nc", with_last.path / SAVED)
    assert with_last.run("check", with_last.config) == 0
    assert "2024-02.nc, which is there already." in capsys.readouterr().out


# --- fit --------------------------------------------------------------------------------------------------------------


def test_fit_saves_and_prints_the_verdict_and_the_returns(made_up, capsys):
    made_up.write_config(CONFIG + "sampler: {draws: 200}\nseed: 5\nreport: {prob: 0.8}\n")
    assert made_up.run("fit", made_up.config) == 0
    said, beside = capsys.readouterr()
    posterior = mmm.load(made_up.path / SAVED)
    assert posterior.diagnosis.verdict in said
    assert f"Saved {made_up.path / SAVED}.\n" in said
    assert texts.roi_text(mmm.Report(posterior, prob=0.8)) in said
    asked = made_up.calls["fit"]
    assert (asked["seed"], asked["sampler"], asked["progress"]) == (5, mmm.Sampler(draws=200), True)
    assert asked["spec"].brand == ("tv",)
    assert "sampling" in beside
    assert "sampling" not in said


def test_fit_quietly(made_up):
    assert made_up.run("fit", made_up.config, "--quiet") == 0
    assert made_up.calls["fit"]["progress"] is False


def test_a_fit_that_did_not_converge_is_saved_and_no_number_of_it_is_shown(made_up, capsys):
    made_up.calls["ok"] = False
    assert made_up.run("fit", made_up.config) == 1
    said = capsys.readouterr().out
    assert "NOT CONVERGED" in said
    assert "Return within" not in said
    assert not mmm.load(made_up.path / SAVED).ok


def test_a_fit_is_never_overwritten_unless_on_purpose(made_up, monkeypatch, capsys):
    target = made_up.path / SAVED
    target.parent.mkdir()
    target.write_text("what was there")
    with monkeypatch.context() as patched:
        patched.setattr(mmm, "fit", forbidden)
        assert made_up.run("fit", made_up.config) == 2
    assert "is there already" in capsys.readouterr().err
    assert target.read_text() == "what was there"
    assert made_up.run("fit", made_up.config, "--overwrite") == 0
    assert mmm.load(target).ok


def test_a_fit_may_be_saved_elsewhere(made_up, monkeypatch):
    monkeypatch.chdir(made_up.path)
    assert made_up.run("fit", made_up.config, "--save", "other/fit.nc") == 0
    assert mmm.load("other/fit.nc").ok
    assert not (made_up.path / "fits").exists()


# --- refresh ----------------------------------------------------------------------------------------------------------


def test_refresh_holds_the_new_fit_against_the_newest_saved_one(with_last, saved_fit, capsys):
    fits = with_last.path / "fits"
    build_posterior(build_data(build_frame().iloc[:53])).save(fits / "z-older.nc")  # newest by name, not by data
    (fits / "notes.txt").write_text("no fit")
    assert with_last.run("refresh", with_last.config) == 0
    said, beside = capsys.readouterr()
    assert f"The last fit was {fits / '2024-01.nc'}." in said
    asked = with_last.calls["refresh"]
    assert asked["last"].data.fingerprint == mmm.load(saved_fit).data.fingerprint
    assert (asked["spec"], asked["sampler"], asked["progress"], asked["allow_unconverged"]) == (None, None, True, False)
    posterior = mmm.load(with_last.path / SAVED)
    assert posterior.diagnosis.verdict in said
    assert texts.roi_text(mmm.Report(posterior)) in said
    for part in ("5 new weekly periods, to 2024-02-19.", "Drift: margin ROI", "Forecast check: The 90% interval"):
        assert part in said
    assert "follows the config" not in said
    assert "Why medians moved" not in said
    assert "sampling" in beside


def test_refresh_takes_the_fit_that_is_named(with_last, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "fit.nc"
    build_posterior(build_data(build_frame().iloc[:53], controls=["price"], margin=0.35)).save(other)
    assert with_last.run("refresh", with_last.config, "--previous", other, "--quiet", "--allow-unconverged") == 0
    asked = with_last.calls["refresh"]
    assert asked["last"].data.n_periods == 53
    assert (asked["progress"], asked["allow_unconverged"]) == (False, True)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("    tv: {brand: true}", "    tv: {brand: true}\n    radio: {saturation: {kind: root}}"),
        ("    tv: {brand: true}", "    tv: {brand: true}\n  holidays: GB"),
    ],
)
def test_a_spec_that_changed_in_the_config_is_fitted_and_that_is_said(with_last, capsys, was, now):
    with_last.write_config(CONFIG.replace(was, now) + "sampler: {draws: 300}\n")
    assert with_last.run("refresh", with_last.config) == 0
    assert with_last.calls["refresh"]["spec"] not in (None, mmm.ModelSpec())
    assert with_last.calls["refresh"]["sampler"] == mmm.Sampler(draws=300)
    assert "the new fit follows the config" in capsys.readouterr().out


def test_a_spec_that_names_a_new_channel_is_another_one(with_last):
    with_last.write_data(build_frame().assign(social=lambda frame: frame["video"][::-1].to_numpy()))
    config = CONFIG.replace("radio]", "radio, social]")
    with_last.write_config(config)
    assert with_last.run("refresh", with_last.config) == 0
    assert with_last.calls["refresh"]["spec"] is None  # nothing is said of the new channel: it gets the defaults
    with_last.write_config(config.replace("    tv: {brand: true}", "    tv: {brand: true}\n    social: {}"))
    assert with_last.run("refresh", with_last.config, "--overwrite") == 0
    assert set(with_last.calls["refresh"]["spec"].channels) == {"tv", "social"}


def test_a_fit_that_is_made_again_is_not_its_own_last_fit(with_last):
    assert with_last.run("refresh", with_last.config) == 0
    assert with_last.run("refresh", with_last.config) == 2
    assert with_last.run("refresh", with_last.config, "--overwrite") == 0
    assert with_last.calls["refresh"]["last"].data.n_periods == 55


def test_a_refresh_needs_a_last_fit(made_up, capsys):
    assert made_up.run("refresh", made_up.config) == 2
    said = capsys.readouterr().err
    assert "there is no last fit in" in said
    assert "make the first one with `mmm fit`" in said


def test_a_refresh_that_did_not_converge_says_what_is_another_and_no_more(with_last, capsys):
    with_last.calls["ok"] = False
    assert with_last.run("refresh", with_last.config, "--decompose") == 1
    said = capsys.readouterr().out
    assert "NOT CONVERGED" in said
    assert "- 5 new weekly periods" in said
    assert "Drift" not in said
    assert not mmm.load(with_last.path / SAVED).ok


@pytest.fixture
def decomposed(monkeypatch):
    """Parts that add up, made up at once."""

    def decomposition(self, *, progress):
        print("fitting again", progress)
        return parts_of(self)

    monkeypatch.setattr(mmm.Refresh, "decomposition", decomposition)


@pytest.mark.usefixtures("decomposed")
def test_the_decomposition_is_made_if_it_is_asked_for(with_last, capsys):
    assert with_last.run("refresh", with_last.config, "--decompose") == 0
    said, beside = capsys.readouterr()
    assert "Why medians moved, part by part:\n  channel  restated  new_weeks" in said
    assert "fitting again True" in beside


@pytest.mark.usefixtures("decomposed")
def test_a_report_says_why_answers_moved_if_it_is_asked_for(with_last, saved_fit, documents, capsys):
    assert with_last.run("refresh", with_last.config) == 0
    new, page = with_last.path / SAVED, with_last.path / "q1.html"
    capsys.readouterr()
    assert with_last.run("report", new, "--previous", saved_fit, "--decompose", "--quiet") == 0
    said, beside = capsys.readouterr()
    assert "Why medians moved, part by part:" in said
    assert "fitting again False" in beside
    assert with_last.run("report", new, "--previous", saved_fit, "--decompose", "--html", page) == 0
    refreshed = documents["html"]["refresh"]
    assert documents["html"]["decomposition"].equals(parts_of(refreshed))


def test_a_decomposition_needs_the_fit_before(with_last, saved_fit, capsys):
    assert with_last.run("report", saved_fit, "--decompose") == 2
    assert "name the fit before this one: --previous FIT" in capsys.readouterr().err


# --- report -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def documents(monkeypatch):
    """Stand in for the writers of a report that are not there, and record how they are called."""
    calls = {}

    def writer(kind, real):
        def write(self, path, **asked):
            calls[kind] = {"report": self, "path": Path(path), **asked}
            if real is not None:
                return real(self, path, **asked)
            return Path(path).write_text(kind)

        return write

    for kind in ("html", "pptx", "xlsx"):
        real = getattr(mmm.Report, f"to_{kind}", None)
        monkeypatch.setattr(mmm.Report, f"to_{kind}", writer(kind, real), raising=False)
    return calls


def test_report_prints_sentences_and_what_limits_them(with_last, saved_fit, capsys):
    assert with_last.run("report", saved_fit) == 0
    assert capsys.readouterr().out == texts.report_text(mmm.Report(mmm.load(saved_fit))) + "\n"


def test_report_of_a_window(with_last, saved_fit, capsys):
    window = ("2023-03-06", "2023-05-29")
    assert with_last.run("report", saved_fit, "--window", *window, "--prob", "0.8") == 0
    wanted = mmm.Report(mmm.load(saved_fit), window=window, prob=0.8)
    assert capsys.readouterr().out == texts.report_text(wanted) + "\n"


@pytest.mark.usefixtures("documents")
def test_report_writes_what_is_asked_for(with_last, saved_fit, capsys):
    paths = {kind: with_last.path / "new" / f"q1.{kind}" for kind in ("html", "pptx", "xlsx")}
    arguments = [word for kind, path in paths.items() for word in (f"--{kind}", path)]
    assert with_last.run("report", saved_fit, *arguments) == 0
    assert all(path.stat().st_size for path in paths.values())
    assert capsys.readouterr().out == "".join(f"Wrote {path}.\n" for path in paths.values())


def test_the_config_says_what_is_reported_and_options_say_otherwise(with_last, documents, tmp_path):
    with_last.write_config(
        CONFIG
        + "report:\n  window: [2023-03-06, 2023-05-29]\n  prob: 0.8\n  economics: {discount_rate: 0.05}\n"
        + "  html: reports/{last:%Y-%m}.html\n  pptx: reports/{last}.pptx\n"
    )
    assert with_last.run("report", "--config", with_last.config, "--pptx", tmp_path / "q1.pptx", "--prob", "0.5") == 0
    assert {kind: call["path"] for kind, call in documents.items()} == {
        "html": with_last.path / "reports" / "2024-01.html",
        "pptx": tmp_path / "q1.pptx",
    }
    made = documents["html"]["report"]
    assert (made.prob, made.economics) == (0.5, mmm.Economics(discount_rate=0.05))
    assert list(map(str, made.window)) == ["2023-03-06", "2023-05-29"]
    assert made.posterior.data.n_periods == 55  # the newest saved fit


def test_documents_are_not_overwritten_unless_on_purpose(with_last, saved_fit, documents, capsys):
    path = with_last.path / "q1.pptx"
    path.write_text("edited by hand")
    assert with_last.run("report", saved_fit, "--pptx", path) == 2
    assert "is there already" in capsys.readouterr().err
    assert (path.read_text(), documents) == ("edited by hand", {})
    assert with_last.run("report", saved_fit, "--pptx", path, "--overwrite") == 0
    assert "pptx" in documents


def test_documents_and_text_can_say_what_moved(with_last, saved_fit, documents, capsys):
    assert with_last.run("refresh", with_last.config) == 0
    new = with_last.path / SAVED
    capsys.readouterr()
    assert with_last.run("report", new, "--previous", saved_fit) == 0
    assert "Drift: margin ROI" in capsys.readouterr().out
    paths = [word for kind in ("html", "pptx", "xlsx") for word in (f"--{kind}", with_last.path / f"q1.{kind}")]
    assert with_last.run("report", new, "--previous", saved_fit, *paths) == 0
    for kind in ("html", "pptx", "xlsx"):
        assert documents[kind]["refresh"].vintages.n_new == 5
    assert with_last.run("report", new, *paths, "--overwrite") == 0
    assert "refresh" not in documents["html"]


def test_a_report_of_a_fit_that_did_not_converge_is_refused_unless_on_purpose(folder, unconverged_posterior, capsys):
    path = folder.path / "fit.nc"
    unconverged_posterior.save(path)
    assert folder.run("report", path) == 2
    assert "NOT CONVERGED" in capsys.readouterr().err
    assert folder.run("report", path, "--allow-unconverged") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no fit was named"),
        (["nowhere.nc"], "there is no file 'nowhere.nc'"),
        (["sales.csv"], "'sales.csv' cannot be read"),
        (["--config", "config.yaml"], "there is no saved fit in 'fits'"),
    ],
)
def test_a_report_needs_a_fit(folder, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(folder.path)
    assert folder.run("report", *arguments) == 2
    assert message in capsys.readouterr().err


def test_paths_of_a_config_in_the_working_folder_stay_short(made_up, monkeypatch, capsys):
    monkeypatch.chdir(made_up.path)
    assert made_up.run("fit", "config.yaml") == 0
    assert f"Saved {SAVED}.".replace("/", os.sep) in capsys.readouterr().out
