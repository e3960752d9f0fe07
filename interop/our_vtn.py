"""Direction 1: OpenLEADR's VEN against our VTN, over mutual TLS.

The VTN is started as `vtn init --lab` leaves it, but polled and reported to every second;
no leniency is switched on. Both sides are asked what happened.
"""
import json
import os
import sys
from datetime import datetime

from harness import Deadline, Program, Stopped, brief, call, edit

NAME, EVENT, SPECIFIER, R_ID = "OpenLEADR", "interop-1", "site-usage", "site-power"
CONTEXT = "urn:programme:1"
WAIT = 50


class OurVtn:
    """One run: `play` it with a list of checks."""

    # Faults that the VTN is told to overlook, and how OpenLEADR is started.
    leniencies, peer_options = (), ()
    peer = "openleadr_ven.py"

    def __init__(self, bins, folder, checks):
        self.bins, self.folder, self.checks = bins, folder, checks
        self.programs, self.deadline = [], Deadline(WAIT)
        self.lab = os.path.join(folder, "lab")
        self.url = None

    def start(self, name, command):
        """Starts a program that ends with this direction."""
        program = Program(name, command, self.folder)
        self.programs.append(program)
        return program

    def vtn(self, *words):
        """A `vtn` command against the running VTN; its JSON."""
        config = os.path.join(self.lab, "vtn.toml")
        said = call([self.bins["vtn"], "--config", config, "--url", self.url, "--json", *words],
                    self.deadline.left())
        return json.loads(said)

    def play(self):
        """The whole direction."""
        vens = self.start_vtn()
        peer = self.start_peer(vens)
        registered = self.deadline.until("the registration", lambda: self.first(peer, "registered"))
        ven = self.registration(registered)
        self.event(peer, ven)
        self.reports(peer, ven)
        self.opt(peer, ven)
        self.cancel(peer, ven)
        self.quiet(peer)

    def start_vtn(self):
        """Certificates, settings, the server at ports of its own choice."""
        call([self.bins["vtn"], "init", "--lab", "--dir", self.lab, "--vens", "1", "--days", "2",
              # OpenLEADR's VEN answers 452 to a vtnID without a capital letter.
              "--vtn-id", "VTN-1"], self.deadline.left())
        config = os.path.join(self.lab, "vtn.toml")
        edit(config, [('poll_every = "PT10S"', 'poll_every = "PT1S"'),
                      ('granularity = "PT1M"', 'granularity = "PT1S"'),
                      ('every = "PT5M"', 'every = "PT1S"'),
                      ("[vtn]\n", f"[vtn]\nleniencies = {json.dumps(self.leniencies)}\n")])
        vtn = self.start("vtn", [
            self.bins["vtn"], "--config", config, "--json", "run", "--listen", "127.0.0.1:0",
            "--api-listen", "127.0.0.1:0", "--trace-messages", os.path.join(self.folder, "trace")])
        ready = self.deadline.until("the VTN", lambda: vtn.check_alive() or vtn.said)[0]
        port = ready["operators"].rsplit(":", 1)[1]
        self.url = f"https://localhost:{port}"
        return ready["vens"].rsplit(":", 1)[1]

    def start_peer(self, port):
        """OpenLEADR with the laboratory's certificate for the first VEN."""
        lab = lambda name: os.path.join(self.lab, name)
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), self.peer)
        return self.start("openleadr-ven", [
            sys.executable, script, "--name", NAME,
            "--url", f"https://localhost:{port}/OpenADR2/Simple/2.0b",
            "--cert", lab("ven-1.pem"), "--key", lab("ven-1.key"), "--ca", lab("ca/roots.pem"),
            *self.peer_options])

    @staticmethod
    def first(peer, kind):
        """What the peer saw first of a kind; stops if the peer is gone."""
        seen = peer.saw(kind)
        if not seen:
            peer.check_alive()
        return seen[0] if seen else None

    def registration(self, told):
        """Both sides hold the same registration; gives the venID."""
        ours = self.vtn("ven", "list")["items"]
        if len(ours) != 1 or not ours[0]["registered"]:
            raise Stopped(f"the VTN has no registered VEN: {brief(ours)}")
        our = ours[0]
        same = (told["ven_id"], told["registration_id"]) == (our["id"], our["registration"]["id"])
        self.checks.that(same, "registered: both sides hold the same venID and registrationID",
                         [told, our])
        self.checks.that(our["registration"]["ven_name"] == NAME and our["registration"]["pull"],
                         "registered: under its name, as a VEN that polls", our)
        print_of_lab = call([self.bins["certs"], "fingerprint", os.path.join(self.lab, "ven-1.pem")],
                            self.deadline.left())
        bound = [one["fingerprint"] for one in our["certificates"]]
        self.checks.that(len(bound) == 1 and bound[0] in print_of_lab,
                         "registered: bound to the certificate it spoke under TLS with",
                         [bound, print_of_lab])
        self.checks.that(told["poll_seconds"] == 1.0, "registered: told to poll every second", told)
        return our["id"]

    def event(self, peer, ven):
        """Two intervals there, an opt in back."""
        made = self.vtn("event", "create", "--id", EVENT, "--ven", ven, "--signal", "SIMPLE",
                        "--values", "1,2", "--interval", "PT10M,PT5M", "--start", "+1h")
        seen = self.deadline.until("the event", lambda: self.first(peer, "event"))["event"]
        wanted = [{"name": "SIMPLE", "type": "level", "intervals": [
            {"seconds": 600.0, "value": 1.0}, {"seconds": 300.0, "value": 2.0}]}]
        self.checks.that(seen["signals"] == wanted, "event: two intervals arrive as created", seen)
        same = (seen["id"], seen["modification"], seen["status"], seen["market_context"])
        self.checks.that(same == (EVENT, 0, "far", CONTEXT),
                         "event: its name, modification, status and programme arrive", seen)
        start = datetime.fromisoformat(made["draft"]["start"].replace("Z", "+00:00"))
        self.checks.that(datetime.fromisoformat(seen["start"]) == start,
                         "event: its start arrives", [seen["start"], made["draft"]["start"]])
        answer = self.deadline.until("the answer", lambda: self.answer(ven))
        self.checks.that((answer["opt"], answer["modification"], answer["code"]) == ("In", 0, 200),
                         "event: the VTN has optIn to modification 0", answer)

    def answer(self, ven):
        """What the VTN recorded of the VEN's answer to the event."""
        for one in self.vtn("event", "answers", EVENT)["items"]:
            if one["ven"] == ven and one["answered"]:
                return one["delivery"]["answer"]
        return None

    def reports(self, peer, ven):
        """Offered, asked for at once and again, delivered: the very values."""
        mine = self.of_ven(ven)
        offers = [(one["name"], one["specifier"], [p["rid"] for p in one["points"]])
                  for one in mine["offers"]]
        self.checks.that(offers == [("TELEMETRY_USAGE", SPECIFIER, [R_ID])],
                         "report: the VTN knows what is offered", mine["offers"])
        point = mine["offers"][0]["points"][0]
        self.checks.that(point["unit"] == "W" and point["at_least_every"] == "PT1S"
                         and point["resources"] == ["site"],
                         "report: with unit, resource and 1 s sampling", point)
        # Every second a report of one interval, asked for in oadrRegisteredReport …
        asked = mine["requests"]
        self.checks.that(len(asked) == 1 and asked[0]["every"] == "PT1S",
                         "report: asked for in the reply to the metadata", asked)
        self.deadline.until("three reports", lambda: self.received(ven, asked[0]["id"]) >= 3)
        # … and every three seconds one of three intervals, asked for by poll.
        more = self.vtn("report", "request", ven, "--specifier", SPECIFIER, "--rid", R_ID,
                        "--granularity", "PT1S", "--every", "PT3S")
        self.deadline.until("a report of three",
                            lambda: self.received(ven, more["id"]) >= 1)
        self.checks.that(True, "report: asked for by oadrCreateReport in a poll, and running")
        self.values(peer, ven, asked[0]["id"], more["id"])

    def of_ven(self, ven):
        """What a VEN offers and was asked for, as the VTN has it."""
        return next(one for one in self.vtn("report", "list")["items"] if one["ven"] == ven)

    def received(self, ven, request):
        """How many reports the VTN took for a request."""
        return next(one["received"] for one in self.of_ven(ven)["requests"] if one["id"] == request)

    def values(self, peer, ven, single, triple):
        """What the VTN holds is what OpenLEADR measured."""
        readings = self.vtn("readings", ven, "--rid", R_ID)["items"]
        watts = {one["watts"] for one in peer.saw("measured")}
        held = [int(float(one["value"]["number"])) for one in readings]
        self.checks.that(len(held) >= 6 and len(set(held)) == len(held) and set(held) <= watts,
                         "report: every reading is a value that was measured, once",
                         [held, sorted(watts)])
        first = [value for value, one in zip(held, readings) if one["request"] == single][:3]
        self.checks.that(first == [1000, 1001, 1002],
                         "report: the first three updates are the first three values", held)
        three = [one for one in readings if one["request"] == triple]
        self.checks.that(len(three) >= 3 and len(three) % 3 == 0,
                         "report: a report of three intervals is three readings", three)
        self.checks.that(all(one["unit"] == "W" for one in readings),
                         "report: readings are in the unit that was offered", readings)

    def opt(self, peer, ven):
        """The schedule it opted out for is the one the VTN holds."""
        told = self.deadline.until("the opt", lambda: self.first(peer, "opt"))
        held = self.vtn("opt", "list", ven)["items"]
        self.checks.that([one["opt_id"] for one in held] == [told["opt_id"]],
                         "opt: both sides hold the same optID", [told, held])
        one = held[0] if held else {}
        start = one.get("windows", [{}])[0].get("start", "").replace("Z", "+00:00")
        self.checks.that(one.get("opt") == "Out" and one.get("reason") == "notParticipating"
                         and start == told["start"] and one["windows"][0]["duration"] == "PT1H",
                         "opt: out, for that hour and that reason", held)

    def cancel(self, peer, ven):
        """A cancelled event is told and answered."""
        self.vtn("event", "cancel", EVENT)
        seen = self.deadline.until("the cancellation", lambda: self.first(peer, "update"))["event"]
        self.checks.that((seen["id"], seen["modification"], seen["status"])
                         == (EVENT, 1, "cancelled"), "event: the cancellation arrives", seen)
        self.deadline.until("its answer", lambda: (self.answer(ven) or {}).get("modification") == 1)
        self.checks.that(True, "event: the VTN has the answer to modification 1")

    def quiet(self, peer):
        """Nothing was refused by either side, in any message."""
        refused = [one for one in peer.saw("reply") if one["code"] not in (None, 200)]
        self.checks.that(not refused, "every reply of the VTN's was 200", refused)
        odd = [line for line in self.programs[0].log().splitlines()
               if "payload=" in line and 'code="200"' not in line]
        self.checks.that(not odd, "the VTN refused no message", odd)
        broken = [line for line in peer.log().splitlines()
                  if "validation" in line or "could not be parsed" in line]
        self.checks.that(not broken, "every message of the VTN's passed OpenLEADR's schema check",
                         broken)


class AsItComes(OurVtn):
    """OpenLEADR's own form of metadata: refused by the rule, and no other harm done."""

    peer_options = ("--default-report-type",)

    def play(self):
        """Registration, refused metadata, event."""
        peer = self.start_peer(self.start_vtn())
        registered = self.deadline.until("the registration", lambda: self.first(peer, "registered"))
        ven = self.registration(registered)
        codes = [one["code"] for one in peer.saw("reply") if one["kind"] == "oadrRegisteredReport"]
        self.checks.that(codes == [454], "report: one of type `reading` is refused with 454", codes)
        self.checks.that("rule 331" in peer.log(),
                         "report: OpenLEADR tells its operator which rule", codes)
        mine = self.of_ven(ven)
        self.checks.that(not mine["offers"] and not mine["requests"],
                         "report: the VTN holds none of it", mine)
        self.event(peer, ven)


class Lenient(OurVtn):
    """The same with the leniency that is there for it."""

    leniencies, peer_options = ("metadata_form",), ("--default-report-type",)

    def play(self):
        """Registration, reports."""
        peer = self.start_peer(self.start_vtn())
        registered = self.deadline.until("the registration", lambda: self.first(peer, "registered"))
        self.reports(peer, self.registration(registered))
        self.quiet(peer)
