"""Writes src/testing/golden/layers.json: results of PyTorch for layers, forward and backward, in float64.

Run with a Python that has NumPy and PyTorch (Debian: python3-numpy, python3-torch):
    python3 scripts/generate/makeLayersGolden.py
Weights are drawn in Keras's shapes and order, and converted to PyTorch's here. The loss is the sum of the result's
elements, each multiplied by its own factor.
"""

import json
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = np.random.default_rng(11)
cases = []


def draw(*shape):
    values = np.round(generator.normal(size=shape), 3).astype(np.float32).astype(np.float64)
    return torch.tensor(values, requires_grad=True)


def listed(tensor):
    # Two digits more than the comparison with float32 needs.
    array = torch.as_tensor(tensor).detach().numpy()
    return np.vectorize(lambda x: float(f"{x:.8g}") if array.dtype.kind == "f" else x)(array).tolist()


def case(layer, args, inputs, weights, run, training=False, states=None):
    """Adds a call of `layer(*args)` whose expected result is `run(*inputs, *weights)`."""
    y = run(*inputs, *weights)
    factors = draw(*y.shape).detach()
    wanted = [v for v in (*inputs, *weights) if v.requires_grad]
    gradients = torch.autograd.grad((y * factors).sum(), wanted)
    cases.append(
        {
            "layer": layer,
            "args": args,
            "training": training,
            "inputs": [listed(x) for x in inputs],
            "whole": [not x.requires_grad for x in inputs],
            "weights": [listed(w) for w in weights],
            "y": listed(y),
            "factors": listed(factors),
            "gradients": [listed(g) for g in gradients],
            "states": [listed(s) for s in states] if states else [],
        }
    )


# Activations, by name and as layers.
ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": F.relu,
    "leakyRelu": lambda x: F.leaky_relu(x, 0.2),
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "softmax": lambda x: F.softmax(x, -1),
    "tanh": torch.tanh,
}
for name, function in ACTIVATIONS.items():
    case("activation", [name], [draw(3, 5)], [], function)
case("leakyRelu", [], [draw(3, 4)], [], lambda x: F.leaky_relu(x, 0.3))
case("leakyRelu", [0.1], [draw(3, 4)], [], lambda x: F.leaky_relu(x, 0.1))
case("elu", [1.5], [draw(3, 4)], [], lambda x: F.elu(x, 1.5))
case("prelu", [], [draw(3, 4)], [draw(4)], lambda x, a: F.prelu(x, a))
case("reshape", [[2, -1]], [draw(3, 4)], [], lambda x: x.reshape(3, 2, 2))
case("dense", [3, {"activation": "gelu"}], [draw(2, 4)], [draw(4, 3), draw(3)], lambda x, k, b: F.gelu(x @ k + b))


# Images: PyTorch has channels first.
def first(x):
    return x.permute(0, 3, 1, 2)


def last(x):
    return x.permute(0, 2, 3, 1)


def convolve(x, kernel, bias, **options):
    return last(F.conv2d(first(x), kernel.permute(3, 2, 0, 1), bias, **options))


def depthwise(x, kernel, bias, **options):
    weights = kernel.permute(2, 3, 0, 1).reshape(-1, 1, *kernel.shape[:2])
    return last(F.conv2d(first(x), weights, bias, groups=x.shape[3], **options))


case("conv2d", [4, 3], [draw(2, 5, 4, 2)], [draw(3, 3, 2, 4), draw(4)], convolve)
case(
    "conv2d",
    [3, 3, {"padding": "same", "activation": "relu"}],
    [draw(2, 4, 3, 2)],
    [draw(3, 3, 2, 3), draw(3)],
    lambda x, k, b: F.relu(convolve(x, k, b, padding=1)),
)
case(
    "conv2d",
    [2, [2, 1], {"strides": [1, 2], "dilationRate": [2, 1], "useBias": False}],
    [draw(1, 4, 5, 2)],
    [draw(2, 1, 2, 2)],
    lambda x, k: convolve(x, k, None, stride=(1, 2), dilation=(2, 1)),
)
case("depthwiseConv2d", [3], [draw(2, 4, 5, 2)], [draw(3, 3, 2, 1), draw(2)], depthwise)
case(
    "depthwiseConv2d",
    [3, {"depthMultiplier": 2, "padding": "same", "activation": "tanh"}],
    [draw(1, 3, 4, 2)],
    [draw(3, 3, 2, 2), draw(4)],
    lambda x, k, b: torch.tanh(depthwise(x, k, b, padding=1)),
)
case("maxPool2d", [], [draw(2, 4, 5, 2)], [], lambda x: last(F.max_pool2d(first(x), 2)))
case("maxPool2d", [3, {"strides": 1}], [draw(1, 4, 5, 2)], [], lambda x: last(F.max_pool2d(first(x), 3, 1)))
case("avgPool2d", [[2, 3]], [draw(2, 4, 6, 2)], [], lambda x: last(F.avg_pool2d(first(x), (2, 3))))
case(
    "avgPool2d",
    [3, {"strides": 1, "padding": "same"}],
    [draw(1, 4, 3, 2)],
    [],
    lambda x: last(F.avg_pool2d(first(x), 3, 1, 1, count_include_pad=False)),
)
case("globalAvgPool2d", [], [draw(2, 3, 4, 2)], [], lambda x: x.mean((1, 2)))
case("globalAvgPool2d", [{"keepDims": True}], [draw(2, 3, 4, 2)], [], lambda x: last(F.adaptive_avg_pool2d(first(x), 1)))


# Normalization.
def batch_norm(x, gamma, beta, mean=None, variance=None):
    features = x.reshape(-1, x.shape[-1])
    training = mean is None
    return F.batch_norm(features, mean, variance, gamma, beta, training, eps=1e-3).reshape(x.shape)


for shape in ((6, 3), (2, 3, 2, 4)):
    x, width = draw(*shape), shape[-1]
    axes = tuple(range(len(shape) - 1))
    # Starting from zeros and ones, with momentum 0.99.
    moved = [0.01 * x.mean(axes), 0.99 + 0.01 * x.var(axes, unbiased=False)]
    case("batchNorm", [], [x], [draw(width), draw(width)], batch_norm, True, moved)
mean, variance = draw(3).detach(), draw(3).detach() ** 2
case(
    "batchNorm", [], [draw(6, 3)], [draw(3), draw(3), mean, variance], batch_norm, False, [mean, variance],
)
case("layerNorm", [], [draw(2, 3, 5)], [draw(5), draw(5)], lambda x, g, b: F.layer_norm(x, (5,), g, b, 1e-3))
case("layerNorm", [{"epsilon": 0.1, "center": False}], [draw(3, 4)], [draw(4)], lambda x, g: F.layer_norm(x, (4,), g, None, 0.1))

# Sequences.
words = torch.tensor([[2, 0, 4], [2, 2, 1]])
case("embedding", [5, 3], [words], [draw(5, 3)], lambda x, e: F.embedding(x, e))


def recurrent(function, last_step, x, kernel, recurrent_kernel, bias_in, bias_hidden):
    nothing = torch.zeros(1, x.shape[0], recurrent_kernel.shape[0])
    weights = [kernel.T, recurrent_kernel.T, bias_in, bias_hidden]
    start = (nothing, nothing) if function is torch.lstm else nothing
    y = function(x, start, weights, True, 1, 0.0, False, False, True)[0]
    return y[:, -1] if last_step else y


def with_one_bias(function, last_step):
    def run(x, kernel, recurrent_kernel, bias):
        return recurrent(function, last_step, x, kernel, recurrent_kernel, bias, torch.zeros_like(bias))

    return run


def gru(units, last_step):
    def run(x, kernel, recurrent_kernel, bias):
        # Keras has the update gate first, PyTorch the reset gate.
        def swapped(v):
            z, r, h = v.split(units, -1)
            return torch.cat([r, z, h], -1)

        return recurrent(torch.gru, last_step, x, swapped(kernel), swapped(recurrent_kernel), *swapped(bias))

    return run


for steps, options in ((5, {}), (4, {"returnSequences": True}), (1, {})):
    last_step = "returnSequences" not in options
    args = [3, options] if options else [3]
    case("simpleRnn", args, [draw(2, steps, 2)], [draw(2, 3), draw(3, 3), draw(3)], with_one_bias(torch.rnn_tanh, last_step))
    case("gru", args, [draw(2, steps, 2)], [draw(2, 9), draw(3, 9), draw(2, 9)], gru(3, last_step))
    case("lstm", args, [draw(2, steps, 2)], [draw(2, 12), draw(3, 12), draw(12)], with_one_bias(torch.lstm, last_step))


def attention(heads, size, causal=False):
    def run(*given):
        *inputs, qk, qb, kk, kb, vk, vb, ok, ob = given
        width = heads * size
        query, value = inputs if len(inputs) == 2 else inputs * 2
        module = torch.nn.MultiheadAttention(width, heads, batch_first=True)
        weights = {
            "in_proj_weight": torch.cat([w.reshape(width, width).T for w in (qk, kk, vk)]),
            "in_proj_bias": torch.cat([b.reshape(width) for b in (qb, kb, vb)]),
            "out_proj.weight": ok.reshape(width, width).T,
            "out_proj.bias": ob,
        }
        hidden = torch.triu(torch.ones(query.shape[1], value.shape[1], dtype=torch.bool), 1) if causal else None
        named = {"attn_mask": hidden, "need_weights": False}
        return torch.nn.utils.stateless.functional_call(module, weights, (query, value, value), named)[0]

    return run


def attention_weights(heads, size):
    width = heads * size
    into = [(width, heads, size), (heads, size)] * 3
    return [draw(*shape) for shape in (*into, (heads, size, width), (width,))]


case("multiHeadAttention", [2, 3], [draw(2, 4, 6)], attention_weights(2, 3), attention(2, 3))
case("multiHeadAttention", [2, 2], [draw(2, 3, 4), draw(2, 5, 4)], attention_weights(2, 2), attention(2, 2))
case("multiHeadAttention", [1, 3, {"useCausalMask": True}], [draw(2, 4, 3)], attention_weights(1, 3), attention(1, 3, True))

result = {"versions": {"numpy": np.__version__, "torch": torch.__version__}, "cases": cases}
path = os.path.join(os.path.dirname(__file__), "..", "..", "src", "testing", "golden", "layers.json")
with open(path, "w") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
