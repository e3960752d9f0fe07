"""OpenLEADR as a VEN: registers, offers one report, opts in, measures, opts out of an hour.

Tells what it sees as lines of JSON on stdout, `{"saw": NAME, ...}`; ends by SIGTERM. What
it measures is 1000, 1001, 1002, … W, so that the other end can be asked for the very values.
"""
import argparse
import asyncio
import itertools
import json
import logging
import signal
from datetime import datetime, timedelta, timezone

from openleadr import OpenADRClient, enums, objects

R_ID, SPECIFIER, RESOURCE = "site-power", "site-usage", "site"
FIRST_WATTS = 1000


def tell(saw, **what):
    """One line of JSON for whoever started us."""
    print(json.dumps({"saw": saw, **what}, default=str), flush=True)


def plain(event):
    """The parts of an event that are compared with what the VTN was told to send."""
    descriptor = event["event_descriptor"]
    return {
        "id": descriptor["event_id"],
        "modification": descriptor["modification_number"],
        "status": descriptor["event_status"],
        "market_context": str(descriptor["market_context"]),
        "start": event["active_period"]["dtstart"].isoformat(),
        "signals": [
            {
                "name": one["signal_name"],
                "type": one["signal_type"],
                "intervals": [
                    {"seconds": i["duration"].total_seconds(), "value": i["signal_payload"]}
                    for i in one["intervals"]
                ],
            }
            for one in event["event_signals"]
        ],
    }


class Ven:
    """A client with the handlers and a record of what it answered."""

    def __init__(self, args):
        self.watts = itertools.count(FIRST_WATTS)
        self.client = OpenADRClient(
            ven_name=args.name, vtn_url=args.url, cert=args.cert, key=args.key,
            ca_file=args.ca, disable_signature=True, show_fingerprint=False)
        self.client.add_handler("on_event", self.event)
        self.client.add_handler("on_update_event", self.update)
        self.client.add_hook("after_parse_xml", self.reply)
        self.client.add_report(
            callback=self.measure, resource_id=RESOURCE, measurement="REAL_POWER",
            report_specifier_id=SPECIFIER, r_id=R_ID, unit="W",
            # Rule 331 wants `usage`; the library's own default is `reading`.
            report_type=(enums.REPORT_TYPE.READING if args.default_report_type
                         else enums.REPORT_TYPE.USAGE),
            sampling_rate=objects.SamplingRate(
                min_period=timedelta(seconds=1), max_period=timedelta(minutes=1),
                on_change=False),
            report_duration=timedelta(hours=1))

    def reply(self, kind, payload):
        """Every reply of the VTN's, with its response code if it carries one."""
        code = payload.get("response", {}).get("response_code")
        tell("reply", kind=kind, code=code)

    async def event(self, event):
        """In for everything."""
        tell("event", event=plain(event))
        return "optIn"

    async def update(self, event):
        """A modification or a cancellation."""
        tell("update", event=plain(event))
        return "optIn"

    async def measure(self):
        """The next watt."""
        watts = next(self.watts)
        tell("measured", watts=watts)
        return watts

    async def opt_out(self):
        """Out for an hour, from the next but one on."""
        start = datetime.now(timezone.utc).replace(minute=0, second=0, microsecond=0)
        window = objects.VavailabilityComponent(
            dtstart=start + timedelta(hours=2), duration=timedelta(hours=1))
        opt_id = await self.client.create_opt(
            opt_type="optOut", opt_reason="notParticipating",
            targets=[objects.Target(resource_id=RESOURCE)],
            vavailability=objects.Vavailability(components=[window]))
        tell("opt", opt_id=opt_id, start=window.dtstart.isoformat(), seconds=3600)


async def main(args):
    """Runs until SIGTERM; opts out once registered."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    ven = Ven(args)
    await ven.client.run()
    tell("registered", ven_id=ven.client.ven_id, registration_id=ven.client.registration_id,
         poll_seconds=ven.client.poll_frequency and ven.client.poll_frequency.total_seconds())
    await ven.opt_out()
    await stopped.wait()
    await ven.client.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("name", "url", "cert", "key", "ca"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--default-report-type", action="store_true",
                        help="offer the report as the library does when it is told nothing")
    logging.basicConfig(level=logging.INFO)  # to stderr
    asyncio.run(main(parser.parse_args()))
