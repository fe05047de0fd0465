"""The page under load: ``python -m benchmarks.users [--users 8] [--minutes 5]``.

Starts the page as a user does, with the sample papers, in a process of its own, and sends it what browsers send:
each user has a session, asks a question of the built-in set, reads the answer for one to three seconds, asks the
next, and begins a new conversation after five. Only this machine is asked, and for no longer than said.

Prints questions, errors, the time to the first words of an answer and to its end, and the server's memory; writes
``users.json`` and ``memory.html`` into ``runs/users`` (``--out``).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.opening import served
from eval import plots
from eval.formats import load_set
from eval.runs import write
from eval.statistics import percentile

TURNS = 5  # questions in a conversation
PATIENCE = 60.0  # seconds until an answer counts as missing


@dataclass
class Seen:
    """What all users saw together."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    answered: int = 0
    errors: list[str] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the users; the exit code is 1 when any question went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.users", description=main.__doc__)
    parser.add_argument("--users", type=int, default=8, metavar="N")
    parser.add_argument("--minutes", type=float, default=5.0, metavar="M")
    parser.add_argument("--out", type=Path, default=Path("runs/users"), metavar="DIR")
    arguments = parser.parse_args(argv)
    questions = [one.text for one in load_set("builtin").questions if one.dialogue is None]
    seen = Seen()
    memory: list[tuple[float, float]] = []
    with _page() as (address, process):
        event = _event(address)
        end = time.monotonic() + 60 * arguments.minutes
        users = [
            threading.Thread(target=_use, args=(address, event, questions, random.Random(number), end, seen))
            for number in range(arguments.users)
        ]
        began = time.monotonic()
        for user in users:
            user.start()
        while any(user.is_alive() for user in users):
            memory.append((time.monotonic() - began, _resident(process.pid)))
            time.sleep(2)
    found = _figures(seen, memory, arguments.users, time.monotonic() - began)
    arguments.out.mkdir(parents=True, exist_ok=True)
    write(arguments.out / "users.json", json.dumps(found, indent=2) + "\n")
    write(arguments.out / "memory.html", _plot(memory))
    for name, value in found.items():
        print(f"{name:28} {value}")
    for error in seen.errors[:5]:
        print(error, file=sys.stderr)
    return 1 if seen.errors else 0


def _use(
    address: str, event: dict[str, Any], questions: Sequence[str], chance: random.Random, end: float, seen: Seen
) -> None:
    """Ask until the time is over, as one user does."""
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        session, turn = uuid.uuid4().hex, 0
        while time.monotonic() < end:
            try:
                first, whole, answered = _ask(client, event, session, chance.choice(questions))
                seen.first.append(first)
                seen.whole.append(whole)
                seen.answered += answered
            except Exception as error:  # whatever it is, it is what is counted here
                seen.errors.append(f"{type(error).__name__}: {error}")
            turn += 1
            if turn % TURNS == 0:
                session = uuid.uuid4().hex
            time.sleep(chance.uniform(1, 3))


def _ask(client: httpx.Client, event: dict[str, Any], session: str, question: str) -> tuple[float, float, bool]:
    """Return the seconds to the first words and to the end of an answer, and whether it was one or a refusal."""
    began = time.monotonic()
    body = {**event, "data": [question, None, ""], "session_hash": session, "event_data": None}
    client.post("gradio_api/queue/join", json=body).raise_for_status()
    first, refused = 0.0, False
    with client.stream("GET", "gradio_api/queue/data", params={"session_hash": session}) as lines:
        for line in lines.iter_lines():
            last = line.rsplit("asked", 1)[-1]  # a thread holds the conversation so far; its end is the new reply
            if not first and '"short' in last.replace("\\", "") and "working" not in last:
                first, refused = time.monotonic() - began, "refused" in last
            if not line.startswith("data:"):
                continue
            message = json.loads(line[5:])
            if message["msg"] == "process_completed":
                if not message["success"]:
                    raise RuntimeError(f"the page failed on {question!r}: {message.get('output')}")
                break
    if not first:
        raise RuntimeError(f"no answer to {question!r}")
    return first, time.monotonic() - began, not refused


def _event(address: str) -> dict[str, Any]:
    """Return what a browser sends to name the event of the question box."""
    config = httpx.get(f"{address}config", timeout=PATIENCE).json()
    box = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "question")
    index = next(one["id"] for one in config["dependencies"] if [box, "submit"] in one["targets"])
    return {"fn_index": index, "trigger_id": box}


@contextmanager
def _page() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the page on a new library and wait until it is warm."""
    with served() as (address, process):
        while "Ready" not in httpx.get(f"{address}health", timeout=PATIENCE).text:
            time.sleep(0.5)
        yield address, process


def _resident(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _figures(seen: Seen, memory: Sequence[tuple[float, float]], users: int, seconds: float) -> dict[str, object]:
    settled = [value for at, value in memory if at >= 30] or [value for _, value in memory]
    third = max(1, len(settled) // 3)
    return {
        "users": users,
        "seconds": round(seconds),
        "questions": len(seen.whole),
        "answered": seen.answered,
        "errors": len(seen.errors),
        "first words p50 s": round(percentile(seen.first, 50), 2) if seen.first else None,
        "first words p95 s": round(percentile(seen.first, 95), 2) if seen.first else None,
        "whole answer p50 s": round(percentile(seen.whole, 50), 2) if seen.whole else None,
        "whole answer p95 s": round(percentile(seen.whole, 95), 2) if seen.whole else None,
        "memory after 30 s, MiB": round(sum(settled[:third]) / third),
        "memory at the end, MiB": round(sum(settled[-third:]) / third),
        "load of the machine": round(os.getloadavg()[1], 1),
    }


def _plot(memory: Sequence[tuple[float, float]]) -> str:
    style = (Path(plots.__file__).parent / "report.css").read_text("utf-8")
    top = 1.2 * max(value for _, value in memory)
    plot = plots.lines(
        "Resident memory of the page's process",
        {"MiB": list(memory)},
        "seconds",
        "MiB",
        (0.0, memory[-1][0]),
        (0.0, top),
    )
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Memory</title><style>{style}</style>{plot}\n'


if __name__ == "__main__":
    raise SystemExit(main())
