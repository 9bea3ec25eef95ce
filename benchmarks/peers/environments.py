"""Make one Python environment for each peer, apart from ours: their requirements exclude one another's and ours.

    python benchmarks/peers/environments.py --folder <dir>      # <dir>/pymc-marketing and <dir>/meridian

Needs a Python that both peers support (3.12 is what the published rows were made with): it makes environments of the
Python it is run by. A complete environment is left as it is, and `--only meridian` makes one of the two.
"""

import argparse
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
PEERS = {"pymc-marketing": "pymc_marketing", "meridian": "meridian"}


def make(folder, peer):
    """Make the environment of one peer, and see that the peer can be imported from it."""
    python = folder / peer / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(folder / peer, with_pip=True)
    requirements = HERE / f"requirements-{peer}.txt"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", requirements], check=True)
    subprocess.run([python, "-c", f"import {PEERS[peer]}"], check=True, capture_output=True)
    print(f"{peer}: {python}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True, help="where the environments go")
    parser.add_argument("--only", choices=PEERS, help="make one of the two")
    options = parser.parse_args()
    for peer in [options.only] if options.only else PEERS:
        make(options.folder, peer)


if __name__ == "__main__":
    main()
