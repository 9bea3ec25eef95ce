"""YAML, read strictly: what it would keep silent about is refused, and every entry has its line."""

import pytest

from mmm.command_line.yaml_file import read_yaml
from mmm.errors import ConfigError


def read(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    return read_yaml(path)


def test_entries_and_their_lines(tmp_path):
    file = read(tmp_path, "data:\n  file: a.csv\n  spend:\n    - tv\n    - search\nseed: 2\n")
    assert file.entries == {"data": {"file": "a.csv", "spend": ["tv", "search"]}, "seed": 2}
    for where, line in {
        (): 1,
        ("data",): 1,
        ("data", "file"): 2,
        ("data", "spend", "1"): 5,
        ("seed",): 6,
        ("data", "spend", "7"): 3,  # not there: the place around it
        ("seed", "deeper"): 6,
    }.items():
        assert file.place(where)[0] == line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("data: 1\nseed: 1\ndata: 2\n", "config.yaml, line 1: 'data' stands there twice"),
        ("spec:\n  trend: {}\n  trend: {linear: false}\n", "config.yaml, line 2: 'trend' stands there twice"),
        ("spec:\n  - {a: 1, a: 2}\n", "config.yaml, line 2: 'a' stands there twice"),
        ("spend:\n  NO: tv\n", "config.yaml, line 2: the name NO is not text to YAML(.|\n)*put it in quotes"),
        ("2024: tv\n", "line 1: the name 2024 is not text"),
        ("? [a, b]\n: tv\n", "line 1: the name of several parts is not text"),
        ("data: [1\nseed: 1\n", "config.yaml, line 2 is not YAML"),
        ("data:\n\tfile: a\n", "config.yaml, line 2 is not YAML: .*indent with blanks"),
        ("data: *nothing\n", "config.yaml, line 1 is not YAML"),
        ("data: !!python/object/apply:os.getcwd []\n", "config.yaml, line 1 is not YAML"),
        ("data: \x01\n", "config.yaml is not YAML"),
        ("", "config.yaml holds no named entries"),
        ("- data\n", "config.yaml holds no named entries"),
    ],
)
def test_what_yaml_would_keep_silent_about_is_refused(tmp_path, text, message):
    with pytest.raises(ConfigError, match=message.replace(".*", "(.|\n)*")):
        read(tmp_path, text)


def test_a_config_that_is_not_there_names_the_nearest(tmp_path):
    (tmp_path / "config.yaml").write_text("data: 1")
    with pytest.raises(ConfigError, match=r"there is no config .*confg\.yaml'; did you mean 'config\.yaml'\?"):
        read_yaml(tmp_path / "confg.yaml")
    with pytest.raises(ConfigError, match="there is no config"):
        read_yaml(tmp_path / "nowhere" / "config.yaml")


def test_a_saved_fit_is_no_config(tmp_path):
    path = tmp_path / "fit.nc"
    path.write_bytes(b"\x89HDF\xff\xfe")
    with pytest.raises(ConfigError, match=r"fit\.nc cannot be read(.|\n)*a config in YAML"):
        read_yaml(path)


def test_anchors_and_merges_may_be_used(tmp_path):
    file = read(tmp_path, "a: &brand {brand: true}\nb: *brand\nc:\n  <<: *brand\n  order: x\n")
    assert file.entries == {"a": {"brand": True}, "b": {"brand": True}, "c": {"brand": True, "order": "x"}}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("NO", "YAML reads a bare NO as true or false: put it in quotes"),
        ("on", "a bare on"),
        ("1e3", "YAML reads 1e3 as text: write the number out"),
        ("false", ""),
        ("'NO'", ""),
        ("'1e3'", ""),
        ("1000", ""),
        ("tv", ""),
        ("[NO]", ""),
    ],
)
def test_what_yaml_reads_as_something_else_is_pointed_at(tmp_path, text, hint):
    said = read(tmp_path, f"a: {text}\n").misread(("a",))
    assert hint in said
    assert bool(said) == bool(hint)
