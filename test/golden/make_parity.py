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


def layers_case(name, T, N, C, H, L, nonlinearity, bias):
    import torch
    torch.manual_seed(len(name))
    rnn = torch.nn.RNN(C, H, L, nonlinearity=nonlinearity, bias=bias).double()
    x = torch.randn(T, N, C, dtype=torch.double, requires_grad=True)
    h0 = torch.randn(L, N, H, dtype=torch.double, requires_grad=True)
    dy, dhn = torch.randn(T, N, H, dtype=torch.double), torch.randn(L, N, H, dtype=torch.double)
    y, hn = rnn(x, h0)
    ((y * dy).sum() + (hn * dhn).sum()).backward()
    tensors = {f"param.{k}": v.detach().numpy() for k, v in rnn.named_parameters()}
    tensors |= {"input.x": x.detach().numpy(), "input.h0": h0.detach().numpy(), "output.y": y.detach().numpy(), "output.hn": hn.detach().numpy(), "upstream.y": dy.numpy(), "upstream.hn": dhn.numpy()}
    tensors |= {f"grad.{k}": v.grad.numpy() for k, v in rnn.named_parameters()} | {"grad.x": x.grad.numpy(), "grad.h0": h0.grad.numpy()}
    config = {"input_size": C, "hidden_size": H, "num_layers": L, "bidirectional": False, "bias": bias, "batch": N, "time": T, "layout": "TBI", "nonlinearity": nonlinearity}
    save(name, tensors, "RNN", config, f"torch {torch.__version__} float64")


def char_lm_case(name, V, H, L, N, T, steps, optimizer, settings, clip, carry):
    import torch
    torch.manual_seed(len(name))
    rnn, head = torch.nn.RNN(V, H, L).double(), torch.nn.Linear(H, V).double()
    named = {f"rnn.{k}": v for k, v in rnn.named_parameters()} | {f"head.{k}": v for k, v in head.named_parameters()}
    tensors = {f"param.{k}": v.detach().numpy().copy() for k, v in named.items()}
    ids = torch.randint(0, V, (steps * T + 1, N))
    opt = {"sgd": torch.optim.SGD, "adagrad": torch.optim.Adagrad, "rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam}[optimizer](named.values(), **settings)
    state, losses, norms = torch.zeros(L, N, H, dtype=torch.double), [], []
    for s in range(steps):
        window = ids[s * T : (s + 1) * T + 1]
        if not carry: state = torch.zeros_like(state)
        y, hn = rnn(torch.nn.functional.one_hot(window[:-1], V).double(), state)
        loss = torch.nn.functional.cross_entropy(head(y).reshape(-1, V), window[1:].reshape(-1))
        opt.zero_grad(); loss.backward()
        norms.append(math.sqrt(sum(float((p.grad ** 2).sum()) for p in named.values())))
        if "norm" in clip: torch.nn.utils.clip_grad_norm_(named.values(), clip["norm"])
        if "value" in clip: torch.nn.utils.clip_grad_value_(named.values(), clip["value"])
        opt.step(); state = hn.detach(); losses.append(loss.item())
    tensors |= {"input.ids": ids.numpy(), "output.loss": np.array(losses), "output.gradient_norm": np.array(norms)} | {f"output.{k}": v.detach().numpy() for k, v in named.items()}
    config = {"cell": "RNN", "vocab_size": V, "hidden_size": H, "num_layers": L, "batch": N, "time": T, "steps": steps, "optimizer": optimizer, **settings, "clip": clip, "carry_state": carry, "loss": "mean"}
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
    layers_case("own-rnn-relu-2layer", 6, 3, 5, 9, 2, "relu", True)
    layers_case("own-rnn-tanh-3layer-no-bias", 7, 2, 4, 8, 3, "tanh", False)
    layers_case("own-rnn-tanh-1x1", 1, 1, 1, 1, 1, "tanh", True)
    char_lm_case("own-train-rnn-2layer-momentum", 9, 10, 2, 3, 5, 20, "sgd", {"lr": 0.1, "momentum": 0.9}, {"norm": 1.0}, False)
    char_lm_case("own-train-rnn-adagrad", 7, 12, 1, 2, 6, 20, "adagrad", {"lr": 0.05}, {"value": 0.1}, True)
    char_lm_case("own-train-rnn-rmsprop", 8, 11, 1, 2, 4, 20, "rmsprop", {"lr": 0.003}, {}, True)
    char_lm_case("own-train-rnn-adam-1row", 6, 8, 1, 1, 5, 20, "adam", {"lr": 0.01}, {"norm": 5.0}, True)
    ids = np.random.default_rng(3).integers(0, 12, 133)
    start, end, losses, smooths = min_char_rnn(ids, 12, 14, 9, 40, 0.05, 3)
    tensors = {f"param.{k}": v for k, v in start.items()} | {"input.ids": ids, "output.loss": np.array(losses), "output.smooth_loss": np.array(smooths)} | {f"output.{k}": v for k, v in end.items()}
    config = {"vocab_size": 12, "hidden_size": 14, "time": 9, "steps": 40, "lr": 0.05, "clip": {"value": 5}, "optimizer": "adagrad", "eps": 1e-8, "loss": "sum"}
    save("own-min-char-rnn", tensors, "MinCharRnn", config, "numpy float64")


if __name__ == "__main__":
    main()
