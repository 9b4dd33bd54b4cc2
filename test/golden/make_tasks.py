#!/usr/bin/env python3
"""Makes parity cases (see docs/parity.md) of models of tasks with PyTorch, in double precision: tasks/*.safetensors.

python3 test/golden/make_tasks.py
"""
import hashlib, json, pathlib, re, struct
import numpy as np
import torch
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
import make_parity
from golden_file import golden_text

make_parity.HERE = pathlib.Path(__file__).parent / "tasks"
CELLS = {"RNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}
draw = lambda *shape: torch.randn(*shape, dtype=torch.double)


def ragged(rnn, x, lengths, initial=None):
    """Runs layers over rows of unequal length: outputs are zero behind a row's end."""
    packed, final = rnn(pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False), initial)
    return pad_packed_sequence(packed, total_length=x.shape[0])[0], final


def own(x, lengths):
    """[T,N,1]: 1 at a row's own steps."""
    return (torch.arange(x.shape[0])[:, None] < torch.tensor(lengths)[None]).double()[..., None]


def embed(weight, ids):
    """The vectors of ids; an id of V, padding or unknown, is the zero vector."""
    return torch.cat([weight, torch.zeros_like(weight[:1])])[ids]


def padded(ids, lengths, V):
    return torch.where(torch.arange(ids.shape[0])[:, None] < torch.tensor(lengths)[None], ids, torch.full_like(ids, V))


def convolutions(image):
    """The convolutions of an image encoder; each is followed by a rectifier and 2 by 2 max pooling."""
    widths = [image["channels"], *image["filters"]]
    return {f"convolution.{i}": torch.nn.Conv2d(a, b, image["size"], padding=image["size"] // 2).double() for i, (a, b) in enumerate(zip(widths, widths[1:]))}


def see(modules, images):
    """Images [R,I,J,C] become [R,Y,X,P]."""
    x = images.permute(0, 3, 1, 2)
    for convolve in modules.values(): x = F.max_pool2d(torch.relu(convolve(x)), 2)
    return x.permute(0, 2, 3, 1)


def columns_of(seen):
    """[N,Y,X,P] as X steps of Y·P features, [X,N,Y·P]."""
    return seen.permute(2, 0, 1, 3).flatten(2)


def save(name, module, config, modules, inputs, outputs, loss, wanted=()):
    named = [(f"{part}.{k}" if part else k, v) for part, m in modules.items() for k, v in m.named_parameters()]
    loss.backward()
    tensors = {f"param.{k}": v for k, v in named} | {f"grad.{k}": v.grad for k, v in named}
    tensors |= {f"grad.{k}": inputs[k].grad for k in wanted} | {f"input.{k}": torch.as_tensor(v) for k, v in inputs.items()}
    tensors |= {f"output.{k}": v for k, v in outputs.items()} | {"output.loss": loss[None]}
    make_parity.save(name, {k: v.detach().numpy() for k, v in tensors.items()}, module, config, f"torch {torch.__version__} float64")


def last(final, bidirectional):
    h = final[0] if isinstance(final, tuple) else final
    return torch.cat([h[-2], h[-1]], -1) if bidirectional else h[-1]


def reader(name, module, cell, T, N, C, H, L, lengths, bidirectional=False, pooling="last", width=3, image=None):
    torch.manual_seed(len(name))
    seeing = convolutions(image) if image else {}
    if image:
        single = image["steps"] == "columns"
        images = draw(*([N] if single else [T, N]), image["rows"], image["columns"], image["channels"]).requires_grad_()
        x = columns_of(see(seeing, images)) if single else see(seeing, images.flatten(0, 1)).reshape(T, N, -1)
        C = x.shape[-1]
    rnn = CELLS[cell](C, H, L, bidirectional=bidirectional).double()
    head = torch.nn.Linear(H * (2 if bidirectional else 1), width).double()
    if not image: x = draw(T, N, C).requires_grad_()
    y, final = ragged(rnn, x, lengths)
    mask = own(x, lengths)
    pooled = {"last": lambda: last(final, bidirectional), "mean": lambda: (y * mask).sum(0) / mask.sum(0),
              "max": lambda: y.masked_fill(mask == 0, -9e9).amax(0), "none": lambda: y}[pooling]()
    out = head(pooled)
    config = {"cell": cell, "hidden_size": H, "num_layers": L, "bidirectional": bidirectional, "input_size": C, "pooling": pooling, "batch": N, "time": T}
    inputs = {"images": images} | ({} if single else {"lengths": lengths}) if image else {"x": x, "lengths": lengths}
    if image: config["image"] = image
    read = "images" if image else "x"
    if module == "Regressor":
        targets = draw(*out.shape)
        loss = F.mse_loss(out, targets) if pooling != "none" else (((out - targets) ** 2) * mask).sum() / (mask.sum() * width)
        return save(name, module, config | {"outputs": width}, seeing | {"rnn": rnn, "head": head}, inputs | {"targets": targets}, {"predictions": out}, loss, [read])
    labels = torch.randint(0, width, (T, N) if module == "Tagger" else (N,))
    if module == "Tagger": labels = padded(labels, lengths, width)
    loss = F.cross_entropy(out.reshape(-1, width), labels.reshape(-1), ignore_index=width)
    save(name, module, config | {"classes": width}, seeing | {"rnn": rnn, "head": head}, inputs | {"labels": labels}, {"logits": out}, loss, [read])


def step(rnn, x, state):
    y, state = rnn(x[None], state)
    return y[0], state


def joined_step(cell, rnn, x, joined, state):
    """One step by the formulas of the cells, where `joined` is added to the input product of layer 0."""
    L, H = rnn.num_layers, rnn.hidden_size
    zero = torch.zeros(L, x.shape[0], H, dtype=torch.double)
    h, c = (state if state is not None else (zero, zero)) if cell == "LSTM" else (state if state is not None else zero, None)
    hs, cs = [], []
    for l in range(L):
        own = lambda part: getattr(rnn, f"{part}_l{l}")
        a = x @ own("weight_ih").T + own("bias_ih") + (joined if l == 0 else 0)
        s = h[l] @ own("weight_hh").T + own("bias_hh")
        if cell == "RNN": x = torch.tanh(a + s)
        elif cell == "GRU":
            (ar, az, an), (sr, sz, sn) = a.chunk(3, -1), s.chunk(3, -1)
            z, n = torch.sigmoid(az + sz), torch.tanh(an + torch.sigmoid(ar + sr) * sn)
            x = (1 - z) * n + z * h[l]
        else:
            i, f, g, o = (a + s).chunk(4, -1)
            cs.append(torch.sigmoid(f) * c[l] + torch.sigmoid(i) * torch.tanh(g))
            x = torch.sigmoid(o) * torch.tanh(cs[-1])
        hs.append(x)
    return x, (torch.stack(hs), torch.stack(cs)) if cell == "LSTM" else torch.stack(hs)


def encoder_decoder(name, cell, S, T, N, V, E, H, L, source_lengths, lengths, bidirectional, summary, context, attention, A=6, features=None, image=None):
    torch.manual_seed(len(name))
    D, lstm = 2 if bidirectional else 1, cell == "LSTM"
    linear = lambda a, b, bias=True: torch.nn.Linear(a, b, bias=bias).double()
    if image:
        seeing = convolutions(image)
        images = draw(N, image["rows"], image["columns"], image["channels"]).requires_grad_()
        frames = columns_of(see(seeing, images))
        S, source_lengths = frames.shape[0], [frames.shape[0]] * N
    elif features:
        seeing, frames = {}, draw(S, N, features).requires_grad_()
    if image or features: modules = seeing | {"target_embedding": torch.nn.Embedding(V, E).double(), "encoder": CELLS[cell](frames.shape[-1], H, L, bidirectional=bidirectional).double()}
    else: modules = {"source_embedding": torch.nn.Embedding(V, E).double(), "target_embedding": torch.nn.Embedding(V, E).double(), "encoder": CELLS[cell](E, H, L, bidirectional=bidirectional).double()}
    kinds = ["h", "c"] if lstm and context != "every-step" else ["h"]
    if summary != "last": modules |= {f"bridge.{k}": linear(D * H, H) for k in kinds}
    joined = 0 if context == "initial" else (D * H if summary == "last" else H)
    modules["decoder"] = CELLS[cell](E + joined + (D * H if attention == "additive" else 0), H, L).double()
    if attention == "general": modules["attention"] = torch.nn.Linear(D * H, H, bias=False).double()
    if attention == "additive": modules |= {"attention.query": linear(H, A, False), "attention.key": linear(D * H, A, False), "attention.score": linear(A, 1, False)}
    if attention in ("dot", "general"): modules["combine"] = linear(D * H + H, H)
    modules["head"] = linear(H, V)
    if not image and not features: source = padded(torch.randint(0, V, (S, N)), source_lengths, V)
    targets = padded(torch.randint(0, V, (T, N)), lengths, V)
    previous = torch.cat([torch.full((1, N), V - 1), targets[:-1]])
    memory, final = ragged(modules["encoder"], frames if image or features else embed(modules["source_embedding"].weight, source), source_lengths)
    mask = own(memory, source_lengths)
    finals = final if lstm else (final,)
    def of(kind, l):
        state = finals["hc".index(kind)]
        if summary == "last": return state[l] if not bidirectional else torch.cat([state[2 * l], state[2 * l + 1]], -1)
        v = (memory * mask).sum(0) / mask.sum(0) if summary == "transformed-all" else torch.cat([state[D * l + d] for d in range(D)], -1)
        return torch.tanh(modules[f"bridge.{kind}"](v))
    c = of("h", L - 1) if joined else None
    state = None
    if context != "every-step":
        state = tuple(torch.stack([of(kind, l) for l in range(L)]) for kind in (["h", "c"] if lstm else ["h"]))
        state = state if lstm else state[0]
    logits, weights = [], []
    for t in range(T):
        x = embed(modules["target_embedding"].weight, previous[t])
        if c is not None: x = torch.cat([x, c], -1)
        attend = lambda scores: torch.softmax(scores.masked_fill(mask[..., 0] == 0, -float("inf")), 0)
        alive = own(targets, lengths)[t]
        if attention == "additive":
            h = (state[0] if lstm else state)[-1]
            alpha = attend(modules["attention.score"](torch.tanh(modules["attention.query"](h)[None] + modules["attention.key"](memory)))[..., 0])
            x = torch.cat([x, (alpha[..., None] * memory).sum(0)], -1)
            weights.append((alpha * alive.T).T)
        y, state = step(modules["decoder"], x, state)
        y = y * alive
        if attention in ("dot", "general"):
            keys = memory if attention == "dot" else modules["attention"](memory)
            alpha = attend((keys * y[None]).sum(-1))
            weights.append(alpha.T)
            y = torch.tanh(modules["combine"](torch.cat([(alpha[..., None] * memory).sum(0), y], -1)))
        logits.append(modules["head"](y))
    logits = torch.stack(logits)
    loss = F.cross_entropy(logits.reshape(-1, V), targets.reshape(-1), ignore_index=V)
    config = {"cell": cell, "source_vocab_size": V, "target_vocab_size": V, "embedding_size": E, "hidden_size": H, "num_layers": L, "bidirectional": bidirectional, "context": context, "summary": summary, "attention": attention, "attention_size": A, "batch": N, "time": T}
    read = {"images": images} if image else {"source_features": frames} if features else {"source_ids": source}
    if image: config["image"] = image
    if features: config["feature_size"] = features
    inputs = read | ({} if image else {"source_lengths": source_lengths}) | {"decoder_ids": previous, "targets": targets, "target_lengths": lengths}
    save(name, "EncoderDecoder", config, modules, inputs, {"logits": logits} | ({"attention": torch.stack(weights)} if weights else {}), loss, [k for k in read if k != "source_ids"])


def captioner(name, cell, T, N, V, E, H, L, size, lengths, inject, P=4, A=6, image=None):
    torch.manual_seed(len(name))
    seeing = convolutions(image) if image else {}
    linear = lambda a, b, bias=True: torch.nn.Linear(a, b, bias=bias).double()
    lstm, grid = cell == "LSTM", inject == "attention"
    modules = {"embedding": torch.nn.Embedding(V, E).double()}
    if grid: modules |= {f"initial.{k}": linear(size, H) for k in (["h", "c"] if lstm else ["h"])} | {"attention.query": linear(H, A, False), "attention.key": linear(size, A, False), "attention.score": linear(A, 1, False)}
    rnn = modules["rnn"] = CELLS[cell](E + (size if grid else 0), H, L).double()
    gates = rnn.weight_ih_l0.shape[0]
    if not grid: modules["image"] = linear(size, E) if inject == "prefix" else linear(size, gates, False)
    modules["head"] = linear(H, V)
    if image:
        images = draw(N, image["rows"], image["columns"], image["channels"]).requires_grad_()
        features = see(seeing, images).flatten(1, 2) if grid else see(seeing, images).flatten(1)
    else: features = draw(*((N, P, size) if grid else (N, size))).requires_grad_()
    targets = padded(torch.randint(0, V, (T, N)), lengths, V)
    previous = torch.cat([torch.full((1, N), V - 1), targets[:-1]])
    state, weights, logits = None, [], []
    if grid:
        state = tuple(torch.tanh(modules[f"initial.{k}"](features.mean(1)))[None].repeat(L, 1, 1) for k in (["h", "c"] if lstm else ["h"]))
        state = state if lstm else state[0]
    if inject == "prefix": _, state = step(rnn, modules["image"](features), None)
    for t in range(T):
        x, alive = embed(modules["embedding"].weight, previous[t]), own(targets, lengths)[t]
        if grid:
            h = (state[0] if lstm else state)[-1]
            alpha = torch.softmax(modules["attention.score"](torch.tanh(modules["attention.query"](h)[:, None] + modules["attention.key"](features)))[..., 0], -1)
            x = torch.cat([x, (alpha[..., None] * features).sum(1)], -1)
            weights.append(alpha * alive)
        if inject == "every" or (inject == "first" and t == 0):
            y, state = joined_step(cell, rnn, x, modules["image"](features), state)
        else: y, state = step(rnn, x, state)
        logits.append(modules["head"](y * alive))
    logits = torch.stack(logits)
    loss = F.cross_entropy(logits.reshape(-1, V), targets.reshape(-1), ignore_index=V)
    config = {"cell": cell, "vocab_size": V, "embedding_size": E, "hidden_size": H, "num_layers": L, "feature_size": size, "inject": inject, "batch": N, "time": T} | ({"grid": P, "attention_size": A} if grid else {})
    if image: config["image"] = image
    read = {"images": images} if image else {"features": features}
    save(name, "Captioner", config, seeing | modules, read | {"ids": previous, "targets": targets, "lengths": lengths}, {"logits": logits} | ({"attention": torch.stack(weights)} if grid else {}), loss, list(read))


def language_models(module):
    """Writes language-models.json: weights and logits of the module of docs/weights.md over two windows."""
    cases = {}
    for name, options in {"lstm, tied": ("lstm", 7, 5, 2, 5, True), "gru, one-hot": ("gru", 7, 5), "rnn": ("rnn", 7, 5, 1, 3)}.items():
        torch.manual_seed(len(name))
        model, ids = module(*options).double(), torch.randint(0, 8, (6, 2))  # 7 is unknown
        first, state = model(ids[:4])
        logits = torch.cat([first, model(ids[4:], state)[0]])
        cell, symbols, hidden, layers, embedding, tied = (*options, *(1, 0, False)[len(options) - 3 :])
        config = {"cell": cell, "symbols": symbols, "hidden": hidden, "layers": layers, "embedding": embedding, "tied": tied}
        plain = lambda t: {"shape": list(t.shape), "data": [round(v, 7) for v in t.flatten().tolist()]}
        cases[name] = {"config": config, "ids": ids.flatten().tolist(), "weights": {k: plain(v) for k, v in model.state_dict().items()}, "logits": plain(logits)["data"]}
    path = pathlib.Path(__file__).parent / "language-models.json"
    path.write_text(golden_text({"cases": cases}))


def check_docs():
    """Runs the modules of docs/weights.md on the cases, compares logits, and notes which code that was."""
    text = (pathlib.Path(__file__).parents[2] / "docs/weights.md").read_text(encoding="utf-8")
    code = next(block for block in re.findall(r"```python\n(.*?)```", text, re.S) if "class Reader" in block)
    docs, compared = {}, []
    exec(code, docs)
    for path in sorted(make_parity.HERE.glob("*.safetensors")):
        raw = path.read_bytes()
        end = 8 + struct.unpack("<Q", raw[:8])[0]
        header = json.loads(raw[8:end])
        about = header.pop("__metadata__")
        config = json.loads(about["config"])
        if "image" in config or (about["module"] == "EncoderDecoder" and "feature_size" in config): continue
        array = lambda v: torch.tensor(np.frombuffer(raw[end + v["data_offsets"][0] : end + v["data_offsets"][1]], "<f4" if v["dtype"] == "F32" else "<i4").reshape(v["shape"]).copy())
        t = {k: array(v) for k, v in header.items()}
        layers = (config["num_layers"], config.get("bidirectional", False))
        cell, H, lengths = config["cell"].lower(), config["hidden_size"], t.get("input.source_lengths", t.get("input.lengths"))
        counts = slice(None)
        if about["module"] == "EncoderDecoder":
            usual = "transformed-last" if config["bidirectional"] else "last"
            if config["context"] != "initial" or config["summary"] != usual: continue
            model = docs["EncoderDecoder"](cell, config["source_vocab_size"], config["embedding_size"], H, *layers, config["attention"], config["attention_size"])
            given = (t["input.source_ids"].long(), lengths, t["input.decoder_ids"].long())
            counts = t["input.targets"] < config["target_vocab_size"]
        elif about["module"] == "Captioner":
            if config["inject"] not in ("prefix", "attention"): continue
            model = docs["Captioner"](cell, config["vocab_size"], config["embedding_size"], H, config["feature_size"], config["inject"], config["num_layers"], config.get("attention_size", 0))
            features = t["input.features"]
            given = (features.transpose(0, 1) if features.dim() == 3 else features, t["input.ids"].long())
            counts = t["input.targets"] < config["vocab_size"]
        else:
            model = docs["Reader"](cell, config["input_size"], H, config.get("classes", config.get("outputs")), *layers, config["pooling"])
            given = (t["input.x"], lengths)
        model.load_state_dict({k[6:]: v for k, v in t.items() if k.startswith("param.")})
        wanted = t.get("output.logits", t.get("output.predictions"))
        assert (model(*given)[counts] - wanted[counts]).abs().max() < 1e-5, path.name
        compared.append(path.stem)
    language_models(docs["LanguageModel"])
    note = {"code": hashlib.sha256(code.encode()).hexdigest(), "cases": compared}
    (pathlib.Path(__file__).parent / "tasks-in-torch.json").write_text(json.dumps(note, indent=2) + "\n")


def main():
    reader("classifier-lstm-2layer-bi-last", "Classifier", "LSTM", 5, 4, 3, 6, 2, [5, 1, 3, 4], True)
    reader("classifier-rnn-max", "Classifier", "RNN", 6, 3, 4, 5, 1, [2, 6, 5], pooling="max")
    reader("tagger-gru-2layer", "Tagger", "GRU", 6, 3, 4, 5, 2, [6, 2, 4], pooling="none")
    reader("regressor-lstm-bi-mean", "Regressor", "LSTM", 5, 3, 2, 4, 1, [3, 5, 1], True, "mean", 2)
    reader("regressor-rnn-none", "Regressor", "RNN", 5, 3, 2, 4, 1, [3, 5, 1], False, "none", 2)
    encoder_decoder("encoder-decoder-lstm-last-both", "LSTM", 5, 4, 3, 7, 4, 6, 2, [5, 2, 4], [4, 1, 3], False, "last", "both", None)
    encoder_decoder("encoder-decoder-gru-dot", "GRU", 5, 4, 3, 7, 4, 6, 1, [1, 5, 3], [4, 4, 2], False, "last", "initial", "dot")
    encoder_decoder("encoder-decoder-rnn-general-every-step", "RNN", 5, 4, 3, 7, 4, 6, 2, [5, 3, 2], [2, 4, 3], True, "transformed-all", "every-step", "general")
    encoder_decoder("encoder-decoder-lstm-bi-additive", "LSTM", 5, 4, 3, 7, 4, 6, 1, [4, 5, 1], [3, 4, 2], True, "transformed-last", "initial", "additive")
    encoder_decoder("encoder-decoder-gru-2layer-additive", "GRU", 5, 4, 3, 7, 4, 6, 2, [4, 5, 1], [3, 4, 2], True, "transformed-last", "initial", "additive")
    captioner("captioner-gru-first", "GRU", 4, 3, 7, 4, 5, 1, 6, [4, 2, 3], "first")
    captioner("captioner-lstm-2layer-every", "LSTM", 4, 3, 7, 4, 5, 2, 6, [4, 2, 3], "every")
    captioner("captioner-rnn-prefix", "RNN", 4, 3, 7, 4, 5, 1, 6, [4, 2, 3], "prefix")
    captioner("captioner-gru-attention", "GRU", 4, 3, 7, 4, 5, 1, 6, [4, 2, 3], "attention")
    photo = {"rows": 6, "columns": 5, "channels": 2, "filters": [3], "size": 3, "steps": "images"}
    line = {"rows": 4, "columns": 14, "channels": 1, "filters": [2, 3], "size": 5, "steps": "columns"}
    reader("classifier-images-lstm-bi", "Classifier", "LSTM", 4, 3, 0, 5, 1, [4, 1, 3], True, image=photo)
    reader("classifier-columns-gru", "Classifier", "GRU", 3, 3, 0, 5, 1, [3, 3, 3], pooling="mean", image=line)
    reader("tagger-images-rnn", "Tagger", "RNN", 4, 3, 0, 5, 1, [2, 4, 3], pooling="none", image=photo)
    reader("regressor-images-gru", "Regressor", "GRU", 4, 3, 0, 5, 1, [2, 4, 3], False, "last", 2, image=photo)
    captioner("captioner-image-gru-attention", "GRU", 4, 3, 7, 4, 5, 1, 3, [4, 2, 3], "attention", P=6, image=photo)
    captioner("captioner-image-lstm-first", "LSTM", 4, 3, 7, 4, 5, 1, 18, [4, 2, 3], "first", image=photo)
    encoder_decoder("encoder-decoder-features-lstm-bi-additive", "LSTM", 5, 4, 3, 7, 4, 6, 1, [4, 5, 1], [3, 4, 2], True, "transformed-last", "initial", "additive", features=5)
    encoder_decoder("encoder-decoder-columns-gru-general", "GRU", 0, 4, 3, 7, 4, 6, 2, None, [3, 4, 2], True, "transformed-all", "initial", "general", image=line)
    check_docs()


if __name__ == "__main__":
    main()
