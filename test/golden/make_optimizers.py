"""Writes optimizers.json: parameters after each of six steps of torch.optim, in double precision.

Run: python3 test/golden/make_optimizers.py
Parameters and gradients are exact in single precision, so that every device can start from the same numbers.
"""

import pathlib

import torch

from golden_file import golden_text

STEPS, ELEMENTS = 6, 16
torch.manual_seed(7)


def exact(tensor):
    return tensor.to(torch.float32).to(torch.float64)


start = exact(torch.randn(ELEMENTS))
gradients = exact(torch.randn(STEPS, ELEMENTS) * torch.logspace(-3, 1, ELEMENTS))
gradients[:, 5] = 0.0

# kind, our options, torch.optim class, its options, clip
CASES = [
    ("sgd", {"rate": 0.25}, "SGD", {"lr": 0.25}, {}),
    ("sgd", {"rate": 0.25, "momentum": 0.75}, "SGD", {"lr": 0.25, "momentum": 0.75}, {}),
    (
        "sgd",
        {"rate": 0.25, "momentum": 0.75, "dampening": 0.5, "weightDecay": 0.125},
        "SGD",
        {"lr": 0.25, "momentum": 0.75, "dampening": 0.5, "weight_decay": 0.125},
        {},
    ),
    (
        "sgd",
        {"rate": 0.25, "momentum": 0.9, "nesterov": True, "weightDecay": 0.125},
        "SGD",
        {"lr": 0.25, "momentum": 0.9, "nesterov": True, "weight_decay": 0.125},
        {},
    ),
    ("sgd", {"rate": 0.25, "momentum": 0.75}, "SGD", {"lr": 0.25, "momentum": 0.75}, {"norm": 2}),
    ("sgd", {"rate": 0.25}, "SGD", {"lr": 0.25}, {"value": 0.5}),
    ("sgd", {"rate": 0.25}, "SGD", {"lr": 0.25}, {"norm": 1000}),
    ("adagrad", {}, "Adagrad", {}, {}),
    ("adagrad", {"rate": 0.125, "weightDecay": 0.25}, "Adagrad", {"lr": 0.125, "weight_decay": 0.25}, {"value": 1}),
    ("rmsprop", {}, "RMSprop", {}, {}),
    (
        "rmsprop",
        {"rate": 0.002, "decay": 0.95, "weightDecay": 0.1},
        "RMSprop",
        {"lr": 0.002, "alpha": 0.95, "weight_decay": 0.1},
        {"value": 5},
    ),
    ("adam", {}, "Adam", {}, {}),
    (
        "adam",
        {"rate": 0.125, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-6, "weightDecay": 0.25},
        "Adam",
        {"lr": 0.125, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0.25},
        {"norm": 3},
    ),
    ("adamw", {}, "AdamW", {}, {}),
    (
        "adamw",
        {"rate": 0.125, "beta2": 0.9, "weightDecay": 0.5},
        "AdamW",
        {"lr": 0.125, "betas": (0.9, 0.9), "weight_decay": 0.5},
        {"norm": 1, "value": 0.25},
    ),
]


def run(name, options, clip):
    parameter = torch.nn.Parameter(start.clone())
    optimizer = getattr(torch.optim, name)([parameter], **options)
    steps, norms = [], []
    for gradient in gradients:
        parameter.grad = gradient.clone()
        norms.append(float(torch.nn.utils.clip_grad_norm_([parameter], clip.get("norm", float("inf")))))
        if "value" in clip:
            torch.nn.utils.clip_grad_value_([parameter], clip["value"])
        optimizer.step()
        steps.append(parameter.detach().tolist())
    return {"norms": norms, "parameters": steps}


cases = [{"kind": kind, "options": options, "clip": clip, **run(name, settings, clip)} for kind, options, name, settings, clip in CASES]
result = {"torch": torch.__version__, "start": start.tolist(), "gradients": gradients.tolist(), "cases": cases}
path = pathlib.Path(__file__).with_suffix("").with_name("optimizers.json")
path.write_text(golden_text(result))
