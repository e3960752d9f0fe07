"""Direction 2: our VEN against OpenLEADR's VTN, over mutual TLS.

The VEN is started as `ven init` leaves it, and with one leniency set. Its simulated site draws
1,200 W without a change, so that every reading is known beforehand. Both sides are asked what happened.
"""
import http.client
import json
import os
import ssl
import subprocess
import sys
import tomllib
from datetime import datetime, timedelta

from harness import Deadline, Program, call, edit

NAME, RESOURCE = "our-ven", "house"
VTN_ID, VEN_ID = "VTN-2", "ven-of-openleadr"
TWO_INTERVALS, FOR_ANOTHER = "interop-2", "interop-3"
WATTS = 1200
WAIT = 50


class OurVen:
    """One run: `play` it with a list of checks."""

    # OpenLEADR asks for reports without the reportInterval that rule 324 wants.
    leniencies = ("request_without_interval",)

    def __init__(self, bins, folder, checks):
        self.bins, self.folder, self.checks = bins, folder, checks
        self.programs, self.deadline = [], Deadline(WAIT)
        self.config = self.path("ven", "ven.toml")

    def path(self, *parts):
        """A file of this run."""
        return os.path.join(self.folder, *parts)

    def start(self, name, command):
        """Starts a program that ends with this direction."""
        program = Program(name, command, self.folder)
        self.programs.append(program)
        return program

    def play(self):
        """The whole direction."""
        self.certificates()
        peer = self.start_both()
        self.registration(peer)
        self.reports(peer)
        self.in_vain(peer)
        self.event(peer)
        self.other_event(peer)
        self.cancel(peer)
        self.quiet(peer)
        self.opt(peer)

    def certificates(self):
        """An authority of its own, a VTN and a VEN."""
        certs, ca = self.bins["certs"], self.path("ca")
        call([certs, "init", "--dir", ca], self.deadline.left())
        for role, name in (("vtn", "localhost"), ("ven", NAME)):
            hosts = ["--host", name] if role == "vtn" else []
            call([certs, "issue", role, "--dir", ca, "--name", name, "--out", self.folder, *hosts],
                 self.deadline.left())

    def start_both(self):
        """OpenLEADR at a port of its own choice, and the VEN that is told it."""
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "openleadr_vtn.py")
        roots = self.path("ca", "roots.pem")
        peer = self.start("openleadr-vtn", [
            sys.executable, script, "--cert", self.path("localhost.pem"),
            "--key", self.path("localhost.key"), "--ca", roots])
        port = self.saw(peer, "listening")[0]["port"]
        with open(self.path("meter.csv"), "w", encoding="utf-8") as file:
            file.write("timestamp_utc,wh\n")
            file.writelines(f"2026-01-01T{hour:02}:00:00Z,{WATTS}\n" for hour in range(24))
        call([self.bins["ven"], "init", "--dir", self.path("ven"), "--name", NAME,
              "--vtn", f"https://localhost:{port}/", "--cert", self.path(f"{NAME}.pem"),
              "--key", self.path(f"{NAME}.key"), "--ca", roots,
              "--meter-data", self.path("meter.csv")], self.deadline.left())
        edit(self.config, [("leniencies = []", f"leniencies = {json.dumps(self.leniencies)}")])
        self.start("ven", [self.bins["ven"], "run", "--config", self.config,
                           "--trace-messages", self.path("trace")])
        return peer

    def saw(self, peer, saw, count=1, /, **which):
        """Waits until the peer has seen so many of a kind."""
        def look():
            found = [one for one in peer.saw(saw)
                     if all(one.get(name) == value for name, value in which.items())]
            if len(found) < count:
                for program in self.programs:
                    program.check_alive()
            return found if len(found) >= count else None
        return self.deadline.until(f"{count} × {saw} {which or ''} at {peer.name}", look)

    def status(self):
        """`ven status --json`; none before there is any."""
        done = subprocess.run([self.bins["ven"], "status", "--config", self.config, "--json"],
                              capture_output=True, text=True, check=False,
                              timeout=self.deadline.left())
        return json.loads(done.stdout) if done.stdout.strip() else None

    def until(self, what, holds):
        """Waits for a status of the VEN's of which something holds; gives it."""
        def look():
            status = self.status()
            return status if status and holds(status) else None
        return self.deadline.until(f"{what} in `ven status`", look)

    def registration(self, peer):
        """Both sides hold the same registration."""
        told = self.saw(peer, "registered")[0]
        print_of_ven = call([self.bins["certs"], "fingerprint", self.path(f"{NAME}.pem")],
                            self.deadline.left())
        self.checks.that((told["ven_name"], told["pull"], told["profile"]) == (NAME, True, "2.0b"),
                         "registered: under its name, as a 2.0b VEN that polls", told)
        self.checks.that(told["fingerprint"] in print_of_ven,
                         "registered: OpenLEADR and we say the same fingerprint",
                         [told, print_of_ven])
        status = self.until("the registration", lambda status: status["registered"])
        self.checks.that((status["ven_id"], status["vtn_id"]) == (VEN_ID, VTN_ID),
                         "registered: the VEN has the venID and vtnID it was given", status)

    def offered(self, peer):
        """What the VEN can report reached OpenLEADR."""
        offers = {one["measurement"]: one for one in self.saw(peer, "offered", 3)}
        power = offers.get("RealPower", {})
        self.checks.that((power.get("resource"), power.get("unit"), power.get("min_seconds"))
                         == (RESOURCE, "W", 1.0), "report: power is offered, from 1 s on", offers)
        energy = offers.get("RealEnergy", {})
        self.checks.that((energy.get("resource"), energy.get("unit")) == (RESOURCE, "Wh"),
                         "report: energy is offered", offers)

        status = offers.get("Status", {})
        self.checks.that(status.get("resource") == RESOURCE,
                         "report: status is offered (rule 510)", offers)

    def reports(self, peer):
        """Asked for in oadrRegisteredReport, taken, delivered: the very values."""
        self.offered(peer)
        answer = self.saw(peer, "message", kind="oadrCreatedReport")[0]
        self.checks.that(answer["code"] == 200, "report: the request is taken", answer)
        updates = self.saw(peer, "readings", 3)
        register = [(datetime.fromisoformat(at), value)
                    for one in updates for at, value in one["values"]]
        wrong = [(at, value, self.register(at)) for at, value in register
                 if abs(value - self.register(at)) > 0.001]
        self.checks.that(len(register) >= 3 and not wrong,
                         "report: three updates and more, each with the register of its instant",
                         wrong or register)
        steps = [(b - a) / timedelta(seconds=1) for (a, _), (b, _) in zip(register, register[1:])]
        # Whole seconds: a machine that stalls may miss one.
        self.checks.that(all(step >= 1 and step == int(step) for step in steps),
                         "report: readings lie on the seconds that were asked for", register)
        running = self.until("the report", lambda status: status["reports"])["reports"]
        self.checks.that(len(running) == 1 and running[0]["every_seconds"] == 1,
                         "report: the VEN tells that it reports every second", running)

    def register(self, at):
        """What the meter must read, Wh: 1200 W for each whole second of the simulation."""
        with open(self.config, "rb") as file:
            since = datetime.fromisoformat(tomllib.load(file)["site"]["since"].replace("Z", "+00:00"))
        return WATTS * ((at - since) // timedelta(seconds=1)) / 3600

    def in_vain(self, peer):
        """The VEN minds no oadrResponse where oadrDistributeEvent is due."""
        self.saw(peer, "message", 3, kind="oadrPoll")
        kinds = [(one["saw"], one["kind"]) for one in peer.said if one["saw"] in ("message", "reply")]
        asked = kinds.index(("message", "oadrRequestEvent"))
        self.checks.that(kinds[asked + 1] == ("reply", "oadrResponse"),
                         "event: asked for while there is none, and polled on all the same", kinds)

    def event(self, peer):
        """Two intervals there, an opt in back."""
        peer.go_on()
        sent = self.saw(peer, "went_on")[0]
        answer = self.saw(peer, "answer", event=TWO_INTERVALS)[0]
        self.checks.that((answer["ven_id"], answer["opt"]) == (VEN_ID, "optIn"),
                         "event: OpenLEADR has the optIn", answer)
        status = self.until("the event", lambda status: status["events"])
        event = status["events"][0]
        self.checks.that((event["id"], event["modification"], event["opt"], event["code"],
                          event["state"]) == (TWO_INTERVALS, 0, "In", 200, "waiting"),
                         "event: the VEN holds modification 0, waiting, opted in", event)
        start = datetime.fromisoformat(sent["start"])
        held = [datetime.fromisoformat(event[name].replace("Z", "+00:00"))
                for name in ("start", "end")]
        self.checks.that(held == [start, start + timedelta(minutes=15)],
                         "event: its start, and the end of both its intervals", [sent, event])

    def other_event(self, peer):
        """An event for a resource that is not there is opted out of."""
        peer.go_on()
        answer = self.saw(peer, "answer", event=FOR_ANOTHER)[0]
        self.checks.that(answer["opt"] == "optOut",
                         "event: OpenLEADR has the optOut to one for another resource", answer)
        status = self.until("the other event", lambda status: len(status["events"]) == 2)
        held = {event["id"]: event for event in status["events"]}
        other = held.get(FOR_ANOTHER, {})
        self.checks.that(other.get("opt") == "Out" and other.get("code") == 462,
                         "event: the VEN opted out of it, with code 462", status["events"])
        self.checks.that(held.get(TWO_INTERVALS, {}).get("opt") == "In",
                         "event: and stays in the first", status["events"])

    def cancel(self, peer):
        """A cancellation is answered, and the event is over."""
        before = len(peer.saw("message"))
        peer.go_on()
        self.deadline.until("the answer to the cancellation", lambda: any(
            one["kind"] == "oadrCreatedEvent" and one["code"] == 200
            for one in peer.saw("message")[before:]))
        gone = self.until("the cancellation", lambda status: all(
            event["id"] != TWO_INTERVALS or event["state"] == "cancelled"
            for event in status["events"]))
        self.checks.that(gone["owed"] == 0, "event: the cancellation is answered, nothing owed", gone)

    def opt(self, peer):
        """OpenLEADR's VTN has no EiOpt: asked every time, so that this is known to be so."""
        context = ssl.create_default_context(cafile=self.path("ca", "roots.pem"))
        context.load_cert_chain(self.path(f"{NAME}.pem"), self.path(f"{NAME}.key"))
        port = peer.saw("listening")[0]["port"]
        link = http.client.HTTPSConnection("localhost", port, context=context, timeout=5)
        link.request("POST", "/OpenADR2/Simple/2.0b/EiOpt", b"<x/>",
                     {"Content-Type": "application/xml"})
        status = link.getresponse().status
        link.close()
        if status == 404:
            self.checks.skip("opt: a schedule of the VEN's", "OpenLEADR's VTN has no EiOpt: HTTP 404")
        else:
            self.checks.that(False, "opt: OpenLEADR's VTN has no EiOpt; now it has: play it", status)

    def quiet(self, peer):
        """Nothing was refused by either side, in any message."""
        log = peer.log()
        broken = [line for line in log.splitlines()
                  if "failed: " in line or "encountered an error" in line or "Traceback" in line]
        self.checks.that(not broken, "every message of the VEN's passed OpenLEADR's schema check",
                         broken)
        status = self.until("no trouble", lambda status: status["trouble"] is None
                            and status["sent"] == status["answered"])
        self.checks.that(status["sent"] > 10, "the VEN had an answer to every message", status)
        bad = [line for line in self.programs[1].log().splitlines() if "no answer" in line]
        self.checks.that(not bad, "every message of OpenLEADR's passed the strict decoder", bad)


class AsItComes(OurVen):
    """The same by the rules alone: a report request without reportInterval (rule 324).

    It is refused; the refusal reaches OpenLEADR, and does no other harm.
    """

    leniencies = ()

    def play(self):
        """Registration, refused report, event."""
        self.certificates()
        peer = self.start_both()
        self.offered(peer)
        answer = self.saw(peer, "message", kind="oadrCreatedReport")[0]
        self.checks.that(answer["code"] == 459,
                         "report: a periodic one without reportInterval is refused with 459", answer)
        self.event(peer)
        reports = self.status()["reports"]
        self.checks.that(not reports and not peer.saw("readings"),
                         "report: none is under way on either side", reports)
        self.checks.that("was not created by the VEN" in peer.log(),
                         "report: OpenLEADR tells its operator that the request was not taken")
