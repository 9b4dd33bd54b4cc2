"""Writes sensors.json: how a GRU of PyTorch learns the three series of toys.sensors, in double precision.

Run: python3 test/golden/make_sensors.py
Windows of 24 steps in their order, the first series 3 steps later, means and deviations of the training part.
"""

import json
import math
import pathlib

import numpy as np
import torch

from golden_file import golden_text

STEPS, TRAIN, WINDOW, HORIZON, STRIDE, N, H, EPOCHS, RATE = 560, 420, 24, 3, 2, 32, 12, 20, 0.01
MASK, DATA_STREAM, SEED = 0xFFFFFFFF, 4, 3


def pcg4d(*words):
    a, b, c, d = ((word * 1664525 + 1013904223) & MASK for word in words)
    for last in (False, True):
        a = (a + b * d) & MASK
        b = (b + c * a) & MASK
        c = (c + a * b) & MASK
        d = (d + b * c) & MASK
        if not last:
            a, b, c, d = (word ^ (word >> 16) for word in (a, b, c, d))
    return a, b, c, d


class Random:
    """src/core/random.ts"""

    def __init__(self, seed, stream):
        self.seed, self.stream, self.position = seed, stream, 0

    def uniform(self):
        block, at = divmod(self.position, 4)
        self.position += 1
        return (pcg4d(self.seed, self.stream, block, 0)[at] >> 8) / 16777216

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())


def sensors():
    """src/data/toys/sensors.ts"""
    random, series, pressure, warmth = Random(SEED, DATA_STREAM), [], 0.0, 0.0
    for t in range(STEPS):
        pressure = 0.98 * pressure + random.normal()
        warmth = 0.95 * warmth + 0.3 * random.normal()
        temperature = 15 + (5 + 0.4 * pressure) * math.sin(2 * math.pi * (t - 9) / 24) + warmth
        series.append([temperature + 0.2 * random.normal(), 60 - 2 * (temperature - 15) + random.normal(), 1013 + 2 * pressure])
    return np.array(series, np.float32)


def windows(part, mean, deviation):
    scaled = torch.tensor(((part.astype(np.float64) - mean) / deviation).astype(np.float32)).double()
    starts = range(0, len(part) - WINDOW - HORIZON + 1, STRIDE)
    return [scaled[s : s + WINDOW] for s in starts], torch.stack([scaled[s + WINDOW - 1 + HORIZON, :1] for s in starts])


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.head = torch.nn.GRU(3, H), torch.nn.Linear(H, 1)

    def forward(self, x):
        return self.head(self.rnn(x)[1][-1])


series = sensors()
mean, deviation = series[:TRAIN].astype(np.float64).mean(0), series[:TRAIN].astype(np.float64).std(0)
(x, y), (held_x, held_y) = (windows(part, mean, deviation) for part in (series[:TRAIN], series[TRAIN:]))
torch.manual_seed(5)
network = Network().double()
start = {name: [round(value, 6) for value in p.flatten().tolist()] for name, p in network.named_parameters()}
shapes = {name: list(p.shape) for name, p in network.named_parameters()}
network.load_state_dict({name: torch.tensor(start[name]).double().reshape(shapes[name]) for name in start})
optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
losses = []
for _ in range(EPOCHS):
    for first in range(0, len(x), N):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(network(torch.stack(x[first : first + N], 1)), y[first : first + N])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
with torch.no_grad():
    error = network(torch.stack(held_x, 1)) - held_y
rmse = error.pow(2).mean().sqrt().item() * float(deviation[0])
settings = {"steps": STEPS, "train": TRAIN, "seed": SEED, "window": WINDOW, "horizon": HORIZON, "stride": STRIDE, "batch": N, "hidden": H, "epochs": EPOCHS, "rate": RATE}
fields = {"settings": settings, "rmse": rmse, "losses": losses, "shapes": shapes, "start": start}
pathlib.Path(__file__).with_name("sensors.json").write_text(golden_text(fields))
