#!/usr/bin/env python3
"""Operator hook for OpenLEADR's VEN (PyPI, `openleadr`), which runs inside this program.

    openleadr_ven.py --certs CA --dir DIR

CA is a certificate authority made by `certs init`; the VEN's certificate is DIR/ven.pem with
DIR/ven.key (`certs issue ven --dir CA --name ven --out DIR`).
"""

import argparse
import asyncio
import itertools
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from openleadr import OpenADRClient, enums, objects

from hook import Cannot, Hook, Refused, serve_with

# What the library cannot be set to, and why.
NEVER = {
    "market_contexts": "OpenLEADR takes events of any market context",
    "device_classes": "OpenLEADR has no device classes",
    "ambiguous": "OpenLEADR does not resolve resources",
    "signatures": "this hook starts it unsigned",
    "report_only": "OpenLEADR never registers as report-only",
}


class Ven(Hook):
    """A client, when it runs."""

    never = {
        "source": "OpenLEADR measures by a function of its user's and knows no quality of data",
        "site": "OpenLEADR hands events to its user and follows none by itself",
        "tender": "OpenLEADR has no tenders",
    }

    def __init__(self, certs, dir):
        self.certs, self.dir, self.resources = certs, dir, []
        self.client = self.running = None
        self.watts = itertools.count(1200)

    async def begin(self):
        """Nothing runs before `start`."""

    async def finish(self):
        await self.do_stop({})

    def do_hello(self, asked):
        if asked.get("role", "ven") != "ven":
            raise Cannot("this hook is for a VEN")
        return {"subject": f"OpenLEADR {version('openleadr')} (VEN)", "clock": "own",
                "features": ["opt-schedules"]}

    async def do_start(self, asked):
        settings = asked.get("settings") or {}
        if asked.get("model", "pull") != "pull":
            raise Cannot("OpenLEADR's VEN has no server for the push model")
        if (settings.get("profile") or "2.0b") != "2.0b":
            raise Cannot("OpenLEADR speaks OpenADR 2.0b only")
        for setting, why in NEVER.items():
            if settings.get(setting):
                raise Cannot(why)
        await self.do_stop({})
        self.resources = settings.get("resources") or ["site"]
        self.client = OpenADRClient(
            ven_name="OpenLEADR", vtn_url=asked["url"].rstrip("/") + "/OpenADR2/Simple/2.0b",
            cert=str(self.dir / "ven.pem"), key=str(self.dir / "ven.key"),
            ca_file=str(self.certs / "roots.pem"), ven_id=asked.get("ven_id"),
            disable_signature=True, show_fingerprint=False)
        self.client.add_handler("on_event", self.decided)
        self.client.add_handler("on_update_event", self.decided)
        if not settings.get("no_reports"):
            self.offer(settings)
        # It may have to wait for the VTN: in the background.
        self.running = asyncio.create_task(self.client.run())

    def offer(self, settings):
        every = timedelta(seconds=settings.get("sample_every_s") or 1)
        for resource in self.resources:
            common = {"resource_id": resource, "report_duration": timedelta(hours=1),
                      "sampling_rate": objects.SamplingRate(
                          min_period=every, max_period=timedelta(minutes=1), on_change=False)}
            self.client.add_report(
                callback=lambda: next(self.watts), measurement="REAL_POWER", unit="W",
                report_specifier_id="usage", r_id=f"{resource}-power",
                report_type=enums.REPORT_TYPE.USAGE, **common)
            self.client.add_report(
                # The library knows no status but as a number.
                callback=lambda: 1, report_name="TELEMETRY_STATUS", report_specifier_id="status",
                r_id=f"{resource}-status", report_type=enums.REPORT_TYPE.X_RESOURCE_STATUS,
                reading_type="x-notApplicable", **common)

    async def decided(self, event):
        """In for what is meant for us and can be followed; the code is the library's matter."""
        ours = [{"ven_id": self.client.ven_id}, *({"resource_id": one} for one in self.resources)]
        targets = event.get("targets") or []
        meant = not targets or any(one in ours for one in targets)
        return "optIn" if meant and all(map(can_follow, event["event_signals"])) else "optOut"

    async def do_stop(self, _):
        if self.running:
            self.running.cancel()
        if self.client:
            try:
                await self.client.stop()
            except AttributeError:
                pass  # It had not come so far as to have anything to stop.
        self.client = self.running = None

    async def do_opt_schedule(self, asked):
        window = objects.VavailabilityComponent(
            dtstart=datetime.fromisoformat(asked["from"].replace("Z", "+00:00")),
            duration=timedelta(seconds=asked["duration_s"]))
        return await self.opt(asked, vavailability=objects.Vavailability(components=[window]))

    async def do_opt_event(self, asked):
        await self.opt(asked, event_id=asked["event_id"])

    async def opt(self, asked, **what):
        if self.client is None:
            raise Refused("the VEN does not run")
        targets = [objects.Target(resource_id=one) for one in asked.get("resources") or []]
        targets = targets or [objects.Target(ven_id=self.client.ven_id)]
        return {"opt_id": await self.client.create_opt(
            opt_type=asked["opt"], opt_reason="notParticipating", targets=targets, **what)}

    async def do_cancel_opt(self, asked):
        await self.client.cancel_opt(asked["opt_id"])


def can_follow(signal):
    """Whether it is one of the library's signals, and a price is no power."""
    name = signal["signal_name"]
    unit = (signal.get("measurement") or {}).get("name", "")
    is_price = name == enums.SIGNAL_NAME.ELECTRICITY_PRICE
    return name in enums.SIGNAL_NAME.values and not (is_price and unit.startswith("power"))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--certs", type=Path, required=True, help="the certificate authority")
    arguments.add_argument("--dir", type=Path, required=True, help="where ven.pem and ven.key are")
    given = arguments.parse_args()
    asyncio.run(serve_with(Ven(given.certs, given.dir)))
