"""Writes groups.json: losses and final parameters of torch with parameter groups, frozen parameters
and accumulated gradients, in double precision.

Run: python3 test/golden/make_groups.py
The model is embedding, LSTM, linear head over T steps of N rows, from zero states. In the case
`accumulate` targets that do not count have the id V, and the mean is over all micro-batches of a step.
"""

import json
import pathlib

import torch

V, E, H, T, N, STEPS = 7, 3, 5, 4, 2, 5
torch.manual_seed(11)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(V, E)
        self.rnn = torch.nn.LSTM(E, H)
        self.head = torch.nn.Linear(H, V)

    def forward(self, ids):
        return self.head(self.rnn(self.embedding(ids))[0])


start = {name: p.detach().float() for name, p in Network().state_dict().items()}
batches = [
    {"inputs": torch.randint(V, (T, N)), "targets": torch.randint(V, (T, N))} for _ in range(3 * STEPS)
]


def loss_of(network, batch):
    logits = network(batch["inputs"])
    return torch.nn.functional.cross_entropy(
        logits.reshape(-1, V), batch["targets"].reshape(-1), ignore_index=V, reduction="sum"
    )


def train(name, make, accumulate=1, ragged=False, frozen=()):
    network = Network().double()
    network.load_state_dict({key: value.double() for key, value in start.items()})
    for key, parameter in network.named_parameters():
        parameter.requires_grad_(key not in frozen)
    optimizers = make(network)
    losses, counts, norms = [], [], []
    used = [{key: value.clone() for key, value in batch.items()} for batch in batches[: accumulate * STEPS]]
    if ragged:
        for i, batch in enumerate(used):
            batch["targets"][: i % T, 0] = V
    for step in range(STEPS):
        parts = used[step * accumulate : (step + 1) * accumulate]
        count = sum(int((batch["targets"] < V).sum()) for batch in parts)
        for optimizer in optimizers:
            optimizer.zero_grad()
        total = 0.0
        for batch in parts:
            loss = loss_of(network, batch) / count
            loss.backward()
            total += loss.item()
        trained = [p for p in network.parameters() if p.grad is not None]
        norms.append(float(torch.nn.utils.clip_grad_norm_(trained, 0.5)))
        for optimizer in optimizers:
            optimizer.step()
        losses.append(total)
        counts.append(count)
    return {
        "name": name,
        "accumulate": accumulate,
        "batches": [{key: value.flatten().tolist() for key, value in batch.items()} for batch in used],
        "losses": losses,
        "counts": counts,
        "norms": norms,
        "after": {key: p.detach().flatten().tolist() for key, p in network.named_parameters()},
    }


def named(network, *prefixes):
    return [p for key, p in network.named_parameters() if key.startswith(prefixes)]


adam = lambda parameters, rate: torch.optim.Adam(parameters, lr=rate)
sgd = lambda parameters, rate: torch.optim.SGD(parameters, lr=rate, momentum=0.5)
cases = [
    train("groups", lambda n: [adam(named(n, "head", "embedding"), 0.05), sgd(named(n, "rnn"), 0.3)]),
    train("frozen", lambda n: [adam(named(n, "head", "rnn"), 0.05)], frozen=("embedding.weight",)),
    train("accumulate", lambda n: [adam(n.parameters(), 0.05)], accumulate=3, ragged=True),
]
shapes = {name: list(value.shape) for name, value in start.items()}
values = {name: value.flatten().tolist() for name, value in start.items()}
path = pathlib.Path(__file__).with_name("groups.json")
path.write_text(
    json.dumps({"sizes": {"V": V, "E": E, "H": H, "T": T, "N": N}, "shapes": shapes, "start": values, "cases": cases})
)
