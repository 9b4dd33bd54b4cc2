#!/usr/bin/env python3
"""Makes parity cases (format "parity-case/1", see docs/parity.md) with PyTorch and numpy, in double precision.

python3 test/golden/make_parity.py           writes the project's own cases beside this script (own-*.safetensors)
python3 test/golden/make_parity.py --min-char-rnn TEXT --steps N   prints the smooth loss of the recipe on a text, in numpy
"""
import argparse, json, math, pathlib, struct
import numpy as np

HERE = pathlib.Path(__file__).parent


def save(name, tensors, module, config, source):
    """Writes a safetensors file: float32, int32 for ids."""
    header, blobs, at = {"__metadata__": {"format": "parity-case/1", "module": module, "config": json.dumps(config), "source": source}}, [], 0
    for key, value in tensors.items():
        array = np.ascontiguousarray(value)
        array = array.astype(np.int32 if array.dtype.kind in "iu" else np.float32)
        header[key] = {"dtype": "I32" if array.dtype == np.int32 else "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        blobs.append(array.tobytes()); at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (HERE / f"{name}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def layers_case(name, module, T, N, C, H, L, bias=True, bidirectional=False, lengths=None, **settings):
    """nn.RNN, nn.LSTM or nn.GRU: forward, and backward from random gradients of all outputs and final states."""
    import torch
    torch.manual_seed(len(name))
    rnn = getattr(torch.nn, module)(C, H, L, bias=bias, bidirectional=bidirectional, **settings).double()
    D = 2 if bidirectional else 1
    draw = lambda *shape: torch.randn(*shape, dtype=torch.double)
    x, states = draw(T, N, C).requires_grad_(), {"h": draw(L * D, N, H).requires_grad_()}
    if module == "LSTM": states["c"] = draw(L * D, N, H).requires_grad_()
    given = tuple(states.values()) if module == "LSTM" else states["h"]
    if lengths is None: y, final = rnn(x, given)
    else:
        packed, final = rnn(torch.nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False), given)
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(packed, total_length=T)
    final = dict(zip(states, final if module == "LSTM" else [final]))
    dy, dfinal = draw(*y.shape), {kind: draw(L * D, N, H) for kind in states}
    ((y * dy).sum() + sum((final[kind] * dfinal[kind]).sum() for kind in states)).backward()
    tensors = {f"param.{k}": v for k, v in rnn.named_parameters()} | {f"grad.{k}": v.grad for k, v in rnn.named_parameters()}
    tensors |= {"input.x": x, "grad.x": x.grad, "output.y": y, "upstream.y": dy}
    for kind, state in states.items():
        tensors |= {f"input.{kind}0": state, f"grad.{kind}0": state.grad, f"output.{kind}n": final[kind], f"upstream.{kind}n": dfinal[kind]}
    if lengths is not None: tensors["input.lengths"] = torch.tensor(lengths)
    config = {"input_size": C, "hidden_size": H, "num_layers": L, "bidirectional": bidirectional, "bias": bias, "batch": N, "time": T, "layout": "TBI", **settings}
    save(name, {k: v.detach().numpy() for k, v in tensors.items()}, module, config, f"torch {torch.__version__} float64")


def char_lm_case(name, cell, V, H, L, N, T, steps, optimizer, settings, clip, carry):
    import torch
    torch.manual_seed(len(name))
    rnn, head = getattr(torch.nn, cell)(V, H, L).double(), torch.nn.Linear(H, V).double()
    named = {f"rnn.{k}": v for k, v in rnn.named_parameters()} | {f"head.{k}": v for k, v in head.named_parameters()}
    tensors = {f"param.{k}": v.detach().numpy().copy() for k, v in named.items()}
    ids = torch.randint(0, V, (steps * T + 1, N))
    opt = {"sgd": torch.optim.SGD, "adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam}[optimizer](named.values(), **settings)
    state, losses, norms = None, [], []
    for s in range(steps):
        window = ids[s * T : (s + 1) * T + 1]
        y, state = rnn(torch.nn.functional.one_hot(window[:-1], V).double(), state if carry else None)
        loss = torch.nn.functional.cross_entropy(head(y).reshape(-1, V), window[1:].reshape(-1))
        opt.zero_grad(); loss.backward()
        norms.append(math.sqrt(sum(float((p.grad ** 2).sum()) for p in named.values())))
        if "norm" in clip: torch.nn.utils.clip_grad_norm_(named.values(), clip["norm"])
        if "value" in clip: torch.nn.utils.clip_grad_value_(named.values(), clip["value"])
        opt.step(); losses.append(loss.item())
        state = tuple(part.detach() for part in state) if cell == "LSTM" else state.detach()
    tensors |= {"input.ids": ids.numpy(), "output.loss": np.array(losses), "output.gradient_norm": np.array(norms)} | {f"output.{k}": v.detach().numpy() for k, v in named.items()}
    config = {"cell": cell, "vocab_size": V, "hidden_size": H, "num_layers": L, "batch": N, "time": T, "steps": steps, "optimizer": optimizer, **settings, "clip": clip, "carry_state": carry, "loss": "mean"}
    save(name, tensors, "CharLM", config, f"torch {torch.__version__} float64")


def min_char_rnn(ids, V, H, T, steps, rate, seed, report=lambda step, loss, smooth: None):
    """The recipe: one pointer, sum of losses, every gradient element clipped to [-5, 5], Adagrad with 1e-8 inside the root."""
    draw = np.random.default_rng(seed)
    P = {"Wxh": draw.normal(0, 0.01, (H, V)), "Whh": draw.normal(0, 0.01, (H, H)), "Why": draw.normal(0, 0.01, (V, H)), "bh": np.zeros((H, 1)), "by": np.zeros((V, 1))}
    start, memory = {k: v.copy() for k, v in P.items()}, {k: np.zeros_like(v) for k, v in P.items()}
    p, h, smooth, losses, smooths = 0, np.zeros((H, 1)), math.log(V) * T, [], []
    for step in range(1, steps + 1):
        if p + T + 1 >= len(ids) and step > 1: p, h = 0, np.zeros((H, 1))
        inputs, targets = ids[p : p + T], ids[p + 1 : p + T + 1]
        hs, probabilities, loss = [h], [], 0.0
        for x, y in zip(inputs, targets):
            h = np.tanh(P["Wxh"][:, [x]] + P["Whh"] @ h + P["bh"])
            scores = P["Why"] @ h + P["by"]
            e = np.exp(scores - scores.max()); q = e / e.sum()
            hs.append(h); probabilities.append(q); loss -= math.log(q[y, 0])
        d, dh_next = {k: np.zeros_like(v) for k, v in P.items()}, np.zeros((H, 1))
        for t in reversed(range(T)):
            dy = probabilities[t].copy(); dy[targets[t]] -= 1
            d["Why"] += dy @ hs[t + 1].T; d["by"] += dy
            da = (P["Why"].T @ dy + dh_next) * (1 - hs[t + 1] ** 2)
            d["bh"] += da; d["Wxh"][:, inputs[t]] += da[:, 0]; d["Whh"] += da @ hs[t].T
            dh_next = P["Whh"].T @ da
        for k in P:
            g = np.clip(d[k], -5, 5); memory[k] += g * g; P[k] -= rate * g / np.sqrt(memory[k] + 1e-8)
        smooth = smooth * 0.999 + loss * 0.001
        losses.append(loss); smooths.append(smooth); report(step, loss, smooth); p += T
    return start, P, losses, smooths


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--min-char-rnn", metavar="TEXT"); options.add_argument("--steps", type=int, default=5000); options.add_argument("--seed", type=int, default=1)
    a = options.parse_args()
    if a.min_char_rnn:
        text = pathlib.Path(a.min_char_rnn).read_text(encoding="utf-8"); symbols = sorted(set(text)); index = {c: i for i, c in enumerate(symbols)}
        tell = lambda step, loss, smooth: step % 500 == 0 and print(json.dumps({"step": step, "loss": round(loss, 4), "smoothLoss": round(smooth, 4)}), flush=True)
        min_char_rnn(np.array([index[c] for c in text]), len(symbols), 100, 25, a.steps, 0.1, a.seed, tell)
        return
    layers_case("own-rnn-relu-2layer", "RNN", 6, 3, 5, 9, 2, nonlinearity="relu")
    layers_case("own-rnn-tanh-3layer-no-bias", "RNN", 7, 2, 4, 8, 3, bias=False, nonlinearity="tanh")
    layers_case("own-rnn-tanh-1x1", "RNN", 1, 1, 1, 1, 1, nonlinearity="tanh")
    layers_case("own-rnn-relu-lengths", "RNN", 7, 5, 3, 6, 1, lengths=[3, 7, 1, 6, 2], nonlinearity="relu")
    layers_case("own-rnn-tanh-2layer-bidirectional-lengths", "RNN", 6, 4, 3, 5, 2, bidirectional=True, lengths=[1, 6, 4, 5], nonlinearity="tanh")
    for module in ("LSTM", "GRU"):
        cell = module.lower()
        layers_case(f"own-{cell}-1x1", module, 1, 1, 1, 1, 1)
        layers_case(f"own-{cell}-odd", module, 5, 3, 7, 11, 1)
        layers_case(f"own-{cell}-3layer-no-bias", module, 5, 2, 3, 6, 3, bias=False)
        layers_case(f"own-{cell}-lengths", module, 6, 5, 4, 7, 2, lengths=[4, 1, 6, 2, 6])
        layers_case(f"own-{cell}-2layer-bidirectional-lengths", module, 6, 4, 3, 6, 2, bidirectional=True, lengths=[2, 6, 1, 5])
        layers_case(f"own-{cell}-bidirectional-no-bias", module, 4, 3, 2, 5, 1, bias=False, bidirectional=True)
    layers_case("own-gru-2layer-bidirectional", "GRU", 5, 3, 4, 7, 2, bidirectional=True)
    char_lm_case("own-train-rnn-2layer-momentum", "RNN", 9, 10, 2, 3, 5, 20, "sgd", {"lr": 0.1, "momentum": 0.9}, {"norm": 1.0}, False)
    char_lm_case("own-train-rnn-adagrad", "RNN", 7, 12, 1, 2, 6, 20, "adagrad", {"lr": 0.05}, {"value": 0.1}, True)
    char_lm_case("own-train-rnn-rmsprop", "RNN", 8, 11, 1, 2, 4, 20, "rmsprop", {"lr": 0.003}, {}, True)
    char_lm_case("own-train-rnn-adam-1row", "RNN", 6, 8, 1, 1, 5, 20, "adam", {"lr": 0.01}, {"norm": 5.0}, True)
    char_lm_case("own-train-gru-adam", "GRU", 8, 10, 2, 3, 6, 20, "adam", {"lr": 0.01}, {"norm": 1.0}, True)
    char_lm_case("own-train-gru-sgd-zero-state", "GRU", 7, 9, 1, 2, 5, 20, "sgd", {"lr": 0.3}, {}, False)
    char_lm_case("own-train-lstm-rmsprop", "LSTM", 9, 11, 2, 4, 5, 20, "rmsprop", {"lr": 0.002, "alpha": 0.95}, {"value": 5.0}, True)
    ids = np.random.default_rng(3).integers(0, 12, 133)
    start, end, losses, smooths = min_char_rnn(ids, 12, 14, 9, 40, 0.05, 3)
    tensors = {f"param.{k}": v for k, v in start.items()} | {"input.ids": ids, "output.loss": np.array(losses), "output.smooth_loss": np.array(smooths)} | {f"output.{k}": v for k, v in end.items()}
    config = {"vocab_size": 12, "hidden_size": 14, "time": 9, "steps": 40, "lr": 0.05, "clip": {"value": 5}, "optimizer": "adagrad", "eps": 1e-8, "loss": "sum"}
    save("own-min-char-rnn", tensors, "MinCharRnn", config, "numpy float64")


if __name__ == "__main__":
    main()
