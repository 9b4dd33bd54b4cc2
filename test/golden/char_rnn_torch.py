#!/usr/bin/env python3
"""The char-rnn recipe in PyTorch, to compare bits per character with `unrolled train --preset char-rnn --epochs 1`.

python3 test/golden/char_rnn_torch.py TEXT [--init CHECKPOINT] [--seed 1] [--epochs 1] [--cell LSTM]
LSTM 2×128, 50 rows of 50 characters, mean loss, every gradient element clipped to ±5, RMSprop 2e-3 (decay 0.95), rate × 0.97 per epoch after 10, weights uniform ±0.08,
forget bias 1; the last 5 % of the text are for validation. --init takes a safetensors file with the initial weights by PyTorch's names, such as a checkpoint of step 0.
"""
import argparse, json, math, pathlib, struct, time, numpy, torch

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("text"); options.add_argument("--init"); options.add_argument("--seed", type=int, default=1); options.add_argument("--epochs", type=int, default=1)
options.add_argument("--cell", default="LSTM"); options.add_argument("--every", type=int, default=100)
a = options.parse_args()
H, L, N, T = 128, 2, 50, 50
torch.manual_seed(a.seed)
text = pathlib.Path(a.text).read_bytes().decode("utf-8")
held = math.floor(len(text) * 0.05); train, validation = text[: len(text) - held], text[len(text) - held :]
symbols = sorted(set(train)); index = {c: i for i, c in enumerate(symbols)}; V = len(symbols)
ids = torch.tensor([index[c] for c in train]); other = torch.tensor([index[c] for c in validation])


class CharModel(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.head = getattr(torch.nn, a.cell)(V, H, L), torch.nn.Linear(H, V)

    def forward(self, x, state=None):
        y, state = self.rnn(torch.nn.functional.one_hot(x, V).float(), state)
        return self.head(y), state


model = CharModel()
with torch.no_grad():
    for name, p in model.named_parameters():
        p.uniform_(-0.08, 0.08)
        if a.cell == "LSTM" and "bias_ih" in name: p[H : 2 * H] = 1
        if a.cell == "LSTM" and "bias_hh" in name: p[H : 2 * H] = 0
if a.init:
    data = pathlib.Path(a.init).read_bytes(); size = struct.unpack("<Q", data[:8])[0]; header = json.loads(data[8 : 8 + size])
    def tensor(name):
        at, end = header[name]["data_offsets"]
        return torch.from_numpy(numpy.frombuffer(data[8 + size + at : 8 + size + end], "<f4").reshape(header[name]["shape"]).copy())
    model.load_state_dict({name: tensor(name) for name in model.state_dict()})

optimizer = torch.optim.RMSprop(model.parameters(), lr=2e-3, alpha=0.95)
loss_of = torch.nn.CrossEntropyLoss()
rows = ids[: N * (len(ids) // N)].reshape(N, -1); windows = (rows.shape[1] - 1) // T


def bits():
    """Bits per character of the validation text, read once from its start with the state carried."""
    total, state = 0.0, None
    with torch.no_grad():
        for at in range(0, len(other) - 1, 1000):
            x, y = other[at : at + 1000][: len(other) - 1 - at], other[at + 1 : at + 1001]
            logits, state = model(x[:, None], state)
            total += float(torch.nn.functional.cross_entropy(logits[:, 0], y, reduction="sum"))
    return total / (len(other) - 1) / math.log(2)


began, step = time.time(), 0
for epoch in range(1, a.epochs + 1):
    for group in optimizer.param_groups: group["lr"] = 2e-3 * 0.97 ** max(0, epoch - 10)
    state, total = None, 0.0
    for w in range(windows):
        x, y = rows[:, w * T : (w + 1) * T].T, rows[:, w * T + 1 : (w + 1) * T + 1].T
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = loss_of(logits.reshape(-1, V), y.reshape(-1))
        optimizer.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_value_(model.parameters(), 5)
        optimizer.step()
        step += 1; total += loss.item()
        if step <= 3 or step % a.every == 0: print(json.dumps({"step": step, "loss": round(loss.item(), 5)}), flush=True)
    print(json.dumps({"epoch": epoch, "V": V, "steps": step, "trainingBits": round(total / windows / math.log(2), 4), "validationBits": round(bits(), 4), "seconds": round(time.time() - began)}), flush=True)
