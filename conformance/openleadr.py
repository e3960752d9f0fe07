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
    rows, odd = [], []
    scenarios = report["scenarios"]
    for (verdict, why), group in groupby(scenarios, key=lambda one: (one["verdict"], one.get("why"))):
        group = list(group)
        if verdict == "failed":
            for one in group:
                rows.append(failed(one, causes.get(one["name"])))
                if one["name"] not in causes:
                    odd.append(f"{one['name']} fails, and no cause is told")
        else:
            names = ", ".join(f"`{one['name']}`" for one in group)
            rows.append([names, verdict, "", cell(why or "")])
    failures = {one["name"] for one in scenarios if one["verdict"] == "failed"}
    odd += [f"{name} has a cause, and does not fail" for name in causes if name not in failures
            and any(one["name"] == name for one in scenarios)]
    return rows, odd


def failed(scenario, cause):
    """One row: every rule that is broken, the first check that does not hold, and why."""
    broken = [check for check in scenario["checks"] if not check["holds"]]
    rules = list(dict.fromkeys(rule for check in broken for rule in check["rules"]))
    first = cell(broken[0]["what"])
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    told = f"not so: {first}{more}" + (f". {cause}" if cause else "")
    return [f"`{scenario['name']}`", "failed", ", ".join(rules), told]


def cell(text):
    """Text that fits a cell."""
    text = " ".join(text.split()).replace("|", "\\|").removeprefix("the operator hook cannot: ")
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def page(report, rows):
    """A heading, the figures, the table."""
    summary = report["summary"]
    took = sum(one["took_ms"] for one in report["scenarios"]) / 60000
    numbers = ", ".join(f"{count} {verdict}" for verdict, count in summary.items())
    # A subject's name ends with its role already.
    lines = [f"**{report['subject']}**, {report['began'][:10]}: {numbers}; {took:.0f} minutes.", "",
             "| scenario | verdict | rules broken | the first check that does not hold, and why; or why it was not played |",
             "|---|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


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
