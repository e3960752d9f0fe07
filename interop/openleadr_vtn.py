"""OpenLEADR as a VTN: registers one VEN, asks for its power, sends it events.

Tells what it sees as lines of JSON on stdout, `{"saw": NAME, ...}`; ends by SIGTERM, or when
its stdin is closed. At every line on stdin it goes on by one: an event of two intervals; one
for a resource that the VEN has not; the cancellation of the first.
"""
import argparse
import asyncio
import json
import logging
import signal
import sys
from datetime import datetime, timedelta, timezone

from openleadr import OpenADRServer, hooks

VTN_ID, VEN_ID, REGISTRATION_ID = "VTN-2", "ven-of-openleadr", "registration-of-openleadr"
TWO_INTERVALS, FOR_ANOTHER = "interop-2", "interop-3"
CONTEXT = "urn:programme:1"
SECOND = timedelta(seconds=1)


def tell(saw, **what):
    """One line of JSON for whoever started us."""
    print(json.dumps({"saw": saw, **what}, default=str), flush=True)


class Vtn:
    """A server with its handlers."""

    def __init__(self, args):
        self.ven = None
        self.start = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(hours=1)
        self.steps = iter([
            lambda: self.add_event(TWO_INTERVALS, {"ven_id": VEN_ID}),
            lambda: self.add_event(FOR_ANOTHER, {"resource_id": "elsewhere"}),
            lambda: self.server.cancel_event(VEN_ID, TWO_INTERVALS)])
        self.server = OpenADRServer(
            vtn_id=VTN_ID, http_cert=args.cert, http_key=args.key, http_ca_file=args.ca,
            http_port=0, requested_poll_freq=SECOND, ven_lookup=self.look_up,
            verify_message_signatures=False)
        self.server.add_handler("on_create_party_registration", self.register)
        self.server.add_handler("on_register_report", self.offer)
        hooks.register("before_handle", self.request)
        hooks.register("after_handle", self.reply)

    async def request(self, kind, payload):
        """Every message that passed the schema and the check of the certificate."""
        tell("message", kind=kind, code=payload.get("response", {}).get("response_code"))

    async def reply(self, kind, _):
        """What it is answered with."""
        tell("reply", kind=kind)

    async def register(self, party):
        """Takes the first that comes, by its certificate."""
        tell("registered", ven_name=party["ven_name"], fingerprint=party["fingerprint"],
             pull=party["http_pull_model"], profile=party["profile_name"])
        self.ven = {"ven_id": VEN_ID, "ven_name": party["ven_name"],
                    "fingerprint": party["fingerprint"], "registration_id": REGISTRATION_ID}
        return VEN_ID, REGISTRATION_ID

    def look_up(self, ven_id):
        """Whom a venID belongs to."""
        return self.ven if ven_id == VEN_ID else None

    async def offer(self, ven_id, resource_id, measurement, unit, scale,
                    min_sampling_interval, max_sampling_interval):
        """Wants the energy register, every second."""
        tell("offered", ven_id=ven_id, resource=resource_id, measurement=measurement, unit=unit,
             scale=scale, min_seconds=min_sampling_interval.total_seconds(),
             max_seconds=max_sampling_interval.total_seconds())

        async def readings(values):
            tell("readings", values=[[at.isoformat(), value] for at, value in values])
        # One data point: the library answers 500 to an interval with the values of two.
        return (readings, SECOND, SECOND) if measurement == "RealEnergy" else None

    async def answer(self, ven_id, event_id, opt_type):
        """What the VEN said to an event."""
        tell("answer", ven_id=ven_id, event=event_id, opt=opt_type)

    def add_event(self, event_id, target):
        """Ten minutes of level 1 and five of level 2, in an hour."""
        intervals = [
            {"dtstart": self.start, "duration": timedelta(minutes=10), "signal_payload": 1},
            {"dtstart": self.start + timedelta(minutes=10), "duration": timedelta(minutes=5),
             "signal_payload": 2}]
        self.server.add_event(
            ven_id=VEN_ID, event_id=event_id, signal_name="SIMPLE", signal_type="level",
            intervals=intervals, targets=[target], market_context=CONTEXT, callback=self.answer)

    def go_on(self, stopped):
        """A line on stdin, or its end."""
        if not sys.stdin.readline():
            asyncio.get_running_loop().remove_reader(sys.stdin)
            stopped.set()
            return
        next(self.steps)()
        tell("went_on", start=self.start.isoformat())


async def main(args):
    """Runs until SIGTERM."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    vtn = Vtn(args)
    await vtn.server.run()
    asyncio.get_running_loop().add_reader(sys.stdin, vtn.go_on, stopped)
    tell("listening", port=vtn.server.app_runner.addresses[0][1])
    await stopped.wait()
    await vtn.server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("cert", "key", "ca"):
        parser.add_argument(f"--{name}", required=True)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    asyncio.run(main(parser.parse_args()))
