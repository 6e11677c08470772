"""Writes src/testing/golden/optimizers.json: 100 steps of each optimizer on fixed gradients, and schedules.

PyTorch computes its own conventions, and Keras's where the two agree or an option makes them agree. What only
Keras defines (the places of some epsilons, decoupled weight decay, Lion) is computed here in float64 by the
formulas of Keras 3's documentation and of papers. So is Nadam, because PyTorch 1.13 counts its product of momenta
once too often (later versions do not). scripts/generate/makeTfjsGolden.mjs adds the results of TensorFlow.js.

Run with a Python that has NumPy and PyTorch (Debian: python3-numpy, python3-torch):
    python3 scripts/generate/makeOptimizerGolden.py
"""
import json
import math
import os
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)
generator = np.random.default_rng(11)
STEPS = 100
SEEN = [1, 2, 10, 100]


def draw(*shape):
    return generator.normal(size=shape).astype(np.float32).astype(np.float64)


# One gradient is so small that epsilons decide, one element is often 0, and the others have all sizes.
scales = np.array([[1e-7, 1e-3, 0.1], [1, 1, 20]])
first = {"a": np.array([[0.0, 0.001, -0.01], [0.1, -0.5, 1.0]]), "b": np.array([0.25, -2.0])}
first = {name: value.astype(np.float32).astype(np.float64) for name, value in first.items()}
gradients = {"a": draw(STEPS, 2, 3) * scales, "b": draw(STEPS, 2)}
gradients["a"][:, 1, 0] *= np.arange(STEPS) % 3 == 1
gradients = {name: value.astype(np.float32).astype(np.float64) for name, value in gradients.items()}


def keep(seen, step, values):
    if step in SEEN:
        seen[str(step)] = {name: np.asarray(value).tolist() for name, value in values.items()}


def by_torch(make, before=None, scheduler=None):
    values = {name: torch.tensor(value, requires_grad=True) for name, value in first.items()}
    optimizer = make(list(values.values()))
    schedule = scheduler(optimizer) if scheduler else None
    seen = {}
    for step in range(1, STEPS + 1):
        for name, value in values.items():
            value.grad = torch.tensor(gradients[name][step - 1])
        if before:
            before(list(values.values()))
        optimizer.step()
        if schedule:
            schedule.step()
        keep(seen, step, {name: value.detach().numpy() for name, value in values.items()})
    return {"source": f"PyTorch {torch.__version__}", "values": seen}


def by_formula(update, slots, decay=0.0, rate=lambda t: 0.001):
    """`update(w, g, slots, rate, t)` returns w and slots; rate(t) counts from 0, like Keras's schedules."""
    values = {name: value.copy() for name, value in first.items()}
    kept = {name: [np.full_like(value, slot) for slot in slots] for name, value in first.items()}
    seen = {}
    for step in range(1, STEPS + 1):
        lr = rate(step - 1)
        for name, value in values.items():
            decayed = value - value * decay * lr
            values[name], kept[name] = update(decayed, gradients[name][step - 1], kept[name], lr, step)
        keep(seen, step, values)
    return {"source": f"the formula in NumPy {np.__version__}", "values": seen}


def keras_sgd(momentum, nesterov=False):
    def update(w, g, slots, lr, t):
        m = momentum * slots[0] - g * lr
        return w + (momentum * m - g * lr if nesterov else m), [m]
    return update


def keras_adam(b1=0.9, b2=0.999, epsilon=1e-7, amsgrad=False):
    def update(w, g, slots, lr, t):
        m, v, most = slots
        alpha = lr * math.sqrt(1 - b2**t) / (1 - b1**t)
        m = m + (g - m) * (1 - b1)
        v = v + (g * g - v) * (1 - b2)
        most = np.maximum(most, v)
        return w - m * alpha / (np.sqrt(most if amsgrad else v) + epsilon), [m, v, most]
    return update


def keras_lion(b1=0.9, b2=0.99):
    def update(w, g, slots, lr, t):
        direction = slots[0] * b1 + g * (1 - b1)
        clear = np.abs(direction) > 1e-4 * (np.abs(slots[0] * b1) + np.abs(g * (1 - b1)))
        assert np.all(clear | (direction == 0)), "a sign that float32 could get wrong"
        return w - lr * np.sign(direction), [slots[0] * b2 + g * (1 - b2)]
    return update


def keras_rmsprop_centered(rho=0.9, momentum=0.5, epsilon=1e-3):
    def update(w, g, slots, lr, t):
        v, m, mean = slots
        v = rho * v + (1 - rho) * g * g
        mean = rho * mean + (1 - rho) * g
        m = momentum * m + lr * g / np.sqrt(v - mean * mean + epsilon)
        return w - m, [v, m, mean]
    return update


def nadam(epsilon=1e-7, momentum_decay=1.0, b1=0.9, b2=0.999):
    def mu(t):
        return b1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))

    def update(w, g, slots, lr, t):
        m, v = slots
        m = m + (g - m) * (1 - b1)
        v = v + (g * g - v) * (1 - b2)
        product = math.prod(mu(i) for i in range(1, t + 1))
        ahead = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        return w - ahead * lr / (np.sqrt(v / (1 - b2**t)) + epsilon), [m, v]
    return update


def each_norm(bound):
    return lambda values: [torch.nn.utils.clip_grad_norm_([value], bound) for value in values]


o = torch.optim
cases = [
    # Keras's defaults and conventions, PyTorch's numbers.
    ("sgd", {}, by_torch(lambda p: o.SGD(p, lr=0.01))),
    ("sgd", {"momentum": 0.9}, by_torch(lambda p: o.SGD(p, lr=0.01, momentum=0.9))),
    ("sgd", {"momentum": 0.9, "nesterov": True}, by_torch(lambda p: o.SGD(p, lr=0.01, momentum=0.9, nesterov=True))),
    ("adadelta", {"rho": 0.9, "epsilon": 1e-6, "learningRate": 0.5},
     by_torch(lambda p: o.Adadelta(p, lr=0.5, rho=0.9, eps=1e-6))),
    ("adamW", {"epsilon": 1e-30}, by_torch(lambda p: o.AdamW(p, lr=0.001, eps=1e-30, weight_decay=0.004))),
    ("adadelta", {}, by_torch(lambda p: o.Adadelta(p, lr=0.001, rho=0.95, eps=1e-7))),
    # PyTorch's preset.
    ("sgd", {"preset": "pytorch", "momentum": 0.9, "nesterov": True, "weightDecay": 0.1},
     by_torch(lambda p: o.SGD(p, lr=0.001, momentum=0.9, nesterov=True, weight_decay=0.1))),
    ("sgd", {"preset": "pytorch", "momentum": 0.9,
             "learningRate": {"kind": "exponentialDecay", "initialLearningRate": 0.01, "decaySteps": 1, "decayRate": 0.9}},
     by_torch(lambda p: o.SGD(p, lr=0.01, momentum=0.9), scheduler=lambda s: o.lr_scheduler.ExponentialLR(s, 0.9))),
    ("adam", {"preset": "pytorch"}, by_torch(lambda p: o.Adam(p))),
    ("adam", {"preset": "pytorch", "amsgrad": True, "weightDecay": 0.1},
     by_torch(lambda p: o.Adam(p, amsgrad=True, weight_decay=0.1))),
    ("adamW", {"preset": "pytorch"}, by_torch(lambda p: o.AdamW(p))),
    ("rmsprop", {"preset": "pytorch"}, by_torch(lambda p: o.RMSprop(p))),
    ("rmsprop", {"preset": "pytorch", "momentum": 0.9, "centered": True, "weightDecay": 0.01},
     by_torch(lambda p: o.RMSprop(p, momentum=0.9, centered=True, weight_decay=0.01))),
    ("adagrad", {"preset": "pytorch"}, by_torch(lambda p: o.Adagrad(p))),
    ("adadelta", {"preset": "pytorch"}, by_torch(lambda p: o.Adadelta(p))),
    ("adamax", {"preset": "pytorch"}, by_torch(lambda p: o.Adamax(p))),
    # Transformations of all gradients before the update.
    ("sgd", {"clipNorm": 0.5}, by_torch(lambda p: o.SGD(p, lr=0.01), each_norm(0.5))),
    ("sgd", {"globalClipNorm": 0.5},
     by_torch(lambda p: o.SGD(p, lr=0.01), lambda v: torch.nn.utils.clip_grad_norm_(v, 0.5))),
    ("sgd", {"clipValue": 0.5},
     by_torch(lambda p: o.SGD(p, lr=0.01), lambda v: torch.nn.utils.clip_grad_value_(v, 0.5))),
    # Conventions of Keras only.
    ("sgd", {"weightDecay": 0.1, "momentum": 0.9}, by_formula(keras_sgd(0.9), [0], 0.1, lambda t: 0.01)),
    ("sgd", {"momentum": 0.9, "nesterov": True,
             "learningRate": {"kind": "exponentialDecay", "initialLearningRate": 0.01, "decaySteps": 10, "decayRate": 0.5}},
     by_formula(keras_sgd(0.9, True), [0], 0, lambda t: 0.01 * 0.5 ** (t / 10))),
    ("adam", {}, by_formula(keras_adam(), [0, 0, 0])),
    ("adam", {"amsgrad": True, "beta1": 0.8, "beta2": 0.9}, by_formula(keras_adam(0.8, 0.9, amsgrad=True), [0, 0, 0])),
    ("adamW", {}, by_formula(keras_adam(), [0, 0, 0], 0.004)),
    ("rmsprop", {"centered": True, "momentum": 0.5, "epsilon": 1e-3}, by_formula(keras_rmsprop_centered(), [0, 0, 0])),
    ("nadam", {}, by_formula(nadam(), [0, 0])),
    ("nadam", {"preset": "pytorch"}, by_formula(nadam(1e-8, 0.004), [0, 0], 0, lambda t: 0.002)),
    ("lion", {}, by_formula(keras_lion(), [0])),
    ("lion", {"weightDecay": 0.5, "learningRate": 0.01}, by_formula(keras_lion(), [0], 0.5, lambda t: 0.01)),
]


def rates(make, steps=60, lr=0.1):
    """Returns a scheduler's learning rates, starting with that of step 0."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = make(optimizer)
    seen = []
    for _ in range(steps):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return seen


s = torch.optim.lr_scheduler
warm = rates(lambda x: s.LinearLR(x, start_factor=0.1, end_factor=1.0, total_iters=10), 10)
after = rates(lambda x: s.CosineAnnealingLR(x, T_max=40, eta_min=0.01), 41)
schedules = [
    ("exponentialDecay", {"initialLearningRate": 0.1, "decaySteps": 1, "decayRate": 0.9},
     rates(lambda x: s.ExponentialLR(x, 0.9))),
    ("exponentialDecay", {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.5, "staircase": True},
     rates(lambda x: s.StepLR(x, step_size=10, gamma=0.5))),
    # PyTorch changes at its milestone, Keras after its boundary.
    ("piecewiseConstantDecay", {"boundaries": [4, 19], "values": [0.1, 0.01, 0.001]},
     rates(lambda x: s.MultiStepLR(x, milestones=[5, 20], gamma=0.1))),
    ("polynomialDecay", {"initialLearningRate": 0.1, "decaySteps": 40, "endLearningRate": 0, "power": 2},
     rates(lambda x: s.PolynomialLR(x, total_iters=40, power=2))),
    ("polynomialDecay", {"initialLearningRate": 0.1, "decaySteps": 40, "endLearningRate": 0.02},
     rates(lambda x: s.LinearLR(x, start_factor=1.0, end_factor=0.2, total_iters=40))),
    ("cosineDecay", {"initialLearningRate": 0.1, "decaySteps": 40, "alpha": 0.1},
     after + [0.01] * 19),
    ("cosineDecay",
     {"initialLearningRate": 0.01, "warmupTarget": 0.1, "warmupSteps": 10, "decaySteps": 40, "alpha": 0.1},
     warm + after + [0.01] * 9),
    ("cosineDecayRestarts", {"initialLearningRate": 0.1, "firstDecaySteps": 8, "tMul": 2, "alpha": 0.1},
     rates(lambda x: s.CosineAnnealingWarmRestarts(x, T_0=8, T_mult=2, eta_min=0.01))),
    ("cosineDecayRestarts", {"initialLearningRate": 0.1, "firstDecaySteps": 20, "tMul": 1},
     rates(lambda x: s.CosineAnnealingWarmRestarts(x, T_0=20))),
    ("inverseTimeDecay", {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.5},
     rates(lambda x: s.LambdaLR(x, lambda t: 1 / (1 + 0.5 * t / 10)))),
    ("inverseTimeDecay", {"initialLearningRate": 0.1, "decaySteps": 10, "decayRate": 0.5, "staircase": True},
     rates(lambda x: s.LambdaLR(x, lambda t: 1 / (1 + 0.5 * (t // 10))))),
]

result = {
    "versions": {"numpy": np.__version__, "torch": torch.__version__},
    "first": {name: value.tolist() for name, value in first.items()},
    "gradients": {name: value.tolist() for name, value in gradients.items()},
    "cases": [{"optimizer": name, "options": options, **run} for name, options, run in cases],
    "schedules": [{"schedule": name, "options": options, "rates": seen} for name, options, seen in schedules],
}
path = os.path.join(os.path.dirname(__file__), "..", "..", "src", "testing", "golden", "optimizers.json")
with open(path, "w") as file:
    json.dump(result, file)
    file.write("\n")
