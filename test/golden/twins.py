#!/usr/bin/env python3
"""The PyTorch twins of docs/results.md: same files, shapes, starting weights' family, batches and optimizer.

python3 test/golden/twins.py translate --pairs dates.tsv --held-out dates.held-out.tsv --cell gru --hidden 64 …

A subcommand for each task of `unrolled train`, with its names of options. Modules are those of docs/weights.md.
Prints one JSON object: measures on the held-out file, steps and seconds of processor time of training. One thread.

`--start` is a checkpoint of the command after one step at a rate of 1e-50, which changes nothing: the twin has the
weights that the command starts from, its numbering of symbols and its batches, in the same order. `--double` computes in double precision, which
shows what rounding does.
"""
import argparse, csv, functools, itertools, json, math, pathlib, random, re, struct, time
import numpy as np
import torch
from torch import nn
from twin_start import numbered, random_words, safetensors, same_batches, same_weights

DOCS = {}
exec(next(block for block in re.findall(r"```python\n(.*?)```", (pathlib.Path(__file__).parents[2] / "docs/weights.md").read_text(encoding="utf-8"), re.S) if "class Reader" in block), DOCS)


PACKED = DOCS["ragged"]


def ragged(rnn, x, lengths):
    """Outputs and final states of rows with lengths of their own.

    Packed rows cost the square of their length here, so one layer of a GRU reads padded ones, turned round for the
    other direction. An LSTM's cell state is known after the last step only: it packs, unless all rows are full.
    """
    if (lengths == len(x)).all(): return rnn(x)
    if not isinstance(rnn, nn.GRU): return PACKED(rnn, x, lengths)
    steps = torch.arange(len(x))[:, None]
    turned = torch.where(steps < lengths, lengths - 1 - steps, steps)
    def direction(suffix):
        own, at = [getattr(rnn, f"{name}_l0{suffix}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")], turned[..., None]
        turn = lambda y: y.gather(0, at.expand(-1, -1, y.shape[-1])) if suffix else y
        y = torch._VF.gru(turn(x), x.new_zeros(1, x.shape[1], rnn.hidden_size), own, True, 1, 0.0, False, False, False)[0]
        return turn(y) * (steps < lengths)[..., None], y[lengths - 1, torch.arange(len(lengths))]
    outputs, finals = zip(*(direction(suffix) for suffix in ("", "_reverse")[: 1 + rnn.bidirectional]))
    return torch.cat(outputs, -1), torch.stack(finals)


DOCS["ragged"] = ragged


class Symbols:
    """Ids of characters or words in order, then begin and end; V is padding and what is unknown."""

    def __init__(self, texts, kind, lowercase=False, least=1, names=None):
        read = lambda text: re.findall(r"\w+(?:['’-]\w+)*|[^\w\s]", text.lower() if lowercase else text)
        self.cut = {"characters": list, "words": read}[kind]
        counts = {}
        for text in texts:
            for symbol in self.cut(text): counts[symbol] = counts.get(symbol, 0) + 1
        self.names = names or sorted(symbol for symbol, count in counts.items() if count >= least)
        self.ids = {symbol: i for i, symbol in enumerate(self.names)}
        self.begin, self.end, self.V = len(self.names), len(self.names) + 1, len(self.names) + 2

    def encode(self, text): return [self.ids.get(symbol, self.V) for symbol in self.cut(text)]


def lines(path):
    """Rows of a TSV file."""
    return [line.split("\t") for line in pathlib.Path(path).read_text(encoding="utf-8").split("\n") if line]


def records(path):
    """Rows of a CSV or JSON Lines file by name."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)) if path.endswith(".csv") else [json.loads(line) for line in file if line.strip()]


def single(numbers):
    """Numbers in single precision, or double with --double."""
    return numbers.to(torch.get_default_dtype())


def idx(path):
    raw = pathlib.Path(path).read_bytes()
    shape = struct.unpack(f">{raw[3]}I", raw[4 : 4 + 4 * raw[3]])
    return torch.tensor(np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(shape).copy())


def padded(rows, value):
    """Lists of ids, or tensors [T,…], as [T,N,…]."""
    return nn.utils.rnn.pad_sequence([torch.as_tensor(row) for row in rows], padding_value=value)


def batches(sizes, options):
    """Rows of like length together, so many batches in a row, in an order of chance, for ever."""
    if options.start: yield from same_batches(sizes, options.start)
    draw, size, run = random.Random(options.seed), options.batch, options.runs
    while True:
        order = list(range(len(sizes)))
        draw.shuffle(order)
        order.sort(key=lambda row: sizes[row])
        cut = [order[i : i + size] for i in range(0, len(order), size)]
        runs = [cut[i : i + run] for i in range(0, len(cut), run)]
        draw.shuffle(runs)
        for run_of_batches in runs: yield from run_of_batches


def learn(model, loss, sizes, options):
    """Adam on a mean loss of rows of those sizes, gradients scaled down to a norm. Returns steps and seconds."""
    if options.start: same_weights(model, options.start)
    optimizer = torch.optim.Adam(model.parameters(), lr=options.rate)
    steps = options.steps or options.epochs * math.ceil(len(sizes) / options.batch)
    began, source = time.process_time(), batches(sizes, options) if sizes else itertools.repeat(None)
    for step in range(steps):
        progress = step / (steps - 1) if options.schedule == "cosine" and steps > 1 else 0
        optimizer.param_groups[0]["lr"] = options.rate * (1 + math.cos(math.pi * progress)) / 2
        optimizer.zero_grad()
        value = loss(next(source))
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), options.clip_norm)
        optimizer.step()
        if options.report and (step + 1) % options.report == 0: print(step + 1, value.item(), flush=True)
    return {"steps": steps, "seconds": round(time.process_time() - began, 1), "parameters": sum(p.numel() for p in model.parameters())}


def edits(a, b):
    """Insertions, deletions and substitutions between two lists."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        before, row[0] = row[0], i + 1
        for j, y in enumerate(b): before, row[j + 1] = row[j + 1], min(row[j + 1] + 1, row[j] + 1, before + (x != y))
    return row[-1]


@torch.no_grad()
def written(logits, count, symbols, wanted, longest, beam=1):
    """Texts of `count` rows by a beam search (greedy with one hypothesis), compared with those wanted.

    `logits` reads `previous` [T,count*beam]; a hypothesis that ends, or is as long as texts may be, leaves the search.
    """
    previous, best = torch.full((1, count * beam), symbols.begin), [(-math.inf, [])] * count
    totals = torch.full((count, beam), -math.inf)
    totals[:, 0] = 0
    for length in range(1, longest + 1):
        scores = totals[..., None] + torch.log_softmax(logits(previous)[-1], -1).unflatten(0, (count, beam))
        totals, chosen = scores.flatten(1).topk(beam)
        ids = chosen % symbols.V
        rows = torch.arange(count)[:, None] * beam + chosen // symbols.V
        previous = torch.cat([previous[:, rows.flatten()], ids.reshape(1, -1)])
        ended = (ids == symbols.end) | (length == longest)
        for n, b in ended.nonzero().tolist():
            if totals[n, b] > best[n][0]: best[n] = totals[n, b].item(), previous[1:, n * beam + b].tolist()
        totals = totals.masked_fill(ended, -math.inf)
        if all(found[0] >= total for found, total in zip(best, totals.amax(1).tolist())): break
    texts = [row for _, row in best]
    exact = sum(a == [*b, symbols.end] for a, b in zip(texts, wanted)) / count
    texts = [row[:-1] if row[-1] == symbols.end else row for row in texts]
    return {"exactMatch": exact, "editDistance": sum(map(edits, texts, wanted)) / sum(map(len, wanted))}


def writing(symbols, ids):
    """`previous` and `targets` [T,N] of texts."""
    return padded([[symbols.begin, *row] for row in ids], symbols.V), padded([[*row, symbols.end] for row in ids], symbols.V)


def longest_of(training):
    """Symbols that a text may have, as the command has it."""
    return math.ceil(1.5 * max(map(len, training))) + 5


@torch.no_grad()
def mean_loss(loss, count, weights, size=100):
    """Of all rows, a mean over what counts."""
    total = sum(loss(range(i, min(count, i + size))).item() * sum(weights[i : i + size]) for i in range(0, count, size))
    return total / sum(weights)


def translate(options):
    train, test = lines(options.pairs), lines(options.held_out)
    source = Symbols([row[0] for row in train], options.source_tokens, names=numbered(options.start, "source"))
    target = Symbols([row[1] for row in train], options.target_tokens, names=numbered(options.start, "target"))
    model = DOCS["EncoderDecoder"](options.cell, 1, 1, options.hidden, 1, options.bidirectional, options.attention, options.hidden)
    width = options.hidden * (1 + options.bidirectional) if options.attention == "additive" else 0
    E, cell = options.embedding, DOCS["KINDS"][options.cell]
    model.source_embedding, model.target_embedding = nn.Embedding(source.V, E), nn.Embedding(target.V, E)
    model.encoder, model.decoder = cell(E, options.hidden, bidirectional=options.bidirectional), cell(E + width, options.hidden)
    model.head = nn.Linear(options.hidden, target.V)

    def data(rows):
        read, wanted = [source.encode(row[0]) for row in rows], [target.encode(row[1]) for row in rows]
        def loss(chosen):
            previous, targets = writing(target, [wanted[i] for i in chosen])
            own = [read[i] for i in chosen]
            logits = model(padded(own, source.V), torch.tensor([len(row) for row in own]), previous)
            return nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=target.V)
        return read, wanted, loss
    read, wanted, loss = data(train)
    found = learn(model, loss, [(len(a), len(b) + 1) for a, b in zip(read, wanted)], options)
    longest = longest_of(wanted)
    read, wanted, loss = data(test)
    found["loss"] = mean_loss(loss, len(test), [len(row) + 1 for row in wanted])
    for beam in sorted({1, options.beam}):
        given = padded(read, source.V).repeat_interleave(beam, 1), torch.tensor([len(row) for row in read]).repeat_interleave(beam)
        measures = written(lambda previous: model(*given, previous), len(test), target, wanted, longest, beam)
        found.update({k if beam == 1 else f"{k}, beam {beam}": v for k, v in measures.items()})
    return found


class Injected(nn.Module):
    """A captioner that is given its features at the first step, or at every step."""

    def __init__(self, cell, symbols, embedding, hidden, features, inject):
        super().__init__()
        self.embedding, self.inject = nn.Embedding(symbols, embedding), inject
        self.rnn, self.head = DOCS["KINDS"][cell](embedding + features, hidden), nn.Linear(hidden, symbols)
        # The matrix of the features is a linear layer of its own there.
        nn.init.uniform_(self.rnn.weight_ih_l0[:, embedding:].data, -1 / math.sqrt(features), 1 / math.sqrt(features))

    def forward(self, image, previous):
        given = image.expand(len(previous), -1, -1)
        if self.inject == "first": given = given * (torch.arange(len(previous)) == 0)[:, None, None]
        return self.head(self.rnn(torch.cat([DOCS["vectors"](self.embedding, previous), given], -1))[0])


class Seeing(nn.Module):
    """Convolutions whose places a captioner attends to, or is given side by side."""

    def __init__(self, write, channels, attends):
        super().__init__()
        self.see, self.write, self.attends = convolved([16, 32], channels), write, attends

    def forward(self, image, previous):  # [N,P,C] of a square image
        side = math.isqrt(image.shape[1])
        places = self.see(image.unflatten(1, (side, side)).permute(0, 3, 1, 2)).flatten(2)
        return self.write(places.permute(2, 0, 1) if self.attends else places.transpose(1, 2).flatten(1), previous)


def caption(options):
    train, test = [row[0] for row in lines(options.captions)], [row[0] for row in lines(options.held_out_captions)]
    images, others = (safetensors(path) for path in (options.features, options.held_out_features))
    images, others = (single(found[options.tensor or next(iter(found))]) for found in (images, others))
    symbols, attends = Symbols(train, options.tokens, names=numbered(options.start, "target")), options.inject == "attention"
    pixels, P, C = options.steps_are == "image", images[0].numel() // images.shape[-1], images.shape[-1]
    if pixels: P, C = P // 16, 32
    elif not attends: images, others = images.flatten(1), others.flatten(1)
    sizes = (options.cell, symbols.V, options.embedding, options.hidden, C if attends else P * C, options.inject)
    model = DOCS["Captioner"](*sizes, 1, options.hidden) if attends else Injected(*sizes)
    if pixels: model = Seeing(model, images.shape[-1], attends)
    def own(features, chosen):
        given = features[torch.as_tensor(list(chosen))]
        return given.transpose(0, 1) if attends and not pixels else given

    def data(texts, features):
        wanted = [symbols.encode(text) for text in texts]
        def loss(chosen):
            previous, targets = writing(symbols, [wanted[i] for i in chosen])
            return nn.functional.cross_entropy(model(own(features, chosen), previous).flatten(0, 1), targets.flatten(), ignore_index=symbols.V)
        return wanted, loss
    wanted, loss = data(train, images)
    found = learn(model, loss, [len(row) + 1 for row in wanted], options)
    longest = longest_of(wanted)
    wanted, loss = data(test, others)
    nats = mean_loss(loss, len(test), [len(row) + 1 for row in wanted])
    if options.loss_only: return {"loss": nats, "perplexity": math.exp(nats), **found}
    given = own(others, range(len(test)))
    return {"loss": nats, "perplexity": math.exp(nats), **written(lambda previous: model(given, previous), len(test), symbols, wanted, longest), **found}


def classify(options):
    if options.idx:
        def read(paths):
            images, labels = (idx(path) for path in paths.split(","))
            return [single(image / 255) if options.steps_are == "rows" else single(image / 255).reshape(-1, 1) for image in images], labels.tolist()
        (train, labels), (test, others) = read(options.idx), read(options.held_out)
        names, symbols, width, pad = sorted(set(labels)), 0, train[0].shape[-1], 0.0
    else:
        rows, more = records(options.data), records(options.held_out)
        words = Symbols([row["text"] for row in rows], options.tokens, options.lowercase, options.min_count, numbered(options.start, "input"))
        train, test = ([words.encode(row["text"]) for row in part] for part in (rows, more))
        labels, others = ([row["label"] for row in part] for part in (rows, more))
        names, symbols, width, pad = sorted(set(labels)), words.V, options.embedding, words.V
    model = DOCS["Reader"](options.cell, width, options.hidden, len(names), 1, options.bidirectional, options.pooling, symbols)

    def logits(texts, chosen): return model(padded([texts[i] for i in chosen], pad), torch.tensor([len(texts[i]) for i in chosen]))
    wanted = lambda part, chosen: torch.tensor([names.index(part[i]) for i in chosen])
    found = learn(model, lambda chosen: nn.functional.cross_entropy(logits(train, chosen), wanted(labels, chosen)), list(map(len, train)), options)
    with torch.no_grad(): out = torch.cat([logits(test, range(i, min(i + 100, len(test)))) for i in range(0, len(test), 100)])
    truth, chosen = wanted(others, range(len(test))), out.argmax(-1)
    one = lambda k: ((chosen == k) & (truth == k)).sum().item() * 2 / max(1, ((chosen == k).sum() + (truth == k).sum()).item())
    return {"loss": nn.functional.cross_entropy(out, truth).item(), "accuracy": (chosen == truth).float().mean().item(), "f1": sum(map(one, range(len(names)))) / len(names), **found}


class MinGRU(nn.Module):
    """minGRU (Feng and others, 2024) with one bias, from zero states."""

    def __init__(self, features, hidden):
        super().__init__()
        bound = 1 / math.sqrt(hidden)
        own = lambda *shape: nn.Parameter(torch.empty(*shape).uniform_(-bound, bound))
        self.weight_ih_l0, self.bias_ih_l0, self.bidirectional = own(2 * hidden, features), own(2 * hidden), False

    def forward(self, x):
        z, candidate = (x @ self.weight_ih_l0.T + self.bias_ih_l0).chunk(2, -1)
        z, h, out = torch.sigmoid(z), torch.zeros_like(z[0]), []
        for share, new in zip(z, candidate):
            h = (1 - share) * h + share * new
            out.append(h)
        return torch.stack(out), h[None]


def layer(cell, features, hidden, bidirectional=False):
    return MinGRU(features, hidden) if cell == "mingru" else DOCS["KINDS"][cell](features, hidden, bidirectional=bidirectional)


def scaled(numbers, by=None):
    """Numbers with mean 0 and deviation 1 along the last axis, as the command has them, and what they are scaled by."""
    mean, deviation = by or (numbers.double().flatten(0, -2).mean(0), numbers.double().flatten(0, -2).std(0, unbiased=False))
    return single((numbers - mean) / deviation), (mean, deviation)


def adding(options):
    """The adding problem: a regressor over steps of two features that reads its last state."""
    def data(path):
        rows = records(path)
        return torch.tensor([row["steps"] for row in rows]).reshape(len(rows), -1, 2).transpose(0, 1), torch.tensor([[row["sum"]] for row in rows])
    (train, sums), (test, others) = data(options.data), data(options.held_out)
    asis = None if options.scaled else (0.0, 1.0)
    (train, of_steps), (sums, of_sums) = scaled(train, asis), scaled(sums, asis)
    test = scaled(test, of_steps)[0]
    model = nn.ModuleDict({"rnn": layer(options.cell, 2, options.hidden), "head": nn.Linear(options.hidden, 1)})
    read = lambda x: model["head"](model["rnn"](x)[0][-1])
    found = learn(model, lambda rows: nn.functional.mse_loss(read(train[:, rows]), sums[rows]), [0] * len(sums), options)
    with torch.no_grad(): return {"mse": nn.functional.mse_loss(read(test) * of_sums[1] + of_sums[0], others).item(), **found}


class FrameReader(DOCS["EncoderDecoder"]):
    """Reads steps of numbers by several layers; of a pyramid, each above the lowest reads two outputs at once."""

    def __init__(self, options, features, symbols):
        H, L, cell = options.hidden, options.layers, DOCS["KINDS"][options.cell]
        super().__init__(options.cell, symbols, options.embedding, H, L, True, "general")
        self.pyramidal = options.pyramidal
        widths = [features] + [2 * H * (1 + self.pyramidal)] * (L - 1)
        self.encoder = nn.ModuleList(cell(width, H, bidirectional=True) for width in widths)
        self.encoder.bidirectional = True
        del self.source_embedding

    def read(self, x, lengths):
        finals = []
        for place, rnn in enumerate(self.encoder):
            if place and self.pyramidal:
                x, lengths = torch.cat([x, x[:1] * 0]) if len(x) % 2 else x, (lengths + 1) // 2
                x = torch.cat([x[0::2], x[1::2]], -1)
            x, final = DOCS["ragged"](rnn, x, lengths)
            finals.append(final)
        return x, tuple(map(torch.cat, zip(*finals))) if isinstance(final, tuple) else torch.cat(finals), lengths


def morse(options):
    """Frames of sound to letters, with general attention."""
    train, test = ([(torch.tensor(row["source"]).reshape(-1, 8), row["target"]) for row in records(path)] for path in (options.data, options.held_out))
    symbols, (_, by) = Symbols([text for _, text in train], "characters", names=numbered(options.start, "target")), scaled(torch.cat([x for x, _ in train]))
    model = FrameReader(options, 8, symbols.V)

    def data(part):
        wanted = [symbols.encode(text) for _, text in part]
        read = lambda chosen: (padded([scaled(part[i][0], by)[0] for i in chosen], 0.0), torch.tensor([len(part[i][0]) for i in chosen]))
        def loss(chosen):
            previous, targets = writing(symbols, [wanted[i] for i in chosen])
            return nn.functional.cross_entropy(model(*read(chosen), previous).flatten(0, 1), targets.flatten(), ignore_index=symbols.V)
        return read, wanted, loss
    _, wanted, loss = data(train)
    found = learn(model, loss, [(len(x), len(row) + 1) for (x, _), row in zip(train, wanted)], options)
    longest = longest_of(wanted)
    read, wanted, loss = data(test)
    given = read(range(len(test)))
    return {"loss": mean_loss(loss, len(test), [len(row) + 1 for row in wanted]), **written(lambda previous: model(*given, previous), len(test), symbols, wanted, longest), **found}


def copy_memory(options):
    """Ten of eight symbols after thirty blanks, every window a new one of the command's; the family of its starting weights."""
    count, delay, H = 10, 30, options.hidden
    model = nn.ModuleDict({"rnn": layer(options.cell, 10, H), "head": nn.Linear(H, 10)})
    for name, value in model.named_parameters():
        if "bias" in name: nn.init.zeros_(value)
        else:
            for gate in value.data.split(H): (nn.init.orthogonal_ if "weight_hh" in name else nn.init.xavier_uniform_)(gate)
    if options.cell == "lstm": model["rnn"].bias_ih_l0.data[H : 2 * H] = 3

    def answer(rows, words):
        wanted = torch.tensor([next(words) >> 29 for _ in range(rows * count)]).reshape(rows, count).T
        blank = lambda n: torch.full((n, rows), 8)
        x = single(nn.functional.one_hot(torch.cat([wanted, blank(delay - 1), torch.full((1, rows), 9), blank(count)]), 10))
        return model["head"](model["rnn"](x)[0][-count:]), wanted

    training, held_out = random_words(options.seed, 4), random_words(0, 7)
    def loss(_):
        logits, wanted = answer(options.batch, training)
        return nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())
    found = learn(model, loss, None, options)
    with torch.no_grad(): logits, wanted = answer(1024, held_out)
    return {"loss": nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten()).item(), "accuracy": (logits.argmax(-1) == wanted).float().mean().item(), **found}


def convolved(filters, channels):
    """Convolutions of 3 by 3, each followed by a rectifier and 2 by 2 max pooling."""
    widths = [channels, *filters]
    return nn.Sequential(*(part for a, b in zip(widths, widths[1:]) for part in (nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))))


def moving_shapes(options):
    """Films: convolutions with 8 and 16 filters, then a layer that labels each frame."""
    names = sorted(["rest", "left", "right", "up", "down"])
    def data(path):
        rows = records(path)
        return torch.tensor([row["frames"] for row in rows]).reshape(len(rows), -1, 1, 10, 10), torch.tensor([[names.index(tag) for tag in row["tags"]] for row in rows]).T
    (train, tags), (test, others) = data(options.data), data(options.held_out)
    see = convolved([8, 16], 1)
    rnn = layer(options.cell, 16 * 4, options.hidden, options.bidirectional)
    model = nn.ModuleDict({"see": see, "rnn": rnn, "head": nn.Linear(options.hidden * (1 + options.bidirectional), len(names))})
    def logits(films): return model["head"](rnn(see(films.transpose(0, 1).flatten(0, 1)).permute(0, 2, 3, 1).flatten(1).reshape(films.shape[1], films.shape[0], -1))[0])
    loss = lambda rows: nn.functional.cross_entropy(logits(train[rows]).flatten(0, 1), tags[:, rows].flatten())
    found = learn(model, loss, [0] * len(train), options)
    with torch.no_grad(): return {"accuracy": (logits(test).argmax(-1) == others).float().mean().item(), **found}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    tasks = parser.add_subparsers(dest="task", required=True)
    def task(name, run, *extra):
        own = tasks.add_parser(name)
        own.set_defaults(run=run)
        for option in extra: own.add_argument(option)
        own.add_argument("--start")
        own.add_argument("--double", action="store_true")
        own.add_argument("--nonlinearity", choices=("tanh", "relu"), default="tanh")
        own.add_argument("--schedule", choices=("constant", "cosine"), default="constant")
        own.add_argument("--cell", default="lstm", choices=("rnn", "lstm", "gru", "mingru"))
        own.add_argument("--bidirectional", action="store_true")
        for option, kind, usual in (("hidden", int, 64), ("embedding", int, 64), ("batch", int, 32), ("rate", float, 3e-3), ("clip-norm", float, 5.0),
                                    ("epochs", int, 10), ("steps", int, 0), ("seed", int, 1), ("runs", int, 1), ("report", int, 0)):
            own.add_argument(f"--{option}", type=kind, default=usual)
        return own
    own = task("translate", translate, "--pairs", "--held-out")
    own.add_argument("--attention", choices=("none", "dot", "general", "additive"), default="none")
    own.add_argument("--beam", type=int, default=1)
    for side in ("source", "target"): own.add_argument(f"--{side}-tokens", default="characters")
    own = task("caption", caption, "--features", "--tensor", "--captions", "--held-out-features", "--held-out-captions")
    own.add_argument("--as", dest="steps_are", choices=("places", "image"), default="places")
    own.add_argument("--inject", choices=("first", "every", "attention"), default="first")
    own.add_argument("--loss-only", action="store_true")
    own.add_argument("--tokens", default="words")
    own = task("classify", classify, "--idx", "--data", "--held-out")
    own.add_argument("--as", dest="steps_are", choices=("rows", "pixels"), default="rows")
    own.add_argument("--pooling", choices=("last", "mean", "max"), default="last")
    own.add_argument("--tokens", default="words")
    own.add_argument("--lowercase", action="store_true")
    own.add_argument("--min-count", type=int, default=1)
    task("adding", adding, "--data", "--held-out").add_argument("--scaled", action="store_true")
    for name, run in (("copy-memory", copy_memory), ("moving-shapes", moving_shapes)): task(name, run, "--data", "--held-out")
    own = task("morse", morse, "--data", "--held-out")
    own.add_argument("--layers", type=int, default=3)
    own.add_argument("--pyramidal", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    if options.double: torch.set_default_dtype(torch.float64)
    DOCS["KINDS"]["rnn"] = functools.partial(nn.RNN, nonlinearity=options.nonlinearity)
    print(json.dumps({"task": options.task, **{k: round(v, 5) if isinstance(v, float) else v for k, v in options.run(options).items()}}))


if __name__ == "__main__":
    main()
