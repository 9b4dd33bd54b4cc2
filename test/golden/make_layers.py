"""Writes layers.json: networks of recurrent layers that torch.nn has no single module for, written with torch, and their gradients by autograd.

Run: python3 test/golden/make_layers.py
- `pyramid`: bidirectional LSTM layers; between layers two neighbouring outputs are joined (an odd end with zeros), lengths halve, rounding up.
- `sum`, `mean`, `product`: deep bidirectional GRU or RNN layers whose directions are merged element by element.
- `concat`: the same with torch's own bidirectional module, as a check of this script.
Every layer and direction is a unidirectional torch module of one layer over each row's own steps. Numbers are double precision.
"""

import pathlib

import torch

from golden_file import golden_text

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
MODULES = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
STATES = {"rnn": ["h"], "gru": ["h"], "lstm": ["h", "c"]}


def flat(tensor):
    return [round(value, 12) for value in tensor.detach().flatten().tolist()]


def run_direction(module, x, length, states, reverse):
    """x [T,1,C] of one row; returns outputs [T,1,H], zero behind the length, and the final states."""
    own = x[:length].flip(0) if reverse else x[:length]
    packed = tuple(states) if len(states) > 1 else states[0]
    y, last = module(own, packed)
    y = y.flip(0) if reverse else y
    padding = torch.zeros(x.shape[0] - length, 1, y.shape[2])
    return torch.cat([y, padding]), list(last) if isinstance(last, tuple) else [last]


def merge(kind, ahead, back):
    return {
        "concat": lambda: torch.cat([ahead, back], -1),
        "sum": lambda: ahead + back,
        "mean": lambda: (ahead + back) / 2,
        "product": lambda: ahead * back,
    }[kind]()


def pairs(x):
    if x.shape[0] % 2:
        x = torch.cat([x, torch.zeros(1, *x.shape[1:])])
    return torch.cat([x[0::2], x[1::2]], -1)


def case(name, cell, merging, pyramidal, T, N, C, H, L, lengths):
    width = 2 * H if merging == "concat" else H
    layers = []
    for l in range(L):
        inputs = C if l == 0 else width * (2 if pyramidal else 1)
        layers.append([MODULES[cell](inputs, H, 1) for _ in range(2)])
    x = torch.randn(T, N, C, requires_grad=True)
    kinds = STATES[cell]
    initial = {kind: torch.randn(2 * L, N, H, requires_grad=True) for kind in kinds}
    rows, finals = [], {kind: [[None] * N for _ in range(2 * L)] for kind in kinds}
    for n in range(N):
        below, length = x[:, n : n + 1], lengths[n]
        for l in range(L):
            if pyramidal and l > 0:
                below, length = pairs(below), (length + 1) // 2
            outputs = []
            for d in range(2):
                states = [initial[kind][2 * l + d : 2 * l + d + 1, n : n + 1] for kind in kinds]
                y, last = run_direction(layers[l][d], below, length, states, d == 1)
                outputs.append(y)
                for kind, value in zip(kinds, last):
                    finals[kind][2 * l + d][n] = value[0, 0]
            below = merge(merging, *outputs)
        rows.append(below)
    y = torch.cat(rows, 1)
    final = {kind: torch.stack([torch.stack(row) for row in finals[kind]]) for kind in kinds}
    if merging == "concat" and not pyramidal:
        whole = MODULES[cell](C, H, L, bidirectional=True)
        for l in range(L):
            for d in range(2):
                for parameter, value in layers[l][d].named_parameters():
                    getattr(whole, parameter.replace("_l0", f"_l{l}") + ("_reverse" if d else "")).data.copy_(value)
        packed = torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
        given = tuple(initial[kind] for kind in kinds)
        expected, _ = whole(packed, given if len(kinds) > 1 else given[0])
        expected, _ = torch.nn.utils.rnn.pad_packed_sequence(expected, total_length=T)
        assert torch.allclose(y, expected, atol=1e-12)
    dy = torch.randn_like(y)
    dfinal = {kind: torch.randn_like(final[kind]) for kind in kinds}
    ((y * dy).sum() + sum((final[kind] * dfinal[kind]).sum() for kind in kinds)).backward()
    parameters, gradients = {}, {}
    for l in range(L):
        for d in range(2):
            for parameter, value in layers[l][d].named_parameters():
                key = parameter.replace("_l0", f"_l{l}") + ("_reverse" if d else "")
                parameters[key] = {"shape": list(value.shape), "data": flat(value)}
                gradients[key] = flat(value.grad)
    return {
        "name": name,
        "options": {"cell": cell, "input": C, "hidden": H, "layers": L, "batch": N, "time": T, "bidirectional": True, "merge": merging, "pyramidal": pyramidal},
        "lengths": lengths,
        "parameters": parameters,
        "x": flat(x),
        "initial": {kind: flat(value) for kind, value in initial.items()},
        "upstream": {"y": flat(dy), "final": {kind: flat(value) for kind, value in dfinal.items()}},
        "y": flat(y),
        "final": {kind: flat(value) for kind, value in final.items()},
        "gradients": {"x": flat(x.grad), "initial": {kind: flat(value.grad) for kind, value in initial.items()}, "parameters": gradients},
    }


cases = [
    case("pyramidal BiLSTM, ragged, odd ends", "lstm", "concat", True, T=7, N=3, C=3, H=2, L=3, lengths=[4, 7, 1]),
    case("deep BiGRU, merged by sum", "gru", "sum", False, T=5, N=2, C=2, H=3, L=2, lengths=[5, 3]),
    case("deep BiRNN, merged by mean", "rnn", "mean", False, T=4, N=2, C=2, H=3, L=2, lengths=[2, 4]),
    case("deep BiGRU, merged by product, pyramidal", "gru", "product", True, T=6, N=2, C=2, H=2, L=2, lengths=[5, 6]),
    case("deep BiLSTM, concatenated", "lstm", "concat", False, T=4, N=3, C=2, H=2, L=2, lengths=[1, 4, 2]),
]
path = pathlib.Path(__file__).with_name("layers.json")
path.write_text(golden_text({"torch": torch.__version__, "cases": cases}))
print(f"{path}: {len(cases)} cases, {path.stat().st_size} bytes")
