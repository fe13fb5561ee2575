"""nab_score.py WINDOWS - the score of the Numenta Anomaly Benchmark, standard profile, for lines of
FILE TIME SCORE on standard input: one threshold for all files, the one that is best.

A file's first min(15 %, 750) rows are probation. A detection inside a window scores by its place
there, the best one of the window once; a window without one costs 1; a detection outside costs up to
0.11, less right behind a window. 0 is no detection at all, 100 one at the first row of each window."""
import json
import math
import sys
import datetime


def epoch(text):
    return datetime.datetime.fromisoformat(text[:19]).replace(tzinfo=datetime.timezone.utc).timestamp()


def falls(y):
    return 2 / (1 + math.exp(5 * y)) - 1


def weights(times, windows):
    """Of each row from probation on: (window or None, what a detection there is worth)."""
    probation = min(int(0.15 * len(times)), 750)
    spans = []
    for a, b in windows:
        rows = [i for i, t in enumerate(times) if a <= t <= b]
        if rows:
            spans.append((rows[0], rows[-1]))
    out, before = [], None
    for i in range(len(times)):
        within = next((k for k, (a, b) in enumerate(spans) if a <= i <= b), None)
        if within is not None:
            a, b = spans[within]
            y = -(b - i + 1) / (b - a + 1)
            worth = falls(y) / falls(-1)
            before = (a, b)
        elif before is None:
            worth = -0.11
        else:
            a, b = before
            y = (i - b) / max(b - a, 1)
            worth = 0.11 * (-1 if y > 3 else falls(y))
        if i >= probation:
            out.append((i, within, worth))
    alive = sum(b >= probation for a, b in spans)
    return out, alive, len(spans)


def main():
    labels = json.load(open(sys.argv[1]))
    files = {}
    for line in sys.stdin:
        name, t, score = line.split()
        files.setdefault(name, []).append((float(t), float(score)))
    if set(files) != set(labels):
        sys.exit('files differ from those of the windows: %s' % (set(files) ^ set(labels)))
    rows, score, perfect = [], 0.0, 0
    for f, v in sorted(files.items()):
        windows = [(epoch(a), epoch(b)) for a, b in labels[f]]
        marked, alive, all_of_them = weights([t for t, s in v], windows)
        score -= alive
        perfect += all_of_them
        rows += [(v[i][1], f, within, worth) for i, within, worth in marked]
    null = score
    rows.sort(key=lambda r: -r[0])
    top, best, k = {}, (score, math.inf), 0
    while k < len(rows):
        threshold = rows[k][0]
        while k < len(rows) and rows[k][0] == threshold:
            _, f, within, worth = rows[k]
            if within is None:
                score += worth
            else:
                was = top.get((f, within), -1.0)
                top[f, within] = max(was, worth)
                score += top[f, within] - was
            k += 1
        best = max(best, (score, threshold))
    print('%.1f at threshold %.3g, %d files, %d windows' %
          (100 * (best[0] - null) / (perfect - null), best[1], len(files), perfect))


main()
