"""What the twins (twins.py) take from a checkpoint of the command: starting weights, symbols, order of batches."""
import itertools, json, pathlib, re, struct
import numpy as np
import torch


def header(path):
    """What stands before the tensors of a safetensors file, and where they begin."""
    raw = pathlib.Path(path).read_bytes()
    end = 8 + struct.unpack("<Q", raw[:8])[0]
    return json.loads(raw[8:end]), raw, end


def safetensors(path):
    """Tensors of single precision by name."""
    found, raw, end = header(path)
    found.pop("__metadata__", None)
    return {k: torch.tensor(np.frombuffer(raw[end + v["data_offsets"][0] : end + v["data_offsets"][1]], "<f4").reshape(v["shape"]).copy()) for k, v in found.items()}


def described(path):
    """What a checkpoint of the command says about its run."""
    return json.loads(header(path)[0]["__metadata__"]["unrolled"])


def numbered(path, side):
    """The symbols of a checkpoint's tokenizer in its order, where there is a checkpoint."""
    return described(path)["model"]["config"][side]["tokenizer"]["symbols"] if path else None


def pcg4d(*words):
    """Random words of the command (src/core/random.ts)."""
    v, M = [(word * 1664525 + 1013904223) % 2**32 for word in words], 2**32
    for last in (False, True):
        for i, j, k in ((0, 1, 3), (1, 2, 0), (2, 0, 1), (3, 1, 2)): v[i] = (v[i] + v[j] * v[k]) % M
        if not last: v = [word ^ word >> 16 for word in v]
    return v


def random_words(seed, stream, block=0):
    """The words of Random of the command, from a block of four on."""
    return (word for i in itertools.count(block) for word in pcg4d(seed, stream, i % 2**32, i >> 32))


def shuffled(items, seed, stream, epoch):
    """As Random.shuffle of the command has it, at the place in its stream where an epoch begins."""
    words = random_words(seed, stream, epoch * 2**22)
    for i in range(len(items) - 1, 0, -1):
        limit = i + 1
        word = next(word for word in words if word * limit % 2**32 >= 2**32 % limit)
        j = word * limit >> 32
        items[i], items[j] = items[j], items[i]
    return items


def same_batches(lengths, path):
    """The batches of the command's run (src/data/epochs.ts) in its order; runs of eight in older checkpoints."""
    loader = described(path)["progress"]["loader"]
    sizes = [{k: int(v) for k, v in re.findall(r"(\w) = (\d+)", part)} for part in loader["order"].split(";")]
    batch, seed, together = sizes[0]["N"], loader["seed"], 1 if "shuffled" in loader["order"] else 8
    sizes = [[size[k] for k in sorted(size) if k != "N"] for size in sizes]
    fits = lambda row, size: all(a <= b for a, b in zip(row if isinstance(row, tuple) else (row,), size))
    # Words of Chinese mails are cut otherwise here, so a text may be longer than all of the command's.
    bucket = [next((i for i, size in enumerate(sizes) if fits(row, size)), len(sizes) - 1) for row in lengths]
    for epoch in itertools.count():
        order, runs, rest = shuffled(list(range(len(lengths))), seed, 2, epoch), [], []
        for own in range(len(sizes)):
            rows = rest + [row for row in order if bucket[row] == own]
            cut = [rows[i : i + batch] for i in range(0, len(rows), batch)]
            rest = cut.pop() if cut and len(cut[-1]) < batch else []
            runs += [cut[i : i + together] for i in range(0, len(cut), together)]
        for run in shuffled(runs, seed, 9, epoch): yield from run
        if rest: yield rest


def same_weights(model, path):
    """The starting weights of the command, whose modules have other names where PyTorch has no such layer."""
    found, own = safetensors(path), model.state_dict()
    for name in own:
        there = name.split(".", 1)[1] if name.startswith("write.") else name
        if re.match(r"encoder\.\d", name): there = re.sub(r"encoder\.(\d)\.(\w+)_l0", r"encoder.\2_l\1", name)
        if name.startswith("see."): there = f"convolution.{int(name.split('.')[1]) // 3}.{name.split('.')[-1]}"
        joined = own[name].shape != found[there].shape
        own[name] = torch.cat([found[there], found["image.weight"]], -1) if joined else found[there]
    model.load_state_dict(own)
