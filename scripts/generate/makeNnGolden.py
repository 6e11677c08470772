"""Writes src/testing/golden/nn.json: results of PyTorch for layers, losses and optimizers.

Run with a Python that has NumPy and PyTorch (Debian: python3-numpy, python3-torch):
    python3 scripts/generate/makeNnGolden.py
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
generator = np.random.default_rng(7)


def listed(tensor):
    return torch.as_tensor(tensor).detach().numpy().tolist()


def draw(*shape):
    return torch.tensor(generator.normal(size=shape).astype(np.float32).astype(np.float64), requires_grad=True)


def dense():
    x, kernel, bias, target = draw(3, 4), draw(4, 5), draw(5), draw(3, 5)
    y = torch.relu(x @ kernel + bias)
    loss = F.mse_loss(y, target)
    gradients = torch.autograd.grad(loss, [x, kernel, bias])
    names = ["x", "kernel", "bias"]
    return {
        "x": listed(x), "kernel": listed(kernel), "bias": listed(bias), "target": listed(target),
        "y": listed(y), "loss": listed(loss), "gradients": {n: listed(g) for n, g in zip(names, gradients)},
    }


def losses():
    logits, target = draw(6, 4), draw(6, 4)
    labels = torch.tensor([0, 3, 1, 2, 2, 0])
    soft = torch.softmax(draw(6, 4), -1).detach()
    cases = {
        "meanSquaredError": F.mse_loss(logits, target),
        "sparseCategoricalCrossentropy": F.cross_entropy(logits, labels),
        "categoricalCrossentropy": F.cross_entropy(logits, soft),
    }
    gradients = {name: listed(torch.autograd.grad(loss, logits, retain_graph=True)[0]) for name, loss in cases.items()}
    return {
        "logits": listed(logits), "target": listed(target), "labels": listed(labels), "soft": listed(soft),
        "values": {name: listed(loss) for name, loss in cases.items()}, "gradients": gradients,
    }


# Keras and PyTorch add Adam's epsilon in different places; with a tiny one they agree.
optimizers = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, eps=1e-12),
}


def training():
    x = torch.tensor(generator.normal(size=(16, 4)).astype(np.float32).astype(np.float64))
    y = torch.tensor(generator.integers(0, 3, size=16))
    first = {"0/kernel": draw(4, 8), "0/bias": draw(8), "1/kernel": draw(8, 3), "1/bias": draw(3)}
    runs = {}
    for name, make in optimizers.items():
        weights = {path: value.detach().clone().requires_grad_(True) for path, value in first.items()}
        optimizer = make(list(weights.values()))
        history = []
        for _ in range(100):
            optimizer.zero_grad()
            hidden = torch.relu(x @ weights["0/kernel"] + weights["0/bias"])
            loss = F.cross_entropy(hidden @ weights["1/kernel"] + weights["1/bias"], y)
            loss.backward()
            optimizer.step()
            history.append(loss.item())
        runs[name] = {"losses": history, "weights": {path: listed(value) for path, value in weights.items()}}
    return {"x": listed(x), "y": listed(y), "first": {path: listed(value) for path, value in first.items()}, "runs": runs}


result = {
    "versions": {"numpy": np.__version__, "torch": torch.__version__},
    "dense": dense(),
    "losses": losses(),
    "training": training(),
}
path = os.path.join(os.path.dirname(__file__), "..", "..", "src", "testing", "golden", "nn.json")
with open(path, "w") as file:
    json.dump(result, file)
    file.write("\n")
