"""Writes sobol.json: the first points of torch's Sobol engine, as whole numbers of 2**-30.

    /usr/bin/python3 test/golden/make_sobol.py    (PyTorch 1.13)
"""

import json
from pathlib import Path

import torch

DIMENSIONS = 21
POINTS = 64

points = torch.quasirandom.SobolEngine(DIMENSIONS).draw(POINTS, dtype=torch.float64)
whole = (points * 2**30).round().to(torch.int64)
assert torch.equal(whole.double() / 2**30, points)
Path(__file__).with_name("sobol.json").write_text(
    json.dumps({"source": f"torch {torch.__version__}", "points": whole.tolist()}) + "\n"
)
