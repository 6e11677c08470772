"""Writes src/testing/golden/*.json: results of NumPy and PyTorch for the inputs on which every op is checked.

Run from the repository's root with Python 3, NumPy and PyTorch: python3 scripts/generate/makeGolden.py
Floats are computed in float64 from float32 inputs and rounded once to float32, so that the stored value is the float32
nearest to the exact one. Integers are computed in int32, which wraps.
"""

import json
import os
import warnings

import numpy as np
import torch

warnings.simplefilter("ignore")
np.seterr(all="ignore")

FOLDER = "src/testing/golden"
cases = {}
random = np.random.default_rng(20240607)

HARD = np.array(
    [0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 2, -2, 3.7, -3.7, 1e-3, -1e-3, 1e-30, -1e-30, 0.1, 0.7, 0.71, 1.41, 1.42]
    + [1.0000001, 0.9999999, 10, -10, 15.5, -15.5, 50, 87, -80, 88.7, 90, -90, 150, -150, 1e4, -1e4, 16777217, 1e30, -1e30]
    + [3.4e38, -3.4e38, np.inf, -np.inf, np.nan],
    np.float32,
)
PAIRS = np.array([0, -0.0, 1, -1, 2, 2.5, -2.5, 3, 1e30, -1e30, 1e-30, np.inf, -np.inf, np.nan], np.float32)
WHOLE = np.array([0, 1, -1, 7, -7, 13, 46341, -123456, 16777217, 2**31 - 1, -(2**31)], np.int32)


def floats(*shape):
    return np.round(random.uniform(-3, 3, shape), 3).astype(np.float32)


def wholes(*shape, low=-9, high=9):
    return random.integers(low, high + 1, shape).astype(np.int32)


def wide(x):
    return x.astype(np.float64) if x.dtype == np.float32 else x


def number(value):
    value = value.item()
    if isinstance(value, bool) or isinstance(value, int):
        return int(value)
    if value != value:
        return "NaN"
    if value in (np.inf, -np.inf):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e15:
        return -0.0 if value == 0 and np.signbit(value) else int(value)
    # The shortest text that parses to the same float32.
    return float(np.format_float_scientific(np.float32(value), unique=True))


def described(array):
    kind = {"f": "float32", "i": "int32", "b": "bool"}[array.dtype.kind]
    flat = array.astype(np.float32) if kind == "float32" else array
    return {"shape": list(array.shape), "dtype": kind, "values": [number(v) for v in flat.reshape(-1)]}


def case(group, op, inputs, expected, args=()):
    """Adds a call op(*inputs, *args) that must return `expected`, or `expected` of the inputs with floats widened."""
    inputs = [np.asarray(x) for x in inputs]
    answer = expected(*[wide(x) for x in inputs]) if callable(expected) else expected
    if isinstance(answer, torch.Tensor):
        answer = answer.numpy()
    entry = {"op": op, "inputs": [described(x) for x in inputs], "args": list(args), "expected": described(np.asarray(answer))}
    cases.setdefault(group, []).append(entry)


def with_torch(function):
    return lambda x, *rest: function(torch.from_numpy(np.asarray(x)), *rest)


# Elementwise ops of one tensor.
UNARY = {
    "neg": np.negative,
    "abs": np.absolute,
    "sign": np.sign,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "square": np.square,
    "reciprocal": np.reciprocal,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.round,
    "tanh": np.tanh,
    "sigmoid": with_torch(torch.sigmoid),
    "softplus": with_torch(torch.nn.functional.softplus),
    "relu": with_torch(torch.relu),
}
for name, function in UNARY.items():
    case("elementwise", name, [HARD], function)
    case("elementwise", name, [np.float32(0.3)], function)
    case("elementwise", name, [floats(2, 3)], function)
for name in ("neg", "abs", "sign", "square"):
    case("elementwise", name, [WHOLE], UNARY[name])
case("elementwise", "relu", [WHOLE], lambda x: np.maximum(x, 0))
for name in ("exp", "sqrt", "tanh", "sigmoid"):
    case("elementwise", name, [np.array([0, 1, 2, 9], np.int32)], lambda x, f=UNARY[name]: f(x.astype(np.float64)))


def power(a, b):
    """NumPy's power, but NaN propagates where NumPy defines 1 ** NaN and NaN ** 0 as 1."""
    return np.where(np.isnan(a) | np.isnan(b), np.nan, np.power(a, b))


BINARY = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.true_divide,
    "pow": power,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "equal": np.equal,
    "notEqual": np.not_equal,
    "less": np.less,
    "lessEqual": np.less_equal,
    "greater": np.greater,
    "greaterEqual": np.greater_equal,
    "logicalAnd": np.logical_and,
    "logicalOr": np.logical_or,
}
for name, function in BINARY.items():
    case("elementwise", name, [PAIRS[:, None], PAIRS], function)
    case("elementwise", name, [floats(3, 1, 2), floats(4, 1)], function)
    case("elementwise", name, [np.float32(1.5), floats(3)], function)
    case("elementwise", name, [np.zeros((0, 3), np.float32), floats(3)], function)
    if name == "div":
        case("elementwise", name, [WHOLE[:, None], WHOLE], lambda a, b: np.true_divide(a, b))
    elif name != "pow":
        case("elementwise", name, [WHOLE[:, None], WHOLE], function)
case("elementwise", "pow", [WHOLE[:, None], np.array([0, 1, 2, 3, 10, 31], np.int32)], np.power)
case("elementwise", "logicalNot", [HARD], np.logical_not)
case("elementwise", "logicalNot", [np.array([True, False])], np.logical_not)

CONDITION = np.array([True, False, True])
case("elementwise", "where", [CONDITION, PAIRS[:3], PAIRS[-3:]], np.where)
case("elementwise", "where", [np.array([[True], [False]]), floats(3), np.float32(np.nan)], np.where)
case("elementwise", "where", [CONDITION, wholes(2, 3), wholes(3)], np.where)
case("elementwise", "clip", [HARD], lambda x: np.clip(x, -1.5, 2.5), [-1.5, 2.5])
case("elementwise", "clip", [WHOLE], lambda x: np.clip(x, -5, 2**31 - 1), [-5, 2**31 - 1])
SAFE = HARD[np.isfinite(HARD) & (np.abs(HARD) < 2**31)]
case("elementwise", "cast", [SAFE], lambda x: x.astype(np.int32), ["int32"])
case("elementwise", "cast", [HARD], lambda x: x != 0, ["bool"])
case("elementwise", "cast", [WHOLE], lambda x: x.astype(np.float32), ["float32"])
case("elementwise", "cast", [CONDITION], lambda x: x.astype(np.int32), ["int32"])

# Reductions. Weightroom's axis and keepDims follow the tensor.
REDUCTIONS = {
    "sum": lambda x, **k: np.sum(x, dtype=x.dtype, **k),
    "mean": lambda x, **k: np.trunc(np.mean(x, **k)).astype(np.int32) if x.dtype.kind == "i" else np.mean(x, **k),
    "prod": lambda x, **k: np.prod(x, dtype=x.dtype, **k),
    "max": np.max,
    "min": np.min,
    "variance": np.var,
    "logSumExp": lambda x, axis=None, keepdims=False: torch.logsumexp(
        torch.from_numpy(np.asarray(x)), tuple(range(x.ndim)) if axis is None else axis, keepdims
    ),
}


def reduction(op, function, x, axis=None, keep=False):
    given = tuple(axis) if isinstance(axis, list) else axis
    args = [] if axis is None and not keep else [axis, keep]
    case("reductions", op, [x], lambda v: function(v, axis=given, keepdims=keep), args)


BROKEN = floats(4, 5)
BROKEN[0, 1] = np.nan
BROKEN[1, 2] = np.inf
BROKEN[2, 3] = -np.inf
for name, function in REDUCTIONS.items():
    x = floats(3, 5, 7)
    for axis, keep in ((None, False), (0, False), (-1, True), ([0, 2], False), ([1, 2], True), ([0, 1, 2], False)):
        reduction(name, function, x, axis, keep)
    reduction(name, function, floats(70, 6), 0)
    reduction(name, function, floats(6, 70), 1)
    reduction(name, function, BROKEN, 1)
    reduction(name, function, np.float32(2.5))
    reduction(name, function, np.zeros((2, 0, 3), np.float32), 0)
    if name in ("sum", "prod", "mean", "variance"):
        reduction(name, function, np.zeros((2, 0), np.float32), 1)
    if name in ("sum", "prod", "mean", "max", "min"):
        reduction(name, function, wholes(4, 6), 1)
reduction("sum", REDUCTIONS["sum"], np.array([1e30, 1, -1e30, 2**31], np.float32)[[0, 0, 3]])
reduction("sum", REDUCTIONS["sum"], np.array([2**31 - 1, 1, 5], np.int32))
reduction("prod", REDUCTIONS["prod"], np.array([46341, 46341, 3], np.int32))
reduction("logSumExp", REDUCTIONS["logSumExp"], np.array([[1e30, 1e30], [-1e30, -1e30], [1000, 1001]], np.float32), 1)
reduction("logSumExp", REDUCTIONS["logSumExp"], np.array([[-np.inf, -np.inf], [np.inf, 0], [-np.inf, 3]], np.float32), 1)

for name, function in (("argmax", np.argmax), ("argmin", np.argmin)):
    x = wholes(3, 5, 7, low=-3, high=3)
    for values in (x, x.astype(np.float32), BROKEN):
        case("reductions", name, [values], lambda v, f=function: f(v).astype(np.int32))
        for axis in range(-1, values.ndim):
            case("reductions", name, [values], lambda v, f=function, a=axis: f(v, axis=a).astype(np.int32), [axis])
    case("reductions", name, [floats(2, 3)], lambda v, f=function: f(v, axis=1)[:, None].astype(np.int32), [1, True])
    case("reductions", name, [floats(2, 130)], lambda v, f=function: f(v, axis=1).astype(np.int32), [1])

SOFTMAX = {"softmax": with_torch(torch.softmax), "logSoftmax": with_torch(torch.log_softmax)}
for name, function in SOFTMAX.items():
    for values, axis in ((floats(4, 5), -1), (floats(4, 5), 0), (floats(2, 3, 4), 1), (floats(3, 100), 1), (BROKEN, 1)):
        case("reductions", name, [values], lambda v, f=function, a=axis: f(v, a), [axis])
    case("reductions", name, [np.array([1e30, -1e30, 0], np.float32)], lambda v, f=function: f(v, -1))
    case("reductions", name, [np.array([1000, 1001, 999], np.float32)], lambda v, f=function: f(v, -1))

# Matrix products.
SHAPES = (
    ((3, 4), (4, 5)),
    ((1, 9), (9, 1)),
    ((33, 17), (17, 35)),
    ((2, 3), (3, 70)),
    ((70, 3), (3, 2)),
    ((7,), (7,)),
    ((7,), (7, 3)),
    ((2, 7), (7,)),
    ((3, 2, 7), (7,)),
    ((7,), (3, 7, 2)),
    ((2, 1, 3, 4), (5, 4, 6)),
    ((0, 3), (3, 2)),
    ((2, 0), (0, 3)),
    ((2, 600), (600, 3)),
)
for left, right in SHAPES:
    case("matmul", "matmul", [floats(*left), floats(*right)], np.matmul)
case("matmul", "matmul", [BROKEN, floats(5, 3)], np.matmul)
case("matmul", "matmul", [wholes(3, 4), wholes(4, 2)], np.matmul)
case("matmul", "matmul", [np.array([[2**30, 3]], np.int32), np.array([[4], [5]], np.int32)], np.matmul)

# Ops that move values.
x = floats(2, 3, 4)
case("moving", "reshape", [x], lambda v: v.reshape(4, 6), [[4, -1]])
case("moving", "reshape", [x], lambda v: v.reshape(2, 3, 2, 1, 2), [[2, 3, 2, 1, 2]])
case("moving", "reshape", [np.float32(3)], lambda v: v.reshape(1, 1), [[1, 1]])
case("moving", "reshape", [np.zeros((2, 0), np.float32)], lambda v: v.reshape(0, 3), [[0, 3]])
case("moving", "transpose", [x], lambda v: v.T)
for axes in ([1, 0, 2], [2, 0, 1], [0, -1, 1]):
    case("moving", "transpose", [x], lambda v, a=axes: v.transpose(a), [axes])
case("moving", "transpose", [np.float32(3)], lambda v: v.T)
case("moving", "transpose", [wholes(0, 3)], lambda v: v.T)
case("moving", "slice", [x], lambda v: v[1:], [1])
case("moving", "slice", [x], lambda v: v[0:1, -2:, 1:3], [[0, -2, 1], [1, 3, 3]])
case("moving", "slice", [x], lambda v: v[:, :-1], [[0, 0], [2, -1]])
case("moving", "slice", [x], lambda v: v[:, 2:1], [[0, 2], [9, 1]])
case("moving", "slice", [HARD], lambda v: v[-4:], [-4])
case("moving", "pad", [x], lambda v: np.pad(v, [(1, 0), (0, 2), (3, 1)]), [[[1, 0], [0, 2], [3, 1]]])
case("moving", "pad", [HARD], lambda v: np.pad(v, [(2, 1)], constant_values=-7.5), [[[2, 1]], -7.5])
case("moving", "pad", [wholes(0, 2)], lambda v: np.pad(v, [(1, 1), (0, 0)], constant_values=5), [[[1, 1], [0, 0]], 5])
case("moving", "concat", [floats(2, 3), floats(1, 3), floats(0, 3)], lambda *v: np.concatenate(v), [0])
case("moving", "concat", [floats(2, 3, 1), floats(2, 2, 1)], lambda *v: np.concatenate(v, -2), [-2])
case("moving", "concat", [wholes(3), wholes(2)], lambda *v: np.concatenate(v))
case("moving", "stack", [floats(2, 3), floats(2, 3)], lambda *v: np.stack(v))
case("moving", "stack", [floats(2, 3), floats(2, 3), floats(2, 3)], lambda *v: np.stack(v, -1), [-1])
case("moving", "stack", [np.float32(1), np.float32(np.nan)], lambda *v: np.stack(v))
INDICES = np.array([[2, 0], [-1, 2], [1, 1]], np.int32)
case("moving", "gather", [floats(3, 4), INDICES], lambda v, i: np.take(v, i, 0))
case("moving", "gather", [floats(2, 3, 4), INDICES], lambda v, i: np.take(v, i, 1), [1])
case("moving", "gather", [wholes(2, 3), np.int32(1)], lambda v, i: np.take(v, i, -1), [-1])
case("moving", "gather", [HARD, np.array([3, -1, -2, 0], np.int32)], lambda v, i: np.take(v, i))
case("moving", "gather", [floats(3, 4), np.zeros(0, np.int32)], lambda v, i: np.take(v, i, 0))


def scatter(updates, indices, axis, length):
    result = np.zeros(updates.shape[:axis] + (length,) + updates.shape[axis + indices.ndim :], updates.dtype)
    np.add.at(result, (slice(None),) * axis + (indices,), updates)
    return result


case("moving", "scatterAdd", [floats(3, 2, 4), INDICES], lambda v, i: scatter(v, i, 0, 3), [0, 3])
case("moving", "scatterAdd", [floats(2, 3, 2), INDICES], lambda v, i: scatter(v, i, 1, 5), [1, 5])
case("moving", "scatterAdd", [wholes(3), np.array([1, 1, 0], np.int32)], lambda v, i: scatter(v, i, 0, 3), [0, 3])
case("moving", "oneHot", [np.array([0, 2, 1, 5, -1], np.int32)], lambda i: (i[:, None] == np.arange(3)).astype(np.float64), [3])
case("moving", "oneHot", [np.int32(1)], lambda i: np.eye(4)[i], [4])
case("moving", "oneHot", [np.zeros((2, 0), np.int32)], lambda i: np.zeros((2, 0, 3)), [3])
case("moving", "broadcastTo", [floats(3, 1)], lambda v: np.broadcast_to(v, (2, 3, 4)), [[2, 3, 4]])
case("moving", "broadcastTo", [np.float32(2)], lambda v: np.broadcast_to(v, (0, 2)), [[0, 2]])
case("moving", "broadcastTo", [np.array([True, False])], lambda v: np.broadcast_to(v, (3, 2)), [[3, 2]])
case("moving", "stopGradient", [HARD], lambda v: v)

# Windows over images [batch, height, width, channels]. PyTorch has channels first and pads evenly, so TensorFlow's
# "same", which pads more at the end, is applied here.
def two(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def padded(x, kernel, options, value=0.0):
    strides, dilation = two(options.get("strides", 1)), two(options.get("dilationRate", 1))
    images = torch.from_numpy(np.asarray(x)).permute(0, 3, 1, 2)
    widths = []
    for length, size, stride, step in zip(images.shape[2:], kernel, strides, dilation):
        total = max(0, (-(-length // stride) - 1) * stride + (size - 1) * step + 1 - length)
        widths.append((total // 2, total - total // 2) if options.get("padding") == "same" else (0, 0))
    (top, bottom), (left, right) = widths
    return torch.nn.functional.pad(images, (left, right, top, bottom), value=value), strides, dilation


def conv2d(x, kernel, options={}, groups=1):
    images, strides, dilation = padded(x, kernel.shape[:2], options)
    weights = torch.from_numpy(np.asarray(kernel)).permute(3, 2, 0, 1)
    if groups > 1:
        # [height, width, channels, multiplier] -> [channels * multiplier, 1, height, width]
        weights = torch.from_numpy(np.asarray(kernel)).permute(2, 3, 0, 1).reshape(-1, 1, *kernel.shape[:2])
    result = torch.nn.functional.conv2d(images, weights, None, strides, 0, dilation, groups)
    return result.permute(0, 2, 3, 1)


def max_pool(x, options):
    size = two(options.get("poolSize", 2))
    images, strides, _ = padded(x, size, {"strides": size, **options}, -np.inf)
    return torch.nn.functional.max_pool2d(images, size, strides).permute(0, 2, 3, 1)


def avg_pool(x, options):
    size = two(options.get("poolSize", 2))
    options = {"strides": size, **options}
    sums, counts = (
        torch.nn.functional.avg_pool2d(padded(v, size, options)[0], size, two(options["strides"]))
        for v in (x, np.ones_like(x))
    )
    return (sums / counts).permute(0, 2, 3, 1)


SLIDES = (
    {},
    {"padding": "same"},
    {"strides": 2, "padding": "same"},
    {"strides": [1, 2]},
    {"dilationRate": 2, "padding": "same"},
    {"dilationRate": [2, 1]},
)
for options in SLIDES:
    args = [options] if options else []
    case("windows", "conv2d", [floats(2, 5, 6, 3), floats(3, 2, 3, 4)], lambda x, k, o=options: conv2d(x, k, o), args)
    case(
        "windows", "depthwiseConv2d", [floats(2, 5, 6, 3), floats(3, 2, 3, 2)],
        lambda x, k, o=options: conv2d(x, k, o, groups=3), args,
    )
case("windows", "conv2d", [floats(2, 3, 3, 2), floats(1, 1, 2, 3)], conv2d)
case("windows", "conv2d", [floats(0, 3, 3, 2), floats(2, 2, 2, 3)], lambda x, k: np.zeros((0, 2, 2, 3)))
case("windows", "conv2d", [wholes(1, 3, 3, 1, low=0), wholes(2, 2, 1, 1, low=0)], lambda x, k: conv2d(x.astype(float), k.astype(float)))
IMAGE = floats(1, 4, 4, 1)
IMAGE[0, 0, 1, 0] = np.nan
IMAGE[0, 2, 0, 0] = np.inf
IMAGE[0, 3, 3, 0] = -np.inf
case("windows", "conv2d", [IMAGE, np.abs(floats(2, 2, 1, 1)) + 1], conv2d)
POOLS = ({}, {"padding": "same"}, {"poolSize": 3, "strides": 2, "padding": "same"}, {"poolSize": [3, 2], "strides": 1})
for name, function in (("maxPool2d", max_pool), ("avgPool2d", avg_pool)):
    for options in POOLS:
        args = [options] if options else []
        case("windows", name, [floats(2, 5, 7, 3)], lambda x, f=function, o=options: f(x, o), args)
    case("windows", name, [IMAGE], lambda x, f=function: f(x, {}))

# Cumulative sums and the greatest values.
for args in ([], [0], [1], [1, {"exclusive": True}], [1, {"reverse": True}], [-1, {"exclusive": True, "reverse": True}]):
    axis, options = (args + [-1, {}])[0] if args else -1, args[1] if len(args) > 1 else {}

    def cumulative(v, axis=axis, options=options):
        v = np.flip(v, axis) if options.get("reverse") else v
        sums = np.cumsum(v, axis, dtype=v.dtype) - (v if options.get("exclusive") else 0)
        return np.flip(sums, axis) if options.get("reverse") else sums

    case("moving", "cumulativeSum", [floats(3, 5, 4)], cumulative, args)
case("moving", "cumulativeSum", [floats(2, 150)], lambda v: np.cumsum(v, 1))
case("moving", "cumulativeSum", [np.array([2**31 - 1, 1, 5], np.int32)], lambda v: np.cumsum(v, dtype=np.int32))
case("moving", "cumulativeSum", [np.array([True, False, True])], lambda v: np.cumsum(v).astype(np.int32))
case("moving", "cumulativeSum", [np.array([1, np.inf, 2, np.nan, 3], np.float32)], np.cumsum)
ORDERED = np.array([[1, np.nan, -np.inf, 3, 3, -0.0, 0, np.inf, np.nan, -2]], np.float32)


def places(v, k):
    """Indices of the greatest values in order: NaN first, and equal values in order of their indices."""
    keys = np.where(np.isnan(v), -np.inf, -v) if v.dtype.kind == "f" else -v.astype(np.int64)
    first = ~np.isnan(v) if v.dtype.kind == "f" else np.zeros_like(v, bool)
    return np.lexsort((keys, first), axis=-1)[..., :k].astype(np.int32)


for values, k in ((floats(2, 3, 7), 3), (wholes(3, 9, low=-3, high=3), 4), (ORDERED, 10), (floats(2, 150), 5), (WHOLE, 2), (floats(3), 0)):
    case("moving", "topKIndices", [values], lambda v, k=k: places(v, k), [k])
    case("moving", "topK", [values], lambda v, k=k: np.take_along_axis(v, places(v, k), -1), [k])
assert (places(ORDERED[:, [0, 3, 7, 9]], 2) == torch.topk(torch.from_numpy(ORDERED[:, [0, 3, 7, 9]]), 2)[1].numpy()).all()

for name, function in (("erf", with_torch(torch.erf)), ("expm1", np.expm1)):
    case("elementwise", name, [HARD], function)
    case("elementwise", name, [floats(2, 3)], function)
    case("elementwise", name, [np.linspace(-4.2, 4.2, 85).astype(np.float32)], function)

versions = {"python3 scripts/generate/makeGolden.py with": f"NumPy {np.__version__}, PyTorch {torch.__version__}"}
for group, entries in cases.items():
    with open(os.path.join(FOLDER, f"{group}.json"), "w") as file:
        lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
        file.write(f'{{"madeBy": {json.dumps(versions)},\n"cases": [\n{lines}\n]}}\n')
