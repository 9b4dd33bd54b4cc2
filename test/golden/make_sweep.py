"""What Optuna reads in a record of a sweep, and a journal that Optuna writes itself.

    /usr/bin/python3 test/golden/make_sweep.py       (Debian's python3-optuna, 3.1)

Reads sweep/own.journal, which test/sweep/optuna.test.ts writes again with UNROLLED_GOLDEN=1, and
writes sweep/own.read.json; then sweep/optuna.journal, a journal that unrolled did not write.
"""

import json
import os
from pathlib import Path

import optuna
from optuna.storages import JournalFileStorage, JournalStorage

optuna.logging.set_verbosity(optuna.logging.ERROR)
FOLDER = Path(__file__).with_name("sweep")


def read(name):
    storage = JournalStorage(JournalFileStorage(str(FOLDER / f"{name}.journal")))
    (study,) = storage.get_all_studies()
    trials = [
        {
            "number": trial.number,
            "state": trial.state.name.lower(),
            "value": trial.value,
            "point": trial.params,
            "values": [[step, value] for step, value in sorted(trial.intermediate_values.items())],
            "distributions": {key: str(each) for key, each in trial.distributions.items()},
            "attributes": trial.user_attrs,
        }
        for trial in storage.get_all_trials(study._study_id)
    ]
    out = {
        "optuna": optuna.__version__,
        "name": study.study_name,
        "directions": [direction.name.lower() for direction in study.directions],
        "trials": trials,
    }
    (FOLDER / f"{name}.read.json").write_text(json.dumps(out, indent=1) + "\n")


def objective(trial):
    rate = trial.suggest_float("rate", 1e-3, 1, log=True)
    hidden = trial.suggest_int("hidden", 8, 64)
    cell = trial.suggest_categorical("cell", ["rnn", "lstm", "gru"])
    for step in range(3):
        trial.report(rate * hidden + step, step)
        if cell == "gru" and step == 1:
            raise optuna.TrialPruned()
    return rate * hidden


path = FOLDER / "optuna.journal"
if path.exists():
    os.remove(path)
storage = JournalStorage(JournalFileStorage(str(path)))
optuna.create_study(storage=storage, study_name="theirs", sampler=optuna.samplers.RandomSampler(1)).optimize(
    objective, n_trials=6
)
read("own")
