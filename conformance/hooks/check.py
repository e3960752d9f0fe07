#!/usr/bin/env python3
"""Plays our own ven.py against our own vtn.py: whether the hooks do what docs/hooks.md says.

    check.py --bin target/debug

Exit code 1 if something does not hold. Nothing of the kit is needed for it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Asked:
    """A hook, as the kit starts it."""

    def __init__(self, script, log, *words):
        self.name = script
        self.process = subprocess.Popen(
            [sys.executable, HERE / script, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        )

    def ask(self, what, **fields):
        """The whole answer."""
        self.process.stdin.write(json.dumps({"do": what, **fields}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def ok(self, what, **fields):
        """What an answer of ok holds."""
        answer = self.ask(what, **fields)
        assert "ok" in answer, f"{self.name} {what}: {answer}"
        return answer["ok"]

    def no(self, kind, what, **fields):
        """An answer that is to be a no of this kind."""
        answer = self.ask(what, **fields)
        assert list(answer) == [kind], f"{self.name} {what}: {answer}"

    def end(self):
        """Ends its stdin; gives its exit code."""
        self.process.stdin.close()
        return self.process.wait(timeout=30)


def equal(found, wanted):
    assert found == wanted, f"{found}\n  is not {wanted}"


def play(bin, dir, log):
    ca = dir / "ca"
    subprocess.run([bin / "certs", "init", "--dir", ca], check=True, stdout=log)
    vtn = Asked("vtn.py", log, "--bin", bin, "--dir", dir / "vtn", "--certs", ca)
    ven = Asked("ven.py", log, "--bin", bin, "--dir", dir / "ven", "--certs", ca)
    about = vtn.ok("hello", role="vtn", kit="check")
    equal([about["clock"], ven.ok("hello", role="ven", kit="check")["clock"]], ["steered"] * 2)
    fingerprint = (dir / "ven/certificate/ven.fingerprint").read_text().strip()
    vtn.ok("admit", ven_name="house", fingerprint=fingerprint, thumbprint="", ven_id="v1")
    play = Play(vtn, ven, about)
    play.start()
    play.event()
    play.away()
    play.report()
    play.trade()
    play.nos()
    equal([vtn.end(), ven.end()], [0, 0])


class Play:
    """The two against each other, part by part."""

    def __init__(self, vtn, ven, about):
        self.vtn, self.ven, self.url = vtn, ven, about["url"]
        self.now = datetime.fromisoformat(about["now"].replace("Z", "+00:00"))

    def after(self, seconds):
        return (self.now + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")

    def pass_(self, seconds):
        """Time at both; the VTN's goes first, so that the VEN's polls find what is due."""
        for one in (self.vtn, self.ven):
            told = one.ok("clock", advance_ms=seconds * 1000)
        self.now = datetime.fromisoformat(told["now"].replace("Z", "+00:00"))

    def start(self):
        settings = {"resources": ["house", "garage"]}
        self.ven.ok("start", url=self.url, model="pull", fresh=True, settings=settings)
        equal(self.ven.ok("site"), {"events": [], "in_force": []})
        # The two clocks began a moment apart; the VEN's is the one that is gone by.
        self.now = datetime.fromisoformat(
            self.ven.ok("clock", advance_ms=0)["now"].replace("Z", "+00:00"))

    def event(self):
        levels = [{"duration_s": 60, "value": 1}, {"duration_s": 60, "value": 2}]
        event = {"vens": ["v1"], "start": self.after(60), "duration_s": 120, "response": "always",
                 "signals": [{"name": "SIMPLE", "type": "level", "intervals": levels}]}
        made = self.vtn.ok("create_event", event=event)["event_id"]
        self.pass_(20)
        seen, = self.ven.ok("site")["events"]
        equal([seen["id"], seen["state"], seen["opt"]], [made, "waiting", "optIn"])
        equal(self.vtn.ok("opts", ven_id="v1", event_id=made), {"opts": [{"opt": "optIn"}]})
        self.pass_(45)
        self.in_force(made, 1.0, ["garage", "house"])
        self.pass_(60)
        self.in_force(made, 2.0, ["garage", "house"])
        self.ven.ok("opt_event", event_id=made, opt="optOut", resources=["garage"])
        equal(self.vtn.ok("opts", ven_id="v1", event_id=made),
              {"opts": [{"opt": "optIn"}, {"resource": "garage", "opt": "optOut"}]})
        self.ven.ok("opt_event", event_id=made, opt="optOut", resources=[])
        equal(self.ven.ok("site")["in_force"], [])
        self.vtn.ok("cancel_event", event_id=made)
        self.pass_(11)
        equal(self.ven.ok("site")["events"], [])

    def in_force(self, event, value, resources):
        wanted = [{"event": event, "resource": one, "signal": "SIMPLE", "value": value}
                  for one in resources]
        equal(self.ven.ok("site")["in_force"], wanted)

    def away(self):
        start, end = self.after(7200), self.after(10800)
        made = self.ven.ok("opt_schedule", opt="optOut", duration_s=3600, resources=["garage"],
                           **{"from": start})["opt_id"]
        stored, = self.vtn.ok("schedules", ven_id="v1")["schedules"]
        equal([stored[key] for key in ("opt_id", "opt", "resources", "from", "until")],
              [made, "optOut", ["garage"], start, end])
        self.ven.ok("cancel_opt", opt_id=made)
        equal(self.vtn.ok("schedules", ven_id="v1"), {"schedules": []})

    def report(self):
        wanted = {"specifier": "TELEMETRY_USAGE", "rids": ["house-energy"], "granularity_s": 10}
        request = self.vtn.ok("request_report", ven_id="v1", back_s=30, **wanted)
        self.pass_(75)
        live = self.energy()
        assert len(set(live)) == len(live) > 3, f"a register that does not grow: {live}"
        for state in ("unplugged", "still"):
            self.ven.ok("source", state=state)
            self.pass_(60)
            before = len(self.energy())
            self.pass_(60)
            later = self.energy()[before:]
            # Previous values, or none: the first row may be of before.
            assert len(set(later[1:])) <= 1, f"a meter that is {state} goes on: {later}"
        self.ven.ok("source", state="live")
        self.vtn.ok("cancel_report", ven_id="v1", to_follow=False, **request)
        self.vtn.no("cannot", "cancel_report", ven_id="v1", embedded=True, **request)

    def energy(self):
        """What the VTN has of the register, oldest first."""
        rows = self.vtn.ok("readings", ven_id="v1")["readings"]
        return [row["value"] for row in rows if row["rid"] == "house-energy"]

    def trade(self):
        made = self.ven.ok("tender", side="sell", duration_s=3600, wh=500, price=0.3,
                           **{"from": self.after(7200)})["tender_id"]
        equal(self.vtn.ok("tenders", party_id="v1"),
              {"tenders": [{"tender_id": made, "state": "open"}]})
        self.vtn.no("cannot", "meter", party_id="v1")

    def nos(self):
        wrong = {"vens": ["v1"], "start": self.after(60), "duration_s": 60, "signals": [
            {"name": "SIMPLE", "type": "level", "intervals": [{"duration_s": 60, "value": 7}]}]}
        self.vtn.no("refused", "create_event", event=wrong)
        self.ven.no("refused", "opt_event", event_id="none", opt="optIn", resources=[])
        self.ven.no("cannot", "start", url=self.url, model="push", fresh=False)
        for one in (self.vtn, self.ven):
            one.no("cannot", "fly")
        self.ven.ok("stop")
        self.ven.no("refused", "site")
        self.pass_(5)
        self.ven.ok("start", url=self.url, model="pull", fresh=False)
        equal(self.ven.ok("clock", advance_ms=0)["now"], self.after(0))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bin", type=Path, required=True, help="where vtn, ven and certs are")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="hooks-") as place:
        log = Path(place, "log")
        try:
            with log.open("w") as lines:
                play(given.bin.resolve(), Path(place), lines)
        except AssertionError as fault:
            print(f"{fault}\nthe end of the programs' log:", *log.read_text().splitlines()[-20:],
                  sep="\n", file=sys.stderr)
            sys.exit(1)
    print("the hooks do what docs/hooks.md says")
