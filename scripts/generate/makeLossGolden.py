"""Writes src/testing/golden/losses.json: results of PyTorch for losses, their gradients, and metrics.

PyTorch's own functions are called where they exist. The others (MSLE, MAPE, log-cosh, the hinges) are formulas of its
ops, differentiated by autograd; scripts/generate/makeTfjsGolden.mjs confirms their values independently.

Run with a Python that has NumPy and PyTorch (Debian: python3-numpy, python3-torch):
    python3 scripts/generate/makeLossGolden.py
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
generator = np.random.default_rng(5)
ROWS, CLASSES = 12, 4


def fixed(values):
    return torch.tensor(np.asarray(values).astype(np.float32).astype(np.float64))


targets = fixed(generator.normal(size=(ROWS, CLASSES)) * 2)
predictions = fixed(targets.numpy() + generator.normal(size=(ROWS, CLASSES)) * 1.5)
probabilities = fixed(torch.softmax(fixed(generator.normal(size=(ROWS, CLASSES)) * 2), -1).numpy())
labels = torch.tensor(generator.integers(0, CLASSES, size=ROWS))
labels[: ROWS // 2] = probabilities.argmax(-1)[: ROWS // 2]
binary = fixed(generator.integers(0, 2, size=(ROWS, CLASSES)))
weights = fixed(generator.uniform(0, 2, size=ROWS))
one_hot = F.one_hot(labels, CLASSES).to(torch.float64)
smooth = 0.2
eps = 1e-7
other = probabilities.flip(0)


def hinge(p):
    return torch.clamp(1 - (2 * binary - 1) * p, min=0)


def log_cosh(x):
    return torch.log(torch.cosh(x))


def msle(p):
    return (torch.log1p(torch.clamp(p, min=eps)) - torch.log1p(torch.clamp(targets, min=eps))) ** 2


# Each case: the loss, our options, the names of yTrue and yPred, and PyTorch's computation.
cases = [
    ("meanSquaredError", {}, "targets", "predictions", lambda p: F.mse_loss(p, targets)),
    ("meanAbsoluteError", {}, "targets", "predictions", lambda p: F.l1_loss(p, targets)),
    ("meanAbsolutePercentageError", {}, "targets", "predictions",
     lambda p: 100 * ((p - targets).abs() / torch.clamp(targets.abs(), min=eps)).mean()),
    ("meanSquaredLogarithmicError", {}, "targets", "predictions", lambda p: msle(p).mean()),
    ("huber", {}, "targets", "predictions", lambda p: F.huber_loss(p, targets)),
    ("huber", {"delta": 0.5}, "targets", "predictions", lambda p: F.huber_loss(p, targets, delta=0.5)),
    ("logCosh", {}, "targets", "predictions", lambda p: log_cosh(p - targets).mean()),
    ("hinge", {}, "binary", "predictions", lambda p: hinge(p).mean()),
    ("squaredHinge", {}, "binary", "predictions", lambda p: (hinge(p) ** 2).mean()),
    ("categoricalHinge", {}, "oneHot", "predictions",
     lambda p: torch.clamp(((1 - one_hot) * p).max(-1).values - (one_hot * p).sum(-1) + 1, min=0).mean()),
    ("klDivergence", {}, "other", "probabilities",
     lambda p: F.kl_div(torch.log(p), other, reduction="batchmean")),
    ("poisson", {}, "binary", "probabilities",
     lambda p: F.poisson_nll_loss(p, binary, log_input=False, eps=eps)),
    ("cosineSimilarity", {}, "targets", "predictions",
     lambda p: -F.cosine_similarity(p, targets, dim=-1).mean()),
    ("binaryCrossentropy", {}, "binary", "probabilities", lambda p: F.binary_cross_entropy(p, binary)),
    ("binaryCrossentropy", {"fromLogits": True}, "binary", "predictions",
     lambda p: F.binary_cross_entropy_with_logits(p, binary)),
    ("binaryCrossentropy", {"fromLogits": True, "labelSmoothing": smooth}, "binary", "predictions",
     lambda p: F.binary_cross_entropy_with_logits(p, binary * (1 - smooth) + smooth / 2)),
    ("categoricalCrossentropy", {"fromLogits": True, "labelSmoothing": smooth}, "oneHot", "predictions",
     lambda p: F.cross_entropy(p, labels, label_smoothing=smooth)),
    ("sparseCategoricalCrossentropy", {"fromLogits": True}, "labels", "predictions",
     lambda p: F.cross_entropy(p, labels)),
]
weighted = {
    "meanSquaredError": (F.mse_loss(predictions, targets, reduction="none").mean(-1) * weights).mean(),
    "sparseCategoricalCrossentropy": (F.cross_entropy(predictions, labels, reduction="none") * weights).mean(),
}


def answer(loss, options, truth, given, compute):
    p = {"predictions": predictions, "probabilities": probabilities}[given].clone().requires_grad_(True)
    value = compute(p)
    (gradient,) = torch.autograd.grad(value, p)
    return {"loss": loss, "options": options, "yTrue": truth, "yPred": given,
            "value": value.item(), "gradient": gradient.tolist()}


def in_top(k):
    return (probabilities.topk(k, -1).indices == labels[:, None]).any(-1).double().mean().item()


spread = ((targets - targets.mean(0)) ** 2).sum(0)
result = {
    "versions": {"numpy": np.__version__, "torch": torch.__version__},
    "inputs": {
        "targets": targets.tolist(), "predictions": predictions.tolist(), "probabilities": probabilities.tolist(),
        "labels": labels.tolist(), "binary": binary.tolist(), "weights": weights.tolist(),
        "oneHot": one_hot.tolist(), "other": other.tolist(),
    },
    "losses": [answer(*case) for case in cases],
    "weighted": {name: value.item() for name, value in weighted.items()},
    "topK": {str(k): in_top(k) for k in (1, 2, 3)},
    "r2": (1 - ((targets - predictions) ** 2).sum(0) / spread).mean().item(),
}
path = os.path.join(os.path.dirname(__file__), "..", "..", "src", "testing", "golden", "losses.json")
with open(path, "w") as file:
    json.dump(result, file)
    file.write("\n")
