"""Plots as inline SVG: lines and bars, no script, no font, nothing to fetch.

Colours come from the page's style sheet (``.s0`` to ``.s5``), so that they follow its light or dark scheme.
Each plot has a title for screen readers; the figures themselves stand in a table beside it. Knows nothing
of runs.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 520, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 14, 52
COLOURS = 6

Points = Sequence[tuple[float, float]]


def lines(
    title: str,
    series: Mapping[str, Points],
    x_label: str,
    y_label: str,
    x_range: tuple[float, float] = (0.0, 1.0),
    y_range: tuple[float, float] = (0.0, 1.0),
    x_ticks: Sequence[float] | None = None,
) -> str:
    """Return a line plot, one line a series.

    Args:
        title: for readers who cannot see it.
        series: (x, y) points by name; a series of one point is drawn as a dot.
        x_label: what x is.
        y_label: what y is.
        x_range: the x axis from, to.
        y_range: the y axis from, to.
        x_ticks: where x is labelled; five even steps by default.
    """
    body = [_frame(x_label, y_label), _y_axis(y_range), _x_axis(x_range, x_ticks)]
    for place, points in enumerate(series.values()):
        drawn = [(_x(x, x_range), _y(y, y_range)) for x, y in points]
        if len(drawn) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)
            body.append(f'<polyline class="line s{place % COLOURS}" points="{path}"/>')
        if 0 < len(drawn) <= 12:
            body.extend(f'<circle class="dot s{place % COLOURS}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in drawn)
        elif drawn:
            x, y = drawn[-1]
            body.append(f'<circle class="dot s{place % COLOURS}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
    return _figure(title, "".join(body), list(series))


def scatter(
    title: str, candidates: Points, front: Points, x_label: str, y_label: str, x_range: tuple[float, float]
) -> str:
    """Return all candidates as dots and the front among them as a line.

    Args:
        title: for readers who cannot see it.
        candidates: (x, y) of each.
        front: those that nothing beats in both, by x.
        x_label: what x is.
        y_label: what y is.
        x_range: the x axis from, to; y spans the candidates, in steps of 0.05.
    """
    heights = [y for _, y in candidates]
    low, high = min(heights, default=0.0), max(heights, default=1.0)
    y_range = (math.floor(low * 20 - 1e-9) / 20, math.ceil(high * 20 + 1e-9) / 20)
    path = " ".join(f"{_x(x, x_range):.1f},{_y(y, y_range):.1f}" for x, y in front)
    body = [_frame(x_label, y_label), _y_axis(y_range), _x_axis(x_range, None)]
    body.extend(
        f'<circle class="dot s1" cx="{_x(x, x_range):.1f}" cy="{_y(y, y_range):.1f}" r="3"/>' for x, y in candidates
    )
    body.append(f'<polyline class="line s0" points="{path}"/>')
    body.extend(f'<circle class="dot s0" cx="{_x(x, x_range):.1f}" cy="{_y(y, y_range):.1f}" r="4"/>' for x, y in front)
    return _figure(title, "".join(body), ["Pareto front", "other settings"])


def bars(
    title: str,
    groups: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    y_label: str,
    y_range: tuple[float, float] | None = None,
) -> str:
    """Return a bar plot: groups along x, one bar a series in each; None leaves a gap.

    Args:
        title: for readers who cannot see it.
        groups: their names.
        series: a height per group, by name.
        y_label: what the height is.
        y_range: the y axis; from 0 to a round number above the highest bar by default.
    """
    heights = [value for values in series.values() for value in values if value is not None]
    y_range = y_range or (0.0, round_up(max(heights, default=1.0)))
    body = [_frame("", y_label), _y_axis(y_range)]
    inner = WIDTH - LEFT - RIGHT
    step = inner / max(1, len(groups))
    width = min(26.0, 0.8 * step / max(1, len(series)))
    for column, group in enumerate(groups):
        middle = LEFT + step * (column + 0.5)
        for place, values in enumerate(series.values()):
            value = values[column]
            if value is None:
                continue
            top = _y(value, y_range)
            left = middle + (place - len(series) / 2) * width
            body.append(
                f'<rect class="bar s{place % COLOURS}" x="{left:.1f}" y="{top:.1f}" width="{width - 1:.1f}" '
                f'height="{max(0.0, HEIGHT - BOTTOM - top):.1f}"/>'
            )
        body.append(_tick_label(middle, group, turned=len(groups) > 6, width=step))
    return _figure(title, "".join(body), list(series))


def _figure(title: str, body: str, names: Sequence[str]) -> str:
    keys = "".join(
        f'<span class="key"><i class="swatch s{place % COLOURS}"></i>{escape(name)}</span>'
        for place, name in enumerate(names)
    )
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title, quote=True)}">{body}</svg><div class="keys">{keys}</div></figure>'
    )


def _frame(x_label: str, y_label: str) -> str:
    middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
    half = TOP + (HEIGHT - TOP - BOTTOM) / 2
    return (
        f'<text class="label" x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_label)}</text>'
        f'<text class="label" transform="rotate(-90 14 {half:.0f})" x="14" y="{half:.0f}" '
        f'text-anchor="middle">{escape(y_label)}</text>'
    )


def _y_axis(span: tuple[float, float]) -> str:
    parts = []
    for step in range(5):
        value = span[0] + (span[1] - span[0]) * step / 4
        y = _y(value, span)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
    return "".join(parts)


def _x_axis(span: tuple[float, float], ticks: Sequence[float] | None) -> str:
    values = ticks if ticks is not None else [span[0] + (span[1] - span[0]) * step / 4 for step in range(5)]
    return "".join(_tick_label(_x(value, span), _short(value)) for value in values)


def _tick_label(x: float, text: str, *, turned: bool = False, width: float = WIDTH) -> str:
    """Return a label under the x axis: turned, or broken into lines that fit ``width``."""
    y = HEIGHT - BOTTOM + 16
    if turned:
        return (
            f'<text class="tick" transform="rotate(-32 {x:.1f} {y - 4})" x="{x:.1f}" y="{y - 4}" '
            f'text-anchor="end">{escape(text)}</text>'
        )
    rows = textwrap.wrap(text, max(4, int(width / 7)), break_long_words=False)
    spans = "".join(
        f'<tspan x="{x:.1f}" dy="{13 if place else 0}">{escape(row)}</tspan>' for place, row in enumerate(rows)
    )
    return f'<text class="tick" x="{x:.1f}" y="{y}" text-anchor="middle">{spans}</text>'


def _x(value: float, span: tuple[float, float]) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * _share(value, span)


def _y(value: float, span: tuple[float, float]) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _share(value, span)


def _share(value: float, span: tuple[float, float]) -> float:
    width = span[1] - span[0]
    return min(1.0, max(0.0, (value - span[0]) / width)) if width else 0.0


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.3f}".rstrip("0")


def round_up(value: float) -> float:
    """Return the next of 1, 2, 4, 5, 8 or 10 times a power of ten.

    >>> round_up(37.0)
    40.0
    """
    if value <= 0:
        return 1.0
    power = 1.0
    while power * 10 < value:
        power *= 10
    while power > value:
        power /= 10
    return next(power * factor for factor in (1, 2, 4, 5, 8, 10) if power * factor >= value)
