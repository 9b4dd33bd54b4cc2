#!/usr/bin/env python3
"""Makes parity cases of beam search (own-beam-*.safetensors, see docs/parity.md) with PyTorch, in double precision.

python3 test/golden/make_beam.py

Weights are random and large, so that predictions are peaked and sequences end at different lengths.
"""
import torch
from torch import nn

from make_parity import save

torch.set_default_dtype(torch.float64)


class EncoderDecoder(nn.Module):
    """Parameters have the names of docs/weights.md; `attention` is none, dot, general or additive."""

    def __init__(self, cell, V_source, V, E, H, layers, bidirectional, summary, context, attention, A):
        super().__init__()
        self.cell, self.H, self.layers, self.summary, self.context, self.kind = cell, H, layers, summary, context, attention
        D = 2 if bidirectional else 1
        self.source_embedding, self.target_embedding = nn.Embedding(V_source, E), nn.Embedding(V, E)
        self.encoder = getattr(nn, cell)(E, H, layers, bidirectional=bidirectional)
        joined = (H if summary != "last" else D * H) if context != "initial" else 0
        self.decoder = getattr(nn, cell)(E + joined + (D * H if attention == "additive" else 0), H, layers)
        if summary != "last":
            states = ["h", "c"] if cell == "LSTM" and context != "every-step" else ["h"]
            self.bridge = nn.ModuleDict({state: nn.Linear(D * H, H) for state in states})
        if attention == "general":
            self.attention = nn.ParameterDict({"weight": nn.Parameter(torch.empty(H, D * H))})
        if attention == "additive":
            self.attention = nn.ModuleDict(
                {"query": nn.Linear(H, A, bias=False), "key": nn.Linear(D * H, A, bias=False), "score": nn.Linear(A, 1, bias=False)}
            )
        if attention in ("dot", "general"):
            self.combine = nn.Linear(D * H + H, H)
        self.head = nn.Linear(H, V)

    def encode(self, ids):
        """The memory [S,W] of one source, and the decoder's start: states [L,H] by name, c [.] or None."""
        memory, final = self.encoder(self.source_embedding(ids).unsqueeze(1))
        memory = memory.squeeze(1)
        finals = dict(zip("hc", final)) if self.cell == "LSTM" else {"h": final}
        D = memory.shape[1] // self.H
        # [L,D*H]: both directions of a layer side by side.
        sides = {state: x.squeeze(1).reshape(self.layers, D * self.H) for state, x in finals.items()}
        if self.summary != "last":
            mean = memory.mean(0).expand(self.layers, -1)
            sides = {
                state: torch.tanh(bridge(mean if self.summary == "transformed-all" else sides[state]))
                for state, bridge in self.bridge.items()
            }
        zero = torch.zeros(self.layers, self.H)
        starts = {state: zero if self.context == "every-step" else sides[state] for state in finals}
        return memory, starts, None if self.context == "initial" else sides["h"][-1]

    def step(self, id, states, memory, c):
        """Log-probabilities [V] after one more symbol, and the states."""
        x = self.target_embedding(torch.tensor(id))
        if c is not None:
            x = torch.cat([x, c])
        if self.kind == "additive":
            query = self.attention["query"](states["h"][-1])
            scores = self.attention["score"](torch.tanh(query + self.attention["key"](memory))).squeeze(1)
            x = torch.cat([x, torch.softmax(scores, 0) @ memory])
        given = tuple(states[state].unsqueeze(1) for state in states)
        y, final = self.decoder(x.reshape(1, 1, -1), given if self.cell == "LSTM" else given[0])
        after = dict(zip(states, [part.squeeze(1) for part in (final if self.cell == "LSTM" else [final])]))
        h = y.reshape(-1)
        if self.kind in ("dot", "general"):
            keys = memory if self.kind == "dot" else memory @ self.attention["weight"].T
            h = torch.tanh(self.combine(torch.cat([torch.softmax(keys @ h, 0) @ memory, h])))
        return torch.log_softmax(self.head(h), 0), after


def search(model, ids, beam, begin, end, max_length, length_penalty):
    """The best of all hypotheses that ended: (ids, sum of log-probabilities)."""
    memory, states, c = model.encode(ids)
    live, ended = [([], 0.0, states)], []
    while live:
        grown = []
        for symbols, score, before in live:
            logs, after = model.step(symbols[-1] if symbols else begin, before, memory, c)
            grown += [(symbols + [v], score + log, after) for v, log in enumerate(logs.tolist())]
        best = sorted(grown, key=lambda one: -one[1])[:beam]
        over = [one for one in best if one[0][-1] == end or len(one[0]) == max_length]
        ended += over
        live = [one for one in best if one[0][-1] != end and len(one[0]) < max_length]
    symbols, score, _ = max(ended, key=lambda one: one[1] / ((5 + len(one[0])) / 6) ** length_penalty)
    return symbols, score


def beam_case(name, cell, lengths, beam, max_length, seed, length_penalty=0, layers=1, bidirectional=False, summary="last", context="initial", attention=None, scale=1.2):
    torch.manual_seed(seed)
    V_source, V, E, H, A = 7, 8, 4, 6, 5
    model = EncoderDecoder(cell, V_source, V, E, H, layers, bidirectional, summary, context, attention, A)
    for parameter in model.parameters():
        nn.init.uniform_(parameter, -scale, scale)
    S, N = max(lengths), len(lengths)
    ids = torch.full((S, N), V_source)
    for n, length in enumerate(lengths):
        ids[:length, n] = torch.randint(0, V_source, (length,))
    decode = {"beam": beam, "begin": V - 1, "end": V - 2, "max_length": max_length, "length_penalty": length_penalty}
    tokens, scores = torch.full((max_length, N), V), torch.zeros(N)
    with torch.no_grad():
        for n, length in enumerate(lengths):
            symbols, scores[n] = search(model, ids[:length, n], **decode)
            tokens[: len(symbols), n] = torch.tensor(symbols)
    tensors = {f"param.{k}": v.detach().numpy() for k, v in model.named_parameters()}
    tensors |= {"input.source_ids": ids.numpy(), "input.source_lengths": torch.tensor(lengths).numpy()}
    tensors |= {"output.tokens": tokens.numpy(), "output.scores": scores.numpy()}
    config = {
        "cell": cell, "source_vocab_size": V_source, "target_vocab_size": V, "embedding_size": E, "hidden_size": H,
        "num_layers": layers, "bidirectional": bidirectional, "summary": summary, "context": context,
        "attention": attention, "attention_size": A, "batch": N, "decode": decode,
    }
    save(name, tensors, "EncoderDecoder", config, f"torch {torch.__version__} float64")
    print(name, [len([t for t in tokens[:, n].tolist() if t < V]) for n in range(N)], [round(s, 3) for s in scores.tolist()])


beam_case("own-beam-lstm-2layer-both", "LSTM", [4, 6, 1], 3, 8, seed=8, layers=2, summary="transformed-all", context="both")
beam_case("own-beam-gru-bi-additive", "GRU", [5, 2, 4], 4, 9, seed=15, bidirectional=True, summary="transformed-last", attention="additive")
beam_case("own-beam-lstm-bi-general-penalty", "LSTM", [3, 5], 5, 10, seed=9, length_penalty=1.5, bidirectional=True, summary="transformed-last", attention="general")
beam_case("own-beam-rnn-dot-wide", "RNN", [4, 2, 3, 5, 1], 8, 6, seed=3, attention="dot")
beam_case("own-beam-gru-every-step-greedy", "GRU", [6, 3], 1, 7, seed=1, context="every-step")
