"""The figures of a set as lines to read, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from bench.table import percentile
from evaluation import figures
from evaluation.figures import Answer, Run, Share

NAMES: Final = {
    "top1_strict": "top-1, strict",
    "top1_lenient": "top-1, lenient",
    "top3_strict": "top-3, strict",
    "top3_lenient": "top-3, lenient",
    "top3_vouched_strict": "top-3, strict, abstained ones missed",
    "mrr10": "MRR@10, strict",
    "precision_strict": "answer precision, strict",
    "precision_lenient": "answer precision, lenient",
    "share_answered": "share answered",
    "abstained_rightly": "abstained where it should",
    "abstained_wrongly": "abstained where it should not",
}
PARTS: Final = (0.2, 0.4, 0.6, 0.8)
"""Of the queries, for the precision of the surest."""
SHORT: Final = ("top1_strict", "top3_strict", "top3_lenient", "precision_strict", "share_answered")


def measures(answers: Sequence[Answer]) -> dict[str, Share]:
    """Everything that is a share, by its name."""
    asked = figures.should_answer(answers)
    return {
        "top1_strict": figures.share(asked, figures.within(1)),
        "top1_lenient": figures.share(asked, figures.within(1, lenient=True)),
        "top3_strict": figures.share(asked, figures.within(3)),
        "top3_lenient": figures.share(asked, figures.within(3, lenient=True)),
        "top3_vouched_strict": figures.share(
            asked, lambda one: 0.0 if one.abstained else figures.within(3)(one)
        ),
        "mrr10": figures.share(asked, figures.reciprocal_rank),
        "precision_strict": figures.precision(answers),
        "precision_lenient": figures.precision(answers, lenient=True),
        "share_answered": figures.share_answered(answers),
        "abstained_rightly": figures.abstained_rightly(answers),
        "abstained_wrongly": figures.abstained_wrongly(answers),
    }


def latency(seconds: Sequence[float]) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    times = [1_000 * one for one in seconds]
    return percentile(times, 0.5), percentile(times, 0.95)


def groups(answers: Sequence[Answer]) -> dict[str, list[Answer]]:
    """The answers by what was expected, by language, and by whether there was context."""
    found: dict[str, list[Answer]] = {}
    for one in answers:
        context = "with context" if one.query.has_context else "without context"
        for group in (f"expects {one.kind}", f"language {one.language or '?'}", context):
            found.setdefault(group, []).append(one)
    return dict(sorted(found.items()))


def lines(name: str, run: Run) -> Iterator[str]:
    """A set's figures for a reader."""
    p50, p95 = latency([one.seconds for one in run.answers])
    busy50, busy95 = latency([one.busy_seconds for one in run.answers])
    yield f"\n{name}: {len(run.answers)} queries over {run.sources} sources"
    yield f"{'':<38} {'value':>7}  {'95 % interval':>15} {'of':>5}"
    for key, one in measures(run.answers).items():
        yield f"{NAMES[key]:<38} {_shown(one)}"
    surest = (figures.precision_of_surest(run.answers, part) for part in PARTS)
    cells = ", ".join(f"{100 * p:.0f} %: {s.value:.3f}" for p, s in zip(PARTS, surest, strict=True))
    yield f"strict precision of the surest  {cells}"
    yield f"{'latency p50 / p95':<38} {p50:>7.1f} / {p95:.1f} ms"
    yield f"{'of it the processor busy':<38} {busy50:>7.1f} / {busy95:.1f} ms"
    yield f"{'library built in':<38} {1_000 * run.build_seconds:>7.0f} ms"
    yield f"\n{'':<20}" + "".join(f"{NAMES[key][:24]:>25}" for key in SHORT) + f"{'of':>6}"
    for group, answers in groups(run.answers).items():
        values = measures(answers)
        cells = "".join(f"{_cell(values[key]):>25}" for key in SHORT)
        yield f"{group:<20}{cells}{len(answers):>6}"


def misses(answers: Sequence[Answer]) -> Iterator[str]:
    """The queries that were not answered as expected, with what was shown instead."""
    for one in answers:
        right = one.abstained if not one.should_answer else one.rank(one.strict) == 1
        if right:
            continue
        query = one.query
        place = one.rank(one.lenient)
        verdict = "abstained" if one.abstained else f"accepted at {place}" if place else "missed"
        shown = " | ".join(",".join(sorted(ids)) for ids in one.shown) or "nothing"
        yield f"{query.id} {query.text!r}: {verdict}; expected {query.expected}; shown {shown}"


def as_json(run: Run) -> dict[str, Any]:
    """A set's figures for a program."""
    p50, p95 = latency([one.seconds for one in run.answers])
    return {
        "queries": len(run.answers),
        "sources": run.sources,
        **_shares(run.answers),
        "precision_of_surest": {
            str(part): round(figures.precision_of_surest(run.answers, part).value, 4)
            for part in PARTS
        },
        "latency_ms": {"p50": round(p50, 2), "p95": round(p95, 2)},
        "groups": {name: _shares(answers) for name, answers in groups(run.answers).items()},
    }


def _shares(answers: Sequence[Answer]) -> dict[str, Any]:
    return {
        name: {
            "value": round(one.value, 4),
            "interval": [round(one.low, 4), round(one.high, 4)],
            "of": one.of,
        }
        for name, one in measures(answers).items()
    }


def _shown(one: Share) -> str:
    if not one.of:
        return f"{'-':>7}"
    return f"{one.value:>7.3f}  {one.low:>7.3f}-{one.high:.3f}  {one.of:>5}"


def _cell(one: Share) -> str:
    return f"{one.value:.3f}" if one.of else "-"
