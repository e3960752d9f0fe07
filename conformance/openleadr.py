"""What came of the kit's runs against OpenLEADR, as Markdown.

    openleadr.py [--write FILE] REPORT...

REPORT is a folder with report.json. The causes of failures stand in openleadr.toml; a failure
without a cause and a cause without a failure are told, and --write refuses them. What is written
goes between the markers `<!-- kit on OpenLEADR -->` and `<!-- end -->`.
"""
import argparse
import json
import sys
import tomllib
from itertools import groupby
from pathlib import Path

BEGIN, END = "<!-- kit on OpenLEADR -->", "<!-- end -->"
LONGEST = 100


def table(report, causes):
    """The rows of one run, and what does not fit the causes."""
    rows = []
    scenarios = report["scenarios"]
    for (verdict, why), group in groupby(scenarios, key=lambda one: (one["verdict"], one.get("why"))):
        group = list(group)
        if verdict == "failed":
            rows += [failed(one, causes.get(one["name"])) for one in group]
        else:
            names = ", ".join(f"`{one['name']}`" for one in group)
            rows.append([names, verdict, "", cell(why or ""), ""])
    failures = {one["name"] for one in scenarios if one["verdict"] == "failed"}
    played = {one["name"] for one in scenarios}
    odd = [f"{name} fails, and no cause is told" for name in sorted(failures - causes.keys())]
    odd += [f"{name} has a cause, and does not fail" for name in causes
            if name in played - failures]
    return rows, odd


def failed(scenario, cause):
    """One row: every rule that is broken, the first check that does not hold, and why."""
    broken = [check for check in scenario["checks"] if not check["holds"]]
    rules = list(dict.fromkeys(rule for check in broken for rule in check["rules"]))
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    first = cell(broken[0]["what"]) + more
    return [f"`{scenario['name']}`", "failed", ", ".join(rules), first, cause or ""]


def cell(text):
    """Text that fits a cell."""
    text = " ".join(text.split()).replace("|", "\\|").removeprefix("the operator hook cannot: ")
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def page(report, rows):
    """A heading, the figures, the table."""
    summary = report["summary"]
    took = sum(one["took_ms"] for one in report["scenarios"]) / 60000
    numbers = ", ".join(f"{count} {verdict}" for verdict, count in summary.items())
    lines = [f"**{report['subject']}**, {report['began'][:10]}: {numbers}; {took:.0f} minutes.", "",
             "| scenario | verdict | rules broken | first check that does not hold; or why not played | cause |",
             "|---|---|---|---|---|"]
    return "\n".join(lines + [line(row) for row in rows])


def line(row):
    """A row as Markdown has it."""
    return " |".join(["", *(f" {one}" if one else "" for one in row), ""]).lstrip()


def main():
    """Gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="FILE")
    parser.add_argument("reports", type=Path, nargs="+")
    args = parser.parse_args()
    causes = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
    pages, odd = [], []
    for folder in args.reports:
        report = json.loads((folder / "report.json").read_text())
        rows, strange = table(report, causes.get(report["role"], {}))
        pages.append(page(report, rows))
        odd += strange
    text = "\n\n".join(pages)
    print(text)
    print(*odd, sep="\n", file=sys.stderr)
    if args.write and odd:
        return 1
    if args.write:
        old = args.write.read_text()
        head, rest = old.split(BEGIN)
        args.write.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
