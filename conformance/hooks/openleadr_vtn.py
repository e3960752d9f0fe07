#!/usr/bin/env python3
"""Operator hook for OpenLEADR's VTN (PyPI, `openleadr`), which runs inside this program.

    openleadr_vtn.py --certs CA [--dir DIR]

CA is a certificate authority made by `certs init`; the VTN's certificate is DIR/vtn.pem with
DIR/vtn.key (`certs issue vtn --dir CA --name vtn --host localhost --out DIR`).
"""

import argparse
import asyncio
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from openleadr import OpenADRServer, objects

from hook import Cannot, Hook, Refused, serve_with

VTN_ID = "OpenLEADR-VTN"
MARKET_CONTEXT = "http://conformance.example/programme"


class Vtn(Hook):
    """A server with its handlers. Everything runs on one loop."""

    def __init__(self, certs, dir):
        self.vens, self.presets, self.events, self.opts, self.measured = {}, {}, {}, {}, {}
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
        """Whom a venID belongs to."""
        return self.vens.get(ven_id)

    def registered(self, party):
        """Takes whoever the authority vouches for; the same certificate gets the same venID."""
        print_of = party["fingerprint"]
        known = next((ven for ven in self.vens.values() if ven["fingerprint"] == print_of), None)
        ven_id = known["ven_id"] if known else self.presets.get(print_of) or f"ven-{len(self.vens)}"
        registration_id = f"registration-of-{ven_id}"
        self.vens[ven_id] = {"ven_id": ven_id, "ven_name": party.get("ven_name"),
                             "fingerprint": print_of, "registration_id": registration_id}
        return ven_id, registration_id

    def cancelled(self, message):
        """The library leaves the whole answer to its user."""
        self.vens.pop(message["ven_id"], None)
        return "oadrCanceledPartyRegistration", {
            "registration_id": message["registration_id"], "ven_id": message["ven_id"]}

    async def offered(self, ven_id, resource_id, measurement, unit, scale, min_sampling_interval,
                      max_sampling_interval):
        """Asks for all that is offered, as often as it can be measured."""
        async def readings(values):
            rows = self.measured.setdefault(ven_id, [])
            rows += [{"rid": "", "at": at.isoformat(), "value": value} for at, value in values]
        return readings, min_sampling_interval

    def do_hello(self, asked):
        if asked.get("role", "vtn") != "vtn":
            raise Cannot("this hook is for a VTN")
        port = self.server.app_runner.addresses[0][1]
        return {"subject": f"OpenLEADR {version('openleadr')} (VTN)", "clock": "own", "vtn_id": VTN_ID,
                "url": f"https://localhost:{port}/", "features": []}

    def do_admit(self, asked):
        self.presets[asked["fingerprint"]] = asked.get("ven_id")

    def do_create_event(self, asked):
        event = asked["event"]
        for ven_id in event["vens"]:
            try:
                made = self.server.add_raw_event(ven_id, raw(event), callback=self.answered)
            except ValueError as no:
                raise Refused(str(no)) from no
            self.events.setdefault(made, []).append(ven_id)
        return {"event_id": made}

    async def answered(self, ven_id, event_id, opt_type):
        self.opts[ven_id, event_id] = opt_type

    def do_modify_event(self, _):
        raise Cannot("OpenLEADR has no call to change an event")

    def do_cancel_event(self, asked):
        for ven_id in self.events.get(asked["event_id"], []):
            self.server.cancel_event(ven_id, asked["event_id"])

    def do_opts(self, asked):
        opt = self.opts.get((asked["ven_id"], asked["event_id"]))
        return {"opts": [{"opt": opt}] if opt else []}

    def do_readings(self, asked):
        return {"readings": self.measured.get(asked["ven_id"], [])}


def raw(event):
    """An event as the library has it."""
    start = datetime.fromisoformat(event["start"].replace("Z", "+00:00"))
    if event.get("baseline"):
        raise Cannot("OpenLEADR has no baselines")
    lasts = timedelta(seconds=event["duration_s"])
    span = lambda name: timedelta(seconds=event[name]) if event.get(name) else None
    period = objects.ActivePeriod(
        dtstart=start, duration=lasts, notification_period=span("notification_s"),
        ramp_up_period=span("ramp_up_s"), recovery_period=span("recovery_s"),
        tolerance={"startafter": span("startafter_s")}
        if event.get("startafter_s") else None)
    descriptor = objects.EventDescriptor(
        event_id=event.get("id") or f"event-{id(event)}", modification_number=0,
        market_context=event.get("market_context") or MARKET_CONTEXT, event_status="far",
        created_date_time=datetime.now(start.tzinfo), priority=event.get("priority") or 0,
        test_event=event.get("test"), vtn_comment=event.get("comment"))
    targets = [{"resource_id": one} for one in event.get("resources") or []]
    return objects.Event(
        event_descriptor=descriptor, active_period=period,
        event_signals=[signal(at, one, start) for at, one in enumerate(event["signals"])],
        targets=targets or [{"ven_id": event["vens"][0]}],
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
        signal_id=one.get("id") or str(at), measurement=None)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--certs", type=Path, required=True, help="the certificate authority")
    arguments.add_argument("--dir", type=Path, default=Path("."), help="where vtn.pem and vtn.key are")
    given = arguments.parse_args()
    asyncio.run(serve_with(Vtn(given.certs, given.dir)))
