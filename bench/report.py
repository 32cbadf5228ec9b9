"""The table of results, and the place of it in docs/benchmarks.md."""

import datetime
import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

BEGIN = "<!-- results: written by bench/{} --update-docs -->"
END = "<!-- end of results -->"

HEADINGS = (
    "what",
    "clients",
    "requests/s",
    "server CPU µs/request",
    "p50",
    "p99",
    "throughput / ceiling",
    "CPU / ceiling",
    "bar",
    "met",
)


@dataclass
class Line:
    """One row of the table, every cell as text."""

    what: str
    clients: str = ""
    throughput: str = ""
    cpu: str = ""
    p50: str = ""
    p99: str = ""
    throughput_ratio: str = ""
    cpu_ratio: str = ""
    bar: str = ""
    verdict: str = ""
    failed: bool = False

    def cells(self):
        return (
            self.what, self.clients, self.throughput, self.cpu, self.p50, self.p99,
            self.throughput_ratio, self.cpu_ratio, self.bar,
            "**FAILED**" if self.failed else self.verdict,
        )


def verdict_on(**met):
    """Whether all bars are met; if one of several is not, which."""
    missed = [name for name, is_met in met.items() if not is_met]
    if not missed:
        return "met"
    return "**missed**" if len(missed) == len(met) else f"**missed**: {', '.join(missed)}"


def duration(microseconds):
    if microseconds < 1000:
        return f"{microseconds:.0f} µs"
    return f"{microseconds / 1000:.1f} ms"


def spread(values, form="{:.2f}"):
    """The middle of the values, with the lowest and the highest if there are several."""
    middle = form.format(median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({form.format(min(values))}–{form.format(max(values))})"


def median(values):
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def markdown(lines):
    return table(HEADINGS, [line.cells() for line in lines])


def table(headings, lines):
    rows = [headings, *lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(headings))]

    def text_of(row):
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([text_of(rows[0]), rule, *(text_of(row) for row in rows[1:])])


def surroundings(program):
    """Where and with what this was measured: machine, system, versions, date."""
    cpu = next(
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    version = subprocess.run([program, "version"], check=True, capture_output=True, text=True)
    return "\n".join([
        f"- machine: {os.cpu_count()} cores ({cpu}), {memory:.0f} GB of memory",
        f"- system: {system}, Linux {platform.release()}",
        f"- program: {', '.join(version.stdout.split(chr(10))).strip(', ')}",
        f"- date: {datetime.date.today().isoformat()}",
    ])


def update_docs(page: Path, text, program):
    """Puts `text` between the two markers that the page has for what a program measures."""
    content = page.read_text()
    before, begin, rest = content.partition(BEGIN.format(program))
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise RuntimeError(f"{page} lacks the markers of the results")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{END}{after}")
