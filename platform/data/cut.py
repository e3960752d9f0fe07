#!/usr/bin/env python3
"""Cuts the demo's meter data out of the opendsm wheel.

    pip download --no-deps opendsm==1.2.7
    python3 cut.py opendsm-1.2.7-py3-none-any.whl

Rewrites household-*.csv beside this file. SOURCES.md says what they are.
"""
import csv, datetime, gzip, io, pathlib, sys, zipfile
from decimal import Decimal

UTC = datetime.timezone.utc
SAMPLE = "opendsm/eemeter/samples/uk-electricity-hdd-only-hourly-sample-{}.csv.gz"
# Three weekdays each. Samples 1 and 2 carry local time without an offset: winter
# days only, when UK time is UTC.
CUTS = [
    ("a", 0, "2021-01-12", 24),
    ("b", 0, "2021-07-06", 24),
    ("c", 1, "2013-01-15", 48),
    ("d", 2, "2013-01-15", 48),
    ("e", 2, "2014-01-14", 48),
]

def rows(wheel, sample):
    text = gzip.decompress(wheel.read(SAMPLE.format(sample))).decode()
    for row in csv.DictReader(io.StringIO(text)):
        start = datetime.datetime.fromisoformat(row["start"])
        yield start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC), row["value"]

def main(path):
    wheel = zipfile.ZipFile(path)
    for name, sample, first, per_day in CUTS:
        begin = datetime.datetime.fromisoformat(first).replace(tzinfo=UTC)
        end = begin + datetime.timedelta(days=3)
        lines = ["timestamp_utc,wh"]
        for start, kwh in rows(wheel, sample):
            if begin <= start < end:
                wh = (Decimal(kwh) * 1000).quantize(Decimal(1))
                lines.append(f"{start:%Y-%m-%dT%H:%M:%SZ},{wh}")
        assert len(lines) == 1 + 3 * per_day, (name, len(lines))
        out = pathlib.Path(__file__).with_name(f"household-{name}.csv")
        out.write_text("\n".join(lines) + "\n")
        print(out.name, len(lines) - 1, "rows")

main(sys.argv[1])
