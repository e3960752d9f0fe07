#!/usr/bin/env python3
"""Operator hook for this project's `ven`: a simulated site with a console and a steered clock.

    ven.py --bin target/debug --certs CA --dir DIR

CA is a certificate authority made by `certs init` (or the `ca` of `vtn init --lab`): it issues the
VEN's certificate and must be the one that issued the kit's. DIR holds the VEN; `fresh` empties it.
"""

import argparse
import json
import re
import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hook import Cannot, Hook, Program, Refused, run

METER_DATA = Path(__file__).resolve().parents[2] / "platform/data/household-c.csv"
FEATURES = ["push", "no-reports", "opt-schedules", "history", "transactive"]
# What the VEN cannot be set to, and why.
NEVER = {
    "signatures": "this VEN does not sign messages",
    "report_only": "this VEN never registers as report-only",
}


class Ven(Hook):
    """A VEN, when it runs."""

    def __init__(self, bin, certs, dir):
        self.bin, self.certs, self.dir = bin, certs, dir
        self.version = run(bin / "ven", "--version").split()[-1]
        self.program = None
        # One time for all that is started: it never goes back, and the site is as old.
        self.now = self.began = datetime.now(timezone.utc).replace(microsecond=0)
        for what in ("ven.pem", "ven.key", "ven.fingerprint"):
            (dir / "certificate" / what).unlink(missing_ok=True)
        run(bin / "certs", "issue", "ven", "--dir", certs, "--name", "ven",
            "--out", dir / "certificate")

    def close(self):
        if self.program:
            self.program.close()
            self.program = None

    def do_hello(self, asked):
        if asked.get("role", "ven") != "ven":
            raise Cannot("this hook is for a VEN")
        return {"subject": f"ven {self.version}", "clock": "steered", "now": text(self.now),
                "features": FEATURES}

    def do_clock(self, asked):
        if self.program is None:
            self.now += timedelta(milliseconds=asked["advance_ms"])
            return {"now": text(self.now)}
        told = self.relay(asked)
        self.now = datetime.fromisoformat(told["now"].replace("Z", "+00:00"))
        return told

    def do_start(self, asked):
        settings = asked.get("settings") or {}
        check(asked.get("model", "pull"), settings)
        self.close()
        home = self.dir / "ven"
        if asked.get("fresh"):
            shutil.rmtree(home, ignore_errors=True)
        (home / "ven.toml").unlink(missing_ok=True)
        own = self.dir / "certificate"
        site = [] if settings.get("no_reports") else ["--meter-data", METER_DATA]
        run(self.bin / "ven", "init", "--dir", home, "--vtn", asked["url"], "--name", "house",
            "--cert", own / "ven.pem", "--key", own / "ven.key",
            "--ca", self.certs / "vtn-ca.pem", *site)
        config = home / "ven.toml"
        written = edited(config.read_text(), self.began, asked.get("ven_id"), settings)
        if asked.get("model") == "push":
            written += '\n[push]\nlisten = "127.0.0.1:0"\n'
        config.write_text(written)
        self.program = Program([
            self.bin / "ven", "run", "--config", config, "--console",
            f"--steered-clock={text(self.now)}",
        ])
        self.program.ask("{}")  # It answers as soon as it runs, whatever it is asked.

    def do_stop(self, _):
        self.close()

    def relay(self, asked):
        """Asks the program's console."""
        if self.program is None:
            raise Refused("the VEN does not run")
        ((kind, told),) = self.program.ask(json.dumps(asked)).items()
        match kind:
            case "ok":
                return told
            case "refused":
                raise Refused(told)
            case "cannot":
                raise Cannot(told)
        raise RuntimeError(told)

    do_site = do_opt_event = do_opt_schedule = do_cancel_opt = do_source = do_tender = relay


def check(model, settings):
    """Whether this VEN can be so."""
    if model not in ("pull", "push"):
        raise Cannot("this VEN speaks simple HTTP only")
    if (settings.get("profile") or "2.0b") != "2.0b":
        raise Cannot("this VEN speaks OpenADR 2.0b only")
    for setting, why in NEVER.items():
        if settings.get(setting):
            raise Cannot(why)
    if settings.get("no_reports") and (settings.get("resources") or settings.get("ambiguous")):
        raise Cannot("this VEN is without reports only if it is without a site")


def edited(config, since, ven_id, settings):
    """The settings of `ven init` with what the scenario needs."""
    resources = settings.get("resources") or ["house"]
    ambiguous = bool(settings.get("ambiguous"))
    if ambiguous and len(resources) < 2:
        resources = [*resources, "garage"]
    changes = {
        r"# ven_id = \"\"": f"ven_id = {json.dumps(ven_id)}" if ven_id else None,
        r"market_contexts = \[\]": setting(settings, "market_contexts"),
        r"device_classes = \[\]": setting(settings, "device_classes"),
        r"dispatch_names_its_resource = false":
            "dispatch_names_its_resource = true" if ambiguous else None,
        r"\[times\]": f"[times]\nsample_every = {settings['sample_every_s']}"
            if settings.get("sample_every_s") else None,
        r"since = .*": f"since = {json.dumps(text(since))}",
        r"also = \[\]": f"also = {json.dumps(resources[1:])}",
        r"resource = \"house\"": f"resource = {json.dumps(resources[0])}",
    }
    for line, instead in changes.items():
        if instead is not None:
            config = re.sub(rf"(?m)^{line}$", lambda _: instead, config)
    return config


def setting(settings, key):
    """A list as TOML has it, which for strings is as JSON has it."""
    return f"{key} = {json.dumps(settings[key])}" if settings.get(key) else None


def text(time):
    """As RFC 3339 has it."""
    return time.isoformat().replace("+00:00", "Z")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bin", type=Path, required=True, help="where ven and certs are")
    arguments.add_argument("--certs", type=Path, required=True, help="the certificate authority")
    arguments.add_argument("--dir", type=Path, required=True, help="for the VEN; made if need be")
    given = arguments.parse_args()
    Ven(given.bin, given.certs, given.dir).serve()
