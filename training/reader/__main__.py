"""The built-in reader from the data to the model card, one step after the other: ``python -m training.reader``.

Steps that are done are left alone (each leaves a mark in the work folder), so that a run cut off goes on where it
was; training itself goes on from its checkpoint. ``--list`` prints the steps, ``--only NAME`` runs one again.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

WORK = Path("training/work/reader")
TABLE = """
words            training.reader.words
lexicon          training.reader.lexicon
questions        training.questions --seed 11 --count 40000 --shards 4 --abroad 0.06 --foreign 0.04 --out {questions}
questions-held   training.questions --seed 77 --count 1500 --abroad 0.06 --out {held}
dev              training.reader.prepare --out dev --source cmrc2018.zh.train:held --seed 9
cmrc             training.reader.prepare --out cmrc --source cmrc2018.zh.train:train cmrc2018.zh.trial:train --passes 3
jaquad           training.reader.prepare --out jaquad --source jaquad.ja.train --seed 1
made-0           training.reader.prepare --out made --made training/work/questions_a-00.jsonl.gz --first 0
made-1           training.reader.prepare --out made --made training/work/questions_a-01.jsonl.gz --first 10
made-2           training.reader.prepare --out made --made training/work/questions_a-02.jsonl.gz --first 20
made-3           training.reader.prepare --out made --made training/work/questions_a-03.jsonl.gz --first 30
cloze            training.reader.cloze --out cloze --source text/crud_news.zh --most 13000
loose            training.reader.prepare --out loose --source cmrc2018.zh.train:train --most 6000 --loose --seed 5
cmrc-learn       training.reader.prepare --out cmrc-learn --source {learn} --passes 4 --seed 21
jaquad-learn     training.reader.prepare --out jaquad-learn --source jaquad.ja.train:learn --seed 22
loose-learn      training.reader.prepare --out loose-learn --source {zh} --most 6000 --loose --seed 25
cross-learn      training.reader.prepare --out cross-learn --source {zh} --most 5000 --glosses --seed 24
english          training.reader.prepare --out english --source {english} --seed 2
cross            training.reader.prepare --out cross --source cmrc2018.zh.train:train --most 5000 --glosses --seed 4
other            training.reader.prepare --out other --source idkmrc.id.train piaf.fr.train {few} --seed 3
train            training.reader.train --config training/reader/cpu.json --run {first}
train-recurrent  training.reader.train --config training/reader/cpu-recurrent.json --run {run}
train-2          training.reader.train --config training/reader/cpu-2.json --run {other}
train-2-recurrent training.reader.train --config training/reader/cpu-2-recurrent.json --run {second}
ranker           training.reader.ranker --run {second} --members {run} {second} --out {ranker}
fit              training.reader.fit --run {run} {second} --ranker {ranker} --made {held} --out rag/reading/builtin
evaluate         training.reader.evaluate --out {report}
plot             training.reader.plot --run {run} --out training/reader/curve.svg
card             training.reader.card --run {run} --second {second} {earlier} --report {report}
"""
NAMES = {
    "questions": "training/work/questions_a.jsonl.gz",
    "held": "training/work/questions_held.jsonl.gz",
    "english": "squad_parts.en.train squadshifts_new_wiki.en.train qed_nq.en.dev",
    "few": "faquad.pt.train arcd.ar.train",
    "zh": "cmrc2018.zh.train:learn",
    "learn": "cmrc2018.zh.train:learn cmrc2018.zh.trial:learn",
    "first": str(WORK / "run3"),
    "run": str(WORK / "run5"),
    "other": str(WORK / "run4"),
    "second": str(WORK / "run6"),
    "earlier": f"--before {WORK / 'run3'} --second-before {WORK / 'run4'}",
    "ranker": str(WORK / "ranker.safetensors"),
    "report": str(WORK / "report.md"),
}
STEPS = {name: rest for name, *rest in (line.split() for line in TABLE.format(**NAMES).strip().splitlines())}


def main() -> int:
    """Run what is left to do; return the exit code of the first step that failed."""
    parser = argparse.ArgumentParser(prog="python -m training.reader", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print the steps and stop")
    parser.add_argument("--only", metavar="NAME", choices=list(STEPS), help="run this step, done or not")
    options = parser.parse_args()
    done = WORK / "done"
    for name, arguments in STEPS.items():
        mark = done / name
        if options.list:
            print("done" if mark.exists() else "    ", name, " ".join(arguments))
            continue
        if name != options.only if options.only else mark.exists():
            continue
        print(f"== {name}", flush=True)
        code = subprocess.run([sys.executable, "-m", *arguments], check=False).returncode
        if code:
            return code
        done.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
