"""A plot as SVG: cost against sockets, both on logarithmic axes."""

from math import log10

WIDTH, HEIGHT, MARGIN = 640, 360, 56
COLOURS = ("#2f6fd0", "#c2410c", "#4d7c0f", "#7c3aed", "#b91c1c")


def plot(title: str, lines: dict[str, list[tuple[float, float]]]) -> str:
    """`lines`: for each name its points (sockets, microseconds per delivery)."""
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    low, high = 10 ** int(log10(min(ys)) - (min(ys) < 1)), 10 ** (int(log10(max(ys))) + 1)

    def at(x: float, y: float) -> str:
        across = (log10(x) - log10(min(xs))) / (log10(max(xs)) - log10(min(xs)))
        up = (log10(y) - log10(low)) / (log10(high) - log10(low))
        return f"{MARGIN + across * (WIDTH - 3.4 * MARGIN):.1f},{HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{MARGIN}" y="24" font-size="14" font-weight="600">{title}</text>',
    ]
    tick = low
    while tick <= high:
        x, y = at(min(xs), tick).split(",")
        parts.append(f'<text x="{float(x) - 8}" y="{float(y) + 4}" text-anchor="end" fill="#555">{tick:g}</text>')
        end = at(max(xs), tick).split(",")[0]
        parts.append(f'<line x1="{x}" y1="{y}" x2="{end}" y2="{y}" stroke="#ddd"/>')
        tick *= 10
    for value in sorted(set(xs)):
        x, y = at(value, low).split(",")
        parts.append(f'<text x="{x}" y="{float(y) + 18}" text-anchor="middle" fill="#555">{value:g}</text>')
    for number, (name, points) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(at(x, y) for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = at(*points[-1]).split(",")
        parts.append(f'<text x="{float(x) + 8}" y="{float(y) + 4}" fill="{colour}">{name}</text>')
    parts.append(
        f'<text x="{WIDTH / 2 - MARGIN}" y="{HEIGHT - 12}" text-anchor="middle" fill="#555">sockets</text></svg>'
    )
    return "\n".join(parts) + "\n"
