"""Makes the built-in encoder from the sources: tokenizer, bags, training, export.

python -m training.encoder [--work FOLDER] [--minutes 12] [--threads 1] [--keep-tokenizer] [--start FOLDER]
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
from pathlib import Path

from embeddings.encoder import BUILTIN_FOLDER
from training.encoder import bags, tokenizer, train

WORK = Path(__file__).resolve().parents[1] / "work" / "encoder"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=WORK, help="folder for everything in between")
    parser.add_argument("--minutes", type=float, help="training budget; default: the config's")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--keep-tokenizer", action="store_true", help="use the shipped tokenizer as it is")
    parser.add_argument("--start", type=Path, help="folder of a finished model of the same tokenizer to go on from")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    if arguments.keep_tokenizer:
        shutil.copyfile(BUILTIN_FOLDER / "tokenizer.json", arguments.work / "tokenizer.json")
    elif not (arguments.work / "tokenizer.json").exists():
        tokenizer.build(arguments.work)
    if not (arguments.work / "bags").exists():
        bags.build(arguments.work)
    config = json.loads((train.HERE / "config.json").read_text(encoding="utf-8"))
    if arguments.minutes:
        config["minutes"] = arguments.minutes
    train.train(arguments.work, config, resume=True, threads=arguments.threads, start=arguments.start)
    logging.info("the model is in %s; copy it to %s to ship it", arguments.work / "model", BUILTIN_FOLDER)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    main()
