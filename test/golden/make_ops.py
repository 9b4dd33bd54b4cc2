"""Writes ops.json: outputs and gradients of the general ops, and of the GRU in both forms, by torch and its autograd, in double precision.

Run: python3 test/golden/make_ops.py
Each case has the op's tensors by the names of its contract: what it reads, what it writes, the upstream gradient of
its output (dy) and the gradients of what it read. Rows r and columns c are at most a few, so that the file stays small.
"""

import pathlib

import torch
import torch.nn.functional as F

from golden_file import golden_text

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
cases = []


def flat(tensor):
    return tensor.detach().flatten().tolist()


def add_case(op, dims, inputs, function, attributes=None, ids=None, upstream=None, output="y"):
    """Runs function(**inputs), sends an upstream gradient back and notes everything."""
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    result = function(**leaves)
    dy = torch.randn_like(result) if upstream is None else upstream
    result.backward(dy)
    cases.append(
        {
            "op": op,
            "dims": dims,
            "attributes": attributes or {},
            "read": {**{name: flat(value) for name, value in inputs.items()}, **(ids or {})},
            "output": {output: flat(result)},
            "upstream": {"d" + output: flat(dy)},
            "gradients": {"d" + name: flat(leaf.grad) for name, leaf in leaves.items()},
        }
    )


x11 = torch.randn(11) * 2
add_case("tanh", {"E": 11}, {"x": x11}, lambda x: torch.tanh(x))
add_case("sigmoid", {"E": 11}, {"x": x11}, lambda x: torch.sigmoid(x))
# relu'(0) = 0
add_case("relu", {"E": 11}, {"x": torch.cat([x11[:9], torch.zeros(2)])}, lambda x: torch.relu(x))
add_case("add", {"E": 7}, {"a": torch.randn(7), "b": torch.randn(7)}, lambda a, b: a + b)
add_case("multiply", {"E": 7}, {"a": torch.randn(7), "b": torch.randn(7)}, lambda a, b: a * b)
add_case("add_row", {"R": 4, "C": 3}, {"x": torch.randn(4, 3), "b": torch.randn(3)}, lambda x, b: x + b)
add_case("softmax", {"R": 3, "V": 5}, {"x": torch.randn(3, 5) * 3}, lambda x: torch.softmax(x, 1))
add_case("sum_rows", {"R": 5, "C": 3}, {"x": torch.randn(5, 3)}, lambda x: x.sum(0))
add_case(
    "concat", {"R": 3, "M": 2, "P": 4}, {"a": torch.randn(3, 2), "b": torch.randn(3, 4)}, lambda a, b: torch.cat([a, b], 1)
)
add_case("concat", {"R": 1, "M": 6, "P": 3}, {"a": torch.randn(6), "b": torch.randn(3)}, lambda a, b: torch.cat([a, b]))
add_case("slice", {"R": 5, "C": 3, "S": 2}, {"x": torch.randn(5, 3)}, lambda x: x[2:4], {"start": 2})
add_case("slice_columns", {"R": 4, "C": 6, "M": 2}, {"x": torch.randn(4, 6)}, lambda x: x[:, 3:5], {"start": 3})

ids = [2, 0, 2, 4, 2, 0]
index = torch.tensor(ids)
gathered = {"weight": torch.randn(5, 3), "bias": torch.randn(3)}
add_case("gather", {"R": 6, "V": 5, "C": 3}, gathered, lambda weight, bias: F.embedding(index, weight) + bias, ids={"ids": ids})
add_case("gather", {"R": 6, "V": 5, "C": 3}, {"weight": gathered["weight"]}, lambda weight: F.embedding(index, weight), ids={"ids": ids})
# An id from V on has a row of zeros: what a product with one-hot rows of only V columns gives.
unknown = [1, 5, 3, 9]
one_hot = F.one_hot(torch.tensor(unknown), 10)[:, :5].to(torch.float64)
add_case("gather", {"R": 4, "V": 5, "C": 3}, gathered, lambda weight, bias: one_hot @ weight + bias, ids={"ids": unknown})

# The gradient is that of scale · Σ loss. torch marks rows to leave out by -100, we by a target from V on.
for scale, spread, targets in [(1, 2, [0, 3, 4, 4]), (0.25, 60, [1, 7, 2, 5])]:
    marked = torch.tensor([-100 if target >= 5 else target for target in targets])
    add_case(
        "softmax_cross_entropy",
        {"R": 4, "V": 5},
        {"logits": torch.randn(4, 5) * spread},
        lambda logits: F.cross_entropy(logits, marked, reduction="none"),
        {"scale": scale, "gradient": True},
        ids={"targets": targets},
        upstream=torch.full((4,), float(scale)),
        output="loss",
    )


def gru_rows(reset, reverse, lengths, projected, h0, weight_hh, bias_hh):
    """Outputs [T,N,H] and final states [N,H] of one GRU layer, each batch row by itself over its own steps.

    Reset after the product: torch.nn.GRU, which gets `projected` through an identity. Before it: Cho et al. (2014), written out.
    """
    T, N, H = projected.shape[0], projected.shape[1], weight_hh.shape[1]
    blocks, biases = weight_hh.split(H), bias_hh.split(H)
    columns, finals = [], []
    for n in range(N):
        order = list(range(lengths[n]))[:: -1 if reverse else 1]
        if reset == "after":
            parameters = [torch.eye(3 * H), weight_hh, torch.zeros(3 * H), bias_hh]
            outputs, _ = torch._VF.gru(projected[order, n : n + 1], h0[None, n : n + 1], parameters, True, 1, 0.0, True, False, False)
            outputs = list(outputs[:, 0])
        else:
            h, outputs = h0[n], []
            for t in order:
                r, z = (torch.sigmoid(projected[t, n, g * H : (g + 1) * H] + blocks[g] @ h + biases[g]) for g in (0, 1))
                h = (1 - z) * torch.tanh(projected[t, n, 2 * H :] + blocks[2] @ (r * h) + biases[2]) + z * h
                outputs.append(h)
        by_step = dict(zip(order, outputs))
        columns.append(torch.stack([by_step.get(t, torch.zeros(H)) for t in range(T)]))
        finals.append(outputs[-1])
    return torch.stack(columns, 1), torch.stack(finals)


def add_gru(T, N, H, reset, reverse, lengths):
    """One layer with gradients of both its results."""
    inputs = {"projected": torch.randn(T, N, 3 * H), "h0": torch.randn(N, H), "weight_hh": torch.randn(3 * H, H) * 0.6, "bias_hh": torch.randn(3 * H)}
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    y, hn = gru_rows(reset, reverse, lengths, **leaves)
    dy, dhn = torch.randn_like(y), torch.randn_like(hn)
    ((y * dy).sum() + (hn * dhn).sum()).backward()
    cases.append(
        {
            "op": "gru",
            "dims": {"T": T, "N": N, "H": H},
            "attributes": {"reset": reset, "reverse": reverse},
            "read": {**{name: flat(value) for name, value in inputs.items()}, "lengths": lengths},
            "output": {"y": flat(y), "hn": flat(hn)},
            "upstream": {"dy": flat(dy), "dhn": flat(dhn)},
            "gradients": {"d" + name: flat(leaf.grad) for name, leaf in leaves.items()},
        }
    )


for reset in ["after", "before"]:
    add_gru(4, 2, 3, reset, False, [4, 4])
    add_gru(5, 3, 2, reset, True, [3, 5, 1])
    add_gru(5, 3, 2, reset, False, [3, 5, 1])

add_case("affine", {"E": 7}, {"x": torch.randn(7)}, lambda x: 1 - 0.5 * x, {"scale": -0.5, "shift": 1})
add_case("divide", {"E": 5}, {"a": torch.randn(5), "b": torch.tensor([0.7, -1.3, 2.0, 0.5, -3.1])}, lambda a, b: a / b)
lengths = [2, 4, 1]
goes_on = (torch.tensor(lengths) > 2)[:, None]
two = {"a": torch.randn(3, 2), "b": torch.randn(3, 2)}
add_case("choose_rows", {"T": 1, "N": 3, "C": 2}, two, lambda a, b: torch.where(goes_on, a, b), {"t": 2}, ids={"lengths": lengths})
add_case("choose_rows", {"T": 1, "N": 3, "C": 2}, {"a": two["a"]}, lambda a: torch.where(goes_on, a, torch.zeros_like(a)), {"t": 2}, ids={"lengths": lengths})
steps = torch.randn(4, 3, 2)
add_case("last_steps", {"T": 4, "N": 3, "C": 2}, {"x": steps}, lambda x: x[torch.tensor(lengths) - 1, torch.arange(3)], ids={"lengths": lengths})
add_case("last_steps", {"T": 4, "N": 3, "C": 2}, {"x": steps}, lambda x: x[-1])
add_case("pair_steps", {"T": 4, "N": 3, "C": 2, "S": 2}, {"x": steps}, lambda x: torch.cat([x[0::2], x[1::2]], 2))
add_case(
    "pair_steps",
    {"T": 3, "N": 3, "C": 2, "S": 2},
    {"x": steps[:3]},
    lambda x: torch.cat([x[0::2], torch.cat([x[1::2], torch.zeros(1, 3, 2)])], 2),
)


def mingru_step(a, h):
    z, candidate = torch.sigmoid(a[0]), a[1]
    return (1 - z) * h + z * candidate


def minlstm_step(a, h):
    f, i, candidate = torch.sigmoid(a[0]), torch.sigmoid(a[1]), a[2]
    return f / (f + i) * h + i / (f + i) * candidate


def scan_case(op, gates, step, T, N, H, attributes=None, keep=None, lengths=None, learned=False):
    """A cell whose gates do not see the state, in loops over rows and steps; y is zero and h stands still at padding."""
    inputs = {"projected": 2 * torch.randn(T, N, gates * H), "h0": torch.randn(N, H)}
    if learned:
        inputs["h0_learned"] = torch.randn(H)
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    y = [[torch.zeros(H) for _ in range(N)] for _ in range(T)]
    final = []
    for n in range(N):
        h = leaves["h0"][n] if keep is None or keep[n] else leaves["h0_learned"] if learned else torch.zeros(H)
        steps = range(T if lengths is None else lengths[n])
        for t in reversed(steps) if (attributes or {}).get("reverse") else steps:
            h = step(leaves["projected"][t, n].reshape(gates, H), h)
            y[t][n] = h
        final.append(h)
    outputs = {"y": torch.stack([torch.stack(row) for row in y]), "hn": torch.stack(final)}
    upstream = {name: torch.randn_like(value) for name, value in outputs.items()}
    torch.autograd.backward(list(outputs.values()), list(upstream.values()))
    rows = {name: value for name, value in {"keep": keep, "lengths": lengths}.items() if value is not None}
    cases.append(
        {
            "op": op,
            "dims": {"T": T, "N": N, "H": H},
            "attributes": attributes or {},
            "read": {**{name: flat(value) for name, value in inputs.items()}, **rows},
            "output": {name: flat(value) for name, value in outputs.items()},
            "upstream": {"d" + name: flat(value) for name, value in upstream.items()},
            "gradients": {"d" + name: flat(leaf.grad) for name, leaf in leaves.items()},
        }
    )


for op, gates, step in [("mingru", 2, mingru_step), ("minlstm", 3, minlstm_step)]:
    scan_case(op, gates, step, T=4, N=2, H=3)
    scan_case(op, gates, step, T=5, N=3, H=2, keep=[1, 0, 1], lengths=[2, 5, 1], learned=True)
    scan_case(op, gates, step, T=5, N=3, H=2, attributes={"reverse": True}, keep=[0, 1, 1], lengths=[3, 1, 5])

add_case("subtract", {"E": 7}, {"a": torch.randn(7), "b": torch.randn(7)}, lambda a, b: a - b)
add_case("permute", {"B": 2, "M": 3, "P": 4, "C": 2}, {"x": torch.randn(2, 3, 4, 2)}, lambda x: x.transpose(1, 2))
for op, a_shape, b_shape, equation in [
    ("batched_matmul", (2, 3, 2, 4), (2, 4, 2, 5), "bmnk,bknp->bmnp"),
    ("batched_matmul_nt", (2, 3, 2, 4), (2, 5, 2, 4), "bmnk,bpnk->bmnp"),
    ("batched_matmul_tn", (2, 4, 2, 3), (2, 4, 2, 5), "bknm,bknp->bmnp"),
]:
    operands = {"a": torch.randn(a_shape), "b": torch.randn(b_shape)}
    dims = {"B": 2, "N": 2, "M": 3, "P": 5, "K": 4}
    add_case(op, dims, operands, lambda a, b, equation=equation: torch.einsum(equation, a, b), output="c")

own = torch.arange(4)[:, None] < torch.tensor(lengths)  # [T,N]: whether a step is the row's own
outside = torch.arange(5)[None] >= torch.tensor([5, 2, 3])[:, None]
add_case(
    "masked_softmax",
    {"T": 2, "N": 3, "S": 5},
    {"x": torch.randn(2, 3, 5) * 3},
    lambda x: torch.softmax(x.masked_fill(outside, float("-inf")), 2),
    ids={"lengths": [5, 2, 3]},
)
add_case("masked_softmax", {"T": 2, "N": 3, "S": 5}, {"x": torch.randn(2, 3, 5)}, lambda x: torch.softmax(x, 2))
pooled = {"x": torch.randn(4, 3, 2)}
dims = {"T": 4, "N": 3, "C": 2}
add_case(
    "mean_steps", dims, pooled, lambda x: (x * own[:, :, None]).sum(0) / torch.tensor(lengths)[:, None], ids={"lengths": lengths}
)
add_case("mean_steps", dims, pooled, lambda x: x.mean(0))
add_case(
    "max_steps", dims, pooled, lambda x: x.masked_fill(~own[:, :, None], float("-inf")).max(0).values, ids={"lengths": lengths}
)

class_weights = torch.tensor([0.5, 2.0, 1.0, 0.0, 3.0])
for smoothing, weights in [(0.1, None), (0.0, class_weights), (0.3, class_weights)]:
    targets = torch.tensor([0, 1, -100, 4])
    add_case(
        "softmax_cross_entropy",
        {"R": 4, "V": 5},
        {"logits": torch.randn(4, 5) * 3},
        lambda logits: F.cross_entropy(logits, targets, weight=weights, reduction="none", label_smoothing=smoothing),
        {"scale": 2, "labelSmoothing": smoothing},
        ids={
            "targets": [0, 1, 5, 4],
            "count": [8.0],
            **({} if weights is None else {"class_weights": flat(weights)}),
        },
        upstream=torch.full((4,), 0.25),
        output="loss",
    )

dims = {"T": 4, "N": 3, "C": 2}
for op, attributes, function, values in [
    ("squared_error", {}, lambda p, y: (p - y) ** 2, torch.randn(4, 3, 2)),
    ("absolute_error", {}, lambda p, y: (p - y).abs(), torch.randn(4, 3, 2)),
    ("huber_error", {"delta": 0.7}, lambda p, y: F.huber_loss(p, y, reduction="none", delta=0.7), torch.randn(4, 3, 2)),
    ("sigmoid_cross_entropy", {}, lambda p, y: F.binary_cross_entropy_with_logits(p, y, reduction="none"), torch.rand(4, 3, 2)),
]:
    predictions = {"predictions": torch.randn(4, 3, 2) * 2}
    add_case(
        op,
        dims,
        predictions,
        lambda predictions: (function(predictions, values) * own[:, :, None]).sum(2),
        attributes,
        ids={"targets": flat(values), "lengths": lengths, "count": [2.0]},
        upstream=torch.full((4, 3), 0.5),
        output="loss",
    )
    symbols = [0, 1, 2, 3, 4, 0, 1, 2, 3, 3, 2, 1]
    known = torch.tensor(symbols).view(4, 3, 1) < 3
    add_case(
        op,
        dims,
        predictions,
        lambda predictions: (function(predictions, values) * known).sum(2),
        {**attributes, "symbols": 3, "scale": 0.25},
        ids={"targets": flat(values), "ids": symbols},
        upstream=torch.full((4, 3), 0.25),
        output="loss",
    )



def attention(state, weight_query, keys, weight_score, values, source_lengths):
    """Context [N,C] and weights [N,S] of states [N,H] over keys [S,N,A] and values [S,N,C]."""
    scores = torch.tanh(state @ weight_query.T + keys) @ weight_score[0]  # [S,N]
    positions = torch.arange(keys.shape[0])[:, None]
    weights = torch.softmax(scores.masked_fill(positions >= torch.tensor(source_lengths), float("-inf")), 0)
    return (weights[:, :, None] * values).sum(0), weights.T


def several_results(op, dims, inputs, function, attributes=None, ids=None):
    """A case of an op with several outputs, each with an upstream gradient."""
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    outputs = function(**leaves)
    upstream = {name: torch.randn_like(value) for name, value in outputs.items()}
    torch.autograd.backward(list(outputs.values()), list(upstream.values()))
    cases.append(
        {
            "op": op,
            "dims": dims,
            "attributes": attributes or {},
            "read": {**{name: flat(value) for name, value in inputs.items()}, **(ids or {})},
            "output": {name: flat(value) for name, value in outputs.items()},
            "upstream": {"d" + name: flat(value) for name, value in upstream.items()},
            "gradients": {"d" + name: flat(leaf.grad) for name, leaf in leaves.items()},
        }
    )


def attention_inputs(N, S, A, H, C):
    sizes = {"weight_query": (A, H), "keys": (S, N, A), "weight_score": (1, A), "values": (S, N, C)}
    return {name: torch.randn(size) for name, size in sizes.items()}


def attend(state, weight_query, keys, weight_score, values):
    context, weights = attention(state, weight_query, keys, weight_score, values, [4, 2])
    return {"context": context, "attention": weights}


several_results(
    "attend",
    {"N": 2, "S": 4, "A": 3, "H": 5, "C": 2},
    {"state": torch.randn(2, 5), **attention_inputs(2, 4, 3, 5, 2)},
    attend,
    ids={"lengths": [4, 2]},
)

# Cells of torch get their inputs' part of the gates through an identity.
STEPS = {
    "rnn": (1, lambda *arguments: (torch._VF.rnn_tanh_cell(*arguments),)),
    "lstm": (4, torch._VF.lstm_cell),
    "gru": (3, lambda *arguments: (torch._VF.gru_cell(*arguments),)),
}


def add_decoder(kind, T, N, S, A, H, lengths, source_lengths):
    gates, step = STEPS[kind]
    names = ["h", "c"] if kind == "lstm" else ["h"]
    inputs = {
        "projected": torch.randn(T, N, gates * H),
        **{name + "0": torch.randn(N, H) for name in names},
        "weight_hh": torch.randn(gates * H, H) * 0.6,
        "bias_hh": torch.randn(gates * H),
        **attention_inputs(N, S, A, H, gates * H),
    }

    def decode(projected, weight_hh, bias_hh, weight_query, keys, weight_score, values, **initial):
        states = [initial[name + "0"] for name in names]
        outputs, attended = [], []
        for t in range(T):
            alive = (t < torch.tensor(lengths))[:, None]
            context, weights = attention(states[0], weight_query, keys, weight_score, values, source_lengths)
            before = tuple(states) if kind == "lstm" else states[0]
            after = step(projected[t] + context, before, torch.eye(gates * H), weight_hh, torch.zeros(gates * H), bias_hh)
            outputs.append(torch.where(alive, after[0], torch.zeros(N, H)))
            attended.append(torch.where(alive, weights, torch.zeros(N, S)))
            states = [torch.where(alive, new, old) for new, old in zip(after, states)]
        final = {name + "n": state for name, state in zip(names, states)}
        return {"y": torch.stack(outputs), "attention": torch.stack(attended), **final}

    ids = {"lengths": lengths, "source_lengths": source_lengths}
    several_results("attention_" + kind, {"T": T, "N": N, "S": S, "A": A, "H": H}, inputs, decode, ids=ids)


for kind in STEPS:
    add_decoder(kind, T=3, N=2, S=4, A=3, H=2, lengths=[3, 2], source_lengths=[2, 4])

normalized = {"x": torch.randn(3, 4) * 2 + 1, "weight": torch.randn(4), "bias": torch.randn(4)}
add_case("layer_norm", {"R": 3, "C": 4}, normalized, lambda x, weight, bias: F.layer_norm(x, (4,), weight, bias))
add_case("layer_norm", {"R": 3, "C": 4}, {"x": normalized["x"]}, lambda x: F.layer_norm(x, (4,), eps=0.5), {"eps": 0.5})

for size, stride, padding, (height, width) in [(3, 1, 1, (4, 3)), (3, 2, 1, (4, 5)), (5, 2, 0, (7, 6)), (5, 1, 2, (3, 4))]:
    image = torch.randn(2, height, width, 2)  # channels last
    (rows, columns) = ((side + 2 * padding - size) // stride + 1 for side in (height, width))
    dims = {"N": 2, "I": height, "J": width, "C": 2, "Y": rows, "X": columns}
    window = {"stride": stride, "padding": padding}
    add_case(
        "convolution",
        {**dims, "F": size, "P": 3},
        {"x": image, "weight": torch.randn(3, 2, size, size), "bias": torch.randn(3)},
        lambda x, weight, bias: F.conv2d(x.permute(0, 3, 1, 2), weight, bias, stride, padding).permute(0, 2, 3, 1),
        window,
    )
    add_case(
        "max_pool",
        dims,
        {"x": image},
        lambda x: F.max_pool2d(x.permute(0, 3, 1, 2), size, stride, padding).permute(0, 2, 3, 1),
        {"size": size, **window},
    )

# All steps at once, as padding is cleared.
within = (torch.arange(4)[:, None] < torch.tensor(lengths)[None])[..., None]
padding = torch.randn(4, 3, 2)
add_case(
    "choose_rows",
    {"T": 4, "N": 3, "C": 2},
    {"a": padding},
    lambda a: torch.where(within, a, torch.zeros_like(a)),
    {"t": 0},
    ids={"lengths": lengths},
)

path = pathlib.Path(__file__).with_name("ops.json")
path.write_text(golden_text({"torch": torch.__version__, "cases": cases}))
print(f"{path}: {len(cases)} cases, {path.stat().st_size} bytes")
