"""What nutpie hands over, played by hand: by chain, one table of draws and one of statistics."""

from types import SimpleNamespace

import numpy as np
import pyarrow


class Column:
    """Values of one variable, shape (row, ...), laid out as the sampler lays them out."""

    def __init__(self, values, dims):
        shape = ",".join(str(size) for size in values.shape[1:])
        self.values, self.field = values, SimpleNamespace(metadata={b"shape": shape.encode(), b"dims": dims.encode()})

    def __arrow_array__(self, type=None):
        flat = self.values.reshape(len(self.values), -1)
        return pyarrow.array(self.values if self.values.ndim == 1 else list(flat))


class Table:
    def __init__(self, dims=None, **columns):
        self.columns = {
            name: Column(np.asarray(values), (dims or {}).get(name, "")) for name, values in columns.items()
        }
        self.num_rows, self.column_names = len(next(iter(columns.values()))), list(columns)

    def column(self, name):
        return self.columns[name]


class Trace:
    def __init__(self, draws, stats):
        self.tables = draws, stats

    def get_arrow_trace(self):
        return self.tables
