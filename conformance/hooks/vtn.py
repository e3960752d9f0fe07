#!/usr/bin/env python3
"""Operator hook for this project's `vtn`: a laboratory of its own with a steered clock.

    vtn.py --bin target/debug --dir DIR [--certs CA]

DIR becomes a laboratory (`vtn init --lab`) if it is not one; the store in it is made anew each time.
VENs need a certificate of DIR/ca or, with --certs, of that authority (`certs init`), by which the
VTN's own certificates are issued then as well.
"""

import argparse
import http.client
import json
import re
import shutil
import ssl
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

from hook import Cannot, Hook, Program, Refused, run

MARKET_CONTEXT = "urn:programme:1"
OPTS = {"In": "optIn", "Out": "optOut"}
TENDERS = {"logged": "open", "open": "open", "matched": "taken", "cancelled": "cancelled",
           "expired": "expired"}
FEATURES = ["opt-schedules", "history", "on-change", "transactive"]


class Vtn(Hook):
    """A VTN that runs, and its operators' JSON API."""

    def __init__(self, bin, dir, certs):
        self.version = run(bin / "vtn", "--version").split()[-1]
        certs = laboratory(bin, dir, certs)
        shutil.rmtree(dir / "store", ignore_errors=True)
        self.program = Program([
            bin / "vtn", "--config", dir / "vtn.toml", "--json", "run", "--steered-clock",
            "--listen", "127.0.0.1:0", "--api-listen", "127.0.0.1:0",
        ])
        self.told = self.program.line()
        self.api = Api(self.told["operators"], dir, certs / "vtn-ca.pem")

    def close(self):
        self.program.close()

    def do_hello(self, asked):
        if asked.get("role", "vtn") != "vtn":
            raise Cannot("this hook is for a VTN")
        return {"subject": f"vtn {self.version}", "clock": "steered", "now": self.advance(0),
                "url": f"https://{self.told['vens']}/", "vtn_id": self.told["vtn_id"],
                "features": FEATURES}

    def do_clock(self, asked):
        return {"now": self.advance(asked["advance_ms"])}

    def advance(self, milliseconds):
        """Moves the clock; gives its time."""
        told = self.program.ask(f"advance {int(milliseconds)}")
        if "now" not in told:
            raise RuntimeError(told.get("error", told))
        return told["now"]

    def do_admit(self, asked):
        # Any certificate of the authority is taken; only a venID has to be told beforehand.
        if "ven_id" in asked:
            self.api.post("vens", {"fingerprint": asked["fingerprint"], "ven_id": asked["ven_id"],
                                   "name": asked.get("ven_name")})

    def do_create_event(self, asked):
        return {"event_id": self.api.post("events", draft(asked["event"]))["id"]}

    def do_modify_event(self, asked):
        self.api.put(f"events/{name(asked['event_id'])}", {"draft": draft(asked["event"])})

    def do_cancel_event(self, asked):
        self.api.delete(f"events/{name(asked['event_id'])}")

    def do_opts(self, asked):
        replies = self.api.all(f"events/{name(asked['event_id'])}/answers")
        of_ven = next((reply for reply in replies if reply["ven"] == asked["ven_id"]), None)
        if of_ven is None:
            return {"opts": []}
        opts = {None: of_ven["opt"]} if of_ven["opt"] else {}
        for opt in of_ven["delivery"]["opts"]:  # The later one counts.
            if opt["resource"] is not None and not opt["device_classes"]:
                opts[opt["resource"]] = opt["opt"]
        return {"opts": [present(resource=resource, opt=OPTS[opt]) for resource, opt in opts.items()]}

    def do_schedules(self, asked):
        entries = self.api.all(f"vens/{name(asked['ven_id'])}/opts")
        return {"schedules": [row for entry in entries for row in schedules(entry)]}

    def do_reregister(self, asked):
        self.api.post(f"vens/{name(asked['ven_id'])}/reregister")

    def do_cancel_registration(self, asked):
        self.api.delete(f"vens/{name(asked['ven_id'])}")

    def do_request_report(self, asked):
        wanted = {"specifier": asked["specifier"], "rids": asked.get("rids", []),
                  "granularity": span(asked.get("granularity_s", 0)),
                  "every": span(asked.get("back_s", 0)), "start": asked.get("from"),
                  "duration": span(asked.get("duration_s", 0))}
        made = self.api.post(f"vens/{name(asked['ven_id'])}/report-requests", wanted)
        return {"report_request_id": made["id"]}

    def do_cancel_report(self, asked):
        ven, request = name(asked["ven_id"]), name(asked["report_request_id"])
        how = {"one_more": asked.get("to_follow", False), "embedded": asked.get("embedded", False)}
        how = {key: "true" if value else "false" for key, value in how.items()}
        self.api.delete(f"vens/{ven}/report-requests/{request}", **how)

    def do_readings(self, asked):
        rows = self.api.all(f"vens/{name(asked['ven_id'])}/readings")
        return {"readings": [{"rid": row["rid"], "at": row["start"], "value": value(row["value"])}
                             for row in rows]}

    def do_tenders(self, asked):
        rows = [row for row in self.api.all("tenders") if row["party"] == asked["party_id"]]
        states = [(row["id"], TENDERS.get(word(row["state"]))) for row in rows]
        return {"tenders": [{"tender_id": id, "state": state} for id, state in states if state]}

    def do_meter(self, _):
        raise Cannot("this VTN takes what was metered from EiReport and from nowhere else")


def laboratory(bin, dir, certs):
    """Makes DIR a laboratory if it is none; gives the directory of the authority."""
    config = dir / "vtn.toml"
    if config.exists():
        return certs or dir / "ca"
    run(bin / "vtn", "init", "--lab", "--vens", "0", "--dir", dir)
    text = config.read_text()
    # Nothing is asked of a VEN that a scenario does not ask; events may be of any programme.
    text = re.sub(r"(# Reports asked[^\n]*\n)?\[\[vtn\.reports\]\]\n(\w+ = [^\n]*\n)+", "", text)
    text = re.sub(r"(?m)^market_contexts = .*$", "market_contexts = []", text)
    if certs:
        text = re.sub(r"(?m)^ca = \[\"ca/ven-ca.pem\"\]$",
                      f"ca = [{json.dumps(str(certs.resolve() / 'ven-ca.pem'))}]", text)
        for key in ("ecc", "rsa"):
            run(bin / "certs", "issue", "vtn", "--dir", certs, "--name", f"vtn-{key}", "--key", key,
                "--host", "localhost", "--host", "127.0.0.1", "--out", dir, "--force")
    config.write_text(text)
    return certs or dir / "ca"


class Api:
    """The operators' door, by one connection that is made anew when it has been closed."""

    def __init__(self, address, dir, authority):
        tls = ssl.create_default_context(cafile=authority)
        tls.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        tls.load_cert_chain(dir / "operator.pem", dir / "operator.key")
        host, _, port = address.rpartition(":")
        self.connection = http.client.HTTPSConnection(host, int(port), timeout=30, context=tls)

    def call(self, method, path, body=None):
        """Calls and reads JSON."""
        sent = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        fresh = self.connection.sock is None
        try:
            self.connection.request(method, f"/api/v1/{path}", sent, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError, ssl.SSLError):
            # A server may close what is idle; nothing of the request was read then.
            self.connection.close()
            if fresh:
                raise
            return self.call(method, path, body)
        text = answer.read()
        if answer.status >= 500:
            raise RuntimeError(f"HTTP {answer.status}: {text.decode(errors='replace')}")
        if answer.status >= 400:
            raise Refused(problem(text, answer.status))
        return json.loads(text)

    def all(self, path):
        """Every item of a list."""
        after, items = {}, []
        while True:
            page = self.call("GET", f"{path}?{urlencode({'limit': 1000, **after})}")
            items += page["items"]
            if page["next"] is None:
                return items
            after = {"after": page["next"]}

    def post(self, path, body=None):
        return self.call("POST", path, body)

    def put(self, path, body):
        return self.call("PUT", path, body)

    def delete(self, path, **query):
        return self.call("DELETE", f"{path}?{urlencode(query)}" if query else path)


def problem(text, status):
    """What the VTN says of a request that it does not do."""
    try:
        told = json.loads(text)
        where = "".join(f" ({key} {told[key]})" for key in ("rule", "field") if key in told)
        return f"{told['message']}{where}"
    except (ValueError, KeyError, TypeError):
        return f"HTTP {status}"


def draft(event):
    """An event as the API takes it."""
    targets = {"vens": event.get("vens") or [], "groups": event.get("groups") or [],
               "resources": event.get("resources") or []}
    test = event.get("test")
    return present(
        id=event.get("id"), targets=targets, start=event["start"],
        duration=span(event["duration_s"]), start_after=optional_span(event.get("startafter_s")),
        notification=span(event.get("notification_s") or 0),
        ramp_up=optional_span(event.get("ramp_up_s")),
        recovery=optional_span(event.get("recovery_s")), priority=event.get("priority") or 0,
        response_required=event.get("response", "always") != "never",
        market_context=event.get("market_context") or MARKET_CONTEXT,
        test=test is not None and test != "false", comment=event.get("comment"),
        signals=[signal(one) for one in event["signals"]],
        baseline=baseline(event["baseline"]) if event.get("baseline") else None,
    )


def signal(one):
    return present(id=one.get("id"), name=one["name"], type=one["type"], unit=one.get("unit"),
                   intervals=intervals(one), device_classes=one.get("device_classes") or [])


def baseline(one):
    return present(id=one["id"], name=one["name"], start=one["start"],
                   duration=span(one["duration_s"]), intervals=intervals(one),
                   unit=one.get("unit"), resources=one.get("resources") or [])


def intervals(of):
    """Values by their text: a float has more digits than were meant."""
    return [{"duration": span(one["duration_s"]), "value": str(one["value"])}
            for one in of["intervals"]]


def schedules(entry):
    """A stored schedule, a row for each of its windows."""
    named = [target["name"] for target in entry["targets"] if target["kind"] == "resourceID"]
    gone = {target["name"] for target in entry.get("except", [])}
    resources = [resource for resource in named if resource not in gone]
    if named and not resources:
        return
    for window in entry["windows"]:
        lasts = seconds(window["duration"])
        start = datetime.fromisoformat(window["start"].replace("Z", "+00:00"))
        until = (start + timedelta(seconds=lasts)).isoformat().replace("+00:00", "Z")
        yield present(
            opt_id=entry["opt_id"], opt=OPTS[entry["opt"]], resources=resources,
            device_classes=entry["device_classes"], market_context=entry["market_context"],
            until=until if lasts else None, **{"from": window["start"]})


def value(of):
    """A number if it is one; a status as it is."""
    ((kind, told),) = of.items()
    return float(told) if kind == "number" else told


def word(state):
    """The word of a state, whether or not it carries more."""
    return (state if isinstance(state, str) else next(iter(state))).lower()


def span(of):
    """Seconds as ISO 8601 has them."""
    return f"-PT{-of}S" if of < 0 else f"PT{of}S"


def optional_span(of):
    return None if of is None else span(of)


def seconds(text):
    """The seconds of a span in hours, minutes and seconds."""
    parts = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?", text)
    hours, minutes, rest = (float(part or 0) for part in parts.groups())
    return hours * 3600 + minutes * 60 + rest


def name(of):
    """A name as a part of a path."""
    return quote(str(of), safe="")


def present(**fields):
    """Without what is absent."""
    return {key: value for key, value in fields.items() if value is not None}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bin", type=Path, required=True, help="where vtn and certs are")
    arguments.add_argument("--dir", type=Path, required=True, help="the laboratory; made if need be")
    arguments.add_argument("--certs", type=Path, help="another certificate authority than DIR/ca")
    given = arguments.parse_args()
    Vtn(given.bin, given.dir, given.certs).serve()
