"""Takes a checkpoint of unrolled to PyTorch, trains it on several GPUs (or CPUs), and writes weights for
`unrolled train --init-from`.

    torchrun --nproc_per_node 2 train_ddp.py my.safetensors my.txt back.safetensors [steps]
"""
import json, os, struct, sys
import numpy as np, torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel


def read(path):
    """Weights and description of a checkpoint: safetensors, float32 alone."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    description = json.loads(header.pop("__metadata__")["unrolled"])
    tensors = {
        name: torch.from_numpy(np.frombuffer(data[slice(*t["data_offsets"])], "<f4").reshape(t["shape"]).copy())
        for name, t in header.items() if t["dtype"] == "F32"
    }
    return tensors, description


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        bytes_ = tensor.detach().cpu().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(bytes_)]}
        data += bytes_
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class CharModel(nn.Module):
    """The one of docs/weights.md, with one-hot symbols."""

    def __init__(self, V, cell, hidden, layers):
        super().__init__()
        self.V = V
        self.rnn = {"lstm": nn.LSTM, "gru": nn.GRU}[cell](V, hidden, layers)
        self.head = nn.Linear(hidden, V)

    def forward(self, ids):  # ids [T,N]
        return self.head(self.rnn(nn.functional.one_hot(ids, self.V).float())[0])


def main(checkpoint, text, out, steps=50, T=64, N=16):
    cuda = torch.cuda.is_available()
    torch.distributed.init_process_group("nccl" if cuda else "gloo")
    rank, world = torch.distributed.get_rank(), torch.distributed.get_world_size()
    device = torch.device("cuda", int(os.environ["LOCAL_RANK"])) if cuda else torch.device("cpu")

    tensors, description = read(checkpoint)
    config = description["model"]["config"]
    symbols = config["symbols"]
    model = CharModel(len(symbols), config["cell"], config["hidden"], config["layers"])
    for name in [name for name in tensors if name.startswith("rnn.bias_hh_")]:  # biases "single": PyTorch has two
        tensors.setdefault(name.replace("bias_hh", "bias_ih"), torch.zeros_like(tensors[name]))
    model.load_state_dict({name: tensors[name] for name in model.state_dict()})
    model = DistributedDataParallel(model.to(device))

    number = {symbol: i for i, symbol in enumerate(symbols)}
    ids = torch.tensor([number[c] for c in open(text, encoding="utf-8").read() if c in number])
    ids = ids.tensor_split(world)[rank]  # each process has a part of the text
    torch.manual_seed(rank)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for step in range(steps):
        starts = torch.randint(len(ids) - T - 1, (N,))
        window = torch.stack([ids[s : s + T + 1] for s in starts], 1).to(device)
        loss = nn.functional.cross_entropy(model(window[:-1]).flatten(0, 1), window[1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
        if rank == 0 and (step == 0 or step == steps - 1):
            print(f"step {step + 1}  loss {loss.item():.3f}")
    if rank == 0:
        write(out, model.module.state_dict())


if __name__ == "__main__":
    main(*sys.argv[1:4], *map(int, sys.argv[4:5]))
