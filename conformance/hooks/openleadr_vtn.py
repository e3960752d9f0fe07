#!/usr/bin/env python3
"""Operator hook for OpenLEADR's VTN (PyPI, `openleadr`), which runs inside this program.

    openleadr_vtn.py --certs CA [--dir DIR]

CA is a certificate authority made by `certs init`; the VTN's certificate is DIR/vtn.pem with
DIR/vtn.key (`certs issue vtn --dir CA --name vtn --host localhost --out DIR`).
"""

import argparse
import asyncio
import itertools
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from openleadr import OpenADRServer, enums, objects

from hook import Cannot, Hook, Refused, serve_with

VTN_ID = "OpenLEADR-VTN"
# Whose request is handled: what the library asks of its user does not always tell.
ASKING = ContextVar("ven_id")
MARKET_CONTEXT = "http://conformance.example/programme"
# The library's measurements, by their units.
KINDS = {"W": "REAL_POWER", "Wh": "REAL_ENERGY", "VA": "APPARENT_POWER", "V": "VOLTAGE",
         "A": "CURRENT", "Hz": "FREQUENCY"}


class Vtn(Hook):
    """A server with its handlers. Everything runs on one loop."""

    never = {
        "modify_event": "OpenLEADR has no call to change an event",
        "reregister": "OpenLEADR asks for it when its user does not know a VEN, at every message",
        "cancel_registration": "OpenLEADR has no call to cancel a registration",
        "request_report": "OpenLEADR asks for reports only in its answer to oadrRegisterReport",
        "cancel_report": "OpenLEADR has no call to cancel a report",
        "schedules": "OpenLEADR's VTN has no EiOpt",
        "tenders": "OpenLEADR has no tenders",
        "meter": "OpenLEADR has no market",
    }

    def __init__(self, certs, dir):
        self.vens, self.presets, self.events, self.opts, self.measured = {}, {}, {}, {}, {}
        self.numbers = itertools.count(1)
        self.server = OpenADRServer(
            vtn_id=VTN_ID, http_cert=str(dir / "vtn.pem"), http_key=str(dir / "vtn.key"),
            http_ca_file=str(certs / "roots.pem"), http_port=0, http_host="127.0.0.1",
            requested_poll_freq=timedelta(seconds=1), ven_lookup=self.look_up,
            verify_message_signatures=False)
        self.server.add_handler("on_create_party_registration", self.registered)
        self.server.add_handler("on_cancel_party_registration", self.cancelled)
        self.server.add_handler("on_register_report", self.offered)

    async def begin(self):
        await self.server.run()

    async def finish(self):
        await self.server.stop()

    def look_up(self, ven_id):
        """Whom a venID belongs to; whoever is not registered has no registrationID."""
        ASKING.set(ven_id)
        for print_of, preset in self.presets.items():
            if preset == ven_id:
                return self.vens.get(ven_id) or {"ven_id": ven_id, "fingerprint": print_of}
        return self.vens.get(ven_id)

    def registered(self, party):
        """Takes whoever the authority vouches for; the same certificate gets the same venID."""
        print_of, wanted = party["fingerprint"], party.get("ven_id")
        known = next((ven for ven in self.vens.values() if ven["fingerprint"] == print_of), None)
        ven_id = known["ven_id"] if known else self.presets.get(print_of)
        if wanted and wanted != ven_id:
            return False
        ven_id = ven_id or f"ven-{next(self.numbers)}"
        registration_id = f"registration-of-{ven_id}"
        if party.get("registration_id") not in (None, registration_id):
            return False
        self.vens[ven_id] = {"ven_id": ven_id, "ven_name": party.get("ven_name"),
                             "fingerprint": print_of, "registration_id": registration_id}
        return ven_id, registration_id

    def cancelled(self, message):
        """The library leaves the whole answer to its user."""
        self.vens.pop(message["ven_id"], None)
        return "oadrCanceledPartyRegistration", {
            "registration_id": message["registration_id"], "ven_id": message["ven_id"]}

    async def offered(self, report):
        """Asks for all that is offered, as often as it can be measured."""
        wanted = []
        for described in report["report_descriptions"]:
            rate = described.get("sampling_rate")
            if rate:
                rid = described["r_id"]
                wanted.append((rid, self.readings_of(ASKING.get(), rid), rate["min_period"]))
        return wanted

    def readings_of(self, ven_id, rid):
        """Takes the values of a data point."""
        async def readings(values):
            rows = [{"rid": rid, "at": at.isoformat(), "value": value} for at, value in values]
            self.measured.setdefault(ven_id, []).extend(rows)
        return readings

    def do_hello(self, asked):
        if asked.get("role", "vtn") != "vtn":
            raise Cannot("this hook is for a VTN")
        port = self.server.app_runner.addresses[0][1]
        return {"subject": f"OpenLEADR {version('openleadr')} (VTN)", "clock": "own", "vtn_id": VTN_ID,
                "url": f"https://localhost:{port}/", "features": []}

    def do_admit(self, asked):
        if "ven_id" in asked:
            self.presets[asked["fingerprint"]] = asked["ven_id"]

    def do_create_event(self, asked):
        event = asked["event"]
        event_id = event.get("id") or f"event-{next(self.numbers)}"
        for ven_id in event["vens"]:
            try:
                self.server.add_raw_event(ven_id, raw(event, event_id, ven_id), callback=self.answered)
            except ValueError as no:
                raise Refused(str(no)) from no
            self.events.setdefault(event_id, []).append(ven_id)
        return {"event_id": event_id}

    async def answered(self, ven_id, event_id, opt_type):
        self.opts[ven_id, event_id] = opt_type

    def do_cancel_event(self, asked):
        for ven_id in self.events.get(asked["event_id"], []):
            self.server.cancel_event(ven_id, asked["event_id"])

    def do_opts(self, asked):
        opt = self.opts.get((asked["ven_id"], asked["event_id"]))
        return {"opts": [{"opt": opt}] if opt else []}

    def do_readings(self, asked):
        rows = self.measured.get(asked["ven_id"], [])
        return {"readings": rows}


def raw(event, event_id, ven_id):
    """An event as the library has it."""
    start = datetime.fromisoformat(event["start"].replace("Z", "+00:00"))
    if event.get("baseline"):
        raise Cannot("OpenLEADR has no baselines")
    if any(one.get("device_classes") for one in event["signals"]):
        raise Cannot("OpenLEADR writes no target of a signal")
    span = lambda name: timedelta(seconds=event[name]) if event.get(name) else None
    startafter = span("startafter_s")
    period = objects.ActivePeriod(
        dtstart=start, duration=timedelta(seconds=event["duration_s"]),
        notification_period=span("notification_s"), ramp_up_period=span("ramp_up_s"),
        recovery_period=span("recovery_s"),
        tolerance={"startafter": startafter} if startafter else None)
    descriptor = objects.EventDescriptor(
        event_id=event_id, modification_number=0,
        market_context=event.get("market_context") or MARKET_CONTEXT, event_status="far",
        created_date_time=datetime.now(start.tzinfo), priority=event.get("priority") or 0,
        # The library knows true and false only.
        test_event=bool(event.get("test")), vtn_comment=event.get("comment"))
    targets = [{"resource_id": one} for one in event.get("resources") or []]
    targets += [{"group_id": one} for one in event.get("groups") or []]
    return objects.Event(
        event_descriptor=descriptor, active_period=period,
        event_signals=[signal(at, one, start) for at, one in enumerate(event["signals"])],
        targets=targets or [{"ven_id": ven_id}],
        response_required=event.get("response", "always"))


def signal(at, one, start):
    """A signal as the library has it."""
    intervals = []
    for interval in one["intervals"]:
        lasts = timedelta(seconds=interval["duration_s"])
        intervals.append(objects.Interval(dtstart=start, duration=lasts,
                                          signal_payload=float(interval["value"])))
        start += lasts
    return objects.EventSignal(
        intervals=intervals, signal_name=one["name"], signal_type=one["type"],
        signal_id=one.get("id") or str(at), measurement=measurement(one.get("unit")))


def measurement(unit):
    """A unit as the library has it; its prefix is the scale."""
    if unit is None:
        return None
    if unit == "EUR/kWh":
        return replace(enums.MEASUREMENTS.CURRENCY_PER_KWH, unit="EUR")
    for scale in ("none", "k", "M"):
        plain = unit.removeprefix("" if scale == "none" else scale)
        if plain in KINDS and (scale == "none" or plain != unit):
            return replace(getattr(enums.MEASUREMENTS, KINDS[plain]), scale=scale)
    raise Cannot(f"this hook knows no measurement in {unit}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--certs", type=Path, required=True, help="the certificate authority")
    arguments.add_argument("--dir", type=Path, default=Path("."), help="where vtn.pem and vtn.key are")
    given = arguments.parse_args()
    asyncio.run(serve_with(Vtn(given.certs, given.dir)))
