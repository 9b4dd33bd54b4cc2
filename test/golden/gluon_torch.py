#!/usr/bin/env python3
"""The gluon recipe in PyTorch, to compare perplexities with `unrolled train --preset gluon`.

python3 test/golden/gluon_torch.py TEXT --sampling random|consecutive --epochs 60 [--seed 1]
tanh RNN 256, 32 rows of 35 characters, sum of losses, gradients scaled to norm 5, SGD 0.2, weights N(0, 0.01²), line ends as spaces, first 20,000 characters.
"""
import argparse, json, math, pathlib, random, re, torch

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("text"); options.add_argument("--sampling", default="random"); options.add_argument("--epochs", type=int, default=60); options.add_argument("--seed", type=int, default=1); options.add_argument("--every", type=int, default=20)
a = options.parse_args()
H, N, T = 256, 32, 35
text = re.sub(r"\r\n|\r|\n", " ", pathlib.Path(a.text).read_text(encoding="utf-8"))[:20_000]
symbols = sorted(set(text)); index = {c: i for i, c in enumerate(symbols)}; V = len(symbols)
ids = torch.tensor([index[c] for c in text]); S = len(ids)
torch.manual_seed(a.seed); random.seed(a.seed)
P = [torch.randn(shape) * 0.01 for shape in ((V, H), (H, H), (H, V))] + [torch.zeros(H), torch.zeros(V)]
for p in P: p.requires_grad_()
W_xh, W_hh, W_hq, b_h, b_q = P


def windows():
    """(inputs [T,N], targets [T,N], whether the state starts from zero) of one epoch."""
    if a.sampling == "random":
        starts = [i * T for i in range((S - 1) // T)]; random.shuffle(starts)
        for b in range(len(starts) // N):
            at = starts[b * N : (b + 1) * N]
            yield torch.stack([ids[i : i + T] for i in at], 1), torch.stack([ids[i + 1 : i + T + 1] for i in at], 1), True
    else:
        rows = ids[: N * (S // N)].reshape(N, -1)
        for b in range((S // N - 1) // T): yield rows[:, b * T : (b + 1) * T].T, rows[:, b * T + 1 : (b + 1) * T + 1].T, b == 0


for epoch in range(1, a.epochs + 1):
    total, count = 0.0, 0
    for x, y, fresh in windows():
        if fresh: h = torch.zeros(N, H)
        h = h.detach(); outputs = []
        for t in range(T):
            h = torch.tanh(W_xh[x[t]] + h @ W_hh + b_h); outputs.append(h)
        loss = torch.nn.functional.cross_entropy((torch.cat(outputs) @ W_hq + b_q), y.reshape(-1), reduction="sum")
        for p in P: p.grad = None
        loss.backward()
        norm = math.sqrt(sum(float((p.grad ** 2).sum()) for p in P))
        with torch.no_grad():
            for p in P: p -= 0.2 * p.grad * min(1.0, 5.0 / norm)
        total += loss.item(); count += y.numel()
    if epoch % a.every == 0: print(json.dumps({"sampling": a.sampling, "V": V, "epoch": epoch, "perplexity": round(math.exp(total / count), 3)}), flush=True)
