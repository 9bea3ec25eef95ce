"""Reading YAML strictly: no name twice, none that is not text, and every entry with its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmm.command_line.files import near_name
from mmm.errors import ConfigError

if TYPE_CHECKING:
    from yaml import Node

__all__ = ["YamlFile", "read_yaml"]

TEXT, MERGE, TRUTH = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "merge", "bool"))
WHY = "what is read as something else would be fitted as something else"


@dataclass(frozen=True)
class YamlFile:
    """The entries of a file, and where each of them is.

    Attributes
    ----------
    path : Path
    entries : dict
        As `yaml.safe_load` gives them.
    tree : Node
        The same with lines.
    """

    path: Path
    entries: dict[str, Any]
    tree: Node

    def place(self, where: tuple[str, ...]) -> tuple[int, Node]:
        """Give line and content of an entry, or of the nearest one around it that there is."""
        node, line = self.tree, self.tree.start_mark.line
        for part in where:
            inside = _entries(node).get(part)
            if inside is None:
                break
            key, node = inside
            line = key.start_mark.line
        return line + 1, node

    def misread(self, where: tuple[str, ...]) -> str:
        """Say if an entry is another thing to YAML than it may have been to its writer; otherwise nothing.

        YAML takes a bare NO (Norway) as false, and 1e3 as text.
        """
        import yaml

        _, node = self.place(where)
        if not isinstance(node, yaml.ScalarNode) or node.style is not None:
            return ""
        if node.tag == TRUTH and node.value.lower() not in ("true", "false"):
            return f" (YAML reads a bare {node.value} as true or false: put it in quotes)"
        if node.tag == TEXT and "e" in node.value.lower() and _is_number(node.value):
            return f" (YAML reads {node.value} as text: write the number out)"
        return ""


def read_yaml(path: Path) -> YamlFile:
    """Read a file of named entries.

    Parameters
    ----------
    path : Path

    Returns
    -------
    YamlFile

    Raises
    ------
    ConfigError
        If there is no such file, it is not YAML, a name stands twice or is not text.
    """
    import yaml  # only whoever reads a config pays for it

    if not path.is_file():
        raise ConfigError(f"there is no config {str(path)!r}{near_name(path)}", fix="check the path")
    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        if not isinstance(tree, yaml.MappingNode):
            raise ConfigError(f"{path.name} holds no named entries", WHY, "begin with `data:`")
        _check_names(tree, path.name)
        return YamlFile(path, yaml.safe_load(text), tree)
    except (UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path.name} cannot be read: {error}", WHY, "give a config in YAML, in UTF-8") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 1}" if mark else ""
        said = " ".join(filter(None, (error.context, error.problem)))
        raise ConfigError(
            f"{path.name}{line} is not YAML: {said}", WHY, "indent with blanks, and put a blank after each colon"
        ) from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path.name} is not YAML: {error}", WHY, "give a config in YAML") from error


def _entries(node: Node) -> dict[str, tuple[Node, Node]]:
    """Name and content of what a node holds; lists by number."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return {key.value: (key, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return {str(i): (value, value) for i, value in enumerate(node.value)}
    return {}


def _check_names(tree: Node, file: str) -> None:
    """Refuse names that stand twice, of which YAML would keep the last, and names that it reads as no text."""
    import yaml

    open_nodes, seen = [tree], set()
    while open_nodes:
        node = open_nodes.pop(0)
        if id(node) in seen:  # an anchor that is used again
            continue
        seen.add(id(node))
        keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
        names = [key.value for key in keys]
        for key in keys:
            line = f"{file}, line {key.start_mark.line + 1}"
            if key.tag not in (TEXT, MERGE):
                raise ConfigError(f"{line}: the name {_raw(key)} is not text to YAML", WHY, "put it in quotes")
            if names.count(key.value) > 1:
                raise ConfigError(
                    f"{line}: {key.value!r} stands there twice", "only the last one would count", "leave one of them"
                )
        open_nodes += [inside for _, inside in _entries(node).values()]


def _raw(node: Node) -> str:
    return str(node.value) if isinstance(node.value, str) else "of several parts"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
