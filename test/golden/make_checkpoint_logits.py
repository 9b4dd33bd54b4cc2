#!/usr/bin/env python3
"""Runs the module of docs/weights.md, word for word, over the checkpoints beside this file, and writes its logits: python3 test/golden/make_checkpoint_logits.py

Needs PyTorch; the part of the package safetensors that the module imports is written out below.
"""
import contextlib, hashlib, json, pathlib, re, struct, sys, types, torch
from golden_file import golden_text

root = pathlib.Path(__file__).resolve().parents[2]


class File:
    """A file of 32-bit floats: 8 bytes with the header's length, the header as JSON, the elements."""

    def __init__(self, path):
        data = pathlib.Path(path).read_bytes()
        start = 8 + struct.unpack("<Q", data[:8])[0]
        self.header, self.body = json.loads(data[8:start]), data[start:]

    def metadata(self): return self.header["__metadata__"]

    def keys(self): return [name for name in self.header if name != "__metadata__"]

    def get_tensor(self, name):
        begin, end = self.header[name]["data_offsets"]
        return torch.frombuffer(bytearray(self.body[begin:end]), dtype=torch.float32).reshape(self.header[name]["shape"])


sys.modules["safetensors"] = types.ModuleType("safetensors")
sys.modules["safetensors"].safe_open = lambda path, framework: contextlib.nullcontext(File(path))
code = next(block for block in re.findall(r"```python\n(.*?)```", (root / "docs/weights.md").read_text(encoding="utf-8"), re.S) if "class CharModel" in block)
exec(code)

golden = {}
for path in sorted((root / "test/golden/checkpoints").glob("*.safetensors")):
    model, symbols = load(path)
    torch.manual_seed(1)
    T, N = 7, 2
    ids = torch.randint(len(symbols), (T, N))
    with torch.no_grad(): logits, states = model(ids)
    finals = states if isinstance(states, tuple) else (states,)
    golden[path.stem] = {"T": T, "N": N, "ids": ids.flatten().tolist(), "logits": logits.flatten().tolist(), "final": {kind: state.flatten().tolist() for kind, state in zip("hc", finals)}}
(root / "test/golden/checkpoint-logits.json").write_text(golden_text({"torch": torch.__version__, "code": hashlib.sha256(code.encode()).hexdigest(), "cases": golden}))
print(f"{len(golden)} checkpoints, PyTorch {torch.__version__}")
