#!/usr/bin/env python3
"""Generates public/data from copies in Debian packages.

    apt-get install python3-numpy python3-sklearn dataset-fashion-mnist
    python3 scripts/generate/makeData.py

Each file is a gzipped IDX file of unsigned bytes. The same packages always yield
the same contents; src/datasets/data.test.ts checks their SHA-256.
"""

import csv
import gzip
import struct
from pathlib import Path

import numpy as np
import sklearn.datasets

OUT = Path(__file__).resolve().parents[2] / "public" / "data"
SKLEARN = Path(sklearn.datasets.__file__).parent / "data"
FASHION = Path("/usr/share/datasets/fashion-mnist")


def write_idx(name, array):
    """The extension is not .gz, because some servers would decompress such a file in transit."""
    assert array.min() >= 0 and array.max() <= 255 and np.array_equal(array, np.round(array))
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    packed = gzip.compress(head + array.astype(np.uint8).tobytes(), 9, mtime=0)
    path = OUT / f"{name}.idxz"
    path.write_bytes(packed)
    print(f"{path.name}: {list(array.shape)}, {len(packed)} bytes")


def read_idx(path):
    data = gzip.decompress(path.read_bytes())
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def make_digits():
    """1,797 rows of 64 grey values 0..16 and the digit, in the order of the source."""
    rows = np.loadtxt(SKLEARN / "digits.csv.gz", delimiter=",").astype(int)
    write_idx("digits-images", rows[:, :64].reshape(-1, 8, 8))
    write_idx("digits-labels", rows[:, 64])


def make_fashion_mnist():
    """The same number of images per class, drawn once with a fixed seed, in the order of the source."""
    draw = np.random.RandomState(2017)
    for source, name, per_class in [("train", "train", 600), ("t10k", "test", 100)]:
        images = read_idx(FASHION / f"{source}-images-idx3-ubyte.gz")
        labels = read_idx(FASHION / f"{source}-labels-idx1-ubyte.gz")
        chosen = [draw.permutation(np.flatnonzero(labels == label))[:per_class] for label in range(10)]
        chosen = np.sort(np.concatenate(chosen))
        write_idx(f"fashion-mnist-{name}-images", images[chosen])
        write_idx(f"fashion-mnist-{name}-labels", labels[chosen])


def make_iris():
    """150 flowers: four lengths in millimetres, so that they fit into bytes, and the species."""
    with open(SKLEARN / "iris.csv") as file:
        rows = np.array(list(csv.reader(file))[1:], float)
    write_idx("iris-lengths", np.round(rows[:, :4] * 10, 6))
    write_idx("iris-labels", rows[:, 4])


if __name__ == "__main__":
    make_digits()
    make_fashion_mnist()
    make_iris()
